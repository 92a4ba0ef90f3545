"""Measures of what chance has set for a day, read from its log."""

from math import isfinite

from analysis.day import Day
from analysis.measure.value import Function, Query, Values
from simulator.log import Kind


def _level(day: Day, query: Query) -> Values:
    return {
        record.subject: float(record.details["level"])
        for record in day.log.of(Kind.DRAWN)
        if "level" in record.details
    }


def _times(day: Day) -> Values:
    """Give when each inject that was drawn happened first; infinite when never."""
    return {
        record.subject: day.first(Kind.INJECT, record.subject)
        for record in day.log.of(Kind.DRAWN)
        if "happens" in record.details
    }


def _happened(day: Day, query: Query) -> Values:
    return {name: float(isfinite(time)) for name, time in _times(day).items()}


def _time(day: Day, query: Query) -> Values:
    return _times(day)


CHANCES: dict[str, Function] = {
    "input.level": _level,
    "inject.happened": _happened,
    "inject.time": _time,
}
