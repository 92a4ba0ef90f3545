"""One replication laid out for measuring: tidy tables read from its log."""

from collections.abc import Callable, Hashable
from functools import cached_property
from math import inf
from typing import Any, TypeVar

import numpy as np

from analysis.day.call import Call, calls_of
from analysis.day.dispatch import Dispatch, dispatches_of
from analysis.day.span import Span, Stretch, between, common, gaps_in, spans_of
from analysis.day.visit import (
    Floats,
    arrivals_of,
    counted,
    line_at,
    line_changes,
    votes_of,
    waits_and_arrivals,
    waits_of,
)
from scenarios.scenario import Setting
from simulator.log import Kind, Log, Outcome, Record, Status

__all__ = [
    "GRID",
    "Call",
    "Day",
    "Dispatch",
    "Floats",
    "Span",
    "Stretch",
    "arrivals_of",
    "counted",
    "gaps_in",
    "grid_times",
    "line_at",
    "line_changes",
    "votes_of",
    "waits_and_arrivals",
    "waits_of",
]

Made = TypeVar("Made")
GRID = 5.0
# What a unit does when nothing is asked of it.
WAITING = frozenset(
    s.value for s in (Status.STANDBY, Status.PATROL, Status.RETURNING, Status.MOVING)
)


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
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Give what several measures start from; it is made when first asked for."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    @cached_property
    def waits(self) -> dict[str, Floats]:
        """Waits of all who came, by station; infinite for who did not vote."""
        return {
            name: waits_of(table, self.on_the_way[name])
            for name, table in self.log.voters.items()
        }

    @cached_property
    def on_the_way(self) -> dict[str, frozenset[int]]:
        """Voters of each station who were diverted and were on the way at the end."""
        tables = self.log.voters
        came = {(g.home, g.voter) for table in tables.values() for g in table.guests}
        return {
            name: frozenset(
                voter
                for voter in table.voter[table.outcome == Outcome.DIVERTED].tolist()
                if (name, voter) not in came
            )
            for name, table in tables.items()
        }

    @cached_property
    def lines(self) -> dict[str, tuple[Floats, Floats]]:
        """When the line of each station changes, and its length from then on."""
        return {name: line_changes(table) for name, table in self.log.voters.items()}

    @cached_property
    def class_waits(self) -> dict[str, Floats]:
        """The same by class of voter, all stations together; empty without classes."""
        parts: dict[str, list[Floats]] = {}
        for station, table in self.log.voters.items():
            class_ = table.class_[counted(table, self.on_the_way[station])]
            for number, name in enumerate(table.classes):
                parts.setdefault(name, []).append(self.waits[station][class_ == number])
        if len(parts) < 2:
            return {}
        return {name: np.concatenate(waits) for name, waits in parts.items()}

    @cached_property
    def calls(self) -> list[Call]:
        """Incidents in the order in which they arose."""
        calls = calls_of(self.setting, self.log.records, self.dispatches)
        return list(calls.values())

    @cached_property
    def dispatches(self) -> list[Dispatch]:
        """Every dispatch in the order of assignment, cancelled ones too."""
        return dispatches_of(self.log)

    @cached_property
    def spans(self) -> list[Span]:
        """Every minute of every unit, in one status each."""
        return list(spans_of(self.log))

    @cached_property
    def on_shift(self) -> dict[str, list[Stretch]]:
        """From when to when each unit is on shift, within the log."""
        end = self.log.end
        shifts = {
            name: [(max(s.from_, 0.0), min(s.until, end)) for s in unit.shifts]
            for name, unit in self.setting.units.items()
        }
        return {n: [(a, b) for a, b in s if a < b] for n, s in shifts.items()}

    @cached_property
    def at_hand(self) -> dict[str, list[Stretch]]:
        """From when to when each unit of mutual aid was at hand and on shift."""
        return {
            name: common(
                self._stretches(name, Kind.AT_HAND, Kind.STOOD_DOWN),
                self.on_shift[name],
            )
            for name in self.setting.units
            if self.is_aid(name)
        }

    @cached_property
    def silent(self) -> dict[str, list[Stretch]]:
        """From when to when each unit was out of touch."""
        return {
            name: self._stretches(name, Kind.RADIO_LOST, Kind.RADIO_BACK)
            for name in self.setting.units
        }

    @cached_property
    def may_go(self) -> dict[str, list[Stretch]]:
        """From when to when dispatch may have each unit: on shift, off fixed posts.

        Mutual aid: while it is at hand.
        """
        found = {}
        for name, unit in self.setting.units.items():
            posts = [(p.from_, p.until) for p in unit.posts if p.strip == "never"]
            found[name] = [
                gap
                for begin, end in self.at_hand.get(name, self.on_shift[name])
                for gap in gaps_in(posts, begin, end)
            ]
        return found

    @cached_property
    def free(self) -> dict[str, list[Stretch]]:
        """From when to when each unit stood free, in touch, and dispatch may have it.

        Standing by, on patrol, returning or moving to stand by.
        """
        idle: dict[str, list[Stretch]] = {name: [] for name in self.setting.units}
        for span in self.spans:
            if span.status in WAITING:
                idle[span.unit].append((span.start, span.end))
        return {
            name: [
                gap
                for begin, end in common(idle[name], may_go)
                for gap in gaps_in(self.silent[name], begin, end)
            ]
            for name, may_go in self.may_go.items()
        }

    def is_aid(self, unit: str) -> bool:
        """Tell whether a unit is mutual aid."""
        agency = self.setting.units[unit].agency
        return self.setting.agencies[agency].call_up is not None

    def _stretches(self, subject: str, opening: Kind, closing: Kind) -> list[Stretch]:
        own = [
            r for r in self._by_subject.get(subject, []) if r.kind in (opening, closing)
        ]
        return between(own, opening, closing, self.log.end)

    @cached_property
    def _by_subject(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.log.records:
            found.setdefault(record.subject, []).append(record)
        return found

    def spans_of(self, unit: str) -> list[Span]:
        """Give the minutes of one unit, in order."""
        return self._by_unit.get(unit, [])

    @cached_property
    def _by_unit(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for span in self.spans:
            found.setdefault(span.unit, []).append(span)
        return found

    @cached_property
    def suspensions(self) -> dict[str, list[Stretch]]:
        """From when to when voting was suspended, by station.

        Only what lies within the hours counts (under `serve_queue`, until the last
        voter has left): no other vote is lost.
        """
        stretches: dict[str, list[Stretch]] = {}
        for name, station in self.setting.stations.items():
            own = self._by_subject.get(name, [])
            last = self.closes(name)
            if station.close_rule == "serve_queue":
                emptied = min(self.first(Kind.EMPTIED, name), self.log.end)
                last = max(last, emptied)
            stretches[name] = [
                (max(a, station.opens), min(b, last))
                for a, b in between(own, Kind.SUSPENDED, Kind.RESUMED, self.log.end)
                if a < last and b > station.opens
            ]
        return stretches

    def closes(self, station: str) -> float:
        """Give the close in force in the end, extensions included."""
        own = [r for r in self.log.of(Kind.EXTENDED) if r.subject == station]
        closes = self.setting.stations[station].closes
        return float(own[-1].details["until"]) if own else closes

    def frozen(self, station: str) -> list[Stretch]:
        """From when to when services stood still at a station."""
        own = [
            r
            for r in self._by_subject.get(station, [])
            if not (r.kind == Kind.SUSPENDED and r.details["mode"] != "freeze")
        ]
        return between(own, Kind.SUSPENDED, Kind.RESUMED, self.log.end)

    @cached_property
    def guards(self) -> dict[str, list[Stretch]]:
        """From when to when somebody stood there, by guard duty."""
        stood: dict[str, list[Stretch]] = {}
        for name, duty in self.setting.duties.items():
            if duty.kind == "guard":
                own = self._by_subject.get(name, [])
                stood[name] = [
                    stretch
                    for unit in duty.units
                    for stretch in between(
                        [r for r in own if r.details.get("unit") == unit],
                        Kind.GUARD_STARTS,
                        Kind.GUARD_ENDS,
                        self.log.end,
                    )
                ]
        return stood

    def gaps(self, duty: str) -> list[Stretch]:
        """Find when nobody stood guard, within the duty's hours."""
        spec = self.setting.duties[duty]
        assert spec.kind == "guard"
        begin, end = max(spec.from_, 0.0), min(spec.until, self.log.end)
        return gaps_in(self.guards[duty], begin, end)

    def first(self, kind: Kind, subject: str) -> float:
        """Give the time of the first record of a kind on a subject, or infinity."""
        own = self._by_subject.get(subject, [])
        return next((record.time for record in own if record.kind == kind), inf)


def grid_times(end: float) -> Floats:
    """Give the moments of the 5-minute grid."""
    return np.arange(0.0, end + 1e-9, GRID)
