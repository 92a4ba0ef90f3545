"""The compiled event loop of polling stations.

One event is an arrival, the end of a service or a voter giving up. At one instant
ends of service come first (lower stage first, then who started first), then arrivals
(surges, those who come again, the day's own, guests), then those who give up; after
each event whoever can starts or moves on, from the last stage to the first.

The parts of the loop are written into it by the compiler, and no references to the
arrays are counted. Measured on days of 30 stations, the loop in parts is as fast as
the same loop in one piece (0.98 to 1.01 of its time; cut into minutes 0.78). With
references counted, the parts take 14 to 29 times as long. All parts stand in this one
file because machine code is compiled anew when the file of the loop changes, and not
for a change elsewhere.
"""

from typing import Any

import numpy as np
from numba.core import config, types
from numba.experimental import structref

from simulator.compiler import compiled, compiled_loop, loop_part
from simulator.log import Outcome
from simulator.station.state import (
    AFTER,
    BALK,
    BALK_STEPS,
    BALKING,
    BEFORE,
    BLOCKED,
    BUSY,
    CAME,
    CLOSED,
    COMES,
    DIRTY,
    DROP,
    DROPS,
    ENDS,
    EXPECTED,
    EXTRAS,
    FACTOR,
    FILL,
    FIRST,
    FIRST_VISIT,
    FIRST_VOTER,
    FROZEN,
    GONE,
    GUESTS_FROM,
    HEAD_1,
    HEAD_2,
    HEAD_B,
    HERE,
    IN_LINE,
    INSIDE,
    KEPT,
    KIND,
    LAST_VOTER,
    LEFT,
    LIMIT,
    MEAN,
    MOVED,
    NEXT,
    NEXT_END,
    NEXT_VOTER,
    NOBODY,
    NOW,
    NUMBER,
    OPEN,
    OUTCOME,
    PATIENCE,
    RENEGERS,
    ROOM,
    RUNNING,
    SEEN,
    SENT,
    SERVED,
    SERVERS,
    SERVICE,
    SOONEST,
    SPOT,
    STAGE,
    STAGES,
    STARTS,
    STOPS,
    STUCK,
    SURGE,
    SUSPENDED,
    TAIL_1,
    TAIL_2,
    TAIL_B,
    TURN_BACK,
    VISITS,
    VOTER,
    WAITING,
    Drawn,
    Flags,
    Ints,
    State,
)

VOTED = int(Outcome.VOTED)
PRESENT = int(Outcome.PRESENT)
BALKED = int(Outcome.BALKED)
RENEGED = int(Outcome.RENEGED)
TURNED_AWAY = int(Outcome.TURNED_AWAY)
DIVERTED = int(Outcome.DIVERTED)
SERVICE_ENDS, EXTRA_COMES, VOTER_COMES, GIVES_UP = range(4)


@compiled_loop
def advance(state: State, rows: Ints, until: float, inclusive: bool) -> None:
    """Advance stations to a time, and start whoever may start.

    Parameters
    ----------
    state
        A `State`.
    rows
        Which stations, shape (n,).
    until
        Minutes; infinite for the whole day.
    inclusive
        Whether what is due at that very time happens, too.
    """
    for s in rows:
        if _rests(state, s, until, inclusive):
            state.clock[s, NOW] = until
        else:
            _play(state, s, until, inclusive)


@loop_part
def _play(state: State, s: int, until: float, inclusive: bool) -> None:
    """Have one event after the other happen at a station."""
    clock = state.clock
    _find_all_soonest(state, s)
    now = clock[s, NOW]
    coming = _next_arrival(state, s, now)
    while True:
        if state.station[s, FILL]:
            _settle(state, s, now)
        time, what, where = _next_event(state, s, now, coming)
        if time == np.inf or time > until or (time == until and not inclusive):
            break
        now = time
        if what == SERVICE_ENDS:
            _end_service(state, s, where, now)
        elif what == GIVES_UP:
            _give_up(state, s, now)
        else:
            fresh = _come(state, s, what, now)
            if fresh != NOBODY:
                _may_give_up(state, s, fresh)
            coming = _next_arrival(state, s, now)
    clock[s, NEXT], clock[s, NOW] = time, until if until < np.inf else now


