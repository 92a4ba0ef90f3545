"""Reading a scenario: files in, a checked `Scenario` out, or every fault at once."""

import hashlib
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from scenarios.clock import Clock, shown
from scenarios.document import (
    Document,
    Where,
    absent,
    dotted,
    matches,
    option,
    overlay,
    parse_document,
    path_of,
    without,
)
from scenarios.effect import HERE
from scenarios.fault import problems_of
from scenarios.plan import BASE, Plan, PlanFile
from scenarios.problem import Problem, ScenarioError, allowed, fail
from scenarios.quantity import Model, name_of
from scenarios.reference import (
    HERE_IS_TAKEN,
    WORDS,
    names_in,
    reference_problems,
    unless_known,
)
from scenarios.road import CLASSES, Network, Roads
from scenarios.rule import rule_pack
from scenarios.scenario import Scenario, Setting, Source

if TYPE_CHECKING:
    import networkx as nx

M = TypeVar("M", bound=Model)
LIBRARY = Path(__file__).parent / "library"
MOST_FILE_BYTES = 200_000_000


class Folder:
    """The files of one scenario, each read once and remembered with its checksum.

    Parameters
    ----------
    path
        A scenario folder or a single scenario file.
    """

    def __init__(self, path: Path) -> None:
        single = path.is_file()
        self.root = path.parent if single else path
        self.main = path.name if single else "scenario.yaml"
        self.name = path.stem if single else path.resolve().name
        self.single = single
        self.sources: dict[str, Source] = {}

    def shown(self, name: str) -> str:
        """Give the name of a file as errors show it."""
        return str(self.root / name)

    def read(self, name: str) -> bytes:
        """Read a file of the scenario.

        Raises
        ------
        ScenarioError
            When it cannot be read, is too large or lies outside the folder.
        """
        try:
            path = (self.root / name).resolve()
            fault = self._unreadable(path)
            raw = b"" if fault else path.read_bytes()
        except FileNotFoundError:
            fault = "there is no such file"
        except (OSError, ValueError, RuntimeError) as error:
            fault = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        if fault:
            raise fail(self.shown(name), fault)
        digest = hashlib.sha256(raw).hexdigest()
        self.sources[name] = Source(path=name, sha256=digest, content=raw)
        return raw

    def _unreadable(self, path: Path) -> str:
        """Say why a file must not be read; nothing when it may."""
        if not path.is_relative_to(self.root.resolve()):
            return "lies outside the scenario's folder"
        if path.is_dir():
            return "is a folder, not a file"
        if path.exists() and not path.is_file():
            return "is no ordinary file"
        too_large = path.stat().st_size > MOST_FILE_BYTES
        return f"too large, over {MOST_FILE_BYTES} bytes" if too_large else ""

    def document(self, name: str) -> Document:
        """Read a YAML file of the scenario."""
        return parse_document(self.read(name), self.shown(name))

    def plans(self) -> dict[str, str]:
        """Name the plan files, in order of name, ``base`` first."""
        if self.single:
            return {}
        names = {
            unicodedata.normalize("NFC", path.stem): f"plans/{path.name}"
            for path in sorted((self.root / "plans").glob("*.yaml"))
            if path.name[0] != "."
        }
        return {name: names[name] for name in sorted(names, key=_base_first)}

    def misnamed(self) -> Iterator[Problem]:
        """Find plan files whose names do not do for plans."""
        for name, path in self.plans().items():
            try:
                name_of(name)
            except ValueError as error:
                yield Problem(file=self.shown(path), text=str(error))
        others = [] if self.single else sorted((self.root / "plans").glob("*.*"))
        for other in others:
            if other.suffix.lower() in (".yml", ".yaml") and other.suffix != ".yaml":
                text = "the name of a plan file must end in .yaml"
                yield Problem(file=self.shown(f"plans/{other.name}"), text=text)


def _base_first(name: str) -> tuple[bool, str]:
    return name != BASE, name


