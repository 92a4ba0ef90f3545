# What the roads of a scenario do not let happen: where, what, and the cure.

import pytest

from scenarios.scenario import Scenario
from simulator.check import check_world
from tests.simulator.test_road_hours import FAST, RIVER, river
from tests.worlds import Data, scenario_of

AT = "07:00"
ALL_DAYS = [{"from": "D-9 06:00", "until": "D+9 06:00"}]
END = "a window within the clock"


def findings(data: Data) -> list[str]:
    scenario: Scenario = scenario_of(data)
    return [str(finding) for finding in check_world(scenario, "base")]


def test_roads_on_which_all_goes_well_have_no_finding():
    for_an_hour = {"kind": "close_road", "roads": ["boat"], "for": "1 h"}
    night = [{"from": "05:00", "until": "22:00", "daily": True}]
    assert findings(river({**FAST, "sails": night}, (AT, for_an_hour))) == []


def test_what_is_assumed_of_a_ferry_is_said():
    assert findings(river()) == [
        "roads.ferries: nothing is said of boat: assumed to sail day and night at the "
        "speed of the class ferry, after a mean wait of 10 min. Cure: give its speed, "
        "wait, modes and sails."
    ]


def test_a_mode_that_no_road_lets_pass_is_told_once():
    data = river(FAST)
    data["units"] = {"B1": {**RIVER["units"]["P1"], "mode": "boat"}}
    assert findings(data) == [
        "units.B1.mode: no road lets a boat pass: the unit never leaves its base. "
        "Cure: another mode, or a class of road with a speed for it."
    ]


@pytest.mark.parametrize(
    ("ferry", "roads", "finding"),
    [
        (
            {"modes": ["car", "boat"]},
            {},
            "roads.ferries.boat: carries no boat: its class has no speed for it. Cure: "
            "give its speed.",
        ),
        (
            {**FAST, "sails": [{"from": "D+1 06:00", "until": "D+1 18:00"}]},
            {},
            f"roads.ferries.boat: never sails between 06:00 and 20:00. Cure: {END}.",
        ),
        (
            FAST,
            {"hours": {"east": {"closed": ALL_DAYS}}},
            f"roads.hours.east: never opens between 06:00 and 20:00. Cure: {END}.",
        ),
    ],
)
def test_ferries_and_hours(ferry, roads, finding):
    assert findings(river(ferry, **roads)) == [finding]


@pytest.mark.parametrize(
    ("effect", "finding"),
    [
        (
            {"kind": "close_road", "area": {"at": [0, 900], "radius": "899 m"}},
            "script.I0.effects[0].area: holds no road: it changes nothing. Cure: a "
            "larger area, or other coordinates; they are those of the road file.",
        ),
        (
            {"kind": "slow_road", "classes": ["trunk"], "factor": 0.5},
            "script.I0.effects[0].classes: no road is of this class: it changes "
            "nothing. Cure: another class.",
        ),
        (
            {"kind": "close_road", "area": {"at": [5500, 0], "radius": "9 m"}},
            "script.I0.effects[0]: cuts school off for the rest of the time from P1. "
            "Cure: an end of the closing, a way round, or units on the other side.",
        ),
        (
            {"kind": "close_road", "roads": ["east"], "until": "D+1 06:00"},
            "script.I0.effects[0]: cuts school off for the rest of the time from P1. "
            "Cure: an end of the closing, a way round, or units on the other side.",
        ),
    ],
)
def test_effects_on_roads(effect, finding):
    brawl = {"kind": "incident", "type": "brawl", "place": "school"}
    assert findings(river(FAST, (AT, effect), ("08:00", brawl))) == [finding]


def test_a_closing_that_another_inject_ends_cuts_nobody_off():
    brawl = {"kind": "incident", "type": "brawl", "place": "school"}
    shut = {"kind": "close_road", "roads": ["east"]}
    clear = {"kind": "open_road", "classes": ["lane"]}
    assert findings(river(FAST, (AT, shut), (AT, clear), (AT, brawl))) == []


def test_of_many_units_that_are_cut_off_some_are_named():
    data = river(FAST, (AT, {"kind": "close_road", "roads": ["east"]}))
    data["units"] = {f"P{i}": RIVER["units"]["P1"] for i in range(6)}
    rates = [{"places": ["school"], "per_hour": 0.1}]
    data["incidents"] = {"brawl": {**RIVER["incidents"]["brawl"], "rates": rates}}
    assert "from P0, P1, P2, P3 and 2 more. Cure" in findings(data)[0]
