# Ferries and hours of roads, worked out by hand: 60 km/h, so that 1000 m take a minute.

import pytest

from scenarios.clock import Clock
from scenarios.road.hours import Ferry, Hours
from simulator.log import Kind
from simulator.road import Position, RoadState, map_of
from simulator.world import World
from tests.worlds import Data, scenario_of

# base -- landing ~~ferry~~ quay -- school; the long road round by hill.
RIVER: Data = {
    "title": "A river",
    "clock": {"day": "2021-05-23", "start": "06:00", "end": "20:00"},
    "roads": {
        "network": {
            "nodes": {
                "base": [0, 0],
                "landing": [5000, 0],
                "quay": [6000, 0],
                "school": [8000, 0],
                "hill": [4000, 90000],
            },
            "edges": [
                {"id": "west", "from": "base", "to": "landing", "road": "lane"},
                {"id": "boat", "from": "landing", "to": "quay", "road": "ferry"},
                {"id": "east", "from": "quay", "to": "school", "road": "lane"},
            ],
        },
        "classes": {"lane": {"car": "60 km/h", "foot": "6 km/h"}},
    },
    "places": {"base": {"node": "base"}, "school": {"node": "school"}},
    "agencies": {"police": {}},
    "units": {
        "P1": {
            "agency": "police",
            "skills": ["order"],
            "base": "base",
            "mode": "car",
            "turnout": "0 min",
            "shifts": [{"from": "06:00", "until": "20:00"}],
        }
    },
    "incidents": {"brawl": {"levels": [{"needs": {"order": 1}, "on_scene": "5 min"}]}},
}
FAST = {"speed": "12 km/h", "wait": "5 min"}


def river(ferry: Data | None = None, *injects: tuple[str, Data], **roads: Data) -> Data:
    ferries = {} if ferry is None else {"boat": ferry}
    brawl = {"kind": "incident", "type": "brawl", "place": "school"}
    script = {
        f"I{i}": {"title": "Inject", "at": at, "effects": [effect]}
        for i, (at, effect) in enumerate([*injects] or [("07:00", brawl)])
    }
    return {
        **RIVER,
        "roads": {**RIVER["roads"], "ferries": ferries, **roads},
        "script": script,
    }


def told(data: Data) -> list[str]:
    log = World(scenario_of(data)).finish()
    kinds = (Kind.DROVE, Kind.ARRIVED, Kind.UNREACHABLE, Kind.ROAD_HOURS)
    return [str(r).replace(" unit=P1 slot=0", "") for r in log.of(*kinds)]


def crossing(ferry: Data | None, mode: str) -> float:
    roads = map_of(scenario_of(river(ferry)))
    ends = Position(roads.index["landing"]), roads.index["quay"]
    return RoadState(roads).minutes(*ends, mode)


def test_a_ferry_takes_its_wait_and_its_crossing():
    assert crossing(FAST, "car") == 5 + 5
    assert crossing(FAST, "foot") == 5 + 5
    # Nothing said: 10 km/h, 10 minutes.
    assert crossing(None, "car") == pytest.approx(6 + 10)
    assert crossing({"wait": "0 min"}, "car") == pytest.approx(6)
    assert crossing(None, "boat") == float("inf")


def test_a_ferry_carries_what_it_is_said_to_carry():
    foot = {**FAST, "modes": ["foot", "boat"]}
    assert crossing(foot, "foot") == crossing(foot, "boat") == 10
    assert crossing(foot, "car") == float("inf")


def test_an_incident_over_the_river_is_reached_by_ferry_with_its_wait():
    assert told(river(FAST))[:2] == [
        "77.00 drove P1 @school km=8 minutes=17",
        "77.00 arrived I0 @school attempt=1",
    ]


def test_who_misses_the_last_sailing_by_a_minute_waits_for_the_next():
    sails = [{"from": "06:00", "until": "07:04"}, {"from": "08:00", "until": "19:00"}]
    found = told(river({**FAST, "sails": sails}))
    # It would be at the landing at 07:05. At 07:04 it stops, 4 km from its base, and
    # goes on at 08:00, when the network changes; nobody knows of the next sailing.
    assert found[:6] == [
        "64.00 road hours roads closed=boat open=",
        "64.00 drove P1 km=4 minutes=4",
        "64.00 unreachable P1 to=school",
        "120.00 road hours roads closed= open=boat",
        "133.00 drove P1 @school km=4 minutes=13",
        "133.00 arrived I0 @school attempt=1",
    ]


def test_who_is_on_the_ferry_when_the_hour_ends_crosses():
    sails = [{"from": "06:00", "until": "07:06"}]
    assert told(river({**FAST, "sails": sails}))[:4] == [
        "66.00 road hours roads closed=boat open=",
        "66.00 drove P1 km=5.1 minutes=6",
        "77.00 drove P1 @school km=2.9 minutes=11",
        "77.00 arrived I0 @school attempt=1",
    ]


def test_a_ferry_that_is_shut_at_the_start_keeps_the_incident_waiting():
    sails = [{"from": "07:30", "until": "19:00"}]
    assert told(river({**FAST, "sails": sails}))[:5] == [
        "0.00 road hours roads closed=boat open=",
        "60.00 unreachable I0 @school skill=order",
        "90.00 road hours roads closed= open=boat",
        "107.00 drove P1 @school km=8 minutes=17",
        "107.00 arrived I0 @school attempt=1",
    ]


