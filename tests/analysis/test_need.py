# The needs of one incident, followed record by record: what waits, what is attended.

from math import inf

import pytest

from analysis.day.need import Needs
from scenarios.incident import IncidentType
from simulator.log import Kind, Record

KIND = IncidentType.model_validate(
    {
        "levels": [
            {"needs": {"order": 1}, "on_scene": "9 min"},
            {
                "needs": {"order": 2},
                "on_scene": "9 min",
                "after": "9 min",
                "falls_after": "9 min",
            },
        ]
    }
)


def follow(*lines):
    """Tell lines of (minute, kind, unit, slot) or (minute, kind, level)."""
    needs = Needs(KIND)
    for time, kind, *rest in lines:
        details = {"skill": "order"}
        if kind in (Kind.ESCALATED, Kind.FELL):
            details["level"] = rest[0]
        elif rest:
            details |= {"unit": rest[0], "slot": rest[1], "by": "B"}
            details |= {"also": rest[2]} if rest[2:] else {}
        needs.tell(Record(float(time), kind, "F1", "square", details))
    return needs


READY = (0, Kind.READY)
RISES = (0, Kind.ESCALATED, 2)
TWO = (
    READY,
    RISES,
    (1, Kind.ASSIGNED, "A", 0),
    (2, Kind.ASSIGNED, "B", 1),
    (3, Kind.ARRIVED, "A", 0),
)
BOTH = (*TWO, (4, Kind.ARRIVED, "B", 1))

CASES = {
    "waits until every need has a unit": (TWO, [(0, 2)], inf),
    "attended when all are there": (BOTH, [(0, 2)], 4),
    "a unit lost on scene leaves an open need": (
        (*TWO, (5, Kind.CANCELLED, "A", 0), (6, Kind.ARRIVED, "B", 1)),
        [(0, 2), (5, inf)],
        inf,
    ),
    "what is done counts as attended": (
        (*TWO, (5, Kind.WORKED, "A", 0), (6, Kind.ARRIVED, "B", 1)),
        [(0, 2)],
        6,
    ),
    "what is struck out as it falls no longer fills a need": (
        (*BOTH, (9, Kind.FELL, 1), (10, Kind.CANCELLED, "A", 0)),
        [(0, 2), (10, inf)],
        4,
    ),
    "who pauses is not there, and nobody else is asked for": (
        (*TWO, (5, Kind.PAUSED, "A", 0), (6, Kind.ARRIVED, "B", 1)),
        [(0, 2)],
        inf,
    ),
    "who comes back from a pause is there again": (
        (
            *(*TWO, (5, Kind.PAUSED, "A", 0), (6, Kind.ARRIVED, "B", 1)),
            *((8, Kind.ASSIGNED, "A", 0), (9, Kind.ARRIVED, "A", 0)),
        ),
        [(0, 2)],
        9,
    ),
    "a relief waits for a unit, and again when that is lost": (
        (
            *(*BOTH, (5, Kind.RELIEF, "A", 0), (6, Kind.ASSIGNED, "C", 0)),
            *((7, Kind.CANCELLED, "C", 0), (8, Kind.ASSIGNED, "D", 0)),
            *((9, Kind.ARRIVED, "D", 0), (10, Kind.CANCELLED, "D", 0)),
        ),
        [(0, 2), (5, 6), (7, 8), (10, inf)],
        4,
    ),
    "a relief on its way fills the need when the first is lost": (
        (
            *(*BOTH, (5, Kind.RELIEF, "A", 0), (6, Kind.ASSIGNED, "C", 0)),
            *((7, Kind.CANCELLED, "A", 0), (8, Kind.CANCELLED, "C", 0)),
        ),
        [(0, 2), (5, 6), (8, inf)],
        4,
    ),
    "a relief that nobody took up ends with the work": (
        (*BOTH, (5, Kind.RELIEF, "A", 0), (7, Kind.WORKED, "A", 0)),
        [(0, 2), (5, 7)],
        4,
    ),
    "nothing waits once it is over": (
        (READY, (3, Kind.GONE), (3, Kind.CANCELLED, "A", 0)),
        [(0, 3)],
        inf,
    ),
    "a unit that fills both needs fills and leaves both": (
        (
            *(READY, RISES, (2, Kind.ASSIGNED, "A", 0, "1 order")),
            *((3, Kind.ARRIVED, "A", 0), (6, Kind.CANCELLED, "A", 0)),
        ),
        [(0, 2), (6, inf)],
        3,
    ),
    "what it pauses it comes back to, all": (
        (
            *(READY, RISES, (2, Kind.ASSIGNED, "A", 0, "1 order")),
            *((3, Kind.PAUSED, "A", 0), (5, Kind.ASSIGNED, "A", 0, "1 order")),
            (6, Kind.ARRIVED, "A", 0),
        ),
        [(0, 2)],
        6,
    ),
    "of what it fills a relief takes over some, and the others are open": (
        (
            *(READY, RISES, (2, Kind.ASSIGNED, "A", 0, "1 order")),
            *((3, Kind.ARRIVED, "A", 0), (4, Kind.RELIEF, "A", 0)),
            *((5, Kind.ASSIGNED, "B", 0), (6, Kind.ARRIVED, "B", 0)),
            *((6, Kind.RELIEVED, "A", 0), (8, Kind.ASSIGNED, "C", 1)),
        ),
        [(0, 2), (4, 5), (6, 8)],
        3,
    ),
    "a relief may take over all": (
        (
            *(READY, RISES, (2, Kind.ASSIGNED, "A", 0, "1 order")),
            *((3, Kind.ARRIVED, "A", 0), (4, Kind.RELIEF, "A", 0)),
            *((5, Kind.ASSIGNED, "B", 0), (6, Kind.ARRIVED, "B", 0)),
            *((6, Kind.RELIEVED, "A", 0, "1 order"), (8, Kind.CANCELLED, "B", 0)),
        ),
        [(0, 2), (4, 5), (8, inf)],
        3,
    ),
    "what it has done before stays done": (
        (
            *(READY, RISES, (1, Kind.ASSIGNED, "A", 0), (2, Kind.ARRIVED, "A", 0)),
            *((3, Kind.WORKED, "A", 0), (4, Kind.ASSIGNED, "A", 1)),
            *((5, Kind.CANCELLED, "A", 1), (6, Kind.ASSIGNED, "B", 1)),
            (7, Kind.ARRIVED, "B", 1),
        ),
        [(0, 4), (5, 6)],
        7,
    ),
    "a unit sent before it is ready fills the need": (
        ((0, Kind.ASSIGNED, "A", 0), (1, Kind.READY), (2, Kind.ARRIVED, "A", 0)),
        [],
        2,
    ),
}


@pytest.mark.parametrize(("lines", "queued", "full_at"), CASES.values(), ids=CASES)
def test_needs_follow_the_records_of_an_incident(lines, queued, full_at):
    needs = follow(*lines)
    assert needs.queued == queued
    assert needs.full_at == full_at
