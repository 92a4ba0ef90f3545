"""Turnout readings: rows of a table in, series of cumulative readings out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from analysis.calibrate.moment import clock_of, moment_in
from analysis.calibrate.number import number_in
from analysis.calibrate.series import Reading, Series
from analysis.calibrate.source import Given, Source, need, read_source
from scenarios.clock import shown
from scenarios.file.record import Row
from scenarios.problem import Problem, ScenarioError

USUAL = {
    "time": ("time", "clock", "hour", "at"),
    "share": ("share", "cum_pct", "percent", "turnout"),
    "votes": ("votes", "voted", "cumulative_votes"),
    "count": ("count", "arrivals"),
    "list": ("list", "registered"),
    "poll": ("poll", "election", "date"),
    "scope": ("scope", "place", "station"),
    "opens": ("opens",),
    "closes": ("closes",),
}
T = TypeVar("T")
_KEYS = ("poll", "scope")
_AT_LEAST = re.compile(r"^\s*(>=?|≥|above|over|more than|at least|trên|hơn)\s*", re.I)
_REMARK = re.compile(r"\s*\(([^)]*)\)\s*$")


def read_series(
    given: Given,
) -> tuple[Source, dict[tuple[str, str], Series], set[tuple[str, str]]]:
    """Read every series of a table, those that were not chosen too.

    Returns
    -------
    Source, dict, set
        The table, its series, and which of them were chosen.
    """
    whole = read_source(replace(given, where=()), USUAL)
    need(whole, "time")
    if not {"share", "votes", "count"} & set(whole.at):
        need(whole, "votes")
    chosen = {_key(whole, row) for row in read_source(given, USUAL).rows}
    found: dict[tuple[str, str], Series] = {}
    for row in whole.rows:
        key = _key(whole, row)
        if key not in found:
            found[key] = Series(poll=key[0], scope=key[1])
        _take(whole, row, found[key])
    for series in found.values():
        series.faults += _out_of_order(whole, series)
    return whole, found, chosen


def _key(source: Source, row: Row) -> tuple[str, str]:
    """Give poll and place of a row, remarks in brackets left out."""
    poll, scope = (_REMARK.sub("", source.text(row, name)) for name in _KEYS)
    return poll, scope


def _take(source: Source, row: Row, series: Series) -> None:
    """Take one row into its series."""
    try:
        series.readings.append(_reading(source, row, series))
    except ScenarioError as error:
        series.faults += error.problems


def _reading(source: Source, row: Row, series: Series) -> Reading:
    minute = None
    text = source.text(row, "time")
    if text:
        date, minute = _field(source, row, "time", moment_in)
        if date and series.date and date != series.date:
            told = f"another day, found {date}; this series is of {series.date}"
            raise ScenarioError((source.problem(row, "time", told),))
        series.date = date or series.date
    _hours(source, row, series)
    remark = _REMARK.search(source.text(row, "scope"))
    at_least = bool(remark and _AT_LEAST.match(remark[1]))
    if remark:
        where = f"{Path(source.file).name}:{row.first}"
        series.notes.append(f"{where} remarks: {remark[1]}.")
    name = _valued(source, row)
    listed = None
    if source.text(row, "list"):
        listed = _field(source, row, "list", lambda t: number_in(t, "a list")) or None
    said = source.text(row, name)
    bare = _AT_LEAST.sub("", said).removesuffix("%").strip()
    value = _value(source, row, name, bare, listed)
    if name == "count":
        if minute is None:
            told = "a count needs the time at which its hour begins, found nothing"
            raise ScenarioError((source.problem(row, "time", told),))
        return _counted(series, row, minute, value)
    series.unit = "per cent" if name == "share" else "votes"
    if name == "share":
        listed = _listed(source, row, value, listed, series)
    decimals = len(bare.partition(".")[2]) if name == "share" else 0
    step = 0.5 * 10.0**-decimals if name == "share" else 0.0
    return Reading(
        row=row, minute=minute, value=value, step=step,
        at_least=at_least or bare != said.removesuffix("%").strip(), listed=listed,
    )  # fmt: skip


def _valued(source: Source, row: Row) -> str:
    """Say which column of a row has its value; shares go before counts of votes."""
    for name in ("share", "votes", "count"):
        if source.text(row, name):
            return name
    name = next(n for n in ("share", "votes", "count") if n in source.at)
    told = "a reading is needed, found nothing; leave the row out if there is none"
    raise ScenarioError((source.problem(row, name, told),))


def _value(
    source: Source, row: Row, name: str, bare: str, listed: float | None
) -> float:
    if name == "share":
        return _parsed(source, row, name, bare, "a share of the list in per cent", 100)
    value = _parsed(source, row, name, bare, f"a number of {name}", 1e9)
    if listed is not None and value > listed:
        told = f"more than the list, found {value:g}; at most {listed:g} (100 %)"
        raise ScenarioError((source.problem(row, name, told),))
    return value


def _parsed(
    source: Source, row: Row, name: str, bare: str, what: str, most: float
) -> float:
    try:
        return number_in(bare, what, 0, most)
    except ValueError as error:
        raise ScenarioError((source.problem(row, name, str(error)),)) from None


def _listed(
    source: Source, row: Row, share: float, listed: float | None, series: Series
) -> float | None:
    """Hold a printed share against votes and list; give the list they imply."""
    if not source.text(row, "votes") or share <= 0:
        return listed
    votes = _parsed(source, row, "votes", source.text(row, "votes"), "votes", 1e9)
    if listed is None:
        return votes / share * 100
    found = f"{votes / listed * 100:.2f}"
    if abs(float(found) - share) > 0.0051:
        where = f"{Path(source.file).name}:{row.first}"
        series.notes.append(
            f"{where}: {votes:,.0f} of {listed:,.0f} are {found} %, printed is "
            f"{share:g} %: taken as printed."
        )
    return listed


def _counted(series: Series, row: Row, minute: float, value: float) -> Reading:
    """Turn the count of an hour into what had come by its end."""
    if not series.readings:
        series.begin = minute
    before = series.readings[-1].value if series.readings else 0.0
    return Reading(
        row=row, minute=minute + 60, value=before + value, step=0.0, at_least=False,
        listed=None,
    )  # fmt: skip


def _field(source: Source, row: Row, name: str, read: Callable[[str], T]) -> T:
    try:
        return read(source.text(row, name))
    except ValueError as error:
        raise ScenarioError((source.problem(row, name, str(error)),)) from None


def _hours(source: Source, row: Row, series: Series) -> None:
    """Note when the polls open and close, and on which day."""
    found: list[float | None] = [*series.hours]
    for index, name in enumerate(("opens", "closes")):
        if found[index] is None and source.text(row, name):
            date, found[index] = _field(source, row, name, moment_in)
            series.date = date or series.date
    series.hours = (found[0], found[1])


def _out_of_order(source: Source, series: Series) -> Iterator[Problem]:
    """Find times that run back and cumulative readings that fall."""
    value = "share" if series.unit == "per cent" else "votes"
    value = value if value in source.at else "count"
    timed = series.timed
    for before, after in pairwise(timed):
        first, second = before.minute or 0.0, after.minute or 0.0
        line = f"line {before.row.first}"
        if second <= first:
            told = f"time runs back, found {shown(clock_of(second))}; {line} of the "
            told += f"same series has {clock_of(first)}, and later is allowed alone"
            yield source.problem(after.row, "time", told)
        elif after.value < before.value:
            told = f"a cumulative reading falls, found {after.value:g}; {line} of the "
            told += f"same series has {before.value:g}, and as much or more is allowed"
            yield source.problem(after.row, value, told)
