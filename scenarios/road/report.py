"""What a road file holds, and what was assumed and left out on reading it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import networkx as nx

from scenarios.road import RoadClass, Roads
from scenarios.road.access import VEHICLES
from scenarios.road.network import Point, unproject

if TYPE_CHECKING:
    from scenarios.road.network import Graph

MOST_STREETS = 5
BY_HAND = "written by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadReport:
    """What a road file holds and what was assumed on reading it.

    Parameters
    ----------
    kind
        What the file is, by its content.
    nodes, roads, arcs
        Numbers; a two-way road has two arcs.
    nodes_before
        Nodes before those that one merely passes through were taken out.
    kilometres
        Length of all roads, each once.
    assumed_speeds
        Share of arcs without a speed or time of their own, from 0 to 1.
    components, largest_component
        Weakly connected parts, and nodes in the largest.
    largest_strong
        Nodes in the largest strongly connected part: from each to each.
    no_way_back
        Nodes that can be reached from there, but from which nothing leads back.
    outside
        Nodes outside the largest strongly connected part of each mode's own network.
    no_way_out, no_way_in
        Nodes that no arc leaves, that no arc enters (one-way dead ends).
    box
        West, south, east, north of the roads, in the file's own coordinates.
    degrees
        Whether these are degrees; else they are metres.
    ferries
        Ferry links.
    turns, turns_left_out
        Turn restrictions of the file that are honoured, that are not modelled.
    streets
        The names most roads bear, as whereabouts.
    dropped
        What was left out and why, a sentence each.
    notes
        What was assumed, a sentence each.
    """

    kind: str = BY_HAND
    nodes: int
    nodes_before: int = 0
    roads: int
    arcs: int
    kilometres: float
    assumed_speeds: float
    components: int
    largest_component: int
    largest_strong: int
    no_way_back: int
    no_way_out: int
    no_way_in: int
    box: tuple[float, float, float, float]
    outside: Mapping[str, int] = field(default_factory=dict)
    degrees: bool = False
    ferries: int = 0
    turns: int = 0
    turns_left_out: int = 0
    streets: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Say it in sentences for people."""
        return [
            f"{self.nodes} nodes, {self.roads} roads ({self.arcs} arcs), "
            f"{self.kilometres:.1f} km; {self.kind}",
            *self._contracted(),
            f"{self.assumed_speeds:.1%} of the arcs state no speed: the speed of "
            "their class is assumed".replace("%", " %").replace(".0 %", " %"),
            f"{self.components} component(s), the largest of {self.largest_component} "
            f"nodes; {self.largest_strong} nodes can all reach each other",
            f"one-way dead ends: {self.no_way_out} node(s) without a way out, "
            f"{self.no_way_in} without a way in",
            *self._outside(),
            self._box(),
            *self._where(),
            *self._more(),
            *self.dropped,
            *self.notes,
        ]

    def json(self) -> dict[str, Any]:
        """Give its fields as plain data."""
        return asdict(self)

    def _contracted(self) -> Iterable[str]:
        if self.nodes_before > self.nodes:
            yield (
                f"{self.nodes_before} nodes before those were taken out that one "
                "merely passes through"
            )

    def _outside(self) -> Iterable[str]:
        outside = self.nodes - self.largest_strong
        if outside:
            yield (
                f"{outside} node(s) lie outside the largest strongly connected part; "
                f"a unit sent to {self.no_way_back} of these cannot come back"
            )
        if len({outside, *self.outside.values()}) > 1:
            parts = ", ".join(f"{mode} {n}" for mode, n in self.outside.items())
            yield f"nodes that a mode cannot go to and come back from: {parts}"

    def _box(self) -> str:
        west, south, east, north = self.box
        digits, unit = (4, "degrees") if self.degrees else (0, "metres")
        return (
            f"bounding box {west:.{digits}f} to {east:.{digits}f} (west-east), "
            f"{south:.{digits}f} to {north:.{digits}f} (south-north), {unit}"
        )

    def _where(self) -> Iterable[str]:
        if self.kind != BY_HAND:
            named = ", ".join(self.streets)
            yield f"streets in it: {named}" if named else "no street has a name"

    def _more(self) -> Iterable[str]:
        if self.ferries:
            yield f"{self.ferries} ferry link(s)"
        if self.turns or self.turns_left_out:
            yield (
                f"turn restrictions: {self.turns} honoured, {self.turns_left_out} not "
                "modelled"
            )


def report_of(graph: "Graph", roads: Roads, **facts: Any) -> RoadReport:
    """Count what a graph holds.

    Parameters
    ----------
    graph
        See `scenarios.road.network`.
    roads
        Speeds by class and mode.
    **facts
        Fields of the report that the graph does not show.
    """
    parts = [len(part) for part in nx.weakly_connected_components(graph)]
    arcs = [data for *_, data in graph.edges(data=True)]
    assumed = sum(data["speed"] is None and data["minutes"] is None for data in arcs)
    by_id = {data["id"]: data for data in arcs}
    strong: set[str] = max(nx.strongly_connected_components(graph), key=len)
    return RoadReport(
        nodes=len(graph),
        roads=len(by_id),
        arcs=len(arcs),
        kilometres=sum(data["length"] for data in by_id.values()) / 1000,
        assumed_speeds=assumed / max(len(arcs), 1),
        components=len(parts),
        largest_component=max(parts),
        largest_strong=len(strong),
        no_way_back=len(nx.descendants(graph, next(iter(strong))) - strong),
        outside=_outside(graph, roads),
        no_way_out=sum(degree == 0 for _, degree in graph.out_degree()),
        no_way_in=sum(degree == 0 for _, degree in graph.in_degree()),
        box=_box(graph),
        degrees=graph.graph["origin"] is not None,
        ferries=sum(data["road"] == "ferry" for data in by_id.values()),
        streets=_streets(data["name"] for data in by_id.values()),
        **{"nodes_before": len(graph), **facts},
    )


def _outside(graph: "Graph", roads: Roads) -> dict[str, int]:
    """Count the nodes from which a mode cannot go to all others and come back."""
    found: dict[str, int] = {}
    classes = roads.speeds()
    default = classes.get(roads.default_class, RoadClass())
    for mode in VEHICLES:
        arcs = nx.DiGraph(
            (tail, head)
            for tail, head, data in graph.edges(data=True)
            if mode not in data["barred"]
            and _may(data["road"], getattr(classes.get(data["road"], default), mode))
        )
        strong = max(map(len, nx.strongly_connected_components(arcs)), default=0)
        found[mode] = len(graph) - strong
    return found


def _may(kind: str, speed: float | None) -> bool:
    return kind == "ferry" or speed is not None


def _streets(names: Iterable[str]) -> tuple[str, ...]:
    """Find the commonest names, for a file may be named for another town."""
    count = Counter(filter(None, names))
    return tuple(sorted(count, key=lambda name: (-count[name], name))[:MOST_STREETS])


def _box(graph: "Graph") -> tuple[float, float, float, float]:
    points: list[Point] = [
        (float(data["x"]), float(data["y"])) for _, data in graph.nodes(data=True)
    ]
    for *_, data in graph.edges(data=True):
        points += data["geometry"]
    xs, ys = zip(*points, strict=True)
    origin = graph.graph["origin"]
    return (
        *unproject(origin, (min(xs), min(ys))),
        *unproject(origin, (max(xs), max(ys))),
    )
