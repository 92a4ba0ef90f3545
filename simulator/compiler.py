"""Compiled code: plain functions turned into machine code once, and kept.

Only modules that are compiled import this one, and they are imported where they are
used: the compiler takes a third of a second to load.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

# Where Intel's vector library is installed, numba takes its exp and log, whose last
# bits are not those of other computers. It is told before it is loaded, or never.
os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")

from numba import njit
from numba.core.event import Event, Listener, install_listener

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function when it is first called; keep the machine code on disk.

    It is kept beside the module, else in the cache folder of the user. Where neither
    can be written, each process compiles for itself. No fast-math: the arithmetic is
    that of the text, in its order.
    """
    return _compiled(function, {})


def compiled_loop(function: Function) -> Function:
    """Compile a loop over arrays that it is given; it makes none.

    References to arrays are not counted inside: whoever calls it holds them. Many
    arrays in many small parts would cost far more there than what is done with them.
    """
    return _compiled(function, {"_nrt": False})


def loop_part(function: Function) -> Function:
    """Have a part of a compiled loop written into it where it is called."""
    return _compiled(function, {"_nrt": False, "inline": "always"})


def _compiled(function: Function, options: dict[str, Any]) -> Function:
    try:
        return cast("Function", njit(cache=True, **options)(function))
    except RuntimeError:
        # Numba finds no folder for the machine code.
        return cast("Function", njit(**options)(function))


class _Teller(Listener):
    """Calls once when something is compiled."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell: Callable[[], None] | None = tell

    def on_start(self, event: Event) -> None:
        tell, self._tell = self._tell, None
        if tell is not None:
            tell()

    def on_end(self, event: Event) -> None:
        """Nothing to say: only the wait is announced."""


@contextmanager
def telling(tell: Callable[[], None]) -> Iterator[None]:
    """Call once, beforehand, when anything must be compiled inside.

    Parameters
    ----------
    tell
        Not called when the machine code is found on disk.
    """
    with install_listener("numba:compile", _Teller(tell)):
        yield
