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
Flag = NDArray[np.int8]
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
    SERIAL,
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
) = range(23)
# Columns of `State.clock`.
NOW, NEXT, BALKING = range(3)
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
# Where a visit is.
GONE, IN_LINE, SERVED, STUCK = range(4)
# Kinds of arrival apart from the day's own, in the order of ties; the key of one is
# its kind times `KIND`, and a number. The day's own come before guests.
SURGE, AGAIN, GUEST = range(3)
KIND = 2**60
GUESTS_FROM = GUEST * KIND
NOBODY = -1
NO_LIMIT = 2**31 - 1


class State(NamedTuple):
    """Arrays of all stations of a world.

    Parameters
    ----------
    station, clock
        One row a station: whole numbers; minutes and the factor of balking.
    stage, pace
        Shape (stations, stages, ...): counts and lines; factor of service times and
        the next end of a service.
    end_at, end_of, end_serial
        Services under way, shape (stations, stages, places): when they end (what is
        left of them while frozen), of which visit, in which order they started.
    visit, at, start, end
        One row a visit, a block a station: whole numbers; arrival and leaving;
        start and end at each stage.
    order, arrival, moved, seen, kept, sent
        Voters, a block a station, guests after the list: by arrival; when each would
        come; whether brought by a surge; visits so far; which drop keeps them away;
        whether they are sent to another station when they come.
    priority, patience, service, balk, drop
        What was drawn of them; service has a column a stage, NaN where it is skipped.
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
    end_serial: Small
    visit: Small
    at: Floats
    start: Floats
    end: Floats
    order: Small
    arrival: Floats
    moved: Flag
    seen: Small
    kept: Small
    sent: Flag
    priority: Flag
    patience: Floats
    service: Floats
    balk: Floats
    drop: Floats
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
