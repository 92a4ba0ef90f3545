# Corners that a review found: each was wrong once.

import pytest

from analysis.day import Day, waits_of
from analysis.target import judge
from scenarios.file.reader import load
from scenarios.problem import ScenarioError
from simulator.log import Kind
from simulator.world import World

WORLD = """
title: Corners
clock: {day: 2021-05-23, start: "06:00", end: "12:00"}
roads:
  network:
    nodes: {a: [0, 0], b: [2000, 0], c: [4000, 0], d: [2000, 9000]}
    edges:
      - {id: ab, from: a, to: b, road: lane}
      - {id: bc, from: b, to: c, road: lane}
      - {id: bd, from: b, to: d, road: lane}
      - {id: dc, from: d, to: c, road: lane}
  classes: {lane: {car: 60 km/h, motorcycle: 60 km/h}}
places: {base: {node: a}, school: {node: c}}
stations:
  KV1:
    place: school
    registered: 20
    turnout: 100 %
    arrivals: {hourly: [1]}
    opens: "07:00"
    closes: "10:00"
    officers: 4
    count: {set_up: 0 min, per_ballot: 1 min}
    stages: {desk: {servers: 2, service: 1 min, voting: true}}
  KV2:
    place: school
    registered: 20
    turnout: 100 %
    arrivals: {hourly: [1]}
    opens: "07:00"
    closes: "10:00"
    officers: 4
    stages: {desk: {servers: 2, service: 1 min, voting: true}}
agencies: {police: {}, district: {call_up: 60 min}}
units:
  P1:
    agency: police
    skills: [order]
    base: base
    turnout: 1 min
    shifts: [{from: "06:00", until: "12:00"}]
incidents:
  fight:
    levels:
      - {needs: {order: 1}, on_scene: 10 min}
      - {after: 5 min, needs: {order: 1}, on_scene: 10 min}
  fire:
    levels:
      - needs: {order: 1}
        on_scene: 10 min
        effects: [{kind: suspend, station: here, mode: drain}]
"""


def world(tmp_path, script="", *edits, extra=""):
    text = WORLD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    text += ("script:\n" + script if script else "") + extra
    (tmp_path / "corner.yaml").write_text(text)
    return World(load(tmp_path / "corner.yaml"))


def inject(name, at, *effects):
    return f'  {name}: {{title: t, at: "{at}", effects: [{", ".join(effects)}]}}\n'


FIGHT = "{kind: incident, type: fight, place: school}"


def test_a_call_up_goes_on_while_the_unit_is_out_of_service(tmp_path):
    script = inject("S1", "07:00", FIGHT) + inject(
        "S2", "07:10", "{kind: out_of_service, unit: P1, for: 5 min}"
    )
    log = world(tmp_path, script, ("agency: police", "agency: district")).finish()
    # Asked for at 60, called up until 120, turnout, 4 min.
    assert [r.time for r in log.of(Kind.ARRIVED)] == [125.0]


def test_a_unit_at_the_junction_of_a_closing_road_takes_another(tmp_path):
    # P1 sets out at 61 and is at b at 63, when the road on closes.
    script = inject("S1", "07:00", FIGHT) + inject(
        "S2", "07:03", "{kind: close_road, roads: [bc], for: 3 h}"
    )
    log = world(tmp_path, script).finish()
    (arrived,) = (r.time for r in log.of(Kind.ARRIVED))
    assert arrived == pytest.approx(63 + 9 + (2**2 + 9**2) ** 0.5)


def test_an_incident_suspends_every_station_at_its_place(tmp_path):
    script = inject("S1", "08:00", "{kind: incident, type: fire, place: school}")
    log = world(tmp_path, script).finish()
    assert [r.subject for r in log.of(Kind.SUSPENDED)] == ["KV1", "KV2"]
    assert [r.subject for r in log.of(Kind.RESUMED)] == ["KV1", "KV2"]


def test_who_arrives_exactly_at_the_deadline_is_in_time(tmp_path):
    log = world(tmp_path, inject("S1", "07:00", FIGHT)).finish()
    assert [r.time for r in log.of(Kind.ARRIVED)] == [65.0]
    assert log.of(Kind.ESCALATED) == []


def test_the_clock_of_the_unattended_runs_again_when_the_last_on_scene_is_lost(
    tmp_path,
):
    script = inject("S1", "07:00", FIGHT) + inject(
        "S2", "07:07", "{kind: out_of_service, unit: P1, for: 3 h}"
    )
    log = world(tmp_path, script).finish()
    assert [(r.time, r.details["level"]) for r in log.of(Kind.ESCALATED)] == [(72.0, 2)]


def test_injects_due_at_one_time_happen_in_file_order(tmp_path):
    slow = "{kind: slow_road, roads: [ab], factor: 0.9, for: 1 min}"
    script = (
        inject("A", "08:10", slow)
        + f"  B: {{title: t, after: C, delay: 10 min, effects: [{slow}]}}\n"
        + inject("C", "08:00", slow)
        + inject("D", "08:10", slow)
        + f"  E: {{title: t, after: A, effects: [{slow}]}}\n"
    )
    log = world(tmp_path, script).finish()
    assert [r.subject for r in log.of(Kind.INJECT)] == ["C", "A", "B", "D", "E"]


def test_a_unit_back_in_service_at_its_base_still_turns_out(tmp_path):
    script = inject(
        "S1", "07:00", "{kind: out_of_service, unit: P1, for: 10 min}"
    ) + inject("S2", "07:05", FIGHT)
    log = world(tmp_path, script).finish()
    assigned, moving = log.of(Kind.ASSIGNED)[0].time, log.of(Kind.MOVING)[0].time
    assert (assigned, moving) == (70.0, 71.0)


