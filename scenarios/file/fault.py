"""Faults found by the models, told with their place and what is allowed."""

import re
import types
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scenarios.clock import shown
from scenarios.file.document import Document, Where
from scenarios.problem import Problem, allowed
from scenarios.quantity import Model

M = TypeVar("M", bound=Model)

_NEEDS_CLOCK = "cannot be placed until"
# What a model says of a part of it begins with the name of the part.
_OF_A_PART = re.compile(r"([a-z_]+)(?:\[(\d+)\])?: (.+)", re.DOTALL)


def problems_of(
    error: ValidationError,
    model: type[BaseModel],
    document: Document,
    *,
    no_such_key: str = "no such key",
) -> Iterator[Problem]:
    """Place every fault of a validation in the file.

    Parameters
    ----------
    error
        What the models said.
    model
        The model that was asked.
    document
        The data it was asked about.
    no_such_key
        How to say that a key is unknown.
    """
    for fault in error.errors():
        if not _follows_from_another(fault):
            yield _problem(fault, model, document, no_such_key)


def _follows_from_another(fault: ErrorDetails) -> bool:
    """Tell whether a fault is only the shadow of another, told on its own."""
    if fault["type"] == "too_short":
        # pydantic leaves faulty items out before it counts
        return len(fault["input"]) >= int(fault["ctx"]["min_length"])
    return _NEEDS_CLOCK in fault["msg"]


def _problem(
    fault: ErrorDetails, model: type[BaseModel], document: Document, no_such_key: str
) -> Problem:
    loc = tuple(part for part in fault["loc"] if part != "[key]")
    where, kind = _in_file(loc, document), fault["type"]
    key = kind == "extra_forbidden" or "[key]" in fault["loc"]
    if kind == "missing":
        where = (*_in_file(loc[:-1], document), loc[-1])
        text = "is missing; it must be given"
    elif kind == "extra_forbidden":
        text = f"{no_such_key}; {allowed(_fields(model, loc[:-1]), str(loc[-1]))}"
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        tag = str(fault["ctx"]["discriminator"]).strip("'")
        where, text = (*where, tag), _tag_text(fault, tag, _kinds(model, loc, tag))
    elif kind == "model_attributes_type" and _is_duration(model, loc):
        text = (
            f"not a duration or a law, found {shown(fault['input'])}; write 90 s or "
            "{law: exponential, mean: 90 s}"
        )
    else:
        where, text = _aimed(document, where, _text(fault))
    return document.problem(where, text, key=key)


def _is_duration(model: type[BaseModel], loc: tuple[int | str, ...]) -> bool:
    """Tell whether a location holds a law of durations; one may be a bare duration."""
    return {"law", "value"} <= set(_fields(model, loc))


def _tag_text(fault: ErrorDetails, tag: str, kinds: list[str]) -> str:
    """Say which kinds there are, when one is unknown or none is given."""
    if tag not in fault["input"]:
        return "is missing; " + allowed(kinds, "")
    found = fault["input"][tag]
    return f"no such {tag}, found {shown(found)}; {allowed(kinds, str(found))}"


def _aimed(document: Document, where: Where, text: str) -> tuple[Where, str]:
    """Move a fault to the part it speaks of, where the file holds that part."""
    match = _OF_A_PART.fullmatch(text)
    if match is None or (*where, match[1]) not in document.values:
        return where, text
    item = () if match[2] is None else (int(match[2]),)
    return (*where, match[1], *item), match[3]


def _in_file(loc: tuple[int | str, ...], document: Document) -> Where:
    """Keep the parts of a location that the file holds; union tags are not there."""
    where: Where = ()
    for part in loc:
        if (*where, part) in document.values:
            where = (*where, part)
    return where


_TEXTS = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "tuple_type": "must be a list",
    "finite_number": "must be a finite number",
}
_LIMITS = {
    "greater_than_equal": ("ge", "must be {} or more"),
    "greater_than": ("gt", "must be above {}"),
    "less_than_equal": ("le", "must be {} or less"),
    "less_than": ("lt", "must be below {}"),
}
_SIZES = {
    "too_short": ("min_length", "must have {} or more entries"),
    "too_long": ("max_length", "must have {} or fewer entries"),
    "string_too_short": ("min_length", "must have {} or more letters"),
    "string_too_long": ("max_length", "must have {} or fewer letters"),
}


