# What each effect does, and that the world is as before once it ends.

import numpy as np
import pytest

from scenarios.file.reader import load
from simulator.log import Kind, Outcome
from simulator.world import World

WORLD = """
title: Effects
clock: {day: 2021-05-23, start: "06:00", end: "14:00"}
roads:
  network:
    nodes: {west: [0, 0], east: [10000, 0]}
    edges: [{id: lane, from: west, to: east, road: tertiary}]
places:
  base: {node: west}
  school: {node: east}
stations:
  KV1:
    place: school
    registered: 300
    turnout: 100 %
    arrivals: {hourly: [1, 1, 1, 1, 1]}
    opens: "07:00"
    closes: "12:00"
    officers: 3
    balk: [{line: 5, share: 10 %}]
    stages:
      desk: {servers: 3, service: 2 min, voting: true}
agencies: {police: {}}
units:
  P1:
    agency: police
    skills: [order]
    base: base
    mode: car
    turnout: 0 min
    shifts: [{from: "06:00", until: "14:00"}]
incidents:
  fight:
    levels:
      - needs: {order: 1}
        on_scene: 10 min
        effects: [{kind: lose_servers, station: here, stage: desk, servers: 2}]
"""


def play(tmp_path, script):
    (tmp_path / "w.yaml").write_text(WORLD + "script:\n" + script)
    return World(load(tmp_path / "w.yaml")).finish()


def inject(effect, trigger='at: "08:00"', name="S1"):
    return f"  {name}: {{title: {name}, {trigger}, effects: [{effect}]}}\n"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return play(
        tmp_path_factory.mktemp("plain"),
        inject("{kind: slow_road, roads: [lane], factor: 0.5, for: 1 min}"),
    )


def services(log, begin, end):
    table = log.voters["KV1"]
    start, stop = table.start[:, 0], table.end[:, 0]
    chosen = (start >= begin) & (start < end)
    return np.round(stop[chosen] - start[chosen], 9)


def test_slow_stretches_services_that_start_while_it_lasts(tmp_path):
    log = play(
        tmp_path,
        inject("{kind: slow, station: KV1, stage: desk, factor: 1.5, for: 30 min}"),
    )
    assert set(services(log, 60, 120)) == {2.0}
    assert set(services(log, 120, 150)) == {3.0}
    assert set(services(log, 150, 360)) == {2.0}


def test_lost_servers_come_back(tmp_path):
    log = play(
        tmp_path,
        inject(
            "{kind: lose_servers, station: KV1, stage: desk, servers: 2, "
            'until: "09:00"}'
        ),
    )
    servers = [(r.time, r.details["servers"]) for r in log.of(Kind.SERVERS)]
    assert servers == [(60.0, 3), (120.0, 1), (180.0, 3)]


def test_the_effects_of_an_incident_last_until_it_is_cleared(tmp_path):
    log = play(tmp_path, inject("{kind: incident, type: fight, place: school}"))
    cleared = log.of(Kind.CLEARED)[0].time
    servers = [(r.time, r.details["servers"]) for r in log.of(Kind.SERVERS)]
    assert servers == [(60.0, 3), (120.0, 1), (cleared, 3)]


def test_balking_is_multiplied(tmp_path, plain):
    lost = (
        "{kind: lose_servers, station: KV1, stage: desk, servers: 2, for: 3 h}, "
        "{kind: balking, station: KV1, factor: %s, for: 6 h}"
    )
    none = play(tmp_path, inject(lost % "0.001"))
    all_ = play(tmp_path, inject(lost % "10.0"))
    assert none.voters["KV1"].account()["balked"] == 0
    table = all_.voters["KV1"]
    balked = table.outcome == Outcome.BALKED
    assert balked.sum() > 20
    assert plain.voters["KV1"].account()["balked"] == 0


