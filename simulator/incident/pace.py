"""Pace: how fast the work at an incident goes, by how many units are at it."""

from typing import TYPE_CHECKING

import simpy

from simulator.incident.slot import Slot
from simulator.tie import Rank, Timeline

if TYPE_CHECKING:
    from simulator.incident import Incident
    from simulator.travel import Play


class Pace:
    """How fast the work at one incident goes; 1 is the usual pace.

    Parameters
    ----------
    clock
        Of its world.
    incident
        Whose slots and level count.
    """

    def __init__(self, clock: Timeline, incident: "Incident") -> None:
        self._clock = clock
        self._incident = incident
        self._now = 1.0
        self._varies = any(level.pace for level in incident.kind.levels)
        self._changed = simpy.Event(clock)

    def work(self, slot: Slot) -> "Play":
        """Do what is left of the work of a slot; its end moves with the pace."""
        clock = self._clock
        assert slot.left is not None
        slot.ends = clock.now + slot.left / self._now
        self.keep()
        while True:
            end = clock.due(slot.ends, Rank.UNIT)
            # Where there is but one pace, nothing else need be waited for.
            yield simpy.AnyOf(clock, [end, self._changed]) if self._varies else end
            if clock.now >= slot.ends:
                break
        slot.worked = True
        self.keep()

    def keep(self) -> None:
        """Move the ends of the work when another number of units is at it."""
        if not self._varies:
            return
        slots = self._incident.slots
        there = [
            (slot, slot.ends)
            for slot in slots
            if slot.state == "on scene" and slot.ends is not None
        ]
        pace = self._incident.spec().pace_of(sum(not slot.worked for slot, _ in there))
        if pace == self._now:
            return
        before, self._now, now = self._now, pace, self._clock.now
        # Also of who waits to leave: nobody who looks on knows that its work is done.
        for slot, ends in there:
            slot.ends = now + (ends - now) * before / pace
        changed, self._changed = self._changed, simpy.Event(self._clock)
        changed.succeed()

    def left(self, slot: Slot) -> float | None:
        """Give what is left of the work of a slot, minutes at the usual pace."""
        if slot.ends is None:
            return slot.left
        return (slot.ends - self._clock.now) * self._now

    def expected(self, slot: Slot) -> float:
        """Say how long the work of a slot is expected to last; 0 when overdue."""
        mean = self._incident.spec().on_scene.mean_minutes
        if slot.ends is None or slot.left is None:
            return mean
        # When it would have begun, had the pace always been that of now.
        begun = slot.ends - slot.left / self._now
        return max(begun + mean / self._now - self._clock.now, 0.0)
