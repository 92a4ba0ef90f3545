"""A slot of an incident: a need for one unit of a skill."""

from collections.abc import Iterable
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
    main
        The slot whose unit fills this one, too, and whose fate it shares.
    """

    index: int
    skill: str
    attempt: int = 0
    unit: "Unit | None" = None
    left: float | None = None
    ends: float | None = None
    worked: bool = False
    relieves: "Slot | None" = None
    asked: str = ""
    main: "Slot | None" = None
    _state: State = "open"

    @property
    def state(self) -> State:
        """What it has; ``assigned`` is from the dispatch to the arrival."""
        return self._state if self.main is None else self.main.state

    @state.setter
    def state(self, state: State) -> None:
        self._state = state

    def reopen(self, left: float | None = None) -> None:
        """Be open again; work that is not kept starts anew."""
        self.main = None
        self.state, self.unit, self.left = "open", None, left
        self.ends, self.worked = None, False


def told_further(slots: Iterable[Slot]) -> dict[str, str]:
    """Say in a record which further slots a unit fills, such as ``1 medical``."""
    told = ", ".join(f"{slot.index} {slot.skill}" for slot in slots)
    return {"also": told} if told else {}
