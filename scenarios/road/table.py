"""Road networks from tables: arcs in one, nodes in another or in the same file.

Columns may have any name (``roads.columns``), units are not guessed (``roads.units``).
A value that cannot be is refused with its row, all of them at once.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from scenarios.clock import shown
from scenarios.problem import Problem, ScenarioError, fail
from scenarios.road import Roads
from scenarios.road.access import direction_of
from scenarios.road.arc import Arc, Arcs, Edge
from scenarios.road.content import opened
from scenarios.road.network import Point
from scenarios.road.plane import plane_of
from scenarios.road.report import RoadReport
from scenarios.road.sheet import KNOWN, Table, tables_of
from scenarios.road.tag import FASTEST, MISSING, number_of, plain

if TYPE_CHECKING:
    from scenarios.road.network import Graph

MOST_PROBLEMS = 20
KMH = {"km/h": 1.0, "mph": 1.609344, "m/s": 3.6}
METRES = {"metres": 1.0, "km": 1000.0, "miles": 1609.344, "feet": 0.3048}
MINUTES = {"seconds": 1 / 60, "minutes": 1.0, "hours": 60.0, "days": 1440.0}
_NODE, _ARC = ("id", "x", "y"), ("from_", "to")


def read_tables(
    raw: bytes, file: str, roads: Roads, beside: Callable[[str], bytes]
) -> tuple["Graph", RoadReport]:
    """Read a table of arcs, with its nodes; see `scenarios.road.source`."""
    found, notes = tables_of(raw, file)
    if roads.nodes is not None:
        more, said = tables_of(opened(beside(roads.nodes), roads.nodes), roads.nodes)
        nodes = more.get("nodes") or more.get("")
        notes += said
    else:
        nodes = found.get("nodes")
    arcs = found.get("arcs") or found.get("")
    if arcs is None:
        raise fail(file, "holds no section of arcs (arcs, edges or links)")
    if nodes is None:
        text = "a table of arcs needs its nodes: name their table in roads.nodes"
        raise fail(file, text)
    return _Reader(nodes, arcs, roads).network(notes)


class _Reader:
    """Makes roads of a table of nodes and a table of arcs."""

    def __init__(self, nodes: Table, arcs: Table, roads: Roads) -> None:
        self.nodes = nodes
        self.arcs = arcs
        self.roads = roads
        self.problems: list[Problem] = []
        columns = roads.columns
        self.node = {f: nodes.column(f, columns, must=True) for f in _NODE}
        self.arc = {
            field: arcs.column(field, columns, must=field in _ARC)
            for field in KNOWN
            if field not in _NODE
        }
        for field in ("speed", "length", "time"):
            if self.arc[field] is not None and getattr(roads.units, field) is None:
                key = f"roads.units.{field}"
                text = f"must be given for column {shown(getattr(columns, field))}"
                raise fail(arcs.file, f"{key}: {text}: no unit is guessed")

    def network(self, notes: tuple[str, ...]) -> tuple["Graph", RoadReport]:
        """Read both tables, or say all that is wrong with them."""
        places = self._places()
        edges = [edge for row in self.arcs.rows for edge in self._edges(row, places)]
        self._refuse()
        if not places or not edges:
            missing = self.arcs if places else self.nodes
            raise fail(missing.file, "holds no rows")
        try:
            plane = plane_of(list(places.values()), "", self.roads.coordinates)
        except ValueError as error:
            raise fail(self.nodes.file, str(error)) from None
        points = plane.places(places)
        reader = Arcs(points, plane, self.roads)
        reader.tally["adrift"] = len(places) - len(points)
        arcs = [arc for edge in edges if (arc := reader.read(edge)) is not None]
        reader.tally["undirected"] = reader.tally["said one-way"] = 0
        notes += self._assumed(arcs)
        file, kind = self.arcs.file, "tables of nodes and arcs"
        return reader.finished(arcs, file, self.roads, kind=kind, notes=notes)

    def _refuse(self) -> None:
        if self.problems:
            more = len(self.problems) - MOST_PROBLEMS
            shown_ = self.problems[:MOST_PROBLEMS]
            if more > 0:
                text = f"and {more} more rows that cannot be used"
                shown_.append(Problem(file=self.arcs.file, text=text))
            raise ScenarioError(tuple(shown_))

    def _fault(self, table: Table, line: int, column: int | None, text: str) -> None:
        name = table.header[column] if column is not None else ""
        path = plain(name)[:80]
        self.problems.append(
            Problem(file=table.file, line=line, column=1, path=path, text=text)
        )

    def _places(self) -> dict[str, Point]:
        found: dict[str, Point] = {}
        for line, cells in self.nodes.rows:
            node = _cell(cells, self.node["id"])
            x, y = (_number(_cell(cells, self.node[axis])) for axis in "xy")
            if x is None or y is None:
                axis = "x" if x is None else "y"
                text = f"no coordinate, found {shown(_cell(cells, self.node[axis]))}"
                self._fault(self.nodes, line, self.node[axis], text)
            elif not node or node in found:
                text = f"given twice, found {shown(node)}" if node else "is empty"
                self._fault(self.nodes, line, self.node["id"], f"name of a node {text}")
            else:
                found[node] = (x, y)
        return found

    def _edges(
        self, row: tuple[int, list[str]], places: Mapping[str, Point]
    ) -> Iterator[Edge]:
        line, cells = row
        ends = {field: _cell(cells, self.arc[field]) for field in _ARC}
        lost = [field for field in _ARC if ends[field] not in places]
        for field in lost:
            text = f"no such node, found {shown(ends[field])}"
            self._fault(self.arcs, line, self.arc[field], text)
        way = direction_of(_cell(cells, self.arc["one_way"])) or "both"
        values = self._values(line, cells)
        minutes = self._amount(line, cells, "time", MINUTES)
        if not lost:
            swapped = way == "back"
            yield Edge(
                tail=ends["to" if swapped else "from_"],
                head=ends["from_" if swapped else "to"],
                directed=way != "both" or not self._two_way(),
                values={**values, "oneway": "" if way == "both" else "yes"},
                minutes=minutes,
            )

    def _two_way(self) -> bool:
        """Tell whether a row is a road both ways unless it says otherwise."""
        if self.roads.two_way is not None:
            return self.roads.two_way
        if not hasattr(self, "_both"):
            pairs = [
                tuple(_cell(cells, self.arc[field]) for field in _ARC)
                for _, cells in self.arcs.rows
            ]
            known = set(pairs)
            back = sum((head, tail) in known for tail, head in pairs)
            self._both = back * 2 < len(pairs)
        return self._both

    def _values(self, line: int, cells: list[str]) -> dict[str, str]:
        """Give the row in the words of a graph file."""
        values = {
            "highway": _cell(cells, self.arc["class_"]),
            "name": _cell(cells, self.arc["name"]),
            "id": plain(_cell(cells, self.arc["road"])),
        }
        length = self._amount(line, cells, "length", METRES)
        speed = self._amount(line, cells, "speed", KMH)
        if speed is not None and speed > FASTEST:
            text = f"{speed:g} km/h, above {FASTEST:g}: is the unit right?"
            self._fault(self.arcs, line, self.arc["speed"], text)
        if length is not None:
            values["length"] = repr(length)
        if speed is not None:
            values["maxspeed"] = f"{speed:.6f}"
        return values

    def _amount(
        self, line: int, cells: list[str], field: str, units: Mapping[str, float]
    ) -> float | None:
        """Read a quantity that must be above zero; empty is not known."""
        column = self.arc[field]
        text = _cell(cells, column)
        if column is None or text in MISSING - {"nan", "NaN"}:
            return None
        value = _number(text)
        if value is None or value <= 0:
            fault = f"must be a number above 0, found {shown(text)}"
            self._fault(self.arcs, line, column, fault)
            return None
        return value * units[getattr(self.roads.units, field)]

    def _assumed(self, arcs: list[Arc]) -> tuple[str, ...]:
        """Say how rows were taken, and which columns were not read."""
        way = "a road both ways" if self._two_way() else "one direction of a road"
        notes = [
            f"each row is taken as {way}, unless it says otherwise (roads.two_way)"
        ]
        used = {column for column in self.arc.values() if column is not None}
        spare = [h for i, h in enumerate(self.arcs.header) if h and i not in used]
        if spare:
            notes.append(f"columns not read: {plain(', '.join(spare))[:200]}")
        timed = [arc.road for arc in arcs if arc.road.ahead and arc.road.ahead.minutes]
        speeds = sorted(
            road.length / road.ahead.minutes * 0.06
            for road in timed
            if road.ahead and road.ahead.minutes
        )
        if speeds:
            low, middle, high = speeds[0], speeds[len(speeds) // 2], speeds[-1]
            doubt = "" if 2 <= middle <= 150 else ": are the units right?"
            notes.append(
                f"stated times mean {low:.3g} to {high:.3g} km/h, {middle:.3g} in the "
                f"middle{doubt}"
            )
        return tuple(notes)


def _cell(cells: list[str], column: int | None) -> str:
    return cells[column] if column is not None and column < len(cells) else ""


def _number(text: str) -> float | None:
    """Read a number; a single comma is a decimal comma."""
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    value = number_of(text)
    return value if value is not None and math.isfinite(value) else None
