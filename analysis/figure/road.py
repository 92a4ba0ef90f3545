"""The map of a road network: what a road file holds, before anything is played."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from analysis.figure import png
from analysis.figure.map import draw_scale
from analysis.figure.palette import (
    BLACK,
    BLUE,
    DARK,
    VERMILION,
    WIDTH,
    canvas,
    legend_under,
    look,
    shorten,
)
from scenarios.problem import fail
from scenarios.road.network import Point

if TYPE_CHECKING:
    from scenarios.road.network import Graph

Line = list[Point]
# Widths and greys by class, thick and dark for what carries most.
_RANKS = (
    ("motorway, trunk", ("motorway", "trunk"), 2.9, "#222222"),
    ("primary", ("primary",), 2.3, "#3D3D3D"),
    ("secondary, tertiary", ("secondary", "tertiary"), 1.6, "#636363"),
    ("minor road", (), 0.9, "#909090"),
    ("service, track, path", ("service", "track"), 0.5, "#ABABAB"),
)
_MINOR = 3
_PATHS = ("footway", "path", "steps", "pedestrian", "cycleway", "bridleway", "corridor")
MOST_NAMES = 12
_SUFFIXES = re.compile(
    r"(\.(osm|xml|pbf|gz|bz2|graphml|geojson|json|csv|txt|tsv|ya?ml))+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadPicture:
    """What the map of a road network shows, metres.

    Parameters
    ----------
    ranks
        Lines of the roads by rank, from the most important on.
    ferries
        Lines of ferries.
    dead_ends
        Nodes without a way out, or without a way in.
    outside
        Other nodes from which one cannot go to most others and come back.
    names
        Names of streets with the lines they may be written along, longest first.
    box
        West, south, east, north.
    """

    ranks: tuple[list[Line], ...]
    ferries: list[Line]
    dead_ends: list[Point]
    outside: list[Point]
    names: list[tuple[str, Line]] = field(default_factory=list)
    box: tuple[float, float, float, float]


def picture_of(graph: "Graph") -> RoadPicture:
    """Gather the map of a road network.

    Parameters
    ----------
    graph
        See `scenarios.road.network`.
    """
    roads = {data["id"]: data for *_, data in graph.edges(data=True)}
    ranks: tuple[list[Line], ...] = tuple([] for _ in _RANKS)
    for data in roads.values():
        if data["road"] != "ferry":
            ranks[_rank(data["road"])].append(data["geometry"])
    strong: set[str] = max(nx.strongly_connected_components(graph), key=len)
    ends = {n for n in graph if not graph.out_degree(n) or not graph.in_degree(n)}
    told = strong | ends
    at = {node: (data["x"], data["y"]) for node, data in graph.nodes(data=True)}
    return RoadPicture(
        ranks=ranks,
        ferries=[d["geometry"] for d in roads.values() if d["road"] == "ferry"],
        dead_ends=[at[node] for node in graph if node in ends],
        outside=[at[node] for node in graph if node not in told],
        names=_names(roads.values()),
        box=_box(_points(data["geometry"] for data in roads.values())),
    )


def _rank(road: str) -> int:
    if road in _PATHS:
        return len(_RANKS) - 1
    found = [i for i, (_, classes, *_) in enumerate(_RANKS) if road in classes]
    return found[0] if found else _MINOR


def _names(roads: Iterable[dict[str, Any]]) -> list[tuple[str, Line]]:
    """Choose for each street its longest road; the longest streets first."""
    whole: dict[str, float] = {}
    best: dict[str, tuple[float, Line]] = {}
    for data in roads:
        name, length = data["name"], data["length"] / (1 + _rank(data["road"]))
        if name:
            whole[name] = whole.get(name, 0.0) + length
            best[name] = max(best.get(name, (0.0, [])), (length, data["geometry"]))
    order = sorted(whole, key=lambda name: (-whole[name], name))
    return [(name, best[name][1]) for name in order[: 5 * MOST_NAMES]]


def _points(lines: Iterable[Line]) -> NDArray[np.float64]:
    """Give the points of all lines, shape (points, 2)."""
    points = chain.from_iterable(lines)
    return np.fromiter(chain.from_iterable(points), np.float64).reshape(-1, 2)


def _box(points: NDArray[np.float64]) -> tuple[float, float, float, float]:
    west, south = points.min(axis=0).tolist()
    east, north = points.max(axis=0).tolist()
    margin = max(0.04 * max(east - west, north - south), 10.0)
    x_more = max(0.0, (north - south) * 0.75 - (east - west)) / 2 + margin
    y_more = max(0.0, (east - west) / 3.0 - (north - south)) / 2 + margin
    return west - x_more, south - y_more, east + x_more, north + y_more


def draw_roads(data: RoadPicture, ax: Axes) -> Axes:
    """Draw a road network: classes by width and shade, and where one gets stuck."""
    west, south, east, north = data.box
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(True)
    thin = _thinner(data)
    for lines, (_, _, width, shade) in zip(data.ranks, _RANKS, strict=True):
        _lines(lines, ax, colors=shade, linewidths=width * thin, zorder=2 + width / 10)
    style = [(0, (4.0, 2.0))]
    _lines(data.ferries, ax, colors=BLUE, linewidths=1.8, linestyles=style, zorder=2.5)
    _marks(data.outside, ax, "o", 3.2)
    _marks(data.dead_ends, ax, "v", 5.0)
    legend_under(ax, 3, drop=0.12, handles=_legend(data))
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    metres = (east - west) / ax.get_window_extent().width * figure.dpi / 72
    crowd = _points(line for lines in data.ranks for line in lines)
    draw_scale(data.box, crowd, metres, ax)
    _write(data.names, metres, ax)
    return ax


def _thinner(data: RoadPicture) -> float:
    """Draw large networks with thinner lines: 1 for a quarter, 0.4 for a country."""
    many = sum(map(len, data.ranks))
    return 1.0 if many < 1500 else 0.7 if many < 10_000 else 0.4


def _lines(lines: list[Line], ax: Axes, **look_: Any) -> None:
    drawn = LineCollection(
        [np.array(line) for line in lines],
        capstyle="round",
        **look_,
    )
    ax.add_collection(drawn, autolim=False)


def _marks(points: list[Point], ax: Axes, marker: str, size: float) -> None:
    ax.plot(
        [x for x, _ in points],
        [y for _, y in points],
        linestyle="none",
        marker=marker,
        markersize=size,
        color=VERMILION if marker == "v" else "white",
        markeredgecolor=BLACK,
        markeredgewidth=0.7,
        zorder=4,
    )


def _legend(data: RoadPicture) -> list[Artist]:
    handles: list[Artist] = [
        Line2D([], [], color=shade, linewidth=width, label=label)
        for lines, (label, _, width, shade) in zip(data.ranks, _RANKS, strict=True)
        if lines
    ]
    if data.ferries:
        dashed = Line2D([], [], color=BLUE, linewidth=1.8, linestyle=(0, (4.0, 2.0)))
        dashed.set_label("ferry")
        handles.append(dashed)
    for points, marker, colour, label in (
        (data.dead_ends, "v", VERMILION, "one-way dead end"),
        (data.outside, "o", "white", "no way there and back"),
    ):
        if points:
            mark = Line2D([], [], linestyle="none", marker=marker, color=colour)
            mark.set_markeredgecolor(BLACK)
            mark.set_label(label)
            handles.append(mark)
    return handles


def _write(names: list[tuple[str, Line]], metres: float, ax: Axes) -> None:
    """Write names along streets that are long enough, none over another."""
    taken: list[tuple[float, float, float]] = []
    size = 6.5
    for full, line in names:
        name = shorten(full, 26)
        half = 0.31 * len(name) * size * metres
        (x, y), angle, room = _middle(line)
        near = any(hypot(x - a, y - b) < half + c for a, b, c in taken)
        if len(taken) < MOST_NAMES and room > 1.2 * half and not near:
            taken.append((x, y, half))
            ax.text(
                *(x, y, name),
                ha="center",
                va="center",
                rotation=angle,
                rotation_mode="anchor",
                fontsize=size,
                color=DARK,
                path_effects=[withStroke(linewidth=1.8, foreground="white")],
                zorder=5,
                clip_on=True,
            )


def _middle(line: Line) -> tuple[Point, float, float]:
    """Give the middle of a line, its direction there (degrees), its straight length."""
    points = np.array(line)
    steps = np.hypot(*np.diff(points, axis=0).T)
    done = np.concatenate([[0.0], np.cumsum(steps)])
    half = [float(np.interp(done[-1] / 2, done, points[:, axis])) for axis in (0, 1)]
    ends = [
        np.array([np.interp(done[-1] * f, done, points[:, axis]) for axis in (0, 1)])
        for f in (0.25, 0.75)
    ]
    dx, dy = ends[1] - ends[0]
    angle = float(np.degrees(np.arctan2(dy, dx)))
    angle -= 180.0 * round(angle / 180.0)
    return (half[0], half[1]), angle, float(np.hypot(*(points[-1] - points[0])))


def roads_figure(graph: "Graph") -> Figure:
    """Draw the map of a road network, as high as the land asks for."""
    data = picture_of(graph)
    west, south, east, north = data.box
    high = min(max((north - south) / (east - west) * WIDTH, 3.0), 9.5)
    with look():
        figure = canvas(high + 0.75)
        draw_roads(data, figure.subplots())
    return figure


def write_map(figure: Figure, out: Path | None, source: str) -> Path:
    """Write the map whole or not at all.

    Parameters
    ----------
    figure
        From `roads_figure`.
    out
        A PNG file, or a folder for ``NAME-roads.png``; default ``muster-out``.
    source
        The file it was drawn from, which gives it its name and is never overwritten.

    Raises
    ------
    ScenarioError
        When it cannot be written.
    """
    stem = _SUFFIXES.sub("", Path(source).resolve().name) or "roads"
    folder = Path("muster-out") if out is None else out
    path = folder / f"{stem}-roads.png"
    if out is not None and out.suffix.lower() == ".png":
        path = out
    if path.is_dir() or (path.exists() and path.read_bytes()[:4] != b"\x89PNG"):
        raise fail(f"--out {path}", "exists and is no picture; choose another name")
    if folder.is_file() and path != out:
        raise fail(f"--out {out}", "is no folder, and no name of a PNG file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(png(figure))
        beside.replace(path)
    except OSError as error:
        raise fail(f"--out {path}", f"cannot be written: {error.strerror}") from None
    return path
