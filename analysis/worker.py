"""Where replications are played: in this process, in others here, or on a cluster.

Each takes a batch of replications and gives a future of what came of it. The numbers
do not depend on which: a replication is fixed by the seed and its own number.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Protocol

from analysis.forkserver import context
from analysis.replication import Replication, Task
from analysis.version import versions
from scenarios.problem import fail
from simulator.interrupt import interrupts_held

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from simulator.policy import Policy

LONGEST_WAIT = 30.0  # seconds, for a cluster to answer
INTERRUPTED = 130  # the exit code of what Ctrl-C has stopped
MOST_TASKS = 8  # that a worker process keeps


@dataclass(frozen=True, slots=True)
class Failure:
    """A replication that could not be played, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a batch, and how many seconds it took."""

    played: list[Replication | Failure]
    seconds: float


class Lost(Exception):  # noqa: N818 - no error of ours: the batch is sent again
    """The worker of a batch was killed."""


class Backend(Protocol):
    """Plays batches of one task or of several somewhere."""

    @property
    def depth(self) -> int:
        """How many batches are worth sending at once."""

    def pack(self, task: Task) -> Any:
        """Make a task ready to be sent.

        Raises
        ------
        ScenarioError
            When a policy of the user's own cannot be sent to other processes.
        """

    def submit(self, packed: Any, batch: Sequence[int]) -> "Future[Answer]":
        """Have a batch of a packed task played."""

    def answer(self, future: "Future[Answer]") -> Answer:
        """Give what came of a batch that is done.

        Raises
        ------
        Lost
            When its worker was killed.
        """

    def close(self, *, wait: bool) -> None:
        """Let go of all workers; wait for them, or leave them to themselves."""


def play(task: Task, batch: Sequence[int]) -> Answer:
    """Play a batch; what fails is named and the rest stands."""
    begun = perf_counter()
    played: list[Replication | Failure] = []
    for number in batch:
        try:
            replication = task.replicate(number)
            if played and isinstance(played[-1], Replication):
                replication = replication.like(played[-1])
            played.append(replication)
        except Exception as error:  # named with its number, and reported
            played.append(Failure(number, _reason(error)))
    return Answer(played, perf_counter() - begun)


def _reason(error: Exception) -> str:
    last = extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split())[:200]
    place = f"{last.filename.replace(chr(92), '/').rsplit('/', 1)[-1]}:{last.lineno}"
    return f"{type(error).__name__} in {place}{': ' * bool(text)}{text}"


class Here:
    """Plays in this process."""

    depth = 1

    def pack(self, task: Task) -> Task:
        """Leave it as it is."""
        return task

    def submit(self, packed: Task, batch: Sequence[int]) -> "Future[Answer]":
        """Play at once."""
        future: Future[Answer] = Future()
        future.set_result(play(packed, batch))
        return future

    def answer(self, future: "Future[Answer]") -> Answer:
        """Give what came of it."""
        return future.result()

    def close(self, *, wait: bool) -> None:
        """Nothing to let go of."""


_UNGUARDED = (
    "a script that plays with several workers must do so under "
    "if __name__ == '__main__':, for each worker begins by reading the script; or "
    "take workers=1"
)


class Pool:
    """Plays in worker processes of this computer; who is killed is replaced.

    Parameters
    ----------
    workers
        Processes.

    Raises
    ------
    SystemExit
        In a worker that starts by running the script that made it.
    """

    def __init__(self, workers: int) -> None:
        if getattr(multiprocessing.current_process(), "_inheriting", False):
            sys.exit(f"muster: {_UNGUARDED}")
        self.depth = 2 * workers
        self._workers = workers
        self._begun = context().Event()
        self._pool = self._make()

    def _make(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers,
            mp_context=context(),
            initializer=_be_worker,
            initargs=(self._begun,),
        )

    def pack(self, task: Task) -> bytes:
        """Pickle it, once for all its batches."""
        _refuse_policy(task.policy)
        return pickle.dumps(task)

    def submit(self, packed: bytes, batch: Sequence[int]) -> "Future[Answer]":
        """Have a batch played; workers start when they are first needed."""
        try:
            return self._send(packed, batch)
        except BrokenExecutor:
            self._pool.shutdown(wait=True)
            self._pool = self._make()
            return self._send(packed, batch)

    def _send(self, packed: bytes, batch: Sequence[int]) -> "Future[Answer]":
        with interrupts_held():
            return self._pool.submit(_play, packed, batch)

    def answer(self, future: "Future[Answer]") -> Answer:
        """Give what came of it.

        Raises
        ------
        Lost
            When its worker was killed.
        ScenarioError
            When no worker ever began.
        """
        try:
            return future.result()
        except BrokenExecutor:
            if not self._begun.is_set():
                raise fail("muster", f"no worker could begin; {_UNGUARDED}") from None
            raise Lost from None

    def close(self, *, wait: bool) -> None:
        """Stop the workers."""
        self._pool.shutdown(wait=wait, cancel_futures=True)


def _be_worker(begun: "Event") -> None:
    """Begin as a worker: leave interrupts to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begun.set()


