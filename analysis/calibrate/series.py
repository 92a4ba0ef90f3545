"""Turnout readings of one poll at one place."""

from dataclasses import dataclass, field

from scenarios.file.record import Row
from scenarios.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What had been cast by a time, as reported.

    Parameters
    ----------
    row
        Where it stands.
    minute
        Minutes since midnight; None for a final result without a time.
    value
        Votes, or per cent of the list.
    step
        Half a unit of the last digit that was printed.
    at_least
        Whether it is a lower bound only.
    listed
        Voters on the list, None where it is not said.
    """

    row: Row
    minute: float | None
    value: float
    step: float
    at_least: bool
    listed: float | None


@dataclass(slots=True, kw_only=True)
class Series:
    """The readings of one poll at one place.

    Parameters
    ----------
    poll, scope
        As the table calls them; empty where it does not.
    date
        Of the day, empty where it is not said.
    unit
        ``votes`` or ``per cent``.
    readings
        In order.
    faults
        What is wrong with its rows.
    notes
        Remarks and what was found on the way.
    hours
        Opening and close, minutes since midnight, where the table says.
    """

    poll: str
    scope: str
    date: str = ""
    unit: str = "votes"
    readings: list[Reading] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hours: tuple[float | None, float | None] = (None, None)
    begin: float = 0.0

    @property
    def name(self) -> str:
        """Poll and place in a word."""
        return ", ".join(part for part in (self.poll, self.scope) if part) or "all rows"

    @property
    def timed(self) -> list[Reading]:
        """The readings that have a time."""
        return [r for r in self.readings if r.minute is not None]

    @property
    def last_value(self) -> float:
        """The last reading; 0 where there is none."""
        return self.readings[-1].value if self.readings else 0.0
