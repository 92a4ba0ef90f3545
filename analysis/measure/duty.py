"""Measures of duties, and of what a plan puts on shift."""

from collections.abc import Sequence

from analysis.day import Day
from analysis.day.span import length
from analysis.measure.value import (
    OVERALL,
    Function,
    Query,
    Values,
    with_total,
    with_worst,
)
from simulator.log import Kind


def _duties(day: Day, query: Query, kinds: Sequence[str]) -> list[str]:
    return [
        name
        for name, duty in day.setting.duties.items()
        if duty.kind in kinds and (not query.duties or name in query.duties)
    ]


def _guard_gap(day: Day, query: Query) -> Values:
    values = {name: length(day.gaps(name)) for name in _duties(day, query, ("guard",))}
    return with_total(values)


def _duty_late(day: Day, query: Query) -> Values:
    values = {}
    for name in _duties(day, query, ("delivery", "convoy", "auxiliary_round")):
        duty = day.setting.duties[name]
        assert duty.kind != "guard"
        values[name] = max(day.first(Kind.DUTY_ENDS, name) - duty.due, 0.0)
    return with_worst(values)


def _staff_hours(day: Day, query: Query) -> Values:
    """Hours of crews on shift, and of officers from opening to the close in force."""
    crews = sum(
        unit.crew * length(day.on_shift[name]) / 60
        for name, unit in day.setting.units.items()
    )
    officers = sum(
        station.officers * (day.closes(name) - station.opens) / 60
        for name, station in day.setting.stations.items()
    )
    return {OVERALL: crews + officers}


def _staff_cost(day: Day, query: Query) -> Values:
    return {
        OVERALL: sum(
            unit.cost_per_hour * length(day.on_shift[name]) / 60
            for name, unit in day.setting.units.items()
        )
    }


DUTIES: dict[str, Function] = {
    "guard.gap": _guard_gap,
    "duty.late": _duty_late,
    "staff.hours": _staff_hours,
    "staff.cost": _staff_cost,
}
