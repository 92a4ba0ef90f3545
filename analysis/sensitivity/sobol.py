"""Sobol indices: what share of the variation of an outcome each input brings about."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.sensitivity.bench import Bench
from analysis.sensitivity.design import Levels
from analysis.sensitivity.outcome import Outcome
from analysis.sensitivity.span import Span
from simulator.uncertain import quantile

CONFIDENCE = 0.95
RESAMPLES = 999
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indices:
    """Indices of several inputs, for one outcome.

    Parameters
    ----------
    first
        Share of the variance that would go if the input alone were known, shape
        (inputs,); NaN when nothing varies.
    total
        Share that would stay if all others were known, shape (inputs,).
    first_low, first_high, total_low, total_high
        Bootstrap intervals, nominal 95 %, of what the design points tell.
    """

    first: Floats
    total: Floats
    first_low: Floats
    first_high: Floats
    total_low: Floats
    total_high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Sobol indices of one outcome of a study.

    Parameters
    ----------
    outcome
        Which.
    indices
        In the order of the inputs.
    mean, sd
        Of the outcome over the points, each the mean of its days.
    noise
        Share of the variance between points that is not the inputs' own but their
        interplay with the few days played at each; it counts as interaction.
    """

    outcome: Outcome
    indices: Indices
    mean: float
    sd: float
    noise: float


def design(inputs: int, size: int, seed: int) -> Floats:
    """Give the points of Saltelli's design: A, B, and A with a column of B each.

    Parameters
    ----------
    inputs, size
        How many inputs; points of A, a power of 2.
    seed
        Of the scrambling.

    Returns
    -------
    ndarray, shape (size * (inputs + 2), inputs)
        Shares from 0 to 1.
    """
    generator = np.random.default_rng([seed, 0x50B01])
    unit = stats.qmc.Sobol(d=2 * inputs, seed=generator).random(size)
    a, b = unit[:, :inputs], unit[:, inputs:]
    rows = [a, b]
    for column in range(inputs):
        mixed = a.copy()
        mixed[:, column] = b[:, column]
        rows.append(mixed)
    points: Floats = np.concatenate(rows)
    return points


def indices_of(values: Floats, inputs: int, seed: int) -> Indices:
    """Compute the indices from the values at the points of a design.

    Parameters
    ----------
    values
        In the order of `design`, shape (points,).
    inputs
        How many, two or more.
    seed
        Of the bootstrap.

    Notes
    -----
    `scipy.stats.sobol_indices`, with the estimators of Saltelli and others (2010); the
    intervals are percentiles over rows of the design drawn again, which leaves out of
    account that the points are laid evenly: they are rather too wide.
    """
    blocks = values.reshape(inputs + 2, -1)
    if np.isnan(values).any() or np.ptp(values) == 0:
        return Indices(**{name: np.full(inputs, nan) for name in Indices.__slots__})
    outputs: Any = {"f_A": blocks[:1], "f_B": blocks[1:2], "f_AB": blocks[2:, None, :]}
    found = stats.sobol_indices(func=outputs, n=blocks.shape[1])
    first, total = _again(blocks - blocks[:2].mean(), seed)
    return Indices(
        first=found.first_order.ravel(),
        total=found.total_order.ravel(),
        first_low=first[0],
        first_high=first[1],
        total_low=total[0],
        total_high=total[1],
    )


def _again(blocks: Floats, seed: int) -> tuple[Floats, Floats]:
    """Give the percentiles of both indices over rows drawn again.

    Returns
    -------
    tuple of ndarray, shape (2, inputs)
        Low and high ends, of first and of total indices.
    """
    generator = np.random.default_rng([seed, 0xB007])
    size = blocks.shape[1]
    firsts, totals = [], []
    for _ in range(RESAMPLES):
        a, b, *mixed = blocks[:, generator.integers(size, size=size)]
        variance = np.concatenate([a, b]).var()
        if variance > 0:
            firsts.append([np.mean(b * (one - a)) / variance for one in mixed])
            totals.append([np.mean((a - one) ** 2) / 2 / variance for one in mixed])
    tail = (1 - CONFIDENCE) / 2
    ends = (tail, 1 - tail)
    return np.quantile(firsts, ends, axis=0), np.quantile(totals, ends, axis=0)


def play_sobol(
    bench: Bench,
    spans: Sequence[Span],
    outcomes: Sequence[Outcome],
    *,
    size: int,
    days: int,
) -> tuple[Share, ...]:
    """Play a design over all spans at once, and give the indices of each outcome.

    Parameters
    ----------
    bench
        Where it is played.
    spans
        The inputs, each drawn by its law; two or more.
    outcomes
        What they may move.
    size
        Points of A, a power of 2; `size` times (inputs + 2) are played.
    days
        At each point, the same ones.
    """
    unit = design(len(spans), size, bench.seed)
    points = [_levels(spans, row) for row in unit]
    played = bench.play(points, days, "Sobol")
    return tuple(
        _share(outcome, [outcome.of(point) for point in played], spans, bench.seed)
        for outcome in outcomes
    )


def _levels(spans: Sequence[Span], row: Floats) -> Levels:
    return {
        span.name: quantile(span.input.law, float(share))
        for span, share in zip(spans, row, strict=True)
    }


def _share(
    outcome: Outcome, values: Sequence[Floats], spans: Sequence[Span], seed: int
) -> Share:
    days = np.array(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        known = (~np.isnan(days)).sum(axis=1)
        means = np.where(known, np.nansum(days, axis=1) / known, nan)
    size = 2 * (len(means) // (len(spans) + 2))
    return Share(
        outcome=outcome,
        indices=indices_of(means, len(spans), seed),
        mean=float(means[:size].mean()),
        sd=float(means[:size].std()),
        noise=noise_of(days[:size]),
    )


def noise_of(days: Floats) -> float:
    """Give the share of the variance between points that comes of the few days.

    Parameters
    ----------
    days
        An outcome at each point on each day, shape (points, days).

    Returns
    -------
    float
        The variance of points and days together (what neither a point nor a day has on
        all the others), over the number of days, against the variance of the means of
        the points; NaN with one day, or where a day has nothing to measure.
    """
    points, number = days.shape
    means = days.mean(axis=1)
    if number < 2 or np.isnan(days).any() or np.ptp(means) == 0:
        return nan
    rest = days - means[:, None] - days.mean(axis=0) + days.mean()
    noise = (rest**2).sum() / ((points - 1) * (number - 1)) / number
    return float(min(noise / means.var(), 1.0))
