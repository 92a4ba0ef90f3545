"""Areas on the map: a polygon, or all within a distance of a point."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from scenarios.quantity import Length, Model, Name, Number

Spot = tuple[Number, Number]
Corners = Annotated[tuple[Spot, ...], Field(min_length=3, max_length=1000)]


class Area(Model):
    """An area; the roads of which any part lies in it are meant."""

    polygon: Corners | None = Field(
        default=None,
        description="Corners in order, coordinates as in the road file",
    )
    place: Name | None = Field(
        default=None, description="Around this place (in an incident also: here)"
    )
    at: Spot | None = Field(
        default=None, description="Around this point, coordinates as in the road file"
    )
    radius: Length | None = Field(default=None, description="Around a place or point")

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        given = [k for k in ("polygon", "place", "at") if getattr(self, k) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                f"give exactly one of polygon, place and at, found {found}"
            )
        if (self.radius is None) != (self.polygon is not None):
            word = "goes" if self.radius is not None else "is missing; it goes"
            raise ValueError(f"radius: {word} with place or at")
        return self

    def __str__(self) -> str:
        if self.polygon is not None:
            return f"polygon of {len(self.polygon)} corners"
        middle = self.place or "{:g}, {:g}".format(*self.at or ())
        return f"{self.radius:g} m around {middle}"
