"""A sweep: a plan played at every point of a grid over one input or several."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.experiment import Experiment, Progress, open_backend
from analysis.sensitivity.bench import Bench, experiment_of
from analysis.sensitivity.design import Levels
from analysis.sensitivity.result import records
from analysis.sensitivity.span import Span, studied
from analysis.sensitivity.study import refuse
from analysis.store import Store
from analysis.table import summary_table, targets_table
from scenarios.file.reader import loaded
from scenarios.problem import fail
from scenarios.scenario import Scenario, Setting

MOST_POINTS = 125
USUAL_STEPS = 5


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What a sweep gives.

    Parameters
    ----------
    scenario, plan, seed
        What was played.
    days
        At each point, the same ones.
    spans
        The inputs that are swept.
    points
        Levels by input, the last input runs fastest.
    experiments
        One at each point.
    left_out
        Days that could not be played, in sentences.
    """

    scenario: Scenario
    plan: str
    seed: int
    days: int
    spans: tuple[Span, ...]
    points: tuple[Levels, ...]
    experiments: tuple[Experiment, ...]
    left_out: tuple[str, ...] = ()

    @property
    def setting(self) -> Setting:
        """The scenario under the plan, its inputs as written."""
        return self.scenario.plans[self.plan].setting

    def _with_levels(self, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """Put frames of all points together, with the levels in front."""
        rows = []
        for number, (levels, frame) in enumerate(zip(self.points, frames, strict=True)):
            texts = [span.text(levels[span.name]) for span in self.spans]
            told = frame.copy()
            told.insert(0, "point", number)
            told.insert(1, "levels", ", ".join(texts))
            rows.append(told)
        return pd.concat(rows, ignore_index=True)

    @cached_property
    def grid(self) -> pd.DataFrame:
        """Columns point, input, title, path, way (value, add, factor), level, text."""
        rows = [
            (
                *(number, s.name, s.input.title, s.input.path, s.input.way),
                *(levels[s.name], s.text(levels[s.name])),
            )
            for number, levels in enumerate(self.points)
            for s in self.spans
        ]
        columns = ["point", "input", "title", "path", "way", "level", "text"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Verdicts at each point: point, levels, then as `table.targets_table`."""
        return self._with_levels([targets_table(e) for e in self.experiments])

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Measures at each point: point, levels, then as `table.summary_table`."""
        return self._with_levels([summary_table(e) for e in self.experiments])

    def failures(self) -> list[str]:
        """Say which days could not be played, and why; empty when all could."""
        return list(self.left_out)

    def holding(self) -> bool:
        """Tell whether every target is met at every point."""
        return bool((self.targets["verdict"] == "met").all())

    def json(self, out: Path | None = None) -> dict[str, Any]:
        """Give the sweep for machines; what is infinite or missing is null."""
        return {
            "scenario": self.scenario.name,
            "plan": self.plan,
            "seed": self.seed,
            "replications": self.days,
            "out": None if out is None else str(out),
            "failed": self.failures(),
            "grid": records(self.grid),
            "targets": records(self.targets.astype({"needed": "object"})),
            "measures": records(self.summary[self.summary["subject"] == "overall"]),
        }

    def write(self, out: Path, *, command: str = "") -> Path:
        """Write report, figures, tables and `run.json` to a folder.

        The folder appears whole or not at all; an earlier result there is replaced.

        Raises
        ------
        ScenarioError
            When something else is there.
        """
        from analysis.sensitivity.output import write_sweep

        return write_sweep(self, out, command)


def sweep(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario | str | Path,
    plan: str = "base",
    *,
    vary: Sequence[str],
    seed: int = 1,
    replications: int = 100,
    workers: int | None = None,
    progress: Progress | None = None,
    parts: Path | None = None,
    cluster: str | None = None,
) -> Sweep:
    """Play a plan at every point of a grid over some inputs, on the same days.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one. Its other uncertain
        inputs are drawn once a day as ever.
    plan
        Name of one of its plans.
    vary
        As ``stations.*.registered=-20%..+20%:5``; 5 points when none are given.
    seed, workers, progress, cluster
        As of `analysis.experiment.run_experiment`.
    replications
        Days at each point.
    parts
        Folder in which what has been played is kept until the sweep is finished.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    scenario = loaded(scenario)
    refuse(scenario, plan, replications)
    scenario, all_ = studied(scenario, plan, vary)
    spans = all_[len(all_) - len(vary) :]
    points = _grid(spans)
    with open_backend(workers, len(points) * replications, cluster) as backend:
        bench = Bench(
            scenario=scenario,
            plan=plan,
            seed=seed,
            backend=backend,
            keys=None,
            others_drawn=True,
            progress=progress or (lambda done, total, note: None),
            kept=None if parts is None else Store.of(parts, scenario, plan, seed),
        )
        played = bench.play(points, replications, "sweep")
    experiments = [
        experiment_of(bench, *one) for one in zip(points, played, strict=True)
    ]
    return Sweep(
        scenario=scenario,
        plan=plan,
        seed=seed,
        days=replications,
        spans=spans,
        points=tuple(points),
        experiments=tuple(experiments),
        left_out=tuple(bench.failures),
    )


def _grid(spans: Sequence[Span]) -> list[Levels]:
    steps = [span.points or USUAL_STEPS for span in spans]
    number = int(np.prod(steps))
    if number > MOST_POINTS:
        asked = " x ".join(map(str, steps))
        text = f"{asked} = {number} points, at most {MOST_POINTS}; fewer, please"
        raise fail("--vary", text)
    rows = [
        [span.level(i / (n - 1)) for i in range(n)]
        for span, n in zip(spans, steps, strict=True)
    ]
    names = [span.name for span in spans]
    return [dict(zip(names, levels, strict=True)) for levels in product(*rows)]
