"""Orders: decisions that change the world, as data.

Whether one is possible and what it does is in `simulator.order`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from scenarios.clock import DurationText, MomentText, minutes_of
from scenarios.effect import HERE, check_elsewhere, check_told
from scenarios.force import Mode
from scenarios.problem import OrderError, allowed
from scenarios.quantity import Model, Name, Share, Some


class Send(Model):
    """Send a unit to an incident."""

    kind: Literal["send"] = "send"
    unit: Name
    incident: str = Field(strict=True, max_length=200)


class Recall(Model):
    """Call a unit back from an incident, or from a move; it is free where it is."""

    kind: Literal["recall"] = "recall"
    unit: Name


class Move(Model):
    """Have a free unit stand by at a place."""

    kind: Literal["move"] = "move"
    unit: Name
    to: Name


class CallUp(Model):
    """Ask for a unit of mutual aid before anything needs it."""

    kind: Literal["call_up"] = "call_up"
    unit: Name


class MoveOfficers(Model):
    """Move polling officers from one station to another, over the roads."""

    kind: Literal["move_officers"] = "move_officers"
    from_: Name = Field(alias="from")
    to: Name
    officers: Some = 1


class Extend(Model):
    """Have a station close later, at most at the latest close the law allows."""

    kind: Literal["extend"] = "extend"
    station: Name
    until: MomentText


class MoveStation(Model):
    """Move a station to another site; see the effect of that name."""

    kind: Literal["move_station"] = "move_station"
    station: Name
    to: Name
    set_up: DurationText = "45 min"
    mode: Mode = "car"
    balks: Share = 0.0
    told_after: DurationText = "0 min"

    @model_validator(mode="after")
    def _tells_some(self) -> Self:
        check_told(minutes_of(self.told_after), self.balks)
        return self


class Divert(Model):
    """Send a share of those who come to a station to another, over the roads.

    It holds until it is given anew for the two stations; a share of 0 ends it.
    """

    kind: Literal["divert"] = "divert"
    station: Name
    to: Name
    share: Share = 1.0
    mode: Mode = "foot"
    line: Share = 0.0
    until: MomentText | None = None

    @model_validator(mode="after")
    def _elsewhere(self) -> Self:
        check_elsewhere(self.station, self.to)
        return self


class OpenPlace(Model):
    """Open more places at a stage, as far as officers are free to staff them."""

    kind: Literal["open_place"] = "open_place"
    station: Name
    stage: Name
    places: Some = 1


class ClosePlace(Model):
    """Close places of a stage; services under way go on."""

    kind: Literal["close_place"] = "close_place"
    station: Name
    stage: Name
    places: Some = 1


Order = Annotated[
    Send
    | Recall
    | Move
    | CallUp
    | MoveOfficers
    | OpenPlace
    | ClosePlace
    | Extend
    | MoveStation
    | Divert,
    Field(discriminator="kind"),
]
# Every order, and in which section of the scenario what it names is found.
NAMES: Mapping[str, Mapping[str, str]] = {
    "send": {"unit": "units"},
    "recall": {"unit": "units"},
    "move": {"unit": "units", "to": "places"},
    "call_up": {"unit": "units"},
    "move_officers": {"from": "stations", "to": "stations"},
    "open_place": {"station": "stations", "stage": "stages"},
    "close_place": {"station": "stations", "stage": "stages"},
    "extend": {"station": "stations"},
    "move_station": {"station": "stations", "to": "places"},
    "divert": {"station": "stations", "to": "stations"},
}
KINDS = tuple(NAMES)
_ADAPTER: TypeAdapter[Order] = TypeAdapter(Order)


def order_of(data: Any) -> Order:
    """Read an order from plain data.

    Raises
    ------
    OrderError
        When the data are no order.
    """
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind not in KINDS:
        raise OrderError(f"kind: no such order, found {kind!r}; {allowed_kinds(kind)}")
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise OrderError(f"{where}: {first['msg']}") from None


def at_station(order: Order, station: str, place: str) -> Order:
    """Put a station, or its place, where an order says ``here``."""
    put = {"stations": station, "places": place}
    keys = {
        key.replace("from", "from_"): put[section]
        for key, section in NAMES[order.kind].items()
        if section in put and data_of(order)[key] == HERE
    }
    return order.model_copy(update=keys)


def allowed_kinds(found: Any) -> str:
    """Say which orders there are."""
    return allowed(list(KINDS), str(found))


def data_of(order: Order) -> dict[str, Any]:
    """Write an order as plain data, the inverse of `order_of`."""
    return order.model_dump(by_alias=True)
