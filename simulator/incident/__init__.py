"""Incidents at play: arise, are reported, grow while nobody comes, are cleared."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import simpy

from scenarios.incident import IncidentType, Level, Transport
from simulator.effect import Undo, apply_effect
from simulator.incident.draw import Draw, draw_incident, draw_incidents
from simulator.incident.pace import Pace
from simulator.incident.slot import Slot, told_further
from simulator.log import Detail, Kind, Status
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.travel import Play
    from simulator.unit import Unit
    from simulator.world import World

__all__ = ["Draw", "Incident", "Slot", "draw_incident", "draw_incidents"]

SHIFT_END = "shift end"


class Incident:
    """An incident of one world.

    Parameters
    ----------
    draw
        Its chance.
    kind
        Its type.
    world
        Where it happens.
    """

    def __init__(self, draw: Draw, kind: IncidentType, world: "World") -> None:
        self.draw = draw
        self.kind = kind
        self.world = world
        self.node = world.road_map.places[draw.place]
        self.level = 0
        self.slots: list[Slot] = []
        self.reported: float | None = None
        self.ready = False
        self.ready_at = math.inf
        self.attended: float | None = None
        self.is_open = True
        self.told: set[str] = set()
        self.recalled: set[str] = set()
        self._made = 0
        self._armed = 0
        self._staffed = 0
        self._falling = False
        self._changed = simpy.Event(world.clock)
        self._pace = Pace(world.clock, self)
        self._undo: list[Undo] = []

    @property
    def name(self) -> str:
        """Name, unique in the replication."""
        return self.draw.name

    @property
    def priority(self) -> int:
        """Priority of its own, else of its type; 1 is served first."""
        own = self.draw.priority
        return self.kind.priority if own is None else own

    # ---- what happens to it ----------------------------------------------------

    def arise(self) -> None:
        """Begin: effects hold, the report and the deadlines are under way."""
        now = self.world.clock.now
        area = {"area": self.draw.area} if self.draw.area else {}
        self.record(Kind.ARISES, type=self.draw.type, priority=self.priority, **area)
        self._enter_level()
        delay = self.draw.report_delay + sum(self.world.report_delays)
        self._due(now + delay, self._report)
        self._arm(now)
        if not math.isinf(self.draw.gone_after):
            self._due(now + self.draw.gone_after, self._go_away, Rank.DEADLINE)

    def spec(self) -> Level:
        """Give the level it is at."""
        return self.kind.levels[self.level]

    def open_slots(self) -> list[Slot]:
        """Needs for which no unit is on its way; reliefs come last, as they arise."""
        return [slot for slot in self.slots if slot.state == "open"]

    def filled(self, slot: Slot) -> list[Slot]:
        """Give a slot and the further ones that its unit fills, too, in order."""
        return [slot, *(each for each in self.slots if each.main is slot)]

    def fillable(self, slot: Slot, unit: "Unit") -> list[Slot]:
        """Give the open slots that a unit sent to a slot can fill beside it."""
        able = [
            each
            for each in self.open_slots()
            if each is not slot and each.skill in unit.skills and not each.relieves
        ]
        return [] if slot.relieves else able[: unit.spec.fills - 1]

    def assign(self, slot: Slot, unit: "Unit", further: Sequence[Slot] = ()) -> None:
        """Give a slot, and further ones, a unit that is sent to it now."""
        slot.state, slot.unit = "assigned", unit
        slot.attempt += 1
        for each in further:
            each.main = slot

    def attend(self, slot: Slot, unit: "Unit", turnout: float) -> "Play":
        """Play a unit's dispatch: turnout, travel, work on scene, transport."""
        clock = self.world.clock
        if turnout:
            yield clock.due(unit.turnout_ends, Rank.UNIT)
        self.record(Kind.MOVING, unit=unit.name, slot=slot.index, attempt=slot.attempt)
        unit.change(Status.EN_ROUTE)
        yield from unit.drive(self.node)
        self._arrive(slot, unit)
        while not self._may_begin(slot):
            yield self._changed
        yield from self._work(slot)
        if not self._may_leave():
            self._drop_relief(slot)
        while not self._may_leave():
            yield self._changed
        self._leave(slot, unit)
        yield from self._transport(slot, unit)

    def lose(self, slot: Slot, unit: "Unit", why: str, **details: Detail) -> None:
        """Have a need open again; the incident keeps its age."""
        if slot.unit is not unit:  # it has left the scene, and was only driving on
            return
        if slot.worked:  # it only waits to leave with the others
            self._leave(slot, unit)
            return
        on_scene = slot.state == "on scene"
        # Whoever has not begun again leaves what an earlier pause has left.
        keeps = not on_scene or why == SHIFT_END
        filled = self.filled(slot)
        self._cancel(slot, unit, why, **details)
        relief = self._relief_of(slot)
        if slot.relieves is not None or relief is not None:
            self._merge(slot, relief)
        for each in filled:
            each.reopen(each.left if keeps else None)
        if on_scene:
            self._look_again()
            if not self._somebody_came():
                self._arm(self.world.clock.now)
        self.world.dispatcher.add(self)

    def end_shift(self, slot: Slot, unit: "Unit") -> None:
        """Pause the work, or ask for relief, as the unit on scene has it."""
        if unit.spec.shift_end == "finish":
            return
        if slot.worked:  # it only waits to leave with the others
            self._leave(slot, unit)
            unit.drop()
        elif unit.spec.shift_end == "pause":
            self._pause(slot, unit)
        else:
            relief = Slot(slot.index, slot.skill, attempt=slot.attempt, relieves=slot)
            self.slots.append(relief)
            self.record(Kind.RELIEF, unit=unit.name, slot=slot.index)
            self.world.dispatcher.add(self)

    def resume(self, slot: Slot, unit: "Unit") -> bool:
        """Have a unit come back to the work it paused; False when that is over."""
        if not self.is_open or slot not in self.slots:
            return False
        slot.state = "open"
        further = self.filled(slot)[1:]
        self.world.dispatcher.send(self, slot, unit, "resumes", further)
        return True

    def pass_on(self) -> None:
        """Be lost to the model: nobody was free."""
        self.record(Kind.PASSED, type=self.draw.type)
        self._end()

    def record(self, kind: Kind, **details: Detail) -> None:
        """Write to the log."""
        self.world.record(kind, self.name, self.draw.place, **details)

    # ---- report and levels -----------------------------------------------------

    def _due(
        self, time: float, action: Callable[[], None], rank: int = Rank.UNIT
    ) -> None:
        self.world.clock.call_at(time, rank, lambda: action() if self.is_open else None)

    def _enter_level(self) -> None:
        """Take the needs and effects of the present level; end those of the last."""
        undo, self._undo = self._undo, []
        for number, effect in enumerate(self.spec().effects, start=1):
            # A name of its own, so that two effects of one kind end apart.
            cause = f"{self.name} level {self.level + 1}"
            cause += f"/{number}" if number > 1 else ""
            self._undo.append(
                apply_effect(self.world, effect, cause, here=self.draw.place)
            )
        # The new effects come first, so that one suspension passes into the next.
        for action in undo:
            action()
        for skill, number in self.spec().needs.items():
            have = sum(slot.skill == skill for slot in self._needs())
            for _ in range(number - have):
                self._new_slot(skill)

    def _new_slot(self, skill: str) -> Slot:
        slot = Slot(self._made, skill)
        self._made += 1
        self.slots.append(slot)
        return slot

    def _needs(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.relieves is None]

    def _report(self) -> None:
        self.reported = self.world.clock.now
        self.record(Kind.REPORTED, type=self.draw.type, priority=self.priority)
        self._due(self.reported + self.draw.call_handling, self._make_ready)

    def _make_ready(self) -> None:
        self.ready, self.ready_at = True, self.world.clock.now
        self.record(Kind.READY)
        self.world.dispatcher.take(self)

    def _somebody_came(self) -> bool:
        return any(slot.state not in ("open", "assigned") for slot in self.slots)

    def _arm(self, begin: float) -> None:
        """Set the deadlines of the levels above, counted from a moment.

        From when it arose; once more when the last unit on scene is lost, and then
        the deadlines of before are void.
        """
        self._armed += 1
        passed = self.spec().after or 0.0
        for number in range(self.level + 1, len(self.kind.levels)):
            after = self.kind.levels[number].after
            assert after is not None
            escalate = partial(self._escalate, number, self._armed)
            self._due(begin + after - passed, escalate, Rank.DEADLINE)

    def _escalate(self, number: int, armed: int) -> None:
        void = armed != self._armed or number != self.level + 1
        if void or self._somebody_came():
            return
        self.level = number
        self.record(Kind.ESCALATED, level=number + 1, type=self.draw.type)
        if self.kind.hot_spot and number + 1 == len(self.kind.levels):
            self.record(Kind.HOT_SPOT, type=self.draw.type)
        self._enter_level()
        if self.ready:
            self.world.dispatcher.add(self)

    def _look_again(self) -> None:
        """Look who is there: others may begin or leave, the level may fall."""
        self._pace.keep()
        changed, self._changed = self._changed, simpy.Event(self.world.clock)
        changed.succeed()
        staffed = all(slot.state in ("on scene", "done") for slot in self._needs())
        if staffed == self._falling:
            return
        self._staffed += 1
        self._falling = staffed
        after = self.spec().falls_after
        if staffed and after is not None:
            fall = partial(self._fall, self._staffed)
            self._due(self.world.clock.now + after, fall, Rank.DEADLINE)

    def _fall(self, staffed: int) -> None:
        if staffed != self._staffed:
            return
        self.level -= 1
        self.record(Kind.FELL, level=self.level + 1, type=self.draw.type)
        self._falling = False
        self._staffed += 1
        for skill in self.kind.levels[self.level + 1].needs:
            kept = self.spec().needs.get(skill, 0)
            while len(same := [s for s in self._needs() if s.skill == skill]) > kept:
                self._strike(same[kept])
        self._enter_level()
        self._look_again()
        self._clear_if_done()
        if self.is_open:
            self.world.dispatcher.add(self)

    def _strike(self, slot: Slot) -> None:
        """Take a slot out; whoever is there or on the way is free."""
        relief = self._relief_of(slot)
        further = self.filled(slot)[1:]
        self.slots.remove(slot)
        if further and slot.unit is not None:
            self._stay(slot, further[0], relief)
            return
        if slot.state == "on scene" and slot.unit is not None:
            self.record(Kind.STOOD_OFF, unit=slot.unit.name, slot=slot.index)
        for each in (slot, relief):
            self._release(each)
        if relief is not None:
            self.slots.remove(relief)

    def _stay(self, slot: Slot, other: Slot, relief: Slot | None) -> None:
        """Have the unit of a slot taken out stay for another that it fills."""
        unit = slot.unit
        assert unit is not None
        # The unit and its play know the slot: it goes on as the other.
        self.slots[self.slots.index(other)] = slot
        slot.index, slot.skill = other.index, other.skill
        if relief is not None:
            self._drop_relief(slot)
            self.end_shift(slot, unit)

    def _go_away(self) -> None:
        """End by itself: nobody has come."""
        if self.attended is None:
            self.record(Kind.GONE, type=self.draw.type)
            self._end()

    # ---- on scene --------------------------------------------------------------

    def _arrive(self, slot: Slot, unit: "Unit") -> None:
        slot.state = "on scene"
        unit.change(Status.ON_SCENE)
        self.record(
            Kind.ARRIVED,
            unit=unit.name,
            slot=slot.index,
            attempt=slot.attempt,
        )
        if self.attended is None:
            self.attended = self.world.clock.now
        if slot.relieves is not None:
            self._relieve(slot, slot.relieves)
        self._look_again()

    def _may_begin(self, slot: Slot) -> bool:
        """Tell whether work may begin: at once, or when all are there."""
        begun = all(each.left is not None for each in self.filled(slot))
        if self.kind.starts == "first" or begun:
            return True
        return all(each.state in ("on scene", "done") for each in self._needs())

    def _work(self, slot: Slot) -> "Play":
        clock = self.world.clock
        filled = self.filled(slot)
        slot.left = max(map(self._work_of, filled))
        self._share(slot.left, filled)
        yield from self._pace.work(slot)
        changed, self._changed = self._changed, simpy.Event(clock)
        changed.succeed()

    def _work_of(self, slot: Slot) -> float:
        """Give the work of a slot, minutes: what is left, or all that was drawn."""
        if slot.left is None:
            return self.draw.work(slot.index, self.spec().on_scene)
        return slot.left

    def _share(self, left: float | None, slots: Iterable[Slot]) -> None:
        for slot in slots:
            slot.left = left

    def expected_end(self, slot: Slot) -> float:
        """Say how long a unit on scene is expected to stay, minutes; 0 when overdue."""
        return self._pace.expected(slot)

    def _may_leave(self) -> bool:
        return self.kind.leaves == "independently" or all(
            (slot.main or slot).worked or slot.state == "done" for slot in self._needs()
        )

    def _leave(self, slot: Slot, unit: "Unit") -> None:
        slot.state, slot.unit, slot.worked = "done", None, False
        self.record(Kind.WORKED, unit=unit.name, slot=slot.index)
        self._look_again()
        self._drop_relief(slot)
        self._clear_if_done()
        self.world.dispatcher.review()

    def _transport(self, slot: Slot, unit: "Unit") -> "Play":
        """Take somebody to the nearest of the places, if that is so."""
        draw, places = self.draw, self.world.road_map.places
        transport = self.kind.transport
        if draw.destination:
            law = {} if transport is None else {"hand_over": transport.hand_over}
            transport = Transport(to=(draw.destination,), share=0.0, **law)
        if transport is None or not draw.carries(slot.index, transport.share):
            return
        to = min(transport.to, key=lambda place: unit.minutes_to(places[place]))
        unit.change(Status.TRANSPORT)
        yield from unit.drive(places[to])
        clock = self.world.clock
        lasts = draw.hand_over_minutes(slot.index, transport.hand_over)
        yield clock.due(clock.now + lasts, Rank.UNIT)
        self.record(Kind.HANDED_OVER, unit=unit.name, slot=slot.index, to=to)

    # ---- losing and relieving --------------------------------------------------

    def _cancel(self, slot: Slot, unit: "Unit", why: str, **details: Detail) -> None:
        self.record(
            Kind.CANCELLED,
            unit=unit.name,
            slot=slot.index,
            attempt=slot.attempt,
            why=why,
            **details,
        )

    def _pause(self, slot: Slot, unit: "Unit") -> None:
        now = self.world.clock.now
        if slot.ends is not None:
            self._share(self._pace.left(slot), self.filled(slot))
            slot.ends = None
        later = any(shift.from_ >= now for shift in unit.spec.shifts)
        left = {} if slot.left is None else {"left": slot.left}  # None: not begun
        self.record(Kind.PAUSED, unit=unit.name, slot=slot.index, **left)
        if later:
            slot.state, unit.paused = "paused", (self, slot)
            self._look_again()
        else:
            self.lose(slot, unit, SHIFT_END)
        unit.drop()

    def _relief_of(self, slot: Slot) -> Slot | None:
        return next((s for s in self.slots if s.relieves is slot), None)

    def _drop_relief(self, slot: Slot) -> None:
        """Have nobody relieve a unit that has done its work."""
        relief = self._relief_of(slot)
        if relief is not None:
            self.slots.remove(relief)
            self._release(relief)

    def _relieve(self, relief: Slot, old: Slot) -> None:
        """Take over what is left of the work of a unit whose shift has ended."""
        filled, unit, by = self.filled(old), old.unit, relief.unit
        assert unit is not None
        assert by is not None
        if old.ends is not None:
            self._share(self._pace.left(old), filled)
        relief.relieves, relief.left = None, old.left
        self.slots.remove(old)
        able = [each for each in filled[1:] if each.skill in by.skills]
        taken = able[: by.spec.fills - 1]
        for each in filled[1:]:
            if each in taken:
                each.main = relief
            else:
                each.reopen(each.left)
        self.record(Kind.RELIEVED, unit=unit.name, by=by.name, **told_further(taken))
        self._release(old)
        if len(taken) < len(filled) - 1:
            self.world.dispatcher.add(self)

    def _merge(self, slot: Slot, relief: Slot | None) -> None:
        """Let a relief on its way take the place of the unit that was lost."""
        if relief is not None:
            self.slots.remove(slot)
            relief.relieves = None

    def _release(self, slot: Slot | None) -> None:
        """Free the unit of a slot that is no longer needed."""
        if (
            slot is None
            or slot.unit is None
            or slot.state not in ("assigned", "on scene")
        ):
            return
        unit, slot.unit = slot.unit, None
        unit.halt()
        if slot.state == "assigned":
            self._cancel(slot, unit, str(Kind.STOOD_OFF))
        slot.state = "done"
        unit.drop()

    # ---- the end ---------------------------------------------------------------

    def _clear_if_done(self) -> None:
        if self.is_open and all(slot.state == "done" for slot in self._needs()):
            self.record(Kind.CLEARED, type=self.draw.type)
            self._end()

    def _end(self) -> None:
        self.is_open = False
        undo, self._undo = self._undo, []
        for action in undo:
            action()
        self._free(self.slots)
        self.world.dispatcher.review()

    def _free(self, slots: Iterable[Slot]) -> None:
        for slot in list(slots):
            self._release(slot)
