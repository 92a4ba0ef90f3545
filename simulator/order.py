"""Orders at play: whether one is possible, and what it does.

One function a kind; each gives None when the order stands, or why it is refused.
"""

from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from scenarios.clock import minutes_of
from scenarios.order import (
    CallUp,
    ClosePlace,
    Divert,
    Extend,
    Move,
    MoveOfficers,
    MoveStation,
    OpenPlace,
    Order,
    Recall,
    Send,
)
from scenarios.problem import allowed
from scenarios.rule import latest_close
from simulator.log import Kind, Status
from simulator.station.diversion import Divert as Diverting
from simulator.station.site import Move as Site
from simulator.station.site import move_station
from simulator.tie import Rank
from simulator.travel import Traveller
from simulator.unit import UNDER_WAY

if TYPE_CHECKING:
    from simulator.incident import Incident, Slot
    from simulator.station import Station
    from simulator.travel import Play
    from simulator.unit import Unit
    from simulator.world import World


def apply_order(world: "World", order: Order) -> str | None:
    """Apply an order.

    Returns
    -------
    str or None
        Why the order is refused; None when it stands, or is held for a unit that
        is out of touch.
    """
    unit = world.units.get(getattr(order, "unit", ""))
    if unit is not None and unit.silent:
        world.hold(order)
        world.record(Kind.ORDER_HELD, order.kind, unit=unit.name, why="out of touch")
        return None
    why = ORDERS[order.kind](world, order)
    details = order.model_dump(by_alias=True, exclude_none=True)
    kind = details.pop("kind")
    if why is not None:
        details["why"] = why
    world.record(Kind.ORDER if why is None else Kind.REFUSED, kind, **details)
    return why


def _unit(world: "World", name: str) -> "Unit | str":
    """Find a unit, or say why there is none."""
    if name in world.units:
        return world.units[name]
    return f"no such unit, found '{name}'; " + allowed(list(world.units), name)


def _send(world: "World", order: Send) -> str | None:
    unit = _unit(world, order.unit)
    if isinstance(unit, str):
        return unit
    incident = world.incidents.get(order.incident)
    if incident is None or incident.reported is None:
        return f"no incident '{order.incident}' has been reported"
    if not incident.is_open:
        return f"incident '{order.incident}' is over"
    why = _not_free(unit)
    if why is not None:
        return why
    slot = _slot_for(unit, incident)
    if slot is None:
        return f"'{order.incident}' needs nothing more that {unit.name} can do"
    old = slot.unit
    if old is not None:  # the new unit goes in place of one under way
        old.halt()
        incident.lose(slot, old, "replaced", to=unit.name)
    incident.recalled.discard(unit.name)
    further = incident.fillable(slot, unit)
    world.dispatcher.send(incident, slot, unit, "order", further)
    if old is not None:
        old.drop()
    return None


def _slot_for(unit: "Unit", incident: "Incident") -> "Slot | None":
    """Find a slot for a unit: an open one, else one whose unit is under way."""
    able = [slot for slot in incident.slots if slot.skill in unit.skills]
    order: list[Slot] = [slot for slot in able if slot.state == "open"]
    order += [
        slot
        for slot in able
        if slot.state == "assigned" and slot.unit is not unit and _in_touch(slot)
    ]
    return next(iter(order), None)


def _in_touch(slot: "Slot") -> bool:
    return slot.unit is not None and not slot.unit.silent


def _not_free(unit: "Unit") -> str | None:
    """Say why a unit cannot be sent; who is under way can be sent elsewhere."""
    if not unit.at_hand:
        return f"{unit.name} is mutual aid and not at hand; call it up first"
    if unit.mission is not None and unit.status in UNDER_WAY:
        return None
    if unit.free():
        return None
    return f"{unit.name} is not free: {unit.status.value} {unit.job}".rstrip()


def _recall(world: "World", order: Recall) -> str | None:
    unit = _unit(world, order.unit)
    if isinstance(unit, str):
        return unit
    if unit.idle.ordered and unit.waits():
        unit.idle.move(None, ordered=True)
        return None
    if unit.mission is None or unit.status not in (*UNDER_WAY, Status.ON_SCENE):
        return f"{unit.name} is at no incident: {unit.status.value}"
    incident, slot = unit.mission
    unit.halt()
    incident.recalled.add(unit.name)
    incident.lose(slot, unit, "recalled")
    unit.drop()
    return None


