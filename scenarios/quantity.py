"""Shares, speeds, lengths and names as people write them."""

import re
import unicodedata
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

_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*km/h")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(m|km)")
_NAME = re.compile(r"[\w][\w-]*")


class Model(BaseModel):
    """Data from a file: frozen, unknown names refused, no infinities."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True
    )


def share_of(value: Any) -> float:
    """Read a share: ``95 %``, or a number from 0 to 1."""
    number: float | None = None
    if isinstance(value, str) and (match := _SHARE.fullmatch(value.strip())):
        number = float(match[1]) / 100
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    if number is None or not 0 <= number <= 1:
        raise ValueError(
            f"not a share, found {shown(value)}; write 95 % or a number from 0 to 1"
        )
    return number


def speed_of(value: Any) -> float:
    """Read a speed such as ``30 km/h`` as metres a minute."""
    match = _SPEED.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not 0 < float(match[1]) <= 300:
        raise ValueError(
            f"not a speed, found {shown(value)}; write it as 30 km/h, above 0 and "
            "at most 300"
        )
    return float(match[1]) * 1000 / 60


def metres_of(value: Any) -> float:
    """Read a length such as ``120 m`` or ``1.2 km`` as metres."""
    match = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(
            f"not a length, found {shown(value)}; write it as 120 m or 1.2 km"
        )
    metres = float(match[1]) * (1000 if match[2] == "km" else 1)
    if metres > 1e7:
        raise ValueError(f"length too long, found '{value}'; at most 10000 km")
    return metres


def _name(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    if len(value) > 80 or not _NAME.fullmatch(value):
        raise ValueError(
            f"not a name, found {shown(value)}; use letters, digits, - and _ "
            "(no spaces, no dots)"
        )
    return value


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value)


Share = Annotated[
    float,
    BeforeValidator(share_of),
    WithJsonSchema(
        {
            "description": "A share: 95 %, or a number from 0 to 1",
            "anyOf": [
                {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"},
                {"type": "number", "minimum": 0, "maximum": 1},
            ],
        }
    ),
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
Name = Annotated[str, Field(strict=True), AfterValidator(_name)]
Text = Annotated[str, Field(strict=True, max_length=20_000), AfterValidator(_text)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
Some = Annotated[int, Field(strict=True, ge=1, le=1000)]
Number = Annotated[float, Field(strict=True, ge=-1e9, le=1e9)]
Factor = Annotated[float, Field(strict=True, gt=0, le=100)]
