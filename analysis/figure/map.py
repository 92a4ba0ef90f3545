"""The road map of one day: stations, bases, incidents, closed roads."""

from math import cos, floor, log10, pi, sin, sqrt
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from analysis.figure.label import draw_labels
from analysis.figure.palette import (
    BLACK,
    BLUE,
    DARK,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    legend_under,
    shorten,
    width_of,
)
from analysis.figure.scene import Box, Line, RoadScene
from scenarios.road.network import Point

ROAD = "#A6A6A6"
_MARKS = (
    ("o", VERMILION),
    ("v", ORANGE),
    ("D", PURPLE),
    ("P", SKY),
    ("X", GREEN),
    ("*", YELLOW),
    ("<", VERMILION),
    (">", ORANGE),
    ("h", PURPLE),
    ("p", SKY),
)


_SITE: dict[str, Any] = {
    "marker": "s",
    "color": "white",
    "markeredgecolor": BLUE,
    "markeredgewidth": 1.8,
    "markersize": 8.0,
}
_MOVE = {"arrowstyle": "->", "color": BLUE, "linewidth": 1.4, "shrinkB": 5.0}


def draw_map(scene: RoadScene, ax: Axes) -> Axes:
    """Draw the roads, the places, the incidents and what was closed."""
    west, south, east, north = scene.box
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(True)
    roads = LineCollection(_lines(scene.roads), colors=ROAD, linewidths=1.0)
    ax.add_collection(roads, autolim=False)
    _draw_closed(scene, ax)
    _draw_places(scene, ax)
    legend_under(ax, 3, drop=0.12, handles=_legend(scene))
    metres = _metres_a_point(ax)
    spots = _spots(scene, metres)
    _draw_incidents(scene, spots, ax)
    draw_scale(scene.box, _crowd(scene), metres, ax)
    draw_labels(scene, spots, metres, ax)
    return ax


def _lines(roads: tuple[Line, ...]) -> list[np.ndarray]:
    return [np.array(line) for line in roads]


def _draw_closed(scene: RoadScene, ax: Axes) -> None:
    """Black with light gaps: it stands out in colour, in grey and over other roads."""
    lines = _lines(scene.closed)
    edge = LineCollection(lines, colors=BLACK, linewidths=3.8, zorder=2.5)
    core = LineCollection(
        lines, colors="white", linewidths=2.0, linestyles=[(0, (1.2, 1.2))], zorder=2.6
    )
    ax.add_collection(edge, autolim=False)
    ax.add_collection(core, autolim=False)


def _draw_places(scene: RoadScene, ax: Axes) -> None:
    for points, marker, colour, size in (
        (scene.others, "o", GREY, 3.5),
        (scene.bases, "^", DARK, 8.0),
        (scene.stations, "s", BLUE, 9.0),
    ):
        ax.plot(
            [x for x, _ in points.values()],
            [y for _, y in points.values()],
            linestyle="none",
            marker=marker,
            color=colour,
            markersize=size,
            markeredgecolor="white",
            zorder=4,
        )
    for start, site in scene.moves:
        ax.plot(*site, **_SITE, zorder=3.9)
        ax.annotate("", site, start, arrowprops=_MOVE, zorder=3.8)


def _metres_a_point(ax: Axes) -> float:
    """Give how many metres a printer's point is, once all has found its room."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    west, east = ax.get_xlim()
    return (east - west) / width_of(ax) / 72


def _spots(scene: RoadScene, metres: float) -> list[Point]:
    """Put the incidents around their places, those of one place on a spiral."""
    number: dict[Point, int] = {}
    spots = []
    for _, (x, y) in scene.incidents:
        i = number[x, y] = number.get((x, y), 0) + 1
        radius, angle = metres * (8 + 4.5 * sqrt(i)), i * pi * (3 - sqrt(5))
        spots.append((x + radius * cos(angle), y + radius * sin(angle)))
    return spots


def _marks(scene: RoadScene) -> dict[str, tuple[str, str]]:
    seen = {call.type for call, _ in scene.incidents}
    marks = {name: _MARKS[i % len(_MARKS)] for i, name in enumerate(scene.types)}
    return {name: mark for name, mark in marks.items() if name in seen}


def _draw_incidents(scene: RoadScene, spots: list[Point], ax: Axes) -> None:
    marks = _marks(scene)
    for (call, _), (x, y) in zip(scene.incidents, spots, strict=True):
        marker, colour = marks[call.type]
        ax.scatter(
            x,
            y,
            s=22 + 40 * (call.level - 1),
            marker=marker,
            color=colour,
            edgecolors=BLACK,
            linewidths=0.7,
            zorder=5,
        )


def _legend(scene: RoadScene) -> list[Artist]:
    handles: list[Artist] = [Line2D([], [], color=ROAD, linewidth=1.2, label="road")]
    if scene.closed:
        broken = Line2D([], [], color=BLACK, linewidth=3, linestyle=(0, (1.2, 0.8)))
        broken.set_label("road closed at some time")
        handles.append(broken)
    if scene.stations:
        handles.append(_mark("s", BLUE, "station", 9))
    if scene.moves:
        handles.append(
            Line2D([], [], linestyle="none", label="station moved here", **_SITE)
        )
    if scene.bases:
        handles.append(_mark("^", DARK, "base of units", 8))
    for name, (marker, colour) in _marks(scene).items():
        handles.append(_mark(marker, colour, f"incident: {shorten(name, 20)}", 7))
    if any(call.level > 1 for call, _ in scene.incidents):
        handles.append(Line2D([], [], linestyle="none", label="larger: higher level"))
    return handles


def _mark(marker: str, colour: str, label: str, size: float) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        color=colour,
        markersize=size,
        markeredgecolor="white" if marker in ("s", "^") else BLACK,
        label=label,
    )


# ---- scale -----------------------------------------------------------------------


def draw_scale(box: Box, crowd: np.ndarray, metres: float, ax: Axes) -> None:
    """Draw a bar of round length and an arrow to the north, in the emptiest corner.

    Parameters
    ----------
    box
        West, south, east, north of the map, metres.
    crowd
        Points that should not be covered, one a row.
    metres
        Of a printer's point on the map.
    ax
        The map.
    """
    west, south, east, north = box
    wide, high = east - west, north - south
    length = _round_length(wide / 4)
    right, top = _corner(box, crowd)
    x = east - 0.04 * wide - length if right else west + 0.04 * wide
    y = north - 0.16 * high if top else south + 0.06 * high
    ax.plot([x, x + length], [y, y], color=BLACK, linewidth=2.5, solid_capstyle="butt")
    text = f"{length / 1000:g} km" if length >= 100 else f"{length:g} m"
    ax.text(x + length / 2, y - 3 * metres, text, ha="center", va="top", fontsize=8.5)
    ax.annotate(
        "",
        (x + length / 2, y + 26 * metres),
        (x + length / 2, y + 5 * metres),
        arrowprops={"arrowstyle": "-|>", "color": BLACK, "linewidth": 1.4},
    )
    ax.text(
        x + length / 2, y + 27 * metres, "N", ha="center", va="bottom", weight="bold"
    )


def _round_length(most: float) -> float:
    """Give the longest of 1, 2, 5, 10 ... that is not above a length."""
    power = 10.0 ** floor(log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)


def _corner(box: Box, crowd: np.ndarray) -> tuple[bool, bool]:
    """Find the corner of the map with the fewest points in it."""
    west, south, east, north = box
    x = (crowd[:, 0] - west) / (east - west)
    y = (crowd[:, 1] - south) / (north - south)

    def many(corner: tuple[bool, bool]) -> int:
        right, top = corner
        beside = x > 0.68 if right else x < 0.32
        level = y > 0.78 if top else y < 0.22
        return int((beside & level).sum())

    return min(((r, t) for r in (False, True) for t in (False, True)), key=many)


def _crowd(scene: RoadScene) -> np.ndarray:
    return np.array(
        [p for line in (*scene.roads, *scene.closed) for p in line]
        + [p for group in (scene.stations, scene.bases) for p in group.values()] * 20
    )
