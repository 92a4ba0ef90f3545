"""The line at each station over the day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.day import Day, grid_times
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
    SKY,
    VERMILION,
    canvas,
    clock_axis,
    grid,
    shorten,
)
from scenarios.clock import Clock

MOST_PANELS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The line at one station over the day, on every replication.

    Parameters
    ----------
    station, title
        Whose line.
    clock
        Of the scenario.
    opens, closes
        Hours as the scenario has them, minutes from the start.
    later
        The close in force in the end, on each replication.
    times
        The moments of the grid, shape (moments,).
    lines
        Voters in line, shape (replications, moments).
    suspended
        From when to when voting was suspended on the day that stands for all.
    """

    station: str
    title: str
    clock: Clock
    opens: float
    closes: float
    times: Floats
    lines: Floats
    suspended: tuple[tuple[float, float], ...] = ()
    later: tuple[float, ...] = ()


def queues_of(experiment: Experiment, day: Day | None = None) -> list[Queue]:
    """Gather the lines of the stations; of very many, those with the longest.

    Parameters
    ----------
    experiment
        Whose replications.
    day
        The day whose suspensions are marked, if any.
    """
    setting = experiment.setting
    times = grid_times(setting.clock.minutes)
    names = list(setting.stations)
    found = []
    for i in _longest(experiment):
        station = setting.stations[names[i]]
        found.append(
            Queue(
                station=names[i],
                title=station.title,
                clock=setting.clock,
                opens=station.opens,
                closes=station.closes,
                times=times,
                lines=np.array([r.lines[i] for r in experiment.replications], float),
                suspended=tuple(day.suspensions[names[i]]) if day else (),
                later=tuple(r.closes[i] for r in experiment.replications),
            )
        )
    return found


def _longest(experiment: Experiment) -> list[int]:
    """Choose the stations that are shown: all, or those with the longest lines."""
    number = len(experiment.setting.stations)
    if number <= MOST_PANELS:
        return list(range(number))
    peaks = np.mean([r.lines.max(axis=1) for r in experiment.replications], axis=0)
    return [int(i) for i in np.argsort(-peaks, kind="stable")[:MOST_PANELS]]


def draw_queue(queue: Queue, ax: Axes) -> Axes:
    """Draw the line at one station: median, 10 to 90 %, least to most."""
    lines, times = queue.lines, queue.times
    _draw_extremes(queue, ax)
    draw_band(lines, times, ax, BLUE)
    ax.plot(times, median_of(lines), color=DARK, linewidth=1.4, label="median day")
    ax.set_ylim(0, max(float(lines.max(initial=0.0)) * 1.18, 5.0))
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.set_title(shorten(f"{queue.station}  {queue.title}".strip(), 27))
    grid(ax, "y")
    last = mark_hours(queue.opens, queue.closes, queue.later, ax)
    _mark_suspensions(queue, ax)
    clock_axis(ax, queue.clock, queue.opens - BEFORE, last + AFTER, named=False)
    return ax


def _draw_extremes(queue: Queue, ax: Axes) -> None:
    if len(queue.lines) > 1:
        low, high = queue.lines.min(axis=0), queue.lines.max(axis=0)
        label = "least to most of all days"
        ax.fill_between(
            queue.times, low, high, color=SKY, alpha=0.3, linewidth=0, label=label
        )


def _mark_suspensions(queue: Queue, ax: Axes) -> None:
    for start, stop in queue.suspended:
        ax.axvspan(
            start,
            stop,
            facecolor="none",
            edgecolor=VERMILION,
            hatch="////",
            linewidth=0,
            label="voting suspended, typical day",
        )


def draw_queues(queues: Sequence[Queue]) -> Figure:
    """Draw a panel for each station, one below and beside the other."""
    columns = min(len(queues), 3) or 1
    rows = -(-len(queues) // columns) or 1
    figure = canvas(0.7 + 1.75 * rows)
    axes = figure.subplots(rows, columns, squeeze=False)
    for i, ax in enumerate(axes.flat):
        if i < len(queues):
            draw_queue(queues[i], ax)
        else:
            ax.set_axis_off()
    if queues:
        for ax in axes[-1]:
            ax.set_xlabel(f"clock time, D = {queues[0].clock.day}", fontsize=8.5)
        figure.supylabel("voters in line, all stages", fontsize=9)
        legend_below(figure, columns=3)
    return figure


def legend_below(figure: Figure, columns: int) -> None:
    """Put one legend for all panels under them."""
    named = {}
    for ax in figure.axes:
        handles, labels = ax.get_legend_handles_labels()
        named.update(dict(zip(labels, handles, strict=True)))
    if named:
        figure.legend(
            list(named.values()),
            list(named),
            loc="outside lower center",
            ncols=columns,
        )
