"""Intervals: over replications, never over voters or incidents."""

from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special


def proportion_interval(
    successes: int, trials: int, confidence: float
) -> tuple[float, float]:
    """Give the exact (Clopper-Pearson) interval of a share; it never falls short.

    Parameters
    ----------
    successes, trials
        Counts.
    confidence
        Coverage, such as 0.95.
    """
    tail = (1 - confidence) / 2
    low = (
        0.0
        if successes == 0
        else float(special.betaincinv(successes, trials - successes + 1, tail))
    )
    high = (
        1.0
        if successes == trials
        else float(special.betaincinv(successes + 1, trials - successes, 1 - tail))
    )
    return low, high


def mean_interval(
    values: NDArray[np.float64], confidence: float
) -> tuple[float, float]:
    """Give the Student t interval of a mean over replications (nominal coverage).

    Parameters
    ----------
    values
        Finite values, one a replication, shape (replications,).
    """
    number = len(values)
    if number < 2:
        return -inf, inf
    half = float(special.stdtrit(number - 1, (1 + confidence) / 2))
    half *= float(values.std(ddof=1)) / sqrt(number)
    centre = float(values.mean())
    return centre - half, centre + half
