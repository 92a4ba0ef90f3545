"""The figures of a sensitivity study and of a sweep: panels, one under the other."""

from collections.abc import Callable, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figure.palette import canvas, legend_under, look
from analysis.figure.swing import draw_edge, draw_sobol, draw_tornado
from analysis.sensitivity.result import Sensitivity
from analysis.sensitivity.tornado import Bar

MOST_PANELS = 8
Draw = Callable[[Axes], object]


def panels(draws: Sequence[Draw], height: float, *, legend: bool = False) -> Figure:
    """Draw panels one under the other.

    Parameters
    ----------
    draws
        Each draws one panel on the axes it is given; so many are drawn as one page
        bears.
    height
        Of each, inches.
    legend
        Whether the last has the legend of all.
    """
    shown = draws[:MOST_PANELS]
    figure = canvas(height * len(shown) + 0.3 * legend)
    axes = figure.subplots(len(shown), 1, squeeze=False)[:, 0]
    for draw, ax in zip(shown, axes, strict=True):
        draw(ax)
    if legend:
        legend_under(axes[-1], 2)
    return figure


def draw_sensitivity(study: Sensitivity) -> dict[str, Figure]:
    """Draw the figures that a study has numbers for: tornado, sobol, breakeven."""
    rows = 0.95 + 0.3 * min(len(study.spans), 15)
    shares = [one for one in study.shares if one.sd > 0]
    edges = [one for one in study.edges if one.edge.verdict in ("breaks", "varies")]
    figures: dict[str, Figure] = {}
    with look():
        moved = [bars_of(study, outcome.name) for outcome in study.moved()]
        if moved:
            draws: list[Draw] = [partial(draw_tornado, bars) for bars in moved]
            figures["tornado"] = panels(draws, rows, legend=True)
        if shares:
            draws = [partial(draw_sobol, share, study.spans) for share in shares]
            figures["sobol"] = panels(draws, rows, legend=True)
        if edges:
            draws = [partial(draw_edge, edge) for edge in edges]
            figures["breakeven"] = panels(draws, 2.4)
    return figures


def bars_of(study: Sensitivity, outcome: str) -> list[Bar]:
    """Give the bars of one outcome, the widest first."""
    return [bar for bar in study.bars if bar.outcome.name == outcome]
