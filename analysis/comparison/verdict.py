"""Verdicts: what a difference says, in a word and in a sentence."""

from math import isfinite, isinf, isnan

from analysis.difference import Difference
from analysis.report.wording import NOTHING, number_text, plural
from analysis.share import ShareDifference
from analysis.target import LEAST
from scenarios.clock import span
from scenarios.measure import Better

BETTER, WORSE, OPEN = "better", "worse", "too close to call"
SAME, NONE = "the same", "no verdict"
_WORDS = {"share": " pts", "km": " km", "hours": " h"}
_SIGN = {"lower": -1, "higher": 1}


def verdict_of(found: Difference | ShareDifference, better: Better) -> str:
    """Judge a difference.

    Parameters
    ----------
    found
        The one less the other.
    better
        Which of two values is the better one.

    Returns
    -------
    str
        ``better``, ``worse`` (``higher``, ``lower`` where neither is better), ``too
        close to call``, ``the same`` (on every day), or ``no verdict`` below 30 pairs.
    """
    if not found.judged:
        return NONE
    if not found.differing:
        return SAME
    if found.side == 0:
        return OPEN
    if better == "neither":
        return "higher" if found.side > 0 else "lower"
    return BETTER if found.side == _SIGN[better] else WORSE


def more_of(days: int, needed: float | None) -> int | None:
    """Say how many more days would tell; None where none would, or nothing is open."""
    if needed is None or isnan(needed):
        return None
    return max(int(needed) - days, 1)


def told(verdict: str, days: int, needed: float | None) -> str:
    """Give a verdict with how many more days would tell, where it is open."""
    if verdict != OPEN:
        return verdict
    more = more_of(days, needed)
    if more is None:
        return f"{OPEN}; no number of days in reach would tell"
    return f"{OPEN}: about {plural(_round(more), 'more replication')} would tell"


def _round(number: int) -> int:
    """Keep two figures: it is a guess."""
    digits = max(len(str(number)) - 2, 0)
    return int(round(number, -digits))


def few_text(days: int) -> str:
    """Say why there is neither interval nor verdict."""
    return (
        f"Below {LEAST} replications, as of these {days}, there is neither interval "
        "nor verdict."
    )


def change_text(value: float, unit: str) -> str:
    """Write a difference with its sign: ``+12 s``, ``-3.1 pts`` (of a share)."""
    if isnan(value):
        return NOTHING
    if isinf(value):
        return "-\u221e" if value < 0 else "+\u221e"
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return sign + size_text(abs(value), unit)


def size_text(value: float, unit: str) -> str:
    """Write the size of a difference."""
    if unit == "share":
        return _figures(100 * value) + _WORDS[unit]
    if unit in ("minutes", "clock"):
        return _minutes(value)
    return _figures(value) + _WORDS.get(unit, "")


def _figures(value: float) -> str:
    """Write a small number with two figures, a large one whole."""
    if value == 0 or value >= 10:
        return number_text(value)
    return f"{value:.2g}" if value >= 1e-4 else f"{value:.0e}"


def _minutes(value: float) -> str:
    if 0 < value < 1 / 60:
        return f"{60 * value:.2g} s"
    return span(value)


def interval_text(low: float, high: float, unit: str) -> str:
    """Write the interval of a difference; nothing where there is none."""
    if not (isfinite(low) and isfinite(high)):
        return NOTHING
    word = _WORDS.get(unit, "")
    return f"{change_text(low, unit).removesuffix(word)} to {change_text(high, unit)}"
