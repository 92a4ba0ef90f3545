"""Choices: which plans are compared, by which measure, and where days are kept."""

from collections.abc import Sequence
from pathlib import Path

from analysis.experiment import Progress
from analysis.measure import OVERALL
from analysis.precision import threshold
from analysis.replication import Key, Replication, Task
from analysis.store import Store
from analysis.target import LEAST
from analysis.worker import play
from scenarios.measure import MEASURES
from scenarios.problem import allowed, fail
from scenarios.scenario import Scenario
from simulator.road import map_of

MEASURE = "wait.mean"
RESPONSE = "response.mean"


def part_of(tell: Progress, before: int, total: int, note: str) -> Progress:
    """Tell the progress of one experiment as part of a study.

    Parameters
    ----------
    tell
        Of the study.
    before
        Replications of the experiments before it.
    total
        Replications of all.
    note
        Whose they are.
    """
    return lambda done, _, __: tell(before + done, total, note)


def store_of(
    parts: Path | None, scenario: Scenario, plan: str, seed: int, label: str = ""
) -> Store | None:
    """Give the store of one experiment among those of a study."""
    if parts is None:
        return None
    name = "-".join(filter(None, (scenario.name, plan, label)))
    return Store.of(parts / name, scenario, plan, seed)


def plan_names(
    scenarios: Sequence[Scenario], plans: Sequence[str], baseline: str | None
) -> list[str]:
    """Say which plans are compared, the baseline first.

    Raises
    ------
    ScenarioError
        Says which are allowed.
    """
    _refuse_twice([s.name for s in scenarios], "scenario")
    known = [p for p in scenarios[0].plans if all(p in s.plans for s in scenarios)]
    names = list(plans) or known
    _refuse_twice(names, "--plans")
    for scenario in scenarios:
        for name in names:
            if name not in scenario.plans:
                text = f"no such plan of {scenario.name}; "
                text += allowed(list(scenario.plans), name)
                raise fail(f"--plans {name}", text)
    if baseline is not None and baseline not in names:
        text = f"is not among the plans compared; {allowed(names, baseline)}"
        raise fail(f"--baseline {baseline}", text)
    if len(names) < 2:
        found = ", ".join(names) or "none that all scenarios have"
        raise fail("--plans", f"comparing needs two plans or more, found {found}")
    return names if baseline is None else sorted(names, key=lambda n: n != baseline)


def _refuse_twice(names: Sequence[str], where: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise fail(f"{where} {name}", "is named twice; name each once")


def measure_of(text: str | None, scenario: Scenario, plan: str) -> Key:
    """Read which measure stands for service.

    Parameters
    ----------
    text
        As written; None for mean wait, or mean response without stations.
    scenario, plan
        Whose targets say which thresholds are measured.

    Raises
    ------
    ScenarioError
        When there is no such measure, or neither of two values is better.
    """
    setting = scenario.plans[plan].setting
    if text is None:
        return (MEASURE if setting.stations else RESPONSE), -1.0, OVERALL
    where = f"--measure {text}"
    rest, _, member = " ".join(text.split()).partition(" of ")
    name, _, at = rest.partition(" at ")
    if name not in MEASURES:
        raise fail(where, f"no such measure; {allowed(list(MEASURES), name)}")
    if MEASURES[name].better == "neither":
        raise fail(where, "neither more nor less of it is better; choose another")
    return name, threshold(where, name, at or None, setting), member or OVERALL


def refuse_member(
    key: Key, scenario: Scenario, plan: str, seed: int, days: int
) -> None:
    """Refuse a member of whom nothing is measured, before everything is played.

    A few days are played here for it, as a rule one: what is measured of whom shows in
    a day alone.

    Raises
    ------
    ScenarioError
        Says which are measured.
    """
    task = Task(scenario=scenario, plan=plan, seed=seed, roads=map_of(scenario))
    members: dict[str, None] = {}
    for number in range(min(days, LEAST)):
        for one in play(task, [number]).played:
            if isinstance(one, Replication):
                names = one.values.names
                members |= {m: None for *found, m in names if (*found,) == key[:2]}
        if key[2] in members:
            return
    if members:
        text = f"measured for nobody of that name; {allowed(list(members), key[2])}"
        raise fail(f"--measure {key[0]} of {key[2]}", text)
