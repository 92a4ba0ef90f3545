"""The road network as a networkx graph.

Every reader gives the same: a ``MultiDiGraph`` whose nodes have ``x`` and ``y`` in
metres and whose arcs have ``id`` (of the road: both directions share it), ``length``
(metres), ``road`` (class), ``speed`` (metres a minute, or None where the file states
none), ``name`` (of the street, for people), ``streets`` (all its names: a file may have
joined streets), ``geometry`` (points from tail to head, the ends included), ``barred``
(modes that may not use this arc, by access tags or a direction of their own) and
``minutes`` (travel time that the file states for every mode the class lets pass, or
None). No arc leads from a node to itself.

``graph.graph["origin"]`` is the longitude and latitude of the point (0, 0) when the
file is in degrees, None when it is in metres; ``graph.graph["turns"]`` holds the turn
restrictions.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import networkx as nx

from scenarios.road import Edge, Network

if TYPE_CHECKING:
    Graph = nx.MultiDiGraph[str]

EARTH = 6_371_009.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn that is not allowed.

    Parameters
    ----------
    from_road, via, to_road
        Who comes on a road to a node may not go on over another road, or, where both
        are the same, may not turn round there.
    barred
        In these modes.
    """

    from_road: str
    via: str
    to_road: str
    barred: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What holds along a road in one direction.

    Parameters
    ----------
    speed
        Limit, metres a minute, or None where the file states none.
    barred
        Modes that may not pass.
    minutes
        Travel time that the file states, or None.
    """

    speed: float | None = None
    barred: frozenset[str] = frozenset()
    minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A road between two nodes, before it is named.

    Parameters
    ----------
    tail, head
        Its nodes.
    ways
        Names of the lines of the file it comes from.
    ends
        Of these, the one at the tail and the one at the head.
    length
        Metres.
    road
        Class.
    streets
        Names of the street; several where streets are joined.
    geometry
        Points from tail to head.
    ahead, back
        What holds from tail to head, and back; None where nobody may go.
    id
        Its own name, when the file gives one.
    """

    tail: str
    head: str
    ways: frozenset[str]
    ends: tuple[str, str] = ("", "")
    length: float
    road: str
    streets: tuple[str, ...] = ()
    geometry: list[Point]
    ahead: Side | None
    back: Side | None
    id: str = ""

    @property
    def name(self) -> str:
        """Name of the street, the first of several."""
        return self.streets[0] if self.streets else ""

    def turned(self) -> "Road":
        """Give the same road as seen from its head."""
        return replace(
            self,
            tail=self.head,
            head=self.tail,
            ends=self.ends[::-1],
            geometry=self.geometry[::-1],
            ahead=self.back,
            back=self.ahead,
        )


def length_of(points: list[Point]) -> float:
    """Length of a line of points, metres."""
    return sum(map(math.dist, points, points[1:]))


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


def unproject(origin: Point | None, point: Point) -> Point:
    """Give a point of the plane in the file's coordinates; inverse of `project`."""
    if origin is None:
        return point
    scale = math.cos(math.radians(origin[1]))
    return (
        origin[0] + math.degrees(point[0] / EARTH / scale),
        origin[1] + math.degrees(point[1] / EARTH),
    )


def graph_of(network: Network) -> "Graph":
    """Make the graph of a hand-written network, coordinates in metres."""
    roads = {edge.id: _road(edge, network) for edge in network.edges}
    points = {node: (float(x), float(y)) for node, (x, y) in network.nodes.items()}
    return assembled(points, roads)


def _road(edge: Edge, network: Network) -> Road:
    points = [network.nodes[edge.from_], *edge.via, network.nodes[edge.to]]
    side = Side(speed=edge.speed)
    return Road(
        tail=edge.from_,
        head=edge.to,
        ways=frozenset(),
        length=length_of(points) if edge.length is None else edge.length,
        road=edge.road,
        streets=(edge.name,) if edge.name else (),
        geometry=points,
        ahead=side,
        back=None if edge.one_way else side,
    )


def assembled(
    points: Mapping[str, Point],
    roads: Mapping[str, Road],
    *,
    origin: Point | None = None,
    turns: Iterable[Turn] = (),
) -> "Graph":
    """Put roads together to a graph.

    Parameters
    ----------
    points
        The nodes on the plane, metres.
    roads
        By their names.
    origin, turns
        See the head of this module.
    """
    graph: Graph = nx.MultiDiGraph(origin=origin, turns=tuple(turns))
    graph.add_nodes_from((node, {"x": x, "y": y}) for node, (x, y) in points.items())
    for name, road in roads.items():
        if road.ahead is not None:
            ahead = _data(name, road, road.geometry, road.ahead)
            graph.add_edge(road.tail, road.head, **ahead)
        if road.back is not None:
            back = _data(name, road, road.geometry[::-1], road.back)
            graph.add_edge(road.head, road.tail, **back)
    return graph


def _data(name: str, road: Road, line: list[Point], side: Side) -> dict[str, object]:
    return {
        "id": name,
        "length": road.length,
        "road": road.road,
        "speed": side.speed,
        "name": road.name,
        "streets": road.streets,
        "geometry": line,
        "barred": side.barred,
        "minutes": side.minutes,
    }
