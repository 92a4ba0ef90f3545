"""A sweep told: on the console, and as a page."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from analysis.report.chapter import shown
from analysis.report.page import Html, Part, badge, bullets, page, section, table, tag
from analysis.sensitivity.console import say
from analysis.sensitivity.picture import MOST_PANELS
from analysis.sensitivity.sweep import Sweep
from analysis.target import LEAST, NONE, Verdict


def show_sweep(sweep: Sweep, folder: Path, console: Console) -> None:
    """Show the verdict on every target at every point, and where the files are."""
    console.print(_verdicts(sweep))
    for text in sentences(sweep):
        say(text, console)
    say(f"Report: {folder / 'report.html'}", console)
    files = f"figures/*.png, tables/*.parquet and *.csv, {folder / 'run.json'}"
    say(f"Also there: {files}", console)


def _verdicts(sweep: Sweep) -> Table:
    """Make the table: a row for each target, or for each point where these are many."""
    title = (
        f"{sweep.scenario.name}, plan {sweep.plan}, {sweep.days} days at each of "
        f"{len(sweep.points)} points, seed {sweep.seed}"
    )
    rows = list(_rows(sweep))
    names = list(sweep.setting.targets)
    inputs = [span.input.title for span in sweep.spans]
    if len(rows) <= MOST_COLUMNS:
        heads = ["\n".join(levels) for levels, _ in rows]
        table = Table("\n".join(inputs), *heads, title=title)
        for i, name in enumerate(names):
            table.add_row(name, *(_cell(verdicts[i]) for _, verdicts in rows))
        return table
    differ = [i for i in range(len(names)) if len({v[i].held for _, v in rows}) > 1]
    table = Table(*inputs, *(names[i] for i in differ), title=title)
    for levels, verdicts in rows:
        table.add_row(*levels, *(_cell(verdicts[i]) for i in differ))
    return table


MOST_COLUMNS = 6


def _rows(sweep: Sweep) -> Iterator[tuple[list[str], list[Verdict]]]:
    for levels, experiment in zip(sweep.points, sweep.experiments, strict=True):
        texts = [span.text(levels[span.name]) for span in sweep.spans]
        yield texts, experiment.verdicts()


def _cell(verdict: Verdict) -> str:
    return f"{verdict.verdict}, {verdict.held} of {verdict.days}"


def sentences(sweep: Sweep) -> list[str]:
    """Say of each target at how many points it is met, missed, undecided."""
    lines = []
    for name in sweep.setting.targets:
        own = sweep.targets[sweep.targets["target"] == name]
        words = own["verdict"].value_counts()
        told = [f"{word} at {words[word]}" for word in _WORDS if word in words]
        if len(told) > 1:
            lines.append(f"{name}: {', '.join(told)} of {len(own)} points.")
    same = len(sweep.setting.targets) - len(lines)
    if same:
        lines.append(f"The same verdict at all points: {same} of the targets.")
    if sweep.days < LEAST:
        lines.append(f"Below {LEAST} days there is neither interval nor verdict.")
    return lines + sweep.failures()


_WORDS = ("met", "undecided", "missed", NONE)


def sweep_html(sweep: Sweep, images: Mapping[str, bytes]) -> str:
    """Write the report of a sweep: one self-contained page."""
    title = f"{sweep.setting.title}: a sweep of plan {sweep.plan}"
    facts = {
        "Plan": sweep.plan,
        "Points": str(len(sweep.points)),
        "Days at each point": str(sweep.days),
        "Seed": str(sweep.seed),
    }
    items = [tag("li", f"{name} ", tag("b", value)) for name, value in facts.items()]
    return page(
        title,
        tag("h1", title),
        tag("ul", *items, class_="facts"),
        section("answer", "Targets by point", bullets(sentences(sweep)), _table(sweep)),
        section(
            "figures",
            "Over the inputs",
            *shown("held", images, _HELD),
            *shown("values", images, _VALUES),
        ),
        section("method", "Method", bullets(_METHOD)),
    )


_HELD = (
    "Share of days on which each target held, with the exact interval; the broken line "
    "is the share asked for. With three inputs or more a cell for each point, framed "
    "where the share falls short. What is the same at all points is left out; at most "
    f"{MOST_PANELS} are drawn."
)
_VALUES = (
    "The measured value at the worst member: median of the days, and from p10 to p90. "
    "The broken line is the bound of the target. In cells: the median, framed where it "
    "falls short."
)
_METHOD = (
    "Every point is played on the same days (seed and number), so that differences "
    "between points are those of the inputs.",
    "Uncertain inputs that are not swept are drawn once a day as ever.",
    "The verdict at a point is that of muster run there; no allowance is made for the "
    "number of points.",
    "What never ended counts as the length of the scenario in the figures.",
)


def _table(sweep: Sweep) -> Html:
    rows: list[list[Part]] = []
    for levels, verdicts in _rows(sweep):
        cells: list[Part] = []
        for verdict in verdicts:
            cells += [tag("span", badge(verdict.verdict), f" {verdict.value:.0%}")]
        rows.append([*levels, *cells])
    columns = [*(span.input.title for span in sweep.spans), *sweep.setting.targets]
    caption = "Verdict and share of days on which each target held, at each point."
    return table(columns, rows, caption=caption, words=len(columns))
