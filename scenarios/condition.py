"""Conditions on the state of the world, as text and as data.

What each reading finds is in `simulator.condition`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import ge, gt, le, lt
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from scenarios.clock import shown
from scenarios.effect import HERE
from scenarios.problem import allowed

# What can be read, and of what: each row of sections is one way to write it.
READINGS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "queue": (("stations",), ("stations", "stages")),
    "servers": (("stations", "stages"),),
    "officers": (("stations",),),
    "level": (("script",),),
    "open_incidents": ((), ("incidents",)),
    "free_units": ((), ("skills",)),
}
_WRITTEN = {
    "stations": "STATION",
    "stages": "STAGE",
    "script": "INJECT",
    "incidents": "TYPE",
    "skills": "SKILL",
}
_SIGNS = {"<": lt, "<=": le, ">": gt, ">=": ge}
_COMPARISON = re.compile(
    r"\s*(?P<reading>[a-z_]+)\s*\(\s*(?P<subjects>[^()]*?)\s*\)\s*"
    r"(?P<sign><=|>=|<|>)\s*(?P<bound>\d+(?:\.\d+)?)\s*"
)
_MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A reading of the state compared with a number.

    Parameters
    ----------
    reading
        One of `READINGS`.
    subjects
        Of what: a station and perhaps a stage, an inject, an incident type, a skill.
    sign, bound
        Comparison with a number.
    """

    reading: str
    subjects: tuple[str, ...]
    sign: str
    bound: float

    def holds(self, value: float) -> bool:
        """Compare a reading with the bound."""
        return bool(_SIGNS[self.sign](value, self.bound))

    def compare(self, values: Any) -> Any:
        """Compare each of many readings with the bound."""
        return _SIGNS[self.sign](values, self.bound)

    def sections(self) -> tuple[str, ...]:
        """Say in which section of the scenario each subject stands."""
        ways = READINGS[self.reading]
        return next(way for way in ways if len(way) == len(self.subjects))

    def read(self) -> str:
        """Write what is read, without the bound."""
        return f"{self.reading}({', '.join(self.subjects)})"

    def __str__(self) -> str:
        return f"{self.read()} {self.sign} {self.bound:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Comparisons that must all hold, read at each control tick.

    Parameters
    ----------
    comparisons
        One or more.
    """

    comparisons: tuple[Comparison, ...]

    def at(self, station: str) -> "Condition":
        """Put a station in place of ``here``."""
        put = [
            replace(c, subjects=tuple(station if s == HERE else s for s in c.subjects))
            for c in self.comparisons
        ]
        return Condition(comparisons=tuple(put))

    def __str__(self) -> str:
        return " and ".join(map(str, self.comparisons))


def condition_of(text: object) -> Condition:
    """Read a condition such as ``queue(KV3) > 120 and officers(KV3) >= 1``."""
    if not isinstance(text, str) or len(text) > _MOST_LETTERS:
        raise ValueError(f"not a condition, found {shown(text)}; {_FORM}")
    parts = re.split(r"\sand\s", text)
    return Condition(comparisons=tuple(map(_comparison, parts)))


def _comparison(text: str) -> Comparison:
    match = _COMPARISON.fullmatch(text)
    if match is None and text.count("(") > text.count(")"):
        raise ValueError(
            f"not a condition, found {shown(text)}; inside {{ }} a condition with a "
            "comma must be put in quotes"
        )
    if match is None:
        raise ValueError(f"not a condition, found {shown(text)}; {_FORM}")
    reading = match["reading"]
    if reading not in READINGS:
        names = allowed(list(READINGS), reading)
        raise ValueError(f"no such reading, found {shown(reading)}; {names}")
    subjects = tuple(map(str.strip, match["subjects"].split(",")))
    if subjects == ("",):
        subjects = ()
    if "" in subjects or len(subjects) not in map(len, READINGS[reading]):
        raise ValueError(
            f"not a condition, found {shown(text)}; write {_ways(reading)}"
        )
    return Comparison(
        reading=reading,
        subjects=subjects,
        sign=match["sign"],
        bound=float(match["bound"]),
    )


def _ways(reading: str) -> str:
    """Write how a reading is written."""
    return " or ".join(
        f"{reading}({', '.join(_WRITTEN[section] for section in way)})"
        for way in READINGS[reading]
    )


_FORM = "write queue(STATION) > 120, or several comparisons with and between them"

When = Annotated[
    Condition,
    BeforeValidator(condition_of),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A condition on the state of the world: queue(KV3) > 120, "
            "or several with and between them. Readings: "
            + ", ".join(_ways(reading) for reading in READINGS),
        }
    ),
]
