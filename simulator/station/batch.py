"""All polling stations of a world as one batch of arrays, and what touches them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.station import Station as StationSpec
from simulator.log import Outcome
from simulator.station import state as col
from simulator.station.guest import Guests
from simulator.station.kernel import advance_held, hold, latest_held, seat_held
from simulator.station.state import Drawn, Ints, Small, State
from simulator.tie import Timeline
from simulator.voter import Voters


class Batch:
    """The stations of one world in arrays.

    Parameters
    ----------
    specs, voters
        Of each station.
    clock
        The timeline of the world.
    names
        Of the stations; left out: their numbers.
    """

    def __init__(
        self,
        specs: Sequence[StationSpec],
        voters: Sequence[Voters],
        clock: Timeline,
        names: Sequence[str] = (),
    ) -> None:
        self.specs = specs
        self.names = names or [str(row) for row in range(len(specs))]
        self.voters = voters
        self.clock = clock
        self.state = _empty(specs, voters)
        for row, (spec, drawn) in enumerate(zip(specs, voters, strict=True)):
            seat_held(self.handle, row, _drawn(drawn))
            _set_rules(self.state, row, spec, drawn)
        self.guests = Guests(self)
        self._used = len(self.state.place)
        self._held: dict[int, tuple[float, int]] = {}
        self._turns: dict[int, Ints] = {}
        self._rows = np.arange(len(specs))
        self._row = [self._rows[row : row + 1] for row in range(len(specs))]
        # When each was last looked at, if nothing has changed it since.
        self._seen: list[tuple[float, bool] | None] = [None] * len(specs)

    @property
    def state(self) -> State:
        """The arrays; they are others once there is more room in them."""
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        self._state, self.handle = state, hold(state)

    def touch(self, row: int) -> State:
        """Advance a station to the present; nothing may read or change it before.

        Before the voters of this instant have had their turn they are still to come.
        """
        self._seen[row] = None
        self._advance(row, *self._turn(row))
        return self._state

    def look(self, row: int) -> State:
        """Advance a station to the present, to read it and change nothing."""
        turn = self._turn(row)
        # Who is sent on from elsewhere may come to it unasked.
        if self._seen[row] != turn or self.guests.sources:
            self._advance(row, *turn)
            self._seen[row] = turn
        return self._state

    def look_at(self, rows: Ints) -> State:
        """Advance stations to the present, to read them and change nothing."""
        if self.guests.sources or self._moment() in self._held.values():
            for row in rows.tolist():
                self.look(row)
        else:
            now, past = float(self.clock.now), self.clock.past_voters()
            advance_held(self.handle, rows, now, past)
        return self._state

    def last_end(self, row: int) -> float:
        """Give when the last service under way ends; -inf where none is."""
        return float(latest_held(self.handle, row))

    def hold(self, row: int) -> None:
        """Have those who are brought now, at once, come when all effects hold.

        So do the injects that follow at this instant; the next unit or control tick
        finds that they have come.
        """
        self._held[row] = self._moment()

    def is_held(self, row: int) -> bool:
        """Tell whether some have been brought who have yet to come at this instant."""
        return row in self._held and self._held[row] == self._moment()

    def play_on(self, row: int) -> None:
        """Have all happen that is due at a station at this very time."""
        self._seen[row] = None
        # Those who were held come now, and are sent on where they are to be.
        self._held.pop(row, None)
        self._advance(row, float(self.clock.now), past=True)

    def touch_all(self) -> State:
        """Advance all stations to the present."""
        now, past = float(self.clock.now), self.clock.past_voters()
        if self.guests.sources:
            self.guests.settle_all(now, inclusive=past)
        advance_held(self.handle, self._rows, now, past)
        return self._state

    def serial(self, row: int) -> int:
        """Give a number to one who comes apart from the day's own arrivals."""
        station = self.state.station[row]
        station[col.EXTRA_SERIAL] += 1
        return int(station[col.EXTRA_SERIAL])

    def bring(self, row: int, time: float, voter: int, key: int) -> None:
        """Have a voter come at a time, apart from the day's own arrivals.

        Parameters
        ----------
        key
            Its kind and number; those who come at one time come in its order.
        """
        self._seen[row] = None
        state, station = self.state, self.state.station[row]
        if station[col.EXTRAS] == state.extra_at.shape[1]:
            self._widen()
        self._make_room(row, 1)
        state = self.state
        station = state.station[row]
        at, keys, of = state.extra_at[row], state.extra_key[row], state.extra_of[row]
        i = int(station[col.EXTRAS])
        station[col.EXTRAS] += 1
        while i:
            above = (i - 1) // 2
            if (at[above], keys[above]) <= (time, key):
                break
            at[i], keys[i], of[i] = at[above], keys[above], of[above]
            i = above
        at[i], keys[i], of[i] = time, key, self.turn(row, voter)
        state.clock[row, col.NEXT] = min(state.clock[row, col.NEXT], time)

    def make_places(self, number: int) -> State:
        """Make room for so many services at once, at every stage."""
        state = self.state
        more = number - state.end_at.shape[2]
        if more > 0:
            # An order may open more places than any schedule does.
            self.state = state._replace(
                end_at=_deeper(state.end_at, more, 0),
                end_of=_deeper(state.end_of, more, col.NOBODY),
            )
        return self.state

    def make_voters(self, row: int, had: int, number: int) -> None:
        """Move the voters of a station to a larger block.

        Parameters
        ----------
        had, number
            Voters the block has room for, and those it is to have room for.
        """
        state, size = self.state, len(self.state.place)
        if self._used + number > size:
            # More than is asked for, so that not every station copies all arrays.
            more, none = max(number, size // 2), slice(0, 0)
            self.state = state = state._replace(
                **{name: _longer(getattr(state, name), more, none) for name in VOTERS}
            )
        first = int(state.station[row, col.FIRST_VOTER])
        for name in VOTERS:
            array = getattr(state, name)
            array[self._used : self._used + had] = array[first : first + had]
        state.station[row, col.FIRST_VOTER] = self._used
        self._used += number

    def make_drops(self, row: int, number: int) -> State:
        """Make room for drops in force, after the station has been advanced."""
        self.touch(row)
        while number > self.state.drop_id.shape[1]:
            self.state = self.state._replace(
                drop_share=_wider(self.state.drop_share),
                drop_id=_wider(self.state.drop_id),
            )
        state, drawn = self.state, self.voters[row]
        first = state.station[row, col.FIRST_VOTER]
        listed = slice(first, first + len(drawn.arrival))
        state.given[listed, col.DROP] = drawn.drop[state.place[listed]]
        state.station[row, col.DROPS] = number
        return state

    def add_visit(self, row: int, voter: int, outcome: Outcome) -> None:
        """Write a visit that is over at once, such as a vote at the auxiliary box."""
        self._make_room(row, 1)
        state, station = self.state, self.state.station[row]
        v = station[col.FIRST_VISIT] + station[col.VISITS]
        station[col.VISITS] += 1
        state.visit[v, col.VOTER] = self.turn(row, voter)
        state.visit[v, col.OUTCOME] = int(outcome)
        state.at[v], state.at[v, col.LEFT] = np.nan, self.clock.now

    def places(self, row: int, turns: Small | Ints) -> Ints:
        """Give the places on the list of those who have these turns in the block."""
        first = self.state.station[row, col.FIRST_VOTER]
        found: Ints = self.state.place[first + turns].astype(np.int64)
        return found

    def turn(self, row: int, place: int) -> int:
        """Give the turn in the block of who has a place on the list."""
        registered = self.specs[row].registered
        if place >= registered:  # a guest
            return place
        if row not in self._turns:
            turns = np.zeros(registered, dtype=np.int64)
            turns[self.places(row, np.arange(registered))] = np.arange(registered)
            self._turns[row] = turns
        return int(self._turns[row][place])

    def visits(self, row: int) -> slice:
        """Rows of the visits of a station."""
        station = self.state.station[row]
        first = int(station[col.FIRST_VISIT])
        return slice(first, first + int(station[col.VISITS]))

    # ---- inside ----------------------------------------------------------------

    def _moment(self) -> tuple[float, int]:
        return float(self.clock.now), self.clock.late

    def _turn(self, row: int) -> tuple[float, bool]:
        """Tell the present, and whether the voters of this instant have had theirs."""
        past = self.clock.past_voters() and not self.is_held(row)
        return float(self.clock.now), past

    def _advance(self, row: int, now: float, past: bool) -> None:
        if self.guests.sources:
            self.guests.settle(row, now, inclusive=past)
        advance_held(self.handle, self._row[row], now, past)

    def _widen(self) -> None:
        state = self.state
        self.state = state._replace(
            extra_at=_wider(state.extra_at),
            extra_key=_wider(state.extra_key),
            extra_of=_wider(state.extra_of),
        )

    def _make_room(self, row: int, more: int) -> None:
        """Move the visits of a station to a larger block when its own may run out."""
        state, station = self.state, self.state.station[row]
        to_come = int(station[col.LAST_VOTER] - station[col.NEXT_VOTER])
        # Whoever has been brought and has yet to come needs a visit, too.
        needed = int(station[col.VISITS] + station[col.EXTRAS]) + to_come + more
        if needed <= station[col.ROOM_FOR]:
            return
        used, size = self.visits(row), 2 * needed
        first = len(state.visit)
        shift = first - int(station[col.FIRST_VISIT])
        state = state._replace(
            visit=_longer(state.visit, size, used),
            at=_longer(state.at, size, used),
            renege_at=_longer(state.renege_at, size, used),
            renege_of=_longer(state.renege_of, size, used),
        )
        station[col.FIRST_VISIT], station[col.ROOM_FOR] = first, size
        rows = slice(first, first + int(station[col.VISITS]))
        _shift(state.visit[rows, col.AFTER], shift)
        _shift(state.visit[rows, col.BEFORE], shift)
        _shift(state.renege_of[rows], shift)
        _shift(state.end_of[row], shift)
        for column in LINKS:
            _shift(state.stage[row, :, column], shift)
        self.state = state


# Arrays with a row a voter.
VOTERS = ("place", "who", "given")
LINKS = (col.HEAD_1, col.TAIL_1, col.HEAD_2, col.TAIL_2, col.HEAD_B, col.TAIL_B)


def _shift(links: Small, by: int) -> None:
    links[links != col.NOBODY] += by


def _wider(array: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([array, np.zeros_like(array)], axis=1)


def _deeper(array: NDArray[Any], more: int, value: int) -> NDArray[Any]:
    return np.pad(array, ((0, 0), (0, 0), (0, more)), constant_values=value)


def _longer(array: NDArray[Any], size: int, used: slice) -> NDArray[Any]:
    block = np.zeros((size, *array.shape[1:]), dtype=array.dtype)
    block[: used.stop - used.start] = array[used]
    return np.concatenate([array, block])


def _drawn(voters: Voters) -> Drawn:
    return Drawn(*(getattr(voters, name) for name in Drawn._fields))


def _empty(specs: Sequence[StationSpec], voters: Sequence[Voters]) -> State:
    number, total = len(specs), sum(spec.registered for spec in specs)
    stages = max((len(spec.stages) for spec in specs), default=1)
    places = max((most_places(spec) for spec in specs), default=1)
    steps = max((len(spec.balk) for spec in specs), default=0)
    station = np.zeros((number, 22), dtype=np.int32)
    registered = [spec.registered for spec in specs]
    firsts = np.cumsum([0, *registered])[:-1]
    station[:, col.FIRST_VOTER] = station[:, col.FIRST_VISIT] = firsts
    station[:, col.ROOM_FOR] = registered
    station[:, col.LAST_VOTER] = [len(drawn.order) for drawn in voters]
    station[:, col.STAGES] = [len(spec.stages) for spec in specs]
    station[:, col.STOPS] = [spec.close_rule == "stop" for spec in specs]
    rooms = [col.NO_LIMIT if spec.room is None else spec.room for spec in specs]
    station[:, col.ROOM] = rooms
    station[:, col.BALK_STEPS] = [len(spec.balk) for spec in specs]
    stage = np.zeros((number, stages, 14), dtype=np.int32)
    stage[:, :, [*LINKS, col.SOONEST]] = col.NOBODY
    stage[:, :, col.LIMIT] = col.NO_LIMIT
    clock = np.zeros((number, 4))
    clock[:, col.BALKING] = 1.0
    pace = np.ones((number, stages, 3))
    pace[:, :, col.NEXT_END] = np.inf
    visit = np.zeros((total, 7), dtype=np.int32)
    return State(
        station=station,
        clock=clock,
        stage=stage,
        pace=pace,
        end_at=np.zeros((number, stages, places)),
        end_of=np.full((number, stages, places), col.NOBODY, dtype=np.int32),
        visit=visit,
        at=np.empty((total, col.STARTS + 2 * stages)),
        place=np.zeros(total, dtype=np.int32),
        who=np.zeros((total, 5), dtype=np.int32),
        given=np.zeros((total, col.SERVICE + stages)),
        renege_at=np.zeros(total),
        renege_of=np.zeros(total, dtype=np.int32),
        extra_at=np.zeros((number, 4)),
        extra_key=np.zeros((number, 4), dtype=np.int64),
        extra_of=np.zeros((number, 4), dtype=np.int64),
        drop_share=np.zeros((number, 4)),
        drop_id=np.zeros((number, 4), dtype=np.int64),
        balk_line=np.full((number, steps), np.inf),
        balk_wait=np.full((number, steps), np.inf),
        balk_share=np.zeros((number, steps)),
    )


def _set_rules(state: State, row: int, spec: StationSpec, drawn: Voters) -> None:
    """Put the stages of a station, and who balks, in its row."""
    for k, (stage_name, stage_spec) in enumerate(spec.stages.items()):
        if spec.balk:  # alone in need of it
            state.pace[row, k, col.MEAN] = spec.mean_service(stage_name)
        state.stage[row, k, col.EXPECTED] = stage_spec.servers_at(spec.opens)
        if stage_spec.limit is not None:
            state.stage[row, k, col.LIMIT] = stage_spec.limit
    if spec.balk:
        set_balk_numbers(state, row, drawn)
    for i, step in enumerate(spec.balk):
        if step.line is not None:
            state.balk_line[row, i] = step.line
        if step.wait is not None:
            state.balk_wait[row, i] = step.wait
        state.balk_share[row, i] = step.share


def set_balk_numbers(state: State, row: int, drawn: Voters) -> None:
    """Write the number by which a voter of the list turns back; few days need it."""
    first = state.station[row, col.FIRST_VOTER]
    block = slice(first, first + len(drawn.arrival))
    state.given[block, col.BALK] = drawn.balk[state.place[block]]


def most_places(spec: StationSpec) -> int:
    """Most places that a stage of a station ever opens."""
    most = 1
    for stage in spec.stages.values():
        steps = stage.servers
        if isinstance(steps, int):
            most = max(most, steps)
        else:
            most = max([most, *(step.servers for step in steps)])
    return most
