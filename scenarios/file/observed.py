"""Reading observed durations: columns of CSV files that empirical laws name."""

import re
from collections.abc import Iterator, Mapping

from scenarios.call.setting import COUNTED, Column
from scenarios.clock import minutes_of, shown
from scenarios.file.document import Document, Where
from scenarios.file.folder import Folder
from scenarios.file.record import Row, Sheet, columns_shown, read_sheet
from scenarios.problem import Problem, ScenarioError, allowed

Asked = tuple[str, Column, str]
Observed = dict[Asked, tuple[float, ...]]
MOST_VALUES = 100_000
MOST_TOLD = 20
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?(e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])")


def read_observed(
    folder: Folder, documents: list[Document]
) -> tuple[Observed, list[Problem]]:
    """Read the files that the empirical laws of a scenario name, each column once.

    Returns
    -------
    dict, list
        Minutes by (file, column, unit), and what is wrong with the files.
    """
    observed: Observed = {}
    problems: list[Problem] = []
    for document in documents:
        for where, asked in _laws(document.data, ()):
            if asked in observed:
                continue
            observed[asked] = ()
            try:
                observed[asked] = _column(folder, document, where, asked)
            except ScenarioError as error:
                problems += error.problems
    return observed, problems


def _laws(data: object, where: Where) -> Iterator[tuple[Where, Asked]]:
    """Find the empirical laws that name a file, wherever they stand."""
    if isinstance(data, dict):
        asked = _asked(data)
        if asked is not None:
            yield where, asked
        for key, value in data.items():
            yield from _laws(value, (*where, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _laws(value, (*where, index))


def _asked(law: Mapping[str, object]) -> Asked | None:
    """Say what a law asks to be read, if it says enough; the rest the models tell."""
    file, column, unit = law.get("file"), law.get("column"), law.get("unit")
    if law.get("law") != "empirical" or not isinstance(file, str):
        return None
    if unit not in ("s", "min", "h"):
        return None
    if isinstance(column, str):
        return file, column, unit
    if isinstance(column, int) and not isinstance(column, bool) and column > 0:
        return file, column, unit
    return None


def _column(
    folder: Folder, document: Document, where: Where, asked: Asked
) -> tuple[float, ...]:
    file, column, unit = asked
    try:
        raw = folder.read(file)
    except ScenarioError as error:
        text = f"{error.problems[0].text}, found {shown(file)}"
        raise ScenarioError((document.problem((*where, "file"), text),)) from None
    names = [column] if isinstance(column, str) else []
    sheet = read_sheet(raw, folder.shown(file), names=names)
    index = _index(sheet, column, document, where)
    rows = sheet.rows[1:] if names else sheet.rows
    values, problems = _values(sheet, rows, index, unit)
    if not problems and not 0 < len(values) <= MOST_VALUES:
        text = f"must hold 1 to {MOST_VALUES} values, found {len(values)}"
        problems = [sheet.problem(sheet.rows[0], index, str(column), text)]
    if problems:
        raise ScenarioError(tuple(problems))
    return values


def _index(sheet: Sheet, column: Column, document: Document, where: Where) -> int:
    fields = sheet.rows[0].fields
    if isinstance(column, int) and column <= len(fields):
        return column - 1
    if isinstance(column, str) and fields.count(column) == 1:
        return fields.index(column)
    if isinstance(column, int):
        text = f"no such column, found {column}; allowed: 1 to {len(fields)}"
    elif column in fields:
        text = f"the header of {sheet.file} names two columns '{column}'"
    else:
        names = [field for field in fields if field]
        listed = allowed(names, column) if names else columns_shown(fields)
        text = f"no such column of {sheet.file}, found {shown(column)}; {listed}"
    raise ScenarioError((document.problem((*where, "column"), text),))


def _values(
    sheet: Sheet, rows: list[Row], index: int, unit: str
) -> tuple[tuple[float, ...], list[Problem]]:
    values: list[float] = []
    problems: list[Problem] = []
    for row in rows:
        text = row.fields[index] if index < len(row.fields) else ""
        try:
            values.append(observed_minutes(text, unit))
        except ValueError as error:
            problems.append(sheet.problem(row, index, "", str(error)))
        if len(problems) > MOST_TOLD:
            problems[-1] = sheet.problem(row, 0, "", "and more, from here on")
            break
    return tuple(values), problems


def observed_minutes(text: str, unit: str) -> float:
    """Read an observed duration: a bare number, ``0:01:30``, or with its unit.

    Parameters
    ----------
    text
        As the file has it.
    unit
        What a bare number counts: s, min or h.

    Raises
    ------
    ValueError
        When it is none; says what is allowed.
    """
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = map(int, match.groups())
        return hours * 60 + minutes + seconds / 60
    if text and text[-1].isalpha():
        return minutes_of(text)
    if not _NUMBER.fullmatch(text) or float(text) * COUNTED[unit] > 1e7:
        raise ValueError(
            f"not a duration, found {shown(text) if text else 'nothing'}; write a "
            f"number of {unit} such as 1.5, 0:01:30 or 90 s"
        )
    return float(text) * COUNTED[unit]
