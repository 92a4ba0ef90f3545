"""The cheapest plan that meets every target: searched, settled, proved.

`find_plan` looks for it among the plans that the section ``staffing`` of a scenario
allows; see `analysis.staff.search` for how it searches and `analysis.staff.feasible`
for what the final choice guarantees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.experiment import MOST_REPLICATIONS, no_such_plan, open_backend
from analysis.staff.bound import Asked, Bounds, plan_looks
from analysis.staff.choice import Candidate, Space
from analysis.staff.feasible import Held, Short, Test, choose
from analysis.staff.finding import findings_beyond
from analysis.staff.kept import Kept
from analysis.staff.outcome import Effort, Spent, Staffing
from analysis.staff.proof import judged, neighbours
from analysis.staff.score import Scores
from analysis.staff.search import Found, Search
from analysis.staff.trial import SEARCH, Days, Tell, Trials
from analysis.worker import Backend
from scenarios.file.reader import loaded
from scenarios.problem import fail
from scenarios.scenario import Scenario

__all__ = ["Effort", "Spent", "Staffing", "find_plan", "refuse_effort"]

FEW = 100  # days of the plan with most of all, when no plan was chosen
FEWEST = 500  # replications that a search is worth beginning with


def refuse_effort(effort: Effort, seed: int, workers: int | None) -> None:
    """Refuse numbers that are out of range.

    Raises
    ------
    ScenarioError
        Says which, and what is allowed.
    """
    most = MOST_REPLICATIONS
    for option, found, low, high in (
        ("--budget", effort.budget, FEWEST, most),
        ("--tries", effort.plans, 2, most),
        ("--seed", seed, 0, 2**63 - 1),
        ("--workers", 1 if workers is None else workers, 1, 512),
    ):
        if not low <= found <= high:
            text = f"must be from {low} to {high}, found {found}"
            raise fail(f"{option} {found}", text)


def find_plan(  # noqa: PLR0913 - what a user may choose
    scenario: Scenario | str | Path,
    plan: str = "base",
    *,
    seed: int = 1,
    effort: Effort | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Tell | None = None,
    parts: Path | None = None,
) -> Staffing:
    """Find the cheapest plan that meets every target of a scenario.

    Parameters
    ----------
    scenario
        As loaded, or a path, or the name of a bundled one; its section ``staffing``
        says what may vary.
    plan
        The plan from which the search starts; what may not vary stays as it has it.
    seed
        With the number of each replication it fixes every chance event.
    effort
        Budget and zone.
    workers
        Processes; default: one for each core. The result does not depend on it.
    cluster
        Address of a Dask scheduler, in place of processes here.
    progress
        Called with replications spent, how many at most, and how it stands.
    parts
        Folder in which what has been played is kept until it is written.

    Raises
    ------
    ScenarioError
        When nothing may vary, a value cannot stand, or no day can be played.
    """
    scenario = loaded(scenario)
    effort = effort or Effort()
    refuse_effort(effort, seed, workers)
    if plan not in scenario.plans:
        raise no_such_plan(scenario, plan)
    space = Space.of(scenario, plan)
    asked = _asked(space, effort)
    kept = None if parts is None else Kept(parts, scenario, plan, seed)
    with open_backend(workers, effort.budget, cluster) as backend:
        return _Work(space, asked, effort, seed).run(backend, progress, kept)


def _asked(space: Space, effort: Effort) -> tuple[Asked, ...]:
    return tuple(
        Asked(
            share=target.days,
            confidence=target.confidence,
            zone=_zone(name, target.days, effort.zone),
        )
        for name, target in space.setting.targets.items()
    )


def _zone(name: str, share: float, zone: float | None) -> float:
    if zone is None:
        return (1 - share) / 2
    if not 0 < zone <= 1 - share:
        text = f"must be above 0 and at most {1 - share:.3g}, what is left to all days "
        raise fail(f"--zone {zone:g}", f"{text}for target {name}, found {zone:g}")
    return zone


@dataclass(frozen=True, slots=True)
class _Work:
    space: Space
    asked: tuple[Asked, ...]
    effort: Effort
    seed: int

    def run(self, backend: Backend, tell: Tell | None, kept: Kept | None) -> Staffing:
        """Search, choose, prove."""
        trials = Trials(self.space, self.seed, backend, self.effort.budget)
        if kept is None:
            trials.watch(tell, None, {})
        else:
            trials.watch(tell, kept.keep, kept.load())
        scores = Scores(trials, self.asked)
        self._refuse_impossible(trials)
        half = self.effort.budget // 2
        found = Search(self.space, scores, half, self.effort.plans).run()
        searched = trials.spent
        bounds = plan_looks(self.asked, len(found.listed))
        tests = self._choose(trials, found, bounds)
        chosen = trials.spent - searched
        winner = found.listed[tests[-1].candidate] if tests[-1].accepted else None
        days = tests[-1].days if winner else self._days_of(trials, found.generous)
        proof = neighbours(trials, winner) if winner else []
        return Staffing(
            space=self.space,
            seed=self.seed,
            effort=self.effort,
            asked=self.asked,
            bounds=bounds,
            found=found,
            scores=scores.scores(),
            tests=tuple(tests),
            test_verdicts=tuple(
                tuple(judged(trials, found.listed[test.candidate], test.days))
                for test in tests
            ),
            whole={
                candidate: _whole(days) for candidate, days in trials.played.items()
            },
            winner=winner,
            verdicts=tuple(judged(trials, winner or found.generous, days)),
            days=days,
            neighbours=tuple(proof),
            findings=findings_beyond(self.space, winner) if winner else (),
            spent=Spent(
                search=searched, choice=chosen, proof=trials.spent - searched - chosen
            ),
            failed=tuple(trials.failed),
        )

    def _refuse_impossible(self, trials: Trials) -> None:
        reason = trials.impossible(self.space.generous)
        if reason:
            told = ", ".join(f"{k} {v}" for k, v in self.space.told(
                self.space.generous).items())  # fmt: skip
            raise fail(
                "staffing", f"the plan with most of all cannot be: {reason} ({told})"
            )

    def _choose(
        self, trials: Trials, found: Found, bounds: tuple[Bounds, ...]
    ) -> list[Test]:
        """Settle which of the listed plans is taken, on days of their own."""

        def sample(place: int, days: int) -> Sequence[Held]:
            candidate = found.listed[place]
            if days - _own(trials, candidate) > trials.left:
                raise Short
            cost = f"{self.space.cost(candidate):,.0f}"
            trials.note = (
                f"testing plan {place + 1} of {len(found.listed)}, cost {cost}"
            )
            return _held(trials.play(candidate, range(days)), len(self.asked))

        def confirm(place: int, days: int) -> bool:
            verdicts = judged(trials, found.listed[place], days)
            return all(verdict.verdict == "met" for verdict in verdicts)

        return choose(len(found.listed), bounds, sample, confirm)

    def _days_of(self, trials: Trials, candidate: Candidate) -> int:
        """Give how many days of the final choice a plan was played; at least some."""
        return max(_own(trials, candidate), FEW)


def _own(trials: Trials, candidate: Candidate) -> int:
    """Count the days of a plan that are not those of the search."""
    return sum(number < SEARCH for number in trials.played.get(candidate, {}))


def _whole(days: Days) -> tuple[int, int]:
    """Count the days on which all targets held, and the days."""
    own = [day for number, day in days.items() if number < SEARCH]
    counted = own or list(days.values())
    return sum(all(j.held for j in day) for day in counted), len(counted)


def _held(days: Days, targets: int) -> list[Held]:
    """Give whether each target held, on the days on which it measured something."""
    return [
        np.array([day[i].held for day in days.values() if day[i].measured], dtype=bool)
        for i in range(targets)
    ]
