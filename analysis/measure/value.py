"""Values of measures: what is asked, quantiles, totals."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, nan

import numpy as np

from analysis.day import Day, Floats

OVERALL = "overall"
Values = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a measure is asked for.

    Parameters
    ----------
    within
        Threshold in minutes, of measures that take one.
    types
        Only these incident types; empty for all.
    duties
        Only these duties; empty for all.
    """

    within: float = nan
    types: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


Function = Callable[[Day, Query], Values]


def quantile(values: Floats, share: float) -> float:
    """Give the smallest value that a share of all values does not exceed.

    Infinite values are at the top; NaN when there are no values.
    """
    if not len(values):
        return nan
    rank = max(ceil(share * len(values) - 1e-9) - 1, 0)
    if len(values) < 100:
        return float(sorted(values.tolist())[rank])
    return float(np.partition(values, rank)[rank])


def mean(values: Floats) -> float:
    """Give the mean of what is finite; NaN when nothing is."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else nan


def with_total(values: Values) -> Values:
    """Add the sum over the population."""
    return {**values, OVERALL: sum(values.values())}


def with_worst(values: Values) -> Values:
    """Add the highest of the population; NaN when it is empty."""
    return {**values, OVERALL: max(values.values(), default=nan)}
