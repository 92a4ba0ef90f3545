"""One replication: what is played, and what is kept of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import nan
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.day import Day, arrivals_of, grid_times, line_at, votes_of
from analysis.measure import FUNCTIONS, Query
from analysis.target import Judgement, judge
from scenarios.measure import MEASURES
from scenarios.scenario import Scenario, Setting
from simulator.log import Kind
from simulator.policy import Policy
from simulator.road import RoadMap
from simulator.world import World

Key = tuple[str, float, str]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Measures of one replication.

    Parameters
    ----------
    names
        Of each; nearly all replications share them.
    numbers
        Shape (names,).
    """

    names: tuple[Key, ...]
    numbers: NDArray[np.float64]

    @classmethod
    def of(cls, values: Mapping[Key, float]) -> Self:
        """Take them from a mapping."""
        return cls(tuple(values), np.array(list(values.values()), dtype=np.float64))

    def get(self, key: Key, default: float = nan) -> float:
        """Give the value of one measure."""
        if key not in self.names:
            return default
        return float(self.numbers[self.names.index(key)])

    def items(self) -> Iterator[tuple[Key, float]]:
        """Go through names and values."""
        return zip(self.names, self.numbers.tolist(), strict=True)


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
    values: Values
    judgements: tuple[Judgement, ...]
    lines: NDArray[np.int32]
    arrived: NDArray[np.int32]
    voted: NDArray[np.int32]
    orders: tuple[tuple[str, str, float], ...]
    closes: tuple[float, ...]

    def like(self, other: "Replication") -> "Replication":
        """Share the names of another with equal ones, which are sent and kept once."""
        names = other.values.names
        if self.values.names != names:
            return self
        return replace(self, values=Values(names, self.values.numbers))


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
            values[name, within, member] = float(value)
    moments = grid_times(day.log.end)
    tables = list(day.log.voters.values())
    return Replication(
        number=number,
        values=Values.of(values),
        judgements=tuple(
            judge(day, name, target) for name, target in day.setting.targets.items()
        ),
        lines=_grid(
            [line_at(line, moments) for line in day.lines.values()], len(moments)
        ),
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
