"""The script at play: when injects happen, and how long their effects last."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import simpy

from scenarios.effect import AtOnce, PlaceIncident
from scenarios.script import Inject, by_chance
from simulator.condition import holds
from simulator.effect import apply_effect
from simulator.log import Kind
from simulator.stream import Chance
from simulator.tie import TICK, Rank

if TYPE_CHECKING:
    from simulator.travel import Play
    from simulator.world import World


class Script:
    """The script of one world.

    Parameters
    ----------
    world
        What it happens to.
    injects
        By name, in file order.
    """

    def __init__(self, world: "World", injects: dict[str, Inject]) -> None:
        self.world = world
        self.injects = injects
        self._happened = {name: simpy.Event(world.clock) for name in injects}
        today = dict(self._drawn())
        self._watched = {n: i.when for n, i in today.items() if i.when is not None}
        self._pending: set[str] = set()
        clock = world.clock
        for name, inject in today.items():
            if inject.at is not None:
                clock.call_at(inject.at, Rank.SCRIPT, partial(self._ready, name))
            elif inject.after is not None:
                world.clock.process(self._follow(name, inject))
        if self._watched:
            world.clock.process(self._watch())

    def _drawn(self) -> Iterator[tuple[str, Inject]]:
        """Give the injects of this day, and write to the log what was drawn."""
        times = times_drawn(self.injects, self.world.chance)
        told = by_chance(self.injects)
        for name, inject in self.injects.items():
            happens = name in times
            at = times.get(name)
            if name in told:
                details = {} if at is None else {"at": at}
                self.world.record(Kind.DRAWN, name, happens=int(happens), **details)
            if happens:
                yield (
                    name,
                    inject if at is None else inject.model_copy(update={"at": at}),
                )

    def fire(self, name: str) -> None:
        """Have an inject happen now."""
        inject, clock = self.injects[name], self.world.clock
        self.world.record(Kind.INJECT, name, title=inject.title)
        if not self._happened[name].triggered:
            self._happened[name].succeed()
        incidents = 0
        for number, effect in enumerate(inject.effects, start=1):
            cause = f"{name}/{number}"
            if isinstance(effect, PlaceIncident):
                incidents += 1
                cause = name if incidents == 1 else f"{name}#{incidents}"
            undo = apply_effect(self.world, effect, cause)
            if isinstance(effect, AtOnce):
                continue
            if effect.for_ is not None:
                clock.call_at(clock.now + effect.for_, Rank.SCRIPT, undo)
            elif effect.until is not None:
                clock.call_at(max(effect.until, clock.now), Rank.SCRIPT, undo)

    def _ready(self, name: str) -> None:
        """Have an inject happen at this time, in file order with others due now."""
        if not self._pending:
            self.world.clock.call_at(self.world.clock.now, Rank.INJECT, self._fire_all)
        self._pending.add(name)

    def _fire_all(self) -> None:
        pending, self._pending = self._pending, set()
        for name in self.injects:
            if name in pending:
                self.fire(name)

    def _follow(self, name: str, inject: Inject) -> "Play":
        assert inject.after is not None
        yield self._happened[inject.after]
        if inject.delay:
            now = self.world.clock.now
            yield self.world.clock.due(now + inject.delay, Rank.SCRIPT)
        self._ready(name)

    def _watch(self) -> "Play":
        """Read the conditions at each control tick, until each has held once."""
        tick = 0
        while self._watched:
            tick += 1
            yield self.world.clock.due(tick * TICK, Rank.TICK)
            for name, condition in list(self._watched.items()):
                if holds(self.world, condition):
                    del self._watched[name]
                    self._ready(name)


def times_drawn(
    injects: Mapping[str, Inject], chance: Chance
) -> dict[str, float | None]:
    """Draw which injects happen on a day, and at what time within their span.

    Parameters
    ----------
    injects
        By name.
    chance
        Of the replication.

    Returns
    -------
    dict
        Of those that happen: the minute, None where no time is set beforehand. Who
        follows one that does not happen does not happen either.
    """
    times: dict[str, float | None] = {}
    out = {name for name, i in injects.items() if not _happens(name, i, chance)}
    for name, inject in injects.items():
        row = [name]
        while (before := injects[row[-1]].after) is not None:
            row.append(before)
        if not out & set(row):
            times[name] = _time(name, inject, chance)
    return times


def _happens(name: str, inject: Inject, chance: Chance) -> bool:
    if inject.probability == 1:
        return True
    return chance.uniform("inject", name, "happens") < inject.probability


def _time(name: str, inject: Inject, chance: Chance) -> float | None:
    if inject.between is None:
        return inject.at
    begin, end = inject.between.from_, inject.between.until
    return begin + (end - begin) * chance.uniform("inject", name, "time")
