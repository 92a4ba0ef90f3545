"""Moments: when a target broke, at a member that missed it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import inf

import numpy as np

from analysis.day import Call, Day, counted, waits_and_arrivals
from analysis.day.span import Stretch
from analysis.measure import OVERALL
from scenarios.measure import MEASURES
from scenarios.target import Target
from simulator.log import Kind


def break_time(day: Day, target: Target, member: str) -> float:
    """Find when a target broke at a member that missed it, minutes from the start.

    Where a measure has no single moment at which it breaks, it is the end.
    """
    family = target.measure.split(".")[0]
    if family in _BREAKS:
        return _BREAKS[family](day, target, member)
    if MEASURES[target.measure].unit == "clock":
        return target.bound.value
    return day.log.end


def _first_long_suspension(day: Day, target: Target, member: str) -> float:
    stretches = day.suspensions.get(member) or [
        stretch for each in day.suspensions.values() for stretch in each
    ]
    limit = target.bound.value
    if target.measure == "suspended.total":
        return min(_used_up(stretches, limit), day.log.end)
    long = [a + limit for a, b in stretches if b - a > limit]
    return min(long, default=day.log.end)


def _first_gap(day: Day, target: Target, member: str) -> float:
    duties = [member] if member in day.guards else list(day.guards)
    gaps = [gap for duty in duties for gap in day.gaps(duty)]
    return min(_used_up(gaps, target.bound.value), day.log.end)


def _used_up(stretches: Sequence[Stretch], allowed: float) -> float:
    """Find when the minutes of all stretches together passed what is allowed."""
    for begin, end in pairwise(sorted({time for each in stretches for time in each})):
        number = sum(a <= begin and end <= b for a, b in stretches)
        if number * (end - begin) > allowed:
            return begin + allowed / number
        allowed -= number * (end - begin)
    return inf


def _late_opening(day: Day, target: Target, member: str) -> float:
    late = [
        station.opens + target.bound.value
        for name, station in day.setting.stations.items()
        if member in (name, OVERALL)
        and day.first(Kind.OPENED, name) > station.opens + target.bound.value
    ]
    return min(late, default=day.log.end)


def _first_long_wait(day: Day, target: Target, member: str) -> float:
    """Find when the first voter had waited too long, or had left without a vote."""
    limit = target.bound.value if target.within is None else target.within
    times = [day.log.end]
    for name, table in day.log.voters.items():
        whole, lost = member in (name, OVERALL), day.on_the_way[name]
        asked = np.array([whole or member == f"class {c}" for c in table.classes])
        asked = asked[table.class_[counted(table, lost)]]
        if asked.any():
            waits, arrivals = waits_and_arrivals(table, lost)
            left = table.left[counted(table, lost)]
            # Who left without a vote before the limit is lost at that moment.
            gone = np.where(np.isnan(left) | np.isfinite(waits), inf, left)
            late = asked & (waits > limit)
            times += np.minimum(arrivals + limit, gone)[late].tolist()
    return float(min(times))


def _leg(name: str, end: Callable[[Call], float]) -> Callable[[Call], Stretch]:
    """Give from when to when a leg counts; incidents without one never do."""
    return lambda call: (
        (end(call) - call.legs[name], end(call)) if call.legs else (inf, inf)
    )


# From when to when each measure of responses counts, of a call.
_COUNTS: dict[str, Callable[[Call], Stretch]] = {
    "full": lambda call: (call.reported, call.full),
    "from_arising": lambda call: (call.arises, call.arrived),
    "handling": _leg("handling", lambda call: call.reported + call.legs["handling"]),
    "queue": _leg("queue", lambda call: call.assigned),
    "turnout": _leg("turnout", lambda call: call.moving),
    "travel": _leg("travel", lambda call: call.arrived),
    "lost": lambda call: (inf, inf),  # no single moment
}


def _first_late_response(day: Day, target: Target, member: str) -> float:
    limit = target.bound.value if target.within is None else target.within
    what = target.measure.removeprefix("response.").split("_p")[0]
    counts = _COUNTS.get(what, lambda call: (call.reported, call.arrived))
    times = [
        begin + limit
        for begin, end in map(counts, _calls(day, target, member))
        if begin < inf and end - begin > limit
    ]
    return min(times, default=day.log.end)


def _calls(day: Day, target: Target, member: str) -> Iterator[Call]:
    """Give the incidents that a target is about, at one member."""
    for call in day.calls:
        about = not target.types or call.type in target.types
        if about and member in (*call.groups, OVERALL):
            yield call


def _first_bad_incident(day: Day, target: Target, member: str) -> float:
    """Find the first incident that counts against a number of incidents."""
    moment = _COUNTED.get(target.measure)
    if moment is None or target.bound.sign == "at least":
        return day.log.end
    times = sorted(moment(call) for call in _calls(day, target, member))
    allowed = int(target.bound.value)
    return min([*times[allowed : allowed + 1], day.log.end])


def _never_attended(call: Call) -> float:
    came = call.arrived < inf or call.passed or call.gone
    return inf if came else call.reported


_COUNTED: dict[str, Callable[[Call], float]] = {
    "incidents.reported": lambda call: call.reported,
    "incidents.unattended": _never_attended,
    "incidents.passed": lambda call: call.passed_at,
    "incidents.gone": lambda call: call.gone_at,
    "incidents.escalated": lambda call: call.escalated_at,
    "incidents.hot_spots": lambda call: call.hot_spot_at,
}


def _deadline(day: Day, target: Target, member: str) -> float:
    late = [
        duty.due + target.bound.value
        for name, duty in day.setting.duties.items()
        if duty.kind != "guard"
        and member in (name, OVERALL)
        and (not target.duties or name in target.duties)
        and day.first(Kind.DUTY_ENDS, name) > duty.due + target.bound.value
    ]
    return min(late, default=day.log.end)


_BREAKS = {
    "wait": _first_long_wait,
    "response": _first_late_response,
    "incidents": _first_bad_incident,
    "suspended": _first_long_suspension,
    "guard": _first_gap,
    "duty": _deadline,
    "opening": _late_opening,
}
