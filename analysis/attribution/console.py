"""An attribution on the console: which inject broke what, and what each cost."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from analysis.attribution.attribution import Attribution
from analysis.comparison.answer import records, within_of
from analysis.comparison.item import words_of
from analysis.comparison.verdict import (
    OPEN,
    SAME,
    change_text,
    few_text,
    interval_text,
)
from analysis.target import LEAST


def show_attribution(attribution: Attribution, folder: Path, console: Console) -> None:
    """Show what an attribution says, and where the files are."""

    def say(text: str) -> None:
        console.print(text, soft_wrap=True, highlight=False)

    if attribution.days < LEAST:
        say(few_text(attribution.days))
    for text in [*attribution.sentences(), *attribution.followers()]:
        say(text)
    console.print(_effects(attribution))
    for text in attribution.failures():
        say(text)
    say(f"Report: {folder / 'report.html'}")
    say(f"Also there: figures/*.png, tables/*.parquet and *.csv, {folder / 'run.json'}")


def _effects(attribution: Attribution) -> Table:
    frame = attribution.effects
    main = frame[frame["family"] == "main"]
    scripted = attribution.scripted
    caption = ""
    if attribution.days >= LEAST:
        compared = int(main["compared"].max())
        caption = (
            f"As scripted less without. {compared} intervals hold at once with 95 % "
            "(nominal; days drawn again). Left out here and told in the report: "
            f"{(main['verdict'] == OPEN).sum()} that are too close to call."
        )
    table = Table(
        *("measure", "without", "cost", "interval", "the days are"),
        title=f"{scripted.scenario.name}, plan {scripted.plan}: what each inject cost, "
        f"{attribution.days} days, seed {scripted.seed}",
        caption=caption,
    )
    shown = main[(main["differing"] > 0) & ~main["verdict"].isin([SAME, OPEN])]
    for row in records(shown):
        table.add_row(
            words_of(row["measure"], within_of(row)),
            row["inject"],
            change_text(row["cost"], row["unit"]),
            interval_text(row["low"], row["high"], row["unit"]),
            row["verdict"],
        )
    return table
