# The flow of a station's voters in plain SimPy: one process a visit, no arrays, nothing
# compiled. It is an oracle of the engine's: the same draws must give the same day, in a
# whole world too, where it takes the place of the other.

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from math import inf, isnan, nan

import numpy as np
import simpy

from scenarios.station import Station as StationSpec
from simulator.log import Guest, Outcome, VoterTable
from simulator.station.guest import Diversion, Known
from simulator.tie import Rank, Timeline
from simulator.voter import Voters, draw_guests

FREEZE = "freeze"
# After all who come to their own station at this instant, before those who give up.
GUEST = Rank.ARRIVAL + 5
Play = Generator[simpy.Event, object, None]


@dataclass(slots=True, eq=False)
class Visit:
    """One visit of a voter: a row of the voter table in the making."""

    voter: int
    number: int
    priority: bool
    arrival: float
    start: list[float]
    end: list[float]
    left: float = nan
    outcome: Outcome = Outcome.PRESENT
    stage: int = 0
    called: simpy.Event | None = None
    process: simpy.Process | None = None
    serial: int = -1
    frozen: bool = False
    due: float = nan


@dataclass(slots=True, eq=False)
class Stage:
    """A stage at play: its lines, and who is stuck before it for want of room."""

    limit: float
    places: int = 0
    busy: int = 0
    pace: float = 1.0
    lines: tuple[deque[Visit], deque[Visit]] = field(
        default_factory=lambda: (deque(), deque())
    )
    stuck: deque[Visit] = field(default_factory=deque)

    def queue(self) -> int:
        return len(self.lines[0]) + len(self.lines[1])


