"""Travelling over the roads: where somebody is, also between two junctions."""

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from scenarios.force import Mode
from simulator.road import Position, Route, metres_of, position_after
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.world import World

Play = Generator[simpy.Event, object, None]


class Traveller:
    """Somebody who travels: a unit, or officers on their way.

    Parameters
    ----------
    world
        Whose roads and clock hold.
    node
        Where it is at first.
    mode
        How it travels.
    """

    def __init__(self, world: "World", node: int, mode: Mode) -> None:
        self.world = world
        self.mode = mode
        self._position = Position(node)
        self._trip: tuple[Route, float] | None = None

    def where(self) -> Position:
        """Tell where it is now."""
        if self._trip is None:
            return self._position
        route, began = self._trip
        return position_after(route, self.world.clock.now - began, self.world.road_map)

    def moves(self) -> bool:
        """Tell whether it is under way."""
        return self._trip is not None

    def minutes_to(self, node: int) -> float:
        """Travel time from where it is to a node; infinite if there is no way."""
        return self.world.roads.minutes(self.where(), node, self.mode)

    def drive(self, node: int, *, until: simpy.Event | None = None) -> Play:
        """Travel to a node, re-routed from where it is whenever the roads change.

        Where there is no way it waits, and tries again when the roads change.

        Parameters
        ----------
        node
            Where to.
        until
            Give up when this happens.
        """
        give_up = [] if until is None else [until]
        while self._position != Position(node) and not (until and until.processed):
            route = self.world.roads.route(self._position, node, self.mode)
            change = self.world.roads_changed
            if route is None:
                self.no_way(node)
                yield simpy.AnyOf(self.world.clock, [change, *give_up])
                continue
            now = self.world.clock.now
            self._trip = (route, now)
            arrival = self.world.clock.due(now + route.minutes, Rank.UNIT)
            try:
                yield simpy.AnyOf(self.world.clock, [arrival, change, *give_up])
            finally:
                self.halt(arrived=arrival.processed)

    def halt(self, *, arrived: bool = False) -> None:
        """Stop where it is; settle the distance of the trip under way, if any."""
        if self._trip is None:
            return
        route, began = self._trip
        minutes = route.minutes if arrived else self.world.clock.now - began
        self._position = (
            Position(route.target)
            if arrived
            else position_after(route, minutes, self.world.road_map)
        )
        self._trip = None
        self.drove(metres_of(route, minutes, self.world.road_map), minutes)

    def drove(self, metres: float, minutes: float) -> None:
        """Take note of a stretch driven; officers on their way keep no account."""

    def no_way(self, node: int) -> None:
        """Take note that there is no way to a node."""
