"""Roads as asked: a file or a small network, classes, speeds by travel mode."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.force import Mode
from scenarios.quantity import Length, Model, Name, Number, Speed, Text

NodeId = Annotated[str, Field(strict=True, min_length=1, max_length=80)]


class RoadClass(Model):
    """Default speeds of a class of road by travel mode; a mode left out cannot pass."""

    car: Speed | None = None
    motorcycle: Speed | None = None
    truck: Speed | None = None
    foot: Speed | None = None


def _speeds(car: float, motorcycle: float, truck: float) -> RoadClass:
    return RoadClass.model_validate(
        {
            "car": f"{car} km/h",
            "motorcycle": f"{motorcycle} km/h",
            "truck": f"{truck} km/h",
            "foot": "5 km/h",
        }
    )


# Assumed defaults, km/h: no public figure exists for Vietnamese patrols; a scenario
# states its own where it matters.
CLASSES: dict[str, RoadClass] = {
    "motorway": _speeds(80, 60, 70),
    "trunk": _speeds(60, 50, 50),
    "primary": _speeds(50, 45, 40),
    "secondary": _speeds(40, 40, 35),
    "tertiary": _speeds(35, 35, 30),
    "unclassified": _speeds(30, 30, 25),
    "residential": _speeds(25, 25, 20),
    "living_street": _speeds(15, 15, 10),
    "service": _speeds(15, 15, 10),
    "track": _speeds(12, 20, 8),
    "road": _speeds(30, 30, 25),
}


class Edge(Model):
    """A road between two nodes."""

    id: Name
    from_: NodeId = Field(alias="from")
    to: NodeId
    road: Name = Field(description="Class of road")
    length: Length | None = Field(
        default=None, description="Default: the straight distance"
    )
    one_way: bool = Field(default=False, strict=True)
    speed: Speed | None = Field(
        default=None, description="Speed limit; default: the class's speed by mode"
    )
    name: Text = ""
    via: tuple[tuple[Number, Number], ...] = Field(
        default=(), description="Bends, for drawing and for the length"
    )


class Network(Model):
    """A small network written by hand, coordinates in metres."""

    nodes: dict[NodeId, tuple[Number, Number]] = Field(min_length=1)
    edges: tuple[Edge, ...] = Field(min_length=1)


class Roads(Model):
    """Where the road network comes from."""

    file: Annotated[str, Field(strict=True)] | None = Field(
        default=None,
        description="An OSMnx GraphML file, or a YAML file with nodes and edges, "
        "beside the scenario",
    )
    network: Network | None = Field(default=None, description="A network written here")
    classes: dict[Name, RoadClass] = Field(
        default_factory=dict,
        description="Speeds by class; these replace or add to the defaults",
    )
    default_class: Name = Field(
        default="unclassified", description="Class of roads that state none we know"
    )
    coordinates: Literal["auto", "degrees", "metres"] = "auto"

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.file is None) == (self.network is None):
            found = "none" if self.file is None else "both"
            raise ValueError(f"give exactly one of file and network, found {found}")
        return self

    def speeds(self) -> dict[str, RoadClass]:
        """Speeds by class, the defaults included."""
        return {**CLASSES, **self.classes}

    def speed(self, road: str, mode: Mode) -> float | None:
        """Speed on a class of road in a mode, metres a minute; None: cannot pass."""
        classes = self.speeds()
        return getattr(classes.get(road, classes[self.default_class]), mode)  # type: ignore[no-any-return]
