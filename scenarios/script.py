"""The script: scripted disruptions, each an inject."""

from typing import Self

from pydantic import Field, model_validator

from scenarios.clock import Duration, Moment
from scenarios.condition import When
from scenarios.effect import Effect
from scenarios.quantity import Model, Name, Text


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
