# Batches on real workers that raise, are killed, or kill whoever plays them.

import os
import signal
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from analysis.batch import MOST, Batches
from analysis.replication import Replication, Values
from analysis.worker import Answer, Failure, Here, Lost, Pool

NONE = np.zeros((0, 0), np.int32)


@dataclass(frozen=True)
class Work:
    """A task whose replications fail as asked."""

    folder: Path
    raises: tuple[int, ...] = ()
    kills: tuple[int, ...] = ()
    kills_once: tuple[int, ...] = ()
    policy: None = None

    def replicate(self, number):
        if number in self.raises:
            raise ZeroDivisionError(f"number {number}\nis bad")
        first = self.folder / f"seen-{number}"
        if number in self.kills or (number in self.kills_once and not first.exists()):
            first.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return replication(number)


def replication(number):
    return Replication(
        number=number,
        values=Values.of({("number", -1.0, "overall"): float(number)}),
        judgements=(),
        orders=(),
        closes=(),
        lines=NONE,
        arrived=NONE,
        voted=NONE,
    )


def played(backend, numbers, work=None):
    batches = Batches(backend, work)
    answers = [one for answer in batches.play(numbers) for one in answer]
    backend.close(wait=True)
    assert sorted(one.number for one in answers) == list(numbers)
    return {one.number: one.reason for one in answers if isinstance(one, Failure)}


def test_all_come_back_from_processes_and_from_here(tmp_path):
    assert played(Pool(2), range(50), Work(tmp_path)) == {}
    assert played(Here(), range(50), Work(tmp_path)) == {}


@pytest.mark.parametrize("make", [Here, lambda: Pool(2)])
def test_what_fails_is_named_and_the_rest_stands(tmp_path, make):
    failed = played(make(), range(20), Work(tmp_path, raises=(0, 7)))
    assert sorted(failed) == [0, 7]
    assert failed[7].startswith("ZeroDivisionError in test_batch.py:")
    assert failed[7].endswith(": number 7 is bad")


def test_a_killed_worker_costs_a_retry_and_nothing_else(tmp_path):
    assert played(Pool(2), range(30), Work(tmp_path, kills_once=(3, 11))) == {}
    assert {p.name for p in tmp_path.iterdir()} == {"seen-3", "seen-11"}


def test_whoever_always_kills_its_worker_is_named_and_nobody_beside_it(tmp_path):
    failed = played(Pool(2), range(12), Work(tmp_path, kills=(2, 9)))
    reason = "the worker that played it was killed each time (out of memory?)"
    assert failed == {2: reason, 9: reason}


def test_one_worker_is_replaced_too(tmp_path):
    assert played(Pool(1), range(4), Work(tmp_path, kills_once=(1,))) == {}


class Slow:
    """A backend that says how long a replication took, and notes what it was sent."""

    depth = 2

    def __init__(self, seconds):
        self.seconds = seconds
        self.sizes = []

    def pack(self, task):
        return task

    def submit(self, packed, batch):
        self.sizes.append(len(batch))
        future = Future()
        future.set_result(
            Answer([replication(n) for n in batch], self.seconds * len(batch))
        )
        return future

    def answer(self, future):
        return future.result()

    def close(self, *, wait):
        pass


@pytest.mark.parametrize(
    ("seconds", "size"), [(0.05, 10), (0.4, 1), (7.0, 1), (1e-6, MOST), (0.02, 25)]
)
def test_a_batch_takes_about_half_a_second(seconds, size):
    backend = Slow(seconds)
    played(backend, range(1000))
    assert backend.sizes[:2] == [1, 1]  # nobody knows yet how long one takes
    assert set(backend.sizes[2:-1]) == {size}
    assert sum(backend.sizes) == 1000


class Fragile(Slow):
    """Every batch that holds a poisonous number is lost."""

    depth = 4

    def __init__(self, poison):
        super().__init__(0.1)
        self.poison = poison
        self.attempts = Counter()

    def submit(self, packed, batch):
        self.attempts.update(batch)
        if not set(batch) & self.poison:
            return super().submit(packed, batch)
        future = Future()
        future.set_exception(Lost())
        return future


@pytest.mark.parametrize("poison", [{0}, {5}, {3, 4}, {19}, set(range(20))])
def test_none_is_tried_more_than_three_times(poison):
    backend = Fragile(poison)
    failed = played(backend, range(20))
    assert set(failed) == poison
    assert max(backend.attempts.values()) <= 3


def test_several_tasks_share_their_workers(tmp_path):
    pool = Pool(2)
    bad = Batches(pool, Work(tmp_path, raises=(2,)))
    good = Batches(pool, Work(tmp_path))
    for batches, failures in ((good, 0), (bad, 1), (good, 0)):
        answers = [one for answer in batches.play(range(4)) for one in answer]
        assert sum(isinstance(one, Failure) for one in answers) == failures
    pool.close(wait=True)


class Idle(Slow):
    """Answers once somebody has looked whether anybody is there, and not before."""

    def __init__(self):
        super().__init__(0.1)
        self.sent = []

    def submit(self, packed, batch):
        self.sent.append((Future(), [replication(n) for n in batch]))
        return self.sent[-1][0]

    def look(self):
        while self.sent:
            future, done = self.sent.pop()
            future.set_result(Answer(done, 0.1))


def test_it_looks_for_workers_when_nothing_comes(monkeypatch):
    monkeypatch.setattr("analysis.batch.LOOK", 0.01)
    assert played(Idle(), range(5)) == {}
