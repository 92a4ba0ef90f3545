"""Guests: voters who are sent on from one station and come to another.

Who is sent on at the door follows from who comes, never from the line that is found.
So it is settled, up to a time, before any of the stations concerned is advanced to it,
and stations may send voters to each other. A guest is not sent on again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.log import Guest
from simulator.station import state as col
from simulator.station.state import Floats, Ints
from simulator.voter import Voters, draw_guests

if TYPE_CHECKING:
    from simulator.station.batch import Batch


@dataclass(slots=True, eq=False)
class Diversion:
    """A share of those who come to a station is sent on to another.

    Parameters
    ----------
    to
        Row of the other station.
    share
        Of those who come; of several diversions each takes its own part of them.
    minutes
        Time on the way; infinite while there is none: then nobody goes.
    went
        How many have set out so far.
    """

    to: int
    share: float
    minutes: float
    went: int = 0


@dataclass(slots=True)
class Source:
    """A station that sends voters on.

    Parameters
    ----------
    diversions
        In the order in which they began.
    bounds
        Up to which uniform number each takes a voter.
    turns, times
        The day's own who had not come when these were set, and when they come.
    next
        The first of them who has not been settled.
    """

    diversions: Sequence[Diversion]
    bounds: Floats
    turns: Ints
    times: Floats
    next: int = 0

    def of(self, uniform: float) -> Diversion | None:
        """Give the diversion that takes a voter of a uniform number, if one does."""
        i = int(np.searchsorted(self.bounds, uniform, side="right"))
        return self.diversions[i] if i < len(self.diversions) else None


class Known(NamedTuple):
    """A guest who has set out: the row of the home, the place there, the first visit.

    They stand in the order in which those of one instant come.
    """

    home: int
    voter: int
    since: float


@dataclass(slots=True)
class House:
    """The guests of a station, and how many its block of voters has room for.

    Parameters
    ----------
    guests
        In the order in which they became known; the first stands after the list.
    drawn
        All voters of a home as guests here, by row of that home.
    """

    guests: list[Known] = field(default_factory=list)
    room: int = 0
    drawn: dict[int, Voters] = field(default_factory=dict)


class Guests:
    """Who goes from station to station in one world.

    Parameters
    ----------
    batch
        The arrays of all stations.
    """

    def __init__(self, batch: "Batch") -> None:
        self._batch = batch
        self.sources: dict[int, Source] = {}
        # Which sources matter to a station: itself, and those that send voters to it.
        self._about: dict[int, list[int]] = {}
        self._houses: dict[int, House] = {}

    # ---- who goes --------------------------------------------------------------

    def divert(self, row: int, diversions: Sequence[Diversion]) -> None:
        """Have these diversions hold at a station that is at the present."""
        old = self.sources.pop(row, None)
        for one in {row, *(d.to for d in old.diversions)} if old is not None else ():
            self._about[one].remove(row)
        for one in {row, *(d.to for d in diversions)} if diversions else ():
            self._about.setdefault(one, []).append(row)
        if diversions:
            self.sources[row] = self._source(row, diversions)

    def _source(self, row: int, diversions: Sequence[Diversion]) -> Source:
        state = self._batch.state
        first, now = state.station[row, col.FIRST_VOTER], state.clock[row, col.NOW]
        begin, end = state.station[row, [col.NEXT_VOTER, col.LAST_VOTER]]
        return Source(
            diversions=diversions,
            bounds=np.cumsum([one.share for one in diversions]),
            turns=np.arange(begin, end),
            times=np.maximum(state.given[first + begin : first + end, col.COMES], now),
        )

    def settle(self, row: int, until: float, *, inclusive: bool) -> None:
        """Settle who leaves this station, or leaves for it, up to a time."""
        for home in self._about.get(row, ()):
            self._settle(home, self.sources[home], until, inclusive=inclusive)

    def settle_all(self, until: float, *, inclusive: bool) -> None:
        """Settle who leaves any station, up to a time."""
        for home, source in self.sources.items():
            self._settle(home, source, until, inclusive=inclusive)

    def send(self, row: int, voter: int, now: float, diversion: Diversion) -> None:
        """Have a voter who is at a station set out for another."""
        diversion.went += 1
        house, to = self._houses.setdefault(diversion.to, House()), diversion.to
        if len(house.guests) == house.room:
            had, house.room = house.room, max(2 * house.room, 16)
            listed = self._listed(to)
            self._batch.make_voters(to, listed + had, listed + house.room)
        place = self._listed(to) + len(house.guests)
        house.guests.append(Known(row, voter, self._first_came(row, voter, now)))
        self._fill(to, place, self._drawn(house, row, to), voter)
        key = col.GUESTS_FROM + (row << 32) + voter
        self._batch.bring(to, now + diversion.minutes, place, key)

    def may_go(self, diversion: Diversion) -> bool:
        """Tell whether there is a way, and the other station has not closed."""
        closed = self._batch.state.station[diversion.to, col.CLOSED]
        return diversion.minutes < np.inf and not closed

    # ---- who has come ----------------------------------------------------------

    def numbers(self, row: int, purpose: str, voters: Ints) -> Floats:
        """Give the uniform numbers of voters of a station; those of guests are theirs.

        Returns
        -------
        ndarray, shape (voters,)
        """
        listed = self._listed(row)
        of_list = np.where(voters < listed, voters, 0)
        found = self._batch.voters[row].uniforms(purpose)[of_list]
        for i in np.flatnonzero(voters >= listed):
            guest = self._guest(row, int(voters[i]))
            found[i] = self._batch.voters[guest.home].uniforms(purpose)[guest.voter]
        return found

    def classes(self, row: int, voters: Ints) -> NDArray[np.int8]:
        """Give the classes of voters of a station, and those of guests there."""
        if row not in self._houses:
            return self._batch.voters[row].class_[voters]
        listed = self._listed(row)
        found = self._batch.voters[row].class_[np.where(voters < listed, voters, 0)]
        for i in np.flatnonzero(voters >= listed):
            guest = self._guest(row, int(voters[i]))
            found[i] = self._houses[row].drawn[guest.home].class_[guest.voter]
        return found

    def named(self, row: int, voters: Ints) -> tuple[tuple[Guest, ...], Ints]:
        """Name the guests among those who have come, and number them in that order.

        The order is that of their stations and lists, and so does not depend on when
        each became known.
        """
        if row not in self._houses:
            return (), voters
        registered = self._listed(row)
        known = {v: self._guest(row, v) for v in voters.tolist() if v >= registered}
        ranked = sorted(known, key=lambda v: known[v])
        places = {v: registered + i for i, v in enumerate(ranked)}
        renumbered = np.array([places.get(v, v) for v in voters.tolist()])
        names = self._batch.names
        guests = [
            Guest(names[home], voter, since)
            for home, voter, since in (known[v] for v in ranked)
        ]
        return tuple(guests), renumbered.astype(np.int64)

    # ---- inside ----------------------------------------------------------------

    def _settle(
        self, row: int, source: Source, until: float, *, inclusive: bool
    ) -> None:
        inclusive = inclusive and not self._batch.is_held(row)
        first = int(self._batch.state.station[row, col.FIRST_VOTER])
        numbers = self._batch.voters[row].uniforms("divert")
        for time, turn, again in self._coming(row, source, until, inclusive=inclusive):
            voter = int(self._batch.state.place[first + turn])
            diversion = source.of(float(numbers[voter]))
            if diversion is None or not self.may_go(diversion):
                continue
            if again or not self._stays_away(row, turn):
                self._batch.state.who[first + turn, col.SENT] = 1
                self.send(row, voter, time, diversion)

    def _coming(
        self, row: int, source: Source, until: float, *, inclusive: bool
    ) -> list[tuple[float, int, bool]]:
        """Give the turns that come up to a time and are not settled, and if again."""
        state = self._batch.state
        times = source.times
        side: Literal["left", "right"] = "right" if inclusive else "left"
        end = int(np.searchsorted(times, until, side=side))
        begin, source.next = source.next, max(source.next, end)
        first, listed = state.station[row, col.FIRST_VOTER], self._listed(row)
        coming = [
            (float(time), int(turn), False)
            for time, turn in zip(
                times[begin:end], source.turns[begin:end], strict=True
            )
            if not state.who[first + turn, col.MOVED]
        ]
        number = int(state.station[row, col.EXTRAS])
        at, of = state.extra_at[row, :number], state.extra_of[row, :number]
        for i in np.flatnonzero(at <= until if inclusive else at < until):
            if of[i] < listed and not state.who[first + of[i], col.SENT]:
                again = bool(state.extra_key[row, i] // col.KIND == col.AGAIN)
                coming.append((float(at[i]), int(of[i]), again))
        return coming

    def _listed(self, row: int) -> int:
        return self._batch.specs[row].registered

    def _stays_away(self, row: int, turn: int) -> bool:
        """Tell whether a drop keeps a voter from coming at all."""
        state = self._batch.state
        station = state.station[row]
        number = state.given[station[col.FIRST_VOTER] + turn, col.DROP]
        shares = state.drop_share[row, : station[col.DROPS]]
        return bool((number < shares).any())

    def _first_came(self, row: int, voter: int, now: float) -> float:
        """Give when a voter first came to a station: now, or in an earlier visit."""
        state, rows = self._batch.state, self._batch.visits(row)
        turn = self._batch.turn(row, voter)
        if not state.who[state.station[row, col.FIRST_VOTER] + turn, col.SEEN]:
            return now
        visit = state.visit[rows]
        first = (visit[:, col.VOTER] == turn) & (visit[:, col.NUMBER] == 0)
        return float(state.at[rows][first, col.CAME][0])

    def _drawn(self, house: House, home: int, row: int) -> Voters:
        if home not in house.drawn:
            specs, voters = self._batch.specs, self._batch.voters[home]
            house.drawn[home] = draw_guests(specs[home], voters, specs[row])
        return house.drawn[home]

    def _fill(self, row: int, place: int, drawn: Voters, voter: int) -> None:
        state, spec = self._batch.state, self._batch.specs[row]
        i = int(state.station[row, col.FIRST_VOTER]) + place
        state.place[i] = place
        state.who[i] = 0
        state.who[i, col.FIRST] = drawn.priority[voter]
        given = state.given[i]
        given[col.PATIENCE] = drawn.patience[voter]
        given[col.BALK] = drawn.balk[voter]
        given[col.SERVICE : col.SERVICE + len(spec.stages)] = drawn.service[voter]

    def _guest(self, row: int, voter: int) -> Known:
        return self._houses[row].guests[voter - self._listed(row)]
