"""Which of the plans that were looked at are worth a test in the final choice."""

from analysis.staff.choice import Candidate, Space
from analysis.staff.score import FEW, Scores

LISTED = 8  # at most
NEAR = -0.25  # of the zone below what is asked: still worth a test
APART = 0.2  # of the zone by which a dearer plan must be surer to be listed, too


def listing(space: Space, scores: Scores, generous: Candidate) -> tuple[Candidate, ...]:
    """List plans, the cheapest first: of the dearer ones only those that did better.

    Parameters
    ----------
    space
        The plans.
    scores
        How those that were looked at did.
    generous
        The plan with most of all; it is listed in any case.
    """
    listed: list[Candidate] = []
    margins = {c: s.margin(scores.asked) for c, s in scores.scores().items()}
    near = [c for c in margins if scores.score(c).days >= FEW and margins[c] >= NEAR]
    for candidate in sorted(near, key=space.rank):
        if not listed or margins[candidate] >= margins[listed[-1]] + APART:
            listed.append(candidate)
    others = [candidate for candidate in listed if candidate != generous]
    # It need not be the dearest: a value may cost more and be no number.
    return tuple(sorted([*others[: LISTED - 1], generous], key=space.rank))
