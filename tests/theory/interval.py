# Confidence intervals from the batches of one long run, and the exact values to meet.

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.999
BATCHES = 30
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An interval at 99.9 %, by the t law over the means of batches."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def interval(means: Floats) -> Interval:
    """Make the interval of a mean from independent values of it."""
    wide = stats.t.ppf((1 + LEVEL) / 2, len(means) - 1)
    half = float(wide * means.std(ddof=1) / sqrt(len(means)))
    middle = float(means.mean())
    return Interval(middle - half, middle + half)


def of_batches(times: Floats, values: Floats, begin: float, end: float) -> Interval:
    """Cut a run in stretches of time, after a warm-up, and compare their means."""
    edges = np.linspace(begin, end, BATCHES + 1)
    batch = np.searchsorted(edges, times, side="right") - 1
    means = [values[batch == k].mean() for k in range(BATCHES)]
    return interval(np.array(means))
