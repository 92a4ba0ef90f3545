"""The needs of one incident over time, as its records tell them.

Which needs wait for a unit, and when every need has somebody on scene.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from analysis.day.dispatch import further_of
from analysis.day.span import Stretch
from scenarios.incident import IncidentType
from simulator.log import Kind, Record


@dataclass(slots=True, eq=False)
class _Slot:
    """A need to which a unit has been sent, or that is to be relieved.

    Parameters
    ----------
    index, skill
        As in the log.
    unit
        Who is on the way, there, or was there; empty for a relief not yet sent.
    there
        Whether somebody is on scene, or the work is done.
    paused
        Whether the unit will come back to it.
    done
        Whether its work is done.
    """

    index: int
    skill: str
    unit: str
    there: bool = False
    paused: bool = False
    done: bool = False


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
        # In the order in which the engine keeps them: a relief stands at the end.
        self._slots: list[_Slot] = []
        self._reliefs: dict[int, _Slot] = {}

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
        sent = Counter(slot.skill for slot in self._slots)
        missing = any(sent[skill] < n for skill, n in self._asked().items())
        return missing or any(not relief.unit for relief in self._reliefs.values())

    def _is_full(self) -> bool:
        there = Counter(slot.skill for slot in self._slots if slot.there)
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
        for skill in {slot.skill for slot in self._slots}:
            same = [slot for slot in self._slots if slot.skill == skill]
            for slot in same[self._asked().get(skill, 0) :]:
                self._slots.remove(slot)
                self._reliefs.pop(slot.index, None)

    def _send(self, record: Record) -> None:
        index, unit = int(record.details["slot"]), str(record.details["unit"])
        relief = self._reliefs.get(index)
        if relief is not None:
            relief.unit = unit
            return
        self._fill(index, str(record.details["skill"]), unit)
        for further, skill in further_of(record):
            self._fill(further, skill, unit)

    def _fill(self, index: int, skill: str, unit: str) -> None:
        paused = next((s for s in self._slots if s.index == index and s.paused), None)
        if paused is not None:
            paused.unit, paused.paused = unit, False
        else:
            self._add(_Slot(index, skill, unit))

    def _add(self, slot: _Slot) -> None:
        """Keep slots by their number; those that relieved others stand at the end."""
        after = [s for s in self._slots if s.index > slot.index]
        at = self._slots.index(after[0]) if after else len(self._slots)
        self._slots.insert(at, slot)

    def _arrive(self, record: Record) -> None:
        relief = self._relief_of(record)
        if relief is not None:
            self._slots = [s for s in self._slots if s.index != relief.index]
            self._slots.append(self._reliefs.pop(relief.index))
        for slot in self._filled(record):
            slot.there = True

    def _cancel(self, record: Record) -> None:
        relief = self._relief_of(record)
        if relief is not None:
            relief.unit = ""
            return
        lost = self._filled(record)
        self._slots = [slot for slot in self._slots if slot not in lost]
        heir = self._reliefs.pop(int(record.details["slot"]), None)
        if heir is not None and heir.unit:
            self._slots.append(heir)

    def _pause(self, record: Record) -> None:
        for slot in self._filled(record):
            slot.there, slot.paused = False, True

    def _ask_relief(self, record: Record) -> None:
        old = self._of(record)
        self._reliefs[old.index] = _Slot(old.index, old.skill, "")

    def _work(self, record: Record) -> None:
        self._reliefs.pop(int(record.details["slot"]), None)
        for slot in self._filled(record):
            slot.done = True

    def _relieve(self, record: Record) -> None:
        """Hand on the further slots of who was relieved; the others are open."""
        taken = [index for index, _ in further_of(record)]
        for slot in self._filled(record):
            if slot.index in taken:
                slot.unit = str(record.details["by"])
            else:
                self._slots.remove(slot)

    def _filled(self, record: Record) -> list[_Slot]:
        """Give the slots that the unit of a record fills now."""
        unit = record.details["unit"]
        return [slot for slot in self._slots if slot.unit == unit and not slot.done]

    def _of(self, record: Record) -> _Slot:
        """Give the slot that a record is about."""
        return next(s for s in self._slots if s.index == record.details["slot"])

    def _relief_of(self, record: Record) -> _Slot | None:
        """Give the relief that a record is about, rather than whom it relieves."""
        relief = self._reliefs.get(int(record.details["slot"]))
        same = relief is not None and relief.unit == record.details["unit"]
        return relief if same else None


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
    Kind.RELIEVED: Needs._relieve,
    Kind.CLEARED: Needs._end,
    Kind.GONE: Needs._end,
    Kind.PASSED: Needs._end,
}
