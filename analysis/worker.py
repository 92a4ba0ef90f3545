"""Where replications are played: in this process, or in others here.

Each takes a batch of replications and gives a future of what came of it. The numbers
do not depend on which: a replication is fixed by the seed and its own number.
"""

import gc
import multiprocessing
import pickle
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Protocol

from analysis.forkserver import context
from analysis.replication import Replication, Task
from scenarios.problem import fail
from simulator.interrupt import interrupts_held

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from simulator.policy import Policy

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

    def look(self) -> None:
        """See whether anybody is left to play, when nothing has come for long.

        Raises
        ------
        ScenarioError
            When nobody is.
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

    def look(self) -> None:
        """Whoever looks plays."""

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
        refuse_policy(task.policy)
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

    def look(self) -> None:
        """Whoever is killed is noticed by the pool itself."""

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


def refuse_policy(policy: "Policy | None") -> None:
    """Refuse a policy that cannot be sent to other processes."""
    try:
        pickle.dumps(policy)
    except (pickle.PicklingError, AttributeError, TypeError):
        name = getattr(policy, "__name__", "policy")
        text = "cannot be sent to other processes; define it in a module, or take "
        raise fail(f"policy {name}", f"{text}workers=1") from None
