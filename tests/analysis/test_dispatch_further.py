# Units that fill several needs at once, in the dispatch record and in measures: worked
# out by hand on the line of the dispatch rules, where a kilometre is a minute.

from math import inf

import pytest

from analysis.day import Day
from analysis.table import dispatches_table
from tests.simulator.test_dispatch_rules import (
    BOTH,
    CRASH,
    SHIFT_LATE,
    at,
    crash,
    effect,
    kind,
    relieved,
    unit,
    world,
)


def day_of(units, script, **more):
    play = world(units, {"crash": crash("30 min", priority=3), **more}, script)
    return Day(play.setting, play.finish())


def test_both_needs_are_attended_as_the_one_unit_arrives():
    units = {"A": unit("k5", skills=BOTH, fills=2)}
    day = day_of(units, CRASH)
    (call,) = day.calls
    assert (call.response, call.full_response, call.units) == (7, 7, ["A"])
    assert call.queued == []
    (row,) = dispatches_table(day).to_dict("records")
    assert (row["slot"], row["skill"], row["also"]) == (0, "order", "1 medical")
    assert (row["arrived"], row["worked"], row["outcome"]) == (67, 97, "worked")


def test_what_was_lost_with_it_is_lost_to_each_need():
    # A is taken at 64; B is sent to the second need at 65, and is there first.
    units = {
        "A": unit("k0", skills=BOTH, fills=2),
        "B": unit("k15", skills=["medical"], shifts=[SHIFT_LATE]),
    }
    script = {"S1": at("07:00", "crash", "k10"), "S2": at("07:04", "attack", "k5")}
    play = world(
        units,
        {"crash": crash(priority=3), "attack": kind(1, on_scene="9 min")},
        script,
        dispatch={"preempt": {3: [1]}},
    )
    day = Day(play.setting, play.finish())
    call = day.calls[0]
    assert call.legs == {
        "handling": 0, "queue": 1, "turnout": 2, "travel": 5, "lost": 4,
    }  # fmt: skip
    assert (call.response, call.full_response) == (
        12,
        21,
    )  # A is back at 76, there at 81
    assert call.queued == [(64, 76)]


@pytest.mark.parametrize(
    ("fills", "also", "queued"), [(2, "1 medical", []), (1, "", 1)]
)
def test_the_record_says_what_a_relief_has_taken_over(fills, also, queued):
    day = day_of(relieved(fills), CRASH)
    first, relief = day.dispatches[:2]
    assert (first.unit, first.slots, first.outcome) == ("A", [0, 1], "relieved")
    assert (relief.unit, relief.also) == ("B", also)
    # Whoever takes one alone leaves the other to itself, until it comes back for it.
    assert day.calls[0].queued == (queued and [(77, 97)])


def test_both_wait_again_when_it_breaks_down_there():
    script = {
        "S1": at("07:00", "crash", "k10"),
        "O": effect("07:10", kind="out_of_service", unit="A"),
    }
    day = day_of({"A": unit("k5", skills=BOTH, fills=2)}, script)
    (call,) = day.calls
    assert call.queued == [(70, inf)]
    assert call.full_response == 7
    assert [d.outcome for d in day.dispatches] == ["out of service"]
