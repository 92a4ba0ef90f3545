# What holds for every unit and every incident of every world.

from itertools import pairwise
from math import inf, isinf, isnan

import pytest
from hypothesis import HealthCheck, given, settings

from analysis.day import Day
from analysis.measure import FUNCTIONS, Query
from scenarios.measure import MEASURES
from simulator.log import Kind, Log, Record, Status
from simulator.world import World
from tests.worlds import SPEEDS, Data, scenario_of, worlds

ordinary = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
many = settings(ordinary, max_examples=500, derandomize=False)


def play(data: Data, seed: int = 1) -> tuple[World, Log, Day]:
    world = World(scenario_of(data), seed=seed)
    log = world.finish()
    return world, log, Day(world.setting, log)


# ---- every minute of every unit --------------------------------------------------


def check_spans(world: World, day: Day) -> None:
    known = {status.value for status in Status}
    for unit in world.units:
        spans = [span for span in day.spans if span.unit == unit]
        for span in spans:
            assert span.status in known
            assert span.end > span.start, span
        for before, after in pairwise(spans):
            assert before.end == after.start, (before, after)
        if spans:
            assert (spans[0].start, spans[-1].end) == (0.0, day.log.end)


@ordinary
@given(worlds())
def test_every_minute_of_every_unit_has_exactly_one_status(data):
    world, _, day = play(data)
    check_spans(world, day)


def jobs_of(log: Log, unit: str) -> list[tuple[float, float, str]]:
    """Give from when to when a unit was bound, by what."""
    opening = {
        Kind.ASSIGNED: (
            *(Kind.WORKED, Kind.CANCELLED, Kind.PAUSED),
            *(Kind.RELIEVED, Kind.STOOD_OFF),
        ),
        Kind.DUTY_STARTS: (Kind.DUTY_ENDS,),
        Kind.GUARD_STARTS: (Kind.GUARD_ENDS,),
    }
    own = [r for r in log.records if r.details.get("unit") == unit]
    jobs = []
    for i, record in enumerate(own):
        for end in (
            opening.get(record.kind, ())
            and [
                r
                for r in own[i + 1 :]
                if r.kind in opening[record.kind] and r.subject == record.subject
            ][:1]
        ) or [None]:
            if record.kind in opening:
                until = log.end if end is None else end.time
                jobs.append((record.time, until, record.subject))
    return jobs


SENT_FROM = (
    *("standing by", "returning", "moving to stand by", "on patrol"),
    *("on a break", "at own work", "turning out", "en route"),
)


def check_jobs(world: World, log: Log) -> None:
    for name, unit in world.units.items():
        jobs = jobs_of(log, name)
        for before, after in pairwise(jobs):
            assert before[1] <= after[0], (name, before, after)
        for record in log.of(Kind.ASSIGNED):
            if record.details["unit"] == name:
                assert unit.spec.on_shift(record.time), record
                assert record.details["skill"] in unit.spec.skills, record
                assert record.details["was"] in SENT_FROM, record


@ordinary
@given(worlds())
def test_no_unit_does_two_things_at_once_or_is_sent_when_it_cannot_be(data):
    world, log, _ = play(data)
    check_jobs(world, log)


def fastest(data: Data, mode: str) -> float:
    """Metres a minute that no unit of a mode can exceed on these roads."""
    speeds = []
    for edge in data["roads"]["network"]["edges"]:
        speeds.append(SPEEDS[edge["road"]].get(mode, 0))
        if "speed" in edge and mode != "foot" and speeds[-1]:
            speeds.append(int(edge["speed"].removesuffix(" km/h")))
    return max(speeds) * 1000 / 60


def check_travel(data: Data, log: Log) -> None:
    for name, spec in data["units"].items():
        drives = [r for r in log.of(Kind.DROVE) if r.subject == name]
        over = 0.0
        for record in drives:
            km, minutes = float(record.details["km"]), float(record.details["minutes"])
            assert km * 1000 <= fastest(data, spec["mode"]) * minutes + 1e-6, record
            assert record.time - minutes >= over - 1e-9, "two drives at once"
            over = record.time


