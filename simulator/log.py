"""The log: the only output of a world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Detail = float | int | str


class Kind(StrEnum):
    """Kinds of records."""

    # stations
    OPENED = "opened"
    CLOSED = "closed"
    EXTENDED = "extended"
    SERVERS = "servers"
    OFFICERS = "officers"
    SUSPENDED = "suspended"
    SEALED = "sealed"
    ALERTED = "interruption reported"
    LIFTED = "interruption cleared"
    RESUMED = "resumed"
    CLEARED_OUT = "room cleared"
    LEAVES = "leaves for its new site"
    AT_SITE = "at its new site"
    DIVERTS = "diverts voters"
    NO_WAY = "no way for those diverted"
    WAY_AGAIN = "way for those diverted again"
    DIVERT_ENDS = "diverts no more"
    EMPTIED = "last voter left"
    COUNTED = "counted"
    BALLOTS = "ballots delivered"
    COLLECTED = "box collected"
    RESULT = "result brought in"
    AUXILIARY = "auxiliary votes"
    # units
    STATUS = "status"
    DROVE = "drove"
    ON_BEAT = "on its beat"
    BREAK_LOST = "break lost"
    STANDBY_MOVE = "stand-by move"
    RADIO_LOST = "out of touch"
    RADIO_BACK = "in touch again"
    COVER = "cover"
    # mutual aid
    AID_ASKED = "aid asked for"
    AGREED = "aid agreed"
    CALLED_UP = "called up"
    AT_HAND = "at hand"
    STOOD_DOWN = "stood down"
    # incidents
    ARISES = "arises"
    REPORTED = "reported"
    READY = "ready"
    HELD = "held"
    ASSIGNED = "assigned"
    MOVING = "moving"
    ARRIVED = "arrived"
    WORKED = "work done"
    CANCELLED = "dispatch cancelled"
    PAUSED = "work paused"
    RELIEF = "relief asked for"
    RELIEVED = "relieved"
    STOOD_OFF = "no longer needed"
    HANDED_OVER = "handed over"
    CLEARED = "cleared"
    GONE = "gone"
    PASSED = "passed"
    ESCALATED = "escalated"
    FELL = "fell a level"
    HOT_SPOT = "hot spot"
    UNREACHABLE = "unreachable"
    STRIPPED = "post stripped"
    # script, orders, duties
    DRAWN = "drawn for the day"
    INJECT = "inject"
    EFFECT = "effect"
    EFFECT_ENDS = "effect ends"
    ROAD_HOURS = "road hours"
    STANDING = "standing order"
    ORDER = "order"
    REFUSED = "order refused"
    ORDER_HELD = "order held"
    DUTY_STARTS = "duty starts"
    GUARD_STARTS = "guard starts"
    GUARD_ENDS = "guard ends"
    DUTY_ENDS = "duty ends"
    # the end
    UNFINISHED = "unfinished"
    END = "end"


class Status(StrEnum):
    """What a unit is doing; at every minute exactly one of these."""

    OFF = "off shift"
    UNCALLED = "not called up"
    CALLED_UP = "called up"
    STANDBY = "standing by"
    PATROL = "on patrol"
    BREAK = "on a break"
    OWN_WORK = "at own work"
    MOVING = "moving to stand by"
    TURNOUT = "turning out"
    EN_ROUTE = "en route"
    ON_SCENE = "on scene"
    TRANSPORT = "transporting"
    RETURNING = "returning"
    DUTY = "on duty work"
    OUT = "out of service"


class Outcome(IntEnum):
    """What became of a voter, or of one visit of a voter."""

    NOT_COME = 0
    PRESENT = 1
    VOTED = 2
    AUXILIARY = 3
    BALKED = 4
    RENEGED = 5
    ABANDONED = 6
    TURNED_AWAY = 7
    DIVERTED = 8


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the log.

    Parameters
    ----------
    time
        Minutes from the scenario's start.
    kind
        What happened.
    subject
        To whom: a station, unit, incident, inject or duty.
    place
        Where, if anywhere.
    details
        The rest, by name.
    """

    time: float
    kind: Kind
    subject: str
    place: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)

    def __str__(self) -> str:
        details = " ".join(
            f"{key}={_short(value)}" for key, value in self.details.items()
        )
        place = f" @{self.place}" if self.place else ""
        return f"{self.time:.2f} {self.kind} {self.subject}{place} {details}".rstrip()


