"""Places on roads: each is put on the nearest road and becomes a node there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scenarios.force import MODES
from scenarios.place import Place
from scenarios.road import Roads
from scenarios.road.network import Point, project
from simulator.road.arc import Arc, Ints, is_ferry, minutes_of, twins_of
from simulator.road.line import Lines, Truths, nearest_of, split

# A road for cars and motorcycles this near, in metres, is taken before one for one of
# them, and that before a footpath.
BOTH, NEAR = 150.0, 500.0
_SAME = 1e-9  # fractions of an arc that are one point


@dataclass(frozen=True, slots=True)
class _Cut:
    """A point of an arc at which a node stands."""

    fraction: float
    node: str


def put_places(
    places: Mapping[str, Place],
    origin: Point | None,
    arcs: list[Arc],
    points: dict[str, Point],
    roads: Roads,
) -> tuple[dict[str, str], dict[str, float]]:
    """Put places on roads; arcs and points are changed where a road is split.

    Returns
    -------
    tuple
        The node of each place, and the metres between it and its road.
    """
    at = {name: place.node for name, place in places.items() if place.node is not None}
    off_road = dict.fromkeys(places, 0.0)
    spots = {n: project(origin, p.at) for n, p in places.items() if p.at is not None}
    if not spots:
        return at, off_road
    lines, twins = Lines.of(arcs), twins_of(arcs)
    kinds = [(most, some, lines.some(some)) for most, some in _usable(arcs, roads)]
    cuts: dict[int, list[_Cut]] = {}
    for name, spot in spots.items():
        arc, far, along = -1, math.inf, 0.0
        for most, usable, shapes in kinds:
            found = nearest_of(spot, arcs, usable, shapes)
            if found[1] < far:
                arc, far, along = found
            if far <= most:
                break
        off_road[name] = far
        at[name] = _node(name, arc, along, (arcs, twins, cuts, points))
    for arc, own in cuts.items():
        _cut(arc, own, arcs, twins[arc])
    return {name: at[name] for name in places}, off_road


_Work = tuple[list[Arc], list[int], dict[int, list[_Cut]], dict[str, Point]]


def _node(name: str, arc: int, along: float, work: _Work) -> str:
    """Find or make the node at a fraction of an arc."""
    arcs, twins, cuts, points = work
    if along < _SAME or along > 1 - _SAME:
        return arcs[arc].ends[along > 0.5]
    spot = split(arcs[arc].points, along)[0][-1]
    if 0 <= twins[arc] < arc and _is_twin(arcs[twins[arc]], arcs[arc]):
        arc, along = twins[arc], 1 - along
    own = cuts.setdefault(arc, [])
    for cut in own:
        if abs(cut.fraction - along) < _SAME:
            return cut.node
    node = f"place {name}"
    points[node] = spot
    own.append(_Cut(along, node))
    return node


def _is_twin(a: Arc, b: Arc) -> bool:
    """Tell whether two directions run side by side, so that a point lies on both."""
    return abs(a.length - b.length) <= 1.0


def _cut(arc: int, cuts: list[_Cut], arcs: list[Arc], twin: int) -> None:
    """Split an arc, and its twin, at points."""
    cuts = sorted(cuts, key=lambda cut: cut.fraction)
    if twin >= 0 and twin != arc and _is_twin(arcs[arc], arcs[twin]):
        back = [_Cut(1 - cut.fraction, cut.node) for cut in reversed(cuts)]
        _replace(twin, back, arcs)
    _replace(arc, cuts, arcs)


def _replace(index: int, cuts: list[_Cut], arcs: list[Arc]) -> None:
    """Put the first piece of an arc in its place, and the others at the end."""
    whole = arcs[index]
    rest, done, tail = whole.points, 0.0, whole.tail
    pieces: list[Arc] = []
    for cut in [*cuts, _Cut(1.0, whole.head)]:
        part = cut.fraction - done
        shape = rest
        if cut.fraction < 1.0:
            shape, rest = split(rest, part / (1 - done))
        stated = None if whole.minutes is None else whole.minutes * part
        pieces.append(
            replace(
                whole,
                tail=tail,
                head=cut.node,
                length=whole.length * part,
                minutes=stated,
                points=shape,
            )
        )
        done, tail = cut.fraction, cut.node
    arcs[index] = pieces[0]
    arcs += pieces[1:]


def _usable(arcs: list[Arc], roads: Roads) -> list[tuple[float, Ints]]:
    """Find arcs that places may be put on: by kind, with how far each may be.

    From each there is a way to each other of its kind: for cars and motorcycles, for
    one of them, for anybody. Nobody lives on a ferry.
    """
    index = {node: i for i, node in enumerate({n: 0 for a in arcs for n in a.ends})}
    tail = np.array([index[arc.tail] for arc in arcs])
    head = np.array([index[arc.head] for arc in arcs])
    minutes = minutes_of(arcs, roads)
    land = [minutes[mode] for mode in MODES if mode != "boat"]
    ashore = np.isfinite(np.minimum.reduce(land))
    ashore &= ~np.array([is_ferry(arc, roads) for arc in arcs])
    car, motorcycle = np.isfinite(minutes["car"]), np.isfinite(minutes["motorcycle"])
    every = np.ones(len(arcs), dtype=bool)
    found = [
        some & _there_and_back(tail, head, some, len(index))
        for some in (car & motorcycle, car | motorcycle, every)
    ]
    # Where all are ferries or dead ends, any will do.
    last = next(m for m in (found[2] & ashore, found[2], every) if m.any())
    kinds = ((BOTH, found[0] & ashore), (NEAR, found[1] & ashore), (math.inf, last))
    return [(most, np.flatnonzero(some)) for most, some in kinds]


def _there_and_back(tail: Ints, head: Ints, some: Truths, size: int) -> Truths:
    """Tell which arcs lie within the largest part with ways from each to each."""
    pairs = coo_array((np.ones(some.sum()), (tail[some], head[some])), (size, size))
    _, part = connected_components(pairs.tocsr(), connection="strong")
    sizes = np.bincount(part, minlength=1)
    largest = int(sizes.argmax())
    within = (part[tail] == largest) & (part[head] == largest)
    return within if sizes[largest] > 1 else np.zeros(len(tail), dtype=bool)
