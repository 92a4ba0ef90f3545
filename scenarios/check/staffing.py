"""Checks of what may vary in the search for the cheapest plan."""

import json
from collections.abc import Iterator
from typing import Any

from scenarios.check.finding import Finding
from scenarios.file.reader import vary
from scenarios.problem import ScenarioError
from scenarios.scenario import Scenario, Setting
from scenarios.staffing import (
    Choice,
    OfficersChoice,
    PathChoice,
    ServersChoice,
    UnitsChoice,
    value_text,
)


def check_staffing(setting: Setting) -> Iterator[Finding]:
    """Find choices that are none, that cost nothing, or that nobody notices."""
    if setting.staffing and not setting.targets:
        yield Finding(
            path="staffing",
            text="there is no target: the cheapest plan that meets all of none is "
            "nobody at all",
            cure="say in targets what a plan must reach",
        )
    for name, choice in setting.staffing.items():
        yield from _values(f"staffing.{name}", choice)
        yield from _cost(f"staffing.{name}", choice, setting)
        if isinstance(choice, ServersChoice):
            yield from _window(f"staffing.{name}", choice, setting)


def check_values(scenario: Scenario, plan: str) -> Iterator[Finding]:
    """Find values of a path that no plan can have, by reading the plan with each."""
    for name, choice in scenario.plans[plan].setting.staffing.items():
        if isinstance(choice, PathChoice):
            for value in choice.values:
                if value is not None and (
                    reason := _reason(scenario, plan, _change(choice, value))
                ):
                    yield Finding(
                        path=f"staffing.{name}.values",
                        text=f"no plan can have {value_text(value)}: {reason}",
                        cure="a value that a plan file may hold there",
                    )


def _change(choice: PathChoice, value: Any) -> str:
    return f"{choice.path}={json.dumps(value, ensure_ascii=False)}"


def _reason(scenario: Scenario, plan: str, change: str) -> str:
    try:
        # Other choices may be about what this one takes out.
        vary(scenario, ("staffing=null", change), plan)
    except ScenarioError as error:
        return "; ".join(dict.fromkeys(problem.text for problem in error.problems))
    return ""


def _values(path: str, choice: Choice) -> Iterator[Finding]:
    if len(choice.values) == 1:
        yield Finding(
            path=f"{path}.values",
            text="one value: there is nothing to choose, every plan has it",
            cure="more values, or write it into the plan",
        )


def _cost(path: str, choice: Choice, setting: Setting) -> Iterator[Finding]:
    """More of what costs nothing is as cheap as less of it."""
    if isinstance(choice, ServersChoice | OfficersChoice):
        where, free = f"{path}.cost_per_hour", choice.cost_per_hour == 0
    elif isinstance(choice, UnitsChoice) and choice.like in setting.units:
        where = f"units.{choice.like}.cost_per_hour"
        free = setting.units[choice.like].cost_per_hour == 0
    else:
        return
    if free and len(choice.values) > 1:
        yield Finding(
            path=where,
            text="left out or 0: more of them cost nothing, so that the cheapest plan "
            "is no answer to how many",
            cure="say what one costs an hour, in any unit that all costs share",
        )


def _window(path: str, choice: ServersChoice, setting: Setting) -> Iterator[Finding]:
    station, clock = setting.stations[choice.station], setting.clock
    begin = station.opens if choice.from_ is None else choice.from_
    end = station.closes if choice.until is None else choice.until
    if begin >= station.closes or end <= station.opens:
        yield Finding(
            path=path,
            text=f"{choice.station} is open from {clock.text(station.opens)} to "
            f"{clock.text(station.closes)}: the choice changes nothing of the vote",
            cure="hours of the vote in from and until",
        )
