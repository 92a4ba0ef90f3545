# Standing orders by hand: when each is read, what it gives, and what the log says.

import pytest

from scenarios.order import order_of
from simulator.log import Kind
from simulator.tie import Rank
from simulator.world import World
from tests.town import village
from tests.worlds import scenario_of

STATION = """
    registered: 8
    turnout: 100 %
    arrivals: {hourly: [1], from: "10:00"}
    opens: "07:00"
    closes: "12:00"
    officers: 3
    stages:
      desk: {servers: 1, service: 6 min}
      box: {servers: 1, service: 1 min, voting: true}
"""
UNIT = """
    base: base
    turnout: 1 min
    shifts: [{from: "06:00", until: "14:00"}]
"""
# Nobody comes before 10:00 but by S1: eight at once, at 08:00 (minute 120).
WORLD = f"""
title: By hand
clock: {{day: 2021-05-23, start: "06:00", end: "14:00"}}
roads:
  network:
    nodes: {{a: [0, 0], b: [3000, 0]}}
    edges: [{{id: ab, from: a, to: b, road: lane}}]
  classes: {{lane: {{car: 60 km/h, motorcycle: 60 km/h}}}}
places: {{base: {{node: a}}, school: {{node: b}}, house: {{node: a}}}}
stations:
  KV1:
    place: school{STATION}
  KV2:
    place: house{STATION}
agencies: {{police: {{}}, district: {{call_up: 30 min}}}}
units:
  P1:
    agency: police
    skills: [order]{UNIT}
  P2:
    agency: police
    skills: [order, medical]{UNIT}
  T1:
    agency: district
    skills: [traffic]{UNIT}
incidents:
  fight: {{report_delay: 5 min, levels: [{{needs: {{order: 1}}, on_scene: 10 min}}]}}
script:
  S1:
    title: Eight at once
    at: "08:00"
    effects: [{{kind: surge, station: KV1, voters: 8, over: 0 min}}]
  S2:
    title: A fight
    at: "09:00"
    effects: [{{kind: incident, type: fight, place: school}}]
orders:
"""
DESK = "{kind: open_place, station: KV1, stage: desk}"


def world(*orders, plan=None):
    text = WORLD + "".join(f"  {order}\n" for order in orders)
    if plan is None:
        return World(scenario_of(text))
    return World(scenario_of(text, {"other": plan}), "other")


def given(log):
    return [(r.time, r.subject, dict(r.details)) for r in log.of(Kind.STANDING)]


def starts(log, stage=0, station="KV1"):
    return sorted(log.voters[station].start[:, stage].tolist())


# ---- when it is read -------------------------------------------------------------


def test_without_a_standing_order_one_desk_serves_them_one_by_one():
    assert starts(world("{}").finish()) == [120.0 + 6 * k for k in range(8)]


def test_it_is_read_after_the_arrivals_of_its_tick_and_acts_at_once():
    log = world(
        f"O1: {{when: 'queue(KV1, desk) > 5 and officers(KV1) >= 1', order: {DESK}}}"
    ).finish()
    # Seven wait at 120 once one has started; the second desk opens then and there.
    assert starts(log) == [120, 120, 126, 126, 132, 132, 138, 138]
    found = {
        "why": "queue(KV1, desk) = 7 and officers(KV1) = 1",
        "orders": "open_place",
    }
    assert given(log) == [(120.0, "O1", found)]
    assert [str(r) for r in log.of(Kind.ORDER)] == [
        "120.00 order open_place station=KV1 stage=desk places=1"
    ]


@pytest.mark.parametrize(
    ("window", "tick"),
    [
        ('from: "08:01"', 121.0),
        ('from: "08:00:30"', 121.0),
        ('from: "07:00", until: "08:01"', 120.0),
        ('from: "07:00", until: "08:00"', None),
        ('from: "D-1 07:00"', 120.0),
    ],
)
def test_it_is_read_at_the_ticks_of_its_window_alone(window, tick):
    log = world(f"O1: {{when: queue(KV1) > 5, {window}, order: {DESK}}}").finish()
    assert [time for time, *_ in given(log)] == ([] if tick is None else [tick])


