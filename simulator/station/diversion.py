"""Diversions in force: which station sends a share of its voters where, and how far."""

from dataclasses import dataclass
from math import inf, isinf
from typing import TYPE_CHECKING

from scenarios.force import Mode
from simulator.log import Detail, Kind
from simulator.road import Position
from simulator.station.guest import Diversion

if TYPE_CHECKING:
    from simulator.world import World


# Its cause, from which station, to which.
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divert:
    """What is asked.

    Parameters
    ----------
    station, to
        From where, and to which other station.
    share
        Of those who come from now on.
    mode
        How they travel.
    line
        Share of the first line that goes at once.
    """

    station: str
    to: str
    share: float
    mode: Mode
    line: float


class Diversions:
    """The diversions of one world.

    Parameters
    ----------
    world
        Its stations and roads.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        self._in_force: dict[Key, tuple[Divert, Diversion]] = {}

    def begin(self, cause: str, asked: Divert) -> str | None:
        """Have a share of the voters of a station go to another.

        One of the same cause between the same stations ends; with a share of 0 there
        is none after it.

        Returns
        -------
        str or None
            Why it cannot be; None when it is in force.
        """
        key = (cause, asked.station, asked.to)
        why = self._why_not(key, asked)
        if why is None:
            self.end(key)
        if why is None and (asked.share or asked.line):
            self._begin(key, asked)
            if not asked.share:  # the line alone was to go
                self.end(key)
        return why

    def end(self, key: Key, asked: Divert | None = None) -> None:
        """Have it end, if it is in force; who is on the way goes on.

        Parameters
        ----------
        key
            Its cause, and the two stations.
        asked
            End this one alone, and no later one of the same key.
        """
        found = self._in_force.get(key)
        if found is not None and (asked is None or asked is found[0]):
            del self._in_force[key]
            self._hold(found[0].station)
            self._record(Kind.DIVERT_ENDS, found[0], voters=found[1].went)

    def look(self) -> None:
        """Read the ways again: the roads, or the place of a station, have changed."""
        for asked, diversion in self._in_force.values():
            minutes = self._minutes(asked)
            if minutes == diversion.minutes:
                continue
            # Who came before went by the old way.
            self._world.stations[asked.station].flow.settle()
            was, diversion.minutes = diversion.minutes, minutes
            if isinf(minutes):
                self._record(Kind.NO_WAY, asked)
            elif isinf(was):
                self._record(Kind.WAY_AGAIN, asked, minutes=minutes)

    def finish(self) -> None:
        """End what is still in force, as the clock has."""
        for key in list(self._in_force):
            self.end(key)

    # ---- inside ----------------------------------------------------------------

    def _why_not(self, key: Key, asked: Divert) -> str | None:
        if asked.station == asked.to:
            return f"{asked.to} is where they are"
        if not asked.share and not asked.line:
            nobody = f"no voters of {asked.station} are being sent to {asked.to}"
            return None if key in self._in_force else nobody
        if self._world.stations[asked.to].is_closed:
            return f"{asked.to} has closed"
        return None

    def _begin(self, key: Key, asked: Divert) -> None:
        stations = self._world.stations
        minutes, to = self._minutes(asked), list(stations).index(asked.to)
        diversion = Diversion(to=to, share=asked.share, minutes=minutes)
        self._in_force[key] = (asked, diversion)
        self._hold(asked.station)
        details: dict[str, Detail] = {"share": asked.share, "mode": asked.mode}
        if minutes < inf:
            went = stations[asked.station].send_line(diversion, asked.line)
            details |= {"minutes": minutes, "line": went}
        self._record(Kind.DIVERTS, asked, **details)
        if isinf(minutes):
            self._record(Kind.NO_WAY, asked)

    def _hold(self, station: str) -> None:
        """Have the voters of a station go where they are now to go."""
        found = [d for asked, d in self._in_force.values() if asked.station == station]
        self._world.stations[station].flow.divert(found)

    def _minutes(self, asked: Divert) -> float:
        places, stations = self._world.road_map.places, self._world.stations
        start, end = (
            places[stations[name].place] for name in (asked.station, asked.to)
        )
        return self._world.roads.minutes(Position(start), end, asked.mode)

    def _record(self, kind: Kind, asked: Divert, **details: Detail) -> None:
        place = self._world.stations[asked.station].place
        self._world.record(kind, asked.station, place, to=asked.to, **details)
