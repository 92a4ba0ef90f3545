"""How candidates do on the days of the search, cut short where the answer is plain."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor

from analysis.staff.bound import Asked
from analysis.staff.choice import Candidate
from analysis.staff.trial import SEARCH, Trials

FEW = 60
ALL = 240
BLOCKS = (6, 12, 24, 40, FEW, 90, 120, 180, ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What the search asks of a plan.

    Parameters
    ----------
    days
        Played.
    margin
        How far above the share asked, in parts of the zone.
    """

    days: int
    margin: float

    def allowed(self, asked: Asked) -> int:
        """Give how many of the days may be missed."""
        share = min(asked.share + self.margin * asked.zone, 1.0)
        return floor((1 - share) * self.days + 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a candidate did on the days of the search that it was played.

    Parameters
    ----------
    days
        Played; fewer than all when some target missed too many.
    measured, missed
        Days on which each target had something to measure, and on which it did not
        hold.
    """

    days: int
    measured: tuple[int, ...]
    missed: tuple[int, ...]

    def shares(self) -> tuple[float, ...]:
        """Share of days on which each target held; 1 where nothing was measured."""
        return tuple(
            1 - missed / measured if measured else 1.0
            for missed, measured in zip(self.missed, self.measured, strict=True)
        )

    def margin(self, asked: Sequence[Asked]) -> float:
        """How far the worst target is above what is asked, in parts of its zone."""
        return min(
            (share - one.share) / one.zone
            for share, one in zip(self.shares(), asked, strict=True)
        )


@dataclass(slots=True)
class _Course:
    """The days of the search in the order in which one candidate meets them."""

    order: list[int]
    played: list[int] = field(default_factory=list)


class Scores:
    """Looks at candidates on the same days, those first that have broken most so far.

    Parameters
    ----------
    trials
        Plays them.
    asked
        Of each target.
    """

    def __init__(self, trials: Trials, asked: Sequence[Asked]) -> None:
        self.trials, self.asked = trials, tuple(asked)
        self._courses: dict[Candidate, _Course] = {}
        self._broken: Counter[int] = Counter()

    @property
    def looked_at(self) -> list[Candidate]:
        """The candidates that were played, in that order."""
        return list(self._courses)

    def holds(self, candidate: Candidate, level: Level) -> bool:
        """Tell whether a candidate holds; it is played no further than that takes."""
        if self.trials.impossible(candidate):
            return False
        course = self._courses.get(candidate)
        if course is None:
            course = self._courses[candidate] = _Course(self._order())
        days = range(SEARCH, SEARCH + level.days)
        order = [number for number in course.order if number in days]
        for end in (0, *(block for block in BLOCKS if block <= level.days)):
            fresh = [n for n in order[:end] if n not in course.played]
            self.trials.play(candidate, fresh)
            course.played += fresh
            self._remember(candidate, fresh)
            if self.misses(candidate, level):
                return False
        return True

    def misses(self, candidate: Candidate, level: Level) -> bool:
        """Tell whether some target has missed too many days, by what was played."""
        missed = self.score(candidate, level.days).missed
        return any(
            number > level.allowed(one)
            for number, one in zip(missed, self.asked, strict=True)
        )

    def score(self, candidate: Candidate, days: int = ALL) -> Score:
        """Give how a candidate did, on those of the first days that it was played."""
        played = self.trials.played.get(candidate, {})
        course = self._courses.get(candidate) or _Course([])
        found = [played[n] for n in course.played if n < SEARCH + days]
        targets = range(len(self.asked))
        return Score(
            days=len(found),
            measured=tuple(sum(day[t].measured for day in found) for t in targets),
            missed=tuple(sum(not day[t].held for day in found) for t in targets),
        )

    def scores(self) -> dict[Candidate, Score]:
        """Give how every candidate did."""
        return {candidate: self.score(candidate) for candidate in self._courses}

    def _order(self) -> list[int]:
        """Order the days: the few first, and of these those that broke most."""
        few, rest = range(SEARCH, SEARCH + FEW), range(SEARCH + FEW, SEARCH + ALL)
        return [*self._hardest(few), *self._hardest(rest)]

    def _hardest(self, days: Sequence[int]) -> list[int]:
        return sorted(days, key=lambda number: (-self._broken[number], number))

    def _remember(self, candidate: Candidate, numbers: Sequence[int]) -> None:
        played = self.trials.played[candidate] if numbers else {}
        for number in numbers:
            self._broken[number] += any(not j.held for j in played[number])
