"""A sensitivity study: what was played, its tables and what they say."""

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.sensitivity.breakeven import BreakEven
from analysis.sensitivity.outcome import Outcome
from analysis.sensitivity.sobol import Share
from analysis.sensitivity.span import Span
from analysis.sensitivity.telling import edge_text
from analysis.sensitivity.tornado import Bar
from scenarios.scenario import Scenario, Setting


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
    left_out
        Days that could not be played, in sentences.
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
    left_out: tuple[str, ...] = ()

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

    def failures(self) -> list[str]:
        """Say which days could not be played, and why; empty when all could."""
        return list(self.left_out)

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
            "failed": self.failures(),
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