def test_hours_come_before_all_else_of_their_minute():
    # It opens at 07:00, when the incident arises: nothing is unreachable.
    hours = {"east": {"closed": [{"from": "06:00", "until": "07:00"}]}}
    assert told(river(FAST, hours=hours))[:3] == [
        "0.00 road hours roads closed=east open=",
        "60.00 road hours roads closed= open=east",
        "77.00 drove P1 @school km=8 minutes=17",
    ]


def test_an_inject_reopens_no_road_that_its_hours_close():
    shut = ("06:30", {"kind": "close_road", "roads": ["west"]})
    clear = ("06:50", {"kind": "open_road", "roads": ["west", "east"]})
    brawl = ("07:00", {"kind": "incident", "type": "brawl", "place": "school"})
    hours = {"east": {"closed": [{"from": "06:10", "until": "07:30"}]}}
    assert told(river(FAST, shut, clear, brawl, hours=hours))[:4] == [
        "10.00 road hours roads closed=east open=",
        "60.00 unreachable I2 @school skill=order",
        "90.00 road hours roads closed= open=east",
        "107.00 drove P1 @school km=8 minutes=17",
    ]


def test_a_base_that_is_cut_off_is_gone_home_to_when_the_road_opens():
    # P1 crosses; the west closes behind it until 09:00. It waits where it was, then
    # goes home.
    flood = ("07:16", {"kind": "close_road", "roads": ["west"], "until": "09:00"})
    brawl = ("07:00", {"kind": "incident", "type": "brawl", "place": "school"})
    assert told(river(FAST, brawl, flood))[:6] == [
        "76.00 drove P1 km=7 minutes=16",
        "77.00 drove P1 @school km=1 minutes=1",
        "77.00 arrived I0 @school attempt=1",
        "82.00 unreachable P1 @school to=base",
        "197.00 drove P1 @base km=8 minutes=17",
    ]


def test_a_closing_ahead_that_leaves_no_way_stops_the_unit_until_it_is_cleared():
    # The ferry stops when P1 is 3 km out: it stays there until it is cleared to sail.
    flood = ("07:03", {"kind": "close_road", "roads": ["boat"], "until": "12:00"})
    brawl = ("07:00", {"kind": "incident", "type": "brawl", "place": "school"})
    clear = ("07:20", {"kind": "open_road", "classes": ["ferry"]})
    assert told(river(FAST, brawl, flood, clear))[:4] == [
        "63.00 drove P1 km=3 minutes=3",
        "63.00 unreachable P1 to=school",
        "94.00 drove P1 @school km=5 minutes=14",
        "94.00 arrived I0 @school attempt=1",
    ]


def test_a_closing_that_was_cleared_ends_later_without_a_trace():
    flood = ("06:10", {"kind": "close_road", "roads": ["west"], "until": "06:50"})
    clear = ("06:20", {"kind": "open_road", "roads": ["west"]})
    again = ("06:30", {"kind": "close_road", "roads": ["west"], "until": "07:10"})
    brawl = ("07:00", {"kind": "incident", "type": "brawl", "place": "school"})
    assert told(river(FAST, flood, clear, again, brawl))[:3] == [
        "60.00 unreachable I3 @school skill=order",
        "87.00 drove P1 @school km=8 minutes=17",
        "87.00 arrived I3 @school attempt=1",
    ]


def test_an_incident_on_a_node_that_nobody_can_reach_stays_and_is_named():
    data = river(FAST)
    data["places"] = {**data["places"], "school": {"node": "hill"}}
    log = World(scenario_of(data)).finish()
    assert [str(r) for r in log.of(Kind.UNREACHABLE)] == [
        "60.00 unreachable I0 @school skill=order"
    ]
    unfinished = [str(r) for r in log.of(Kind.UNFINISHED)]
    assert unfinished == ["840.00 unfinished I0 @school state=nobody came"]


# ---- windows ---------------------------------------------------------------------

CLOCK = Clock(day="2021-05-23", start="D-1 12:00", end="D+1 12:00")
END = CLOCK.minutes  # 48 h; midnight of D is at 720


def hours(**data: object) -> Hours:
    return Hours.model_validate(data, context={"clock": CLOCK})


def test_daily_windows_repeat_and_go_over_midnight():
    night = [{"from": "22:00", "until": "05:00", "daily": True}]
    assert hours(closed=night).shut(END) == [(600, 1020), (2040, 2460)]
    day = [{"from": "05:00", "until": "22:00", "daily": True}]
    assert hours(open=day).shut(END) == [(600, 1020), (2040, 2460)]


def test_windows_reach_into_the_clock_and_out_of_it():
    morning = [{"from": "06:00", "until": "14:00", "daily": True}]
    assert hours(closed=morning).shut(END) == [(0, 120), (1080, 1560), (2520, 2880)]
    assert hours(open=morning).shut(END) == [(120, 1080), (1560, 2520)]


def test_windows_that_touch_or_overlap_are_one():
    found = hours(
        open=[
            {"from": "08:00", "until": "10:00"},
            {"from": "10:00", "until": "11:00"},
            {"from": "07:00", "until": "09:00"},
        ]
    )
    assert found.shut(END) == [(0, 1140), (1380, END)]


def test_a_season_may_hold_the_whole_clock_or_none_of_it():
    dry = [{"from": "2021-01-01 00:00", "until": "2021-08-01 00:00"}]
    wet = [{"from": "2021-08-01 00:00", "until": "2021-11-01 00:00"}]
    assert hours(open=dry).shut(END) == []
    assert hours(closed=dry).shut(END) == hours(open=wet).shut(END) == [(0, END)]
    assert hours(closed=wet).shut(END) == []


def test_a_ferry_without_hours_sails_day_and_night():
    assert Ferry().shut(END) == []
