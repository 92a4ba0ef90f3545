# Measures of dispatch on the day of handmade.py, every value worked out beside it; and
# against plain computations on days of random worlds.

from dataclasses import replace
from math import inf, nan

import pytest

from analysis.day import Day
from analysis.measure import FUNCTIONS, Query
from analysis.measure.chance import CHANCES
from analysis.moment import break_time
from analysis.table import dispatches_table, incidents_table, units_table
from analysis.target import population_values
from scenarios.measure import MEASURES, is_member
from scenarios.target import Target
from tests.analysis.handmade import LOG, TEXT
from tests.analysis.test_measure import VALUES as BEFORE
from tests.worlds import scenario_of


@pytest.fixture(scope="module")
def day():
    return Day(scenario_of(TEXT).setting, LOG)


Q = Query()
VALUES = [
    # F1 21, R1 5, T1 5, W1 39; Q1 and N1 never
    ("response.mean", Q, "overall", 70 / 4),
    ("response.mean", Q, "priority 2", 30),
    ("response.mean", Q, "area north", 13),
    ("response.mean", Query(types=("fight",)), "overall", 30),
    ("response.p50", Q, "overall", 21),
    ("response.p95", Q, "area north", 21),
    ("response.p95", Q, "priority 1", 5),
    ("response.within", Query(within=10), "priority 3", 1 / 2),
    ("response.within", Query(within=10), "area south", 1 / 3),
    # every need attended: F1 33, R1 24, T1 115, W1 when the second is there, 165
    ("response.full", Q, "overall", (21 + 5 + 5 + 44) / 4),
    ("response.full_p50", Q, "area north", 5),
    ("response.full_p90", Q, "area north", 21),
    ("response.full_p95", Q, "fight", inf),
    # from arising: 23, 6, 5, 40
    ("response.from_arising", Q, "overall", 74 / 4),
    ("response.from_arising_p50", Q, "area north", 5),
    ("response.from_arising_p90", Q, "area north", 23),
    ("response.from_arising_p95", Q, "riot", 6),
    # F1 1 1, R1 1, T1 0, W1 0
    ("response.handling", Q, "overall", 2 / 4),
    ("response.handling_p50", Q, "overall", 0),
    ("response.handling_p90", Q, "overall", 1),
    ("response.handling_p95", Q, "theft", 0),
    # F1 13 to 25 less 7 and 3 lost; W1 121 to 152; the others none
    ("response.queue", Q, "overall", 33 / 4),
    ("response.queue_p50", Q, "overall", 0),
    ("response.queue_p90", Q, "fight", 31),
    ("response.queue_p95", Q, "area north", 2),
    ("response.turnout", Q, "overall", (2 + 0 + 1 + 2) / 4),
    ("response.turnout_p50", Q, "overall", 1),
    ("response.turnout_p90", Q, "overall", 2),
    ("response.turnout_p95", Q, "riot", 0),
    ("response.travel", Q, "overall", (6 + 4 + 4 + 6) / 4),
    ("response.travel_p50", Q, "overall", 4),
    ("response.travel_p90", Q, "overall", 6),
    ("response.travel_p95", Q, "theft", 4),
    ("response.lost", Q, "fight", 10 / 2),
    ("response.lost_p50", Q, "overall", 0),
    ("response.lost_p90", Q, "overall", 10),
    ("response.lost_p95", Q, "riot", 0),
    ("incidents.reported", Q, "area south", 3),
    ("incidents.reported", Q, "priority 3", 2),
    ("incidents.attended", Q, "overall", 4),
    ("incidents.fully_attended", Q, "overall", 4 / 6),
    ("incidents.fully_attended", Q, "fight", 2 / 3),
    # first arrival to clearing: F1 10, R1 20, T1 81, W1 110
    ("incidents.on_scene", Q, "overall", 221 / 4),
    ("incidents.unattended", Q, "overall", 1),
    ("incidents.gone", Q, "fight", 1),
    ("incidents.escalated", Q, "area south", 2),
    ("incidents.rises", Q, "level 2", 2),
    ("incidents.rises", Q, "overall", 2),
    ("incidents.falls", Q, "fight", 1),
    ("incidents.hot_spots", Q, "priority 2", 2),
    # Q1, N1 and W1 found nobody when they were ready
    ("queue.not_at_once", Q, "overall", 3 / 6),
    ("queue.not_at_once", Q, "area north", 0),
    # F1 20-22; Q1 61-76 and 90-95; N1 101-300; T1 118-180; W1 121-152
    ("queue.mean", Q, "overall", (2 + 20 + 199 + 62 + 31) / 300),
    ("queue.mean", Q, "fight", (2 + 20 + 31) / 300),
    ("queue.longest", Q, "overall", 3),
    ("queue.longest", Q, "area north", 1),
    ("queue.longest_wait", Q, "overall", inf),
    ("queue.longest_wait", Q, "area north", 62),
    ("queue.longest_wait", Q, "fight", 31),
    ("queue.held", Q, "overall", 3),
    ("queue.held_reserve", Q, "area north", 1),
    ("queue.held_together", Q, "theft", 1),
    ("queue.held_busy", Q, "area south", 1),
    ("churn.preemptions", Q, "fight", 1),
    ("churn.preemptions", Q, "riot", 0),
    ("churn.switches", Q, "area north", 1),
    # A1 13-52 and 152-248; A2 25-43, 152-175, 180-196; of 240 each
    ("unit.utilisation", Q, "A1", 135 / 240),
    ("unit.utilisation", Q, "A2", 57 / 240),
    ("unit.utilisation", Q, "B1", 33 / 300),
    ("unit.utilisation", Q, "D1", 19 / 300),
    ("unit.utilisation", Q, "S1", 8 / 240),
    ("unit.utilisation", Q, "overall", 252 / 1560),
    ("unit.utilisation_range", Q, "police/order", 78 / 240),
    ("unit.utilisation_range", Q, "overall", 78 / 240),
    # mean 96, standard deviation 39
    ("unit.utilisation_cv", Q, "police/order", 39 / 96),
    ("unit.status_minutes", Q, "A1/transporting", 8),
    ("unit.status_minutes", Q, "B1/on patrol", 22 + 215 + 30),
    ("unit.status_minutes", Q, "D1/called up", 10),
    ("unit.status_minutes", Q, "A2/on a break", 10),
    ("unit.status_km", Q, "A1/transporting", 3),
    ("unit.status_km", Q, "A1/en route", 2 + 1.5 + 5),
    ("unit.status_km", Q, "B1/on patrol", 4),
    ("unit.km", Q, "overall", 19 + 22 + 8.5 + 13 + 2),
    ("unit.missions", Q, "A1", 3),
    ("unit.missions", Q, "overall", 10),
    # A1: R1 and W1 are in the south; A2: W1; S1, of the south: T1 in the north
    ("unit.inter_area", Q, "A1", 2 / 3),
    ("unit.inter_area", Q, "A2", 1 / 3),
    ("unit.inter_area", Q, "overall", 4 / 7),
    ("unit.own_work", Q, "A2", 10),
    ("unit.breaks_lost", Q, "A2", 20),
    # 230 to 250, on shift until 240
    ("unit.out_of_touch", Q, "A2", 10),
    ("unit.overtime", Q, "A1", 14),
    ("unit.overtime", Q, "overall", 14),
    ("cover.one", Q, "overall", 0.7),
    ("cover.two", Q, "overall", 0.4),
    ("cover.least", Q, "overall", 0.6),
    ("presence.minutes", Q, "B1", 267),
    # school 5-15 and 30-40; market 18-22, where it was called away, and 43-53
    ("presence.minutes", Q, "place school", 20),
    ("presence.minutes", Q, "area south", 14),
    ("presence.minutes", Q, "overall", 267),
    # longest without: school 40-300, market 53-300
    ("presence.visited", Query(within=250), "overall", 1 / 2),
    ("presence.visited", Query(within=250), "area south", 1),
    ("presence.visited", Query(within=246), "overall", 0),
    ("churn.standby_moves", Q, "A2", 1),
    ("churn.standby_km", Q, "overall", 2),
    ("churn.stripped", Q, "S1", 1),
    ("churn.bare", Q, "S1", 13),
    ("aid.requests", Q, "D1", 1),
    ("aid.hours", Q, "overall", 124 / 60),
    ("aid.wait", Q, "D1", 15),
    # Of A1, A2, B1, S1 and, off its post at 120, G1 fewer than four are free: without
    # A1 13-52, without S1 110-118, without A1 and A2 152-175, 180-196, 205-215 and
    # 220-240; then only B1 is on shift
    ("units.below_reserve", Q, "priority 2", 39 + 8 + 23 + 16 + 10 + 20 + 60),
    ("units.below_reserve", Q, "overall", 176),
    # G1 stays free until 240; then B1 is at work until 270, and D1 no longer at hand
    ("units.none_free", Q, "overall", 30),
]


