"""Reading a scenario: files in, a checked `Scenario` out, or every fault at once."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from scenarios.call import Recorded
from scenarios.clock import Clock, shown
from scenarios.file.call import given_calls, read_calls
from scenarios.file.change import changed, under_plan
from scenarios.file.document import (
    Document,
)
from scenarios.file.fault import faults_of, validated
from scenarios.file.folder import Folder, bundled, find
from scenarios.file.heading import hinted, rehung
from scenarios.file.include import included
from scenarios.file.observed import read_observed
from scenarios.file.overlay import path_of
from scenarios.file.reference import (
    reference_problems,
)
from scenarios.file.staffing import staffing_problems
from scenarios.file.standing import standing_problems
from scenarios.file.uncertain import uncertain_problems
from scenarios.file.voter import read_voters
from scenarios.plan import BASE, Plan, PlanFile
from scenarios.problem import Problem, ScenarioError, allowed, fail
from scenarios.quantity import Model
from scenarios.road.file import names_on, read_roads, road_problems, stranded
from scenarios.rule import rule_pack
from scenarios.scenario import Scenario, Setting

M = TypeVar("M", bound=Model)


__all__ = ["Written", "bundled", "find", "load", "vary", "written"]


class _Options(NamedTuple):
    """How a scenario is read."""

    changes: tuple[str, ...] = ()
    plan: str | None = None
    calls: Path | None = None
    roads: tuple[Any, Any] | None = None


def loaded(scenario: Scenario | str | Path) -> Scenario:
    """Give a scenario: as it is when it is loaded already, else see `load`."""
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def load(
    name: str | Path,
    *,
    changes: tuple[str, ...] = (),
    plan: str | None = None,
    calls: str | Path | None = None,
) -> Scenario:
    """Read a scenario with its plans.

    Parameters
    ----------
    name
        Path of a folder or file, or the name of a bundled scenario.
    changes
        ``path=value`` settings laid over the scenario and over the plan.
    plan
        Read this plan only; without it, all of them.
    calls
        A file of recorded incidents to replay, in place of the scenario's own.

    Raises
    ------
    ScenarioError
        With everything that is wrong in all files.
    """
    folder = Folder(find(name))
    options = _Options(changes, plan, None if calls is None else Path(calls))
    try:
        return _load(folder, options)
    except ScenarioError as error:
        if not changes:
            raise
        found = error.problems
    try:
        _load(folder, options._replace(changes=()))
        before: tuple[Problem, ...] = ()
    except ScenarioError as error:
        before = error.problems
    raise ScenarioError(tuple(_owed_to_changes(found, before)))


def vary(
    scenario: Scenario, changes: tuple[str, ...], plan: str | None = None
) -> Scenario:
    """Read a scenario again with more changes; its roads are not read again.

    Parameters
    ----------
    scenario
        As loaded.
    changes
        ``path=value`` settings, laid over those it has; none may change its roads.
    plan
        Keep this plan only; without it, those it has.

    Raises
    ------
    ScenarioError
        When it does not stand the changes, or its files are no longer those that were
        read.
    """
    for text in changes:
        if path_of(text)[0] == "roads":
            raise fail(f"--set {text}", "the roads of a variant must stay as they are")
    only = plan or (next(iter(scenario.plans)) if len(scenario.plans) == 1 else None)
    folder, given = Folder(scenario.path), scenario.recorded.given
    options = _Options(
        changes=(*scenario.changes, *changes),
        plan=only,
        calls=Path(given) if given else None,
        roads=(scenario.graph, scenario.road_report),
    )
    varied = _load(folder, options)
    sources = {source.path: source for source in scenario.sources}
    for source in varied.sources:
        if sources.setdefault(source.path, source).sha256 != source.sha256:
            raise fail(folder.shown(source.path), "has changed since it was read")
    return replace(varied, sources=tuple(sources.values()))


class Written(NamedTuple):
    """What the files say, as plain data: all of it under a plan, and the plan alone."""

    whole: dict[str, Any]
    plan: dict[str, Any]


def written(scenario: Scenario, plan: str) -> Written:
    """Give what the files of a scenario say, its changes laid over them.

    Parameters
    ----------
    scenario
        As loaded.
    plan
        One of its plans.
    """
    folder = Folder(scenario.path)
    base, _ = included(folder, rehung(_base(folder))[0])
    document, _ = under_plan(folder, base, plan)
    documents = {plan: document}
    for text in scenario.changes:
        base, documents = changed(text, base, documents)
    file = folder.plans().get(plan)
    own = {} if file is None else folder.document(file).data
    return Written(documents[plan].data, own)


def _owed_to_changes(
    problems: tuple[Problem, ...], before: tuple[Problem, ...]
) -> Iterator[Problem]:
    """Say so where files that are sound by themselves do not stand the changes."""
    for problem in problems:
        own = problem.file.startswith("--set ") or problem in before
        yield problem if own else replace(problem, text=f"after --set: {problem.text}")


def _load(folder: Folder, options: _Options) -> Scenario:
    base = _base(folder)
    if not isinstance(base.data, dict):
        text = f"must be a mapping of keys to values, found {shown(base.data)}"
        raise ScenarioError((base.problem((), text),))
    base, problems = rehung(base)
    base, faults = included(folder, base)
    problems += faults
    base = given_calls(base, options.calls)
    problems += [] if options.plan else list(folder.misnamed())
    documents: dict[str, Document] = {}
    for plan_name in _plan_names(folder, options.plan):
        documents[plan_name], told = under_plan(folder, base, plan_name)
        problems += told
    for text in options.changes:
        try:
            base, documents = changed(text, base, documents)
        except ScenarioError as error:
            problems += error.problems
    return _finish(folder, base, documents, options, problems)


def _base(folder: Folder) -> Document:
    try:
        return folder.document(folder.main)
    except ScenarioError as error:
        source = folder.read(folder.main).decode("utf-8", "replace")
        told = tuple(hinted(problem, source) for problem in error.problems)
        raise ScenarioError(told) from None


def _plan_names(folder: Folder, plan: str | None) -> list[str]:
    names = list(folder.plans())
    known = names if BASE in names else [BASE, *names]
    if plan is None:
        return known
    if plan not in known:
        raise fail(
            f"--plan {plan}", f"no such plan in {folder.name}; {allowed(known, plan)}"
        )
    return [plan]


def _finish(
    folder: Folder,
    base: Document,
    documents: dict[str, Document],
    options: _Options,
    problems: list[Problem],
) -> Scenario:
    observed, faults = read_observed(folder, [base, *documents.values()])
    problems += faults
    clock = _clock(base)
    voters, faults = read_voters(folder, [base, *documents.values()], clock)
    problems += faults
    context = {"clock": clock, "observed": observed, "voters": voters}
    graph, report = None, None
    try:
        graph, report = options.roads or read_roads(folder, base)
    except ScenarioError as error:
        problems += error.problems
    problems += stranded(base, report)
    known = None if graph is None else names_on(graph, base)
    own = list(_content_problems(base, base, context, known))
    under = {
        name: list(_content_problems(document, base, context, known))
        for name, document in documents.items()
    }
    problems += [*own, *_under_plans(folder, own, under)]
    recorded = Recorded()
    try:
        recorded = read_calls(folder, base, clock, graph, options.calls)
    except ScenarioError as error:
        problems += error.problems
    if not problems:
        problems += uncertain_problems(base, documents, context)
    if problems:
        raise ScenarioError(_tidy(problems))
    assert graph is not None
    assert report is not None
    setting = validated(Setting, base.data, context)
    return Scenario(
        name=folder.name,
        path=folder.path,
        setting=setting,
        plans={
            name: _plan(folder, name, document, context)
            for name, document in documents.items()
        },
        rules=rule_pack(setting.rules),
        graph=graph,
        road_report=report,
        sources=tuple(folder.sources.values()),
        changes=options.changes,
        recorded=recorded,
    )


def _content_problems(
    document: Document,
    base: Document,
    context: dict[str, Any],
    known: dict[str, Collection[str]] | None,
) -> Iterator[Problem]:
    yield from faults_of(Setting, document, context)
    yield from reference_problems(document, base)
    yield from standing_problems(document)
    yield from staffing_problems(document, base, context)
    yield from road_problems(document, known)


def _under_plans(
    folder: Folder, own: list[Problem], under: dict[str, list[Problem]]
) -> Iterator[Problem]:
    """Keep what goes wrong under a plan only; say which, where its file does not."""
    told, files = {_place(problem) for problem in own}, folder.plans()
    plans: dict[Problem, list[str]] = {}
    for name, problems in under.items():
        for problem in dict.fromkeys(problems):
            if problem.file == folder.shown(files.get(name, "")):
                yield problem
            elif _place(problem) not in told:
                plans.setdefault(problem, []).append(name)
    for problem, names in plans.items():
        yield replace(problem, text=f"under plan {', '.join(names)}: {problem.text}")


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, problem.path


def _plan(
    folder: Folder, name: str, document: Document, context: dict[str, Any]
) -> Plan:
    title, summary = "As the scenario says", ""
    file = folder.plans().get(name)
    if file is not None:
        own = PlanFile.model_validate(folder.document(file).data)
        title, summary = own.title, own.summary
    setting = validated(Setting, document.data, context)
    return Plan(name=name, title=title, summary=summary, setting=setting)


def _clock(document: Document) -> Clock | None:
    """Read the clock first, for all other times are placed by it."""
    try:
        return Clock.model_validate(document.get(("clock",)))
    except ValidationError:
        return None


def _tidy(problems: list[Problem]) -> tuple[Problem, ...]:
    """Drop what is said twice; sort by file and line."""
    placed = {problem.text for problem in problems if problem.path}
    unique = [p for p in dict.fromkeys(problems) if p.path or p.text not in placed]
    return tuple(sorted(unique, key=_place))
