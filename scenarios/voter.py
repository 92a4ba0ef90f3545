"""Voters as asked: classes, recorded ones, what sways the turnout of all stations."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.call.setting import Column
from scenarios.distribution import Distribution, Law
from scenarios.quantity import Factor, Model, Name, Points, Share, Text

# What a file of voters may say beside the service at each stage.
ABOUT_VOTERS = ("arrival", "patience", "priority", "class")
Asked = tuple[object, ...]
Work = tuple[float, float]


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


class VoterFile(Model):
    """Recorded voters, replayed from a table: one row a voter."""

    file: Text = Field(description="A CSV file beside the scenario")
    unit: Literal["s", "min", "h"] = Field(
        description="What bare numbers of service and patience count"
    )
    columns: dict[Name, Column] = Field(
        default_factory=dict,
        description="Where arrival, patience, priority, class and the stages stand; "
        "default: the columns that have these names",
    )

    def asked(self, stages: tuple[str, ...], classes: tuple[str, ...]) -> Asked:
        """Say what is read: the same key asks for the same voters."""
        columns = tuple(self.columns.items())
        return (self.file, self.unit, columns, stages, classes)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoterList:
    """Recorded voters, in the order of their rows; NaN is what was not recorded.

    Parameters
    ----------
    arrival
        Minutes from the scenario's start.
    service
        Minutes, for each stage those of every voter.
    patience
        Minutes in the first line.
    priority
        1 for who is served first, 0 for the others.
    class_
        0 for ordinary voters, else the number of the class, from 1.
    """

    arrival: tuple[float, ...]
    service: tuple[tuple[float, ...], ...]
    patience: tuple[float, ...]
    priority: tuple[float, ...]
    class_: tuple[float, ...]

    def profile(self) -> tuple[tuple[float, float], ...]:
        """Give the cumulative arrivals as points (minute, share from 0 to 1)."""
        times, total = sorted(self.arrival), len(self.arrival)
        last = {time: (i + 1) / total for i, time in enumerate(times)}
        return ((times[0] - 1e-9, 0.0), *last.items())

    def work(self, stage: int, drawn: Work, by_class: Sequence[Work]) -> Work:
        """Give the share of voters who pass a stage, and minutes there a voter.

        Parameters
        ----------
        stage
            Its index.
        drawn, by_class
            Both for voters of whom nothing is recorded, and for those of whom the
            class is.
        """
        found = [
            (1.0, minutes)
            if not isnan(minutes)
            else drawn
            if isnan(class_)
            else by_class[int(class_)]
            for minutes, class_ in zip(self.service[stage], self.class_, strict=True)
        ]
        shares, minutes = zip(*found, strict=True)
        return sum(shares) / len(found), sum(minutes) / len(found)
