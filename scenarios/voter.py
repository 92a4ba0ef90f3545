"""Voters as asked: classes that differ, and what sways the turnout of all stations."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.distribution import Distribution, Law
from scenarios.quantity import Factor, Model, Name, Points, Share


class VoterClass(Model):
    """Voters who differ from the ordinary ones: first-time, elderly, assisted."""

    share: Share = Field(description="Share of the list that belongs to it")
    priority: bool = Field(
        default=False, strict=True, description="True when they are served first"
    )
    slower: Factor = Field(
        default=1.0,
        description="The service times of the stages are multiplied by this, but for "
        "those that `service` states",
    )
    service: dict[Name, Distribution] = Field(
        default_factory=dict, description="Stages that take them another time"
    )

    def mean_minutes(self, stage: str, usual: Law) -> float:
        """Mean service time at a stage whose law is the usual one, minutes."""
        own = self.service.get(stage)
        return self.slower * usual.mean_minutes if own is None else own.mean_minutes


class UniformShock(Model):
    """Anywhere between two shifts of the turnout."""

    law: Literal["uniform"] = "uniform"
    low: Points
    high: Points

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError(
                f"low must be below high, found {self.low * 100:g} % and "
                f"{self.high * 100:g} %"
            )
        return self


class TriangularShock(Model):
    """Between a least and a most shift, with a likeliest one."""

    law: Literal["triangular"] = "triangular"
    low: Points
    mode: Points
    high: Points

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError(
                "low, mode and high must rise, and low must differ from high, found "
                f"{self.low * 100:g} %, {self.mode * 100:g} % and {self.high * 100:g} %"
            )
        return self


Shock = Annotated[TriangularShock | UniformShock, Field(discriminator="law")]