def _play(packed: bytes, batch: Sequence[int]) -> Answer:
    return play(_unpacked(packed), batch)


@lru_cache(MOST_TASKS)
def _unpacked(packed: bytes) -> Task:
    """Unpack a task, once for all its batches that come here."""
    task: Task = pickle.loads(packed)
    # What has been imported and sent is there for good: no search for garbage in it.
    gc.collect()
    gc.freeze()
    return task


def _refuse_policy(policy: "Policy | None") -> None:
    """Refuse a policy that cannot be sent to other processes."""
    try:
        pickle.dumps(policy)
    except (pickle.PicklingError, AttributeError, TypeError):
        name = getattr(policy, "__name__", "policy")
        text = "cannot be sent to other processes; define it in a module, or take "
        raise fail(f"policy {name}", f"{text}workers=1") from None


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
            self._refuse_strangers()
        except BaseException:
            self._client.close()
            raise
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

    def _refuse_strangers(self) -> None:
        """Refuse workers on which other versions would give other numbers."""
        try:
            self._client.wait_for_workers(1, timeout=LONGEST_WAIT)
        except TimeoutError:
            text = f"has no workers, found none in {LONGEST_WAIT:.0f} s"
            raise fail(self._where, f"{text}; start one with: dask worker") from None
        ours = versions()
        found = self._client.run(_versions_there, on_error="return")
        for worker, theirs in found.items():
            if not isinstance(theirs, dict):
                raise fail(self._where, f"Muster is not installed at {worker}")
            differ = [
                f"{name} {theirs.get(name)} there and {ours[name]} here"
                for name in ours
                if theirs.get(name) != ours[name]
            ]
            if differ:
                text = f"{worker} would give other numbers: {', '.join(differ)}"
                raise fail(self._where, text)

    def pack(self, task: Task) -> Any:
        """Send it to the cluster, once for all its batches."""
        _refuse_policy(task.policy)
        # Not scattered: what is scattered is gone with the workers that hold it.
        return self._client.submit(pickle.loads, pickle.dumps(task), pure=False)

    def submit(self, packed: Any, batch: Sequence[int]) -> "Future[Answer]":
        """Have a batch played."""
        return self._executor.submit(play, packed, tuple(batch))

    def answer(self, future: "Future[Answer]") -> Answer:
        """Give what came of it."""
        from distributed.scheduler import KilledWorker

        try:
            return future.result()
        except KilledWorker:
            raise Lost from None

    def close(self, *, wait: bool) -> None:
        """Leave the cluster as it was."""
        self._executor.shutdown(wait=wait)
        self._client.close()


def _versions_there() -> dict[str, str]:
    return versions()


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
