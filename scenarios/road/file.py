"""The road network a scenario names: read, and checked against what names it."""

from codecs import BOM_UTF8
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from scenarios.clock import shown
from scenarios.effect import HERE
from scenarios.file.document import Document, Where, matches, parse_document
from scenarios.file.fault import faults_of, validated
from scenarios.file.folder import Folder
from scenarios.file.reference import HERE_IS_TAKEN, unless_known
from scenarios.problem import Problem, ScenarioError
from scenarios.road import CLASSES, Network, Roads

if TYPE_CHECKING:
    import networkx as nx

    from scenarios.road.network import RoadReport

_IN_SCENARIO: Where = ("roads", "network")
_ON_ROADS = (
    ("places.*.node", "node"),
    ("script.*.effects.*.roads.*", "road"),
    ("incidents.*.levels.*.effects.*.roads.*", "road"),
    ("script.*.effects.*.classes.*", "road class"),
    ("incidents.*.levels.*.effects.*.classes.*", "road class"),
    ("roads.default_class", "road class"),
)


def read_roads(folder: Folder, base: Document) -> tuple[Any, Any]:
    """Read the road network; (None, None) when the section itself is at fault."""
    from scenarios.road.network import graph_of, report_of

    try:
        roads = validated(Roads, timeless(base.get(("roads",))), {})
    except ValidationError:
        return None, None
    document, at = base, _IN_SCENARIO
    if roads.file is not None:
        raw = _road_file(folder, base, roads.file)
        if raw.removeprefix(BOM_UTF8).lstrip()[:1] == b"<":
            from scenarios.road.graphml import read_graphml

            graph, report = read_graphml(raw, folder.shown(roads.file), roads)
            return graph, report
        document, at = parse_document(raw, folder.shown(roads.file)), ()
        faults = list(faults_of(Network, document, {}))
        if faults:
            raise ScenarioError(tuple(faults))
    faults = list(_network_problems(document, at, roads))
    if faults:
        raise ScenarioError(tuple(faults))
    graph = graph_of(validated(Network, document.get(at), {}))
    return graph, report_of(graph)


def timeless(section: Any) -> Any:
    """Leave out of a roads section what needs the clock, and reading does not."""
    if not isinstance(section, dict):
        return section
    return {k: v for k, v in section.items() if k not in ("ferries", "hours")}


def _road_file(folder: Folder, base: Document, name: str) -> bytes:
    try:
        return folder.read(name)
    except ScenarioError as error:
        text = f"{error.problems[0].text}, found {shown(name)}"
        raise ScenarioError((base.problem(("roads", "file"), text),)) from None


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
    """Name what a scenario may name of its roads: nodes, roads and classes."""
    classes = base.get(("roads", "classes"))
    return {
        "node": dict.fromkeys(str(node) for node in graph),
        "road": dict.fromkeys(str(data["id"]) for _, _, data in graph.edges(data=True)),
        "road class": [*CLASSES, *(classes if isinstance(classes, dict) else ())],
    }


def road_problems(
    document: Document, known: dict[str, Collection[str]] | None
) -> Iterator[Problem]:
    """Find names of nodes, roads and classes that the network does not hold."""
    for pattern, word in _ON_ROADS:
        for where, value in matches(document.data, tuple(pattern.split("."))):
            here = value == HERE and where[0] == "incidents"
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
