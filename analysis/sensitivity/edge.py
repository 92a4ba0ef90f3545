"""Break-even: the level of an input at which a target ceases to be met.

The share of days on which it holds is looked at on the same days at every level, so it
is a step function of the level. Where its exact interval lies above the share asked
for, the target is met, below it is missed: the levels between the two edges are those
that the days cannot tell from the true break-even.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import nan

import numpy as np

from analysis.interval import proportion_interval
from analysis.target import LEAST

CELLS = 64
_COARSE = range(0, CELLS + 1, CELLS // 4)
# Days on which it held, and days on which there was something to measure, by cell.
Counts = Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where a target ceases to be met, as far as the days tell.

    Parameters
    ----------
    verdict
        ``holds`` or ``fails`` over the whole span, ``breaks`` at one level, ``varies``
        when it is crossed more than once, ``unknown`` when nothing was measured.
    held, broken
        The last cell at which the share asked for is reached and the next one, at
        which it is not, of 64; NaN where there is none.
    met, missed
        The cells nearest to it at which the target is met, and missed; NaN where it is
        at none, or below 30 days.
    monotone
        Whether the share only falls, or only rises, over the levels looked at.
    least, most
        The least and the greatest share of days at the levels looked at.
    """

    verdict: str
    held: float
    broken: float
    met: float
    missed: float
    monotone: bool
    least: float
    most: float


def wanted(counts: Counts, asked: float, confidence: float) -> set[int]:
    """Say at which cells to look next; none when all edges are found.

    Parameters
    ----------
    counts
        What has been seen.
    asked, confidence
        Of the target.
    """
    if not counts:
        return set(_COARSE)
    found: set[int] = set()
    for state in _states(counts, asked, confidence):
        for one, two in pairwise(sorted(state)):
            if state[one] != state[two] and two - one > 1:
                found.add((one + two) // 2)
    return found


def _states(
    counts: Counts, asked: float, confidence: float
) -> Iterator[dict[int, bool]]:
    """Tell of each cell: share reached; met; not missed."""
    measured = {cell: seen for cell, seen in counts.items() if seen[1]}
    yield {cell: held / days >= asked for cell, (held, days) in measured.items()}
    surely = {c: seen for c, seen in measured.items() if seen[1] >= LEAST}
    ends = {c: proportion_interval(*seen, confidence) for c, seen in surely.items()}
    yield {cell: low >= asked for cell, (low, _) in ends.items()}
    yield {cell: high >= asked for cell, (_, high) in ends.items()}


def edge_of(
    counts: Counts, asked: float, confidence: float, nominal: float = nan
) -> Edge:
    """Give the edge that is nearest to how the scenario is written.

    Parameters
    ----------
    counts
        What has been seen, at all cells that were `wanted`.
    asked, confidence
        Of the target.
    nominal
        Cell of the level at which the scenario is as written.
    """
    reached, met, not_missed = _states(counts, asked, confidence)
    shares = np.array([counts[cell][0] / counts[cell][1] for cell in sorted(reached)])
    steps = np.diff(shares)
    pairs = pairwise(sorted(reached))
    crossings = [(a, b) for a, b in pairs if reached[a] != reached[b]]
    held = broken = above = below = nan
    if crossings:
        centre = CELLS / 2 if np.isnan(nominal) else nominal
        pair = min(crossings, key=lambda pair: abs(sum(pair) / 2 - centre))
        held, broken = pair if reached[pair[0]] else pair[::-1]
        above = _nearest([c for c, yes in met.items() if yes], held, broken)
        below = _nearest([c for c, no in not_missed.items() if not no], broken, held)
    return Edge(
        verdict=_verdict(reached, len(crossings)),
        held=float(held),
        broken=float(broken),
        met=above,
        missed=below,
        monotone=bool((steps >= 0).all() or (steps <= 0).all()),
        least=float(shares.min(initial=np.inf)) if reached else nan,
        most=float(shares.max(initial=-np.inf)) if reached else nan,
    )


def _verdict(reached: Mapping[int, bool], crossings: int) -> str:
    if crossings:
        return "breaks" if crossings == 1 else "varies"
    if not reached:
        return "unknown"
    return "holds" if all(reached.values()) else "fails"


def _nearest(cells: Sequence[int], from_: float, other: float) -> float:
    """Give the cell nearest to one, on the side away from the other; NaN for none."""
    side = 1 if from_ > other else -1
    beyond = [cell for cell in cells if (cell - from_) * side >= 0]
    return float(min(beyond, key=lambda cell: abs(cell - from_), default=nan))
