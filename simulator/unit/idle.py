"""What a unit does when nothing is asked of it: post, beat, break, own work, base."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import simpy

from scenarios.force import Break
from simulator.log import Kind, Status
from simulator.road import Position
from simulator.stream import durations
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.travel import Play
    from simulator.unit import Unit


@dataclass(slots=True)
class Rest:
    """A break and what is left of it, minutes."""

    spec: Break
    left: float


class Idle:
    """What one unit does by itself.

    Parameters
    ----------
    unit
        The unit; it is moved by this while it has no job.
    """

    def __init__(self, unit: "Unit") -> None:
        self.unit = unit
        self.clock = unit.world.clock
        self.standby: str | None = None
        self.ordered = False
        self._beat_at = 0
        self._own_ends = 0.0
        self._rests = [Rest(spec, spec.lasts) for spec in unit.spec.breaks]
        self._rest: Rest | None = None
        for rest in self._rests:
            spec = rest.spec
            begin = partial(self._call_rest, rest)
            self.clock.call_at(max(spec.from_, 0.0), Rank.UNIT, begin)
            self.clock.call_at(spec.latest, Rank.TICK, partial(self._lose_rest, rest))
        for time, lasts in self._own_work():
            begin_own = partial(self._begin_own, lasts)
            self.clock.call_at(time, Rank.UNIT, begin_own)

    # ---- what others may ask ---------------------------------------------------

    def home(self) -> int:
        """Node where the unit stands when nothing is asked of it."""
        places = self.unit.world.road_map.places
        if self.unit.on_shift():
            post = self.unit.post()
            if post is not None:
                return places[post.place]
            if self.standby is not None:
                return places[self.standby]
        return places[self.unit.spec.base]

    def heads_for(self) -> int:
        """Node where it stands, or that it makes for, when nothing is asked of it."""
        if not self.patrols():
            return self.home()
        beat, at = self.unit.spec.beat, self.unit.where()
        assert beat is not None
        if at.arc < 0 and not self.unit.moves():
            return at.node
        return self.unit.world.road_map.places[beat.places[self._beat_at]]

    def status(self) -> Status:
        """Give what the unit does now that it has no job."""
        unit = self.unit
        if self.patrols():
            return Status.PATROL
        if not unit.at_home() or not unit.on_shift():
            return Status.RETURNING
        return self._standing()

    def yields(self, priority: int) -> bool:
        """Tell whether a break or own work ends for a priority."""
        spec = self.unit.spec
        if self.unit.status == Status.BREAK and self._rest is not None:
            above = self._rest.spec.above
            return above is not None and priority <= above
        if self.unit.status == Status.OWN_WORK and spec.self_initiated is not None:
            return priority <= spec.self_initiated.yields_to
        return False

    def move(self, place: str | None, *, ordered: bool = False) -> None:
        """Give it a stand-by place, or none; it goes there when it is idle.

        A place that was ordered stays until another order or the end of the shift.
        """
        if self.ordered and not ordered:
            return
        before, self.standby = self.home(), place
        self.ordered = ordered and place is not None
        if self.unit.waits() and self.home() != before:
            if place is not None:
                self.unit.note(Kind.STANDBY_MOVE, to=place)
            self.unit.reposition()

    def forget_place(self) -> None:
        """Have no stand-by place any more, for the shift is over."""
        self.standby, self.ordered = None, False

    def rest(self) -> None:
        """Begin a break that is due."""
        rest = self._due_rest()
        if rest is not None:
            self.unit.begin(self._take(rest))
            # Known at once, not only as its play begins: a review may follow now.
            self._rest = rest
            self.unit.change(Status.BREAK)

    # ---- what happens ----------------------------------------------------------

    def play(self) -> "Play":
        """Do what belongs to a unit without a job, until it stands still."""
        unit = self.unit
        while True:
            if self.patrols():
                yield from self._patrol()
            elif unit.at_home():
                unit.settle(self._standing())
                return
            else:
                away = self.standby is not None and unit.post() is None
                moves = away and unit.on_shift()
                unit.change(Status.MOVING if moves else Status.RETURNING)
                yield from unit.drive(self.home())

    def _standing(self) -> Status:
        unit = self.unit
        if not unit.on_shift():
            return Status.OFF
        if unit.at_hand:
            return Status.STANDBY
        return Status.CALLED_UP if unit.called else Status.UNCALLED

    def patrols(self) -> bool:
        """Tell whether it is on its beat when nothing else is asked of it."""
        unit = self.unit
        beat = unit.spec.beat is not None and unit.at_hand and unit.on_shift()
        return beat and self.standby is None and unit.post() is None

    def _patrol(self) -> "Play":
        """Drive to the next place of the beat, and stand there."""
        unit, beat = self.unit, self.unit.spec.beat
        assert beat is not None
        unit.change(Status.PATROL)
        node = unit.world.road_map.places[beat.places[self._beat_at]]
        if unit.where() != Position(node):
            yield from unit.drive(node)
        else:  # who is sent at this very moment has not stood here
            yield self.clock.due(self.clock.now, Rank.UNIT)
        unit.note(Kind.ON_BEAT, at=beat.places[self._beat_at])
        self._beat_at = (self._beat_at + 1) % len(beat.places)
        yield self.clock.due(self.clock.now + beat.stay, Rank.UNIT)

    # ---- breaks ----------------------------------------------------------------

    def _due_rest(self) -> Rest | None:
        now = self.clock.now
        if not self.unit.on_shift() or not self.unit.at_hand:
            return None
        return next(
            (
                rest
                for rest in self._rests
                if rest.left > 0 and rest.spec.from_ <= now <= rest.spec.latest
            ),
            None,
        )

    def _call_rest(self, rest: Rest) -> None:
        if self.unit.waits():
            self.rest()

    def _lose_rest(self, rest: Rest) -> None:
        """Write off what of a break has not begun by its latest start."""
        if rest.left > 0 and self._rest is not rest:
            self.unit.note(Kind.BREAK_LOST, minutes=rest.left)
            rest.left = 0.0

    def _take(self, rest: Rest) -> "Play":
        unit, end = self.unit, self.clock.now + rest.left
        # Set anew: the end of an earlier part of it may have come in between.
        self._rest = rest
        try:
            yield self.clock.due(end, Rank.UNIT)
        except simpy.Interrupt:
            self._rest = None
            self._keep(rest, end)
            raise
        rest.left, self._rest = 0.0, None
        unit.finish_rest()

    def _keep(self, rest: Rest, end: float) -> None:
        """Keep what is left of a break that was interrupted, while it may go on."""
        rest.left = end - self.clock.now
        if self.clock.now > rest.spec.latest or not self.unit.on_shift():
            self._lose_rest(rest)

    # ---- self-initiated work ---------------------------------------------------

    def _own_work(self) -> Iterator[tuple[float, float]]:
        """Draw when own work would begin, and how long it lasts."""
        unit = self.unit
        own = unit.spec.self_initiated
        if own is None:
            return
        length = sum(shift.until - shift.from_ for shift in unit.spec.shifts)
        mean, number = 60 / own.per_hour, 64
        while True:
            gaps = unit.world.chance.uniforms(
                "unit", unit.name, "self-initiated gap", number
            )
            times: list[float] = []
            total = 0.0
            for gap in gaps.tolist():
                total += -mean * math.log1p(-gap)
                times.append(total)
            if total >= length:
                break
            number *= 2
        lasts = durations(
            own.lasts,
            unit.world.chance.uniforms(
                "unit", unit.name, "self-initiated lasts", number
            ),
        )
        for time, minutes in zip(times, lasts.tolist(), strict=True):
            if time < length:
                yield self._on_the_clock(time), minutes

    def _on_the_clock(self, time: float) -> float:
        """Turn minutes on shift into minutes of the scenario."""
        for shift in self.unit.spec.shifts:
            if time < shift.until - shift.from_:
                return shift.from_ + time
            time -= shift.until - shift.from_
        return math.inf

    def _begin_own(self, lasts: float) -> None:
        stands = self.unit.status in (Status.STANDBY, Status.PATROL)
        if stands and self.unit.waits():
            self.unit.begin(self._own(lasts))

    def _own(self, lasts: float) -> "Play":
        self.unit.change(Status.OWN_WORK)
        yield self.clock.due(self.clock.now + lasts, Rank.UNIT)
        self.unit.end_own_work()