def _short(value: Detail) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


class Guest(NamedTuple):
    """A voter on the list of another station.

    Parameters
    ----------
    home
        The station on whose list.
    voter
        Place on that list.
    since
        When the voter first came to that station, minutes.
    """

    home: str
    voter: int
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VoterTable:
    """The visits at one station, a row each, in order of arrival.

    A voter who left in an interruption and came back has two rows.

    Parameters
    ----------
    registered
        Voters on the list.
    stages
        Names of the stages.
    voting_stages
        Indices of the stages whose start ends the wait; each voter passes one.
    classes
        Names of the classes of voters, the ordinary ones first.
    voter
        Place on the list, shape (visits,); `registered` and the place among `guests`
        for who is on the list of another station.
    visit
        0 for the first visit of this voter, 1 for the next.
    priority
        1 for those served first.
    class_
        The class of the voter, a place in `classes`.
    arrival
        When the voter joined, or came to, the line; NaN at an auxiliary box.
    start, end
        Of each stage, shape (visits, stages); NaN where it was not reached.
    left
        When the visit ended; NaN while present.
    outcome
        An `Outcome`.
    guests
        Who has come from other stations, by home and place on the list there.
    """

    registered: int
    stages: tuple[str, ...]
    voting_stages: tuple[int, ...]
    classes: tuple[str, ...]
    voter: NDArray[np.int64]
    visit: NDArray[np.int64]
    priority: NDArray[np.int64]
    class_: NDArray[np.int8]
    arrival: NDArray[np.float64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    left: NDArray[np.float64]
    outcome: NDArray[np.int64]
    guests: tuple[Guest, ...] = ()

    def voting_starts(self) -> NDArray[np.float64]:
        """Give when each visit began to vote, shape (visits,); NaN where it did not."""
        starts = self.start[:, list(self.voting_stages)]
        return np.asarray(np.fmin.reduce(starts, axis=1), dtype=np.float64)

    def last_visits(self) -> NDArray[np.bool_]:
        """Mark the rows that are the last visit of their voter."""
        last = np.ones(len(self.voter), dtype=bool)
        seen: set[int] = set()
        for row in np.flatnonzero(self.repeated())[::-1]:
            voter = int(self.voter[row])
            last[row] = voter not in seen
            seen.add(voter)
        return last

    def repeated(self) -> NDArray[np.bool_]:
        """Mark the rows of voters who came more than once."""
        again = np.unique(self.voter[self.visit > 0])
        return np.isin(self.voter, again)

    def account(self) -> dict[str, int]:
        """Say what became of every voter on the list and every guest, at this moment.

        Returns
        -------
        dict
            Number of voters by outcome; they sum to `registered` and the number of
            `guests`. Who is on the way to another station has left this one.
        """
        final = self.outcome[self.last_visits()]
        counts = np.bincount(final, minlength=len(Outcome))
        counts[Outcome.NOT_COME] = self.registered + len(self.guests) - len(final)
        return {outcome.name.lower(): int(counts[outcome]) for outcome in Outcome}


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """All that happened in one replication.

    Parameters
    ----------
    records
        In the order in which they happened.
    voters
        The voter table of each station.
    end
        Until when it was played, minutes from the start.
    """

    records: tuple[Record, ...]
    voters: Mapping[str, VoterTable]
    end: float
    _by_kind: dict[Kind, list[Record]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def of(self, *kinds: Kind) -> list[Record]:
        """Pick the records of some kinds."""
        if len(kinds) > 1:
            return [record for record in self.records if record.kind in kinds]
        # Measures ask often, and for one kind.
        if not self._by_kind:
            for record in self.records:
                self._by_kind.setdefault(record.kind, []).append(record)
        return list(self._by_kind.get(kinds[0], ()))

    def lines(self) -> list[str]:
        """Write the records as text, for people and for trace tests."""
        return [str(record) for record in self.records]
