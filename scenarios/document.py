"""YAML 1.2 files as plain data that remembers where each value stands."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yamlcore import CCoreLoader

from scenarios.problem import Problem, ScenarioError, allowed, fail

Where = tuple[str | int, ...]
MOST_BYTES = 8_000_000
MOST_NODES = 400_000
MOST_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, counted from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Plain data with the place of every key and value.

    Parameters
    ----------
    file
        Name of the file, as shown in errors.
    data
        Mappings, lists, text, numbers, booleans, None.
    keys, values
        Mark of the key and of the value at each path.
    """

    file: str
    data: Any
    keys: dict[Where, Mark]
    values: dict[Where, Mark]

    def problem(self, where: Where, text: str, *, key: bool = False) -> Problem:
        """Place a fault at a path, or at the nearest parent that the file holds."""
        mark = self.mark(where, key=key)
        return Problem(
            file=mark.file,
            line=mark.line,
            column=mark.column,
            path=dotted(where),
            text=text,
        )

    def mark(self, where: Where, *, key: bool = False) -> Mark:
        """Find the place of a path, or of its nearest parent in the file."""
        if key and where in self.keys:
            return self.keys[where]
        while where and where not in self.values:
            where = where[:-1]
        return self.values.get(where, Mark(self.file, 1, 1))

    def get(self, where: Where) -> Any:
        """Give the data at a path, None where there is none."""
        data = self.data
        for part in where:
            if isinstance(data, dict) and part in data:
                data = data[part]
            elif isinstance(data, list) and isinstance(part, int) and part < len(data):
                data = data[part]
            else:
                return None
        return data


def dotted(where: Where) -> str:
    """Write a path as ``stations.KV1.balk[0].share``."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def read_document(path: Path, *, shown_as: str | None = None) -> Document:
    """Read one YAML file.

    Raises
    ------
    ScenarioError
        When the file is missing, too large, not UTF-8 or not sound YAML.
    """
    file = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise fail(file, f"cannot be read: {error.strerror}") from None
    return parse_document(raw, file)


def parse_document(raw: bytes, file: str) -> Document:
    """Parse the bytes of one YAML file; see `read_document`."""
    if len(raw) > MOST_BYTES:
        raise fail(file, f"file too large: {len(raw)} bytes, at most {MOST_BYTES}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError(
            (Problem(file=file, line=line, column=1, text="not UTF-8 text"),)
        ) from None
    try:
        _refuse_depth(text, file)
        loader = CCoreLoader(text)
        return _Builder(file, loader).document(loader.get_single_node())
    except yaml.MarkedYAMLError as error:
        raise ScenarioError((_syntax(file, error),)) from None
    except yaml.YAMLError as error:
        raise fail(file, f"not readable as YAML: {error}".split("\n")[0]) from None


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    context = f" ({error.context})" if error.context else ""
    return Problem(
        file=file,
        line=mark.line + 1 if mark else 1,
        column=mark.column + 1 if mark else 1,
        text=f"not sound YAML: {error.problem}{context}",
    )


def _refuse_depth(text: str, file: str) -> None:
    """Count nesting on the event stream, before anything recursive runs."""
    depth = 0
    for event in yaml.parse(text, Loader=CCoreLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            mark = event.start_mark
            text = f"nested too deeply: at most {MOST_DEPTH} levels"
            raise ScenarioError(
                (
                    Problem(
                        file=file,
                        line=mark.line + 1,
                        column=mark.column + 1,
                        text=text,
                    ),
                )
            )


class _Builder:
    """Turns a node tree into a document; gathers the faults on the way."""

    def __init__(self, file: str, loader: CCoreLoader) -> None:
        self.file = file
        self.loader = loader
        self.keys: dict[Where, Mark] = {}
        self.values: dict[Where, Mark] = {}
        self.problems: list[Problem] = []
        self.nodes = 0

    def document(self, node: yaml.Node | None) -> Document:
        if node is None:
            raise fail(self.file, "the file is empty")
        data = self.build(node, ())
        if self.problems:
            raise ScenarioError(tuple(self.problems))
        return Document(
            file=self.file, data=data, keys=self.keys, values=self.values
        )

    def at(self, node: yaml.Node) -> Mark:
        mark = node.start_mark
        return Mark(self.file, mark.line + 1, mark.column + 1)

    def fault(self, node: yaml.Node, where: Where, text: str) -> None:
        mark = self.at(node)
        self.problems.append(
            Problem(
                file=self.file,
                line=mark.line,
                column=mark.column,
                path=dotted(where),
                text=text,
            )
        )

    def build(self, node: yaml.Node, where: Where) -> Any:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise fail(self.file, f"too much in one file: over {MOST_NODES} values")
        self.values[where] = self.at(node)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(n, (*where, i)) for i, n in enumerate(node.value)]
        return self.scalar(node, where)

    def scalar(self, node: yaml.Node, where: Where) -> Any:
        if len(node.value) > 300 and not node.tag.endswith(":str"):
            self.fault(node, where, "number too long, at most 300 digits")
            return None
        value = self.loader.construct_object(node)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    def mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node, where)
            if key is None:
                continue
            if key in result:
                first = self.keys[*where, key]
                text = f"key given twice, first at line {first.line}"
                self.fault(key_node, (*where, key), text)
                continue
            self.keys[*where, key] = self.at(key_node)
            result[key] = self.build(value_node, (*where, key))
        return result

    def key(self, node: yaml.Node, where: Where) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, where, "a key must be plain text")
            return None
        if node.value == "<<":
            self.fault(node, where, "merge keys (<<) are not part of YAML 1.2 core")
            return None
        return unicodedata.normalize("NFC", node.value)


def overlay(base: Document, top: Document, at: Where = ()) -> Document:
    """Lay one document over another.

    Mappings are merged key by key, anything else is replaced, and an empty value
    (null) takes the entry out.

    Raises
    ------
    ScenarioError
        When the overlay takes out an entry that is not there.
    """
    problems: list[Problem] = []
    data = _merge(base.data, top, at, problems)
    if problems:
        raise ScenarioError(tuple(problems))
    keys = {where: mark for where, mark in base.keys.items() if _kept(where, top)}
    values = {where: mark for where, mark in base.values.items() if _kept(where, top)}
    # A mapping that both write stays where the base has it, so that a field
    # missing from it is shown there; what only the overlay writes is shown there.
    shared = {w for w in top.values if isinstance(top.get(w), dict) and w in values}
    return Document(
        file=base.file,
        data=data,
        keys={**keys, **top.keys},
        values={**values, **{w: m for w, m in top.values.items() if w not in shared}},
    )


def _kept(where: Where, top: Document) -> bool:
    """Tell whether a path of the base is still the base's after the overlay."""
    for end in range(1, len(where) + 1):
        if where[:end] in top.values and not isinstance(top.get(where[:end]), dict):
            return False
    return True


