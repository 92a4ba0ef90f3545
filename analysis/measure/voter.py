"""Measures of voters and stations."""

from collections.abc import Callable
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from analysis.day import Day, Floats, arrivals_of, line_at, votes_of
from analysis.measure.value import (
    OVERALL,
    Function,
    Query,
    Values,
    mean,
    quantile,
    with_total,
    with_worst,
)
from simulator.log import Kind, Outcome, VoterTable


def _of_voted(function: Callable[[Floats], float]) -> Callable[[Floats], float]:
    """Measure those who voted; infinite when voters came and none of them did."""

    def value(waits: Floats) -> float:
        finite = waits[np.isfinite(waits)]
        if len(finite):
            return function(finite)
        return inf if len(waits) else nan

    return value


def _of_waits(function: Callable[[Floats], float]) -> Function:
    def measure(day: Day, query: Query) -> Values:
        values = {name: function(waits) for name, waits in day.waits.items()}
        for name, waits in day.class_waits.items():
            values[f"class {name}"] = function(waits)
        pooled = list(day.waits.values())
        values[OVERALL] = function(np.concatenate(pooled)) if pooled else nan
        return values

    return measure


def _waited_within(day: Day, query: Query) -> Values:
    def share(waits: Floats) -> float:
        return float((waits <= query.within + 1e-9).mean()) if len(waits) else nan

    return _of_waits(share)(day, query)


def _final(day: Day, name: str, table: VoterTable) -> NDArray[np.int64]:
    """Count voters by what became of them in the end."""

    def count() -> NDArray[np.int64]:
        final = table.outcome[table.last_visits()]
        return np.bincount(final, minlength=len(Outcome))

    return day.once(("outcomes", name), count)


def _outcomes(*outcomes: Outcome) -> Function:
    def measure(day: Day, query: Query) -> Values:
        values = {
            name: float(_final(day, name, table)[list(outcomes)].sum())
            for name, table in day.log.voters.items()
        }
        return with_total(values)

    return measure


def _came(day: Day, query: Query) -> Values:
    return with_total({name: float(len(w)) for name, w in day.waits.items()})


def _diverted_in(day: Day, query: Query) -> Values:
    tables = day.log.voters
    return with_total({name: float(len(t.guests)) for name, t in tables.items()})


def _votes_share(day: Day, query: Query) -> Values:
    """Divide the votes of those on a list, wherever cast, by the list."""
    cast = dict.fromkeys(day.log.voters, 0.0)
    for name, table in day.log.voters.items():
        voted = np.isin(table.outcome, (Outcome.VOTED, Outcome.AUXILIARY))
        voters = table.voter[voted]
        cast[name] += float((voters < table.registered).sum())
        for voter in voters[voters >= table.registered] - table.registered:
            cast[table.guests[voter].home] += 1.0
    votes = with_total(cast)
    registered = {n: float(t.registered) for n, t in day.log.voters.items()}
    total = with_total(registered)
    return {name: votes[name] / total[name] if total[name] else nan for name in votes}


def _votes_after_close(day: Day, query: Query) -> Values:
    """Count votes in the room after the close in force, extensions included."""
    return with_total(
        {
            name: float((votes_of(table) > day.closes(name)).sum())
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
    for name, line in day.lines.items():
        opened = [r for r in day.log.of(Kind.OPENED) if r.subject == name]
        values[name] = float(opened[0].details["line"]) if opened else nan
        if not opened:
            opens = np.array([day.setting.stations[name].opens])
            values[name] = float(line_at(line, opens)[0])
    return with_total(values)


def _longest_line(day: Day, query: Query) -> Values:
    return with_worst(
        {
            name: float(lengths.max(initial=0.0))
            for name, (_, lengths) in day.lines.items()
        }
    )


def _stage_queue_time(day: Day, query: Query) -> Values:
    values = {}
    for name, table in day.log.voters.items():
        joined = table.arrival
        for i, stage in enumerate(table.stages):
            times = table.start[:, i] - joined
            values[f"{name}/{stage}"] = mean(times[~np.isnan(times)])
            # Who skipped the stage has waited for the next one since the last.
            joined = np.where(np.isnan(table.end[:, i]), joined, table.end[:, i])
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
    return with_total({n: sum(b - a for a, b in s) for n, s in stretches.items()})


def _suspended_longest(day: Day, query: Query) -> Values:
    return with_worst(
        {
            name: max((b - a for a, b in stretches), default=0.0)
            for name, stretches in day.suspensions.items()
        }
    )


def _opening_late(day: Day, query: Query) -> Values:
    return with_worst(
        {
            name: day.first(Kind.OPENED, name) - station.opens
            for name, station in day.setting.stations.items()
        }
    )


def _result_at(day: Day, query: Query) -> Values:
    return with_worst(
        {name: day.first(Kind.RESULT, name) for name in day.setting.stations}
    )


VOTERS: dict[str, Function] = {
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
    "voters.diverted_out": _outcomes(Outcome.DIVERTED),
    "voters.diverted_in": _diverted_in,
    "stage.queue_time": _stage_queue_time,
    "stage.utilisation": _stage_utilisation,
    "suspended.total": _suspended_total,
    "suspended.longest": _suspended_longest,
    "opening.late": _opening_late,
    "result.at": _result_at,
}
