# Who is sent: skills, posts, mutual aid, priorities. A road of 10 km at 60 km/h.

import pytest

from scenarios.file.reader import load
from simulator.log import Kind, Status
from simulator.policy import Call, Candidate, nearest, nearest_idle
from simulator.world import World

BASE = """
title: Forces
clock: {day: 2021-05-23, start: "06:00", end: "12:00"}
roads:
  network:
    nodes: {west: [0, 0], middle: [5000, 0], east: [10000, 0], island: [0, 9000]}
    edges:
      - {id: first, from: west, to: middle, road: lane}
      - {id: second, from: middle, to: east, road: lane}
      - {id: ferry, from: island, to: island, road: lane}
  classes: {lane: {car: 60 km/h, motorcycle: 60 km/h}}
places:
  base: {node: west}
  square: {node: middle}
  school: {node: east}
  isle: {node: island}
agencies: {police: {}, district: {call_up: 10 min, stays: 5 h}}
incidents:
  fight:
    levels: [{needs: {order: 1}, on_scene: 10 min}]
  big-fight:
    priority: 1
    levels: [{needs: {order: 2}, on_scene: 10 min}]
  lost-call:
    none_free: pass
    levels: [{needs: {order: 1}, on_scene: 10 min}]
"""


def unit(name: str, base: str, *extra: str) -> str:
    lines = [
        f"  {name}:",
        "    agency: police",
        "    skills: [order]",
        f"    base: {base}",
        "    turnout: 0 min",
        '    shifts: [{from: "06:00", until: "12:00"}]',
        *(f"    {line}" for line in extra),
    ]
    return "\n".join(lines)


def play(tmp_path, units, injects):
    text = BASE + "units:\n" + "\n".join(units) + "\n"
    text += "script:\n" if injects else ""
    for name, (at, kind, place) in injects.items():
        text += (
            f'  {name}: {{title: {name}, at: "{at}", '
            f"effects: [{{kind: incident, type: {kind}, place: {place}}}]}}\n"
        )
    (tmp_path / "forces.yaml").write_text(text)
    return World(load(tmp_path / "forces.yaml")).finish()


def assigned(log):
    return [(r.time, r.subject, r.details["unit"]) for r in log.of(Kind.ASSIGNED)]


def test_the_nearest_by_time_is_sent(tmp_path):
    units = [unit("far", "base"), unit("near", "square")]
    log = play(tmp_path, units, {"S1": ("07:00", "fight", "school")})
    assert assigned(log) == [(60.0, "S1", "near")]


def test_equal_estimates_go_to_the_order_in_the_file(tmp_path):
    units = [unit("B", "base"), unit("A", "base")]
    log = play(tmp_path, units, {"S1": ("07:00", "fight", "school")})
    assert assigned(log) == [(60.0, "S1", "B")]


def test_expected_turnout_counts_and_the_drawn_one_does_not(tmp_path):
    slow = unit("near", "square").replace(
        "turnout: 0 min", "turnout: {law: exponential, mean: 8 min}"
    )
    # 5 min of travel and 8 of turnout against 10 of travel.
    log = play(
        tmp_path, [slow, unit("far", "base")], {"S1": ("07:00", "fight", "school")}
    )
    assert assigned(log) == [(60.0, "S1", "far")]


def test_the_queue_goes_by_priority_then_by_report(tmp_path):
    log = play(
        tmp_path,
        [unit("P1", "base"), unit("P2", "base")],
        {
            "S1": ("07:00", "big-fight", "base"),
            "S2": ("07:01", "fight", "base"),
            "S3": ("07:02", "fight", "base"),
            "S4": ("07:03", "big-fight", "base"),
        },
    )
    assert [subject for _, subject, _ in assigned(log)] == [
        "S1", "S1", "S4", "S4", "S2", "S3",
    ]  # fmt: skip


def test_units_are_sent_as_they_are_free_and_the_rest_follow(tmp_path):
    log = play(
        tmp_path,
        [unit("P1", "base"), unit("P2", "school")],
        {"S1": ("07:00", "fight", "base"), "S2": ("07:05", "big-fight", "base")},
    )
    assert assigned(log) == [(60.0, "S1", "P1"), (65.0, "S2", "P2"), (70.0, "S2", "P1")]


def test_a_fixed_post_is_never_stripped_unless_the_plan_says_last(tmp_path):
    post = 'posts: [{place: school, from: "06:00", until: "12:00", strip: %s}]'
    guard = unit("guard", "base", post % "never")
    log = play(tmp_path, [guard], {"S1": ("07:00", "fight", "school")})
    assert assigned(log) == []
    assert [r.subject for r in log.of(Kind.UNFINISHED)] == ["S1"]
    guard = unit("guard", "base", post % "last")
    injects = {
        "S1": ("07:00", "fight", "school"),
        "S2": ("07:01", "fight", "school"),
    }
    log = play(tmp_path, [guard, unit("P1", "base")], injects)
    # The patrol comes from 10 km away although the guard stands there already.
    assert assigned(log) == [(60.0, "S1", "P1"), (61.0, "S2", "guard")]
    assert [(r.time, r.subject) for r in log.of(Kind.STRIPPED)] == [(61.0, "guard")]


def test_a_unit_goes_to_its_post_and_home_when_the_post_ends(tmp_path):
    post = 'posts: [{place: school, from: "07:00", until: "08:00"}]'
    log = play(tmp_path, [unit("guard", "base", post)], {})
    drives = [(r.time, r.place) for r in log.of(Kind.DROVE)]
    assert drives == [(70.0, "east"), (130.0, "west")]