@ordinary
@given(worlds())
def test_nobody_travels_faster_than_the_fastest_road_allows(data):
    _, log, _ = play(data)
    check_travel(data, log)


def check_places(world: World, log: Log) -> None:
    """Who arrives is where the incident is, and gets there by driving."""
    at = {
        name: world.road_map.places[unit.spec.base]
        for name, unit in world.units.items()
    }
    nodes = world.road_map.index
    for record in log.records:
        if record.kind == Kind.DROVE:
            at[record.subject] = nodes[record.place] if record.place else -1
        if record.kind == Kind.ARRIVED:
            unit = str(record.details["unit"])
            assert at[unit] == world.road_map.places[record.place], record


@ordinary
@given(worlds())
def test_a_unit_arrives_only_where_it_has_driven_to(data):
    world, log, _ = play(data)
    check_places(world, log)


# ---- incidents -------------------------------------------------------------------


def check_ends(world: World, log: Log) -> None:
    arisen = [r.subject for r in log.of(Kind.ARISES)]
    assert len(arisen) == len(set(arisen)), "a name stands for one incident"
    ended = log.of(Kind.CLEARED, Kind.PASSED, Kind.GONE, Kind.UNFINISHED)
    names = [r.subject for r in ended if r.subject not in world.setting.duties]
    assert sorted(names) == sorted(arisen)
    done = [r.subject for r in log.of(Kind.DUTY_ENDS)]
    open_ = [r.subject for r in ended if r.subject in world.setting.duties]
    tasks = [n for n, duty in world.setting.duties.items() if duty.kind != "guard"]
    assert sorted(done + open_) == sorted(tasks)


@ordinary
@given(worlds())
def test_every_incident_ends_cleared_or_passed_or_is_named_unfinished(data):
    world, log, _ = play(data)
    check_ends(world, log)


def check_legs(day: Day) -> None:
    for call in day.calls:
        assert isinf(call.arrived) == (not call.legs)
        if call.legs:
            assert abs(sum(call.legs.values()) - call.response) <= 1e-9, call
            assert min(call.legs.values()) >= -1e-9, call
            assert call.arises <= call.reported <= call.ready <= call.arrived


@ordinary
@given(worlds())
def test_the_legs_of_a_response_sum_to_it_and_none_is_negative(data):
    check_legs(play(data)[2])


def attended(own: list[Record]) -> tuple[list[float], list[tuple[float, float]]]:
    """Say from when on the clock of the unattended ran, and when somebody was there."""
    runs, stretches = [own[0].time], []
    there: set[object] = set()
    slots: dict[object, object] = {}
    for record in own:
        slot, before = record.details.get("slot"), len(there)
        if record.kind == Kind.ARRIVED:
            there.add(slot)
            slots[record.details["unit"]] = slot
        elif record.kind == Kind.CANCELLED:
            there.discard(slot)
        elif record.kind == Kind.RELIEVED:
            there.discard(slots[record.details["unit"]])
        if there and not before:
            stretches.append((record.time, inf))
        elif before and not there:
            stretches[-1] = (stretches[-1][0], record.time)
            runs.append(record.time)
    return runs, stretches


def sent_at_once(own: list[Record]) -> set[float]:
    """Give when somebody arrived at the instant at which it was sent."""
    sent = {
        (r.details["slot"], r.time, r.details["unit"])
        for r in own
        if r.kind == Kind.ASSIGNED
    }
    return {
        r.time
        for r in own
        if r.kind == Kind.ARRIVED
        and (r.details["slot"], r.time, r.details["unit"]) in sent
    }


def deadlines(own: list[Record], afters: list[float]) -> dict[int, float]:
    """Work out when each level is reached, the first (level 1) left out."""
    runs, stretches = attended(own)
    over = (Kind.CLEARED, Kind.PASSED, Kind.GONE, Kind.UNFINISHED)
    ended = min((r.time for r in own if r.kind in over), default=inf)
    level, passed, reached = 1, 0.0, {}
    at_once = sent_at_once(own)
    for begin, stop in pairwise([*runs, ended]):
        come = min((a for a, _ in stretches if a >= begin), default=inf)
        base = passed
        while level <= len(afters):
            due = begin + afters[level - 1] - base
            # Who arrives at the very instant of the deadline is in time, unless it
            # is there already and was sent because the level had risen.
            in_time = come < due or (come == due and come not in at_once)
            if in_time or due >= ended or due > stop:
                break
            level, passed = level + 1, afters[level - 1]
            reached[level] = due
    return reached