@loop_part
def _rests(state: State, s: int, until: float, inclusive: bool) -> bool:
    """Tell whether nothing happens at a station until then, as is so at most ticks."""
    if state.station[s, FILL] or state.station[s, DIRTY] or until == np.inf:
        return False
    due: float = state.clock[s, NEXT]
    return until < due or (until == due and not inclusive)


@loop_part
def _find_all_soonest(state: State, s: int) -> None:
    """Find anew which service ends first at each stage, if anybody else moved them."""
    if state.station[s, DIRTY]:
        state.station[s, DIRTY] = 0
        for k in range(state.station[s, STAGES]):
            _find_soonest(state, s, k)


# ---- who may start or move on ------------------------------------------------------


@loop_part
def _settle(state: State, s: int, now: float) -> None:
    """Have all start or move on who can, from the last stage to the first."""
    stage = state.stage
    state.station[s, FILL] = 0
    for k in range(state.station[s, STAGES] - 1, -1, -1):
        while stage[s, k, WAITING] or stage[s, k, BLOCKED]:
            may_start = _may_start(state, s, k)
            if may_start and stage[s, k, WAITING]:
                _start(state, s, k, now)
            elif stage[s, k, BLOCKED] and (
                stage[s, k, WAITING] < stage[s, k, LIMIT]
                or (may_start and not stage[s, k, WAITING])
            ):
                _let_in(state, s, k)
            else:
                break


@loop_part
def _may_start(state: State, s: int, k: int) -> bool:
    station, stage = state.station, state.stage
    if not station[s, OPEN] or station[s, SUSPENDED]:
        return False
    if stage[s, k, BUSY] >= stage[s, k, SERVERS]:
        return False
    if k > 0:
        return True
    over = station[s, CLOSED] and station[s, STOPS]
    return not over and station[s, INSIDE] < station[s, ROOM]


@loop_part
def _start(state: State, s: int, k: int, now: float) -> None:
    """Begin the service of the first in line, those served first before others."""
    v = state.stage[s, k, HEAD_1]
    if v == NOBODY:
        v = state.stage[s, k, HEAD_2]
    _leave_line(state, s, k, v)
    _begin(state, s, k, v, now)


@loop_part
def _begin(state: State, s: int, k: int, v: int, now: float) -> None:
    """Begin a service."""
    station, stage, pace = state.station, state.stage, state.pace
    voter = station[s, FIRST_VOTER] + state.visit[v, VOTER]
    if k == 0:
        station[s, INSIDE] += 1
    state.visit[v, SPOT] = SERVED
    state.at[v, STARTS + 2 * k] = now
    due = now + state.given[voter, SERVICE + k] * pace[s, k, FACTOR]
    c = stage[s, k, RUNNING]
    state.end_at[s, k, c], state.end_of[s, k, c] = due, v
    stage[s, k, RUNNING] += 1
    stage[s, k, BUSY] += 1
    if due < pace[s, k, NEXT_END]:
        pace[s, k, NEXT_END], stage[s, k, SOONEST] = due, c


@loop_part
def _let_in(state: State, s: int, k: int) -> None:
    """Let the first who is held up for want of room into the line."""
    stage, visit = state.stage, state.visit
    v = stage[s, k, HEAD_B]
    stage[s, k, HEAD_B] = visit[v, AFTER]
    if visit[v, AFTER] == NOBODY:
        stage[s, k, TAIL_B] = NOBODY
    stage[s, k, BLOCKED] -= 1
    stage[s, visit[v, STAGE], BUSY] -= 1
    _join_line(state, s, k, v)


# ---- lines -------------------------------------------------------------------------


@loop_part
def _join_line(state: State, s: int, k: int, v: int) -> None:
    """Put a visit at the end of its line of a stage."""
    stage, visit = state.stage, state.visit
    visit[v, STAGE], visit[v, SPOT] = k, IN_LINE
    head, tail = HEAD_2, TAIL_2
    if state.who[state.station[s, FIRST_VOTER] + visit[v, VOTER], FIRST]:
        head, tail = HEAD_1, TAIL_1
    last = stage[s, k, tail]
    visit[v, AFTER], visit[v, BEFORE] = NOBODY, last
    if last == NOBODY:
        stage[s, k, head] = v
    else:
        visit[last, AFTER] = v
    stage[s, k, tail] = v
    stage[s, k, WAITING] += 1


