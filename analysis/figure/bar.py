"""Bars: the legs of the response, the targets."""

from collections.abc import Sequence
from math import isfinite, isinf
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import PercentFormatter

from analysis.day.call import LEGS
from analysis.figure.palette import (
    BLACK,
    BLUE,
    DARK,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    SKY,
    VERMILION,
    Paint,
    empty,
    grid,
    legend_under,
    shorten,
)
from analysis.measure import OVERALL
from analysis.report.summary import Response
from analysis.target import Verdict
from scenarios.target import Target

_LEGS = {
    "handling": (Paint(PALE), "handling: report to ready"),
    "queue": (Paint(VERMILION, "xxxx"), "queue: ready to assigned"),
    "turnout": (Paint(ORANGE, "....", DARK), "turnout: assigned to moving"),
    "travel": (Paint(BLUE), "travel: moving to arrived"),
    "lost": (Paint("white", "////", BLACK), "lost on dispatches cancelled"),
}
_VERDICTS = {
    "met": Paint(GREEN),
    "missed": Paint(VERMILION, "xxxx"),
    "undecided": Paint(SKY, "////", DARK),
    "no verdict": Paint(PALE),
}
MOST_BARS = 30


def draw_responses(responses: Sequence[Response], ax: Axes) -> Axes:
    """Draw the mean response of each incident type, leg by leg, and its p90."""
    shown = [r for r in responses if isfinite(r.mean)][-MOST_BARS:]
    if not shown:
        return empty(ax, "no incident was attended")
    rows = np.arange(len(shown))
    done = np.zeros(len(shown))
    for leg in LEGS:
        paint, label = _LEGS[leg]
        widths = np.array([r.legs[leg] for r in shown])
        if widths.any():
            _bars(ax, (rows, widths, done), paint, label)
        done += widths
    _mark_p90(shown, done, ax)
    _name_rows(ax, [_type_label(response) for response in shown])
    ax.set_xlim(left=0)
    ax.margins(x=0.03)
    ax.set_xlabel("minutes from report to first arrival (mean of attended incidents)")
    grid(ax, "x")
    legend_under(ax, 2)
    return ax


def _type_label(response: Response) -> str:
    name = "all types" if response.type == OVERALL else shorten(response.type, 24)
    return f"{name} ({response.reported:.1f} a day)"


def _bars(
    ax: Axes,
    places: tuple[np.ndarray, np.ndarray, np.ndarray],
    paint: Paint,
    label: str,
) -> None:
    rows, widths, left = places
    ax.barh(
        rows,
        widths,
        left=left,
        height=0.62,
        color=paint.colour,
        hatch=paint.hatch,
        edgecolor=paint.ink,
        linewidth=0.0,
        label=label,
    )
    ax.barh(
        rows,
        widths,
        left=left,
        height=0.62,
        facecolor="none",
        edgecolor=DARK,
        linewidth=0.6,
    )


def _mark_p90(shown: Sequence[Response], means: np.ndarray, ax: Axes) -> None:
    label = "9 in 10 attended within, on 9 of 10 days"
    transform = ax.get_yaxis_transform()
    ax.text(1.02, -0.75, "mean / 9 in 10", va="center", transform=transform)
    for row, response in enumerate(shown):
        bad = response.p90.bad
        text = "never" if isinf(bad) else f"{bad:.1f}"
        text = f"{means[row]:.1f} / {text}"
        ax.text(1.02, row, text, va="center", transform=transform)
        if isfinite(bad):
            ax.plot(
                bad,
                row,
                marker="D",
                color="white",
                markersize=6.5,
                markeredgecolor=BLACK,
                linestyle="none",
                label=label,
            )
            label = "_"


def draw_targets(rows: Sequence[tuple[Verdict, Target]], ax: Axes) -> Axes:
    """Draw on what share of days each target held, against the share asked for."""
    if not rows:
        return empty(ax, "the scenario sets no target")
    for row, (verdict, target) in enumerate(rows):
        word = verdict.verdict
        share = np.array([verdict.value])
        _bars(ax, (np.array([row]), share, np.zeros(1)), _VERDICTS[word], "")
        _mark_interval(verdict, row, ax)
        _mark_asked(target.days, row, ax)
        ax.text(1.03, row, word, va="center", weight="bold", fontsize=9)
    titles = [wrap(v.title, 40, max_lines=3, placeholder="...") for v, _ in rows]
    _name_rows(ax, ["\n".join(lines) for lines in titles])
    ax.set_xlim(0, 1.0)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.set_xlabel(f"share of {rows[0][0].days} days on which the target held")
    grid(ax, "x")
    legend_under(ax, 2)
    return ax


def _mark_interval(verdict: Verdict, row: int, ax: Axes) -> None:
    if verdict.interval is None:
        return
    low, high = verdict.interval
    ax.plot(
        [low, low, low, high, high, high],
        [row - 0.14, row + 0.14, row, row, row - 0.14, row + 0.14],
        color=BLACK,
        linewidth=1.4,
        path_effects=[withStroke(linewidth=4, foreground="white")],
        clip_on=False,
        label="_" if row else "interval of the share of days",
    )


def _mark_asked(share: float, row: int, ax: Axes) -> None:
    ax.plot(
        [share, share],
        [row - 0.42, row + 0.42],
        color=BLACK,
        linewidth=3,
        path_effects=[withStroke(linewidth=5, foreground="white")],
        label="_" if row else "share of days asked for",
    )


def _name_rows(ax: Axes, labels: list[str]) -> None:
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_color(GREY)
