"""A comparison: what was played, its tables, and what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.comparison import answer, table
from analysis.comparison.choice import (
    measure_of,
    part_of,
    plan_names,
    refuse_member,
    store_of,
)
from analysis.comparison.line import day_table
from analysis.comparison.matrix import Case, matrix_table, pareto_table
from analysis.experiment import Experiment, Progress, open_backend, run_experiment
from analysis.replication import Key
from scenarios.file.reader import loaded
from scenarios.measure import MEASURES
from scenarios.scenario import Scenario


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


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table for JSON; what is infinite or missing is null."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value.item() if hasattr(value, "item") else value


def compare(  # noqa: PLR0913 - what a user may choose
    scenarios: Scenario | str | Path | Sequence[Scenario | str | Path],
    plans: Sequence[str] = (),
    *,
    baseline: str | None = None,
    measure: str | None = None,
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: Progress | None = None,
    cluster: str | None = None,
    parts: Path | None = None,
) -> Comparison:
    """Play plans of one scenario or several on common chance.

    Parameters
    ----------
    scenarios
        One or several, as loaded, or paths, or names of bundled ones; their own names
        must differ.
    plans
        Their names, the same in each scenario; default: all that each scenario has.
    baseline
        The plan that the others are compared with; default: the first.
    measure
        Stands for service: ``wait.mean``, ``response.p90 of fire``, ``wait.within at 30
        min of KV1``; default: wait.mean, or response.mean without stations.
    seed
        With the number of each replication it fixes every chance event.
    replications
        Of each plan in each scenario.
    workers
        Processes; default: one for each core. The result does not depend on it.
    progress
        Called with replications done and in all, and whose they are.
    cluster
        Address of a Dask scheduler, in place of processes here.
    parts
        Folder in which what has been played is kept until the comparison is written.

    Raises
    ------
    ScenarioError
        When there is no such plan or measure, or there are not two plans.
    """
    if isinstance(scenarios, Scenario | str | Path):
        scenarios = [scenarios]
    row = [loaded(one) for one in scenarios]
    names = plan_names(row, plans, baseline)
    key = measure_of(measure, row[0], names[0])
    if measure is not None:
        refuse_member(key, row[0], names[0], seed, replications)
    jobs = [(scenario, plan) for scenario in row for plan in names]
    total = replications * len(jobs)
    cases: dict[str, dict[str, Experiment]] = {s.name: {} for s in row}
    tell = progress or (lambda done, total, note: None)
    with open_backend(workers, replications, cluster) as backend:
        for number, (scenario, plan) in enumerate(jobs):
            note = f"of {plan}" + (f" in {scenario.name}" if len(row) > 1 else "")
            cases[scenario.name][plan] = run_experiment(
                scenario,
                plan,
                seed=seed,
                replications=replications,
                workers=workers,
                progress=part_of(tell, number * replications, total, note),
                store=store_of(parts, scenario, plan, seed),
                backend=backend,
            )
    return Comparison(cases=cases, measure=key)
