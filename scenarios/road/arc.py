"""Arcs made of the edges of a graph file, and the two directions of a road together."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scenarios.problem import fail
from scenarios.road import Roads
from scenarios.road.access import ACCESS, VEHICLES, barred_by, welcomed
from scenarios.road.chain import contracted, named, names_of, opened
from scenarios.road.network import Point, Road, Side, assembled, length_of
from scenarios.road.plane import Plane
from scenarios.road.report import RoadReport, report_of
from scenarios.road.tag import (
    MOST_TEXT,
    first_of,
    flag_of,
    items_of,
    limit_of,
    line_of,
    number_of,
)
from scenarios.road.use import FERRY, Tally, carried

if TYPE_CHECKING:
    from scenarios.road.network import Graph

LEAST_LENGTH = 0.1
MOST_LENGTH = 1e7
FARTHEST_END = 50.0
_VEHICLES = frozenset(VEHICLES)
IMPUTED = ("speed_kph", "travel_time")
READ = (
    "osmid",
    "highway",
    "length",
    "maxspeed",
    "name",
    "geometry",
    "oneway",
    "route",
    "emergency",
    *ACCESS,
    *IMPUTED,
)
# What is said of a file for each thing that was counted on the way.
SENTENCES = {
    "twice": "{} node(s) are given twice: the later one counts",
    "adrift": "{} node(s) have no coordinates and are left out",
    "dangling": "{} arc(s) are left out: an end is not among the nodes",
    "loop": "{} arc(s) from a node to itself have no line to go round: left out",
    "opened": "{} road(s) from a node to itself are cut at a new node in the middle",
    "undirected": "{} road(s) have no direction in the file: taken as two-way",
    "said one-way": "{} of the roads taken as two-way say that they are one-way",
    "no length": "{} arc(s) state no length: measured along their line",
    "bad length": "{} arc(s) state a length that cannot be (not a number, zero, "
    "negative, above 10000 km): measured along their line",
    "bad line": "{} arc(s) have a line that cannot be used: drawn straight",
    "turned": "{} line(s) ran against the direction of their arc: turned round",
    "classes": "{} arc(s) state several road classes: the first counts",
    "slowest": "{} arc(s) state several speed limits: the slowest counts",
    "zone": "{} arc(s) state their limit by a code (urban): read with roads.zones",
    "none": "{} arc(s) say that there is no limit: the speed of their class counts",
    "unread": "{} arc(s) state a speed limit that cannot be read: the speed of their "
    "class is assumed",
    "absurd": "{} arc(s) state a speed limit of 0 or above 200 km/h: the speed of "
    "their class is assumed",
    "unread access": "{} access value(s) cannot be read: taken as not there",
    "kept out": "{} arc(s) keep some modes out by their access tags",
    "alone": "{} node(s) without a road are left out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge as a file gives it.

    Parameters
    ----------
    tail, head
        Its ends.
    directed
        Whether it leads one way only.
    values
        Its attributes as text.
    minutes
        Travel time, when the file states one.
    """

    tail: str
    head: str
    directed: bool
    values: Mapping[str, str]
    minutes: float | None = None

    def get(self, name: str) -> str:
        """Give an attribute, empty when there is none."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Arc:
    """One direction of a road, or both where the file has no directions.

    Parameters
    ----------
    road
        As `scenarios.road.network` has it; there is always a way ahead.
    one_way, directed
        What the file says: no way back; a direction of its own at all.
    """

    road: Road
    one_way: bool
    directed: bool


class Arcs:
    """Makes arcs of edges and counts what is assumed on the way.

    Parameters
    ----------
    points
        The nodes on the plane, metres.
    plane
        How the lines of the file come to the plane.
    roads
        What the scenario says of its roads.
    """

    def __init__(self, points: dict[str, Point], plane: Plane, roads: Roads) -> None:
        self.points = points
        self.plane = plane
        self.default = roads.default_class
        self.classes = roads.speeds()
        self.carried = {k: carried(k, self.classes) for k in (*self.classes, FERRY)}
        self.zones = roads.limits()
        self.may_pass = frozenset(value.lower() for value in roads.may_pass)
        self.on_foot = roads.on_foot
        self.tally: Counter[str] = Counter()
        self.dropped = Tally()
        self.unknown: Counter[str] = Counter()
        self.stated = 0.0
        self.measured = 0.0
        self._streets: dict[str, tuple[str, ...]] = {}

    def read(self, edge: Edge) -> Arc | None:
        """Make an arc of an edge; None when it cannot be one."""
        if edge.tail not in self.points or edge.head not in self.points:
            self.tally["dangling"] += 1
            return None
        kind, barred = self._use(edge)
        if not kind:
            return None
        geometry = self._geometry(edge)
        side = Side(
            speed=self._speed(edge.get("maxspeed")),
            barred=barred,
            minutes=edge.minutes,
        )
        ways = frozenset(w.removesuffix(".0") for w in items_of(edge.get("osmid")))
        road = Road(
            tail=edge.tail,
            head=edge.head,
            ways=ways,
            length=self._length(edge.get("length"), geometry),
            road=kind,
            streets=self._named(edge.get("name")),
            geometry=geometry,
            ahead=side,
            back=None if edge.directed else side,
            id=edge.get("id"),
        )
        arc = Arc(road, flag_of(edge.get("oneway")), edge.directed)
        self._count(edge, arc)
        return arc

    def _use(self, edge: Edge) -> tuple[str, frozenset[str]]:
        """Give the class of an edge, empty when it is no road; and who is kept out."""
        kind, barred = self._road(edge), self._barred(edge)
        vehicles = self.carried.get(kind, set()) & _VEHICLES
        foot_only = kind in self.classes and not vehicles
        tags = {key: first_of(edge.get(key)) for key in ACCESS if key in edge.values}
        if foot_only and (welcome := welcomed(tags, self.may_pass)):
            return "service", barred | (frozenset(VEHICLES) - welcome)
        self.tally["kept out"] += bool(barred)
        if self.on_foot and "foot" in self.carried.get(kind, set()) - barred:
            return kind, barred
        if foot_only:
            self.dropped.walkers[kind] += 1
        elif vehicles and vehicles <= barred:
            self.dropped.counts["barred"] += 1
        else:
            return kind, barred
        return "", barred

    def _barred(self, edge: Edge) -> frozenset[str]:
        """Name who is kept out; an edge made of several ways is as strict as all."""
        found = {key: items_of(edge.get(key)) for key in ACCESS if key in edge.values}
        found = {key: items for key, items in found.items() if items}
        barred = frozenset[str]()
        for i in range(max(map(len, found.values()), default=0)):
            tags = {key: items[min(i, len(items) - 1)] for key, items in found.items()}
            tags["emergency"] = edge.get("emergency")
            barred |= barred_by(tags, self.may_pass, self.tally)
        return barred

    def finished(
        self, arcs: list[Arc], file: str, roads: Roads, **facts: Any
    ) -> tuple["Graph", RoadReport]:
        """Put arcs together to a graph, and report on it.

        Parameters
        ----------
        arcs
            From `read`.
        file
            Its name, as shown in errors.
        roads
            What the scenario says of its roads.
        **facts
            Of the report: ``kind``, and ``notes`` to be put first.

        Raises
        ------
        ScenarioError
            When no road is left.
        """
        found = roads_of(arcs, self.points, self.tally)
        if not found:
            text = "holds no road between two nodes that have coordinates"
            raise fail(file, "; ".join((text, *self.dropped.dropped())))
        before = len(_nodes(found))
        self.tally["alone"] = len(self.points) - before
        if roads.contract:
            found = contracted(found, ())
        ends = _nodes(found)
        points = {node: point for node, point in self.points.items() if node in ends}
        graph = assembled(points, named(found), origin=self.plane.origin)
        notes = (*facts.pop("notes", ()), *self.plane.notes, *self.notes())
        return graph, report_of(
            graph,
            roads,
            nodes_before=before,
            dropped=self.dropped.dropped(),
            notes=notes,
            **facts,
        )

    def notes(self) -> list[str]:
        """Say what was assumed, a sentence each."""
        notes = [
            text.format(self.tally[key])
            for key, text in SENTENCES.items()
            if self.tally[key]
        ]
        if self.unknown:
            shown = ", ".join(f"{k} ({n})" for k, n in self.unknown.most_common(8))
            notes.append(
                f"{self.unknown.total()} arc(s) of a class without speeds are taken as "
                f"{self.default}: {shown}; roads.classes can give them speeds"
            )
        if self.tally["imputed"]:
            notes.append(
                f"{self.tally['imputed']} arc(s) carry speed_kph or travel_time, which "
                "OSMnx makes up from classes: not used; "
                f"{self.tally['limits']} arc(s) state a speed limit (maxspeed)"
            )
        ratio = self.stated / self.measured if self.measured else 1.0
        if not 0.8 <= ratio <= 2:
            notes.append(
                f"the stated lengths are {ratio:.3g} times the distances on the map: "
                "lengths or coordinates may be in other units (roads.coordinates)"
            )
        return notes

    def _count(self, edge: Edge, arc: Arc) -> None:
        self.tally["undirected"] += not arc.directed
        self.tally["said one-way"] += arc.one_way and not arc.directed
        self.tally["imputed"] += any(items_of(edge.get(name)) for name in IMPUTED)

    def _named(self, text: str) -> tuple[str, ...]:
        """Read the names of the streets an edge was made of, each text once."""
        if text not in self._streets:
            names = (name[:MOST_TEXT] for name in items_of(text))
            self._streets[text] = tuple(dict.fromkeys(names))
        return self._streets[text]

    def _geometry(self, edge: Edge) -> list[Point]:
        first, last = self.points[edge.tail], self.points[edge.head]
        if not items_of(edge.get("geometry")):
            return [first, last]
        line = self.plane.line(line_of(edge.get("geometry")))
        if line and _apart(line, first, last) > _apart(line, last, first):
            line.reverse()
            self.tally["turned"] += 1
        if not line or _apart(line, first, last) > FARTHEST_END:
            self.tally["bad line"] += 1
            return [first, last]
        return [first, *line[1:-1], last]

    def _length(self, text: str, geometry: list[Point]) -> float:
        measured = length_of(geometry)
        stated = number_of(text)
        if stated is not None and 0 < stated <= MOST_LENGTH:
            self.stated += stated
            self.measured += measured
            return stated
        self.tally["bad length" if items_of(text) else "no length"] += 1
        return max(measured, LEAST_LENGTH)

    def _road(self, edge: Edge) -> str:
        text = edge.get("highway")
        if FERRY in (text, text or first_of(edge.get("route"))):
            return FERRY
        self.tally["classes"] += len(set(items_of(text))) > 1
        road = first_of(text)
        for known in (road, road.removesuffix("_link")):
            if known in self.classes:
                return known
        self.unknown[road[:40] or "none stated"] += 1
        return self.default

    def _speed(self, text: str) -> float | None:
        speed, remark = limit_of(text, self.zones)
        self.tally[remark] += 1
        self.tally["limits"] += speed is not None
        return speed


def _nodes(roads: list[Road]) -> set[str]:
    return {node for road in roads for node in (road.tail, road.head)}


def _apart(line: list[Point], first: Point, last: Point) -> float:
    return math.dist(line[0], first) + math.dist(line[-1], last)


def roads_of(
    arcs: list[Arc], points: dict[str, Point], tally: Counter[str]
) -> list[Road]:
    """Put the two directions of a road together, and open loops: closing closes both.

    A directed file holds an arc each way already. They are one road when they come from
    the same ways, are equally long (to 1 m) and neither says one-way: the two halves of
    a roundabout are two roads.
    """
    found: list[Road] = []
    for road in _grouped(arcs):
        pieces = opened(road, points)
        tally["loop"] += not pieces
        tally["opened"] += len(pieces) > 1
        found += pieces
    return found


def _grouped(arcs: list[Arc]) -> list[Road]:
    roads: dict[int, Road] = {}
    waiting: dict[tuple[str, str, frozenset[str]], list[int]] = defaultdict(list)
    for index, arc in enumerate(arcs):
        road = roads[index] = arc.road
        if arc.one_way or not arc.directed:
            continue
        others = waiting[road.head, road.tail, road.ways]
        gaps = [(abs(roads[other].length - road.length), other) for other in others]
        gap, other = min(gaps, default=(math.inf, index))
        if gap <= 1 and (road.tail != road.head or _returns(roads[other], road)):
            others.remove(other)
            both = names_of((roads[other], road))
            back = roads.pop(index).ahead
            roads[other] = replace(roads[other], back=back, streets=both)
        else:
            waiting[road.tail, road.head, road.ways].append(index)
    return list(roads.values())


def _returns(a: Road, b: Road) -> bool:
    """Tell whether one loop goes round the other way, to 1 m."""
    pairs = zip(a.geometry, reversed(b.geometry), strict=False)
    return all(math.dist(p, q) <= 1 for p, q in pairs)
