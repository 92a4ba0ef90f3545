"""What each inject costs: bars from zero, the longest on top."""

from collections.abc import Sequence
from math import isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figure.forest import MOST_PANELS, UNITS, Change, Panel
from analysis.figure.palette import (
    BLACK,
    DARK,
    GREEN,
    PALE,
    VERMILION,
    Paint,
    canvas,
    grid,
    shorten,
)

MOST_BARS = 12
_PAINTS = {
    "worse": Paint(VERMILION, "xxxx"),
    "better": Paint(GREEN),
    "higher": Paint(DARK, "////"),
    "lower": Paint(DARK, "////"),
}


def draw_tornado(panels: Sequence[Panel]) -> Figure:
    """Draw the panels two by two, each with its own scale."""
    shown = list(panels)[:MOST_PANELS]
    columns = 2 if len(shown) > 1 else 1
    rows = -(-len(shown) // columns) or 1
    most = max((len(panel.changes) for panel in shown), default=1)
    figure = canvas((0.85 + 0.21 * min(most, MOST_BARS)) * rows + 0.3)
    axes = figure.subplots(rows, columns, squeeze=False)
    for i, ax in enumerate(axes.flat):
        if i < len(shown):
            draw_costs(shown[i], ax)
        else:
            ax.set_axis_off()
    return figure


def draw_costs(panel: Panel, ax: Axes) -> Axes:
    """Draw one measure: a bar for each inject, with its interval; longest on top."""
    changes = sorted(
        (change for change in panel.changes if isfinite(change.difference)),
        key=lambda change: -abs(change.difference),
    )[:MOST_BARS]
    factor = 100.0 if panel.unit == "share" else 1.0
    for row, change in enumerate(changes):
        _draw_bar(change, factor, row, ax)
    ax.axvline(0, color=BLACK, linewidth=1)
    ax.set_yticks(range(len(changes)), [shorten(c.label, 20) for c in changes])
    ax.set_ylim(len(changes) - 0.5, -0.5)
    ax.set_title(shorten(panel.title, 44))
    side = {"lower": ", right is worse", "higher": ", left is worse"}
    ax.set_xlabel(UNITS[panel.unit] + side.get(panel.better, ""), fontsize=8.5)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.margins(x=0.08)
    grid(ax, "x")
    return ax


def _draw_bar(change: Change, factor: float, row: int, ax: Axes) -> None:
    paint = _PAINTS.get(change.verdict, Paint(PALE))
    ax.barh(
        row,
        change.difference * factor,
        height=0.62,
        color=paint.colour,
        hatch=paint.hatch,
        edgecolor=paint.ink if paint.hatch else DARK,
        linewidth=0.6,
    )
    if isfinite(change.low) and isfinite(change.high):
        ends = [change.low * factor, change.high * factor]
        ax.plot(ends, [row, row], color="white", linewidth=3.4)
        ax.plot(ends, [row, row], "|-", color=BLACK, linewidth=1.3, markersize=7)
