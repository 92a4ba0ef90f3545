"""The search: from what the formulas suggest, down to the cheapest that seems to hold.

It looks at each plan on the same few days (common random numbers), and proposes; what it
believes counts for nothing in the final choice, which plays days of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from analysis.staff.choice import Candidate, Space
from analysis.staff.load import formula
from analysis.staff.score import Scores

ENOUGH = 200  # as few plans as this are all looked at
LISTED = 8  # for the final choice, at most
NEAR = -1.0  # of the zone below what is asked: still worth a test
FREE = 12  # ways of sending units tried with most of all


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
        self._failed: dict[bool, list[Candidate]] = {False: [], True: []}
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
            listed=self._listed(generous),
            whole=whole and not stopped,
            stopped=stopped,
            generous=generous,
        )

    # ---- looking at a plan -------------------------------------------------------

    def _holds(self, candidate: Candidate, *, strictly: bool) -> bool:
        """Look at a plan; one that has nothing more than a failed one is not played."""
        if candidate not in self.scores.found:
            if self._hopeless(candidate, strictly=strictly):
                return False
            full = len(self.scores.found) >= self._plans
            if full or self.scores.trials.spent >= self._most:
                raise _Spent
        holds = self.scores.of(candidate).holds(self.scores.asked, strictly=strictly)
        if not holds:
            self._failed[strictly].append(candidate)
        elif self._best is None or self._rank(candidate) < self._rank(self._best):
            self._best = candidate
        self._tell()
        return holds

    def _rank(self, candidate: Candidate) -> tuple[float, int, Candidate]:
        return self.space.rank(candidate)

    def _tell(self) -> None:
        plans = len(self.scores.found)
        cost = f", best {self.space.cost(self._best):,.0f}" if self._best else ""
        self.scores.trials.note = f"{plans} plans tried{cost}"

    def _hopeless(self, candidate: Candidate, *, strictly: bool) -> bool:
        """Tell whether a plan has at most what one had that failed."""
        failed = self._failed[False] + (self._failed[True] if strictly else [])
        return any(self._within(candidate, other) for other in failed)

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
                yield candidate
                if self.scores.of(candidate).holds(self.scores.asked, strictly=True):
                    return

    def _ways(self, base: Candidate) -> Iterator[Candidate]:
        """Give a plan in all ways that differ in what is not a number; itself first."""
        ways = [
            (i, *(j for j in range(len(option.values)) if j != i and not option.counts))
            for i, option in zip(base, self.space.options, strict=True)
        ]
        yield from product(*ways)

    def _margin(self, candidate: Candidate) -> float:
        return self.scores.of(candidate).margin(self.scores.asked)

    # ---- all of them, where they are few -------------------------------------------

    def _all(self) -> None:
        """Look at every plan in order of cost, until one holds with room to spare."""
        for candidate in sorted(self.space.all(), key=self._rank):
            if len(self.scores.found) > self._plans or (
                self.scores.trials.spent >= self._most
            ):
                raise _Spent
            score = self.scores.of(candidate)
            if score.holds(self.scores.asked, strictly=False) and self._best is None:
                self._best = candidate
            self._tell()
            if score.holds(self.scores.asked, strictly=True):
                return

    # ---- step by step, where they are many -----------------------------------------

    def _descend_all(self, generous: Candidate) -> None:
        begin = self._begin(generous)
        if begin is None:
            return
        safe = self._descend(begin, strictly=True)
        self._descend(safe, strictly=False)

    def _begin(self, generous: Candidate) -> Candidate | None:
        """Give the cheapest plan to begin with that holds, with room where possible."""
        suggested, start = formula(self.space), self.space.start
        tried = [suggested]
        if start is not None:
            tried += [start, tuple(map(max, suggested, start))]
        tried = sorted({*tried}, key=self._rank)
        for strictly in (True, False):
            for candidate in [*tried, generous]:
                if self._holds(candidate, strictly=strictly):
                    return candidate
        return None

    def _descend(self, begin: Candidate, *, strictly: bool) -> Candidate:
        """Go from a plan that holds to cheaper ones, until no move leads further."""
        holds: Callable[[Candidate], bool] = lambda c: self._holds(c, strictly=strictly)  # noqa: E731
        at = begin
        while True:
            before = at
            for option in self._by_saving(at):
                at = self._lowest(at, option, holds)
            at = next(filter(holds, self._exchanges(at)), at)
            if at == before:
                return at

    def _by_saving(self, at: Candidate) -> list[int]:
        """Order the choices by what they could save at most."""
        options = self.space.options
        saving = [option.costs[i] - option.costs[0] for option, i in zip(options, at, strict=True)]
        return sorted((i for i, s in enumerate(saving) if s > 0), key=lambda i: -saving[i])

    def _lowest(
        self, at: Candidate, place: int, holds: Callable[[Candidate], bool]
    ) -> Candidate:
        """Lower one choice as far as it holds, halving the values that are left."""
        low, high = -1, at[place]
        while high - low > 1:
            middle = (low + high) // 2
            if holds(_with(at, place, middle)):
                high = middle
            else:
                low = middle
        return _with(at, place, high)

    def _exchanges(self, at: Candidate) -> list[Candidate]:
        """Give the plans that lower one choice a step and change another, cheaper."""
        found = set()
        for down, other in permutations(range(len(at)), 2):
            if at[down]:
                lower = _with(at, down, at[down] - 1)
                found |= {_with(lower, other, i) for i in self._beside(at, other)}
        cost = self.space.cost(at) - 1e-9
        return sorted((c for c in found if self.space.cost(c) < cost), key=self._rank)

    def _beside(self, at: Candidate, place: int) -> Sequence[int]:
        """Give the values that one choice may have in exchange."""
        option = self.space.options[place]
        if not option.counts:
            return [i for i in range(len(option.values)) if i != at[place]]
        return [at[place] + 1] if at[place] + 1 < len(option.values) else []

    # ---- what it proposes ----------------------------------------------------------

    def _listed(self, generous: Candidate) -> tuple[Candidate, ...]:
        """List what is worth a test: of the dearer ones only those that did better."""
        asked, found = self.scores.asked, self.scores.found
        near = [
            c for c, score in found.items() if score.whole and score.margin(asked) > NEAR
        ]
        listed: list[Candidate] = []
        for candidate in sorted(near, key=self._rank):
            if not listed or self._margin(candidate) > self._margin(listed[-1]):
                listed.append(candidate)
        return _thinned(listed, generous)


def _with(candidate: Candidate, place: int, value: int) -> Candidate:
    return (*candidate[:place], value, *candidate[place + 1 :])


def _thinned(listed: list[Candidate], generous: Candidate) -> tuple[Candidate, ...]:
    """Keep as many as are tested at most: the cheapest, and the surest."""
    if generous not in listed:
        listed = [*listed, generous]
    if len(listed) <= LISTED:
        return tuple(listed)
    return (*listed[: LISTED - 1], listed[-1])
