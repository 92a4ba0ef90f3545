"""Roads: travel times, routes, positions mid-edge, closures.

networkx at the edge (the graph comes in), scipy on compressed rows inside. One reverse
search from a target ranks every unit: it gives each node's time to the target and its
next hop.
"""

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from scenarios.force import MODES, Mode
from scenarios.place import Place
from scenarios.road import Roads
from scenarios.road.network import Point, length_of, project

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_SEARCHES = 2000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a unit is: at a node, or part of the way along an arc.

    Parameters
    ----------
    node
        Index of the node; the tail of the arc when under way.
    arc
        Index of the arc, -1 when at the node.
    fraction
        Part of the arc done, from 0 to 1.
    """

    node: int
    arc: int = -1
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a route on one arc, from one fraction to another."""

    arc: int
    start: float
    stop: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way over the roads, with its travel time on the roads as they are."""

    legs: tuple[Leg, ...]
    minutes: float
    target: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadMap:
    """The roads of a scenario as arrays; nothing in it changes.

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
    road
        Id of the road of each arc; both directions and all pieces share it.
    twin
        The arc the other way, -1 where there is none.
    points
        Geometry of each arc, from tail to head.
    position
        x and y of each node, metres.
    off_road
        Metres between each place and the road it was put on.
    """

    nodes: tuple[str, ...]
    index: dict[str, int]
    places: dict[str, int]
    tail: Ints
    head: Ints
    length: Floats
    minutes: dict[Mode, Floats]
    road: tuple[str, ...]
    twin: Ints
    points: tuple[tuple[Point, ...], ...]
    position: tuple[Point, ...]
    off_road: dict[str, float]


@dataclass(slots=True)
class _Arc:
    tail: str
    head: str
    length: float
    road: str
    kind: str
    speed: float | None
    points: list[Point]


def road_map(
    graph: "nx.MultiDiGraph[str]", roads: Roads, places: dict[str, Place]
) -> RoadMap:
    """Lay places on a road graph and turn it into arrays.

    Parameters
    ----------
    graph
        See `scenarios.road.network` for what it must hold.
    roads
        Speeds by class and mode.
    places
        A place with coordinates is put on the nearest road of the largest part in
        which every node can reach every other, and becomes a node there.
    """
    arcs = [_arc(tail, head, data) for tail, head, data in graph.edges(data=True)]
    points = {node: (data["x"], data["y"]) for node, data in graph.nodes(data=True)}
    at: dict[str, str] = {}
    off_road: dict[str, float] = {}
    strong = max(nx.strongly_connected_components(graph), key=len)
    for name, place in places.items():
        if place.node is not None:
            at[name], off_road[name] = place.node, 0.0
        else:
            assert place.at is not None
            spot = project(graph.graph["origin"], place.at)
            at[name], off_road[name] = _put(name, spot, arcs, points, strong)
    return _arrays(arcs, points, at, off_road, roads)


def _arc(tail: str, head: str, data: dict[str, object]) -> _Arc:
    return _Arc(
        tail=tail,
        head=head,
        length=float(data["length"]),  # type: ignore[arg-type]
        road=str(data["id"]),
        kind=str(data["road"]),
        speed=data["speed"],  # type: ignore[arg-type]
        points=list(data["geometry"]),  # type: ignore[call-overload]
    )


def _put(
    name: str,
    spot: Point,
    arcs: list[_Arc],
    points: dict[str, Point],
    strong: set[str],
) -> tuple[str, float]:
    """Put a place on the nearest road; split the road there, both ways."""
    # Roads that are split stay in the strong part, and so do their new nodes.
    usable = [arc for arc in arcs if arc.tail in strong and arc.head in strong]
    best, far, along = usable[0], math.inf, 0.0
    for arc in usable:
        distance, fraction = _nearest(spot, arc.points)
        if distance < far:
            best, far, along = arc, distance, fraction
    if along < 1e-9 or along > 1 - 1e-9:
        return (best.tail if along < 0.5 else best.head), far
    node = f"place {name}"
    points[node] = _split(best.points, along)[0][-1]
    strong.add(node)
    for arc in [a for a in arcs if a is best or _is_twin(a, best)]:
        part = along if arc is best else 1 - along
        first, second = _split(arc.points, part)
        whole = arc.length
        arcs.append(
            _Arc(
                node,
                arc.head,
                whole * (1 - part),
                arc.road,
                arc.kind,
                arc.speed,
                second,
            )
        )
        arc.head, arc.length, arc.points = node, whole * part, first
    return node, far


def _is_twin(a: _Arc, b: _Arc) -> bool:
    same = a.road == b.road and abs(a.length - b.length) <= 1.0
    return same and (a.tail, a.head) == (b.head, b.tail)


def _nearest(spot: Point, points: list[Point]) -> tuple[float, float]:
    """Distance from a spot to a line, and the fraction of the line nearest to it."""
    best, along, done = math.inf, 0.0, 0.0
    total = length_of(points) or 1.0
    for a, b in pairwise(points):
        dx, dy = b[0] - a[0], b[1] - a[1]
        square = dx * dx + dy * dy
        t = ((spot[0] - a[0]) * dx + (spot[1] - a[1]) * dy) / square if square else 0.0
        t = min(max(t, 0.0), 1.0)
        distance = math.dist(spot, (a[0] + t * dx, a[1] + t * dy))
        if distance < best:
            best, along = distance, (done + t * math.sqrt(square)) / total
        done += math.sqrt(square)
    return best, min(along, 1.0)


def _split(points: list[Point], fraction: float) -> tuple[list[Point], list[Point]]:
    """Cut a line in two at a fraction of its length."""
    goal, done = fraction * length_of(points), 0.0
    for i, (a, b) in enumerate(pairwise(points)):
        step = math.dist(a, b)
        if done + step >= goal and step:
            t = (goal - done) / step
            cut = (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
            return [*points[: i + 1], cut], [cut, *points[i + 1 :]]
        done += step
    return points, [points[-1], points[-1]]


def _arrays(
    arcs: list[_Arc],
    points: dict[str, Point],
    at: dict[str, str],
    off_road: dict[str, float],
    roads: Roads,
) -> RoadMap:
    nodes = tuple(points)
    index = {node: i for i, node in enumerate(nodes)}
    return RoadMap(
        nodes=nodes,
        index=index,
        places={name: index[node] for name, node in at.items()},
        tail=np.array([index[arc.tail] for arc in arcs]),
        head=np.array([index[arc.head] for arc in arcs]),
        length=np.array([arc.length for arc in arcs]),
        minutes={
            mode: np.array([_minutes(arc, roads, mode) for arc in arcs])
            for mode in MODES
        },
        road=tuple(arc.road for arc in arcs),
        twin=_twins(arcs),
        points=tuple(tuple(arc.points) for arc in arcs),
        position=tuple(points.values()),
        off_road=off_road,
    )


def _minutes(arc: _Arc, roads: Roads, mode: Mode) -> float:
    speed = roads.speed(arc.kind, mode)
    if speed is None:
        return math.inf
    if arc.speed is not None and mode != "foot":
        speed = arc.speed if mode == "car" else min(speed, arc.speed)
    return arc.length / speed


def _twins(arcs: list[_Arc]) -> Ints:
    waiting: dict[tuple[str, str, str], list[int]] = {}
    twin = np.full(len(arcs), -1)
    for i, arc in enumerate(arcs):
        back = waiting.get((arc.road, arc.head, arc.tail), [])
        if back:
            j = back.pop(0)
            twin[i], twin[j] = j, i
        else:
            waiting.setdefault((arc.road, arc.tail, arc.head), []).append(i)
    return twin


class RoadState:
    """The roads of one world as they are now: closures, slowings, routes.

    Parameters
    ----------
    road_map
        The roads without any disruption.
    """

    def __init__(self, road_map: RoadMap) -> None:
        self.map = road_map
        self._closed: Counter[str] = Counter()
        self._slow: dict[str, list[float]] = {}
        self._searches: dict[tuple[Mode, int], tuple[Floats, Ints]] = {}
        self._times: dict[Mode, Floats] = {}
        self._matrices: dict[Mode, csr_array] = {}
        # Arcs sorted by (head, tail): the rows of the transposed matrix.
        self._order = np.lexsort((road_map.tail, road_map.head))
        pairs = (
            road_map.head[self._order] * len(road_map.nodes)
            + (road_map.tail[self._order])
        )
        self._first = np.flatnonzero(np.diff(pairs, prepend=-1))
        self._columns = road_map.tail[self._order][self._first]
        rows = road_map.head[self._order][self._first]
        self._starts = np.searchsorted(rows, np.arange(len(road_map.nodes) + 1))
        self._between: dict[tuple[int, int], list[int]] = {}
        for arc, ends in enumerate(
            zip(road_map.tail.tolist(), road_map.head.tolist(), strict=True)
        ):
            self._between.setdefault(ends, []).append(arc)

    def close(self, roads: tuple[str, ...]) -> None:
        """Close roads; each closing must be undone by an opening."""
        self._closed.update(roads)
        self._changed()

    def open(self, roads: tuple[str, ...]) -> None:
        """Undo one closing of each road."""
        self._closed.subtract(roads)
        self._changed()

    def slow(self, roads: tuple[str, ...], factor: float) -> None:
        """Multiply the speed on roads."""
        for road in roads:
            self._slow.setdefault(road, []).append(factor)
        self._changed()

    def unslow(self, roads: tuple[str, ...], factor: float) -> None:
        """Undo one slowing of each road."""
        for road in roads:
            self._slow[road].remove(factor)
        self._changed()

    def closed(self) -> set[str]:
        """Name the roads that are closed now."""
        return {road for road, times in self._closed.items() if times > 0}

    def roads_at(self, node: int) -> tuple[str, ...]:
        """Name the roads that touch a node."""
        touch = np.flatnonzero((self.map.tail == node) | (self.map.head == node))
        return tuple(dict.fromkeys(self.map.road[arc] for arc in touch))

    def minutes(self, start: Position, target: int, mode: Mode) -> float:
        """Travel time to a node on the roads as they are; infinite if there is none."""
        return self._choose(start, target, mode)[0]

    def route(self, start: Position, target: int, mode: Mode) -> Route | None:
        """Find the fastest way to a node; None when there is none."""
        total, legs, node = self._choose(start, target, mode)
        if math.isinf(total):
            return None
        hops = self._search(target, mode)[1]
        while node != target:
            arc = self._fastest(node, int(hops[node]), mode)
            legs.append(Leg(arc, 0.0, 1.0, float(self._time(mode)[arc])))
            node = int(hops[node])
        return Route(tuple(legs), sum(leg.minutes for leg in legs), target)

    def _changed(self) -> None:
        self._searches.clear()
        self._times.clear()
        self._matrices.clear()

    def _time(self, mode: Mode) -> Floats:
        """Minutes of each arc now, in a mode."""
        if mode not in self._times:
            times = self.map.minutes[mode].copy()
            closed = self.closed()
            for arc, road in enumerate(self.map.road):
                for factor in self._slow.get(road, ()):
                    times[arc] /= factor
                if road in closed:
                    times[arc] = np.inf
            self._times[mode] = times
        return self._times[mode]

    def _search(self, target: int, mode: Mode) -> tuple[Floats, Ints]:
        """Every node's time to a target, and its next hop."""
        key = (mode, target)
        if key not in self._searches:
            if len(self._searches) >= MOST_SEARCHES:
                self._searches.clear()
            if mode not in self._matrices:
                # The fastest of parallel arcs; scipy would add them up.
                data = np.minimum.reduceat(self._time(mode)[self._order], self._first)
                size = len(self.map.nodes)
                self._matrices[mode] = csr_array(
                    (data, self._columns, self._starts), shape=(size, size)
                )
            times, hops = dijkstra(  # type: ignore[call-overload]
                self._matrices[mode], indices=target, return_predecessors=True
            )
            self._searches[key] = (times, hops)
        return self._searches[key]

    def _fastest(self, tail: int, head: int, mode: Mode) -> int:
        times = self._time(mode)
        return min(self._between[tail, head], key=lambda arc: float(times[arc]))

    def _choose(
        self, start: Position, target: int, mode: Mode
    ) -> tuple[float, list[Leg], int]:
        """Find the best way off the present arc: on to its head, or back."""
        times = self._search(target, mode)[0]
        if start.arc < 0:
            return float(times[start.node]), [], start.node
        arc, done, twin = start.arc, start.fraction, int(self.map.twin[start.arc])
        on = (1 - done) * self._passing(arc, mode)
        head = int(self.map.head[arc])
        forward = on + float(times[head])
        back = done * self._passing(twin, mode) if twin >= 0 else math.inf
        if back + float(times[start.node]) < forward:
            leg = Leg(twin, 1 - done, 1.0, back)
            return back + float(times[start.node]), [leg], start.node
        return forward, [Leg(arc, done, 1.0, on)], head

    def _passing(self, arc: int, mode: Mode) -> float:
        """Minutes on an arc for who is already on it, closed or not."""
        minutes = float(self.map.minutes[mode][arc])
        for factor in self._slow.get(self.map.road[arc], ()):
            minutes /= factor
        return minutes


def position_after(route: Route, minutes: float, road_map: RoadMap) -> Position:
    """Tell where on a route somebody is after so many minutes under way."""
    for leg in route.legs:
        if minutes < leg.minutes:
            part = leg.start + (leg.stop - leg.start) * minutes / leg.minutes
            tail = int(road_map.tail[leg.arc])
            # At the junction it has not entered the road, which may close now.
            return Position(tail, leg.arc, part) if part > 0 else Position(tail)
        minutes -= leg.minutes
    return Position(route.target)


def metres_of(route: Route, minutes: float, road_map: RoadMap) -> float:
    """Metres of a route that are behind after so many minutes under way."""
    total = 0.0
    for leg in route.legs:
        share = 1.0 if minutes >= leg.minutes else minutes / leg.minutes
        total += (leg.stop - leg.start) * share * float(road_map.length[leg.arc])
        if share < 1.0:
            break
        minutes -= leg.minutes
    return total
