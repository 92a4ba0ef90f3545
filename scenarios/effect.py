"""What an inject or an open incident does to the world."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.clock import Duration, Moment, shown
from scenarios.force import Mode
from scenarios.quantity import Count, Factor, Model, Name, Share, Some, Text
from scenarios.road.area import Area

HERE = "here"


class _Lasting(Model):
    for_: Duration | None = Field(
        default=None, alias="for", description="How long it lasts (in an inject)"
    )
    until: Moment | None = Field(
        default=None, description="Until when it lasts (in an inject)"
    )

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.for_ is not None and self.until is not None:
            raise ValueError("give for or until, found both")
        return self


class Suspend(_Lasting):
    """Voting stops. In an incident: until a unit has cleared it."""

    kind: Literal["suspend"]
    station: Name = Field(description="A station, or here")
    mode: Literal["drain", "freeze", "abandon"] = Field(
        description="drain: finish those in service, start none; freeze: stop, later "
        "go on with what was left; abandon: all leave"
    )
    return_share: Share = Field(
        default=1.0, description="abandon: share of those who left that comes back"
    )
    return_within: Duration = Field(
        default=30.0, description="abandon: they come back within this time"
    )


class Slow(_Lasting):
    """Services that start at a stage take longer (or, below 1, less long)."""

    kind: Literal["slow"]
    station: Name
    stage: Name
    factor: Factor = Field(description="Service times are multiplied by this")


class LoseServers(_Lasting):
    """Places of a stage cannot be used."""

    kind: Literal["lose_servers"]
    station: Name
    stage: Name
    servers: Some


class Balking(_Lasting):
    """Voters balk more often (or less) on seeing the line."""

    kind: Literal["balking"]
    station: Name
    factor: Factor = Field(description="Shares of balkers are multiplied by this")


class Surge(Model):
    """The next voters of the day come at once, spread over a time."""

    kind: Literal["surge"]
    station: Name
    voters: Some
    over: Duration


class Drop(_Lasting):
    """A share of those who would come now stays away."""

    kind: Literal["drop"]
    station: Name
    share: Share
    return_share: Share = Field(
        default=0.0, description="Share of these that comes once it is over"
    )
    return_within: Duration = Field(
        default=120.0, description="They come within this time after the end"
    )


class Divert(_Lasting):
    """A share of those who come to a station goes to another, over the roads."""

    kind: Literal["divert"]
    station: Name = Field(description="A station, or here")
    to: Name = Field(description="The other station")
    share: Share = Field(default=1.0, description="Share of those who come")
    mode: Mode = Field(default="foot", description="How they go there")
    line: Share = Field(
        default=0.0,
        description="Share of those in the first line, as it begins, who go too",
    )

    @model_validator(mode="after")
    def _elsewhere(self) -> Self:
        check_elsewhere(self.station, self.to)
        return self


def check_elsewhere(station: str, to: str) -> None:
    """Refuse a diversion of a station to itself."""
    if station == to:
        raise ValueError(f"to: must be another station, found {shown(to)} as station")


class _Roads(Model):
    """Roads by id, by class, by the name of the street, or all of an area."""

    roads: Annotated[tuple[Name, ...], Field(min_length=1)] | None = Field(
        default=None, description="Ids of roads, or here"
    )
    classes: Annotated[tuple[Name, ...], Field(min_length=1)] | None = Field(
        default=None, description="All roads of these classes"
    )
    streets: Annotated[tuple[Text, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="All roads of the streets of these names, as on the map",
    )
    area: Area | None = Field(
        default=None, description="All roads of which any part lies in it"
    )

    @model_validator(mode="after")
    def _one_way_to_name_them(self) -> Self:
        keys = ("roads", "classes", "streets", "area")
        given = [key for key in keys if getattr(self, key) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                f"give exactly one of roads, classes, streets and area, found {found}"
            )
        return self


class CloseRoad(_Lasting, _Roads):
    """Roads cannot be used."""

    kind: Literal["close_road"]


class SlowRoad(_Lasting, _Roads):
    """Roads are slower."""

    kind: Literal["slow_road"]
    factor: Annotated[float, Field(strict=True, gt=0, le=1)] = Field(
        description="Speeds are multiplied by this"
    )


class OpenRoad(_Roads):
    """What injects and incidents closed or slowed is as before, ahead of its end."""

    kind: Literal["open_road"]


class OutOfService(_Lasting):
    """A unit cannot be used."""

    kind: Literal["out_of_service"]
    unit: Name


class RadioLoss(_Lasting):
    """Units are out of touch: they finish what they have, and nobody can reach them."""

    kind: Literal["radio_loss"]
    units: tuple[Name, ...] = Field(
        default=(), description="Which units; left out: all"
    )


class DelayReports(_Lasting):
    """Incidents that arise now are reported later."""

    kind: Literal["delay_reports"]
    delay: Duration = Field(description="Added to the reporting delay")

    @model_validator(mode="after")
    def _delays(self) -> Self:
        if self.delay <= 0:
            raise ValueError("delay: must be above 0 min")
        return self


class PlaceIncident(Model):
    """An incident arises."""

    kind: Literal["incident"]
    type: Name = Field(description="One of the incident types")
    place: Name


class Extend(Model):
    """The vote goes on for longer, as somebody outside has ordered."""

    kind: Literal["extend"]
    station: Name
    until: Moment = Field(description="The new close, at most the latest allowed")


class HealthCase(Model):
    """A stage is closed and cleaned; officers go with the case for a time."""

    kind: Literal["health_case"]
    station: Name
    stage: Name
    cleaned: Duration = Field(description="So long nobody starts at the stage")
    officers: Count = Field(
        default=1, description="Officers who go along to the isolation room"
    )
    away: Duration = Field(default=30.0, description="So long they are gone")

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.cleaned <= 0:
            raise ValueError("cleaned: must be above 0 min")
        return self


class MoveStation(Model):
    """A station moves: voting stops, box and team travel, set up, and it goes on."""

    kind: Literal["move_station"]
    station: Name
    to: Name = Field(description="The place of the new site")
    set_up: Duration = Field(default=45.0, description="From arrival to inspection")
    mode: Mode = Field(default="car", description="How box and team travel")
    balks: Share = Field(
        default=0.0,
        description="Share that gives up: of the line, and of those who come to the "
        "old site before they have been told",
    )
    told_after: Duration = Field(
        default=0.0, description="From the leaving until voters have been told"
    )

    @model_validator(mode="after")
    def _tells_some(self) -> Self:
        check_told(self.told_after, self.balks)
        return self


def check_told(told_after: float, balks: float) -> None:
    """Refuse a delay that nobody would turn back for.

    Raises
    ------
    ValueError
        Says what to write.
    """
    if told_after and not balks:
        raise ValueError("told_after: nobody turns back where balks is 0; give it")


AtOnce = Surge | OpenRoad | PlaceIncident | Extend | HealthCase | MoveStation
WhileOpen = Annotated[
    Suspend | Slow | LoseServers | Balking | Drop | Divert | CloseRoad | SlowRoad,
    Field(discriminator="kind"),
]
Effect = Annotated[
    Suspend
    | Slow
    | LoseServers
    | Balking
    | Surge
    | Drop
    | Divert
    | CloseRoad
    | SlowRoad
    | OpenRoad
    | OutOfService
    | RadioLoss
    | DelayReports
    | PlaceIncident
    | Extend
    | HealthCase
    | MoveStation,
    Field(discriminator="kind"),
]
KINDS = (
    "suspend",
    "slow",
    "lose_servers",
    "balking",
    "surge",
    "drop",
    "divert",
    "close_road",
    "slow_road",
    "open_road",
    "out_of_service",
    "radio_loss",
    "delay_reports",
    "incident",
    "extend",
    "health_case",
    "move_station",
)
