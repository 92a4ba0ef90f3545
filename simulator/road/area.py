"""Which roads an effect means: by id, class or street, or all of an area."""

from collections.abc import Iterable

import numpy as np

from scenarios.effect import HERE, CloseRoad, OpenRoad, SlowRoad
from scenarios.road.area import Area
from scenarios.road.network import Point, project
from simulator.road.arc import Floats
from simulator.road.line import crosses, nearest
from simulator.road.map import RoadMap

OnRoads = CloseRoad | SlowRoad | OpenRoad


def roads_meant(road_map: RoadMap, effect: OnRoads, here: str) -> tuple[str, ...]:
    """Name the roads an effect means, each once.

    Parameters
    ----------
    road_map
        Whose roads.
    effect
        By id (``here``: all that meet at a place), by class, by street or by area.
    here
        Place of the incident that has the effect; empty for an inject.
    """
    if effect.classes is not None:
        kinds = zip(road_map.road, road_map.kind, strict=True)
        return _once(road for road, kind in kinds if kind in effect.classes)
    if effect.streets is not None:
        every = road_map.streets
        return _once(r for name in effect.streets for r in every.get(name, ()))
    if effect.area is not None:
        return roads_in(road_map, effect.area, here)
    roads = effect.roads or ()
    if HERE not in roads:
        return _once(roads)
    there = road_map.roads_at(road_map.places[here])
    return _once([*(road for road in roads if road != HERE), *there])


def roads_in(road_map: RoadMap, area: Area, here: str) -> tuple[str, ...]:
    """Name the roads of which any part lies in an area."""
    lines, names = road_map.lines, list(road_map.roads)
    if area.polygon is not None:
        corners = [project(road_map.origin, corner) for corner in area.polygon]
        polygon = np.array(corners)
        low, high = polygon.min(axis=0), polygon.max(axis=0)
        arcs = lines.meet((*low.tolist(), *high.tolist()))
        touch = [arc for arc in arcs.tolist() if crosses(lines.of_arc(arc), polygon)]
    else:
        spot, radius = _middle(road_map, area, here), area.radius or 0.0
        arcs = np.flatnonzero(lines.apart(spot) <= radius)
        touch = [a for a in arcs.tolist() if _far(spot, lines.of_arc(a)) <= radius]
    return _once(names[road_map.line_road[arc]] for arc in touch)


def _far(spot: Point, line: Floats) -> float:
    return nearest(spot, [(x, y) for x, y in line.tolist()])[0]


def _middle(road_map: RoadMap, area: Area, here: str) -> Point:
    """Find the middle of a round area; a place is where its road passes it."""
    if area.at is not None:
        return project(road_map.origin, area.at)
    place = here if area.place == HERE else area.place
    assert place is not None
    return road_map.position[road_map.places[place]]


def _once(roads: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roads))