def bundled() -> dict[str, Path]:
    """Name the scenarios of the library, with their folders."""
    return {
        path.parent.name: path.parent
        for path in sorted(LIBRARY.glob("*/scenario.yaml"))
    }


def find(name: str | Path) -> Path:
    """Find a scenario by path, or by name in the library.

    Raises
    ------
    ScenarioError
        When there is none.
    """
    path = Path(name)
    try:
        if path.is_file() or (path / "scenario.yaml").is_file():
            return path
        folder = path.is_dir()
    except OSError as error:
        raise fail(shown(str(name)), f"cannot be read: {error.strerror}") from None
    if str(name) in bundled():
        return bundled()[str(name)]
    if folder:
        raise fail(str(path), "the folder holds no scenario.yaml")
    known = allowed(list(bundled()), str(name))
    raise fail(str(name), f"no such scenario: neither a path nor bundled; {known}")


def load(
    name: str | Path, *, changes: tuple[str, ...] = (), plan: str | None = None
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

    Raises
    ------
    ScenarioError
        With everything that is wrong in all files.
    """
    folder = Folder(find(name))
    try:
        return _load(folder, changes, plan)
    except ScenarioError as error:
        if not changes:
            raise
        found = error.problems
    try:
        _load(folder, (), plan)
        before: tuple[Problem, ...] = ()
    except ScenarioError as error:
        before = error.problems
    raise ScenarioError(tuple(_owed_to_changes(found, before)))


def _owed_to_changes(
    problems: tuple[Problem, ...], before: tuple[Problem, ...]
) -> Iterator[Problem]:
    """Say so where files that are sound by themselves do not stand the changes."""
    for problem in problems:
        own = problem.file.startswith("--set ") or problem in before
        yield problem if own else replace(problem, text=f"after --set: {problem.text}")


def _load(folder: Folder, changes: tuple[str, ...], plan: str | None) -> Scenario:
    base = folder.document(folder.main)
    if not isinstance(base.data, dict):
        text = f"must be a mapping of keys to values, found {shown(base.data)}"
        raise ScenarioError((base.problem((), text),))
    problems = [] if plan else list(folder.misnamed())
    documents: dict[str, Document] = {}
    for plan_name in _plan_names(folder, plan):
        documents[plan_name], faults = _under(folder, base, plan_name)
        problems += faults
    for text in changes:
        try:
            base, documents = _changed(text, base, documents)
        except ScenarioError as error:
            problems += error.problems
    return _finish(folder, base, documents, changes, problems)


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


def _under(
    folder: Folder, base: Document, plan: str
) -> tuple[Document, tuple[Problem, ...]]:
    """Lay a plan over the base; without a file the base plan changes nothing."""
    file = folder.plans().get(plan)
    if file is None:
        return base, ()
    try:
        document = folder.document(file)
    except ScenarioError as error:
        return base, error.problems
    faults = tuple(_faults(PlanFile, document, {}, no_such_key=_NOT_A_PLANS))
    if faults:
        return base, faults
    document = without(document, {("title",), ("summary",)})
    document = without(document, _unmendable(document, base))
    unknown = dict(_unknown(document, base))
    problems = tuple(document.problem(*item, key=True) for item in unknown.items())
    return overlay(base, without(document, set(unknown))), problems


_NOT_A_PLANS = "no such key in a plan"


def _unknown(plan: Document, base: Document) -> Iterator[tuple[Where, str]]:
    """Find what a plan changes or takes out although the scenario does not have it.

    A unit or a duty may be new: then it says all of itself.
    """
    yield from absent(base, plan)
    stations = names_in(base, "stations") or ()
    stages = [("stations", name, "stages") for name in stations]
    for around in (("stations",), ("units",), ("duties",), *stages):
        found, known = plan.get(around) or {}, base.get(around) or {}
        if names_in(base, around[0]) is None or not isinstance(known, dict):
            continue  # at fault in the scenario itself, and told there
        first, word = _FIRST_KEYS.get(around[-1]), WORDS[around[-1]]
        for name, value in found.items():
            new = isinstance(value, dict) and first in value
            if name not in known and not new and (value is not None or not known):
                says = f"; a new one must give its {first}" if first else ""
                text = f"no such {word}, found {shown(name)}; "
                yield (*around, name), text + allowed(list(known), name) + says


_FIRST_KEYS = {"units": "agency", "duties": "kind"}


def _unmendable(plan: Document, base: Document) -> set[Where]:
    """Find what a plan says of entries that are at fault in the scenario itself."""
    return {
        where
        for where in plan.values
        if isinstance(plan.get(where), dict) and _at_fault(base, where)
    }


def _at_fault(base: Document, where: Where) -> bool:
    if len(where) == 1:
        return where[0] in WORDS and names_in(base, str(where[0])) is None
    return len(where) == 2 and not isinstance(base.get(where), dict | None)


def _changed(
    text: str, base: Document, documents: dict[str, Document]
) -> tuple[Document, dict[str, Document]]:
    """Lay one ``--set`` over the scenario and over each plan."""
    change, path = option(text), path_of(text)
    for end in range(1, len(path)):
        _refuse_path(change, base, path, end)
    changed = overlay(base, change)
    # What a plan has taken out stays out.
    whole = path[:2] if path[0] in _FIRST_KEYS and base.get(path[:2]) else ()
    return changed, {
        name: overlay(document, change) if document.get(whole) else document
        for name, document in documents.items()
    }


def _refuse_path(change: Document, base: Document, path: Where, end: int) -> None:
    around, name = path[:end], str(path[end])
    held = base.get(around)
    text = ""
    if isinstance(held, list):
        text = f"is a list; set it as a whole: {dotted(around)}=[...]"
    elif held is not None and not isinstance(held, dict):
        text = f"is a single value, {shown(held)}; set it as {dotted(around)}=..."
    elif held and around[-1] in WORDS and end + 1 < len(path) and name not in held:
        text = f"no such {WORDS[str(around[-1])]}, found {shown(name)}; "
        around, text = path[: end + 1], text + allowed(list(held), name)
    if text:
        raise ScenarioError((change.problem(around, text),))


def _faults(
    model: type[Model],
    document: Document,
    context: dict[str, Any],
    *,
    no_such_key: str = "no such key",
) -> Iterator[Problem]:
    try:
        _validated(model, document.data, context)
    except ValidationError as error:
        yield from problems_of(error, model, document, no_such_key=no_such_key)


def _validated(model: type[M], data: object, context: dict[str, Any]) -> M:
    """Validate what a file says: by the keys of files, not those of Python."""
    return model.model_validate(data, context=context, by_alias=True, by_name=False)


def _finish(
    folder: Folder,
    base: Document,
    documents: dict[str, Document],
    changes: tuple[str, ...],
    problems: list[Problem],
) -> Scenario:
    context = {"clock": _clock(base)}
    graph, report = None, None
    try:
        graph, report = _roads(folder, base)
    except ScenarioError as error:
        problems += error.problems
    known = None if graph is None else _known(graph, base)
    own = list(_content_problems(base, context, known))
    under = {
        name: list(_content_problems(document, context, known))
        for name, document in documents.items()
    }
    problems += [*own, *_under_plans(folder, own, under)]
    if problems:
        raise ScenarioError(_tidy(problems))
    assert graph is not None
    assert report is not None
    setting = _validated(Setting, base.data, context)
    return Scenario(
        name=folder.name,
        setting=setting,
        plans={
            name: _plan(folder, name, document, context)
            for name, document in documents.items()
        },
        rules=rule_pack(setting.rules),
        graph=graph,
        road_report=report,
        sources=tuple(folder.sources.values()),
        changes=changes,
    )


def _content_problems(
    document: Document,
    context: dict[str, Any],
    known: dict[str, Collection[str]] | None,
) -> Iterator[Problem]:
    yield from _faults(Setting, document, context)
    yield from reference_problems(document)
    yield from _road_problems(document, known)


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
    setting = _validated(Setting, document.data, context)
    return Plan(name=name, title=title, summary=summary, setting=setting)


def _clock(document: Document) -> Clock | None:
    """Read the clock first, for all other times are placed by it."""
    try:
        return Clock.model_validate(document.get(("clock",)))
    except ValidationError:
        return None


def _roads(folder: Folder, base: Document) -> tuple[Any, Any]:
    """Read the road network; (None, None) when the section itself is at fault."""
    from scenarios.network import graph_of, report_of

    try:
        roads = _validated(Roads, base.get(("roads",)), {})
    except ValidationError:
        return None, None
    document, at = base, _IN_SCENARIO
    if roads.file is not None:
        raw = _road_file(folder, base, roads.file)
        if raw.removeprefix(BOM_UTF8).lstrip()[:1] == b"<":
            from scenarios.graphml import read_graphml

            graph, report = read_graphml(raw, folder.shown(roads.file), roads)
            return graph, report
        document, at = parse_document(raw, folder.shown(roads.file)), ()
        faults = list(_faults(Network, document, {}))
        if faults:
            raise ScenarioError(tuple(faults))
    faults = list(_network_problems(document, at, roads))
    if faults:
        raise ScenarioError(tuple(faults))
    graph = graph_of(_validated(Network, document.get(at), {}))
    return graph, report_of(graph)


_IN_SCENARIO: Where = ("roads", "network")


def _road_file(folder: Folder, base: Document, name: str) -> bytes:
    try:
        return folder.read(name)
    except ScenarioError as error:
        text = f"{error.problems[0].text}, found {shown(name)}"
        raise ScenarioError((base.problem(("roads", "file"), text),)) from None


def _network_problems(document: Document, at: Where, roads: Roads) -> Iterator[Problem]:
    """Find nodes and classes that are not there, and ids that come twice."""
    data = document.get(at)
    nodes, classes = data["nodes"], roads.speeds()
    seen: dict[str, int] = {}
    for index, edge in enumerate(data["edges"]):
        where = (*at, "edges", index)
        for end in ("from", "to"):
            yield from unless_known(document, (*where, end), edge[end], nodes, "node")
        yield from unless_known(
            document, (*where, "road"), edge["road"], classes, "road class"
        )
        if edge["id"] in seen:
            text = f"id given twice, found '{edge['id']}'; first in edges"
            yield document.problem((*where, "id"), f"{text}[{seen[edge['id']]}]")
        elif edge["id"] == HERE:
            yield document.problem((*where, "id"), HERE_IS_TAKEN)
        seen.setdefault(edge["id"], index)


def _known(graph: "nx.MultiDiGraph[Any]", base: Document) -> dict[str, Collection[str]]:
    classes = base.get(("roads", "classes"))
    return {
        "node": dict.fromkeys(str(node) for node in graph),
        "road": dict.fromkeys(str(data["id"]) for _, _, data in graph.edges(data=True)),
        "road class": [*CLASSES, *(classes if isinstance(classes, dict) else ())],
    }


_ON_ROADS = (
    ("places.*.node", "node"),
    ("script.*.effects.*.roads.*", "road"),
    ("incidents.*.levels.*.effects.*.roads.*", "road"),
    ("roads.default_class", "road class"),
)


def _road_problems(
    document: Document, known: dict[str, Collection[str]] | None
) -> Iterator[Problem]:
    """Find names of nodes, roads and classes that the network does not hold."""
    for pattern, word in _ON_ROADS:
        for where, value in matches(document.data, tuple(pattern.split("."))):
            here = value == HERE and where[0] == "incidents"
            if known is not None and isinstance(value, str) and not here:
                yield from unless_known(document, where, value, known[word], word)


def _tidy(problems: list[Problem]) -> tuple[Problem, ...]:
    """Drop what is said twice; sort by file and line."""
    placed = {problem.text for problem in problems if problem.path}
    unique = [p for p in dict.fromkeys(problems) if p.path or p.text not in placed]
    return tuple(sorted(unique, key=_place))
