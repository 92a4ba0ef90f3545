"""Where the coordinates of a road file lie: degrees or metres, and in which order."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from scenarios.road.network import EARTH, Point, project
from scenarios.road.tag import items_of

# Systems in degrees, by their numbers and by the words their texts begin with.
_DEGREES = re.compile(r"\b(4326|4258|4269|4756|4979)\b|crs:?84|longlat|latlong|^geog")
_PROJECTED = re.compile(r"^proj|projectedcrs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """How coordinates of a file come to the plane.

    Parameters
    ----------
    origin
        Longitude and latitude of the point (0, 0); None for a file in metres.
    swapped
        True when the file puts latitude first.
    notes
        What was assumed, a sentence each.
    """

    origin: Point | None = None
    swapped: bool = False
    notes: tuple[str, ...] = ()

    def known(self, point: Point) -> bool:
        """Tell a place from *not known*: in degrees 0, 0 lies in the sea."""
        return self.origin is None or point != (0.0, 0.0)

    def put(self, point: Point) -> Point:
        """Put a point of the file on the plane, metres."""
        return project(self.origin, point[::-1] if self.swapped else point)

    def line(self, points: Iterable[Point]) -> list[Point]:
        """Put many points on the plane, metres: to the last bit as `put` does."""
        found = [point[::-1] for point in points] if self.swapped else list(points)
        if self.origin is None:
            return found
        radians, (east, north) = math.radians, self.origin
        scale = math.cos(radians(north))
        return [
            (radians(x - east) * EARTH * scale, radians(y - north) * EARTH)
            for x, y in found
        ]

    def places(self, places: Mapping[str, Point]) -> dict[str, Point]:
        """Put the places that are known on the plane, by name."""
        known = {name: point for name, point in places.items() if self.known(point)}
        return dict(zip(known, self.line(known.values()), strict=True))


def plane_of(
    points: list[Point], crs: str, asked: Literal["auto", "degrees", "metres"]
) -> Plane:
    """Decide what the coordinates of a file are.

    Parameters
    ----------
    points
        At least one point as in the file.
    crs
        What the file says of its coordinates, in any spelling; may be empty.
    asked
        What the scenario says of them; it has the last word.

    Raises
    ------
    ValueError
        When the scenario says degrees and no degrees reach so far.
    """
    points = [point for point in points if point != (0.0, 0.0)] or points
    wide = max(abs(x) for x, _ in points)
    high = max(abs(y) for _, y in points)
    swapped = wide <= 90 < high <= 180
    fits = wide <= 180 and high <= 90
    degrees, notes = _said(crs, fits=fits)
    if asked != "auto":
        degrees, notes = asked == "degrees", ()
    if degrees and not fits and not swapped:
        reach = f"the coordinates reach {max(wide, high):.0f}"
        if asked == "degrees":
            raise ValueError(f"not in degrees: {reach}; set roads.coordinates: auto")
        degrees, notes = (
            False,
            (f"the file says degrees, but {reach}: taken as metres",),
        )
    if not degrees:
        return Plane(notes=notes)
    if swapped:
        points = [(x, y) for y, x in points]
        notes = (*notes, "the file puts latitude before longitude: swapped")
    return Plane(origin=_centre(points), swapped=swapped, notes=notes)


def _said(crs: str, *, fits: bool) -> tuple[bool, tuple[str, ...]]:
    """Read a coordinate system; without one, go by the size of the numbers."""
    text = crs.strip().lower()
    if items_of(crs):
        # A projected system also names the degrees it is projected from.
        return not _PROJECTED.search(text) and bool(_DEGREES.search(text)), ()
    note = (
        "the file does not say what its coordinates are: by their size taken as "
        f"{'degrees' if fits else 'metres'}; roads.coordinates can say otherwise"
    )
    return fits, (note,)


def _centre(points: list[Point]) -> Point:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (math.fsum((min(xs), max(xs))) / 2, math.fsum((min(ys), max(ys))) / 2)
