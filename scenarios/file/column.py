"""The columns of a table: where each is, by name or by number."""

from dataclasses import replace

from scenarios.call.setting import Columns
from scenarios.clock import shown
from scenarios.file.record import Sheet, columns_shown
from scenarios.problem import Problem, ScenarioError, allowed

OURS = tuple(Columns.model_fields)


def columns_in(
    sheet: Sheet, asked: Columns | None
) -> tuple[dict[str, tuple[str | int, ...]], dict[str, tuple[int, ...]], bool]:
    """Find the columns of a file: as they are called, their indices, and if a header.

    Raises
    ------
    ScenarioError
        When a column is not there, or its name comes twice.
    """
    first = sheet.rows[0]
    if asked is None:
        found = [name for name in OURS if name in first.fields]
        if "time" not in found or not ({"place", "x"} & set(found)):
            raise _at_header(
                sheet,
                "the header must hold time, and place or x and y (or say in "
                f"calls.columns what is what), found {columns_shown(first.fields)}",
            )
        named: dict[str, tuple[str | int, ...]] = {name: (name,) for name in found}
    else:
        named = asked.given()
    problems: list[Problem] = []
    at: dict[str, tuple[int, ...]] = {}
    for name, columns in named.items():
        at[name] = tuple(_index(sheet, column, problems) for column in columns)
    if problems:
        raise ScenarioError(tuple(dict.fromkeys(problems)))
    header = any(isinstance(c, str) for columns in named.values() for c in columns)
    return named, at, header


def _index(sheet: Sheet, column: str | int, problems: list[Problem]) -> int:
    first, text = sheet.rows[0], ""
    if isinstance(column, int):
        if column <= len(first.fields):
            return column - 1
        text = f"no such column, found {column}; allowed: 1 to {len(first.fields)}"
    elif first.fields.count(column) == 1:
        return first.fields.index(column)
    elif column in first.fields:
        text = f"the header names two columns '{column}'"
    else:
        names = allowed([field for field in first.fields if field], column)
        text = f"no such column, found {shown(column)}; {names}"
    problems.append(sheet.problem(first, 0, "calls.columns", text))
    return 0


def _at_header(sheet: Sheet, text: str) -> ScenarioError:
    problem = sheet.problem(sheet.rows[0], 0, "", text)
    return ScenarioError((replace(problem, column=1),))
