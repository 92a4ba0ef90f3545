"""Laying one document over another: plans over scenarios, ``--set`` over both."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from scenarios.file.document import Document, Mark, Where, parse_document
from scenarios.problem import ScenarioError, allowed, fail

# What tells one form of a thing from another.
TAGS = ("kind", "law")
# One thing written in either of two ways: whoever writes one means it alone.
EITHER = (("hourly", "cumulative"), ("cumulative", "hourly"))


def overlay(base: Document, top: Document) -> Document:
    """Lay one document over another.

    Mappings are merged key by key, anything else is replaced, and an empty value
    (null) takes the entry out. A mapping of another kind (or law) than the one below
    replaces it, too; one that says nothing but the kind keeps the rest.

    Raises
    ------
    ScenarioError
        When the overlay takes out an entry that is not there.
    """
    problems = [top.problem(where, text, key=True) for where, text in absent(base, top)]
    if problems:
        raise ScenarioError(tuple(problems))
    replaced = {w for w in top.values if _replaces(base.get(w), top.get(w))}
    keys = {w: mark for w, mark in base.keys.items() if not _within(w, replaced)}
    values = {w: mark for w, mark in base.values.items() if not _within(w, replaced)}
    # A mapping that both write stays where the base has it, so that a field
    # missing from it is shown there; what only the overlay writes is shown there.
    own = {w for w in top.values if w in replaced or w not in values}
    return Document(
        file=base.file,
        data=_merge(base.data, top.data),
        keys=keys | {w: mark for w, mark in top.keys.items() if w in own},
        values=values | {w: mark for w, mark in top.values.items() if w in own},
    )


def absent(base: Document, top: Document) -> Iterator[tuple[Where, str]]:
    """Find what an overlay takes out although the base does not hold it."""
    for where in top.values:
        if not where or top.get(where) is not None:
            continue
        around = (
            None if any(isinstance(p, int) for p in where) else base.get(where[:-1])
        )
        if isinstance(around, dict) and where[-1] not in around:
            names = allowed(list(around), str(where[-1]))
            yield where, f"nothing of this name to take out; {names}"


def without(document: Document, gone: set[Where]) -> Document:
    """Leave entries out of a document."""
    return Document(
        file=document.file,
        data=_pruned(document.data, (), gone),
        keys={w: m for w, m in document.keys.items() if not _within(w, gone)},
        values={w: m for w, m in document.values.items() if not _within(w, gone)},
    )


def _pruned(data: Any, at: Where, gone: set[Where]) -> Any:
    if not isinstance(data, dict):
        return data
    return {
        key: _pruned(value, (*at, key), gone)
        for key, value in data.items()
        if (*at, key) not in gone
    }


def _within(where: Where, marked: set[Where]) -> bool:
    """Tell whether a path is one of those marked, or inside one."""
    return any(where[:end] in marked for end in range(1, len(where) + 1))


def _replaces(data: Any, over: Any) -> bool:
    """Tell whether a value takes the place of what is below it, as a whole."""
    if not isinstance(over, dict):
        return True
    if not isinstance(data, dict):
        return False
    if any(one in data and other in over for one, other in EITHER):
        return True
    if len(over) == 1:
        return False
    return any(tag in data and over.get(tag, data[tag]) != data[tag] for tag in TAGS)


def _merge(data: Any, over: Any) -> Any:
    if not isinstance(data, dict) or _replaces(data, over):
        return over
    result = dict(data)
    for key, value in over.items():
        if key in result and value is None:
            del result[key]
        else:
            result[key] = _merge(result.get(key), value)
    return result


def option(text: str) -> Document:
    """Read one ``--set path=value`` as an overlay.

    Raises
    ------
    ScenarioError
        When the text has no ``=`` or the value is not sound YAML.
    """
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    shown_as = f"--set {text}"
    parts = path_of(text)
    if "=" not in text or not all(parts):
        raise fail(shown_as, "write it as path=value, such as stations.KV1.officers=9")
    inner = _value_of(text.partition("=")[2], shown_as)
    data: Any = inner.data
    for part in reversed(parts):
        data = {part: data}
    mark = Mark(shown_as, 0, 0)
    prefixes = [parts[:end] for end in range(len(parts) + 1)]
    values: dict[Where, Mark] = dict.fromkeys(prefixes, mark)
    values.update({(*parts, *where): mark for where in inner.values})
    keys: dict[Where, Mark] = dict.fromkeys(prefixes[1:], mark)
    keys.update({(*parts, *where): mark for where in inner.keys})
    return Document(file=shown_as, data=data, keys=keys, values=values)


def path_of(text: str) -> tuple[str, ...]:
    """Give the path of ``path=value``, part by part."""
    path = unicodedata.normalize("NFC", text.partition("=")[0])
    return tuple(part.strip() for part in path.split("."))


def _value_of(text: str, shown_as: str) -> Document:
    """Read the value of an option; it has no lines, so faults in it have no place."""
    if text.lstrip().startswith("#"):
        raise fail(shown_as, "a value that begins with # must be put in quotes")
    try:
        return parse_document(text.encode() if text.strip() else b'""', shown_as)
    except ScenarioError as error:
        texts = dict.fromkeys(problem.text for problem in error.problems)
        raise fail(shown_as, "; ".join(texts)) from None
