"""A sensitivity study on the console: where the plan breaks, what moves what."""

from math import isnan
from pathlib import Path

from rich.console import Console
from rich.table import Table

from analysis.figure.palette import ending
from analysis.report.wording import plural
from analysis.sensitivity.paired import Change
from analysis.sensitivity.picture import bars_of
from analysis.sensitivity.result import Sensitivity
from analysis.sensitivity.sobol import Share
from analysis.sensitivity.tornado import Bar
from analysis.target import LEAST

SMALL = 0.005  # an index that is shown as 0 %


def show_sensitivity(study: Sensitivity, folder: Path, console: Console) -> None:
    """Show what a study says, and where the files are."""
    for text in study.sentences():
        say(text, console)
    if study.moved():
        console.print(_tornado(study))
    say(moved_text(study), console)
    if study.shares:
        console.print(_sobol(study))
        say(noise_text(study), console)
    for text in study.failures():
        say(text, console)
    if study.days < LEAST:
        say(f"Below {LEAST} days there is no interval: play more.", console)
    say(f"Report: {folder / 'report.html'}", console)
    text = f"figures/*.png, tables/*.parquet and *.csv, {folder / 'run.json'}"
    say(f"Also there: {text}", console)


def say(text: str, console: Console) -> None:
    """Print a line as it is."""
    console.print(text, soft_wrap=True, highlight=False)


def moved_text(study: Sensitivity) -> str:
    """Say which outcomes no input moves."""
    moved = {outcome.name for outcome in study.moved()}
    all_ = dict.fromkeys(bar.outcome.name for bar in study.bars)
    still = [name for name in all_ if name not in moved]
    if not still:
        return "Every outcome is moved by some input."
    return f"Moved by no input: {', '.join(still)}."


def noise_text(study: Sensitivity) -> str:
    """Say how the Sobol indices came about, and how much is the days' doing."""
    known = [one.noise for one in study.shares if not isnan(one.noise)]
    worst = f", {max(known):.0%} at most here" if known else ""
    return (
        f"Sobol indices over {study.points} points, the same "
        f"{plural(study.point_days, 'day')} at each; intervals by bootstrap (nominal "
        "95 %). Part of the variance is the interplay of the inputs with these few "
        f"days{worst}; it counts as interplay of the inputs."
    )


def level_cells(bar: Bar) -> tuple[str, str]:
    """Write both ends of an input."""
    return bar.span.text(bar.span.low), bar.span.text(bar.span.high)


def change_text(bar: Bar, change: Change) -> str:
    """Write a change with its interval."""
    text = bar.outcome.text(change.mean, change=True)
    if isnan(change.low) or change.low == change.high:
        return text
    low, high = (
        bar.outcome.text(end, change=True) for end in (change.low, change.high)
    )
    return f"{text} ({low} to {high})"


def _tornado(study: Sensitivity) -> Table:
    columns = ("outcome", "as written", "input", "from", "to", "change low to high")
    title = f"What moves what: {study.days} days at each point, seed {study.seed}"
    table = Table(*columns, title=title)
    for outcome in study.moved():
        name = outcome.title
        for bar in (bar for bar in bars_of(study, outcome.name) if bar.width):
            nominal = outcome.text(bar.nominal) if name else ""
            title, change = ending(bar.span.input.title), change_text(bar, bar.swing)
            table.add_row(name, nominal, title, *level_cells(bar), change)
            name = ""
    return table


def index_text(share: Share, name: str, row: int) -> str:
    """Write an index with its interval."""
    value, low, high = (
        float(getattr(share.indices, key)[row])
        for key in (name, f"{name}_low", f"{name}_high")
    )
    return f"{value:.0%} ({low:.0%} to {high:.0%})"


def _sobol(study: Sensitivity) -> Table:
    columns = ("outcome", "input", "alone", "with its interplay")
    table = Table(*columns, title="All inputs at once: what brings about the variation")
    for share in (one for one in study.shares if one.sd > 0):
        name = share.outcome.title
        for row in (-share.indices.total).argsort(kind="stable"):
            if share.indices.total[row] < SMALL:
                continue
            indices = (index_text(share, key, row) for key in ("first", "total"))
            title = ending(study.spans[row].input.title)
            table.add_row(name, title, *indices)
            name = ""
    return table
