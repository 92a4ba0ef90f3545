"""Experiments: a scenario under a plan, many replications."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from math import nan

import numpy as np
from numpy.typing import NDArray

from analysis.batch import Batches
from analysis.cluster import Cluster
from analysis.day import Day
from analysis.precision import Precision, looks
from analysis.replication import Key, Replication, Task, Values
from analysis.store import Store
from analysis.target import Verdict, verdict_of
from analysis.worker import Backend, Failure, Here, Pool
from scenarios.problem import ScenarioError, fail
from scenarios.scenario import Scenario, Setting
from simulator.policy import Policy
from simulator.road import map_of
from simulator.world import World

MOST_REPLICATIONS = 100_000
MOST_NAMED = 10
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A scenario under a plan, played many times.

    Parameters
    ----------
    scenario, plan, seed
        What was played.
    replications
        In order of number.
    policy
        A dispatch policy of the user's own; None: the one the plan names.
    failed
        Replications that could not be played, and why, in order of number.
    """

    scenario: Scenario
    plan: str
    seed: int
    replications: tuple[Replication, ...]
    policy: Policy | None = None
    failed: tuple[Failure, ...] = ()

    @property
    def setting(self) -> Setting:
        """The scenario under the plan."""
        return self.scenario.plans[self.plan].setting

    def failures_text(self) -> str:
        """Name the replications that could not be played; empty when there are none."""
        if not self.failed:
            return ""
        first, number = self.failed[0], len(self.failed)
        days = "1 day is" if number == 1 else f"{number} days are"
        listed = ", ".join(str(f.number) for f in self.failed[:MOST_NAMED])
        more = f" and {number - MOST_NAMED} more" if number > MOST_NAMED else ""
        return (
            f"{days} left out that could not be played: replication {listed}{more} "
            f"of seed {self.seed}; {first.number}: {first.reason}"
        )

    def verdicts(self) -> list[Verdict]:
        """Judge every target, in file order."""
        return [
            verdict_of(name, target, [r.judgements[i] for r in self.replications])
            for i, (name, target) in enumerate(self.setting.targets.items())
        ]

    @cached_property
    def series(self) -> dict[Key, NDArray[np.float64]]:
        """Give each measure over the replications, shape (replications,)."""
        shared = {id(r.values.names): r.values.names for r in self.replications}
        all_ = tuple(dict.fromkeys(key for names in shared.values() for key in names))
        rows = [_row(r.values, all_) for r in self.replications]
        columns = np.ascontiguousarray(np.array(rows, dtype=np.float64).T)
        return dict(zip(all_, columns, strict=True))

    def play(self, number: int) -> Day:
        """Play one replication again, for its whole log."""
        world = World(self.scenario, self.plan, self.seed, number, policy=self.policy)
        return Day(world.setting, world.finish())

    def named(self) -> dict[str, int]:
        """Name the replications whose whole logs are kept: first, typical, worst.

        Typical is the one in the middle, worst the last, when they are ordered by
        targets missed and then by the mean wait of all voters.
        """

        def badness(replication: Replication) -> tuple[int, float, int]:
            missed = sum(not judgement.held for judgement in replication.judgements)
            wait = replication.values.get(("wait.mean", -1.0, "overall"), 0.0)
            return missed, 0.0 if np.isnan(wait) else wait, replication.number

        ordered = sorted(self.replications, key=badness)
        return {
            "first": self.replications[0].number,
            "typical": ordered[(len(ordered) - 1) // 2].number,
            "worst": ordered[-1].number,
        }


def _row(values: Values, names: tuple[Key, ...]) -> NDArray[np.float64]:
    """Give the values of one day in the order of these names."""
    if values.names == names:  # as on nearly all days
        return values.numbers
    known = dict(values.items())
    return np.array([known.get(key, nan) for key in names], dtype=np.float64)


def run_experiment(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario,
    plan: str = "base",
    *,
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: Progress | None = None,
    policy: Policy | None = None,
    until: Precision | None = None,
    store: Store | None = None,
    cluster: str | None = None,
    backend: Backend | None = None,
) -> Experiment:
    """Play a scenario under a plan many times.

    Parameters
    ----------
    scenario
        As loaded.
    plan
        Name of one of its plans.
    seed
        With the number of each replication it fixes every chance event.
    replications
        How many, 1 to 100,000; with `until`, how many at most.
    workers
        Processes; default: one for each core. The result does not depend on it.
    progress
        Called with replications done and in all, and how precise it is by now.
    policy
        A dispatch policy of your own, see `simulator.policy`; more than one worker
        needs it to be a function of a module.
    until
        When to stop before.
    store
        Where what has been played is kept until the run is finished.
    cluster
        Address of a Dask scheduler, in place of processes here.
    backend
        Where it is played, in place of `workers` and `cluster`; see `open_backend`.

    Raises
    ------
    ScenarioError
        When a number is out of range or there is no such plan; when the store holds
        another run; when no replication could be played.
    """
    _refuse(scenario, plan, seed, replications, workers)
    task = Task(
        scenario=scenario, plan=plan, seed=seed, policy=policy, roads=map_of(scenario)
    )
    run = _Run(store, progress or (lambda done, total, note: None))
    opened = open_backend(workers, replications, cluster)
    with nullcontext(backend) if backend else opened as place:
        number = run.play_until(Batches(place, task), replications, until)
    return Experiment(
        scenario=scenario,
        plan=plan,
        seed=seed,
        replications=tuple(run.first(number)),
        policy=policy,
        failed=run.failures(number),
    )


class _Run:
    """What a run has played so far."""

    def __init__(self, store: Store | None, progress: Progress) -> None:
        self._store = store
        self._progress = progress
        kept = [] if store is None else store.load()
        self._played = {r.number: r for r in kept}
        self._failed: dict[int, Failure] = {}

    def first(self, number: int) -> list[Replication]:
        """Give the replications below a number, in order."""
        return [self._played[n] for n in sorted(self._played) if n < number]

    def failures(self, number: int) -> tuple[Failure, ...]:
        """Give what could not be played below a number."""
        return tuple(self._failed[n] for n in sorted(self._failed) if n < number)

    def play_until(self, batches: Batches, most: int, until: Precision | None) -> int:
        """Play until it is precise enough, or all.

        Returns
        -------
        int
            How many count, from the first on.
        """
        note = ""
        for number in () if until is None else looks(most):
            self._play(batches, number, note)
            first = self.first(number)
            if until is not None and until.reached(first):
                return number
            note = "" if until is None else until.told(first)
        self._play(batches, most, note)
        return most

    def _play(self, batches: Batches, number: int, note: str) -> None:
        """Play what is missing below a number."""
        wanted = [
            n for n in range(number) if n not in self._played and n not in self._failed
        ]
        done = number - len(wanted)
        self._progress(done, number, note)
        for answer in batches.play(wanted):
            played = [one for one in answer if isinstance(one, Replication)]
            if self._store is not None:
                self._store.keep(played)
            self._played |= {one.number: one for one in played}
            self._failed |= {f.number: f for f in answer if isinstance(f, Failure)}
            done += len(answer)
            self._progress(done, number, note)
        if not self._played and self._failed:
            first = self._failed[min(self._failed)]
            text = f"no day could be played; replication {first.number}: {first.reason}"
            raise fail("muster", text)


@contextmanager
def open_backend(
    workers: int | None, most: int, cluster: str | None = None
) -> Iterator[Backend]:
    """Open a place to play at, for one experiment or a row of them.

    Parameters
    ----------
    workers
        Processes; None: one for each core.
    most
        Replications that are played at once at most: more workers do not help.
    cluster
        Address of a Dask scheduler, in place of processes here.

    Raises
    ------
    ScenarioError
        When there is no such cluster.
    """
    workers = min(workers or cores(), most)
    backend: Backend
    if cluster is not None:
        backend = Cluster(cluster)
    else:
        backend = Here() if workers == 1 else Pool(workers)
    try:
        yield backend
    except BaseException:
        backend.close(wait=False)
        raise
    backend.close(wait=True)


def cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def no_such_plan(scenario: Scenario, plan: str) -> ScenarioError:
    """Say that a scenario has no such plan, and which it has."""
    names = ", ".join(scenario.plans)
    return fail(f"--plan {plan}", f"no such plan of {scenario.name}; allowed: {names}")


def _refuse(
    scenario: Scenario, plan: str, seed: int, replications: int, workers: int | None
) -> None:
    if plan not in scenario.plans:
        raise no_such_plan(scenario, plan)
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise fail(
            f"-n {replications}",
            f"replications must be from 1 to {MOST_REPLICATIONS}, found {replications}",
        )
    if not 0 <= seed < 2**63:
        raise fail(f"--seed {seed}", f"must be from 0 to {2**63 - 1}, found {seed}")
    if workers is not None and not 1 <= workers <= 512:
        raise fail(f"--workers {workers}", f"must be from 1 to 512, found {workers}")
