"""What is not known beforehand: inputs drawn once a day, by laws of amounts."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.amount import Amount, Quantity, unit_of
from scenarios.quantity import Model, Number, Text

# Laws without an end are cut off where one day in a thousand lies beyond.
CUT = 0.001
_CUT_NORMAL = 3.090232306167813  # standard deviations, its quantile
MOST_INPUTS = 50


class UniformAmount(Model):
    """Anywhere between two amounts."""

    law: Literal["uniform"] = "uniform"
    low: Quantity
    high: Quantity

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        unit_of(self.low, self.high)
        if self.low.number >= self.high.number:
            raise ValueError(
                f"low must be below high, found {self.low.text()} and "
                f"{self.high.text()}"
            )
        return self

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What it is written with."""
        return self.low, self.high

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that is drawn."""
        return self.low.number, self.high.number


class TriangularAmount(Model):
    """Between a least and a most, with a likeliest amount: the law of estimates."""

    law: Literal["triangular"] = "triangular"
    low: Quantity
    mode: Quantity
    high: Quantity

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        unit_of(*self.amounts)
        low, mode, high = (amount.number for amount in self.amounts)
        if not low <= mode <= high or low == high:
            listed = [amount.text() for amount in self.amounts]
            raise ValueError(
                "low, mode and high must rise, and low must differ from high, found "
                f"{listed[0]}, {listed[1]} and {listed[2]}"
            )
        return self

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What it is written with."""
        return self.low, self.mode, self.high

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that is drawn."""
        return self.low.number, self.high.number


class NormalAmount(Model):
    """The bell, cut off where one day in a thousand lies beyond, on either side."""

    law: Literal["normal"] = "normal"
    mean: Quantity
    sd: Quantity = Field(description="Standard deviation, above 0")

    @model_validator(mode="after")
    def _spreads(self) -> Self:
        unit_of(*self.amounts)
        if self.sd.number <= 0:
            raise ValueError(f"sd: must be above 0, found {self.sd.text()}")
        return self

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What it is written with."""
        return self.mean, self.sd

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that is drawn."""
        reach = _CUT_NORMAL * self.sd.number
        return self.mean.number - reach, self.mean.number + reach


class _Skewed(Model):
    """A law above 0 with a mean and a cv."""

    mean: Quantity
    cv: Annotated[Number, Field(gt=0, le=10)] = Field(
        description="Standard deviation over mean"
    )

    @model_validator(mode="after")
    def _above_zero(self) -> Self:
        if self.mean.number <= 0:
            raise ValueError(f"mean: must be above 0, found {self.mean.text()}")
        return self

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What it is written with."""
        return (self.mean,)


class LognormalAmount(_Skewed):
    """Skewed, never below 0; cut off as the normal law."""

    law: Literal["lognormal"] = "lognormal"

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that is drawn."""
        variance = math.log1p(self.cv**2)
        mu, reach = math.log(self.mean.number) - variance / 2, math.sqrt(variance)
        reach *= _CUT_NORMAL
        return math.exp(mu - reach), math.exp(mu + reach)


class GammaAmount(_Skewed):
    """Skewed, never below 0: the law of a rate that was counted; cut off likewise."""

    law: Literal["gamma"] = "gamma"

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that is drawn."""
        from scipy.special import gammaincinv

        shape = 1 / self.cv**2
        low, high = gammaincinv(shape, [CUT, 1 - CUT]) * self.mean.number / shape
        return float(low), float(high)


class EmpiricalAmount(Model):
    """What was observed or sampled: each amount with the same chance."""

    law: Literal["empirical"] = "empirical"
    values: Annotated[tuple[Quantity, ...], Field(min_length=1, max_length=10_000)]

    @model_validator(mode="after")
    def _alike(self) -> Self:
        unit_of(*self.values)
        return self

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What it is written with."""
        return self.values

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that is drawn."""
        numbers = [amount.number for amount in self.values]
        return min(numbers), max(numbers)


AmountLaw = (
    UniformAmount
    | TriangularAmount
    | NormalAmount
    | LognormalAmount
    | GammaAmount
    | EmpiricalAmount
)
Spread = Annotated[AmountLaw, Field(discriminator="law")]
Way = Literal["value", "add", "factor"]
WAYS: tuple[Way, ...] = ("value", "add", "factor")


class Input(Model):
    """An input that is not known beforehand: drawn once a day, the same for all plans.

    It changes all values at its path alike.
    """

    title: Text
    path: Text = Field(
        description="Which values of the scenario, as after --set; * stands for any: "
        "stations.*.stages.check-in.service.mean"
    )
    value: Spread | None = Field(default=None, description="Takes their place")
    add: Spread | None = Field(default=None, description="Is added to them")
    factor: Spread | None = Field(default=None, description="They are multiplied by it")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [way for way in WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                f"give exactly one of value, add and factor, found {found}"
            )
        if self.factor is not None and self.unit == "min":
            raise ValueError("factor: must be numbers or shares, found durations")
        return self

    @property
    def way(self) -> Way:
        """What the drawn level does to the values."""
        return next(way for way in WAYS if getattr(self, way) is not None)

    @property
    def law(self) -> AmountLaw:
        """The law of the level."""
        law: AmountLaw = getattr(self, self.way)
        return law

    @property
    def unit(self) -> str:
        """Unit of the level: empty, ``%`` or ``min``."""
        return unit_of(*self.law.amounts)

    def level_text(self, level: float) -> str:
        """Write a level: ``+8 %`` of a factor, ``+2 min`` added, ``75 s``."""
        if self.way == "factor":
            return f"{(level - 1) * 100:+.3g} %"
        text = Amount(level, self.unit).text()
        return f"+{text}" if self.way == "add" and level >= 0 else text
