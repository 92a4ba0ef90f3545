"""Units at play: where they are, what they do, how they move."""

from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING

import simpy

from scenarios.force import Post, Shift
from scenarios.force import Unit as UnitSpec
from simulator.log import Detail, Kind, Status
from simulator.road import Position
from simulator.tie import Rank
from simulator.travel import Play, Traveller
from simulator.unit.idle import Idle

if TYPE_CHECKING:
    from simulator.incident import Incident, Slot
    from simulator.world import World

OUT = "out of service"
DROPPED = "dropped"
# What a unit does when nothing is asked of it; on the road no turnout is needed.
WAITING = (Status.STANDBY, Status.PATROL, Status.RETURNING, Status.MOVING)
RESTING = (Status.BREAK, Status.OWN_WORK, Status.CALLED_UP)
UNDER_WAY = (Status.TURNOUT, Status.EN_ROUTE)
ON_THE_ROAD = (
    Status.RETURNING,
    Status.MOVING,
    Status.PATROL,
    Status.OWN_WORK,
    Status.EN_ROUTE,
)


class Unit(Traveller):
    """A unit of one world.

    Parameters
    ----------
    name, spec
        As in the scenario.
    world
        Where it lives.
    order
        Its place in the file.
    """

    def __init__(self, name: str, spec: UnitSpec, world: "World", order: int) -> None:
        super().__init__(world, world.road_map.places[spec.base], spec.mode)
        self.name = name
        self.spec = spec
        self.order = order
        self.skills = frozenset(spec.skills)
        self.areas = frozenset(spec.areas)
        self.turnout = spec.turnout
        self.turnout_mean = spec.turnout.mean_minutes
        self.is_aid = world.setting.agencies[spec.agency].call_up is not None
        self.at_hand = not self.is_aid
        self.called = False
        self.status = Status.OFF
        self._told = (Status.OFF, "")
        self.job = ""
        self.mission: tuple[Incident, Slot] | None = None
        self.paused: tuple[Incident, Slot] | None = None
        self.at_work = False
        self._shift_ends = -inf
        self.cleared_at = -inf
        self.turnout_begun = 0.0
        self.turnout_ends = 0.0
        self.out = 0
        self.silent = 0
        self._process: simpy.Process | None = None
        self._waiting: list[simpy.Event] = []
        self._back = simpy.Event(world.clock)
        clock = world.clock
        for shift in spec.shifts:
            clock.call_at(max(shift.from_, 0.0), Rank.UNIT, self._begin_shift)
            clock.call_at(shift.until, Rank.UNIT, self._end_shift)
        for post in spec.posts:
            clock.call_at(max(post.from_, 0.0), Rank.UNIT, self.reposition)
            clock.call_at(post.until, Rank.UNIT, self._end_post)
        self.idle = Idle(self)

    # ---- what others may ask ---------------------------------------------------

    def shift(self) -> Shift | None:
        """Give the shift it is on now, if any."""
        now = self.world.clock.now
        return next((s for s in self.spec.shifts if s.from_ <= now < s.until), None)

    def on_shift(self) -> bool:
        """Tell whether it is on shift now."""
        return self.shift() is not None

    def waits(self) -> bool:
        """Tell whether nothing is asked of it: it stands by, patrols or returns."""
        return self.status in WAITING and self._can_work()

    def free(self) -> bool:
        """Tell whether planned work or an order can have it now."""
        idle = (*WAITING, Status.OWN_WORK, Status.UNCALLED)
        return self.status in idle and self._can_work()

    def available(self, priority: int) -> bool:
        """Tell whether dispatch may send it now to an incident of a priority."""
        if self.job or self.silent or not self.at_hand:
            return False
        if self.status not in WAITING and not self.idle.yields(priority):
            return False
        return self._can_work() and not self.closes(priority)

    def closes(self, priority: int) -> bool:
        """Tell whether its shift is too near its end to begin such work."""
        closing = self.spec.closing
        if closing is None or priority <= closing.priority:
            return False
        return self.world.clock.now >= self._shift_ends - closing.minutes

    def post(self) -> Post | None:
        """Give the post it holds now, if any."""
        if not self.spec.posts:
            return None
        now = self.world.clock.now
        return next((p for p in self.spec.posts if p.from_ <= now < p.until), None)

    def home(self) -> int:
        """Node where it stands when nothing is asked of it."""
        return self.idle.home()

    def at_home(self) -> bool:
        """Tell whether it stands at its base, post or stand-by place."""
        return self.where() == Position(self.home())

    # ---- work ------------------------------------------------------------------

    def start(self, job: str, work: Play) -> None:
        """Begin planned work; whatever it did until now ends here."""
        self._take_over(job)
        self._process = self.world.clock.process(self._run(work))

    def attend(self, incident: "Incident", slot: "Slot", work: Play) -> None:
        """Begin an incident's work; whatever it did until now ends here."""
        self._take_over(incident.name)
        self.mission = (incident, slot)
        self._process = self.world.clock.process(self._attend(self.mission, work))
        # Known at once, not only as its play begins: the review goes on.
        self.change(Status.TURNOUT)

    def drop(self) -> None:
        """Leave an incident at once; it is free where it is."""
        self._stop(DROPPED)
        self.release()

    def claim(self) -> simpy.Event:
        """Ask for the unit for planned work; happens when it is free for it."""
        event = simpy.Event(self.world.clock)
        self._waiting.append(event)
        self._serve_claims()
        return event

    def release(self) -> None:
        """End a job; the unit is free where it is."""
        self.job, self.mission = "", None
        self.cleared_at = self.world.clock.now
        if self.out:
            self.change(Status.OUT)
            return
        # Who was still turning out stands where it belongs; all others are on the road.
        stood = self.status == Status.TURNOUT
        self.change(self.idle.status() if stood else Status.RETURNING)
        self.become_free()

    def become_free(self) -> None:
        """Take up work that waits for it, or a break; else see what dispatch has."""
        if not self._resume() and not self._serve_claims():
            self.idle.rest()
            self.world.dispatcher.freed(self)

    def reposition(self) -> None:
        """Go where it belongs now, unless it rests or is on no shift at all."""
        rests = self.status in RESTING and self.on_shift()
        if not self.job and not self.out and not rests and self.status != Status.OFF:
            self.begin(self.idle.play())

    def begin(self, play: Play) -> None:
        """Begin something of its own accord, in place of what it did until now."""
        self._stop(DROPPED)
        self._process = self.world.clock.process(self._idle(play))

    def end_own_work(self) -> None:
        """Be free after own work, on the road."""
        self._process = None
        self.release()

    def finish_rest(self) -> None:
        """Be free after a break or a call-up."""
        self._process = None
        self.cleared_at = self.world.clock.now
        self.change(self.idle.status())
        self.become_free()

    def change(self, status: Status) -> None:
        """Change what it is doing, and say so in the log."""
        if (status, self.job) != self._told:
            self._told = (status, self.job)
            self.status = status
            self.note(Kind.STATUS, status=status.value, job=self.job)

    def go(self, node: int, *, until: simpy.Event | None = None) -> Play:
        """Drive to a node as planned work: after a loss of service, go on."""
        while self.where() != Position(node) and not (until and until.processed):
            try:
                yield from self.drive(node, until=until)
            except simpy.Interrupt:
                yield from self.wait_until_back()

    def stay(self, minutes: float) -> Play:
        """Spend minutes at a place as planned work; a loss of service adds to them."""
        clock = self.world.clock
        while minutes > 0:
            end = clock.now + minutes
            try:
                yield clock.due(end, Rank.UNIT)
                minutes = 0.0
            except simpy.Interrupt:
                minutes = end - clock.now
                yield from self.wait_until_back()

    def wait_for(self, event: simpy.Event) -> Play:
        """Wait for something as planned work."""
        while not event.processed:
            try:
                yield event
            except simpy.Interrupt:
                yield from self.wait_until_back()

    def wait_until_back(self) -> Play:
        """Wait until it is in service again, in the midst of planned work."""
        self.change(Status.OUT)
        while self.out:
            with suppress(simpy.Interrupt):
                yield self._back
        self.change(Status.DUTY)

    # ---- service and touch -----------------------------------------------------

    def go_out(self) -> None:
        """Leave service; what it was doing stops."""
        self.out += 1
        if self.out == 1:
            if self.paused is not None:
                (incident, slot), self.paused = self.paused, None
                incident.lose(slot, self, OUT)
            self._back = simpy.Event(self.world.clock)
            if self.status != Status.OFF:
                self._stop(OUT)
                self.change(Status.OUT)

    def come_back(self) -> None:
        """Return to service."""
        self.out -= 1
        if self.out:
            return
        self._back.succeed()
        if not self.job:
            self.change(self.idle.status())
            self.become_free()

    def fall_silent(self) -> None:
        """Lose touch: nobody can reach it."""
        self.silent += 1
        if self.silent == 1:
            self.note(Kind.RADIO_LOST)

    def be_in_touch(self) -> None:
        """Be in touch again; orders that were held reach it now."""
        self.silent -= 1
        if not self.silent:
            self.note(Kind.RADIO_BACK, status=self.status.value)
            self.world.deliver_held(self.name)
            self.world.dispatcher.review()

    # ---- inside ----------------------------------------------------------------

    def _can_work(self) -> bool:
        # A shift begins with its own event: what else is due then must not come first.
        on_shift = self.at_work and self.world.clock.now < self._shift_ends
        return on_shift and not self.job and not self.out

    def _take_over(self, job: str) -> None:
        self.job, self.mission = job, None
        self._stop(DROPPED)

    def _run(self, work: Play) -> Play:
        if self.out:
            yield from self.wait_until_back()
        yield from work
        self._process = None
        self.release()

    def _attend(self, mission: "tuple[Incident, Slot]", work: Play) -> Play:
        if self.mission is not mission:
            return  # taken from it again in the very review that sent it
        try:
            yield from work
        except simpy.Interrupt as stop:
            if stop.cause != OUT:
                return
            if self.mission is not None:
                incident, slot = self.mission
                incident.lose(slot, self, OUT)
        self._process = None
        self.release()

    def _idle(self, play: Play) -> Play:
        with suppress(simpy.Interrupt):
            yield from play

    def settle(self, status: Status) -> None:
        """Stand where it belongs; nothing goes on until something is asked of it."""
        self._process = None
        before = self.status
        self.change(status)
        if status in (Status.STANDBY, Status.UNCALLED) and before != status:
            self.world.dispatcher.review()

    def _stop(self, cause: str) -> None:
        process, self._process = self._process, None
        if process is not None and process.is_alive:
            if self.job and cause == OUT:
                self._process = process
            process.interrupt(cause)
            self.halt()

    def drove(self, metres: float, minutes: float) -> None:
        """Write a stretch driven to the log."""
        if metres:
            self.note(Kind.DROVE, km=metres / 1000, minutes=minutes)

    def no_way(self, node: int) -> None:
        """Write to the log that the roads do not lead there."""
        self.note(Kind.UNREACHABLE, to=self.world.road_map.nodes[node])

    def note(self, kind: Kind, **details: Detail) -> None:
        """Write to the log, with where it is."""
        at = self.where()
        place = self.world.road_map.nodes[at.node] if at.arc < 0 else ""
        self.world.record(kind, self.name, place, **details)

    def _begin_shift(self) -> None:
        if not self.on_shift():
            return
        self._look_at_roster()
        self.world.dispatcher.look_who_is_at_work()
        # Who is still on the way home from an earlier shift is at work again, too.
        if self.status in (Status.OFF, Status.RETURNING) and not self.job:
            self.change(Status.OUT if self.out else self.idle.status())
        if self._can_work():
            self.become_free()
        else:
            self.world.dispatcher.review()

    def _end_post(self) -> None:
        self.reposition()
        self.world.dispatcher.review()

    def _look_at_roster(self) -> None:
        shift = self.shift()
        self.at_work = shift is not None
        self._shift_ends = -inf if shift is None else shift.until
        own = None if shift is None else shift.turnout
        self.turnout = self.spec.turnout if own is None else own

    def _end_shift(self) -> None:
        self._look_at_roster()
        self.world.dispatcher.look_who_is_at_work()
        if self.at_work:
            return
        self.idle.forget_place()
        self.world.dispatcher.aid.stand_down(self)
        if self.out:
            return
        if self.mission is not None and self.status == Status.ON_SCENE:
            incident, slot = self.mission
            incident.end_shift(slot, self)
        elif not self.job:
            self.reposition()

    def _resume(self) -> bool:
        """Go back to the work it paused when its last shift ended."""
        if self.paused is None or not self._can_work():
            return False
        (incident, slot), self.paused = self.paused, None
        # One that waits may have more need of it.
        self.world.dispatcher.review()
        return incident.resume(slot, self)

    def _serve_claims(self) -> bool:
        if self._waiting and self.free():
            self._take_over("claimed")
            self._waiting.pop(0).succeed()
            return True
        return False