class SimpyFlow:
    """The voters of one station; see `simulator.station.flow.Flow`."""

    def __init__(self, spec: StationSpec, voters: Voters, clock: Timeline) -> None:
        self.spec = spec
        self.voters = voters
        self.clock = clock
        # All stations, and which is this one; guests stand after the list.
        self.flows: list[SimpyFlow] = [self]
        self.row = 0
        self.name = ""
        self._guests: list[Known] = []
        self._on_the_way: list[tuple[float, int, int, int]] = []
        self._diversions: Sequence[Diversion] = ()
        # Plain numbers, at one edge: the clock and the log hold no arrays.
        self._order: list[int] = voters.order.tolist()
        self._arrival: list[float] = voters.arrival.tolist()
        self._priority: list[bool] = voters.priority.tolist()
        self._class: list[int] = voters.class_.tolist()
        self._patience: list[float] = voters.patience.tolist()
        self._service: list[list[float]] = voters.service.tolist()
        self._open = self._closed = self._suspended = self._frozen = False
        self._resumed = simpy.Event(clock)
        self._balking = 1.0
        self._turn_back = 0.0
        # Places that a voter who comes before the opening may count on, or are open.
        self._expected = next(iter(spec.stages.values())).servers_at(spec.opens)
        self._drops: Sequence[tuple[int, float]] = ()
        self._kept: dict[int, list[int]] = {}
        self._moved: set[int] = set()
        self._next = self._serial = 0
        self._visits: list[Visit] = []
        self._visited: dict[int, int] = {}
        self._here: dict[Visit, None] = {}
        self._look: Callable[[], None] | None = None
        self._stages = [
            Stage(limit=inf if stage.limit is None else stage.limit)
            for stage in spec.stages.values()
        ]
        self._arm_arrival()

    # ---- what may be asked -----------------------------------------------------

    def queue(self) -> int:
        return sum(self.lines())

    def lines(self) -> list[int]:
        return [stage.queue() + len(stage.stuck) for stage in self._stages]

    @staticmethod
    def lines_of(flows, stage):
        return lambda chosen: np.array(
            [flows[i].line(stage) if stage else flows[i].queue() for i in chosen]
        )

    def line(self, stage: str) -> int:
        return self.lines()[[*self.spec.stages].index(stage)]

    def here(self) -> int:
        return len(self._here)

    def votes(self) -> int:
        cast = (Outcome.VOTED, Outcome.AUXILIARY)
        return sum(visit.outcome in cast for visit in self._visits)

    def number(self, purpose: str, voter: int) -> float:
        listed = self.spec.registered
        if voter < listed:
            return float(self.voters.uniforms(purpose)[voter])
        guest = self._guests[voter - listed]
        return self.flows[guest.home].number(purpose, guest.voter)

    def table(self) -> VoterTable:
        rows, stages, listed = self._visits, len(self._stages), self.spec.registered
        come = {row.voter for row in rows if row.voter >= listed}
        ranked = sorted(come, key=lambda voter: self._guests[voter - listed])
        place = {voter: listed + i for i, voter in enumerate(ranked)}
        return VoterTable(
            registered=self.spec.registered,
            stages=tuple(self.spec.stages),
            voting_stages=self.spec.voting_stages,
            classes=tuple(self.spec.voters_of),
            voter=np.array([place.get(r.voter, r.voter) for r in rows], dtype=np.int64),
            visit=np.array([row.number for row in rows], dtype=np.int64),
            priority=np.array([row.priority for row in rows], dtype=np.int64),
            class_=np.array([self._class[row.voter] for row in rows], dtype=np.int8),
            arrival=np.array([row.arrival for row in rows], dtype=np.float64),
            start=np.array([row.start for row in rows]).reshape(len(rows), stages),
            end=np.array([row.end for row in rows]).reshape(len(rows), stages),
            left=np.array([row.left for row in rows], dtype=np.float64),
            outcome=np.array([row.outcome for row in rows], dtype=np.int64),
            guests=tuple(self._named(self._guests[voter - listed]) for voter in ranked),
        )

    def _named(self, guest: Known) -> Guest:
        return Guest(self.flows[guest.home].name, guest.voter, guest.since)

    # ---- what may be changed ---------------------------------------------------

    def open(self) -> None:
        self._open = True
        self._expected = self._stages[0].places

    def close(self) -> None:
        self._closed = True

    def suspend(self) -> None:
        if not self._suspended:
            self._resumed = simpy.Event(self.clock)
        self._suspended = True

    def freeze(self) -> None:
        self._frozen = True
        served = [v for v in self._here if v.serial >= 0 and not v.frozen]
        for visit in sorted(served, key=lambda v: v.serial):
            visit.frozen = True
            visit.process.interrupt(FREEZE)

    def resume(self) -> None:
        self._suspended = self._frozen = False
        self._resumed.succeed()

    def start(self) -> None:
        """Have all start or move on who can, from the last stage to the first."""
        for i in reversed(range(len(self._stages))):
            while self._start_one(i) or self._move_one(i):
                pass

    def set_places(self, stage: int, number: int) -> None:
        self._stages[stage].places = number
        self._expected = self._stages[0].places

    def set_pace(self, stage: int, factor: float) -> None:
        self._stages[stage].pace = factor

    def set_balking(self, factor: float) -> None:
        self._balking = factor

    def set_turn_back(self, share: float) -> None:
        self._turn_back = share

    def set_drops(self, drops: Sequence[tuple[int, float]]) -> None:
        self._drops = drops

    def kept_away(self, number: int) -> list[int]:
        return sorted(self._kept.pop(number, []))

    def take_next(self, number: int) -> list[int]:
        coming = [v for v in self._order[self._next :] if v not in self._moved]
        self._moved.update(coming[:number])
        return coming[:number]

    def bring(self, voter: int, time: float, *, again: bool) -> None:
        come = partial(self._come, voter, again=again)
        self.clock.call_at(time, Rank.ARRIVAL, come)

    def add_visits(self, voters: Sequence[int], outcome: Outcome) -> None:
        blank = [nan] * len(self._stages)
        for voter in voters:
            visit = Visit(voter, 0, False, nan, blank, blank, outcome=outcome)
            visit.left = self.clock.now
            self._visits.append(visit)

    def send_off(self, outcome: Outcome, *, everybody: bool) -> list[int]:
        gone = [v for v in self._here if everybody or isnan(v.start[0])]
        # The station looks for itself once all of them are gone.
        look, self._look = self._look, None
        for visit in gone:
            self._send_off(visit, outcome)
        self._look = look
        return [visit.voter for visit in gone]

    def give_up(self, share: float) -> list[int]:
        waits = [v for v in self._here if v.serial < 0]
        gone = [v for v in waits if share and self.number("move", v.voter) < share]
        for visit in gone:
            self._send_off(visit, Outcome.RENEGED)
        return [visit.voter for visit in gone]

    def settle(self) -> None:
        """Nothing waits to be settled."""

    def divert(self, diversions: Sequence[Diversion]) -> None:
        self._diversions = diversions

    def send_line(self, diversion: Diversion, share: float) -> int:
        if not self._may_go(diversion):
            return 0
        look, self._look = self._look, None
        waits = [v for v in self._here if isnan(v.start[0])]
        own = [v for v in waits if v.voter < self.spec.registered]
        gone = [v for v in own if self.number("divert line", v.voter) < share]
        for visit in gone:
            self._send_off(visit, Outcome.DIVERTED)
            self._go_elsewhere(visit.voter, diversion)
        self._look = look
        return len(gone)

    def busy_until(self) -> float:
        served = [v.due for v in self._here if v.serial >= 0 and not v.frozen]
        return max([self.clock.now, *served])

    def watch(self, look: Callable[[], None]) -> None:
        self._look = look

    # ---- arrivals --------------------------------------------------------------

    def _arm_arrival(self) -> None:
        """Have the next voter of the day come; one event at a time waits."""
        order, arrival = self._order, self._arrival
        while self._next < len(order) and order[self._next] in self._moved:
            self._next += 1
        if self._next < len(order):
            voter = order[self._next]
            time = max(arrival[voter], self.clock.now)
            self.clock.call_at(time, Rank.ARRIVAL, partial(self._next_comes, voter))

    def _next_comes(self, voter: int) -> None:
        self._next += 1
        if voter not in self._moved:
            self._come(voter)
        self._arm_arrival()

    def _come(self, voter: int, *, again: bool = False) -> None:
        """Have a voter arrive at the line, unless a drop keeps the voter away."""
        listed = voter < self.spec.registered
        for number, share in () if again or not listed else self._drops:
            if self.voters.drop[voter] < share:
                self._kept.setdefault(number, []).append(voter)
                return
        visit = Visit(
            voter=voter,
            number=self._visited.get(voter, 0),
            priority=self._priority[voter],
            arrival=self.clock.now,
            start=[nan] * len(self._stages),
            end=[nan] * len(self._stages),
        )
        self._visited[voter] = visit.number + 1
        self._visits.append(visit)
        self._here[visit] = None
        diversion = self._diversion_of(voter) if listed else None
        if diversion is not None and self._may_go(diversion):
            self._finish(visit, Outcome.DIVERTED)
            self._go_elsewhere(voter, diversion)
        elif self._closed:
            self._finish(visit, Outcome.TURNED_AWAY)
        elif self._balk_share() and self.number("balk", voter) < self._balk_share():
            self._finish(visit, Outcome.BALKED)
        else:
            visit.process = self.clock.process(self._vote(visit))

    def _diversion_of(self, voter: int) -> Diversion | None:
        bound, number = 0.0, self.number("divert", voter) if self._diversions else 1.0
        for diversion in self._diversions:
            bound += diversion.share
            if number < bound:
                return diversion
        return None

    def _may_go(self, diversion: Diversion) -> bool:
        return diversion.minutes < inf and not self.flows[diversion.to]._closed

    def _go_elsewhere(self, voter: int, diversion: Diversion) -> None:
        diversion.went += 1
        since = next(v.arrival for v in self._visits if v.voter == voter)
        guest = Known(self.row, voter, since)
        time = self.clock.now + diversion.minutes
        self.flows[diversion.to].welcome(guest, time)

    def welcome(self, guest: Known, time: float) -> None:
        """Have a voter of another station come at a time."""
        home = self.flows[guest.home]
        drawn = draw_guests(home.spec, home.voters, self.spec)
        self._priority.append(bool(drawn.priority[guest.voter]))
        self._class.append(int(drawn.class_[guest.voter]))
        self._patience.append(float(drawn.patience[guest.voter]))
        self._service.append(drawn.service[guest.voter].tolist())
        entry = (time, guest.home, guest.voter, len(self._priority) - 1)
        heappush(self._on_the_way, entry)
        self._guests.append(guest)
        self.clock.call_at(time, GUEST, self._guest_comes)

    def _guest_comes(self) -> None:
        self._come(heappop(self._on_the_way)[3])

    def _balk_share(self) -> float:
        line, first = self._stages[0].queue(), next(iter(self.spec.stages))
        wait = 0.0
        if self._expected:
            mean = self.spec.mean_service(first) * self._stages[0].pace
            wait = line * mean / self._expected
        elif line:
            wait = inf
        shares = [0.0]
        for bound, found in (("line", line), ("wait", wait)):
            steps = [s for s in self.spec.balk if getattr(s, bound) is not None]
            shares += [s.share for s in steps if getattr(s, bound) <= found][-1:]
        return max(max(shares) * self._balking, self._turn_back)

    # ---- one visit -------------------------------------------------------------

    def _vote(self, visit: Visit) -> Play:
        """Pass the stages one after the other; an interrupt says who was sent off."""
        try:
            self._join(visit, 0)
            self.start()
            yield from self._wait(visit)
            while visit.outcome == Outcome.PRESENT:
                yield from self._be_served(visit)
                yield from self._go_on(visit)
        except simpy.Interrupt:
            # Sent off; whoever interrupted has settled the visit.
            return

    def _wait(self, visit: Visit) -> Play:
        """Wait in the first line until called, or give up."""
        patience = self._patience[visit.voter]
        if visit.serial >= 0 or patience == inf:
            yield from self._be_called(visit)
            return
        try:
            yield visit.called | self.clock.due(visit.arrival + patience, Rank.RENEGE)
        except simpy.Interrupt as stop:
            # Called forward at the very instant of a freeze, the service has begun.
            if stop.cause != FREEZE:
                raise
        if visit.serial < 0:
            self._stages[0].lines[0 if visit.priority else 1].remove(visit)
            self._finish(visit, Outcome.RENEGED)

    def _be_called(self, visit: Visit) -> Play:
        try:
            if visit.serial < 0:
                yield visit.called
        except simpy.Interrupt as stop:
            if stop.cause != FREEZE:
                raise

    def _be_served(self, visit: Visit) -> Play:
        """Be served at a stage; a freeze stops the service, and it goes on later."""
        i = visit.stage
        left = self._service[visit.voter][i] * self._stages[i].pace
        while True:
            while visit.frozen:
                yield self._resumed
                visit.frozen = self._frozen
            end = visit.due = self.clock.now + left
            try:
                yield self.clock.due(end, Rank.SERVICE + i)
                break
            except simpy.Interrupt as stop:
                if stop.cause != FREEZE:
                    raise
                left = end - self.clock.now
        visit.end[i] = self.clock.now
        visit.serial = -1

    def _go_on(self, visit: Visit) -> Play:
        """Leave, join the next line, or keep the place until there is room in it."""
        minutes = self._service[visit.voter]
        later = range(visit.stage + 1, len(self._stages))
        to = next((i for i in later if not isnan(minutes[i])), None)
        if to is None:
            self._stages[visit.stage].busy -= 1
            self._finish(visit, Outcome.VOTED)
            self.start()
            return
        stage = self._stages[to]
        visit.called = simpy.Event(self.clock)
        if stage.queue() < stage.limit and not stage.stuck:
            self._stages[visit.stage].busy -= 1
            self._join(visit, to)
        else:
            stage.stuck.append(visit)
        self.start()
        yield from self._be_called(visit)

    def _join(self, visit: Visit, i: int) -> None:
        visit.stage = i
        if visit.called is None:
            visit.called = simpy.Event(self.clock)
        self._stages[i].lines[0 if visit.priority else 1].append(visit)

    def _may_start(self, i: int) -> bool:
        stage = self._stages[i]
        if not self._open or self._suspended or stage.busy >= stage.places:
            return False
        inside = sum(not isnan(v.start[0]) for v in self._here)
        over = self._closed and self.spec.close_rule == "stop"
        return i > 0 or (inside < (self.spec.room or inf) and not over)

    def _start_one(self, i: int) -> bool:
        """Call the first in line forward, when a place is free."""
        stage = self._stages[i]
        if not stage.queue() or not self._may_start(i):
            return False
        visit = (stage.lines[0] or stage.lines[1]).popleft()
        stage.busy += 1
        visit.serial, visit.start[i] = self._serial, self.clock.now
        self._serial += 1
        if visit.called.callbacks:
            visit.called.succeed()
        return True

    def _move_one(self, i: int) -> bool:
        """Let the first who is stuck move into the line, when there is room."""
        stage = self._stages[i]
        fits = stage.queue() < stage.limit
        fits = fits or (not stage.queue() and self._may_start(i))
        if not stage.stuck or not fits:
            return False
        visit = stage.stuck.popleft()
        self._stages[visit.stage].busy -= 1
        self._join(visit, i)
        return True

    def _finish(self, visit: Visit, outcome: Outcome) -> None:
        visit.outcome, visit.left = outcome, self.clock.now
        del self._here[visit]
        if self._look is not None:
            self._look()

    def _send_off(self, visit: Visit, outcome: Outcome) -> None:
        """End a visit from outside, in line, in service or stuck."""
        stage = self._stages[visit.stage]
        line = stage.lines[0 if visit.priority else 1]
        held = next((other for other in self._stages if visit in other.stuck), None)
        if visit in line:
            line.remove(visit)
        else:
            stage.busy -= 1
        if held is not None:
            held.stuck.remove(visit)
        if visit.process is not None and visit.process.is_alive:
            visit.process.interrupt("sent off")
        self._finish(visit, outcome)


def make_simpy_flows(
    specs: Sequence[StationSpec],
    voters: Sequence[Voters],
    clock: Timeline,
    names: Sequence[str] = (),
) -> list[SimpyFlow]:
    """Take the place of `simulator.station.flow.make_flows`."""
    flows = [SimpyFlow(*each, clock) for each in zip(specs, voters, strict=True)]
    for row, flow in enumerate(flows):
        flow.flows, flow.row = flows, row
        flow.name = names[row] if names else str(row)
    return flows
