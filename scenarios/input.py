"""The values of a scenario that a path names, and the scenario with others there."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import floor
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator

from scenarios.clock import minutes_of
from scenarios.problem import allowed
from scenarios.quantity import (
    metres_of,
    pace_of,
    points_of,
    share_of,
    speed_of,
)
from scenarios.scenario import Setting
from scenarios.uncertain import Input

# What is the same on all days: how it is judged, where it is, the law.
FIXED = (
    "format",
    "include",
    "clock",
    "rules",
    "roads",
    "places",
    "calls",
    "targets",
    "uncertain",
)
_ITEM = re.compile(r"\[(\d+)\]")
_READERS = {
    minutes_of: "duration",
    share_of: "share",
    points_of: "share",
    pace_of: "number",
    speed_of: "speed",
    metres_of: "length",
}
KINDS = (*dict.fromkeys(_READERS.values()), "whole number", "time")
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a scenario.

    Parameters
    ----------
    place
        Where it stands, by the keys of files.
    kind
        ``number``, ``whole number``, ``share``, ``duration``, ``speed``, ``length`` or
        ``time`` (of the clock).
    value
        As the models hold it: minutes (from the start, of a time), metres, metres a
        minute.
    """

    place: Place
    kind: str
    value: float


class NoSuchPathError(ValueError):
    """Nothing that can be drawn stands at a path."""


def parts_of(path: str) -> tuple[str, ...]:
    """Give the parts of a path; ``rates[0]`` is ``rates.0``."""
    return tuple(part.strip() for part in _ITEM.sub(r".\1", path).split("."))


def leaves(setting: Setting, path: str) -> list[Leaf]:
    """Find the values at a path.

    Parameters
    ----------
    setting
        The scenario, under a plan or not.
    path
        As after ``--set``; ``*`` stands for any name, and leads past what has no such
        value; ``KV1,KV2`` stands for both.

    Returns
    -------
    list of Leaf
        One or more, in file order.

    Raises
    ------
    NoSuchPathError
        When there are none; says what stands there.
    """
    parts = parts_of(path)
    if parts[0] in FIXED:
        raise NoSuchPathError(f"'{parts[0]}' is the same on all days")
    found = list(_found(setting, Setting, parts, ()))
    if not found:
        raise NoSuchPathError(_why(setting, parts))
    return found


def _found(
    at: Any, declared: object, parts: tuple[str, ...], place: Place
) -> Iterator[Leaf]:
    if not parts:
        kind = _kind(at, declared)
        if kind is not None:
            yield Leaf(place, kind, float(at))
        return
    for key, value, annotation in _children(at, declared):
        fixed = not place and key in FIXED
        if _named(parts[0], key) and not fixed:
            yield from _found(value, annotation, parts[1:], (*place, key))


def _named(part: str, key: object) -> bool:
    """Tell whether a part of a path means a key: by name, one of several, or any."""
    return part == "*" or str(key) in part.split(",")


def _children(at: Any, declared: object) -> Iterator[tuple[str | int, Any, object]]:
    """Give what a value holds, each with what is declared of it."""
    if isinstance(at, BaseModel):
        for name, field in type(at).model_fields.items():
            about = (field.annotation, *field.metadata)
            yield field.alias or name, getattr(at, name), about
    elif isinstance(at, dict):
        yield from ((key, value, declared) for key, value in at.items())
    elif isinstance(at, tuple):
        yield from ((number, value, declared) for number, value in enumerate(at))


def _kind(value: object, declared: object) -> str | None:
    """Name the kind of a value; None when it is none that can be drawn."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    readers = [r.func for r in _inside(declared) if isinstance(r, BeforeValidator)]
    known = [_READERS[r] for r in readers if r in _READERS]
    if known:
        return known[0]
    if readers and "_moment" in [getattr(r, "__name__", "") for r in readers]:
        return "time"
    return "whole number" if isinstance(value, int) else "number"


def _inside(declared: object) -> Iterator[object]:
    """Open an annotation into all that is declared in it, not into other models."""
    if isinstance(declared, type):
        return
    yield declared
    inner = declared if isinstance(declared, tuple) else get_args(declared)
    for part in (*inner, *getattr(declared, "__metadata__", ())):
        yield from _inside(part)


def _why(setting: Setting, parts: tuple[str, ...]) -> str:
    """Say how far a path leads, and what stands there."""
    open_: list[tuple[Any, object]] = [(setting, Setting)]
    for number, part in enumerate(parts):
        inside = [child for at in open_ for child in _children(*at)]
        there = [(value, about) for key, value, about in inside if _named(part, key)]
        if not there:
            names: Collection[str] = dict.fromkeys(str(key) for key, _, _ in inside)
            where = ".".join(parts[:number]) or "a scenario"
            if not names:
                return f"{where} holds nothing that has a '{part}'"
            return f"no '{part}' in {where}; {allowed(list(names), part)}"
        open_ = there
    if all(value is None for value, _ in open_):
        return "the scenario does not say it; write it there first"
    return (
        "what stands there is no number, share, duration or time; go on to one, such "
        "as the mean of a law: ...service.mean"
    )


def moved(leaf: Leaf, way: str, level: float) -> float:
    """Give a value at a level of the input that changes it."""
    if way == "value":
        value = level
    else:
        value = leaf.value + level if way == "add" else leaf.value * level
    return floor(value + 0.5) if leaf.kind == "whole number" else value


def at_levels(
    setting: Setting,
    levels: Mapping[str, float],
    inputs: Mapping[str, Input] | None = None,
) -> Setting:
    """Give a scenario with its uncertain inputs at these levels.

    The models are copied along the paths alone, and not validated again: whoever reads
    a scenario has seen to it that the ends of each law give a sound one.

    Parameters
    ----------
    setting
        The scenario under a plan.
    levels
        By input; who is not named stays as written.
    inputs
        Where they are declared; default: in the setting.
    """
    declared = setting.uncertain if inputs is None else inputs
    changes: dict[Place, float] = {}
    for name, level in levels.items():
        one = declared[name]
        try:
            for leaf in leaves(setting, one.path):
                changes[leaf.place] = moved(leaf, one.way, level)
        except NoSuchPathError:
            continue  # not in this plan
    changed: Setting = _with(setting, changes)
    return changed


def _with(at: Any, changes: Mapping[Place, float]) -> Any:
    """Copy what is on the way to the values that change."""
    if not changes:
        return at
    if () in changes:
        return changes[()]
    below: dict[str | int, dict[Place, float]] = {}
    for place, value in changes.items():
        below.setdefault(place[0], {})[place[1:]] = value
    if isinstance(at, dict):
        return at | {key: _with(at[key], part) for key, part in below.items()}
    if isinstance(at, tuple):
        return tuple(_with(one, below.get(i, {})) for i, one in enumerate(at))
    names = {f.alias or name: name for name, f in type(at).model_fields.items()}
    update = {
        names[str(key)]: _with(getattr(at, names[str(key)]), part)
        for key, part in below.items()
    }
    return at.model_copy(update=update)
