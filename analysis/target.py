"""Targets judged: on each day, and over the days of an experiment."""

from dataclasses import dataclass
from math import inf, isnan, nan

import numpy as np

from analysis.day import Day
from analysis.interval import proportion_interval, trials_to_tell
from analysis.measure import FUNCTIONS, Query, Values
from analysis.moment import break_time
from scenarios.measure import is_member
from scenarios.target import Target

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
