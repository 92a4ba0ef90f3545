# What must hold of the dispatch record and of measures on any day, against plain
# computations and against the world itself, looked at as it is played.

from collections import Counter
from math import inf

import pytest

from analysis.day import Day
from analysis.measure import FUNCTIONS, Query
from analysis.table import dispatches_table
from simulator.log import Kind, Status
from simulator.world import World
from tests.analysis.busy import POLICIES, town

STANDBY = {"kind": "table", "table": {"2": ["centre", "east"], "3": ["west"]}}
WAYS = [
    *(({"policy": policy}, seed) for seed, policy in enumerate(POLICIES)),
    ({"standby": STANDBY}, 11),
    ({"standby": {"kind": "list", "places": ["centre", "south"]}}, 12),
    ({"standby": {"kind": "cover", "places": ["centre", "south"]}}, 13),
    ({"send": "together", "behind": "strict"}, 14),
    ({"aid_beyond": "4 min"}, 15),
    ({"fills": 2}, 16),
    ({"fills": 3, "policy": "home-area", "send": "together"}, 17),
]
MISSION = {"turning out", "en route", "on scene", "transporting"}


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: "-".join(map(str, way[0])))
def played(request):
    """Play a day, and note at odd moments what the world itself says."""
    changes, seed = request.param
    world = World(town(**changes), seed=seed)
    seen = []
    for step in range(int(world.end)):
        now = step + 0.3718
        world.advance(now)
        waiting = {incident.name for incident in world.dispatcher.queue()}
        free = {name for name, unit in world.units.items() if stands_free(unit)}
        full = {i.name for i in world.incidents.values() if fully_staffed(i)}
        seen.append((now, waiting, free, full))
    log = world.finish()
    return world, Day(world.setting, log), seen


def stands_free(unit):
    post = unit.post()
    fixed = post is not None and post.strip == "never"
    return unit.waits() and unit.at_hand and not unit.silent and not fixed


def fully_staffed(incident):
    needs = [slot for slot in incident.slots if slot.relieves is None]
    return incident.is_open and all(s.state in ("on scene", "done") for s in needs)


def test_every_dispatch_is_in_the_record_once_and_ends_in_a_way_that_has_a_name(played):
    _, day, _ = played
    log = day.log
    keys = [(d.incident, d.slot, d.attempt, d.unit) for d in day.dispatches]
    assert len(set(keys)) == len(keys) == len(log.of(Kind.ASSIGNED)) > 20
    assert sum(d.arrived < inf for d in day.dispatches) == len(log.of(Kind.ARRIVED))
    assert sum(d.worked < inf for d in day.dispatches) == len(log.of(Kind.WORKED))
    for dispatch in day.dispatches:
        assert (dispatch.ended == inf) == (dispatch.outcome == "unfinished")
        assert (dispatch.worked < inf) == (dispatch.outcome == "worked")
        moments = [
            dispatch.assigned,
            dispatch.moving,
            dispatch.arrived,
            dispatch.worked,
        ]
        known = [moment for moment in moments if moment < inf]
        assert known == sorted(known)
        assert known[-1] <= dispatch.over


def test_kilometres_of_dispatches_and_of_the_rest_add_up_to_what_was_driven(played):
    _, day, _ = played
    table = dispatches_table(day)
    columns = [name for name in table.columns if name.endswith("_km")]
    total = Counter()
    for record in day.log.of(Kind.DROVE):
        total[record.subject] += record.details["km"]
    for unit in day.setting.units:
        sent = table.loc[table["unit"] == unit, columns].to_numpy().sum()
        spans = day.spans_of(unit)
        rest = sum(span.km for span in spans if span.status not in MISSION)
        assert sent + rest == pytest.approx(total[unit], abs=1e-9)
        km = FUNCTIONS["unit.km"](day, Query())[unit]
        assert km == pytest.approx(total[unit], abs=1e-9)
    assert table["turnout_km"].sum() == table["on_scene_km"].sum() == 0


def test_each_stretch_driven_lies_in_one_status(played):
    _, day, _ = played
    for record in day.log.of(Kind.DROVE):
        begin = record.time - record.details["minutes"]
        assert any(
            span.start - 1e-9 <= begin and record.time <= span.end + 1e-9
            for span in day.spans_of(record.subject)
        ), record


