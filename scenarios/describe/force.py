"""Forces and dispatch in plain language."""

from collections.abc import Iterator, Mapping

from scenarios.clock import Clock, span
from scenarios.force import Agency, Post, Shift, Unit
from scenarios.policy import POLICIES, Dispatch, Standby
from scenarios.scenario import Setting

MOST_NAMES = 12


def forces(setting: Setting) -> list[str]:
    """Describe every unit, a line each."""
    return [
        _unit(name, unit, setting.agencies[unit.agency], setting.clock)
        for name, unit in setting.units.items()
    ]


def _unit(name: str, unit: Unit, agency: Agency, clock: Clock) -> str:
    shifts = ", ".join(_shift(shift, clock) for shift in unit.shifts)
    parts = [
        f"{name} {unit.title} ({agency.title or unit.agency}): crew of {unit.crew}, "
        f"{', '.join(unit.skills)}; by {unit.mode} from {unit.base}",
        f"on shift {shifts}{_SHIFT_ENDS[unit.shift_end]}",
        *_turnout(unit),
        *_fills(unit),
        *_places(unit, clock),
        *_rests(unit, clock),
        *aid_text(agency),
    ]
    return "; ".join(parts) + "."


def _shift(shift: Shift, clock: Clock) -> str:
    own = shift.turnout
    turnout = f" (turnout {span(own.mean_minutes)} on average)" if own else ""
    return f"{clock.text(shift.from_)} to {clock.text(shift.until)}{turnout}"


def _turnout(unit: Unit) -> Iterator[str]:
    """Say the turnout of the unit beside that of some of its shifts."""
    own = [shift for shift in unit.shifts if shift.turnout is not None]
    if own and len(own) < len(unit.shifts):
        yield f"else turnout {span(unit.turnout.mean_minutes)} on average"


def _fills(unit: Unit) -> Iterator[str]:
    if unit.fills > 1:
        yield f"fills up to {unit.fills} needs of an incident that nobody else can"


_SHIFT_ENDS = {
    "finish": "",
    "pause": " (work is paused at the end, and gone on with in the next shift)",
    "relieve": " (on scene at the end, it stays until another unit relieves it)",
}


def _places(unit: Unit, clock: Clock) -> Iterator[str]:
    if unit.areas:
        yield f"home area {', '.join(unit.areas)}"
    for post in unit.posts:
        yield _post(post, clock)
    if unit.beat is not None:
        yield (
            f"on patrol along {', '.join(unit.beat.places)}, "
            f"{span(unit.beat.stay)} at each"
        )


def _post(post: Post, clock: Clock) -> str:
    text = f"post at {post.place} {clock.text(post.from_)} to {clock.text(post.until)}"
    if post.strip == "never":
        return f"{text}, never stripped"
    above = f" for priority {post.strip_above} or higher" if post.strip_above else ""
    return f"{text}, stripped{above} when no other unit can go"


def _rests(unit: Unit, clock: Clock) -> Iterator[str]:
    for rest in unit.breaks:
        calls = f"only priority {rest.above} or higher" if rest.above else "nothing"
        yield (
            f"a break of {span(rest.lasts)} from {clock.text(rest.from_)}, begun by "
            f"{clock.text(rest.latest)}, {calls} interrupts it"
        )
    own = unit.self_initiated
    if own is not None:
        yield (
            f"work of its own {own.per_hour:g} times an hour, "
            f"{span(own.lasts.mean_minutes)} each on average, left for priority "
            f"{own.yields_to} or higher"
        )
    if unit.closing is not None:
        yield (
            f"in the last {span(unit.closing.minutes)} of a shift sent only to "
            f"priority {unit.closing.priority} or higher"
        )


def aid_text(agency: Agency) -> Iterator[str]:
    """Say how mutual aid of an agency comes, if it is mutual aid."""
    if agency.call_up is None:
        return
    agreed = [f"{level} agrees in {span(d)}" for level, d in agency.agree.items()]
    stays = f", stays at least {span(agency.stays)}" if agency.stays else ""
    steps = ", ".join([*agreed, f"called up in {span(agency.call_up)}"])
    yield f"mutual aid: {steps}{stays}"


# ---- dispatch --------------------------------------------------------------------


def standing_orders(dispatch: Dispatch) -> list[str]:
    """Say how units are sent, a sentence for each rule in force."""
    return [
        f"Units are sent by the policy {dispatch.policy}: {POLICIES[dispatch.policy]}.",
        *_lists(dispatch.lists),
        _order(dispatch),
        _SENDS[dispatch.send, dispatch.behind],
        *_changes(dispatch),
        *_limits(dispatch),
        *_standby(dispatch.standby),
    ]


def _lists(lists: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    rows = [f"{where}: {', '.join(units)}" for where, units in lists.items()]
    if rows:
        more = f"; and {len(rows) - MOST_NAMES} more" if len(rows) > MOST_NAMES else ""
        yield f"Preference lists: {'; '.join(rows[:MOST_NAMES])}{more}."


def _order(dispatch: Dispatch) -> str:
    text = "Incidents are served by priority, then by time of report"
    if dispatch.ageing is not None:
        text += (
            f"; one counts a priority higher for every {span(dispatch.ageing)} since "
            "its report"
        )
    return f"{text}."


_SENDS = {
    ("as_free", "pass"): "Whoever is free goes at once, the rest follows.",
    ("together", "pass"): "Nobody is sent to an incident until all it needs can go; "
    "those behind it in the queue may pass.",
    ("together", "strict"): "Nobody is sent to an incident until all it needs can go; "
    "those behind it in the queue wait too.",
}


def _changes(dispatch: Dispatch) -> Iterator[str]:
    for now, new in dispatch.preempt.items():
        yield (
            f"A unit on its way to priority {now} may be taken for priority {_or(new)}."
        )
    if dispatch.switch is not None:
        yield (
            "A unit on its way is replaced when another saves more than "
            f"{dispatch.switch * 100:g} % of the time that remains."
        )
    if not dispatch.preempt and dispatch.switch is None:
        yield "A unit on its way is not redirected."


def _or(numbers: tuple[int, ...]) -> str:
    return " or ".join(map(str, numbers))


def _limits(dispatch: Dispatch) -> Iterator[str]:
    for priority, number in dispatch.reserve.items():
        yield (
            f"Priority {priority} is served only while {number} other own unit(s) with "
            "the skill stay free."
        )
    if dispatch.aid_beyond is not None:
        yield (
            "Mutual aid is asked for also when the unit sent needs more than "
            f"{span(dispatch.aid_beyond)}."
        )
    if dispatch.cover is not None:
        yield (
            "A place is covered when a free unit can be there within "
            f"{span(dispatch.cover.within)}."
        )


def _standby(standby: Standby | None) -> Iterator[str]:
    if standby is None:
        yield "A free unit waits at its post, on its beat or at its base."
    elif standby.kind == "table":
        rows = [
            f"{number} free hold {', '.join(places)}"
            for number, places in standby.table.items()
        ]
        yield f"Stand-by moves by table: {'; '.join(rows)}."
    elif standby.kind == "list":
        places = ", ".join(standby.places)
        yield f"A unit that becomes free goes to the first empty one of {places}."
    else:
        places = ", ".join(standby.places)
        yield f"A unit that becomes free goes where cover gains most, of {places}."
