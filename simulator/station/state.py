"""The state of polling stations: numbers in arrays, a row a station.

The compiled loop moves these arrays and nothing else does, but for the controls of
`simulator.station`, which change a station that has been advanced to the present.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Half the size: what is moved most should lie close together.
Small = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Columns of `State.station`.
(
    STAGES,
    FIRST_VOTER,
    FIRST_VISIT,
    VISITS,
    ROOM_FOR,
    NEXT_VOTER,
    LAST_VOTER,
    OPEN,
    CLOSED,
    SUSPENDED,
    FROZEN,
    STOPS,
    HERE,
    INSIDE,
    ROOM,
    RENEGERS,
    EXTRAS,
    EXTRA_SERIAL,
    DROPS,
    BALK_STEPS,
    DIRTY,
    FILL,
) = range(22)
# Columns of `State.clock`.
NOW, NEXT, BALKING, TURN_BACK = range(4)
# Columns of `State.stage`: places, services, two lines, who is blocked, the room there.
(
    SERVERS,
    BUSY,
    RUNNING,
    HEAD_1,
    TAIL_1,
    HEAD_2,
    TAIL_2,
    WAITING,
    HEAD_B,
    TAIL_B,
    BLOCKED,
    LIMIT,
    SOONEST,
    EXPECTED,
) = range(14)
# Columns of `State.pace`.
FACTOR, NEXT_END, MEAN = range(3)
# Columns of `State.visit`.
VOTER, NUMBER, OUTCOME, STAGE, SPOT, AFTER, BEFORE = range(7)
# Columns of `State.at`; from the third on each stage has its start and its end.
CAME, LEFT, STARTS, ENDS = range(4)
# Columns of `State.who`: served first, brought by a surge, visits so far, which drop
# keeps the voter away, sent to another station on coming.
FIRST, MOVED, SEEN, KEPT, SENT = range(5)
# Columns of `State.given`; from the last on each stage has its service time.
COMES, PATIENCE, BALK, DROP, SERVICE = range(5)
# Where a visit is.
GONE, IN_LINE, SERVED, STUCK = range(4)
# Kinds of arrival apart from the day's own, in the order of ties; the key of one is
# its kind times `KIND`, and a number. The day's own come before guests.
SURGE, AGAIN, GUEST = range(3)
KIND = 2**60
GUESTS_FROM = GUEST * KIND
NOBODY = -1
NO_LIMIT = 2**31 - 1


class Drawn(NamedTuple):
    """What the loop is told of the voters of a station, as in `simulator.voter.Voters`.

    All but `order` by place on the list.
    """

    order: Ints
    arrival: Floats
    priority: Flags
    patience: Floats
    service: Floats


class State(NamedTuple):
    """Arrays of all stations of a world.

    Parameters
    ----------
    station, clock
        One row a station: whole numbers; minutes, the factor of balking, and the
        share that turns back whatever the line.
    stage, pace
        Shape (stations, stages, ...): counts and lines; factor of service times and
        the next end of a service.
    end_at, end_of
        Services under way in the order in which they started, shape (stations,
        stages, places): when they end (what is left of them while frozen), and of
        which visit.
    visit, at
        One row a visit, a block a station: whole numbers; arrival, leaving, and start
        and end at each stage.
    place, who, given
        One row a voter, a block a station, in the order in which they come, then those
        who do not set out, then guests: place on the list (of guests: how many rows
        come before in the block); whole numbers; what was drawn, NaN for a stage that
        is skipped. Who comes next stands beside who has come: the loop is bound by the
        memory it must fetch.
    renege_at, renege_of
        A heap of deadlines a station, and of which visit.
    extra_at, extra_key, extra_of
        A heap of other arrivals a station: when, kind and order, which voter.
    drop_share, drop_id
        Drops in force, by station.
    balk_line, balk_wait, balk_share
        From which line or expected wait on which share turns back, by station; the
        bound that does not count is infinite.
    """

    station: Small
    clock: Floats
    stage: Small
    pace: Floats
    end_at: Floats
    end_of: Small
    visit: Small
    at: Floats
    place: Small
    who: Small
    given: Floats
    renege_at: Floats
    renege_of: Small
    extra_at: Floats
    extra_key: Ints
    extra_of: Ints
    drop_share: Floats
    drop_id: Ints
    balk_line: Floats
    balk_wait: Floats
    balk_share: Floats
