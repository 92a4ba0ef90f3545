"""Arcs made of the edges of a road file; two directions of a road share its name."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from scenarios.road import Roads
from scenarios.road.network import Point, length_of
from scenarios.road.plane import Plane
from scenarios.road.tag import first_of, flag_of, items_of, limit_of, line_of, number_of

LEAST_LENGTH = 0.1
MOST_LENGTH = 1e7
FARTHEST_END = 50.0
IMPUTED = ("speed_kph", "travel_time")
READ = (
    "osmid",
    "highway",
    "length",
    "maxspeed",
    "name",
    "geometry",
    "oneway",
    "access",
    "motor_vehicle",
    *IMPUTED,
)
# What is said of a file for each thing that was counted on the way.
SENTENCES = {
    "twice": "{} node(s) are given twice: the later one counts",
    "adrift": "{} node(s) have no coordinates and are left out",
    "dangling": "{} arc(s) are left out: an end is not among the nodes",
    "loop": "{} arc(s) from a node to itself are left out",
    "undirected": "{} road(s) have no direction in the file: taken as two-way",
    "said one-way": "{} of the roads taken as two-way say that they are one-way",
    "no length": "{} arc(s) state no length: measured along their line",
    "bad length": "{} arc(s) state a length that cannot be (not a number, zero, "
    "negative, above 10000 km): measured along their line",
    "bad line": "{} arc(s) have a line that cannot be used: drawn straight",
    "turned": "{} line(s) ran against the direction of their arc: turned round",
    "classes": "{} arc(s) state several road classes: the first counts",
    "slowest": "{} arc(s) state several speed limits: the slowest counts",
    "unread": "{} arc(s) state a speed limit without a number (none, walk, a zone): "
    "the speed of their class is assumed",
    "absurd": "{} arc(s) state a speed limit of 0 or above 200 km/h: the speed of "
    "their class is assumed",
    "restricted": "{} arc(s) have restricted access (no, private): not modelled, "
    "every unit may pass",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge as a file gives it: its ends and its attributes as text."""

    tail: str
    head: str
    directed: bool
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        """Give an attribute, empty when there is none."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One direction of a road.

    Parameters
    ----------
    tail, head
        Its nodes.
    ways
        Numbers of the OpenStreetMap ways it comes from.
    one_way, directed
        What the file says: no way back; a direction of its own at all.
    length
        Metres.
    road, speed, name, geometry
        As in `scenarios.road.network`.
    """

    tail: str
    head: str
    ways: frozenset[str]
    one_way: bool
    directed: bool
    length: float
    road: str
    speed: float | None
    name: str
    geometry: list[Point]

    def turned(self) -> "Arc":
        """Give the other direction of the same road."""
        back = self.geometry[::-1]
        return replace(self, tail=self.head, head=self.tail, geometry=back)


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

    def __init__(self, points: Mapping[str, Point], plane: Plane, roads: Roads) -> None:
        self.points = points
        self.plane = plane
        self.default = roads.default_class
        self.classes = roads.speeds()
        self.tally: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.stated = 0.0
        self.measured = 0.0

    def read(self, edge: Edge) -> Arc | None:
        """Make an arc of an edge; None when it cannot be one."""
        if edge.tail not in self.points or edge.head not in self.points:
            self.tally["dangling"] += 1
            return None
        if edge.tail == edge.head:
            self.tally["loop"] += 1
            return None
        geometry = self._geometry(edge)
        arc = Arc(
            tail=edge.tail,
            head=edge.head,
            ways=frozenset(w.removesuffix(".0") for w in items_of(edge.get("osmid"))),
            one_way=flag_of(edge.get("oneway")),
            directed=edge.directed,
            length=self._length(edge.get("length"), geometry),
            road=self._road(edge.get("highway")),
            speed=self._speed(edge.get("maxspeed")),
            name=first_of(edge.get("name")),
            geometry=geometry,
        )
        self._count(edge, arc)
        return arc

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
        barred = items_of(edge.get("access")) + items_of(edge.get("motor_vehicle"))
        self.tally["restricted"] += not {"no", "private"}.isdisjoint(barred)

    def _geometry(self, edge: Edge) -> list[Point]:
        first, last = self.points[edge.tail], self.points[edge.head]
        if not items_of(edge.get("geometry")):
            return [first, last]
        line = [self.plane.put(point) for point in line_of(edge.get("geometry"))]
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

    def _road(self, text: str) -> str:
        self.tally["classes"] += len(set(items_of(text))) > 1
        road = first_of(text)
        for known in (road, road.removesuffix("_link")):
            if known in self.classes:
                return known
        self.unknown[road[:40] or "none stated"] += 1
        return self.default

    def _speed(self, text: str) -> float | None:
        speed, remark = limit_of(text)
        self.tally[remark] += 1
        self.tally["limits"] += speed is not None
        return speed


def _apart(line: list[Point], first: Point, last: Point) -> float:
    return math.dist(line[0], first) + math.dist(line[-1], last)


def roads_of(arcs: list[Arc]) -> dict[str, tuple[Arc, ...]]:
    """Put the two directions of a road together and name it: closing it closes both.

    A directed file holds an arc each way already. They are one road when they come from
    the same ways, are equally long (to 1 m) and neither says one-way: the two halves of
    a roundabout are two roads.
    """
    used: Counter[str] = Counter()
    return {_name(group, used): group for group in _grouped(arcs)}


def _grouped(arcs: list[Arc]) -> list[tuple[Arc, ...]]:
    groups: dict[int, tuple[Arc, ...]] = {}
    waiting: dict[tuple[str, str, frozenset[str]], list[int]] = defaultdict(list)
    for index, arc in enumerate(arcs):
        groups[index] = (arc,) if arc.directed else (arc, arc.turned())
        if arc.one_way or not arc.directed:
            continue
        others = waiting[arc.head, arc.tail, arc.ways]
        gaps = [(abs(arcs[other].length - arc.length), other) for other in others]
        gap, other = min(gaps, default=(math.inf, index))
        if gap <= 1:
            others.remove(other)
            groups[other] = (arcs[other], groups.pop(index)[0])
        else:
            waiting[arc.tail, arc.head, arc.ways].append(index)
    return list(groups.values())


def _name(group: tuple[Arc, ...], used: Counter[str]) -> str:
    """Name a road by its way and ends, the same whatever the order of the file."""
    arc = min(group, key=lambda arc: (_rank(arc.tail), _rank(arc.head)))
    way = min(arc.ways, key=_rank, default="")
    # A name in a scenario has at most 80 letters; room is left for a suffix.
    base = name = re.sub(r"[^\w-]", "_", f"r{way}-{arc.tail}-{arc.head}")[:70]
    while used[name]:
        used[base] += 1
        name = f"{base}-{used[base]}"
    used[name] += 1
    return name


def _rank(text: str) -> tuple[int, str]:
    return (len(text), text)
