"""Exchanges: less of one choice, made good by another, where that is cheaper."""

from itertools import permutations

from analysis.staff.choice import Candidate, Space

MOST_PAIRED = 6  # so few choices are exchanged each for each


def exchanges(space: Space, at: Candidate) -> list[Candidate]:
    """Give the plans that lower one choice a step and change another, cheaper.

    Parameters
    ----------
    space
        The plans.
    at
        The plan from which it goes.

    Returns
    -------
    list of Candidate
        The cheapest first.
    """
    found = set()
    for down, other in permutations(range(len(at)), 2):
        if at[down] and _related(space, down, other):
            lower = changed(at, down, at[down] - 1)
            found |= {changed(lower, other, i) for i in _beside(space, at, other)}
    cost = space.cost(at) - 1e-9
    return sorted((c for c in found if space.cost(c) < cost), key=space.rank)


def changed(candidate: Candidate, place: int, value: int) -> Candidate:
    """Give a plan with another value of one choice."""
    return (*candidate[:place], value, *candidate[place + 1 :])


def _related(space: Space, down: int, other: int) -> bool:
    """Tell whether one choice may make up for another: at one station, or none."""
    options = space.options
    places = [getattr(options[i].choice, "station", None) for i in (down, other)]
    return len(options) <= MOST_PAIRED or places[0] == places[1]


def _beside(space: Space, at: Candidate, place: int) -> list[int]:
    """Give the values that one choice may have in exchange."""
    option = space.options[place]
    if not option.counts:
        return [i for i in range(len(option.values)) if i != at[place]]
    return [at[place] + 1] if at[place] + 1 < len(option.values) else []
