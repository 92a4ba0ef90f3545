"""Candidates played: each on numbered days, every day once, within a budget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from analysis.batch import Batches
from analysis.day import Day
from analysis.replication import Replication, Task, Values
from analysis.staff.choice import Candidate, Space
from analysis.target import Judgement, judge
from analysis.worker import Backend, Failure
from scenarios.problem import ScenarioError, fail
from simulator.road import map_of
from simulator.world import World

# Numbers of the days on which is searched. The days of the final choice begin at 0, as
# those of `muster run` do, so that a run of the winner plays the very same days.
SEARCH = 1_000_000
Days = dict[int, tuple[Judgement, ...]]
Tell = Callable[[int, int, str], None]
Keep = Callable[[Candidate, Days], None]
MOST_READY = 4  # candidates that are ready to be played on
_NOTHING = np.zeros((0, 0), np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging(Task):
    """Plays a day and keeps only how the targets were judged."""

    def replicate(self, number: int) -> Replication:
        """Play one replication and judge it."""
        world = World(self.scenario, self.plan, self.seed, number, roads=self.roads)
        day = Day(world.setting, world.finish())
        targets = world.setting.targets.items()
        return Replication(
            number=number,
            values=Values.of({}),
            judgements=tuple(judge(day, name, target) for name, target in targets),
            lines=_NOTHING,
            arrived=_NOTHING,
            voted=_NOTHING,
            orders=(),
            closes=(),
        )


class Trials:
    """Plays candidates, and remembers every day that has been played.

    Parameters
    ----------
    space
        The plans.
    seed
        With the number of a day it fixes every chance event.
    backend
        Where they are played.
    most
        Replications that may be spent in all.
    """

    def __init__(self, space: Space, seed: int, backend: Backend, most: int) -> None:
        self.space, self.seed = space, seed
        self.spent, self.most = 0, most
        self.note = ""
        self.played: dict[Candidate, Days] = {}
        self.failed: list[tuple[Candidate, Failure]] = []
        self._backend = backend
        self._tell: Tell = lambda done, total, note: None
        self._keep: Keep = lambda candidate, days: None
        self._before: dict[Candidate, Days] = {}
        self._roads = map_of(space.scenario)
        self._batches: dict[Candidate, Batches] = {}
        self._reasons: dict[Candidate, str] = {}

    def watch(
        self, tell: Tell | None, keep: Keep | None, before: dict[Candidate, Days]
    ) -> None:
        """Have it told how it stands, and days kept; take over days kept before."""
        self._tell = tell or self._tell
        self._keep = keep or self._keep
        self._before = before

    @property
    def left(self) -> int:
        """Replications that may still be spent."""
        return max(self.most - self.spent, 0)

    def play(self, candidate: Candidate, numbers: Sequence[int]) -> Days:
        """Give days of a candidate; those not yet played are played.

        A day that cannot be played counts as one on which no target held: what the
        final choice guarantees stays true.

        Raises
        ------
        ScenarioError
            When of the first plan no day can be played.
        """
        known = self.played.setdefault(candidate, {})
        wanted = [number for number in numbers if number not in known]
        kept = self._before.get(candidate, {})
        known |= {number: kept[number] for number in wanted if number in kept}
        missing = [number for number in wanted if number not in kept]
        failed: list[Failure] = []
        for answer in self._of(candidate).play(missing) if missing else ():
            days = {
                r.number: r.judgements for r in answer if isinstance(r, Replication)
            }
            failed += [one for one in answer if isinstance(one, Failure)]
            known |= days
            self._keep(candidate, days)
            self._tell(self.spent + len(days), self.most, self.note)
        self._count(candidate, failed)
        self.spent += len(wanted)
        self._tell(self.spent, self.most, self.note)
        return {number: known[number] for number in numbers}

    def impossible(self, candidate: Candidate) -> str:
        """Say why a plan cannot be, though each of its values can; empty if it can."""
        if candidate not in self._reasons:
            try:
                self._of(candidate)
                self._reasons[candidate] = ""
            except ScenarioError as error:
                parts = ((one.path, one.text) for one in error.problems)
                reasons = (": ".join(filter(None, part)) for part in parts)
                self._reasons[candidate] = "; ".join(dict.fromkeys(reasons))
        return self._reasons[candidate]

    def _of(self, candidate: Candidate) -> Batches:
        if candidate not in self._batches:
            for old in list(self._batches)[: 1 - MOST_READY]:
                del self._batches[old]
            task = Judging(
                scenario=self.space.variant(candidate),
                plan=self.space.plan,
                seed=self.seed,
                roads=self._roads,
            )
            self._batches[candidate] = Batches(self._backend, task)
        return self._batches[candidate]

    def _count(self, candidate: Candidate, failed: list[Failure]) -> None:
        """Count days that could not be played: no target held on them."""
        failed.sort(key=lambda one: one.number)
        self.failed += [(candidate, one) for one in failed]
        known = self.played[candidate]
        known |= {one.number: self._missed() for one in failed}
        if failed and len(self.failed) == sum(map(len, self.played.values())):
            text = f"replication {failed[0].number}: {failed[0].reason}"
            raise fail("muster staff", f"no day could be played; {text}")

    def _missed(self) -> tuple[Judgement, ...]:
        return tuple(
            Judgement(
                target=name,
                measured=True,
                held=False,
                worst="",
                value=nan,
                broken=0.0,
                where="",
            )
            for name in self.space.setting.targets
        )
