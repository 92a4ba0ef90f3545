"""A polling station at play: lines, servers, interruptions, closing.

Here one SimPy process plays each visit of a voter. The world touches a station only
through the methods without an underscore; who changes how voters move changes this
module alone.
"""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import simpy

from scenarios.effect import Drop, Surge, Suspend
from scenarios.station import Station as StationSpec
from simulator.log import Detail, Kind, Outcome, VoterTable
from simulator.officer import allot
from simulator.tie import Rank, Timeline
from simulator.voter import Voters

NAN = float("nan")
FREEZE = "freeze"
Recorder = Callable[..., None]
Play = Generator[simpy.Event, object, None]


@dataclass(slots=True)
class Visit:
    """One visit of a voter: a row of the voter table in the making."""

    row: int
    voter: int
    number: int
    priority: bool
    arrival: float
    start: list[float]
    end: list[float]
    left: float = NAN
    outcome: Outcome = Outcome.PRESENT
    stage: int = 0
    waiting: simpy.Event | None = None
    process: simpy.Process | None = None
    serial: int = -1
    frozen: bool = False


@dataclass(slots=True)
class Stage:
    """A stage at play.

    Parameters
    ----------
    wanted
        Places the schedule opens now.
    lost
        Places an effect has taken.
    servers
        Places that are open and have their officers.
    busy
        Services under way (frozen ones too).
    slow
        Service times are multiplied by each of these.
    lines
        Those served first, and the others.
    """

    name: str
    wanted: int
    officers: int
    lost: int = 0
    servers: int = 0
    busy: int = 0
    slow: list[float] = field(default_factory=list)
    lines: tuple[deque[Visit], deque[Visit]] = field(
        default_factory=lambda: (deque(), deque())
    )

    def queue(self) -> int:
        """Voters in line here."""
        return len(self.lines[0]) + len(self.lines[1])


