# What the text shows, and the loads, of choices that will not do what is wanted.

import pytest

from scenarios.check import check_text
from scenarios.describe import describe
from scenarios.file.reader import load
from simulator.check import check_world
from tests.analysis.shop import EACH, LARGE, SMALL
from tests.worlds import scenario_of

DESKS = "staffing:\n  desks: {kind: servers, station: KV1, stage: check-in, "
ROWS = {
    "one value": (
        "values: [2], cost_per_hour: 4",
        "staffing.desks.values: one value: there is nothing to choose, every plan has "
        "it. Cure: more values, or write it into the plan.",
    ),
    "no cost": (
        "values: [2, 9]",
        "staffing.desks.cost_per_hour: left out or 0: more of them cost nothing, so "
        "that the cheapest plan is no answer to how many. Cure: say what one costs an "
        "hour, in any unit that all costs share.",
    ),
    "not while it votes": (
        "values: [2, 9], cost_per_hour: 4, until: 05:00",
        "staffing.desks: KV1 is open from 07:00 to 19:00: the choice changes "
        "nothing of the vote. Cure: hours of the vote in from and until.",
    ),
    "too few at most": (
        # 570 voters, 16 of 88 of them in the first hour, a minute each.
        "values: [0, 1], cost_per_hour: 4",
        "staffing.desks.values: at most 1 place(s), but in the hour from 07:00 there "
        "is work for 1.73: the line grows under every plan. Cure: values up to 2 or "
        "more.",
    ),
    "enough in its own hours": (
        "values: [0, 1], cost_per_hour: 4, from: 12:00",
        "",
    ),
    "sound": ("values: [2, 9], cost_per_hour: 4", ""),
}


def findings(text):
    scenario = scenario_of(text)
    found = [*check_text(scenario, "base"), *check_world(scenario, "base")]
    return [str(f) for f in found if f.path.startswith("staffing")]


@pytest.mark.parametrize("name", ROWS)
def test_a_choice_that_is_none_is_found(sound, name):
    choice, says = ROWS[name]
    assert findings(f"{sound}\n{DESKS}{choice}}}\n") == ([says] if says else [])


def test_units_that_cost_nothing_and_no_target_are_found(sound):
    more = "staffing: {more: {kind: units, like: P2, values: [1, 2]}}\n"
    free = "units.P2.cost_per_hour: left out or 0: more of them cost nothing"
    scenario = scenario_of(sound + more)
    assert any(str(f).startswith(free) for f in check_text(scenario, "base"))
    begin, end = sound.index("targets:"), sound.index("orders:")
    assert findings(sound[:begin] + sound[end:] + more) == [
        "staffing: there is no target: the cheapest plan that meets all of none is "
        "nobody at all. Cure: say in targets what a plan must reach."
    ]


def test_choices_are_described():
    text = describe(scenario_of(LARGE), "base")
    told = text[text.index("## What muster staff may choose") :]
    assert told.split("\n")[2:13] == [
        "- desks: 1, 2 or 3 open at desk of KV1; 30 an hour for each place.",
        "- early: 2, 3 or 4 open at booth of KV1 until 09:00; 5 an hour for each "
        "place.",
        "- late: 1, 2 or 3 open at booth of KV1 from 09:00; 5 an hour for each place.",
        "- patrols: 0, 1 or 2 units like P1, itself the first.",
        "- reserve: 0, 1 or 2 more units like P1, named R at school, on shift 08:00 "
        "to 10:00.",
        "- guard: 0 or 1 units like G2, itself the first.",
        "- policy: units are sent by policy nearest or nearest-idle.",
        "- send: dispatch.send as_free or together (costs 3).",
        "- held: dispatch.reserve.3 left out or 1.",
        "- pay: units.G1.cost_per_hour 10 or 5.",
        "- In all 7,776 plans; muster staff finds the cheapest that holds.",
    ]


def test_a_value_that_no_plan_can_have_is_found(tmp_path):
    (tmp_path / "day.yaml").write_text(
        SMALL + "  start: {kind: set, path: units.P1.base, values: [base, away]}\n"
    )
    found = [str(f) for f in check_text(load(tmp_path / "day.yaml"), "base")]
    assert [line for line in found if line.startswith("staffing.start")] == [
        "staffing.start.values: no plan can have away: no such place, found 'away'; "
        "allowed: base, school. Cure: a value that a plan file may hold there."
    ]


def test_what_may_be_anywhere_in_a_plan_is_described_by_its_members(tmp_path):
    (tmp_path / "day.yaml").write_text(EACH)
    told = describe(load(tmp_path / "day.yaml"), "base")
    assert "box-guard: duties.g.units G1 or G1, G2 (costs 1)." in told
    assert "post: units.P1.posts none or place school, from 07:00, until 12:00." in told
