"""Duties: planned work with a time and a route."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.clock import Duration, Moment, forward
from scenarios.distribution import Distribution
from scenarios.quantity import Count, Model, Name, Some, Text


class _Duty(Model):
    title: Text = ""


class Delivery(_Duty):
    """Ballots and papers are brought to stations; none opens without them."""

    kind: Literal["delivery"]
    unit: Name
    start: Moment
    load_at: Name = Field(description="The place where they are loaded")
    load: Duration = 15.0
    stations: tuple[Name, ...] = Field(min_length=1, description="In this order")
    unload: Duration = Field(default=10.0, description="At each station")
    deadline: Moment = Field(description="All delivered by then")

    @property
    def due(self) -> float:
        """By when it must be done, minutes from the start."""
        return self.deadline


class Guard(_Duty):
    """Somebody stands guard at a place, without a gap."""

    kind: Literal["guard"]
    units: tuple[Name, ...] = Field(
        min_length=1, description="Each stands during its own shift"
    )
    place: Name
    from_: Moment = Field(alias="from")
    until: Moment

    @model_validator(mode="after")
    def _forward(self) -> Self:
        forward(self.from_, self.until)
        return self


class AuxiliaryRound(_Duty):
    """The auxiliary box is taken to voters who cannot come."""

    kind: Literal["auxiliary_round"]
    unit: Name = Field(description="Goes with the box")
    station: Name = Field(description="Whose box, and whose officers leave with it")
    officers: Some = 2
    start: Moment
    stops: tuple[Name, ...] = Field(min_length=1, description="Places, in this order")
    voters: Count = Field(
        description="Voters on the list who vote at the stops, in all"
    )
    visit: Distribution = Field(description="Time at each stop")
    back_by: Moment

    @property
    def due(self) -> float:
        """By when it must be done, minutes from the start."""
        return self.back_by


class Convoy(_Duty):
    """Boxes and results are collected once counted, and brought in."""

    kind: Literal["convoy"]
    unit: Name
    start: Moment
    stations: tuple[Name, ...] = Field(min_length=1, description="In this order")
    load: Duration = Field(default=5.0, description="At each station")
    to: Name = Field(description="The place they are brought to")
    deadline: Moment

    @property
    def due(self) -> float:
        """By when it must be done, minutes from the start."""
        return self.deadline


Duty = Annotated[
    Delivery | Guard | AuxiliaryRound | Convoy, Field(discriminator="kind")
]
KINDS = ("delivery", "guard", "auxiliary_round", "convoy")