class Station:
    """A polling station of one world.

    Parameters
    ----------
    name, spec
        As in the scenario.
    voters
        Its voters, drawn beforehand.
    clock
        The timeline of the world.
    record
        Writes to the log: kind, subject, place, details.
    needs_ballots
        True when it may not open before a delivery.
    """

    def __init__(
        self,
        name: str,
        spec: StationSpec,
        voters: Voters,
        clock: Timeline,
        record: Recorder,
        *,
        needs_ballots: bool = False,
    ) -> None:
        self.name = name
        self.spec = spec
        self.voters = voters
        # Plain numbers, at one edge: the clock and the log hold no arrays.
        self._order: list[int] = voters.order.tolist()
        self._arrival: list[float] = voters.arrival.tolist()
        self._priority: list[bool] = voters.priority.tolist()
        self._patience: list[float] = voters.patience.tolist()
        self._service: list[list[float]] = voters.service.tolist()
        self.officers = spec.officers
        self.is_open = False
        self.is_closed = False
        self.opened = simpy.Event(clock)
        self.emptied = simpy.Event(clock)
        self.counted = simpy.Event(clock)
        self._clock = clock
        self._record_to = record
        self._needs_ballots = needs_ballots
        self._ballots = simpy.Event(clock)
        self._resumed = simpy.Event(clock)
        self._causes: dict[str, Suspend] = {}
        self._lifts = 0
        self._suspended = False
        self._balking: list[float] = []
        self._drops: dict[str, Drop] = {}
        self._dropped: dict[str, list[int]] = {}
        self._moved: set[int] = set()
        self._next = 0
        self._serial = 0
        self._visits: list[Visit] = []
        self._visited: dict[int, int] = {}
        self._here: dict[int, Visit] = {}
        self._away: list[tuple[int, Suspend]] = []
        self._counting: simpy.Process | None = None
        self._boxes_out = 0
        self._stages = [
            Stage(
                name=stage_name,
                wanted=stage.servers_at(spec.opens),
                officers=stage.officers,
            )
            for stage_name, stage in spec.stages.items()
        ]
        self._schedule()

    # ---- what the world may ask ------------------------------------------------

    def queue(self) -> int:
        """Voters in line now, at all stages."""
        return sum(stage.queue() for stage in self._stages)

    def has_stage(self, stage: str) -> bool:
        """Tell whether it has a stage of this name."""
        return stage in self.spec.stages

    def table(self) -> VoterTable:
        """Give the voter table as it stands now."""
        rows = self._visits
        stages = len(self._stages)
        return VoterTable(
            registered=self.spec.registered,
            stages=tuple(stage.name for stage in self._stages),
            voting_stage=self.spec.voting_stage,
            voter=np.array([row.voter for row in rows], dtype=np.int64),
            visit=np.array([row.number for row in rows], dtype=np.int64),
            priority=np.array([row.priority for row in rows], dtype=np.int64),
            arrival=np.array([row.arrival for row in rows], dtype=np.float64),
            start=np.array([row.start for row in rows]).reshape(len(rows), stages),
            end=np.array([row.end for row in rows]).reshape(len(rows), stages),
            left=np.array([row.left for row in rows], dtype=np.float64),
            outcome=np.array([row.outcome for row in rows], dtype=np.int64),
        )

    # ---- what the world may do -------------------------------------------------

    def deliver_ballots(self) -> None:
        """Hand over ballots and papers; the station may open."""
        if not self._ballots.triggered:
            self._ballots.succeed()
            self._record(Kind.BALLOTS)

    def suspend(self, cause: str, effect: Suspend) -> None:
        """Stop the vote in a mode, until `lift` is called for the same cause."""
        first = not self._causes
        self._causes[cause] = effect
        self._record(Kind.SUSPENDED, cause=cause, mode=effect.mode)
        if first and not self._suspended:
            self._suspended = True
            self._resumed = simpy.Event(self._clock)
            self._clock.process(self._announce())
            if self._counting is not None and self._counting.is_alive:
                self._counting.interrupt(FREEZE)
        if effect.mode == "freeze":
            self._freeze()
        elif effect.mode == "abandon":
            self._clear_out(effect)

    def lift(self, cause: str) -> None:
        """Take one cause of suspension away; with the last, voting resumes."""
        if self._causes.pop(cause, None) is None:
            return
        self._record(Kind.LIFTED, cause=cause)
        if not self._causes:
            self._lifts += 1
            self._clock.process(self._reopen())

    def slow(self, stage: str, factor: float) -> None:
        """Multiply the service times that start at a stage from now on."""
        self._stage(stage).slow.append(factor)

    def unslow(self, stage: str, factor: float) -> None:
        """Undo one slowing of a stage."""
        self._stage(stage).slow.remove(factor)

    def lose(self, stage: str, servers: int) -> None:
        """Take places of a stage away (or give them back, below 0)."""
        self._stage(stage).lost += servers
        self._staff()

    def change_officers(self, number: int) -> None:
        """Add officers to the team, or take them away."""
        self.officers += number
        self._record(Kind.OFFICERS, officers=self.officers)
        self._staff()

    def change_balking(self, factor: float, *, undo: bool = False) -> None:
        """Multiply the shares of those who balk; or undo that."""
        if undo:
            self._balking.remove(factor)
        else:
            self._balking.append(factor)

    def surge(self, effect: Surge) -> None:
        """Bring the next voters of the day here at once, spread over a time."""
        coming = [v for v in self._order[self._next :] if v not in self._moved]
        for voter in coming[: effect.voters]:
            self._moved.add(voter)
            at = self._clock.now + effect.over * float(self.voters.surge[voter])
            # Nobody comes later for having set out at once.
            at = min(at, self._arrival[voter])
            self._clock.call_at(at, Rank.ARRIVAL, partial(self._come, voter))

    def drop(self, cause: str, effect: Drop) -> None:
        """Keep a share of those who would come away, until `undrop`."""
        self._drops[cause] = effect
        self._dropped[cause] = []

    def undrop(self, cause: str) -> None:
        """End a drop; some of those who stayed away now come."""
        effect = self._drops.pop(cause)
        for voter in self._dropped.pop(cause):
            if self.voters.drop_return[voter] < effect.return_share:
                delay = effect.return_within * float(self.voters.drop_delay[voter])
                self._come_at(self._clock.now + delay, voter)

    def take_box_out(self, officers: int) -> int:
        """Send officers out with the auxiliary box; the count waits for them.

        Returns
        -------
        int
            Officers that could go.
        """
        self._boxes_out += 1
        number = min(officers, self.officers)
        self.change_officers(-number)
        return number

    def bring_box_back(self, officers: int) -> None:
        """Take officers and auxiliary box in again."""
        self._boxes_out -= 1
        self.change_officers(officers)
        self._check_empty()

    def auxiliary_votes(self, voters: range) -> None:
        """Take votes at the auxiliary box, by places on the list.

        After the close nobody can vote any more: they are turned away.
        """
        outcome = Outcome.TURNED_AWAY if self.is_closed else Outcome.AUXILIARY
        now = self._clock.now
        for voter in voters:
            blank = [NAN] * len(self._stages)
            self._visits.append(
                Visit(
                    row=len(self._visits),
                    voter=voter,
                    number=0,
                    priority=False,
                    arrival=NAN,
                    start=blank,
                    end=blank,
                    left=now,
                    outcome=outcome,
                )
            )
        votes = 0 if self.is_closed else len(voters)
        self._record(Kind.AUXILIARY, votes=votes)

    # ---- hours -----------------------------------------------------------------

    def _schedule(self) -> None:
        spec = self.spec
        self._clock.process(self._open())
        self._clock.process(self._close())
        for stage, plan in zip(self._stages, spec.stages.values(), strict=True):
            for step in () if isinstance(plan.servers, int) else plan.servers:
                if spec.opens < step.from_:
                    self._clock.process(self._step(stage, step.from_, step.servers))
        self._arm_arrival()

    def _open(self) -> Play:
        if self.spec.opens > self._clock.now:
            yield self._clock.due(self.spec.opens, Rank.HOURS)
        if self._needs_ballots:
            yield self._ballots
        while self._suspended:
            yield self._resumed
        if self.is_closed:
            return
        self.is_open = True
        self.opened.succeed()
        self._record(Kind.OPENED, line=self.queue())
        self._staff()

    def _close(self) -> Play:
        yield self._clock.due(self.spec.closes, Rank.HOURS)
        self.is_closed = True
        self._record(Kind.CLOSED, line=self.queue())
        if self.spec.close_rule == "stop" or not self.is_open:
            ended = self._suspended or not self.is_open
            for visit in list(self._here.values()):
                if ended or (visit.stage == 0 and visit.waiting is not None):
                    self._send_off(visit, Outcome.TURNED_AWAY)
        self._check_empty()

    def _step(self, stage: Stage, at: float, servers: int) -> Play:
        yield self._clock.due(at, Rank.HOURS)
        stage.wanted = servers
        self._staff()

    def _staff(self) -> None:
        """Open the places that the officers there are can staff."""
        if not self.is_open:
            return
        wanted = [max(stage.wanted - stage.lost, 0) for stage in self._stages]
        each = [stage.officers for stage in self._stages]
        given = allot(wanted, each, self.officers)
        for stage, servers in zip(self._stages, given, strict=True):
            if servers != stage.servers:
                stage.servers = servers
                self._record(Kind.SERVERS, stage=stage.name, servers=servers)
        self._start_all()

    def _start_all(self) -> None:
        """Start whom a change allows to, once all effects of this minute hold."""
        self._clock.call_at(self._clock.now, Rank.START, self._fill_all)

    def _fill_all(self) -> None:
        for i in range(len(self._stages)):
            self._fill(i)

    # ---- arrivals --------------------------------------------------------------

    def _arm_arrival(self) -> None:
        """Have the next voter of the day come; one event at a time waits."""
        order, arrival = self._order, self._arrival
        while self._next < len(order) and order[self._next] in self._moved:
            self._next += 1
        if self._next < len(order):
            voter = order[self._next]
            self._clock.call_at(
                max(arrival[voter], self._clock.now),
                Rank.ARRIVAL,
                lambda: self._next_arrival(voter),
            )

    def _next_arrival(self, voter: int) -> None:
        self._next += 1
        if voter not in self._moved:
            self._come(voter)
        self._arm_arrival()

    def _come_at(self, time: float, voter: int) -> None:
        self._clock.call_at(time, Rank.ARRIVAL, lambda: self._come(voter, again=True))

    def _come(self, voter: int, *, again: bool = False) -> None:
        """Have a voter arrive at the line, unless a drop keeps the voter away."""
        if not again:
            for cause, effect in self._drops.items():
                if self.voters.drop[voter] < effect.share:
                    self._dropped[cause].append(voter)
                    return
        visit = Visit(
            row=len(self._visits),
            voter=voter,
            number=self._visited.get(voter, 0),
            priority=self._priority[voter],
            arrival=self._clock.now,
            start=[NAN] * len(self._stages),
            end=[NAN] * len(self._stages),
        )
        self._visited[voter] = visit.number + 1
        self._visits.append(visit)
        if self.is_closed:
            self._finish(visit, Outcome.TURNED_AWAY)
        elif self._balks(voter):
            self._finish(visit, Outcome.BALKED)
        else:
            self._here[visit.row] = visit
            visit.process = self._clock.process(self._vote(visit))

    def _balks(self, voter: int) -> bool:
        share = self._balk_share()
        return share > 0 and bool(self.voters.balk[voter] < share)

    def _balk_share(self) -> float:
        line, share = self._stages[0].queue(), 0.0
        for step in self.spec.balk:
            if line >= step.line:
                share = step.share
        for factor in self._balking:
            share *= factor
        return share

    # ---- one visit -------------------------------------------------------------

    def _vote(self, visit: Visit) -> Play:
        """Pass the stages one after the other; an interrupt says who was sent off."""
        try:
            for i in range(len(self._stages)):
                visit.stage = i
                yield from self._wait(visit, i)
                if visit.outcome != Outcome.PRESENT:
                    return
                yield from self._be_served(visit, i)
            self._finish(visit, Outcome.VOTED)
        except simpy.Interrupt:
            # Sent off; whoever interrupted has settled the visit.
            return

    def _wait(self, visit: Visit, i: int) -> Play:
        stage = self._stages[i]
        called = visit.waiting = simpy.Event(self._clock)
        stage.lines[0 if visit.priority else 1].append(visit)
        self._fill(i)
        if visit.serial >= 0:
            return
        patience = self._patience[visit.voter] if i == 0 else np.inf
        try:
            if patience == np.inf:
                yield called
            else:
                yield called | self._clock.due(visit.arrival + patience, Rank.RENEGE)
        except simpy.Interrupt as stop:
            # Called forward at the very instant of a freeze, the service has begun.
            if stop.cause != FREEZE:
                raise
        if visit.serial < 0:
            stage.lines[0 if visit.priority else 1].remove(visit)
            visit.waiting = None
            self._finish(visit, Outcome.RENEGED)

    def _be_served(self, visit: Visit, i: int) -> Play:
        """Be served at a stage; a freeze stops the service, and it goes on later."""
        stage = self._stages[i]
        left = self._service[visit.voter][i]
        for factor in stage.slow:
            left *= factor
        while True:
            while visit.frozen:
                yield self._resumed
                visit.frozen = self._is_frozen()
            end = self._clock.now + left
            try:
                yield self._clock.due(end, Rank.SERVICE + i)
                break
            except simpy.Interrupt as stop:
                if stop.cause != FREEZE:
                    raise
                left = end - self._clock.now
        visit.end[i] = self._clock.now
        visit.serial = -1
        stage.busy -= 1
        self._fill(i)

    def _fill(self, i: int) -> None:
        """Call voters forward while a server of the stage is free."""
        stage = self._stages[i]
        if not self.is_open or self._suspended:
            return
        if i == 0 and self.is_closed and self.spec.close_rule == "stop":
            return
        while stage.busy < stage.servers and stage.queue():
            visit = (stage.lines[0] or stage.lines[1]).popleft()
            stage.busy += 1
            visit.serial = self._serial
            visit.start[i] = self._clock.now
            self._serial += 1
            assert visit.waiting is not None
            if visit.waiting.callbacks:
                visit.waiting.succeed()
            visit.waiting = None

    def _finish(self, visit: Visit, outcome: Outcome) -> None:
        visit.outcome = outcome
        visit.left = self._clock.now
        self._here.pop(visit.row, None)
        self._check_empty()

    def _send_off(self, visit: Visit, outcome: Outcome) -> None:
        """End a visit from outside, in line or in service."""
        if visit.waiting is not None:
            line = self._stages[visit.stage].lines[0 if visit.priority else 1]
            if visit in line:
                line.remove(visit)
            visit.waiting = None
        elif visit.serial >= 0:
            self._stages[visit.stage].busy -= 1
        if visit.process is not None and visit.process.is_alive:
            visit.process.interrupt("sent off")
        self._finish(visit, outcome)

    # ---- interruptions ---------------------------------------------------------

    def _freeze(self) -> None:
        served = [v for v in self._here.values() if v.serial >= 0 and not v.frozen]
        for visit in sorted(served, key=lambda v: v.serial):
            assert visit.process is not None
            visit.frozen = True
            visit.process.interrupt(FREEZE)

    def _is_frozen(self) -> bool:
        return any(effect.mode == "freeze" for effect in self._causes.values())

    def _clear_out(self, effect: Suspend) -> None:
        for visit in list(self._here.values()):
            self._send_off(visit, Outcome.ABANDONED)
            self._away.append((visit.voter, effect))

    def _announce(self) -> Play:
        """Seal the box and report the interruption, unless it is over before."""
        began, rules, now = self._resumed, self.spec.interruption, self._clock.now
        yield self._clock.due(now + rules.seal, Rank.UNIT)
        if self._resumed is began and not began.triggered:
            self._record(Kind.SEALED)
        yield self._clock.due(now + max(rules.report, rules.seal), Rank.UNIT)
        if self._resumed is began and not began.triggered:
            self._record(Kind.ALERTED)

    def _reopen(self) -> Play:
        """Inspect the box and go on, unless another cause comes or the hour strikes."""
        ended, lifts = self._resumed, self._lifts
        yield self._clock.due(
            self._clock.now + self.spec.interruption.reopen, Rank.SCRIPT
        )
        # Another cause since then asks for an inspection of its own.
        if self._causes or lifts != self._lifts:
            return
        self._suspended = False
        self._record(Kind.RESUMED, line=self.queue())
        ended.succeed()
        for voter, effect in () if self.is_closed else self._away:
            if self.voters.away[voter] < effect.return_share:
                delay = effect.return_within * float(self.voters.away_delay[voter])
                self._come_at(self._clock.now + delay, voter)
        self._away = []
        self._start_all()

    # ---- after the close -------------------------------------------------------

    def _check_empty(self) -> None:
        if not self.is_closed or self._here:
            return
        if not self.emptied.triggered:
            self.emptied.succeed()
            self._record(Kind.EMPTIED)
        if not self._boxes_out and self._counting is None:
            self._counting = self._clock.process(self._count())

    def _count(self) -> Play:
        """Count the ballots; an interruption stops the count as it stops the vote."""
        votes = sum(
            v.outcome in (Outcome.VOTED, Outcome.AUXILIARY) for v in self._visits
        )
        rules = self.spec.count
        left = 0.0 if rules is None else rules.set_up + rules.per_ballot * votes
        while left > 0:
            while self._suspended:
                yield self._resumed
            end = self._clock.now + left
            try:
                yield self._clock.due(end, Rank.SERVICE)
                left = 0.0
            except simpy.Interrupt:
                left = end - self._clock.now
        self._record(Kind.COUNTED, votes=votes)
        self.counted.succeed()

    # ---- small -----------------------------------------------------------------

    def _stage(self, name: str) -> Stage:
        return next(stage for stage in self._stages if stage.name == name)

    def _record(self, kind: Kind, **details: Detail) -> None:
        self._record_to(kind, self.name, self.spec.place, **details)
