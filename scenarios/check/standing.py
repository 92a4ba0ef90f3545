"""Checks of conditions and standing orders: what can never hold or never be done."""

from collections.abc import Callable, Iterator, Mapping
from math import ceil, floor, inf

from scenarios.check.finding import Finding
from scenarios.condition import Comparison, Condition
from scenarios.effect import HERE, PlaceIncident
from scenarios.effect import Divert as DivertEffect
from scenarios.order import (
    CallUp,
    ClosePlace,
    Divert,
    MoveOfficers,
    OpenPlace,
    Order,
    Send,
    at_station,
)
from scenarios.scenario import Setting
from scenarios.standing import StandingOrder


def check_standing(setting: Setting) -> Iterator[Finding]:
    """Find conditions that never hold, and standing orders that can do nothing."""
    for name, inject in setting.script.items():
        if inject.when is not None:
            yield from _never(f"script.{name}.when", inject.when, setting)
    for name, order in setting.orders.items():
        path = f"orders.{name}"
        yield from _times(path, order, setting)
        for station in order.stations(setting.stations) or ("",):
            if order.when is not None:
                when = order.when.at(station) if station else order.when
                yield from _never(f"{path}.when", when, setting)
            for given in order.order:
                yield from _impossible(f"{path}.order", given, station, setting)


def _times(path: str, order: StandingOrder, setting: Setting) -> Iterator[Finding]:
    """Find standing orders that are read at no time."""
    clock = setting.clock
    for key, time, never in (
        ("at", order.at, order.at is not None and not 0 <= order.at < clock.minutes),
        ("from", order.from_, (order.from_ or 0) >= clock.minutes),
        ("until", order.until, order.until is not None and order.until <= 0),
    ):
        if never and time is not None:
            yield Finding(
                path=f"{path}.{key}",
                text=f"{clock.text(time)} is outside the clock: it is never read",
                cure="choose a time within the clock",
            )


# ---- conditions ------------------------------------------------------------------


def _never(path: str, condition: Condition, setting: Setting) -> Iterator[Finding]:
    """Say of each thing that is read whether it can be what the condition asks."""
    asked: dict[str, list[Comparison]] = {}
    for comparison in condition.comparisons:
        asked.setdefault(comparison.read(), []).append(comparison)
    for read, comparisons in asked.items():
        most, why = _most(comparisons[0], setting)
        low, high = 0.0, most
        for comparison in comparisons:
            least, greatest = _asked(comparison)
            low, high = max(low, least), min(high, greatest)
        if low > high:
            written = " and ".join(map(str, comparisons))
            said = "there is no such number"
            if low > most:
                said = f"{read} is at most {most:g}, {why}"
            yield Finding(
                path=path,
                text=f"{written} can never hold: {said}",
                cure="another bound",
            )


def _asked(comparison: Comparison) -> tuple[float, float]:
    """Give the least and the greatest whole number that a comparison lets pass."""
    bound = comparison.bound
    return {
        "<": (0, ceil(bound) - 1),
        "<=": (0, floor(bound)),
        ">": (floor(bound) + 1, inf),
        ">=": (ceil(bound), inf),
    }[comparison.sign]


def _most(comparison: Comparison, setting: Setting) -> tuple[float, str]:
    """Give the greatest that a reading can ever be, and why."""
    bound = _MOST.get(comparison.reading)
    return (inf, "") if bound is None else bound(setting, *comparison.subjects)


def _most_in_line(setting: Setting, station: str, stage: str = "") -> tuple[float, str]:
    if _voters_move(setting):
        voters = sum(s.registered for s in setting.stations.values())
        return voters, "the lists of all stations"
    return setting.stations[station].registered, f"the list of {station}"


def _voters_move(setting: Setting) -> bool:
    given = [order for s in setting.orders.values() for order in s.order]
    effects = [effect for s in setting.script.values() for effect in s.effects]
    levels = [level for kind in setting.incidents.values() for level in kind.levels]
    effects += [effect for level in levels for effect in level.effects]
    return any(isinstance(one, Divert | DivertEffect) for one in (*given, *effects))


def _most_officers(setting: Setting, station: str) -> tuple[float, str]:
    if _officers_move(setting):
        teams = sum(s.officers for s in setting.stations.values())
        return teams, "the officers of all stations"
    return setting.stations[station].officers, f"the team of {station}"


