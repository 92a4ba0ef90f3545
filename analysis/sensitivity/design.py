"""Designs: points in the space of the inputs, each played on the same days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.batch import Batches
from analysis.day import Day
from analysis.experiment import Experiment, Progress
from analysis.measure import FUNCTIONS, Query
from analysis.replication import Key, Replication, Task, Values, summarise
from analysis.store import Store
from analysis.target import judge
from analysis.worker import Backend, Failure
from scenarios.input import at_levels
from scenarios.problem import fail
from scenarios.scenario import Scenario
from scenarios.uncertain import Input
from simulator.road import map_of
from simulator.world import World

Levels = Mapping[str, float]
MOST_PLAYED = 1_000_000


def scenario_at(
    scenario: Scenario, plan: str, levels: Levels, *, others_drawn: bool
) -> Scenario:
    """Give a scenario with inputs at fixed levels.

    Parameters
    ----------
    scenario
        As loaded.
    plan
        Name of one of its plans; the variant has this one alone.
    levels
        By input.
    others_drawn
        Whether uncertain inputs without a level are drawn once a day as ever; else
        they stay as the scenario writes them.
    """
    setting = scenario.plans[plan].setting
    left: dict[str, Input] = {}
    if others_drawn:
        left = {n: one for n, one in setting.uncertain.items() if n not in levels}
    fixed = at_levels(setting, levels).model_copy(update={"uncertain": left})
    plans = {plan: replace(scenario.plans[plan], setting=fixed)}
    return replace(scenario, plans=plans)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignTask(Task):
    """Points of a design, each on the same days.

    Replication ``n`` is day ``n mod days`` at point ``n div days``.

    Parameters
    ----------
    points
        Levels by input.
    days
        At each point.
    keys
        The measures that are kept; None: all.
    others_drawn
        See `scenario_at`.
    """

    points: tuple[Levels, ...]
    days: int
    keys: tuple[Key, ...] | None = None
    others_drawn: bool = False

    def replicate(self, number: int) -> Replication:
        """Play one day at one point, and keep judgements and measures alone."""
        point, day = divmod(number, self.days)
        scenario = scenario_at(
            self.scenario, self.plan, self.points[point], others_drawn=self.others_drawn
        )
        world = World(
            scenario, self.plan, self.seed, day, roads=self.roads, policy=self.policy
        )
        return self._kept(number, Day(world.setting, world.finish()))

    def _kept(self, number: int, day: Day) -> Replication:
        if self.keys is None:
            nothing = np.zeros((0, 0), np.int32)
            whole = summarise(number, day)
            return replace(
                whole, lines=nothing, arrived=nothing, voted=nothing, closes=()
            )
        targets = day.setting.targets.items()
        return _light(
            number,
            Values.of(_measured(day, self.keys)),
            tuple(judge(day, name, target) for name, target in targets),
        )


def _light(number: int, values: Values, judgements: tuple[Any, ...]) -> Replication:
    nothing = np.zeros((0, 0), np.int32)
    return Replication(
        number=number,
        values=values,
        judgements=judgements,
        lines=nothing,
        arrived=nothing,
        voted=nothing,
        orders=(),
        closes=(),
    )


def _measured(day: Day, keys: Sequence[Key]) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for name, within in dict.fromkeys((key[0], key[1]) for key in keys):
        query = Query() if within < 0 else Query(within=within)
        for member, value in FUNCTIONS[name](day, query).items():
            if (name, within, member) in keys:
                found[name, within, member] = float(value)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where the points of a study are played, and how.

    Parameters
    ----------
    scenario, plan, seed
        What is played.
    backend
        Where.
    keys
        The measures that are kept; None: all.
    others_drawn
        See `scenario_at`.
    progress
        Called with days done and in all, and what is being done.
    kept
        Folder in which what has been played is kept until the study is finished, and
        what identifies it; None: nowhere.
    """

    scenario: Scenario
    plan: str
    seed: int
    backend: Backend
    keys: tuple[Key, ...] | None
    others_drawn: bool = False
    progress: Progress = lambda done, total, note: None
    kept: Store | None = None

    def play(
        self, points: Sequence[Levels], days: int, note: str
    ) -> list[tuple[Replication, ...]]:
        """Play every point on the same days.

        Returns
        -------
        list of tuple
            For each point its days, numbered from 0.

        Raises
        ------
        ScenarioError
            When it is too much, or a day cannot be played.
        """
        total = len(points) * days
        if total > MOST_PLAYED:
            text = f"{total} days in all for {note}, at most {MOST_PLAYED}"
            raise fail("muster", f"{text}; fewer points or days, please")
        task = DesignTask(
            scenario=self.scenario,
            plan=self.plan,
            seed=self.seed,
            roads=map_of(self.scenario),
            points=tuple(points),
            days=days,
            keys=self.keys,
            others_drawn=self.others_drawn,
        )
        played = self._played(task, total, note)
        return [
            tuple(
                replace(played[point * days + day], number=day) for day in range(days)
            )
            for point in range(len(points))
        ]

    def _played(
        self, task: DesignTask, total: int, note: str
    ) -> dict[int, Replication]:
        store = self._store(task, note)
        played = {r.number: r for r in ([] if store is None else store.load())}
        wanted = [number for number in range(total) if number not in played]
        self.progress(len(played), total, note)
        for answer in Batches(self.backend, task).play(wanted):
            for one in answer:
                if isinstance(one, Failure):
                    point, day = divmod(one.number, task.days)
                    text = f"day {day} at point {dict(task.points[point])}"
                    raise fail("muster", f"{text} cannot be played: {one.reason}")
            found = [one for one in answer if isinstance(one, Replication)]
            if store is not None:
                store.keep(found)
            played |= {one.number: one for one in found}
            self.progress(len(played), total, note)
        return played

    def _store(self, task: DesignTask, note: str) -> Store | None:
        if self.kept is None:
            return None
        points = [sorted(point.items()) for point in task.points]
        keys = None if task.keys is None else [list(key) for key in task.keys]
        more = {"points": points, "days": task.days, "measures": keys}
        return self.kept.part(note.replace(" ", "-"), more)


def experiment_of(
    bench: Bench, levels: Levels, replications: tuple[Replication, ...]
) -> Experiment:
    """Give the days of one point as an experiment of their own."""
    scenario = scenario_at(
        bench.scenario, bench.plan, levels, others_drawn=bench.others_drawn
    )
    return Experiment(
        scenario=scenario,
        plan=bench.plan,
        seed=bench.seed,
        replications=replications,
    )
