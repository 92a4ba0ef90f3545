# The engine against the plain dispatch: the same incidents, the same dispatches, the
# same minutes of every unit, over random worlds.

import math
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean, stdev

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.log import Kind, Log, Record
from simulator.road import map_of
from simulator.world import World
from tests.simulator.dispatch_worlds import FEATURES, Data, dispatch_worlds
from tests.simulator.plain_dispatch import Incident, Play, Story
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
        tale.add(one.assigned, f"{name} assigned{one.also and f' also {one.also}'}")
        if one.moving != one.cancelled:  # it was off before it could move
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
    off = {dispatched(record) for record in log.of(Kind.CANCELLED)}
    # Who was off before it could move has not moved.
    records = [
        record
        for record in log.records
        if record.kind != Kind.MOVING or dispatched(record) not in off
    ]
    for record in records:
        if record.kind in steps:
            slot, unit = record.details["slot"], record.details["unit"]
            attempt = record.details["attempt"]
            name = f"{record.subject}/{slot} {unit} attempt {attempt}"
            # Who has arrived has had its dispatch; how its work ends is another thing.
            if record.kind == Kind.ARRIVED:
                arrived.add(name)
            if record.kind != Kind.CANCELLED or name not in arrived:
                tale.add(record.time, f"{name} {steps[record.kind]}{also(record)}")
        elif record.kind in plain:
            tale.add(record.time, f"{record.subject} {record.kind.value}")
        elif record.kind in levels:
            tale.add(record.time, f"{record.subject} level {record.details['level']}")
    for unit in units:
        add_timeline(tale, unit, spans_of(log, unit))
    return tale


def also(record: Record) -> str:
    further = record.details.get("also")
    return f" also {further}" if further else ""


def dispatched(record: Record) -> tuple[object, ...]:
    """Give what two records of one dispatch at one moment have in common."""
    told = record.details
    return record.time, record.subject, told["slot"], told["unit"], told["attempt"]


def spans_of(log: Log, unit: str) -> list[tuple[str, float, float]]:
    changes = [
        (r.time, str(r.details["status"]))
        for r in log.of(Kind.STATUS)
        if r.subject == unit
    ]
    if not changes or changes[0][0] > 0:
        changes.insert(0, (0.0, "off shift"))
    changes.append((log.end, ""))
    return [(s, a, b) for (a, s), (b, _) in pairwise(changes) if b > a]


def add_timeline(tale: Tale, unit: str, spans: list[tuple[str, float, float]]) -> None:
    before = ""
    for name, begins, ends in spans:
        status = SAME_STATUS.get(name, name)
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
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
many = settings(ordinary, max_examples=60, derandomize=False)

# What a feature needs to be of any effect.
WITH = {
    "many": {"several"},
    "levels": {"several"},
    "falls": {"several", "levels"},
    "starts": {"several"},
    "leaves": {"several"},
    "paces": {"several", "many"},
    "fills": {"several", "many"},
    "together": {"several"},
    "strict": {"several", "together"},
    "turnouts": {"shifts"},
    "pause": {"shifts"},
    "relieve": {"shifts"},
    "stays": {"aid"},
    "beyond": {"aid"},
}


def compare(features: frozenset[str], how: settings) -> None:
    @how
    @given(dispatch_worlds(features))
    def check(data: Data) -> None:
        assert not disagreement(data)

    check()


@pytest.mark.parametrize("feature", FEATURES)
def test_the_engine_plays_each_feature_as_the_plain_dispatch(feature):
    compare(frozenset({feature, *WITH.get(feature, ())}), ordinary)


@pytest.mark.deep
@pytest.mark.parametrize("feature", FEATURES)
def test_the_engine_plays_each_feature_over_many_worlds(feature):
    compare(frozenset({feature, *WITH.get(feature, ())}), many)


def mixes() -> st.SearchStrategy[Data]:
    some = st.frozensets(st.sampled_from(FEATURES), min_size=2, max_size=8)
    return some.flatmap(dispatch_worlds)


@settings(ordinary, max_examples=60)
@given(mixes())
def test_the_engine_plays_features_together_as_the_plain_dispatch(data):
    assert not disagreement(data)


