"""Forces: agencies and their units, shifts, posts, call-up."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.clock import Duration, Moment
from scenarios.distribution import Distribution, constant
from scenarios.quantity import Model, Name, Number, Some, Text

Mode = Literal["car", "motorcycle", "truck", "foot", "boat"]
MODES: tuple[Mode, ...] = ("car", "motorcycle", "truck", "foot", "boat")
Cost = Annotated[Number, Field(ge=0, le=1e9)]


class Agency(Model):
    """Police, militia, health, fire and rescue: who sends units."""

    title: Text = ""
    call_up: Duration | None = Field(
        default=None,
        description="Units of this agency are mutual aid: they come only when no own "
        "unit qualifies, and this long after the first request",
    )


class Shift(Model):
    """A stretch of duty."""

    from_: Moment = Field(alias="from")
    until: Moment

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.until <= self.from_:
            raise ValueError("until: must be after from")
        return self


class Post(Model):
    """A fixed guard: where the unit stands when nothing else is asked of it."""

    place: Name
    from_: Moment = Field(alias="from")
    until: Moment
    strip: Literal["never", "last"] = Field(
        default="never",
        description="never: dispatch leaves it there; last: it may go when no other "
        "unit can",
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.until <= self.from_:
            raise ValueError("until: must be after from")
        return self


class Unit(Model):
    """A responding unit and what it can do."""

    title: Text = ""
    agency: Name
    skills: tuple[Name, ...] = Field(min_length=1)
    crew: Some = 2
    base: Name = Field(description="The place it starts from and returns to")
    mode: Mode = "motorcycle"
    turnout: Distribution = Field(
        default=constant("2 min"), description="From the order to wheels turning"
    )
    shifts: tuple[Shift, ...] = Field(min_length=1)
    posts: tuple[Post, ...] = ()
    cost_per_hour: Cost = Field(default=0.0, description="For the unit, on shift")

    @model_validator(mode="after")
    def _shifts_apart(self) -> Self:
        stretches: tuple[tuple[str, tuple[Shift | Post, ...]], ...] = (
            ("shifts", self.shifts),
            ("posts", self.posts),
        )
        for name, spans in stretches:
            for before, after in pairwise(spans):
                if after.from_ < before.until:
                    raise ValueError(f"{name}: must follow each other, not overlap")
        return self

    def on_shift(self, minute: float) -> bool:
        """Tell whether the unit is on shift at a moment (start in, end out)."""
        return any(shift.from_ <= minute < shift.until for shift in self.shifts)
