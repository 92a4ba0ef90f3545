"""Road networks from GeoJSON lines, joined where they meet.

Lines carry no nodes. Two lines meet where their ends are nearer than a tolerance
(``roads.join``), where the end of one lies on a point of the other, and at points that
both have exactly; lines that merely cross do not meet: one may be a bridge.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from scenarios.problem import Problem, ScenarioError, fail
from scenarios.road import Columns, Roads
from scenarios.road.content import text_of
from scenarios.road.network import Point, assembled
from scenarios.road.plane import plane_of
from scenarios.road.report import RoadReport, report_of
from scenarios.road.table import KMH
from scenarios.road.tag import plain
from scenarios.road.way import Lines, Way, Ways

if TYPE_CHECKING:
    from scenarios.road.network import Graph

_TAGS = {"class_": "highway", "one_way": "oneway", "speed": "maxspeed", "name": "name"}
_TABLES_ONLY = ("id", "x", "y", "from_", "to", "length", "time")
Shape = tuple[dict[str, str], list[Point]]


def read_lines(raw: bytes, file: str, roads: Roads) -> tuple["Graph", RoadReport]:
    """Read the lines of a GeoJSON file, also one feature a line; see `read_network`."""
    data, notes = _parsed(raw, file)
    _refuse_columns(roads.columns, file)
    shapes, others = _shapes(data, roads)
    if not shapes:
        found = f"; it holds {others} other feature(s)" if others else ""
        raise fail(file, f"holds no lines (LineString, MultiLineString){found}")
    places, ways, joined = _joined(shapes, data, file, roads)
    reader = Ways(roads)
    lines = Lines(kept=reader.kept(ways), places=places, crs=_crs(data))
    network = reader.network(lines, file, ())
    graph = assembled(network.points, network.roads, origin=network.origin)
    if others:
        notes += (f"{others} feature(s) that are no lines are left out",)
    if joined:
        notes += (
            f"{joined} end(s) of lines lie within {roads.join:g} m of another: joined",
        )
    return graph, report_of(
        graph,
        roads,
        kind="GeoJSON lines",
        may_pass=roads.may_pass,
        nodes_before=network.before,
        dropped=reader.tally.dropped(),
        notes=(*notes, *network.notes, *reader.tally.notes()),
    )


def _parsed(raw: bytes, file: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    text, remark = text_of(raw)
    notes = (f"the file is not UTF-8: read as {remark}",) if remark else ()
    text = text.lstrip("\ufeff")
    try:
        data = json.loads(text)
    except RecursionError:
        raise fail(file, "no sound GeoJSON: nested too deeply") from None
    except ValueError as error:
        found = _sequence(text)
        if found is None:
            raise ScenarioError((_not_json(error, file),)) from None
        data = {"type": "FeatureCollection", "features": found}
    if not isinstance(data, dict) or data.get("type") == "Topology":
        raise fail(file, "no GeoJSON: it must be an object of type FeatureCollection")
    return data, notes


def _not_json(error: ValueError, file: str) -> Problem:
    line, column = 0, 0
    if isinstance(error, json.JSONDecodeError):
        line, column = error.lineno, error.colno
    reason = plain(str(error).partition(":")[0])[:80]
    text = f"no sound GeoJSON, or cut short: {reason}"
    return Problem(file=file, line=line, column=column, text=text)


def _sequence(text: str) -> list[Any] | None:
    """Read one feature a line; None when it is not that."""
    lines = [line.strip("\x1e \t\r") for line in text.split("\n")]
    try:
        return [json.loads(line) for line in lines if line] if len(lines) > 1 else None
    except (ValueError, RecursionError):
        return None


def _refuse_columns(columns: Columns, file: str) -> None:
    given = [n.strip("_") for n in _TABLES_ONLY if getattr(columns, n) is not None]
    if given:
        named = ", ".join(f"roads.columns.{name}" for name in given)
        raise fail(file, f"{named}: read from tables only, and this is GeoJSON")


def _crs(data: Mapping[str, Any]) -> str:
    """Give what the file says of its coordinates; by its format they are degrees."""
    crs = data.get("crs")
    name = crs.get("properties") if isinstance(crs, dict) else None
    return str(name.get("name", "")) if isinstance(name, dict) else "crs:84"


def _shapes(data: dict[str, Any], roads: Roads) -> tuple[list[Shape], int]:
    """Take the lines and their tags; count the features that are none."""
    features = data.get("features", [data])
    shapes: list[Shape] = []
    others = 0
    for feature in features if isinstance(features, list) else []:
        if not isinstance(feature, dict):
            others += 1
            continue
        tags = _tags(feature.get("properties"), roads)
        found = [
            (tags, line)
            for line in _lines_in(feature.get("geometry", feature))
            if len(line) > 1
        ]
        others += not found
        shapes += found
    return shapes, others


def _tags(properties: object, roads: Roads) -> dict[str, str]:
    """Read the properties of a feature as tags, by the mapping of columns."""
    if not isinstance(properties, dict):
        properties = {}
    nested = properties.get("tags")
    found = {**properties, **(nested if isinstance(nested, dict) else {})}
    tags = {k: _word(v) for k, v in found.items() if isinstance(v, str | int | float)}
    for field, tag in _TAGS.items():
        column = getattr(roads.columns, field)
        if column is not None:
            tags[tag] = tags.get(column, "")
    if roads.units.speed and tags.get("maxspeed", "").replace(".", "", 1).isdigit():
        tags["maxspeed"] = f"{float(tags['maxspeed']) * KMH[roads.units.speed]:g}"
    if not tags.get("highway") and tags.get("route") != "ferry":
        tags["highway"] = roads.default_class
    return {key: value for key, value in tags.items() if value}


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _lines_in(geometry: object) -> Iterator[list[Point]]:
    """Find the lines of a geometry; points that are no numbers are dropped."""
    if not isinstance(geometry, dict):
        return
    found = geometry.get("coordinates")
    if geometry.get("type") == "GeometryCollection":
        for part in geometry.get("geometries") or ():
            if isinstance(part, dict) and part.get("type") != "GeometryCollection":
                yield from _lines_in(part)
    elif geometry.get("type") == "LineString":
        yield _points(found)
    elif geometry.get("type") == "MultiLineString" and isinstance(found, list):
        for line in found:
            yield _points(line)


def _points(found: object) -> list[Point]:
    points = [p for p in (found if isinstance(found, list) else ()) if _is_point(p)]
    return [(float(p[0]), float(p[1])) for p in points]


def _is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(n, int | float) and abs(n) <= 1e9 for n in point[:2])
    )


def _joined(
    shapes: list[Shape], data: dict[str, Any], file: str, roads: Roads
) -> tuple[dict[str, Point], list[Way], int]:
    """Name the points of lines: those that meet share a name.

    Returns
    -------
    tuple
        Places by name, the ways, and how many ends were moved to another point.
    """
    every = list(dict.fromkeys(point for _, line in shapes for point in line))
    try:
        plane = plane_of(every, _crs(data), roads.coordinates)
    except ValueError as error:
        raise fail(file, str(error)) from None
    ends = {end for _, line in shapes for end in (line[0], line[-1])}
    same = _clusters(every, [plane.put(p) for p in every], ends, roads.join)
    digits = 1 if plane.origin is None else 6
    names: dict[Point, str] = {}
    taken: set[str] = set()
    for point in every:
        if same[point] not in names:
            names[same[point]] = _name(same[point], digits, taken)
    ways = [
        Way(
            id=str(tags.get("id") or tags.get("osm_id") or tags.get("@id") or ""),
            nodes=tuple(names[same[point]] for point in line),
            tags=tags,
        )
        for tags, line in shapes
    ]
    moved = sum(same[end] != end for end in ends)
    return {name: point for point, name in names.items()}, ways, moved


def _name(point: Point, digits: int, taken: set[str]) -> str:
    base = name = f"{point[0]:.{digits}f}_{point[1]:.{digits}f}"
    number = 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name)
    return name


def _clusters(
    every: list[Point], at: list[Point], ends: set[Point], reach: float
) -> dict[Point, Point]:
    """Give the point that stands for each: ends near each other are one.

    An end that lies near a point in the middle of a line moves there; points in the
    middle of lines never move.
    """
    from scipy.spatial import cKDTree

    parent = dict(zip(every, every, strict=True))

    def root(point: Point) -> Point:
        while parent[point] != point:
            parent[point] = parent[parent[point]]
            point = parent[point]
        return point

    finite = [i for i, (x, y) in enumerate(at) if math.isfinite(x + y)]
    tree = cKDTree([at[i] for i in finite])
    pairs = tree.query_pairs(reach, output_type="ndarray")
    for a, b in sorted((finite[i], finite[j]) for i, j in pairs.tolist()):
        one, other = sorted((root(every[a]), root(every[b])))
        if other not in ends:
            one, other = other, one
        if other in ends and ends & {every[a], every[b]}:
            parent[other] = one
    return {point: root(point) for point in every}
