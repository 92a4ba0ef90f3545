"""Pairs: two experiments on common chance, day by day side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.day import GRID
from analysis.difference import Floats
from analysis.experiment import Experiment
from analysis.replication import Key, Replication
from analysis.target import Judgement
from scenarios.measure import MEASURES

TIMES = ("minutes", "clock")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two experiments of one seed; replication i of both is one pair.

    Parameters
    ----------
    one, other
        Differences are the one less the other.
    """

    one: Experiment
    other: Experiment

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Replications that both have, in order."""
        there = {r.number for r in self.other.replications}
        return tuple(r.number for r in self.one.replications if r.number in there)

    @cached_property
    def sides(self) -> tuple[list[Replication], list[Replication]]:
        """The replications of both that are paired, in order."""
        wanted = set(self.numbers)
        one, other = (
            [r for r in experiment.replications if r.number in wanted]
            for experiment in (self.one, self.other)
        )
        return one, other

    def values(self, key: Key) -> tuple[Floats, Floats]:
        """Give a measure on both sides, each of shape (pairs,), capped.

        A time that never ended stands at the end of the scenario; NaN where nothing
        was measured.
        """
        raw = self._raw(key)
        return capped(raw[0], key[0], self.one), capped(raw[1], key[0], self.other)

    def never(self, key: Key) -> int:
        """Count the pairs on which a time never ended, on one side or both."""
        one, other = self._raw(key)
        return int((np.isinf(one) | np.isinf(other)).sum())

    def _raw(self, key: Key) -> tuple[Floats, Floats]:
        one, other = (
            _series(experiment, key, self.numbers)
            for experiment in (self.one, self.other)
        )
        return one, other

    def held(self, target: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Say on which pairs a target held; pairs without a measurement are left out.

        Returns
        -------
        tuple
            Of the one and of the other, each of shape (pairs with a measurement,).
        """
        measured = np.array([a.measured and b.measured for a, b in self.judged(target)])
        held = [(a.held, b.held) for a, b in self.judged(target)]
        both = np.array(held, dtype=bool).reshape(-1, 2)[measured.astype(bool)]
        return both[:, 0], both[:, 1]

    def worst(self, target: str) -> tuple[Floats, Floats]:
        """Give the value that a target is judged by, at its worst member, capped."""
        measure = self.one.setting.targets[target].measure
        one, other = self._raw_worst(target)
        return capped(one, measure, self.one), capped(other, measure, self.other)

    def never_worst(self, target: str) -> int:
        """Count the pairs on which that value never ended, on one side or both."""
        one, other = self._raw_worst(target)
        return int((np.isinf(one) | np.isinf(other)).sum())

    def _raw_worst(self, target: str) -> tuple[Floats, Floats]:
        values = [(a.value, b.value) for a, b in self.judged(target)]
        both = np.array(values, dtype=np.float64).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def judged(self, target: str) -> list[tuple[Judgement, Judgement]]:
        """Give a target as judged on each pair, of the one and of the other."""
        place = list(self.one.setting.targets).index(target)
        return [
            (a.judgements[place], b.judgements[place])
            for a, b in zip(*self.sides, strict=True)
        ]

    def lines(self, block: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the mean line at each station in each stretch of the day, on both sides.

        Parameters
        ----------
        block
            Length of a stretch, minutes; a multiple of the grid.

        Returns
        -------
        tuple
            Of the one and of the other, each of shape (pairs, stations, stretches).
        """
        one, other = self.sides
        return _blocks(one, block), _blocks(other, block)


def capped(values: Floats, measure: str, experiment: Experiment) -> Floats:
    """Put times that never ended at the end of the scenario."""
    if MEASURES[measure].unit not in TIMES:
        return values
    return np.where(np.isinf(values), experiment.setting.clock.minutes, values)


def _series(experiment: Experiment, key: Key, numbers: Sequence[int]) -> Floats:
    if key not in experiment.series:
        return np.full(len(numbers), np.nan)
    values = experiment.series[key]
    if len(values) == len(numbers):
        return values
    wanted = set(numbers)
    return values[[r.number in wanted for r in experiment.replications]]


def _blocks(replications: Sequence[Replication], block: float) -> Floats:
    grids = np.array([r.lines for r in replications], dtype=np.float64)
    size = round(block / GRID)
    starts = np.arange(0, grids.shape[2], size)
    lengths = np.diff([*starts, grids.shape[2]])
    return np.asarray(np.add.reduceat(grids, starts, axis=2) / lengths, np.float64)