def test_a_time_is_read_once_and_exactly_then():
    log = world(
        f'O1: {{at: "08:00:30", when: queue(KV1) > 6, order: {DESK}}}',
        f'O2: {{at: "08:12:30", when: queue(KV1) > 6, order: {DESK}}}',
        f'O3: {{at: "07:30", order: {DESK}}}',
        f'O4: {{at: "D-1 07:30", order: {DESK}}}',
    ).finish()
    # By 08:12:30 no seven wait any more; O3 asks for nothing and comes first.
    assert [(time, name) for time, name, _ in given(log)] == [(90.0, "O3")]
    log = world(f'O1: {{at: "08:00:30", when: queue(KV1) > 6, order: {DESK}}}').finish()
    assert [(time, name) for time, name, _ in given(log)] == [(120.5, "O1")]
    assert starts(log)[:3] == [120.0, 120.5, 126.0]


def test_it_is_given_once_or_again_after_its_time():
    often = f"O1: {{when: queue(KV1) >= 1, again: 10 min, order: {DESK}}}"
    log = world(often).finish()
    # One desk more at 120. At 130 no officer is free: refused, but given. At 140 no
    # line is left; at 144 two are done at the desks, and one waits for the box.
    assert [time for time, *_ in given(log)] == [120.0, 130.0, 144.0]
    assert [r.time for r in log.of(Kind.REFUSED)] == [130.0, 144.0]
    once = often.replace("again: 10 min, ", "")
    assert [time for time, *_ in given(world(once).finish())] == [120.0]


def test_nothing_is_read_any_more_once_none_can_act():
    played = world(f"O1: {{when: queue(KV1) > 5, order: {DESK}}}")
    assert Rank.STANDING in ranks(played)
    played.advance(121.0)
    assert Rank.STANDING not in ranks(played)


def ranks(played):
    return [rank for _, rank, *_ in played.clock._queue]


def test_nothing_is_read_before_the_window():
    played = world(f'O1: {{when: queue(KV1) > 5, from: "11:00", order: {DESK}}}')
    due = [time for time, rank, *_ in played.clock._queue if rank == Rank.STANDING]
    assert due == [300.0]


# ---- what it gives ---------------------------------------------------------------


def test_each_reads_the_world_that_the_one_before_it_leaves():
    free = "{when: queue(KV1) > 0 and officers(KV1) >= 1, order: %s}"
    log = world(f"O1: {free % DESK}", f"O2: {free % DESK}").finish()
    assert [(time, name) for time, name, _ in given(log)] == [(120.0, "O1")]


def test_it_serves_many_stations_each_for_itself():
    log = world(
        "O1:",
        "    when: officers(here) >= 1 and queue(here) < 3",
        "    each: all",
        '    from: "08:00"',
        "    order: {kind: open_place, station: here, stage: box}",
    ).finish()
    assert given(log) == [
        (
            120.0,
            "O1",
            {
                "station": "KV2",
                "why": "officers(KV2) = 1 and queue(KV2) = 0",
                "orders": "open_place",
            },
        ),
        # Six of the eight have been called to the desk when two wait.
        (
            150.0,
            "O1",
            {
                "station": "KV1",
                "why": "officers(KV1) = 1 and queue(KV1) = 2",
                "orders": "open_place",
            },
        ),
    ]
    assert [r.place for r in log.of(Kind.STANDING)] == ["house", "school"]


def test_several_orders_are_given_in_turn_whatever_becomes_of_the_first():
    log = world(
        "O1:",
        '    at: "08:00"',
        "    each: [KV1]",
        "    order:",
        "      - {kind: open_place, station: here, stage: desk, places: 2}",
        "      - {kind: move_officers, from: KV2, to: here}",
        "      - {kind: move, unit: P2, to: here}",
        "      - {kind: call_up, unit: T1}",
    ).finish()
    assert [(r.subject, r.details.get("why")) for r in log.of(Kind.REFUSED)] == [
        ("open_place", "KV1 has 1 officer(s) free, and 2 are needed")
    ]
    assert [r.subject for r in log.of(Kind.ORDER)] == [
        "move_officers",
        "move",
        "call_up",
    ]
    move = log.of(Kind.ORDER)[1]
    assert move.details == {"unit": "P2", "to": "school"}
    # Three minutes over the road, and a fourth officer is at KV1.
    assert [
        (r.time, r.details["officers"])
        for r in log.of(Kind.OFFICERS)
        if r.subject == "KV1"
    ] == [(123.0, 4)]


