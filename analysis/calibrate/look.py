"""Lines as somebody looked at them: rows of a table in, what was seen out."""

import numpy as np

from analysis.calibrate.line import MOST_VOTERS, Seen
from analysis.calibrate.moment import clock_of, moment_in
from analysis.calibrate.source import (
    Given,
    Source,
    need,
    number_in,
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
_SAID = {
    "arrived": "The column {column} says who had come.",
    "votes": "Who had come is who had voted plus the line; those being served, at most "
    "one a place, are left out of it [assumed].",
}


def read_lines(given: Given, *, opens: float, servers: int) -> tuple[Seen, list[str]]:
    """Read lines counted now and then, with who had come or voted by then.

    Parameters
    ----------
    given
        The file: time, line, and arrived or votes, both cumulative.
    opens
        Minutes since midnight.
    servers
        Places open.

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
    cumulative = came if name == "arrived" else came + lines
    arrived = np.diff(cumulative, prepend=0.0)
    if (arrived < 0).any():
        row = source.rows[int(np.argmin(arrived))]
        told = f"{cumulative[np.argmin(arrived)]:g} had come (votes and line), fewer "
        refuse([source.problem(row, "line", told + "than in the row before")])
    if not 0 < arrived.sum() <= MOST_VOTERS:
        told = f"1 to {MOST_VOTERS} voters can be played, found {arrived.sum():g}"
        raise fail(str(given.path), f"{told}; give the rows of one station (--where)")
    seen = Seen(
        times=times,
        lines=lines,
        arrived=arrived.astype(np.int64),
        opens=opens,
        servers=servers,
    )
    return seen, [
        _SAID[name].format(column=source.names()[name]),
        "Voters come evenly by chance between two looks [assumed].",
        f"One stage, {servers} place(s) open throughout from {clock_of(opens)}, first "
        "come first served, nobody leaves the line [assumed].",
    ]


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
