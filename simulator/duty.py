"""Duties at play: deliveries, guards, auxiliary-box rounds, convoys.

One function a kind; each starts the processes that do the duty.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import simpy

from scenarios.duty import AuxiliaryRound, Convoy, Delivery, Guard
from simulator.log import Kind, Status
from simulator.stream import durations
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.travel import Play
    from simulator.unit import Unit
    from simulator.world import World

MARGIN = 5.0


def _node(world: "World", place: str) -> int:
    return world.road_map.places[place]


def _go_to(world: "World", unit: "Unit", station: str) -> "Play":
    """Go to where a station stands, and on if it has moved meanwhile."""
    place = ""
    while place != world.stations[station].place:
        place = world.stations[station].place
        yield from unit.go(_node(world, place))


def _begin(
    world: "World", name: str, unit: "Unit", start: float, work: "Play"
) -> "Play":
    """Take the unit from its start on, as soon as it is free, and have it work."""
    yield world.clock.due(max(start, world.clock.now), Rank.UNIT)
    yield unit.claim()
    unit.start(name, _as_duty(world, name, unit, work))


def _as_duty(world: "World", name: str, unit: "Unit", work: "Play") -> "Play":
    unit.change(Status.DUTY)
    world.record(Kind.DUTY_STARTS, name, "", unit=unit.name)
    yield from work
    world.record(Kind.DUTY_ENDS, name, "", unit=unit.name)


def _delivery(world: "World", name: str, duty: Delivery) -> None:
    unit = world.units[duty.unit]
    world.clock.process(
        _begin(world, name, unit, duty.start, _deliver(world, unit, duty))
    )


def _deliver(world: "World", unit: "Unit", duty: Delivery) -> "Play":
    yield from unit.go(_node(world, duty.load_at))
    yield from unit.stay(duty.load)
    for station in duty.stations:
        yield from _go_to(world, unit, station)
        yield from unit.stay(duty.unload)
        world.stations[station].deliver_ballots()


def _guard(world: "World", name: str, duty: Guard) -> None:
    for unit_name in duty.units:
        unit = world.units[unit_name]
        for shift in unit.spec.shifts:
            begin, end = max(shift.from_, duty.from_), min(shift.until, duty.until)
            if begin < end:
                world.clock.process(_relief(world, name, duty, unit, (begin, end)))


def _relief(
    world: "World", name: str, duty: Guard, unit: "Unit", stretch: tuple[float, float]
) -> "Play":
    """Have a unit stand guard for its part, leaving early enough to be there."""
    begin, end = stretch
    node = _node(world, duty.place)
    lead = world.roads.minutes(unit.where(), node, unit.spec.mode) + MARGIN
    shift = next(s for s in unit.spec.shifts if s.from_ <= begin < s.until)
    leave = max(shift.from_, begin - lead, 0.0)
    yield world.clock.due(leave, Rank.UNIT)
    if world.clock.now >= end:
        return
    yield unit.claim()
    unit.start(name, _stand(world, name, unit, node, end))


def _stand(world: "World", name: str, unit: "Unit", node: int, end: float) -> "Play":
    unit.change(Status.DUTY)
    place = world.road_map.nodes[node]
    over = world.clock.due(max(end, world.clock.now), Rank.UNIT)
    while world.clock.now < end:
        yield from unit.go(node, until=over)
        if world.clock.now >= end:
            return
        world.record(Kind.GUARD_STARTS, name, place, unit=unit.name)
        # Lost from service, it goes on when the unit is back.
        with suppress(simpy.Interrupt):
            yield over
        world.record(Kind.GUARD_ENDS, name, place, unit=unit.name)
        if unit.out:
            yield from unit.wait_until_back()


def _auxiliary_round(world: "World", name: str, duty: AuxiliaryRound) -> None:
    unit = world.units[duty.unit]
    work = _round(world, name, unit, duty)
    world.clock.process(_begin(world, name, unit, duty.start, work))


def _round(world: "World", name: str, unit: "Unit", duty: AuxiliaryRound) -> "Play":
    """Fetch box and officers, visit the stops, bring them back."""
    station = world.stations[duty.station]
    yield from _go_to(world, unit, duty.station)
    yield from unit.wait_for(station.opened)
    yield from _go_to(world, unit, duty.station)
    officers = station.take_box_out(duty.officers)
    visits = durations(
        duty.visit,
        world.chance.uniforms("duty", name, "visit", len(duty.stops)),
    ).tolist()
    voters = world.auxiliary_voters(duty.station)[name]
    for i, stop in enumerate(duty.stops):
        yield from unit.go(_node(world, stop))
        yield from unit.stay(visits[i])
        station.auxiliary_votes(voters[i :: len(duty.stops)])
    yield from _go_to(world, unit, duty.station)
    station.bring_box_back(officers)


def _convoy(world: "World", name: str, duty: Convoy) -> None:
    unit = world.units[duty.unit]
    work = _collect(world, unit, duty)
    world.clock.process(_begin(world, name, unit, duty.start, work))


def _collect(world: "World", unit: "Unit", duty: Convoy) -> "Play":
    for name in duty.stations:
        station = world.stations[name]
        yield from _go_to(world, unit, name)
        yield from unit.wait_for(station.counted)
        yield from _go_to(world, unit, name)
        yield from unit.stay(duty.load)
        world.record(Kind.COLLECTED, name, station.place, unit=unit.name)
    yield from unit.go(_node(world, duty.to))
    for name in duty.stations:
        world.record(Kind.RESULT, name, duty.to, unit=unit.name)


# Each function takes the duty of its own kind; the key says which.
DUTIES: Mapping[str, Callable[..., None]] = {
    "delivery": _delivery,
    "guard": _guard,
    "auxiliary_round": _auxiliary_round,
    "convoy": _convoy,
}
