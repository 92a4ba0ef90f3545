"""An arrival profile from cumulative readings, with what is not known of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.calibrate.knot import Knot, smooth
from analysis.calibrate.moment import clock_of
from analysis.calibrate.series import Reading, Series
from analysis.interval import proportion_interval
from scenarios.problem import fail

CONFIDENCE = 0.95
# A last reading so long before the close still counts as the day's total.
LAST = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """When the voters of a day came.

    Parameters
    ----------
    opens, closes
        Minutes since midnight.
    knots
        From 0 at the opening to 1 at the close.
    total
        Votes, or per cent of the list, that make 100 %.
    left_out
        Readings that were not used.
    notes
        What was assumed and found.
    """

    opens: float
    closes: float
    knots: tuple[Knot, ...]
    total: float
    left_out: tuple[Reading, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a profile is to be made.

    Parameters
    ----------
    opens, closes
        Minutes since midnight.
    lag
        Least and most minutes from what was counted to the time printed.
    final
        What makes 100 %, in the unit of the readings; None: the last reading.
    voters
        Voters behind readings in per cent, for their chance; None: very many.
    every
        Minutes between the points of a smooth curve; None: straight lines.
    """

    opens: float
    closes: float
    lag: tuple[float, float] = (0.0, 0.0)
    final: float | None = None
    voters: float | None = None
    every: float | None = None


def fit_profile(
    series: Series, asked: Asked, doubtful: Collection[float] = ()
) -> Profile:
    """Make the profile.

    Parameters
    ----------
    series
        The readings of one poll.
    asked
        How.
    doubtful
        Times, minutes since midnight, whose readings are not used.

    Raises
    ------
    ScenarioError
        When the readings do not reach the close and no total is given, or when fewer
        than one is left.
    """
    notes: list[str] = []
    total = _total(series, asked, notes)
    used, left_out = _used(series, asked, doubtful, notes)
    if not used:
        raise fail(series.name, "no reading is left between the opening and the close")
    knots = _knots(used, total, asked, series, notes)
    if asked.every is not None:
        knots = smooth(knots, asked.every)
    return Profile(
        opens=asked.opens,
        closes=asked.closes,
        knots=tuple(knots),
        total=total,
        left_out=tuple(left_out),
        notes=tuple(notes),
    )


def _total(series: Series, asked: Asked, notes: list[str]) -> float:
    """Find what makes 100 %."""
    last = series.readings[-1]
    highest = max(reading.value for reading in series.readings)
    total = last.value if asked.final is None else asked.final
    if total <= 0:
        told = f"all {len(series.readings)} readings are zero: placeholders, no votes"
        raise fail(series.name, told)
    if total < highest:
        told = f"--final must be at least the highest reading, {highest:g}, found "
        raise fail(series.name, f"{told}{total:g}")
    early = last.minute is not None and last.minute < asked.closes - LAST
    if asked.final is None and early:
        raise fail(
            series.name,
            f"the last reading, {clock_of(last.minute or 0)}, is long before the close "
            f"at {clock_of(asked.closes)}: say how much there was in all with --final "
            f"(in {series.unit})",
        )
    what = "as given" if asked.final is not None else "the last reading"
    notes.append(f"100 % is {total:,.6g} {series.unit}, {what}.")
    return total


def _used(
    series: Series, asked: Asked, doubtful: Collection[float], notes: list[str]
) -> tuple[list[Reading], list[Reading]]:
    """Leave out what cannot be used, and say so."""
    used: list[Reading] = []
    left_out: list[Reading] = []
    middle = sum(asked.lag) / 2
    for reading in series.timed:
        minute = reading.minute or 0.0
        at = minute - middle
        if minute in doubtful:
            left_out.append(reading)
        elif at <= asked.opens:
            left_out.append(reading)
            notes.append(f"{_shown(reading, series)} is before the opening: left out.")
        elif at > asked.closes:
            left_out.append(reading)
            notes.append(
                f"{_shown(reading, series)} was reported after the close: who it "
                "counts had come by then, so it gives no time of arrival."
            )
        else:
            used.append(reading)
    return used, left_out


def _shown(reading: Reading, series: Series) -> str:
    unit = " %" if series.unit == "per cent" else " votes"
    return f"The reading of {clock_of(reading.minute or 0)}, {reading.value:g}{unit},"


def _knots(
    used: Sequence[Reading],
    total: float,
    asked: Asked,
    series: Series,
    notes: list[str],
) -> list[Knot]:
    """Place the readings, and say how far off each may be."""
    least, most = asked.lag
    middle = (least + most) / 2
    minutes = np.array([r.minute or 0.0 for r in used]) - middle
    shares = np.minimum(np.array([r.value for r in used]) / total, 1.0)
    open_ended = bool(minutes[-1] < asked.closes)
    times = np.concatenate([[asked.opens], minutes, [asked.closes] * open_ended])
    curve = np.concatenate([[0.0], shares, [1.0] * open_ended])
    # Had the lag been longer, the same reading would stand earlier: at the time of the
    # knot more had come.
    earlier = np.interp(minutes + (most - middle), times, curve)
    later = np.interp(minutes - (middle - least), times, curve)
    votes = total if series.unit == "votes" else asked.voters
    knots = [Knot(minute=asked.opens, reported=asked.opens, share=0, low=0, high=0)]
    for i, reading in enumerate(used):
        step = reading.step / total
        low, high = _by_chance(float(shares[i]), votes)
        low -= float(shares[i] - later[i]) + step
        high += float(earlier[i] - shares[i]) + step
        if reading.at_least:
            above = float(curve[i + 2]) if i + 2 < len(curve) else 1.0
            low, high = float(shares[i]), max(above, float(shares[i]))
            notes.append(f"{_shown(reading, series)} is a lower bound: taken as such.")
        knots.append(
            Knot(
                minute=float(minutes[i]),
                reported=reading.minute or 0.0,
                share=float(shares[i]),
                low=max(low, 0.0),
                high=min(high, 1.0),
            )
        )
    end = asked.closes
    if open_ended:
        knots.append(Knot(minute=end, reported=end, share=1.0, low=1.0, high=1.0))
    else:
        knots[-1] = replace(knots[-1], share=1.0, low=1.0, high=1.0)
    return knots


def _by_chance(share: float, votes: float | None) -> tuple[float, float]:
    """Give the exact interval of a share that so many voters showed."""
    if votes is None or not 0 < share < 1:
        return share, share
    trials = round(votes)
    return proportion_interval(round(share * trials), trials, CONFIDENCE)
