"""Differences of paired days: means, and intervals that hold for a whole table at once.

Two experiments meet the same chance, so replication i of both is a pair and the
difference of the two is one number a day. The intervals of a table hold together with
the stated confidence: days are drawn again with replacement, whole, for all columns
alike (so what hangs together stays together), each column's largest |t| is ranked
among its own, and the ranks are cut where so large a share of the draws stays inside
everywhere (balanced simultaneous sets; Beran 1988, JASA 83). Against Bonferroni's
Student t this covers more where measures are skewed and is narrower where they hang
together. A table of so many columns, or days, that draws do not reach into the tails
takes Bonferroni's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, isfinite, nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.target import LEAST

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
MOST_DRAWS = 40_000
MOST_CELLS = 20_000_000  # of draws times days that are kept
MOST_COLUMNS = 500
LEAST_DRAWS = 1000
LEAST_IN_TAIL = 2.0  # draws, of a column, beyond its interval
LEAST_DIFFERING = 10  # days, from which on a rare difference can be told from none
MOST_NEEDED = 1_000_000
_STILL = 1e-9  # standard deviation over mean below which nothing varies
_FLAT = 1e-6  # variance of a draw, over the column's, below which it has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mean difference of paired days.

    Parameters
    ----------
    days
        Pairs on which both were measured.
    dropped
        Pairs on which one or both were not.
    differing
        Pairs that differ at all.
    mean, sd
        Over the pairs; NaN without any.
    low, high
        Interval of the mean, simultaneous over the table; NaN below 30 pairs, infinite
        where the days that differ are too few.
    compared
        How many differences the interval holds for at once.
    needed
        How many pairs, in all, would let the interval leave out 0 if mean and standard
        deviation stay; None when it does, or when nothing would.
    """

    days: int
    dropped: int
    differing: int
    mean: float
    sd: float
    low: float
    high: float
    compared: int
    needed: int | None

    @property
    def judged(self) -> bool:
        """Whether there are pairs enough for an interval."""
        return self.days >= LEAST

    @property
    def side(self) -> int:
        """1 where the interval lies above 0, -1 below, 0 where it holds 0."""
        return int(self.low > 0) - int(self.high < 0)


def differences(
    columns: Sequence[Floats], *, confidence: float = CONFIDENCE, seed: int = 1
) -> list[Difference]:
    """Give the mean differences of one table, with intervals that hold together.

    Parameters
    ----------
    columns
        Differences day by day, each of shape (pairs,); NaN where nothing was measured.
    confidence
        Of all intervals together, nominal.
    seed
        Of the days that are drawn again.
    """
    if not columns:
        return []
    table = np.column_stack(columns)
    moving = np.array([_moves(column) for column in columns], dtype=bool)
    factors = np.zeros(len(columns))
    if moving.any():
        factors[moving] = critical(table[:, moving], confidence=confidence, seed=seed)
    compared = int(moving.sum())
    return [
        _difference(column, factor, compared, confidence)
        for column, factor in zip(columns, factors.tolist(), strict=True)
    ]


def _moves(column: Floats) -> bool:
    """Tell whether chance has a part in a difference, and days enough are there."""
    known = column[~np.isnan(column)]
    if len(known) < LEAST:
        return False
    return bool(known.std(ddof=1) > _STILL * abs(known.mean()))


def _difference(
    column: Floats, factor: float, compared: int, confidence: float
) -> Difference:
    known = column[~np.isnan(column)]
    days = len(known)
    mean = float(known.mean()) if days else nan
    sd = float(known.std(ddof=1)) if days > 1 else nan
    low, high = nan, nan
    if days >= LEAST:
        half = factor * sd / sqrt(days) if factor else 0.0
        low, high = mean - half, mean + half
    differing = int((known != 0).sum())
    needed = None
    if low <= 0 <= high and differing:
        usual = float(special.ndtri(1 - (1 - confidence) / 2 / max(compared, 1)))
        needed = _needed(
            mean, sd, factor if isfinite(factor) else usual, differing / days
        )
    return Difference(
        days=days,
        dropped=len(column) - days,
        differing=differing,
        mean=mean,
        sd=sd,
        low=low,
        high=high,
        compared=compared,
        needed=needed,
    )


