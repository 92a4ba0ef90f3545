"""Points of an arrival profile: each with what it may be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """A point of the profile: the share of the day's voters who had come by a time.

    Parameters
    ----------
    minute
        Minutes since midnight, the lag of the report taken off.
    reported
        The time that was printed.
    share
        From 0 to 1.
    low, high
        What it may be.
    """

    minute: float
    reported: float
    share: float
    low: float
    high: float


def smooth(knots: Sequence[Knot], every: float) -> list[Knot]:
    """Lay a curve that rises throughout through the knots; give points of it."""
    minutes = np.array([knot.minute for knot in knots])
    grid = np.arange(minutes[0], minutes[-1], every)
    at = np.unique(np.concatenate([grid, minutes]))
    columns = [
        np.maximum.accumulate(
            np.clip(PchipInterpolator(minutes, [getattr(k, name) for k in knots])(at),
                    0, 1)
        )
        for name in ("share", "low", "high")
    ]  # fmt: skip
    return [
        Knot(minute=float(m), reported=float(m), share=float(s), low=float(a),
             high=float(b))
        for m, s, a, b in zip(at, *columns, strict=True)
    ]  # fmt: skip


def apart(knots: Sequence[Knot]) -> list[tuple[float, float]]:
    """Give each knot a range that meets no other's, so that any draw of them rises.

    Returns
    -------
    list
        Low and high of each; equal where nothing is open.
    """
    found = []
    for i, knot in enumerate(knots):
        below = knots[i - 1].share if i else 0.0
        above = knots[i + 1].share if i + 1 < len(knots) else 1.0
        low = max(knot.low, (below + knot.share) / 2)
        high = min(knot.high, (above + knot.share) / 2)
        found.append((low, high))
    return found
