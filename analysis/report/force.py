"""Tables of the report on dispatch, and on where the time of units went."""

import numpy as np

from analysis.experiment import Experiment
from analysis.measure import OVERALL
from analysis.report.page import Html, Part, table, with_note
from analysis.report.summary import Series, spread
from analysis.report.wording import measured_text, number_text
from scenarios.clock import Clock
from scenarios.measure import MEASURES
from simulator.log import Status

MOST_ROWS = 200
# What is told of dispatch, where there was any of it; low is bad for cover alone.
TOLD = (
    "incidents.fully_attended",
    "queue.not_at_once",
    "queue.longest",
    "queue.held",
    "incidents.gone",
    "incidents.falls",
    "churn.preemptions",
    "churn.switches",
    "churn.standby_moves",
    "churn.standby_km",
    "churn.stripped",
    "churn.bare",
    "aid.requests",
    "aid.wait",
    "aid.hours",
    "units.none_free",
    "units.below_reserve",
    "cover.one",
    "cover.two",
    "presence.minutes",
    "unit.inter_area",
    "unit.utilisation_range",
    "unit.overtime",
    "unit.breaks_lost",
    "unit.out_of_touch",
)
_LOW_IS_BAD = (
    "incidents.fully_attended",
    "cover.one",
    "cover.two",
    "presence.minutes",
)


def dispatch_table(series: Series, clock: Clock) -> list[Html]:
    """Tell of the queue, of changes of mind, of mutual aid and of cover."""
    rows = [row for name in TOLD if (row := _row(name, series, clock))]
    if not rows:
        return []
    caption = (
        "All together; what was zero on every day is left out. Small: one day in ten "
        "is worse."
    )
    return [table(["dispatch", "typical day"], rows, caption=caption)]


def _row(name: str, series: Series, clock: Clock) -> list[Part]:
    values = series.get((name, -1.0, OVERALL), np.zeros(0))
    known = values[~np.isnan(values)]
    if not known.any():
        return []
    days = spread(known, low_is_bad=name in _LOW_IS_BAD)
    typical = measured_text(days.typical, name, clock)
    bad = measured_text(days.bad, name, clock)
    text = MEASURES[name].text.replace("`", "")
    return [with_note(name, text), with_note(typical, "" if bad == typical else bad)]


def status_table(experiment: Experiment, series: Series) -> list[Html]:
    """Tell how many hours each unit spent in each status, mean over the days."""
    units = list(experiment.setting.units)[:MOST_ROWS]
    hours = {
        status: [_mean_hours(series, f"{unit}/{status}") for unit in units]
        for status in Status
        if status != Status.OFF
    }
    seen = [status for status, column in hours.items() if any(column)]
    rows: list[list[Part]] = [
        [unit, *(number_text(hours[status][i]) for status in seen)]
        for i, unit in enumerate(units)
    ]
    caption = "Hours in each status, mean over the days; off shift is left out."
    columns = ["unit", *(status.value for status in seen)]
    return [table(columns, rows, caption=caption)] if seen else []


def _mean_hours(series: Series, member: str) -> float:
    values = series.get(("unit.status_minutes", -1.0, member), np.zeros(1))
    return float(np.nan_to_num(values).mean()) / 60
