"""The needs of one incident over time, as its records tell them.

Which needs wait for a unit, and when every need has somebody on scene.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from analysis.day.span import Stretch
from scenarios.incident import IncidentType
from simulator.log import Kind, Record


@dataclass(slots=True)
class _Relief:
    """A slot that is to relieve another one.

    Parameters
    ----------
    old
        The slot whose unit's shift has ended.
    skill
        Of the unit on its way; empty while there is none.
    """

    old: int
    skill: str = ""


class Needs:
    """The needs of one incident.

    Parameters
    ----------
    kind
        Its type.

    Attributes
    ----------
    queued
        From when to when it was ready and had an open slot; the last may not end.
    full_at
        When every need first had somebody on scene, or its work done; else infinite.
    """

    def __init__(self, kind: IncidentType) -> None:
        self.queued: list[Stretch] = []
        self.full_at = inf
        self._kind = kind
        self._level = 0
        self._ready = False
        self._over = False
        # Slots that have a unit: their skill, and whether somebody is or was there.
        self._skill: dict[int, str] = {}
        self._there: set[int] = set()
        self._reliefs: dict[int, _Relief] = {}

    def tell(self, record: Record) -> None:
        """Take in the next record of the incident."""
        change = _CHANGES.get(record.kind)
        if change is None or self._over:
            return
        change(self, record)
        self._queue(record.time)
        if self.full_at == inf and self._is_full():
            self.full_at = record.time

    # ---- what it comes to --------------------------------------------------------

    def _queue(self, now: float) -> None:
        waits = self._ready and not self._over and self._is_open()
        waited = bool(self.queued) and self.queued[-1][1] == inf
        if waits and not waited:
            self.queued.append((now, inf))
        elif waited and not waits:
            begin, _ = self.queued.pop()
            if now > begin:
                self.queued.append((begin, now))

    def _is_open(self) -> bool:
        sent = Counter(self._skill.values())
        missing = any(sent[skill] < n for skill, n in self._asked().items())
        return missing or any(not relief.skill for relief in self._reliefs.values())

    def _is_full(self) -> bool:
        there = Counter(self._skill[slot] for slot in self._there)
        return all(there[skill] >= n for skill, n in self._asked().items())

    def _asked(self) -> dict[str, int]:
        return self._kind.levels[self._level].needs

    # ---- what happens ------------------------------------------------------------

    def _make_ready(self, record: Record) -> None:
        self._ready = True

    def _end(self, record: Record) -> None:
        self._over = True

    def _rise(self, record: Record) -> None:
        self._level = int(record.details["level"]) - 1

    def _fall(self, record: Record) -> None:
        """Strike out the slots that the lower level does not need, the last first."""
        self._rise(record)
        for skill in set(self._skill.values()):
            same = sorted(slot for slot, s in self._skill.items() if s == skill)
            for slot in same[self._asked().get(skill, 0) :]:
                self._drop(slot)
                self._end_relief(slot)

    def _send(self, record: Record) -> None:
        slot, skill = _slot(record), str(record.details["skill"])
        if slot in self._reliefs:
            self._reliefs[slot].skill = skill
        else:
            self._skill[slot] = skill

    def _arrive(self, record: Record) -> None:
        slot = _slot(record)
        relief = self._reliefs.pop(slot, None)
        if relief is not None:
            self._drop(relief.old)
            self._skill[slot] = relief.skill
        self._there.add(slot)

    def _cancel(self, record: Record) -> None:
        slot = _slot(record)
        if slot in self._reliefs:
            self._reliefs[slot].skill = ""
            return
        self._drop(slot)
        relief = self._end_relief(slot)
        if relief is not None and relief[1].skill:
            self._skill[relief[0]] = relief[1].skill

    def _pause(self, record: Record) -> None:
        self._there.discard(_slot(record))

    def _ask_relief(self, record: Record) -> None:
        self._reliefs[int(record.details["relief"])] = _Relief(_slot(record))

    def _work(self, record: Record) -> None:
        self._end_relief(_slot(record))

    def _drop(self, slot: int) -> None:
        self._skill.pop(slot, None)
        self._there.discard(slot)

    def _end_relief(self, old: int) -> tuple[int, _Relief] | None:
        for slot, relief in self._reliefs.items():
            if relief.old == old:
                return slot, self._reliefs.pop(slot)
        return None


def _slot(record: Record) -> int:
    return int(record.details["slot"])


_CHANGES: Mapping[Kind, Callable[[Needs, Record], None]] = {
    Kind.READY: Needs._make_ready,
    Kind.ESCALATED: Needs._rise,
    Kind.FELL: Needs._fall,
    Kind.ASSIGNED: Needs._send,
    Kind.ARRIVED: Needs._arrive,
    Kind.CANCELLED: Needs._cancel,
    Kind.PAUSED: Needs._pause,
    Kind.RELIEF: Needs._ask_relief,
    Kind.WORKED: Needs._work,
    Kind.CLEARED: Needs._end,
    Kind.GONE: Needs._end,
    Kind.PASSED: Needs._end,
}
