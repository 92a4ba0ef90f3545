"""Reading a table to calibrate by: its columns by name or number, its rows by place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from analysis.calibrate.number import is_value
from scenarios.file.record import Row, Sheet, columns_shown, read_sheet
from scenarios.problem import Problem, ScenarioError, allowed, fail

MOST_TOLD = 50
_NOTHING = {"", "nan", "none", "null", "na", "n/a", "-"}


@dataclass(frozen=True, slots=True)
class Given:
    """A table as a user names it.

    Parameters
    ----------
    path
        A CSV file.
    columns
        What is read where, as ``time=hour``, or by number, from 1: ``time=4``; with
        numbers alone the file has no header.
    where
        Rows to choose, as ``election=2018*``: column and pattern.
    """

    path: Path
    columns: Sequence[str] = ()
    where: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table, with where in it stands what.

    Parameters
    ----------
    sheet
        The file.
    at
        Index of the column of each thing that is read.
    rows
        Its records that were chosen, without the header.
    """

    sheet: Sheet
    at: Mapping[str, int]
    rows: Sequence[Row]

    @property
    def file(self) -> str:
        """The file as errors show it."""
        return self.sheet.file

    def names(self) -> dict[str, str]:
        """Say which column was taken for what."""
        first = self.sheet.rows[0].fields
        return {name: first[index] for name, index in self.at.items()}

    def text(self, row: Row, name: str) -> str:
        """Give what a row says; empty when it says nothing or has no such column."""
        index = self.at.get(name)
        if index is None or index >= len(row.fields):
            return ""
        text = row.fields[index]
        return "" if text.casefold() in _NOTHING else text

    def problem(self, row: Row, name: str, text: str) -> Problem:
        """Place a fault at a field."""
        index = self.at.get(name, 0)
        return self.sheet.problem(row, index, self.names().get(name, name), text)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise what is wrong, up to a bound.

    Raises
    ------
    ScenarioError
        When anything is.
    """
    if len(problems) > MOST_TOLD:
        more = f"and {len(problems) - MOST_TOLD} more faults, from here on"
        last = replace(problems[MOST_TOLD], path="", text=more)
        problems = [*problems[:MOST_TOLD], last]
    if problems:
        raise ScenarioError(tuple(problems))


def read_source(given: Given, usual: Mapping[str, Sequence[str]]) -> Source:
    """Read a CSV file.

    Parameters
    ----------
    given
        The file, its columns, and which rows.
    usual
        What is read, and how columns that hold it are usually called.

    Raises
    ------
    ScenarioError
        When the file cannot be read, or a column is not there.
    """
    path, asked = given.path, _asked(usual, given.columns)
    raw = _bytes(path)
    names = [name for found in usual.values() for name in found]
    sheet = read_sheet(raw, str(path), names=[*asked.values(), *names])
    numbered = bool(asked) and all(text.isdigit() for text in asked.values())
    at = _columns(sheet, usual, asked, numbered=numbered)
    rows = sheet.rows if numbered else sheet.rows[1:]
    if not rows:
        raise fail(str(path), "holds a header and no rows")
    source = Source(sheet=sheet, at=at, rows=rows)
    return _chosen(source, given.where)


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = "no such file" if not path.exists() else (error.strerror or "unreadable")
        raise fail(str(path), why) from None
    if path.suffix.lower() == ".json" or raw.lstrip()[:2] in (b"[{", b"[\n", b"{\n"):
        told = "is JSON, and a CSV table is read: a row for each reading, look or call"
        raise fail(str(path), told)
    return raw


def _asked(usual: Mapping[str, object], columns: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in columns:
        name, sign, column = (part.strip() for part in text.partition("="))
        if not sign or not column:
            raise fail(f"--column {text}", "write it as time=hour: what, then where")
        if name not in usual:
            told = f"nothing of this name is read; {allowed([*usual], name)}"
            raise fail(f"--column {text}", told)
        found[name] = column
    return found


def _columns(
    sheet: Sheet,
    usual: Mapping[str, Sequence[str]],
    asked: Mapping[str, str],
    *,
    numbered: bool,
) -> dict[str, int]:
    """Find each column: where it was said to be, else under a usual name."""
    first = sheet.rows[0].fields
    at = {
        name: _index(sheet, column, f"--column {name}={column}")
        for name, column in asked.items()
    }
    if numbered:
        return at
    plain = [field.casefold() for field in first]
    for name, names in usual.items():
        places = [plain.index(n) for n in names if plain.count(n) == 1]
        free = [place for place in places if place not in at.values()]
        if name not in at and free:
            at[name] = free[0]
    return at


def _index(sheet: Sheet, column: str, shown_as: str) -> int:
    first = sheet.rows[0].fields
    if first.count(column) == 1:
        return first.index(column)
    if column.isdigit() and 1 <= int(column) <= len(first):
        return int(column) - 1
    listed = allowed([field for field in first if field], column)
    raise fail(shown_as, f"no such column of {sheet.file}, or two; {listed}")


def _chosen(source: Source, where: Sequence[str]) -> Source:
    """Keep the rows that match."""
    rows = list(source.rows)
    for text in where:
        column, sign, pattern = (part.strip() for part in text.partition("="))
        if not sign:
            raise fail(f"--where {text}", "write it as column=value, such as scope=ALL")
        index = _index(source.sheet, column, f"--where {text}")
        found = {row.fields[index] for row in rows if index < len(row.fields)}
        rows = [r for r in rows if _matches(r.fields[index : index + 1], pattern)]
        if not rows:
            told = f"no row says so; {allowed(sorted(found), pattern)}"
            raise fail(f"--where {text}", told)
    return replace(source, rows=rows)


def _matches(fields: Sequence[str], pattern: str) -> bool:
    text = "".join(fields).casefold()
    bare = text.partition(" (")[0]
    return any(fnmatchcase(form, pattern.casefold()) for form in (text, bare))


def need(source: Source, *names: str) -> None:
    """Refuse a table without these columns.

    Raises
    ------
    ScenarioError
        Names the columns that there are.
    """
    missing = [name for name in names if name not in source.at]
    if missing:
        first = source.sheet.rows[0]
        listed = columns_shown(first.fields)
        text = f"no column for {missing[0]}; say which it is, such as "
        if any(is_value(field) for field in first.fields):
            text += f"by number where there is no header, --column {missing[0]}=4"
        else:
            text += f"--column {missing[0]}={first.fields[0]}"
        text += f"; found {listed}"
        raise ScenarioError((source.sheet.problem(first, 0, "", text),))
