"""Lines: the shapes of roads on the plane; what is near a point or within an area."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scenarios.road.network import Point, length_of
from simulator.road.arc import Arc, Floats, Ints

Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lines:
    """The shapes of all arcs, one after the other.

    Parameters
    ----------
    points
        x and y of all points, metres.
    first
        Index of the first point of each arc; one more at the end.
    box
        West, south, east, north of each arc.
    """

    points: Floats
    first: Ints
    box: Floats

    @classmethod
    def of(cls, arcs: list[Arc]) -> "Lines":
        """Lay out the shapes of arcs."""
        points = np.array([p for arc in arcs for p in arc.points], dtype=np.float64)
        counts = [len(arc.points) for arc in arcs]
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        low = np.minimum.reduceat(points, first[:-1])
        high = np.maximum.reduceat(points, first[:-1])
        return cls(points, first, np.hstack([low, high]))

    def apart(self, spot: Point) -> Floats:
        """Give a distance from a spot that no part of an arc is nearer than."""
        west, south, east, north = self.box.T
        dx = np.maximum(np.maximum(west - spot[0], spot[0] - east), 0.0)
        dy = np.maximum(np.maximum(south - spot[1], spot[1] - north), 0.0)
        return np.asarray(np.hypot(dx, dy))

    def some(self, arcs: Ints) -> "Lines":
        """Keep the beginning and the box of some arcs, in this order."""
        begins = self.points[self.first[:-1]][arcs]
        return Lines(begins, np.arange(len(arcs) + 1), self.box[arcs])

    def meet(self, box: tuple[float, float, float, float]) -> Ints:
        """Find the arcs whose boxes meet a box."""
        west, south, east, north = self.box.T
        over = (west <= box[2]) & (east >= box[0])
        return np.flatnonzero(over & (south <= box[3]) & (north >= box[1]))

    def of_arc(self, arc: int) -> Floats:
        """Give the points of an arc."""
        return self.points[self.first[arc] : self.first[arc + 1]]


def nearest_of(
    spot: Point, arcs: list[Arc], usable: Ints, lines: Lines
) -> tuple[int, float, float]:
    """Find the nearest of some arcs; the first of equals.

    Parameters
    ----------
    spot
        Where.
    arcs
        All arcs.
    usable
        Indices of those that are meant.
    lines
        Their beginnings and boxes (`Lines.some`).

    Returns
    -------
    tuple
        The arc, the distance in metres, and the fraction of the arc nearest to it;
        infinitely far when none is meant.
    """
    best, far, along = -1, math.inf, 0.0
    if not len(usable):
        return best, far, along
    gaps = lines.points - spot
    # Somewhere on the nearest arc is no farther than the nearest beginning.
    bound = float(np.hypot(gaps[:, 0], gaps[:, 1]).min()) * (1 + 1e-12) + 1e-9
    for arc in usable[lines.apart(spot) <= bound].tolist():
        distance, fraction = nearest(spot, arcs[arc].points)
        if distance < far:
            best, far, along = arc, distance, fraction
    return best, far, along


def nearest(spot: Point, points: list[Point]) -> tuple[float, float]:
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


def split(points: list[Point], fraction: float) -> tuple[list[Point], list[Point]]:
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


def crosses(line: Floats, polygon: Floats) -> bool:
    """Tell whether any part of a line lies in a polygon, its edge included."""
    if bool(_inside(line, polygon).any()):
        return True
    edges = np.roll(polygon, -1, axis=0)
    return bool(_meet(line[:-1], line[1:], polygon, edges).any())


def _inside(points: Floats, polygon: Floats) -> Truths:
    """Tell which points lie in a polygon, by counting edges to the east of each."""
    x, y = points[:, :1], points[:, 1:]
    (ax, ay), (bx, by) = polygon.T, np.roll(polygon, -1, axis=0).T
    over = (ay <= y) != (by <= y)
    rest = (y - ay) * (bx - ax) - (x - ax) * (by - ay)
    east = (rest > 0) == (by > ay)
    return np.asarray((over & east).sum(axis=1) % 2 == 1)


def _meet(a: Floats, b: Floats, c: Floats, d: Floats) -> Truths:
    """Tell which segments a-b meet which segments c-d, touching included."""
    a, b = a[:, None], b[:, None]
    ends = [_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)]
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    near = (low <= high).all(axis=2)
    return np.asarray(near & (ends[0] * ends[1] <= 0) & (ends[2] * ends[3] <= 0))


def _side(a: Floats, b: Floats, point: Floats) -> Floats:
    """Give 1, -1 or 0: left of, right of or on the line from a to b."""
    one, other = b - a, point - a
    cross = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return np.sign(cross)
