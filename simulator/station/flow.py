"""The flow of the voters of one station: its row of the arrays, and what moves it.

Whatever reads or changes the row advances it to the present first.
"""

from collections.abc import Callable, Sequence

import numpy as np

from scenarios.station import Station as StationSpec
from simulator.log import Outcome, VoterTable
from simulator.station import state as col
from simulator.station.batch import Batch, set_balk_numbers
from simulator.station.guest import Diversion
from simulator.station.kernel import latest_held, seat_held, send_off
from simulator.station.state import Drawn, Flags, Ints, Small, State
from simulator.tie import Rank, Timeline
from simulator.voter import Voters

_VOTED, _AUXILIARY = int(Outcome.VOTED), int(Outcome.AUXILIARY)


class Flow:
    """The voters of one station.

    Parameters
    ----------
    batch, row
        The arrays of all stations, and which is this one.
    """

    def __init__(self, batch: Batch, row: int) -> None:
        self.spec = batch.specs[row]
        self.voters = batch.voters[row]
        self.clock = batch.clock
        self._batch = batch
        self._row = row
        self._watched = 0

    # ---- what may be asked -----------------------------------------------------

    def queue(self) -> int:
        """Voters in line now, at all stages."""
        return int(_in_line(self._look().stage[self._row]).sum())

    def lines(self) -> list[int]:
        """Voters in line now, at each stage."""
        stages = self._look().stage[self._row, : len(self.spec.stages)]
        return list(_in_line(stages).tolist())

    @staticmethod
    def lines_of(flows: Sequence["Flow"], stage: str) -> Callable[[Ints], Ints]:
        """Have the lines of some of these stations read at once, in all or at a stage.

        Returns
        -------
        callable
            Takes which of the flows, shape (n,), and gives voters in line, shape (n,).
        """
        batch, rows = flows[0]._batch, np.array([flow._row for flow in flows])
        at = np.array(
            [[*flow.spec.stages].index(stage) if stage else 0 for flow in flows]
        )

        def read(chosen: Ints) -> Ints:
            state = batch.look_at(rows[chosen])
            if stage:
                return _in_line(state.stage[rows[chosen], at[chosen]])
            return np.asarray(_in_line(state.stage[rows[chosen]]).sum(axis=1))

        return read

    def here(self) -> int:
        """Voters who have come and not left."""
        return int(self._look().station[self._row, col.HERE])

    def votes(self) -> int:
        """Votes cast so far, at the auxiliary box too."""
        outcome = self._look().visit[self._batch.visits(self._row), col.OUTCOME]
        cast = (outcome == _VOTED) | (outcome == _AUXILIARY)
        return int(np.count_nonzero(cast))

    def number(self, purpose: str, voter: int) -> float:
        """Give the uniform number of a voter, who may be a guest."""
        voters = np.array([voter], dtype=np.int64)
        return float(self._batch.guests.numbers(self._row, purpose, voters)[0])

    def table(self) -> VoterTable:
        """Give the voter table as it stands now."""
        state, rows = self._look(), self._batch.visits(self._row)
        stages, visit = len(self.spec.stages), state.visit[rows]
        turn = visit[:, col.VOTER]
        voter = self._batch.places(self._row, turn)
        outcome = visit[:, col.OUTCOME].astype(np.int64)
        first = state.station[self._row, col.FIRST_VOTER]
        at_box = outcome == _AUXILIARY
        priority = np.where(at_box, 0, state.who[first + turn, col.FIRST])
        ends = col.STARTS + 2 * stages
        class_ = self._batch.guests.classes(self._row, voter)
        guests, voter = self._batch.guests.named(self._row, voter)
        return VoterTable(
            registered=self.spec.registered,
            stages=tuple(self.spec.stages),
            voting_stages=self.spec.voting_stages,
            classes=tuple(self.spec.voters_of),
            voter=voter,
            visit=visit[:, col.NUMBER].astype(np.int64),
            priority=priority.astype(np.int64),
            class_=class_,
            arrival=state.at[rows, col.CAME].copy(),
            start=state.at[rows, col.STARTS : ends : 2].copy(),
            end=state.at[rows, col.ENDS : ends : 2].copy(),
            left=state.at[rows, col.LEFT].copy(),
            outcome=outcome,
            guests=guests,
        )

    # ---- what may be changed ---------------------------------------------------

    def open(self) -> None:
        """Let service begin."""
        self._set(col.OPEN, 1)
        places = self._batch.state.stage[self._row]
        places[:, col.EXPECTED] = places[:, col.SERVERS]

    def close(self) -> None:
        """Let nobody join any more; by the close rule, nobody begin either."""
        self._set(col.CLOSED, 1)

    def suspend(self) -> None:
        """Let no service begin until `resume`."""
        self._set(col.SUSPENDED, 1)

    def freeze(self) -> None:
        """Stop the services under way until `resume`; what is left of them is kept."""
        state = self._touch()
        if not state.station[self._row, col.FROZEN]:
            state.station[self._row, col.FROZEN] = 1
            state.end_at[self._row] -= self.clock.now

    def resume(self) -> None:
        """Let service begin again, and frozen services go on."""
        state = self._touch()
        station = state.station[self._row]
        station[col.SUSPENDED] = 0
        if station[col.FROZEN]:
            station[col.FROZEN], station[col.DIRTY] = 0, 1
            state.end_at[self._row] += self.clock.now

    def settle(self) -> None:
        """Have all happen that comes before now."""
        self._touch()

    def start(self) -> None:
        """Have all start or move on who can."""
        self._set(col.FILL, 1)
        self._touch()

    def set_places(self, stage: int, number: int) -> None:
        """Open so many places; services under way go on."""
        self._touch()
        places = self._batch.make_places(number).stage[self._row, stage]
        places[col.SERVERS] = places[col.EXPECTED] = number

    def set_pace(self, stage: int, factor: float) -> None:
        """Multiply the service times that start at a stage from now on."""
        self._touch().pace[self._row, stage, col.FACTOR] = factor

    def set_balking(self, factor: float) -> None:
        """Multiply the shares of those who turn back on seeing the line."""
        self._touch().clock[self._row, col.BALKING] = factor

    def set_turn_back(self, share: float) -> None:
        """Have a share of those who come turn back, whatever the line."""
        state = self._touch()
        set_balk_numbers(state, self._row, self.voters)
        state.clock[self._row, col.TURN_BACK] = share

    def set_drops(self, drops: Sequence[tuple[int, float]]) -> None:
        """Keep shares of those who would come away, each under its number."""
        state = self._batch.make_drops(self._row, len(drops))
        for i, (number, share) in enumerate(drops):
            state.drop_id[self._row, i] = number
            state.drop_share[self._row, i] = share

    def kept_away(self, number: int) -> list[int]:
        """Give, and forget, whom the drop of a number has kept away."""
        state = self._touch()
        first = state.station[self._row, col.FIRST_VOTER]
        kept = state.who[first : first + self.spec.registered, col.KEPT]
        turns = np.flatnonzero(kept == number)
        kept[turns] = 0
        return sorted(self._batch.places(self._row, turns).tolist())

    def take_next(self, number: int) -> list[int]:
        """Take the next voters who would come out of the day's own arrivals."""
        state = self._touch()
        station = state.station[self._row]
        first = station[col.FIRST_VOTER]
        left = np.arange(station[col.NEXT_VOTER], station[col.LAST_VOTER])
        turns = left[state.who[first + left, col.MOVED] == 0][:number]
        state.who[first + turns, col.MOVED] = 1
        return list(self._batch.places(self._row, turns).tolist())

    def bring(self, voter: int, time: float, *, again: bool) -> None:
        """Have a voter come at a time: brought forward, or `again`."""
        self._touch()
        kind = col.AGAIN if again else col.SURGE
        key = kind * col.KIND + self._batch.serial(self._row)
        self._batch.bring(self._row, time, voter, key)
        self._batch.hold(self._row)

    def add_visits(self, voters: Sequence[int], outcome: Outcome) -> None:
        """Write visits that are over at once, such as votes at the auxiliary box."""
        self._touch()
        for voter in voters:
            self._batch.add_visit(self._row, voter, outcome)

    def send_off(self, outcome: Outcome, *, everybody: bool) -> list[int]:
        """Send off whoever is there, or whoever waits for the first stage."""
        state, rows = self._touch(), self._batch.visits(self._row)
        visit = state.visit[rows]
        leaves = visit[:, col.OUTCOME] == Outcome.PRESENT
        if not everybody:
            leaves &= (visit[:, col.SPOT] == col.IN_LINE) & (visit[:, col.STAGE] == 0)
        return self._send_off(leaves, outcome)

    def give_up(self, share: float) -> list[int]:
        """Have a share of those in line leave, at all stages."""
        if not share:
            return []
        visit = self._touch().visit[self._batch.visits(self._row)]
        leaves = visit[:, col.OUTCOME] == Outcome.PRESENT
        leaves &= visit[:, col.SPOT] != col.SERVED
        leaves &= self._below("move", visit, share)
        return self._send_off(leaves, Outcome.RENEGED)

    def divert(self, diversions: Sequence[Diversion]) -> None:
        """Send shares of those who come from now on to other stations."""
        self._touch()
        self._batch.guests.divert(self._row, diversions)

    def send_line(self, diversion: Diversion, share: float) -> int:
        """Send a share of the first line to another station; guests stay.

        Returns
        -------
        int
            How many have set out.
        """
        if not share or not self._batch.guests.may_go(diversion):
            return 0
        self._batch.touch(diversion.to)
        visit = self._touch().visit[self._batch.visits(self._row)]
        leaves = (visit[:, col.SPOT] == col.IN_LINE) & (visit[:, col.STAGE] == 0)
        leaves &= visit[:, col.VOTER] < self.spec.registered
        leaves &= self._below("divert line", visit, share)
        voters, now = self._send_off(leaves, Outcome.DIVERTED), float(self.clock.now)
        for voter in voters:
            self._batch.guests.send(self._row, voter, now, diversion)
        self._batch.hold(diversion.to)
        return len(voters)

    def busy_until(self) -> float:
        """Give when the services under way end; now, where none is or all stand."""
        self._look()
        return max(float(self.clock.now), self._batch.last_end(self._row))

    def watch(self, look: Callable[[], None]) -> None:
        """Look when the services under way are over, until watched anew.

        Nobody who is served leaves before that. Where nobody is, look at the next
        event; never, when none is due.
        """
        self._watched += 1
        number, due = self._watched, float(self._look().clock[self._row, col.NEXT])
        due = max(due, self._batch.last_end(self._row))
        if due < np.inf:

            def step() -> None:
                if number == self._watched:
                    self._batch.play_on(self._row)
                    look()

            self.clock.call_at(due, Rank.SERVICE, step)

    # ---- inside ----------------------------------------------------------------

    def _below(self, purpose: str, visit: Small, share: float) -> Flags:
        """Mark the visits of voters whose uniform number lies below a share."""
        voters = self._batch.places(self._row, visit[:, col.VOTER])
        return self._batch.guests.numbers(self._row, purpose, voters) < share

    def _send_off(self, leaves: Flags, outcome: Outcome) -> list[int]:
        state, rows = self._touch(), self._batch.visits(self._row)
        send_off(state, self._row, leaves, int(outcome), float(self.clock.now))
        turns = state.visit[rows][leaves, col.VOTER]
        return list(self._batch.places(self._row, turns).tolist())

    def _touch(self) -> State:
        """Advance it to the present, to change it."""
        return self._batch.touch(self._row)

    def _look(self) -> State:
        """Advance it to the present, to read it."""
        return self._batch.look(self._row)

    def _set(self, column: int, value: int) -> None:
        self._touch().station[self._row, column] = value


def _in_line(stages: Small) -> Ints:
    """Give who waits for stages: in the line, or kept from it for want of room."""
    return np.asarray(stages[..., col.WAITING] + stages[..., col.BLOCKED])


def make_flows(
    specs: Sequence[StationSpec],
    voters: Sequence[Voters],
    clock: Timeline,
    names: Sequence[str] = (),
) -> list[Flow]:
    """Put the voters of all stations into one batch of arrays."""
    batch = Batch(specs, voters, clock, names)
    return [Flow(batch, row) for row in range(len(specs))]


def warm_up() -> None:
    """Have the compiled loop at hand before it is used."""
    from numba import typeof

    batch = Batch([], [], Timeline())
    batch.touch_all()
    nobody = np.zeros(0, dtype=np.bool_)
    none = np.zeros(0)
    drawn = Drawn(np.zeros(0, np.int64), none, nobody, none, np.zeros((0, 1)))
    for function, arguments in (
        (seat_held, (batch.handle, 0, drawn)),
        (send_off, (batch.state, 0, nobody, 0, 0.0)),
        (latest_held, (batch.handle, 0)),
    ):
        if hasattr(function, "compile"):  # unless compiling is switched off
            function.compile(tuple(map(typeof, arguments)))