def _needed(mean: float, sd: float, factor: float, differing: float) -> int | None:
    """Say how many pairs, in all, would tell; None for more than a million."""
    if mean == 0:
        return None
    number = max((factor * sd / mean) ** 2, LEAST_DIFFERING / differing)
    # To touch 0 is to hold it.
    return ceil(number) + 1 if number < MOST_NEEDED else None


def critical(table: Floats, *, confidence: float, seed: int) -> Floats:
    """Give how many standard errors each interval of a table reaches to each side.

    Parameters
    ----------
    table
        Differences day by day, shape (pairs, columns); NaN where nothing was measured;
        each column varies.
    confidence
        Of all intervals together.
    seed
        Of the days that are drawn again.

    Returns
    -------
    ndarray
        Shape (columns,); infinite where draws of so few days that differ tell nothing.
    """
    days, number = table.shape
    tail = (1 - confidence) / number
    draws = min(max(4000, 200 * number), MOST_DRAWS, MOST_CELLS // days)
    coarse = draws < LEAST_DRAWS or draws * tail < LEAST_IN_TAIL
    if number > MOST_COLUMNS or coarse:
        known = (~np.isnan(table)).sum(axis=0)
        return np.asarray(special.stdtrit(known - 1, 1 - tail / 2), dtype=np.float64)
    sizes = np.abs(_drawn(table, _weights(days, seed)[:draws]))
    order = np.argsort(sizes, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(len(sizes))[:, None], axis=0)
    # The rank that so large a share of the draws keeps in all columns at once.
    worst = np.sort(ranks.max(axis=1))
    cut = int(worst[min(ceil(confidence * (len(sizes) + 1)) - 1, len(sizes) - 1)])
    return np.asarray(np.sort(sizes, axis=0)[cut], dtype=np.float64)


def _drawn(table: Floats, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the t of each column in each draw, shape (draws, columns).

    A draw in which a column does not vary has an infinite one.
    """
    known = ~np.isnan(table)
    centre = np.nanmean(table, axis=0)
    scale = np.nanstd(table, axis=0)
    scaled = np.where(known, (table - centre) / scale, 0.0).astype(np.float32)
    number = weights @ known.astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (weights @ scaled) / number
        spread = (weights @ scaled**2) / number - mean**2
        t = mean * np.sqrt((number - 1) / spread)
    return np.where((spread > _FLAT) & (number > 1), t, np.float32(inf))


@lru_cache(1)
def _weights(days: int, seed: int) -> NDArray[np.float32]:
    """Draw how often each day is in each draw; the same for all tables of a study."""
    draws = min(MOST_DRAWS, MOST_CELLS // days)
    chance = np.random.default_rng([seed, days])
    drawn = chance.multinomial(days, np.full(days, 1 / days), size=draws)
    weights = drawn.astype(np.float32)
    weights.flags.writeable = False
    return weights


def variance_factor(one: Floats, other: Floats) -> float:
    """Give how many times more days independent chance would need for a difference.

    The variance of a difference under independent chance, var(one) + var(other), over
    the one seen on common chance; infinite where the difference never varies, NaN
    where neither does.

    Parameters
    ----------
    one, other
        The measure on each pair, shape (pairs,).
    """
    known = ~np.isnan(one) & ~np.isnan(other)
    if known.sum() < 2:
        return nan
    one, other = one[known], other[known]
    alone = float(one.var(ddof=1) + other.var(ddof=1))
    paired = float((one - other).var(ddof=1))
    if paired <= _STILL**2 * alone:
        return inf if alone else nan
    return alone / paired