@loop_part
def _join(state: State, s: int, k: int, v: int, now: float) -> None:
    """Have a visit begin at once, where nobody waits and there is a place, or wait."""
    if not state.stage[s, k, WAITING] and _may_start(state, s, k):
        state.visit[v, STAGE] = k
        _begin(state, s, k, v, now)
    else:
        _join_line(state, s, k, v)


@loop_part
def _leave_line(state: State, s: int, k: int, v: int) -> None:
    """Take a visit out of its line of a stage."""
    stage, visit = state.stage, state.visit
    head, tail = HEAD_2, TAIL_2
    if state.who[state.station[s, FIRST_VOTER] + visit[v, VOTER], FIRST]:
        head, tail = HEAD_1, TAIL_1
    before, after = visit[v, BEFORE], visit[v, AFTER]
    if before == NOBODY:
        stage[s, k, head] = after
    else:
        visit[before, AFTER] = after
    if after == NOBODY:
        stage[s, k, tail] = before
    else:
        visit[after, BEFORE] = before
    stage[s, k, WAITING] -= 1


@loop_part
def _hold_up(state: State, s: int, k: int, v: int) -> None:
    """Have a visit keep its place until there is room in the next line."""
    stage, visit = state.stage, state.visit
    visit[v, SPOT], visit[v, AFTER] = STUCK, NOBODY
    if stage[s, k, TAIL_B] == NOBODY:
        stage[s, k, HEAD_B] = v
    else:
        visit[stage[s, k, TAIL_B], AFTER] = v
    stage[s, k, TAIL_B] = v
    stage[s, k, BLOCKED] += 1


# ---- what is due next --------------------------------------------------------------


@loop_part
def _next_event(
    state: State, s: int, now: float, coming: float
) -> tuple[float, int, int]:
    """Give what happens next: when, what, and at which stage."""
    station = state.station
    time, what, where = np.inf, SERVICE_ENDS, 0
    if not station[s, FROZEN]:
        for k in range(station[s, STAGES]):
            if state.pace[s, k, NEXT_END] < time:
                time, where = state.pace[s, k, NEXT_END], k
    if station[s, EXTRAS] and state.extra_at[s, 0] < time:
        time, what = max(state.extra_at[s, 0], now), EXTRA_COMES
    # Guests come after all others of this instant.
    guest = what == EXTRA_COMES and state.extra_key[s, 0] >= GUESTS_FROM
    if coming < time or (coming == time and guest):
        time, what = coming, VOTER_COMES
    due = _next_giving_up(state, s)
    if due < time:
        time, what = due, GIVES_UP
    return time, what, where


@loop_part
def _next_arrival(state: State, s: int, now: float) -> float:
    """Give when the next of the day's own voters comes; those brought do not."""
    station, first = state.station, state.station[s, FIRST_VOTER]
    i, last = station[s, NEXT_VOTER], station[s, LAST_VOTER]
    while i < last and state.who[first + i, MOVED]:
        i += 1
    station[s, NEXT_VOTER] = i
    if i == last:
        return np.inf
    due: float = max(state.given[first + i, COMES], now)
    return due


@loop_part
def _next_giving_up(state: State, s: int) -> float:
    """Give when the next voter in the first line loses patience."""
    first, visit = state.station[s, FIRST_VISIT], state.visit
    while state.station[s, RENEGERS]:
        v = state.renege_of[first]
        if visit[v, SPOT] == IN_LINE and visit[v, STAGE] == 0:
            due: float = state.renege_at[first]
            return due
        _drop_deadline(state, s)
    return np.inf


@loop_part
def _drop_deadline(state: State, s: int) -> None:
    """Take the first deadline off the heap."""
    station, first = state.station, state.station[s, FIRST_VISIT]
    at, of = state.renege_at, state.renege_of
    station[s, RENEGERS] -= 1
    n = station[s, RENEGERS]
    due, v, i = at[first + n], of[first + n], 0
    while True:
        below = 2 * i + 1
        if below >= n:
            break
        if below + 1 < n and at[first + below + 1] < at[first + below]:
            below += 1
        if at[first + below] >= due:
            break
        at[first + i], of[first + i] = at[first + below], of[first + below]
        i = below
    at[first + i], of[first + i] = due, v


