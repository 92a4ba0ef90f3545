"""How candidates do on the days of the search, cut short where the answer is plain."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor

from scipy import stats

from analysis.staff.choice import Candidate
from analysis.staff.feasible import Asked, spare
from analysis.staff.trial import SEARCH, Trials

DAYS = 60
BLOCKS = (0, 6, 12, 24, 40, DAYS)
PLAIN = 0.025  # as unlikely as this, were the target just met: it is plainly missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a candidate did on the days of the search.

    Parameters
    ----------
    days
        Played; fewer than all when some target was plainly missed.
    measured, missed
        Days on which each target had something to measure, and on which it did not
        hold.
    """

    days: int
    measured: tuple[int, ...]
    missed: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether all days of the search were played."""
        return self.days == DAYS

    def shares(self) -> tuple[float, ...]:
        """Share of days on which each target held; 1 where nothing was measured."""
        return tuple(
            1 - missed / measured if measured else 1.0
            for missed, measured in zip(self.missed, self.measured, strict=True)
        )

    def holds(self, asked: Sequence[Asked], *, strictly: bool) -> bool:
        """Tell whether every target holds on enough days; strictly: with the zone."""
        return self.whole and all(
            missed <= allowed(one, measured, strictly=strictly)
            for missed, measured, one in zip(
                self.missed, self.measured, asked, strict=True
            )
        )

    def margin(self, asked: Sequence[Asked]) -> float:
        """How far the worst target is above what is asked, in parts of its zone."""
        return min(
            (share - one.share) / one.zone
            for share, one in zip(self.shares(), asked, strict=True)
        )


def allowed(asked: Asked, days: int, *, strictly: bool) -> int:
    """Give how many of the days may be missed."""
    share = spare(asked) if strictly else asked.share
    return floor((1 - share) * days + 1e-9)


def plainly(asked: Asked) -> int:
    """Give the days missed above which a target is plainly missed."""
    return int(stats.binom.ppf(1 - PLAIN, DAYS, 1 - asked.share))


class Scores:
    """Scores candidates on the same days, those first that have broken most so far.

    Parameters
    ----------
    trials
        Plays them.
    asked
        Of each target.
    """

    def __init__(self, trials: Trials, asked: Sequence[Asked]) -> None:
        self.trials, self.asked = trials, tuple(asked)
        self.found: dict[Candidate, Score] = {}
        self._limits = [plainly(one) for one in asked]
        self._broken: Counter[int] = Counter()

    def of(self, candidate: Candidate) -> Score:
        """Give the score of a candidate; it is played at the first time only."""
        if candidate not in self.found:
            self.found[candidate] = self._play(candidate)
        return self.found[candidate]

    def _play(self, candidate: Candidate) -> Score:
        days = range(SEARCH, SEARCH + DAYS)
        order = sorted(days, key=lambda number: (-self._broken[number], number))
        score = Score(days=0, measured=(), missed=())
        for begin, end in pairwise(BLOCKS):
            self.trials.play(candidate, order[begin:end])
            score = self._count(candidate, order[:end])
            pairs = zip(score.missed, self._limits, strict=True)
            if any(missed > limit for missed, limit in pairs):
                break
        self._remember(candidate)
        return score

    def _count(self, candidate: Candidate, numbers: Sequence[int]) -> Score:
        played = self.trials.played[candidate]
        days = [played[number] for number in numbers]
        targets = range(len(self.asked))
        return Score(
            days=len(days),
            measured=tuple(sum(day[t].measured for day in days) for t in targets),
            missed=tuple(sum(not day[t].held for day in days) for t in targets),
        )

    def _remember(self, candidate: Candidate) -> None:
        for number, judgements in self.trials.played[candidate].items():
            self._broken[number] += any(not j.held for j in judgements)
