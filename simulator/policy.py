"""Policies: who is chosen. Functions in a table, all with one signature.

A policy is asked who is to fill the open slots of one incident, and answers with a
candidate, or None, for each. It knows what a dispatcher knows: `Call`, `Candidate`
and `View` hold no number that chance has drawn for what is still to come.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, Protocol

import numpy as np

from simulator.log import Status
from simulator.stream import Floats

MOST_RUNNERS = 3
SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a policy may know of an incident.

    Parameters
    ----------
    incident, type, place, area
        Names; the area is empty where the place has none.
    priority
        As it counts now, aged.
    level
        1 is the first.
    needs
        The skill of each open slot.
    waited
        Minutes since the report.
    listed
        The units on the list of its place or area, in order of preference.
    """

    incident: str
    type: str
    place: str
    area: str
    priority: int
    level: int
    needs: tuple[str, ...]
    waited: float
    listed: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """What a policy may know of a unit that could be sent.

    Parameters
    ----------
    unit
        Its name.
    order
        Its place in the file.
    status
        What it is doing.
    skills, areas
        What it can do; its home areas.
    clearing
        True at the moment at which it ends its last job.
    estimate
        Expected minutes to arrival, from what is known: never a drawn time. For a
        unit on scene with the expected rest of its work.
    """

    unit: str
    order: int
    status: Status
    skills: frozenset[str]
    areas: frozenset[str]
    clearing: bool
    estimate: float


class View(Protocol):
    """What a dispatcher sees of the world beyond the candidates."""

    @property
    def now(self) -> float:
        """Minutes from the scenario's start."""

    @property
    def within(self) -> float:
        """Minutes within which a place counts as covered."""

    def loss(self, unit: str) -> float:
        """Weight of the places that this free unit alone covers."""


Choice = Sequence[Candidate | None]
Policy = Callable[[Call, Sequence[Candidate], View], Choice]


def rank(candidate: Candidate) -> tuple[float, int]:
    """Order by estimate; equal estimates go by the order in the file."""
    return candidate.estimate, candidate.order


def nearest(call: Call, candidates: Sequence[Candidate], view: View) -> Choice:
    """Fill most slots, of these ways the least sum of estimates."""
    if len(call.needs) == 1:
        able = [c for c in candidates if call.needs[0] in c.skills]
        return [min(able, key=rank, default=None)]
    if len(set(call.needs)) == 1:
        able = sorted((c for c in candidates if call.needs[0] in c.skills), key=rank)
        return [able[i] if i < len(able) else None for i in range(len(call.needs))]
    return _several_skills(call, candidates)


def nearest_idle(call: Call, candidates: Sequence[Candidate], view: View) -> Choice:
    """Choose as `nearest`, but not units on their way back, except as they clear."""
    away = (Status.RETURNING, Status.MOVING)
    idle = [c for c in candidates if c.status not in away or c.clearing]
    return nearest(call, idle, view)


def home_area(call: Call, candidates: Sequence[Candidate], view: View) -> Choice:
    """Units of the area by estimate, then the list in its order, else nobody."""
    place = {unit: i for i, unit in enumerate(call.listed, start=1)}

    def preference(candidate: Candidate) -> tuple[float, float, int]:
        if call.area and call.area in candidate.areas:
            return (0, *rank(candidate))
        return (place.get(candidate.unit, inf), *rank(candidate))

    known = [c for c in candidates if preference(c)[0] < inf]
    return _one_by_one(call, known, lambda left: min(left, key=preference))


def keep_cover(call: Call, candidates: Sequence[Candidate], view: View) -> Choice:
    """Of those that arrive in time the one whose leaving uncovers least."""

    def best(left: Sequence[Candidate]) -> Candidate:
        timely = [c for c in left if c.estimate <= view.within]
        if not timely:
            return min(left, key=rank)
        losses = {c.unit: view.loss(c.unit) for c in timely}
        least = min(losses.values()) + SAME
        return min((c for c in timely if losses[c.unit] <= least), key=rank)

    return _one_by_one(call, candidates, best)


def nearest_or_busy(call: Call, candidates: Sequence[Candidate], view: View) -> Choice:
    """Choose the least estimate, units on scene with the rest of their work too."""

    def least(candidate: Candidate) -> tuple[float, bool, int]:
        busy = candidate.status == Status.ON_SCENE
        return candidate.estimate, busy, candidate.order

    return _one_by_one(call, candidates, lambda left: min(left, key=least))


POLICIES: dict[str, Policy] = {
    "nearest": nearest,
    "nearest-idle": nearest_idle,
    "home-area": home_area,
    "keep-cover": keep_cover,
    "nearest-or-busy": nearest_or_busy,
}
# Policies to which units on scene are shown too.
WEIGH_BUSY: frozenset[Policy] = frozenset({nearest_or_busy})


def _one_by_one(
    call: Call,
    candidates: Sequence[Candidate],
    best: Callable[[Sequence[Candidate]], Candidate],
) -> Choice:
    chosen: list[Candidate | None] = []
    taken: set[str] = set()
    for skill in call.needs:
        left = [c for c in candidates if skill in c.skills and c.unit not in taken]
        pick = best(left) if left else None
        if pick is not None:
            taken.add(pick.unit)
        chosen.append(pick)
    return chosen


def _several_skills(call: Call, candidates: Sequence[Candidate]) -> Choice:
    """Assign units to slots of several skills, not greedily."""
    number = len(call.needs)
    ranked = sorted(candidates, key=rank)
    useful: dict[str, Candidate] = {}
    for skill in set(call.needs):
        able = [c for c in ranked if skill in c.skills][:number]
        useful.update((c.unit, c) for c in able)
    able = sorted(useful.values(), key=rank)
    cost = [[c.estimate if s in c.skills else inf for c in able] for s in call.needs]
    return [None if i is None else able[i] for i in least_total(cost)]


def least_total(cost: Sequence[Sequence[float]]) -> list[int | None]:
    """Assign columns to rows: most rows filled, of these ways the least sum.

    Parameters
    ----------
    cost
        A row for each slot or place, a column for each unit; infinite: cannot.

    Returns
    -------
    list
        The column of each row, or None. Of ways with equal sums (to 1e-9) the one
        that gives the first row its least column, the first of equal ones; then the
        second row, and so on.
    """
    if not cost or not cost[0]:
        return [None] * len(cost)
    table = np.array(cost, dtype=float)
    finite = np.isfinite(table)
    # Leaving a row open costs more than any way of filling the others.
    table[~finite] = far = (table[finite].max(initial=0.0) + 1) * (len(cost) + 1)
    chosen: list[int | None] = []
    for row in range(len(cost)):
        column = _first_of_best(table[row:], far)
        if column is not None:
            # The column is taken: no other row may have it.
            table[row + 1 :, column] = far
        chosen.append(column)
    return chosen


def _first_of_best(table: Floats, far: float) -> int | None:
    """Give the first row its least column that leaves the best sum possible."""
    most_open, best = _sum(table, far)
    for column in np.argsort(table[0], kind="stable").tolist():
        own = float(table[0, column])
        if own >= far:
            break
        rest = table[1:].copy()
        rest[:, column] = far
        left_open, total = _sum(rest, far)
        if left_open == most_open and own + total <= best + SAME:
            return int(column)
    return None


def _sum(table: Floats, far: float) -> tuple[int, float]:
    """Give how many rows stay open at best, and then the least sum of the others."""
    from scipy.optimize import linear_sum_assignment

    costs = table[linear_sum_assignment(table)]
    filled = costs[costs < far]
    return len(table) - len(filled), float(np.sum(filled))
