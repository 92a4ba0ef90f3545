"""Names on a map, each written where it covers least."""

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from analysis.figure.palette import BLACK, DARK
from analysis.figure.scene import Box, RoadScene
from scenarios.road.network import Point

MOST_LABELS = 60
_EAST, _WEST, _NORTH, _SOUTH = (1, 0), (-1, 0), (0, 1), (0, -1)
_CORNERS = ((1, 1), (-1, 1), (1, -1), (-1, -1))
_SIDES = (_EAST, _WEST, _NORTH, _SOUTH, *_CORNERS)


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a point.

    Parameters
    ----------
    text
        What is written.
    point
        Metres.
    size, weight
        Of the letters, points; of the font.
    must
        Whether it is written even when it covers something.
    """

    text: str
    point: Point
    size: float
    weight: str
    must: bool


def _labels(scene: RoadScene) -> list[Label]:
    """List the names, the most important first."""
    stations = [Label(n, p, 9.5, "bold", True) for n, p in scene.stations.items()]
    away = [_at_the_edge(n, p, scene.box) for n, p in scene.away.items()]
    bases = [Label(n, p, 8.0, "normal", True) for n, p in scene.bases.items()]
    others = [Label(n, p, 7.5, "normal", False) for n, p in scene.others.items()]
    return [*stations, *away, *bases, *others][:MOST_LABELS]


def _at_the_edge(name: str, point: Point, box: Box) -> Label:
    """Point out where a place lies that is off the map."""
    west, south, east, north = box
    x, y = min(max(point[0], west), east), min(max(point[1], south), north)
    arrows = ("\u2190", "\u2192", "\u2193", "\u2191")
    off = (west - point[0], point[0] - east, south - point[1], point[1] - north)
    arrow = arrows[off.index(max(off))]
    text = f"{name} {arrow}" if arrow == arrows[1] else f"{arrow} {name}"
    return Label(text, (x, y), 8.5, "bold", True)


def draw_labels(scene: RoadScene, spots: list[Point], metres: float, ax: Axes) -> Axes:
    """Write the names of the places.

    Parameters
    ----------
    scene
        Whose places.
    spots
        Where the incidents are drawn; names keep clear of them.
    metres
        Of a printer's point on the map.
    ax
        The map.
    """
    points = [*scene.stations.values(), *scene.bases.values(), *scene.others.values()]
    taken = [_around(p, 4.5 * metres) for p in points]
    taken += [_around(p, 3.5 * metres) for p in spots]
    taken += _outside(scene.box)
    for label in _labels(scene):
        boxes = [_room(label, side, metres) for side in _SIDES]
        covered = [_covered(box, taken) for box in boxes]
        best = min(range(len(boxes)), key=covered.__getitem__)
        if covered[best] == 0 or label.must:
            taken.append(boxes[best])
            _write(label, boxes[best], ax)
    return ax


def _write(label: Label, room: Box, ax: Axes) -> None:
    left, low, right, high = room
    ax.text(
        (left + right) / 2,
        (low + high) / 2,
        label.text,
        ha="center",
        va="center",
        fontsize=label.size,
        weight=label.weight,
        color=BLACK if label.must else DARK,
        path_effects=[withStroke(linewidth=2.2, foreground="white")],
        zorder=6,
        clip_on=True,
    )


def _around(point: Point, radius: float) -> Box:
    x, y = point
    return x - radius, y - radius, x + radius, y + radius


def _outside(box: Box) -> list[Box]:
    """Give what lies off the map, as boxes: no name may reach over the edge."""
    west, south, east, north = box
    wide, high = east - west, north - south
    return [
        (west - wide, south - high, west, north + high),
        (east, south - high, east + wide, north + high),
        (west - wide, south - high, east + wide, south),
        (west - wide, north, east + wide, north + high),
    ]


def _room(label: Label, side: tuple[int, int], metres: float) -> Box:
    """Give the room a name takes on one side of its point."""
    wide = (0.62 * len(label.text) + 0.3) * label.size * metres
    high = 1.15 * label.size * metres
    gap = 5.5 * metres
    x = label.point[0] + side[0] * (wide / 2 + gap)
    y = label.point[1] + side[1] * (high / 2 + gap)
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _covered(box: Box, taken: Iterable[Box]) -> float:
    """Give the area of a box that others have taken."""
    total = 0.0
    for other in taken:
        wide = min(box[2], other[2]) - max(box[0], other[0])
        high = min(box[3], other[3]) - max(box[1], other[1])
        total += max(wide, 0.0) * max(high, 0.0)
    return total