def test_mutual_aid_comes_only_when_no_own_unit_can_and_after_its_call_up(tmp_path):
    aid = unit("aid", "school").replace("agency: police", "agency: district")
    injects = {
        "S1": ("07:00", "fight", "school"),
        "S2": ("07:01", "fight", "school"),
        "S3": ("09:00", "big-fight", "school"),
    }
    log = play(tmp_path, [aid, unit("own", "base")], injects)
    assert assigned(log)[:2] == [(60.0, "S1", "own"), (71.0, "S2", "aid")]
    arrived = {(r.subject, r.details["unit"]): r.time for r in log.of(Kind.ARRIVED)}
    assert arrived["S2", "aid"] == 71.0
    # Once called up it has no second delay.
    assert arrived["S3", "aid"] == 180.0
    assert len(log.of(Kind.CALLED_UP)) == 1


def test_an_incident_that_may_pass_is_lost_when_nobody_is_free(tmp_path):
    injects = {
        "S1": ("07:00", "lost-call", "base"),
        "S2": ("07:05", "lost-call", "base"),
        "S3": ("07:10", "lost-call", "base"),
    }
    log = play(tmp_path, [unit("P1", "base")], injects)
    # At 07:10 S3 arises, then the unit clears S1, then S3 is reported.
    assert [r.subject for r in log.of(Kind.PASSED)] == ["S2"]
    assert [(r.time, r.subject) for r in log.of(Kind.CLEARED)] == [
        (70.0, "S1"),
        (80.0, "S3"),
    ]


def test_an_incident_nobody_can_reach_waits_and_says_so_once(tmp_path):
    injects = {
        "S1": ("07:00", "fight", "isle"),
        "S2": ("07:01", "fight", "base"),
    }
    log = play(tmp_path, [unit("P1", "base")], injects)
    unreachable = [(r.time, r.subject) for r in log.of(Kind.UNREACHABLE)]
    assert unreachable == [(60.0, "S1")]
    # It blocks nobody behind it.
    assert assigned(log) == [(61.0, "S2", "P1")]


def test_it_says_so_once_though_nobody_is_at_work_in_between(tmp_path):
    own = '06:00", until: "07:30"}, {from: "08:00'
    able = unit("P1", "base").replace("06:00", own)
    other = unit("Q1", "base").replace("order", "medical").replace("06:00", "07:45")
    log = play(tmp_path, [able, other], {"S1": ("07:00", "fight", "isle")})
    assert [(r.time, r.subject) for r in log.of(Kind.UNREACHABLE)] == [(60.0, "S1")]


def test_it_says_so_as_a_shift_begins_or_ends_whoever_else_comes_and_goes(tmp_path):
    # Q1, on the isle, is at work until 07:05; P1, from 07:02 on, cannot get there.
    able = unit("P1", "base").replace("06:00", "07:02")
    near = unit("Q1", "isle").replace("12:00", "07:05")
    busy = {"S1": ("07:00", "fight", "isle"), "S2": ("07:00", "fight", "isle")}
    log = play(tmp_path, [able, near], busy)
    assert assigned(log) == [(60.0, "S1", "Q1")]
    assert [(r.time, r.subject) for r in log.of(Kind.UNREACHABLE)] == [(65.0, "S2")]
    log = play(tmp_path, [able], {"S1": ("07:00", "fight", "isle")})
    assert [(r.time, r.subject) for r in log.of(Kind.UNREACHABLE)] == [(62.0, "S1")]


def test_a_unit_finishes_its_job_past_the_end_of_its_shift_and_then_goes_off(tmp_path):
    late = unit("P1", "base").replace('until: "12:00"', 'until: "07:05"')
    injects = {"S1": ("07:00", "fight", "school"), "S2": ("07:06", "fight", "base")}
    log = play(tmp_path, [late], injects)
    statuses = [(r.time, r.details["status"]) for r in log.of(Kind.STATUS)]
    assert statuses[-2:] == [(80.0, "returning"), (90.0, "off shift")]
    assert [subject for _, subject, _ in assigned(log)] == ["S1"]


def test_an_idle_unit_goes_off_at_the_end_of_its_shift_and_comes_on_again(tmp_path):
    shifts = unit("P1", "base").replace(
        'shifts: [{from: "06:00", until: "12:00"}]',
        'shifts: [{from: "06:30", until: "07:00"}, {from: "08:00", until: "09:00"}]',
    )
    log = play(tmp_path, [shifts], {"S1": ("07:10", "fight", "base")})
    assert [(r.time, r.details["status"]) for r in log.of(Kind.STATUS)][:3] == [
        (30.0, "standing by"),
        (60.0, "off shift"),
        (120.0, "standing by"),
    ]
    assert assigned(log) == [(120.0, "S1", "P1")]


def candidates(*statuses):
    return [
        Candidate(
            unit=f"U{i}",
            order=i,
            status=status,
            skills=frozenset({"order"}),
            areas=frozenset(),
            clearing=clearing,
            estimate=estimate,
        )
        for i, (status, clearing, estimate) in enumerate(statuses)
    ]


@pytest.mark.parametrize(("policy", "chosen"), [(nearest, "U1"), (nearest_idle, "U0")])
def test_a_policy_is_a_function_of_candidates(policy, chosen):
    call = Call(
        incident="S1",
        type="fight",
        place="school",
        area="",
        priority=2,
        level=1,
        needs=("order",),
        waited=0.0,
    )
    found = policy(
        call,
        candidates((Status.STANDBY, False, 9.0), (Status.RETURNING, False, 3.0)),
        None,
    )
    assert [c.unit for c in found] == [chosen]
    assert list(policy(call, [], None)) == [None]
