"""A search on the console: what was found, its targets, its proof, what it cost."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from analysis.report.wording import number_text
from analysis.staff import Staffing
from analysis.staff.option import Option
from analysis.staff.telling import (
    checked,
    effort,
    failures,
    guarantee,
    headline,
    proofs,
    sentences,
    warnings,
)


def show_staffing(
    staffing: Staffing, folder: Path, console: Console, path: Path | None = None
) -> None:
    """Show the answer, the plan, the verdicts, the proof, and where the files are.

    Parameters
    ----------
    staffing, folder, console
        What came of it, where it was written, where it is shown.
    path
        Of the plan, where one was to be written into the scenario.
    """

    def say(text: str) -> None:
        console.print(text, soft_wrap=True, highlight=False)

    console.print(_plan(staffing))
    console.print(_verdicts(staffing))
    say(" ".join([headline(staffing), *sentences(staffing)]))
    if staffing.findings:
        say(checked(staffing))
    for line in warnings(staffing):
        say(f"  {line}")
    if staffing.winner is not None:
        say("Proof, one step cheaper:")
    for line in proofs(staffing):
        say(f"  {line}")
    for line in failures(staffing):
        say(line)
    say(f"Spent: {effort(staffing)}.")
    say(guarantee(staffing)[0])
    say(f"Report: {folder / 'report.html'}")
    plan = f"{folder / 'plan.yaml'}, " if staffing.winner is not None else ""
    say(
        f"Also there: {plan}figures/, tables/*.parquet, *.csv and tables.xlsx, run.json"
    )
    if path is not None and staffing.winner is not None:
        source, days, seed = staffing.scenario.path, staffing.days, staffing.seed
        say(f"Wrote {path}. The same days, in full:")
        say(f"  muster run {source} --plan {path.stem} --seed {seed} -n {days}")


def _plan(staffing: Staffing) -> Table:
    what = "plan chosen" if staffing.winner is not None else "plan with most of all"
    cost = number_text(staffing.space.cost(staffing.shown))
    table = Table(
        *("choice", "here", f"in {staffing.space.plan}", "allowed", "cost"),
        title=f"{staffing.scenario.name}: {what}, cost {cost}",
    )
    for option, index in zip(staffing.space.options, staffing.shown, strict=True):
        table.add_row(
            option.title,
            option.text(index),
            "-" if option.start is None else option.text(option.start),
            _allowed(option),
            number_text(option.costs[index]),
        )
    table.add_row(
        "units that may not vary", "", "", "", number_text(staffing.space.fixed)
    )
    return table


def _allowed(option: Option) -> str:
    texts = [option.text(i) for i in range(len(option.values))]
    return (" or " if any(", " in text for text in texts) else ", ").join(texts)


def _verdicts(staffing: Staffing) -> Table:
    table = Table(
        *("target", "verdict", "held on", "interval", "worst"),
        title=f"{staffing.days} days that the search never saw, seed {staffing.seed}",
    )
    for verdict, asked in zip(staffing.verdicts, staffing.asked, strict=True):
        interval = verdict.interval
        table.add_row(
            verdict.target,
            verdict.verdict,
            f"{verdict.held} of {verdict.days}, asked {asked.share:.0%}",
            f"{interval[0]:.0%} to {interval[1]:.0%}" if interval else "-",
            "" if verdict.worst == "overall" else verdict.worst,
        )
    return table
