"""Searches: every node's time to a target, and its next hop; kept while wanted."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from scenarios.force import Mode
from simulator.road.arc import Floats, Ints
from simulator.road.trip import Leg

MOST_BYTES = 64_000_000
MOST_SEARCHES = 4000
MOST_NETWORKS = 64
MOST_WAYS = 1000


class Search(NamedTuple):
    """What one reverse search found.

    Parameters
    ----------
    times
        Minutes from each node to the target.
    hops
        The next node on the way from each; negative at the target or without a way.
    """

    times: Floats
    hops: NDArray[np.int32]


class Key(NamedTuple):
    """What a search was for: a target, a mode, and the roads as they were."""

    target: int
    mode: Mode
    version: frozenset[object]


@dataclass(frozen=True, slots=True)
class Network:
    """The roads of one mode as they are: what searches work on.

    Parameters
    ----------
    arcs
        Minutes of each arc; infinite where nobody may pass.
    matrix
        Minutes between neighbours.
    fastest
        The arc of each slot of the matrix.
    """

    arcs: Floats
    matrix: csr_array
    fastest: Ints


@dataclass(frozen=True, slots=True)
class Layout:
    """Arcs as the rows of the transposed matrix; only the times in it ever change.

    Parameters
    ----------
    size
        How many nodes there are.
    order
        Arcs sorted by head, then tail.
    first
        Where in the order each pair of nodes begins; parallel arcs share a slot.
    keys
        The pair of each slot as one number, ascending.
    columns, starts
        Column of each slot, and the first slot of each row.
    """

    size: int
    order: Ints
    first: Ints
    keys: Ints
    columns: Ints
    starts: Ints

    @classmethod
    def of(cls, tail: Ints, head: Ints, size: int) -> "Layout":
        """Lay out arcs."""
        order = np.lexsort((tail, head))
        pairs = head[order] * size + tail[order]
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        keys = pairs[first]
        starts = np.searchsorted(keys // size, np.arange(size + 1))
        return cls(size, order, first, keys, keys % size, starts)

    def matrix(self, times: Floats) -> csr_array:
        """Make the matrix of travel times: of parallel arcs the least."""
        # Built from triplets scipy would add them up.
        data = np.minimum.reduceat(times[self.order], self.first)
        shape = (self.size, self.size)
        return csr_array((data, self.columns, self.starts), shape=shape)

    def fastest(self, times: Floats) -> Ints:
        """Name the arc of each slot: of parallel arcs the fastest, then the first."""
        ranked = self.order[np.lexsort((self.order, times[self.order], self._slot()))]
        return np.asarray(ranked[self.first])

    def arcs(self, nodes: list[int], fastest: Ints) -> list[int]:
        """Name the arcs along a way of nodes."""
        way = np.array(nodes, dtype=np.int64)
        slots = np.searchsorted(self.keys, way[1:] * self.size + way[:-1])
        arcs: list[int] = fastest[slots].tolist()
        return arcs

    def _slot(self) -> Ints:
        return np.repeat(
            np.arange(len(self.first)), np.diff(self.first, append=len(self.order))
        )


def search(matrix: csr_array, nodes: list[int]) -> Search:
    """Search backwards from a target, which may have several nodes."""
    # Of several sources the nearest counts.
    times, hops, _ = dijkstra(
        matrix, indices=nodes, return_predecessors=True, min_only=True
    )
    return Search(times, hops)


class Searches:
    """Searches and ways that were made; of so many the least recently used goes first.

    They follow from the roads alone, so all worlds on the same roads may share them.

    Parameters
    ----------
    most
        How many are kept.
    networks
        How many states of the roads, in a mode, are kept beside.
    """

    def __init__(self, most: int, networks: int = 1) -> None:
        self.most = most
        self.networks = networks
        self._kept: OrderedDict[Key, Search] = OrderedDict()
        self._ways: OrderedDict[tuple[Key, int], tuple[Leg, ...]] = OrderedDict()
        self._networks: OrderedDict[tuple[Mode, frozenset[object]], Network] = (
            OrderedDict()
        )

    @classmethod
    def for_size(cls, nodes: int) -> "Searches":
        """Keep as many as fit a stretch of memory, for a network of so many nodes."""
        searches = min(MOST_SEARCHES, max(16, MOST_BYTES // (12 * nodes)))
        return cls(searches, min(MOST_NETWORKS, max(1, MOST_BYTES // (100 * nodes))))

    def network(
        self, mode: Mode, version: frozenset[object], make: Callable[[], Network]
    ) -> Network:
        """Give the roads of a mode as they are, made now if they have not been kept."""
        key = mode, version
        if key not in self._networks:
            self._networks[key] = make()
            if len(self._networks) > self.networks:
                self._networks.popitem(last=False)
        self._networks.move_to_end(key)
        return self._networks[key]

    def find(self, key: Key, make: Callable[[Key], Search]) -> Search:
        """Give a search, made now if it has not been kept."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make(key)
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def way(
        self, key: Key, node: int, make: Callable[[Key, int], tuple[Leg, ...]]
    ) -> tuple[Leg, ...]:
        """Give the way from a node, made now if it has not been kept."""
        found = self._ways.get((key, node))
        if found is None:
            found = self._ways[key, node] = make(key, node)
            if len(self._ways) > MOST_WAYS:
                self._ways.popitem(last=False)
        else:
            self._ways.move_to_end((key, node))
        return found

    def forget(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._ways.clear()
        self._networks.clear()

    def __len__(self) -> int:
        return len(self._kept)

    def __reduce__(self) -> tuple[type["Searches"], tuple[int, int]]:
        # Another process makes its own.
        return Searches, (self.most, self.networks)
