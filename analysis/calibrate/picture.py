"""Figures of calibrations: how well what was found fits what was seen."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator, PercentFormatter
from numpy.typing import NDArray

from analysis.calibrate.law import Fit, cumulative
from analysis.calibrate.likely import Found
from analysis.calibrate.line import Seen
from analysis.calibrate.moment import clock_of
from analysis.calibrate.profile import Profile
from analysis.figure.palette import (
    BLUE,
    DARK,
    GREY,
    ORANGE,
    SKY,
    VERMILION,
    canvas,
    grid,
    legend_under,
    look,
    shorten,
)

Floats = NDArray[np.float64]


def _hours(ax: Axes, begin: float, end: float) -> None:
    """Give an axis whole hours, in clock text."""
    step = 60.0 if end - begin <= 900 else 120.0
    ax.set_xlim(begin, end)
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: clock_of(x)))
    ax.set_xlabel("clock time")


def profile_figure(
    profile: Profile, name: str, polls: Mapping[str, Profile] | None = None
) -> Figure:
    """Draw who had come, and how many come in an hour."""
    with look():
        figure = canvas(5.6)
        upper, lower = figure.subplots(2, 1, height_ratios=(2, 1))
        draw_profile(profile, upper, polls or {})
        upper.set_title(f"Voters who had come: {shorten(name, 60)}")
        draw_pace(profile, lower)
    return figure


def draw_profile(
    profile: Profile, ax: Axes, polls: Mapping[str, Profile] | None = None
) -> Axes:
    """Draw a profile with its ranges, and its readings as printed or its polls."""
    minutes = [knot.minute for knot in profile.knots]
    low = [knot.low for knot in profile.knots]
    high = [knot.high for knot in profile.knots]
    ax.fill_between(minutes, low, high, color=SKY, alpha=0.45, label="what it may be")
    ax.plot(minutes, [k.share for k in profile.knots], color=BLUE, label="the profile")
    for number, poll in enumerate((polls or {}).values()):
        ax.plot(
            [k.minute for k in poll.knots],
            [k.share for k in poll.knots],
            color=GREY,
            linewidth=0.9,
            label="" if number else "each poll",
        )
    inner = () if polls else profile.knots[1:]
    if inner:
        ax.plot([k.reported for k in inner], [k.share for k in inner], "o", color=DARK,
                markersize=4, label="readings, at the time printed")  # fmt: skip
    if profile.left_out:
        ax.plot(
            [r.minute or 0.0 for r in profile.left_out],
            [r.value / profile.total for r in profile.left_out],
            "x", color=VERMILION, markersize=7, label="readings left out",
        )  # fmt: skip
    late = max([r.minute or 0.0 for r in profile.left_out] + [profile.closes])
    _hours(ax, profile.opens - 15, late + 15)
    ax.set_ylim(0, 1.03)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_ylabel("of the day's voters")
    grid(ax, "y")
    legend_under(ax, 4)
    return ax


def draw_pace(profile: Profile, ax: Axes) -> Axes:
    """Draw how many come in an hour, stretch by stretch."""
    minutes = np.array([knot.minute for knot in profile.knots])
    shares = np.array([knot.share for knot in profile.knots])
    wide = np.diff(minutes)
    ax.bar(minutes[:-1], np.diff(shares) / wide * 60, wide, align="edge", color=SKY,
           edgecolor=BLUE, linewidth=0.8)  # fmt: skip
    _hours(ax, profile.opens - 15, profile.closes + 15)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_ylabel("an hour")
    ax.set_title("Voters who come in an hour")
    grid(ax, "y")
    return ax


def law_figure(times: Floats, fits: Sequence[Fit], title: str) -> Figure:
    """Draw observed times, and the laws fitted to them."""
    with look():
        figure = canvas(3.9)
        draw_laws(times, fits, figure.subplots()).set_title(title)
    return figure


def draw_laws(times: Floats, fits: Sequence[Fit], ax: Axes) -> Axes:
    """Draw the share of times up to a length: as observed, and by each law."""
    ranked = np.sort(times)
    share = np.arange(1, len(ranked) + 1) / len(ranked)
    ax.step(ranked, share, where="post", color=DARK, linewidth=1.6, label="observed")
    at = np.linspace(0, float(ranked[-1]) * 1.05, 300)[1:]
    for fit, (colour, dash) in zip(fits, ((BLUE, "--"), (ORANGE, ":")), strict=False):
        text = f"{fit.law}: mean {fit.mean:.3g} min, cv {fit.cv:.2g}, p {fit.p:.2g}"
        ax.plot(at, cumulative(fit.law, fit.mean, fit.cv, at), dash, color=colour,
                linewidth=2, label=text)  # fmt: skip
    ax.set_xlim(0, float(at[-1]))
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("minutes")
    ax.set_ylabel("share at most so long")
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    grid(ax, "y")
    legend_under(ax, 2)
    return ax


def line_figure(seen: Seen, found: Found, title: str) -> Figure:
    """Draw the lines seen with those to be expected, and what speaks for each mean."""
    with look():
        figure = canvas(3.9)
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        draw_lines(seen, found, left).set_title(title)
        draw_means(found, right)
    return figure


def draw_lines(seen: Seen, found: Found, ax: Axes) -> Axes:
    """Draw the lines that were seen and those to be expected."""
    mean, low, high = found.lines
    ax.fill_between(seen.times, low, high, color=SKY, alpha=0.45,
                    label="9 in 10 plays")  # fmt: skip
    ax.plot(seen.times, mean, color=BLUE, label="mean of the plays")
    ax.plot(seen.times, seen.lines, "o", color=DARK, markersize=4, label="seen")
    _hours(ax, seen.opens - 15, float(seen.times[-1]) + 15)
    ax.tick_params(axis="x", rotation=60)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("voters in line")
    grid(ax, "y")
    legend_under(ax, 3, drop=0.75)
    return ax


def draw_means(found: Found, ax: Axes) -> Axes:
    """Draw what the lines say of each mean."""
    ax.plot(found.means, found.weight / found.weight.max(), color=BLUE)
    ax.axvspan(found.low, found.high, color=SKY, alpha=0.45)
    ax.set_xlim(float(found.means[0]), float(found.means[-1]))
    ax.set_ylim(0, 1.05)
    ax.set_xlabel("mean service, minutes")
    ax.set_ylabel("how much speaks for it")
    ax.set_title(f"{found.low:.3g} to {found.high:.3g} min")
    return ax


def rate_figure(
    hours: Sequence[tuple[float, float]],
    rates: dict[str, tuple[Floats, Floats, Floats]],
) -> Figure:
    """Draw the rate of each type over the day, with its exact interval.

    Parameters
    ----------
    hours
        From when to when each rate is, minutes since midnight.
    rates
        By type: rate, low and high, calls an hour, shape (hours,) each.
    """
    shown = dict(list(rates.items())[:8])
    with look():
        figure = canvas(0.6 + 1.5 * len(shown))
        panels = np.atleast_1d(figure.subplots(len(shown), 1, sharex=True))
        for ax, (name, values) in zip(panels, shown.items(), strict=True):
            draw_rate(hours, values, ax).set_title(shorten(name, 70))
            ax.label_outer()
    return figure


def draw_rate(
    hours: Sequence[tuple[float, float]],
    values: tuple[Floats, Floats, Floats],
    ax: Axes,
) -> Axes:
    """Draw the rate of one type over the day."""
    begin = np.array([hour[0] for hour in hours])
    wide = np.array([hour[1] - hour[0] for hour in hours])
    rate, low, high = values
    ax.bar(begin, rate, wide, align="edge", color=SKY, edgecolor=BLUE, linewidth=0.6)
    ax.errorbar(begin + wide / 2, rate, [rate - low, high - rate], fmt="none",
                ecolor=GREY, elinewidth=1.2, capsize=2)  # fmt: skip
    _hours(ax, float(begin[0]), float(hours[-1][1]))
    ax.set_ylim(bottom=0)
    ax.set_ylabel("calls an hour")
    grid(ax, "y")
    return ax
