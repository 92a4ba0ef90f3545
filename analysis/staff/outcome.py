"""What came of a search for the cheapest plan."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.staff.bound import Asked, Bounds
from analysis.staff.choice import Candidate, Space
from analysis.staff.feasible import Test
from analysis.staff.proof import Neighbour
from analysis.staff.score import Score
from analysis.staff.search import Found
from analysis.target import Verdict
from analysis.worker import Failure
from scenarios.check import Finding
from scenarios.scenario import Scenario, Setting

BUDGET = 20_000
PLANS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much may be spent, and how fine the choice is to be.

    Parameters
    ----------
    budget
        Replications in all; half of them at most for the search.
    plans
        Plans that the search may look at.
    zone
        A cheaper plan that holds on so much more of the days than asked is passed
        over with small probability; None: half of what is left to all days.
    """

    budget: int = BUDGET
    plans: int = PLANS
    zone: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Replications spent on each part of the work."""

    search: int
    choice: int
    proof: int

    @property
    def all(self) -> int:
        """Replications in all."""
        return self.search + self.choice + self.proof


@dataclass(frozen=True, kw_only=True)
class Staffing:
    """What came of the search for the cheapest plan.

    Parameters
    ----------
    space
        The plans.
    seed, effort
        As asked.
    asked, bounds
        Of each target: what is asked, and when it is settled.
    found
        What the search proposed.
    scores
        Every plan that was looked at.
    tests
        The final choice, candidate by candidate, as far as it went.
    test_verdicts
        On each target, of each candidate of the final choice, on the days it was given.
    whole
        Of every plan: days on which all targets held, of days played; those of the
        final choice and the proof where there are any, else those of the search.
    winner
        The plan that was chosen; None when none was.
    verdicts
        On each target, of the winner; without one of the plan with most of all.
    days
        Days on which the verdicts stand.
    neighbours
        Of the winner, one step cheaper.
    findings
        What `muster check` finds of the winner, and not of the plan before.
    spent
        Replications.
    failed
        Days that could not be played, with their plans; they count as days on which no
        target held.
    """

    space: Space
    seed: int
    effort: Effort
    asked: tuple[Asked, ...]
    bounds: tuple[Bounds, ...]
    found: Found
    scores: dict[Candidate, Score] = field(repr=False)
    tests: tuple[Test, ...]
    test_verdicts: tuple[tuple[Verdict, ...], ...]
    whole: dict[Candidate, tuple[int, int]] = field(repr=False)
    winner: Candidate | None
    verdicts: tuple[Verdict, ...]
    days: int
    neighbours: tuple[Neighbour, ...]
    findings: tuple[Finding, ...]
    spent: Spent
    failed: tuple[tuple[Candidate, Failure], ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.space.scenario

    @property
    def setting(self) -> Setting:
        """The scenario under the plan from which the search began."""
        return self.space.setting

    @property
    def short(self) -> bool:
        """Whether the budget ran out before a plan was settled."""
        return self.tests[-1].short

    @property
    def shown(self) -> Candidate:
        """The winner; without one the plan with most of all."""
        return self.found.generous if self.winner is None else self.winner

    def tested(self, test: Test) -> Candidate:
        """Give the candidate of a test."""
        return self.found.listed[test.candidate]

    def failures(self) -> list[str]:
        """Say which days could not be played, and why; empty when all could."""
        from analysis.staff.telling import failures

        return failures(self)

    def holding(self) -> bool:
        """Tell whether a plan was found."""
        return self.winner is not None

    def json(self, out: Path | None = None) -> dict[str, Any]:
        """Give what came of it for machines; what is missing is null."""
        from analysis.staff.result import json_of

        return json_of(self, out)

    def write(self, out: Path, *, command: str = "") -> Path:
        """Write plan, report, figures, tables and `run.json` to a folder.

        The folder appears whole or not at all; an earlier result there is replaced.

        Raises
        ------
        ScenarioError
            When something else is there.
        """
        from analysis.staff.result import write_staffing

        return write_staffing(self, out, command=command)
