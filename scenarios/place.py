"""Named points of the map: stations, bases, stops."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from scenarios.quantity import Model, Name, Number, Text


class Place(Model):
    """A named point, at a node of the road network or snapped to the nearest road."""

    title: Text = Field(default="", description="What people call it")
    node: Annotated[str, Field(strict=True)] | None = Field(
        default=None, description="A node of the road network"
    )
    at: tuple[Number, Number] | None = Field(
        default=None,
        description="Coordinates as in the road file (x, y or longitude, latitude); "
        "the place is put on the nearest road",
    )
    area: Name | None = Field(default=None, description="The area it lies in")

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if (self.node is None) == (self.at is None):
            found = "none" if self.node is None else "both"
            raise ValueError(f"give exactly one of node and at, found {found}")
        return self
