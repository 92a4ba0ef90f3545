"""The compiled event loop of polling stations.

One event is an arrival, the end of a service or a voter giving up. At one instant
ends of service come first (lower stage first, then who started first), then arrivals
(surges, those who come again, the day's own, guests), then those who give up; after
each event whoever can starts or moves on, from the last stage to the first.

The loop is one function, and it is written out: helpers that take many arrays cost
more than what they do.
"""

import numpy as np

from simulator.compiler import compiled
from simulator.log import Outcome
from simulator.station.state import (
    AFTER,
    BALK_STEPS,
    BALKING,
    BEFORE,
    BLOCKED,
    BUSY,
    CLOSED,
    DIRTY,
    DROPS,
    EXPECTED,
    EXTRAS,
    FACTOR,
    FILL,
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
    KIND,
    LAST_VOTER,
    LIMIT,
    MEAN,
    NEXT,
    NEXT_END,
    NEXT_VOTER,
    NOBODY,
    NOW,
    NUMBER,
    OPEN,
    OUTCOME,
    RENEGERS,
    ROOM,
    RUNNING,
    SERIAL,
    SERVED,
    SERVERS,
    SOONEST,
    SPOT,
    STAGE,
    STAGES,
    STOPS,
    STUCK,
    SURGE,
    SUSPENDED,
    TAIL_1,
    TAIL_2,
    TAIL_B,
    VISITS,
    VOTER,
    WAITING,
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


@compiled
def advance(  # noqa: C901, PLR0912, PLR0915
    state: State, rows: Ints, until: float, inclusive: bool
) -> None:
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
    station, clock, stage, pace = state.station, state.clock, state.stage, state.pace
    end_at, end_of, end_serial = state.end_at, state.end_of, state.end_serial
    visit, at, start, end = state.visit, state.at, state.start, state.end
    order, arrival, service = state.order, state.arrival, state.service
    renege_at, renege_of = state.renege_at, state.renege_of
    extra_at, extra_key, extra_of = state.extra_at, state.extra_key, state.extra_of
    for s in rows:
        stages = station[s, STAGES]
        first_voter, first_visit = station[s, FIRST_VOTER], station[s, FIRST_VISIT]
        may_serve = station[s, OPEN] and not station[s, SUSPENDED]
        hands_out = not (station[s, CLOSED] and station[s, STOPS])
        now = clock[s, NOW]
        settle = station[s, FILL] != 0
        station[s, FILL] = 0
        if station[s, DIRTY]:
            station[s, DIRTY] = 0
            for k in range(stages):
                soonest, best = NOBODY, np.inf
                for c in range(stage[s, k, RUNNING]):
                    earlier = end_at[s, k, c] < best or (
                        end_at[s, k, c] == best
                        and end_serial[s, k, c] < end_serial[s, k, soonest]
                    )
                    if earlier:
                        soonest, best = c, end_at[s, k, c]
                stage[s, k, SOONEST], pace[s, k, NEXT_END] = soonest, best
        fresh = NOBODY
        while True:
            # ---- who may start or move on ----------------------------------------
            if settle:
                settle = False
                for k in range(stages - 1, -1, -1):
                    if not stage[s, k, WAITING] and not stage[s, k, BLOCKED]:
                        continue
                    while True:
                        may_start = may_serve and (
                            stage[s, k, BUSY] < stage[s, k, SERVERS]
                        )
                        if k == 0:
                            may_start = may_start and hands_out
                            may_start = may_start and (
                                station[s, INSIDE] < station[s, ROOM]
                            )
                        if may_start and stage[s, k, WAITING]:
                            # the first in line, those served first before others
                            head, tail = HEAD_1, TAIL_1
                            if stage[s, k, head] == NOBODY:
                                head, tail = HEAD_2, TAIL_2
                            v = stage[s, k, head]
                            stage[s, k, head] = visit[v, AFTER]
                            if visit[v, AFTER] == NOBODY:
                                stage[s, k, tail] = NOBODY
                            else:
                                visit[visit[v, AFTER], BEFORE] = NOBODY
                            stage[s, k, WAITING] -= 1
                            voter = first_voter + visit[v, VOTER]
                            if k == 0:
                                station[s, INSIDE] += 1
                            visit[v, SPOT] = SERVED
                            start[v, k] = now
                            due = now + service[voter, k] * pace[s, k, FACTOR]
                            c = stage[s, k, RUNNING]
                            end_at[s, k, c], end_of[s, k, c] = due, v
                            end_serial[s, k, c] = station[s, SERIAL]
                            station[s, SERIAL] += 1
                            stage[s, k, RUNNING] += 1
                            stage[s, k, BUSY] += 1
                            if due < pace[s, k, NEXT_END]:
                                pace[s, k, NEXT_END], stage[s, k, SOONEST] = due, c
                            continue
                        fits = stage[s, k, WAITING] < stage[s, k, LIMIT] or (
                            may_start and not stage[s, k, WAITING]
                        )
                        if stage[s, k, BLOCKED] and fits:
                            v = stage[s, k, HEAD_B]
                            stage[s, k, HEAD_B] = visit[v, AFTER]
                            if visit[v, AFTER] == NOBODY:
                                stage[s, k, TAIL_B] = NOBODY
                            stage[s, k, BLOCKED] -= 1
                            stage[s, visit[v, STAGE], BUSY] -= 1
                            visit[v, STAGE], visit[v, SPOT] = k, IN_LINE
                            voter = first_voter + visit[v, VOTER]
                            head, tail = HEAD_2, TAIL_2
                            if state.priority[voter]:
                                head, tail = HEAD_1, TAIL_1
                            visit[v, AFTER], visit[v, BEFORE] = (
                                NOBODY,
                                stage[s, k, tail],
                            )
                            if stage[s, k, tail] == NOBODY:
                                stage[s, k, head] = v
                            else:
                                visit[stage[s, k, tail], AFTER] = v
                            stage[s, k, tail] = v
                            stage[s, k, WAITING] += 1
                            continue
                        break
                if fresh != NOBODY:
                    # Whoever has just come and must wait may give up.
                    voter = first_voter + visit[fresh, VOTER]
                    due = at[fresh, 0] + state.patience[voter]
                    if visit[fresh, SPOT] == IN_LINE and due < np.inf:
                        i = first_visit + station[s, RENEGERS]
                        station[s, RENEGERS] += 1
                        while i > first_visit:
                            above = first_visit + (i - first_visit - 1) // 2
                            if renege_at[above] <= due:
                                break
                            renege_at[i], renege_of[i] = (
                                renege_at[above],
                                renege_of[above],
                            )
                            i = above
                        renege_at[i], renege_of[i] = due, fresh
                    fresh = NOBODY
            # ---- what is due next ------------------------------------------------
            time, what, where = np.inf, SERVICE_ENDS, 0
            if not station[s, FROZEN]:
                for k in range(stages):
                    if pace[s, k, NEXT_END] < time:
                        time, where = pace[s, k, NEXT_END], k
            if station[s, EXTRAS] and extra_at[s, 0] < time:
                time, what = max(extra_at[s, 0], now), EXTRA_COMES
            i = station[s, NEXT_VOTER]
            while (
                i < station[s, LAST_VOTER]
                and state.moved[first_voter + order[first_voter + i]]
            ):
                i += 1
            station[s, NEXT_VOTER] = i
            if i < station[s, LAST_VOTER]:
                due = max(arrival[first_voter + order[first_voter + i]], now)
                # Guests come after all others of this instant.
                if due < time or (
                    due == time
                    and what == EXTRA_COMES
                    and extra_key[s, 0] >= GUESTS_FROM
                ):
                    time, what = due, VOTER_COMES
            while station[s, RENEGERS]:
                v = renege_of[first_visit]
                if visit[v, SPOT] == IN_LINE and visit[v, STAGE] == 0:
                    if renege_at[first_visit] < time:
                        time, what = renege_at[first_visit], GIVES_UP
                    break
                # no longer in the first line: take it off the heap
                station[s, RENEGERS] -= 1
                n = station[s, RENEGERS]
                due, v, i = renege_at[first_visit + n], renege_of[first_visit + n], 0
                while True:
                    below = 2 * i + 1
                    if below >= n:
                        break
                    if (
                        below + 1 < n
                        and renege_at[first_visit + below + 1]
                        < renege_at[first_visit + below]
                    ):
                        below += 1
                    if renege_at[first_visit + below] >= due:
                        break
                    renege_at[first_visit + i] = renege_at[first_visit + below]
                    renege_of[first_visit + i] = renege_of[first_visit + below]
                    i = below
                renege_at[first_visit + i], renege_of[first_visit + i] = due, v
            if time == np.inf or time > until or (time == until and not inclusive):
                clock[s, NEXT] = time
                break
            now = time
            settle = True
            # ---- it happens ------------------------------------------------------
            joins, k = NOBODY, 0
            if what == SERVICE_ENDS:
                c = stage[s, where, SOONEST]
                v = end_of[s, where, c]
                n = stage[s, where, RUNNING] - 1
                stage[s, where, RUNNING] = n
                end_at[s, where, c], end_of[s, where, c] = (
                    end_at[s, where, n],
                    end_of[s, where, n],
                )
                end_serial[s, where, c] = end_serial[s, where, n]
                soonest, best = NOBODY, np.inf
                for c in range(n):
                    earlier = end_at[s, where, c] < best or (
                        end_at[s, where, c] == best
                        and end_serial[s, where, c] < end_serial[s, where, soonest]
                    )
                    if earlier:
                        soonest, best = c, end_at[s, where, c]
                stage[s, where, SOONEST], pace[s, where, NEXT_END] = soonest, best
                end[v, where] = now
                voter = first_voter + visit[v, VOTER]
                k = where + 1
                while k < stages and np.isnan(service[voter, k]):
                    k += 1
                if k == stages:
                    stage[s, where, BUSY] -= 1
                    visit[v, OUTCOME], visit[v, SPOT], at[v, 1] = VOTED, GONE, now
                    station[s, HERE] -= 1
                    station[s, INSIDE] -= 1
                elif (
                    stage[s, k, LIMIT] > stage[s, k, WAITING]
                    and not stage[s, k, BLOCKED]
                ):
                    stage[s, where, BUSY] -= 1
                    joins = v
                else:
                    # It keeps its place until there is room in the next line.
                    visit[v, SPOT], visit[v, AFTER] = STUCK, NOBODY
                    if stage[s, k, TAIL_B] == NOBODY:
                        stage[s, k, HEAD_B] = v
                    else:
                        visit[stage[s, k, TAIL_B], AFTER] = v
                    stage[s, k, TAIL_B] = v
                    stage[s, k, BLOCKED] += 1
            elif what == GIVES_UP:
                v = renege_of[first_visit]
                voter = first_voter + visit[v, VOTER]
                head, tail = HEAD_2, TAIL_2
                if state.priority[voter]:
                    head, tail = HEAD_1, TAIL_1
                before, after = visit[v, BEFORE], visit[v, AFTER]
                if before == NOBODY:
                    stage[s, 0, head] = after
                else:
                    visit[before, AFTER] = after
                if after == NOBODY:
                    stage[s, 0, tail] = before
                else:
                    visit[after, BEFORE] = before
                stage[s, 0, WAITING] -= 1
                visit[v, OUTCOME], visit[v, SPOT], at[v, 1] = RENEGED, GONE, now
                station[s, HERE] -= 1
            else:
                again = False
                if what == EXTRA_COMES:
                    person = extra_of[s, 0]
                    again = extra_key[s, 0] // KIND != SURGE
                    n = station[s, EXTRAS] - 1
                    station[s, EXTRAS] = n
                    due, key, who = extra_at[s, n], extra_key[s, n], extra_of[s, n]
                    i = 0
                    while True:
                        below = 2 * i + 1
                        if below >= n:
                            break
                        if below + 1 < n and (
                            extra_at[s, below + 1] < extra_at[s, below]
                            or (
                                extra_at[s, below + 1] == extra_at[s, below]
                                and extra_key[s, below + 1] < extra_key[s, below]
                            )
                        ):
                            below += 1
                        if not (
                            extra_at[s, below] < due
                            or (extra_at[s, below] == due and extra_key[s, below] < key)
                        ):
                            break
                        extra_at[s, i] = extra_at[s, below]
                        extra_key[s, i] = extra_key[s, below]
                        extra_of[s, i] = extra_of[s, below]
                        i = below
                    extra_at[s, i], extra_key[s, i], extra_of[s, i] = due, key, who
                else:
                    person = order[first_voter + station[s, NEXT_VOTER]]
                    station[s, NEXT_VOTER] += 1
                voter = first_voter + person
                stays_away = False
                if not again:
                    for d in range(station[s, DROPS]):
                        if state.drop[voter] < state.drop_share[s, d]:
                            state.kept[voter] = state.drop_id[s, d]
                            stays_away = True
                            break
                if stays_away:
                    continue
                v = first_visit + station[s, VISITS]
                station[s, VISITS] += 1
                visit[v, VOTER], visit[v, NUMBER] = person, state.seen[voter]
                state.seen[voter] += 1
                at[v, 0] = now
                share = by_wait = 0.0
                if station[s, BALK_STEPS]:
                    line, places = stage[s, 0, WAITING], stage[s, 0, EXPECTED]
                    wait = 0.0
                    if places:
                        wait = line * pace[s, 0, MEAN] * pace[s, 0, FACTOR] / places
                    elif line:
                        wait = np.inf
                    for i in range(station[s, BALK_STEPS]):
                        if line >= state.balk_line[s, i]:
                            share = state.balk_share[s, i]
                        if wait >= state.balk_wait[s, i] and (
                            state.balk_wait[s, i] < np.inf
                        ):
                            by_wait = state.balk_share[s, i]
                    share = max(share, by_wait) * clock[s, BALKING]
                if state.sent[voter]:
                    visit[v, OUTCOME], at[v, 1] = DIVERTED, now
                elif station[s, CLOSED]:
                    visit[v, OUTCOME], at[v, 1] = TURNED_AWAY, now
                elif share > 0 and state.balk[voter] < share:
                    visit[v, OUTCOME], at[v, 1] = BALKED, now
                else:
                    visit[v, OUTCOME] = PRESENT
                    station[s, HERE] += 1
                    joins, fresh, k = v, v, 0
            if joins != NOBODY:
                v = joins
                visit[v, STAGE], visit[v, SPOT] = k, IN_LINE
                head, tail = HEAD_2, TAIL_2
                if state.priority[first_voter + visit[v, VOTER]]:
                    head, tail = HEAD_1, TAIL_1
                visit[v, AFTER], visit[v, BEFORE] = NOBODY, stage[s, k, tail]
                if stage[s, k, tail] == NOBODY:
                    stage[s, k, head] = v
                else:
                    visit[stage[s, k, tail], AFTER] = v
                stage[s, k, tail] = v
                stage[s, k, WAITING] += 1
        if until < np.inf:
            now = until
        clock[s, NOW] = now


@compiled
def send_off(  # noqa: C901, PLR0912
    state: State, s: int, leaves: Flags, outcome: int, now: float
) -> None:
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
    station, stage, visit = state.station, state.stage, state.visit
    first = station[s, FIRST_VISIT]
    for i in range(leaves.shape[0]):
        v = first + i
        if leaves[i]:
            k = visit[v, STAGE]
            if visit[v, SPOT] != IN_LINE:
                stage[s, k, BUSY] -= 1
            if k > 0 or visit[v, SPOT] != IN_LINE:
                station[s, INSIDE] -= 1
            visit[v, SPOT], visit[v, OUTCOME] = GONE, outcome
            state.at[v, 1] = now
            station[s, HERE] -= 1
    # The lines and services anew, without them.
    for k in range(station[s, STAGES]):
        n = 0
        for c in range(stage[s, k, RUNNING]):
            if visit[state.end_of[s, k, c], SPOT] == SERVED:
                state.end_at[s, k, n] = state.end_at[s, k, c]
                state.end_of[s, k, n] = state.end_of[s, k, c]
                state.end_serial[s, k, n] = state.end_serial[s, k, c]
                n += 1
        stage[s, k, RUNNING] = n
        for head, tail, number, where in (
            (HEAD_1, TAIL_1, WAITING, IN_LINE),
            (HEAD_2, TAIL_2, WAITING, IN_LINE),
            (HEAD_B, TAIL_B, BLOCKED, STUCK),
        ):
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
    station[s, DIRTY] = 1
