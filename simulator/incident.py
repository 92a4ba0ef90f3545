"""Incidents at play: arise, are reported, grow while nobody comes, are cleared."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import simpy

from scenarios.incident import IncidentType, Level, Rate
from scenarios.scenario import Setting
from simulator.effect import Undo, apply_effect
from simulator.log import Detail, Kind, Status
from simulator.stream import Chance, Floats, duration
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.travel import Play
    from simulator.unit import Unit
    from simulator.world import World

MOST_SLOTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """An incident with all its chance, drawn when it is made.

    Parameters
    ----------
    name
        Unique in the replication, and the same under every plan.
    type
        Name of its type.
    place
        Name of its place.
    arises
        Minutes from the start.
    report_delay, call_handling
        Minutes.
    on_scene
        Uniform numbers, one for each unit it may need.
    """

    name: str
    type: str
    place: str
    arises: float
    report_delay: float
    call_handling: float
    on_scene: Floats


def draw_incident(
    name: str,
    type_name: str,
    place: str,
    arises: float,
    kind: IncidentType,
    chance: Chance,
) -> Draw:
    """Make an incident and draw all its attributes."""

    def uniform(purpose: str) -> float:
        return chance.uniform("incident", name, purpose)

    return Draw(
        name=name,
        type=type_name,
        place=place,
        arises=arises,
        report_delay=duration(kind.report_delay, uniform("report delay")),
        call_handling=duration(kind.call_handling, uniform("call handling")),
        on_scene=chance.uniforms("incident", name, "on scene", MOST_SLOTS),
    )


def draw_incidents(setting: Setting, chance: Chance) -> list[Draw]:
    """Draw every incident that arises by chance; the same under every plan."""
    draws: list[Draw] = []
    for type_name, kind in setting.incidents.items():
        for number, rate in enumerate(kind.rates):
            for place in rate.places:
                source = f"{type_name}@{place}" + (f"/{number + 1}" if number else "")
                for i, time in enumerate(_times(rate, source, setting, chance)):
                    name = f"{source}#{i + 1}"
                    draws.append(
                        draw_incident(name, type_name, place, time, kind, chance)
                    )
    return sorted(draws, key=lambda draw: draw.arises)


def _times(
    rate: Rate, source: str, setting: Setting, chance: Chance
) -> Iterator[float]:
    """Arrival times of a Poisson process on the rate's window."""
    clock = setting.clock
    begin, end = (
        (0.0, clock.minutes) if rate.phase is None else clock.window(rate.phase)
    )
    begin = begin if rate.from_ is None else max(rate.from_, 0.0)
    end = end if rate.until is None else min(rate.until, clock.minutes)
    per_minute, block, done = rate.per_hour / 60, 64, 0
    time = begin
    while True:
        gaps = chance.uniforms("rate", source, "gap", done + block)[done:]
        for gap in gaps:
            time += -math.log1p(-gap) / per_minute
            if time >= end:
                return
            yield time
        done += block
        block *= 2


