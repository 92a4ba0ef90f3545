"""Conditions at play: what each reading finds in the world.

One function a reading; each takes the world and what is read of it.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scenarios.condition import Comparison, Condition

if TYPE_CHECKING:
    from simulator.world import World


def reading_of(world: "World", comparison: Comparison) -> float:
    """Read the state of the world now."""
    return READINGS[comparison.reading](world, *comparison.subjects)


def holds(world: "World", condition: Condition) -> bool:
    """Tell whether a condition holds now."""
    return all(c.holds(reading_of(world, c)) for c in condition.comparisons)


def _queue(world: "World", station: str, stage: str | None = None) -> float:
    """Voters in line at a station, or at one of its stages."""
    return world.stations[station].queue(stage)


def _servers(world: "World", station: str, stage: str) -> float:
    """Places of a stage that are open and have their officers."""
    return world.stations[station].servers(stage)


def _officers(world: "World", station: str) -> float:
    """Officers of a station who are at no place."""
    return world.stations[station].free_officers()


def _level(world: "World", inject: str) -> float:
    """Level of the incident of an inject; 0 when none is open."""
    incident = world.incidents.get(inject)
    return incident.level + 1 if incident is not None and incident.is_open else 0


def _open_incidents(world: "World", kind: str | None = None) -> float:
    """Incidents that have been reported and are not over, of one type or of all."""
    return sum(
        incident.is_open
        and incident.reported is not None
        and kind in (None, incident.draw.type)
        for incident in world.incidents.values()
    )


def _free_units(world: "World", skill: str | None = None) -> float:
    """Units at hand and in touch that nothing is asked of, with a skill or all."""
    return sum(
        unit.waits()
        and unit.at_hand
        and not unit.silent
        and (skill is None or skill in unit.skills)
        for unit in world.units.values()
    )


READINGS: Mapping[str, Callable[..., float]] = {
    "queue": _queue,
    "servers": _servers,
    "officers": _officers,
    "level": _level,
    "open_incidents": _open_incidents,
    "free_units": _free_units,
}
