"""A sensitivity study: what was played, its tables and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.experiment import Progress, no_such_plan, open_backend
from analysis.sensitivity.design import Bench
from analysis.sensitivity.edge import BreakEven, play_edges
from analysis.sensitivity.outcome import Outcome, keys_of, outcomes_of
from analysis.sensitivity.sobol import Share, play_sobol
from analysis.sensitivity.span import Span, studied
from analysis.sensitivity.telling import edge_text
from analysis.sensitivity.tornado import Bar, play_tornado
from analysis.store import Store
from scenarios.file.reader import loaded
from scenarios.problem import fail
from scenarios.scenario import Scenario, Setting

MOST_DAYS = 100_000


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What a sensitivity study gives.

    Parameters
    ----------
    scenario, plan, seed
        What was played.
    days
        At each point of the tornado and of the break-even values.
    points, point_days
        Of the Sobol design: points in all, and days at each; 0 when none was played.
    spans
        The inputs.
    bars, shares, edges
        The tornado, the Sobol indices, the break-even values.
    """

    scenario: Scenario
    plan: str
    seed: int
    days: int
    points: int
    point_days: int
    spans: tuple[Span, ...]
    bars: tuple[Bar, ...]
    shares: tuple[Share, ...]
    edges: tuple[BreakEven, ...]

    @property
    def setting(self) -> Setting:
        """The scenario under the plan, its inputs as written."""
        return self.scenario.plans[self.plan].setting

    @cached_property
    def tornado(self) -> pd.DataFrame:
        """Each input at either end; see `analysis.sensitivity.table`."""
        from analysis.sensitivity.table import tornado_table

        return tornado_table(self.bars)

    @cached_property
    def sobol(self) -> pd.DataFrame:
        """First and total indices; see `analysis.sensitivity.table`."""
        from analysis.sensitivity.table import sobol_table

        return sobol_table(self.spans, self.shares, self.points, self.point_days)

    @cached_property
    def breakeven(self) -> pd.DataFrame:
        """Break-even values; see `analysis.sensitivity.table`."""
        from analysis.sensitivity.table import breakeven_table

        return breakeven_table(self.edges)

    def moved(self) -> tuple[Outcome, ...]:
        """Give the outcomes that some input moves at all."""
        moves = {bar.outcome.name for bar in self.bars if bar.width > 0}
        outcomes = {bar.outcome.name: bar.outcome for bar in self.bars}
        return tuple(one for name, one in outcomes.items() if name in moves)

    def holding(self) -> bool:
        """Tell whether every target holds over the whole range of every input."""
        return all(edge.edge.verdict in ("holds", "unknown") for edge in self.edges)

    def sentences(self) -> list[str]:
        """Say first where the plan breaks, input by input."""
        told = [edge for edge in self.edges if edge.edge.verdict not in _QUIET]
        lines = [edge_text(edge) for edge in told]
        for verdict, text in _QUIET.items():
            for title, targets in self._alike(verdict).items():
                lines.append(f"{', '.join(targets)}: {text} {title}.")
        return lines

    def _alike(self, verdict: str) -> dict[str, list[str]]:
        """Give the targets of a verdict by the inputs along which they have it."""
        by_target: dict[str, list[str]] = {}
        for edge in self.edges:
            if edge.edge.verdict == verdict:
                by_target.setdefault(edge.target, []).append(edge.span.input.title)
        found: dict[str, list[str]] = {}
        for target, titles in by_target.items():
            every = len(titles) == len(self.spans) > 1
            title = "every input" if every else ", ".join(titles)
            found.setdefault(title, []).append(target)
        return found

    def json(self, out: Path | None = None) -> dict[str, Any]:
        """Give the study for machines; what is infinite or missing is null."""
        return {
            "scenario": self.scenario.name,
            "plan": self.plan,
            "seed": self.seed,
            "days": self.days,
            "out": None if out is None else str(out),
            "answer": self.sentences(),
            "tornado": records(self.tornado),
            "sobol": records(self.sobol),
            "breakeven": records(self.breakeven),
        }

    def write(self, out: Path, *, command: str = "") -> Path:
        """Write report, figures, tables and `run.json` to a folder.

        The folder appears whole or not at all; an earlier result there is replaced.

        Raises
        ------
        ScenarioError
            When something else is there.
        """
        from analysis.sensitivity.output import write_sensitivity

        return write_sensitivity(self, out, command)


