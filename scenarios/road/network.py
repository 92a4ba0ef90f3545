"""The road network as a networkx graph, from a hand-written network.

Every reader gives the same: a ``MultiDiGraph`` whose nodes have ``x`` and ``y`` in
metres and whose arcs have ``id`` (of the road: both directions share it), ``length``
(metres), ``road`` (class), ``speed`` (metres a minute, or None where the file states
none), ``name`` and ``geometry`` (points from tail to head, the ends included).
``graph.graph["origin"]`` is the longitude and latitude of the point (0, 0) when the
file is in degrees, None when it is in metres.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from scenarios.road import Edge, Network

if TYPE_CHECKING:
    Graph = nx.MultiDiGraph[str]

EARTH = 6_371_009.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadReport:
    """What a road file holds and what was assumed on reading it.

    Parameters
    ----------
    nodes, arcs
        Numbers; a two-way road has two arcs.
    kilometres
        Length of all arcs.
    assumed_speeds
        Share of arcs without a speed of their own, from 0 to 1.
    components, largest_component
        Weakly connected parts, and nodes in the largest.
    largest_strong
        Nodes in the largest strongly connected part: from each to each.
    no_way_out, no_way_in
        Nodes that no arc leaves, that no arc enters (one-way dead ends).
    box
        West, south, east, north, in the file's own coordinates.
    degrees
        Whether these are degrees; else they are metres.
    notes
        What was assumed or left out, a sentence each.
    """

    nodes: int
    arcs: int
    kilometres: float
    assumed_speeds: float
    components: int
    largest_component: int
    largest_strong: int
    no_way_out: int
    no_way_in: int
    box: tuple[float, float, float, float]
    degrees: bool = False
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Say it in sentences for people."""
        west, south, east, north = self.box
        digits, unit = (4, "degrees") if self.degrees else (0, "metres")
        return [
            f"{self.nodes} nodes, {self.arcs} arcs, {self.kilometres:.1f} km",
            f"{self.assumed_speeds:.1%} of the arcs state no speed: the speed of "
            "their class is assumed".replace("%", " %").replace(".0 %", " %"),
            f"{self.components} component(s), the largest of {self.largest_component} "
            f"nodes; {self.largest_strong} nodes can all reach each other",
            f"one-way dead ends: {self.no_way_out} node(s) without a way out, "
            f"{self.no_way_in} without a way in",
            f"bounding box {west:.{digits}f} to {east:.{digits}f} (west-east), "
            f"{south:.{digits}f} to {north:.{digits}f} (south-north), {unit}",
            *self.notes,
        ]


def length_of(points: list[Point]) -> float:
    """Length of a line of points, metres."""
    return sum(math.dist(a, b) for a, b in pairwise(points))


def project(origin: Point | None, point: Point) -> Point:
    """Put a point of the file's coordinates on the plane, metres.

    Near enough for a province: east-west distances are taken at the latitude of the
    origin.
    """
    if origin is None:
        return point
    scale = math.cos(math.radians(origin[1]))
    return (
        math.radians(point[0] - origin[0]) * EARTH * scale,
        math.radians(point[1] - origin[1]) * EARTH,
    )


def graph_of(network: Network) -> "Graph":
    """Make the graph of a hand-written network, coordinates in metres."""
    graph: Graph = nx.MultiDiGraph(origin=None)
    for node, (x, y) in network.nodes.items():
        graph.add_node(node, x=x, y=y)
    for edge in network.edges:
        _add(graph, edge, network)
    return graph


def _add(graph: "Graph", edge: Edge, network: Network) -> None:
    points = [network.nodes[edge.from_], *edge.via, network.nodes[edge.to]]
    data = {
        "id": edge.id,
        "length": length_of(points) if edge.length is None else edge.length,
        "road": edge.road,
        "speed": edge.speed,
        "name": edge.name,
    }
    graph.add_edge(edge.from_, edge.to, **data, geometry=points)
    if not edge.one_way:
        graph.add_edge(edge.to, edge.from_, **data, geometry=points[::-1])


def report_of(graph: "Graph", notes: tuple[str, ...] = ()) -> RoadReport:
    """Count what a graph holds; coordinates are given in the file's own."""
    strong = max(map(len, nx.strongly_connected_components(graph)), default=0)
    weak = [len(part) for part in nx.weakly_connected_components(graph)]
    arcs = [data for _, _, data in graph.edges(data=True)]
    xs = [float(data["x"]) for _, data in graph.nodes(data=True)]
    ys = [float(data["y"]) for _, data in graph.nodes(data=True)]
    low = unproject(graph.graph["origin"], (min(xs), min(ys)))
    high = unproject(graph.graph["origin"], (max(xs), max(ys)))
    return RoadReport(
        nodes=len(graph),
        arcs=len(arcs),
        kilometres=sum(data["length"] for data in arcs) / 1000,
        assumed_speeds=sum(data["speed"] is None for data in arcs) / max(len(arcs), 1),
        components=len(weak),
        largest_component=max(weak, default=0),
        largest_strong=strong,
        no_way_out=sum(degree == 0 for _, degree in graph.out_degree()),
        no_way_in=sum(degree == 0 for _, degree in graph.in_degree()),
        box=(*low, *high),
        degrees=graph.graph["origin"] is not None,
        notes=notes,
    )


def unproject(origin: Point | None, point: Point) -> Point:
    """Give a point of the plane in the file's coordinates; inverse of `project`."""
    if origin is None:
        return point
    scale = math.cos(math.radians(origin[1]))
    return (
        origin[0] + math.degrees(point[0] / EARTH / scale),
        origin[1] + math.degrees(point[1] / EARTH),
    )
