"""Stretches of time: of units in one status, of guards, of suspensions."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.log import Kind, Log, Record, Status

Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time of a unit in one status.

    Parameters
    ----------
    unit, status
        Whose, and which.
    start, end
        Minutes from the start.
    job
        The incident or duty, if any.
    km
        Driven in it.
    """

    unit: str
    status: str
    start: float
    end: float
    job: str
    km: float = 0.0


def spans_of(log: Log) -> Iterator[Span]:
    """Give every minute of every unit that was ever at work, in one status each."""
    by_unit: dict[str, list[Span]] = {}
    for span in _statuses(log):
        by_unit.setdefault(span.unit, []).append(span)
    drives = _drives(log)
    for unit, spans in by_unit.items():
        yield from _with_km(spans, drives.get(unit, []))


def _statuses(log: Log) -> Iterator[Span]:
    now: dict[str, tuple[str, float, str]] = {}
    off = (Status.OFF.value, 0.0, "")
    for record in log.of(Kind.STATUS):
        status, job = str(record.details["status"]), str(record.details["job"])
        before = now.get(record.subject, off)
        if record.time > before[1]:
            yield Span(record.subject, before[0], before[1], record.time, before[2])
        now[record.subject] = (status, record.time, job)
    for unit, (status, start, job) in now.items():
        if log.end > start:
            yield Span(unit, status, start, log.end, job)


def _drives(log: Log) -> dict[str, list[tuple[float, float]]]:
    """Give the middle of each stretch driven, and its km, by unit.

    A unit that drives changes its status only as it sets off or stops, so the middle
    tells in which status it drove.
    """
    drives: dict[str, list[tuple[float, float]]] = {}
    for record in log.of(Kind.DROVE):
        middle = record.time - float(record.details["minutes"]) / 2
        drives.setdefault(record.subject, []).append(
            (middle, float(record.details["km"]))
        )
    return drives


def _with_km(spans: list[Span], drives: Sequence[tuple[float, float]]) -> list[Span]:
    starts = [span.start for span in spans]
    km = [0.0] * len(spans)
    for middle, driven in drives:
        km[max(bisect_right(starts, middle) - 1, 0)] += driven
    return [
        replace(span, km=driven) if driven else span
        for span, driven in zip(spans, km, strict=True)
    ]


def gaps_in(stretches: Iterable[Stretch], begin: float, end: float) -> list[Stretch]:
    """Find what a set of stretches leaves uncovered between two times."""
    gaps, at = [], begin
    for start, stop in sorted(stretches):
        if start > at:
            gaps.append((at, min(start, end)))
        at = max(at, stop)
        if at >= end:
            break
    if at < end:
        gaps.append((at, end))
    return [(a, b) for a, b in gaps if b > a]


def common(first: Iterable[Stretch], second: Sequence[Stretch]) -> list[Stretch]:
    """Give what lies in both of two sets of stretches."""
    both = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return [(begin, end) for begin, end in both if begin < end]


def length(stretches: Iterable[Stretch]) -> float:
    """Sum the minutes of stretches."""
    return float(sum(end - begin for begin, end in stretches))


def at_once(stretches: Iterable[Stretch]) -> Iterator[tuple[float, float, int]]:
    """Give from when to when so many stretches hold at once."""
    steps: dict[float, int] = {}
    for begin, end in stretches:
        steps[begin] = steps.get(begin, 0) + 1
        steps[end] = steps.get(end, 0) - 1
    number, since = 0, 0.0
    for time in sorted(steps):
        if number and time > since:
            yield since, time, number
        number, since = number + steps[time], time


def between(
    records: Iterable[Record], opening: Kind, closing: Kind, end: float
) -> list[Stretch]:
    """Give the stretches from a record of one kind to the next of another."""
    stretches, start = [], None
    for record in records:
        if record.kind == opening and start is None:
            start = record.time
        elif record.kind == closing and start is not None:
            stretches.append((start, record.time))
            start = None
    return stretches if start is None else [*stretches, (start, end)]
