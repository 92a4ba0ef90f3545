"""The dispatch policies a plan can name; the functions are in the simulator."""

from typing import Literal

from pydantic import Field

from scenarios.quantity import Model

Policy = Literal["nearest-idle", "nearest"]
POLICIES: dict[str, str] = {
    "nearest-idle": "least estimated arrival among units standing by",
    "nearest": "least estimated arrival among units standing by and units on their "
    "way back, which are sent from where they are",
}


class Dispatch(Model):
    """How units are sent."""

    policy: Policy = Field(
        default="nearest",
        description="; ".join(f"{name}: {text}" for name, text in POLICIES.items()),
    )
