"""Trips: a position on the roads, a route, and where on it somebody is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.road.map import RoadMap


@dataclass(frozen=True, slots=True)
class Position:
    """Where a unit is: at a node, or part of the way along an arc.

    Parameters
    ----------
    node
        Index of the node; the tail of the arc when under way.
    arc
        Index of the arc, -1 when at the node.
    fraction
        Part of the arc done, from 0 to 1.
    """

    node: int
    arc: int = -1
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a route on one arc, from one fraction to another."""

    arc: int
    start: float
    stop: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way over the roads, with its travel time on the roads as they are."""

    legs: tuple[Leg, ...]
    minutes: float
    target: int


def position_after(route: Route, minutes: float, road_map: "RoadMap") -> Position:
    """Tell where on a route somebody is after so many minutes under way."""
    for leg in route.legs:
        if minutes < leg.minutes:
            part = leg.start + (leg.stop - leg.start) * minutes / leg.minutes
            tail = int(road_map.stands[road_map.tail[leg.arc]])
            # At the junction it has not entered the road, which may close now.
            return Position(tail, leg.arc, part) if part > 0 else Position(tail)
        minutes -= leg.minutes
    return Position(route.target)


def metres_of(route: Route, minutes: float, road_map: "RoadMap") -> float:
    """Metres of a route that are behind after so many minutes under way."""
    total = 0.0
    for leg in route.legs:
        share = 1.0 if minutes >= leg.minutes else minutes / leg.minutes
        total += (leg.stop - leg.start) * share * float(road_map.length[leg.arc])
        if share < 1.0:
            break
        minutes -= leg.minutes
    return total
