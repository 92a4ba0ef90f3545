"""A list of calls: when each came and of what type; and whether it can give a rate."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from analysis.calibrate.moment import moment_in
from analysis.calibrate.rate import empty_by_chance
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
# Chance below which days without calls are days that are not in the list.
_NEVER = 1e-6
_NARROW = 0.95
_NARROW_HOURS = 6


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


# ---- exposure --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """When a list was kept, as far as the user knows.

    Parameters
    ----------
    days
        On how many days.
    begin, end
        First and last day, as ``2021-05-23``.
    """

    days: int | None = None
    begin: str | None = None
    end: str | None = None


def days_observed(calls: Calls, kept: Kept | None = None) -> tuple[int, list[str]]:
    """Say over how many days the list was kept.

    Parameters
    ----------
    calls
        The list.
    kept
        As the user knows it.

    Returns
    -------
    int, list
        Days, and sentences on them.

    Raises
    ------
    ScenarioError
        When that cannot be told from the list: then it gives no rate.
    """
    kept, seen = kept or Kept(), Counter(calls.days)
    begin, end = _day(kept.begin, "--from"), _day(kept.end, "--until")
    days, first, last = kept.days, begin or min(seen), end or max(seen)
    if begin is not None or end is not None:
        outside = [day for day in seen if not first <= day <= last]
        if outside:
            raise fail(
                f"--from {first} --until {last}",
                f"{len(outside)} day(s) of the list lie outside, such as {outside[0]}",
            )
        days = days if days is not None else (last - first).days + 1
    if days is not None:
        if days < len(seen):
            told = f"the list has calls on {len(seen)} days already; found {days}"
            raise fail("--days", told)
        return days, [f"Kept for {days} days, as stated.", *_narrow(calls)]
    span = (last - first).days + 1
    why = _sample(calls, seen, span)
    if why:
        raise fail(
            "incidents",
            "this list cannot give a rate: "
            + "; ".join(why)
            + ". A rate needs the days on which the list was kept, those without a "
            "call too: say --days N, or --from and --until, if you know that it is "
            "whole; as it stands it can only be replayed (muster run --calls)",
        )
    return span, [
        f"Kept for {span} days: every day from {first} to {last} [assumed].",
        *_narrow(calls),
    ]


def _day(text: str | None, name: str) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise fail(f"{name} {text}", "not a date; write 2021-05-23") from None


def _sample(calls: Calls, seen: Mapping[dt.date, int], span: int) -> list[str]:
    """Say why the days of a list look like a sample; nothing where they do not."""
    counts, empty = np.array([*seen.values()]), span - len(seen)
    if empty_by_chance(counts, empty) >= _NEVER:
        return []
    why = [
        f"it has calls on {len(seen)} of the {span} days from {min(seen)} to "
        f"{max(seen)}, {counts.mean():.3g} on each of them, so the {empty} days "
        "without any were not quiet but are not in the list"
    ]
    of_month, number = Counter(day.day for day in seen).most_common(1)[0]
    if len(seen) >= 5 and number > len(seen) / 2:
        why.append(
            f"{number} of those {len(seen)} days are the {of_month}th of a month"
        )
    top = max(seen, key=lambda day: seen[day])
    if len(seen) >= 5 and seen[top] > 5 * np.median(counts):
        why.append(f"{seen[top]} of its {len(calls.days)} calls are of one day, {top}")
    return why + [text.rstrip(".") for text in _narrow(calls)]


def _narrow(calls: Calls) -> list[str]:
    """Say so when nearly all calls came within a few hours of the day."""
    hours = np.bincount((np.array(calls.minutes) // 60 % 24).astype(int), minlength=24)
    for width in range(1, _NARROW_HOURS + 1):
        sums = np.convolve(hours, np.ones(width, int), "valid")
        at = int(sums.argmax())
        if sums[at] >= _NARROW * hours.sum() and hours.sum() >= 50:
            share = sums[at] / hours.sum()
            return [
                f"{share * 100:.0f} % of the calls came between {at:02d}:00 and "
                f"{at + width:02d}:00: for the other hours it says nothing."
            ]
    return []
