"""Faults found by the models, told with their place and what is allowed."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scenarios.clock import shown
from scenarios.document import Document, Where
from scenarios.problem import Problem, allowed

_NEEDS_CLOCK = "cannot be placed until"


def problems_of(
    error: ValidationError, model: type[BaseModel], document: Document
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
    """
    for fault in error.errors():
        if not _follows_from_another(fault):
            yield _problem(fault, model, document)


def _follows_from_another(fault: ErrorDetails) -> bool:
    """Tell whether a fault is only the shadow of another, told on its own."""
    if fault["type"] == "too_short":
        # pydantic leaves faulty items out before it counts
        return len(fault["input"]) >= fault["ctx"]["min_length"]
    return _NEEDS_CLOCK in fault["msg"]


def _problem(
    fault: ErrorDetails, model: type[BaseModel], document: Document
) -> Problem:
    loc = tuple(part for part in fault["loc"] if part != "[key]")
    where = _in_file(loc, document)
    kind, key = fault["type"], False
    if kind == "missing":
        where, text = (*where, str(loc[-1])), "is missing; it must be given"
    elif kind == "extra_forbidden":
        key = True
        text = f"no such key; {allowed(_fields(model, loc[:-1]), str(loc[-1]))}"
    elif kind == "union_tag_invalid":
        where = (*where, _tag_key(fault))
        text = (
            f"found {shown(fault['ctx']['tag'])}; "
            + allowed(_tags(fault), str(fault["ctx"]["tag"]))
        )
    elif kind == "union_tag_not_found":
        where = (*where, _tag_key(fault))
        text = f"is missing; {allowed(_tags(fault), '')}"
    else:
        text, key = _text(fault), "[key]" in fault["loc"]
    return document.problem(where, text, key=key)


def _tag_key(fault: ErrorDetails) -> str:
    return str(fault["ctx"]["discriminator"]).strip("'")


def _tags(fault: ErrorDetails) -> list[str]:
    expected = fault["ctx"].get("expected_tags", "")
    return [tag.strip(" '") for tag in expected.split(",") if tag.strip()]


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


def _text(fault: ErrorDetails) -> str:
    kind, context, found = fault["type"], fault.get("ctx", {}), fault["input"]
    if kind == "value_error":
        return str(context["error"])
    if kind in _TEXTS:
        return f"{_TEXTS[kind]}, found {_found(found)}"
    limits = {
        "greater_than_equal": ("ge", "must be {} or more"),
        "greater_than": ("gt", "must be above {}"),
        "less_than_equal": ("le", "must be {} or less"),
        "less_than": ("lt", "must be below {}"),
    }
    if kind in limits:
        name, text = limits[kind]
        return f"{text.format(context[name])}, found {_found(found)}"
    if kind == "literal_error":
        names = [name.strip(" '") for name in _split(context["expected"])]
        return f"found {_found(found)}; {allowed(names, str(found))}"
    if kind == "too_short":
        return f"must have at least {context['min_length']}, found {len(found)}"
    if kind == "too_long":
        return f"must have at most {context['max_length']}, found {len(found)}"
    return f"{fault['msg'][0].lower()}{fault['msg'][1:]}, found {_found(found)}"


def _split(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _found(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return shown(str(value).lower()) if isinstance(value, bool) else shown(value)


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Name the keys that the model at a location allows."""
    at: Any = model
    for part in loc:
        at = _step(at, part)
    models = [m for m in _members(at) if isinstance(m, type)]
    names: list[str] = []
    for found in models:
        if issubclass(found, BaseModel):
            names += [f.alias or name for name, f in found.model_fields.items()]
    return list(dict.fromkeys(names))


def _members(annotation: Any) -> list[Any]:
    """Open annotations and unions into their members."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [m for part in get_args(annotation) for m in _members(part)]
    return [annotation]


def _step(annotation: Any, part: int | str) -> Any:
    """Follow one part of a location into an annotation."""
    found: list[Any] = []
    for member in _members(annotation):
        origin = get_origin(member)
        if origin in (dict, tuple):
            found.append(get_args(member)[1 if origin is dict else 0])
        elif isinstance(member, type) and issubclass(member, BaseModel):
            found += _inside(member, part)
    return Union[tuple(found)] if found else annotation  # noqa: UP007


def _inside(model: type[BaseModel], part: int | str) -> list[Any]:
    for name, field in model.model_fields.items():
        if part in (name, field.alias):
            return [field.annotation]
        literal = get_args(field.annotation)
        is_tag = get_origin(field.annotation) is Literal and name in ("kind", "law")
        if is_tag and part in literal:
            return [model]
    return []