@loop_part
def _may_give_up(state: State, s: int, v: int) -> None:
    """Put the deadline of who has just come and must wait on the heap."""
    station, first = state.station, state.station[s, FIRST_VISIT]
    at, of = state.renege_at, state.renege_of
    voter = station[s, FIRST_VOTER] + state.visit[v, VOTER]
    due = state.at[v, CAME] + state.given[voter, PATIENCE]
    if due == np.inf or state.visit[v, SPOT] != IN_LINE:
        return
    i = station[s, RENEGERS]
    station[s, RENEGERS] += 1
    while i > 0:
        above = (i - 1) // 2
        if at[first + above] <= due:
            break
        at[first + i], of[first + i] = at[first + above], of[first + above]
        i = above
    at[first + i], of[first + i] = due, v


# ---- it happens --------------------------------------------------------------------


@loop_part
def _end_service(state: State, s: int, k: int, now: float) -> None:
    """End the service that ends soonest at a stage; the voter moves on or leaves."""
    stage = state.stage
    state.station[s, FILL] = 1
    c, n = stage[s, k, SOONEST], stage[s, k, RUNNING] - 1
    v = state.end_of[s, k, c]
    stage[s, k, RUNNING] = n
    # They stay in the order in which they started.
    for i in range(c, n):
        state.end_at[s, k, i] = state.end_at[s, k, i + 1]
        state.end_of[s, k, i] = state.end_of[s, k, i + 1]
    _find_soonest(state, s, k)
    state.at[v, ENDS + 2 * k] = now
    to = _stage_after(state, s, k, v)
    if to == state.station[s, STAGES]:
        stage[s, k, BUSY] -= 1
        state.station[s, INSIDE] -= 1
        _leave(state, s, v, VOTED, now)
    elif stage[s, to, LIMIT] > stage[s, to, WAITING] and not stage[s, to, BLOCKED]:
        stage[s, k, BUSY] -= 1
        _join(state, s, to, v, now)
    else:
        _hold_up(state, s, to, v)


@loop_part
def _find_soonest(state: State, s: int, k: int) -> None:
    """Find the service of a stage that ends first; of several, that started first."""
    # Without branches, which the processor could only guess.
    best, soonest = np.inf, NOBODY
    for c in range(state.stage[s, k, RUNNING]):
        due = state.end_at[s, k, c]
        soonest = c if due < best else soonest
        best = due if due < best else best
    state.stage[s, k, SOONEST], state.pace[s, k, NEXT_END] = soonest, best


@loop_part
def _stage_after(state: State, s: int, k: int, v: int) -> int:
    """Give the next stage that a voter does not skip."""
    voter = state.station[s, FIRST_VOTER] + state.visit[v, VOTER]
    to = k + 1
    while to < state.station[s, STAGES] and np.isnan(state.given[voter, SERVICE + to]):
        to += 1
    return to


@loop_part
def _leave(state: State, s: int, v: int, outcome: int, now: float) -> None:
    """End a visit."""
    state.visit[v, OUTCOME], state.visit[v, SPOT] = outcome, GONE
    state.at[v, LEFT] = now
    state.station[s, HERE] -= 1


@loop_part
def _give_up(state: State, s: int, now: float) -> None:
    """Have the voter leave whose patience ends first."""
    state.station[s, FILL] = 1
    v = state.renege_of[state.station[s, FIRST_VISIT]]
    _leave_line(state, s, 0, v)
    _leave(state, s, v, RENEGED, now)


@loop_part
def _come(state: State, s: int, what: int, now: float) -> int:
    """Have the next voter come; give the visit, if it joins the line."""
    station = state.station
    again = False
    if what == EXTRA_COMES:
        turn, again = state.extra_of[s, 0], state.extra_key[s, 0] // KIND != SURGE
        _drop_extra(state, s)
    else:
        turn = station[s, NEXT_VOTER]
        station[s, NEXT_VOTER] += 1
    voter = station[s, FIRST_VOTER] + turn
    if not again and _stays_away(state, s, voter):
        return NOBODY
    v: int = station[s, FIRST_VISIT] + station[s, VISITS]
    station[s, VISITS] += 1
    station[s, HERE] += 1
    state.visit[v, VOTER], state.visit[v, NUMBER] = turn, state.who[voter, SEEN]
    state.who[voter, SEEN] += 1
    state.at[v, CAME] = now
    for i in range(LEFT, state.at.shape[1]):
        state.at[v, i] = np.nan
    refused = _refused(state, s, voter)
    if refused != PRESENT:
        _leave(state, s, v, refused, now)
        return NOBODY
    state.visit[v, OUTCOME] = PRESENT
    _join(state, s, 0, v, now)
    return v


