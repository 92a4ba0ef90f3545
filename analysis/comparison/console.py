"""A comparison on the console: exceptions first, then targets, differences, cost."""

from math import isfinite
from pathlib import Path

from rich.console import Console
from rich.table import Table

from analysis.comparison.answer import (
    Row,
    factor_text,
    held_text,
    needed_of,
    records,
    within_of,
)
from analysis.comparison.comparison import Comparison
from analysis.comparison.item import words_of
from analysis.comparison.verdict import (
    NONE,
    SAME,
    change_text,
    few_text,
    interval_text,
    told,
)
from analysis.report.wording import NOTHING, number_text, plural, value_text
from analysis.target import LEAST
from scenarios.clock import Clock


def show_comparison(comparison: Comparison, folder: Path, console: Console) -> None:
    """Show what a comparison says, and where the files are."""
    if comparison.days < LEAST:
        _say(few_text(comparison.days), console)
    for text in comparison.overall():
        _say(text, console)
    for scenario in comparison.cases:
        _show_case(comparison, scenario, console)
    if len(comparison.cases) > 1:
        console.print(_matrix(comparison))
    for line in comparison.failures():
        _say(line, console)
    _say(f"Report: {folder / 'report.html'}", console)
    _say(
        f"Also there: figures/*.png, tables/*.parquet and *.csv, {folder / 'run.json'}",
        console,
    )


def _say(text: str, console: Console) -> None:
    console.print(text, soft_wrap=True, highlight=False)


def _show_case(comparison: Comparison, scenario: str, console: Console) -> None:
    where = f"{scenario}: " if len(comparison.cases) > 1 else ""
    for text in comparison.exceptions(scenario):
        _say(f"{where}Exception: {text}", console)
    for text in comparison.sentences(scenario)[:1]:
        _say(f"{where}{text}", console)
    targets = comparison.of(comparison.targets, scenario)
    if len(targets):
        console.print(_targets(comparison, scenario))
    console.print(_differences(comparison, scenario))
    console.print(_cost(comparison, scenario))


def _head(comparison: Comparison, scenario: str) -> str:
    return f"{scenario}, {comparison.days} days of each plan, seed {comparison.seed}"


def _targets(comparison: Comparison, scenario: str) -> Table:
    frame = comparison.of(comparison.targets, scenario)
    table = Table("target", *comparison.plans, title=_head(comparison, scenario))
    for name, rows in frame.groupby("target", sort=False):
        table.add_row(str(name), *(_held(row) for row in records(rows)))
    if comparison.days >= LEAST:
        number = frame["compared"].dropna()
        table.caption = (
            "Days on which it held, exact interval of the share, verdict. Against "
            f"{comparison.baseline}: interval of the difference of shares, 95 % "
            f"(nominal) for all {int(number.max())} at once."
        )
    return table


def _held(row: Row) -> str:
    text = f"{row['verdict']}, {held_text(row)}"
    text = text.replace(" (", "\n(").replace("; ", "\n")
    if row["against"] in (SAME, NONE) or not isinstance(row["against"], str):
        return text
    needed = needed_of(row)
    change = interval_text(row["difference_low"], row["difference_high"], "share")
    return f"{text}\n{told(row['against'], row['days'], needed)}: {change}"


def _differences(comparison: Comparison, scenario: str) -> Table:
    frame = comparison.of(comparison.differences, scenario)
    rows = records(frame[frame["family"] == "main"])
    clock = comparison.first.setting.clock
    table = Table(
        *("measure", "plan", "mean", comparison.baseline, "difference", "verdict"),
        "factor",
        title=f"{_head(comparison, scenario)}: against {comparison.baseline}",
        caption=caption_of(comparison, scenario),
        caption_justify="left",
    )
    same = []
    for row in rows:
        if row["verdict"] == SAME:
            same.append(row)
        else:
            *first, change, interval, verdict, factor = difference_cells(row, clock)
            table.add_row(*first, f"{change}\n{interval}", verdict, factor)
    if same:
        lines = "\n".join(same_text(same))
        table.caption = f"{table.caption}\nThe same on every day:\n{lines}"
    return table


