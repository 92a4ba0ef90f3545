"""Uncertain inputs checked: each path leads to values, and the ends of each law fit."""

from collections.abc import Iterator, Mapping
from typing import Any

from scenarios.amount import Amount
from scenarios.clock import Clock
from scenarios.file.document import Document, dotted
from scenarios.file.fault import faults_of, validated
from scenarios.input import Leaf, NoSuchPathError, leaves, moved
from scenarios.problem import Problem
from scenarios.scenario import Setting
from scenarios.uncertain import Input

# What the unit of a level may be, by the kind of the values; else it has to be a
# factor.
_UNITS = {
    "duration": ("min",),
    "share": ("", "%"),
    "number": ("", "%"),
    "whole number": ("",),
    "speed": (),
    "length": (),
    "time": ("min",),
}
_WRITE = {
    "duration": "90 s",
    "share": "5 %",
    "number": "1.2",
    "whole number": "20",
    "time": "5 min",
}


def uncertain_problems(
    base: Document, plans: Mapping[str, Document], context: dict[str, Any]
) -> Iterator[Problem]:
    """Find what is wrong with the uncertain inputs of a scenario that is else sound.

    Parameters
    ----------
    base
        The scenario.
    plans
        The scenario under each plan.
    context
        What its models need to know.
    """
    setting = validated(Setting, base.data, context)
    if not setting.uncertain:
        return
    problems = list(_misled(base, setting))
    yield from problems
    if problems:
        return
    own = list(_ends(base, base, context))
    yield from own
    told = {problem.text for problem in own}
    for name, document in plans.items():
        for problem in _ends(base, document, context, under=f"under plan {name}, "):
            if problem.text.removeprefix(f"under plan {name}, ") not in told:
                yield problem


def _misled(base: Document, setting: Setting) -> Iterator[Problem]:
    """Find paths that lead nowhere, levels of another kind, and values drawn twice."""
    taken: dict[object, str] = {}
    for name, one in setting.uncertain.items():
        try:
            found = leaves(setting, one.path)
        except NoSuchPathError as error:
            text = f"leads to no value, found '{one.path}': {error}"
            yield base.problem(("uncertain", name, "path"), text)
            continue
        misfit = _misfit(one, found)
        if misfit is not None:
            yield base.problem(("uncertain", name, one.way), misfit)
        twice = [leaf.place for leaf in found if leaf.place in taken]
        if twice:
            text = (
                f"{dotted(twice[0])} is drawn by '{taken[twice[0]]}' already; one "
                "value, one input"
            )
            yield base.problem(("uncertain", name, "path"), text)
        taken |= {leaf.place: name for leaf in found}


def _misfit(one: Input, found: list[Leaf]) -> str | None:
    """Say why the levels of an input do not suit the values at its path."""
    for leaf in found:
        if leaf.kind == "time" and one.way != "add":
            where = dotted(leaf.place)
            return f"does not fit {where}, a clock time; write add, such as 5 min"
        if one.way == "factor":
            continue
        if one.unit not in _UNITS[leaf.kind]:
            level = Amount(one.law.amounts[0].number, one.unit).text()
            what = f"does not fit {dotted(leaf.place)}, a {leaf.kind}, found {level}"
            write = _WRITE.get(leaf.kind)
            return f"{what}; write {write or 'a factor instead'}"
    return None


def _ends(
    base: Document, document: Document, context: dict[str, Any], under: str = ""
) -> Iterator[Problem]:
    """Find the ends of laws at which the scenario is not sound.

    Each end is looked at by itself, then all lowest and all highest together.
    """
    setting = validated(Setting, document.data, context)
    inputs = setting.uncertain
    tried = [
        ({name: one.law.bounds[end]}, name, word)
        for name, one in inputs.items()
        for end, word in enumerate(("lowest", "highest"))
    ]
    failed: set[str] = set()
    for levels, name, word in tried:
        text = _unsound(document, setting, levels, context)
        if text is not None:
            failed.add(name)
            level = inputs[name].level_text(levels[name])
            where = ("uncertain", name, inputs[name].way)
            yield base.problem(where, f"{under}at its {word}, {level}: {text}")
    if failed or len(inputs) < 2:
        return
    for end, word in enumerate(("lowest", "highest")):
        together = {name: one.law.bounds[end] for name, one in inputs.items()}
        text = _unsound(document, setting, together, context)
        if text is not None:
            yield base.problem(
                ("uncertain",), f"{under}all at their {word} together: {text}"
            )


def _unsound(
    document: Document,
    setting: Setting,
    levels: Mapping[str, float],
    context: dict[str, Any],
) -> str | None:
    """Say what is wrong with a scenario at some levels; None when it is sound."""
    data = document.data
    for name, level in levels.items():
        one = setting.uncertain[name]
        try:
            found = leaves(setting, one.path)
        except NoSuchPathError:
            continue  # not in this plan
        for leaf in found:
            data = _put(
                data,
                leaf.place,
                written(leaf, moved(leaf, one.way, level), setting.clock),
            )
    changed = Document(
        file=document.file, data=data, keys=document.keys, values=document.values
    )
    for fault in faults_of(Setting, changed, context):
        return f"{fault.path}: {fault.text}"
    return None


def written(leaf: Leaf, value: float, clock: Clock) -> object:
    """Write a value as a file would have it."""
    if leaf.kind == "time":
        return clock.text(value, seconds=True)
    if leaf.kind == "duration":
        return f"{f'{value * 60:.9f}'.rstrip('0').removesuffix('.')} s"
    if leaf.kind == "speed":
        return f"{value * 60 / 1000:.9f} km/h"
    if leaf.kind == "length":
        return f"{value:.9f} m"
    return int(value) if leaf.kind == "whole number" else value


def _put(data: Any, place: tuple[str | int, ...], value: object) -> Any:
    """Copy what is on the way to a value, and put it there."""
    if not place:
        return value
    key, rest = place[0], place[1:]
    if isinstance(data, list):
        return [_put(v, rest, value) if i == key else v for i, v in enumerate(data)]
    if isinstance(data, str):  # a bare duration stands for a law of one value
        data = {"law": "constant", "value": data}
    held = data or {}
    return {**held, key: _put(held.get(key), rest, value)}
