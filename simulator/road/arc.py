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
    streets: tuple[str, ...]

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
            streets=data.get("streets", ()),
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
    columns = [(arc.length, arc.speed, arc.minutes) for arc in arcs]
    length, limit, stated = np.array(columns, dtype=np.float64).reshape(-1, 3).T
    barred = [i for i, arc in enumerate(arcs) if arc.barred]
    ferries = [i for i, arc in enumerate(arcs) if is_ferry(arc, roads)]
    found: dict[Mode, Floats] = {}
    for mode in MODES:
        by_class = np.array([getattr(c, mode) for c in known], dtype=np.float64)[kind]
        speed = _speed(by_class, limit, mode)
        times = np.where(np.isnan(stated), length / speed, stated)
        times[np.isnan(by_class)] = np.inf
        crossings = [_crossing(arcs[i], roads, mode, float(times[i])) for i in ferries]
        times[[i for i in barred if mode in arcs[i].barred]] = np.inf
        times[ferries] = crossings
        found[mode] = times
    return found


def _speed(by_class: Floats, limit: Floats, mode: Mode) -> Floats:
    """Give speeds, not a number where the mode cannot pass.

    A limit is the speed of a car; others keep to it if they can reach it.
    """
    if mode == "car":
        return np.where(np.isnan(limit), by_class, limit)
    return by_class if mode == "foot" else np.fmin(by_class, limit)


def is_ferry(arc: Arc, roads: Roads) -> bool:
    """Tell whether an arc is a ferry, by its class or because the scenario says so."""
    return arc.kind == FERRY or arc.road in roads.ferries


def _crossing(arc: Arc, roads: Roads, mode: Mode, minutes: float) -> float:
    """Minutes of wait and crossing on a ferry; what the scenario says comes first.

    The minutes given are those of its class and limit, infinite where there are none.
    """
    ferry = roads.ferries.get(arc.road, _NOTHING_SAID)
    carried = not math.isinf(minutes) and mode not in arc.barred
    if ferry.modes is not None:
        carried = mode in ferry.modes
    if not carried:
        return math.inf
    if ferry.speed is not None:
        minutes = arc.length / ferry.speed
    elif math.isinf(minutes) and arc.minutes is not None:
        minutes = arc.minutes
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
