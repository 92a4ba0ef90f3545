"""Road networks from OSMnx GraphML files of any generation.

The file is read in one pass and all attributes are taken as text, for that is how most
files declare them. Only what the road graph needs is kept: whatever else stands in the
file, editors' names included, is dropped as it is read.
"""

import xml.etree.ElementTree as ET
from collections import defaultdict
from typing import TYPE_CHECKING

from scenarios.problem import Problem, ScenarioError, fail
from scenarios.road import Roads
from scenarios.road.arc import READ, Arc, Arcs, Edge
from scenarios.road.network import Point
from scenarios.road.plane import plane_of
from scenarios.road.report import RoadReport
from scenarios.road.tag import number_of, plain

if TYPE_CHECKING:
    from scenarios.road.network import Graph

_KEPT: dict[str, tuple[str, ...]] = {
    "graph": ("crs",),
    "node": ("x", "y", "lat", "lon"),
    "edge": READ,
}


def read_graphml(raw: bytes, file: str, roads: Roads) -> tuple["Graph", RoadReport]:
    """Read a road network that OSMnx wrote.

    Parameters
    ----------
    raw
        The bytes of the file.
    file
        Its name, as shown in errors.
    roads
        What the scenario says of its roads: classes, default class, coordinates.

    Returns
    -------
    tuple
        The graph (see `scenarios.road.network`), and what was assumed on reading it.

    Raises
    ------
    ScenarioError
        When the file is no sound GraphML, or holds no road network.
    """
    content = _parse(raw, file)
    if not content.nodes or not content.edges:
        missing = "edges" if content.nodes else "nodes"
        raise fail(file, f"holds no {missing}: it is no road network")
    arcs, reader = _arcs(content, file, roads)
    where = _whereabouts(reader, content)
    facts = {"kind": "OSMnx GraphML", "may_pass": roads.may_pass}
    return reader.finished(arcs, file, roads, notes=where, **facts)


class _Local(dict[str, str]):
    """Names of elements without their namespace, each worked out once."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


class _Content:
    """Gathers nodes and edges while the file is parsed (a target of ElementTree)."""

    def __init__(self) -> None:
        self.root = ""
        self.graphs = 0
        self.twice = 0
        self.about: dict[str, str] = {}
        self.nodes: dict[str, dict[str, str]] = {}
        self.edges: list[Edge] = []
        self._directed = True
        self._local = _Local()
        self._keys: dict[tuple[str, str], str] = {}
        self._defaults: dict[str, dict[str, str]] = defaultdict(dict)
        self._open: list[tuple[str, dict[str, str]]] = []
        self._key = ("", "")
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._local[tag]
        self.root = self.root or name
        if name == "data" and self._open:
            self._key = (self._open[-1][0], attributes.get("key", ""))
            self._text = []
        elif name == "key":
            self._key = (attributes.get("for", "all"), attributes.get("id", ""))
            self._keys[self._key] = attributes.get("attr.name", "")
        elif name in _KEPT:
            values = dict(self._defaults[name])
            self._open.append((name, values))
            self._begin(name, attributes, values)
        elif name == "default":
            self._text = []

    def _begin(
        self, name: str, attributes: dict[str, str], values: dict[str, str]
    ) -> None:
        if name == "graph":
            self.graphs += 1
            self._directed = attributes.get("edgedefault") != "undirected"
            self.about = values
        elif name == "node":
            node = plain(attributes.get("id", ""))
            self.twice += node in self.nodes
            self.nodes[node] = values
        else:
            said = attributes.get("directed", str(self._directed))
            edge = Edge(
                tail=plain(attributes.get("source", "")),
                head=plain(attributes.get("target", "")),
                directed=said.lower() == "true",
                values=values,
            )
            self.edges.append(edge)

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = self._local[tag]
        if name in _KEPT:
            self._open.pop()
        elif name in ("data", "default") and self._text is not None:
            self._store(name, "".join(self._text).strip())
            self._text = None

    def _store(self, element: str, text: str) -> None:
        domain, key = self._key
        name = self._keys.get((domain, key)) or self._keys.get(("all", key), "")
        if element == "data" and name in _KEPT[domain]:
            self._open[-1][1][name] = text
        elif element == "default":
            for each in _KEPT if domain == "all" else (domain,):
                if name in _KEPT.get(each, ()):
                    self._defaults[each][name] = text

    def close(self) -> "_Content":
        return self


def _parse(raw: bytes, file: str) -> _Content:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fail(file, "not UTF-8 text, which GraphML files are") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        # Entities can grow without bound or reach other files; GraphML needs none.
        raise fail(
            file, "holds a DOCTYPE or an ENTITY, which no GraphML needs: refused"
        )
    content = _Content()
    parser = ET.XMLParser(target=content)
    try:
        parser.feed(text)
        parser.close()
    except ET.ParseError as error:
        raise ScenarioError((_not_xml(file, error),)) from None
    if content.root != "graphml":
        found = plain(content.root)[:40]
        raise fail(file, f"not GraphML: it begins with <{found}>")
    if content.graphs > 1:
        raise fail(file, f"holds {content.graphs} graphs; a road network is one")
    return content


def _not_xml(file: str, error: ET.ParseError) -> Problem:
    line, column = error.position
    reason = str(error).partition(":")[0]
    text = f"not sound XML, or cut short: {reason}"
    return Problem(file=file, line=line, column=column + 1, text=text)


def _arcs(content: _Content, file: str, roads: Roads) -> tuple[list[Arc], Arcs]:
    found = _coordinates(content, "x", "y")
    if not found:
        text = "no node has coordinates (x and y): a drawing, no road network"
        raise fail(file, text)
    crs = content.about.get("crs", "")
    try:
        plane = plane_of(list(found.values()), crs, roads.coordinates)
    except ValueError as error:
        raise fail(file, str(error)) from None
    points = plane.places(found)
    reader = Arcs(points, plane, roads)
    reader.tally["twice"] = content.twice
    reader.tally["adrift"] = len(content.nodes) - len(points)
    arcs = [arc for edge in content.edges if (arc := reader.read(edge)) is not None]
    return arcs, reader


def _coordinates(content: _Content, x: str, y: str) -> dict[str, Point]:
    found: dict[str, Point] = {}
    for node, values in content.nodes.items():
        east, north = number_of(values.get(x, "")), number_of(values.get(y, ""))
        if east is not None and north is not None:
            found[node] = (east, north)
    return found


def _whereabouts(reader: Arcs, content: _Content) -> tuple[str, ...]:
    """Say where on Earth a file in metres lies, when it says so itself."""
    places = _coordinates(content, "lon", "lat").values()
    if reader.plane.origin is not None or not places:
        return ()
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    return (
        f"in degrees it lies at {west:.4f} to {east:.4f} (west-east), "
        f"{south:.4f} to {north:.4f} (south-north)",
    )
