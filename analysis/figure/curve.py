"""Curves over the day: medians, bands, hours."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.figure.palette import GREY, VERMILION

Floats = NDArray[np.float64]
LEAST_FOR_BAND = 10
BEFORE, AFTER = 60.0, 120.0


def median_of(values: Floats) -> Floats:
    """Give the median of the days at each moment."""
    return quantile_of(values, 0.5)


def quantile_of(values: Floats, share: float) -> Floats:
    """Give what a share of the days does not exceed at each moment, as observed."""
    found = np.quantile(values, share, axis=0, method="inverted_cdf")
    return np.asarray(found, dtype=np.float64)


def draw_band(
    values: Floats, times: Floats, ax: Axes, colour: str, *, named: bool = True
) -> None:
    """Draw what holds 8 in 10 days, when there are days enough."""
    if len(values) >= LEAST_FOR_BAND:
        low, high = quantile_of(values, 0.1), quantile_of(values, 0.9)
        label = "8 in 10 days (10 to 90 %)" if named else ""
        ax.fill_between(
            times, low, high, color=colour, alpha=0.4, linewidth=0, label=label
        )


def mark_hours(opens: float, closes: float, later: Sequence[float], ax: Axes) -> float:
    """Draw the hours of opening and close as lines.

    Parameters
    ----------
    opens, closes
        As the scenario has them, minutes.
    later
        The close in force in the end, on each day.

    Returns
    -------
    float
        The last close of all.
    """
    for time, label in ((opens, "opens and closes"), (closes, "")):
        ax.axvline(time, color=GREY, linewidth=1, linestyle=(0, (4, 2)), label=label)
    label = "closes later, on some days"
    for time in sorted({time for time in later if time > closes}):
        ax.axvline(time, color=VERMILION, linewidth=1, linestyle=":", label=label)
        label = ""
    return max([closes, *later])
