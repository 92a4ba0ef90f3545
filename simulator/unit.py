"""Units at play: where they are, what they do, how they move."""

from contextlib import suppress
from typing import TYPE_CHECKING

import simpy

from scenarios.force import Post
from scenarios.force import Unit as UnitSpec
from simulator.log import Detail, Kind, Status
from simulator.road import Position
from simulator.tie import Rank
from simulator.travel import Play, Traveller

if TYPE_CHECKING:
    from simulator.world import World

OUT = "out of service"
RECALLED = "recalled"


class Unit(Traveller):
    """A unit of one world.

    Parameters
    ----------
    name, spec
        As in the scenario.
    world
        Where it lives.
    """

    def __init__(self, name: str, spec: UnitSpec, world: "World") -> None:
        super().__init__(world, world.road_map.places[spec.base], spec.mode)
        self.name = name
        self.spec = spec
        self.status = Status.OFF
        self._told = (Status.OFF, "")
        self.job = ""
        self.called_up = False
        self.at_work = False
        self.clearing = False
        self.out = 0
        self._process: simpy.Process | None = None
        self._waiting: list[simpy.Event] = []
        self._back = simpy.Event(world.clock)
        clock = world.clock
        for shift in spec.shifts:
            clock.call_at(max(shift.from_, 0.0), Rank.UNIT, self._begin_shift)
            clock.call_at(shift.until, Rank.UNIT, self._end_shift)
        for post in spec.posts:
            clock.call_at(max(post.from_, 0.0), Rank.UNIT, self._reposition)
            clock.call_at(post.until, Rank.UNIT, self._reposition)

    # ---- what others may ask ---------------------------------------------------

    def on_shift(self) -> bool:
        """Tell whether it is on shift now."""
        return self.spec.on_shift(self.world.clock.now)

    def free(self) -> bool:
        """Tell whether it can be given work now."""
        idle = self.status in (Status.STANDBY, Status.RETURNING)
        # A shift begins with its own event: what else is due then must not come first.
        on_shift = self.at_work and self.on_shift()
        return idle and not self.job and on_shift and not self.out

    def post(self) -> Post | None:
        """Give the post it holds now, if any."""
        now = self.world.clock.now
        for post in self.spec.posts:
            if post.from_ <= now < post.until:
                return post
        return None

    def home(self) -> int:
        """Node where it stands when nothing is asked of it."""
        post = self.post() if self.on_shift() else None
        return self.world.road_map.places[post.place if post else self.spec.base]

    def at_home(self) -> bool:
        """Tell whether it stands at its base or post."""
        return self.where() == Position(self.home())

    # ---- work ------------------------------------------------------------------

    def start(self, job: str, work: Play) -> None:
        """Begin a job; whatever way home it was on ends here."""
        self.job = job
        self._stop(RECALLED)
        self._process = self.world.clock.process(self._run(work))

    def claim(self) -> simpy.Event:
        """Ask for the unit for planned work; happens when it is free for it."""
        event = simpy.Event(self.world.clock)
        self._waiting.append(event)
        self._serve_claims()
        return event

    def release(self) -> None:
        """End a job; the unit is free where it is."""
        self.job = ""
        if self.out:
            self.change(Status.OUT)
            return
        self.change(Status.RETURNING)
        self.clearing = True
        self._after_change()
        self.clearing = False

    def change(self, status: Status) -> None:
        """Change what it is doing, and say so in the log."""
        if (status, self.job) != self._told:
            self._told = (status, self.job)
            self.status = status
            self._record(Kind.STATUS, status=status.value, job=self.job)

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

    def go_out(self) -> None:
        """Leave service; what it was doing stops."""
        self.out += 1
        if self.out == 1:
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
            at_home = self.at_home() and self.on_shift()
            self.change(Status.STANDBY if at_home else Status.RETURNING)
            self._after_change()

    # ---- inside ----------------------------------------------------------------

    def _run(self, work: Play) -> Play:
        if self.out:
            yield from self.wait_until_back()
        yield from work
        self._process = None
        self.release()

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
            self._record(Kind.DROVE, km=metres / 1000, minutes=minutes)

    def no_way(self, node: int) -> None:
        """Write to the log that the roads do not lead there."""
        self._record(Kind.UNREACHABLE, to=self.world.road_map.nodes[node])

    def wait_until_back(self) -> Play:
        """Wait until it is in service again, in the midst of planned work."""
        self.change(Status.OUT)
        while self.out:
            with suppress(simpy.Interrupt):
                yield self._back
        self.change(Status.DUTY)

    def _begin_shift(self) -> None:
        if not self.on_shift():
            return
        self.at_work = True
        if self.status == Status.OFF:
            self.change(Status.OUT if self.out else Status.STANDBY)
        if self.free():
            self._after_change()

    def _end_shift(self) -> None:
        self.at_work = self.on_shift()
        if not self.job and not self.on_shift() and not self.out:
            self._go_home()

    def _reposition(self) -> None:
        if self.free():
            self._after_change()

    def _after_change(self) -> None:
        """Take up what waits for it, else go where it belongs."""
        if not self._serve_claims():
            self.world.dispatcher.review()
        if not self.job:
            self._go_home()

    def _serve_claims(self) -> bool:
        if self._waiting and self.free():
            self.job = "claimed"
            self._stop(RECALLED)
            self._waiting.pop(0).succeed()
            return True
        return False

    def _go_home(self) -> None:
        self._stop(RECALLED)
        self._process = self.world.clock.process(self._return())

    def _return(self) -> Play:
        """Go to where it belongs, which may change on the way."""
        try:
            while not self.at_home():
                self.change(Status.RETURNING)
                yield from self.drive(self.home())
        except simpy.Interrupt:
            return
        self._process = None
        if self.on_shift():
            self.change(Status.STANDBY)
            self.world.dispatcher.review()
        else:
            self.change(Status.OFF)

    def _record(self, kind: Kind, **details: Detail) -> None:
        at = self.where()
        place = self.world.road_map.nodes[at.node] if at.arc < 0 else ""
        self.world.record(kind, self.name, place, **details)
