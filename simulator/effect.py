"""Effects: what an inject or an open incident does to a world, and how it ends.

One function a kind; each returns what undoes it. `station` or a road may be ``here``:
that of the place of the incident.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from scenarios.effect import (
    HERE,
    Balking,
    CloseRoad,
    DelayReports,
    Divert,
    Drop,
    Effect,
    Extend,
    HealthCase,
    LoseServers,
    MoveStation,
    OpenRoad,
    OutOfService,
    PlaceIncident,
    RadioLoss,
    Slow,
    SlowRoad,
    Surge,
    Suspend,
)
from simulator.log import Detail, Kind
from simulator.order import extend
from simulator.road import roads_meant
from simulator.station.diversion import Divert as Diverting
from simulator.station.site import Move, move_station
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.station import Station
    from simulator.world import World

Undo = Callable[[], None]
# More places than any stage has.
ALL_PLACES = 1000


def _nothing() -> None:
    """Undo what is over at once."""


def _stations(world: "World", name: str, here: str) -> "list[Station]":
    """Find the stations an effect names; several may stand at one place."""
    if name != HERE:
        return [world.stations[name]]
    return [s for s in world.stations.values() if s.place == here]


def _all(actions: list[Undo]) -> Undo:
    def undo() -> None:
        for action in actions:
            action()

    return undo if actions else _nothing


def _suspend(world: "World", effect: Suspend, cause: str, here: str) -> Undo:
    stations = _stations(world, effect.station, here)
    for station in stations:
        station.suspend(cause, effect)
    return _all([partial(station.lift, cause) for station in stations])


def _at_stage(
    world: "World", effect: Slow | LoseServers | HealthCase, here: str
) -> "list[Station]":
    stations = _stations(world, effect.station, here)
    return [station for station in stations if station.has_stage(effect.stage)]


def _slow(world: "World", effect: Slow, cause: str, here: str) -> Undo:
    stations, stage, factor = (
        _at_stage(world, effect, here),
        effect.stage,
        effect.factor,
    )
    for station in stations:
        station.slow(stage, factor)
    return _all([partial(station.unslow, stage, factor) for station in stations])


def _lose_servers(world: "World", effect: LoseServers, cause: str, here: str) -> Undo:
    stations, stage, lost = _at_stage(world, effect, here), effect.stage, effect.servers
    for station in stations:
        station.lose(stage, lost)
    return _all([partial(station.lose, stage, -lost) for station in stations])


def _balking(world: "World", effect: Balking, cause: str, here: str) -> Undo:
    stations, factor = _stations(world, effect.station, here), effect.factor
    for station in stations:
        station.change_balking(factor)
    return _all([partial(s.change_balking, factor, undo=True) for s in stations])


def _surge(world: "World", effect: Surge, cause: str, here: str) -> Undo:
    for station in _stations(world, effect.station, here):
        station.surge(effect)
    return _nothing


def _drop(world: "World", effect: Drop, cause: str, here: str) -> Undo:
    stations = _stations(world, effect.station, here)
    for station in stations:
        station.drop(cause, effect)
    return _all([partial(station.undrop, cause) for station in stations])


def _divert(world: "World", effect: Divert, cause: str, here: str) -> Undo:
    actions: list[Undo] = []
    for station in _stations(world, effect.station, here):
        data = effect.model_dump(exclude={"kind", "for_", "until"})
        asked = Diverting(**data | {"station": station.name})
        why = world.diversions.begin(cause, asked)
        if why is None:
            key = (cause, asked.station, asked.to)
            actions.append(partial(world.diversions.end, key))
        else:
            world.record(Kind.REFUSED, cause, station=station.name, why=why)
    return _all(actions)


def _close_road(world: "World", effect: CloseRoad, cause: str, here: str) -> Undo:
    roads, state = roads_meant(world.road_map, effect, here), world.roads
    world.change_roads(lambda: state.close(roads, cause))
    return lambda: world.change_roads(lambda: state.open(roads, cause))


def _slow_road(world: "World", effect: SlowRoad, cause: str, here: str) -> Undo:
    roads, state = roads_meant(world.road_map, effect, here), world.roads
    world.change_roads(lambda: state.slow(roads, effect.factor, cause))
    return lambda: world.change_roads(lambda: state.unslow(roads, effect.factor, cause))


def _open_road(world: "World", effect: OpenRoad, cause: str, here: str) -> Undo:
    roads = roads_meant(world.road_map, effect, here)
    world.change_roads(lambda: world.roads.reopen(roads))
    return _nothing


def _out_of_service(
    world: "World", effect: OutOfService, cause: str, here: str
) -> Undo:
    unit = world.units.get(effect.unit)
    if unit is None:  # not in this plan
        return _nothing
    unit.go_out()
    return unit.come_back


def _radio_loss(world: "World", effect: RadioLoss, cause: str, here: str) -> Undo:
    names = effect.units or tuple(world.units)
    units = [world.units[name] for name in names if name in world.units]
    for unit in units:
        unit.fall_silent()
    return _all([unit.be_in_touch for unit in units])


def _delay_reports(world: "World", effect: DelayReports, cause: str, here: str) -> Undo:
    # A list, for a sum that is added to and subtracted from keeps a rest.
    world.report_delays.append(effect.delay)
    return partial(world.report_delays.remove, effect.delay)


def _incident(world: "World", effect: PlaceIncident, cause: str, here: str) -> Undo:
    world.place_incident(cause, effect.type, effect.place)
    return _nothing


def _extend(world: "World", effect: Extend, cause: str, here: str) -> Undo:
    why = extend(world, effect.station, effect.until)
    if why is not None:
        world.record(Kind.REFUSED, cause, station=effect.station, why=why)
    return _nothing


def _move_station(world: "World", effect: MoveStation, cause: str, here: str) -> Undo:
    move = Move(**effect.model_dump(exclude={"kind"}))
    why = move_station(world, move)
    if why is not None:
        world.record(Kind.REFUSED, cause, station=effect.station, why=why)
    return _nothing


def _health_case(world: "World", effect: HealthCase, cause: str, here: str) -> Undo:
    clock, stage = world.clock, effect.stage
    for station in _at_stage(world, effect, here):
        station.lose(stage, ALL_PLACES)
        officers = min(effect.officers, station.officers)
        if officers:
            station.change_officers(-officers)
            back = partial(station.change_officers, officers)
            clock.call_at(clock.now + effect.away, Rank.SCRIPT, back)
        clean = partial(_clean, world, station, effect, cause)
        clock.call_at(clock.now + effect.cleaned, Rank.SCRIPT, clean)
    return _nothing


def _clean(world: "World", station: "Station", effect: HealthCase, cause: str) -> None:
    details = {"station": station.name, "stage": effect.stage}
    world.record(Kind.EFFECT_ENDS, cause, "", effect=effect.kind, **details)
    station.lose(effect.stage, -ALL_PLACES)


# Each function takes the effect of its own kind; the key says which.
EFFECTS: Mapping[str, Callable[..., Undo]] = {
    "suspend": _suspend,
    "slow": _slow,
    "lose_servers": _lose_servers,
    "balking": _balking,
    "surge": _surge,
    "drop": _drop,
    "divert": _divert,
    "close_road": _close_road,
    "slow_road": _slow_road,
    "open_road": _open_road,
    "out_of_service": _out_of_service,
    "radio_loss": _radio_loss,
    "delay_reports": _delay_reports,
    "incident": _incident,
    "extend": _extend,
    "health_case": _health_case,
    "move_station": _move_station,
}


def apply_effect(world: "World", effect: Effect, cause: str, *, here: str = "") -> Undo:
    """Apply an effect.

    Parameters
    ----------
    world
        What it changes.
    effect
        Its data.
    cause
        Unique name of what brings it about.
    here
        Place of the incident that brings it about.

    Returns
    -------
    callable
        Ends the effect, once.
    """
    details = _details(world, effect, here)
    world.record(Kind.EFFECT, cause, here, effect=effect.kind, **details)
    undo = EFFECTS[effect.kind](world, effect, cause, here)
    named = {key: details[key] for key in _TARGETS if key in details}

    def end() -> None:
        if undo is not _nothing:
            world.record(Kind.EFFECT_ENDS, cause, here, effect=effect.kind, **named)
        undo()

    return end


_TARGETS = ("station", "to", "stage", "unit", "units", "roads")


def _details(world: "World", effect: Effect, here: str) -> dict[str, Detail]:
    """Give an effect as the log has it; roads by name, with spaces between."""
    roads: dict[str, Detail] = {}
    if isinstance(effect, CloseRoad | SlowRoad | OpenRoad):
        roads["roads"] = " ".join(roads_meant(world.road_map, effect, here))
        if effect.classes is not None:
            roads["classes"] = " ".join(effect.classes)
        if effect.streets is not None:
            roads["streets"] = ", ".join(effect.streets)
        if effect.area is not None:
            roads["area"] = str(effect.area)
    left_out = {"kind", "for_", "until", "roads", "classes", "streets", "area"}
    data = {**roads, **effect.model_dump(exclude=left_out)}
    if isinstance(effect, Extend):
        data["until"] = effect.until
    if isinstance(effect, RadioLoss):
        data["units"] = " ".join(effect.units or world.units)
    return data