@pytest.mark.parametrize(("name", "query", "member", "expected"), VALUES)
def test_each_measure_is_what_its_definition_says(day, name, query, member, expected):
    assert FUNCTIONS[name](day, query)[member] == pytest.approx(expected)


def test_every_measure_is_worked_out_by_hand():
    worked = {name for name, *_ in (*BEFORE, *VALUES)}
    # Those of chance are checked in tests/simulator/test_uncertain.py.
    assert worked | set(CHANCES) == set(FUNCTIONS)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_members_of_its_populations_and_of_no_other(day, name):
    values = FUNCTIONS[name](day, Query(within=10))
    populations = MEASURES[name].populations
    for member in values:
        assert any(is_member(member, population) for population in populations), member
    assert ("overall" in values) == ("overall" in populations)


def test_the_legs_add_up_to_the_response(day):
    for call in day.calls:
        if call.arrived < inf:
            assert sum(call.legs.values()) == pytest.approx(call.response)


def test_the_dispatch_record_has_every_dispatch(day):
    table = dispatches_table(day)
    columns = [
        "incident",
        "slot",
        "attempt",
        "unit",
        "was",
        "origin",
        "outcome",
        "instead",
    ]
    assert table[columns].to_numpy().tolist() == [
        ["F1", 0, 1, "A1", "standing by", "a", "preempted", "R1"],
        ["R1", 0, 1, "A1", "en route", "", "worked", ""],
        ["F1", 0, 2, "B1", "on patrol", "b", "switched", "A2"],
        ["F1", 0, 3, "A2", "standing by", "a", "worked", ""],
        ["Q1", 0, 1, "D1", "standing by", "a", "gone", ""],
        ["T1", 0, 1, "S1", "standing by", "b", "recalled", ""],
        ["W1", 0, 1, "A1", "standing by", "a", "relieved", "B1"],
        ["W1", 1, 1, "A2", "standing by", "a", "no longer needed", ""],
        ["T1", 0, 2, "A2", "returning", "", "worked", ""],
        ["W1", 0, 2, "B1", "on patrol", "a", "worked", ""],
    ]
    assert table["ended"].tolist() == [20, 52, 25, 43, 95, 118, 248, 175, 196, 270]
    legs = table[["turnout", "travel", "on_scene", "transport"]].to_numpy().tolist()
    assert legs == [
        [2, 5, 0, 0],
        [0, 4, 20, 8],
        [0, 3, 0, 0],
        [2, 6, 10, 0],
        [2, 17, 0, 0],
        [1, 4, 3, 0],
        [2, 6, 88, 0],
        [2, 11, 10, 0],
        [0, 6, 10, 0],
        [0, 8, 22, 0],
    ]
    assert table["travel_km"].tolist() == [2, 1.5, 0.5, 4, 8, 1, 5, 6, 3, 4]
    assert table["transport_km"].tolist() == [0, 3, *[0] * 8]
    assert table.loc[1, ["arrived_clock", "ended_clock"]].tolist() == [
        "07:24:00",
        "07:52:00",
    ]
    assert table.loc[4, "arrived_clock"] == ""


