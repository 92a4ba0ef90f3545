"""Measures of the queue of incidents, and of dispatches that were in vain."""

from collections.abc import Callable
from math import inf, nan

from analysis.day import Call, Day
from analysis.day.span import at_once
from analysis.measure.response import grouped, of_calls
from analysis.measure.value import Function, Query, Values


def _not_at_once(calls: list[Call]) -> float:
    ready = [call for call in calls if call.ready < inf]
    late = sum(call.sent > call.ready + 1e-9 for call in ready)
    return late / len(ready) if ready else nan


def _longest_wait(calls: list[Call]) -> float:
    """Longest stretch that one incident waited; infinite while it still waits."""
    return max((b - a for call in calls for a, b in call.queued), default=0.0)


def _lengths(function: Callable[[list[tuple[float, float, int]]], float]) -> Function:
    """Measure how many incidents waited at once, as stretches with their number."""

    def measure(day: Day, query: Query) -> Values:
        end = day.log.end
        pairs = [(c, (a, min(b, end))) for c in day.calls for a, b in c.queued]
        groups = grouped(day, query, pairs)
        return {m: function(list(at_once(found))) for m, found in groups.items()}

    return measure


def _mean_length(day: Day, query: Query) -> Values:
    total = _lengths(lambda steps: sum((b - a) * n for a, b, n in steps))
    end = day.log.end
    return {m: v / end if end else nan for m, v in total(day, query).items()}


def _held(reason: str) -> Function:
    """Count incidents that were held, though units were free, for a reason."""

    def number(calls: list[Call]) -> float:
        held = (any(why.startswith(reason) for why in call.held) for call in calls)
        return float(sum(held))

    return of_calls(number)


def _cancelled(outcome: str) -> Function:
    """Count dispatches with an outcome, by the incident that lost its unit."""

    def measure(day: Day, query: Query) -> Values:
        calls = {call.name: call for call in day.calls}
        pairs = [(calls[d.incident], d) for d in day.dispatches if d.outcome == outcome]
        return {m: float(len(d)) for m, d in grouped(day, query, pairs).items()}

    return measure


QUEUES: dict[str, Function] = {
    "queue.not_at_once": of_calls(_not_at_once),
    "queue.mean": _mean_length,
    "queue.longest": _lengths(
        lambda steps: float(max((n for _, _, n in steps), default=0))
    ),
    "queue.longest_wait": of_calls(_longest_wait),
    "queue.held": _held(""),
    "queue.held_reserve": _held("reserve"),
    "queue.held_together": _held("together"),
    "queue.held_busy": _held("waits for"),
    "churn.preemptions": _cancelled("preempted"),
    "churn.switches": _cancelled("switched"),
}
