"""Orders: decisions that change the world, as data.

Whether one is possible and what it does is in `simulator.order`.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from scenarios.clock import DurationText, MomentText
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


Order = Annotated[
    Send | Recall | Move | CallUp | MoveOfficers | Extend | MoveStation,
    Field(discriminator="kind"),
]
KINDS = ("send", "recall", "move", "call_up", "move_officers", "extend", "move_station")
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


def allowed_kinds(found: Any) -> str:
    """Say which orders there are."""
    return allowed(list(KINDS), str(found))


def data_of(order: Order) -> dict[str, Any]:
    """Write an order as plain data, the inverse of `order_of`."""
    return order.model_dump(by_alias=True)
