"""Laws of durations, as data. The draws themselves are made in the simulator."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from scenarios.clock import Duration
from scenarios.quantity import Model, Number

Positive = Annotated[Duration, Field(gt=0)]


class Constant(Model):
    """Always the same duration."""

    law: Literal["constant"] = "constant"
    value: Duration

    @property
    def mean_minutes(self) -> float:
        """Mean of the law, minutes."""
        return self.value


class Exponential(Model):
    """Memoryless: many short, a few long."""

    law: Literal["exponential"] = "exponential"
    mean: Positive

    @property
    def mean_minutes(self) -> float:
        """Mean of the law, minutes."""
        return self.mean


class Lognormal(Model):
    """Skewed, never negative; the usual law of service times."""

    law: Literal["lognormal"] = "lognormal"
    mean: Positive
    cv: Annotated[Number, Field(gt=0, le=10)] = Field(
        description="Standard deviation over mean"
    )

    @property
    def mean_minutes(self) -> float:
        """Mean of the law, minutes."""
        return self.mean


class Gamma(Model):
    """Skewed, never negative; with cv 1 it is the exponential law."""

    law: Literal["gamma"] = "gamma"
    mean: Positive
    cv: Annotated[Number, Field(gt=0, le=10)] = Field(
        description="Standard deviation over mean"
    )

    @property
    def mean_minutes(self) -> float:
        """Mean of the law, minutes."""
        return self.mean


class Triangular(Model):
    """Between a least and a most, with a likeliest value: the law of estimates."""

    law: Literal["triangular"] = "triangular"
    low: Duration
    mode: Duration
    high: Duration

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError(
                "low, mode and high must rise, and low must differ from high, found "
                f"{self.low:g}, {self.mode:g} and {self.high:g} min"
            )
        return self

    @property
    def mean_minutes(self) -> float:
        """Mean of the law, minutes."""
        return (self.low + self.mode + self.high) / 3


class Uniform(Model):
    """Anywhere between two values."""

    law: Literal["uniform"] = "uniform"
    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError(
                f"low must be below high, found {self.low:g} and {self.high:g} min"
            )
        return self

    @property
    def mean_minutes(self) -> float:
        """Mean of the law, minutes."""
        return (self.low + self.high) / 2


def constant(text: str) -> Constant:
    """Make the law of a duration that is always the same, such as ``2 min``."""
    return Constant.model_validate({"value": text})


def _bare_duration(value: Any) -> Any:
    return {"law": "constant", "value": value} if isinstance(value, str) else value


Law = Annotated[
    Constant | Exponential | Lognormal | Gamma | Triangular | Uniform,
    Field(discriminator="law"),
]
Distribution = Annotated[
    Law,
    BeforeValidator(_bare_duration, json_schema_input_type=Law | Duration),
]
