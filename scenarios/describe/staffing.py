"""What may vary in the search for the cheapest plan, in words."""

from functools import singledispatch
from math import prod
from typing import Any

from scenarios.clock import Clock
from scenarios.scenario import Setting
from scenarios.staffing import (
    Choice,
    OfficersChoice,
    PathChoice,
    PolicyChoice,
    ServersChoice,
    UnitsChoice,
    value_text,
)


def staffing(setting: Setting) -> list[str]:
    """Say of each choice what may vary, within which values, at what cost."""
    if not setting.staffing:
        return []
    plans = prod(len(choice.values) for choice in setting.staffing.values())
    return [
        f"{name}: {_titled(choice)}{_what(choice, setting)}."
        for name, choice in setting.staffing.items()
    ] + [f"In all {plans:,} plans; muster staff finds the cheapest that holds."]


def _titled(choice: Choice) -> str:
    return f"{choice.title}. " if choice.title else ""


@singledispatch
def _what(choice: Any, setting: Setting) -> str:
    raise TypeError(f"not a choice: {choice!r}")


@_what.register
def _(choice: ServersChoice, setting: Setting) -> str:
    return (
        f"{_either(choice.values)} open at {choice.stage} of {choice.station}"
        f"{_window(choice, setting.clock)}{_each(choice.cost_per_hour, 'place')}"
    )


@_what.register
def _(choice: OfficersChoice, setting: Setting) -> str:
    return (
        f"{_either(choice.values)} officers at {choice.station}"
        f"{_each(choice.cost_per_hour, 'officer')}"
    )


@_what.register
def _(choice: UnitsChoice, setting: Setting) -> str:
    base = f" at {choice.base}" if choice.base else ""
    shifts = ", ".join(
        f"{setting.clock.text(s.from_)} to {setting.clock.text(s.until)}"
        for s in choice.shifts or ()
    )
    on = f", on shift {shifts}" if shifts else ""
    if choice.name is None:
        return f"{_either(choice.values)} units like {choice.like}, itself the first"
    return (
        f"{_either(choice.values)} more units like {choice.like}, "
        f"named {choice.name}{base}{on}"
    )


@_what.register
def _(choice: PolicyChoice, setting: Setting) -> str:
    return f"units are sent by policy {_either(choice.values)}"


@_what.register
def _(choice: PathChoice, setting: Setting) -> str:
    costs = choice.costs or [0.0] * len(choice.values)
    values = [
        _value(value) + (f" (costs {cost:g})" if cost else "")
        for value, cost in zip(choice.values, costs, strict=True)
    ]
    return f"{choice.path} {_either(values)}"


def _value(value: Any) -> str:
    return "left out" if value is None else value_text(value)


def _either(values: Any) -> str:
    """Write alternatives: ``2, 3 or 4``."""
    *others, last = map(str, values)
    return f"{', '.join(others)} or {last}" if others else last


def _window(choice: ServersChoice, clock: Clock) -> str:
    begin = "" if choice.from_ is None else f" from {clock.text(choice.from_)}"
    end = "" if choice.until is None else f" until {clock.text(choice.until)}"
    return begin + end


def _each(cost: float, noun: str) -> str:
    return f"; {cost:g} an hour for each {noun}" if cost else ""
