"""Sensitivity drawn: tornado bars, Sobol indices, curves over an input."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from analysis.figure.palette import (
    BLACK,
    BLUE,
    DARK,
    GREY,
    ORANGE,
    PALE,
    empty,
    grid,
    legend_under,
    shorten,
)
from analysis.sensitivity.breakeven import BreakEven
from analysis.sensitivity.outcome import Outcome
from analysis.sensitivity.sobol import Share
from analysis.sensitivity.span import Span
from analysis.sensitivity.tornado import Bar

MOST_INPUTS = 15
LETTERS = 38


def draw_tornado(bars: Sequence[Bar], ax: Axes) -> Axes:
    """Draw one outcome: how far each input moves it, the widest on top."""
    shown = [bar for bar in bars if isfinite(bar.width) and bar.width][:MOST_INPUTS]
    if not shown:
        return empty(ax, "no input moves it")
    outcome, nominal = shown[0].outcome, shown[0].nominal
    for row, bar in enumerate(shown):
        ends = (
            (bar.at_low, BLUE, "", bar.span.low),
            (bar.at_high, ORANGE, "////", bar.span.high),
        )
        for end, (value, colour, hatch, level) in enumerate(ends):
            label = ("low end of the input", "high end of the input")[end]
            ax.barh(
                row,
                value - nominal,
                left=nominal,
                height=0.6,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                linewidth=0.0,
                label=label if row == 0 else "_",
            )
            if value != nominal:
                _name_end(ax, (value, row), bar.span.text(level), value > nominal)
        _whiskers(ax, bar, row, nominal)
    ax.axvline(nominal, color=BLACK, linewidth=1.0)
    names = [_ending(bar.span.input.title) for bar in shown]
    _rows(ax, names)
    ax.margins(x=0.16)
    ax.set_title(outcome.title)
    _outcome_axis(ax, outcome)
    return ax


def _ending(title: str) -> str:
    """Cut a title that is too long from the front: a path says most at its end."""
    return title if len(title) <= LETTERS else f"...{title[3 - LETTERS :]}"


def _name_end(ax: Axes, at: tuple[float, float], text: str, right: bool) -> None:
    ax.annotate(
        text,
        at,
        xytext=(4 if right else -4, 8),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=7.5,
        color=DARK,
        annotation_clip=False,
    )


def _whiskers(ax: Axes, bar: Bar, row: int, nominal: float) -> None:
    for change in (bar.to_low, bar.to_high):
        if isfinite(change.low) and change.low != change.high:
            ends = [nominal + change.low, nominal + change.high]
            if bar.outcome.unit == "share":
                ends = [min(max(end, 0.0), 1.0) for end in ends]
            ax.plot(ends, [row, row], color=BLACK, linewidth=1.3, solid_capstyle="butt")


def _rows(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_color(GREY)
    grid(ax, "x")


def _outcome_axis(ax: Axes, outcome: Outcome) -> None:
    if outcome.unit == "share":
        ax.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        ax.set_xlabel("share of days" if outcome.held else "share")
    elif outcome.unit == "clock":
        ax.set_xlabel("minutes from the start of the scenario")
    else:
        ax.set_xlabel(outcome.unit)


def draw_sobol(share: Share, spans: Sequence[Span], ax: Axes) -> Axes:
    """Draw first and total indices of one outcome, with their intervals."""
    indices = share.indices
    order = np.argsort(-indices.total, kind="stable")[:MOST_INPUTS]
    marks = (
        ("first", "alone", "o", BLUE, -0.14),
        ("total", "with its interplay", "s", ORANGE, 0.14),
    )
    for name, label, marker, colour, shift in marks:
        values = getattr(indices, name)[order]
        rows = np.arange(len(order)) + shift
        low = getattr(indices, f"{name}_low")[order]
        high = getattr(indices, f"{name}_high")[order]
        ax.hlines(rows, low, high, color=BLACK, linewidth=1.2)
        ax.plot(
            values,
            rows,
            marker,
            color=colour,
            markeredgecolor=BLACK,
            markersize=6.5,
            label=label,
        )
    _rows(ax, [_ending(spans[i].input.title) for i in order])
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_xlim(-0.25, 1.35)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.set_title(share.outcome.title)
    ax.set_xlabel("share of the variance between points that the input brings about")
    return ax


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
    if first.axis.startswith("share"):
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.set_ylabel(first.axis)
    ax.set_title(first.title)
    grid(ax, "y")
    if len(curves) > 1:
        legend_under(ax, 2)
    return ax


def level_axis(ax: Axes, span: Span) -> None:
    """Give the x axis the levels of an input, as people write them."""
    way = span.input.way
    unit = "relative to the scenario" if way == "factor" else "added" * (way == "add")
    name = shorten(span.input.title, 60)
    ax.set_xlabel(f"{name}, {unit}" if unit else name)

    def text(level: float, _: object) -> str:
        return span.text(level)

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
    return 64.0 if from_ > other else 0.0
