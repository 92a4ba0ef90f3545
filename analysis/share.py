"""Shares of the same days: on how many something held, on one side and the other."""

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.difference import CONFIDENCE, MOST_NEEDED
from analysis.target import LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareDifference:
    """The difference of two shares of the same days.

    Parameters
    ----------
    days
        Pairs.
    gained, lost
        Days that held in the one only, and in the other only.
    low, high
        Interval of the difference of shares, see `share_difference`; NaN below 30.
    p
        Of McNemar's exact test, for this difference alone; NaN below 30.
    compared
        How many differences the interval holds for at once.
    needed
        As of `Difference`.
    """

    days: int
    gained: int
    lost: int
    low: float
    high: float
    p: float
    compared: int
    needed: int | None

    @property
    def mean(self) -> float:
        """The difference of the shares; NaN without days."""
        return (self.gained - self.lost) / self.days if self.days else nan

    @property
    def differing(self) -> int:
        """Days that held in one of the two only."""
        return self.gained + self.lost

    @property
    def judged(self) -> bool:
        """Whether there are pairs enough for an interval."""
        return self.days >= LEAST

    @property
    def side(self) -> int:
        """1 where the interval lies above 0, -1 below, 0 where it holds 0."""
        return int(self.low > 0) - int(self.high < 0)


def share_difference(
    one: NDArray[np.bool_],
    other: NDArray[np.bool_],
    *,
    compared: int = 1,
    confidence: float = CONFIDENCE,
) -> ShareDifference:
    """Compare on how many of the same days something held.

    The interval is Bonett and Price's (2012, JEBS 37), the level divided by how many
    are compared: one day is added to either kind of days that differ.

    Parameters
    ----------
    one, other
        Whether it held, shape (pairs,).
    compared
        How many such differences are to hold at once.
    confidence
        Of all of them together, nominal.
    """
    days = len(one)
    gained, lost = int((one & ~other).sum()), int((other & ~one).sum())
    level = 1 - (1 - confidence) / max(compared, 1)
    low = high = p = nan
    if days >= LEAST:
        low, high = share_interval(gained, lost, days, level)
        fewer = float(special.bdtr(min(gained, lost), gained + lost, 0.5))
        p = min(1.0, 2 * fewer)
    needed = None
    if low <= 0 <= high and gained != lost:
        needed = _trials(gained / days, lost / days, days, level)
    return ShareDifference(
        days=days,
        gained=gained,
        lost=lost,
        low=low,
        high=high,
        p=p,
        compared=compared,
        needed=needed,
    )


def share_interval(
    gained: float, lost: float, days: int, level: float
) -> tuple[float, float]:
    """Give Bonett and Price's interval of a difference of paired shares.

    Parameters
    ----------
    gained, lost
        Days that held in one only, and in the other only.
    days
        Pairs.
    level
        Confidence of this interval alone.
    """
    up, down = (gained + 1) / (days + 2), (lost + 1) / (days + 2)
    half = float(special.ndtri((1 + level) / 2))
    half *= sqrt((up + down - (up - down) ** 2) / (days + 2))
    return max(up - down - half, -1.0), min(up - down + half, 1.0)


def _trials(gained: float, lost: float, days: int, level: float) -> int | None:
    """Say how many pairs, in all, would leave 0 out if the shares stay."""

    def tells(number: int) -> bool:
        low, high = share_interval(gained * number, lost * number, number, level)
        return low > 0 or high < 0

    least, most = days, days
    while not tells(most):
        least, most = most, 2 * most
        if most > MOST_NEEDED:
            return None
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if tells(middle) else (middle, most)
    return most
