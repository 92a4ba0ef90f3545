"""Break-even values and levels in words."""

from math import isnan

from analysis.sensitivity.breakeven import BreakEven
from analysis.sensitivity.span import Span


def relative_text(span: Span, level: float) -> str:
    """Write a level, and beside it how far it is from what the scenario says."""
    text = span.text(level)
    if span.input.way != "value" or not span.nominal:
        return text
    return f"{text} ({(level / span.nominal - 1) * 100:+.3g} %)"


def edge_text(found: BreakEven) -> str:
    """Say in a sentence or two where a target breaks along an input."""
    edge, span = found.edge, found.span
    title = span.input.title
    ends = f"{span.text(span.least)} to {span.text(span.most)}"
    if edge.verdict == "holds":
        return (
            f"{found.target} holds over the whole range of {title}, {ends}: on "
            f"{edge.least:.0%} of days or more."
        )
    if edge.verdict == "fails":
        return (
            f"{found.target} fails over the whole range of {title}, {ends}: it holds "
            f"on {edge.most:.0%} of days at most, asked {found.asked:.0%}."
        )
    if edge.verdict == "unknown":
        return f"{found.target} had nothing to measure over the range of {title}."
    side = "or more" if edge.broken > edge.held else "or less"
    broken = relative_text(span, found.level(edge.broken))
    held = relative_text(span, found.level(edge.held))
    text = (
        f"{found.target} fails when {title} is at {broken} {side}; it still holds at "
        f"{held}. {_within(found)}"
    )
    if edge.verdict == "varies":
        text += " It crosses the share asked for more than once: the nearest is told."
    elif not edge.monotone:
        text += " The share of days goes up and down along the way."
    return text


def _within(found: BreakEven) -> str:
    """Say what the days can tell of the edge."""
    edge = found.edge
    if isnan(edge.met) and isnan(edge.missed):
        return f"{found.days} days do not tell it more exactly."
    met = "met nowhere in the range"
    if not isnan(edge.met):
        met = f"met up to {found.span.text(found.level(edge.met))}"
    missed = "missed nowhere in the range"
    if not isnan(edge.missed):
        missed = f"missed from {found.span.text(found.level(edge.missed))} on"
    return f"With {found.confidence:.0%} confidence: {met}, {missed}."
