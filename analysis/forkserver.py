"""The process that the workers of this computer are copies of.

It imports what they need and loads the compiled code, once for all of them.
"""

import multiprocessing
import os
import sys
from multiprocessing.context import BaseContext

from simulator.interrupt import interrupts_held

INTERRUPTED = 130  # the exit code of what Ctrl-C has stopped
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


def leave_workers() -> None:
    """Leave at once when workers are still there: at its end Python waits for them.

    A worker that was stopped amid its start may never answer.
    """
    workers = multiprocessing.active_children()
    for worker in workers:
        worker.kill()
    if workers:
        sys.stderr.flush()
        os._exit(INTERRUPTED)
