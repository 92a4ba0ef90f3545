# Confidence intervals from the batches of one long run, and the exact values to meet.

from collections.abc import Mapping
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


def interval(means: Floats, together: int = 1) -> Interval:
    """Make the interval of a mean from independent values of it.

    Parameters
    ----------
    means
        Shape (n,).
    together
        So many intervals are looked at together; they all hold at 99.9 %
        (Bonferroni).
    """
    level = 1 - (1 - LEVEL) / together
    wide = stats.t.ppf((1 + level) / 2, len(means) - 1)
    half = float(wide * means.std(ddof=1) / sqrt(len(means)))
    middle = float(means.mean())
    return Interval(middle - half, middle + half)


def missed(
    exact: Mapping[str, float], found: Mapping[str, Floats]
) -> dict[str, tuple[float, Interval]]:
    """Name the exact values that lie outside their intervals.

    The intervals hold all together at 99.9 %: if the engine is right, one run in a
    thousand names something.
    """
    intervals = {name: interval(found[name], len(exact)) for name in exact}
    return {
        name: (value, intervals[name])
        for name, value in exact.items()
        if value not in intervals[name]
    }


def of_batches(times: Floats, values: Floats, begin: float, end: float) -> Interval:
    """Cut a run in stretches of time, after a warm-up, and compare their means."""
    edges = np.linspace(begin, end, BATCHES + 1)
    batch = np.searchsorted(edges, times, side="right") - 1
    means = [values[batch == k].mean() for k in range(BATCHES)]
    return interval(np.array(means))
