"""Standing orders at play: when each is read, and what it has given.

They are read last at a control tick, in file order, station by station. An order acts
at once: the next standing order is read in the world that it leaves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scenarios.condition import Comparison
from scenarios.order import Order, at_station
from scenarios.standing import StandingOrder
from simulator.condition import reading_of
from simulator.log import Kind
from simulator.tie import TICK, Rank

if TYPE_CHECKING:
    from simulator.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# Lines of fewer stations are read one by one.
FEW = 4


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """A standing order that is kept in view, for each station that it serves.

    Parameters
    ----------
    name, spec
        As in the plan.
    stations
        Which stations it is for, each for itself; one empty name when it is for none
        in particular.
    places
        Where those stations stand.
    asked, orders
        What must hold, and what is given, with each station in place of ``here``.
    lines
        Reads the lines of chosen stations at once, when the condition begins with the
        line of the station; else None.
    due
        When it is read next for each, minutes, shape (stations,); infinite when it can
        act no more.
    """

    name: str
    spec: StandingOrder
    stations: tuple[str, ...]
    places: tuple[str, ...]
    asked: tuple[tuple[Comparison, ...], ...]
    orders: tuple[tuple[Order, ...], ...]
    lines: Callable[[Ints], Ints] | None
    due: Floats

    def may_hold(self, chosen: Ints) -> Ints:
        """Leave out the stations whose line is not as it must be."""
        if self.lines is None or len(chosen) < FEW:
            return chosen
        # At each the same comparison, but for the station.
        holds: NDArray[np.bool_] = self.asked[0][0].compare(self.lines(chosen))
        found: Ints = chosen[holds]
        return found


class StandingOrders:
    """The standing orders of one world.

    Parameters
    ----------
    world
        What they are given to.
    orders
        By name, in file order.
    """

    def __init__(self, world: "World", orders: Mapping[str, StandingOrder]) -> None:
        self.world = world
        self._watches = [_watch(name, spec, world) for name, spec in orders.items()]
        self._await()

    def _await(self) -> None:
        """Be called when the next is read; never more when none can act any more."""
        due = min((float(watch.due.min()) for watch in self._watches), default=inf)
        if due < inf:
            self.world.clock.call_at(due, Rank.STANDING, self._read_all)

    def _read_all(self) -> None:
        for watch in self._watches:
            self._read_watch(watch, float(self.world.clock.now))
        self._watches = [watch for watch in self._watches if watch.due.min() < inf]
        self._await()

    def _read_watch(self, watch: Watch, now: float) -> None:
        """Read an order for each station that is due, in the order of the stations."""
        due = np.flatnonzero(watch.due == now)
        watch.due[due] = _next(watch.spec, now, given=False)
        while len(due):
            # What has been read at once holds until an order is given.
            given = next((i for i in watch.may_hold(due) if self._read(watch, i)), None)
            if given is None:
                return
            watch.due[given] = _next(watch.spec, now, given=True)
            due = due[due > given]

    def _read(self, watch: Watch, i: int) -> bool:
        """Give the orders if the condition holds, and tell whether it did."""
        readings: list[str] = []
        for comparison in watch.asked[i]:
            value = reading_of(self.world, comparison)
            if not comparison.holds(value):
                return False
            readings.append(f"{comparison.read()} = {value:g}")
        self._give(watch, i, " and ".join(readings))
        return True

    def _give(self, watch: Watch, i: int, why: str) -> None:
        details = {
            "station": watch.stations[i],
            "why": why,
            "orders": ", ".join(order.kind for order in watch.orders[i]),
        }
        said = {key: text for key, text in details.items() if text}
        self.world.record(Kind.STANDING, watch.name, watch.places[i], **said)
        for order in watch.orders[i]:
            self.world.apply(order)


def _watch(name: str, spec: StandingOrder, world: "World") -> Watch:
    """Put a standing order in view, for each station that it serves."""
    stations = spec.stations(world.stations) or ("",)
    places = tuple(
        world.setting.stations[station].place if station else "" for station in stations
    )
    asked = tuple(_asked(spec, station) for station in stations)
    return Watch(
        name=name,
        spec=spec,
        stations=stations,
        places=places,
        asked=asked,
        orders=tuple(
            tuple(at_station(order, *at) for order in spec.order)
            if at[0]
            else spec.order
            for at in zip(stations, places, strict=True)
        ),
        lines=_lines(world, stations, asked),
        due=np.full(len(stations), _first(spec)),
    )


def _asked(spec: StandingOrder, station: str) -> tuple[Comparison, ...]:
    """Give what must hold, with a station in place of ``here``."""
    if spec.when is None:
        return ()
    return (spec.when.at(station) if station else spec.when).comparisons


def _lines(
    world: "World",
    stations: tuple[str, ...],
    asked: tuple[tuple[Comparison, ...], ...],
) -> Callable[[Ints], Ints] | None:
    """Have the lines of all stations read at once, if that is what is asked first."""
    for station, comparisons in zip(stations, asked, strict=True):
        first = comparisons[0] if comparisons else None
        if first is None or first.reading != "queue" or first.subjects[0] != station:
            return None
    flows = [world.stations[station].flow for station in stations]
    stage = "".join(asked[0][0].subjects[1:])
    return flows[0].lines_of(flows, stage)


def _first(spec: StandingOrder) -> float:
    """Say when a standing order is read first."""
    if spec.at is not None:
        return spec.at if spec.at >= 0 else inf
    return _within(spec, max(spec.from_ or 0.0, TICK))


def _next(spec: StandingOrder, now: float, *, given: bool) -> float:
    """Say when it is read next, after it has been read, and perhaps given, now."""
    if spec.at is not None or (given and spec.again is None):
        return inf
    return _within(spec, max(now + TICK, now + (spec.again or 0.0) * given))


def _within(spec: StandingOrder, time: float) -> float:
    """Give the first control tick from a time on, if it is still read then."""
    tick = ceil(time / TICK) * TICK
    return tick if spec.until is None or tick < spec.until else inf
