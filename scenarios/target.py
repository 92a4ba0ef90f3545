"""Targets: what a plan must reach, in five parts."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from scenarios.clock import Duration, minutes_of, shown
from scenarios.measure import MEASURES
from scenarios.problem import allowed
from scenarios.quantity import Model, Name, Share, Text, share_of

_BOUND = re.compile(r"(at least|at most|by)\s+(.+)")
_FORMS = "write at least 95 %, at most 30 min, at most 0 or by 23:30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One side of a target.

    Parameters
    ----------
    sign
        ``at least`` or ``at most``.
    value
        Share, minutes, count, or minutes from the scenario's start.
    unit
        ``share``, ``minutes``, ``count`` or ``clock``.
    text
        As it was written.
    """

    sign: str
    value: float
    unit: str
    text: str

    def holds(self, value: float) -> bool:
        """Tell whether a measured value keeps the bound (the bound included)."""
        if self.sign == "at least":
            return value >= self.value - 1e-12
        return value <= self.value + 1e-9


def _bound(text: object, info: ValidationInfo) -> Bound:
    match = _BOUND.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"not a bound, found {shown(text)}; {_FORMS}")
    word, rest = match[1], match[2]
    if word == "by":
        clock = (info.context or {}).get("clock")
        if clock is None:
            raise ValueError("the time cannot be placed until the clock is right")
        return Bound(
            sign="at most", value=clock.moment(rest), unit="clock", text=match[0]
        )
    value, unit = _amount(rest)
    return Bound(sign=word, value=value, unit=unit, text=match[0])


def _amount(text: str) -> tuple[float, str]:
    if text.endswith("%"):
        return share_of(text), "share"
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text), "count"
    try:
        return minutes_of(text), "minutes"
    except ValueError:
        raise ValueError(f"not a bound, found '{text}'; {_FORMS}") from None


def _measure(name: str) -> str:
    if name not in MEASURES:
        raise ValueError(f"no such measure, found '{name}'; {allowed(_NAMES, name)}")
    return name


_NAMES = list(MEASURES)


class Target(Model):
    """A bound on a measure, for a population, on a share of days, with confidence."""

    title: Text
    measure: Annotated[
        str,
        Field(strict=True, json_schema_extra={"enum": list[object](_NAMES)}),
        AfterValidator(_measure),
    ]
    within: Duration | None = Field(
        default=None, description="Threshold of measures that take one"
    )
    types: tuple[Name, ...] = Field(
        default=(), description="Only these incident types (response measures)"
    )
    duties: tuple[Name, ...] = Field(
        default=(), description="Only these duties (duty measures)"
    )
    bound: Annotated[
        Bound,
        BeforeValidator(_bound),
        WithJsonSchema(
            {
                "type": "string",
                "description": _FORMS,
                "pattern": r"^(at least|at most|by)\s+.+$",
            }
        ),
    ]
    population: Literal[
        "each station",
        "each stage",
        "each class",
        "each type",
        "each priority",
        "each area",
        "each place",
        "each level",
        "each unit",
        "each kind",
        "each status",
        "each duty",
        "overall",
    ]
    days: Share = Field(description="In what share of days it must hold")
    confidence: Share = Field(default=0.95, description="Of the verdict")

    @model_validator(mode="after")
    def _fits_its_measure(self) -> Self:
        measure = MEASURES[self.measure]
        wanted = self.population.removeprefix("each ")
        if wanted not in measure.populations:
            names = " or ".join(
                p if p == "overall" else f"each {p}" for p in measure.populations
            )
            raise ValueError(
                f"population: {self.measure} has none of this kind, found "
                f"'{self.population}'; allowed: {names}"
            )
        if measure.within and self.within is None:
            raise ValueError(f"{self.measure} needs within, such as within: 30 min")
        if self.within is not None and not measure.within:
            raise ValueError(f"within: {self.measure} takes none; take it out")
        unit, form = _UNITS_OF[measure.unit]
        if self.bound.unit != unit:
            raise ValueError(
                f"bound: does not fit {self.measure}, found '{self.bound.text}'; "
                f"write {form}"
            )
        if self.types and "type" not in measure.populations:
            raise ValueError(
                f"types: {self.measure} is not about incidents; take it out"
            )
        if self.duties and "duty" not in measure.populations:
            raise ValueError(f"duties: {self.measure} is not about duties; take it out")
        return self

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if not 0 < self.days < 1:
            raise ValueError(
                "days: must lie between 0 % and 100 %, found "
                f"{self.days * 100:g} %; no number of replications proves every day"
            )
        if not 0.5 <= self.confidence < 1:
            raise ValueError(
                "confidence: must be from 50 % to below 100 %, found "
                f"{self.confidence * 100:g} %"
            )
        return self


_UNITS_OF = {
    "share": ("share", "at least 95 %"),
    "minutes": ("minutes", "at most 30 min"),
    "count": ("count", "at most 0"),
    "clock": ("clock", "by 23:30"),
    "km": ("count", "at most 100, in kilometres"),
    "hours": ("count", "at most 100, in hours"),
    "money": ("count", "at most 100, in the money of cost_per_hour"),
    "number": ("count", "at most 2"),
}
