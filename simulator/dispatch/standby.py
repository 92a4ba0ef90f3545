"""Stand-by moves: where free units wait. Functions in a table, one signature."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from scenarios.policy import CoverStandby, ListStandby, TableStandby
from simulator.policy import SAME, least_total

if TYPE_CHECKING:
    from simulator.dispatch import Dispatcher
    from simulator.unit import Unit

Moves = Iterator[tuple["Unit", str | None]]


def _eligible(dispatcher: "Dispatcher") -> list["Unit"]:
    """Own free units that have neither post nor beat, nor a place by order."""
    return [
        unit
        for unit in dispatcher.cover.free_units()
        if unit.post() is None and unit.spec.beat is None and not unit.idle.ordered
    ]


def table(dispatcher: "Dispatcher", spec: TableStandby, freed: list["Unit"]) -> Moves:
    """Hold the places under the number of free units, by least total travel."""
    units = _eligible(dispatcher)
    places = spec.table.get(str(len(units)), ())
    held = dict(_assigned(dispatcher, units, places))
    for unit in units:
        yield unit, held.get(unit.name)


def _assigned(
    dispatcher: "Dispatcher", units: list["Unit"], places: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    nodes = dispatcher.world.road_map.places
    cost = [[unit.minutes_to(nodes[place]) for unit in units] for place in places]
    for place, column in zip(places, least_total(cost), strict=True):
        if column is not None:
            yield units[column].name, place


def first_empty(
    dispatcher: "Dispatcher", spec: ListStandby, freed: list["Unit"]
) -> Moves:
    """Send each freed unit to the first place at which nobody stands or heads for."""
    nodes = dispatcher.world.road_map.places
    eligible = _eligible(dispatcher)
    for unit in freed:
        if unit in eligible:
            others = dispatcher.cover.free_units()
            held = {other.idle.heads_for() for other in others if other is not unit}
            yield unit, next((p for p in spec.places if nodes[p] not in held), None)


def most_gain(
    dispatcher: "Dispatcher", spec: CoverStandby, freed: list["Unit"]
) -> Moves:
    """Send each freed unit where expected cover gains most; ties go by the list."""
    eligible = _eligible(dispatcher)
    for unit in freed:
        if unit in eligible:
            gains = [dispatcher.cover.gain(unit, place) for place in spec.places]
            # Sums of equal terms may differ by rounding; equal gains go by the list.
            best = next(i for i, gain in enumerate(gains) if gain >= max(gains) - SAME)
            yield unit, spec.places[best]


STANDBYS: Mapping[str, Callable[["Dispatcher", Any, list["Unit"]], Moves]] = {
    "table": table,
    "list": first_empty,
    "cover": most_gain,
}
