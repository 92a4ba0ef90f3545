"""Standing orders at play: when each is read, and what it has given.

They are read last at a control tick, in file order, station by station. An order acts
at once: the next standing order is read in the world that it leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING

from scenarios.condition import Comparison
from scenarios.order import Order, at_station
from scenarios.scenario import Setting
from scenarios.standing import StandingOrder
from simulator.condition import reading_of
from simulator.log import Kind
from simulator.tie import TICK, Rank

if TYPE_CHECKING:
    from simulator.world import World


@dataclass(slots=True)
class Watch:
    """A standing order that is kept in view, for one station where it serves several.

    Parameters
    ----------
    name, spec
        As in the plan.
    station
        Which station it is for; empty when it is for none in particular.
    place
        Where that station stands.
    asked, orders
        What must hold, and what is given, with the station in place of ``here``.
    due
        When it is read next, minutes; infinite when it can act no more.
    """

    name: str
    spec: StandingOrder
    station: str
    place: str
    asked: tuple[Comparison, ...]
    orders: tuple[Order, ...]
    due: float


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
        self._watches = [
            _watch(name, spec, station, world.setting)
            for name, spec in orders.items()
            for station in spec.stations(world.stations) or ("",)
        ]
        self._await()

    def _await(self) -> None:
        """Be called when the next is read; never more when none can act any more."""
        due = min((watch.due for watch in self._watches), default=inf)
        if due < inf:
            self.world.clock.call_at(due, Rank.STANDING, self._read_all)

    def _read_all(self) -> None:
        now = self.world.clock.now
        for watch in self._watches:
            if watch.due == now:
                watch.due = _next(watch.spec, now, given=self._read(watch))
        self._watches = [watch for watch in self._watches if watch.due < inf]
        self._await()

    def _read(self, watch: Watch) -> bool:
        """Give the orders if the condition holds, and tell whether it did."""
        readings: list[str] = []
        for comparison in watch.asked:
            value = reading_of(self.world, comparison)
            if not comparison.holds(value):
                return False
            readings.append(f"{comparison.read()} = {value:g}")
        self._give(watch, " and ".join(readings))
        return True

    def _give(self, watch: Watch, why: str) -> None:
        details = {
            "station": watch.station,
            "why": why,
            "orders": ", ".join(order.kind for order in watch.orders),
        }
        said = {key: text for key, text in details.items() if text}
        self.world.record(Kind.STANDING, watch.name, watch.place, **said)
        for order in watch.orders:
            self.world.apply(order)


def _watch(name: str, spec: StandingOrder, station: str, setting: Setting) -> Watch:
    """Put a standing order in view; for a station, if it serves several."""
    condition, orders, place = spec.when, spec.order, ""
    if station:
        place = setting.stations[station].place
        condition = None if condition is None else condition.at(station)
        orders = tuple(at_station(order, station, place) for order in orders)
    asked = () if condition is None else condition.comparisons
    return Watch(name, spec, station, place, asked, orders, _first(spec))


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
