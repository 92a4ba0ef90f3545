"""Measures: pure functions of one day. `scenarios.measure` declares and defines them.

Each gives the value for every member of its population and, where that makes sense,
``overall``. What never ended is infinite: a miss in every share, at the top of every
quantile, left out of means.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf, nan

import numpy as np

from analysis.day import (
    Call,
    Day,
    Floats,
    arrivals_of,
    line_at,
    line_changes,
    votes_of,
)
from scenarios.force import Unit
from simulator.log import Kind, Outcome, Status, VoterTable

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
    rank = max(int(np.ceil(share * len(values) - 1e-9)) - 1, 0)
    return float(np.partition(values, rank)[rank])


def mean(values: Floats) -> float:
    """Give the mean of what is finite; NaN when nothing is."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else nan


def _of_voted(function: Callable[[Floats], float]) -> Callable[[Floats], float]:
    """Measure those who voted; infinite when voters came and none of them did."""

    def value(waits: Floats) -> float:
        finite = waits[np.isfinite(waits)]
        if len(finite):
            return function(finite)
        return inf if len(waits) else nan

    return value


# ---- voters --------------------------------------------------------------------


def _of_waits(function: Callable[[Floats], float]) -> Function:
    def measure(day: Day, query: Query) -> Values:
        values = {name: function(waits) for name, waits in day.waits.items()}
        pooled = list(day.waits.values())
        values[OVERALL] = function(np.concatenate(pooled)) if pooled else nan
        return values

    return measure


def _waited_within(day: Day, query: Query) -> Values:
    def share(waits: Floats) -> float:
        return float((waits <= query.within + 1e-9).mean()) if len(waits) else nan

    return _of_waits(share)(day, query)


def _outcomes(*outcomes: Outcome) -> Function:
    def measure(day: Day, query: Query) -> Values:
        values = {
            name: float(np.isin(table.outcome[table.last_visits()], outcomes).sum())
            for name, table in day.log.voters.items()
        }
        return _with_total(values)

    return measure


def _with_total(values: Values) -> Values:
    return {**values, OVERALL: sum(values.values())}


def _with_worst(values: Values) -> Values:
    return {**values, OVERALL: max(values.values(), default=nan)}


def _came(day: Day, query: Query) -> Values:
    return _with_total({name: float(len(w)) for name, w in day.waits.items()})


def _votes_share(day: Day, query: Query) -> Values:
    votes = _outcomes(Outcome.VOTED, Outcome.AUXILIARY)(day, query)
    registered = {n: float(t.registered) for n, t in day.log.voters.items()}
    total = _with_total(registered)
    return {name: votes[name] / total[name] if total[name] else nan for name in votes}


def _votes_after_close(day: Day, query: Query) -> Values:
    stations = day.setting.stations
    return _with_total(
        {
            name: float((votes_of(table) > stations[name].closes).sum())
            for name, table in day.log.voters.items()
        }
    )


def _last_vote(day: Day, query: Query) -> Values:
    def last(table: VoterTable) -> float:
        votes = votes_of(table)
        if len(votes):
            return float(votes.max())
        return inf if len(arrivals_of(table)) else nan

    values = {name: last(table) for name, table in day.log.voters.items()}
    known = [value for value in values.values() if not np.isnan(value)]
    return {**values, OVERALL: max(known, default=nan)}


def _line_at_opening(day: Day, query: Query) -> Values:
    values = {}
    for name, table in day.log.voters.items():
        opened = [r for r in day.log.of(Kind.OPENED) if r.subject == name]
        values[name] = float(opened[0].details["line"]) if opened else nan
        if not opened:
            opens = np.array([day.setting.stations[name].opens])
            values[name] = float(line_at(table, opens)[0])
    return _with_total(values)


def _longest_line(day: Day, query: Query) -> Values:
    return _with_worst(
        {
            name: float(line_changes(table)[1].max(initial=0.0))
            for name, table in day.log.voters.items()
        }
    )


def _stage_queue_time(day: Day, query: Query) -> Values:
    values = {}
    for name, table in day.log.voters.items():
        joined = table.arrival
        for i, stage in enumerate(table.stages):
            times = table.start[:, i] - joined
            values[f"{name}/{stage}"] = mean(times[~np.isnan(times)])
            joined = table.end[:, i]
    return values


def _stage_utilisation(day: Day, query: Query) -> Values:
    """Divide busy server time by the time of servers, from opening to last vote.

    Time in which services stood still is not busy. A server that is taken away
    finishes its service first, so a stage may pass 1.
    """
    values = {}
    for name, table in day.log.voters.items():
        for i, stage in enumerate(table.stages):
            ended = ~np.isnan(table.end[:, i])
            starts, ends = table.start[ended, i], table.end[ended, i]
            busy = (ends - starts).sum() - sum(
                np.clip(np.minimum(ends, b) - np.maximum(starts, a), 0, None).sum()
                for a, b in day.frozen(name)
            )
            open_time = _server_minutes(day, name, stage)
            values[f"{name}/{stage}"] = float(busy / open_time) if open_time else nan
    return values


