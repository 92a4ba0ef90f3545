"""Laws of durations, as data. The draws themselves are made in the simulator."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from scenarios.call.setting import Column
from scenarios.clock import Duration
from scenarios.quantity import Model, Number, Text

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


class Erlang(Model):
    """A sum of equal exponential steps; with one stage it is the exponential law."""

    law: Literal["erlang"] = "erlang"
    mean: Positive
    stages: Annotated[int, Field(strict=True, ge=1, le=100)] = Field(
        description="How many steps; the cv is 1 over the root of it"
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


class Empirical(Model):
    """What was observed: each value with the same chance."""

    law: Literal["empirical"] = "empirical"
    values: (
        Annotated[tuple[Duration, ...], Field(min_length=1, max_length=10_000)] | None
    ) = Field(default=None, description="The durations themselves")
    file: Text | None = Field(
        default=None, description="Or a CSV file beside the scenario that holds them"
    )
    column: Column | None = Field(default=None, description="Its column")
    unit: Literal["s", "min", "h"] | None = Field(
        default=None, description="What bare numbers of the file count"
    )
    _ranked: tuple[float, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _one_source(self, info: ValidationInfo) -> Self:
        if (self.values is None) == (self.file is None):
            found = "none" if self.values is None else "both"
            raise ValueError(f"give exactly one of values and file, found {found}")
        for name in ("column", "unit"):
            given = getattr(self, name) is not None
            if given and self.file is None:
                raise ValueError(f"{name}: stands with file alone; take it out")
            if self.file is not None and not given:
                raise ValueError(f"file: give {name} too")
        self._ranked = tuple(sorted(self._found(info)))
        return self

    def _found(self, info: ValidationInfo) -> tuple[float, ...]:
        if self.values is not None:
            return self.values
        observed = (info.context or {}).get("observed")
        if observed is None:
            raise ValueError("file: is read with a scenario's folder only")
        # What is wrong with the file is told with its rows.
        return tuple(observed.get((self.file, self.column, self.unit), ()))

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """Copy it; other values are ranked anew."""
        copied = super().model_copy(update=update, deep=deep)
        if update and copied.values is not None:
            copied._ranked = tuple(sorted(copied.values))
        return copied

    @property
    def ranked(self) -> tuple[float, ...]:
        """The values, rising, minutes."""
        return self._ranked

    @property
    def mean_minutes(self) -> float:
        """Mean of the law, minutes."""
        return sum(self._ranked) / len(self._ranked)


def constant(text: str) -> Constant:
    """Make the law of a duration that is always the same, such as ``2 min``."""
    return Constant.model_validate({"value": text})


def _bare_duration(value: Any) -> Any:
    return {"law": "constant", "value": value} if isinstance(value, str) else value


Law = Annotated[
    Constant
    | Exponential
    | Lognormal
    | Gamma
    | Erlang
    | Triangular
    | Uniform
    | Empirical,
    Field(discriminator="law"),
]
Distribution = Annotated[
    Law,
    BeforeValidator(_bare_duration, json_schema_input_type=Law | Duration),
]
