"""What a candidate changes of a plan: as an overlay, as options, and as a plan file."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

import yaml

from scenarios.file.document import parse_document
from scenarios.scenario import Setting
from scenarios.staffing import (
    Choice,
    OfficersChoice,
    PathChoice,
    PolicyChoice,
    ServersChoice,
    UnitsChoice,
)
from scenarios.station import Station

Overlay = dict[str, Any]
Chosen = Sequence[tuple[Choice, Any]]


def overlay_of(chosen: Chosen, setting: Setting, whole: Mapping[str, Any]) -> Overlay:
    """Write what a row of choices changes of a plan, and nothing that stays.

    Parameters
    ----------
    chosen
        Each choice with the value it has; of those of a path only what differs.
    setting
        The scenario under the plan from which the search starts.
    whole
        The same as plain data, as the files have it.
    """
    over: Overlay = {}
    for name, station in setting.stations.items():
        here = [(c, v) for c, v in chosen if getattr(c, "station", None) == name]
        if here and (found := _station(station, here, setting)):
            _put(over, ("stations", name), found)
    for choice, value in chosen:
        if isinstance(choice, UnitsChoice):
            _units(over, choice, value, whole)
        elif isinstance(choice, PolicyChoice) and value != setting.dispatch.policy:
            _put(over, ("dispatch", "policy"), value)
        elif isinstance(choice, PathChoice) and _differ(value, choice, whole):
            _put(over, choice.parts, value)
    return over


def _differ(value: Any, choice: PathChoice, whole: Mapping[str, Any]) -> bool:
    """Tell whether there is something to change: what is not there is not taken out."""
    return value is not None or _at(whole, choice.parts) is not None


def _put(over: Overlay, path: tuple[str, ...], value: Any) -> None:
    *around, last = path
    for part in around:
        over = over.setdefault(part, {})
    over[last] = value


def _at(data: Any, path: Sequence[str]) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


# ---- stations --------------------------------------------------------------------


def _station(station: Station, chosen: Chosen, setting: Setting) -> Overlay:
    stages: dict[str, Any] = {}
    officers, told = station.officers, None
    for name, stage in station.stages.items():
        here = [(c, v) for c, v in chosen if isinstance(c, ServersChoice)]
        before = _flat(station, name)
        steps = _steps(before, [(c, v) for c, v in here if c.stage == name], setting)
        if steps != before:
            stages[name] = {"servers": _written(steps, setting)}
            officers += (
                _most(steps, station) - _most(before, station)
            ) * stage.officers
    for choice, value in chosen:
        if isinstance(choice, OfficersChoice):
            told = value
    officers = max(officers, 0) if told is None else told
    found: Overlay = {"officers": officers} if officers != station.officers else {}
    return found | ({"stages": stages} if stages else {})


Steps = list[tuple[float, int]]


def _flat(station: Station, stage: str) -> Steps:
    """Give the schedule of a stage as steps, the first from the very beginning."""
    servers = station.stages[stage].servers
    if isinstance(servers, int):
        return [(0.0, servers)]
    return _tidy([(0.0, 0), *((step.from_, step.servers) for step in servers)])


def _steps(
    steps: Steps, chosen: Sequence[tuple[ServersChoice, Any]], setting: Setting
) -> Steps:
    """Lay values in their windows over a schedule."""
    for choice, value in chosen:
        begin = _beginning(steps) if choice.from_ is None else choice.from_
        end = setting.clock.minutes if choice.until is None else choice.until
        after = [servers for at, servers in steps if at <= end][-1]
        before = [(at, servers) for at, servers in steps if at < begin]
        rest = [(at, servers) for at, servers in steps if at > end]
        last = [] if choice.until is None else [(end, after)]
        steps = _tidy([*before, (begin, int(value)), *last, *rest])
    return steps


def _beginning(steps: Steps) -> float:
    """Give when a schedule first opens a place; that it opens none before stays."""
    return next((at for at, servers in steps if servers), 0.0)


def _tidy(steps: Steps) -> Steps:
    """Leave out steps that change nothing; of several at one time the last holds."""
    held = dict(steps)
    ordered = sorted(held.items())
    kept = [b for a, b in pairwise(ordered) if a[1] != b[1]]
    return [ordered[0], *kept]


def _most(steps: Steps, station: Station) -> int:
    """Most places open at once during the vote."""
    ends = [at for at, _ in steps[1:]] + [float("inf")]
    return max(
        (n for (at, n), end in zip(steps, ends, strict=True)
         if at < station.closes and end > station.opens),
        default=0,
    )  # fmt: skip


def _written(steps: Steps, setting: Setting) -> Any:
    if len(steps) == 1:
        return steps[0][1]
    if steps[0][1] == 0:
        steps = steps[1:]  # before the first step nothing is open
    return [{"from": setting.clock.text(at), "servers": n} for at, n in steps]


# ---- units -----------------------------------------------------------------------


def _units(
    over: Overlay, choice: UnitsChoice, number: int, whole: Mapping[str, Any]
) -> None:
    like = whole["units"][choice.like] | _differs(choice, whole)
    for name in choice.names[:number]:
        if name != choice.like:
            _put(over, ("units", name), deepcopy(like))
    if choice.name is None and number == 0:
        _put(over, ("units", choice.like), None)
        for path, units in _lists_with(choice.like, whole, over):
            _put(over, path, [unit for unit in units if unit != choice.like])


def _differs(choice: UnitsChoice, whole: Mapping[str, Any]) -> Overlay:
    """Give what a choice says of new units, as the file has it."""
    for own in whole["staffing"].values():
        if own["kind"] == "units" and (own["like"], own.get("name")) == (
            choice.like,
            choice.name,
        ):
            return {key: own[key] for key in ("base", "shifts") if own.get(key)}
    return {}


def _lists_with(
    unit: str, whole: Mapping[str, Any], over: Overlay
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Find the lists of units that a unit is in, as they are by now."""
    paths = [("duties", name, "units") for name in whole.get("duties") or {}]
    paths += [("dispatch", "lists", key) for key in _at(whole, _LISTS) or {}]
    for path in paths:
        units = _at(over, path) or _at(whole, path)
        if isinstance(units, list) and unit in units:
            yield path, units


