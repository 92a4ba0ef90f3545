"""A run on the console: how far it is, and then what came of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table

from analysis.result import Result
from analysis.target import LEAST
from scenarios.clock import span
from scenarios.measure import MEASURES

_TITLES = ("target", "verdict", "held on", "interval", "bound", "typical", "worst")


@contextmanager
def progress_bar(
    console: Console, *, show: bool, title: str = "playing days"
) -> Iterator[Callable[[int, int, str], None]]:
    """Show a bar with time left; give what tells it the days done, of how many.

    Where there is no terminal, in a file say, there is a line for each tenth, and for
    each thousand days of more.
    """
    rest = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    bar = Progress(
        TextColumn(title, markup=False),
        BarColumn(bar_width=12),
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        TimeElapsedColumn(table_column=Column(no_wrap=True)),
        TextColumn("left"),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.description}", markup=False, table_column=rest),
        console=console,
        expand=True,
        disable=not (show and console.is_terminal),
    )
    task = bar.add_task("", total=None)
    tenths = _Tenths(console, title)

    def tell(done: int, total: int, note: str) -> None:
        bar.update(task, completed=done, total=total, description=note)
        if show and not console.is_terminal:
            tenths.tell(done, total, note)

    with bar:
        yield tell


class _Tenths:
    """Writes a line for each tenth of the days that is done, or thousand of them."""

    def __init__(self, console: Console, title: str) -> None:
        self._console, self._title = console, title
        self._last = -1

    def tell(self, done: int, total: int, note: str) -> None:
        """Write how far it is, when another tenth is done."""
        part = done // max(min(total // 10, 1000), 1)
        if part == self._last:
            return
        self._last = part
        text = f"{self._title} {note}".rstrip() + f": {done} of {total}"
        self._console.print(text, soft_wrap=True, highlight=False)


def show_result(result: Result, folder: Path, console: Console) -> None:
    """Show the targets, what broke first, and where the files are."""
    experiment = result.experiment
    console.print(_targets(result))
    if len(experiment.replications) < LEAST:
        text = f"Below {LEAST} days there is neither interval nor verdict: play more."
        console.print(text)
    console.print(result.answer(), soft_wrap=True)
    if experiment.failed:
        console.print(experiment.failures_text(), soft_wrap=True, highlight=False)
    console.print(f"Report: {folder / 'report.html'}", soft_wrap=True, highlight=False)
    console.print(
        f"Also there: figures/*.png, tables/*.parquet and *.csv, {folder / 'run.json'}",
        soft_wrap=True,
        highlight=False,
    )


def _targets(result: Result) -> Table:
    """Make the table of targets, a row for each."""
    experiment = result.experiment
    table = Table(
        *_TITLES,
        title=f"{experiment.scenario.name}, plan {experiment.plan}, "
        f"{len(experiment.replications)} days, seed {experiment.seed}",
    )
    for row in result.targets.to_dict("records"):
        table.add_row(
            row["target"],
            _verdict(row),
            f"{row['held']} of {row['days']}, asked {row['asked']:.0%}",
            f"{row['low']:.0%} to {row['high']:.0%}" if row["low"] >= 0 else "-",
            row["bound"],
            _value(row, result),
            "" if row["worst"] == "overall" else row["worst"],
        )
    return table


def _verdict(row: Mapping[Any, Any]) -> str:
    """Give the verdict, and how many days would settle it when it is undecided."""
    needed = "" if pd.isna(row["needed"]) else f", {row['needed']} days would tell"
    return f"{row['verdict']}{needed}"


def _value(row: Mapping[Any, Any], result: Result) -> str:
    value, unit = float(row["typical"]), MEASURES[row["measure"]].unit
    if isnan(value):  # nothing was measured
        return "-"
    if unit == "clock":
        return result.experiment.scenario.clock.text(value)
    if unit == "share":
        return f"{value:.1%}"
    return span(value) if unit == "minutes" else f"{value:g}"
