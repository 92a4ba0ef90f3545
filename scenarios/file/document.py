"""YAML 1.2 files as plain data that remembers where each value stands."""

import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yamlcore import CCoreLoader

from scenarios.clock import shown
from scenarios.problem import Problem, ScenarioError, fail

Where = tuple[str | int, ...]
MOST_BYTES = 8_000_000
MOST_NODES = 400_000
MOST_DEPTH = 40
MOST_DIGITS = 18
_CORE = "tag:yaml.org,2002:"
_TAGS = {"str": "text", "null": "empty", "bool": "true or false"}
_TAGS |= {"int": "a whole number", "float": "a number", "map": "", "seq": ""}
# What the loader says, told to somebody who does not write programs.
_PLAINLY = {
    "found character that cannot start any token": "a tab, or a character such as @ "
    "or %, cannot stand here; indent with spaces and put such text in quotes",
    "mapping values are not allowed in this context": "a colon cannot stand here; put "
    "text that holds a colon in quotes, or correct the indentation",
    "did not find expected key": "something is out of line here; each key must stand "
    "under the one above it, and text with odd signs needs quotes",
    "could not find expected ':'": "a key without its colon; write key: value",
    "but found another document": "a second document begins here; take out ---",
    "found undefined alias": "text that begins with * must be put in quotes",
    "did not find expected ',' or '}'": "a comma or the closing } is missing",
    "did not find expected ',' or ']'": "a comma or the closing ] is missing",
    "did not find expected '-' indicator": "something is out of line here; each item "
    "of a list must begin with - under the one above it",
    "found unexpected end of stream": "the quote that opens here is not closed",
    "did not find expected alphabetic or numeric character": "text that begins with "
    "* or & must be put in quotes",
}


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
        """Find the place of a path, or of its nearest parent in the file.

        What begins on the line under its key is shown at the key.
        """
        while where and where not in self.values:
            where, key = where[:-1], False
        value = self.values.get(where, Mark(self.file, 1, 1))
        begin = self.keys.get(where, value)
        under = begin.line < value.line and isinstance(self.get(where), dict | list)
        return begin if key or (under and begin.file == value.file) else value

    def get(self, where: Where) -> Any:
        """Give the data at a path, None where there is none."""
        data = self.data
        for part in where:
            fits = isinstance(data, list if isinstance(part, int) else dict)
            try:
                data = data[part] if fits else None
            except LookupError:
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
        mark = _mark_at(raw.removeprefix(BOM_UTF8)[: error.start], file)
        raise _fault(mark, "not UTF-8 text; save the file as UTF-8") from None
    try:
        _refuse_excess(text, file)
        loader = CCoreLoader(text)
        return _Builder(file, loader).document(loader.get_single_node())
    except yaml.MarkedYAMLError as error:
        raise _syntax(file, error) from None
    except yaml.reader.ReaderError as error:
        mark = _mark_at(text.encode()[: error.position], file)
        raise _fault(mark, "not sound YAML: a control character") from None


def _mark_at(before: bytes, file: str) -> Mark:
    """Find line and column after these bytes."""
    lines = before.decode("utf-8", "replace").split("\n")
    return Mark(file, len(lines), len(lines[-1]) + 1)


def _fault(mark: Mark, text: str) -> ScenarioError:
    problem = Problem(file=mark.file, line=mark.line, column=mark.column, text=text)
    return ScenarioError((problem,))


def _syntax(file: str, error: yaml.MarkedYAMLError) -> ScenarioError:
    mark = error.problem_mark or error.context_mark
    context = f" ({error.context})" if error.context else ""
    text = _PLAINLY.get(str(error.problem), f"{error.problem}{context}")
    if error.context_mark and "closing" in text:
        text += f"; opened at line {error.context_mark.line + 1}"
    elif error.context_mark and "opens here" in text:
        mark = error.context_mark
    return _fault(_place(file, mark), f"not sound YAML: {text}")


def _place(file: str, mark: Any) -> Mark:
    """Turn a mark of the loader, counted from 0, into one of ours."""
    return Mark(file, mark.line + 1, mark.column + 1) if mark else Mark(file, 1, 1)


def _refuse_excess(source: str, file: str) -> None:
    """Count values and nesting on the event stream, before anything recursive runs."""
    depth = values = 0
    for event in yaml.parse(source, Loader=CCoreLoader):
        values += isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH or values > 2 * MOST_NODES:
            text = _TOO_DEEP if depth > MOST_DEPTH else _TOO_MUCH
            raise _fault(_place(file, event.start_mark), text)


_TOO_DEEP = f"nested too deeply: at most {MOST_DEPTH} levels"
_TOO_MUCH = (
    f"too much in one file: over {MOST_NODES} values, where what an alias (*) repeats "
    "counts each time"
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
        return Document(file=self.file, data=data, keys=self.keys, values=self.values)

    def at(self, node: yaml.Node) -> Mark:
        return _place(self.file, node.start_mark)

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
            raise fail(self.file, _TOO_MUCH)
        if len(where) > MOST_DEPTH:
            raise _fault(self.at(node), _TOO_DEEP)
        self.values[where] = self.at(node)
        self.refuse_tag(node, where)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(n, (*where, i)) for i, n in enumerate(node.value)]
        return self.scalar(node, where)

    def refuse_tag(self, node: yaml.Node, where: Where) -> None:
        if node.tag.removeprefix(_CORE) not in _TAGS:
            tag = node.tag.replace(_CORE, "!!")
            text = f"tags are not allowed, found {shown(tag)}; a scenario is plain data"
            self.fault(node, where, text)

    def scalar(self, node: yaml.Node, where: Where) -> str | float | None:
        kind = node.tag.removeprefix(_CORE)
        if kind not in _TAGS:
            return None  # told already
        if kind == "str":
            return unicodedata.normalize("NFC", node.value)
        if len(node.value) > 300:
            self.fault(node, where, "number too long, at most 300 digits")
            return None
        try:
            value = self.loader.construct_object(node)
        except (LookupError, ValueError):
            self.fault(node, where, f"not {_TAGS[kind]}, found {shown(node.value)}")
            return None
        if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
            text = f"number too long, at most {MOST_DIGITS} digits"
            self.fault(node, where, text)
            return None
        scalar: float | None = value
        return scalar

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
        self.refuse_tag(node, where)
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, where, "a key must be plain text")
            return None
        if node.value == "<<":
            text = "merge keys (<<) are not part of YAML 1.2; write the entries out"
            self.fault(node, where, text)
            return None
        return unicodedata.normalize("NFC", node.value)


def matches(data: object, pattern: tuple[str, ...]) -> Iterator[tuple[Where, Any]]:
    """Find every value at a pattern of keys; ``*`` stands for any key or item."""
    found: list[tuple[Where, Any]] = [((), data)]
    for part in pattern:
        found = [
            (where_next, value)
            for where, value in found
            for where_next, value in _children(where, value, part)
        ]
    yield from found


def _children(where: Where, value: object, part: str) -> Iterator[tuple[Where, Any]]:
    if isinstance(value, dict):
        for key in [part] if part != "*" else list(value):
            if key in value:
                yield (*where, key), value[key]
    elif isinstance(value, list) and part == "*":
        for index, item in enumerate(value):
            yield (*where, index), item
