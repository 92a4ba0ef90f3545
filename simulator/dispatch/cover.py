"""Cover: which places the free units could reach in time."""

from collections.abc import Iterator
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from simulator.log import Kind
from simulator.road import Position
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.unit import Unit
    from simulator.world import World

SAMPLE = 5.0


class Cover:
    """What a dispatcher sees of the cover that free units give.

    Parameters
    ----------
    world
        Whose units and places are meant.
    """

    def __init__(self, world: "World") -> None:
        self.world = world
        self._spec = world.setting.dispatch.cover

    @property
    def now(self) -> float:
        """Minutes from the scenario's start."""
        return self.world.now

    @property
    def within(self) -> float:
        """Minutes within which a place counts as covered."""
        return inf if self._spec is None else self._spec.within

    def free_units(self) -> list["Unit"]:
        """Own units that nothing is asked of."""
        units = self.world.units.values()
        return [u for u in units if not u.is_aid and u.waits() and not u.silent]

    def weights(self) -> dict[str, float]:
        """Give the rate of incidents an hour in force now, by place."""
        now = self.now
        weights: dict[str, float] = {}
        for place, begin, end, rate in self._rates:
            if begin <= now < end:
                weights[place] = weights.get(place, 0.0) + rate
        return weights

    def loss(self, unit: str) -> float:
        """Weight of the places that this unit alone covers; none if it is not free."""
        own, free = self.world.units[unit], self.free_units()
        if own not in free:
            return 0.0
        others = [u for u in free if u is not own]
        return sum(
            weight
            for place, weight in self.weights().items()
            if self._covers(own, place)
            and not any(self._covers(other, place) for other in others)
        )

    def gain(self, unit: "Unit", place: str) -> float:
        """Expect what cover gains when a freed unit stands by at a place."""
        spec = self._spec
        assert spec is not None
        roads, places = self.world.roads, self.world.road_map.places
        others = [u for u in self.free_units() if u is not unit]
        total = 0.0
        for point, weight in self.weights().items():
            node, mode = places[point], unit.spec.mode
            if roads.minutes(Position(places[place]), node, mode) <= spec.within:
                near = sum(self._will_cover(other, point) for other in others)
                total += weight * spec.busy**near
        return total

    def watch(self) -> None:
        """Have samples taken from the start on, where cover is defined."""
        clock = self.world.clock
        moments = range(int(self.world.end // SAMPLE) + 1 if self._spec else 0)
        for number in moments:
            clock.call_at(number * SAMPLE, Rank.TICK, self._sample)

    def _sample(self) -> None:
        """Write the shares of demand within reach of one and of two free units."""
        weights, posts = self.weights(), self.world.units.values()
        fixed = {u.name for u in posts if (p := u.post()) and p.strip == "never"}
        units = [u for u in self.free_units() if u.name not in fixed]
        near = {p: sum(self._covers(u, p) for u in units) for p in weights}
        total = sum(weights.values())
        if total:
            one = sum(w for p, w in weights.items() if near[p] >= 1) / total
            two = sum(w for p, w in weights.items() if near[p] >= 2) / total
            self.world.record(Kind.COVER, "units", one=one, two=two)

    # ---- inside ----------------------------------------------------------------

    @cached_property
    def _rates(self) -> list[tuple[str, float, float, float]]:
        return list(self._list_rates())

    def _list_rates(self) -> Iterator[tuple[str, float, float, float]]:
        clock = self.world.setting.clock
        for kind in self.world.setting.incidents.values():
            for rate in kind.rates:
                begin, end = rate.window(clock)
                for place in rate.places:
                    yield place, begin, end, rate.per_hour

    def _covers(self, unit: "Unit", place: str) -> bool:
        return unit.minutes_to(self.world.road_map.places[place]) <= self.within

    def _will_cover(self, unit: "Unit", place: str) -> bool:
        """Tell whether a unit covers a place from where it stands or heads for."""
        node = self.world.road_map.places[place]
        there, mode = Position(unit.idle.heads_for()), unit.spec.mode
        return self.world.roads.minutes(there, node, mode) <= self.within
