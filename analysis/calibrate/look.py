"""Lines as somebody looked at them: rows of a table in, what was seen out."""

from collections.abc import Sequence

import numpy as np

from analysis.calibrate.line import MOST_VOTERS, Floats, Seen
from analysis.calibrate.moment import clock_of, moment_in
from analysis.calibrate.number import number_in
from analysis.calibrate.source import (
    Given,
    Source,
    need,
    read_source,
    refuse,
)
from scenarios.file.record import Row
from scenarios.problem import Problem, fail

USUAL = {
    "time": ("time", "clock", "hour", "at"),
    "line": ("line", "queue", "waiting"),
    "arrived": ("arrived", "cumulative_arrivals"),
    "votes": ("votes", "voted", "cumulative_votes"),
}
OPENS = "07:00"
MOST_PLACES = 200
_SAID = {
    "arrived": "The column {column} says who had come.",
    "votes": "Who had come is who had voted, the line, and one at each open place "
    "while there is a line; with no line, those being served are left out [assumed].",
}


def read_places(text: str, opens: str | None) -> tuple[tuple[float, int], ...]:
    """Read how many places were open, throughout or from when.

    Parameters
    ----------
    text
        ``6``, or ``07:00=4,09:00=6``; 0 is a break.
    opens
        When those that are open throughout open.

    Returns
    -------
    tuple
        Minutes since midnight, rising, and how many from then on.

    Raises
    ------
    ScenarioError
        Says what is wrong with it.
    """
    parts = [part.rpartition("=") for part in text.split(",")]
    if len(parts) == 1 and not parts[0][1]:
        parts = [(opens or OPENS, "=", text)]
    shown_as = f"--servers {text}"
    found: list[tuple[float, int]] = []
    for clock, sign, count in parts:
        if not sign or not count.strip().isdecimal():
            raise fail(shown_as, "write how many, 6, or from when: 07:00=4,09:00=6")
        try:
            begin = moment_in(clock)[1]
        except ValueError as error:
            raise fail(shown_as, str(error)) from None
        if found and begin <= found[-1][0]:
            before = clock_of(found[-1][0])
            raise fail(
                shown_as, f"times must rise, found {clock_of(begin)} after {before}"
            )
        found.append((begin, int(count)))
    most = max(count for _, count in found)
    if not 1 <= most <= MOST_PLACES or not found[0][1]:
        told = f"must begin with 1 or more, at most {MOST_PLACES} (0 later is a break)"
        raise fail(shown_as, told)
    return tuple(found)


def places_text(places: Sequence[tuple[float, int]]) -> str:
    """Say how many places are open, and from when."""
    if len(places) == 1:
        begin, count = places[0]
        return f"{count} place(s) open throughout from {clock_of(begin)}"
    told = ", ".join(f"{count} from {clock_of(begin)}" for begin, count in places)
    return f"places open: {told}; one that closes finishes who is there"


def read_lines(
    given: Given, *, opens: float, places: Sequence[tuple[float, int]]
) -> tuple[Seen, list[str]]:
    """Read lines counted now and then, with who had come or voted by then.

    Parameters
    ----------
    given
        The file: time, line, and arrived or votes, both cumulative.
    opens
        Minutes since midnight.
    places
        From when so many are open.

    Returns
    -------
    Seen, list
        Times are minutes since midnight; and what was assumed.

    Raises
    ------
    ScenarioError
        With every bad row, up to a bound.
    """
    source = read_source(given, USUAL)
    need(source, "time", "line")
    name = "arrived" if "arrived" in source.at else "votes"
    need(source, name)
    rows: list[tuple[float, float, float]] = []
    problems: list[Problem] = []
    for row in source.rows:
        problems += _take(source, row, name, rows, opens)
    refuse(problems)
    times, lines, came = np.array(rows).T
    told = came if name == "arrived" else came + lines
    if (np.diff(told) < 0).any():
        at = int(np.argmin(np.diff(told))) + 1
        text = f"{told[at]:g} had come (votes and line), fewer than in the row before"
        refuse([source.problem(source.rows[at], "line", text)])
    cumulative = told if name == "arrived" else told + _served(times, lines, places)
    arrived = np.diff(np.maximum.accumulate(cumulative), prepend=0.0)
    if not 0 < arrived.sum() <= MOST_VOTERS:
        told = f"1 to {MOST_VOTERS} voters can be played, found {arrived.sum():g}"
        raise fail(str(given.path), f"{told}; give the rows of one station (--where)")
    seen = Seen(
        times=times,
        lines=lines,
        arrived=arrived.astype(np.int64),
        opens=opens,
        places=tuple(places),
    )
    return seen, [
        _SAID[name].format(column=source.names()[name]),
        "Voters come evenly by chance between two looks [assumed].",
        f"One stage, {places_text(places)}, first come first served, nobody leaves the "
        "line [assumed].",
    ]


def _served(
    times: Floats, lines: Floats, places: Sequence[tuple[float, int]]
) -> Floats:
    """Count who is being served at each look: with a line, one at each open place.

    A place that closes at the look still has somebody.
    """
    begins, counts = zip(*places, strict=True)
    before = np.searchsorted(begins, times) - 1
    return np.where((lines > 0) & (before >= 0), np.array(counts)[before], 0.0)


def _take(
    source: Source,
    row: Row,
    name: str,
    rows: list[tuple[float, float, float]],
    opens: float,
) -> list[Problem]:
    """Take one row; give what is wrong with it."""
    problems: list[Problem] = []
    values: list[float] = []
    for column in ("time", "line", name):
        text = source.text(row, column)
        try:
            if column == "time":
                values.append(moment_in(text)[1])
            else:
                values.append(number_in(text, f"a number of {column}", 0, 1e6))
        except ValueError as error:
            problems.append(source.problem(row, column, str(error)))
    if problems:
        return problems
    before = rows[-1] if rows else (opens, 0.0, 0.0)
    if values[0] <= before[0]:
        told = f"must be after {clock_of(before[0])}, found {clock_of(values[0])}"
        problems.append(source.problem(row, "time", told))
    if values[2] < before[2]:
        told = f"a cumulative number falls, found {values[2]:g} after {before[2]:g}"
        problems.append(source.problem(row, name, told))
    rows.append((values[0], values[1], values[2]))
    return problems
