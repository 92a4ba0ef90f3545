"""The box around the roads: what lies far outside it is on another map."""

from math import cos, radians
from typing import TYPE_CHECKING, Any

from scenarios.road.network import EARTH, Point, project

if TYPE_CHECKING:
    import networkx as nx

MARGIN = 1000.0


class Box:
    """The box around a road network.

    Parameters
    ----------
    graph
        See `scenarios.road.network`.
    """

    def __init__(self, graph: "nx.MultiDiGraph[Any]") -> None:
        self.origin: Point | None = graph.graph["origin"]
        xs = [float(node["x"]) for _, node in graph.nodes(data=True)]
        ys = [float(node["y"]) for _, node in graph.nodes(data=True)]
        self.west, self.east = min(xs), max(xs)
        self.south, self.north = min(ys), max(ys)

    def holds(self, point: Point) -> bool:
        """Tell whether coordinates of the road file lie in the box or near it."""
        x, y = project(self.origin, point)
        return (
            self.west - MARGIN <= x <= self.east + MARGIN
            and self.south - MARGIN <= y <= self.north + MARGIN
        )

    def fault(self, point: Point) -> str:
        """Say why nothing can be at these coordinates; nothing when it can."""
        if point == (0.0, 0.0) and (self.origin or not self.holds(point)):
            return "not geocoded, found 0, 0"
        if self.holds(point):
            return ""
        hint = "; x and y look exchanged" if self.holds(point[::-1]) else ""
        return (
            f"over {MARGIN / 1000:g} km outside the roads, found {point[0]:g}, "
            f"{point[1]:g}{hint}; allowed: {self}"
        )

    def __str__(self) -> str:
        west, south, east, north = self.west, self.south, self.east, self.north
        if self.origin is not None:
            degree, (lon, lat) = radians(1) * EARTH, self.origin
            wide = degree * cos(radians(lat))
            west, east = lon + west / wide, lon + east / wide
            south, north = lat + south / degree, lat + north / degree
        return f"x {west:.6g} to {east:.6g}, y {south:.6g} to {north:.6g}"
