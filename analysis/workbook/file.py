"""Workbooks for Excel: one sheet a table, header and units above the rows."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.column import column_of, table_of
from scenarios.problem import fail

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

MOST_ROWS = 1_048_576 - 2  # a sheet of Excel, without header and units
MOST_COLUMNS = 16_384
README = "README"
# What Excel would take for a formula, or for an error value.
_FORMULA = ("=", "+", "-", "@", "#")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_TEXT = 32_767
_WIDTHS = (8, 40)
_LOOKED_AT = 200
_EARLY = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")

Cell = object


def write_workbook(
    path: Path, tables: Mapping[str, pd.DataFrame], notes: Sequence[str] = ()
) -> Path:
    """Write tables to one workbook; the same tables give the same bytes.

    What is infinite is the text ``inf``, what is missing an empty cell, so that sums
    and means of Excel leave both out. Text that begins like a formula stays text.

    Parameters
    ----------
    path
        The file to write, ``.xlsx``.
    tables
        By name; a sheet each, in this order, after one that says what every column is.
    notes
        Sentences for that first sheet: what the tables are of, what was left out.

    Raises
    ------
    ScenarioError
        When a table has more rows or columns than a sheet of Excel.
    """
    for name, frame in tables.items():
        if len(frame) > MOST_ROWS or len(frame.columns) > MOST_COLUMNS:
            rows, columns = frame.shape
            text = f"table {name} has {rows} rows and {columns} columns; a sheet takes "
            raise fail(str(path), f"{text}{MOST_ROWS} and {MOST_COLUMNS} at most")
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _readme(book, tables, notes)
    titles = sheet_titles(tables)
    for name, frame in tables.items():
        _sheet(book, titles[name], name, frame)
    path.write_bytes(_settled(book))
    return path


def sheet_titles(names: Iterable[str]) -> dict[str, str]:
    """Give each table the title of its sheet: 31 letters, no two alike."""
    found: dict[str, str] = {}
    taken = {README.casefold()}
    for name in names:
        bare = re.sub(r"[\[\]:*?/\\']", "-", name)[:31] or "table"
        title, number = bare, 2
        while title.casefold() in taken:
            tail = f"-{number}"
            title, number = bare[: 31 - len(tail)] + tail, number + 1
        taken.add(title.casefold())
        found[name] = title
    return found


def _readme(
    book: "Workbook", tables: Mapping[str, pd.DataFrame], notes: Sequence[str]
) -> None:
    """Write the sheet that says what every column is."""
    sheet = book.create_sheet(README)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCD", (24, 24, 14, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(_bold(sheet, ("sheet", "column", "unit", "says")))
    for line in (*_CONVENTIONS, *notes):
        sheet.append(_cells(sheet, (None, None, None, line)))
    for name, frame in tables.items():
        found, title = table_of(name), sheet_titles(tables)[name]
        sheet.append(_cells(sheet, (title, None, None, found.row if found else None)))
        for column in map(str, frame.columns):
            what = column_of(name, column)
            row = (title, column, what.unit or None, what.text or None)
            sheet.append(_cells(sheet, row))


_CONVENTIONS = (
    "Below the header of each sheet stands a row of units.",
    "Minutes count from the start of the scenario; clock columns write them as clock "
    "text. Shares run from 0 to 1.",
    "inf: it never ended. An empty cell: there was nothing to measure.",
)


def _sheet(book: "Workbook", title: str, name: str, frame: pd.DataFrame) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A3"
    from openpyxl.utils import get_column_letter

    names = [str(column) for column in frame.columns]
    units = [column_of(name, column).unit or None for column in names]
    columns = [_values(frame.iloc[:, index]) for index in range(len(names))]
    for index, values in enumerate(columns):
        texts = (names[index], units[index] or "", *values[:_LOOKED_AT])
        letter = get_column_letter(index + 1)
        sheet.column_dimensions[letter].width = _width(texts)
    sheet.append(_bold(sheet, names))
    sheet.append(_bold(sheet, units, slanted=True))
    # Where no text of a column needs care, its values go in as they are.
    careful = [any(isinstance(v, str) for v in values) for values in columns]
    if any(careful):
        for row in zip(*columns, strict=True):
            sheet.append(_cells(sheet, row))
    else:
        for row in zip(*columns, strict=True):
            sheet.append(row)


def _values(column: "pd.Series[Any]") -> list[Cell]:
    """Give what stands in the cells of a column."""
    return [_value(value) for value in column.tolist()]


def _value(value: object) -> Cell:
    if isinstance(value, str):
        return _NOT_TEXT.sub(" ", value)[:_MOST_TEXT]
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if isnan(value):
            return None
        return value if abs(value) < inf else str(value)
    return None if value is None or value is pd.NA else str(value)


def _width(texts: Iterable[Cell]) -> int:
    longest = max(len(_shown(text)) for text in texts)
    return min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1])


def _shown(value: Cell) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value or "")


def _cells(sheet: object, row: Iterable[Cell]) -> Iterator["Cell | WriteOnlyCell"]:
    """Guard the texts of a row that Excel would take for formulas."""
    for value in row:
        guarded = isinstance(value, str) and value.startswith(_FORMULA)
        yield _text_cell(sheet, value) if guarded else value


def _text_cell(sheet: object, value: Cell) -> "WriteOnlyCell":
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _bold(
    sheet: object, texts: Iterable[Cell], *, slanted: bool = False
) -> "list[WriteOnlyCell]":
    from openpyxl.styles import Font

    font = Font(bold=not slanted, italic=slanted)
    row = [_text_cell(sheet, text) for text in texts]
    for cell in row:
        cell.quotePrefix = False
        cell.font = font
    return row


def _settled(book: "Workbook") -> bytes:
    """Give a workbook's bytes, without the moment at which it was written."""
    raw, settled = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _EARLY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return settled.getvalue()
