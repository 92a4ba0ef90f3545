"""The dispatch record: every dispatch of a day, cancelled ones too."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from simulator.log import Kind, Log, Record

UNFINISHED = "unfinished"
GONE = "gone"
LEGS = ("turnout", "travel", "on_scene", "transport")


@dataclass(slots=True, kw_only=True)
class Dispatch:
    """A unit sent to a slot of an incident; times in minutes, infinite when never.

    Parameters
    ----------
    incident, slot, skill
        The need it was sent to.
    also
        Further needs that it fills, by number and skill: ``1 medical, 2 fire``.
    unit, attempt
        Who; how often the slot has been given a unit.
    why
        The policy that chose, or ``order``, ``switch``, ``resumes``.
    was
        Status before.
    estimate
        Minutes to arrival, as they were expected.
    runners
        The next best units, with their estimates.
    origin
        Node where it was; empty between two nodes.
    assigned, moving, arrived, worked, ended
        Moments; it ends when the unit is free, or is lost to the incident.
    over
        When it ended, or the end of the log.
    outcome
        ``worked``, ``preempted``, ``switched``, ``relieved``, ``paused``, ``recalled``,
        ``out of service``, ``shift end``, ``no longer needed``, ``gone`` or
        ``unfinished``.
    instead
        Where the unit was sent instead, or who came instead of it.
    """

    incident: str
    slot: int
    skill: str
    unit: str
    attempt: int
    why: str
    was: str
    estimate: float
    runners: str
    assigned: float
    origin: str = ""
    moving: float = inf
    arrived: float = inf
    worked: float = inf
    ended: float = inf
    over: float = inf
    outcome: str = UNFINISHED
    instead: str = ""
    also: str = ""

    @property
    def slots(self) -> list[int]:
        """All the needs that it fills, by number."""
        return [self.slot, *(index for index, _ in _parted(self.also))]

    @property
    def legs(self) -> dict[str, tuple[float, float]]:
        """From when to when each leg lasted; they follow each other to `over`."""
        moments = [self.assigned, self.moving, self.arrived, self.worked, self.over]
        cuts = [min(moment, self.over) for moment in moments]
        return dict(zip(LEGS, pairwise(cuts), strict=True))


def further_of(record: Record) -> list[tuple[int, str]]:
    """Give number and skill of the further needs that a unit fills, by a record."""
    return _parted(str(record.details.get("also", "")))


def _parted(also: str) -> list[tuple[int, str]]:
    pairs = [each.split(" ") for each in also.split(", ") if each]
    return [(int(index), skill) for index, skill in pairs]


def dispatches_of(log: Log) -> list[Dispatch]:
    """Give every dispatch, in the order in which units were assigned."""
    return list(_Reader(log.end).read(log.records))


class _Reader:
    """Reads the log; a unit has one dispatch at a time."""

    def __init__(self, end: float) -> None:
        self.end = end
        self.all: list[Dispatch] = []
        self.of_unit: dict[str, Dispatch] = {}
        self.gone: set[str] = set()

    def read(self, records: tuple[Record, ...]) -> Iterator[Dispatch]:
        for record in records:
            read = _READ.get(record.kind)
            if read is not None:
                read(self, record)
        for dispatch in self.all:
            dispatch.over = min(dispatch.ended, self.end)
            yield dispatch

    def under_way(self, record: Record) -> Dispatch | None:
        """Give the dispatch of the unit that a record of an incident names."""
        dispatch = self.of_unit.get(str(record.details["unit"]))
        same = dispatch is not None and dispatch.incident == record.subject
        return dispatch if same else None

    def assigned(self, record: Record) -> None:
        told = record.details
        dispatch = Dispatch(
            incident=record.subject,
            slot=int(told["slot"]),
            skill=str(told.get("skill", "")),
            unit=str(told["unit"]),
            attempt=int(told["attempt"]),
            why=str(told.get("why", "")),
            was=str(told.get("was", "")),
            estimate=float(told.get("estimate", inf)),
            runners=str(told.get("runners", "")),
            assigned=record.time,
            also=str(told.get("also", "")),
        )
        self.all.append(dispatch)
        self.of_unit[dispatch.unit] = dispatch

    def moment(self, record: Record) -> None:
        dispatch = self.under_way(record)
        if dispatch is not None:
            setattr(dispatch, _MOMENTS[record.kind], record.time)

    def worked(self, record: Record) -> None:
        dispatch = self.under_way(record)
        if dispatch is not None:
            dispatch.worked, dispatch.outcome = record.time, "worked"

    def left(self, record: Record) -> None:
        """Note why it leaves the scene; its status tells when it is free."""
        dispatch = self.under_way(record)
        if dispatch is not None:
            dispatch.outcome = str(record.kind).removeprefix("work ")
            dispatch.instead = str(record.details.get("by", ""))

    def relieved(self, record: Record) -> None:
        """Note that it leaves, and what the other takes over beside its slot."""
        self.left(record)
        relief = self.of_unit.get(str(record.details["by"]))
        if relief is not None:
            relief.also = str(record.details.get("also", ""))

    def cancelled(self, record: Record) -> None:
        dispatch, told = self.under_way(record), record.details
        if dispatch is None:
            return
        gone = record.subject in self.gone
        dispatch.outcome = GONE if gone else str(told.get("why", "cancelled"))
        dispatch.instead = str(told.get("by", told.get("to", "")))
        self.end_of(dispatch, record.time)

    def status(self, record: Record) -> None:
        dispatch = self.of_unit.get(record.subject)
        if dispatch is None:
            return
        if record.details["job"] != dispatch.incident:
            if dispatch.outcome == UNFINISHED:  # its slot was struck out
                dispatch.outcome = str(Kind.STOOD_OFF)
            self.end_of(dispatch, record.time)
        elif record.time == dispatch.assigned:
            dispatch.origin = record.place

    def end_of(self, dispatch: Dispatch, time: float) -> None:
        dispatch.ended = time
        del self.of_unit[dispatch.unit]

    def note_gone(self, record: Record) -> None:
        self.gone.add(record.subject)


_MOMENTS = {Kind.MOVING: "moving", Kind.ARRIVED: "arrived"}
_READ: Mapping[Kind, Callable[[_Reader, Record], None]] = {
    Kind.ASSIGNED: _Reader.assigned,
    Kind.MOVING: _Reader.moment,
    Kind.ARRIVED: _Reader.moment,
    Kind.WORKED: _Reader.worked,
    Kind.PAUSED: _Reader.left,
    Kind.RELIEVED: _Reader.relieved,
    Kind.CANCELLED: _Reader.cancelled,
    Kind.STATUS: _Reader.status,
    Kind.GONE: _Reader.note_gone,
}
