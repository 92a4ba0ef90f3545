"""What plans and ``--set`` change of a scenario, and what they may not."""

from collections.abc import Iterator, Mapping

from scenarios.clock import shown
from scenarios.file.document import Document, Where, dotted
from scenarios.file.fault import faults_of
from scenarios.file.folder import Folder
from scenarios.file.overlay import absent, option, overlay, path_of, without
from scenarios.file.reference import WORDS, names_in
from scenarios.plan import PlanFile
from scenarios.problem import Problem, ScenarioError, allowed, fail

_NOT_A_PLANS = "no such key in a plan"
_FIRST_KEYS = {"units": "agency", "duties": "kind", "orders": "order"}


def under_plan(
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
    faults = tuple(faults_of(PlanFile, document, {}, no_such_key=_NOT_A_PLANS))
    if faults:
        return base, faults
    document = without(document, {("title",), ("summary",)})
    document = without(document, _unmendable(document, base))
    strange = dict(unknown(document, base))
    problems = tuple(document.problem(*item, key=True) for item in strange.items())
    return overlay(base, without(document, set(strange))), problems


def unknown(
    plan: Document, base: Document, first_keys: Mapping[str, str] = _FIRST_KEYS
) -> Iterator[tuple[Where, str]]:
    """Find what a plan changes or takes out although the scenario does not have it.

    Parameters
    ----------
    plan
        What is laid over the scenario.
    base
        The scenario.
    first_keys
        Of what kinds something new is allowed, and the key by which it says so: a
        unit, a duty or a standing order of a plan says all of itself.
    """
    yield from absent(base, plan)
    stations = names_in(base, "stations") or ()
    stages = [("stations", name, "stages") for name in stations]
    kinds = [("stations",), ("units",), ("duties",), ("orders",), ("incidents",)]
    for around in (*kinds, *stages):
        found, known = plan.get(around) or {}, base.get(around) or {}
        if names_in(base, around[0]) is None or not isinstance(known, dict):
            continue  # at fault in the scenario itself, and told there
        first, word = first_keys.get(around[-1]), WORDS[around[-1]]
        for name, value in found.items():
            new = isinstance(value, dict) and first in value
            if name not in known and not new and (value is not None or not known):
                says = f"; a new one must give its {first}" if first else ""
                text = f"no such {word}, found {shown(name)}; "
                yield (*around, name), text + allowed(list(known), name) + says


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


def changed(
    text: str, base: Document, documents: dict[str, Document]
) -> tuple[Document, dict[str, Document]]:
    """Lay one ``--set`` over the scenario and over each plan."""
    path = path_of(text)
    if path[0] == "include":
        raise fail(f"--set {text}", "stands in the scenario's own file alone")
    held = [document.get(path) for document in (base, *documents.values())]
    if not text.partition("=")[2].strip() and any(isinstance(h, dict) for h in held):
        text = f"{text.rstrip()}null"  # as an empty entry of a plan takes out
    change = option(text)
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
