"""The figures of a sensitivity study and of a sweep: panels, one under the other."""

from collections.abc import Callable, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figure.level import draw_edge
from analysis.figure.palette import canvas, legend_under, look
from analysis.figure.swing import MOST_INPUTS, draw_sobol, draw_tornado
from analysis.sensitivity.result import Sensitivity
from analysis.sensitivity.tornado import Bar

MOST_PANELS = 8
_EDGE = 2.6  # inches
Draw = Callable[[Axes], object]


def panels(
    draws: Sequence[Draw], heights: Sequence[float], *, legend: bool = False
) -> Figure:
    """Draw panels one under the other.

    Parameters
    ----------
    draws
        Each draws one panel on the axes it is given; so many are drawn as one page
        bears.
    heights
        Of each, inches.
    legend
        Whether the last has the legend of all.
    """
    shown = draws[:MOST_PANELS]
    tall = list(heights[: len(shown)])
    figure = canvas(sum(tall) + 0.3 * legend)
    axes = figure.subplots(len(shown), 1, squeeze=False, height_ratios=tall)[:, 0]
    for draw, ax in zip(shown, axes, strict=True):
        draw(ax)
    if legend:
        legend_under(axes[-1], 2)
    return figure


def draw_sensitivity(study: Sensitivity) -> dict[str, Figure]:
    """Draw the figures that a study has numbers for: tornado, sobol, breakeven."""
    shares = [one for one in study.shares if one.sd > 0]
    edges = [one for one in study.edges if one.edge.verdict in ("breaks", "varies")]
    figures: dict[str, Figure] = {}
    with look():
        moved = [bars_of(study, outcome.name) for outcome in study.moved()]
        if moved:
            draws: list[Draw] = [partial(draw_tornado, bars) for bars in moved]
            heights = [_height(sum(bar.width > 0 for bar in bars)) for bars in moved]
            figures["tornado"] = panels(draws, heights, legend=True)
        if shares:
            draws = [partial(draw_sobol, share, study.spans) for share in shares]
            heights = [_height(len(study.spans))] * len(draws)
            figures["sobol"] = panels(draws, heights, legend=True)
        if edges:
            draws = [partial(draw_edge, edge) for edge in edges]
            figures["breakeven"] = panels(draws, [_EDGE] * len(draws))
    return figures


def _height(rows: int) -> float:
    """Give a panel room for its rows, inches."""
    return 0.95 + 0.3 * min(max(rows, 1), MOST_INPUTS)


def bars_of(study: Sensitivity, outcome: str) -> list[Bar]:
    """Give the bars of one outcome, the widest first."""
    return [bar for bar in study.bars if bar.outcome.name == outcome]