@loop_part
def _refused(state: State, s: int, voter: int) -> int:
    """Tell what becomes of a voter at the door; present, who joins the line."""
    if state.who[voter, SENT]:
        return DIVERTED
    if state.station[s, CLOSED]:
        return TURNED_AWAY
    share = max(_balking_share(state, s), state.clock[s, TURN_BACK])
    if share > 0 and state.given[voter, BALK] < share:
        return BALKED
    return PRESENT


@loop_part
def _drop_extra(state: State, s: int) -> None:
    """Take the first of the other arrivals off the heap."""
    at, keys, of = state.extra_at, state.extra_key, state.extra_of
    n = state.station[s, EXTRAS] - 1
    state.station[s, EXTRAS] = n
    due, key, who, i = at[s, n], keys[s, n], of[s, n], 0
    while True:
        below = 2 * i + 1
        if below >= n:
            break
        if below + 1 < n and _comes_before(
            at[s, below + 1], keys[s, below + 1], at[s, below], keys[s, below]
        ):
            below += 1
        if not _comes_before(at[s, below], keys[s, below], due, key):
            break
        at[s, i], keys[s, i], of[s, i] = at[s, below], keys[s, below], of[s, below]
        i = below
    at[s, i], keys[s, i], of[s, i] = due, key, who


@loop_part
def _comes_before(at: float, key: int, other_at: float, other_key: int) -> bool:
    """Order other arrivals: by time, then by kind and number."""
    if at != other_at:
        return at < other_at
    return key < other_key


@loop_part
def _stays_away(state: State, s: int, voter: int) -> bool:
    """Tell whether a drop keeps a voter away, and note which."""
    for d in range(state.station[s, DROPS]):
        if state.given[voter, DROP] < state.drop_share[s, d]:
            state.who[voter, KEPT] = state.drop_id[s, d]
            return True
    return False


@loop_part
def _balking_share(state: State, s: int) -> float:
    """Give the share that turns back from the line as it is now."""
    share = by_wait = 0.0
    steps = state.station[s, BALK_STEPS]
    if not steps:
        return share
    line, places = state.stage[s, 0, WAITING], state.stage[s, 0, EXPECTED]
    wait = 0.0
    if places:
        wait = line * state.pace[s, 0, MEAN] * state.pace[s, 0, FACTOR] / places
    elif line:
        wait = np.inf
    for i in range(steps):
        bound = state.balk_wait[s, i]
        if line >= state.balk_line[s, i]:
            share = state.balk_share[s, i]
        if wait >= bound and bound < np.inf:
            by_wait = state.balk_share[s, i]
    factor: float = state.clock[s, BALKING]
    return max(share, by_wait) * factor


# ---- from outside ------------------------------------------------------------------


@compiled_loop
def seat(state: State, s: int, drawn: Drawn) -> None:
    """Put the voters of a station in its block, in the order in which they come.

    Those who do not set out stand after them.

    Parameters
    ----------
    state
        A `State`.
    s
        Which station; nobody has come yet.
    drawn
        Its voters.
    """
    order, arrival, priority, patience, service = drawn
    who, given, first = state.who, state.given, state.station[s, FIRST_VOTER]
    for i in range(order.shape[0]):
        state.place[first + i] = order[i]
        who[first + order[i], SEEN] = 1
    turn = order.shape[0]
    for p in range(arrival.shape[0]):
        if not who[first + p, SEEN]:
            state.place[first + turn] = p
            turn += 1
        who[first + p, SEEN] = 0
    for voter in range(first, first + turn):
        p = state.place[voter]
        who[voter, FIRST] = priority[p]
        given[voter, COMES], given[voter, PATIENCE] = arrival[p], patience[p]
        for k in range(service.shape[1]):
            given[voter, SERVICE + k] = service[p, k]


