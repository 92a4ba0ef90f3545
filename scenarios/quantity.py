"""Shares, speeds, lengths and names as people write them."""

import re
import unicodedata
from math import nan
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from scenarios.clock import shown

_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")
_SPEED = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*km/h")
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(m|km)")
MOST_LETTERS = 80


def _ask_for_the_form(schema: dict[str, Any]) -> None:
    """Tell editors that a law or a kind must be named, though it has a default."""
    required = schema.get("required", [])
    for tag in ("law", "kind"):
        named = "const" in schema.get("properties", {}).get(tag, {})
        if named and tag not in required:
            schema["required"] = [tag, *required]


class Model(BaseModel):
    """Data from a file: frozen, unknown names refused, no infinities."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_by_name=True,
        json_schema_extra=_ask_for_the_form,
    )


def share_of(value: object) -> float:
    """Read a share: ``95 %``, or a number from 0 to 1."""
    number = _part(value)
    if not 0 <= number <= 1:
        raise ValueError(
            f"not a share, found {shown(value)}; write 95 % or a number from 0 to 1"
        )
    return number


def _part(value: object) -> float:
    """Read ``95 %`` or a number; NaN, which lies in no bounds, when it is neither."""
    if isinstance(value, str) and (match := _SHARE.fullmatch(value.strip())):
        return float(match[1]) / 100
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return nan


def pace_of(value: object) -> float:
    """Read a pace: ``120 %``, or a number where 1 is the usual pace."""
    number = _part(value)
    if not 0.01 <= number <= 100:
        raise ValueError(
            f"not a pace, found {shown(value)}; write 120 %, from 1 % to 10000 %"
        )
    return number


def number_key(most: int, what: str) -> BeforeValidator:
    """Read a key that is a number; YAML and JSON write keys as they like."""

    def read(value: object) -> str:
        text = str(value)
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise ValueError(f"not {what}, found {shown(value)}; from 1 to {most}")
        return str(int(text))

    return BeforeValidator(read)


def _signed(value: object) -> float:
    if isinstance(value, str) and value.strip().startswith(("-", "+")):
        sign = -1.0 if value.strip()[0] == "-" else 1.0
        return sign * share_of(value.strip()[1:])
    if isinstance(value, int | float) and value < 0:
        return -share_of(-value)
    return share_of(value)


def points_of(value: object) -> float:
    """Read percentage points: ``-10 %``, or a number from -1 to 1."""
    try:
        return _signed(value)
    except ValueError:
        raise ValueError(
            f"not percentage points, found {shown(value)}; write -10 %, 5 % or a "
            "number from -1 to 1"
        ) from None


def speed_of(value: object) -> float:
    """Read a speed such as ``30 km/h`` as metres a minute."""
    match = _SPEED.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not 0 < float(match[1]) <= 300:
        raise ValueError(
            f"not a speed, found {shown(value)}; write it as 30 km/h, above 0 and "
            "at most 300"
        )
    return float(match[1]) * 1000 / 60


def metres_of(value: object) -> float:
    """Read a length such as ``120 m`` or ``1.2 km`` as metres."""
    match = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(
            f"not a length, found {shown(value)}; write it as 120 m or 1.2 km"
        )
    metres = float(match[1]) * (1000 if match[2] == "km" else 1)
    if metres > 1e7:
        raise ValueError(f"length too long, found {shown(value)}; at most 10000 km")
    return metres


def name_of(value: str) -> str:
    """Check that a text can be a name, and compose its letters (NFC).

    Raises
    ------
    ValueError
        When it cannot.
    """
    value = unicodedata.normalize("NFC", value)
    if not (value[:1].isalnum() or value[:1] == "_") or not all(map(_in_name, value)):
        raise ValueError(
            f"not a name, found {shown(value)}; use letters, digits, - and _ "
            "(no spaces, no dots)"
        )
    if len(value) > MOST_LETTERS:
        raise ValueError(
            f"name too long, found {shown(value)}; at most {MOST_LETTERS} letters"
        )
    return value


def _in_name(letter: str) -> bool:
    """Tell whether a letter may stand in a name; many scripts write vowels as marks."""
    return letter.isalnum() or letter in "-_" or unicodedata.category(letter)[0] == "M"


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def _part_schema(text: str, least: float, most: float) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "description": text,
            "anyOf": [
                {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"},
                {"type": "number", "minimum": least, "maximum": most},
            ],
        }
    )


Share = Annotated[
    float,
    BeforeValidator(share_of),
    _part_schema("A share: 95 %, or a number from 0 to 1", 0, 1),
]
Pace = Annotated[
    float,
    BeforeValidator(pace_of),
    _part_schema("A pace: 120 %, or a number where 1 is the usual pace", 0.01, 100),
]
Points = Annotated[
    float,
    BeforeValidator(points_of),
    WithJsonSchema(
        {
            "description": "Percentage points: -10 %, or a number from -1 to 1",
            "anyOf": [
                {"type": "string", "pattern": r"^\s*[+-]?\s*\d+(\.\d+)?\s*%\s*$"},
                {"type": "number", "minimum": -1, "maximum": 1},
            ],
        }
    ),
]
SizeKey = Annotated[
    str,
    number_key(999, "a number of units"),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,2}$"}),
]
Speed = Annotated[
    float,
    BeforeValidator(speed_of),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A speed such as 30 km/h",
            "pattern": r"^\d+(\.\d+)?\s*km/h$",
        }
    ),
]
Length = Annotated[
    float,
    BeforeValidator(metres_of),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A length such as 120 m or 1.2 km",
            "pattern": r"^\d+(\.\d+)?\s*(m|km)$",
        }
    ),
]
Name = Annotated[str, Field(strict=True), AfterValidator(name_of)]
Text = Annotated[str, Field(strict=True, max_length=20_000), AfterValidator(_text)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
Some = Annotated[int, Field(strict=True, ge=1, le=1000)]
Number = Annotated[float, Field(strict=True, ge=-1e9, le=1e9)]
Factor = Annotated[float, Field(strict=True, gt=0, le=100)]
