"""The script: scripted disruptions, each an inject."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from scenarios.clock import Clock, Duration, Moment, forward, span
from scenarios.condition import When
from scenarios.effect import Effect
from scenarios.quantity import Model, Name, Share, Text


class Between(Model):
    """A span of time, at any minute of which something may happen."""

    from_: Moment = Field(alias="from", description="Not before")
    until: Moment = Field(description="Before this time")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        forward(self.from_, self.until)
        return self


class Inject(Model):
    """One entry of the script."""

    title: Text
    cue: Text = Field(default="", description="What is seen, by whom")
    expected: Text = Field(default="", description="What good handling looks like")
    at: Moment | None = Field(default=None, description="When it happens")
    between: Between | None = Field(
        default=None,
        description="Or a span of time: at any minute of it alike, drawn once a day",
    )
    after: Name | None = Field(default=None, description="After which inject")
    delay: Duration = Field(default=0.0, description="How long after that inject")
    when: When | None = Field(
        default=None, description="On which condition: queue(KV3) > 120"
    )
    probability: Share = Field(
        default=1.0,
        description="On which share of the days it happens, such as 30 %; after "
        "another inject: of those days on which that one happens",
    )
    effects: tuple[Effect, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        given = [key for key in _TRIGGERS if getattr(self, key) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                f"give exactly one of at, between, after and when, found {found}"
            )
        if self.delay and self.after is None:
            raise ValueError(
                f"delay: goes with after, found {given[0]}; take the delay out"
            )
        return self

    @property
    def earliest(self) -> float:
        """The first minute at which it may happen, as far as the text tells."""
        if self.between is not None:
            return self.between.from_
        return 0.0 if self.at is None else self.at

    @property
    def by_chance(self) -> bool:
        """Whether it is drawn if or when it happens."""
        return self.probability < 1 or self.between is not None

    def when_text(self, clock: Clock) -> str:
        """Say when it happens, and on how many days: ``at 09:10, on 30 % of days``."""
        if self.at is not None:
            text = f"at {clock.text(self.at)}"
        elif self.between is not None:
            begin, end = map(clock.text, (self.between.from_, self.between.until))
            text = f"at any minute between {begin} and {end}"
        elif self.after is not None:
            text = f"{span(self.delay)} after {self.after}"
        else:
            text = f"when {self.when}"
        if self.probability == 1:
            return text
        of = "days" if self.after is None else f"days with {self.after}"
        return f"{text}, on {self.probability * 100:g} % of {of}"


_TRIGGERS = ("at", "between", "after", "when")


def by_chance(script: Mapping[str, Inject]) -> list[str]:
    """Name the injects that chance has a hand in, also by way of one they follow."""
    found: list[str] = []
    for name, inject in script.items():
        row = [inject]
        while row[-1].after is not None and len(row) <= len(script):
            row.append(script[row[-1].after])
        if any(one.by_chance for one in row):
            found.append(name)
    return found
