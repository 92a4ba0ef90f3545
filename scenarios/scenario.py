"""A scenario: the world, what is scripted to happen in it, and the plans to test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from scenarios.call import Recorded
from scenarios.call.setting import Calls
from scenarios.clock import Clock
from scenarios.duty import Duty
from scenarios.force import Agency, Unit
from scenarios.incident import IncidentType
from scenarios.place import Place
from scenarios.policy import Dispatch
from scenarios.quantity import Model, Name, Text
from scenarios.road import Roads
from scenarios.rule import Pack, RulePack
from scenarios.script import Inject
from scenarios.staffing import Choices
from scenarios.standing import StandingOrder
from scenarios.station import Station
from scenarios.target import Target
from scenarios.uncertain import MOST_INPUTS, Input
from scenarios.voter import Shock

if TYPE_CHECKING:
    import networkx as nx

    from scenarios.plan import Plan
    from scenarios.road.report import RoadReport


class Setting(Model):
    """All that a scenario file says; under a plan, all that holds under the plan."""

    format: Literal[1] = Field(default=1, description="Version of this file format")
    title: Text
    summary: Text = ""
    include: tuple[Text, ...] = Field(
        default=(),
        description="Files with pieces of this scenario, beside it, each laid over "
        "what was said before: those that muster calibrate writes, for one",
    )
    assumptions: tuple[Text, ...] = Field(
        default=(), description="What is assumed, a sentence each; reports print them"
    )
    clock: Clock
    rules: Pack = Field(default="none", description="Rule pack: law and custom")
    roads: Roads
    places: dict[Name, Place] = Field(min_length=1)
    stations: dict[Name, Station] = Field(default_factory=dict)
    turnout_shock: Shock | None = Field(
        default=None,
        description="Percentage points added to the turnout of all stations alike, "
        "drawn once a day",
    )
    agencies: dict[Name, Agency] = Field(default_factory=dict)
    units: dict[Name, Unit] = Field(default_factory=dict)
    incidents: dict[Name, IncidentType] = Field(
        default_factory=dict, description="Incident types"
    )
    calls: Calls | None = Field(
        default=None, description="Recorded incidents to replay"
    )
    dispatch: Dispatch = Dispatch()
    script: dict[Name, Inject] = Field(default_factory=dict)
    duties: dict[Name, Duty] = Field(default_factory=dict)
    orders: dict[Name, StandingOrder] = Field(
        default_factory=dict, description="Standing orders"
    )
    uncertain: dict[Name, Input] = Field(
        default_factory=dict,
        max_length=MOST_INPUTS,
        description="Inputs that are not known beforehand, each drawn once a day",
    )
    targets: dict[Name, Target] = Field(default_factory=dict)
    staffing: Choices = Field(
        default_factory=dict,
        description="What may vary in the search for the cheapest plan (muster staff)",
    )

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        for kind, names in (("units", self.units), ("stations", self.stations)):
            for name in names:
                if name in self.duties or (kind == "units" and name in self.stations):
                    raise ValueError(
                        f"the name '{name}' stands for two things; a unit, a station "
                        "and a duty must have names of their own"
                    )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file the scenario was read from.

    Parameters
    ----------
    path
        Relative to the scenario's folder.
    sha256
        Checksum of its bytes, hexadecimal.
    content
        Its bytes, so that a run can be repeated after the file has changed.
    """

    path: str
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario, read and checked.

    Parameters
    ----------
    name
        Name of its folder or file.
    path
        Of its folder or file.
    setting
        What the file says, before any plan.
    plans
        The plans by name; ``base`` is always there.
    rules
        Its rule pack.
    graph
        The road network, see `scenarios.road.network`.
    road_report
        What was assumed when the roads were read.
    sources
        The files it was read from.
    changes
        The ``--set`` options that were laid over it.
    recorded
        The calls that are replayed, the same under every plan.
    """

    name: str
    path: Path
    setting: Setting
    plans: Mapping[str, "Plan"]
    rules: RulePack
    graph: "nx.MultiDiGraph[str]"
    road_report: "RoadReport"
    sources: tuple[Source, ...]
    changes: tuple[str, ...] = ()
    recorded: Recorded = field(default_factory=Recorded)

    @property
    def clock(self) -> Clock:
        """The clock, the same under every plan."""
        return self.setting.clock
