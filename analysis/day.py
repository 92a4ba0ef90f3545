"""One replication laid out for measuring: tidy tables read from its log."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from scenarios.scenario import Setting
from simulator.log import Kind, Log, Outcome, Record, Status, VoterTable

Floats = NDArray[np.float64]
GRID = 5.0


@dataclass(slots=True, kw_only=True)
class Call:
    """An incident as the log tells it; times in minutes, infinite when it never was.

    Parameters
    ----------
    legs
        Handling, queue, turnout, travel and lost minutes of the need that was first
        attended; they sum to the response.
    assigned, moving
        Of the unit that arrived first.
    units
        Those that arrived, in that order.
    """

    name: str
    type: str
    place: str
    arises: float
    priority: int
    reported: float = inf
    ready: float = inf
    arrived: float = inf
    last_arrived: float = inf
    cleared: float = inf
    passed_at: float = inf
    level: int = 1
    escalated_at: float = inf
    hot_spot_at: float = inf
    assigned: float = inf
    moving: float = inf
    units: list[str] = field(default_factory=list)
    legs: dict[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether it was lost to the model, for no unit was free."""
        return self.passed_at < inf

    @property
    def hot_spot(self) -> bool:
        """Whether it rose to its top level."""
        return self.hot_spot_at < inf

    @property
    def response(self) -> float:
        """Report to first arrival, minutes."""
        return self.arrived - self.reported if self.arrived < inf else inf


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time of a unit in one status."""

    unit: str
    status: str
    start: float
    end: float
    job: str


class Day:
    """One replication, laid out for measuring.

    Parameters
    ----------
    setting
        The scenario under the plan.
    log
        What happened.
    """

    def __init__(self, setting: Setting, log: Log) -> None:
        self.setting = setting
        self.log = log

    @cached_property
    def waits(self) -> dict[str, Floats]:
        """Waits of all who came, by station; infinite for who did not vote."""
        return {name: waits_of(table) for name, table in self.log.voters.items()}

    @cached_property
    def calls(self) -> list[Call]:
        """Incidents in the order in which they arose."""
        return list(_calls(self.log.records).values())

    @cached_property
    def spans(self) -> list[Span]:
        """Every minute of every unit, in one status each."""
        return list(_spans(self.log))

    @cached_property
    def suspensions(self) -> dict[str, list[tuple[float, float]]]:
        """From when to when voting was suspended, by station.

        Only what lies within the hours counts (under `serve_queue`, until the last
        voter has left): no other vote is lost.
        """
        stretches: dict[str, list[tuple[float, float]]] = {}
        for name, station in self.setting.stations.items():
            own = [r for r in self.log.records if r.subject == name]
            last = station.closes
            if station.close_rule == "serve_queue":
                emptied = min(self.first(Kind.EMPTIED, name), self.log.end)
                last = max(last, emptied)
            stretches[name] = [
                (max(a, station.opens), min(b, last))
                for a, b in _between(own, Kind.SUSPENDED, Kind.RESUMED, self.log.end)
                if a < last and b > station.opens
            ]
        return stretches

    def frozen(self, station: str) -> list[tuple[float, float]]:
        """From when to when services stood still at a station."""
        own = [
            r
            for r in self.log.records
            if r.subject == station
            and not (r.kind == Kind.SUSPENDED and r.details["mode"] != "freeze")
        ]
        return _between(own, Kind.SUSPENDED, Kind.RESUMED, self.log.end)

    @cached_property
    def guards(self) -> dict[str, list[tuple[float, float]]]:
        """From when to when somebody stood there, by guard duty."""
        stood: dict[str, list[tuple[float, float]]] = {}
        for name, duty in self.setting.duties.items():
            if duty.kind == "guard":
                own = [r for r in self.log.records if r.subject == name]
                stood[name] = [
                    stretch
                    for unit in duty.units
                    for stretch in _between(
                        [r for r in own if r.details.get("unit") == unit],
                        Kind.GUARD_STARTS,
                        Kind.GUARD_ENDS,
                        self.log.end,
                    )
                ]
        return stood

    def gaps(self, duty: str) -> list[tuple[float, float]]:
        """Find when nobody stood guard, within the duty's hours."""
        spec = self.setting.duties[duty]
        assert spec.kind == "guard"
        begin, end = max(spec.from_, 0.0), min(spec.until, self.log.end)
        return gaps_in(self.guards[duty], begin, end)

    def first(self, kind: Kind, subject: str) -> float:
        """Give the time of the first record of a kind on a subject, or infinity."""
        for record in self.log.records:
            if record.kind == kind and record.subject == subject:
                return record.time
        return inf


