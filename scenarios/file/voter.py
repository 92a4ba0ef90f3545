"""Reading recorded voters: rows in, lists of voters out, or every bad row at once."""

from collections.abc import Callable, Iterator
from math import nan
from typing import Any

from pydantic import ValidationError

from scenarios.clock import Clock, shown
from scenarios.file.document import Document, Where, matches
from scenarios.file.fault import validated
from scenarios.file.field import yes_or_no
from scenarios.file.folder import Folder
from scenarios.file.observed import observed_minutes
from scenarios.file.record import Row, Sheet, columns_shown, read_sheet
from scenarios.problem import Problem, ScenarioError, allowed
from scenarios.stage import ORDINARY
from scenarios.voter import ABOUT_VOTERS, Asked, VoterFile, VoterList

MOST_VOTERS = 200_000
MOST_TOLD = 50
_NOTHING = {"", "nan", "none", "null", "na", "n/a", "-"}
_TAKEN = "a file of voters says something else under this name; rename the stage"
Lists = dict[Asked, VoterList]


def read_voters(
    folder: Folder, documents: list[Document], clock: Clock | None
) -> tuple[Lists, list[Problem]]:
    """Read the recorded voters of all stations, each table once.

    Parameters
    ----------
    folder
        Its files.
    documents
        The scenario, and the scenario under each plan.
    clock
        None where it is at fault: that is told elsewhere, and nothing is read.

    Returns
    -------
    dict, list
        Voters by what is asked for, and what is wrong with the files.
    """
    lists: Lists = {}
    problems: list[Problem] = []
    seen: set[Asked] = set()
    if clock is None:
        return lists, problems  # told already
    for document in documents:
        for where, station in matches(document.data, ("stations", "*")):
            settings = _settings(station)
            if settings is None:
                continue
            stages, classes = _names(station, "stages"), _names(station, "classes")
            asked = settings.asked(stages, classes)
            if asked in seen:
                continue
            seen.add(asked)
            try:
                sheet = _sheet(folder, document, where, settings)
                at = _columns(sheet, document, where, settings, stages)
                lists[asked] = Reader(sheet, at, settings, clock, classes).read(stages)
            except ScenarioError as error:
                problems += error.problems
    return lists, problems


def _settings(station: object) -> VoterFile | None:
    given = station.get("voters") if isinstance(station, dict) else None
    try:
        return None if given is None else validated(VoterFile, given, {})
    except ValidationError:
        return None  # the model of the station tells it


def _names(station: Any, key: str) -> tuple[str, ...]:
    found = station.get(key)
    return tuple(found) if isinstance(found, dict) else ()


def _sheet(
    folder: Folder, document: Document, where: Where, settings: VoterFile
) -> Sheet:
    try:
        raw = folder.read(settings.file)
    except ScenarioError as error:
        text = f"{error.problems[0].text}, found {shown(settings.file)}"
        at = (*where, "voters", "file")
        raise ScenarioError((document.problem(at, text),)) from None
    names = [c for c in settings.columns.values() if isinstance(c, str)]
    names = names or list(ABOUT_VOTERS)
    return read_sheet(raw, folder.shown(settings.file), names=names)


def _columns(
    sheet: Sheet,
    document: Document,
    where: Where,
    settings: VoterFile,
    stages: tuple[str, ...],
) -> dict[str, int]:
    """Find the column of each thing that the file says."""
    fields = sheet.rows[0].fields
    where = (*where, "voters", "columns")
    known = [*ABOUT_VOTERS, *stages]
    at: dict[str, int] = {}
    problems = [
        document.problem((*where[:2], "stages", stage), _TAKEN, key=True)
        for stage in stages
        if stage in ABOUT_VOTERS
    ]
    for name, column in settings.columns.items():
        index = column - 1 if isinstance(column, int) else _place(fields, column)
        if name not in known:
            text = f"no such thing to read, found {shown(name)}; {allowed(known, name)}"
            problems.append(document.problem((*where, name), text, key=True))
        elif not 0 <= index < len(fields):
            text = f"no such column of {sheet.file}, or two, found {shown(column)}; "
            text += f"its first row: {columns_shown(fields)}"
            problems.append(document.problem((*where, name), text))
        at[name] = index
    for name in known if not _numbered(settings) else ():
        if name not in at and fields.count(name) == 1:
            at[name] = fields.index(name)
    if "arrival" not in at:
        text = f"a column for arrival is needed, found {columns_shown(fields)}"
        problems.append(sheet.problem(sheet.rows[0], 0, "", text))
    if problems:
        raise ScenarioError(tuple(problems))
    return at


