"""A comparison: what was played, its tables, and what they say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.comparison import answer, table
from analysis.comparison.line import day_table
from analysis.comparison.matrix import Case, matrix_table, pareto_table
from analysis.comparison.regret import overall_sentences
from analysis.experiment import Experiment
from analysis.replication import Key
from analysis.report.wording import value_text
from analysis.study import plain
from analysis.target import LEAST
from scenarios.measure import MEASURES


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Plans on common chance, over one scenario or several.

    Parameters
    ----------
    cases
        Experiments by plan, by scenario; the first plan is the baseline.
    measure
        The one that stands for service in the matrix and against cost.
    """

    cases: Mapping[str, Case]
    measure: Key

    @property
    def first(self) -> Experiment:
        """The baseline in the first scenario."""
        return next(iter(next(iter(self.cases.values())).values()))

    @property
    def plans(self) -> list[str]:
        """The plans, the baseline first."""
        return list(next(iter(self.cases.values())))

    @property
    def baseline(self) -> str:
        """The plan that the others are compared with."""
        return self.plans[0]

    @property
    def seed(self) -> int:
        """The seed of all experiments."""
        return self.first.seed

    @property
    def days(self) -> int:
        """The fewest days that any experiment has."""
        return min(len(e.replications) for c in self.cases.values() for e in c.values())

    @property
    def asked(self) -> int:
        """How many days were asked for of each."""
        return len(self.first.replications) + len(self.first.failed)

    @property
    def unit(self) -> str:
        """The unit of the measure that stands for service."""
        return MEASURES[self.measure[0]].unit

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Everything that is measured; see `table.differences_table`."""
        return self._each(lambda case: table.all_differences(case, self.seed))

    @cached_property
    def targets(self) -> pd.DataFrame:
        """The targets under each plan; see `table.targets_table`."""
        return self._each(table.targets_table)

    @cached_property
    def day(self) -> pd.DataFrame:
        """The lines hour by hour; see `line.day_table`."""
        return self._each(lambda case: day_table(case, self.seed))

    @property
    def stations(self) -> pd.DataFrame:
        """Of `differences`, the main measures station by station."""
        return self.differences[self.differences["family"] == "main, each station"]

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """Plans by scenarios, with worst case and regret; see `matrix.matrix_table`."""
        return matrix_table(self.cases, self.measure)

    @cached_property
    def pareto(self) -> pd.DataFrame:
        """Cost against service; see `matrix.pareto_table`."""
        return pareto_table(self.cases, self.measure)

    def _each(self, make: Callable[[Case], pd.DataFrame]) -> pd.DataFrame:
        frames = []
        for name, case in self.cases.items():
            frame = make(case)
            frame.insert(0, "scenario", name)
            frames.append(frame)
        return pd.concat([f for f in frames if len(f)] or frames, ignore_index=True)

    def of(self, frame: pd.DataFrame, scenario: str) -> pd.DataFrame:
        """Give what a table has of one scenario."""
        return frame[frame["scenario"] == scenario]

    def exceptions(self, scenario: str) -> list[str]:
        """Say where a plan is better on average and worse somewhere, or the reverse."""
        differences, targets = (
            self.of(frame, scenario) for frame in (self.differences, self.targets)
        )
        return answer.exceptions(differences, targets, self.baseline)

    def sentences(self, scenario: str) -> list[str]:
        """Say which plans meet the targets, and what each does better and worse."""
        differences, targets, pareto = (
            self.of(frame, scenario)
            for frame in (self.differences, self.targets, self.pareto)
        )
        return [
            answer.target_sentence(targets, pareto),
            *answer.plan_sentences(differences, self.baseline),
        ]

    def overall(self) -> list[str]:
        """Say which plan does best over several scenarios; nothing of one."""
        if len(self.cases) == 1 or self.days < LEAST:
            return []
        clock = self.first.setting.clock
        return overall_sentences(
            self.matrix,
            self.holding(),
            lambda value: value_text(value, self.unit, clock),
        )

    def holding(self) -> list[str]:
        """Name the plans that meet every target in every scenario."""
        each = [
            answer.meeting(self.of(self.targets, scenario))
            if len(self.of(self.targets, scenario))
            else self.plans
            for scenario in self.cases
        ]
        return [plan for plan in self.plans if all(plan in found for found in each)]

    def failures(self) -> list[str]:
        """Name the days that could not be played."""
        return [
            f"{scenario}, plan {plan}: {experiment.failures_text()}"
            for scenario, case in self.cases.items()
            for plan, experiment in case.items()
            if experiment.failed
        ]

    def json(self, out: Path | None = None) -> dict[str, Any]:
        """Give it for machines; what is infinite or missing is null."""
        shown = self.differences["family"].str.startswith(("main", "targets"))
        return {
            "scenarios": list(self.cases),
            "plans": self.plans,
            "baseline": self.baseline,
            "seed": self.seed,
            "replications": self.days,
            "measure": list(self.measure),
            "out": None if out is None else str(out),
            "overall": self.overall(),
            "exceptions": {name: self.exceptions(name) for name in self.cases},
            "answer": {name: self.sentences(name) for name in self.cases},
            "holding": self.holding(),
            "failed": self.failures(),
            "targets": plain(self.targets),
            "differences": plain(self.differences[shown]),
            "day": plain(self.day),
            "matrix": plain(self.matrix),
            "pareto": plain(self.pareto),
        }

    def write(self, out: Path, *, command: str = "") -> Path:
        """Write report, figures, tables, `compare.json` and `run.json` to a folder.

        The folder appears whole or not at all; an earlier result there is replaced.

        Raises
        ------
        ScenarioError
            When something else is there.
        """
        from analysis.comparison.output import write_comparison

        return write_comparison(self, out, command)
