"""A measure at each station under each plan, and cost against service."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from matplotlib.axes import Axes

from analysis.figure.contrast import STYLES
from analysis.figure.forest import UNITS
from analysis.figure.palette import (
    BLACK,
    GREY,
    PALE,
    empty,
    grid,
    legend_under,
    shorten,
)

MOST_ROWS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """The mean of a measure at one member under one plan.

    Parameters
    ----------
    member, plan
        Whose.
    value
        Its mean.
    sure
        Whether it is better or worse than under the baseline, not too close to call.
    """

    member: str
    plan: str
    value: float
    sure: bool


def draw_dots(dots: Sequence[Dot], plans: Sequence[str], unit: str, ax: Axes) -> Axes:
    """Draw a row for each member, a mark for each plan; hollow: too close to call."""
    members = list(dict.fromkeys(dot.member for dot in dots))[:MOST_ROWS]
    if not members:
        return empty(ax, "nothing was measured at single stations")
    factor = 100.0 if unit == "share" else 1.0
    for row in range(len(members)):
        ax.axhline(row, color=PALE, linewidth=0.8, zorder=0)
    for i, plan in enumerate(plans):
        colour, _, marker = STYLES[i % len(STYLES)]
        # Beside each other, so that equal values stay apart.
        shift = 0.5 * (i - (len(plans) - 1) / 2) / max(len(plans), 1)
        for dot in dots:
            if dot.plan == plan and dot.member in members and isfinite(dot.value):
                ax.plot(
                    dot.value * factor,
                    members.index(dot.member) + shift,
                    marker=marker,
                    color=colour,
                    markersize=6,
                    markerfacecolor=colour if dot.sure or i == 0 else "white",
                    linestyle="none",
                )
        ax.plot([], [], marker, color=colour, label=f"plan {plan}")
    ax.set_yticks(range(len(members)), [shorten(m, 24) for m in members])
    ax.set_ylim(len(members) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.margins(x=0.05)
    ax.set_xlabel("per cent" if unit == "share" else UNITS[unit])
    grid(ax, "x")
    legend_under(ax, 4)
    return ax


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a plan costs and what it gives.

    Parameters
    ----------
    plan
        Its name.
    cost, service
        Means.
    pareto
        Whether no other plan beats it.
    holds
        Whether it meets every target.
    """

    plan: str
    cost: float
    service: float
    pareto: bool
    holds: bool


def draw_offers(offers: Sequence[Offer], labels: tuple[str, str], ax: Axes) -> Axes:
    """Draw cost against service: filled on the front, a cross where a target is open.

    Parameters
    ----------
    offers
        A plan each.
    labels
        Of the axes: cost, service.
    ax
        To draw on.
    """
    shown = [offer for offer in offers if isfinite(offer.service)]
    if not shown:
        return empty(ax, "nothing was measured")
    front = sorted((o.cost, o.service) for o in shown if o.pareto)
    ax.plot(*zip(*front, strict=True), color=GREY, linewidth=1.2, linestyle="--")
    for offer in shown:
        ax.plot(
            offer.cost,
            offer.service,
            marker="o" if offer.holds else "X",
            markersize=9,
            color=BLACK,
            markerfacecolor=BLACK if offer.pareto else "white",
            linestyle="none",
        )
        ax.annotate(
            offer.plan,
            (offer.cost, offer.service),
            xytext=(8, 6),
            textcoords="offset points",
        )
    keys = {
        "meets every target": ("o", BLACK),
        "does not": ("X", BLACK),
        "filled: on the Pareto front": ("o", BLACK),
        "hollow: beaten by another plan": ("o", "white"),
    }
    for label, (marker, face) in keys.items():
        ax.plot([], [], marker, color=BLACK, markerfacecolor=face, label=label)
    ax.margins(0.16)
    ax.set_xlabel(labels[0])
    ax.set_ylabel(labels[1])
    grid(ax, "x")
    grid(ax, "y")
    legend_under(ax, 2)
    return ax
