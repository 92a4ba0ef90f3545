"""Arrivals against votes over the day."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from analysis.day import grid_times
from analysis.experiment import Experiment
from analysis.figure.curve import (
    AFTER,
    BEFORE,
    Floats,
    draw_band,
    mark_hours,
    median_of,
)
from analysis.figure.palette import (
    BLUE,
    DARK,
    GREY,
    PALE,
    VERMILION,
    clock_axis,
    grid,
    legend_under,
)
from scenarios.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Who had come and who had voted, over the day, on every replication.

    Parameters
    ----------
    clock, opens, closes, times
        As in `Queue`; the first opening and the last close.
    later
        The last close in force in the end, on each replication.
    arrived, voted
        Voters, shape (replications, moments).
    """

    clock: Clock
    opens: float
    closes: float
    times: Floats
    arrived: Floats
    voted: Floats
    later: tuple[float, ...] = ()


def flow_of(experiment: Experiment, station: str | None = None) -> Flow:
    """Gather arrivals and votes of one station, or of all of them together."""
    setting = experiment.setting
    names = list(setting.stations)
    rows = [i for i, name in enumerate(names) if station in (None, name)]
    chosen = [setting.stations[names[i]] for i in rows]
    return Flow(
        clock=setting.clock,
        opens=min(s.opens for s in chosen),
        closes=max(s.closes for s in chosen),
        times=grid_times(setting.clock.minutes),
        arrived=_total([r.arrived[rows] for r in experiment.replications]),
        voted=_total([r.voted[rows] for r in experiment.replications]),
        later=tuple(max(r.closes[i] for i in rows) for r in experiment.replications),
    )


def _total(grids: list[NDArray[np.int32]]) -> Floats:
    return np.array([rows.sum(axis=0) for rows in grids], dtype=np.float64)


def draw_arrivals(flow: Flow, ax: Axes) -> Axes:
    """Draw who had come and who had voted; the gap is who is inside."""
    _draw_gap(flow, ax)
    draw_band(flow.arrived, flow.times, ax, VERMILION, named=False)
    draw_band(flow.voted, flow.times, ax, BLUE)
    for values, colour, style, label in (
        (flow.arrived, VERMILION, "--", "had come"),
        (flow.voted, BLUE, "-", "had voted in the room"),
    ):
        middle = median_of(values)
        ax.plot(flow.times, middle, style, color=colour, linewidth=1.7, label=label)
    _mark_widest_gap(flow, ax)
    last = mark_hours(flow.opens, flow.closes, flow.later, ax)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("voters")
    grid(ax, "y")
    clock_axis(ax, flow.clock, flow.opens - BEFORE, last + AFTER)
    legend_under(ax, 3, drop=0.62)
    return ax


def _draw_gap(flow: Flow, ax: Axes) -> None:
    ax.fill_between(
        flow.times,
        median_of(flow.voted),
        median_of(flow.arrived),
        facecolor=PALE,
        edgecolor=GREY,
        hatch="....",
        linewidth=0,
        label="inside, or gone without a vote",
    )


def _mark_widest_gap(flow: Flow, ax: Axes) -> None:
    came, voted = median_of(flow.arrived), median_of(flow.voted)
    open_now = flow.times <= max([flow.closes, *flow.later])
    at = int(np.argmax(np.where(open_now, came - voted, -1.0)))
    gap = came[at] - voted[at]
    if gap < 1:
        return
    time = float(flow.times[at])
    ax.plot([time, time], [voted[at], came[at]], color=DARK, linewidth=1.2)
    late = time > (flow.opens + flow.closes) / 2
    aside = (flow.closes - flow.opens) * (-0.04 if late else 0.04)
    ax.annotate(
        f"{gap:.0f} inside, or gone without\na vote, at {flow.clock.text(time)}",
        (time, voted[at]),
        (time + aside, 0.4 * voted[at]),
        ha="right" if late else "left",
        va="center",
        fontsize=8.5,
        arrowprops={"arrowstyle": "-", "color": DARK, "linewidth": 0.8},
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )
