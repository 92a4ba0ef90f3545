"""Checks that need routes or loads: what cannot work, before anything is played."""

from collections.abc import Iterator
from itertools import pairwise
from math import isinf

import numpy as np

from scenarios.check import Finding
from scenarios.clock import span
from scenarios.duty import AuxiliaryRound, Delivery
from scenarios.effect import Divert, MoveStation, PlaceIncident
from scenarios.force import Mode
from scenarios.order import Divert as DivertOrder
from scenarios.order import at_station
from scenarios.scenario import Scenario, Setting
from scenarios.staffing import ServersChoice
from scenarios.station import Station, TeamBreak
from simulator.load import Load, allotted, offered, peak_loads, staffed
from simulator.road import Position, RoadMap, RoadState, map_of
from simulator.road.check import check_roads, passes

FAR = 500.0


def _breaks(setting: Setting) -> Iterator[Finding]:
    """Find breaks of officers that close the last place of a stage."""
    for name, station in setting.stations.items():
        for number, rest in enumerate(station.breaks):
            closed = _closed_by(rest, station)
            if closed is not None:
                stage, minute = closed
                yield Finding(
                    path=f"stations.{name}.breaks[{number}]",
                    text=f"closes the last place of {stage} at "
                    f"{setting.clock.text(minute)}",
                    cure="fewer officers at once, or another time",
                )


def _moves(setting: Setting, roads: RoadMap) -> Iterator[Finding]:
    """Find moves of stations to where they stand, or to where there is no way."""
    state = RoadState(roads)
    for name, inject in setting.script.items():
        for number, effect in enumerate(inject.effects):
            if not isinstance(effect, MoveStation):
                continue
            start = setting.stations[effect.station].place
            minutes = _travel(state, [start, effect.to], effect.mode)
            if isinf(minutes) or start == effect.to:
                yield Finding(
                    path=f"script.{name}.effects[{number}]",
                    text=f"{effect.station} cannot move from {start} to {effect.to} by "
                    f"{effect.mode}",
                    cure="another place, or another mode",
                )


def _diversions(setting: Setting, roads: RoadMap) -> Iterator[Finding]:
    """Find voters who are sent where there is no way for them."""
    state = RoadState(roads)
    for path, station, sent in _sent(setting):
        start, end = (setting.stations[name].place for name in (station, sent.to))
        if isinf(_travel(state, [start, end], sent.mode)):
            yield Finding(
                path=path,
                text=f"nobody can go from {station} to {sent.to} by {sent.mode}",
                cure="another station, or another mode",
            )


def _sent(setting: Setting) -> Iterator[tuple[str, str, Divert | DivertOrder]]:
    """Give the diversions of the script and of standing orders, station by station."""
    for name, inject in setting.script.items():
        for number, effect in enumerate(inject.effects):
            if isinstance(effect, Divert):
                yield f"script.{name}.effects[{number}]", effect.station, effect
    for name, standing in setting.orders.items():
        for station in standing.stations(setting.stations) or ("",):
            place = setting.stations[station].place if station else ""
            for order in standing.order:
                told = at_station(order, station, place)
                if isinstance(told, DivertOrder):
                    yield f"orders.{name}.order", told.station, told


def _closed_by(rest: TeamBreak, station: Station) -> tuple[str, float] | None:
    """Name the first stage that a break leaves without a place, and when."""
    steps = [
        step.from_
        for stage in station.stages.values()
        for step in (() if isinstance(stage.servers, int) else stage.servers)
    ]
    changes = [*steps, station.opens, *(r.from_ for r in station.breaks)]
    begin, end = max(rest.from_, station.opens), min(rest.until, station.closes)
    moments = [begin, *(at for at in changes if begin < at)]
    for minute in sorted(at for at in moments if at < end):
        whole = allotted(station, minute, station.officers)
        left = staffed(station, minute)
        for stage, had, has in zip(station.stages, whole, left, strict=True):
            if had and not has:
                return stage, minute
    return None


def check_world(scenario: Scenario, plan: str) -> Iterator[Finding]:
    """Find what cannot work under a plan, by routes and loads."""
    setting = scenario.plans[plan].setting
    roads = map_of(scenario)
    yield from check_roads(setting, roads, _wanted(setting))
    yield from _reach(setting, roads)
    yield from _reach_of_calls(scenario, setting, roads)
    yield from _off_road(scenario, roads)
    yield from _overload(setting)
    yield from _ranges(setting)
    yield from _breaks(setting)
    yield from _moves(setting, roads)
    yield from _diversions(setting, roads)
    yield from _duties(setting, roads)


def _reach(setting: Setting, roads: RoadMap) -> Iterator[Finding]:
    """Every unit must reach every place of a station or incident, and come back."""
    state = RoadState(roads)
    for name, unit in setting.units.items():
        if not passes(roads, unit.mode):
            continue
        base = roads.places[unit.base]
        for place in sorted(_wanted(setting)):
            node = roads.places[place]
            there = state.minutes(Position(base), node, unit.mode)
            back = state.minutes(Position(node), base, unit.mode)
            if isinf(there) or isinf(back):
                way = "reach" if isinf(there) else "come back from"
                yield Finding(
                    path=f"units.{name}",
                    text=f"cannot {way} {place} by {unit.mode}",
                    cure="move its base or the place, or open a road to this mode",
                )