def test_minutes_of_statuses_add_up_to_the_shift_and_to_the_legs(played):
    _, day, _ = played
    minutes = FUNCTIONS["unit.status_minutes"](day, Query())
    table = dispatches_table(day)
    for unit, shifts in day.on_shift.items():
        spans = day.spans_of(unit)
        at_work = [s for s in spans if s.status != Status.OFF]
        inside = sum(
            max(min(s.end, end) - max(s.start, begin), 0.0)
            for s in at_work
            for begin, end in shifts
        )
        assert inside == pytest.approx(sum(end - begin for begin, end in shifts))
        all_of_them = [v for m, v in minutes.items() if m.startswith(f"{unit}/")]
        assert sum(all_of_them) == pytest.approx(day.log.end)
        own = table[table["unit"] == unit]
        for status, leg in [
            ("turning out", "turnout"),
            ("en route", "travel"),
            ("on scene", "on_scene"),
            ("transporting", "transport"),
        ]:
            assert own[leg].sum() == pytest.approx(
                minutes[f"{unit}/{status}"], abs=1e-9
            )


def test_the_legs_of_every_attended_incident_add_up_to_its_response(played):
    _, day, _ = played
    attended = [call for call in day.calls if call.arrived < inf]
    assert len(attended) > 10
    for call in attended:
        assert sum(call.legs.values()) == pytest.approx(call.response, abs=1e-9)
        assert min(call.legs.values()) > -1e-9
        assert call.arrived <= call.full


def test_the_queue_read_from_the_log_is_the_queue_of_the_world(played):
    _, day, seen = played
    for now, waiting, _, _ in seen:
        read = {
            call.name
            for call in day.calls
            if any(begin < now <= end for begin, end in call.queued)
        }
        assert read == waiting, now


def test_who_is_free_by_the_log_is_free_in_the_world(played):
    _, day, seen = played
    for now, _, free, _ in seen:
        read = {
            unit
            for unit, stretches in day.free.items()
            if any(begin < now <= end for begin, end in stretches)
        }
        assert read == free, now


def test_an_incident_is_fully_attended_once_all_its_slots_have_somebody(played):
    _, day, seen = played
    calls = {call.name: call for call in day.calls}
    first = {}
    for now, _, _, full in seen:
        for name in full:
            first.setdefault(name, now)
    assert first
    for name, now in first.items():
        assert calls[name].full < now
    # Whatever the log calls full was seen so within a minute, unless it ended by then.
    for name, call in calls.items():
        over = min(
            [call.cleared, *(d.over for d in day.dispatches if d.incident == name)]
        )
        if call.full + 1 < over:
            assert first[name] < call.full + 1 + 1e-9


def test_time_without_a_free_unit_and_below_the_reserve_agree_with_samples(played):
    world, day, seen = played
    own = {name for name, unit in world.units.items() if not unit.is_aid}
    counted = {0: 0, 1: 0}
    for now, _, free, _ in seen:
        may_go = {n for n, s in day.may_go.items() if any(a < now <= b for a, b in s)}
        counted[0] += bool(may_go) and not free
        counted[1] += bool(may_go & own) and len(free & own) < 2
    none = FUNCTIONS["units.none_free"](day, Query())["overall"]
    below = FUNCTIONS["units.below_reserve"](day, Query())["priority 3"]
    assert none == pytest.approx(counted[0], abs=2 + 0.1 * counted[0])
    assert below == pytest.approx(counted[1], abs=2 + 0.1 * counted[1])


def test_a_day_in_town_has_every_kind_of_thing_to_measure():
    outcomes = Counter()
    for changes, seed in WAYS:
        world = World(town(**changes), seed=seed)
        day = Day(world.setting, world.finish())
        outcomes.update(d.outcome for d in day.dispatches)
        outcomes.update(r.kind for r in day.log.records)
    named = ("preempted", "switched", "relieved", "paused", "out of service", "gone")
    kinds = (Kind.FELL, Kind.STRIPPED, Kind.STOOD_DOWN, Kind.STANDBY_MOVE, Kind.HELD)
    for what in (*named, "no longer needed", *kinds, Kind.BREAK_LOST, Kind.RELIEVED):
        assert outcomes[what], what