def _server_minutes(day: Day, station: str, stage: str) -> float:
    total, servers, since = 0.0, 0, 0.0
    stop = min(day.first(Kind.EMPTIED, station), day.log.end)
    for record in day.log.of(Kind.SERVERS):
        if record.subject == station and record.details["stage"] == stage:
            now = min(record.time, stop)
            total += servers * (now - since)
            servers, since = int(record.details["servers"]), now
    return total + servers * max(stop - since, 0.0)


def _suspended_total(day: Day, query: Query) -> Values:
    stretches = day.suspensions
    return _with_total({n: sum(b - a for a, b in s) for n, s in stretches.items()})


def _suspended_longest(day: Day, query: Query) -> Values:
    return _with_worst(
        {
            name: max((b - a for a, b in stretches), default=0.0)
            for name, stretches in day.suspensions.items()
        }
    )


def _opening_late(day: Day, query: Query) -> Values:
    return _with_worst(
        {
            name: day.first(Kind.OPENED, name) - station.opens
            for name, station in day.setting.stations.items()
        }
    )


def _result_at(day: Day, query: Query) -> Values:
    return _with_worst(
        {name: day.first(Kind.RESULT, name) for name in day.setting.stations}
    )


# ---- incidents -----------------------------------------------------------------


def _chosen(day: Day, query: Query) -> list[Call]:
    return [
        call
        for call in day.calls
        if call.reported < inf and (not query.types or call.type in query.types)
    ]


def _of_calls(function: Callable[[list[Call]], float]) -> Function:
    def measure(day: Day, query: Query) -> Values:
        calls = _chosen(day, query)
        types = query.types or tuple(day.setting.incidents)
        values = {
            name: function([c for c in calls if c.type == name]) for name in types
        }
        return {**values, OVERALL: function(calls)}

    return measure


def _responded_within(day: Day, query: Query) -> Values:
    def share(calls: list[Call]) -> float:
        judged = [
            call
            for call in calls
            if call.arrived < inf or call.reported + query.within <= day.log.end
        ]
        kept = sum(call.response <= query.within + 1e-9 for call in judged)
        return kept / len(judged) if judged else nan

    return _of_calls(share)(day, query)


def _responses(calls: list[Call]) -> Floats:
    return np.array([call.response for call in calls])


def _leg(name: str) -> Function:
    return _of_calls(
        lambda calls: mean(np.array([c.legs[name] for c in calls if c.legs]))
    )


def _full(calls: list[Call]) -> float:
    """Mean of report to the last arrival, over incidents with every need attended."""
    return mean(
        np.array([c.last_arrived - c.reported for c in calls if c.cleared < inf])
    )


def _count(condition: Callable[[Call], bool]) -> Function:
    return _of_calls(lambda calls: float(sum(map(condition, calls))))


def _grown(condition: Callable[[Call], bool]) -> Function:
    """Count incidents that grew, reported or not: silence does not calm a crowd."""

    def measure(day: Day, query: Query) -> Values:
        types = query.types or tuple(day.setting.incidents)
        grown = [c.type for c in day.calls if condition(c) and c.type in types]
        values = {name: float(grown.count(name)) for name in types}
        return {**values, OVERALL: float(len(grown))}

    return measure


# ---- units, duties, plan ---------------------------------------------------------

_BUSY = {
    s.value
    for s in (
        Status.CALLED_UP,
        Status.TURNOUT,
        Status.EN_ROUTE,
        Status.ON_SCENE,
        Status.DUTY,
    )
}
_FREE = {Status.STANDBY.value, Status.RETURNING.value}


def _on_shift(unit: Unit, end: float) -> list[tuple[float, float]]:
    """From when to when a unit is on shift, within the log."""
    shifts = [(max(s.from_, 0.0), min(s.until, end)) for s in unit.shifts]
    return [(begin, stop) for begin, stop in shifts if begin < stop]


def _shift_minutes(unit: Unit, end: float) -> float:
    return sum(stop - begin for begin, stop in _on_shift(unit, end))


def _none_free(day: Day, query: Query) -> Values:
    """Sum the minutes with a unit on shift and none free, fixed posts apart."""
    units = {
        name: unit
        for name, unit in day.setting.units.items()
        if not any(post.strip == "never" for post in unit.posts)
    }
    cuts: list[tuple[float, int, int]] = []
    for unit in units.values():
        for begin, end in _on_shift(unit, day.log.end):
            cuts += [(begin, 1, 0), (end, -1, 0)]
    for span in day.spans:
        if span.unit in units and span.status in _FREE:
            for begin, end in _on_shift(units[span.unit], day.log.end):
                start, stop = max(begin, span.start), min(end, span.end)
                cuts += [(start, 0, 1), (stop, 0, -1)] if start < stop else []
    total, on_shift, free, since = 0.0, 0, 0, 0.0
    for time, step, step_free in sorted(cuts):
        if on_shift > 0 and free == 0:
            total += time - since
        on_shift, free, since = on_shift + step, free + step_free, time
    return {OVERALL: total}


