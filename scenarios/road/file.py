"""The road network a scenario names: read, and checked against what names it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from scenarios.clock import shown
from scenarios.effect import HERE
from scenarios.file.change import changed
from scenarios.file.document import Document, Mark, Where, matches, parse_document
from scenarios.file.fault import faults_of, validated
from scenarios.file.folder import Folder, bundled, find
from scenarios.file.reference import HERE_IS_TAKEN, unless_known
from scenarios.problem import Problem, ScenarioError, fail
from scenarios.road import CLASSES, Network, Roads
from scenarios.road.street import streets_of

if TYPE_CHECKING:
    import networkx as nx

    from scenarios.road.network import Graph
    from scenarios.road.report import RoadReport

# A scenario holds its roads in a section; a road file is all roads.
_SCENARIO = re.compile(rb"^roads\s*:", re.MULTILINE)
_IN_SCENARIO: Where = ("roads", "network")
_ON_ROADS = (
    ("places.*.node", "node"),
    ("script.*.effects.*.roads.*", "road"),
    ("incidents.*.levels.*.effects.*.roads.*", "road"),
    ("script.*.effects.*.classes.*", "road class"),
    ("incidents.*.levels.*.effects.*.classes.*", "road class"),
    ("script.*.effects.*.streets.*", "street"),
    ("incidents.*.levels.*.effects.*.streets.*", "street"),
    ("roads.default_class", "road class"),
)


def read_road_file(
    name: str, changes: tuple[str, ...] = ()
) -> tuple["Graph", "RoadReport", Roads, Folder]:
    """Read a road file that no scenario names, or the roads of a scenario.

    Parameters
    ----------
    name
        Path of a road file, or a scenario: a folder, a file, a bundled name.
    changes
        ``roads.key=value`` settings.

    Returns
    -------
    tuple
        The graph (see `scenarios.road.network`), what was assumed on reading it, the
        settings of the roads, and the folder, which holds the files that were read.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    path = Path(name)
    path = path.resolve() if path.is_symlink() else path
    if not path.exists() and name not in bundled():
        raise fail(name, "there is no such road file, nor a scenario of this name")
    folder = Folder(path if _is_file(path) else find(name))
    if _is_file(path) and not _SCENARIO.search(folder.read(path.name)[:1_000_000]):
        data = {"roads": {"file": path.name}}
        base = Document(file=name, data=data, keys={}, values={(): Mark(name, 0, 0)})
    else:
        base = folder.document(folder.main)
    for text in changes:
        base, _ = changed(text, base, {})
    section = _section(base)
    faults = list(faults_of(Roads, section, {}))
    if faults:
        raise ScenarioError(tuple(replace(f, path=_within(f.path)) for f in faults))
    graph, report = read_roads(folder, base)
    settings = validated(Roads, timeless(base.get(("roads",))), {})
    return graph, report, settings, folder


def _section(base: Document) -> Document:
    """Give the section on roads as a document of its own."""

    def inside(marks: dict[Where, Mark]) -> dict[Where, Mark]:
        return {w[1:]: mark for w, mark in marks.items() if w[:1] == ("roads",)}

    values = {(): base.mark(()), **inside(base.values)}
    data = timeless(base.get(("roads",)))
    return Document(file=base.file, data=data, keys=inside(base.keys), values=values)


def _within(path: str) -> str:
    return f"roads.{path}" if path else "roads"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_roads(folder: Folder, base: Document) -> tuple[Any, Any]:
    """Read the road network; (None, None) when the section itself is at fault."""
    from scenarios.road.content import opened
    from scenarios.road.network import graph_of
    from scenarios.road.report import report_of
    from scenarios.road.source import kind_of, read_network

    try:
        roads = validated(Roads, timeless(base.get(("roads",))), {})
    except ValidationError:
        return None, None
    document, at = base, _IN_SCENARIO
    if roads.file is not None:
        file = folder.shown(roads.file)
        raw = opened(_road_file(folder, base, "file", roads.file), file)
        if kind_of(raw, file) != "yaml":
            return read_network(
                raw, file, roads, lambda name: _road_file(folder, base, "nodes", name)
            )
        document, at = parse_document(raw, file), ()
        faults = list(faults_of(Network, document, {}))
        if faults:
            raise ScenarioError(tuple(faults))
    faults = list(_network_problems(document, at, roads))
    if faults:
        raise ScenarioError(tuple(faults))
    graph = graph_of(validated(Network, document.get(at), {}))
    return graph, report_of(graph, roads)


def timeless(section: Any) -> Any:
    """Leave out of a roads section what needs the clock, and reading does not."""
    if not isinstance(section, dict):
        return section
    return {k: v for k, v in section.items() if k not in ("ferries", "hours")}


def _road_file(folder: Folder, base: Document, key: str, name: str) -> bytes:
    try:
        return folder.read(name)
    except ScenarioError as error:
        text = f"{error.problems[0].text}, found {shown(name)}"
        raise ScenarioError((base.problem(("roads", key), text),)) from None


def _network_problems(document: Document, at: Where, roads: Roads) -> Iterator[Problem]:
    """Find nodes and classes that are not there, and ids that come twice."""
    data = document.get(at)
    nodes, classes = data["nodes"], roads.speeds()
    seen: dict[str, int] = {}
    for index, edge in enumerate(data["edges"]):
        where = (*at, "edges", index)
        for end in ("from", "to"):
            yield from unless_known(document, (*where, end), edge[end], nodes, "node")
        yield from unless_known(
            document, (*where, "road"), edge["road"], classes, "road class"
        )
        if edge["id"] in seen:
            text = f"id given twice, found '{edge['id']}'; first in edges"
            yield document.problem((*where, "id"), f"{text}[{seen[edge['id']]}]")
        elif edge["id"] == HERE:
            yield document.problem((*where, "id"), HERE_IS_TAKEN)
        seen.setdefault(edge["id"], index)


def names_on(
    graph: "nx.MultiDiGraph[Any]", base: Document
) -> dict[str, Collection[str]]:
    """Name what a scenario may name of its roads: nodes, roads, classes, streets."""
    classes = base.get(("roads", "classes"))
    return {
        "node": dict.fromkeys(str(node) for node in graph),
        "road": dict.fromkeys(str(data["id"]) for _, _, data in graph.edges(data=True)),
        "road class": [*CLASSES, *(classes if isinstance(classes, dict) else ())],
        "street": streets_of(graph),
    }


def road_problems(
    document: Document, known: dict[str, Collection[str]] | None
) -> Iterator[Problem]:
    """Find names on roads that the network does not hold."""
    for pattern, word in _ON_ROADS:
        for where, value in matches(document.data, tuple(pattern.split("."))):
            here = value == HERE and word == "road" and where[0] == "incidents"
            if known is not None and isinstance(value, str) and not here:
                yield from unless_known(document, where, value, known[word], word)
    for section in ("ferries", "hours"):
        for where, _ in matches(document.data, ("roads", section, "*")):
            roads, name = known["road"] if known else None, str(where[-1])
            for problem in unless_known(document, where, name, roads, "road"):
                yield document.problem(where, problem.text, key=True)


def stranded(document: Document, report: "RoadReport | None") -> Iterator[Problem]:
    """Refuse to put places on roads of which none leads back."""
    if report is not None and report.largest_strong < 2:
        for where, _ in matches(document.data, ("places", "*", "at")):
            text = "no road near it leads there and back: all are one-way dead ends"
            yield document.problem(where, text)
