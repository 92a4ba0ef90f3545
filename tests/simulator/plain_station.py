# A polling station written down plainly, from DESIGN section 5 and not from the engine:
# no SimPy, no event objects, no lists of what is due. At each instant it looks for the
# first thing, in the stated order of ties, that can happen, does it, and looks again.

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf, isnan, nan

from simulator.voter import Voters

EVERYBODY = frozenset({0, 1, 2})
# The number of a guest: the place on the list at home, and this times its row + 1.
GUEST = 1000


@dataclass(frozen=True, kw_only=True)
class Line:
    """A stage as asked: places by time, officers a place, classes that pass it."""

    steps: tuple[tuple[float, int], ...]
    officers: int
    limit: float = inf
    passes: frozenset[int] = EVERYBODY
    voting: bool = False


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The count as asked; with officers the time of a ballot is that of one of them."""

    set_up: float
    per_ballot: float
    officers: int | None


@dataclass(frozen=True, kw_only=True)
class House:
    """A station as asked, in plain numbers."""

    opens: float
    closes: float
    close_rule: str
    officers: int
    stages: tuple[Line, ...]
    balk: tuple[tuple[int, float], ...] = ()
    balk_wait: tuple[tuple[float, float], ...] = ()
    mean: float = 1.0
    reopen: float = 0.0
    needs_ballots: bool = False
    room: float = inf
    clears: float = inf
    # Officers' breaks: from, until, how many.
    breaks: tuple[tuple[float, float, int], ...] = ()
    count: Tally | None = None
    # For guests: services and patience are uniform up to so many minutes.
    longest: float = 0.0
    patience: float = inf
    priority: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Control:
    """Something the world does to the station.

    Effects that end come before those that begin, as in DESIGN; what units and
    incidents do comes after the voters of that instant.
    """

    time: float
    rank: str
    action: str
    cause: str = ""
    mode: str = ""
    stage: int = 0
    number: int = 0
    factor: float = 1.0
    share: float = 0.0
    returns: float = 0.0
    within: float = 0.0
    until: float = 0.0
    to: int = 0
    minutes: float = 0.0


@dataclass
class Person:
    """One visit of a voter."""

    voter: int
    number: int
    arrival: float
    start: list[float]
    end: list[float]
    left: float = nan
    outcome: str = "PRESENT"
    stage: int = 0
    joined: int = -1
    serial: int = -1
    due: float = inf
    remaining: float | None = None
    # The stage in whose line there was no room, and since when, as a number.
    kept_from: int = -1
    held: int = -1

    def row(self) -> tuple[object, ...]:
        return (self.arrival, *self.start, *self.end, self.left, self.outcome)


@dataclass
class PlainStation:
    """Plays a day and keeps what became of every visit, and a few dated notes."""

    house: House
    voters: Voters
    controls: list[Control]
    end: float
    now: float = 0.0
    people: list[Person] = field(default_factory=list)
    notes: list[tuple[float, str, int]] = field(default_factory=list)
    last_in_first_out: bool = False
    # All stations of the day, and which of them this is.
    day: "list[PlainStation]" = field(default_factory=list)
    row: int = 0

    def __post_init__(self) -> None:
        stages = self.house.stages
        self.lost = [0] * len(stages)
        self.slow: list[list[float]] = [[] for _ in stages]
        self.officers = self.house.officers
        self.balking: list[float] = []
        self.untold: list[float] = []
        self.causes: dict[str, Control] = {}
        self.drops: dict[str, Control] = {}
        self.kept_away: dict[str, list[int]] = {}
        self.away: list[tuple[int, Control]] = []
        self.suspended = False
        self.is_open = self.is_closed = self.emptied = False
        self.closes = self.house.closes
        self.over = False
        self.ballots = not self.house.needs_ballots
        self.reopens_at = inf
        self.coming = [(self.voters.arrival[v], v) for v in self.voters.order]
        self.coming_again: list[tuple[float, int]] = []
        self.surging: list[tuple[float, int]] = []
        self.guests: list[tuple[float, int]] = []
        self.diversions: list[Control] = []
        self.went: dict[str, int] = {}
        self.ends = [c for c in self.controls if c.rank == "end"]
        self.injects = [c for c in self.controls if c.rank == "inject"]
        self.of_units = [c for c in self.controls if c.rank == "unit"]
        self.starts = self.joins = self.holds = 0
        self.breaks_to_come = list(self.house.breaks)
        self.resting: list[tuple[float, int]] = []
        self.boxes_out: dict[str, int] = {}
        # Parts of the count that are left: minutes of one officer, and who shares it.
        self.parts: list[list[float]] | None = None

    # ---- the loop ----------------------------------------------------------------

    def play(self) -> "PlainStation":
        while self.now < self.end:
            while any(phase() for phase in self.phases()):
                pass
            self.go_on(self.soonest())
        return self

    def go_on(self, later: float) -> None:
        """Let time pass until the next instant; the count goes on meanwhile."""
        if self.parts and later < inf:
            self.parts[0][0] -= self.hands() * (later - self.now)
        self.now = later

    def phases(self) -> tuple[Callable[[], bool], ...]:
        return (
            self.some_break,
            self.opening_or_close,
            lambda: self.control(self.ends),
            self.reopening,
            lambda: self.control(self.injects),
            self.some_start,
            self.some_move,
            self.some_end_of_service,
            self.some_end_of_count,
            self.some_arrival,
            self.some_guest,
            self.some_renege,
            lambda: self.control(self.of_units),
        )

    def soonest(self) -> float:
        house, after = self.house, self.now
        times = [c.time for c in (*self.ends, *self.injects, *self.of_units)]
        coming = (*self.coming, *self.coming_again, *self.surging, *self.guests)
        times += [time for time, _ in coming]
        times += [p.due for p in self.people if p.serial >= 0 and p.remaining is None]
        times += [self.gives_up(p) for p in self.line(0)]
        times += [house.opens] if not self.is_open and house.opens > after else []
        times += [self.closes] if not self.is_closed else []
        times += [] if self.over else [self.closes + self.house.clears]
        times += [begin for begin, _, _ in self.breaks_to_come]
        times += [until for until, _ in self.resting]
        if self.parts and self.hands():
            times.append(after + self.parts[0][0] / self.hands())
        times += [t for line in house.stages for t, _ in line.steps if t > after]
        return min((*times, self.reopens_at))

    # ---- what can happen at an instant, in the order of ties ---------------------

    def some_break(self) -> bool:
        for rest in self.resting:
            if rest[0] <= self.now:
                self.resting.remove(rest)
                self.officers += rest[1]
                return True
        for one in self.breaks_to_come:
            if one[0] <= self.now:
                self.breaks_to_come.remove(one)
                self.resting.append((one[1], min(one[2], self.officers)))
                self.officers -= self.resting[-1][1]
                return True
        return False

    def begin_count(self) -> None:
        """Begin the count when the last voter has left and every box is back."""
        if self.parts is not None or not self.emptied or self.boxes_out:
            return
        votes = sum(p.outcome == "VOTED" for p in self.people)
        tally, self.parts = self.house.count, []
        if tally is not None and tally.officers is None:
            self.parts = [[tally.set_up + tally.per_ballot * votes, 0]]
        elif tally is not None:
            whole = tally.per_ballot * votes
            self.parts = [[tally.set_up, 1], [whole, tally.officers]]
        self.parts.append([0.0, -1])
        self.some_end_of_count()

    def some_end_of_count(self) -> bool:
        ended = False
        while self.parts and self.parts[0][0] <= 1e-12:
            ended = True
            if self.parts.pop(0)[1] == -1:
                self.note("counted", 0)
        return ended

    def hands(self) -> int:
        """Say how many count now; where no number is asked for, there is somebody."""
        if self.suspended:
            return 0
        most = int(self.parts[0][1])
        return min(most, self.officers) if most > 0 else 1

    def opening_or_close(self) -> bool:
        may_open = self.ballots and not self.is_open and not self.is_closed
        may_open = may_open and not self.suspended
        if may_open and self.house.opens <= self.now:
            self.is_open = True
            self.note("opened", self.queue())
            return True
        if not self.is_closed and self.closes <= self.now:
            self.is_closed = True
            self.note("closed", self.queue())
            self.end_the_vote()
            self.look_whether_empty()
            return True
        if not self.over and self.closes + self.house.clears <= self.now:
            self.over = True
            for person in [p for p in self.people if p.outcome == "PRESENT"]:
                self.leave(person, "TURNED_AWAY")
            return True
        return False

    def control(self, controls: list[Control]) -> bool:
        if controls and min(c.time for c in controls) <= self.now:
            first = next(c for c in controls if c.time <= self.now)
            controls.remove(first)
            getattr(self, f"do_{first.action}")(first)
            return True
        return False

    def reopening(self) -> bool:
        if self.reopens_at > self.now:
            return False
        self.reopens_at, self.suspended = inf, False
        self.note("resumed", self.queue())
        for person in self.people:
            if person.remaining is not None:
                person.due, person.remaining = self.now + person.remaining, None
        for voter, control in () if self.is_closed else self.away:
            if self.number("away", voter) < control.returns:
                delay = control.within * self.number("away delay", voter)
                self.coming_again.append((self.now + delay, voter))
        self.away = []
        return True

    def some_start(self) -> bool:
        for i in range(len(self.house.stages)):
            if self.line(i) and self.may_start(i):
                self.begin(self.line(i)[0], i)
                return True
        return False

    def may_start(self, i: int) -> bool:
        if not self.is_open or self.suspended:
            return False
        at_place = [p for p in self.people if p.serial >= 0 or p.kept_from >= 0]
        if sum(p.stage == i for p in at_place) >= self.places()[i]:
            return False
        inside = sum(p.outcome == "PRESENT" and p.start[0] >= 0 for p in self.people)
        handed_out = self.is_closed and self.house.close_rule == "stop"
        return i > 0 or (inside < self.house.room and not handed_out)

    def some_move(self) -> bool:
        for person in sorted(self.people, key=lambda p: p.held):
            i = person.kept_from
            if i < 0 or any(
                p.kept_from == i and p.held < person.held for p in self.people
            ):
                continue
            line = len(self.line(i))
            if line < self.house.stages[i].limit or (not line and self.may_start(i)):
                person.stage, person.kept_from = i, -1
                self.join(person)
                return True
        return False

    def some_end_of_service(self) -> bool:
        served = [p for p in self.people if p.serial >= 0 and p.remaining is None]
        ending = [p for p in served if p.due <= self.now]
        if not ending:
            return False
        person = min(ending, key=lambda p: (p.stage, p.serial))
        person.end[person.stage] = self.now
        person.serial, person.due = -1, inf
        minutes = self.minutes(person.voter)
        later = range(person.stage + 1, len(self.house.stages))
        class_ = self.class_of(person.voter)
        passes = (
            i
            for i in later
            if not isnan(minutes[i]) and class_ in self.house.stages[i].passes
        )
        to = next(passes, None)
        if to is None:
            self.leave(person, "VOTED")
        elif len(self.line(to)) < self.house.stages[to].limit and not any(
            p.kept_from == to for p in self.people
        ):
            person.stage = to
            self.join(person)
        else:
            person.kept_from, person.held = to, self.holds
            self.holds += 1
        return True

    def some_arrival(self) -> bool:
        again = [c for c in self.coming_again if c[0] <= self.now]
        early = [c for c in self.surging if c[0] <= self.now]
        if early:
            self.surging.remove(early[0])
            self.come_or_stay_away(early[0][1])
        elif again:
            self.coming_again.remove(again[0])
            self.arrive_or_go_on(again[0][1])
        elif any(time <= self.now for time, _ in self.coming):
            self.come_or_stay_away(self.coming.pop(0)[1])
        else:
            return False
        return True

    def some_guest(self) -> bool:
        # In the order of their stations, then of the list there.
        here = [voter for time, voter in self.guests if time <= self.now]
        if here:
            self.guests = [g for g in self.guests if g[1] != min(here)]
            self.arrive(min(here))
        return bool(here)

    def some_renege(self) -> bool:
        for person in self.line(0):
            if self.gives_up(person) <= self.now:
                self.leave(person, "RENEGED")
                return True
        return False

    # ---- what the world does -----------------------------------------------------

    def do_suspend(self, control: Control) -> None:
        self.causes[control.cause] = control
        self.suspended, self.reopens_at = True, inf
        if control.mode == "freeze":
            for person in self.people:
                if person.serial >= 0 and person.remaining is None:
                    person.remaining = person.due - self.now
        elif control.mode == "abandon":
            for person in [p for p in self.people if p.outcome == "PRESENT"]:
                self.leave(person, "ABANDONED")
                self.away.append((person.voter, control))

    def do_lift(self, control: Control) -> None:
        if self.causes.pop(control.cause, None) and not self.causes:
            self.reopens_at = self.now + self.house.reopen

    def do_lose(self, control: Control) -> None:
        self.lost[control.stage] += control.number

    def do_officers(self, control: Control) -> None:
        self.officers += control.number

    def do_box_out(self, control: Control) -> None:
        number = self.boxes_out[control.cause] = min(control.number, self.officers)
        self.officers -= number

    def do_box_in(self, control: Control) -> None:
        self.officers += self.boxes_out.pop(control.cause)
        self.begin_count()

    def do_health(self, control: Control) -> None:
        """Close a stage until it is clean; officers go with the case for a time."""
        number = min(control.number, self.officers)
        self.officers -= number
        self.lost[control.stage] += 1000
        back = {"action": "officers", "number": number}
        clean = {"action": "lose", "number": -1000, "stage": control.stage}
        self.ends += [
            Control(time=self.now + control.within, rank="end", **back),
            Control(time=self.now + control.until, rank="end", **clean),
        ]

    def do_slow(self, control: Control) -> None:
        self.slow[control.stage].append(control.factor)

    def do_unslow(self, control: Control) -> None:
        self.slow[control.stage].remove(control.factor)

    def do_balking(self, control: Control) -> None:
        self.balking.append(control.factor)

    def do_unbalking(self, control: Control) -> None:
        self.balking.remove(control.factor)

    def do_mislead(self, control: Control) -> None:
        self.untold.append(control.share)

    def do_tell(self, control: Control) -> None:
        self.untold.remove(control.share)

    def do_drop(self, control: Control) -> None:
        self.drops[control.cause] = control
        self.kept_away[control.cause] = []

    def do_undrop(self, control: Control) -> None:
        drop = self.drops.pop(control.cause)
        for voter in self.kept_away.pop(control.cause):
            if self.voters.drop_return[voter] < drop.returns:
                delay = drop.within * self.voters.drop_delay[voter]
                self.coming_again.append((self.now + delay, voter))

    def do_surge(self, control: Control) -> None:
        early, self.coming = (
            self.coming[: control.number],
            self.coming[control.number :],
        )
        for time, voter in early:
            at = self.now + control.within * self.voters.surge[voter]
            self.surging.append((min(at, time), voter))

    def do_extend(self, control: Control) -> None:
        if not self.is_closed and control.until > self.closes:
            self.closes = control.until

    def do_give_up(self, control: Control) -> None:
        # Whoever is kept at a place for want of room waits, too.
        waiting = [p for p in self.people if p.outcome == "PRESENT" and p.serial < 0]
        for person in waiting:
            if self.number("move", person.voter) < control.share:
                self.leave(person, "RENEGED")

    def do_ballots(self, _: Control) -> None:
        self.ballots = True

    def do_divert(self, control: Control) -> None:
        self.diversions.append(control)
        self.went[control.cause] = 0
        for person in self.line(0) if self.may_go(control) else ():
            own = person.voter < GUEST
            if own and self.number("divert line", person.voter) < control.returns:
                self.leave(person, "DIVERTED")
                self.set_out(person.voter, control)

    def do_undivert(self, control: Control) -> None:
        self.diversions = [d for d in self.diversions if d.cause != control.cause]

    def do_way(self, control: Control) -> None:
        self.diversions = [
            replace(d, minutes=control.minutes) if d.cause == control.cause else d
            for d in self.diversions
        ]

    # ---- from station to station -------------------------------------------------

    def may_go(self, diversion: Control) -> bool:
        return diversion.minutes < inf and not self.day[diversion.to].is_closed

    def arrive_or_go_on(self, voter: int) -> None:
        below = 0.0
        for diversion in self.diversions if voter < GUEST else ():
            number = self.number("divert", voter)
            if below <= number < below + diversion.share and self.may_go(diversion):
                self.people.append(self.visit_of(voter))
                self.leave(self.people[-1], "DIVERTED")
                self.set_out(voter, diversion)
                return
            below += diversion.share
        self.arrive(voter)

    def set_out(self, voter: int, diversion: Control) -> None:
        self.went[diversion.cause] += 1
        guest = GUEST * (self.row + 1) + voter
        time = self.now + diversion.minutes
        self.day[diversion.to].guests.append((time, guest))

    # ---- what is known of a voter ------------------------------------------------

    def number(self, purpose: str, voter: int) -> float:
        home = self.day[voter // GUEST - 1] if voter >= GUEST else self
        return float(home.voters.uniforms(purpose)[voter % GUEST])

    def minutes(self, voter: int) -> list[float]:
        if voter < GUEST:
            return self.voters.service[voter].tolist()
        stages, longest = range(len(self.house.stages)), self.house.longest
        return [longest * self.number(f"service stage-{i}", voter) for i in stages]

    def class_of(self, voter: int) -> int:
        """Give the class; a station that serves by priority has none."""
        home = self.day[voter // GUEST - 1] if voter >= GUEST else self
        plain = voter >= GUEST and (self.house.priority or home.house.priority)
        return 0 if plain else int(home.voters.class_[voter % GUEST])

    def comes_first(self, voter: int) -> bool:
        if voter < GUEST:
            return bool(self.voters.priority[voter])
        return self.number("priority", voter) < self.house.priority

    def patience(self, voter: int) -> float:
        if voter < GUEST:
            return float(self.voters.patience[voter])
        longest = self.house.patience
        return inf if longest == inf else longest * self.number("patience", voter)

    # ---- voters ------------------------------------------------------------------

    def come_or_stay_away(self, voter: int) -> None:
        for cause, drop in self.drops.items():
            if self.voters.drop[voter] < drop.share:
                self.kept_away[cause].append(voter)
                return
        self.arrive_or_go_on(voter)

    def visit_of(self, voter: int) -> Person:
        number = sum(p.voter == voter for p in self.people)
        blank = [nan] * len(self.house.stages)
        return Person(voter, number, self.now, [*blank], [*blank])

    def arrive(self, voter: int) -> None:
        person = self.visit_of(voter)
        self.people.append(person)
        share = 0.0
        for line, of_line in self.house.balk:
            share = of_line if len(self.line(0)) >= line else share
        share = max(share, self.share_by_wait())
        for factor in self.balking:
            share *= factor
        share = max([share, *self.untold])
        if self.is_closed:
            self.leave(person, "TURNED_AWAY")
        elif self.number("balk", voter) < share:
            self.leave(person, "BALKED")
        else:
            self.join(person)

    def share_by_wait(self) -> float:
        """Give the share that expects too long a wait in the first line."""
        opened = any(what == "opened" for _, what, _ in self.notes)
        at = self.now if opened else self.house.opens
        places = (
            self.places()[0] if opened else places_at(self.house.stages[0].steps, at)
        )
        pace = self.house.mean
        for factor in self.slow[0]:
            pace *= factor
        line = len(self.line(0))
        wait = line * pace / places if places else (inf if line else 0.0)
        reached = [share for bound, share in self.house.balk_wait if wait >= bound]
        return reached[-1] if reached else 0.0

    def join(self, person: Person) -> None:
        person.joined = self.joins
        self.joins += 1

    def begin(self, person: Person, i: int) -> None:
        minutes = self.minutes(person.voter)[i]
        for factor in self.slow[i]:
            minutes *= factor
        person.start[i], person.due = self.now, self.now + minutes
        person.serial, person.joined = self.starts, -1
        self.starts += 1

    def leave(self, person: Person, outcome: str) -> None:
        person.outcome, person.left = outcome, self.now
        person.joined = person.serial = person.kept_from = -1
        person.due, person.remaining = inf, None
        self.look_whether_empty()

    def end_the_vote(self) -> None:
        if self.house.close_rule == "serve_queue" and self.is_open:
            return
        over = self.suspended or not self.is_open
        for person in [p for p in self.people if p.outcome == "PRESENT"]:
            if over or (person.stage == 0 and person.joined >= 0):
                self.leave(person, "TURNED_AWAY")

    def look_whether_empty(self) -> None:
        here = any(p.outcome == "PRESENT" for p in self.people)
        if self.is_closed and not self.emptied and not here:
            self.emptied = True
            self.note("last voter left", 0)
            self.begin_count()

    def began_voting(self, person: Person) -> float:
        """Say when the voter started at the one voting stage of the class."""
        class_ = self.class_of(person.voter)
        stages = enumerate(self.house.stages)
        (own,) = (i for i, line in stages if line.voting and class_ in line.passes)
        return person.start[own]

    # ---- readings ----------------------------------------------------------------

    def line(self, i: int) -> list[Person]:
        """Who waits at a stage, in the order in which they will be called."""
        waiting = [p for p in self.people if p.joined >= 0 and p.stage == i]
        back = -1 if self.last_in_first_out else 1
        return sorted(
            waiting,
            key=lambda p: (not self.comes_first(p.voter), back * p.joined),
        )

    def queue(self) -> int:
        held = sum(p.kept_from >= 0 and p.outcome == "PRESENT" for p in self.people)
        return held + sum(len(self.line(i)) for i in range(len(self.house.stages)))

    def gives_up(self, person: Person) -> float:
        return person.arrival + self.patience(person.voter)

    def places(self) -> list[int]:
        """Places that are open: one round of the stages at a time, earlier first."""
        left, places = self.officers, [0] * len(self.house.stages)
        wanted = [
            max(places_at(line.steps, self.now) - lost, 0)
            for line, lost in zip(self.house.stages, self.lost, strict=True)
        ]
        for nth in range(max(wanted)):
            for i, line in enumerate(self.house.stages):
                if wanted[i] > nth and line.officers <= left:
                    left -= line.officers
                    places[i] += 1
        return places

    def note(self, what: str, number: int) -> None:
        self.notes.append((self.now, what, number))


def play_together(stations: list[PlainStation], end: float) -> None:
    """Play a day of several stations: at each instant, rank by rank at all of them."""
    for row, station in enumerate(stations):
        station.day, station.row = stations, row
    now = 0.0
    while now < end:
        while any(phase() for rank in ranks_of(stations) for phase in rank):
            pass
        now = min(station.soonest() for station in stations)
        for station in stations:
            station.go_on(now)


def ranks_of(stations: list[PlainStation]) -> list[tuple[Callable[[], bool], ...]]:
    return list(zip(*(station.phases() for station in stations), strict=True))


def places_at(steps: tuple[tuple[float, int], ...], now: float) -> int:
    """Places by the schedule at a moment."""
    return next((number for time, number in reversed(steps) if time <= now), 0)
