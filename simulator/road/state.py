"""The roads of one world as they are now: closures, slowings, times and routes."""

import math
from collections import Counter
from typing import TypeVar

import numpy as np

from scenarios.force import Mode
from simulator.road.arc import Floats
from simulator.road.map import RoadMap
from simulator.road.search import Key, Network, Search, search
from simulator.road.trip import Leg, Position, Route

K = TypeVar("K")
# Cause of closings that come of a road's own hours: no inject opens it before.
HOURS = "hours"


class RoadState:
    """The roads of one world as they are now: closures, slowings, routes.

    Parameters
    ----------
    road_map
        The roads without any disruption.
    """

    def __init__(self, road_map: RoadMap) -> None:
        self.map = road_map
        self._closed: Counter[tuple[str, str]] = Counter()
        self._slow: Counter[tuple[str, str, float]] = Counter()
        self._changed()

    # ---- changes ---------------------------------------------------------------

    def close(self, roads: tuple[str, ...], cause: str = "") -> None:
        """Close roads; each closing must be undone by an opening of the same cause."""
        self._closed.update((road, cause) for road in roads)
        self._changed()

    def open(self, roads: tuple[str, ...], cause: str = "") -> None:
        """Undo one closing of each road, unless it was reopened before."""
        _take(self._closed, [(road, cause) for road in roads])
        self._changed()

    def slow(self, roads: tuple[str, ...], factor: float, cause: str = "") -> None:
        """Multiply the speed on roads."""
        self._slow.update((road, cause, factor) for road in roads)
        self._changed()

    def unslow(self, roads: tuple[str, ...], factor: float, cause: str = "") -> None:
        """Undo one slowing of each road, unless it was reopened before."""
        _take(self._slow, [(road, cause, factor) for road in roads])
        self._changed()

    def reopen(self, roads: tuple[str, ...]) -> None:
        """End all closings and slowings of roads but those of their own hours."""
        cleared = set(roads)
        for key in [k for k in self._closed if k[0] in cleared and k[1] != HOURS]:
            del self._closed[key]
        for slowing in [k for k in self._slow if k[0] in cleared]:
            del self._slow[slowing]
        self._changed()

    # ---- questions -------------------------------------------------------------

    def closed(self) -> set[str]:
        """Name the roads that are closed now."""
        return {road for road, _ in self._closed}

    def roads_at(self, node: int) -> tuple[str, ...]:
        """Name the roads that touch a node."""
        return self.map.roads_at(node)

    def times_to(self, target: int, mode: Mode) -> Floats:
        """Travel times from every node to one, minutes; infinite without a way."""
        times = self._search(target, mode).times[: len(self.map.nodes)]
        times.flags.writeable = False
        return times

    def minutes(self, start: Position, target: int, mode: Mode) -> float:
        """Travel time to a node on the roads as they are; infinite if there is none."""
        times = self._search(target, mode).times
        if start.arc < 0:
            return times.item(start.node)
        return min(self._on(start, mode, times), self._back(start, mode, times))

    def route(self, start: Position, target: int, mode: Mode) -> Route | None:
        """Find the fastest way to a node; None when there is none."""
        times = self._search(target, mode).times
        node, legs = start.node, []
        if start.arc >= 0:
            legs = [self._off(start, mode, times)]
            node = int(self.map.head[legs[0].arc])
        if math.isinf(times[node]) or (legs and math.isinf(legs[0].minutes)):
            return None
        # Day after day units set out from the same places to the same places.
        key = Key(target, mode, self._version)
        legs += self.map.searches.way(key, node, self._way)
        return Route(tuple(legs), sum(leg.minutes for leg in legs), target)

    # ---- inside ----------------------------------------------------------------

    def _changed(self) -> None:
        """Name the state by its content: one that comes back finds its searches."""
        factors: dict[str, list[float]] = {}
        for (road, _, factor), times in self._slow.items():
            factors.setdefault(road, []).extend([factor] * times)
        self._factor = {road: math.prod(sorted(own)) for road, own in factors.items()}
        self._version = frozenset[object]([*self.closed(), *self._factor.items()])
        self._last: tuple[int, Mode, Search] | None = None

    def _network(self, mode: Mode) -> Network:
        """Give the roads of a mode as they are now."""
        return self.map.searches.network(
            mode, self._version, lambda: self._make_network(mode)
        )

    def _make_network(self, mode: Mode) -> Network:
        number = self.map.number
        speeds = np.ones(len(self.map.roads))
        for road, factor in self._factor.items():
            speeds[self.map.roads[road]] = factor
        shut = np.zeros(len(self.map.roads), dtype=bool)
        shut[[self.map.roads[road] for road in self.closed()]] = True
        times = self.map.minutes[mode] / speeds[number]
        times[shut[number]] = np.inf
        layout = self.map.layout
        return Network(times, layout.matrix(times), layout.fastest(times))

    def _search(self, target: int, mode: Mode) -> Search:
        """Every node's time to a target, and its next hop."""
        # Units are ranked one after another for one target.
        if self._last is not None and self._last[:2] == (target, mode):
            return self._last[2]
        found = self.map.searches.find(Key(target, mode, self._version), self._make)
        self._last = (target, mode, found)
        return found

    def _way(self, key: Key, node: int) -> tuple[Leg, ...]:
        """Follow the hops from a node, from which there is a way."""
        hops, way = self._search(key.target, key.mode).hops, [node]
        while (hop := int(hops[way[-1]])) >= 0:
            way.append(hop)
        now = self._network(key.mode)
        arcs = self.map.layout.arcs(way, now.fastest)
        minutes = now.arcs[arcs].tolist()
        return tuple([Leg(a, 0.0, 1.0, m) for a, m in zip(arcs, minutes, strict=True)])

    def _make(self, key: Key) -> Search:
        nodes = self.map.copies.get(key.target, [key.target])
        return search(self._network(key.mode).matrix, nodes)

    def _off(self, start: Position, mode: Mode, times: Floats) -> Leg:
        """Find the best way off the present arc: on to its head, or back."""
        arc, done = start.arc, start.fraction
        twin = int(self.map.twin[arc])
        if self._back(start, mode, times) < self._on(start, mode, times):
            return Leg(twin, 1 - done, 1.0, done * self._passing(twin, mode))
        return Leg(arc, done, 1.0, (1 - done) * self._passing(arc, mode))

    def _on(self, start: Position, mode: Mode, times: Floats) -> float:
        """Minutes to the target by way of the head of the present arc."""
        left = (1 - start.fraction) * self._passing(start.arc, mode)
        return left + float(times[self.map.head[start.arc]])

    def _back(self, start: Position, mode: Mode, times: Floats) -> float:
        """Minutes to the target on turning back on the present arc."""
        twin = int(self.map.twin[start.arc])
        if twin < 0:
            return math.inf
        left = start.fraction * self._passing(twin, mode)
        return left + float(times[self.map.head[twin]])

    def _passing(self, arc: int, mode: Mode) -> float:
        """Minutes on an arc for who is already on it, closed or not."""
        minutes = float(self.map.minutes[mode][arc])
        return minutes / self._factor.get(self.map.road[arc], 1.0)


def _take(counted: Counter[K], keys: list[K]) -> None:
    """Count one of each key down; those at zero are gone."""
    for key in keys:
        if counted[key] > 1:
            counted[key] -= 1
        else:
            counted.pop(key, None)
