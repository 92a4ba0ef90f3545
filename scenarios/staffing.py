"""What may vary in the search for the cheapest plan, within which values, at what cost.

The cost of a choice is known beforehand: values times hours times cost an hour, or a
stated cost a value. Only whether a plan meets its targets is left to chance.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from scenarios.clock import Moment, forward
from scenarios.force import Cost, Shift
from scenarios.policy import Policy
from scenarios.quantity import Count, Model, Name, Text
from scenarios.stage import Places

MOST_VALUES = 50
MOST_CHOICES = 200


def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse a value that is given twice."""
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ValueError(f"each value once, found {value} twice")
    return values


Few = Field(min_length=1, max_length=MOST_VALUES)
Copies = Annotated[int, Field(strict=True, ge=0, le=MOST_VALUES)]


class _Choice(Model):
    title: Text = ""


class ServersChoice(_Choice):
    """How many places of a stage are open, all day or in a window."""

    kind: Literal["servers"]
    station: Name
    stage: Name
    from_: Moment | None = Field(
        default=None,
        alias="from",
        description="Only from then on; left out: from the beginning",
    )
    until: Moment | None = Field(
        default=None, description="Only until then; left out: to the end"
    )
    values: Annotated[tuple[Places, ...], Few, AfterValidator(_once)] = Field(
        description="Places that may be open; officers of the station come along, as "
        "many as the stage needs for each place"
    )
    cost_per_hour: Cost = Field(
        default=0.0, description="For each place that is open, with its officers"
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        forward(self.from_, self.until)
        return self

    def holds(self, hour: float) -> bool:
        """Tell whether it is about some of the hour that begins at a minute."""
        after = self.from_ is None or hour + 60 > self.from_
        return after and (self.until is None or hour < self.until)

    def meets(self, other: "ServersChoice") -> bool:
        """Tell whether two choices of one stage are about the same time."""
        begins = [c.from_ for c in (self, other) if c.from_ is not None]
        ends = [c.until for c in (self, other) if c.until is not None]
        return not begins or not ends or max(begins) < min(ends)


class OfficersChoice(_Choice):
    """How many officers are on the team of a station, from opening to close."""

    kind: Literal["officers"]
    station: Name
    values: Annotated[tuple[Count, ...], Few, AfterValidator(_once)] = Field(
        description="Officers that may be on the team; choices of servers at this "
        "station then bring none along"
    )
    cost_per_hour: Cost = Field(default=0.0, description="For each officer")


class UnitsChoice(_Choice):
    """How many units like one of the scenario; the cost is their cost_per_hour."""

    kind: Literal["units"]
    like: Name = Field(description="The unit they are like")
    name: Name | None = Field(
        default=None,
        description="Name of new ones: NAME, NAME-2, ...; left out: the unit itself is "
        "the first, and 0 takes it out of its duties, too",
    )
    base: Name | None = Field(
        default=None, description="The place new ones start from, where it differs"
    )
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)] | None = Field(
        default=None, description="The shifts of new ones, where they differ"
    )
    values: Annotated[tuple[Copies, ...], Few, AfterValidator(_once)] = Field(
        description="How many there may be"
    )

    @model_validator(mode="after")
    def _new_ones_are_named(self) -> Self:
        for key in ("base", "shifts"):
            if getattr(self, key) is not None and self.name is None:
                raise ValueError(f"{key}: is for new units; give them a name")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the units, as many as there may be."""
        first = self.name or self.like
        rest = (f"{first}-{n}" for n in range(2, max(self.values) + 1))
        return (first, *rest)


class PolicyChoice(_Choice):
    """By which policy units are sent; it costs nothing."""

    kind: Literal["policy"]
    values: Annotated[tuple[Policy, ...], Few, AfterValidator(_once)]


class PathChoice(_Choice):
    """Anything else a plan may say, as ``--set`` writes it."""

    kind: Literal["set"]
    path: Annotated[str, Field(strict=True, min_length=1, max_length=500)] = Field(
        description="What it changes, such as dispatch.send or orders.desk.from"
    )
    values: Annotated[tuple[Any, ...], Few, AfterValidator(_once)] = Field(
        description="Values it may have; null takes the entry out"
    )
    costs: tuple[Cost, ...] | None = Field(
        default=None,
        description="What each value costs in all, beside the units; left out: nothing",
    )

    @model_validator(mode="after")
    def _cost_each(self) -> Self:
        if self.costs is not None and len(self.costs) != len(self.values):
            raise ValueError(
                f"costs: one for each value, found {len(self.costs)} for "
                f"{len(self.values)} values"
            )
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The path, part by part."""
        return tuple(part.strip() for part in self.path.split("."))


Choice = Annotated[
    ServersChoice | OfficersChoice | UnitsChoice | PolicyChoice | PathChoice,
    Field(discriminator="kind"),
]
Choices = Annotated[dict[Name, Choice], Field(max_length=MOST_CHOICES)]
KINDS = ("servers", "officers", "units", "policy", "set")


def value_text(value: Any) -> str:
    """Write a value for people: ``G1, G2``, ``place school, from 07:00``, ``none``."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {value_text(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        mark = "; " if any(isinstance(part, Mapping) for part in value) else ", "
        return mark.join(map(value_text, value)) or "none"
    return "none" if value is None else str(value)


def changed_by(choice: Choice) -> tuple[tuple[str, ...], ...]:
    """Name what a choice changes, as paths of a plan."""
    if isinstance(choice, ServersChoice):
        return (("stations", choice.station, "stages", choice.stage, "servers"),)
    if isinstance(choice, OfficersChoice):
        return (("stations", choice.station, "officers"),)
    if isinstance(choice, UnitsChoice):
        return tuple(("units", name) for name in choice.names)
    if isinstance(choice, PolicyChoice):
        return (("dispatch", "policy"),)
    return (choice.parts,)


def clash(first: Choice, second: Choice) -> bool:
    """Tell whether two choices would change the same thing."""
    if isinstance(first, ServersChoice) and isinstance(second, ServersChoice):
        same = changed_by(first) == changed_by(second)
        return same and first.meets(second)
    return any(
        a[: len(b)] == b[: len(a)]
        for a in changed_by(first)
        for b in changed_by(second)
    )
