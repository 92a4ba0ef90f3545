"""The Gantt chart of the units on one day."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from analysis.day import Day, Span
from analysis.figure.palette import (
    BLUE,
    DARK,
    FAINT,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    YELLOW,
    Paint,
    clock_axis,
    empty,
    legend_under,
    shorten,
    width_of,
)
from analysis.measure.unit import BUSY
from scenarios.clock import Clock
from simulator.log import Kind, Status

MOST_ROWS = 45
MOST_LEVELS = 5
LEGEND_COLUMNS = 4
_PAINTS = {
    Status.STANDBY: Paint(PALE),
    Status.PATROL: Paint(PALE, "....", DARK),
    Status.MOVING: Paint(FAINT, "////", GREY),
    Status.BREAK: Paint("white", "||||||", GREY),
    Status.OWN_WORK: Paint(PURPLE, "oo", DARK),
    Status.UNCALLED: Paint("white", "--", GREY),
    Status.CALLED_UP: Paint(YELLOW, "----", DARK),
    Status.TURNOUT: Paint(ORANGE),
    Status.EN_ROUTE: Paint(SKY, "//////", DARK),
    Status.ON_SCENE: Paint(BLUE),
    Status.TRANSPORT: Paint(BLUE, "||||"),
    Status.RETURNING: Paint(FAINT, "\\\\\\\\", GREY),
    Status.DUTY: Paint(GREEN, "xxxx"),
    Status.OUT: Paint(DARK, "++++"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What units did on one day.

    Parameters
    ----------
    clock
        Of the scenario.
    units
        The rows, from the top.
    spans
        Their time, in one status each.
    injects
        When and which.
    end
        Until when the day was played, minutes.
    """

    clock: Clock
    units: tuple[str, ...]
    spans: tuple[Span, ...]
    injects: tuple[tuple[float, str], ...]
    end: float


def chart_of(day: Day) -> Chart:
    """Gather what the units did; of very many units those that worked most."""
    units = list(day.setting.units)
    if len(units) > MOST_ROWS:
        work = dict.fromkeys(units, 0.0)
        for span in day.spans:
            work[span.unit] += span.end - span.start if span.status in BUSY else 0.0
        most = sorted(units, key=lambda unit: -work[unit])[:MOST_ROWS]
        units = [unit for unit in units if unit in most]
    return Chart(
        clock=day.setting.clock,
        units=tuple(units),
        spans=tuple(span for span in day.spans if span.unit in units),
        injects=tuple((r.time, r.subject) for r in day.log.of(Kind.INJECT)),
        end=day.log.end,
    )


def draw_units(chart: Chart, ax: Axes) -> Axes:
    """Draw a row for each unit, its statuses by colour and hatch."""
    if not chart.units:
        return empty(ax, "the plan has no units")
    for status in statuses(chart):
        _draw_status(status, chart, ax)
    rows = len(chart.units)
    ax.set_yticks(range(rows), [shorten(unit, 18) for unit in chart.units])
    ax.set_ylim(rows - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    clock_axis(ax, chart.clock, 0.0, chart.end)
    _mark_injects(chart, ax)
    _legend(statuses(chart), ax)
    return ax


def statuses(chart: Chart) -> list[Status]:
    """Give the statuses that are drawn, in the order of the legend."""
    seen = {span.status for span in chart.spans}
    return [status for status in _PAINTS if status in seen]


def _draw_status(status: Status, chart: Chart, ax: Axes) -> None:
    """Draw all stretches in one status."""
    rows = {unit: row for row, unit in enumerate(chart.units)}
    boxes = [
        _box(span.start, span.end, rows[span.unit])
        for span in chart.spans
        if span.status == status
    ]
    paint = _PAINTS[status]
    # Together: matplotlib spends far more on each collection than on what is in it.
    bars = PolyCollection(
        boxes,
        facecolor=paint.colour,
        edgecolor=paint.ink,
        hatch=paint.hatch,
        linewidth=0,
    )
    ax.add_collection(bars, autolim=False)


def _box(start: float, end: float, row: int) -> list[tuple[float, float]]:
    top, bottom = row - 0.38, row + 0.38
    return [(start, top), (start, bottom), (end, bottom), (end, top)]


def _legend(seen: Sequence[Status], ax: Axes) -> None:
    handles = [
        Patch(
            facecolor=_PAINTS[status].colour,
            edgecolor=_PAINTS[status].ink,
            hatch=_PAINTS[status].hatch,
            linewidth=0,
            label=status.value,
        )
        for status in seen
    ]
    legend_under(ax, LEGEND_COLUMNS, drop=0.6, handles=handles)


def _mark_injects(chart: Chart, ax: Axes) -> None:
    """Draw a line at each inject, its name above, close names one over the other."""
    inches = width_of(ax)
    ends: list[float] = []
    for time, name in chart.injects:
        ax.axvline(time, color=PURPLE, linewidth=1.2, linestyle=(0, (3, 2)))
        label = shorten(name, 12)
        begin = time / chart.end * inches
        level = next((i for i, end in enumerate(ends) if end < begin), len(ends))
        if level == MOST_LEVELS:
            continue
        ends[level : level + 1] = [begin + 0.085 * len(label) + 0.08]
        ax.annotate(
            label,
            (time, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3 + 11 * level),
            textcoords="offset points",
            ha="left" if level or begin < inches * 0.9 else "right",
            fontsize=8.5,
        )
