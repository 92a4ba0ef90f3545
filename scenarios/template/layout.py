"""A first layout on a planner's own roads: stations, bases, units and their work.

Everything here is illustration, chosen by rules and without chance: the same road file
gives the same layout.
"""

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import networkx as nx
import numpy as np

from scenarios.force import Mode
from scenarios.road import FERRY, Roads

# Voters on the list, station by station; 815 on average, all assumed.
_SIZES = (815, 610, 1040, 720, 930, 560, 870, 975)
_PEAK = 0.1615  # share of the list that comes in a busy hour: 70 % by 11:20
_BUSIEST = 0.85
_SERVICE = {"check_in": 0.75, "booth": 3.0, "box": 0.2}  # minutes, as in skeleton.yaml
_TEAM = 11
_ROUND = 10  # stations on one delivery or convoy
# Agencies of the units in turn.
_KINDS = ("police", "health", "militia", "police", "militia", "police")
_SKILL = {"police": "patrol", "militia": "patrol", "health": "medical"}
# A building on these is behind another, or deep in a wood: no place for a station.
_MINOR = frozenset({"track", "service"})
_CARRIED: tuple[Mode, ...] = ("car", "motorcycle")
_TRIED = 6  # stations at which a road to close is looked for
# Stretches of the two days, end to end; a unit's shifts are made of them.
_SPANS = {
    "eve": ("D-1 14:00", "D-1 20:00"),
    "night": ("D-1 20:00", "D 06:00"),
    "day": ("D 06:00", "D 20:00"),
    "evening": ("D 20:00", "D+1 02:00"),
}

Graph: TypeAlias = "nx.MultiDiGraph[str]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A polling station of the layout.

    Parameters
    ----------
    number
        From 1, round the seat.
    node
        Where it stands.
    """

    number: int
    node: str

    @property
    def name(self) -> str:
        """Name of the station."""
        return f"KV{self.number}"

    @property
    def place(self) -> str:
        """Name of its place."""
        return f"area-{self.number}"

    @property
    def registered(self) -> int:
        """Voters on its list."""
        return _SIZES[(self.number - 1) % len(_SIZES)]

    @property
    def servers(self) -> dict[str, int]:
        """Places at each stage that keep the busiest hour below 85 %."""
        rate = self.registered * _PEAK / 60
        return {
            stage: math.ceil(rate * minutes / _BUSIEST)
            for stage, minutes in _SERVICE.items()
        }

    @property
    def officers(self) -> int:
        """A team for the places, the line, the count, and a leader."""
        return max(_TEAM, self.servers["check_in"] + self.servers["box"] + 4)


Rounds: TypeAlias = dict[str, tuple[Site, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """Units and their planned work.

    Parameters
    ----------
    agencies
        Agency of each unit.
    guard
        The unit that guards ballots overnight.
    deliveries, convoys
        Stations of each unit that brings ballots, that collects results.
    """

    agencies: dict[str, str]
    guard: str
    deliveries: Rounds
    convoys: Rounds

    def skills(self, unit: str) -> list[str]:
        """Skills of a unit; one that is alone must do everything."""
        alone = len(self.agencies) == 1
        return ["patrol", "medical"] if alone else [_SKILL[self.agencies[unit]]]

    def shifts(self, unit: str) -> list[tuple[str, str]]:
        """Start and end of each shift of a unit, clock text."""
        found: list[tuple[str, str]] = []
        for start, end in (_SPANS[span] for span in self._spans(unit)):
            # Where one stretch follows another there is no change of shift.
            joined = bool(found) and found[-1][1] == start
            found.append((found.pop()[0] if joined else start, end))
        return found

    def _spans(self, unit: str) -> list[str]:
        rests = unit == self.guard and len(self.agencies) > 3
        on = {
            "eve": unit in self.deliveries,
            "night": unit == self.guard,
            "day": not rests,
            "evening": unit in self.convoys,
        }
        return [span for span in _SPANS if on[span]]

    def _by_day(self, skill: str) -> list[str]:
        return [
            unit
            for unit in self.agencies
            if skill in self.skills(unit) and "day" in self._spans(unit)
        ]

    @property
    def dropped(self) -> list[str]:
        """Up to a third of the units: without planned work, not the last of a skill."""
        bound = {self.guard, *self.deliveries, *self.convoys}
        found: list[str] = []
        for unit in reversed(self.agencies):
            left = set(self._by_day(self.skills(unit)[0])) - {unit, *found}
            if unit not in bound and left:
                found.append(unit)
        return found[: len(self.agencies) // 3]

    @property
    def patrols(self) -> int:
        """Units that a brawl needs: no more than even the thin plan has by day."""
        return min(2, len(set(self._by_day("patrol")) - set(self.dropped)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A road to close, and the station it is near."""

    site: Site
    road: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything stands and who does what.

    Parameters
    ----------
    bases
        Node of each base.
    sites
        The stations, in the order of their numbers.
    force
        The units.
    closing
        The road that the script closes.
    """

    bases: dict[str, str]
    sites: tuple[Site, ...]
    force: Force
    closing: Closing


def layout_of(graph: Graph, roads: Roads, stations: int, units: int) -> Layout:
    """Lay stations and units out on a road network.

    Parameters
    ----------
    graph
        See `scenarios.road.network`.
    roads
        Speeds by class and mode: who passes where.
    stations, units
        How many, at least 1 each.

    Raises
    ------
    ValueError
        When too few nodes can all reach each other.
    """
    ground = _ground(graph, roads, stations)
    nodes = sorted(ground)
    seat, *spread = _spread(graph, nodes, stations + 3)
    *stands, militia, health = spread
    around = sorted(stands, key=lambda node: (_bearing(graph, seat, node), node))
    # Numbered round the seat, so that a delivery takes neighbours one after another.
    sites = tuple(Site(number=n, node=node) for n, node in enumerate(around, 1))
    return Layout(
        bases={"seat": seat, "militia-post": militia, "health-station": health},
        sites=sites,
        force=_force(units, sites),
        closing=_closing(ground, seat, sites[3:] + sites[:3]),
    )


def _ground(graph: Graph, roads: Roads, stations: int) -> Graph:
    """Give the largest part that patrols can drive all over, in streets if it can be.

    Raises
    ------
    ValueError
        When it has too few nodes.
    """
    whole = _largest(_driven(graph, roads, frozenset()))
    streets = _largest(_driven(whole, roads, _MINOR))
    for found in (streets, whole):
        if len(found) >= stations + 3:
            return found
    raise ValueError(
        f"only {len(whole)} nodes can all reach each other: too few for "
        f"{stations} station(s) and 3 bases"
    )


def _largest(graph: Graph) -> Graph:
    parts = nx.strongly_connected_components(graph)
    largest = max(parts, key=lambda part: (len(part), min(part)), default=set[str]())
    found: Graph = graph.subgraph(largest)
    return found


def _driven(graph: Graph, roads: Roads, without: Collection[str]) -> Graph:
    """Give what both patrol cars and motorcycles may drive on, without ferries."""
    kinds = {data["road"] for *_, data in graph.edges(data=True)} - {FERRY, *without}
    driven = {k for k in kinds if all(roads.speed(k, mode) for mode in _CARRIED)}
    arcs: list[Any] = [
        (tail, head, key)
        for tail, head, key, data in graph.edges(keys=True, data=True)
        if data["road"] in driven and not data["barred"] & {*_CARRIED}
    ]
    found: Graph = graph.edge_subgraph(arcs).copy()
    return found


def _bearing(graph: Graph, seat: str, node: str) -> float:
    here, there = graph.nodes[seat], graph.nodes[node]
    return math.atan2(there["y"] - here["y"], there["x"] - here["x"])


def _spread(graph: Graph, nodes: list[str], count: int) -> list[str]:
    """Pick the node in the middle, then always the one farthest from all picked."""
    points = np.array([(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in nodes])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    picked = [int(np.argmin(((points - middle) ** 2).sum(axis=1)))]
    gaps = np.full(len(nodes), np.inf)
    while len(picked) < count:
        gaps = np.minimum(gaps, ((points - points[picked[-1]]) ** 2).sum(axis=1))
        gaps[picked] = -1
        picked.append(int(np.argmax(gaps)))
    return [nodes[index] for index in picked]


def _force(units: int, sites: tuple[Site, ...]) -> Force:
    numbers: Counter[str] = Counter()
    agencies: dict[str, str] = {}
    for index in range(units):
        agency = _KINDS[index % len(_KINDS)]
        numbers[agency] += 1
        agencies[f"{agency}-{numbers[agency]}"] = agency
    guard = "militia-1" if "militia-1" in agencies else "police-1"
    carriers = [
        unit
        for unit, agency in agencies.items()
        if agency != "health" and (unit != guard or units <= 3)
    ]
    return Force(
        agencies=agencies,
        guard=guard,
        deliveries=_rounds(carriers, sites),
        convoys=_rounds(carriers[1:] + carriers[:1], sites),
    )


def _rounds(carriers: list[str], sites: tuple[Site, ...]) -> Rounds:
    """Share the stations out, neighbours together, to as many units as they need."""
    count = min(len(carriers), math.ceil(len(sites) / _ROUND))
    ends = [round(len(sites) * part / count) for part in range(count + 1)]
    return {carriers[i]: sites[ends[i] : ends[i + 1]] for i in range(count)}


def _closing(graph: Graph, seat: str, sites: tuple[Site, ...]) -> Closing:
    """Find a road at a station that leaves a way round when it is closed.

    When the first few stations have none, the first road is taken.
    """
    found: list[Closing] = []
    for site in sites[:_TRIED]:
        arcs = [data for *_, data in graph.out_edges(site.node, data=True)]
        for data in sorted(arcs, key=lambda data: str(data["id"])):
            name = data["name"] or "A road"
            found.append(Closing(site=site, road=data["id"], name=name))
            if _way_round(graph, data["id"], seat, site.node):
                return found[-1]
    return found[0]


def _way_round(graph: Graph, road: str, seat: str, node: str) -> bool:
    def is_open(tail: str, head: str, key: int) -> bool:
        return bool(graph.edges[tail, head, key]["id"] != road)

    left = nx.subgraph_view(graph, filter_edge=is_open)
    return nx.has_path(left, seat, node) and nx.has_path(left, node, seat)