def test_the_tables_say_what_waited_and_how_far_units_drove(day):
    calls = incidents_table(day).set_index("incident")
    assert calls.loc["T1", ["area", "queued", "held", "full"]].tolist() == [
        "north",
        62,
        "together",
        115,
    ]
    assert calls.loc["Q1", ["gone", "level", "sent"]].tolist() == [True, 2, 76]
    assert calls.loc["W1", ["falls", "full"]].tolist() == [1, 165]
    assert units_table(day)["km"].sum() == pytest.approx(64.5)


def test_a_measure_of_nothing_is_missing_not_zero(day):
    bare = Day(day.setting, type(LOG)(records=(), voters={}, end=300.0))
    for name in ("cover.one", "queue.not_at_once", "aid.wait", "unit.inter_area"):
        assert FUNCTIONS[name](bare, Q)["overall"] == pytest.approx(nan, nan_ok=True)
    assert FUNCTIONS["queue.mean"](bare, Q)["overall"] == 0


BREAKS = [
    # W1, reported at 121: the first came after 39 minutes, the second after 44
    ("response.full_p95", "each type", "at most 40 min", "fight", 161),
    ("response.p95", "each type", "at most 38 min", "fight", 159),
    # F1: arises 10, reported 12, ready 13, sent to at 25 after 2 minutes of waiting,
    # turned out at 27, there at 33
    ("response.from_arising_p95", "each area", "at most 22 min", "area north", 32),
    ("response.handling_p95", "each area", "at most 30 s", "area north", 12.5),
    ("response.queue_p95", "each area", "at most 1 min", "area north", 24),
    ("response.turnout_p95", "each area", "at most 1 min", "area north", 26),
    ("response.travel_p95", "each area", "at most 5 min", "area north", 32),
    ("response.lost_p95", "each area", "at most 5 min", "area north", 300),
]


@pytest.mark.parametrize(("measure", "population", "bound", "where", "broken"), BREAKS)
def test_a_target_on_a_part_of_the_response_breaks_when_that_part_is_late(
    measure, population, bound, where, broken
):
    # without Q1, to which nobody ever came
    records = tuple(record for record in LOG.records if record.subject != "Q1")
    day = Day(scenario_of(TEXT).setting, replace(LOG, records=records))
    asked = {"title": "t", "measure": measure, "bound": bound, "days": "90 %"}
    target = Target.model_validate({**asked, "population": population})
    assert not target.bound.holds(population_values(day, target)[where])
    assert break_time(day, target, where) == broken
