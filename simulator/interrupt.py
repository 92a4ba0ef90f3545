"""Interrupts (Ctrl-C) that wait while something must not be cut short."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from threading import current_thread, main_thread


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hear an interrupt only afterwards; processes started inside never hear it.

    Raised amid the compiler's own calls it would be lost, and amid the start of
    workers it would tear down what only half stands.

    Raises
    ------
    KeyboardInterrupt
        At the end, when there was one.
    """
    if current_thread() is not main_thread():
        yield  # they come to the main thread alone
        return
    if sys.platform != "win32":
        # A child's start brings it up and lets signals through again: so before.
        resource_tracker.ensure_running()
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    # Other threads hear signals, too: the mask alone would not do; children inherit it.
    if sys.platform != "win32":
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if heard:
        signal.raise_signal(signal.SIGINT)


class _Noting:
    """Raises an interrupt as ever, and remembers it."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, number: int, frame: object) -> None:
        self.heard = True
        raise KeyboardInterrupt


@contextmanager
def interrupts_noted() -> Iterator[None]:
    """Remember an interrupt, which a library may swallow or raise as something else."""
    before = signal.signal(signal.SIGINT, _Noting())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def interrupted() -> bool:
    """Tell whether there was an interrupt while they are noted."""
    handler = signal.getsignal(signal.SIGINT)
    return isinstance(handler, _Noting) and handler.heard


def raise_swallowed() -> None:
    """Raise an interrupt again that a library has swallowed.

    Raises
    ------
    KeyboardInterrupt
        When there was one while they are noted.
    """
    if interrupted():
        raise KeyboardInterrupt
