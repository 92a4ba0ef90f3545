"""Checks of roads: modes nobody can use, ferries, areas without a road, closings."""

from collections.abc import Iterator
from math import isinf

import numpy as np

from scenarios.check import Finding
from scenarios.effect import HERE, CloseRoad, OpenRoad, SlowRoad
from scenarios.force import Mode
from scenarios.road import FERRY, FERRY_WAIT
from scenarios.scenario import Setting
from simulator.road.area import OnRoads, roads_meant
from simulator.road.map import RoadMap
from simulator.road.state import RoadState

MOST_NAMED = 4


def check_roads(
    setting: Setting, roads: RoadMap, wanted: set[str]
) -> Iterator[Finding]:
    """Find what the roads of a scenario do not let happen.

    Parameters
    ----------
    setting
        The scenario under a plan.
    roads
        Its roads.
    wanted
        The places that units must reach.
    """
    yield from _modes(setting, roads)
    yield from _unsaid(setting, roads)
    yield from _carries(setting, roads)
    yield from _hours(setting)
    for path, effect in _effects(setting):
        yield from _meant(path, effect, roads)
        if isinstance(effect, CloseRoad) and path.startswith("script"):
            yield from _cut_off(path, effect, setting, (roads, wanted))


def passes(roads: RoadMap, mode: Mode) -> bool:
    """Tell whether any road lets a mode pass."""
    return bool(np.isfinite(roads.minutes[mode]).any())


def _modes(setting: Setting, roads: RoadMap) -> Iterator[Finding]:
    for name, unit in setting.units.items():
        if not passes(roads, unit.mode):
            yield Finding(
                path=f"units.{name}.mode",
                text=f"no road lets a {unit.mode} pass: the unit never leaves its base",
                cure="another mode, or a class of road with a speed for it",
            )


def _unsaid(setting: Setting, roads: RoadMap) -> Iterator[Finding]:
    """Say what is assumed of ferries that the scenario is silent on."""
    kinds = zip(roads.road, roads.kind, strict=True)
    ferries = dict.fromkeys(road for road, kind in kinds if kind == FERRY)
    silent = [road for road in ferries if road not in setting.roads.ferries]
    if silent:
        yield Finding(
            path="roads.ferries",
            text=f"nothing is said of {_some(silent)}: assumed to sail day and night "
            f"at the speed of the class {FERRY}, after a mean wait of "
            f"{FERRY_WAIT:g} min",
            cure="give its speed, wait, modes and sails",
        )


def _carries(setting: Setting, roads: RoadMap) -> Iterator[Finding]:
    numbers = {
        name: roads.number == roads.roads[name] for name in setting.roads.ferries
    }
    for name, ferry in setting.roads.ferries.items():
        times = {mode: roads.minutes[mode][numbers[name]] for mode in roads.minutes}
        able = [mode for mode, some in times.items() if np.isfinite(some).any()]
        lost = [mode for mode in ferry.modes or () if mode not in able]
        if lost or not able:
            yield Finding(
                path=f"roads.ferries.{name}",
                text=f"carries no {' and no '.join(lost or ['mode'])}: its class has "
                "no speed for it",
                cure="give its speed",
            )


def _hours(setting: Setting) -> Iterator[Finding]:
    """Find ferries that never sail and roads that never open within the clock."""
    end = setting.clock.minutes
    for name, spans in setting.roads.shut(end).items():
        if spans == [(0.0, end)]:
            sails = name in setting.roads.ferries
            key, never = ("ferries", "sails") if sails else ("hours", "opens")
            yield Finding(
                path=f"roads.{key}.{name}",
                text=f"never {never} between {setting.clock.text(0)} and "
                f"{setting.clock.text(end)}",
                cure="a window within the clock",
            )


def _effects(setting: Setting) -> Iterator[tuple[str, OnRoads]]:
    """List the effects on roads, of injects and of open incidents, with their paths."""
    every = [
        (f"script.{name}.effects[{i}]", effect)
        for name, inject in setting.script.items()
        for i, effect in enumerate(inject.effects)
    ]
    every += [
        (f"incidents.{name}.levels[{number}].effects[{i}]", effect)
        for name, kind in setting.incidents.items()
        for number, level in enumerate(kind.levels)
        for i, effect in enumerate(level.effects)
    ]
    for path, effect in every:
        if isinstance(effect, CloseRoad | SlowRoad | OpenRoad):
            yield path, effect


def _meant(path: str, effect: OnRoads, roads: RoadMap) -> Iterator[Finding]:
    if _depends(effect) or roads_meant(roads, effect, ""):
        return
    if effect.area is not None:
        yield Finding(
            path=f"{path}.area",
            text="holds no road: it changes nothing",
            cure="a larger area, or other coordinates; they are those of the road file",
        )
    else:
        yield Finding(
            path=f"{path}.classes",
            text="no road is of this class: it changes nothing",
            cure="another class",
        )


def _depends(effect: OnRoads) -> bool:
    """Tell whether it depends on the incident which roads are meant."""
    here = effect.area is not None and effect.area.place == HERE
    return here or HERE in (effect.roads or ())


def _cut_off(
    path: str, effect: CloseRoad, setting: Setting, where: tuple[RoadMap, set[str]]
) -> Iterator[Finding]:
    """Find places that a closing without an end cuts off from units that could come."""
    roads, wanted = where
    lasts = effect.for_ is None and (
        effect.until is None or effect.until >= setting.clock.minutes
    )
    meant = set(roads_meant(roads, effect, ""))
    opened = {
        road
        for _, other in _effects(setting)
        if isinstance(other, OpenRoad) and not _depends(other)
        for road in roads_meant(roads, other, "")
    }
    if not lasts or meant & opened:
        return
    open_, shut = RoadState(roads), RoadState(roads)
    shut.close(tuple(meant))
    for place in sorted(wanted):
        node, lost = roads.places[place], []
        for name, unit in setting.units.items():
            base = roads.places[unit.base]
            before = open_.times_to(node, unit.mode)[base]
            if isinf(shut.times_to(node, unit.mode)[base]) and not isinf(before):
                lost.append(name)
        if lost:
            yield Finding(
                path=path,
                text=f"cuts {place} off for the rest of the time from {_some(lost)}",
                cure="an end of the closing, a way round, or units on the other side",
            )


def _some(names: list[str]) -> str:
    """Name the first few."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
