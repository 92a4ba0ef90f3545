"""The measures that targets, tables and figures name; each is declared here once.

The functions that compute them from the log are in `analysis.measure`.
"""

from scenarios.measure.chance import CHANCES
from scenarios.measure.duty import DUTIES
from scenarios.measure.form import (
    Better,
    Measure,
    Population,
    Unit,
    is_member,
    population_of,
)
from scenarios.measure.response import QUANTILES, RESPONSES
from scenarios.measure.unit import UNITS
from scenarios.measure.voter import VOTERS

__all__ = [
    "MEASURES",
    "QUANTILES",
    "Better",
    "Measure",
    "Population",
    "Unit",
    "is_member",
    "population_of",
]

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (*VOTERS, *RESPONSES, *UNITS, *DUTIES, *CHANCES)
}
