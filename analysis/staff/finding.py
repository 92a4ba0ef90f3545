"""What `muster check` finds of the plan that was chosen, and not of the one before."""

from analysis.staff.choice import Candidate, Space
from scenarios.check import Finding, check_text
from scenarios.scenario import Scenario
from simulator.check import check_world


def findings_beyond(space: Space, candidate: Candidate) -> tuple[Finding, ...]:
    """Give what is found of a plan and not of the plan from which the search began.

    No target need be about it: a skill that nobody on shift has breaks no wait.
    """
    before = set(_findings(space.scenario, space.plan))
    after = _findings(space.variant(candidate), space.plan)
    return tuple(finding for finding in after if finding not in before)


def _findings(scenario: Scenario, plan: str) -> list[Finding]:
    return [*check_text(scenario, plan), *check_world(scenario, plan)]
