"""What a road file holds, and what was assumed and left out on reading it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from scenarios.road import FERRY, FERRY_WAIT, RoadClass, Roads
from scenarios.road.access import VEHICLES
from scenarios.road.network import unproject
from scenarios.road.street import streets_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

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
    ferries, timeless_ferries
        Ferry links; those without a speed or time of their own.
    ferry_speeds
        What is assumed of these, by mode.
    may_pass
        Access values that units may pass though the public may not; None where the
        file has no access tags.
    turns, turns_left_out
        Turn restrictions of the file that are honoured, that are not modelled.
    named_roads, names
        Roads that bear the name of a street, and how many names there are.
    streets
        Kilometres of the longest streets by name, as whereabouts.
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
    timeless_ferries: int = 0
    ferry_speeds: str = ""
    may_pass: tuple[str, ...] | None = None
    turns: int = 0
    turns_left_out: int = 0
    named_roads: int = 0
    names: int = 0
    streets: Mapping[str, float] = field(default_factory=dict)
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
        if self.streets:
            longest = (f"{name} ({km:.1f} km)" for name, km in self.streets.items())
            yield (
                f"streets in it: {self.names} name(s) on {self.named_roads} of "
                f"{self.roads} roads; the longest: {', '.join(longest)}"
            )
        elif self.kind != BY_HAND:
            yield "no street has a name"

    def _more(self) -> Iterable[str]:
        if self.ferries:
            yield (
                f"{self.ferries} ferry link(s); those roads.ferries is silent on "
                f"sail day and night after a mean wait of {FERRY_WAIT:g} min: assumed"
            )
        if self.timeless_ferries:
            yield (
                f"{self.timeless_ferries} ferry link(s) state no crossing time: the "
                f"speed of the class is assumed ({self.ferry_speeds})"
            )
        if self.may_pass is not None:
            named = ", ".join(self.may_pass) or "none"
            yield (
                "access values that units may pass though the public may not "
                f"(roads.may_pass): {named}"
            )
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
    arcs = [data for *_, data in graph.edges(data=True)]
    assumed = sum(map(_silent, arcs))
    by_id = {data["id"]: data for data in arcs}
    parts = _Parts(graph)
    ferries = [data for data in by_id.values() if data["road"] == FERRY]
    streets = list(streets_of(graph).items())
    weak, strong = parts.sizes("weak"), parts.sizes("strong")
    return RoadReport(
        nodes=len(graph),
        roads=len(by_id),
        arcs=len(arcs),
        kilometres=math.fsum(data["length"] for data in by_id.values()) / 1000,
        assumed_speeds=assumed / max(len(arcs), 1),
        components=len(weak),
        largest_component=max(weak),
        largest_strong=max(strong),
        no_way_back=parts.no_way_back(),
        outside=_outside(parts, arcs, roads),
        no_way_out=sum(degree == 0 for _, degree in graph.out_degree()),
        no_way_in=sum(degree == 0 for _, degree in graph.in_degree()),
        box=_box(graph, by_id.values()),
        degrees=graph.graph["origin"] is not None,
        ferries=len(ferries),
        timeless_ferries=sum(_silent(data) for data in ferries),
        ferry_speeds=_ferry_speeds(roads),
        named_roads=sum(bool(data["streets"]) for data in by_id.values()),
        names=len(streets),
        streets={name: metres / 1000 for name, metres in streets[:MOST_STREETS]},
        **{"nodes_before": len(graph), **facts},
    )


def _silent(arc: Mapping[str, Any]) -> bool:
    """Tell whether an arc states neither a speed nor a time."""
    return arc["speed"] is None and arc["minutes"] is None


def _ferry_speeds(roads: Roads) -> str:
    speeds = {mode: roads.speed(FERRY, mode) for mode in (*VEHICLES, "foot")}
    by_speed: dict[float, list[str]] = {}
    for mode, speed in speeds.items():
        if speed is not None:
            by_speed.setdefault(speed * 0.06, []).append(mode)
    return "; ".join(f"{', '.join(m)} {kmh:g} km/h" for kmh, m in by_speed.items())


class _Parts:
    """The connected parts of a graph, or of some of its arcs."""

    def __init__(self, graph: "Graph") -> None:
        index = {node: i for i, node in enumerate(graph)}
        ends = [(index[tail], index[head]) for tail, head in graph.edges()]
        self.ends = np.array(ends, dtype=np.int64).reshape(-1, 2)
        self.nodes = len(index)

    def _matrix(self, chosen: list[bool] | None = None) -> "csr_array":
        from scipy.sparse import csr_array

        ends = self.ends if chosen is None else self.ends[np.array(chosen, dtype=bool)]
        ones = np.ones(len(ends), dtype=np.int8)
        return csr_array((ones, (ends[:, 0], ends[:, 1])), shape=(self.nodes,) * 2)

    def sizes(
        self, connection: Literal["weak", "strong"], chosen: list[bool] | None = None
    ) -> list[int]:
        """Give the nodes in each part, over all arcs or over those chosen."""
        from scipy.sparse.csgraph import connected_components

        _, label = connected_components(self._matrix(chosen), connection=connection)
        return [int(n) for n in np.bincount(label)]

    def no_way_back(self) -> int:
        """Count nodes that the largest strong part leads to, but not from."""
        from scipy.sparse.csgraph import breadth_first_order, connected_components

        matrix = self._matrix()
        _, label = connected_components(matrix, connection="strong")
        sizes = np.bincount(label)
        start = int(np.argmax(label == np.argmax(sizes)))
        reached = breadth_first_order(matrix, start, return_predecessors=False)
        return len(reached) - int(sizes.max())


def _outside(parts: _Parts, arcs: list[dict[str, Any]], roads: Roads) -> dict[str, int]:
    """Count the nodes from which a mode cannot go to all others and come back."""
    classes = roads.speeds()
    default = classes.get(roads.default_class, RoadClass())
    found: dict[str, int] = {}
    for mode in VEHICLES:
        may = {
            kind: kind == FERRY or getattr(classes.get(kind, default), mode)
            for kind in {data["road"] for data in arcs}
        }
        usable = [bool(may[d["road"]]) and mode not in d["barred"] for d in arcs]
        found[mode] = parts.nodes - max(parts.sizes("strong", usable))
    return found


def _box(
    graph: "Graph", roads: Iterable[dict[str, Any]]
) -> tuple[float, float, float, float]:
    points = [(d["x"], d["y"]) for _, d in graph.nodes(data=True)]
    for data in roads:
        points += data["geometry"]
    low, high = np.min(points, axis=0).tolist(), np.max(points, axis=0).tolist()
    origin = graph.graph["origin"]
    return (
        *unproject(origin, (low[0], low[1])),
        *unproject(origin, (high[0], high[1])),
    )