@dataclass(slots=True)
class Slot:
    """A need for one unit of a skill.

    Parameters
    ----------
    index
        Number of the slot; its on-scene time goes with it.
    attempt
        Dispatches so far.
    state
        ``open``, ``assigned``, ``working`` or ``done``.
    """

    index: int
    skill: str
    attempt: int = 0
    state: str = "open"


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
        self.attended: float | None = None
        self.is_open = True
        self.told_unreachable = False
        self._armed = 0
        self._undo: list[Undo] = []

    @property
    def name(self) -> str:
        """Name, unique in the replication."""
        return self.draw.name

    def arise(self) -> None:
        """Begin: effects hold, the report and the deadlines are under way."""
        now = self.world.clock.now
        self.record(Kind.ARISES, type=self.draw.type, priority=self.kind.priority)
        self._enter_level()
        self._due(now + self.draw.report_delay, self._report)
        self._arm(now)

    def open_slots(self) -> list[Slot]:
        """Needs for which no unit is on its way."""
        return [slot for slot in self.slots if slot.state == "open"]

    def attend(self, slot: Slot, unit: "Unit") -> "Play":
        """Play a unit's dispatch: call-up, turnout, travel, work on scene."""
        clock, world = self.world.clock, self.world
        attempt = slot.attempt
        try:
            yield from world.dispatcher.set_out(self, slot, unit)
            self.record(Kind.MOVING, unit=unit.name, slot=slot.index, attempt=attempt)
            unit.change(Status.EN_ROUTE)
            yield from unit.drive(self.node)
            self._arrive(slot, unit)
            on_scene = duration(self._level().on_scene, self.draw.on_scene[slot.index])
            yield clock.due(clock.now + on_scene, Rank.UNIT)
        except simpy.Interrupt as stop:
            self._lose(slot, unit, str(stop.cause))
            return
        slot.state = "done"
        self.record(Kind.WORKED, unit=unit.name, slot=slot.index)
        self._clear_if_done()

    def pass_on(self) -> None:
        """Be lost to the model: nobody was free."""
        self.record(Kind.PASSED, type=self.draw.type)
        self._end()

    def record(self, kind: Kind, **details: Detail) -> None:
        """Write to the log."""
        self.world.record(kind, self.name, self.draw.place, **details)

    # ---- inside ----------------------------------------------------------------

    def _level(self) -> Level:
        return self.kind.levels[self.level]

    def _due(
        self, time: float, action: Callable[[], None], rank: int = Rank.UNIT
    ) -> None:
        self.world.clock.call_at(time, rank, lambda: action() if self.is_open else None)

    def _enter_level(self) -> None:
        """Take the needs and effects of the present level; end those of the last."""
        undo, self._undo = self._undo, []
        for number, effect in enumerate(self._level().effects, start=1):
            # A name of its own, so that two effects of one kind end apart.
            cause = f"{self.name} level {self.level + 1}"
            cause += f"/{number}" if number > 1 else ""
            self._undo.append(
                apply_effect(self.world, effect, cause, here=self.draw.place)
            )
        # The new effects come first, so that one suspension passes into the next.
        for action in undo:
            action()
        for skill, number in self._level().needs.items():
            have = sum(slot.skill == skill for slot in self.slots)
            for _ in range(number - have):
                self.slots.append(Slot(len(self.slots), skill))

    def _report(self) -> None:
        self.reported = self.world.clock.now
        self.record(Kind.REPORTED, type=self.draw.type, priority=self.kind.priority)
        self._due(self.reported + self.draw.call_handling, self._make_ready)

    def _make_ready(self) -> None:
        self.ready = True
        self.record(Kind.READY)
        self.world.dispatcher.add(self)

    def _somebody_came(self) -> bool:
        return any(slot.state in ("working", "done") for slot in self.slots)

    def _arm(self, begin: float) -> None:
        """Set the deadlines of the levels above, counted from a moment.

        From when it arose; once more when the last unit on scene is lost, and then
        the deadlines of before are void.
        """
        self._armed += 1
        passed = self._level().after or 0.0
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

    def _arrive(self, slot: Slot, unit: "Unit") -> None:
        now = self.world.clock.now
        slot.state = "working"
        unit.change(Status.ON_SCENE)
        self.record(Kind.ARRIVED, unit=unit.name, slot=slot.index, attempt=slot.attempt)
        if self.attended is None:
            self.attended = now

    def _lose(self, slot: Slot, unit: "Unit", why: str) -> None:
        """Have the need open again; the incident keeps its age."""
        on_scene = slot.state == "working"
        slot.state = "open"
        self.record(
            Kind.CANCELLED,
            unit=unit.name,
            slot=slot.index,
            attempt=slot.attempt,
            why=why,
        )
        if on_scene and not self._somebody_came():
            self._arm(self.world.clock.now)
        self.world.dispatcher.add(self)

    def _clear_if_done(self) -> None:
        if self.is_open and all(slot.state == "done" for slot in self.slots):
            self.record(Kind.CLEARED, type=self.draw.type)
            self._end()

    def _end(self) -> None:
        self.is_open = False
        undo, self._undo = self._undo, []
        for action in undo:
            action()