def _text(fault: ErrorDetails) -> str:
    kind, context, found = fault["type"], fault.get("ctx", {}), fault["input"]
    text = f"{fault['msg'][0].lower()}{fault['msg'][1:]}, found {shown(found)}"
    if kind == "value_error":
        text = str(context["error"])
    elif kind in _TEXTS:
        text = f"{_TEXTS[kind]}, found {shown(found)}{_quotes(kind, found)}"
    elif kind in _LIMITS:
        name, form = _LIMITS[kind]
        text = f"{form.format(_plain(context[name]))}, found {shown(found)}"
    elif kind in _SIZES:
        name, form = _SIZES[kind]
        text = f"{form.format(context[name])}, found {len(found)}"
    elif kind == "literal_error":
        expected = str(context["expected"]).replace(" or ", ", ").split(", ")
        names = [name.strip(" '") for name in expected]
        text = f"no such choice, found {shown(found)}; {allowed(names, str(found))}"
    return text


def _quotes(kind: str, found: object) -> str:
    """Say when it is only the quotes that are wrong."""
    if kind == "string_type" and isinstance(found, int | float):
        return "; put it in quotes"
    numeric = isinstance(found, str) and found.strip().isdecimal()
    return "; take the quotes off" if numeric and kind[:3] in ("int", "flo") else ""


def _plain(limit: float) -> str:
    return str(int(limit)) if limit == int(limit) else str(limit)


def _kinds(model: type[BaseModel], loc: tuple[int | str, ...], tag: str) -> list[str]:
    """Name the kinds of entry that a location allows."""
    tags = (found.model_fields[tag] for found in models_at(model, loc))
    return [name for field in tags for name in get_args(field.annotation)]


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Name the keys that the model at a location allows."""
    names: list[str] = []
    for found in models_at(model, loc):
        names += [f.alias or name for name, f in found.model_fields.items()]
    return list(dict.fromkeys(names))


def models_at(
    model: type[BaseModel], loc: tuple[int | str, ...]
) -> Iterator[type[BaseModel]]:
    """Find the models that a location within a model may hold."""
    at: object = model
    for part in loc:
        at = _step(at, part)
    for member in members_of(at):
        if isinstance(member, type) and issubclass(member, BaseModel):
            yield member


def members_of(annotation: object) -> list[Any]:
    """Open annotations and unions into their members."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return members_of(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [m for part in get_args(annotation) for m in members_of(part)]
    return [annotation]


def _step(annotation: Any, part: int | str) -> Any:
    """Follow one part of a location into an annotation."""
    found: list[Any] = []
    for member in members_of(annotation):
        origin = get_origin(member)
        if origin in (dict, tuple):
            found.append(get_args(member)[1 if origin is dict else 0])
        elif isinstance(member, type) and issubclass(member, BaseModel):
            found += _inside(member, part)
    return reduce(or_, found) if found else annotation


def _inside(model: type[BaseModel], part: int | str) -> list[Any]:
    for name, field in model.model_fields.items():
        if part in (name, field.alias):
            return [field.annotation]
        literal = get_args(field.annotation)
        is_tag = get_origin(field.annotation) is Literal and name in ("kind", "law")
        if is_tag and part in literal:
            return [model]
    return []


def faults_of(
    model: type[Model],
    document: Document,
    context: dict[str, Any],
    *,
    no_such_key: str = "no such key",
) -> Iterator[Problem]:
    """Find what is wrong with the data of a file, by a model."""
    try:
        validated(model, document.data, context)
    except ValidationError as error:
        yield from problems_of(error, model, document, no_such_key=no_such_key)


def validated(model: type[M], data: object, context: dict[str, Any]) -> M:
    """Validate what a file says: by the keys of files, not those of Python."""
    return model.model_validate(data, context=context, by_alias=True, by_name=False)