def test_units_and_incidents_are_read_as_the_commander_knows_them():
    log = world(
        "O1: {when: open_incidents() >= 1, order: {kind: recall, unit: P2}}",
        "O2: {when: open_incidents(fight) >= 1 and free_units(order) < 2, "
        "order: {kind: recall, unit: P2}}",
        "O3: {when: free_units(order) < 1, order: {kind: recall, unit: P2}}",
        "O4: {when: free_units() < 2, order: {kind: recall, unit: P2}}",
        "O5: {when: level(S2) >= 1, order: {kind: recall, unit: P2}}",
        "O6: {when: 'servers(KV1, desk) >= 1', order: {kind: recall, unit: P1}}",
    ).finish()
    why = {name: (time, details["why"]) for time, name, details in given(log)}
    # The fight of 180 is reported at 185, when one of two patrols is sent. T1 waits
    # for its call-up and is not free.
    assert why == {
        "O1": (185.0, "open_incidents() = 1"),
        "O2": (185.0, "open_incidents(fight) = 1 and free_units(order) = 1"),
        "O4": (185.0, "free_units() = 1"),
        "O5": (180.0, "level(S2) = 1"),
        "O6": (60.0, "servers(KV1, desk) = 1"),
    }


def test_a_plan_changes_adds_and_takes_out_standing_orders():
    base = (
        f"O1: {{when: queue(KV1) > 5, order: {DESK}}}",
        "O2: {at: '07:30', order: " + DESK + "}",
    )
    plan = {
        "orders": {
            "O1": {"when": "queue(KV1) > 3", "from": "08:10"},
            "O2": None,
            "O3": {"at": "07:15", "order": [{"kind": "recall", "unit": "P1"}]},
        }
    }
    log = world(*base, plan=plan).finish()
    assert [(time, name) for time, name, _ in given(log)] == [
        (75.0, "O3"),
        (130.0, "O1"),
    ]


# ---- places that an order opens and closes ---------------------------------------


def opened(played, **order):
    return played.apply(order_of({"kind": "open_place", "station": "KV1", **order}))


def closed(played, **order):
    return played.apply(order_of({"kind": "close_place", "station": "KV1", **order}))


def test_places_are_opened_as_far_as_officers_are_free():
    played = world("{}")
    assert opened(played, stage="desk") == "KV1 is not open"
    played.advance(61.0)
    assert opened(played, stage="desk", places=2) == (
        "KV1 has 1 officer(s) free, and 2 are needed"
    )
    assert opened(played, stage="desk") is None
    assert opened(played, stage="box") == (
        "KV1 has 0 officer(s) free, and 1 are needed"
    )
    assert closed(played, stage="box", places=2) == "box of KV1 has 1 place(s) open"
    assert closed(played, stage="box") is None
    assert opened(played, stage="desk") is None
    played.advance(125.0)
    # Three desks and no box: nobody gets past the desk's end.
    assert opened(played, stage="box") == (
        "KV1 has 0 officer(s) free, and 1 are needed"
    )
    assert closed(played, stage="desk") is None
    assert opened(played, stage="box") is None
    log = played.finish()
    # The service at the closed desk is not broken off.
    assert starts(log) == [120, 120, 120, 126, 126, 132, 132, 138]


def test_closing_counts_from_the_places_that_are_open():
    # Four desks are wanted, and three officers hold two of them and the box.
    played = World(
        scenario_of(WORLD.replace("desk: {servers: 1", "desk: {servers: 4") + "  {}\n")
    )
    played.advance(61.0)
    station = played.stations["KV1"]
    assert station.servers("desk") == 2
    assert closed(played, stage="desk") is None
    assert (station.servers("desk"), station.free_officers()) == (1, 1)