def _officers_move(setting: Setting) -> bool:
    given = (order for s in setting.orders.values() for order in s.order)
    return any(isinstance(order, MoveOfficers) for order in given)


def _highest_level(setting: Setting, inject: str) -> tuple[float, str]:
    effects = setting.script[inject].effects
    levels = [
        len(setting.incidents[effect.type].levels)
        for effect in effects
        if isinstance(effect, PlaceIncident)
    ]
    # An inject without an incident has a finding of its own.
    return (levels[0] if levels else inf), f"the top level of {inject}"


def _most_units(setting: Setting, skill: str = "") -> tuple[float, str]:
    able = [u for u in setting.units.values() if not skill or skill in u.skills]
    return len(able), "the units of the plan" + f" with skill {skill}" * bool(skill)


_MOST: Mapping[str, Callable[..., tuple[float, str]]] = {
    "queue": _most_in_line,
    "officers": _most_officers,
    "level": _highest_level,
    "free_units": _most_units,
}


# ---- orders ----------------------------------------------------------------------


def _impossible(
    path: str, order: Order, station: str, setting: Setting
) -> Iterator[Finding]:
    """Say why an order will always be refused, if so."""
    if station:
        place = setting.stations[station].place
        order = at_station(order, station, place)
    judge = _ORDERS.get(order.kind)
    why = None if judge is None else judge(order, setting)
    if why is not None:
        text = f"{order.kind} will always be refused: {why[0]}"
        yield Finding(path=path, text=text, cure=why[1])


Why = tuple[str, str] | None


def _open_place(order: OpenPlace, setting: Setting) -> Why:
    station = setting.stations[order.station]
    need = station.stages[order.stage].officers * order.places
    if need <= station.officers or _officers_move(setting):
        return None
    return (
        f"it needs {need} officers, and {order.station} has {station.officers}",
        f"{need} officers, or fewer places",
    )


def _close_place(order: ClosePlace, setting: Setting) -> Why:
    opened = any(
        isinstance(given, OpenPlace)
        for standing in setting.orders.values()
        for given in standing.order
    )
    servers = setting.stations[order.station].stages[order.stage].servers
    if isinstance(servers, int):
        most = servers
    else:
        most = max(step.servers for step in servers)
    if opened or order.places <= most:
        return None
    places = f"{order.stage} of {order.station}"
    return f"{places} never has {order.places} places open", "fewer places"


def _call_up(order: CallUp, setting: Setting) -> Why:
    agency = setting.units[order.unit].agency
    if setting.agencies[agency].call_up is not None:
        return None
    return f"{order.unit} is no mutual aid", f"give {agency} call_up, or take it out"


def _move_officers(order: MoveOfficers, setting: Setting) -> Why:
    if order.from_ == order.to:
        return f"{order.to} is where they are", "another station"
    team = setting.stations[order.from_].officers
    if team >= order.officers or _officers_move_to(order.from_, setting):
        return None
    return f"{order.from_} has {team} officer(s)", "fewer officers"


def _divert(order: Divert, setting: Setting) -> Why:
    if order.station == order.to:
        return f"{order.to} is where they are", "another station"
    return None


def _officers_move_to(station: str, setting: Setting) -> bool:
    given = [order for s in setting.orders.values() for order in s.order]
    return any(isinstance(o, MoveOfficers) and o.to in (station, HERE) for o in given)


def _send(order: Send, setting: Setting) -> Why:
    inject = setting.script.get(order.incident.partition("#")[0])
    if inject is None:
        known = setting.calls is not None
        why = f"no inject places an incident '{order.incident}'"
        return None if known else (why, "name an inject that places an incident")
    kinds = [e.type for e in inject.effects if isinstance(e, PlaceIncident)]
    if not kinds:
        why = f"{order.incident} places no incident"
        return why, "name an inject that places an incident"
    needs = {
        skill
        for kind in kinds
        for level in setting.incidents[kind].levels
        for skill in level.needs
    }
    if needs & set(setting.units[order.unit].skills):
        return None
    return (
        f"{order.unit} can do nothing of what {order.incident} needs",
        f"a unit with one of the skills {', '.join(sorted(needs))}",
    )


# Each function takes the order of its own kind; the key says which.
_ORDERS: Mapping[str, Callable[..., Why]] = {
    "open_place": _open_place,
    "close_place": _close_place,
    "call_up": _call_up,
    "move_officers": _move_officers,
    "divert": _divert,
    "send": _send,
}
