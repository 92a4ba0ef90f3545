"""Measures: pure functions of one day. `scenarios.measure` declares and defines them.

Each gives the value for every member of its populations and, where that makes sense,
``overall``. What never ended is infinite: a miss in every share, at the top of every
quantile, left out of means.
"""

from collections.abc import Mapping

from analysis.measure.chance import CHANCES
from analysis.measure.cover import COVERS
from analysis.measure.duty import DUTIES
from analysis.measure.queue import QUEUES
from analysis.measure.response import RESPONSES
from analysis.measure.unit import UNITS
from analysis.measure.value import OVERALL, Function, Query, Values, mean, quantile
from analysis.measure.voter import VOTERS

__all__ = ["FUNCTIONS", "OVERALL", "Function", "Query", "Values", "mean", "quantile"]

FUNCTIONS: Mapping[str, Function] = {
    **VOTERS,
    **RESPONSES,
    **QUEUES,
    **UNITS,
    **COVERS,
    **DUTIES,
    **CHANCES,
}
