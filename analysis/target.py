"""Targets judged: on each day, and over the days of an experiment."""

from dataclasses import dataclass
from math import inf, isnan, nan

import numpy as np

from analysis.day import Day
from analysis.interval import proportion_interval
from analysis.measure import FUNCTIONS, OVERALL, Query, Values
from scenarios.measure import MEASURES
from scenarios.target import Target
from simulator.log import Outcome

LEAST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A target on one day.

    Parameters
    ----------
    target
        Its name.
    held
        Whether the bound was kept by the whole population.
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
        ``met``, ``missed``, or ``undecided``: the replications do not tell.
    held, days
        On how many of how many days it held.
    value
        Share of days on which it held.
    interval
        Exact interval of that share at the target's confidence; None below 30 days.
    worst
        The member that was worst on most days.
    typical
        Median over the days of the measured value at the day's worst member.
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


def judge(day: Day, name: str, target: Target) -> Judgement:
    """Judge one target on one day."""
    values = population_values(day, target)
    if not values:
        return Judgement(
            target=name, held=True, worst="", value=nan, broken=inf, where=""
        )
    sign = 1.0 if target.bound.sign == "at most" else -1.0

    def badness(member: str) -> float:
        value = values[member]
        return -inf if isnan(value) else sign * value

    missed = [
        m for m, v in values.items() if not isnan(v) and not target.bound.holds(v)
    ]
    worst = max(values, key=badness)
    breaks = {m: break_time(day, target, m) for m in missed}
    where = min(breaks, key=lambda m: breaks[m]) if breaks else ""
    return Judgement(
        target=name,
        held=not missed,
        worst=worst,
        value=values[worst],
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
    if target.population == OVERALL:
        return {OVERALL: values[OVERALL]}
    return {member: v for member, v in values.items() if member != OVERALL}


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
    duties = [member] if member in day.guards else list(day.guards)
    return min((gap[0] for d in duties for gap in day.gaps(d)), default=day.log.end)


def _first_long_wait(day: Day, target: Target, member: str) -> float:
    """Find the first voter who had waited too long, or left without a vote."""
    limit = target.bound.value if target.within is None else target.within
    times = [day.log.end]
    for name, table in day.log.voters.items():
        if member in (name, OVERALL):
            wait = table.start[:, table.voting_stage] - table.arrival
            voted = table.outcome == Outcome.VOTED
            long = voted & (wait > limit)
            times += (table.arrival[long] + limit).tolist()
            lost = ~voted & ~np.isin(
                table.outcome, (Outcome.AUXILIARY, Outcome.PRESENT)
            )
            times += table.left[lost].tolist()
    return float(min(times))


def _first_late_response(day: Day, target: Target, member: str) -> float:
    limit = target.bound.value if target.within is None else target.within
    times = [
        call.reported + limit
        for call in day.calls
        if (member in (call.type, OVERALL))
        and (not target.types or call.type in target.types)
        and call.response > limit
    ]
    return min(times, default=day.log.end)


def _first_bad_incident(day: Day, target: Target, member: str) -> float:
    """Find the first incident that counts against a number of incidents."""
    times = [
        getattr(call, _COUNTED.get(target.measure, "reported"))
        for call in day.calls
        if member in (call.type, OVERALL)
        and (not target.types or call.type in target.types)
    ]
    allowed = int(target.bound.value) if target.bound.sign == "at most" else 0
    late = sorted(times)[allowed : allowed + 1]
    return min(late[0], day.log.end) if late else day.log.end


_COUNTED = {
    "incidents.escalated": "escalated_at",
    "incidents.hot_spots": "hot_spot_at",
    "incidents.passed": "passed_at",
}


def _deadline(day: Day, target: Target, member: str) -> float:
    duty = day.setting.duties.get(member)
    if duty is None or duty.kind == "guard":
        return day.log.end
    return duty.back_by if duty.kind == "auxiliary_round" else duty.deadline


_BREAKS = {
    "wait": _first_long_wait,
    "response": _first_late_response,
    "incidents": _first_bad_incident,
    "suspended": _first_long_suspension,
    "guard": _first_gap,
    "duty": _deadline,
}


def verdict_of(name: str, target: Target, days: list[Judgement]) -> Verdict:
    """Judge a target over all days.

    Met when the interval of the share of days on which it held lies above the share
    asked for, missed when it lies below, else undecided. Below 30 days there is
    neither interval nor verdict.
    """
    held, number = sum(day.held for day in days), len(days)
    interval = None
    verdict = "undecided"
    if number >= LEAST:
        interval = proportion_interval(held, number, target.confidence)
        if interval[0] >= target.days:
            verdict = "met"
        elif interval[1] < target.days:
            verdict = "missed"
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
    )


def _median(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.sort(values)[(len(values) - 1) // 2]) if len(values) else nan