def difference_cells(row: Row, clock: Clock) -> list[str]:
    """Write a row of differences: measure, plan, means, difference, verdict."""
    unit = row["unit"]
    needed = needed_of(row)
    interval = interval_text(row["low"], row["high"], unit)
    if interval == NOTHING and row["verdict"] != NONE:
        interval = f"differs on {plural(row['differing'], 'day')} only"
    return [
        words_of(row["measure"], within_of(row)),
        row["plan"],
        value_text(row["plan_mean"], unit, clock),
        value_text(row["baseline_mean"], unit, clock),
        change_text(row["difference"], unit),
        interval,
        told(row["verdict"], row["days"], needed),
        factor_text(row["factor"]),
    ]


def same_text(rows: list[Row]) -> list[str]:
    """Say in one line a plan what is the same on every day."""
    plans: dict[str, list[str]] = {}
    for row in rows:
        words = words_of(row["measure"], within_of(row))
        plans.setdefault(row["plan"], []).append(words)
    return [f"{plan}: {', '.join(words)}" for plan, words in plans.items()]


def caption_of(comparison: Comparison, scenario: str) -> str:
    """Say what the intervals hold for, what was capped and what was left out."""
    frame = comparison.of(comparison.differences, scenario)
    main = frame[frame["family"] == "main"]
    if comparison.days < LEAST:
        return "Mean differences of paired days."
    compared = int(main["compared"].max())
    text = (
        f"Mean differences of paired days. The {compared} intervals that chance has a "
        "part in hold at once with 95 % (nominal; days drawn again). factor: how many "
        "times more days independent chance would need."
    )
    never, dropped = int(main["never"].max()), int(main["dropped"].max())
    if never:
        text += (
            f" Times that never ended (on {plural(never, 'day')} at most) stand at the "
            "end of the scenario."
        )
    if dropped:
        days = plural(dropped, "day")
        text += f" Days on which nothing was measured are left out ({days} at most)."
    return text


def _cost(comparison: Comparison, scenario: str) -> Table:
    frame = comparison.of(comparison.pareto, scenario)
    clock = comparison.first.setting.clock
    table = Table(
        *("plan", "cost of units", "staff hours", words_of(*comparison.measure[:2])),
        *("targets met", "Pareto"),
        title="Cost against service",
        caption="Pareto: no other plan is as good in both and better in one (means).",
    )
    for row in records(frame):
        unit = comparison.unit
        table.add_row(
            row["plan"],
            number_text(row["cost"]),
            number_text(row["hours"]),
            value_text(row["service"], unit, clock),
            f"{row['targets_met']} of {row['targets']}",
            "yes" if row["pareto"] else "",
        )
    return table


def _matrix(comparison: Comparison) -> Table:
    scenarios = list(comparison.cases)
    table = Table(
        *("about", "plan", *scenarios, "worst case", "most regret"),
        title="Plans by scenarios",
        caption=matrix_caption(comparison),
    )
    for row in matrix_rows(comparison):
        table.add_row(*row)
    return table


def matrix_caption(comparison: Comparison) -> str:
    """Say what the matrix shows, and what is left out: it is the same everywhere."""
    text = (
        "Targets: share of days on which they held. Regret: how far a plan is from the "
        "best one in the same scenario; here the most of all scenarios."
    )
    frame = comparison.matrix
    regrets = frame.groupby("about", sort=False)["most_regret"].max()
    same = [str(about) for about in regrets.index[regrets == 0]]
    return f"{text} The same under every plan: {', '.join(same)}." if same else text


def matrix_rows(comparison: Comparison) -> list[list[str]]:
    """Write the matrix: about, plan, a value for each scenario, worst case, regret.

    What is the same under every plan is left out.
    """
    clock = comparison.first.setting.clock
    written = []
    most = comparison.matrix.groupby("about")["most_regret"].max().to_dict()
    for (about, plan), rows in comparison.matrix.groupby(["about", "plan"], sort=False):
        found = records(rows)
        row, unit = found[0], found[0]["unit"]
        if most[about] == 0:
            continue
        regret = change_text(row["most_regret"], unit).removeprefix("+")
        written.append(
            [
                str(about),
                str(plan),
                *(value_text(r["value"], unit, clock) for r in found),
                value_text(row["worst"], unit, clock),
                regret if isfinite(row["most_regret"]) else NOTHING,
            ]
        )
    return written
