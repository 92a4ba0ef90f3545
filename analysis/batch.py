"""Batches: replications handed out to workers, and taken in whatever happens there."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from analysis.replication import Replication, Task
from analysis.worker import Answer, Backend, Failure, Lost

SECONDS = 0.5  # of a batch: long enough to be worth sending, short enough to wait for
MOST = 200
LOOK = 5.0  # seconds without an answer, after which somebody may be missing
_KILLED = "the worker that played it was killed each time (out of memory?)"


class Batches:
    """Hands out replications, and hands out again what was lost with its worker.

    Who is lost twice may be what kills the workers: such replications go out one by
    one, alone. Whichever kills its worker then is named, and all others are kept.

    Parameters
    ----------
    backend
        Where they are played.
    task
        What is played.

    Raises
    ------
    ScenarioError
        When the task cannot be sent there.
    """

    def __init__(self, backend: Backend, task: Task) -> None:
        self._backend = backend
        self._packed = backend.pack(task)
        self._seconds = 0.0  # of a replication, as seen last
        self._losses: Counter[int] = Counter()

    def play(self, numbers: Sequence[int]) -> Iterator[list[Replication | Failure]]:
        """Play replications; give what comes back as it comes.

        Parameters
        ----------
        numbers
            Of the replications.
        """
        waiting, suspects = deque(numbers), deque[int]()
        out: dict[Future[Answer], list[int]] = {}
        while waiting or suspects or out:
            self._send(waiting, suspects, out)
            for future in self._done(out):
                batch = out.pop(future)
                try:
                    answer = self._backend.answer(future)
                except Lost:
                    yield self._lost(batch, waiting, suspects)
                    continue
                self._seconds = answer.seconds / len(batch)
                yield answer.played

    def _done(self, out: "dict[Future[Answer], list[int]]") -> "set[Future[Answer]]":
        while not (done := wait(out, LOOK, FIRST_COMPLETED).done):
            self._backend.look()
        return done

    def _send(
        self,
        waiting: "deque[int]",
        suspects: "deque[int]",
        out: "dict[Future[Answer], list[int]]",
    ) -> None:
        while waiting and len(out) < self._backend.depth:
            batch = [waiting.popleft() for _ in range(min(self._size(), len(waiting)))]
            out[self._backend.submit(self._packed, batch)] = batch
        if suspects and not out:
            alone = [suspects.popleft()]
            out[self._backend.submit(self._packed, alone)] = alone

    def _size(self) -> int:
        """Give how many replications take about half a second; at first one."""
        if not self._seconds:
            return 1
        return max(1, min(MOST, round(SECONDS / self._seconds)))

    def _lost(
        self, batch: list[int], waiting: "deque[int]", suspects: "deque[int]"
    ) -> list[Replication | Failure]:
        failed: list[Replication | Failure] = []
        for number in batch:
            self._losses[number] += 1
            if self._losses[number] == 1:
                waiting.appendleft(number)
            elif self._losses[number] == 2:
                suspects.append(number)
            else:
                failed.append(Failure(number, _KILLED))
        return failed
