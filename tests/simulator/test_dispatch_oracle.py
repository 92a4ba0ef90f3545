# The engine against the plain dispatch: the same incidents, the same dispatches, the
# same minutes of every unit, over random worlds.

import math
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.log import Kind, Log
from simulator.world import World, map_of
from tests.simulator.dispatch_worlds import FEATURES, Data, dispatch_worlds
from tests.simulator.plain_dispatch import Play, Story
from tests.worlds import scenario_of

NEAR = 1e-9
# The plain names of what the engine's log says otherwise.
SAME_STATUS = {"handing over": "transporting", "moving to stand by": "returning"}


@dataclass
class Tale:
    """A play as plain lines that can be laid side by side, each with its time."""

    lines: list[tuple[float, str]] = field(default_factory=list)

    def add(self, time: float | None, text: str) -> None:
        if time is not None:
            self.lines.append((time, text))


def plain_tale(story: Story) -> Tale:
    tale = Tale()
    for incident in story.incidents.values():
        tale.add(incident.arises, f"{incident.name} arises")
        tale.add(incident.reported, f"{incident.name} reported")
        tale.add(incident.ready, f"{incident.name} ready")
        for time, level in incident.levels:
            tale.add(time, f"{incident.name} level {level + 1}")
        tale.add(incident.over, f"{incident.name} {incident.outcome}")
    for one in story.dispatches:
        name = f"{one.incident}/{one.slot} {one.unit} attempt {one.attempt}"
        tale.add(one.assigned, f"{name} assigned")
        tale.add(one.moving, f"{name} moving")
        tale.add(one.arrived, f"{name} arrived")
        tale.add(one.cancelled, f"{name} cancelled")
    for unit in story.units.values():
        add_timeline(tale, unit.name, unit.timeline)
    return tale


def engine_tale(log: Log, units: list[str]) -> Tale:
    tale = Tale()
    steps = {Kind.ASSIGNED: "assigned", Kind.MOVING: "moving"}
    steps |= {Kind.ARRIVED: "arrived", Kind.CANCELLED: "cancelled"}
    plain = {Kind.ARISES, Kind.REPORTED, Kind.READY}
    plain |= {Kind.CLEARED, Kind.PASSED, Kind.GONE}
    levels = {Kind.ESCALATED, Kind.FELL}
    arrived: set[str] = set()
    for record in log.records:
        if record.kind in steps:
            slot, unit = record.details["slot"], record.details["unit"]
            attempt = record.details["attempt"]
            name = f"{record.subject}/{slot} {unit} attempt {attempt}"
            # Who has arrived has had its dispatch; how its work ends is another thing.
            if record.kind == Kind.ARRIVED:
                arrived.add(name)
            if record.kind != Kind.CANCELLED or name not in arrived:
                tale.add(record.time, f"{name} {steps[record.kind]}")
        elif record.kind in plain:
            tale.add(record.time, f"{record.subject} {record.kind.value}")
        elif record.kind in levels:
            tale.add(record.time, f"{record.subject} level {record.details['level']}")
    for unit in units:
        changes = [
            (r.time, str(r.details["status"]))
            for r in log.of(Kind.STATUS)
            if r.subject == unit
        ]
        if not changes or changes[0][0] > 0:
            changes.insert(0, (0.0, "off shift"))
        changes.append((log.end, ""))
        spans = [(s, a, b) for (a, s), (b, _) in pairwise(changes) if b > a]
        add_timeline(tale, unit, spans)
    return tale


def add_timeline(
    tale: Tale, unit: str, spans: list[tuple[str, float, float]]
) -> None:
    before = ""
    for status, begins, ends in spans:
        status = SAME_STATUS.get(status, status)
        # A moment between two events that are due at once is no time.
        if ends - begins > NEAR and status != before:
            tale.add(begins, f"{unit} {status}")
            before = status


def differences(plain: Tale, engine: Tale) -> list[str]:
    """Lay two tales side by side, and give the lines that only one has."""
    found: list[tuple[float, str]] = []
    waiting: dict[str, list[float]] = {}
    for time, text in engine.lines:
        waiting.setdefault(text, []).append(time)
    for time, text in plain.lines:
        near = [t for t in waiting.get(text, []) if abs(t - time) <= NEAR]
        if near:
            waiting[text].remove(near[0])
        else:
            found.append((time, f"{time:.9f} {text} (oracle)"))
    for text, times in waiting.items():
        found += [(time, f"{time:.9f} {text} (engine)") for time in times]
    return [text for _, text in sorted(found)]


def disagreement(data: Data, seed: int = 1) -> list[str]:
    scenario = scenario_of(data)
    roads = map_of(scenario)
    log = World(scenario, seed=seed, roads=roads).finish()
    story = Play(scenario.plans["base"].setting, roads, seed).finish()
    return differences(plain_tale(story), engine_tale(log, list(story.units)))


ordinary = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("feature", FEATURES)
def test_the_engine_plays_as_the_plain_dispatch_with_one_feature(feature):
    @ordinary
    @given(dispatch_worlds(frozenset({feature})))
    def check(data):
        assert not disagreement(data)

    check()
