"""Dispatch: who is sent to what. Policies are functions in a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import TYPE_CHECKING

from simulator.log import Kind, Status
from simulator.stream import duration
from simulator.tie import Rank

if TYPE_CHECKING:
    from simulator.incident import Incident, Slot
    from simulator.travel import Play
    from simulator.unit import Unit
    from simulator.world import World


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a policy may know of a unit that could be sent.

    Parameters
    ----------
    unit
        Its name.
    status
        What it is doing.
    clearing
        True at the moment at which it ends its last job.
    estimate
        Expected minutes to arrival, from what is known: never the drawn turnout.
    """

    unit: str
    status: Status
    clearing: bool
    estimate: float


Policy = Callable[[Sequence[Candidate]], Candidate | None]


def nearest(candidates: Sequence[Candidate]) -> Candidate | None:
    """Choose the least estimate; equal estimates go to the order in the file."""
    return min(candidates, key=lambda c: c.estimate, default=None)


def nearest_idle(candidates: Sequence[Candidate]) -> Candidate | None:
    """Choose as `nearest`, but not units on their way back, except as they clear."""
    return nearest([c for c in candidates if c.status == Status.STANDBY or c.clearing])


POLICIES: dict[str, Policy] = {"nearest-idle": nearest_idle, "nearest": nearest}


class Dispatcher:
    """The queue of incidents of one world, and who is sent.

    Parameters
    ----------
    world
        Where it works.
    policy
        Chooses among candidates.
    """

    def __init__(self, world: "World", policy: Policy) -> None:
        self.world = world
        self.policy = policy
        self._queue: list[Incident] = []

    def add(self, incident: "Incident") -> None:
        """Take an incident that is ready, or that has lost a unit, into the queue."""
        if incident not in self._queue:
            self._queue.append(incident)
            # Priority, then time of report, then the order in which they came.
            self._queue.sort(key=lambda i: (i.kind.priority, i.reported or 0.0))
        self.review()
        if incident.kind.none_free == "pass" and not any(
            slot.state != "open" for slot in incident.slots
        ):
            self._queue.remove(incident)
            incident.pass_on()

    def review(self) -> None:
        """Send whom the policy chooses to what waits, the first in the queue first."""
        for incident in list(self._queue):
            for slot in incident.open_slots():
                self._serve(incident, slot)
        self._queue = [i for i in self._queue if i.is_open and i.open_slots()]

    def send(self, incident: "Incident", slot: "Slot", unit: "Unit", why: str) -> None:
        """Assign a unit to a need of an incident."""
        slot.state = "assigned"
        slot.attempt += 1
        incident.record(
            Kind.ASSIGNED,
            unit=unit.name,
            slot=slot.index,
            skill=slot.skill,
            attempt=slot.attempt,
            estimate=self._estimate(unit, incident.node),
            was=unit.status.value,
            why=why,
        )
        post = unit.post()
        if post is not None and unit.at_home():
            self.world.record(
                Kind.STRIPPED, unit.name, post.place, incident=incident.name
            )
        unit.start(incident.name, incident.attend(slot, unit))

    def set_out(self, incident: "Incident", slot: "Slot", unit: "Unit") -> "Play":
        """Play call-up and turnout; a unit on the road has neither."""
        clock = self.world.clock
        call_up = self.world.call_up(unit)
        on_the_road = unit.status == Status.RETURNING
        if call_up and not unit.called_up:
            unit.change(Status.CALLED_UP)
            incident.record(Kind.CALLED_UP, unit=unit.name)
            yield clock.due(clock.now + call_up, Rank.UNIT)
            unit.called_up = True
        unit.change(Status.TURNOUT)
        if not on_the_road:
            chance = self.world.chance.uniform(
                "turnout", f"{incident.name} {slot.index} {unit.name}", "", slot.attempt
            )
            turnout = duration(unit.spec.turnout, chance)
            yield clock.due(clock.now + turnout, Rank.UNIT)

    # ---- inside ----------------------------------------------------------------

    def _serve(self, incident: "Incident", slot: "Slot") -> None:
        """Send the policy's choice: own units, then posts, then mutual aid."""
        able = [u for u in self.world.units.values() if self._able(u, slot)]
        groups, reachable = self._groups(able), False
        for group in groups:
            candidates = [self._candidate(unit, incident.node) for unit in group]
            candidates = [c for c in candidates if not isinf(c.estimate)]
            reachable = reachable or bool(candidates)
            chosen = self.policy(candidates)
            if chosen is not None:
                unit = self.world.units[chosen.unit]
                self.send(incident, slot, unit, self.world.setting.dispatch.policy)
                return
        if any(groups) and not reachable and not incident.told_unreachable:
            incident.told_unreachable = True
            incident.record(Kind.UNREACHABLE, skill=slot.skill)

    def _able(self, unit: "Unit", slot: "Slot") -> bool:
        return slot.skill in unit.spec.skills and unit.free()

    def _groups(self, units: list["Unit"]) -> list[list["Unit"]]:
        own, posts, aid = [], [], []
        for unit in units:
            post = unit.post()
            if self.world.call_up(unit):
                aid.append(unit)
            elif post is None:
                own.append(unit)
            elif post.strip == "last":
                posts.append(unit)
        return [own, posts, aid]

    def _candidate(self, unit: "Unit", node: int) -> Candidate:
        return Candidate(
            unit.name, unit.status, unit.clearing, self._estimate(unit, node)
        )

    def _estimate(self, unit: "Unit", node: int) -> float:
        """Estimate the minutes to arrival, by what a dispatcher knows."""
        travel = unit.minutes_to(node)
        if isinf(travel):
            return inf
        call_up = 0.0 if unit.called_up else self.world.call_up(unit)
        on_the_road = unit.status == Status.RETURNING
        return call_up + (0 if on_the_road else unit.spec.turnout.mean_minutes) + travel
