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

from analysis.staff.bound import Bounds

# Days on which a target measures nothing do not count for it; so many times the days
# of the plan of looks are played at most, for those that do.
MOST_TIMES = 4
Held = NDArray[np.bool_]


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
