"""A list of calls: when each came and of what type; and whether it can give a rate."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from analysis.calibrate.moment import moment_in
from analysis.calibrate.source import Given, Source, need, read_source, refuse
from scenarios.clock import shown
from scenarios.file.record import Row
from scenarios.problem import Problem, fail

USUAL = {
    "time": ("time", "timestamp", "datetime", "reported"),
    "date": ("date", "day"),
    "type": ("type", "kind", "title", "category"),
}
ALL = "all"
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls as read.

    Parameters
    ----------
    days
        Date of each, shape (calls,).
    minutes
        Minutes since midnight of each.
    types
        What they are here.
    notes
        What was found on the way.
    """

    days: tuple[dt.date, ...]
    minutes: tuple[float, ...]
    types: tuple[str, ...]
    notes: tuple[str, ...]


def read_calls(given: Given, types: Sequence[str] = ()) -> Calls:
    """Read a list of calls.

    Parameters
    ----------
    given
        The file, its columns, and which rows.
    types
        What the file's types are here, as ``EMS: FALL*=fall``; without any, each type
        of the file is one.

    Raises
    ------
    ScenarioError
        With every bad row, up to a bound.
    """
    source = read_source(given, USUAL)
    need(source, "time")
    patterns = dict(_pattern(text) for text in types)
    if patterns:
        need(source, "type")
    found: list[tuple[dt.date, float, str]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    twice: list[str] = []
    strange: dict[str, list[int]] = {}
    for row in source.rows:
        if row.fields in seen:
            twice.append(f"{row.first} (as {seen[row.fields]})")
            continue
        seen[row.fields] = row.first
        name = _type(source.text(row, "type"), patterns)
        if name is None:
            strange.setdefault(source.text(row, "type"), []).append(row.first)
            continue
        try:
            found.append((*_moment(source, row), name))
        except ValueError as error:
            problems.append(source.problem(row, "time", str(error)))
    refuse(problems)
    if not found:
        raise fail(str(given.path), "no call is left")
    days, minutes, names = zip(*found, strict=True)
    notes = (*_twice(twice), *_strange(strange))
    return Calls(days=days, minutes=minutes, types=names, notes=notes)


def _pattern(text: str) -> tuple[str, str]:
    pattern, sign, name = text.rpartition("=")
    if not sign or not name.strip() or not pattern.strip():
        told = "write it as what the file says, and what it is here: 'EMS: FALL*=fall'"
        raise fail(f"--type {text}", told)
    return pattern.strip(), name.strip()


def _type(text: str, patterns: Mapping[str, str]) -> str | None:
    if not patterns:
        return text or ALL
    for pattern, name in patterns.items():
        if fnmatchcase(text.casefold(), pattern.casefold()):
            return name
    return None


def _moment(source: Source, row: Row) -> tuple[dt.date, float]:
    date, minute = moment_in(source.text(row, "time"))
    if not date:
        date = source.text(row, "date").replace("/", "-")
    try:
        return dt.date.fromisoformat(date), minute
    except ValueError:
        raise ValueError(
            f"has no date, found {shown(date or source.text(row, 'time'))}; write "
            "2018-11-15 12:01, or say where the date stands with --column date=..."
        ) from None


def _twice(lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    told = ", ".join(lines[:MOST_SHOWN]) + (", ..." * (len(lines) > MOST_SHOWN))
    return [f"{len(lines)} row(s) repeat another and were left out: line {told}."]


def _strange(found: Mapping[str, Sequence[int]]) -> list[str]:
    if not found:
        return []
    told = [
        f"{shown(name)} ({len(lines)}, first in line {lines[0]})"
        for name, lines in [*found.items()][:MOST_SHOWN]
    ]
    told += ["..."] * (len(found) > MOST_SHOWN)
    number = sum(map(len, found.values()))
    return [f"{number} call(s) of types that no --type names: {', '.join(told)}."]
