"""Reading a file of calls: rows in, calls out, or every bad row at once."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from scenarios.call import Call, CallReport, Recorded
from scenarios.call.setting import Calls
from scenarios.clock import Clock, shown
from scenarios.file.column import OURS, columns_in
from scenarios.file.document import Document, Mark, Where, matches
from scenarios.file.fault import validated
from scenarios.file.field import (
    duration_of,
    number_of,
    priority_of,
    time_of,
    yes_or_no,
)
from scenarios.file.folder import Folder
from scenarios.file.overlay import overlay
from scenarios.file.record import Row, Sheet, read_sheet
from scenarios.file.reference import names_in
from scenarios.problem import Problem, ScenarioError, allowed

if TYPE_CHECKING:
    import networkx as nx

    from scenarios.road.box import Box

T = TypeVar("T")
MOST_CALLS = 100_000
MOST_TOLD = 50
_FILE: Where = ("calls", "file")
_NOTHING = {"", "nan", "none", "null", "na", "n/a", "-"}


def given_calls(base: Document, path: Path | None) -> Document:
    """Lay ``--calls FILE`` over a scenario."""
    if path is None:
        return base
    mark = Mark(f"--calls {path}", 0, 0)
    marks = dict.fromkeys(((), ("calls",), _FILE), mark)
    data = {"calls": {"file": str(path)}}
    return overlay(base, Document(file=mark.file, data=data, keys={}, values=marks))


def read_calls(
    folder: Folder,
    base: Document,
    clock: Clock | None,
    graph: "nx.MultiDiGraph[Any] | None",
    given: Path | None,
) -> Recorded:
    """Read the recorded incidents of a scenario.

    Parameters
    ----------
    folder
        Its files.
    base
        The scenario before any plan.
    clock, graph
        Its clock and its roads, None where they are at fault: that is told elsewhere,
        and then the calls are not read.
    given
        The file that ``--calls`` names.

    Raises
    ------
    ScenarioError
        With every bad row, up to a bound.
    """
    if base.get(("calls",)) is None or clock is None or graph is None:
        return Recorded()
    try:
        settings = validated(Calls, base.get(("calls",)), {})
    except ValidationError:
        return Recorded()
    places, incidents = names_in(base, "places"), names_in(base, "incidents")
    if settings.file is None or places is None or incidents is None:
        return Recorded()
    transport = [
        str(where[1])
        for where, value in matches(base.data, ("incidents", "*", "transport"))
        if value is not None
    ]
    source, raw = _bytes(folder, base, settings.file, given)
    shown_as = str(given) if given else folder.shown(settings.file)
    from scenarios.road.box import Box

    columns = settings.columns
    sheet = read_sheet(
        raw,
        shown_as,
        encoding=settings.encoding,
        delimiter=settings.delimiter,
        skip=settings.skip,
        names=[str(c) for c in columns.flat()] if columns else OURS,
    )
    known = {"places": places, "incidents": incidents, "transport": transport}
    reader = Reader(settings, sheet, clock, known, Box(graph))
    calls, report = reader.read()
    given_as = "" if given is None else str(given)
    return Recorded(calls=calls, report=report, given=given_as, source=source)


def _bytes(
    folder: Folder, base: Document, name: str, given: Path | None
) -> tuple[str, bytes]:
    if given is not None:
        return folder.bring(given, f"--calls {given}")
    try:
        return name, folder.read(name)
    except ScenarioError as error:
        text = f"{error.problems[0].text}, found {shown(name)}"
        raise ScenarioError((base.problem(_FILE, text),)) from None


class Skip(Exception):  # noqa: N818 - no error: the row is left out
    """A row is left out; says why."""


class Reader:
    """Turns the rows of one file into calls; gathers what is wrong on the way.

    Parameters
    ----------
    settings
        How to read it.
    sheet
        The file.
    clock
        Of the scenario.
    known
        Names of its places and incident types, and of the types with transport.
    box
        Around its roads.
    """

    def __init__(
        self,
        settings: Calls,
        sheet: Sheet,
        clock: Clock,
        known: Mapping[str, Collection[str]],
        box: "Box",
    ) -> None:
        self.settings = settings
        self.sheet = sheet
        self.clock = clock
        self.known = known
        self.box = box
        self.names, self.at, self.header = columns_in(sheet, settings.columns)
        self.patterns = [
            (_pattern(text), text, name) for text, name in settings.types.items()
        ]
        self.used: set[str] = set()
        self.problems: list[Problem] = []
        self.bad = False
        self.bad_rows = 0
        self.untold: Row | None = None

    def read(self) -> tuple[tuple[Call, ...], CallReport]:
        """Read every row.

        Raises
        ------
        ScenarioError
            With every bad row, up to a bound, or when no call is left.
        """
        calls: dict[str, Call] = {}
        left_out: Counter[str] = Counter()
        seen: set[tuple[str, ...]] = set()
        duplicates = 0
        rows = self.sheet.rows[1:] if self.header else self.sheet.rows
        for number, row in enumerate(rows, start=1):
            again = row.fields in seen
            seen.add(row.fields)
            if again and self.settings.duplicates == "drop":
                left_out["that repeat an earlier row"] += 1
                continue
            try:
                call = self.call(number, row, calls)
            except Skip as why:
                left_out[str(why)] += 1
                continue
            if call is not None:
                calls[call.name] = call
                duplicates += again
        self._refuse(calls, left_out)
        report = CallReport(
            file=self.sheet.file,
            rows=len(rows),
            calls=len(calls),
            types=dict(Counter(call.type for call in calls.values()).most_common()),
            left_out=left_out,
            duplicates=duplicates,
            notes=(*self.sheet.notes, *self._idle_patterns()),
        )
        return tuple(sorted(calls.values(), key=lambda c: c.reported)), report

    # ---- one row ---------------------------------------------------------------

    def call(self, number: int, row: Row, calls: Mapping[str, Call]) -> Call | None:
        """Read one row; None when it is at fault.

        Raises
        ------
        Skip
            When the row is left out.
        """
        self.bad = False
        self._refuse_length(row)
        reported = self._reported(row)
        kind = self._type(row)
        place, at = self._place(row)
        durations = {
            name: self.value(row, name, self._duration)
            for name in ("report_delay", "call_handling", "turnout", "hand_over")
        }
        on_scene = tuple(
            self.value(row, "on_scene", self._duration, part=part)
            for part in range(len(self.at.get("on_scene", ())))
        )
        priority = self.value(row, "priority", priority_of)
        transport, destination = self._taken_to(row, kind)
        name = self._name(number, row, calls)
        if self.bad:
            return None
        return Call(
            name=name,
            line=row.first,
            type=kind,
            place=place,
            at=at,
            reported=reported,
            priority=priority,
            on_scene=on_scene,
            area=self.text(row, "area"),
            transport=transport,
            destination=destination,
            **durations,
        )

    def text(self, row: Row, name: str, part: int = 0) -> str:
        """Give what a row says in one of our columns; empty when it says nothing."""
        columns = self.at.get(name, ())
        if part >= len(columns) or columns[part] >= len(row.fields):
            return ""
        return row.fields[columns[part]]

    def value(
        self, row: Row, name: str, read: Callable[[str], T], *, part: int = 0
    ) -> T | None:
        """Read one field that may be empty."""
        text = self.text(row, name, part)
        if text.casefold() in _NOTHING:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.fault(row, name, str(error), part=part)
            return None

    def fault(self, row: Row, name: str, text: str, *, part: int = 0) -> None:
        """Take note of what is wrong with a field; the first ones are told."""
        self.bad_rows += not self.bad
        self.bad = True
        if self.bad_rows > MOST_TOLD:
            self.untold = self.untold or row
            return
        columns, named = self.at.get(name, (0,)), self.names.get(name, (name,))
        column = named[part]
        path = f"column {column}" if isinstance(column, int) else column
        self.problems.append(self.sheet.problem(row, columns[part], path, text))

    def _refuse_length(self, row: Row) -> None:
        """Refuse text beyond the last column: a delimiter in it has moved the rest."""
        wide = len(self.sheet.rows[0].fields)
        if any(row.fields[wide:]):
            text = (
                f"has {len(row.fields)} fields where the first row has {wide}; text "
                "that holds the delimiter must be in quotes"
            )
            self.fault(row, "", text)

    def _name(self, number: int, row: Row, calls: Mapping[str, Call]) -> str:
        given = self.text(row, "id")
        name = f"calls#{given or number}"
        if name in calls:
            first = calls[name].line
            text = f"given twice, found {shown(given)}; first at line {first}"
            self.fault(row, "id", text)
        elif len(given) > 80:
            self.fault(row, "id", f"too long, found {shown(given)}; at most 80 letters")
        return name

    def _reported(self, row: Row) -> float:
        """Read when the call came.

        Raises
        ------
        Skip
            When that is outside the clock.
        """
        parts = [self.text(row, name) for name in ("date", "time")]
        text = " ".join(part for part in parts if part)
        if not parts[1] or ("date" in self.at and not parts[0]):
            missing = "date" if parts[1] else "time"
            self.fault(row, missing, f"a {missing} is needed, found nothing")
            return inf
        try:
            reported = time_of(text, self.settings, self.clock)
        except ValueError as error:
            self.fault(row, "time", str(error))
            return inf
        if not 0 <= reported < self.clock.minutes:
            raise Skip("outside the scenario's clock")
        return reported

    def _type(self, row: Row) -> str:
        """Find the incident type of a row.

        Raises
        ------
        Skip
            When none fits and such rows are left out.
        """
        text = self.text(row, "type")
        if not self.patterns and text in self.known["incidents"]:
            return text
        for pattern, written, name in self.patterns:
            if pattern.fullmatch(text):
                self.used.add(written)
                return name
        if self.settings.unmatched == "skip":
            raise Skip("of a type that is not replayed")
        if self.patterns:
            told = "fits none of calls.types"
            names = list(self.settings.types)
        else:
            told, names = "no such incident type", list(self.known["incidents"])
        found = shown(text) if text else "nothing"
        self.fault(row, "type", f"{told}, found {found}; {allowed(names, text)}")
        return ""

    def _place(self, row: Row) -> tuple[str, tuple[float, float] | None]:
        """Find the place of a row, or its coordinates.

        Raises
        ------
        Skip
            When it has none, or they lie off the map, and such rows are left out.
        """
        place = self.text(row, "place")
        x, y = (self.value(row, name, self._number) for name in "xy")
        if not place and "x" in self.at:
            return self._spot(row, x, y)
        if not place:
            self.fault(row, "place", "a place is needed, found nothing")
        elif x is not None or y is not None:
            self.fault(row, "place", "a place and coordinates; leave one empty")
        elif place not in self.known["places"]:
            names = allowed(list(self.known["places"]), place)
            text = f"no such place, found {shown(place)}; {names}"
            self.fault(row, "place", text)
        return place, None

    def _spot(
        self, row: Row, x: float | None, y: float | None
    ) -> tuple[str, tuple[float, float] | None]:
        blank = any(self.text(row, name).casefold() in _NOTHING for name in "xy")
        told = "coordinates are needed, found nothing" if blank else ""
        if x is not None and y is not None:
            told = self.box.fault((x, y))
        if told and self.settings.off_map == "skip":
            raise Skip("off the map")
        if told:
            self.fault(row, "x", told)
        if x is None or y is None:
            return "", None
        return f"{x:.10g},{y:.10g}", (x, y)

    def _taken_to(self, row: Row, kind: str) -> tuple[bool | None, str]:
        """Read whether somebody is taken to a place, and to which."""
        transport = self.value(row, "transport", yes_or_no)
        to = self.text(row, "destination")
        to = "" if to.casefold() in _NOTHING or transport is False else to
        if to and to not in self.known["places"]:
            names = allowed(list(self.known["places"]), to)
            text = f"no such place, found {shown(to)}; {names}"
            self.fault(row, "destination", text)
        elif transport and not to and kind not in self.known["transport"]:
            text = (
                f"where to? {kind or 'its type'} has no transport; give a destination"
            )
            self.fault(row, "transport", text)
        return (True if to else transport), to

    def _number(self, text: str) -> float:
        return number_of(text, self.settings)

    def _duration(self, text: str) -> float:
        return duration_of(text, self.settings)

    # ---- the whole -------------------------------------------------------------

    def _refuse(self, calls: Mapping[str, Call], left_out: Counter[str]) -> None:
        if self.untold is not None:
            text = f"and {self.bad_rows - MOST_TOLD} more bad row(s), from here on"
            self.problems.append(self.sheet.problem(self.untold, 0, "", text))
        if not self.problems and not calls:
            why = "; ".join(f"{n} {why}" for why, n in left_out.items())
            text = f"no call is left to replay: {why or 'there is no row of data'}"
            if self.settings.day is None and left_out:
                text += "; calls.day says which recorded date is replayed"
            self.problems.append(Problem(file=self.sheet.file, text=text))
        if len(calls) > MOST_CALLS:
            text = f"too many calls: {len(calls)}, at most {MOST_CALLS}"
            self.problems.append(Problem(file=self.sheet.file, text=text))
        if self.problems:
            raise ScenarioError(tuple(self.problems))

    def _idle_patterns(self) -> Iterator[str]:
        for _, text, _name in self.patterns:
            if text not in self.used:
                yield f"calls.types '{text}' fits no row that was looked at"


def _pattern(text: str) -> re.Pattern[str]:
    """Turn a text with * for anything into a pattern."""
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
