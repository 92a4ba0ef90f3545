"""Designs: points in the space of the inputs, each played on the same days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.day import Day
from analysis.measure import FUNCTIONS, Query
from analysis.replication import Key, Replication, Task, Values, summarise
from analysis.target import judge
from scenarios.input import at_levels
from scenarios.scenario import Scenario
from scenarios.uncertain import Input
from simulator.world import World

Levels = Mapping[str, float]


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
