"""Roads as asked: a file or a small network, classes, speeds by travel mode."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.force import Mode
from scenarios.quantity import Length, Model, Name, Number, Speed, Text
from scenarios.road.access import MAY_PASS
from scenarios.road.hours import Ferry, Hours

Zone = Annotated[str, Field(strict=True, pattern=r"^[\w:-]{1,40}$")]
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


def _walked(foot: float) -> RoadClass:
    return RoadClass.model_validate({"foot": f"{foot} km/h"})


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
    "footway": _walked(5),
    "path": _walked(4),
    "pedestrian": _walked(5),
    "steps": _walked(2),
    "cycleway": _walked(5),
    "bridleway": _walked(4),
    "corridor": _walked(4),
    "track": _speeds(12, 20, 8),
    "road": _speeds(30, 30, 25),
    # What a ferry carries moves at the speed of the boat, walkers too.
    FERRY: RoadClass.model_validate(
        dict.fromkeys(("car", "motorcycle", "truck", "foot"), "10 km/h")
    ),
    "waterway": RoadClass.model_validate({"boat": "20 km/h"}),
}


# Limits that a code stands for, km/h, small letters: by law in Vietnam and Germany;
# without a country (urban, rural) and for `walk` assumed.
ZONES: dict[str, float] = {
    zone: limit * 1000 / 60
    for zone, limit in {
        "urban": 50,
        "rural": 80,
        "trunk": 100,
        "motorway": 120,
        "living_street": 10,
        "walk": 7,
        "vn:urban": 50,
        "vn:rural": 80,
        "vn:motorway": 120,
        "de:urban": 50,
        "de:rural": 100,
        "de:living_street": 7,
        "de:bicycle_road": 30,
    }.items()
}


class Columns(Model):
    """Which column of a table, or property of a line, holds what."""

    id: Text | None = Field(default=None, description="Of a node, in the node table")
    x: Text | None = Field(default=None, description="East or longitude of a node")
    y: Text | None = Field(default=None, description="North or latitude of a node")
    from_: Text | None = Field(default=None, alias="from", description="Node of an arc")
    to: Text | None = Field(default=None, description="Node of an arc")
    road: Text | None = Field(default=None, description="Own name (id) of a road")
    class_: Text | None = Field(
        default=None, alias="class", description="Class of a road"
    )
    one_way: Text | None = Field(default=None, description="yes, no, -1 and the like")
    name: Text | None = Field(default=None, description="Of the street, for people")
    speed: Text | None = Field(default=None, description="Its unit is in units")
    length: Text | None = Field(default=None, description="Its unit is in units")
    time: Text | None = Field(default=None, description="Its unit is in units")


class Units(Model):
    """Units of the columns; no unit is ever guessed."""

    speed: Literal["km/h", "mph", "m/s"] | None = None
    length: Literal["metres", "km", "miles", "feet"] | None = None
    time: Literal["seconds", "minutes", "hours", "days"] | None = None


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
        description="A road file beside the scenario: OSM XML or PBF, OSMnx GraphML, "
        "GeoJSON lines, a table of arcs (CSV), or YAML with nodes and edges",
    )
    nodes: Annotated[str, Field(strict=True)] | None = Field(
        default=None, description="The table of nodes, when file is a table of arcs"
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
    zones: dict[Zone, Speed] = Field(
        default_factory=dict,
        description="Limits that codes stand for (VN:urban); these replace or add to "
        "the defaults",
    )
    may_pass: tuple[Text, ...] = Field(
        default=MAY_PASS,
        description="Access values that units may pass though the public may not",
    )
    on_foot: bool = Field(
        default=False,
        strict=True,
        description="Keep what only walkers may use: footways, steps, and one-way "
        "streets against their direction",
    )
    contract: bool | None = Field(
        default=None,
        strict=True,
        description="Join roads at nodes one merely passes through; default: for OSM "
        "files and GeoJSON lines, not for graphs and tables, whose nodes have names",
    )
    join: Length = Field(
        default=1.0, description="GeoJSON lines whose ends are this near meet there"
    )
    columns: Columns = Columns()
    units: Units = Units()
    two_way: bool | None = Field(
        default=None,
        strict=True,
        description="Whether a row of a table of arcs is a road both ways; default: "
        "unless most rows come in both directions",
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

    def limits(self) -> dict[str, float]:
        """Limits by zone code in small letters, metres a minute, defaults included."""
        return {**ZONES, **{zone.lower(): v for zone, v in self.zones.items()}}

    def speeds(self) -> dict[str, RoadClass]:
        """Speeds by class, the defaults included."""
        return {**CLASSES, **self.classes}

    def speed(self, road: str, mode: Mode) -> float | None:
        """Speed on a class of road in a mode, metres a minute; None: cannot pass."""
        classes = self.speeds()
        known = road if road in classes else self.default_class
        speed: float | None = getattr(classes[known], mode)
        return speed

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
