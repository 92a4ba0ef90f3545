"""A slot of an incident: a need for one unit of a skill."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from simulator.unit import Unit

State = Literal["open", "assigned", "on scene", "paused", "done"]


@dataclass(slots=True, eq=False)
class Slot:
    """A need for one unit of a skill.

    Parameters
    ----------
    index
        Number of the slot; its on-scene time goes with it.
    skill
        What the unit must be able to do.
    attempt
        Dispatches so far.
    state
        ``assigned`` is from the dispatch to the arrival.
    unit
        Who is on the way, on scene, or has paused.
    left
        Work that is left, minutes; None as long as none has been begun.
    ends
        When the work on scene ends; None while it has not begun.
    worked
        Whether the unit's own work is done, though it may not leave yet.
    relieves
        The slot that this one relieves at a shift's end.
    asked
        The unit of mutual aid that was asked for.
    """

    index: int
    skill: str
    attempt: int = 0
    state: State = "open"
    unit: "Unit | None" = None
    left: float | None = None
    ends: float | None = None
    worked: bool = False
    relieves: "Slot | None" = None
    asked: str = ""

    def reopen(self, left: float | None = None) -> None:
        """Be open again; work that is not kept starts anew."""
        self.state, self.unit, self.left = "open", None, left
        self.ends, self.worked = None, False