@compiled_loop
def send_off(state: State, s: int, leaves: Flags, outcome: int, now: float) -> None:
    """End visits of a station from outside, in line, in service or held up.

    Parameters
    ----------
    state
        A `State`.
    s
        Which station; it has been advanced to the present.
    leaves
        Which of its visits end, shape (visits,).
    outcome
        What becomes of them.
    now
        Minutes.
    """
    first = state.station[s, FIRST_VISIT]
    for i in range(leaves.shape[0]):
        if leaves[i]:
            _free_place(state, s, first + i)
            _leave(state, s, first + i, outcome, now)
    # The lines and services anew, without them.
    for k in range(state.station[s, STAGES]):
        _rebuild_services(state, s, k)
        _rebuild_line(state, s, k, (HEAD_1, TAIL_1, WAITING), IN_LINE)
        _rebuild_line(state, s, k, (HEAD_2, TAIL_2, WAITING), IN_LINE)
        _rebuild_line(state, s, k, (HEAD_B, TAIL_B, BLOCKED), STUCK)
    state.station[s, DIRTY] = 1


@loop_part
def _free_place(state: State, s: int, v: int) -> None:
    k, in_line = state.visit[v, STAGE], state.visit[v, SPOT] == IN_LINE
    if not in_line:
        state.stage[s, k, BUSY] -= 1
    if k > 0 or not in_line:
        state.station[s, INSIDE] -= 1


@loop_part
def _rebuild_services(state: State, s: int, k: int) -> None:
    """Leave out the services of those who have gone."""
    n = 0
    for c in range(state.stage[s, k, RUNNING]):
        if state.visit[state.end_of[s, k, c], SPOT] == SERVED:
            state.end_at[s, k, n] = state.end_at[s, k, c]
            state.end_of[s, k, n] = state.end_of[s, k, c]
            n += 1
    state.stage[s, k, RUNNING] = n


@loop_part
def _rebuild_line(
    state: State, s: int, k: int, columns: tuple[int, int, int], where: int
) -> None:
    """Link a line anew without those who have gone."""
    stage, visit = state.stage, state.visit
    head, tail, number = columns
    v, last = stage[s, k, head], NOBODY
    stage[s, k, head] = stage[s, k, tail] = NOBODY
    while v != NOBODY:
        after = visit[v, AFTER]
        if visit[v, SPOT] == where:
            visit[v, BEFORE], visit[v, AFTER] = last, NOBODY
            if last == NOBODY:
                stage[s, k, head] = v
            else:
                visit[last, AFTER] = v
            stage[s, k, tail] = last = v
        else:
            stage[s, k, number] -= 1
        v = after


@compiled_loop
def latest(state: State, s: int) -> float:
    """Give when the last service under way at a station ends; -inf where none is.

    Parameters
    ----------
    state
        A `State`.
    s
        Which station; it has been advanced to the present.
    """
    found = -np.inf
    if state.station[s, FROZEN]:
        return found
    for k in range(state.station[s, STAGES]):
        for c in range(state.stage[s, k, RUNNING]):
            found = max(found, state.end_at[s, k, c])
    return found


# ---- a handle ----------------------------------------------------------------------
# A call that is given some thirty arrays spends far more on taking them, one by one,
# than on a control. So they are taken once, and calls are given a handle on them.


@structref.register
class HandleType(types.StructRef):
    """How the compiler sees a handle: one field, the arrays."""


class Handle(structref.StructRefProxy):
    """The arrays of all stations, held in compiled code."""


structref.define_constructor(Handle, HandleType, ["state"])
structref.define_boxing(HandleType, Handle)
_MAKE: Any = Handle  # numba has no types for what makes one


@compiled
def _hold(state: State) -> Any:
    return _MAKE(state)


@compiled
def _advance(handle: Any, rows: Ints, until: float, inclusive: bool) -> None:
    advance(handle.state, rows, until, inclusive)


@compiled
def _seat(handle: Any, s: int, drawn: Drawn) -> None:
    seat(handle.state, s, drawn)


@compiled
def _latest(handle: Any, s: int) -> float:
    return latest(handle.state, s)


# Each takes a handle where the function it is named after takes a `State`; where
# nothing is compiled, the arrays are their own handle.
_SETTINGS: Any = config  # numba has no types for these: it sets them by name
COMPILES = not _SETTINGS.DISABLE_JIT
hold = _hold if COMPILES else lambda state: state
advance_held = _advance if COMPILES else advance
seat_held = _seat if COMPILES else seat
latest_held = _latest if COMPILES else latest