def _wanted(setting: Setting) -> set[str]:
    """Name the places of stations and incidents."""
    wanted = {s.place for s in setting.stations.values()} | {
        place
        for kind in setting.incidents.values()
        for rate in kind.rates
        for place in rate.places
    }
    wanted |= {
        effect.place
        for inject in setting.script.values()
        for effect in inject.effects
        if isinstance(effect, PlaceIncident)
    }
    wanted |= {
        effect.to
        for inject in setting.script.values()
        for effect in inject.effects
        if isinstance(effect, MoveStation)
    }
    return wanted


def _reach_of_calls(
    scenario: Scenario, setting: Setting, roads: RoadMap
) -> Iterator[Finding]:
    """Find calls that a unit cannot reach, or not come back from: one line a unit."""
    state = RoadState(roads)
    places = dict.fromkeys(call.place for call in scenario.recorded.calls)
    for name, unit in setting.units.items() if places else ():
        base = roads.places[unit.base]
        cut_off = [
            place
            for place in places
            if isinf(state.minutes(Position(base), roads.places[place], unit.mode))
            or isinf(state.minutes(Position(roads.places[place]), base, unit.mode))
        ]
        if cut_off:
            yield Finding(
                path=f"units.{name}",
                text=f"cannot reach, or come back from, {len(cut_off)} place(s) of "
                f"recorded incidents by {unit.mode}, such as {cut_off[0]}",
                cure="leave these calls out, or open a road to this mode",
            )
    far = [p for p in places if p not in setting.places and roads.off_road[p] > FAR]
    if far:
        most = max(far, key=lambda place: roads.off_road[place])
        yield Finding(
            path="calls",
            text=f"{len(far)} place(s) lie over {FAR:.0f} m from the nearest road, at "
            f"most {roads.off_road[most]:.0f} m ({most}); the way there is left out of "
            "all travel times",
            cure="check the coordinates, or add the roads",
        )


def _off_road(scenario: Scenario, roads: RoadMap) -> Iterator[Finding]:
    for name in scenario.setting.places:
        metres = roads.off_road[name]
        if metres > FAR:
            yield Finding(
                path=f"places.{name}",
                text=f"lies {metres:.0f} m from the nearest road; the way there is "
                "left out of all travel times",
                cure="check its coordinates, or add the road",
            )


def _overload(setting: Setting) -> Iterator[Finding]:
    for name, station in setting.stations.items():
        worst: dict[str, Load] = {}
        for load in peak_loads(name, station):
            # The first of equally loaded hours; equal but for rounding is equal.
            if load.stage not in worst or load.load > worst[load.stage].load + 1e-9:
                worst[load.stage] = load
        for stage, load in worst.items():
            if load.load > 1:
                yield Finding(
                    path=f"stations.{name}.stages.{stage}",
                    text=f"overloaded: {load.load:.2f} times what its {load.servers} "
                    f"server(s) can do in the hour from "
                    f"{setting.clock.text(load.hour)}",
                    cure=f"{_needed(load)} servers with their officers",
                )


def _needed(load: Load) -> str:
    if isinf(load.load):
        return "some"
    return f"at least {int(np.floor(load.load * load.servers)) + 1}"


def _ranges(setting: Setting) -> Iterator[Finding]:
    """Find choices of places that are too few at their most."""
    for name, choice in setting.staffing.items():
        if not isinstance(choice, ServersChoice):
            continue
        work = [
            (load, hour)
            for hour, load in offered(setting.stations[choice.station], choice.stage)
            if choice.holds(hour)
        ]
        load, hour = max(work, key=lambda one: (one[0], -one[1]), default=(0.0, 0.0))
        most = max(choice.values)
        if load > most:
            yield Finding(
                path=f"staffing.{name}.values",
                text=f"at most {most} place(s), but in the hour from "
                f"{setting.clock.text(hour)} there is work for {load:.2f}: the line "
                "grows under every plan",
                cure=f"values up to {int(load) + 1} or more",
            )


def _duties(setting: Setting, roads: RoadMap) -> Iterator[Finding]:
    """Find duties that cannot be done in time even when nothing goes wrong."""
    state = RoadState(roads)
    for name, duty in setting.duties.items():
        if isinstance(duty, Delivery):
            stops = [duty.load_at, *_places(setting, duty.stations)]
            work = duty.load + duty.unload * len(duty.stations)
            deadline, begin = duty.deadline, duty.start
        elif isinstance(duty, AuxiliaryRound):
            station = setting.stations[duty.station].place
            stops = [station, *duty.stops, station]
            work = duty.visit.mean_minutes * len(duty.stops)
            deadline, begin = duty.due, duty.start
        else:
            continue
        unit = setting.units[duty.unit]
        travel = _travel(state, [unit.base, *stops], unit.mode)
        needed = begin + travel + work - deadline
        if needed > 0:
            yield Finding(
                path=f"duties.{name}",
                text=f"cannot be done in time: travel {span(travel)} and work "
                f"{span(work)} end {span(needed)} after the deadline",
                cure="start earlier, share the stops, or move the deadline",
            )


def _places(setting: Setting, stations: tuple[str, ...]) -> list[str]:
    return [setting.stations[name].place for name in stations]


def _travel(state: RoadState, stops: list[str], mode: Mode) -> float:
    nodes = [state.map.places[stop] for stop in stops]
    return sum(state.minutes(Position(a), b, mode) for a, b in pairwise(nodes))