@pytest.mark.deep
@settings(many, max_examples=2000)
@given(mixes())
def test_the_engine_plays_features_together_over_many_worlds(data):
    assert not disagreement(data)


# ---- the plain dispatch itself, against exact results ----------------------------

DAYS, MEAN = 60, 30
WARM = 2 * 1440


def city(number: int, incidents: Data, **dispatch: object) -> Data:
    """Put all units and incidents at one place: no travel, no turnout."""
    shift = {"from": "00:00", "until": f"D+{DAYS} 00:00"}
    unit: Data = {"agency": "police", "skills": ["order"], "base": "p"}
    unit |= {"turnout": "0 min", "shifts": [shift]}
    road = {"id": "r", "from": "a", "to": "b", "road": "lane"}
    return {
        "title": "A city at one place",
        "clock": {"day": "2021-05-23", "start": "00:00", "end": shift["until"]},
        "rules": "none",
        "roads": {
            "network": {"nodes": {"a": [0, 0], "b": [100, 0]}, "edges": [road]},
            "classes": {"lane": {"car": "60 km/h", "motorcycle": "60 km/h"}},
        },
        "places": {"p": {"node": "a"}},
        "agencies": {"police": {}},
        "units": {f"U{i}": unit for i in range(number)},
        "incidents": incidents,
        "dispatch": dispatch,
    }


def kind(rate: float, needs: int = 1, **more: object) -> Data:
    """Make a type that arises so often in the mean time on scene."""
    on_scene = {"law": "exponential", "mean": f"{MEAN} min"}
    return {
        "levels": [{"needs": {"order": needs}, "on_scene": on_scene}],
        "rates": [{"places": ["p"], "per_hour": rate * 60 / MEAN}],
        **more,
    }


def play_plainly(data: Data, seed: int) -> Story:
    scenario = scenario_of(data)
    return Play(scenario.plans["base"].setting, map_of(scenario), seed).finish()


def settled(story: Story) -> list[Incident]:
    last = DAYS * 1440 - 1440
    return [i for i in story.incidents.values() if WARM < i.arises < last]


def waits(story: Story, type_name: str) -> list[float]:
    first: dict[str, float] = {}
    for one in story.dispatches:
        first.setdefault(one.incident, one.assigned)
    return [
        (first[i.name] - i.arises) / MEAN for i in settled(story) if i.type == type_name
    ]


def check_mean(exact: float, runs: list[float]) -> None:
    # Student's t at 99.9 % for eight runs.
    half = 5.41 * stdev(runs) / math.sqrt(len(runs))
    assert abs(mean(runs) - exact) < half
    assert half < 0.35 * exact


def test_the_plain_dispatch_waits_as_erlang_c_says():
    stories = [play_plainly(city(3, {"T": kind(1.5)}), seed) for seed in range(8)]
    check_mean(0.157894736842, [mean(waits(story, "T")) for story in stories])


def test_the_plain_dispatch_loses_as_erlang_b_says():
    data = city(3, {"T": kind(1.5, none_free="pass")})
    lost = [
        mean(i.outcome == "passed" for i in settled(play_plainly(data, seed)))
        for seed in range(8)
    ]
    check_mean(0.134328358209, lost)


def test_the_plain_dispatch_serves_priorities_as_cobham_says():
    rates = {"T1": (1, 1.0), "T2": (2, 1.5), "T3": (3, 1.5)}
    types = {name: kind(rate, priority=p) for name, (p, rate) in rates.items()}
    stories = [play_plainly(city(5, types), seed) for seed in range(8)]
    exact = {"T1": 0.138528138528, "T2": 0.277056277056, "T3": 1.10822510823}
    for name, value in exact.items():
        check_mean(value, [mean(waits(story, name)) for story in stories])


def test_the_plain_dispatch_sends_all_together_as_the_chain_says():
    types = {"one": kind(1.2), "two": kind(0.8, 2)}
    data = city(5, types, send="together", behind="strict")
    stories = [play_plainly(data, seed) for seed in range(8)]
    found = [mean([*waits(s, "one"), *waits(s, "two")]) for s in stories]
    check_mean(0.216158868, found)
