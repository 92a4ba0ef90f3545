"""The script: scripted disruptions, each an inject."""

import re
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from scenarios.clock import Duration, Moment, shown
from scenarios.effect import Effect
from scenarios.quantity import Model, Name, Text

READINGS = ("queue", "level")
_CONDITION = re.compile(
    r"\s*(?P<reading>[a-z_]+)\s*\(\s*(?P<subject>[^\s()]+)\s*\)\s*"
    r"(?P<sign><=|>=|<|>)\s*(?P<bound>\d+(?:\.\d+)?)\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition on the world, read at each control tick.

    Parameters
    ----------
    reading
        ``queue`` (voters in line at a station) or ``level`` (of an inject's
        incident; 0 when none is open).
    subject
        The station or the inject.
    sign, bound
        Comparison with a number.
    """

    reading: str
    subject: str
    sign: str
    bound: float

    def holds(self, value: float) -> bool:
        """Compare a reading with the bound."""
        return {
            "<": value < self.bound,
            "<=": value <= self.bound,
            ">": value > self.bound,
            ">=": value >= self.bound,
        }[self.sign]

    def __str__(self) -> str:
        return f"{self.reading}({self.subject}) {self.sign} {self.bound:g}"


def condition_of(text: object) -> Condition:
    """Read a condition such as ``queue(KV3) > 120``."""
    match = _CONDITION.fullmatch(text) if isinstance(text, str) else None
    if match is None or match["reading"] not in READINGS:
        raise ValueError(
            f"not a condition, found {shown(text)}; write queue(STATION) > 120 or "
            "level(INJECT) >= 2"
        )
    return Condition(
        reading=match["reading"],
        subject=match["subject"],
        sign=match["sign"],
        bound=float(match["bound"]),
    )


When = Annotated[
    Condition,
    BeforeValidator(condition_of),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A condition on the world: queue(KV3) > 120",
        }
    ),
]


class Inject(Model):
    """One entry of the script."""

    title: Text
    cue: Text = Field(default="", description="What is seen, by whom")
    expected: Text = Field(default="", description="What good handling looks like")
    at: Moment | None = Field(default=None, description="When it happens")
    after: Name | None = Field(default=None, description="After which inject")
    delay: Duration = Field(default=0.0, description="How long after that inject")
    when: When | None = Field(
        default=None, description="On which condition: queue(KV3) > 120"
    )
    effects: tuple[Effect, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        given = [
            key for key in ("at", "after", "when") if getattr(self, key) is not None
        ]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"give exactly one of at, after and when, found {found}")
        if self.delay and self.after is None:
            raise ValueError(
                f"delay: goes with after, found {given[0]}; take the delay out"
            )
        return self
