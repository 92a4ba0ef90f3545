"""The plans that are searched: each choice with its values, cheapest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from analysis.staff.cost import choice_costs, units_cost
from analysis.staff.plan import Overlay, changes_of, overlay_of, plan_text
from scenarios.clock import shown
from scenarios.file.reader import Written, vary, written
from scenarios.problem import ScenarioError, fail
from scenarios.scenario import Scenario, Setting
from scenarios.staffing import (
    Choice,
    OfficersChoice,
    PathChoice,
    PolicyChoice,
    ServersChoice,
    UnitsChoice,
)

Candidate = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice with its values, cheapest first.

    Parameters
    ----------
    name, choice
        As in the scenario.
    values
        Its values, by cost; of equal cost the smaller number, or the first.
    costs
        Of each value, not falling.
    start
        Index of the value that the starting plan has; None when it is none of them.
    """

    name: str
    choice: Choice
    values: tuple[Any, ...]
    costs: tuple[float, ...]
    start: int | None

    @property
    def title(self) -> str:
        """Title, or the name where there is none."""
        return self.choice.title or self.name

    @property
    def counts(self) -> bool:
        """Whether more of it is more of the same: places, officers, units."""
        return isinstance(self.choice, ServersChoice | OfficersChoice | UnitsChoice)

    def text(self, index: int) -> str:
        """Write a value for people."""
        value = self.values[index]
        if isinstance(value, dict | list):
            return f"value {list(self.choice.values).index(value) + 1} of the file"
        return "none" if value is None else str(value)


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
        variants = _Variants(scenario, plan, files)
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


class _Variants:
    """Tries values one by one, the rest as the starting plan has it."""

    def __init__(self, scenario: Scenario, plan: str, files: Written) -> None:
        self.scenario, self.plan, self.files = scenario, plan, files
        self.setting = scenario.plans[plan].setting
        self._before = units_cost(self.setting)

    def with_value(self, name: str, choice: Choice, value: Any) -> Setting:
        """Give the scenario under the plan with one value.

        Raises
        ------
        ScenarioError
            When the plan cannot have the value.
        """
        over = overlay_of([(choice, value)], self.setting, self.files.whole)
        try:
            varied = vary(self.scenario, changes_of(over), self.plan)
        except ScenarioError as error:
            reason = "; ".join(dict.fromkeys(p.text for p in error.problems))
            text = f"the plan cannot have {shown(value)}: {reason}"
            raise fail(f"staffing.{name}", text) from None
        return varied.plans[self.plan].setting

    def option(self, name: str, choice: Choice) -> Option:
        """Try the values of a choice, and put them in order of cost."""
        if isinstance(choice, PathChoice | PolicyChoice):
            tried = [self.with_value(name, choice, value) for value in choice.values]
            start = next((i for i, t in enumerate(tried) if self._same(t)), None)
            extra = [units_cost(t) - self._before for t in tried]
        else:
            for value in (min(choice.values), max(choice.values)):
                self.with_value(name, choice, value)
            start = _index(choice.values, _before(choice, self.setting))
            extra = [0.0] * len(choice.values)
        costs = choice_costs(choice, self.setting)
        return _ordered(
            name, choice, [*map(sum, zip(costs, extra, strict=True))], start
        )

    def _same(self, setting: Setting) -> bool:
        without = {"staffing": setting.staffing}
        return setting == self.setting.model_copy(update=without)


def _ordered(
    name: str, choice: Choice, costs: list[float], start: int | None
) -> Option:
    counts = not isinstance(choice, PathChoice | PolicyChoice)
    values = choice.values
    order = sorted(
        range(len(values)), key=lambda i: (costs[i], values[i] if counts else i)
    )
    return Option(
        name=name,
        choice=choice,
        values=tuple(values[i] for i in order),
        costs=tuple(costs[i] for i in order),
        start=None if start is None else order.index(start),
    )


def _index(values: tuple[Any, ...], value: Any) -> int | None:
    return values.index(value) if value in values else None


def _before(choice: Choice, setting: Setting) -> Any:
    """Give the number that the starting plan has; None when it is no single one."""
    if isinstance(choice, ServersChoice):
        station = setting.stations[choice.station]
        stage = station.stages[choice.stage]
        begin = max(station.opens, choice.from_ or 0.0)
        end = min(station.closes, choice.until or station.closes)
        steps = [] if isinstance(stage.servers, int) else stage.servers
        inside = [step.servers for step in steps if begin < step.from_ < end]
        found = {stage.servers_at(begin), *inside}
        return found.pop() if len(found) == 1 else None
    if isinstance(choice, OfficersChoice):
        return setting.stations[choice.station].officers
    return 1 if isinstance(choice, UnitsChoice) and choice.name is None else 0
