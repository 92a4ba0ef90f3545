"""Recorded incidents, to be replayed."""

from collections.abc import Mapping
from dataclasses import dataclass

from scenarios.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A recorded incident; what is None was not recorded.

    Parameters
    ----------
    name
        Unique: ``calls#`` and its id, or its number among the rows of the file.
    line
        Where its row begins in the file.
    type, place
        Names of the incident type and of the place.
    at
        Coordinates as in the road file, when its place is no place of the scenario.
    reported
        When the call came, minutes from the start.
    priority
        Stands for that of the type.
    report_delay, call_handling, turnout
        Minutes; the turnout holds for each unit that is sent.
    on_scene
        Minutes from the arrival of a unit; one value holds for every unit, several for
        the first unit needed, the second and so on.
    area
        The area it lies in; empty where not recorded.
    transport
        Whether the first unit needed takes somebody to a place.
    destination
        That place; empty where not recorded.
    hand_over
        Minutes there.
    """

    name: str
    line: int
    type: str
    place: str
    at: tuple[float, float] | None
    reported: float
    priority: int | None = None
    report_delay: float | None = None
    call_handling: float | None = None
    turnout: float | None = None
    on_scene: tuple[float | None, ...] = ()
    area: str = ""
    transport: bool | None = None
    destination: str = ""
    hand_over: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """What a file of calls holds, and what was left out of it.

    Parameters
    ----------
    file
        As errors show it.
    rows
        Rows of data in the file, blank ones not counted.
    calls
        Calls that are replayed.
    types
        Calls by incident type.
    left_out
        Rows by why they are left out.
    duplicates
        Calls whose row repeats an earlier one exactly.
    notes
        What was assumed, a sentence each.
    """

    file: str
    rows: int
    calls: int
    types: Mapping[str, int]
    left_out: Mapping[str, int]
    duplicates: int
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Say it in sentences for people."""
        found = [f"{self.calls} of {self.rows} rows of {self.file} are replayed"]
        if self.types:
            by_type = ", ".join(f"{n} {name}" for name, n in self.types.items())
            found.append(f"by type: {by_type}")
        found += [f"left out: {n} {why}" for why, n in self.left_out.items()]
        if self.duplicates:
            found.append(f"{self.duplicates} of these repeat an earlier row exactly")
        return [*found, *self.notes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The calls of a scenario.

    Parameters
    ----------
    calls
        By the time of the call, then in file order.
    report
        What the file holds; None when there is no file.
    given
        The file that ``--calls`` named; empty when the scenario names its own.
    source
        The same file as it is kept among the sources.
    """

    calls: tuple[Call, ...] = ()
    report: CallReport | None = None
    given: str = ""
    source: str = ""

    def places(self) -> dict[str, Place]:
        """Give the places of calls that came with coordinates."""
        return {
            call.place: Place(at=call.at) for call in self.calls if call.at is not None
        }

    def kept(self) -> str | None:
        """Name the source that ``--calls`` gave; None when the scenario names it."""
        return self.source if self.given else None

    def lines(self) -> list[str]:
        """Say what the file holds in sentences for people; nothing without one."""
        return [] if self.report is None else self.report.lines()
