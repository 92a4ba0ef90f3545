"""The process that the workers of this computer are copies of.

It imports what they need and loads the compiled code, once for all of them.
"""

import multiprocessing
import sys
from multiprocessing.context import BaseContext

from simulator.interrupt import interrupts_held

_METHOD = "spawn" if sys.platform == "win32" else "forkserver"


def context() -> BaseContext:
    """Give what starts worker processes."""
    found = multiprocessing.get_context(_METHOD)
    found.set_forkserver_preload(["analysis.ready"])
    return found


def start() -> None:
    """Start it now, to make ready while this process reads its input."""
    if _METHOD == "forkserver":
        from multiprocessing.forkserver import ensure_running

        context()
        with interrupts_held():
            ensure_running()
