"""The clock of a world, and the stated order of simultaneous events.

SimPy orders events by time, then priority, then serial. The ranks below are the
priorities; what an event triggers at once (a voter called forward) has SimPy's own
priority 1 and so comes before anything else that is due at that time.
"""

import heapq
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import simpy


class Rank(IntEnum):
    """Order of what is due at one time; orders come before all, from outside.

    A review of the queue follows at once on what has called for it. Standing orders
    are read last, when all else that is due has happened.
    """

    REVIEW = 5
    HOURS = 10
    SCRIPT = 11
    INJECT = 12
    START = 15
    SERVICE = 20
    ARRIVAL = 60
    RENEGE = 70
    UNIT = 80
    DEADLINE = 85
    TICK = 90
    STANDING = 95


_VOTERS = int(Rank.RENEGE)
# Minutes between control ticks, at which conditions on the state are read.
TICK = 1.0


class Timeline(simpy.Environment):
    """A SimPy environment that schedules at absolute times.

    SimPy adds delays to the present, and the sum may miss the intended time by a bit;
    a tie would then be no tie.
    """

    def __init__(self) -> None:
        super().__init__()
        # The latest rank that has had its turn, and when.
        self._reached_at = 0.0
        self._reached = 0
        # How many events of units and what comes after them have been played.
        self.late = 0

    def past_voters(self) -> bool:
        """Tell whether the voters of this instant have had their turn."""
        return self._reached_at == self._now and self._reached > _VOTERS

    def step(self) -> None:
        """Play the next event, and keep in mind how far this instant has come.

        As SimPy's own step, of which this is the whole: worlds take many.

        Raises
        ------
        simpy.core.EmptySchedule
            When nothing is due any more.
        """
        try:
            self._now, rank, _, event = heapq.heappop(self._queue)
        except IndexError:
            raise simpy.core.EmptySchedule from None
        if self._now != self._reached_at:
            self._reached_at, self._reached = self._now, rank
        elif rank > self._reached:
            self._reached = rank
        self.late += rank > _VOTERS
        # SimPy's own idiom: None says that an event is past, where its type has a list.
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
        for callback in callbacks:
            callback(event)
        if not event._ok and not hasattr(event, "_defused"):
            raise event._value

    def due(self, time: float, rank: int) -> simpy.Event:
        """Make an event that happens at a time, in its rank."""
        event = simpy.Event(self)
        event._ok = True
        event._value = None
        entry: Any = (time, rank, next(self._eid), event)  # SimPy has a type for ranks
        heapq.heappush(self._queue, entry)
        return event

    def call_at(self, time: float, rank: int, action: Callable[[], object]) -> None:
        """Have something done at a time, in its rank; nothing when it is past."""
        if time >= self.now:
            callbacks = self.due(time, rank).callbacks
            assert callbacks is not None

            def happen(_: simpy.Event) -> None:
                action()

            callbacks.append(happen)

    def advance(self, until: float) -> None:
        """Play everything that is due before a time, and be there."""
        while self._queue and self._queue[0][0] < until:
            self.step()
        self._now = max(self._now, until)
