"""The tables in the report of a comparison."""

from analysis.comparison.answer import (
    Row,
    held_text,
    needed_of,
    records,
)
from analysis.comparison.comparison import Comparison
from analysis.comparison.console import (
    caption_of,
    difference_cells,
    same_text,
)
from analysis.comparison.verdict import (
    NONE,
    SAME,
    interval_text,
    told,
)
from analysis.report.page import (
    Html,
    Part,
    badge,
    table,
    with_note,
)
from analysis.target import LEAST
from scenarios.clock import Clock


def targets_table(comparison: Comparison, scenario: str) -> Html:
    """Say under each plan on how many days each target held."""
    frame = comparison.of(comparison.targets, scenario)
    rows: list[list[Part]] = [
        [
            with_note(str(name), records(rows)[0]["title"]),
            *(_held(row) for row in records(rows)),
        ]
        for name, rows in frame.groupby("target", sort=False)
    ]
    caption = "Days on which each target held, and the exact interval of their share."
    if comparison.days >= LEAST and frame["compared"].notna().any():
        caption += (
            f" Small: against {comparison.baseline}, the difference of the shares; "
            f"{int(frame['compared'].max())} intervals hold at once with 95 %, nominal."
        )
    columns = ["target", *comparison.plans]
    return table(columns, rows, caption=caption, words=len(columns))


def _held(row: Row) -> Part:
    note = held_text(row)
    if isinstance(row["against"], str) and row["against"] not in (SAME, NONE):
        change = interval_text(row["difference_low"], row["difference_high"], "share")
        note += f"; {told(row['against'], row['days'], needed_of(row))}: {change}"
    return with_note(badge(row["verdict"]), note)


def differences_table(comparison: Comparison, scenario: str) -> Html:
    """Tell the main differences that are not 0 on every day."""
    frame = comparison.of(comparison.differences, scenario)
    main = records(frame[frame["family"] == "main"])
    clock = comparison.first.setting.clock
    rows: list[list[Part]] = [
        _difference(row, clock) for row in main if row["verdict"] != SAME
    ]
    caption = caption_of(comparison, scenario)
    same = same_text([row for row in main if row["verdict"] == SAME])
    if same:
        caption += f" The same on every day and not shown: {'; '.join(same)}."
    return table([*_COLUMNS, "factor"], rows, caption=caption, words=3)


_COLUMNS = ["measure", "plan", "verdict", "mean", "difference"]


def _difference(row: Row, clock: Clock) -> list[Part]:
    words, plan, mean, base, change, interval, verdict, factor = difference_cells(
        row, clock
    )
    return [
        words,
        plan,
        verdict,
        with_note(mean, f"baseline {base}"),
        with_note(change, interval),
        factor,
    ]


def members_table(comparison: Comparison, scenario: str) -> Html | None:
    """Tell of the main measures for other members than stations; None without any."""
    frame = comparison.of(comparison.differences, scenario)
    frame = frame[frame["family"].str.startswith("main, each ")]
    frame = frame[frame["population"] != "station"]
    clock = comparison.first.setting.clock
    sure = records(frame[frame["verdict"].isin(["better", "worse"])])
    if not sure:
        return None
    rows: list[list[Part]] = [
        [with_note(row["subject"], row["population"]), *_difference(row, clock)[:-1]]
        for row in sure
    ]
    caption = (
        "Those of the main measures that are better or worse under a plan; the "
        "intervals of one kind hold at once. All are in tables/differences.csv."
    )
    return table(["of", *_COLUMNS], rows, caption=caption, words=4)


def stations_table(comparison: Comparison, scenario: str) -> Html:
    """Tell at which stations a plan is better or worse."""
    frame = comparison.of(comparison.stations, scenario)
    clock = comparison.first.setting.clock
    sure = records(frame[frame["verdict"].isin(["better", "worse"])])
    rows: list[list[Part]] = [
        [row["subject"], *_difference(row, clock)[:-1]] for row in sure
    ]
    compared = int(frame["compared"].max()) if len(frame) else 0
    caption = (
        f"Stations at which a plan is better or worse; {compared} intervals, of all "
        "main measures and stations, hold at once. All are in tables/stations.csv."
    )
    return table(["station", *_COLUMNS], rows, caption=caption, words=4)
