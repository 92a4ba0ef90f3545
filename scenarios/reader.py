"""Reading a scenario: files in, a checked `Scenario` out, or every fault at once."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.clock import Clock
from scenarios.document import (
    Document,
    Where,
    matches,
    option,
    overlay,
    parse_document,
)
from scenarios.effect import HERE
from scenarios.fault import problems_of
from scenarios.plan import BASE, Plan, PlanFile
from scenarios.problem import Problem, ScenarioError, allowed, fail
from scenarios.quantity import Model
from scenarios.reference import reference_problems
from scenarios.road import CLASSES, Network, Roads
from scenarios.rule import rule_pack
from scenarios.scenario import Scenario, Setting, Source

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
        path = self.root / name
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise fail(self.shown(name), "lies outside the scenario's folder")
        try:
            if path.stat().st_size > MOST_FILE_BYTES:
                raise fail(self.shown(name), f"too large, over {MOST_FILE_BYTES} bytes")
            raw = path.read_bytes()
        except OSError as error:
            raise fail(
                self.shown(name), f"cannot be read: {error.strerror}"
            ) from None
        digest = hashlib.sha256(raw).hexdigest()
        self.sources[name] = Source(path=name, sha256=digest, content=raw)
        return raw

    def document(self, name: str) -> Document:
        """Read a YAML file of the scenario."""
        return parse_document(self.read(name), self.shown(name))

    def plans(self) -> list[str]:
        """Name the plan files, in order of name, ``base`` first."""
        if self.single:
            return []
        names = sorted(path.stem for path in (self.root / "plans").glob("*.yaml"))
        return sorted(names, key=lambda name: name != BASE)


def bundled() -> dict[str, Path]:
    """Name the scenarios of the library, with their folders."""
    return {
        path.parent.name: path.parent for path in sorted(LIBRARY.glob("*/scenario.yaml"))
    }


def find(name: str | Path) -> Path:
    """Find a scenario by path, or by name in the library.

    Raises
    ------
    ScenarioError
        When there is none.
    """
    path = Path(name)
    if path.is_file() or (path / "scenario.yaml").is_file():
        return path
    if str(name) in bundled():
        return bundled()[str(name)]
    if path.is_dir():
        raise fail(str(name), "the folder holds no scenario.yaml")
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
    base = folder.document(folder.main)
    options = [option(text) for text in changes]
    names = _plan_names(folder, plan)
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for plan_name in names:
        document, faults = _under(folder, base, plan_name)
        problems += faults
        documents[plan_name] = document
    problems += _option_problems(options, base)
    if problems and options:
        raise ScenarioError(_tidy(problems))
    for text in options:
        base = overlay(base, text)
        documents = {key: overlay(value, text) for key, value in documents.items()}
    return _finish(folder, base, documents, changes, problems)


def _plan_names(folder: Folder, plan: str | None) -> list[str]:
    names = folder.plans()
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
    if plan not in folder.plans():
        return base, ()
    try:
        document = folder.document(f"plans/{plan}.yaml")
        faults = tuple(_faults(PlanFile, document, {}))
        if faults:
            return base, faults
        return overlay(base, _without_titles(document)), ()
    except ScenarioError as error:
        return base, error.problems


def _option_problems(options: list[Document], base: Document) -> Iterator[Problem]:
    """Refuse a ``--set`` whose path names something that is not there."""
    for document in options:
        where: Where = ()
        deepest = max(document.keys, key=len)
        for part in deepest[:-1]:
            names = base.get(where)
            where = (*where, part)
            if isinstance(names, dict) and part not in names and len(where) > 1:
                text = f"no such entry, found '{part}'; {allowed(list(names), str(part))}"
                yield document.problem(where, text)
                break


def _without_titles(document: Document) -> Document:
    own = ("title", "summary")
    return Document(
        file=document.file,
        data={k: v for k, v in document.data.items() if k not in own},
        keys={w: m for w, m in document.keys.items() if w[0] not in own},
        values={
            w: m for w, m in document.values.items() if w and w[0] not in own
        },
    )


def _faults(
    model: type[Model], document: Document, context: dict[str, Any]
) -> Iterator[Problem]:
    try:
        model.model_validate(document.data, context=context)
    except ValidationError as error:
        yield from problems_of(error, model, document)


def _finish(
    folder: Folder,
    base: Document,
    documents: dict[str, Document],
    changes: tuple[str, ...],
    problems: list[Problem],
) -> Scenario:
    clock = _clock(base)
    context = {"clock": clock}
    graph, report = None, None
    try:
        graph, report = _roads(folder, base)
    except ScenarioError as error:
        problems += error.problems
    known = None if graph is None else _known(graph, base)
    for document in (base, *documents.values()):
        problems += _faults(Setting, document, context)
        problems += reference_problems(document)
        problems += _road_problems(document, known)
    if problems:
        raise ScenarioError(_tidy(problems))
    assert graph is not None
    assert report is not None
    setting = Setting.model_validate(base.data, context=context)
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


def _plan(
    folder: Folder, name: str, document: Document, context: dict[str, Any]
) -> Plan:
    title, summary = "As the scenario says", ""
    if name in folder.plans():
        own = PlanFile.model_validate(folder.document(f"plans/{name}.yaml").data)
        title, summary = own.title, own.summary
    setting = Setting.model_validate(document.data, context=context)
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
        roads = Roads.model_validate(base.get(("roads",)))
    except ValidationError:
        return None, None
    if roads.network is not None:
        faults = list(_network_problems(base, ("roads", "network"), roads))
        if faults:
            raise ScenarioError(tuple(faults))
        graph = graph_of(roads.network)
        return graph, report_of(graph)
    assert roads.file is not None
    raw = folder.read(roads.file)
    if raw.lstrip()[:1] == b"<":
        from scenarios.graphml import read_graphml

        return read_graphml(raw, folder.shown(roads.file), roads)
    document = parse_document(raw, folder.shown(roads.file))
    faults = list(_faults(Network, document, {}))
    faults = faults or list(_network_problems(document, (), roads))
    if faults:
        raise ScenarioError(tuple(faults))
    graph = graph_of(Network.model_validate(document.data))
    return graph, report_of(graph)


def _network_problems(
    document: Document, at: Where, roads: Roads
) -> Iterator[Problem]:
    """Nodes, classes and ids of a hand-written network."""
    data = document.get(at)
    nodes, classes = list(data["nodes"]), [*CLASSES, *roads.classes]
    seen: dict[str, int] = {}
    for index, edge in enumerate(data["edges"]):
        where = (*at, "edges", index)
        for end in ("from", "to"):
            if edge[end] not in nodes:
                text = f"no such node, found '{edge[end]}'; {allowed(nodes, edge[end])}"
                yield document.problem((*where, end), text)
        if edge["road"] not in classes:
            text = f"no such road class, found '{edge['road']}'; "
            yield document.problem(
                (*where, "road"), text + allowed(classes, edge["road"])
            )
        if edge["id"] in seen:
            text = f"id given twice, found '{edge['id']}'; first in edges[{seen[edge['id']]}]"
            yield document.problem((*where, "id"), text)
        seen.setdefault(edge["id"], index)


def _known(graph: Any, base: Document) -> dict[str, list[str]]:
    classes = base.get(("roads", "classes"))
    return {
        "node": [str(node) for node in graph],
        "road": sorted({road for _, _, road in graph.edges(data="id")}),
        "road class": [*CLASSES, *(classes if isinstance(classes, dict) else ())],
    }


_ON_ROADS = (
    ("places.*.node", "node"),
    ("script.*.effects.*.roads.*", "road"),
    ("incidents.*.levels.*.effects.*.roads.*", "road"),
    ("roads.default_class", "road class"),
)


def _road_problems(
    document: Document, known: dict[str, list[str]] | None
) -> Iterator[Problem]:
    """Find names of nodes, roads and classes that the network does not hold."""
    for pattern, word in _ON_ROADS if known is not None else ():
        assert known is not None
        names = known[word]
        for where, value in matches(document.data, tuple(pattern.split("."))):
            here = value == HERE and where[0] == "incidents"
            if isinstance(value, str) and value not in names and not here:
                text = f"no such {word}, found '{value}'; {allowed(names, value)}"
                yield document.problem(where, text)


def _tidy(problems: list[Problem]) -> tuple[Problem, ...]:
    """Drop what the plans say again; sort by file and line."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (p.file, p.line, p.column, p.path)))
