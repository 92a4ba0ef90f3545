"""Road maps: the roads of a scenario with its places, as arrays that never change."""

from dataclasses import dataclass

import networkx as nx
import numpy as np

from scenarios.force import Mode
from scenarios.place import Place
from scenarios.road import Roads
from scenarios.road.network import Point
from simulator.road.arc import (
    Arc,
    Floats,
    Ints,
    arcs_of,
    is_ferry,
    minutes_of,
    twins_of,
)
from simulator.road.line import Lines
from simulator.road.place import put_places
from simulator.road.search import Layout, Searches
from simulator.road.turn import Split, bars_of, split_nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadMap:
    """The roads of a scenario as arrays; nothing in it changes.

    A node at which a turn is barred has copies, one for each road that ends in a copy
    (see `simulator.road.turn`), and so have the arcs that leave it. Copies have indices
    behind all others; positions and targets never name them.

    Parameters
    ----------
    nodes
        Names of the nodes; a place that was put on a road has a node of its own.
    index
        Index of each node by name.
    places
        Node index of each place.
    tail, head
        Node indices of each arc.
    length
        Metres of each arc.
    minutes
        Travel time of each arc by mode; infinite where the mode cannot pass.
    road, kind
        Id of the road of each arc, which both directions and all pieces share, and its
        class.
    roads
        Index of each road by id.
    streets
        Ids of the roads of each street by its name.
    number
        Index of the road of each arc.
    twin
        The arc the other way, -1 where there is none or nobody can turn back: on a
        ferry.
    points
        Geometry of each arc, from tail to head.
    position
        x and y of each node, metres.
    stands
        For each node and each copy, the node it is.
    copies
        For each node that has copies, itself and them.
    off_road
        Metres between each place and the road it was put on.
    origin
        Longitude and latitude of the point (0, 0); None when the file is in metres.
    lines, line_road
        The shapes of the roads as read, and the index of the road of each.
    layout, searches
        What searches work on, and what they found.
    """

    nodes: tuple[str, ...]
    index: dict[str, int]
    places: dict[str, int]
    tail: Ints
    head: Ints
    length: Floats
    minutes: dict[Mode, Floats]
    road: tuple[str, ...]
    kind: tuple[str, ...]
    roads: dict[str, int]
    streets: dict[str, tuple[str, ...]]
    number: Ints
    twin: Ints
    points: tuple[tuple[Point, ...], ...]
    position: tuple[Point, ...]
    stands: Ints
    copies: dict[int, list[int]]
    off_road: dict[str, float]
    origin: Point | None
    lines: Lines
    line_road: Ints
    layout: Layout
    searches: Searches

    def roads_at(self, node: int) -> tuple[str, ...]:
        """Name the roads that touch a node."""
        tail, head = self.stands[self.tail], self.stands[self.head]
        touch = np.flatnonzero((tail == node) | (head == node))
        return tuple(dict.fromkeys(self.road[arc] for arc in touch))


def road_map(
    graph: "nx.MultiDiGraph[str]", roads: Roads, places: dict[str, Place]
) -> RoadMap:
    """Lay places on a road graph and turn it into arrays.

    Parameters
    ----------
    graph
        See `scenarios.road.network` for what it must hold.
    roads
        Speeds by class and mode, ferries.
    places
        A place with coordinates is put on the nearest road from which cars and
        motorcycles can go there and back (see `put_places`), and is a node there.

    Raises
    ------
    ScenarioError
        When the length or the time of a road is no number.
    """
    arcs = arcs_of(graph)
    points: dict[str, Point] = {
        node: (data["x"], data["y"]) for node, data in graph.nodes(data=True)
    }
    names = {road: i for i, road in enumerate(dict.fromkeys(a.road for a in arcs))}
    lines = Lines.of(arcs)
    line_road = np.array([names[arc.road] for arc in arcs])
    origin, own = graph.graph["origin"], set(points)
    at, off_road = put_places(places, origin, arcs, points, roads)
    index = {node: i for i, node in enumerate(points)}
    split, twin = _split(graph, arcs, roads, index, set(points) - own)
    order = split.original.tolist()
    road = tuple(arcs[arc].road for arc in order)
    return RoadMap(
        nodes=tuple(points),
        index=index,
        places={name: index[node] for name, node in at.items()},
        tail=split.tail,
        head=split.head,
        length=np.array([arc.length for arc in arcs])[split.original],
        minutes=split.minutes,
        road=road,
        kind=tuple(arcs[arc].kind for arc in order),
        roads=names,
        streets=_streets(arcs),
        number=np.array([names[name] for name in road]),
        twin=twin[split.original],
        points=tuple(tuple(arcs[arc].points) for arc in order),
        position=tuple(points.values()),
        stands=split.stands,
        copies=_copies(split.stands, len(points)),
        off_road=off_road,
        origin=origin,
        lines=lines,
        line_road=line_road,
        layout=Layout.of(split.tail, split.head, len(split.stands)),
        searches=Searches.for_size(len(split.stands)),
    )


def _split(
    graph: "nx.MultiDiGraph[str]",
    arcs: list[Arc],
    roads: Roads,
    index: dict[str, int],
    cut: set[str],
) -> tuple[Split, Ints]:
    """Split the nodes at which turns are barred; find who may turn back where."""
    tail = np.array([index[arc.tail] for arc in arcs])
    head = np.array([index[arc.head] for arc in arcs])
    twins = twins_of(arcs)
    bars = bars_of(graph.graph.get("turns", ()), arcs, twins, sorted(cut))
    split = split_nodes(tail, head, len(index), minutes_of(arcs, roads), bars)
    ferry = np.array([is_ferry(arc, roads) for arc in arcs])
    return split, np.where(ferry, -1, twins)


def _streets(arcs: list[Arc]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for arc in arcs:
        for name in arc.streets:
            found.setdefault(name, {})[arc.road] = None
    return {name: tuple(roads) for name, roads in found.items()}


def _copies(stands: Ints, size: int) -> dict[int, list[int]]:
    copies: dict[int, list[int]] = {}
    for copy in range(size, len(stands)):
        node = int(stands[copy])
        copies.setdefault(node, [node]).append(copy)
    return copies
