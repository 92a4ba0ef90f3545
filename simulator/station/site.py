"""Moving a station to another site: stop, seal, travel, set up, go on."""

from dataclasses import dataclass
from functools import partial
from math import isinf
from typing import TYPE_CHECKING

from scenarios.effect import Suspend
from scenarios.force import Mode
from simulator.log import Kind
from simulator.road import Position
from simulator.tie import Rank
from simulator.travel import Play, Traveller

if TYPE_CHECKING:
    from simulator.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A move of a station.

    Parameters
    ----------
    station, to
        Which one, and the place it moves to.
    set_up
        Minutes from the arrival until it is ready for the inspection.
    mode
        How box and team travel.
    balks
        Share of those in line who give up, and of those who come to the old site.
    told_after
        Minutes from the leaving until voters come straight to the new site.
    """

    station: str
    to: str
    set_up: float
    mode: Mode
    balks: float
    told_after: float


def move_station(world: "World", move: Move) -> str | None:
    """Have a station move.

    Returns
    -------
    str or None
        Why it cannot; None when it is under way.
    """
    station, places = world.stations[move.station], world.road_map.places
    if station.is_closed:
        return f"{station.name} has closed"
    if station.moves:
        return f"{station.name} is moving to {station.place}"
    if station.place == move.to:
        return f"{station.name} stands at {move.to}"
    start = Position(places[station.place])
    if isinf(world.roads.minutes(start, places[move.to], move.mode)):
        return f"no way from {station.place} to {move.to} by {move.mode} now"
    station.moves = True
    stop = Suspend(kind="suspend", station=station.name, mode="drain")
    station.suspend(_cause(move), stop)
    world.clock.process(_carry(world, move))
    return None


def _cause(move: Move) -> str:
    return f"move to {move.to}"


def _carry(world: "World", move: Move) -> Play:
    """Leave when services are over and the box is sealed; set up at the new site."""
    clock, station = world.clock, world.stations[move.station]
    sealed = clock.now + station.spec.interruption.seal
    yield clock.due(max(station.flow.busy_until(), sealed), Rank.UNIT)
    team = Traveller(world, world.road_map.places[station.place], move.mode)
    station.leave_for(move.to, move.balks)
    world.diversions.look()
    if move.balks and move.told_after:
        station.mislead(move.balks)
        told = clock.now + move.told_after
        # They are told before those come who come at that very minute.
        clock.call_at(told, Rank.SCRIPT, partial(station.tell, move.balks))
    yield from team.drive(world.road_map.places[move.to])
    world.record(Kind.AT_SITE, station.name, move.to)
    yield clock.due(clock.now + move.set_up, Rank.UNIT)
    station.moves = False
    station.lift(_cause(move))
