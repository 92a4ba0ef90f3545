"""Outcomes: what of a day an input may move."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf, isnan, nan

import numpy as np
from numpy.typing import NDArray

from analysis.precision import key_of
from analysis.replication import Key, Replication
from scenarios.clock import Clock, span
from scenarios.measure import MEASURES
from scenarios.scenario import Setting

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A number of each day.

    Parameters
    ----------
    name
        ``held TARGET``, ``value TARGET``, or a measure with its member.
    title
        For people.
    unit
        Of the measure; ``held`` is a share of days.
    target
        Index of the target; None of a measure.
    held
        Whether it is 1 on a day on which the target held, and 0 else.
    key
        Of a measure.
    cap
        What never ended counts as this: the length of the scenario, minutes.
    clock
        Of the scenario.
    """

    name: str
    title: str
    unit: str
    cap: float
    clock: Clock
    target: int | None = None
    held: bool = False
    key: Key | None = None

    def of(self, replications: Sequence[Replication]) -> Floats:
        """Give it day by day; NaN when there was nothing to measure.

        Returns
        -------
        ndarray, shape (replications,)
        """
        values = np.array([self._of_day(one) for one in replications], dtype=np.float64)
        values[np.isposinf(values)] = self.cap
        return values

    def _of_day(self, one: Replication) -> float:
        if self.target is None:
            assert self.key is not None
            return one.values.get(self.key)
        judgement = one.judgements[self.target]
        if not judgement.measured:
            return nan
        return float(judgement.held) if self.held else judgement.value

    def endless(self, replications: Sequence[Replication]) -> int:
        """Count the days on which it never ended, and counts as the cap."""
        return sum(isinf(self._of_day(one)) for one in replications)

    def text(self, value: float, *, change: bool = False) -> str:
        """Write a value of it, or a change."""
        if isnan(value):
            return "-"
        if self.unit == "share":
            return f"{value:+.1%}" if change else f"{value:.1%}"
        if self.unit == "clock" and not change:
            return self.clock.text(value)
        if self.unit in ("minutes", "clock"):
            return f"+{span(value)}" if change and value >= 0 else span(value)
        return f"{value:+.4g}" if change else f"{value:.4g}"


def outcomes_of(setting: Setting, measures: Sequence[str] = ()) -> tuple[Outcome, ...]:
    """List the outcomes of a study: of each target, then the measures asked for.

    Parameters
    ----------
    setting
        The scenario under a plan.
    measures
        As ``wait.p90 of KV1``.

    Raises
    ------
    ScenarioError
        When there is no such measure.
    """
    clock, found = setting.clock, []
    cap = clock.minutes
    for number, (name, target) in enumerate(setting.targets.items()):
        found.append(
            Outcome(
                name=f"held {name}",
                title=f"days on which {name} holds",
                unit="share",
                cap=cap,
                clock=clock,
                target=number,
                held=True,
            )
        )
        found.append(
            Outcome(
                name=f"value {name}",
                title=f"{target.measure} at its worst, of {name}",
                unit=MEASURES[target.measure].unit,
                cap=cap,
                clock=clock,
                target=number,
            )
        )
    for text in measures:
        key = key_of(f"--measure {text}", text, setting)
        title = f"{key[0]} of {key[2]}"
        unit = MEASURES[key[0]].unit
        found.append(
            Outcome(name=title, title=title, unit=unit, cap=cap, clock=clock, key=key)
        )
    return tuple(found)


def keys_of(outcomes: Sequence[Outcome]) -> tuple[Key, ...]:
    """Give the measures that have to be kept."""
    return tuple(o.key for o in outcomes if o.key is not None)
