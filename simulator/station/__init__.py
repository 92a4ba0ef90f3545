"""A polling station at play: hours, places, interruptions, closing.

Its voters are rows of arrays that a compiled loop moves (`simulator.station.kernel`);
here is what the world asks of a station and does to it. Whatever reads or changes it
advances it to the present first.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from math import prod

import simpy

from scenarios.effect import Drop, Surge, Suspend
from scenarios.station import TeamBreak
from simulator.log import Detail, Kind, Outcome, VoterTable
from simulator.officer import allot
from simulator.station.count import Count
from simulator.station.flow import Flow
from simulator.station.guest import Diversion
from simulator.tie import Rank

MOST_PLACES = 1000
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
    ordered
        Places that orders have opened beyond those, less those they have closed.
    """

    name: str
    wanted: int
    officers: int
    lost: int = 0
    servers: int = 0
    slow: list[float] = field(default_factory=list)
    ordered: int = 0

    def places(self) -> int:
        """Places that are to be open, if there are officers for them."""
        return max(self.scheduled() + self.ordered, 0)

    def scheduled(self) -> int:
        """Places that the schedule opens and nothing has taken."""
        return max(self.wanted - self.lost, 0)

    def order(self, places: int) -> None:
        """Have so many places now; they follow the schedule up and down."""
        self.ordered = places - self.scheduled()


