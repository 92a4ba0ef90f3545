"""The search: from what the formulas suggest, down to the cheapest that seems to hold.

It looks at each plan on the same days (common random numbers), first few of them and
then more, and proposes plans; what it believes of them counts for nothing in the final
choice, which plays days of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from analysis.staff.choice import Candidate, Space
from analysis.staff.exchange import changed, exchanges
from analysis.staff.listing import listing
from analysis.staff.load import formula
from analysis.staff.score import ALL, FEW, Level, Scores

ENOUGH = 200  # as few plans as this are all looked at
FREE = 12  # ways of sending units tried with most of all
GATE = Level(days=FEW, margin=-1.5)  # who misses this is plainly no plan
LEAST = Level(days=FEW, margin=0.0)
COARSE = Level(days=FEW, margin=1.5)
FINE = tuple(Level(days=ALL, margin=margin) for margin in (1.5, 1.0, 0.5, 0.0))
SURE = FINE[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search proposes.

    Parameters
    ----------
    listed
        Candidates for the final choice, the cheapest first.
    whole
        Whether every plan there is was looked at.
    stopped
        Whether the search ended for want of replications.
    generous
        The plan with most of all that did best.
    """

    listed: tuple[Candidate, ...]
    whole: bool
    stopped: bool
    generous: Candidate


class _Spent(Exception):  # noqa: N818 - no error: the search has had its share
    """The search has spent what it may."""


class Search:
    """Searches the plans of a space.

    Parameters
    ----------
    space
        The plans.
    scores
        Plays them on the days of the search.
    most
        Replications that it may spend.
    plans
        Plans that it may look at.
    """

    def __init__(self, space: Space, scores: Scores, most: int, plans: int) -> None:
        self.space, self.scores = space, scores
        self._most, self._plans = most, plans
        self._best: Candidate | None = None

    def run(self) -> Found:
        """Search, and propose."""
        generous = self._generous()
        stopped = False
        whole = self.space.size <= min(ENOUGH, self._plans)
        try:
            if whole:
                self._all()
            else:
                self._descend_all(generous)
        except _Spent:
            stopped = True
        return Found(
            listed=listing(self.space, self.scores, generous),
            whole=whole and not stopped,
            stopped=stopped,
            generous=generous,
        )

    # ---- looking at a plan -------------------------------------------------------

    def _holds(self, candidate: Candidate, level: Level) -> bool:
        """Look at a plan; one that has nothing more than a failed one is not played."""
        if self._hopeless(candidate, level):
            return False
        looked = self.scores.looked_at
        full = candidate not in looked and len(looked) >= self._plans
        if full or self.scores.trials.spent >= self._most:
            raise _Spent
        levels = (GATE, level)
        holds = all(self.scores.holds(candidate, each) for each in levels)
        if holds:
            self._best = min(filter(None, (self._best, candidate)), key=self._rank)
        self._tell()
        return holds

    def _rank(self, candidate: Candidate) -> tuple[float, int, Candidate]:
        return self.space.rank(candidate)

    def _tell(self) -> None:
        best = f", best {self.space.cost(self._best):,.0f}" if self._best else ""
        self.scores.trials.note = f"{len(self.scores.looked_at)} plans tried{best}"

    def _hopeless(self, candidate: Candidate, level: Level) -> bool:
        """Tell whether a plan has at most what one had that failed."""
        return any(
            self._within(candidate, other) and self.scores.misses(other, level)
            for other in self.scores.looked_at
        )

    def _within(self, candidate: Candidate, other: Candidate) -> bool:
        return all(
            a <= b if option.counts else a == b
            for a, b, option in zip(candidate, other, self.space.options, strict=True)
        )

    # ---- where it begins ---------------------------------------------------------

    def _generous(self) -> Candidate:
        """Give the plan with most of all; of several ways to send units the best."""
        best = max(self._most_of_all(), key=self._margin)
        self._tell()
        return best

    def _most_of_all(self) -> Iterator[Candidate]:
        base = self.space.generous
        for number, candidate in enumerate(self._ways(base)):
            if number < FREE:
                holds = self.scores.holds(candidate, LEAST)
                yield candidate
                if holds:
                    return

    def _ways(self, base: Candidate) -> Iterator[Candidate]:
        """Give a plan in all ways that differ in what is not a number; itself first."""
        ways = [
            (i, *(j for j in range(len(option.values)) if j != i and not option.counts))
            for i, option in zip(base, self.space.options, strict=True)
        ]
        yield from product(*ways)

    def _margin(self, candidate: Candidate) -> float:
        return self.scores.score(candidate).margin(self.scores.asked)

    # ---- all of them, where they are few -------------------------------------------

    def _all(self) -> None:
        """Look at every plan in order of cost, until one surely holds."""
        for candidate in sorted(self.space.all(), key=self._rank):
            if self.scores.trials.spent >= self._most:
                raise _Spent
            if not self.scores.holds(candidate, GATE):
                continue
            if self.scores.holds(candidate, FINE[-1]) and self._best is None:
                self._best = candidate
            self._tell()
            if self.scores.holds(candidate, SURE):
                return

    # ---- step by step, where they are many -----------------------------------------

    def _descend_all(self, generous: Candidate) -> None:
        """Go down on few days; then on all of them, asking less and less."""
        at = self._begin(generous)
        if at is None:
            return
        at = self._descend(at, COARSE)
        for level in FINE:
            begin = self._surest(at, level)
            at = at if begin is None else self._descend(begin, level)

    def _begin(self, generous: Candidate) -> Candidate | None:
        """Give the cheapest plan to begin with that holds, with room where possible."""
        suggested, start = formula(self.space), self.space.start
        tried = [suggested]
        if start is not None:
            tried += [start, tuple(map(max, suggested, start))]
        tried = sorted({*tried}, key=self._rank)
        for level in (COARSE, LEAST):
            for candidate in [*tried, generous]:
                if self._holds(candidate, level):
                    return candidate
        return None

    def _surest(self, at: Candidate, level: Level) -> Candidate | None:
        """Give the cheapest plan that holds at a level, of those not below one."""
        looked = [c for c in self.scores.looked_at if self._rank(c) >= self._rank(at)]
        held = (c for c in sorted(looked, key=self._rank) if self._holds(c, level))
        return next(held, None)

    def _descend(self, begin: Candidate, level: Level) -> Candidate:
        """Go from a plan that holds to cheaper ones, until no move leads further."""
        at = begin
        while True:
            before = at
            for option in self._by_saving(at):
                at = self._lowest(at, option, level)
            moves = (
                move for move in exchanges(self.space, at) if self._holds(move, level)
            )
            at = next(moves, at)
            if at == before:
                return at

    def _by_saving(self, at: Candidate) -> list[int]:
        """Order the choices by what they could save at most."""
        options = zip(self.space.options, at, strict=True)
        saving = [option.costs[i] - option.costs[0] for option, i in options]
        lower = [i for i, amount in enumerate(saving) if amount > 0]
        return sorted(lower, key=lambda i: -saving[i])

    def _lowest(self, at: Candidate, place: int, level: Level) -> Candidate:
        """Lower one choice as far as it holds, halving the values that are left."""
        low, high = -1, at[place]
        while high - low > 1:
            middle = (low + high) // 2
            if self._holds(changed(at, place, middle), level):
                high = middle
            else:
                low = middle
        return changed(at, place, high)
