"""Incident types: what they need, how they grow, how often they arise."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.clock import Clock, Duration, Moment, forward
from scenarios.distribution import Distribution, constant
from scenarios.effect import WhileOpen
from scenarios.force import Priority
from scenarios.quantity import (
    Model,
    Name,
    Number,
    Pace,
    Share,
    SizeKey,
    Some,
    Text,
)

MOST_NEEDS = 64


class Level(Model):
    """One level of an incident: its needs, and what it does while it is open."""

    title: Text = ""
    needs: dict[Name, Some] = Field(
        min_length=1, description="Units needed by skill, in all"
    )
    on_scene: Distribution = Field(description="Work of each unit, from its arrival")
    pace: dict[SizeKey, Pace] = Field(
        default_factory=dict,
        description="How fast the work of each goes while so many units are at work, "
        "such as 1: 50 %, 2: 100 %, 3: 120 %; between two numbers as with the lower; "
        "left out: 100 %, however many",
    )
    after: Duration | None = Field(
        default=None,
        description="Reached when nobody has come this long after it arose "
        "(levels above the first)",
    )
    falls_after: Duration | None = Field(
        default=None,
        description="Falls one level when all units needed have been on scene for so "
        "long (levels above the first); left out: it does not fall",
    )
    effects: tuple[WhileOpen, ...] = Field(
        default=(), description="What it does while it is at this level"
    )

    def pace_of(self, units: int) -> float:
        """Give the pace of the work while so many units are at it; 1 is the usual."""
        sizes = sorted(map(int, self.pace))
        if not sizes:
            return 1.0
        reached = [size for size in sizes if size <= units] or sizes[:1]
        return self.pace[str(reached[-1])]

    @model_validator(mode="after")
    def _needs_are_few(self) -> Self:
        if sum(self.needs.values()) > MOST_NEEDS:
            raise ValueError(
                f"needs: at most {MOST_NEEDS} units in all, found "
                f"{sum(self.needs.values())}"
            )
        return self

    @model_validator(mode="after")
    def _lasts_while_open(self) -> Self:
        for index, effect in enumerate(self.effects):
            if effect.for_ is not None or effect.until is not None:
                raise ValueError(
                    f"effects[{index}]: the effect of an incident lasts while it is "
                    "open; take out for and until"
                )
        return self


class Rate(Model):
    """Incidents arise by chance at a rate."""

    places: tuple[Name, ...] = Field(min_length=1)
    per_hour: Annotated[Number, Field(gt=0, le=10_000)] = Field(
        description="Mean number an hour at each place"
    )
    phase: Literal["before", "during", "after"] | None = None
    from_: Moment | None = Field(default=None, alias="from")
    until: Moment | None = None

    @model_validator(mode="after")
    def _places_differ(self) -> Self:
        twice = [p for p in self.places if self.places.count(p) > 1]
        if twice:
            raise ValueError(
                f"places: '{twice[0]}' is given twice; a higher rate says it"
            )
        return self

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.phase and (self.from_ is not None or self.until is not None):
            raise ValueError("phase: give a phase, or from and until, not both")
        forward(self.from_, self.until)
        return self

    def window(self, clock: Clock) -> tuple[float, float]:
        """Give from when to when it is in force, minutes from the start."""
        begin, end = (
            (0.0, clock.minutes) if self.phase is None else clock.window(self.phase)
        )
        begin = begin if self.from_ is None else max(self.from_, 0.0)
        return begin, end if self.until is None else min(self.until, clock.minutes)


class Transport(Model):
    """Somebody or something is taken to a place once the work on scene is done."""

    share: Share = Field(default=1.0, description="Of the units that worked there")
    to: tuple[Name, ...] = Field(
        min_length=1, description="Places; the nearest by travel time is taken"
    )
    hand_over: Distribution = Field(
        default=constant("0 min"), description="Time there; then the unit is free there"
    )


class IncidentType(Model):
    """A kind of event that calls for units."""

    title: Text = ""
    priority: Priority = Field(default=2, description="1 is served first")
    report_delay: Distribution = Field(
        default=constant("0 min"), description="From when it arises to the report"
    )
    call_handling: Distribution = Field(
        default=constant("0 min"), description="From the report to ready for dispatch"
    )
    none_free: Literal["wait", "pass"] = Field(
        default="wait", description="pass: lost to the model when no unit is free"
    )
    starts: Literal["first", "all"] = Field(
        default="first",
        description="Work on scene starts as each unit arrives, or when all are there",
    )
    leaves: Literal["independently", "together"] = Field(
        default="independently",
        description="Each unit leaves when its own work is done, or all at the last",
    )
    gone_after: Distribution | None = Field(
        default=None,
        description="Ends by itself when nobody has come this long after it arose",
    )
    transport: Transport | None = None
    levels: tuple[Level, ...] = Field(min_length=1, max_length=5)
    hot_spot: bool = Field(
        default=True,
        strict=True,
        description="At its top level (of two or more) it is a hot spot",
    )
    rates: tuple[Rate, ...] = ()

    @model_validator(mode="after")
    def _passes_without_a_trace(self) -> Self:
        if self.none_free == "pass" and any(level.effects for level in self.levels):
            raise ValueError(
                "none_free: an incident that may pass can have no effects, for nobody "
                "would end them"
            )
        return self

    @model_validator(mode="after")
    def _levels_rise(self) -> Self:
        if self.levels[0].after is not None:
            raise ValueError("levels[0]: the first level has no after; take it out")
        if self.levels[0].falls_after is not None:
            raise ValueError(
                "levels[0]: the first level cannot fall; take falls_after out"
            )
        rises = [level.after for level in self.levels[1:]]
        known = [after for after in rises if after is not None]
        if len(known) < len(rises):
            raise ValueError(
                "levels: each above the first must say after how long nobody has come"
            )
        if known != sorted(set(known)):
            raise ValueError("levels: after must rise from level to level")
        for lower, higher in zip(self.levels, self.levels[1:], strict=False):
            if any(higher.needs.get(k, 0) < n for k, n in lower.needs.items()):
                raise ValueError(
                    "levels: a higher level needs at least what a lower does"
                )
        return self