def check_levels(world: World, log: Log) -> None:
    """A level is reached at its deadline exactly when nobody is there by then."""
    for record in log.of(Kind.ARISES):
        own = [r for r in log.records if r.subject == record.subject]
        own = own[own.index(record) :]
        if any(r.kind == Kind.FELL for r in own):
            continue  # it may rise again, from a level that it had before
        levels = world.setting.incidents[str(record.details["type"])].levels
        expected = deadlines(own, [level.after for level in levels[1:]])
        risen = {r.details["level"]: r.time for r in own if r.kind == Kind.ESCALATED}
        assert risen.keys() == expected.keys(), (record.subject, risen, expected)
        for level, time in risen.items():
            assert abs(time - expected[level]) <= 1e-9, (record.subject, level)


@ordinary
@given(worlds())
def test_an_incident_grows_at_its_deadlines_exactly_while_nobody_is_there(data):
    world, log, _ = play(data)
    check_levels(world, log)


def test_when_the_last_unit_there_is_lost_only_the_new_deadlines_count():
    speeds = {"lane": {"car": "60 km/h"}}
    edge = {"id": "ab", "from": "a", "to": "b", "road": "lane"}
    level = {"needs": {"order": 1}, "on_scene": "30 min"}
    incident = {"kind": "incident", "type": "T", "place": "there"}
    out = {"kind": "out_of_service", "unit": "U", "for": "2 h"}
    data = {
        "title": "A unit is lost on scene",
        "clock": {"day": "2021-05-23", "start": "06:00", "end": "13:00"},
        "roads": {
            "network": {"nodes": {"a": [0, 0], "b": [3000, 0]}, "edges": [edge]},
            "classes": speeds,
        },
        "places": {"here": {"node": "a"}, "there": {"node": "b"}},
        "agencies": {"police": {}},
        "units": {
            "U": {
                "agency": "police",
                "skills": ["order"],
                "base": "here",
                "mode": "car",
                "turnout": "0 min",
                "shifts": [{"from": "06:00", "until": "13:00"}],
            }
        },
        "incidents": {
            "T": {
                "levels": [
                    level,
                    {**level, "after": "6 min"},
                    {**level, "after": "20 min"},
                ]
            }
        },
        "script": {
            "A": {"title": "It arises", "at": "07:00", "effects": [incident]},
            "B": {"title": "The unit is lost", "at": "07:04", "effects": [out]},
        },
    }
    world, log, _ = play(data)
    # It arrives at 63 and is lost at 64; 6 and 20 minutes run from then.
    risen = [(r.time, r.details["level"]) for r in log.of(Kind.ESCALATED)]
    assert risen == [(70.0, 2), (84.0, 3)]
    check_levels(world, log)


# ---- measures --------------------------------------------------------------------


def check_measures(day: Day) -> None:
    for name, measure in MEASURES.items():
        query = Query(within=15.0) if measure.within else Query()
        for member, value in FUNCTIONS[name](day, query).items():
            # What is finished after the end of a shift, or at a desk that was to
            # close, counts as work, so a utilisation may pass 1.
            most = inf if "utilisation" in name else 1 + 1e-9
            if measure.unit == "share" and not isnan(value):
                assert 0 <= value <= most, (name, member, value)
            if measure.unit in ("count", "km", "hours") and not isnan(value):
                assert value >= 0, (name, member, value)


@ordinary
@given(worlds())
def test_every_measure_can_be_taken_of_every_day(data):
    check_measures(play(data)[2])


@pytest.mark.deep
@many
@given(worlds())
def test_the_laws_of_units_hold_in_many_worlds(data):
    world, log, day = play(data, seed=2)
    check_spans(world, day)
    check_jobs(world, log)
    check_travel(data, log)
    check_places(world, log)
    check_ends(world, log)
    check_legs(day)
    check_levels(world, log)
    check_measures(day)
