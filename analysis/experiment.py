"""Experiments: a scenario under a plan, many replications, on all local cores."""

import gc
import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextvars import ContextVar
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from analysis.day import Day, arrivals_of, grid_times, line_at, votes_of
from analysis.measure import FUNCTIONS, Query
from analysis.target import Judgement, Verdict, judge, verdict_of
from scenarios.measure import MEASURES
from scenarios.problem import fail
from scenarios.scenario import Scenario, Setting
from simulator.interrupt import interrupts_held
from simulator.log import Kind
from simulator.policy import Policy
from simulator.road import RoadMap, map_of
from simulator.world import World

MOST_REPLICATIONS = 100_000
MOST_IN_BATCH = 8
Key = tuple[str, float, str]
Progress = Callable[[int, int], None]
# Of a worker process: sent to it once, not with each batch.
_TASK: "ContextVar[Task]" = ContextVar("task")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """What is kept of every replication.

    Parameters
    ----------
    number
        From 0.
    values
        Each measure by (name, threshold or NaN, member of its population).
    judgements
        Each target on this day, in file order.
    lines, arrived, voted
        At each station and each moment of the 5-minute grid: voters in line, who had
        come, who had voted in the room; shape (stations, moments).
    orders
        Standing orders that were given: name, station (or empty), minute.
    closes
        The close in force in the end at each station, minutes, in file order.
    """

    number: int
    values: dict[Key, float]
    judgements: tuple[Judgement, ...]
    lines: NDArray[np.int32]
    arrived: NDArray[np.int32]
    voted: NDArray[np.int32]
    orders: tuple[tuple[str, str, float], ...]
    closes: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
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
    """

    scenario: Scenario
    plan: str
    seed: int
    replications: tuple[Replication, ...]
    policy: Policy | None = None

    @property
    def setting(self) -> Setting:
        """The scenario under the plan."""
        return self.scenario.plans[self.plan].setting

    def verdicts(self) -> list[Verdict]:
        """Judge every target, in file order."""
        return [
            verdict_of(name, target, [r.judgements[i] for r in self.replications])
            for i, (name, target) in enumerate(self.setting.targets.items())
        ]

    def series(self) -> dict[Key, NDArray[np.float64]]:
        """Give each measure over the replications, shape (replications,)."""
        keys: dict[Key, None] = {}
        for replication in self.replications:
            keys.update(dict.fromkeys(replication.values))
        all_ = list(keys)
        rows = [
            list(r.values.values())
            # Nearly all days have the same measures, in the same order.
            if list(r.values) == all_
            else [r.values.get(key, nan) for key in all_]
            for r in self.replications
        ]
        columns = np.ascontiguousarray(np.array(rows, dtype=np.float64).T)
        return dict(zip(all_, columns, strict=True))

    def play(self, number: int) -> Day:
        """Play one replication again, for its whole log."""
        world = World(self.scenario, self.plan, self.seed, number, policy=self.policy)
        return Day(self.setting, world.finish())

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


def queries(setting: Setting) -> list[tuple[str, Query]]:
    """List what is measured: every measure, and thresholds as the targets set them."""
    asked: dict[tuple[str, float], Query] = {}
    for name, measure in MEASURES.items():
        if not measure.within:
            asked[name, -1.0] = Query()
    for target in setting.targets.values():
        if target.within is not None:
            asked[target.measure, target.within] = Query(within=target.within)
    return [(name, query) for (name, _), query in asked.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What every replication of an experiment plays.

    Parameters
    ----------
    scenario, plan, seed
        What is played.
    policy
        A dispatch policy of the user's own; None: the one the plan names.
    roads
        The road map of the scenario, when it has been made.
    """

    scenario: Scenario
    plan: str
    seed: int
    policy: Policy | None = None
    roads: RoadMap | None = None

    def replicate(self, number: int) -> Replication:
        """Play one replication and measure it."""
        world = World(
            self.scenario,
            self.plan,
            self.seed,
            number,
            roads=self.roads,
            policy=self.policy,
        )
        return summarise(number, Day(world.setting, world.finish()))


