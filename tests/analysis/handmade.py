# A day of dispatch written by hand, line by line, as the engine would write it; the
# values of its measures are worked out in test_dispatch_measure.py.

from simulator.log import Kind, Log, Record
from tests.town import village

TEXT = village("A day of dispatch by hand", "07:00", "12:00")
TEXT += """\
places:
  base: {node: a, area: north}
  school: {node: b, area: north}
  market: {node: b, area: south}
  hill: {node: a}
agencies:
  police: {}
  militia: {}
  district: {call_up: 10 min, agree: {chief: 5 min}, stays: 2 h}
units:
  A1: &unit
    agency: police
    skills: [order]
    base: base
    areas: [north]
    shifts: [{from: "07:00", until: "11:00"}]
  A2:
    <<: *unit
  B1:
    agency: police
    skills: [order, watch]
    base: base
    beat: {places: [school, market], stay: 10 min}
    shifts: [{from: "07:00", until: "12:00"}]
  D1:
    agency: district
    skills: [order]
    base: base
    shifts: [{from: "07:00", until: "12:00"}]
  S1:
    agency: militia
    skills: [order]
    base: base
    areas: [south]
    posts: [{place: market, from: "07:00", until: "11:00", strip: last}]
    shifts: [{from: "07:00", until: "11:00"}]
  G1:
    agency: militia
    skills: [guard]
    base: base
    posts: [{place: school, from: "07:00", until: "09:00"}]
    shifts: [{from: "07:00", until: "11:00"}]
incidents:
  fight:
    levels:
      - {needs: {order: 1}, on_scene: 10 min}
      - {needs: {order: 2}, on_scene: 10 min, after: 30 min, falls_after: 10 min}
  riot:
    priority: 1
    transport: {to: [hill]}
    levels: [{needs: {order: 1}, on_scene: 20 min}]
  theft:
    priority: 3
    levels: [{needs: {order: 1}, on_scene: 10 min}]
dispatch:
  cover: {within: 5 min}
  reserve: {2: 4}
"""
TEXT = TEXT.replace("  A2:\n    <<: *unit\n", "  A2: *unit\n")
AT = {
    "F1": ("fight", 2, "school"),
    "R1": ("riot", 1, "market"),
    "Q1": ("fight", 2, "market"),
    "N1": ("theft", 3, "hill"),
    "T1": ("theft", 3, "school"),
    "W1": ("fight", 2, "market"),
}


def arises(time, name):
    kind, priority, place = AT[name]
    return Record(time, Kind.ARISES, name, place, {"type": kind, "priority": priority})


def told(time, kind, name, **details):
    return Record(time, kind, name, AT[name][2], details)


def status(time, unit, text, job="", node="a"):
    return Record(time, Kind.STATUS, unit, node, {"status": text, "job": job})


def drove(time, unit, km, minutes):
    return Record(time, Kind.DROVE, unit, "b", {"km": km, "minutes": minutes})


def of(time, kind, unit, **details):
    return Record(time, kind, unit, "a", details)


def sent(time, name, unit, *, slot=0, attempt=1, was="standing by", why="nearest"):
    return told(
        time,
        Kind.ASSIGNED,
        name,
        unit=unit,
        slot=slot,
        skill="order",
        attempt=attempt,
        estimate=9.0,
        was=was,
        why=why,
    )


def moving(time, name, unit, slot=0, attempt=1):
    return told(time, Kind.MOVING, name, unit=unit, slot=slot, attempt=attempt)


def arrived(time, name, unit, slot=0, attempt=1):
    return told(time, Kind.ARRIVED, name, unit=unit, slot=slot, attempt=attempt)


def lost(time, name, unit, why, *, slot=0, attempt=1, **details):
    details |= {"unit": unit, "slot": slot, "attempt": attempt, "why": why}
    return told(time, Kind.CANCELLED, name, **details)


