"""Curves over the levels of an input, and where a target breaks along one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from analysis.figure.palette import (
    BLACK,
    BLUE,
    GREY,
    MINUTES,
    ORANGE,
    PALE,
    ending,
    grid,
    legend_under,
)
from analysis.sensitivity.breakeven import BreakEven
from analysis.sensitivity.edge import CELLS
from analysis.sensitivity.span import Span
from scenarios.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A number over the levels of an input, with a band and what is asked.

    Parameters
    ----------
    span
        The input.
    title, axis
        What is drawn, and in what.
    levels, values, low, high
        Shape (levels,); the band may be NaN.
    asked
        The line to reach; NaN for none.
    label
        Of this line among others.
    clock
        Writes the values where the axis is ``clock``.
    """

    span: Span
    title: str
    axis: str
    levels: Sequence[float]
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    asked: float
    label: str = ""
    clock: Clock | None = None


_STYLES = (
    (BLUE, "o", "-"),
    (ORANGE, "s", "--"),
    ("#009E73", "^", ":"),
    ("#CC79A7", "D", "-."),
    (BLACK, "v", (0, (5, 1, 1, 1))),
)
MOST_LINES = len(_STYLES)


def draw_curves(curves: Sequence[Curve], ax: Axes) -> Axes:
    """Draw lines over one input: one, or one for each level of another input."""
    first = curves[0]
    for curve, (colour, marker, line) in zip(curves, _STYLES, strict=False):
        ax.fill_between(
            curve.levels, curve.low, curve.high, color=colour, alpha=0.18, linewidth=0
        )
        ax.plot(
            curve.levels,
            curve.values,
            color=colour,
            marker=marker,
            linestyle=line,
            markersize=4.5,
            label=curve.label,
        )
    if isfinite(first.asked):
        ax.axhline(first.asked, color=BLACK, linewidth=1.8, linestyle=(0, (4, 2)))
        place = (1.0, first.asked)
        ax.annotate(
            "asked",
            place,
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    if first.span.nominal is not None:
        ax.axvline(first.span.nominal, color=GREY, linewidth=0.9, linestyle=":")
    level_axis(ax, first.span)
    _value_axis(ax, first)
    ax.set_title(first.title)
    grid(ax, "y")
    if len(curves) > 1:
        legend_under(ax, 2)
    return ax


def _value_axis(ax: Axes, curve: Curve) -> None:
    clock, label = curve.clock, curve.axis
    if curve.axis.startswith("share"):
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    elif curve.axis == "clock" and clock is not None:
        ax.yaxis.set_major_locator(MaxNLocator(6, steps=MINUTES))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda at, _: clock.text(at)))
        label = f"clock time, D = {clock.day}"
    ax.set_ylabel(label)


def level_axis(ax: Axes, span: Span) -> None:
    """Give the x axis the levels of an input, as people write them."""
    way = span.input.way
    unit = "relative to the scenario" if way == "factor" else "added" * (way == "add")
    name = ending(span.input.title, 60)
    ax.set_xlabel(f"{name}, {unit}" if unit else name)

    def text(level: float, _: object) -> str:
        return span.text(level)

    ax.xaxis.set_major_locator(MaxNLocator(7, integer=span.whole))
    ax.xaxis.set_major_formatter(FuncFormatter(text))


def draw_edge(found: BreakEven, ax: Axes) -> Axes:
    """Draw the share of days over one input, and where the target breaks."""
    curve = Curve(
        span=found.span,
        title=found.target,
        axis="share of days",
        levels=[found.level(cell) for cell, *_ in found.seen],
        values=[held / days for _, held, days, *_ in found.seen],
        low=[low for *_, low, _ in found.seen],
        high=[high for *_, high in found.seen],
        asked=found.asked,
    )
    edge = found.edge
    if isfinite(edge.held):
        least = edge.met if isfinite(edge.met) else _far(edge.held, edge.broken)
        most = edge.missed if isfinite(edge.missed) else _far(edge.broken, edge.held)
        ax.axvspan(found.level(least), found.level(most), color=PALE, linewidth=0)
    draw_curves([curve], ax)
    ax.set_ylim(-0.03, 1.03)
    return ax


def _far(from_: float, other: float) -> float:
    """Give the end of the span on the side of one cell."""
    return float(CELLS) if from_ > other else 0.0
