"""What a measure is: a name, a unit, whom it is for, its definition."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "minutes", "count", "clock", "km", "hours", "money", "number"]
Better = Literal["lower", "higher", "neither"]
Population = Literal[
    "station",
    "stage",
    "class",
    "type",
    "priority",
    "area",
    "place",
    "level",
    "unit",
    "kind",
    "status",
    "duty",
    "input",
    "inject",
    "overall",
]

# Their members are written with the name of the population: ``priority 1``, ``area A``.
PREFIXED = ("class", "priority", "area", "place", "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number computed from the log of one replication.

    Parameters
    ----------
    name
        As written in targets and tables.
    unit
        Of its value; ``clock`` is minutes from the scenario's start.
    populations
        What it is computed for, each and (where it makes sense) overall.
    text
        Its definition.
    better
        Which of two values is the better one; ``neither`` where that depends on more.
    within
        True when it takes a threshold in minutes.
    """

    name: str
    unit: Unit
    populations: tuple[Population, ...]
    text: str
    better: Better
    within: bool = False


def measure(
    name: str,
    unit: Unit,
    populations: tuple[Population, ...],
    text: str,
    *,
    better: Better,
    within: bool = False,
) -> Measure:
    """Declare a measure."""
    return Measure(
        name=name,
        unit=unit,
        populations=populations,
        text=text,
        better=better,
        within=within,
    )


def is_member(member: str, population: str) -> bool:
    """Tell whether a member is one of a population."""
    word = member.partition(" ")[0] if " " in member else ""
    if population == "overall" or member == "overall":
        return member == population
    return word == population if population in PREFIXED else word not in PREFIXED


def population_of(measure: Measure, member: str) -> Population:
    """Name the population of a measure to which a member belongs.

    A measure has at most one population whose members go by their bare names.
    """
    return next(p for p in measure.populations if is_member(member, p))
