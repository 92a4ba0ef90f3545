"""Measures of units: what they did with their time, how evenly, how far."""

from collections.abc import Callable, Iterator, Mapping
from math import nan

import numpy as np

from analysis.day import Day
from analysis.day.span import common, gaps_in, length
from analysis.measure.value import OVERALL, Function, Query, Values, with_total
from scenarios.force import Unit
from simulator.log import Kind, Record, Status

BUSY = frozenset(
    s.value
    for s in (
        Status.TURNOUT,
        Status.EN_ROUTE,
        Status.ON_SCENE,
        Status.TRANSPORT,
        Status.DUTY,
    )
)
_DRIVES = (
    Status.EN_ROUTE,
    Status.TRANSPORT,
    Status.RETURNING,
    Status.MOVING,
    Status.PATROL,
    Status.DUTY,
)


def _busy(day: Day) -> tuple[Values, Values]:
    """Give the minutes at work and on shift of each unit."""
    return day.once("busy", lambda: _sum_busy(day))


def _sum_busy(day: Day) -> tuple[Values, Values]:
    busy = dict.fromkeys(day.setting.units, 0.0)
    for span in day.spans:
        if span.status in BUSY:
            busy[span.unit] += span.end - span.start
    return busy, {name: length(shifts) for name, shifts in day.on_shift.items()}


def _utilisation(day: Day, query: Query) -> Values:
    busy, on_shift = map(with_total, _busy(day))
    return {n: busy[n] / m if m else nan for n, m in on_shift.items()}


def kind_of(unit: Unit) -> str:
    """Name the kind of a unit: its agency and skills."""
    return f"{unit.agency}/{'+'.join(sorted(unit.skills))}"


def _between_units(function: Callable[[np.ndarray], float]) -> Function:
    """Measure the utilisations of the units of one kind, where there are several."""

    def measure(day: Day, query: Query) -> Values:
        busy, on_shift = _busy(day)
        kinds: dict[str, list[float]] = {}
        for name, unit in day.setting.units.items():
            if on_shift[name]:
                kinds.setdefault(kind_of(unit), []).append(busy[name] / on_shift[name])
        values = {k: function(np.array(v)) for k, v in kinds.items() if len(v) > 1}
        known = [value for value in values.values() if not np.isnan(value)]
        return {**values, OVERALL: max(known, default=nan)}

    return measure


def _variation(values: np.ndarray) -> float:
    mean = float(values.mean())
    return float(values.std()) / mean if mean else nan


# ---- statuses --------------------------------------------------------------------


def _statuses(day: Day, unit: Unit) -> Iterator[Status]:
    """Give the statuses that a unit can have, by what the scenario says of it."""
    kinds = day.setting.incidents.values()
    aid = day.setting.agencies[unit.agency].call_up is not None
    possible = {
        Status.PATROL: unit.beat is not None,
        Status.BREAK: bool(unit.breaks),
        Status.OWN_WORK: unit.self_initiated is not None,
        Status.UNCALLED: aid,
        Status.CALLED_UP: aid,
        Status.MOVING: day.setting.dispatch.standby is not None,
        Status.TRANSPORT: any(kind.transport is not None for kind in kinds),
    }
    return (status for status in Status if possible.get(status, True))


def _by_status(km: bool) -> Function:
    def measure(day: Day, query: Query) -> Values:
        values = {
            f"{name}/{status}": 0.0
            for name, unit in day.setting.units.items()
            for status in _statuses(day, unit)
            if status in _DRIVES or not km
        }
        for span in day.spans:
            amount = span.km if km else span.end - span.start
            if amount:
                member = f"{span.unit}/{span.status}"
                values[member] = values.get(member, 0.0) + amount
        return values

    return measure


def _status_sum(status: Status, *, km: bool = False) -> Function:
    def measure(day: Day, query: Query) -> Values:
        values = dict.fromkeys(day.setting.units, 0.0)
        for span in day.spans:
            if span.status == status:
                values[span.unit] += span.km if km else span.end - span.start
        return with_total(values)

    return measure


def _overtime(day: Day, query: Query) -> Values:
    values = dict.fromkeys(day.setting.units, 0.0)
    for span in day.spans:
        if span.status not in (Status.OFF, Status.OUT):
            outside = gaps_in(day.on_shift[span.unit], span.start, span.end)
            values[span.unit] += length(outside)
    return with_total(values)


# ---- sums of records -------------------------------------------------------------


def _own(record: Record) -> str:
    return record.subject


def _named(record: Record) -> str:
    return str(record.details["unit"])


def record_sum(
    kind: Kind,
    amount: Callable[[Mapping[str, object]], float] = lambda details: 1.0,
    unit_of: Callable[[Record], str] = _own,
) -> Function:
    """Sum something over the records of a kind, by unit."""

    def measure(day: Day, query: Query) -> Values:
        values = dict.fromkeys(day.setting.units, 0.0)
        for record in day.log.of(kind):
            name = unit_of(record)
            if name in values:
                values[name] += amount(record.details)
        return with_total(values)

    return measure


def _detail(name: str) -> Callable[[Mapping[str, object]], float]:
    return lambda details: float(str(details[name]))


def _out_of_touch(day: Day, query: Query) -> Values:
    return with_total(
        {
            name: length(common(silent, day.on_shift[name]))
            for name, silent in day.silent.items()
        }
    )


def _inter_area(day: Day, query: Query) -> Values:
    """Share of dispatches to places outside the areas of a unit that has any."""
    units = day.setting.units
    at = {call.name: call.area for call in day.calls}
    outside: dict[str, list[bool]] = {n: [] for n, u in units.items() if u.areas}
    for dispatch in day.dispatches:
        if dispatch.unit in outside:
            away = at[dispatch.incident] not in units[dispatch.unit].areas
            outside[dispatch.unit].append(away)
    both = {**outside, OVERALL: [away for own in outside.values() for away in own]}
    return {n: sum(own) / len(own) if own else nan for n, own in both.items()}


UNITS: dict[str, Function] = {
    "unit.utilisation": _utilisation,
    "unit.utilisation_range": _between_units(lambda v: float(v.max() - v.min())),
    "unit.utilisation_cv": _between_units(_variation),
    "unit.status_minutes": _by_status(km=False),
    "unit.status_km": _by_status(km=True),
    "unit.km": record_sum(Kind.DROVE, _detail("km")),
    "unit.missions": record_sum(Kind.ASSIGNED, unit_of=_named),
    "unit.inter_area": _inter_area,
    "unit.own_work": _status_sum(Status.OWN_WORK),
    "unit.breaks_lost": record_sum(Kind.BREAK_LOST, _detail("minutes")),
    "unit.out_of_touch": _out_of_touch,
    "unit.overtime": _overtime,
    "churn.standby_moves": record_sum(Kind.STANDBY_MOVE),
    "churn.standby_km": _status_sum(Status.MOVING, km=True),
}
