"""A handle on the arrays of all stations, for compiled code.

A call that is given some thirty arrays spends far more on taking them, one by one, than
on a control. So they are taken once, and a call is given the handle.
"""

from typing import Any

import numpy as np
from numba.core import config, types
from numba.experimental import structref

from simulator.compiler import compiled
from simulator.station.kernel import advance
from simulator.station.state import FROZEN, RUNNING, STAGES, Ints, State


@structref.register
class HandleType(types.StructRef):  # type: ignore[misc]
    """How the compiler sees a handle: one field, the arrays."""


class Handle(structref.StructRefProxy):  # type: ignore[misc]
    """The arrays of all stations, held in compiled code."""


structref.define_constructor(Handle, HandleType, ["state"])
structref.define_boxing(HandleType, Handle)


@compiled
def _hold(state: State) -> Any:
    return Handle(state)


@compiled
def _advance(handle: Any, rows: Ints, until: float, inclusive: bool) -> None:
    advance(handle.state, rows, until, inclusive)


@compiled
def _last_end(handle: Any, row: int) -> float:
    return latest(handle.state, row)


@compiled
def latest(state: State, row: int) -> float:
    """Give when the last service under way at a station ends; -inf where none goes on.

    Parameters
    ----------
    state
        A `State`.
    row
        Which station; it has been advanced to the present.
    """
    found = -np.inf
    if state.station[row, FROZEN]:
        return found
    for k in range(state.station[row, STAGES]):
        for c in range(state.stage[row, k, RUNNING]):
            found = max(found, state.end_at[row, k, c])
    return found


def hold(state: State) -> Any:
    """Give a handle on the arrays; where nothing is compiled, the arrays themselves."""
    return state if config.DISABLE_JIT else _hold(state)


# Takes a handle, and for the rest what `kernel.advance` takes.
advance_held = advance if config.DISABLE_JIT else _advance
last_end = latest if config.DISABLE_JIT else _last_end
