"""What is varied: inputs of the scenario and of ``--vary``, from where to where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor

from analysis.sensitivity.range import Vary
from scenarios.file.reader import vary
from scenarios.input import NoSuchPathError, leaves
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import Scenario, Setting
from scenarios.uncertain import Input
from simulator.uncertain import quantile

# Of a law, the ends of a tornado: one day in twenty lies beyond each.
TAIL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An input that is studied, from one level to another.

    Parameters
    ----------
    name
        Of the input.
    input
        Which values it changes, and how.
    least, most
        All levels that are looked at lie between them.
    low, high
        The ends of the tornado.
    nominal
        The level at which the scenario is as written; None when it has several values
        that a level replaces.
    whole
        Whether all its values are whole numbers, and its levels are rounded.
    points
        How many of a sweep; None when not said.
    """

    name: str
    input: Input
    least: float
    most: float
    low: float
    high: float
    nominal: float | None
    whole: bool = False
    points: int | None = None

    def level(self, share: float) -> float:
        """Give the level at a share of the way from least to most."""
        return self.least + (self.most - self.least) * share

    def text(self, level: float) -> str:
        """Write a level; of whole numbers the one that is played."""
        return self.input.level_text(floor(level + 0.5) if self.whole else level)


def studied(
    scenario: Scenario, plan: str, texts: Sequence[str]
) -> tuple[Scenario, tuple[Span, ...]]:
    """Give a scenario with what ``--vary`` adds to its uncertain inputs, and all spans.

    Parameters
    ----------
    scenario
        As loaded.
    plan
        Name of one of its plans.
    texts
        What is given at ``--vary``; it takes the place of what the scenario says of
        the same values.

    Raises
    ------
    ScenarioError
        When one is not sound, or a path leads to no value.
    """
    wanted = {f"vary-{i}": Vary.of(text) for i, text in enumerate(texts, start=1)}
    setting = scenario.plans[plan].setting
    changes = [f"uncertain.{name}=null" for name in _replaced(setting, wanted)]
    changes += [one.change(name) for name, one in wanted.items()]
    if changes:
        try:
            scenario = vary(scenario, tuple(changes), plan)
        except ScenarioError as error:
            raise _at_vary(error, wanted) from None
    inputs = scenario.plans[plan].setting.uncertain
    plain = scenario.plans[plan].setting
    return scenario, tuple(
        _span(name, one, wanted.get(name), plain) for name, one in inputs.items()
    )


def _replaced(setting: Setting, wanted: Mapping[str, Vary]) -> list[str]:
    """Name the uncertain inputs of a scenario whose values are varied."""
    places = {p for one in wanted.values() for p in _places(setting, one.path)}
    return [
        name
        for name, one in setting.uncertain.items()
        if places & set(_places(setting, one.path))
    ]


def _places(setting: Setting, path: str) -> list[tuple[str | int, ...]]:
    try:
        return [leaf.place for leaf in leaves(setting, path)]
    except NoSuchPathError:
        return []  # told when the input is read


def _span(name: str, one: Input, given: Vary | None, setting: Setting) -> Span:
    least, most = one.law.bounds
    low, high = least, most
    if given is None:
        low, high = quantile(one.law, TAIL), quantile(one.law, 1 - TAIL)
    return Span(
        name=name,
        input=one,
        least=least,
        most=most,
        low=low,
        high=high,
        nominal=_nominal(one, setting),
        whole=_whole(one, setting),
        points=None if given is None else given.points,
    )


def _whole(one: Input, setting: Setting) -> bool:
    """Tell whether an input sets or moves whole numbers alone."""
    try:
        kinds = {leaf.kind for leaf in leaves(setting, one.path)}
    except NoSuchPathError:
        return False
    return one.way != "factor" and kinds == {"whole number"}


def _nominal(one: Input, setting: Setting) -> float | None:
    if one.way != "value":
        return 1.0 if one.way == "factor" else 0.0
    try:
        values = {leaf.value for leaf in leaves(setting, one.path)}
    except NoSuchPathError:
        return None
    return values.pop() if len(values) == 1 else None


def _at_vary(error: ScenarioError, wanted: Mapping[str, Vary]) -> ScenarioError:
    """Tell faults of what ``--vary`` adds at that option, not at ``--set``."""
    return ScenarioError(tuple(_told(problem, wanted) for problem in error.problems))


def _told(problem: Problem, wanted: Mapping[str, Vary]) -> Problem:
    for name, one in wanted.items():
        if f"uncertain.{name}" in (problem.file + " " + problem.path):
            where = f"--vary {one.path}={one.low}..{one.high}"
            return replace(problem, file=where, line=0, column=0, path="")
    return problem