RECORDS = [
    status(0, "A1", "standing by"),
    status(0, "A2", "standing by"),
    status(0, "B1", "on patrol"),
    status(0, "D1", "not called up"),
    status(0, "S1", "standing by", node="b"),
    status(0, "G1", "standing by", node="b"),
    of(0, Kind.COVER, "units", one=0.8, two=0.5),
    drove(5, "B1", 1.0, 5.0),
    of(5, Kind.ON_BEAT, "B1", at="school"),
    of(5, Kind.COVER, "units", one=0.6, two=0.3),
    # F1: A1 is sent, taken for R1; B1 is sent, replaced by A2, who arrives
    arises(10, "F1"),
    told(12, Kind.REPORTED, "F1"),
    told(13, Kind.READY, "F1"),
    sent(13, "F1", "A1"),
    status(13, "A1", "turning out", "F1"),
    moving(15, "F1", "A1"),
    status(15, "A1", "en route", "F1"),
    arises(18, "R1"),
    drove(18, "B1", 1.0, 3.0),
    of(18, Kind.ON_BEAT, "B1", at="market"),
    told(19, Kind.REPORTED, "R1"),
    told(20, Kind.READY, "R1"),
    drove(20, "A1", 2.0, 5.0),
    lost(20, "F1", "A1", "preempted", by="R1"),
    sent(20, "R1", "A1", was="en route"),
    status(20, "A1", "turning out", "R1", node=""),
    told(20, Kind.HELD, "F1", why="reserve"),
    moving(20, "R1", "A1"),
    status(20, "A1", "en route", "R1", node=""),
    sent(22, "F1", "B1", attempt=2, was="on patrol"),
    status(22, "B1", "turning out", "F1", node="b"),
    moving(22, "F1", "B1", attempt=2),
    status(22, "B1", "en route", "F1", node="b"),
    drove(24, "A1", 1.5, 4.0),
    arrived(24, "R1", "A1"),
    status(24, "A1", "on scene", "R1", node="b"),
    drove(25, "B1", 0.5, 3.0),
    lost(25, "F1", "B1", "switched", attempt=2, to="A2"),
    sent(25, "F1", "A2", attempt=3, why="switch"),
    status(25, "B1", "returning"),
    status(25, "B1", "on patrol"),
    status(25, "A2", "turning out", "F1"),
    moving(27, "F1", "A2", attempt=3),
    status(27, "A2", "en route", "F1"),
    drove(30, "B1", 1.0, 5.0),
    of(30, Kind.ON_BEAT, "B1", at="school"),
    drove(33, "A2", 4.0, 6.0),
    arrived(33, "F1", "A2", attempt=3),
    status(33, "A2", "on scene", "F1"),
    drove(43, "B1", 1.0, 3.0),
    of(43, Kind.ON_BEAT, "B1", at="market"),
    told(43, Kind.WORKED, "F1", unit="A2", slot=0),
    told(43, Kind.CLEARED, "F1"),
    status(43, "A2", "returning"),
    # R1: A1 takes somebody up the hill
    told(44, Kind.WORKED, "R1", unit="A1", slot=0),
    told(44, Kind.CLEARED, "R1"),
    status(44, "A1", "transporting", "R1"),
    drove(49, "A2", 4.0, 6.0),
    status(49, "A2", "standing by"),
    drove(50, "A1", 3.0, 6.0),
    told(52, Kind.HANDED_OVER, "R1", unit="A1", slot=0, to="hill"),
    status(52, "A1", "returning"),
    drove(58, "A1", 2.5, 6.0),
    status(58, "A1", "standing by"),
    # Q1: mutual aid is asked for, and the incident is gone before it arrives
    arises(60, "Q1"),
    told(60, Kind.REPORTED, "Q1"),
    told(61, Kind.READY, "Q1"),
    told(61, Kind.HELD, "Q1", why="waits for A2"),
    of(61, Kind.AID_ASKED, "D1", agency="district", why="Q1"),
    Record(66, Kind.AGREED, "district", "", {"level": "chief"}),
    of(66, Kind.CALLED_UP, "D1"),
    status(66, "D1", "called up"),
    of(76, Kind.AT_HAND, "D1"),
    status(76, "D1", "standing by"),
    sent(76, "Q1", "D1"),
    status(76, "D1", "turning out", "Q1"),
    moving(78, "Q1", "D1"),
    status(78, "D1", "en route", "Q1"),
    told(90, Kind.ESCALATED, "Q1", level=2, type="fight"),
    told(90, Kind.HOT_SPOT, "Q1"),
    told(95, Kind.GONE, "Q1", type="fight"),
    drove(95, "D1", 8.0, 17.0),
    lost(95, "Q1", "D1", "no longer needed"),
    status(95, "D1", "returning"),
    drove(105, "D1", 5.0, 10.0),
    status(105, "D1", "standing by"),
    # N1: nobody ever comes
    arises(100, "N1"),
    told(101, Kind.REPORTED, "N1"),
    told(101, Kind.READY, "N1"),
    # T1: S1 leaves its post, arrives, is recalled; A2 does the work
    arises(110, "T1"),
    told(110, Kind.REPORTED, "T1"),
    told(110, Kind.READY, "T1"),
    sent(110, "T1", "S1"),
    Record(110, Kind.STRIPPED, "S1", "market", {"incident": "T1"}),
    status(110, "S1", "turning out", "T1", node="b"),
    moving(111, "T1", "S1"),
    status(111, "S1", "en route", "T1", node="b"),
    drove(115, "S1", 1.0, 4.0),
    arrived(115, "T1", "S1"),
    status(115, "S1", "on scene", "T1"),
    lost(118, "T1", "S1", "recalled"),
    told(118, Kind.HELD, "T1", why="together"),
    status(118, "S1", "returning"),
    # W1: rises, two come, falls, and is handed over at the end of a shift
    arises(120, "W1"),
    told(121, Kind.REPORTED, "W1"),
    told(121, Kind.READY, "W1"),
    drove(123, "S1", 1.0, 5.0),
    status(123, "S1", "standing by", node="b"),
    told(150, Kind.ESCALATED, "W1", level=2, type="fight"),
    told(150, Kind.HOT_SPOT, "W1"),
    sent(152, "W1", "A1"),
    sent(152, "W1", "A2", slot=1),
    status(152, "A1", "turning out", "W1"),
    status(152, "A2", "turning out", "W1"),
    moving(154, "W1", "A1"),
    status(154, "A1", "en route", "W1"),
    moving(154, "W1", "A2", slot=1),
    status(154, "A2", "en route", "W1"),
    drove(160, "A1", 5.0, 6.0),
    arrived(160, "W1", "A1"),
    status(160, "A1", "on scene", "W1"),
    drove(165, "A2", 6.0, 11.0),
    arrived(165, "W1", "A2", slot=1),
    status(165, "A2", "on scene", "W1"),
    told(175, Kind.FELL, "W1", level=1, type="fight"),
    status(175, "A2", "returning"),
    sent(180, "T1", "A2", attempt=2, was="returning"),
    drove(180, "A2", 2.0, 5.0),
    status(180, "A2", "turning out", "T1", node=""),
    moving(180, "T1", "A2", attempt=2),
    status(180, "A2", "en route", "T1", node=""),
    drove(186, "A2", 3.0, 6.0),
    arrived(186, "T1", "A2", attempt=2),
    status(186, "A2", "on scene", "T1"),
    told(196, Kind.WORKED, "T1", unit="A2", slot=0),
    told(196, Kind.CLEARED, "T1"),
    status(196, "A2", "returning"),
    # A2: what it does when nothing is asked of it
    drove(200, "A2", 1.0, 4.0),
    status(200, "A2", "standing by"),
    of(200, Kind.BREAK_LOST, "A2", minutes=20.0),
    of(200, Kind.STOOD_DOWN, "D1"),
    status(200, "D1", "not called up"),
    status(205, "A2", "at own work"),
    status(215, "A2", "standing by"),
    of(215, Kind.STANDBY_MOVE, "A2", to="hill"),
    status(215, "A2", "moving to stand by"),
    drove(219, "A2", 2.0, 4.0),
    status(219, "A2", "standing by"),
    status(220, "A2", "on a break"),
    status(230, "A2", "standing by"),
    of(230, Kind.RADIO_LOST, "A2"),
    # the shifts end: B1 relieves A1
    told(240, Kind.RELIEF, "W1", unit="A1", slot=0),
    sent(240, "W1", "B1", attempt=2, was="on patrol"),
    status(240, "B1", "turning out", "W1"),
    moving(240, "W1", "B1", attempt=2),
    status(240, "B1", "en route", "W1"),
    status(240, "A2", "off shift"),
    status(240, "S1", "off shift"),
    status(240, "G1", "off shift"),
    drove(248, "B1", 4.0, 8.0),
    arrived(248, "W1", "B1", attempt=2),
    status(248, "B1", "on scene", "W1"),
    told(248, Kind.RELIEVED, "W1", unit="A1", by="B1"),
    status(248, "A1", "returning"),
    of(250, Kind.RADIO_BACK, "A2", status="off shift"),
    drove(254, "A1", 5.0, 6.0),
    status(254, "A1", "off shift"),
    told(270, Kind.WORKED, "W1", unit="B1", slot=0),
    told(270, Kind.CLEARED, "W1"),
    status(270, "B1", "returning"),
    status(270, "B1", "on patrol"),
    Record(300, Kind.UNFINISHED, "N1", "hill", {"state": "nobody came"}),
]
LOG = Log(records=tuple(RECORDS), voters={}, end=300.0)
