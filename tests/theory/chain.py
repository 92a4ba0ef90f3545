# Markov chains solved by linear algebra: what a small queue does in the long run. No
# simulation, and nothing of the engine.

from collections.abc import Callable, Hashable, Iterable
from math import factorial
from typing import TypeVar

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import spsolve

State = TypeVar("State", bound=Hashable)
Moves = Callable[[State], Iterable[tuple[State, float]]]


def stationary(start: State, moves: Moves[State]) -> dict[State, float]:
    """Give the share of time in each state that can be reached from the first.

    Parameters
    ----------
    start
        A state to which the chain comes back.
    moves
        The states that follow a state, with their rates. One state may be named
        several times. A queue must be cut off by whoever writes it.
    """
    index, waiting = {start: 0}, [start]
    rows, columns, rates = [], [], []
    while waiting:
        state = waiting.pop()
        for after, rate in moves(state):
            if after not in index:
                index[after] = len(index)
                waiting.append(after)
            rows += [index[after], index[state]]
            columns += [index[state]] * 2
            rates += [rate, -rate]
    size = len(index)
    flow = csc_array((rates, (rows, columns)), shape=(size, size))
    # One equation says what the others say; the weight of the first state is set.
    inner = csc_array(flow[1:, 1:])
    weights = np.ones(size)
    if size > 1:
        weights[1:] = spsolve(inner, -flow[1:, :1].toarray().ravel())
    shares = weights / weights.sum()
    return {state: float(shares[i]) for state, i in index.items()}


def mean(law: dict[State, float], value: Callable[[State], float]) -> float:
    """Give the mean of a function of the state."""
    return sum(share * value(state) for state, share in law.items())


def erlang_b(load: float, units: int) -> float:
    """Give the share of incidents that find all units busy and are lost."""
    terms = [load**k / factorial(k) for k in range(units + 1)]
    return terms[-1] / sum(terms)


def erlang_c(load: float, units: int) -> float:
    """Give the share of incidents that must wait."""
    lost = erlang_b(load, units)
    return units * lost / (units - load * (1 - lost))
