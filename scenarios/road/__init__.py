"""Roads as asked: a file or a small network, classes, speeds by travel mode."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.force import Mode
from scenarios.quantity import Length, Model, Name, Number, Speed, Text
from scenarios.road.hours import Ferry, Hours

NodeId = Annotated[str, Field(strict=True, min_length=1, max_length=80)]


class RoadClass(Model):
    """Default speeds of a class of road by travel mode; a mode left out cannot pass."""

    car: Speed | None = None
    motorcycle: Speed | None = None
    truck: Speed | None = None
    foot: Speed | None = None
    boat: Speed | None = None


def _speeds(car: float, motorcycle: float, truck: float) -> RoadClass:
    return RoadClass.model_validate(
        {
            "car": f"{car} km/h",
            "motorcycle": f"{motorcycle} km/h",
            "truck": f"{truck} km/h",
            "foot": "5 km/h",
        }
    )


FERRY = "ferry"
# Minutes of wait for a ferry of which nothing is said: half of a boat every 20 minutes.
FERRY_WAIT = 10.0
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
    # What a ferry carries moves at the speed of the boat, walkers too.
    FERRY: RoadClass.model_validate(
        dict.fromkeys(("car", "motorcycle", "truck", "foot"), "10 km/h")
    ),
    "waterway": RoadClass.model_validate({"boat": "20 km/h"}),
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
    ferries: dict[Name, Ferry] = Field(
        default_factory=dict, description="How ferries run, by the id of the road"
    )
    hours: dict[Name, Hours] = Field(
        default_factory=dict,
        description="When roads are open or closed, by the id of the road: at night, "
        "in a season",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.file is None) == (self.network is None):
            found = "none" if self.file is None else "both"
            raise ValueError(f"give exactly one of file and network, found {found}")
        return self

    @model_validator(mode="after")
    def _hours_once(self) -> Self:
        for name, ferry in self.ferries.items():
            if ferry.sails is not None and name in self.hours:
                raise ValueError(
                    f"hours: '{name}' is a ferry with hours of its own; give sails or "
                    "hours, found both"
                )
        return self

    def speeds(self) -> dict[str, RoadClass]:
        """Speeds by class, the defaults included."""
        return {**CLASSES, **self.classes}

    def speed(self, road: str, mode: Mode) -> float | None:
        """Speed on a class of road in a mode, metres a minute; None: cannot pass."""
        classes = self.speeds()
        return getattr(classes.get(road, classes[self.default_class]), mode)  # type: ignore[no-any-return]

    def shut(self, end: float) -> dict[str, list[tuple[float, float]]]:
        """List when roads and ferries cannot be used, by their own hours.

        Parameters
        ----------
        end
            Length of the scenario, minutes.
        """
        sailing = {k: ferry for k, ferry in self.ferries.items() if ferry.sails}
        shut = {name: hours.shut(end) for name, hours in self.hours.items()}
        return shut | {name: ferry.shut(end) for name, ferry in sailing.items()}