def summarise(number: int, day: Day) -> Replication:
    """Measure one day."""
    values: dict[Key, float] = {}
    for name, query in queries(day.setting):
        within = -1.0 if np.isnan(query.within) else query.within
        for member, value in FUNCTIONS[name](day, query).items():
            values[name, within, member] = value
    moments = grid_times(day.log.end)
    tables = list(day.log.voters.values())
    return Replication(
        number=number,
        values=values,
        judgements=tuple(
            judge(day, name, target) for name, target in day.setting.targets.items()
        ),
        lines=_grid([line_at(table, moments) for table in tables], len(moments)),
        arrived=_grid(
            [_running(arrivals_of(table), moments) for table in tables], len(moments)
        ),
        voted=_grid(
            [_running(votes_of(table), moments) for table in tables], len(moments)
        ),
        orders=tuple(
            (r.subject, str(r.details.get("station", "")), r.time)
            for r in day.log.of(Kind.STANDING)
        ),
        closes=tuple(map(day.closes, day.setting.stations)),
    )


def _running(
    times: NDArray[np.float64], moments: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.searchsorted(np.sort(times), moments, side="right").astype(np.float64)


def _grid(rows: list[NDArray[np.float64]], moments: int) -> NDArray[np.int32]:
    return np.array(rows, dtype=np.int32).reshape(len(rows), moments)


def run_experiment(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario,
    plan: str = "base",
    *,
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: Progress | None = None,
    policy: Policy | None = None,
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
        How many, 1 to 100,000.
    workers
        Processes; default: one for each core. The result does not depend on it.
    progress
        Called with replications done and in all.
    policy
        A dispatch policy of your own, see `simulator.policy`; more than one worker
        needs it to be a function of a module.

    Raises
    ------
    ScenarioError
        When a number is out of range or there is no such plan.
    """
    _refuse(scenario, plan, seed, replications, workers)
    workers = min(workers or cores(), replications)
    tell = progress or (lambda done, total: None)
    done: list[Replication] = []
    batches = _batches(replications, workers)
    if workers > 1:
        _refuse_policy(policy)
    task = Task(
        scenario=scenario, plan=plan, seed=seed, policy=policy, roads=map_of(scenario)
    )
    results = (
        (_play_batch(task, batch) for batch in batches)
        if workers == 1
        else _in_processes(task, batches, workers)
    )
    tell(0, replications)
    for batch in results:
        done += batch
        tell(len(done), replications)
    return Experiment(
        scenario=scenario,
        plan=plan,
        seed=seed,
        replications=tuple(sorted(done, key=lambda r: r.number)),
        policy=policy,
    )


def cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _refuse(
    scenario: Scenario, plan: str, seed: int, replications: int, workers: int | None
) -> None:
    if plan not in scenario.plans:
        names = ", ".join(scenario.plans)
        raise fail(
            f"--plan {plan}", f"no such plan of {scenario.name}; allowed: {names}"
        )
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise fail(
            f"-n {replications}",
            f"replications must be from 1 to {MOST_REPLICATIONS}, found {replications}",
        )
    if not 0 <= seed < 2**63:
        raise fail(f"--seed {seed}", f"must be from 0 to {2**63 - 1}, found {seed}")
    if workers is not None and not 1 <= workers <= 512:
        raise fail(f"--workers {workers}", f"must be from 1 to 512, found {workers}")


def _batches(replications: int, workers: int) -> list[range]:
    # Small enough to show progress and to stop soon, large enough to be worth sending.
    size = max(1, min(MOST_IN_BATCH, replications // (4 * workers)))
    return [
        range(start, min(start + size, replications))
        for start in range(0, replications, size)
    ]


def _refuse_policy(policy: Policy | None) -> None:
    """Refuse a policy that cannot be sent to other processes."""
    try:
        pickle.dumps(policy)
    except (pickle.PicklingError, AttributeError, TypeError):
        name = getattr(policy, "__name__", "policy")
        text = "cannot be sent to other processes; define it in a module, or take "
        raise fail(f"policy {name}", f"{text}workers=1") from None


def _in_processes(
    task: Task, batches: list[range], workers: int
) -> Iterator[list[Replication]]:
    method = "spawn" if sys.platform == "win32" else "forkserver"
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_be_worker, initargs=(task,)
    )
    try:
        with interrupts_held():
            futures = [pool.submit(_play, batch) for batch in batches]
        for future in as_completed(futures):
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _be_worker(task: Task) -> None:
    """Begin as a worker: leave interrupts to the parent, and learn what is played."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _TASK.set(task)
    # What has been imported and sent is there for good: no search for garbage in it.
    gc.collect()
    gc.freeze()


def _play(batch: range) -> list[Replication]:
    return _play_batch(_TASK.get(), batch)


def _play_batch(task: Task, batch: range) -> list[Replication]:
    return [task.replicate(number) for number in batch]