def _unit_utilisation(day: Day, query: Query) -> Values:
    shift_minutes = {
        name: _shift_minutes(unit, day.log.end)
        for name, unit in day.setting.units.items()
    }
    busy = dict.fromkeys(shift_minutes, 0.0)
    for span in day.spans:
        if span.status in _BUSY:
            busy[span.unit] += span.end - span.start
    return {n: busy[n] / m if m else nan for n, m in shift_minutes.items()}


def _unit_sum(kind: Kind, amount: Callable[[Mapping[str, object]], float]) -> Function:
    def measure(day: Day, query: Query) -> Values:
        values = dict.fromkeys(day.setting.units, 0.0)
        for record in day.log.of(kind):
            name = record.subject if kind == Kind.DROVE else str(record.details["unit"])
            if name in values:
                values[name] += amount(record.details)
        return _with_total(values)

    return measure


def _duties(day: Day, query: Query, kinds: Sequence[str]) -> list[str]:
    return [
        name
        for name, duty in day.setting.duties.items()
        if duty.kind in kinds and (not query.duties or name in query.duties)
    ]


def _guard_gap(day: Day, query: Query) -> Values:
    values = {
        name: sum((b - a for a, b in day.gaps(name)), 0.0)
        for name in _duties(day, query, ("guard",))
    }
    return _with_total(values)


def _duty_late(day: Day, query: Query) -> Values:
    values = {}
    for name in _duties(day, query, ("delivery", "convoy", "auxiliary_round")):
        duty = day.setting.duties[name]
        assert duty.kind != "guard"
        values[name] = max(day.first(Kind.DUTY_ENDS, name) - duty.due, 0.0)
    return _with_worst(values)


def _staff_hours(day: Day, query: Query) -> Values:
    """Hours of crews on shift, and of polling officers from opening to close."""
    crews = sum(
        unit.crew * _shift_minutes(unit, day.log.end) / 60
        for unit in day.setting.units.values()
    )
    officers = sum(
        station.officers * (station.closes - station.opens) / 60
        for station in day.setting.stations.values()
    )
    return {OVERALL: crews + officers}


def _staff_cost(day: Day, query: Query) -> Values:
    return {
        OVERALL: sum(
            unit.cost_per_hour * _shift_minutes(unit, day.log.end) / 60
            for unit in day.setting.units.values()
        )
    }


FUNCTIONS: Mapping[str, Function] = {
    "wait.within": _waited_within,
    "wait.mean": _of_waits(_of_voted(mean)),
    "wait.p50": _of_waits(lambda waits: quantile(waits, 0.5)),
    "wait.p90": _of_waits(lambda waits: quantile(waits, 0.9)),
    "wait.p95": _of_waits(lambda waits: quantile(waits, 0.95)),
    "wait.max": _of_waits(_of_voted(lambda waits: float(waits.max()))),
    "line.at_opening": _line_at_opening,
    "line.longest": _longest_line,
    "voters.came": _came,
    "votes.share": _votes_share,
    "votes.auxiliary": _outcomes(Outcome.AUXILIARY),
    "votes.after_close": _votes_after_close,
    "votes.last": _last_vote,
    "voters.balked": _outcomes(Outcome.BALKED),
    "voters.reneged": _outcomes(Outcome.RENEGED),
    "voters.abandoned": _outcomes(Outcome.ABANDONED),
    "voters.turned_away": _outcomes(Outcome.TURNED_AWAY),
    "stage.queue_time": _stage_queue_time,
    "stage.utilisation": _stage_utilisation,
    "suspended.total": _suspended_total,
    "suspended.longest": _suspended_longest,
    "opening.late": _opening_late,
    "result.at": _result_at,
    "response.within": _responded_within,
    "response.mean": _of_calls(lambda calls: mean(_responses(calls))),
    "response.p50": _of_calls(lambda calls: quantile(_responses(calls), 0.5)),
    "response.p90": _of_calls(lambda calls: quantile(_responses(calls), 0.9)),
    "response.max": _of_calls(
        lambda calls: max((call.response for call in calls), default=nan)
    ),
    "response.full": _of_calls(_full),
    "response.handling": _leg("handling"),
    "response.queue": _leg("queue"),
    "response.turnout": _leg("turnout"),
    "response.travel": _leg("travel"),
    "response.lost": _leg("lost"),
    "incidents.reported": _count(lambda call: True),
    "incidents.unattended": _count(lambda c: isinf(c.arrived) and not c.passed),
    "incidents.passed": _count(lambda call: call.passed),
    "incidents.escalated": _grown(lambda call: call.level > 1),
    "incidents.hot_spots": _grown(lambda call: call.hot_spot),
    "units.none_free": _none_free,
    "unit.utilisation": _unit_utilisation,
    "unit.km": _unit_sum(Kind.DROVE, lambda details: float(str(details["km"]))),
    "unit.missions": _unit_sum(Kind.ASSIGNED, lambda details: 1.0),
    "guard.gap": _guard_gap,
    "duty.late": _duty_late,
    "staff.hours": _staff_hours,
    "staff.cost": _staff_cost,
}