def _move(world: "World", order: Move) -> str | None:
    unit = _unit(world, order.unit)
    if isinstance(unit, str):
        return unit
    if order.to not in world.setting.places:
        return _no_place(world, order.to)
    if not unit.waits():
        return f"{unit.name} is not free: {unit.status.value} {unit.job}".rstrip()
    post = unit.post()
    if post is not None:
        return f"{unit.name} holds the post at {post.place}"
    unit.idle.move(order.to, ordered=True)
    return None


def _call_up(world: "World", order: CallUp) -> str | None:
    unit = _unit(world, order.unit)
    if isinstance(unit, str):
        return unit
    if not unit.is_aid:
        return f"{unit.name} is no mutual aid: it needs no call-up"
    if unit.at_hand or world.dispatcher.aid.is_asked(unit):
        return f"{unit.name} is at hand or has been asked for"
    if not unit.on_shift():
        return f"{unit.name} is on no shift"
    world.dispatcher.aid.call(unit, "order")
    return None


def _move_officers(world: "World", order: MoveOfficers) -> str | None:
    for name in (order.from_, order.to):
        station = _station(world, name)
        if isinstance(station, str):
            return station
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
    origin = world.stations[order.from_].place
    target = world.stations[order.to]
    officers = Traveller(world, places[origin], "motorcycle")
    yield from officers.drive(places[target.place])
    target.change_officers(order.officers)


def _no_place(world: "World", name: str) -> str:
    places = list(world.setting.places)
    return f"no such place, found '{name}'; " + allowed(places, name)


def _move_station(world: "World", order: MoveStation) -> str | None:
    station = _station(world, order.station)
    if isinstance(station, str):
        return station
    if order.to not in world.setting.places:
        return _no_place(world, order.to)
    data = order.model_dump(exclude={"kind", "set_up", "told_after"})
    set_up, told_after = minutes_of(order.set_up), minutes_of(order.told_after)
    return move_station(world, Site(**data, set_up=set_up, told_after=told_after))


def _extend(world: "World", order: Extend) -> str | None:
    station = _station(world, order.station)
    if isinstance(station, str):
        return station
    return extend(world, order.station, world.setting.clock.moment(order.until))


def extend(world: "World", name: str, until: float) -> str | None:
    """Have a station close later.

    Returns
    -------
    str or None
        Why that cannot be; None when it is done.
    """
    station, clock = world.stations[name], world.setting.clock
    if station.is_closed:
        return f"{name} has closed; the vote is extended before the close or not at all"
    if until <= station.closes:
        return f"{name} closes at {clock.text(station.closes)} as it is"
    latest, law = latest_close(station.spec, world.scenario.rules, clock)
    if until > latest:
        return f"{name} may vote until {clock.text(latest)} at most ({law})"
    station.extend(until)
    return None


def _divert(world: "World", order: Divert) -> str | None:
    for name in (order.station, order.to):
        station = _station(world, name)
        if isinstance(station, str):
            return station
    clock, until = world.setting.clock, inf
    if order.until is not None:
        until = clock.moment(order.until)
        if until <= world.now:
            return f"{clock.text(until)} is past"
    asked = Diverting(**order.model_dump(exclude={"kind", "until"}))
    why = world.diversions.begin("order", asked)
    if why is None and until < inf:
        key = ("order", asked.station, asked.to)
        over = partial(world.diversions.end, key, asked)
        world.clock.call_at(until, Rank.SCRIPT, over)
    return why


def _open_place(world: "World", order: OpenPlace) -> str | None:
    station = _at_stage(world, order)
    return (
        station
        if isinstance(station, str)
        else station.open_places(order.stage, order.places)
    )


def _close_place(world: "World", order: ClosePlace) -> str | None:
    station = _at_stage(world, order)
    return (
        station
        if isinstance(station, str)
        else station.close_places(order.stage, order.places)
    )


def _at_stage(world: "World", order: OpenPlace | ClosePlace) -> "Station | str":
    """Find the station of an order that names one of its stages, or say why not."""
    station = _station(world, order.station)
    if isinstance(station, str) or station.has_stage(order.stage):
        return station
    stages = list(station.spec.stages)
    return f"no such stage, found '{order.stage}'; " + allowed(stages, order.stage)


def _station(world: "World", name: str) -> "Station | str":
    """Find a station, or say why there is none."""
    if name in world.stations:
        return world.stations[name]
    return f"no such station, found '{name}'; " + allowed(list(world.stations), name)


# Each function takes the order of its own kind; the key says which.
ORDERS: Mapping[str, Callable[..., str | None]] = {
    "send": _send,
    "recall": _recall,
    "move": _move,
    "call_up": _call_up,
    "move_officers": _move_officers,
    "extend": _extend,
    "move_station": _move_station,
    "divert": _divert,
    "open_place": _open_place,
    "close_place": _close_place,
}
