"""Locks: one run at a time makes what a folder is to hold."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from scenarios.problem import fail

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep others from a folder of results, and from what is kept for it.

    The lock is one of the operating system: whoever is killed leaves none behind.

    Parameters
    ----------
    out
        The folder; it need not be there.

    Raises
    ------
    ScenarioError
        When another run is at it.
    """
    above = out.absolute().parent
    made = [folder for folder in (above, *above.parents) if not folder.exists()]
    above.mkdir(parents=True, exist_ok=True)
    try:
        with _held(above / f".{out.name}.lock", out):
            yield
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()  # nothing came of it


@contextmanager
def _held(path: Path, out: Path) -> Iterator[None]:
    file = path.open("ab")
    # Whoever held it before may have removed it after it was opened here.
    while not _taken(file, path, out):
        file.close()
        file = path.open("ab")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        file.close()
        with suppress(OSError):
            # Windows removes no file that is open.
            if sys.platform == "win32":
                path.unlink()


def _taken(file: BinaryIO, path: Path, out: Path) -> bool:
    """Lock a file; say whether it is still there."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.close()
        text = "another run is at work there; wait for its end, or choose another --out"
        raise fail(str(out), text) from None
    except OSError:
        pass  # this file system has no locks
    return path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())
