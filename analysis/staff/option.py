"""The choices of a search: each with its values, cheapest first."""

from dataclasses import dataclass
from typing import Any

from analysis.staff.cost import choice_costs, units_cost
from analysis.staff.plan import changes_of, overlay_of
from scenarios.clock import shown
from scenarios.file.reader import Written, vary
from scenarios.problem import ScenarioError, fail
from scenarios.scenario import Scenario, Setting
from scenarios.staffing import (
    Choice,
    OfficersChoice,
    PathChoice,
    PolicyChoice,
    ServersChoice,
    UnitsChoice,
    value_text,
)


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
        return value_text(self.values[index])


class Variants:
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
