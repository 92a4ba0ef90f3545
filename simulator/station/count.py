"""Counting the ballots after the close: work with its own staff and time."""

from collections.abc import Generator, Iterator

import simpy

from scenarios.station import Counting
from simulator.tie import Rank, Timeline

Play = Generator[simpy.Event, object, None]


class Count:
    """The count at one station.

    Parameters
    ----------
    rules
        How long it takes, and how many count; None when it takes no time.
    clock
        The timeline of the world.
    officers
        At the station, at first.
    """

    def __init__(self, rules: Counting | None, clock: Timeline, officers: int) -> None:
        self._rules = rules
        self._clock = clock
        self._officers = officers
        self._stopped = False
        self._most: int | None = None
        self._at_work = 0
        self._process: simpy.Process | None = None

    @property
    def begun(self) -> bool:
        """Whether the count has begun; it may be over."""
        return self._process is not None

    def begin(self, votes: int) -> simpy.Process:
        """Count so many ballots; the process ends with the count."""
        self._process = self._clock.process(self._play(votes))
        return self._process

    def change(self, officers: int, *, stopped: bool) -> None:
        """Go on with other officers, or stop; what has been done stays done."""
        self._officers, self._stopped = officers, stopped
        under_way = self._process is not None and self._process.is_alive
        if under_way and self._hands() != self._at_work:
            assert self._process is not None
            self._process.interrupt()

    def _play(self, votes: int) -> Play:
        for minutes, most in self._parts(votes):
            self._most = most
            yield from self._work(minutes)

    def _parts(self, votes: int) -> Iterator[tuple[float, int | None]]:
        """Give the parts of the work, in minutes of one officer, and who shares it."""
        rules = self._rules
        if rules is None:
            return
        if rules.officers is None:
            yield rules.set_up + rules.per_ballot * votes, None
        else:
            yield rules.set_up, 1
            yield rules.per_ballot * votes, rules.officers

    def _work(self, left: float) -> Play:
        while left > 0:
            hands = self._at_work = self._hands()
            end = self._clock.now + left / max(hands, 1)
            nobody = simpy.Event(self._clock)
            try:
                yield self._clock.due(end, Rank.SERVICE) if hands else nobody
                left = 0.0
            except simpy.Interrupt:
                left = (end - self._clock.now) * hands if hands else left

    def _hands(self) -> int:
        """Officers who count now; where no number is given, there is somebody."""
        if self._stopped:
            return 0
        return 1 if self._most is None else min(self._most, self._officers)