def waits_of(table: VoterTable) -> Floats:
    """Give the wait of each voter who came, minutes, shape (voters,).

    From first joining the line to the start of the voting stage in the last visit;
    infinite for who came and did not vote, or still waited when the log ended.
    """
    return waits_and_arrivals(table)[0]


def waits_and_arrivals(table: VoterTable) -> tuple[Floats, Floats]:
    """Give the wait and the first arrival of each voter who came."""
    inside = ~np.isnan(table.arrival)
    first_arrival = table.arrival
    if (table.visit > 0).any():
        firsts = {
            int(table.voter[i]): table.arrival[i]
            for i in np.flatnonzero((table.visit == 0) & inside)
        }
        first_arrival = np.array(
            [
                firsts.get(int(voter), arrival)
                for voter, arrival in zip(table.voter, table.arrival, strict=True)
            ]
        )
    waits = table.start[:, table.voting_stage] - first_arrival
    kept = np.isin(table.outcome, (Outcome.VOTED, Outcome.PRESENT)) & ~np.isnan(waits)
    last = table.last_visits() & inside
    waits = np.where(kept, waits, inf)[last].astype(np.float64)
    return waits, first_arrival[last].astype(np.float64)


def arrivals_of(table: VoterTable) -> Floats:
    """Give when voters first came, minutes."""
    first = (table.visit == 0) & ~np.isnan(table.arrival)
    return np.asarray(table.arrival[first], dtype=np.float64)


def votes_of(table: VoterTable) -> Floats:
    """Give when votes were cast in the room: the end of the last stage, minutes."""
    return np.asarray(table.end[table.outcome == Outcome.VOTED, -1], dtype=np.float64)


def line_changes(table: VoterTable) -> tuple[Floats, Floats]:
    """Give the times at which the line grows or shrinks, and its length after each.

    Returns
    -------
    tuple of ndarray
        Times, rising, and voters in line at all stages from then on.
    """
    joins, leaves = [], []
    entered = ~np.isnan(table.arrival)
    # Who balked, or came after the close, never joined the line.
    stayed = entered & ~((table.outcome == Outcome.BALKED) | _at_the_door(table))
    joined = np.where(stayed, table.arrival, np.nan)
    for stage in range(len(table.stages)):
        start = table.start[:, stage]
        gone = np.where(np.isnan(start), table.left, start)
        stood = ~np.isnan(joined) & (joined != gone)  # who is served at once never did
        joins.append(joined[stood])
        leaves.append(gone[stood & ~np.isnan(gone)])
        joined = table.end[:, stage]
    times = np.concatenate([*joins, *leaves])
    steps = np.concatenate(
        [np.ones(sum(map(len, joins))), -np.ones(sum(map(len, leaves)))]
    )
    order = np.lexsort((-steps, times))
    return times[order], np.cumsum(steps[order])


def _at_the_door(table: VoterTable) -> NDArray[np.bool_]:
    turned = table.outcome == Outcome.TURNED_AWAY
    return np.asarray(turned & (table.left == table.arrival))


def line_at(table: VoterTable, times: Floats) -> Floats:
    """Give the voters in line at moments: what happened at that very time counts."""
    changes, lengths = line_changes(table)
    index = np.searchsorted(changes, times, side="right") - 1
    return np.where(index >= 0, np.append(lengths, 0.0)[index], 0.0)


def grid_times(end: float) -> Floats:
    """Give the moments of the 5-minute grid."""
    return np.arange(0.0, end + 1e-9, GRID)