def test_names_that_are_not_there_are_refused():
    played = world("{}")
    assert opened(played, stage="bux") == (
        "no such stage, found 'bux'; did you mean 'box'? allowed: desk, box"
    )
    order = order_of({"kind": "close_place", "station": "KV3", "stage": "box"})
    assert played.apply(order).startswith("no such station, found 'KV3'")
    played.advance(400.0)
    assert opened(played, stage="desk") == "the last voter has left KV1"


def test_a_place_that_was_lost_frees_its_officer_for_another():
    played = world("{}")
    played.advance(61.0)
    played.stations["KV1"].lose("box", 1)
    assert opened(played, stage="desk", places=2) is None
    assert played.stations["KV1"].servers("desk") == 3
    # It is back, and finds no officer.
    played.stations["KV1"].lose("box", -1)
    assert played.stations["KV1"].servers("box") == 1
    assert played.stations["KV1"].servers("desk") == 2


def test_an_opened_place_stays_open_when_a_schedule_or_a_loss_changes():
    text = WORLD.replace(
        "desk: {servers: 1,",
        'desk: {officers: 0, servers: [{from: "07:00", servers: 2}, '
        '{from: "08:00", servers: 1}],',
    )
    played = World(scenario_of(text + "  {}\n"))
    station = played.stations["KV1"]
    played.advance(61.0)
    assert opened(played, stage="desk", places=3) is None
    assert station.servers("desk") == 5
    station.lose("desk", 2)
    assert station.servers("desk") == 3
    played.advance(121.0)
    # One place by the schedule, two lost: the three ordered ones are there.
    assert station.servers("desk") == 3
    station.lose("desk", -2)
    assert station.servers("desk") == 4


def test_more_places_than_any_schedule_opens_serve_as_many_at_once():
    text = WORLD.replace("desk: {servers: 1,", "desk: {servers: 1, officers: 0,")
    played = World(scenario_of(text + "  {}\n"))
    played.advance(118.0)
    before = played.stations["KV2"].table()
    assert opened(played, stage="desk", places=5) is None
    played.advance(121.0)
    assert opened(played, stage="desk", places=1) is None
    log = played.finish()
    assert starts(log) == [120.0] * 6 + [121.0, 126.0]
    assert len(before.voter) == 0
    assert closed(played, stage="desk") == "the last voter has left KV1"


MANY = village("Many stations") + "places: {here: {node: a}}\nstations:\n"
BUSY = """
  KV%d:
    place: here
    registered: 300
    turnout: 100 %%
    arrivals: {hourly: [3, 1, 2]}
    opens: "07:00"
    closes: "12:00"
    officers: %d
    stages:
      desk: {servers: 1, service: {law: exponential, mean: 45 s}}
      box: {servers: 1, service: {law: exponential, mean: 40 s}, voting: true}
"""
LINES = """
orders:
  desks:
    each: all
    when: queue(here) >= 12 and officers(here) >= 1
    again: 20 min
    order: {kind: open_place, station: here, stage: desk}
  boxes:
    each: [KV2, KV0, KV5, KV3, KV4]
    when: queue(here, box) > 6
    from: "07:30"
    until: "11:00"
    order: {kind: open_place, station: here, stage: box}
  quiet:
    each: all
    when: queue(here) < 1
    again: 1 h
    order: {kind: close_place, station: here, stage: desk}
"""


def test_lines_read_all_at_once_give_the_orders_that_lines_read_one_by_one_do(
    monkeypatch,
):
    text = MANY + "".join(BUSY % (i, 4 + i % 3) for i in range(7)) + LINES
    logs = []
    for few in (1, 100):
        monkeypatch.setattr("simulator.standing.FEW", few)
        logs.append(World(scenario_of(text)).finish())
    assert logs[0].lines() == logs[1].lines()
    said = given(logs[0])
    assert {name for _, name, _ in said} == {"desks", "boxes", "quiet"}
    together = [time for time, *_ in said]
    assert len(together) - len(set(together)) >= 3, "some are given at one tick"
