"""The picture of a search: what each plan costs, and on how many days it holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from analysis.figure.palette import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    VERMILION,
    canvas,
    empty,
    grid,
    legend_under,
    look,
)

# role: marker, size, face, edge, label
_MARKS = {
    "cut short": ("x", 22.0, GREY, GREY, "tried, cut short on its hardest days"),
    "tried": ("o", 26.0, "white", BLUE, "tried on 60 days or more"),
    "tested": ("s", 42.0, VERMILION, BLACK, "tested on days of its own, not taken"),
    "start": ("D", 40.0, "white", BLACK, "the starting plan"),
    "winner": ("*", 230.0, GREEN, BLACK, "the plan chosen"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A plan in the picture.

    Parameters
    ----------
    cost
        Of the plan.
    share
        Of days on which every target held.
    role
        ``cut short``, ``tried``, ``tested``, ``start`` or ``winner``.
    """

    cost: float
    share: float
    role: str


def draw_plans(points: Sequence[Point], ax: Axes) -> Axes:
    """Draw every plan that was tried: cost against share of days all targets held."""
    if not points:
        return empty(ax, "no plan was tried")
    for order, (role, (marker, size, face, edge, label)) in enumerate(_MARKS.items()):
        found = [point for point in points if point.role == role]
        if found:
            ax.scatter(
                [point.cost for point in found],
                [point.share for point in found],
                s=size,
                marker=marker,
                linewidths=1.0,
                color=face if marker == "x" else None,
                facecolors=None if marker == "x" else face,
                edgecolors=None if marker == "x" else edge,
                label=label,
                zorder=3 + order,
                clip_on=False,
            )
    ax.set_ylim(0, 1)
    ax.margins(x=0.04)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set_ylabel("share of days on which every target held")
    ax.set_xlabel("cost of the plan, in the money of the scenario")
    grid(ax, "y")
    legend_under(ax, 2)
    return ax


def plans_figure(points: Sequence[Point]) -> Figure:
    """Draw the picture of a search."""
    with look():
        figure = canvas(4.4)
        draw_plans(points, figure.subplots())
        return figure
