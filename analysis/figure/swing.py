"""Sensitivity drawn: tornado bars and Sobol indices."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from analysis.figure.palette import (
    BLACK,
    BLUE,
    DARK,
    GREY,
    MINUTES,
    ORANGE,
    empty,
    ending,
    grid,
)
from analysis.sensitivity.outcome import Outcome
from analysis.sensitivity.sobol import Share
from analysis.sensitivity.span import Span
from analysis.sensitivity.tornado import Bar

MOST_INPUTS = 15
_TINY = 0.02  # of the widest bar; shorter ones are named in the table alone
_MOST_SHARE = 2.5  # of the axis of Sobol indices; longer intervals run out of it


def draw_tornado(bars: Sequence[Bar], ax: Axes) -> Axes:
    """Draw one outcome: how far each input moves it, the widest on top."""
    shown = [bar for bar in bars if isfinite(bar.width) and bar.width][:MOST_INPUTS]
    if not shown:
        return empty(ax, "no input moves it")
    outcome, nominal = shown[0].outcome, shown[0].nominal
    for row, bar in enumerate(shown):
        _draw_bar(ax, bar, row, shown[0].width)
        _whiskers(ax, bar, row, nominal)
    ax.axvline(nominal, color=BLACK, linewidth=1.0)
    names = [ending(bar.span.input.title) for bar in shown]
    _rows(ax, names)
    ax.margins(x=0.16)
    ax.set_title(outcome.title)
    _outcome_axis(ax, outcome)
    return ax


def _draw_bar(ax: Axes, bar: Bar, row: int, widest: float) -> None:
    """Draw both ends of an input from all as written, each with its level."""
    nominal = bar.nominal
    ends = (
        (bar.at_low, BLUE, "", bar.span.low, "low end of the input"),
        (bar.at_high, ORANGE, "////", bar.span.high, "high end of the input"),
    )
    # The shorter one on top, should both lie on one side, and named below it.
    sides = (bar.at_low - nominal) * (bar.at_high - nominal)
    shorter = min(ends, key=lambda end: abs(end[0] - nominal)) if sides > 0 else None
    for number, end in enumerate(ends):
        value, colour, hatch, level, label = end
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
            zorder=2 + (end is shorter) + number / 10,
        )
        if abs(value - nominal) > _TINY * widest:
            up = -8 if end is shorter else 8
            _name_end(ax, (value, row), bar.span.text(level), (value > nominal, up))


def _name_end(
    ax: Axes, at: tuple[float, float], text: str, beside: tuple[bool, int]
) -> None:
    """Write a level beside the end of a bar: to the right or not, points above."""
    right, up = beside
    ax.annotate(
        text,
        at,
        xytext=(4 if right else -4, up),
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
            ax.plot(
                ends,
                [row, row],
                color=BLACK,
                linewidth=1.3,
                solid_capstyle="butt",
                zorder=4,
            )


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
        ax.xaxis.set_major_locator(MaxNLocator(5, steps=MINUTES))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda at, _: _time(outcome, at)))
        ax.set_xlabel(f"clock time, D = {outcome.clock.day}")
    else:
        ax.set_xlabel(outcome.unit)


def _time(outcome: Outcome, minute: float) -> str:
    """Write a clock time, to the second where the axis spans minutes."""
    return outcome.clock.text(minute, seconds=minute != round(minute))


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
    _rows(ax, [ending(spans[i].input.title) for i in order])
    ax.axvline(0, color=GREY, linewidth=0.8)
    ends = (indices.first_low, indices.first_high, indices.total_high)
    most = max(float(np.nanmax(end[order])) for end in ends)
    least = float(np.nanmin(indices.first_low[order]))
    ax.set_xlim(min(-0.25, least - 0.05), min(max(1.35, most + 0.05), _MOST_SHARE))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.set_title(share.outcome.title)
    ax.set_xlabel("share of the variance between points that the input brings about")
    return ax
