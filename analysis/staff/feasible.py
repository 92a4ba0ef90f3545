"""The final choice: the cheapest candidate that meets every target, with a guarantee.

Cost is known; whether a target is met (it holds on at least the share of days asked)
is a share of Bernoulli days against a threshold. Candidates are tested in order of
cost, on days that no search has seen, each in stages with exact binomial
probabilities, until one is accepted. The error is split over the candidates, so that
whatever is chosen

- misses target t with probability 1 - confidence of t at most, and
- of the cheaper candidates that meet every target with a stated margin to spare, one
  was passed over with a probability of 1 - confidence at most.

Between threshold and margin either answer is right (an indifference zone). Sources:
Batur and Kim 2010, ACM TOMACS 20(3), article 13 (feasibility check under several
constraints, error split over systems and constraints); Andradóttir and Kim 2010, Naval
Research Logistics 57:403-421 (constrained selection); Lan and DeMets 1983, Biometrika
70:659-663 (error spent look by look); the boundaries are our own, exact for shares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.interval import proportion_interval
from analysis.target import LEAST

STEP = 1.35
MOST_DAYS = 50_000
# Days on which a target measures nothing do not count for it; so many times the days
# of the plan of looks are played at most, for those that do.
MOST_TIMES = 4
Floats = NDArray[np.float64]
Held = NDArray[np.bool_]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What came of one candidate.

    Parameters
    ----------
    candidate
        Its place in the list.
    accepted
        Whether it is taken to meet every target.
    days
        Days played.
    stopped_by
        Place of the target that rejected it; None when it was accepted, or when the
        days did not tell.
    short
        Whether there were no more days to be had.
    """

    candidate: int
    accepted: bool
    days: int
    stopped_by: int | None
    short: bool = False

    @property
    def word(self) -> str:
        """``accepted``, ``rejected`` or ``not told``."""
        told = "not told" if self.stopped_by is None else "rejected"
        return "accepted" if self.accepted else told


class Short(Exception):  # noqa: N818 - no error: the budget is spent
    """No more days can be had."""


# The days of a candidate up to a number: for each target whether it held, on the days
# on which there was something to measure.
Sample = Callable[[int, int], Sequence[Held]]
Confirm = Callable[[int, int], bool]


def choose(
    candidates: int,
    bounds: Sequence[Bounds],
    sample: Sample,
    confirm: Confirm = lambda candidate, days: True,
) -> list[Test]:
    """Test candidates in their order until one is accepted.

    Parameters
    ----------
    candidates
        How many there are, the cheapest first.
    bounds
        Of each target.
    sample
        Gives the days of a candidate, or raises `Short`.
    confirm
        Asked before one is accepted; when it says no, more days are played.
    """
    found: list[Test] = []
    for candidate in range(candidates):
        found.append(_test(candidate, bounds, sample, confirm))
        if found[-1].accepted or found[-1].short:
            break
    return found


def _test(
    candidate: int, bounds: Sequence[Bounds], sample: Sample, confirm: Confirm
) -> Test:
    looks = bounds[0].looks
    extra = tuple(looks[-1] * times for times in range(2, MOST_TIMES + 1))
    before = 0
    for days in (*looks, *extra):
        try:
            held = sample(candidate, days)
        except Short:
            return _ended(candidate, before, short=True)
        stands = [_stand(one, h) for one, h in zip(bounds, held, strict=True)]
        if -1 in stands:
            return _ended(candidate, days, stopped_by=stands.index(-1))
        if all(stand == 1 for stand in stands) and confirm(candidate, days):
            return _ended(candidate, days, accepted=True)
        if days >= looks[-1] and min(len(h) for h in held) in (0, days):
            break  # more days would not tell more
        before = days
    return _ended(candidate, days)


def _ended(
    candidate: int,
    days: int,
    *,
    accepted: bool = False,
    stopped_by: int | None = None,
    short: bool = False,
) -> Test:
    return Test(
        candidate=candidate,
        accepted=accepted,
        days=days,
        stopped_by=stopped_by,
        short=short,
    )


def _stand(bounds: Bounds, held: Held) -> int:
    """Tell how a target stands: 1 accepted at the last look, -1 rejected, else 0."""
    stand = 0
    count = np.cumsum(held)
    for look, accept, reject in zip(
        bounds.looks, bounds.accept, bounds.reject, strict=True
    ):
        if look > len(held):
            break
        number = int(count[look - 1])
        if number <= reject:
            return -1
        stand = int(number >= accept)
    return stand


def spare(asked: Asked) -> float:
    """Give the share of days with the whole zone to spare."""
    return min(asked.share + asked.zone, 1.0)
