"""Incident rates from counts: exact intervals, and whether days differ by more."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Counts = NDArray[np.int64]


def rate_interval(
    count: int, exposure: float, confidence: float = 0.95
) -> tuple[float, float]:
    """Give the exact (Garwood) interval of a Poisson rate; it never falls short.

    Parameters
    ----------
    count
        Events seen.
    exposure
        How long was looked, such as hours.
    confidence
        Coverage.

    Returns
    -------
    float, float
        Events a unit of exposure.
    """
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(stats.chi2.ppf(tail, 2 * count)) / 2
    high = float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2
    return low / exposure, high / exposure


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Whether the counts of days differ by more than chance would have them.

    Parameters
    ----------
    index
        Variance over mean; 1 where chance alone is at work.
    p
        How often chance alone gives as much or more.
    """

    index: float
    p: float

    @property
    def over(self) -> bool:
        """Tell whether days differ by more than chance."""
        return self.p < 0.01


def dispersion(counts: Counts) -> Dispersion:
    """Test counts of days for over-dispersion (Fisher's index of dispersion).

    Parameters
    ----------
    counts
        Of each day, shape (days,); two or more.
    """
    mean, days = float(counts.mean()), len(counts)
    if days < 2 or mean == 0:
        return Dispersion(1.0, 1.0)
    chi2 = float(((counts - mean) ** 2).sum() / mean)
    return Dispersion(chi2 / (days - 1), float(stats.chi2.sf(chi2, days - 1)))


def spread_of_days(counts: Counts) -> float:
    """Give the cv of the rate from day to day, and of its estimate, together.

    The first is what the counts differ by beyond chance; the second is what so many
    counts leave open.

    Parameters
    ----------
    counts
        Of each day, shape (days,).
    """
    total, mean = float(counts.sum()), float(counts.mean())
    found = dispersion(counts)
    index = max(found.index, 1.0) if found.over else 1.0
    return float(np.sqrt(max((index - 1) / mean, 0.0) + index / total))


def empty_by_chance(counts: Counts, empty: int) -> float:
    """Say how likely so many days without a call are, by the days that have some.

    Parameters
    ----------
    counts
        Of the days with calls, shape (days,), all at least 1.
    empty
        Days without, between the first and the last.

    Returns
    -------
    float
        Chance of so many or more, if calls come by chance at one rate.
    """
    mean = float(counts.mean())
    if empty == 0:
        return 1.0
    rate = 1e-9
    if mean > 1 + 1e-6:
        # Of Poisson counts that are not zero the mean is rate / (1 - exp(-rate)).
        rate = float(
            optimize.brentq(lambda r: r / -np.expm1(-r) - mean, 1e-9, mean + 1)
        )
    none = float(np.exp(-rate))
    return float(stats.binom.sf(empty - 1, len(counts) + empty, none))


def worst_ratio(low: float, high: float) -> float:
    """Give how many times the upper end of an interval is the lower."""
    return high / low if low > 0 else inf
