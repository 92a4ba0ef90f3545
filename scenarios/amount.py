"""Amounts: a number, a share or a duration, with a sign, as people write them."""

import math
import re
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from scenarios.clock import minutes_of, shown, span
from scenarios.quantity import share_of

_SIGN = re.compile(r"([+-]?)\s*(.+)")
_DASHES = str.maketrans("\u2212\u2013", "--")  # what writing programs make of a minus
_BARE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_PATTERN = (
    r"^\s*[+\-\u2212\u2013]?\s*"
    r"(\d+(\.\d+)?\s*(%|s|min|h|d)\s*)+$"
)


class Amount(NamedTuple):
    """A number, a share or a duration, with a sign.

    Parameters
    ----------
    number
        Its size; minutes where it is a duration, 0.05 for 5 %.
    unit
        Empty, ``%`` or ``min``.
    """

    number: float
    unit: str

    def text(self) -> str:
        """Write it as people do."""
        if self.unit == "min":
            return _length(self.number)
        if self.unit == "%":
            return f"{self.number * 100:.4g} %"
        return f"{self.number:.6g}"


def _length(minutes: float) -> str:
    """Write a duration so that neighbouring levels of a study differ: ``84.4 s``."""
    if abs(minutes) >= 100 or minutes == round(minutes):
        return span(minutes)
    if abs(minutes) < 3:
        return f"{minutes * 60:.4g} s"
    return f"{minutes:.4g} min"


def amount_of(value: object) -> Amount:
    """Read an amount: ``1.2``, ``5 %``, ``-10 %``, ``90 s``.

    Raises
    ------
    ValueError
        When it is none.
    """
    if isinstance(value, Amount):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value) and abs(value) <= 1e9:
            return Amount(float(value), "")
    elif isinstance(value, str) and (match := _SIGN.fullmatch(with_minus(value))):
        sign, rest = -1.0 if match[1] == "-" else 1.0, match[2]
        unit = "%" if rest.endswith("%") else "min"
        read = _percent if unit == "%" else minutes_of
        try:
            return Amount(sign * read(rest), unit)
        except ValueError:
            pass
    raise ValueError(f"not an amount, found {shown(value)}; write 1.2, 5 % or 90 s")


def with_minus(text: str) -> str:
    """Give a text stripped, each minus and dash of its amounts as a plain ``-``."""
    return text.strip().translate(_DASHES)


def _percent(text: str) -> float:
    """Read ``120 %``; shares of more than all are factors."""
    bare = text.removesuffix("%").strip()
    if _BARE.fullmatch(bare) is None or float(bare) > 10_000:
        raise ValueError(text)
    return share_of(f"{text}") if float(bare) <= 100 else float(bare) / 100


Quantity = Annotated[
    Amount,
    PlainValidator(amount_of),
    WithJsonSchema(
        {
            "description": "A number, a share or a duration: 1.2, 5 %, -10 %, 90 s",
            "anyOf": [
                {"type": "number"},
                {
                    "type": "string",
                    "pattern": _PATTERN,
                },
            ],
        }
    ),
]


def unit_of(*amounts: Amount) -> str:
    """Give the one unit of all; a bare number beside a share is one.

    Raises
    ------
    ValueError
        When durations stand beside others.
    """
    units = {amount.unit for amount in amounts}
    if "min" in units and len(units) > 1:
        listed = " and ".join(shown(amount.text()) for amount in amounts)
        raise ValueError(f"amounts of two kinds, found {listed}; write all alike")
    return max(units)