def _place(fields: tuple[str, ...], name: str) -> int:
    return fields.index(name) if fields.count(name) == 1 else -1


def _numbered(settings: VoterFile) -> bool:
    """Tell whether columns are numbers alone: the file has no header."""
    columns = settings.columns.values()
    return bool(columns) and all(isinstance(column, int) for column in columns)


class Reader:
    """Turns the rows of one file into voters; gathers what is wrong on the way.

    Parameters
    ----------
    sheet
        The file.
    at
        Index of the column of each thing it says.
    settings
        How to read it.
    clock
        Of the scenario.
    classes
        Names of the classes of the station.
    """

    def __init__(
        self,
        sheet: Sheet,
        at: dict[str, int],
        settings: VoterFile,
        clock: Clock,
        classes: tuple[str, ...],
    ) -> None:
        self.sheet = sheet
        self.at = at
        self.settings = settings
        self.clock = clock
        self.classes = classes
        self.problems: list[Problem] = []

    def read(self, stages: tuple[str, ...]) -> VoterList:
        """Read every row.

        Raises
        ------
        ScenarioError
            With every bad field, up to a bound, or when there is no voter or too many.
        """
        header = not _numbered(self.settings)
        rows = self.sheet.rows[1:] if header else self.sheet.rows
        if not 0 < len(rows) <= MOST_VOTERS:
            text = f"must hold 1 to {MOST_VOTERS} voters, found {len(rows)}"
            raise ScenarioError((self.sheet.problem(self.sheet.rows[0], 0, "", text),))
        found = VoterList(
            arrival=tuple(self._values(rows, "arrival", self._moment)),
            service=tuple(
                tuple(self._values(rows, name, self._minutes)) for name in stages
            ),
            patience=tuple(self._values(rows, "patience", self._minutes)),
            priority=tuple(self._values(rows, "priority", yes_or_no)),
            class_=tuple(self._values(rows, "class", self._class)),
        )
        if self.problems:
            told = sorted(self.problems, key=lambda p: (p.line, p.column))
            more = len(told) - MOST_TOLD
            if more > 0:
                text = f"and {more} more bad field(s), from here on"
                told[MOST_TOLD:] = [
                    Problem(file=self.sheet.file, line=told[MOST_TOLD].line, column=1,
                            text=text)
                ]  # fmt: skip
            raise ScenarioError(tuple(told))
        return found

    def _values(
        self, rows: list[Row], name: str, read: Callable[[str], float]
    ) -> Iterator[float]:
        index = self.at.get(name)
        for row in rows:
            text = "" if index is None else "".join(row.fields[index : index + 1])
            value, fault = nan, ""
            if text.casefold() not in _NOTHING:
                try:
                    value = float(read(text))
                except ValueError as error:
                    fault = str(error)
            elif name == "arrival":
                fault = "an arrival is needed, found nothing"
            if fault:
                self.problems.append(self.sheet.problem(row, index or 0, name, fault))
            yield value

    def _moment(self, text: str) -> float:
        """Read clock text, or minutes from the scenario's start."""
        if ":" in text:
            minutes = self.clock.moment(text)
        else:
            minutes = observed_minutes(text, "min")
        if not 0 <= minutes < self.clock.minutes:
            raise ValueError(
                f"outside the clock, found {shown(text)}; allowed: "
                f"{self.clock.text(0)} to {self.clock.text(self.clock.minutes)}"
            )
        return minutes

    def _minutes(self, text: str) -> float:
        return observed_minutes(text, self.settings.unit)

    def _class(self, text: str) -> float:
        classes = (ORDINARY, *self.classes)
        if text not in classes:
            names = allowed(list(classes), text)
            raise ValueError(f"no such class, found {shown(text)}; {names}")
        return classes.index(text)
