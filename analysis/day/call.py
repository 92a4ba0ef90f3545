"""Incidents as the log tells them, each with its story."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from analysis.day.dispatch import Dispatch
from analysis.day.need import Needs
from analysis.day.span import Stretch
from scenarios.scenario import Setting
from simulator.log import Kind, Record

LEGS = ("handling", "queue", "turnout", "travel", "lost")


@dataclass(slots=True, kw_only=True)
class Call:
    """An incident as the log tells it; times in minutes, infinite when it never was.

    Parameters
    ----------
    area
        Of its place; empty where there is none.
    sent
        When a unit was first assigned.
    assigned, moving
        Of the unit that arrived first.
    units
        Those that arrived, in that order.
    full
        When every need first had somebody on scene.
    level
        The highest it reached.
    rises
        When it rose, and to which level.
    queued
        From when to when it was ready and some need had no unit; infinite where that
        did not end.
    held
        When it was first held though units were free, by why.
    legs
        Handling, queue, turnout, travel and lost minutes of the need that was first
        attended; they sum to the response.
    """

    name: str
    type: str
    place: str
    area: str = ""
    arises: float
    priority: int
    reported: float = inf
    ready: float = inf
    sent: float = inf
    assigned: float = inf
    moving: float = inf
    arrived: float = inf
    full: float = inf
    last_arrived: float = inf
    cleared: float = inf
    passed_at: float = inf
    gone_at: float = inf
    level: int = 1
    falls: int = 0
    hot_spot_at: float = inf
    units: list[str] = field(default_factory=list)
    rises: list[tuple[float, int]] = field(default_factory=list)
    queued: list[Stretch] = field(default_factory=list)
    held: dict[str, float] = field(default_factory=dict)
    legs: dict[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether it was lost to the model, for no unit was free."""
        return self.passed_at < inf

    @property
    def gone(self) -> bool:
        """Whether it ended by itself, for nobody had come."""
        return self.gone_at < inf

    @property
    def hot_spot(self) -> bool:
        """Whether it rose to its top level."""
        return self.hot_spot_at < inf

    @property
    def escalated_at(self) -> float:
        """When it first rose a level."""
        return self.rises[0][0] if self.rises else inf

    @property
    def response(self) -> float:
        """Report to first arrival, minutes."""
        return self.arrived - self.reported if self.arrived < inf else inf

    @property
    def full_response(self) -> float:
        """Report to the moment at which every need has somebody there, minutes."""
        return self.full - self.reported if self.full < inf else inf

    @property
    def groups(self) -> tuple[str, ...]:
        """Members of the populations that it counts for, apart from all together."""
        own = (self.type, f"priority {self.priority}")
        return (*own, f"area {self.area}") if self.area else own


def calls_of(
    setting: Setting, records: Sequence[Record], dispatches: Sequence[Dispatch]
) -> dict[str, Call]:
    """Give the incidents by name, in the order in which they arose."""
    calls: dict[str, Call] = {}
    needs: dict[str, Needs] = {}
    for record in records:
        name = record.subject
        if record.kind == Kind.ARISES:
            calls[name] = _call(setting, record)
            needs[name] = Needs(setting.incidents[calls[name].type])
        elif name in calls:
            _tell(calls[name], record)
            needs[name].tell(record)
    sent: dict[str, list[Dispatch]] = {}
    for dispatch in dispatches:
        sent.setdefault(dispatch.incident, []).append(dispatch)
    for name, call in calls.items():
        call.queued, call.full = needs[name].queued, needs[name].full_at
        _send(call, sent.get(name, []))
    return calls


def _call(setting: Setting, record: Record) -> Call:
    return Call(
        name=record.subject,
        type=str(record.details["type"]),
        place=record.place,
        area=str(record.details.get("area", _area(setting, record.place))),
        arises=record.time,
        priority=int(record.details["priority"]),
    )


def _area(setting: Setting, place: str) -> str:
    """Give the area of a place; that of a recorded call may be none of the scenario."""
    spot = setting.places.get(place)
    return (spot.area if spot else None) or ""


def _tell(call: Call, record: Record) -> None:
    """Take one record into the story of an incident."""
    if record.kind in _MOMENTS:
        setattr(call, _MOMENTS[record.kind], record.time)
    elif record.kind == Kind.ARRIVED:
        call.arrived = min(call.arrived, record.time)
        call.last_arrived = record.time
        call.units.append(str(record.details["unit"]))
    elif record.kind == Kind.HELD:
        call.held.setdefault(str(record.details["why"]), record.time)
    elif record.kind == Kind.FELL:
        call.falls += 1
    elif record.kind == Kind.ESCALATED:
        level = int(record.details["level"])
        call.level = max(call.level, level)
        call.rises.append((record.time, level))


_MOMENTS = {
    Kind.REPORTED: "reported",
    Kind.READY: "ready",
    Kind.CLEARED: "cleared",
    Kind.PASSED: "passed_at",
    Kind.GONE: "gone_at",
    Kind.HOT_SPOT: "hot_spot_at",
}


def _send(call: Call, dispatches: list[Dispatch]) -> None:
    """Split the response of the need that was attended first."""
    if not dispatches:
        return
    call.sent = dispatches[0].assigned
    first = min(dispatches, key=lambda d: d.arrived)
    if first.arrived == inf:
        return
    call.assigned, call.moving = first.assigned, first.moving
    chain = [d for d in dispatches if first.slot in d.slots]
    lost = sum(d.over - d.assigned for d in chain[: chain.index(first)])
    # An order may send a unit before the call has been handled.
    ready = min(call.ready, chain[0].assigned)
    call.legs = {
        "handling": ready - call.reported,
        "queue": first.assigned - ready - lost,
        "turnout": first.moving - first.assigned,
        "travel": first.arrived - first.moving,
        "lost": lost,
    }
