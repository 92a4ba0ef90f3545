"""What the map of one day shows: roads, places, incidents, what was closed."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.day import Call, Day
from scenarios.road.network import Point
from scenarios.scenario import Scenario
from simulator.log import Kind
from simulator.road import RoadMap, map_of

Line = tuple[Point, ...]
LEAST_SPAN = 5000.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadScene:
    """What the map of one day shows, metres.

    Parameters
    ----------
    roads, closed
        Lines of the roads, and of those that were closed at some time of the day.
    stations, bases, others
        Points by name: stations, bases of units, and other places.
    away
        Places that lie off the map.
    moves
        From where to where stations moved.
    incidents
        Incidents of the day with the place of each.
    types
        Incident types of the scenario, so that each keeps its mark on every day.
    box
        West, south, east, north of what is shown.
    """

    roads: tuple[Line, ...]
    closed: tuple[Line, ...]
    stations: Mapping[str, Point]
    bases: Mapping[str, Point]
    others: Mapping[str, Point]
    away: Mapping[str, Point]
    incidents: tuple[tuple[Call, Point], ...]
    types: tuple[str, ...]
    box: Box
    moves: tuple[tuple[Point, Point], ...] = ()


def scene_of(scenario: Scenario, day: Day, roads: RoadMap | None = None) -> RoadScene:
    """Gather the map of a day.

    Parameters
    ----------
    scenario
        Whose roads.
    day
        Under one of its plans.
    roads
        Its road map, when it has been made before.
    """
    roads = map_of(scenario) if roads is None else roads
    at = {name: roads.position[node] for name, node in roads.places.items()}
    shut = closed_roads(day)
    setting = day.setting
    stations = {name: at[station.place] for name, station in setting.stations.items()}
    incidents = tuple((call, at[call.place]) for call in day.calls)
    moves = [(at[r.place], at[str(r.details["to"])]) for r in day.log.of(Kind.LEAVES)]
    core = [*stations.values(), *(point for _, point in incidents)]
    core += [site for _, site in moves]
    box = _box(core or list(at.values()), list(at.values()))
    # Calls have places of their own; only those of the scenario are named.
    at = {name: point for name, point in at.items() if name in setting.places}
    near = {name: point for name, point in at.items() if inside(box, point)}
    bases = {u.base: at[u.base] for u in setting.units.values() if u.base in near}
    shown = {*stations.values(), *bases.values()}
    lines = [(i, points) for i, points in enumerate(roads.points) if _once(roads, i)]
    return RoadScene(
        roads=tuple(line for i, line in lines if roads.road[i] not in shut),
        closed=tuple(line for i, line in lines if roads.road[i] in shut),
        stations=stations,
        bases=bases,
        others={name: point for name, point in near.items() if point not in shown},
        away={name: point for name, point in at.items() if name not in near},
        incidents=incidents,
        types=tuple(setting.incidents),
        box=box,
        moves=tuple(moves),
    )


def _once(roads: RoadMap, arc: int) -> bool:
    """Tell whether an arc is drawn: of the two directions of a road, one."""
    return int(roads.twin[arc]) < 0 or arc < int(roads.twin[arc])


def _box(core: list[Point], places: list[Point]) -> Box:
    """Give what holds the core and the places near it, with a margin.

    A base far away would else make everything that matters small.
    """
    west, south, east, north = _bounds(core)
    reach = 0.4 * max(east - west, north - south, LEAST_SPAN)
    wide = (west - reach, south - reach, east + reach, north + reach)
    west, south, east, north = _bounds([*core, *(p for p in places if inside(wide, p))])
    margin = max(0.07 * max(east - west, north - south), 300.0)
    # A page is wider than high: so is the map, up to three times.
    x_more = max(0.0, (north - south) * 1.15 - (east - west)) / 2 + margin
    y_more = max(0.0, (east - west) / 3.0 - (north - south)) / 2 + margin
    return west - x_more, south - y_more, east + x_more, north + y_more


def _bounds(points: list[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def inside(box: Box, point: Point) -> bool:
    """Tell whether a point lies in a box."""
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


def closed_roads(day: Day) -> set[str]:
    """Name the roads that an inject or an incident closed on a day."""
    return {
        road
        for record in day.log.of(Kind.EFFECT)
        if record.details["effect"] == "close_road"
        for road in str(record.details["roads"]).split()
    }