def _merge(data: Any, top: Document, at: Where, problems: list[Problem]) -> Any:
    over = top.get(at)
    if not isinstance(over, dict) or not isinstance(data, dict):
        return over
    result = dict(data)
    for key, value in over.items():
        where = (*at, key)
        if value is None and key not in result:
            text = f"nothing of this name to take out; {allowed(list(result), key)}"
            problems.append(top.problem(where, text, key=True))
        elif value is None:
            del result[key]
        elif key in result:
            result[key] = _merge(result[key], top, where, problems)
        else:
            result[key] = value
    return result


def option(text: str) -> Document:
    """Read one ``--set path=value`` as an overlay.

    Raises
    ------
    ScenarioError
        When the text has no ``=`` or the value is not sound YAML.
    """
    shown_as = f"--set {text}"
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise fail(shown_as, "write it as path=value, such as stations.KV1.officers=9")
    parts = unicodedata.normalize("NFC", path.strip()).split(".")
    inner = parse_document((value or '""').encode(), shown_as)
    data: Any = inner.data
    for part in reversed(parts):
        data = {part: data}
    mark = Mark(shown_as, 0, 0)
    prefixes = [tuple(parts[:end]) for end in range(len(parts) + 1)]
    values: dict[Where, Mark] = dict.fromkeys(prefixes, mark)
    values.update({(*parts, *where): mark for where in inner.values})
    keys: dict[Where, Mark] = dict.fromkeys(prefixes[1:], mark)
    keys.update({(*parts, *where): mark for where in inner.keys})
    return Document(file=shown_as, data=data, keys=keys, values=values)


def matches(data: Any, pattern: tuple[str, ...]) -> Iterator[tuple[Where, Any]]:
    """Find every value at a pattern of keys; ``*`` stands for any key or item."""
    found: list[tuple[Where, Any]] = [((), data)]
    for part in pattern:
        found = [
            (where_next, value)
            for where, value in found
            for where_next, value in _children(where, value, part)
        ]
    yield from found


def _children(where: Where, value: Any, part: str) -> Iterator[tuple[Where, Any]]:
    if isinstance(value, dict):
        for key in [part] if part != "*" else list(value):
            if key in value:
                yield (*where, key), value[key]
    elif isinstance(value, list) and part == "*":
        for index, item in enumerate(value):
            yield (*where, index), item
