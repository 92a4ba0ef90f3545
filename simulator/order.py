"""Orders at play: whether one is possible, and what it does.

One function a kind; each gives None when the order stands, or why it is refused.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scenarios.order import MoveOfficers, Order, Send
from scenarios.problem import allowed
from simulator.log import Kind
from simulator.travel import Traveller

if TYPE_CHECKING:
    from simulator.travel import Play
    from simulator.world import World


def apply_order(world: "World", order: Order) -> str | None:
    """Apply an order.

    Returns
    -------
    str or None
        Why the order is refused; None when it stands.
    """
    why = ORDERS[order.kind](world, order)
    details = order.model_dump(by_alias=True)
    kind = details.pop("kind")
    if why is not None:
        details["why"] = why
    world.record(Kind.ORDER if why is None else Kind.REFUSED, kind, **details)
    return why


def _send(world: "World", order: Send) -> str | None:
    unit = world.units.get(order.unit)
    if unit is None:
        return f"no such unit, found '{order.unit}'; " + allowed(
            list(world.units), order.unit
        )
    incident = world.incidents.get(order.incident)
    if incident is None or incident.reported is None:
        return f"no incident '{order.incident}' has been reported"
    if not incident.is_open:
        return f"incident '{order.incident}' is over"
    if not unit.free():
        return f"{unit.name} is not free: {unit.status.value} {unit.job}".rstrip()
    slot = next((s for s in incident.open_slots() if s.skill in unit.spec.skills), None)
    if slot is None:
        return f"'{order.incident}' needs nothing more that {unit.name} can do"
    world.dispatcher.send(incident, slot, unit, "order")
    return None


def _move_officers(world: "World", order: MoveOfficers) -> str | None:
    for name in (order.from_, order.to):
        if name not in world.stations:
            return f"no such station, found '{name}'; " + allowed(
                list(world.stations), name
            )
    if order.from_ == order.to:
        return f"{order.from_} is where they are"
    officers = world.stations[order.from_].officers
    if officers < order.officers:
        return f"{order.from_} has {officers} officer(s), found {order.officers}"
    world.stations[order.from_].change_officers(-order.officers)
    world.clock.process(_travel(world, order))
    return None


def _travel(world: "World", order: MoveOfficers) -> "Play":
    places = world.road_map.places
    origin = world.stations[order.from_].spec.place
    target = world.stations[order.to]
    officers = Traveller(world, places[origin], "motorcycle")
    yield from officers.drive(places[target.spec.place])
    target.change_officers(order.officers)


# Each function takes the order of its own kind; the key says which.
ORDERS: Mapping[str, Callable[..., str | None]] = {
    "send": _send,
    "move_officers": _move_officers,
}
