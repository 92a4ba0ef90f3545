"""Choices of the search for the cheapest plan: what they change must be there."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scenarios.clock import shown
from scenarios.file.document import Document, Where, matches
from scenarios.file.reference import WORDS, names_in, stage_names, unless_known
from scenarios.problem import Problem, allowed
from scenarios.staffing import Choice, UnitsChoice, changed_by, clash

_CHOICE: TypeAdapter[Any] = TypeAdapter(Choice)
_PLANS = ("units", "duties", "orders", "dispatch", "stations")
_STATION_PATHS = (
    "stations.NAME.officers or stations.NAME.stages.NAME.servers; voters and hours are "
    "not a plan's"
)


def staffing_problems(
    document: Document, base: Document, context: dict[str, Any]
) -> Iterator[Problem]:
    """Find what the choices of a search name that is not there, or name twice.

    Parameters
    ----------
    document
        The scenario, under a plan or not.
    base
        The scenario before any plan.
    context
        For the models; holds the clock.
    """
    if document is not base:
        return  # the choices are the scenario's, whatever the plan
    choices = dict(_sound(document, context))
    for name, choice in choices.items():
        where: Where = ("staffing", name)
        if choice.kind == "servers":
            yield from _stage(document, where, choice.station, choice.stage)
        elif choice.kind == "units":
            yield from _units(document, where, choice)
        elif choice.kind == "set":
            yield from _path(document, where, choice.parts)
    for (first, one), (second, two) in combinations(choices.items(), 2):
        if clash(one, two):
            what = ".".join(changed_by(two)[0])
            text = f"changes the same as {first}: {what}; put them into one"
            yield document.problem(("staffing", second), text, key=True)


def _sound(document: Document, context: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the choices that are sound by themselves; the model reports the others."""
    for where, data in matches(document.data, ("staffing", "*")):
        try:
            yield str(where[1]), _CHOICE.validate_python(data, context=context)
        except ValidationError:
            continue


def _stage(
    document: Document, where: Where, station: str, stage: str
) -> Iterator[Problem]:
    names = stage_names(document, station)
    if names is not None:
        yield from unless_known(document, (*where, "stage"), stage, names, "stage")


def _units(document: Document, where: Where, choice: UnitsChoice) -> Iterator[Problem]:
    """Check that new names are new, and that no duty loses its last unit."""
    taken = {
        name: WORDS[section]
        for section in ("units", "stations", "duties")
        for name in names_in(document, section) or ()
    }
    for name in choice.names[choice.name is None :]:
        if name in taken:
            text = f"the name '{name}' is taken by a {taken[name]}; choose another"
            yield document.problem((*where, "name"), text)
    if choice.name is None and 0 in choice.values:
        at = (*where, "values", choice.values.index(0))
        for duty in _alone(document, choice.like):
            text = f"cannot be 0: the duty {duty} has no other unit than {choice.like}"
            yield document.problem(at, text)


def _alone(document: Document, unit: str) -> Iterator[str]:
    """Name the duties that only this unit does."""
    for where, duty in matches(document.data, ("duties", "*")):
        found = duty if isinstance(duty, dict) else {}
        if found.get("unit") == unit or found.get("units") == [unit]:
            yield str(where[1])


def _path(document: Document, where: Where, parts: Where) -> Iterator[Problem]:
    """Check that a path is one that a plan may change."""
    at = (*where, "path")
    section = str(parts[0])
    if section not in _PLANS or len(parts) < 2 or not all(parts):
        text = f"a plan cannot change it, found {shown('.'.join(map(str, parts)))}; "
        yield document.problem(at, text + allowed(list(_PLANS), section))
    elif section != "dispatch":
        names = names_in(document, section)
        word = WORDS[section]
        yield from unless_known(document, at, str(parts[1]), names, word)
        if section == "stations" and not _of_a_plan(parts):
            text = f"a plan cannot change it, found {shown('.'.join(map(str, parts)))}"
            yield document.problem(at, f"{text}; allowed: {_STATION_PATHS}")


def _of_a_plan(parts: Where) -> bool:
    stage = len(parts) == 5 and (parts[2], parts[4]) == ("stages", "servers")
    return stage or (len(parts) == 3 and parts[2] == "officers")
