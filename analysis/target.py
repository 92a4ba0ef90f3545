"""Targets judged: on each day, and over the days of an experiment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf, isnan, nan

import numpy as np

from analysis.day import Call, Day, counted, waits_and_arrivals
from analysis.interval import proportion_interval, trials_to_tell
from analysis.measure import FUNCTIONS, OVERALL, Query, Values
from scenarios.measure import MEASURES, is_member
from scenarios.target import Target
from simulator.log import Kind

LEAST = 30
NONE = "no verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A target on one day.

    Parameters
    ----------
    target
        Its name.
    measured
        Whether there was anything to measure; a day without tells nothing.
    held
        Whether the bound was kept by all of the population that could be measured.
    worst
        The member furthest on the wrong side (or least on the right side).
    value
        The measured value there.
    broken
        When it broke: the first event on the wrong side, at the first member that
        missed; infinite when it held.
    where
        The member at which it broke first; empty when it held.
    """

    target: str
    measured: bool
    held: bool
    worst: str
    value: float
    broken: float
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A target over all days of an experiment.

    Parameters
    ----------
    target
        Its name.
    title
        As in the scenario.
    verdict
        ``met``, ``missed``, ``undecided`` (the replications do not tell), or ``no
        verdict`` below 30 days with something to measure.
    held, days
        On how many it held, of the days on which there was something to measure.
    value
        Share of days on which it held.
    interval
        Exact interval of that share at the target's confidence; None below 30 days.
    worst
        The member that was worst on most days.
    typical
        Median over the days of the measured value at the day's worst member.
    needed
        How many days would settle it when it is undecided, if the share of days stays
        as it is; None when it is settled, or more days would hardly help.
    """

    target: str
    title: str
    verdict: str
    held: int
    days: int
    value: float
    interval: tuple[float, float] | None
    worst: str
    typical: float
    needed: int | None = None


def judge(day: Day, name: str, target: Target) -> Judgement:
    """Judge one target on one day."""
    values = population_values(day, target)
    known = {member: value for member, value in values.items() if not isnan(value)}
    if not known:
        return Judgement(
            target=name,
            measured=False,
            held=True,
            worst="",
            value=nan,
            broken=inf,
            where="",
        )
    sign = 1.0 if target.bound.sign == "at most" else -1.0
    worst = max(known, key=lambda member: sign * known[member])
    missed = [member for member in known if not target.bound.holds(known[member])]
    breaks = {member: break_time(day, target, member) for member in missed}
    where = min(breaks, key=lambda member: breaks[member]) if breaks else ""
    return Judgement(
        target=name,
        measured=True,
        held=not missed,
        worst=worst,
        value=known[worst],
        broken=breaks.get(where, inf),
        where=where,
    )


def query_of(target: Target) -> Query:
    """Give what a target asks of its measure."""
    return Query(
        within=nan if target.within is None else target.within,
        types=target.types,
        duties=target.duties,
    )


def population_values(day: Day, target: Target) -> Values:
    """Measure a target's whole population on one day."""
    values = FUNCTIONS[target.measure](day, query_of(target))
    population = target.population.removeprefix("each ")
    return {m: value for m, value in values.items() if is_member(m, population)}


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
    long = [a + limit for a, b in stretches if b - a > limit]
    return min(long, default=day.log.end)


def _first_gap(day: Day, target: Target, member: str) -> float:
    """Find when the minutes without a guard passed what is allowed."""
    duties = [member] if member in day.guards else list(day.guards)
    allowed = target.bound.value
    for begin, end in sorted(gap for duty in duties for gap in day.gaps(duty)):
        if end - begin > allowed:
            return begin + allowed
        allowed -= end - begin
    return day.log.end


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


def _first_late_response(day: Day, target: Target, member: str) -> float:
    limit = target.bound.value if target.within is None else target.within
    times = [
        call.reported + limit
        for call in _calls(day, target, member)
        if call.response > limit
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


def verdict_of(name: str, target: Target, days: list[Judgement]) -> Verdict:
    """Judge a target over all days.

    Met when the interval of the share of days on which it held lies above the share
    asked for, missed when it lies below, else undecided. Below 30 days there is
    neither interval nor verdict.
    """
    days = [day for day in days if day.measured]
    held, number = sum(day.held for day in days), len(days)
    interval = None
    verdict = NONE
    if number >= LEAST:
        verdict = "undecided"
        interval = proportion_interval(held, number, target.confidence)
        if interval[0] >= target.days:
            verdict = "met"
        elif interval[1] < target.days:
            verdict = "missed"
    needed = None
    if verdict == "undecided":
        needed = trials_to_tell(held, number, target.days, target.confidence)
    worsts = [day.worst for day in days if not day.held] or [day.worst for day in days]
    # The first of the most frequent, in the order of days: the same for any workers.
    worst = max(dict.fromkeys(worsts), key=worsts.count, default="")
    values = np.array([day.value for day in days if not isnan(day.value)])
    return Verdict(
        target=name,
        title=target.title,
        verdict=verdict,
        held=held,
        days=number,
        value=held / number if number else nan,
        interval=interval,
        worst=worst,
        typical=_median(values),
        needed=needed,
    )


def _median(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.sort(values)[(len(values) - 1) // 2]) if len(values) else nan