def gaps_in(
    stretches: list[tuple[float, float]], begin: float, end: float
) -> list[tuple[float, float]]:
    """Find what a set of stretches leaves uncovered between two times."""
    gaps, at = [], begin
    for start, stop in sorted(stretches):
        if start > at:
            gaps.append((at, min(start, end)))
        at = max(at, stop)
        if at >= end:
            break
    if at < end:
        gaps.append((at, end))
    return [(a, b) for a, b in gaps if b > a]


def _between(
    records: list[Record], opening: Kind, closing: Kind, end: float
) -> list[tuple[float, float]]:
    stretches, start = [], None
    for record in records:
        if record.kind == opening and start is None:
            start = record.time
        elif record.kind == closing and start is not None:
            stretches.append((start, record.time))
            start = None
    return stretches if start is None else [*stretches, (start, end)]


def _calls(records: tuple[Record, ...]) -> dict[str, Call]:
    calls: dict[str, Call] = {}
    dispatches: dict[tuple[str, int], list[Record]] = {}
    for record in records:
        if record.kind == Kind.ARISES:
            calls[record.subject] = Call(
                name=record.subject,
                type=str(record.details["type"]),
                place=record.place,
                arises=record.time,
                priority=int(record.details["priority"]),
            )
        elif record.subject in calls:
            _tell(calls[record.subject], record, dispatches)
    return calls


def _tell(
    call: Call, record: Record, dispatches: dict[tuple[str, int], list[Record]]
) -> None:
    """Take one record into the story of an incident."""
    if record.kind in _MOMENTS:
        setattr(call, _MOMENTS[record.kind], record.time)
    elif record.kind in (Kind.ASSIGNED, Kind.MOVING, Kind.CANCELLED):
        key = (call.name, int(record.details["slot"]))
        dispatches.setdefault(key, []).append(record)
    elif record.kind == Kind.ARRIVED:
        if call.arrived == inf:
            call.arrived = record.time
            key = (call.name, int(record.details["slot"]))
            call.legs = _legs(call, dispatches[key])
            for sent in dispatches[key]:
                if sent.kind in _LAST:  # of the last dispatch, which arrived
                    setattr(call, _LAST[sent.kind], sent.time)
        call.units.append(str(record.details["unit"]))
        call.last_arrived = record.time
    elif record.kind == Kind.ESCALATED:
        call.level = int(record.details["level"])
        call.escalated_at = min(call.escalated_at, record.time)


_LAST = {Kind.ASSIGNED: "assigned", Kind.MOVING: "moving"}
_MOMENTS = {
    Kind.REPORTED: "reported",
    Kind.READY: "ready",
    Kind.CLEARED: "cleared",
    Kind.PASSED: "passed_at",
    Kind.HOT_SPOT: "hot_spot_at",
}


def _legs(call: Call, dispatches: list[Record]) -> dict[str, float]:
    """Split the response of the need that was attended first."""
    # An order may send a unit before the call has been handled.
    ready = min(call.ready, dispatches[0].time)
    lost, assigned, moving = 0.0, ready, ready
    for record in dispatches:
        if record.kind == Kind.ASSIGNED:
            assigned = record.time
        elif record.kind == Kind.MOVING:
            moving = record.time
        else:
            lost += record.time - assigned
    return {
        "handling": ready - call.reported,
        "queue": assigned - ready - lost,
        "turnout": moving - assigned,
        "travel": call.arrived - moving,
        "lost": lost,
    }


def _spans(log: Log) -> Iterator[Span]:
    now: dict[str, tuple[str, float, str]] = {}
    for record in log.of(Kind.STATUS):
        status, job = str(record.details["status"]), str(record.details["job"])
        before = now.get(record.subject, (Status.OFF.value, 0.0, ""))
        if record.time > before[1]:
            yield Span(record.subject, before[0], before[1], record.time, before[2])
        now[record.subject] = (status, record.time, job)
    for unit, (status, start, job) in now.items():
        if log.end > start:
            yield Span(unit, status, start, log.end, job)
