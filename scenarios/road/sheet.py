"""Tables as people save them: any encoding, delimiter, column names; also stacked."""

import csv
import re
from dataclasses import dataclass

from scenarios.clock import shown
from scenarios.problem import Problem, ScenarioError, allowed, fail
from scenarios.road import Columns
from scenarios.road.content import text_of
from scenarios.road.tag import plain

# Names of columns that mean what they say; a unit is never read out of a name.
KNOWN: dict[str, tuple[str, ...]] = {
    "id": ("id", "node", "node_id", "nodeid", "index", "osmid", "name"),
    "x": ("x", "lon", "lng", "long", "longitude", "east", "easting", "x_coord"),
    "y": ("y", "lat", "latitude", "north", "northing", "y_coord"),
    "from_": ("from", "from_node", "fromnode", "source", "tail", "u", "a", "start"),
    "to": ("to", "to_node", "tonode", "target", "head", "v", "b", "end"),
    "road": (),
    "class_": ("class", "highway", "fclass", "type", "road_class", "road_type"),
    "one_way": ("oneway", "one_way", "one-way"),
    "name": ("name", "street", "street_name"),
    "speed": (),
    "length": (),
    "time": (),
}
_SECTIONS = ("nodes", "arcs", "edges", "links")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is in its file.

    Parameters
    ----------
    file
        Its name, as shown in errors.
    header
        Names of columns, as they are written.
    rows
        Line in the file, and cells.
    """

    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]

    def column(self, field: str, columns: Columns, *, must: bool) -> int | None:
        """Find the column of a field: by the mapping, else by a name that says it.

        Raises
        ------
        ScenarioError
            When it is mapped to no column, or must be there and is not.
        """
        names = [_plain(name) for name in self.header]
        asked = getattr(columns, field)
        for name in KNOWN[field] if asked is None else (_plain(asked),):
            if name in names:
                return names.index(name)
        key = f"roads.columns.{field.strip('_')}"
        if asked is not None:
            text = f"no such column, found {shown(asked)}; "
            raise fail(self.file, f"{key}: {text}{allowed(self.header, asked)}")
        if must:
            text = f"no column for it; name one: {allowed(self.header, field)}"
            raise fail(self.file, f"{key}: {text}")
        return None


def _plain(name: str) -> str:
    return plain(name).casefold()


def tables_of(raw: bytes, file: str) -> tuple[dict[str, Table], tuple[str, ...]]:
    """Read the tables of a file: one, or several stacked, each under its name."""
    text, remark = text_of(raw)
    notes = (f"{file} is not UTF-8: read as {remark}",) if remark else ()
    rows = _rows(text, file)
    found: dict[str, Table] = {}
    name, header = "", list[str]()
    lines: list[tuple[int, list[str]]] = []
    for at, (line, cells) in enumerate(rows):
        title = _plain(cells[0]) if not any(cells[1:]) else ""
        following = rows[at + 1][1] if at + 1 < len(rows) else []
        if title in _SECTIONS and len([c for c in following if c]) > 1:
            _store(found, name, Table(file=file, header=header, rows=lines))
            name, header, lines = title, [], []
        elif not header:
            header = cells
        else:
            lines.append((line, cells))
    _store(found, name, Table(file=file, header=header, rows=lines))
    return found, notes


def _store(found: dict[str, Table], name: str, table: Table) -> None:
    if len(table.header) > 1:
        key = "arcs" if name in ("edges", "links") else name
        found.setdefault(key, table)


def _rows(text: str, file: str) -> list[tuple[int, list[str]]]:
    """Read the records of a text, with the line each ends on; no empty ones."""
    text = text.lstrip("\ufeff")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text))
    found = []
    try:
        for cells in reader:
            clean = [cell.strip() for cell in cells]
            if any(clean) and not clean[0].startswith("#"):
                found.append((reader.line_num, clean))
    except csv.Error as error:
        text = f"no sound table: {error}"
        raise ScenarioError(
            (Problem(file=file, line=reader.line_num, column=1, text=text),)
        ) from None
    return found


def _delimiter(text: str) -> str:
    """Choose the mark that cuts the first lines into the most cells, alike in each."""
    lines = [line for line in text.splitlines()[:200] if line.strip()][:20]
    lines = [re.sub(r'"[^"]*"', "", line) for line in lines if line[0] != "#"]

    def fit(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        return (counts.count(common) if common else 0, common)

    return max("\t;|,", key=fit)
