"""The plans that are searched: each choice with its values, cheapest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from analysis.staff.cost import units_cost
from analysis.staff.option import Option, Variants
from analysis.staff.plan import Overlay, changes_of, overlay_of, plan_text
from scenarios.file.reader import Written, vary, written
from scenarios.problem import fail
from scenarios.scenario import Scenario, Setting
from scenarios.staffing import (
    PathChoice,
    UnitsChoice,
)

Candidate = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Space:
    """All plans that the choices of a scenario allow.

    Parameters
    ----------
    scenario, plan
        Where the search starts.
    options
        The choices, in file order.
    fixed
        Cost of the units that no choice is about.
    written
        What the files say.
    """

    scenario: Scenario
    plan: str
    options: tuple[Option, ...]
    fixed: float
    written: Written

    @classmethod
    def of(cls, scenario: Scenario, plan: str) -> "Space":
        """Lay out what a scenario lets vary.

        Raises
        ------
        ScenarioError
            When it lets nothing vary, sets no target, or a value cannot stand.
        """
        setting = scenario.plans[plan].setting
        _refuse(scenario, plan, setting)
        files = written(scenario, plan)
        variants = Variants(scenario, plan, files)
        options = tuple(
            variants.option(name, choice) for name, choice in setting.staffing.items()
        )
        counted = sum(
            option.costs[option.start]
            for option in options
            if isinstance(option.choice, UnitsChoice) and option.start is not None
        )
        return cls(
            scenario=scenario,
            plan=plan,
            options=options,
            fixed=units_cost(setting) - counted,
            written=files,
        )

    @property
    def setting(self) -> Setting:
        """The scenario under the plan from which the search starts."""
        return self.scenario.plans[self.plan].setting

    @cached_property
    def size(self) -> int:
        """How many plans there are."""
        return prod(len(option.values) for option in self.options)

    @property
    def start(self) -> Candidate | None:
        """The starting plan; None when some value it has is not among those allowed."""
        found = tuple(option.start for option in self.options)
        return None if None in found else tuple(i for i in found if i is not None)

    @property
    def generous(self) -> Candidate:
        """The plan that has most of all."""
        return tuple(
            len(option.values) - 1
            if option.costs[-1] > option.costs[0] or option.counts
            else option.start or 0
            for option in self.options
        )

    def all(self) -> Iterator[Candidate]:
        """Give every plan, in no order of worth."""
        yield from product(*(range(len(option.values)) for option in self.options))

    def cost(self, candidate: Candidate) -> float:
        """Cost of a plan."""
        return self.fixed + sum(
            option.costs[i] for option, i in zip(self.options, candidate, strict=True)
        )

    def rank(self, candidate: Candidate) -> tuple[float, int, Candidate]:
        """Order plans by cost; of equal cost the one nearer to where it started."""
        moved = sum(
            option.start is not None and i != option.start
            for option, i in zip(self.options, candidate, strict=True)
        )
        return round(self.cost(candidate), 6), moved, candidate

    def overlay(self, candidate: Candidate) -> Overlay:
        """Write what a plan changes of the starting plan."""
        chosen = [
            (option.choice, option.values[i])
            for option, i in zip(self.options, candidate, strict=True)
            if i != option.start or not isinstance(option.choice, PathChoice)
        ]
        return overlay_of(chosen, self.setting, self.written.whole)

    def variant(self, candidate: Candidate) -> Scenario:
        """Read the scenario with a plan's changes."""
        return vary(self.scenario, changes_of(self.overlay(candidate)), self.plan)

    def text(self, candidate: Candidate, title: str, summary: str) -> str:
        """Write a plan file."""
        own = self.written.plan
        return plan_text(self.overlay(candidate), own, title=title, summary=summary)

    def told(self, candidate: Candidate) -> dict[str, str]:
        """Name the value of each choice, for people."""
        return {
            option.name: option.text(i)
            for option, i in zip(self.options, candidate, strict=True)
        }


def _refuse(scenario: Scenario, plan: str, setting: Setting) -> None:
    where = f"muster staff {scenario.name}"
    if not setting.staffing:
        text = "says nothing that may vary; write a section staffing: in scenario.yaml"
        raise fail(where, text)
    if not setting.targets:
        raise fail(where, "sets no target; without one the cheapest plan is nobody")
    for name, choice in setting.staffing.items():
        if isinstance(choice, UnitsChoice) and choice.like not in setting.units:
            text = f"choice {name}: the plan has no unit {choice.like}; start from "
            raise fail(f"--plan {plan}", f"{text}a plan that has it")
