"""Boundaries of a share of days against a threshold, look by look, with exact errors.

Accepted at the upper one, rejected at the lower one; the errors are spent evenly over
the days (Lan and DeMets 1983, Biometrika 70:659-663).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.interval import proportion_interval
from analysis.target import LEAST

STEP = 1.35
MOST_DAYS = 50_000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of one target.

    Parameters
    ----------
    share
        Of days on which it must hold.
    confidence
        Of the verdict.
    zone
        Who holds on so much more of the days is passed over with small probability.
    """

    share: float
    confidence: float
    zone: float

    @property
    def error(self) -> float:
        """How likely a wrong verdict may be."""
        return 1.0 - self.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """When a target is accepted or rejected, look by look.

    Parameters
    ----------
    looks
        Days at each look.
    accept
        Accepted from so many days held on; one more than the days: never.
    reject
        Rejected at so many days held or fewer; -1: never.
    wrongly
        Exact probability that a target exactly at the share asked is accepted.
    over
        Exact probability that one with the whole zone to spare is rejected, at most.
    """

    looks: tuple[int, ...]
    accept: tuple[int, ...]
    reject: tuple[int, ...]
    wrongly: float
    over: float


def looks_to(most: int) -> tuple[int, ...]:
    """Give the looks up to a number of days, each a third more than the last."""
    found, number = [], float(LEAST)
    while number < most / 1.1:
        found.append(round(number))
        number *= STEP
    return (*found, max(most, LEAST))


def bounds_for(asked: Asked, looks: Sequence[int], alpha: float, beta: float) -> Bounds:
    """Place the boundaries of one target, spending its errors evenly over the days.

    Parameters
    ----------
    asked
        Of the target.
    looks
        Days at each look.
    alpha, beta
        Errors: to accept what misses, to reject what has the zone to spare. The first
        is kept for any looks; whether the second is, `over` says.
    """
    low = _Walk(asked.share)
    high = _Walk(min(asked.share + asked.zone, 1.0))
    accept, reject = [], []
    for days in looks:
        low.to(days)
        high.to(days)
        part = days / looks[-1]
        least = max(low.least(alpha * part), _met(days, asked))
        most = least - 1 if days == looks[-1] else high.most(beta * part)
        most = min(most, least - 1)
        high.stop(slice(0, most + 1))
        low.drop(slice(0, most + 1))
        low.stop(slice(least, None))
        accept.append(least)
        reject.append(most)
    return Bounds(
        looks=tuple(looks),
        accept=tuple(accept),
        reject=tuple(reject),
        wrongly=low.stopped,
        over=high.stopped,
    )


class _Walk:
    """Probabilities of days held, for those who go on, at one share of days."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._days = 0
        self._mass: Floats = np.ones(1)
        self.stopped = 0.0

    def to(self, days: int) -> None:
        """Go on to a number of days."""
        more = days - self._days
        step = stats.binom.pmf(np.arange(more + 1), more, self._share)
        self._mass = np.convolve(self._mass, step)
        self._days = days

    def least(self, error: float) -> int:
        """Give the least number to stop from without spending more than this in all."""
        tail = np.cumsum(self._mass[::-1])[::-1]
        fits = np.flatnonzero(tail <= error - self.stopped + 1e-15)
        return int(fits[0]) if len(fits) else self._days + 1

    def most(self, error: float) -> int:
        """Give the greatest number to stop up to without spending more in all."""
        fits = np.flatnonzero(np.cumsum(self._mass) <= error - self.stopped + 1e-15)
        return int(fits[-1]) if len(fits) else -1

    def stop(self, part: slice) -> None:
        """Stop those in a range; count them."""
        self.stopped += float(self._mass[part].sum())
        self.drop(part)

    def drop(self, part: slice) -> None:
        """Stop those in a range, uncounted."""
        self._mass[part] = 0.0


def _met(days: int, asked: Asked) -> int:
    """Give the least days held of which a run of so many days says that it is met."""
    low, high = 0, days + 1
    while high - low > 1:
        middle = (low + high) // 2
        met = proportion_interval(middle, days, asked.confidence)[0] >= asked.share
        low, high = (low, middle) if met else (middle, high)
    return high


def plan_looks(asked: Sequence[Asked], candidates: int) -> tuple[Bounds, ...]:
    """Give the boundaries of every target, with as few days as keep all errors.

    Parameters
    ----------
    asked
        Of each target.
    candidates
        How many may be tested at most; the errors are split over them.

    Returns
    -------
    tuple of Bounds
        Of each target, all with the same looks.
    """
    number = float(LEAST)
    while True:
        looks = looks_to(round(number))
        found = tuple(
            bounds_for(
                one, looks, one.error / candidates, one.error / candidates / len(asked)
            )
            for one in asked
        )
        kept = (
            bounds.over <= one.error / candidates / len(asked) + 1e-12
            for bounds, one in zip(found, asked, strict=True)
        )
        if all(kept) or number >= MOST_DAYS:
            return found
        number *= 1.08
