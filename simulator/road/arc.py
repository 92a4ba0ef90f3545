"""Arcs: what a road graph says of each, and the minutes they take by mode."""

import math
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from scenarios.force import MODES, Mode
from scenarios.problem import fail
from scenarios.road import FERRY, FERRY_WAIT, Roads
from scenarios.road.hours import Ferry
from scenarios.road.network import Point

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NOTHING_SAID = Ferry()


@dataclass(slots=True)
class Arc:
    """One direction of a road, between two nodes; see `scenarios.road.network`."""

    tail: str
    head: str
    length: float
    road: str
    kind: str
    speed: float | None
    minutes: float | None
    barred: frozenset[Mode]
    points: list[Point]

    @property
    def ends(self) -> tuple[str, str]:
        """Tail and head."""
        return self.tail, self.head


def arcs_of(graph: "nx.MultiDiGraph[str]") -> list[Arc]:
    """List the arcs of a graph.

    Raises
    ------
    ScenarioError
        When a length, a speed or a time is no number from 0 on.
    """
    arcs = [
        Arc(
            tail=tail,
            head=head,
            length=float(data["length"]),
            road=str(data["id"]),
            kind=str(data["road"]),
            speed=data["speed"],
            minutes=data.get("minutes"),
            barred=data.get("barred", frozenset()),
            points=list(data["geometry"]),
        )
        for tail, head, data in graph.edges(data=True)
    ]
    for arc in arcs:
        _refuse_no_number(arc)
    return arcs


def _refuse_no_number(arc: Arc) -> None:
    for word, value in (
        ("length", arc.length),
        ("speed", arc.speed),
        ("minutes", arc.minutes),
    ):
        least = math.ulp(0.0) if word == "speed" else 0.0
        if value is not None and not least <= value < math.inf:
            text = f"road '{arc.road}' has no sound {word}, found {value}"
            raise fail("roads", f"{text}; it must be a number above or at 0")


def minutes_of(arcs: list[Arc], roads: Roads) -> dict[Mode, Floats]:
    """Give the minutes of each arc by mode; infinite where the mode cannot pass."""
    speeds = roads.speeds()
    kinds = sorted({arc.kind for arc in arcs})
    code = {kind: i for i, kind in enumerate(kinds)}
    kind = np.array([code[arc.kind] for arc in arcs], dtype=np.int64)
    known = [speeds.get(name, speeds[roads.default_class]) for name in kinds]
    ferries = [i for i, arc in enumerate(arcs) if is_ferry(arc, roads)]
    found: dict[Mode, Floats] = {}
    for mode in MODES:
        by_class = np.array([getattr(c, mode) for c in known], dtype=np.float64)
        times = _times(arcs, by_class[kind], mode)
        for i in ferries:
            times[i] = _crossing(arcs[i], roads, mode, float(times[i]))
        found[mode] = times
    return found


def is_ferry(arc: Arc, roads: Roads) -> bool:
    """Tell whether an arc is a ferry, by its class or because the scenario says so."""
    return arc.kind == FERRY or arc.road in roads.ferries


def _times(arcs: list[Arc], by_class: Floats, mode: Mode) -> Floats:
    """Minutes by stated time, limit and class; not a number in, where none is said."""
    length = np.array([arc.length for arc in arcs])
    limit = np.array([arc.speed for arc in arcs], dtype=np.float64)
    stated = np.array([arc.minutes for arc in arcs], dtype=np.float64)
    speed = by_class
    if mode == "car":
        speed = np.where(np.isnan(limit), by_class, limit)
    elif mode != "foot":
        speed = np.fmin(by_class, limit)
    times = np.where(np.isnan(stated), length / speed, stated)
    barred = np.array([mode in arc.barred for arc in arcs], dtype=bool)
    times[np.isnan(by_class) | barred] = np.inf
    return times


def _crossing(arc: Arc, roads: Roads, mode: Mode, minutes: float) -> float:
    """Minutes of wait and crossing on a ferry; what the scenario says comes first."""
    ferry = roads.ferries.get(arc.road, _NOTHING_SAID)
    if ferry.modes is not None:
        if mode not in ferry.modes:
            return math.inf
        if math.isinf(minutes) and arc.minutes is not None:
            minutes = arc.minutes
    elif math.isinf(minutes):
        return math.inf
    if ferry.speed is not None:
        minutes = arc.length / ferry.speed
    return minutes + (FERRY_WAIT if ferry.wait is None else ferry.wait)


def twins_of(arcs: list[Arc]) -> list[int]:
    """Pair the two directions of each road: the arc the other way, -1 without one."""
    waiting: dict[tuple[str, str, str], list[int]] = {}
    twin = [-1] * len(arcs)
    for i, arc in enumerate(arcs):
        back = waiting.get((arc.road, arc.head, arc.tail))
        if back:
            j = back.pop(0)
            twin[i], twin[j] = j, i
        else:
            waiting.setdefault((arc.road, arc.tail, arc.head), []).append(i)
    return twin
