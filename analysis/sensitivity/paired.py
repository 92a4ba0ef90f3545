"""Changes on the same days: paired differences with intervals."""

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.interval import mean_interval
from analysis.target import LEAST

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of an outcome, on the same days.

    Parameters
    ----------
    mean
        Of the paired differences; NaN when there are none.
    low, high
        Its interval; NaN below 30 days.
    days
        On which both were measured.
    """

    mean: float
    low: float
    high: float
    days: int


def change(before: Floats, after: Floats, confidence: float, *, held: bool) -> Change:
    """Compare an outcome on the same days.

    Parameters
    ----------
    before, after
        Day by day, shape (days,); NaN when nothing was measured.
    confidence
        Of the interval.
    held
        Whether they are 0 and 1; then the interval is that of Bonett and Price (2012)
        for the difference of paired shares, which does not shrink to nothing when no
        day differs. Else Student's, which is nominal.
    """
    both = after - before
    both = both[~np.isnan(both)]
    days = len(both)
    low, high = nan, nan
    if days >= LEAST:
        interval = _shares_interval if held else mean_interval
        low, high = interval(both, confidence)
    mean = float(both.mean()) if days else nan
    return Change(mean=mean, low=low, high=high, days=days)


def _shares_interval(both: Floats, confidence: float) -> tuple[float, float]:
    """Give Bonett and Price's interval: a day is added to either kind of change."""
    days = len(both) + 2
    gained, lost = ((both > 0).sum() + 1) / days, ((both < 0).sum() + 1) / days
    centre = gained - lost
    half = float(special.ndtri((1 + confidence) / 2))
    half *= sqrt((gained + lost - centre**2) / days)
    return float(max(centre - half, -1.0)), float(min(centre + half, 1.0))
