"""Measures of incidents: how soon they were attended, and what became of them."""

from collections.abc import Callable, Iterable
from functools import cache
from math import inf, isinf, nan
from typing import TypeVar

import numpy as np

from analysis.day import Call, Day, Floats
from analysis.day.call import LEGS
from analysis.measure.value import OVERALL, Function, Query, Values, mean, quantile
from scenarios.measure import QUANTILES

Item = TypeVar("Item")


def grouped(
    day: Day, query: Query, pairs: Iterable[tuple[Call, Item]]
) -> dict[str, list[Item]]:
    """Sort what belongs to incidents by type, priority and area, and all together."""
    kinds = day.setting.incidents
    types = query.types or tuple(kinds)
    priorities = sorted({kinds[name].priority for name in types})
    areas = dict.fromkeys(p.area for p in day.setting.places.values() if p.area)
    members = [*types, *(f"priority {p}" for p in priorities)]
    members += [f"area {area}" for area in areas]
    found: dict[str, list[Item]] = {member: [] for member in members}
    found[OVERALL] = []
    for call, item in pairs:
        if call.type in types:
            for member in (*call.groups, OVERALL):
                found.setdefault(member, []).append(item)
    return found


def _groups(day: Day, query: Query, *, unreported: bool) -> dict[str, list[Call]]:
    def sort() -> dict[str, list[Call]]:
        calls = [(c, c) for c in day.calls if unreported or c.reported < inf]
        return grouped(day, query, calls)

    return day.once(("calls", query.types, unreported), sort)


def _of(function: Callable[[list[Call]], float], *, unreported: bool) -> Function:
    def measure(day: Day, query: Query) -> Values:
        groups = _groups(day, query, unreported=unreported)
        return {m: function(c) for m, c in groups.items()}

    return measure


def _of_values(
    values: Callable[[list[Call]], Floats], figure: Callable[[Floats], float]
) -> Function:
    """Take one figure of values of reported incidents; several share the values."""

    def measure(day: Day, query: Query) -> Values:
        def read() -> dict[str, Floats]:
            groups = _groups(day, query, unreported=False)
            return {member: values(calls) for member, calls in groups.items()}

        found = day.once(("values", values, query.types), read)
        return {member: figure(each) for member, each in found.items()}

    return measure


def of_calls(function: Callable[[list[Call]], float]) -> Function:
    """Measure reported incidents, by type, priority and area."""
    return _of(function, unreported=False)


def _grown(condition: Callable[[Call], bool]) -> Function:
    """Count incidents that grew, reported or not: silence does not calm a crowd."""
    return _of(lambda calls: float(sum(map(condition, calls))), unreported=True)


def _count(condition: Callable[[Call], bool]) -> Function:
    return of_calls(lambda calls: float(sum(map(condition, calls))))


def _responded_within(day: Day, query: Query) -> Values:
    def share(calls: list[Call]) -> float:
        judged = [
            call
            for call in calls
            if call.arrived < inf or call.reported + query.within <= day.log.end
        ]
        kept = sum(call.response <= query.within + 1e-9 for call in judged)
        return kept / len(judged) if judged else nan

    return of_calls(share)(day, query)


def _responses(calls: list[Call]) -> Floats:
    return np.array([call.response for call in calls])


def _full(calls: list[Call]) -> Floats:
    return np.array([call.full_response for call in calls])


def _from_arising(calls: list[Call]) -> Floats:
    return np.array([call.arrived - call.arises for call in calls])


def _on_scene(calls: list[Call]) -> Floats:
    return np.array([c.cleared - c.arrived for c in calls if c.cleared < inf])


@cache
def _leg(name: str) -> Callable[[list[Call]], Floats]:
    return lambda calls: np.array([c.legs[name] for c in calls if c.legs])


def _mean_of(values: Callable[[list[Call]], Floats]) -> Function:
    return _of_values(values, mean)


def _quantile_of(values: Callable[[list[Call]], Floats], share: float) -> Function:
    return _of_values(values, lambda each: quantile(each, share))


def _quantiles(
    stem: str, values: Callable[[list[Call]], Floats]
) -> dict[str, Function]:
    return {
        f"{stem}{name}": _quantile_of(values, share)
        for name, share in QUANTILES.items()
    }


def _share(condition: Callable[[Call], bool]) -> Function:
    def share(calls: list[Call]) -> float:
        return sum(map(condition, calls)) / len(calls) if calls else nan

    return of_calls(share)


def _rises(day: Day, query: Query) -> Values:
    """Count the rises to each level that any type has."""
    types = query.types or tuple(day.setting.incidents)
    most = max((len(day.setting.incidents[name].levels) for name in types), default=1)
    values = {f"level {level}": 0.0 for level in range(2, most + 1)}
    for call in day.calls:
        if call.type in types:
            for _, level in call.rises:
                values[f"level {level}"] += 1
    return {**values, OVERALL: sum(values.values())}


def _nobody_came(call: Call) -> bool:
    return isinf(call.arrived) and not call.passed and not call.gone


RESPONSES: dict[str, Function] = {
    "response.within": _responded_within,
    "response.mean": _mean_of(_responses),
    **_quantiles("response.", _responses),
    "response.max": of_calls(lambda calls: max(_responses(calls), default=nan)),
    "response.full": _mean_of(_full),
    **_quantiles("response.full_", _full),
    "response.from_arising": _mean_of(_from_arising),
    **_quantiles("response.from_arising_", _from_arising),
    **{f"response.{leg}": _mean_of(_leg(leg)) for leg in LEGS},
    **{
        name: function
        for leg in LEGS
        for name, function in _quantiles(f"response.{leg}_", _leg(leg)).items()
    },
    "incidents.reported": _count(lambda call: True),
    "incidents.attended": _count(lambda call: call.arrived < inf),
    "incidents.fully_attended": _share(lambda call: call.full < inf),
    "incidents.on_scene": _mean_of(_on_scene),
    "incidents.unattended": _count(_nobody_came),
    "incidents.passed": _count(lambda call: call.passed),
    "incidents.gone": _grown(lambda call: call.gone),
    "incidents.escalated": _grown(lambda call: call.level > 1),
    "incidents.rises": _rises,
    "incidents.falls": _of(lambda c: float(sum(x.falls for x in c)), unreported=True),
    "incidents.hot_spots": _grown(lambda call: call.hot_spot),
}
