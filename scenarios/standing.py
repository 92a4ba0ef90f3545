"""Standing orders: orders given beforehand, with the condition on which they stand."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from scenarios.clock import Duration, Moment, forward, shown
from scenarios.condition import When
from scenarios.order import Order
from scenarios.quantity import Model, Text


def _listed(value: Any) -> Any:
    """Make a list of a single order."""
    return [value] if isinstance(value, dict) else value


Orders = Annotated[
    tuple[Order, ...],
    Field(min_length=1, max_length=50),
    BeforeValidator(
        _listed,
        json_schema_input_type=Order
        | Annotated[tuple[Order, ...], Field(min_length=1, max_length=50)],
    ),
]


def _stations(value: object) -> object:
    """Read ``all``, or a list of stations; whether they exist is checked later."""
    if value == ALL:
        return value
    listed = value if isinstance(value, list | tuple) else ()
    names = tuple(name for name in listed if isinstance(name, str))
    if not names or len(names) < len(listed):
        raise ValueError(
            f"must be a list of stations, or all, found {shown(value)}; write [KV1]"
        )
    return names


ALL = "all"
Stations = Annotated[
    tuple[str, ...] | str,
    PlainValidator(
        _stations,
        json_schema_input_type=Literal["all"]
        | Annotated[list[str], Field(min_length=1)],
    ),
]


class StandingOrder(Model):
    """An order, or several, with the condition or the time at which it is given."""

    title: Text = ""
    when: When | None = Field(
        default=None,
        description="The condition, read at each control tick: queue(KV3) > 80 and "
        "officers(KV3) >= 1; left out with at: given whatever the state is",
    )
    at: Moment | None = Field(
        default=None, description="Read once, at this time, and never again"
    )
    from_: Moment | None = Field(
        default=None, alias="from", description="Read from this time on"
    )
    until: Moment | None = Field(default=None, description="Read before this time")
    each: Stations | None = Field(
        default=None,
        description="The stations it serves, each for itself; `here` in the condition "
        "and the order stands for the station",
    )
    order: Orders
    again: Duration | None = Field(
        default=None,
        description="It may be given again after this time; left out: once",
    )

    def stations(self, known: Iterable[str]) -> tuple[str, ...]:
        """Give the stations it serves one by one, out of all there are."""
        if self.each is None:
            return ()
        return tuple(known) if self.each == ALL else tuple(self.each)

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if self.at is None:
            if self.when is None:
                raise ValueError("give when, or at, or both, found none")
            return self
        for key in ("from_", "until", "again"):
            if getattr(self, key) is not None:
                name = key.rstrip("_")
                raise ValueError(f"{name}: goes with when alone; at is read once")
        return self

    @model_validator(mode="after")
    def _lasts(self, info: ValidationInfo) -> Self:
        clock = (info.context or {}).get("clock")
        if self.again is not None and self.again <= 0:
            raise ValueError("again: must be above 0 min")
        forward(self.from_, self.until, clock)
        return self
