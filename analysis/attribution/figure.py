"""The figures of an attribution, from its tables."""

from matplotlib.figure import Figure

from analysis.attribution.attribution import Attribution
from analysis.comparison.figure import panels_of
from analysis.figure.forest import Panel
from analysis.figure.palette import look
from analysis.figure.tornado import draw_tornado


def draw_attribution(attribution: Attribution) -> dict[str, Figure]:
    """Draw what each inject costs, measure by measure.

    Returns
    -------
    dict
        Of ``effects``; empty when no inject changes anything.
    """
    panels = cost_panels(attribution)
    with look():
        return {"effects": draw_tornado(panels)} if panels else {}


def cost_panels(attribution: Attribution) -> list[Panel]:
    """Gather the costs, a panel for each main measure that any inject moves."""
    names = {"inject": "plan", "cost": "difference"}
    return panels_of(attribution.effects.rename(columns=names))
