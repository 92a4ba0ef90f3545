"""Which tables of a run go into its workbook: as many as are opened at once."""

from collections.abc import Mapping
from math import isnan

import pandas as pd

from analysis.column import WITHIN

MOST_CELLS = 40_000
OVERALL = "overall"
# The rest follows in the order given.
_FIRST = (
    *("targets", "summary", "days", "orders", "judgements"),
    *("incidents", "dispatches", "units"),
)
_WHOLE = "tables/{}.csv holds it whole"


def chosen(
    tables: Mapping[str, pd.DataFrame], most: int = MOST_CELLS
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Choose the tables of a run's workbook, within a number of cells.

    The long table of measures becomes one of days, a column each overall measure. What
    would not fit is left out, or cut to the overall measures, and that is said.

    Parameters
    ----------
    tables
        By name, as in the folder of results; with ``summary``, ``targets`` and
        ``measures``.
    most
        Cells in all.

    Returns
    -------
    dict, list
        The tables, and a sentence on each that is not there whole.
    """
    wide = days_table(tables["measures"])
    rest = {name: frame for name, frame in tables.items() if name != "measures"}
    offered = {**rest, "days": wide}
    found: dict[str, pd.DataFrame] = {}
    whole = _WHOLE.format("measures")
    notes = [f"Of the measures of each day sheet days has the overall ones; {whole}."]
    left = most
    for name in sorted(offered, key=_rank):
        frame = _cut(name, offered[name], left, tables)
        if frame is None:
            notes.append(f"Table {name} is too large; {_told(name)}.")
            continue
        if len(frame) < len(offered[name]) or frame.shape[1] < offered[name].shape[1]:
            notes.append(f"Table {name} is cut to {_KEPT[name]}; {_told(name)}.")
        found[name], left = frame, left - frame.size
    return found, notes


_KEPT = {
    "summary": "the overall measures",
    "days": "the measures that targets name",
}


def _told(name: str) -> str:
    return _WHOLE.format("measures" if name == "days" else name)


def _rank(name: str) -> int:
    kind = name.partition("-")[0]
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def _cut(
    name: str, frame: pd.DataFrame, left: int, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame | None:
    """Give a table as far as it fits; None where it does not."""
    if name == "summary" and frame.size > left:
        frame = frame[frame["subject"] == OVERALL]
    if name == "days" and frame.size > left / 2:
        named = set(tables["targets"]["measure"])
        kept = [c for c in frame.columns if c.partition(WITHIN)[0] in named]
        frame = frame[["replication", *kept]]
    return frame if frame.size <= left or name == "targets" else None


def days_table(measures: pd.DataFrame) -> pd.DataFrame:
    """Give the overall measures, a row a day.

    Parameters
    ----------
    measures
        The long table; see `analysis.table.measures_table`.

    Returns
    -------
    DataFrame
        Columns replication, and each measure with an overall value; with the minutes
        where it takes some: ``wait.share_within within 30``.
    """
    own = measures[measures["subject"] == OVERALL]
    heads = [
        name if isnan(within) else f"{name}{WITHIN}{within:g}"
        for name, within in zip(own["measure"], own["within"], strict=True)
    ]
    long = own.assign(measure=heads)
    wide = long.pivot(index="replication", columns="measure", values="value")
    wide = wide[long["measure"].unique()]
    return wide.reset_index().rename_axis(columns=None)
