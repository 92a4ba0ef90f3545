"""Plans: who stands where and when; overlays on a scenario's base staffing."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from scenarios.policy import Dispatch
from scenarios.quantity import Count, Model, Name, Text
from scenarios.scenario import Setting
from scenarios.stage import Servers

BASE = "base"


def _later(value: object) -> object:
    """Leave a value to the scenario's own models: they check plan and base together."""
    return value


class StagePlan(Model):
    """What a plan may change of a stage."""

    servers: Annotated[
        Any, BeforeValidator(_later, json_schema_input_type=Servers | None)
    ] = None


class StationPlan(Model):
    """What a plan may change of a station; voters and hours are not a plan's."""

    officers: Annotated[
        Any, BeforeValidator(_later, json_schema_input_type=Count | None)
    ] = None
    stages: dict[Name, StagePlan] = Field(default_factory=dict)


class PlanFile(Model):
    """A plan file: only what differs from the scenario. Empty (null) takes out."""

    title: Text
    summary: Text = ""
    stations: dict[Name, StationPlan] = Field(default_factory=dict)
    units: dict[Name, Any] = Field(
        default_factory=dict,
        description="As in the scenario, or null: not in this plan",
    )
    duties: dict[Name, Any] = Field(default_factory=dict)
    orders: dict[Name, Any] = Field(
        default_factory=dict,
        description="Standing orders, as in the scenario, or null: not in this plan",
    )
    dispatch: Annotated[
        Any, BeforeValidator(_later, json_schema_input_type=Dispatch | None)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan laid over its scenario.

    Parameters
    ----------
    name, title, summary
        As in its file.
    setting
        The scenario under this plan, complete.
    """

    name: str
    title: str
    summary: str
    setting: Setting