def test_a_drop_keeps_back_those_who_would_surge(tmp_path):
    script = inject(
        "S1",
        "06:30",
        "{kind: drop, station: KV1, share: 100 %, until: '10:00'}",
        "{kind: surge, station: KV1, voters: 10, over: 1 min}",
    )
    log = world(tmp_path, script).finish()
    assert log.voters["KV1"].account()["not_come"] == 20


ROUND = """
duties:
  round:
    kind: auxiliary_round
    unit: P1
    station: KV1
    start: "%s"
    stops: [base]
    voters: 4
    visit: %s
    back_by: "11:00"
"""


def test_the_auxiliary_box_leaves_when_the_station_has_opened(tmp_path):
    log = world(tmp_path, extra=ROUND % ("06:10", "5 min")).finish()
    # From 60 at the school: 4 min to the stop, 5 there.
    assert [(r.time, r.details["votes"]) for r in log.of(Kind.AUXILIARY)] == [(69.0, 4)]


def test_a_stop_after_the_close_gives_no_vote_and_the_count_waits_for_the_box(tmp_path):
    log = world(tmp_path, extra=ROUND % ("09:40", "30 min")).finish()
    account = log.voters["KV1"].account()
    assert (account["auxiliary"], account["turned_away"]) == (0, 4)
    back = log.of(Kind.DUTY_ENDS)[0].time
    counted = next(r for r in log.of(Kind.COUNTED) if r.subject == "KV1")
    assert counted.time == back + account["voted"]


def test_a_station_suspended_across_its_opening_opens_late(tmp_path):
    script = inject(
        "S1", "06:50", "{kind: suspend, station: KV1, mode: drain, for: 30 min}"
    )
    log = world(tmp_path, script).finish()
    opened = {r.subject: r.time for r in log.of(Kind.OPENED)}
    assert opened == {"KV1": 85.0, "KV2": 60.0}


def test_who_still_waits_when_the_log_ends_waits_for_ever(tmp_path):
    edits = [
        ('end: "12:00"', 'end: "10:00"'),
        ("service: 1 min", "service: 2 h"),
        ('closes: "10:00"', 'closes: "09:59"'),
        ("officers: 4", "officers: 4\n    close_rule: serve_queue"),
    ]
    log = world(tmp_path, "", *edits).finish()
    waits = waits_of(log.voters["KV1"])
    assert len(waits) == 20
    assert (waits == float("inf")).sum() >= 14
    assert log.voters["KV1"].account()["present"] >= 14


def test_a_trip_under_way_at_the_end_counts_its_kilometres(tmp_path):
    log = world(tmp_path, inject("S1", "11:57", FIGHT)).finish()
    assert sum(r.details["km"] for r in log.of(Kind.DROVE)) == pytest.approx(2.0)


def test_a_unit_on_a_fixed_post_makes_no_place_unreachable(tmp_path):
    post = 'posts: [{place: school, from: "06:00", until: "12:00"}]\n    turnout: 1 min'
    log = world(
        tmp_path, inject("S1", "08:00", FIGHT), ("turnout: 1 min", post)
    ).finish()
    assert log.of(Kind.UNREACHABLE) == []


def test_what_has_passed_is_not_told_of_when_the_roads_change(tmp_path):
    # P1 is at work at the school; nobody is free for the base, which is then cut off.
    at_base = "{kind: incident, type: fight, place: base}"
    script = (
        inject("S1", "07:00", FIGHT)
        + inject("S2", "07:02", at_base)
        + inject("S3", "07:06", "{kind: close_road, roads: [ab]}")
    )
    passes = ("  fight:\n    levels:", "  fight:\n    none_free: pass\n    levels:")
    log = world(tmp_path, script, passes).finish()
    assert [r.subject for r in log.of(Kind.PASSED)] == ["S2"]
    # P1 itself cannot drive home.
    assert [r.subject for r in log.of(Kind.UNREACHABLE)] == ["P1"]


def test_a_target_with_nothing_to_measure_is_not_held_as_met(tmp_path):
    target = """
targets:
  theft:
    title: t
    measure: response.within
    within: 10 min
    bound: at least 90 %
    population: overall
    days: 90 %
"""
    play = world(tmp_path, extra=target)
    day = Day(play.setting, play.finish())
    judged = judge(day, "theft", play.setting.targets["theft"])
    assert not judged.measured


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (
            "  fire:\n    levels:",
            "  fire:\n    none_free: pass\n    levels:",
            "an incident that may pass can have no effects",
        ),
        ("order: 1}, on_scene: 10 min}", "order: 65}, on_scene: 10 min}", "at most 64"),
        ("desk: {servers: 2, service: 1 min", "desk: {servers: 2, service: "
         "{law: lognormal, mean: 0 s, cv: 1.0}", "must be above 0"),
        ('closes: "10:00"', 'closes: "12:30"', "the hours must lie within the clock"),
    ],
)  # fmt: skip
def test_what_would_end_in_a_wrong_day_is_refused_on_reading(tmp_path, old, new, text):
    with pytest.raises(ScenarioError, match=text):
        world(tmp_path, "", (old, new))


def test_places_cannot_be_put_on_roads_that_lead_nowhere_back(tmp_path):
    text = WORLD.replace("road: lane}", "road: lane, one_way: true}")
    text = text.replace("base: {node: a}", "base: {at: [10, 10]}")
    (tmp_path / "one-way.yaml").write_text(text)
    with pytest.raises(ScenarioError, match="all are one-way dead ends"):
        load(tmp_path / "one-way.yaml")
