"""The line over the day under several plans, and the difference with its band."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figure.curve import Floats
from analysis.figure.palette import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    canvas,
    clock_axis,
    grid,
    legend_under,
)
from scenarios.clock import Clock

# Told apart in grey too: a colour, a dash and a marker each.
STYLES = (
    (BLACK, "-", "o"),
    (BLUE, "--", "s"),
    (VERMILION, "-.", "^"),
    (GREEN, ":", "D"),
    (ORANGE, (0, (5, 1, 1, 1, 1, 1)), "v"),
    (PURPLE, (0, (1, 2)), "P"),
    (SKY, (0, (8, 2)), "X"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The line under one plan, stretch by stretch.

    Parameters
    ----------
    plan
        Its name.
    line
        Voters in line, mean of stretch and days, shape (stretches,).
    difference, low, high
        From the baseline; empty for the baseline itself.
    """

    plan: str
    line: Floats
    difference: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The line under several plans over the day.

    Parameters
    ----------
    clock
        Of the scenario.
    length
        Of a stretch, minutes.
    times
        At which the stretches begin, minutes, shape (stretches,).
    curves
        The baseline first.
    """

    clock: Clock
    length: float
    times: Floats
    curves: Sequence[Curve]


def draw_contrast(contrast: Contrast) -> Figure:
    """Draw all lines in one panel, and each difference in one of its own."""
    others = contrast.curves[1:]
    figure = canvas(3.1 + 1.55 * len(others))
    heights = [1.5, *[1.0] * len(others)]
    axes = figure.subplots(
        1 + len(others), 1, sharex=True, height_ratios=heights, squeeze=False
    )[:, 0]
    draw_lines(contrast, axes[0])
    for i, ax in enumerate(axes[1:], start=1):
        draw_difference(contrast, i, ax)
    for ax in axes:
        begin, end = shown_span(contrast)
        clock_axis(ax, contrast.clock, begin, end, named=ax is axes[-1])
    legend_under(axes[-1], 4, handles=axes[0].get_legend_handles_labels()[0], drop=0.55)
    return figure


def shown_span(contrast: Contrast) -> tuple[float, float]:
    """Give the part of the day on which anybody stood in line."""
    some = np.any([curve.line > 0 for curve in contrast.curves], axis=0)
    times = contrast.times[some] if some.any() else contrast.times
    return float(times[0]), float(times[-1]) + contrast.length


def draw_lines(contrast: Contrast, ax: Axes) -> Axes:
    """Draw the mean line under each plan."""
    middles = contrast.times + contrast.length / 2
    for i, curve in enumerate(contrast.curves):
        colour, dash, marker = STYLES[i % len(STYLES)]
        ax.plot(
            middles,
            curve.line,
            color=colour,
            linestyle=dash,
            marker=marker,
            markersize=4.5,
            linewidth=1.4,
            label=f"plan {curve.plan}",
        )
    ax.set_ylim(bottom=0)
    ax.set_ylabel("voters in line")
    ax.set_title("All stations together, mean of the days")
    grid(ax, "y")
    return ax


def draw_difference(contrast: Contrast, number: int, ax: Axes) -> Axes:
    """Draw one difference from the baseline, stretch by stretch, with its band."""
    curve = contrast.curves[number]
    colour, _, marker = STYLES[number % len(STYLES)]
    middles = contrast.times + contrast.length / 2
    sure = np.isfinite(curve.low) & np.isfinite(curve.high)
    low, high = (np.where(sure, b, curve.difference) for b in (curve.low, curve.high))
    edges = np.append(contrast.times, contrast.times[-1] + contrast.length)
    ax.stairs(high, edges, baseline=low, fill=True, color=colour, alpha=0.3)
    ax.plot(middles, curve.difference, marker, color=colour, markersize=4.5)
    ax.axhline(0, color=BLACK, linewidth=1)
    least, most = min(0.0, float(low.min())), max(0.0, float(high.max()))
    room = 0.1 * (most - least) or 1.0
    ax.set_ylim(least - room, most + room)
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.set_ylabel("difference")
    ax.set_title(f"{curve.plan} less {contrast.curves[0].plan}")
    grid(ax, "y")
    return ax
