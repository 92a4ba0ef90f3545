"""The dispatch policies a plan can name; the functions are in the simulator."""

from typing import Annotated, Literal, Self

from pydantic import Field, WithJsonSchema, model_validator

from scenarios.clock import Duration
from scenarios.force import Priority
from scenarios.quantity import Count, Model, Name, Share, SizeKey, number_key

Policy = Literal[
    "nearest", "nearest-idle", "home-area", "keep-cover", "nearest-or-busy"
]
POLICIES: dict[str, str] = {
    "nearest": "least estimated arrival among units standing by and units on their "
    "way back, which are sent from where they are; several needs by least total",
    "nearest-idle": "least estimated arrival among units standing by",
    "home-area": "units of the incident's home area, then the list of its place or "
    "area in order, else it waits",
    "keep-cover": "of the units that arrive in time the one whose leaving uncovers "
    "least",
    "nearest-or-busy": "waits for a unit on scene when its expected end and travel "
    "beat every free one",
}
STANDBYS: dict[str, str] = {
    "table": "so many free units, these bases held",
    "list": "a freed unit goes to the first empty base",
    "cover": "a freed unit goes where expected cover gains most",
}


PriorityKey = Annotated[
    str,
    number_key(9, "a priority"),
    WithJsonSchema({"type": "string", "pattern": "^[1-9]$"}),
]


class Cover(Model):
    """What it means that a place is covered."""

    within: Duration = Field(description="A free unit can be there in this time")
    busy: Share = Field(
        default=0.3, description="cover: share of time in which a unit is not free"
    )


class TableStandby(Model):
    """So many free units, these bases held."""

    kind: Literal["table"]
    table: dict[SizeKey, tuple[Name, ...]] = Field(
        min_length=1, description="Places to be held, by the number of free units"
    )

    @model_validator(mode="after")
    def _enough_units(self) -> Self:
        for size, bases in self.table.items():
            if len(bases) > int(size):
                raise ValueError(
                    f"{len(bases)} places cannot be held by {size} free unit(s)"
                )
        return self


class ListStandby(Model):
    """A freed unit goes to the first of these at which nobody stands."""

    kind: Literal["list"]
    places: tuple[Name, ...] = Field(min_length=1)


class CoverStandby(Model):
    """A freed unit goes to the one of these where expected cover gains most."""

    kind: Literal["cover"]
    places: tuple[Name, ...] = Field(min_length=1)


Standby = Annotated[
    TableStandby | ListStandby | CoverStandby, Field(discriminator="kind")
]


class Dispatch(Model):
    """How units are sent."""

    policy: Policy = Field(
        default="nearest",
        description="; ".join(f"{name}: {text}" for name, text in POLICIES.items()),
    )
    lists: dict[Name, tuple[Name, ...]] = Field(
        default_factory=dict,
        description="home-area: units in order of preference, by place or area",
    )
    preempt: dict[PriorityKey, tuple[Priority, ...]] = Field(
        default_factory=dict,
        description="A unit on its way to an incident of the first priority may be "
        "sent to one of the second: 3 [1, 2]",
    )
    switch: Share | None = Field(
        default=None,
        description="A unit on its way is replaced when another saves more than this "
        "share of the time that remains",
    )
    reserve: dict[PriorityKey, Count] = Field(
        default_factory=dict,
        description="A priority is served only if so many units stay free",
    )
    send: Literal["as_free", "together"] = Field(
        default="as_free",
        description="as_free: whoever is free goes, the rest follows; together: "
        "nobody goes until all can",
    )
    behind: Literal["pass", "strict"] = Field(
        default="pass",
        description="together: those behind in the queue may pass, or wait too",
    )
    ageing: Duration | None = Field(
        default=None, description="One priority up for every so long since the report"
    )
    aid_beyond: Duration | None = Field(
        default=None,
        description="Mutual aid is also asked for when the unit sent needs longer",
    )
    cover: Cover | None = Field(
        default=None, description="For keep-cover and stand-by by cover"
    )
    standby: Standby | None = Field(
        default=None, description="Moves that keep cover while units are away"
    )

    @model_validator(mode="after")
    def _no_circle(self) -> Self:
        for priority in self.preempt:
            if int(priority) in self._robbed_by(int(priority)):
                raise ValueError(
                    f"preempt: priority {priority} can be robbed by one that it can "
                    "rob itself, in a circle: two incidents would rob each other for "
                    "ever"
                )
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs_cover = self.policy == "keep-cover" or (
            self.standby is not None and self.standby.kind == "cover"
        )
        if needs_cover and self.cover is None:
            raise ValueError("cover: is needed to keep cover; give cover.within")
        if self.behind == "strict" and self.send != "together":
            raise ValueError("behind: strict goes with send: together")
        if self.ageing is not None and self.ageing <= 0:
            raise ValueError("ageing: must be above 0 min")
        return self

    def may_preempt(self, now: int, new: int) -> bool:
        """Tell whether a unit under way to one priority may be sent to another."""
        return new in self.preempt.get(str(now), ())

    def _robbed_by(self, priority: int) -> set[int]:
        """Give all that a chain of preemptions from a priority can lead to."""
        found: set[int] = set()
        waiting = list(self.preempt.get(str(priority), ()))
        while waiting:
            new = waiting.pop()
            if new not in found:
                found.add(new)
                waiting += self.preempt.get(str(new), ())
        return found
