"""Switching: a unit under way is replaced when another saves enough time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.policy import Candidate
from simulator.unit import UNDER_WAY

if TYPE_CHECKING:
    from simulator.dispatch import Dispatcher
    from simulator.incident import Incident, Slot
    from simulator.unit import Unit


def better_unit(
    dispatcher: "Dispatcher", incident: "Incident", slot: "Slot", share: float
) -> Candidate | None:
    """Give the free own unit that saves more than a share of what remains, if any."""
    old = slot.unit
    if old is None or old.status not in UNDER_WAY or old.silent:
        return None
    priority = dispatcher.priority(incident)
    able = [
        dispatcher.candidate(unit, incident.node)
        for unit in dispatcher.world.units.values()
        if _may_replace(unit, incident, slot, priority)
    ]
    best = dispatcher.choose_one(incident, slot, able)
    remains = dispatcher.estimate(old, incident.node)
    if best is None or not remains - best.estimate > share * remains:
        return None
    # An own unit is free again when another goes instead of it; mutual aid is not.
    if old.is_aid and dispatcher.held(incident, slot, best, set()):
        return None
    return best


def under_way(dispatcher: "Dispatcher") -> Iterator[tuple["Incident", "Slot"]]:
    """Give the slots whose units are under way, the most pressing first."""
    missions = {
        unit.mission[0].name: unit.mission[0]
        for unit in dispatcher.world.units.values()
        if unit.mission is not None and unit.status in UNDER_WAY
    }
    order = sorted(
        missions.values(),
        key=lambda i: (dispatcher.priority(i), i.reported or 0.0, i.name),
    )
    for incident in order:
        for slot in list(incident.slots):
            yield incident, slot


def _may_replace(
    unit: "Unit", incident: "Incident", slot: "Slot", priority: int
) -> bool:
    filled = incident.filled(slot)
    return (
        all(each.skill in unit.skills for each in filled)
        and len(filled) <= unit.spec.fills
        and not unit.is_aid
        and unit.post() is None
        and unit.waits()
        and unit.available(priority)
        and unit.name not in incident.recalled
    )
