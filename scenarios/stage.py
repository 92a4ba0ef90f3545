"""Stages of polling stations as asked: places, who passes them, how long it takes."""

from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from scenarios.clock import Moment
from scenarios.distribution import Distribution
from scenarios.quantity import Model, Name, Share

Places = Annotated[int, Field(strict=True, ge=0, le=200)]


ClassNames = Annotated[tuple[Name, ...], Field(min_length=1, max_length=21)]
# The class of those who are in none.
ORDINARY = "ordinary"


class ServerStep(Model):
    """From a time on, so many places are open."""

    from_: Moment = Field(alias="from", description="From this time on")
    servers: Places = Field(description="Places that are open")


def _form(value: Any) -> str:
    return "steps" if isinstance(value, list | tuple) else "number"


Servers = Annotated[
    Annotated[Places, Tag("number")] | Annotated[tuple[ServerStep, ...], Tag("steps")],
    Discriminator(_form),
]


class Stage(Model):
    """A step of the vote: check-in, writing booth, ballot box."""

    servers: Servers = Field(
        description="Places that are open: a number, or a list of from and servers"
    )
    officers: Annotated[int, Field(strict=True, ge=0, le=20)] = Field(
        default=1, description="Officers each place needs; a booth may need 0"
    )
    service: Distribution = Field(description="How long one voter takes here")
    voting: bool = Field(
        default=False,
        strict=True,
        description="True on the stage whose start ends the wait; every voter passes "
        "exactly one",
    )
    only: ClassNames | None = Field(
        default=None,
        description="Classes of voters that pass it; ordinary for those of no class",
    )
    except_: ClassNames | None = Field(
        default=None,
        alias="except",
        description="Classes of voters that do not pass it; all others do",
    )
    share: Share = Field(
        default=1.0,
        description="Share of the voters of these classes who pass it; the others "
        "skip it",
    )
    limit: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = Field(
        default=None,
        description="Most voters who may wait for it; who comes from an earlier stage "
        "keeps the place there until there is room",
    )

    def servers_at(self, minute: float) -> int:
        """Places open at a moment, by the schedule alone."""
        if isinstance(self.servers, int):
            return self.servers
        open_now = [step.servers for step in self.servers if step.from_ <= minute]
        return open_now[-1] if open_now else 0

    def admits(self, class_: str) -> bool:
        """Tell whether voters of a class may pass it."""
        if self.only is not None:
            return class_ in self.only
        return class_ not in (self.except_ or ())

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if self.only is not None and self.except_ is not None:
            raise ValueError("only: cannot stand beside except; take one out")
        return self

    @model_validator(mode="after")
    def _steps_rise(self) -> Self:
        if not isinstance(self.servers, int):
            times = [step.from_ for step in self.servers]
            if times != sorted(set(times)):
                raise ValueError("servers: the times must rise from step to step")
        return self
