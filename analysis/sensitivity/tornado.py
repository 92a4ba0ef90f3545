"""Tornado: each input at either end of its span, the others as written."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from analysis.replication import Replication
from analysis.sensitivity.bench import Bench
from analysis.sensitivity.design import Levels
from analysis.sensitivity.outcome import Outcome
from analysis.sensitivity.paired import Change, change
from analysis.sensitivity.span import Span

CONFIDENCE = 0.95
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One input and one outcome.

    Parameters
    ----------
    span
        The input.
    outcome
        What it moves.
    nominal, at_low, at_high
        Mean of the outcome over the days: all as written, and at either end.
    to_low, to_high
        Change from all as written to either end.
    swing
        Change from the low end to the high one.
    endless
        Days, of the three, on which the outcome never ended and counts as the length
        of the scenario.
    """

    span: Span
    outcome: Outcome
    nominal: float
    at_low: float
    at_high: float
    to_low: Change
    to_high: Change
    swing: Change
    endless: int

    @property
    def width(self) -> float:
        """From the least to the most of the three means."""
        three = (self.nominal, self.at_low, self.at_high)
        return max(three) - min(three)


def play_tornado(
    bench: Bench, spans: Sequence[Span], outcomes: Sequence[Outcome], days: int
) -> tuple[Bar, ...]:
    """Play the scenario as written, and with each input at either end.

    Parameters
    ----------
    bench
        Where it is played.
    spans
        The inputs.
    outcomes
        What they may move.
    days
        At each point; the same ones.

    Returns
    -------
    tuple of Bar
        Outcome by outcome, in each the widest first. The intervals of one outcome hold
        together with a confidence of (nominal) 95 %: three for each input.
    """
    points: list[Levels] = [{}]
    for span in spans:
        points += [{span.name: span.low}, {span.name: span.high}]
    played = bench.play(points, days, "tornado")
    confidence = 1 - (1 - CONFIDENCE) / (3 * len(spans))
    bars: list[Bar] = []
    for outcome in outcomes:
        own = [
            _bar(span, outcome, (played[0], *played[2 * i + 1 : 2 * i + 3]), confidence)
            for i, span in enumerate(spans)
        ]
        bars += sorted(own, key=lambda bar: (isnan(bar.width), -bar.width))
    return tuple(bars)


def _bar(
    span: Span,
    outcome: Outcome,
    played: Sequence[tuple[Replication, ...]],
    confidence: float,
) -> Bar:
    nominal, low, high = (outcome.of(days) for days in played)

    def changed(before: Floats, after: Floats) -> Change:
        return change(before, after, confidence, held=outcome.held)

    return Bar(
        span=span,
        outcome=outcome,
        nominal=_mean(nominal),
        at_low=_mean(low),
        at_high=_mean(high),
        to_low=changed(nominal, low),
        to_high=changed(nominal, high),
        swing=changed(low, high),
        endless=sum(outcome.endless(days) for days in played),
    )


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else nan