class Station:
    """A polling station of one world.

    Parameters
    ----------
    name
        As in the scenario.
    flow
        Its voters.
    record
        Writes to the log: kind, subject, place, details.
    needs_ballots
        True when it may not open before a delivery.
    """

    def __init__(
        self,
        name: str,
        flow: Flow,
        record: Recorder,
        *,
        needs_ballots: bool = False,
    ) -> None:
        spec, clock = flow.spec, flow.clock
        self.name = name
        self.spec = spec
        self.voters = flow.voters
        self.flow = flow
        self.officers = spec.officers
        self.is_open = False
        self.is_closed = False
        self.closes = spec.closes
        self.place = spec.place
        self.moves = False
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
        self._untold: list[float] = []
        self._drops: dict[str, tuple[int, Drop]] = {}
        self._away: list[tuple[int, Suspend]] = []
        self._count = Count(spec.count, clock, spec.officers)
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

    def queue(self, stage: str | None = None) -> int:
        """Voters in line now, at all stages or at one."""
        if stage is None:
            return self.flow.queue()
        return self.flow.lines()[self._stages.index(self._stage(stage))]

    def servers(self, stage: str) -> int:
        """Places of a stage that are open and have their officers."""
        return self._stage(stage).servers

    def free_officers(self) -> int:
        """Officers of the team, here now, who are at no place."""
        return self.officers - sum(s.servers * s.officers for s in self._stages)

    def has_stage(self, stage: str) -> bool:
        """Tell whether it has a stage of this name."""
        return stage in self.spec.stages

    def table(self) -> VoterTable:
        """Give the voter table as it stands now."""
        return self.flow.table()

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
            self._suspend()
        if effect.mode == "freeze":
            self.flow.freeze()
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

    def extend(self, until: float) -> None:
        """Close later than was asked for; it has not closed yet."""
        self._record(Kind.EXTENDED, until=until, was=self.closes)
        self.closes = until

    def send_line(self, diversion: Diversion, share: float) -> int:
        """Have a share of the first line go to another station; say how many."""
        went = self.flow.send_line(diversion, share)
        self._check_empty()
        return went

    def leave_for(self, place: str, share: float) -> None:
        """Leave for another site; a share of those in line gives up."""
        gone = self.flow.give_up(share)
        self._record(Kind.LEAVES, to=place, gave_up=len(gone))
        self.place = place
        self._check_empty()
        self._start_all()

    def lose(self, stage: str, servers: int) -> None:
        """Take places of a stage away (or give them back, below 0)."""
        self._stage(stage).lost += servers
        self._staff()

    def open_places(self, name: str, number: int) -> str | None:
        """Open more places of a stage, beyond its schedule.

        Returns
        -------
        str or None
            Why it cannot be; None when it is done.
        """
        why, stage = self._not_at_work(), self._stage(name)
        if why is not None:
            return why
        free, need = self.free_officers(), number * stage.officers
        if need > free:
            return f"{self.name} has {free} officer(s) free, and {need} are needed"
        if stage.places() + number > MOST_PLACES:
            return f"{name} of {self.name} can have {MOST_PLACES} places at most"
        stage.order(stage.places() + number)
        self._staff()
        return None

    def close_places(self, name: str, number: int) -> str | None:
        """Close places of a stage; services under way go on.

        Returns
        -------
        str or None
            Why it cannot be; None when it is done.
        """
        why, stage = self._not_at_work(), self._stage(name)
        if why is not None:
            return why
        if number > stage.servers:
            return f"{name} of {self.name} has {stage.servers} place(s) open"
        # Places that wait for officers are not opened in place of these.
        stage.order(stage.servers - number)
        self._staff()
        return None

    def change_officers(self, number: int) -> None:
        """Add officers to the team, or take them away."""
        self.officers += number
        self._record(Kind.OFFICERS, officers=self.officers)
        self._count.change(self.officers, stopped=self._suspended)
        self._staff()

    def change_balking(self, factor: float, *, undo: bool = False) -> None:
        """Multiply the shares of those who balk; or undo that."""
        if undo:
            self._balking.remove(factor)
        else:
            self._balking.append(factor)
        self.flow.set_balking(prod(self._balking))

    def mislead(self, share: float) -> None:
        """Have a share of those who come turn back: they have not been told where."""
        self._untold.append(share)
        self.flow.set_turn_back(max(self._untold))

    def tell(self, share: float) -> None:
        """End one `mislead`: whoever comes has been told."""
        self._untold.remove(share)
        self.flow.set_turn_back(max(self._untold, default=0.0))

    def surge(self, effect: Surge) -> None:
        """Bring the next voters of the day here at once, spread over a time."""
        now = self._clock.now
        for voter in self.flow.take_next(effect.voters):
            at = now + effect.over * float(self.voters.surge[voter])
            # Nobody comes later for having set out at once.
            at = max(min(at, float(self.voters.arrival[voter])), now)
            self.flow.bring(voter, at, again=False)
        self._watch()

    def drop(self, cause: str, effect: Drop) -> None:
        """Keep a share of those who would come away, until `undrop`."""
        number = 1 + max((n for n, _ in self._drops.values()), default=0)
        self._drops[cause] = (number, effect)
        self._set_drops()

    def undrop(self, cause: str) -> None:
        """End a drop; some of those who stayed away now come."""
        number, effect = self._drops.pop(cause)
        self._set_drops()
        for voter in self.flow.kept_away(number):
            if self.voters.drop_return[voter] < effect.return_share:
                delay = effect.return_within * float(self.voters.drop_delay[voter])
                self.flow.bring(voter, self._clock.now + delay, again=True)
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
        self.flow.add_visits(voters, outcome)
        votes = 0 if self.is_closed else len(voters)
        self._record(Kind.AUXILIARY, votes=votes)

    # ---- hours -----------------------------------------------------------------

    def _schedule(self) -> None:
        spec = self.spec
        self._clock.process(self._open())
        self._clock.process(self._close())
        # Whose break ends is back before others go at that very minute.
        ends = [self._clock.due(max(r.until, 0.0), Rank.HOURS) for r in spec.breaks]
        for rest, end in zip(spec.breaks, ends, strict=True):
            self._clock.process(self._rest(rest, end))
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
        self.flow.open()
        self.is_open = True
        self.opened.succeed()
        self._record(Kind.OPENED, line=self.queue())
        self._staff()

    def _close(self) -> Play:
        while self._clock.now < self.closes:
            yield self._clock.due(self.closes, Rank.HOURS)
        self.flow.close()
        self.is_closed = True
        self._record(Kind.CLOSED, line=self.queue())
        if self.spec.close_rule == "stop" or not self.is_open:
            ended = self._suspended or not self.is_open
            self.flow.send_off(Outcome.TURNED_AWAY, everybody=ended)
        self._check_empty()
        self._watch()
        if self.spec.clears is not None:
            yield self._clock.due(self.closes + self.spec.clears, Rank.HOURS)
            self._clear_room()

    def _clear_room(self) -> None:
        """End everything: whoever is still there has not voted."""
        voters = self.flow.send_off(Outcome.TURNED_AWAY, everybody=True)
        if voters:
            self._record(Kind.CLEARED_OUT, voters=len(voters))
        self._check_empty()

    def _step(self, stage: Stage, at: float, servers: int) -> Play:
        yield self._clock.due(at, Rank.HOURS)
        stage.wanted = servers
        self._staff()

    def _rest(self, rest: TeamBreak, end: simpy.Event) -> Play:
        """Send officers on a break, as many as are there then, and have them back."""
        yield self._clock.due(max(rest.from_, 0.0), Rank.HOURS)
        number = min(rest.officers, self.officers)
        if number:
            self.change_officers(-number)
            yield end
            self.change_officers(number)

    def _staff(self) -> None:
        """Open the places that the officers there are can staff."""
        if not self.is_open:
            return
        wanted = [stage.places() for stage in self._stages]
        each = [stage.officers for stage in self._stages]
        given = allot(wanted, each, self.officers)
        for k, (stage, servers) in enumerate(zip(self._stages, given, strict=True)):
            if servers != stage.servers:
                stage.servers = servers
                self.flow.set_places(k, servers)
                self._record(Kind.SERVERS, stage=stage.name, servers=servers)
        self._start_all()

    def _start_all(self) -> None:
        """Start whom a change allows to, once all effects of this minute hold."""
        self._clock.call_at(self._clock.now, Rank.START, self._start)

    def _start(self) -> None:
        self.flow.start()
        # A service of no time that starts after the voters' turn is over at once.
        self._look()

    def _watch(self) -> None:
        """Once it is closed, look on at each event until the last voter has left."""
        if self.is_closed and not self.emptied.triggered:
            self.flow.watch(self._look)

    def _look(self) -> None:
        self._check_empty()
        self._watch()

    # ---- interruptions ---------------------------------------------------------

    def _suspend(self) -> None:
        self._suspended = True
        self.flow.suspend()
        self._resumed = simpy.Event(self._clock)
        self._clock.process(self._announce())
        self._count.change(self.officers, stopped=True)

    def _clear_out(self, effect: Suspend) -> None:
        voters = self.flow.send_off(Outcome.ABANDONED, everybody=True)
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
        # Read before: a frozen service with nothing left of it is over at once.
        line = self.queue()
        self.flow.resume()
        self._suspended = False
        self._count.change(self.officers, stopped=False)
        self._record(Kind.RESUMED, line=line)
        ended.succeed()
        for voter, effect in () if self.is_closed else self._away:
            if self.flow.number("away", voter) < effect.return_share:
                delay = effect.return_within * self.flow.number("away delay", voter)
                self.flow.bring(voter, self._clock.now + delay, again=True)
        self._away = []
        self._start_all()

    # ---- after the close -------------------------------------------------------

    def _check_empty(self) -> None:
        if not self.is_closed or self.flow.here():
            return
        if not self.emptied.triggered:
            self.emptied.succeed()
            self._record(Kind.EMPTIED)
        if not self._boxes_out and not self._count.begun:
            votes = self.flow.votes()
            self._clock.process(self._await_count(self._count.begin(votes), votes))

    def _await_count(self, count: simpy.Process, votes: int) -> Play:
        yield count
        self._record(Kind.COUNTED, votes=votes)
        self.counted.succeed()

    def _not_at_work(self) -> str | None:
        """Say why no place can be opened or closed now, if so."""
        if not self.is_open:
            return f"{self.name} is not open"
        if self.emptied.triggered:
            return f"the last voter has left {self.name}"
        return None

    # ---- small -----------------------------------------------------------------

    def _change_pace(self, name: str, factor: float, *, undo: bool) -> None:
        stage = self._stage(name)
        if undo:
            stage.slow.remove(factor)
        else:
            stage.slow.append(factor)
        self.flow.set_pace(self._stages.index(stage), prod(stage.slow))

    def _stage(self, name: str) -> Stage:
        return next(stage for stage in self._stages if stage.name == name)

    def _set_drops(self) -> None:
        drops = [(number, effect.share) for number, effect in self._drops.values()]
        self.flow.set_drops(drops)

    def _record(self, kind: Kind, **details: Detail) -> None:
        self._record_to(kind, self.name, self.place, **details)