def test_a_surge_brings_the_next_voters_at_once_and_nobody_twice(tmp_path, plain):
    log = play(
        tmp_path, inject("{kind: surge, station: KV1, voters: 40, over: 10 min}")
    )
    table, before = log.voters["KV1"], plain.voters["KV1"]
    came = np.sort(table.arrival)
    early = ((table.arrival >= 120) & (table.arrival < 130)).sum()
    normal = ((before.arrival >= 120) & (before.arrival < 130)).sum()
    assert early >= 40 >= normal
    assert len(came) == len(set(table.voter)) == 300
    # The 40 are those who would have come next; all others come when they would have.
    when = dict(zip(table.voter.tolist(), table.arrival.tolist(), strict=True))
    then = dict(zip(before.voter.tolist(), before.arrival.tolist(), strict=True))
    moved = [v for v in when if when[v] != then[v]]
    later = sorted((t, v) for v, t in then.items() if t >= 120)
    assert {v for _, v in later[:40]} >= set(moved)
    assert len(moved) >= 35


def test_a_drop_keeps_a_share_away_and_some_come_when_it_is_over(tmp_path, plain):
    drop = (
        "{kind: drop, station: KV1, share: 50 %%, return_share: %s, "
        "return_within: 30 min, for: 60 min}"
    )
    for_good = play(tmp_path, inject(drop % "0 %"))
    for_later = play(tmp_path, inject(drop % "100 %"))
    came = len(plain.voters["KV1"].voter)
    stayed = for_good.voters["KV1"].account()["not_come"]
    assert 15 <= stayed <= 45
    assert len(for_later.voters["KV1"].voter) == came
    arrivals = for_later.voters["KV1"].arrival
    assert ((arrivals >= 180) & (arrivals < 210)).sum() > 35


def test_slow_and_closed_roads_change_travel_and_open_again(tmp_path):
    slow = inject("{kind: slow_road, roads: [lane], factor: 0.5, for: 2 h}")
    fight = inject(
        "{kind: incident, type: fight, place: school}", 'at: "08:30"', name="S2"
    )
    travel = {}
    for name, script in (("plain", fight), ("slow", slow + fight)):
        log = play(tmp_path, script)
        moving, arrived = log.of(Kind.MOVING)[0], log.of(Kind.ARRIVED)[0]
        travel[name] = arrived.time - moving.time
    assert travel["slow"] == pytest.approx(2 * travel["plain"])


def test_an_inject_follows_another_after_its_delay(tmp_path):
    script = inject("{kind: slow_road, roads: [lane], factor: 0.5, for: 1 h}") + inject(
        "{kind: close_road, roads: [lane], for: 1 h}", "after: S1, delay: 7 min", "S2"
    )
    log = play(tmp_path, script)
    assert [(r.time, r.subject) for r in log.of(Kind.INJECT)] == [
        (120.0, "S1"),
        (127.0, "S2"),
    ]


def test_an_inject_waits_for_a_condition_read_each_minute_and_happens_once(tmp_path):
    script = inject(
        "{kind: lose_servers, station: KV1, stage: desk, servers: 3, for: 2 h}"
    ) + inject(
        "{kind: close_road, roads: [lane], for: 1 h}", "when: queue(KV1) > 10", "S2"
    )
    log = play(tmp_path, script)
    (time,) = (r.time for r in log.of(Kind.INJECT) if r.subject == "S2")
    assert time == int(time)
    arrivals = log.voters["KV1"].arrival
    assert ((arrivals >= 118) & (arrivals <= time)).sum() >= 11
    assert ((arrivals >= 122) & (arrivals <= time - 1)).sum() <= 11


def test_a_condition_may_read_the_level_of_an_incident(tmp_path):
    script = inject("{kind: incident, type: fight, place: school}") + inject(
        "{kind: close_road, roads: [lane], for: 1 h}", "when: level(S1) >= 1", "S2"
    )
    log = play(tmp_path, script)
    # The tick at 120 comes after the script.
    assert [(r.time, r.subject) for r in log.of(Kind.INJECT)] == [
        (120.0, "S1"),
        (120.0, "S2"),
    ]
