"""Clusters: replications played by the workers of a Dask scheduler.

Who is killed there loses a batch, which is played by another one; who would give other
numbers is refused, whenever he came.
"""

import gc
import logging
import pickle
from collections.abc import Sequence
from concurrent.futures import CancelledError, Executor, Future
from functools import cache
from typing import Any

from analysis.replication import Task
from analysis.version import versions
from analysis.worker import Answer, Lost, play, refuse_policy
from scenarios.problem import fail

LONGEST_WAIT = 30.0  # seconds, for a cluster to answer
_GONE = (
    "the scheduler is gone; start it again, with its workers, and give the same command"
)


class Cluster:
    """Plays on a Dask cluster that is there already.

    Parameters
    ----------
    address
        Of its scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    ScenarioError
        When there is no such cluster, it has no workers, or these have other versions
        of what fixes the numbers.
    """

    def __init__(self, address: str) -> None:
        self._where = f"--cluster {address}"
        self._client = self._connected(address)
        try:
            self._await_worker()
            self._refuse_strangers()
        except BaseException:
            self._client.close()
            raise
        # What it would log when the scheduler goes is said in our own error.
        self._logger = logging.getLogger("distributed.client")
        self._level = self._logger.level
        self._logger.setLevel(logging.CRITICAL)
        workers = len(self._client.scheduler_info(n_workers=-1)["workers"])
        self.depth = 2 * workers
        self._executor: Executor = self._client.get_executor(pure=False, retries=2)

    def _connected(self, address: str) -> Any:
        try:
            import distributed
        except ImportError:
            text = "needs the extra: pip install 'muster[cluster]'"
            raise fail(self._where, text) from None
        try:
            connect: Any = distributed.Client
            return connect(address, timeout=LONGEST_WAIT, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            text = " ".join(str(error).split())[:200]
        # Nothing holds the half-made client any more. Closed now, it is closed neither
        # amid the start of another one, which waits for itself then, nor at the end of
        # the process, which waits for a thread that is gone.
        gc.collect()
        raise fail(self._where, f"no scheduler answers there: {text}")

    def look(self) -> None:
        """Wait for a worker: whoever was killed there may be replaced.

        Raises
        ------
        ScenarioError
            When no worker comes, or the scheduler is gone with all it was sent.
        """
        self._await_worker()
        # A scheduler that was started again knows of nothing, and would never answer.
        if not self._client.futures:
            raise fail(self._where, _GONE)

    def _await_worker(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=LONGEST_WAIT)
        except TimeoutError:
            text = f"has no workers, found none in {LONGEST_WAIT:.0f} s"
            raise fail(self._where, f"{text}; start one with: dask worker") from None
        except (OSError, RuntimeError):
            raise fail(self._where, _GONE) from None

    def _refuse_strangers(self) -> None:
        """Refuse workers on which other versions would give other numbers."""
        ours = versions()
        found = self._client.run(_versions_there, on_error="return")
        for worker, theirs in found.items():
            if not isinstance(theirs, dict):
                raise fail(self._where, f"Muster is not installed at {worker}")
            _refuse_stranger(self._where, worker, ours, theirs)

    def pack(self, task: Task) -> Any:
        """Send it to the cluster, once for all its batches."""
        refuse_policy(task.policy)
        # Not scattered: what is scattered is gone with the workers that hold it.
        return self._client.submit(pickle.loads, pickle.dumps(task), pure=False)

    def submit(self, packed: Any, batch: Sequence[int]) -> "Future[Answer]":
        """Have a batch played."""
        ours = self._where, _versions_here()
        return self._executor.submit(_play_there, packed, tuple(batch), *ours)

    def answer(self, future: "Future[Answer]") -> Answer:
        """Give what came of it.

        Raises
        ------
        Lost
            When its worker was killed.
        ScenarioError
            When the scheduler is gone, or a worker that came later has other versions.
        """
        from distributed.scheduler import KilledWorker

        try:
            return future.result()
        except KilledWorker:
            raise Lost from None
        except CancelledError:
            raise fail(self._where, _GONE) from None

    def close(self, *, wait: bool) -> None:
        """Leave the cluster as it was."""
        self._executor.shutdown(wait=wait)
        self._client.close()
        self._logger.setLevel(self._level)


def _versions_there() -> dict[str, str]:
    return versions()


def _play_there(
    task: Task, batch: Sequence[int], where: str, ours: dict[str, str]
) -> Answer:
    """Play a batch on a cluster, whose workers may have come after the first look."""
    from distributed import get_worker

    _refuse_stranger(where, get_worker().address, ours, _versions_here())
    return play(task, batch)


_versions_here = cache(versions)


def _refuse_stranger(
    where: str, worker: str, ours: dict[str, str], theirs: dict[str, str]
) -> None:
    """Refuse a worker that would give other numbers."""
    differ = [
        f"{name} {theirs.get(name)} there and {ours[name]} here"
        for name in ours
        if theirs.get(name) != ours[name]
    ]
    if differ:
        text = f"{worker} would give other numbers: {', '.join(differ)}"
        raise fail(where, text)