_QUIET = {
    "holds": "held over the whole range of",
    "fails": "failed over the whole range of",
    "unknown": "nothing to measure over the range of",
}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table for JSON; what is infinite or missing is null."""
    return [
        {str(key): _plain(value) for key, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if value is pd.NA or value is None:
        return None
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not isfinite(value) else value


def sensitivity(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario | str | Path,
    plan: str = "base",
    *,
    vary: Sequence[str] = (),
    measures: Sequence[str] = (),
    seed: int = 1,
    replications: int = 100,
    sobol: int = 64,
    point_days: int = 10,
    workers: int | None = None,
    progress: Progress | None = None,
    parts: Path | None = None,
    cluster: str | None = None,
) -> Sensitivity:
    """Find which input moves which outcome, and where targets break.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one. Its ``uncertain``
        inputs are studied.
    plan
        Name of one of its plans.
    vary
        Further inputs, as ``stations.*.turnout=-10%..+10%``.
    measures
        Outcomes beside those of the targets, as ``wait.p90 of KV1``.
    seed
        Of the days, and of the Sobol design.
    replications
        Days at each point of the tornado and of the break-even values.
    sobol
        Base size of the Sobol design, a power of 2; 0 for none. It has so many points
        times (inputs + 2).
    point_days
        Days at each point of that design.
    workers, progress, cluster
        As of `analysis.experiment.run_experiment`.
    parts
        Folder in which what has been played is kept until the study is finished.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    scenario = loaded(scenario)
    refuse(scenario, plan, replications)
    _refuse_design(sobol, point_days)
    scenario, spans = studied(scenario, plan, vary)
    if not spans:
        text = "the scenario has no uncertain inputs; add some, or name one with --vary"
        raise fail("muster sensitivity", f"{text} PATH=LOW..HIGH")
    setting = scenario.plans[plan].setting
    outcomes = outcomes_of(setting, measures)
    if not outcomes:
        raise fail("muster sensitivity", "the scenario has no targets; give --measure")
    with open_backend(workers, replications, cluster) as backend:
        bench = Bench(
            scenario=scenario,
            plan=plan,
            seed=seed,
            backend=backend,
            keys=keys_of(outcomes),
            progress=progress or (lambda done, total, note: None),
            kept=None if parts is None else Store.of(parts, scenario, plan, seed),
        )
        bars = play_tornado(bench, spans, outcomes, replications)
        shares: tuple[Share, ...] = ()
        if sobol and len(spans) > 1:
            shares = play_sobol(bench, spans, outcomes, size=sobol, days=point_days)
        edges = play_edges(bench, spans, setting.targets, replications)
    return Sensitivity(
        scenario=scenario,
        plan=plan,
        seed=seed,
        days=replications,
        points=sobol * (len(spans) + 2) if shares else 0,
        point_days=point_days if shares else 0,
        spans=spans,
        bars=bars,
        shares=shares,
        edges=edges,
    )


def refuse(scenario: Scenario, plan: str, days: int, option: str = "-n") -> None:
    """Refuse a plan that is not there, and too many days.

    Raises
    ------
    ScenarioError
        Says which.
    """
    if plan not in scenario.plans:
        raise no_such_plan(scenario, plan)
    if not 1 <= days <= MOST_DAYS:
        text = f"days must be from 1 to {MOST_DAYS}, found {days}"
        raise fail(f"{option} {days}", text)


def _refuse_design(sobol: int, point_days: int) -> None:
    if not 1 <= point_days <= MOST_DAYS:
        text = f"days must be from 1 to {MOST_DAYS}, found {point_days}"
        raise fail(f"--point-days {point_days}", text)
    if sobol and not (2 <= sobol <= 2**16 and sobol & (sobol - 1) == 0):
        text = f"must be a power of 2 from 2 to 65536, or 0 for none, found {sobol}"
        raise fail(f"--sobol {sobol}", text)
