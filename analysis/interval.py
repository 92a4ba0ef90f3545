"""Intervals: over replications, never over voters or incidents."""

from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

MOST_TRIALS = 1_000_000


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


def trials_to_tell(
    successes: int, trials: int, share: float, confidence: float
) -> int | None:
    """Say how many trials in all would tell a share from another, if it stays as it is.

    Parameters
    ----------
    successes, trials
        Seen so far.
    share
        The one from which it is to be told.
    confidence
        Of the exact interval that is to leave it out.

    Returns
    -------
    int or None
        None when that would take more than a million, or for ever.
    """

    def tells(number: int) -> bool:
        hits = round(successes / trials * number)
        low, high = proportion_interval(hits, number, confidence)
        return low >= share or high < share

    least, most = trials, trials
    while not tells(most):
        least, most = most, 2 * most
        if most > MOST_TRIALS:
            return None
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if tells(middle) else (middle, most)
    return most


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
