"""A polling station at play: hours, places, interruptions, closing.

Its voters are rows of arrays that a compiled loop moves (`simulator.station.kernel`);
here is what the world asks of a station and does to it. Whatever reads or changes it
advances it to the present first.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from math import prod

import numpy as np
import simpy

from scenarios.effect import Drop, Surge, Suspend
from simulator.log import Detail, Kind, Outcome, VoterTable
from simulator.officer import allot
from simulator.station import state as col
from simulator.station.batch import Batch
from simulator.station.kernel import send_off
from simulator.station.state import State
from simulator.tie import Rank

FREEZE = "freeze"
Recorder = Callable[..., None]
Play = Generator[simpy.Event, object, None]


@dataclass(slots=True)
class Stage:
    """What is asked of a stage at play.

    Parameters
    ----------
    wanted
        Places the schedule opens now.
    lost
        Places an effect has taken.
    servers
        Places that are open and have their officers.
    slow
        Service times are multiplied by each of these.
    """

    name: str
    wanted: int
    officers: int
    lost: int = 0
    servers: int = 0
    slow: list[float] = field(default_factory=list)


class Station:
    """A polling station of one world.

    Parameters
    ----------
    name
        As in the scenario.
    batch, row
        The arrays of all stations, and which is this one.
    record
        Writes to the log: kind, subject, place, details.
    needs_ballots
        True when it may not open before a delivery.
    """

    def __init__(
        self,
        name: str,
        batch: Batch,
        row: int,
        record: Recorder,
        *,
        needs_ballots: bool = False,
    ) -> None:
        spec, clock = batch.specs[row], batch.clock
        self.name = name
        self.spec = spec
        self.voters = batch.voters[row]
        self._batch = batch
        self._row = row
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
        self._drops: dict[str, tuple[int, Drop]] = {}
        self._away: list[tuple[int, Suspend]] = []
        self._counting: simpy.Process | None = None
        self._watched = 0
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
        return int(self._touch().stage[self._row, :, col.WAITING].sum())

    def has_stage(self, stage: str) -> bool:
        """Tell whether it has a stage of this name."""
        return stage in self.spec.stages

    def table(self) -> VoterTable:
        """Give the voter table as it stands now."""
        state, rows = self._touch(), self._batch.visits(self._row)
        stages, visit = len(self._stages), state.visit[rows]
        first = state.station[self._row, col.FIRST_VOTER]
        voter = visit[:, col.VOTER]
        at_box = visit[:, col.OUTCOME] == Outcome.AUXILIARY
        return VoterTable(
            registered=self.spec.registered,
            stages=tuple(stage.name for stage in self._stages),
            voting_stage=self.spec.voting_stage,
            voter=voter.copy(),
            visit=visit[:, col.NUMBER].copy(),
            priority=np.where(at_box, 0, state.priority[first + voter]),
            arrival=state.at[rows, 0].copy(),
            start=state.start[rows, :stages].copy(),
            end=state.end[rows, :stages].copy(),
            left=state.at[rows, 1].copy(),
            outcome=visit[:, col.OUTCOME].copy(),
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
        self._touch()
        if first and not self._suspended:
            self._suspend()
        if effect.mode == "freeze":
            self._freeze()
        elif effect.mode == "abandon":
            self._clear_out(effect)
        self._watch()

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
        self._change_pace(stage, factor, undo=False)

    def unslow(self, stage: str, factor: float) -> None:
        """Undo one slowing of a stage."""
        self._change_pace(stage, factor, undo=True)

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
        self._touch().clock[self._row, col.BALKING] = prod(self._balking)

    def surge(self, effect: Surge) -> None:
        """Bring the next voters of the day here at once, spread over a time."""
        state, station = self._touch(), self._numbers()
        first = station[col.FIRST_VOTER]
        order = state.order[
            first + station[col.NEXT_VOTER] : first + station[col.LAST_VOTER]
        ]
        coming = order[state.moved[first + order] == 0][: effect.voters]
        state.moved[first + coming] = 1
        for voter in coming.tolist():
            at = self._clock.now + effect.over * self.voters.surge[voter]
            # Nobody comes later for having set out at once.
            at = max(min(at, self.voters.arrival[voter]), self._clock.now)
            self._batch.bring(self._row, at, voter, again=False)
        self._watch()

    def drop(self, cause: str, effect: Drop) -> None:
        """Keep a share of those who would come away, until `undrop`."""
        number = 1 + max((n for n, _ in self._drops.values()), default=0)
        self._drops[cause] = (number, effect)
        self._set_drops()

    def undrop(self, cause: str) -> None:
        """End a drop; some of those who stayed away now come."""
        state = self._touch()
        number, effect = self._drops.pop(cause)
        self._set_drops()
        first = state.station[self._row, col.FIRST_VOTER]
        kept = state.kept[first : first + self.spec.registered]
        stayed = np.flatnonzero(kept == number)
        kept[stayed] = 0
        for voter in stayed.tolist():
            if self.voters.drop_return[voter] < effect.return_share:
                delay = effect.return_within * self.voters.drop_delay[voter]
                self._come_again(delay, voter)
        self._watch()

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
        self._touch()
        for voter in voters:
            self._batch.add_visit(self._row, voter, outcome)
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

    def _open(self) -> Play:
        if self.spec.opens > self._clock.now:
            yield self._clock.due(self.spec.opens, Rank.HOURS)
        if self._needs_ballots:
            yield self._ballots
        while self._suspended:
            yield self._resumed
        if self.is_closed:
            return
        self._touch()
        self.is_open = True
        self._numbers()[col.OPEN] = 1
        self.opened.succeed()
        self._record(Kind.OPENED, line=self.queue())
        self._staff()

    def _close(self) -> Play:
        yield self._clock.due(self.spec.closes, Rank.HOURS)
        self._touch()
        self.is_closed = True
        self._numbers()[col.CLOSED] = 1
        self._record(Kind.CLOSED, line=self.queue())
        if self.spec.close_rule == "stop" or not self.is_open:
            ended = self._suspended or not self.is_open
            self._send_off(Outcome.TURNED_AWAY, everybody=ended)
        self._check_empty()
        self._watch()

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
        places = self._touch().stage[self._row]
        for k, (stage, servers) in enumerate(zip(self._stages, given, strict=True)):
            if servers != stage.servers:
                stage.servers = places[k, col.SERVERS] = servers
                self._record(Kind.SERVERS, stage=stage.name, servers=servers)
        self._start_all()

    def _start_all(self) -> None:
        """Start whom a change allows to, once all effects of this minute hold."""
        self._clock.call_at(self._clock.now, Rank.START, self._start)

    def _start(self) -> None:
        self._touch()
        self._numbers()[col.FILL] = 1
        self._touch()
        self._watch()

    # ---- voters ----------------------------------------------------------------

    def _touch(self) -> State:
        """Advance it to the present."""
        return self._batch.touch(self._row)

    def _numbers(self) -> col.Ints:
        numbers: col.Ints = self._batch.state.station[self._row]
        return numbers

    def _come_again(self, delay: float, voter: int) -> None:
        self._batch.bring(self._row, self._clock.now + delay, voter, again=True)

    def _send_off(self, outcome: Outcome, *, everybody: bool) -> list[int]:
        """Send off whoever is there, or whoever waits for the first stage."""
        state, rows = self._touch(), self._batch.visits(self._row)
        visit = state.visit[rows]
        leaves = visit[:, col.OUTCOME] == Outcome.PRESENT
        if not everybody:
            leaves &= (visit[:, col.SPOT] == col.IN_LINE) & (visit[:, col.STAGE] == 0)
        send_off(state, self._row, leaves, int(outcome), self._clock.now)
        return list(map(int, visit[leaves, col.VOTER]))

    def _watch(self) -> None:
        """Once it is closed, look on at each event until the last voter has left."""
        self._watched += 1
        if self.is_closed and not self.emptied.triggered:
            due = float(self._batch.state.clock[self._row, col.NEXT])
            if due < np.inf:
                number = self._watched
                self._clock.call_at(due, Rank.SERVICE, lambda: self._look(number))

    def _look(self, number: int) -> None:
        if number == self._watched:
            self._batch.play_on(self._row)
            self._check_empty()
            self._watch()

    # ---- interruptions ---------------------------------------------------------

    def _suspend(self) -> None:
        self._suspended = True
        self._numbers()[col.SUSPENDED] = 1
        self._resumed = simpy.Event(self._clock)
        self._clock.process(self._announce())
        if self._counting is not None and self._counting.is_alive:
            self._counting.interrupt(FREEZE)

    def _freeze(self) -> None:
        """Stop the services under way; what is left of them is kept."""
        if not self._numbers()[col.FROZEN]:
            self._numbers()[col.FROZEN] = 1
            self._batch.state.end_at[self._row] -= self._clock.now

    def _thaw(self) -> None:
        """Let frozen services go on."""
        if self._numbers()[col.FROZEN]:
            self._numbers()[col.FROZEN] = 0
            self._batch.state.end_at[self._row] += self._clock.now
            self._numbers()[col.DIRTY] = 1

    def _clear_out(self, effect: Suspend) -> None:
        voters = self._send_off(Outcome.ABANDONED, everybody=True)
        self._away += [(voter, effect) for voter in voters]
        self._check_empty()

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
        self._touch()
        self._suspended = False
        self._numbers()[col.SUSPENDED] = 0
        self._thaw()
        self._record(Kind.RESUMED, line=self.queue())
        ended.succeed()
        for voter, effect in () if self.is_closed else self._away:
            if self.voters.away[voter] < effect.return_share:
                delay = effect.return_within * self.voters.away_delay[voter]
                self._come_again(delay, voter)
        self._away = []
        self._start_all()

    # ---- after the close -------------------------------------------------------

    def _check_empty(self) -> None:
        self._touch()
        if not self.is_closed or self._numbers()[col.HERE]:
            return
        if not self.emptied.triggered:
            self.emptied.succeed()
            self._record(Kind.EMPTIED)
        if not self._boxes_out and self._counting is None:
            self._counting = self._clock.process(self._count())

    def _count(self) -> Play:
        """Count the ballots; an interruption stops the count as it stops the vote."""
        outcome = self._batch.state.visit[self._batch.visits(self._row), col.OUTCOME]
        votes = int(np.isin(outcome, (Outcome.VOTED, Outcome.AUXILIARY)).sum())
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

    def _change_pace(self, name: str, factor: float, *, undo: bool) -> None:
        stage = self._stage(name)
        if undo:
            stage.slow.remove(factor)
        else:
            stage.slow.append(factor)
        k = self._stages.index(stage)
        self._touch().pace[self._row, k, col.FACTOR] = prod(stage.slow)

    def _stage(self, name: str) -> Stage:
        return next(stage for stage in self._stages if stage.name == name)

    def _set_drops(self) -> None:
        state = self._batch.make_drops(self._row, len(self._drops))
        for i, (number, effect) in enumerate(self._drops.values()):
            state.drop_share[self._row, i] = effect.share
            state.drop_id[self._row, i] = number

    def _record(self, kind: Kind, **details: Detail) -> None:
        self._record_to(kind, self.name, self.spec.place, **details)
