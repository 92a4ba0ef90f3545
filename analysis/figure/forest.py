"""Differences with their intervals, a panel for each measure, a row for each plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figure.palette import (
    BLACK,
    GREEN,
    GREY,
    VERMILION,
    canvas,
    grid,
    shorten,
)

MOST_PANELS = 18
# By verdict: marker, colour, filled.
MARKS = {
    "better": ("o", GREEN, True),
    "worse": ("s", VERMILION, True),
    "higher": ("D", BLACK, True),
    "lower": ("D", BLACK, True),
}
_OPEN = ("o", GREY, False)
UNITS = {
    "share": "percentage points",
    "minutes": "minutes",
    "clock": "minutes",
    "count": "number a day",
    "km": "km",
    "hours": "hours",
    "money": "money",
    "number": "in its own unit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A mean difference, to be drawn.

    Parameters
    ----------
    label
        Whose.
    difference, low, high
        In the unit of its panel; low and high NaN or infinite where there is none.
    verdict
        In a word.
    """

    label: str
    difference: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The differences of one measure.

    Parameters
    ----------
    title, unit
        Of the measure; the unit as in `scenarios.measure`.
    better
        Which side is the better one: ``lower``, ``higher`` or ``neither``.
    changes
        A row each, from above.
    """

    title: str
    unit: str
    better: str
    changes: Sequence[Change]


def draw_forest(panels: Sequence[Panel]) -> Figure:
    """Draw the panels two by two, each with its own scale."""
    shown = list(panels)[:MOST_PANELS]
    columns = 2 if len(shown) > 1 else 1
    rows = -(-len(shown) // columns) or 1
    most = max((len(panel.changes) for panel in shown), default=1)
    figure = canvas((0.85 + 0.22 * most) * rows + 0.3)
    axes = figure.subplots(rows, columns, squeeze=False)
    for i, ax in enumerate(axes.flat):
        if i < len(shown):
            draw_panel(shown[i], ax)
        else:
            ax.set_axis_off()
    return figure


def draw_panel(panel: Panel, ax: Axes) -> Axes:
    """Draw one measure: zero, and each difference with its interval."""
    factor = 100.0 if panel.unit == "share" else 1.0
    for row, change in enumerate(panel.changes):
        _draw_change(change, factor, row, ax)
    ax.axvline(0, color=BLACK, linewidth=1)
    ax.set_yticks(
        range(len(panel.changes)), [shorten(c.label, 20) for c in panel.changes]
    )
    ax.set_ylim(len(panel.changes) - 0.5, -0.5)
    ax.set_title(shorten(panel.title, 44))
    ax.set_xlabel(UNITS[panel.unit] + _side(panel.better), fontsize=8.5)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.margins(x=0.08)
    grid(ax, "x")
    return ax


def _side(better: str) -> str:
    """Say on which side a plan is better."""
    if better == "neither":
        return ""
    return ", better to the left" if better == "lower" else ", better to the right"


def _draw_change(change: Change, factor: float, row: int, ax: Axes) -> None:
    if not isfinite(change.difference):
        return
    marker, colour, filled = MARKS.get(change.verdict, _OPEN)
    if isfinite(change.low) and isfinite(change.high):
        ends = np.array([change.low, change.high]) * factor
        ax.plot(ends, [row, row], color=colour, linewidth=2.2, solid_capstyle="butt")
        ax.plot(ends, [row, row], "|", color=colour, markersize=8, markeredgewidth=1.4)
    ax.plot(
        change.difference * factor,
        row,
        marker=marker,
        color=colour,
        markersize=6.5,
        markerfacecolor=colour if filled else "white",
        linestyle="none",
    )