_LISTS = ("dispatch", "lists")


# ---- what is done with an overlay -------------------------------------------------


def changes_of(over: Overlay) -> tuple[str, ...]:
    """Write an overlay as options ``path=value``; what may vary is taken out.

    A choice may be about a unit that the overlay takes out.
    """
    changes = (
        f"{'.'.join(path)}={json.dumps(value, ensure_ascii=False)}"
        for path, value in _leaves(over, ())
    )
    return ("staffing=null", *changes)


def _leaves(data: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    whole = path[:1] == ("units",) and len(path) == 2
    if isinstance(data, dict) and data and not whole:
        for key, value in data.items():
            yield from _leaves(value, (*path, key))
    elif path:
        yield path, data


def plan_text(
    over: Overlay, before: Mapping[str, Any], *, title: str, summary: str
) -> str:
    """Write a plan file: what differs from the scenario, and nothing else.

    Parameters
    ----------
    over
        What the search changed.
    before
        The plan file from which it started, as plain data; its changes stay.
    title, summary
        Of the new plan.
    """
    kept = {k: v for k, v in before.items() if k not in ("title", "summary")}
    data = {"title": title, "summary": summary, **_merged(kept, over)}
    text = yaml.safe_dump(
        data, sort_keys=False, allow_unicode=True, width=88, default_flow_style=None
    )
    if parse_document(text.encode(), "plan").data != data:
        # What looks like something else to YAML 1.2 goes into quotes, all of it.
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return text


def _merged(data: Any, over: Any) -> Any:
    if not isinstance(data, Mapping) or not isinstance(over, Mapping):
        return over
    return {**data, **{k: _merged(data.get(k), v) for k, v in over.items()}}
