# Recorded incidents at play, in a town whose speeds are 60 km/h: 1000 m take a minute.

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.day import Day
from analysis.figure.scene import scene_of
from analysis.table import incidents_table
from exercise.journal import Session, read_journal, replay
from scenarios.call import Call, Recorded
from scenarios.file.reader import load
from scenarios.incident import IncidentType
from scenarios.order import Send
from scenarios.problem import ScenarioError
from scenarios.scenario import Scenario
from simulator.call import draws_of, draws_of_calls
from simulator.check import check_world
from simulator.log import Kind
from simulator.road import map_of
from simulator.stream import Chance
from simulator.world import World
from tests.town import PATROL

TOWN = PATROL
TOWN += """\
incidents:
  brawl:
    priority: 3
    report_delay: {law: exponential, mean: 4 min}
    call_handling: {law: exponential, mean: 2 min}
    levels: [{needs: {order: 1}, on_scene: {law: exponential, mean: 20 min}}]
    rates: [{places: [square], per_hour: 2}]
  alarm:
    levels: [{needs: {order: 1}, on_scene: 1 min}]
    rates: [{places: [school], per_hour: 2}]
"""
ALL = "time,id,place,x,y,type,priority,report_delay,call_handling,turnout,on_scene\n"
STATED = (
    ALL
    + "07:00,A,school,,,brawl,2,5,0.5,3,12\n"
    + "07:10,B,,2500,300,brawl,2,0,0,1,7\n"
    + "07:20,C,square,,,brawl,1,1,0,1,8\n"
)


@pytest.fixture
def town(tmp_path: Path):
    def _load(text: str, calls: str = "", more: tuple[str, str] = ("", "")) -> Scenario:
        (tmp_path / "calls.csv").write_text(text)
        line = "calls: {file: calls.csv" + (f", {calls}" if calls else "") + "}\n"
        scenario = TOWN.replace(*more) if more[0] else TOWN
        (tmp_path / "town.yaml").write_text(scenario + line)
        return load(tmp_path / "town.yaml")

    return _load


def without_rates(scenario: Scenario, seed: int = 1) -> list[str]:
    log = World(scenario, seed=seed).finish()
    return [str(r) for r in log.records if "alarm@" not in r.subject]


NO_ALARMS = ("rates: [{places: [school], per_hour: 2}]", "rates: []")


def test_a_recorded_list_is_replayed_as_its_rows_say(town):
    log = World(town(STATED, more=NO_ALARMS)).finish()
    told = [str(record) for record in log.records if record.subject.startswith("calls")]
    assert told == [
        # The call comes at its minute; it arose 5 minutes before.
        "55.00 arises calls#A @school type=brawl priority=2",
        "60.00 reported calls#A @school type=brawl priority=2",
        "60.50 ready calls#A @school",
        # The dispatcher expects the unit's turnout of 2 minutes; it takes the 3 stated.
        "60.50 assigned calls#A @school unit=P1 slot=0 skill=order attempt=1 "
        "estimate=12 was=standing by why=nearest",
        "63.50 moving calls#A @school unit=P1 slot=0 attempt=1",
        "70.00 arises calls#B @2500,300 type=brawl priority=2",
        "70.00 reported calls#B @2500,300 type=brawl priority=2",
        "70.00 ready calls#B @2500,300",
        "73.50 arrived calls#A @school unit=P1 slot=0 attempt=1",
        "79.00 arises calls#C @square type=brawl priority=1",
        "80.00 reported calls#C @square type=brawl priority=1",
        "80.00 ready calls#C @square",
        "85.50 work done calls#A @school unit=P1 slot=0",
        "85.50 cleared calls#A @school type=brawl",
        # C came later than B, but its priority is higher. Nobody turns out twice.
        "85.50 assigned calls#C @square unit=P1 slot=0 skill=order attempt=1 "
        "estimate=5 was=returning why=nearest",
        "85.50 moving calls#C @square unit=P1 slot=0 attempt=1",
        "90.50 arrived calls#C @square unit=P1 slot=0 attempt=1",
        "98.50 work done calls#C @square unit=P1 slot=0",
        "98.50 cleared calls#C @square type=brawl",
        # B lies 300 m off the road, half-way between base and square.
        "98.50 assigned calls#B @2500,300 unit=P1 slot=0 skill=order attempt=1 "
        "estimate=2.5 was=returning why=nearest",
        "98.50 moving calls#B @2500,300 unit=P1 slot=0 attempt=1",
        "101.00 arrived calls#B @2500,300 unit=P1 slot=0 attempt=1",
        "108.00 work done calls#B @2500,300 unit=P1 slot=0",
        "108.00 cleared calls#B @2500,300 type=brawl",
    ]


def test_somebody_is_taken_where_the_row_says(town):
    text = (
        "time,place,type,turnout,on_scene,destination,hand_over\n"
        "07:00,square,alarm,0,10,school,4\n"
    )
    no_brawls = ("rates: [{places: [square], per_hour: 2}]", "rates: []")
    log = World(town(text, more=no_brawls)).finish()
    told = [str(r) for r in log.records if r.kind in ("cleared", "handed over")]
    # 5 minutes there, 10 on scene, 5 on to the school, 4 to hand over.
    assert [line for line in told if "calls#1" in line] == [
        "75.00 cleared calls#1 @square type=alarm",
        "84.00 handed over calls#1 @square unit=P1 slot=0 to=school",
    ]


def test_a_row_that_says_no_takes_nobody_and_a_yes_goes_to_the_nearest(town):
    kind = (
        "  alarm:\n",
        "  alarm:\n    transport: {to: [base, school], share: 50 %}\n",
    )
    text = "time,place,type,transport\n" + "".join(
        f"0{6 + i // 2}:{30 * (i % 2):02d},school,alarm,{said}\n"
        for i, said in enumerate(["yes", "no", "yes", "no", "yes"])
    )
    log = World(town(text, more=kind)).finish()
    assert [(r.subject, r.details["to"]) for r in log.of(Kind.HANDED_OVER)] == [
        ("calls#1", "school"),
        ("calls#3", "school"),
        ("calls#5", "school"),
    ]


def test_the_home_area_of_a_call_is_that_of_its_row(town, tmp_path):
    scenario = town("time,x,y,type,area\n07:00,100,0,alarm,north\n")
    text = (tmp_path / "town.yaml").read_text()
    unit = """
  P2:
    agency: police
    skills: [order]
    base: school
    areas: [north]
    shifts: [{from: "06:00", until: "10:00"}]
incidents:
"""
    text = text.replace("school: {node: east}", "school: {node: east, area: north}")
    text = text.replace("\nincidents:\n", unit) + "dispatch: {policy: home-area}\n"
    sent = []
    for said in ("", ",north"):
        (tmp_path / "calls.csv").write_text(
            f"time,x,y,type,area\n07:00,100,0,alarm{said}\n"
        )
        (tmp_path / "town.yaml").write_text(text)
        log = World(load(tmp_path / "town.yaml")).finish()
        sent.append(
            [r.details["unit"] for r in log.of(Kind.ASSIGNED) if r.subject == "calls#1"]
        )
    assert scenario.recorded.calls[0].area == "north"
    assert sent == [[], ["P2"]]


def test_the_table_of_incidents_can_be_compared_line_by_line(town):
    scenario = town(STATED, more=NO_ALARMS)
    day = Day(scenario.setting, World(scenario).finish())
    table = incidents_table(day).set_index("incident")
    columns = ["units", "reported", "assigned", "moving", "arrived", "cleared"]
    assert table[columns].to_dict("split")["data"] == [
        ["P1", 60.0, 60.5, 63.5, 73.5, 85.5],
        ["P1", 70.0, 98.5, 98.5, 101.0, 108.0],
        ["P1", 80.0, 85.5, 85.5, 90.5, 98.5],
    ]
    assert list(table.index) == ["calls#A", "calls#B", "calls#C"]


def test_where_rows_state_everything_no_chance_is_left(town):
    scenario = town(STATED, more=NO_ALARMS)
    logs = {tuple(without_rates(scenario, seed)) for seed in range(1, 6)}
    assert len(logs) == 1


@pytest.mark.parametrize("column", ["report_delay", "call_handling", "on_scene"])
def test_what_is_not_stated_is_left_to_chance(column, town):
    lines = [line.split(",") for line in STATED.splitlines()]
    index = lines[0].index(column)
    for line in lines[1:]:
        line[index] = ""
    scenario = town("\n".join(map(",".join, lines)) + "\n", more=NO_ALARMS)
    logs = {tuple(without_rates(scenario, seed)) for seed in range(1, 6)}
    assert len(logs) == 5
    # ... but the calls come when they came.
    reports = [
        [r.time for r in World(scenario, seed=seed).finish().of(Kind.REPORTED)]
        for seed in range(1, 6)
    ]
    assert reports == [[60.0, 70.0, 80.0]] * 5


def test_a_turnout_that_is_not_stated_is_that_of_the_unit(town):
    scenario = town(STATED.replace("0.5,3,12", "0.5,,12"), more=NO_ALARMS)
    assert World(scenario).finish().of(Kind.MOVING)[0].time == 62.5


def test_what_is_drawn_for_a_call_belongs_to_the_call(town):
    rows = "".join(f"07:{i:02d},school,brawl\n" for i in range(10, 50))
    whole = town("time,place,type\n" + rows)
    draws = draws_of(whole, whole.setting, Chance(1, 0))
    some = town("time,place,type\n" + rows + "08:00,base,brawl\n")
    again = draws_of(some, some.setting, Chance(1, 0))
    work = {d.name: float(d.on_scene[0]) for d in again}
    assert all(work[d.name] == float(d.on_scene[0]) for d in draws)
    assert len(set(work.values())) == len(work)


def test_on_scene_minutes_of_each_unit_and_one_for_all(town):
    needs = ("needs: {order: 1}, on_scene: {law", "needs: {order: 3}, on_scene: {law")
    text = "time,place,type,a,b\n07:00,base,brawl,5,6\n"
    columns = "columns: {time: time, place: place, type: type, on_scene: "
    several = town(text, columns + "[a, b]}", needs)
    one = town(text, columns + "b}", needs)
    for scenario, first in ((several, [5.0, 6.0]), (one, [6.0, 6.0, 6.0])):
        draw = next(
            d
            for d in draws_of(scenario, scenario.setting, Chance(1, 0))
            if d.name == "calls#1"
        )
        law = scenario.setting.incidents["brawl"].levels[0].on_scene
        times = [draw.work(slot, law) for slot in range(3)]
        assert times[: len(first)] == first
        assert times[2] not in (5.0,)
        assert (times[2] == 6.0) is (scenario is one)


def test_types_that_come_from_calls_are_not_played_at_their_rates_unless_told(town):
    def types(scenario: Scenario) -> set[tuple[str, bool]]:
        draws = draws_of(scenario, scenario.setting, Chance(1, 0))
        return {(d.type, d.name.startswith("calls")) for d in draws}

    row = "time,place,type\n07:00,base,brawl\n"
    assert types(town(row)) == {("alarm", False), ("brawl", True)}
    told = town(row, "with_rates: true")
    assert types(told) == {("alarm", False), ("brawl", False), ("brawl", True)}
    # A type that the file could have given is replayed, too, when it gave none.
    named = town(row, "types: {brawl: brawl, 'A*': alarm}")
    assert types(named) == {("brawl", True)}


def test_the_other_incidents_are_those_of_a_day_without_calls(town, tmp_path):
    with_calls = town("time,place,type\n07:00,base,brawl\n", "with_rates: true")
    (tmp_path / "town.yaml").write_text(TOWN)
    bare = load(tmp_path / "town.yaml")
    chance = Chance(3, 0)
    outside = [
        (d.name, d.arises, d.report_delay)
        for d in draws_of(with_calls, with_calls.setting, chance)
        if not d.name.startswith("calls")
    ]
    own = draws_of(bare, bare.setting, chance)
    assert outside == [(d.name, d.arises, d.report_delay) for d in own]
    assert len(own) > 5


def test_no_call_arises_before_the_start(town):
    scenario = town("time,place,type,report_delay\n06:03,base,alarm,5\n")
    draw = next(
        d
        for d in draws_of(scenario, scenario.setting, Chance(1, 0))
        if d.name == "calls#1"
    )
    assert (draw.arises, draw.report_delay) == (0.0, 3.0)


@given(
    st.floats(0, 288_000, allow_nan=False, allow_subnormal=False),
    st.floats(0, 10_000, allow_nan=False, allow_subnormal=False),
)
def test_the_report_comes_at_its_very_minute_whatever_the_delay(reported, delay):
    call = Call(
        name="c",
        line=1,
        type="t",
        place="p",
        at=None,
        reported=reported,
        report_delay=delay,
    )
    kind = IncidentType.model_validate(
        {"levels": [{"needs": {"s": 1}, "on_scene": "1 min"}]}
    )
    setting = SimpleNamespace(incidents={"t": kind})
    scenario = SimpleNamespace(recorded=Recorded(calls=(call,)))
    (draw,) = draws_of_calls(scenario, setting, Chance(1, 0))
    assert draw.arises + draw.report_delay == reported
    assert draw.arises == max(reported - delay, 0.0)


def test_calls_lie_on_the_road_next_to_them_and_have_no_name_on_the_map(town):
    scenario = town(STATED)
    roads = map_of(scenario)
    node = roads.places["2500,300"]
    assert roads.position[node] == pytest.approx((2500.0, 0.0))
    assert roads.off_road["2500,300"] == pytest.approx(300.0)
    scene = scene_of(scenario, Day(scenario.setting, World(scenario).finish()))
    assert {*scene.bases, *scene.others, *scene.away} <= set(scenario.setting.places)
    at = {call.place: point for call, point in scene.incidents}
    assert at["2500,300"] == pytest.approx((2500.0, 0.0))


def test_calls_that_nobody_can_reach_or_that_lie_far_from_the_road_are_found(town):
    scenario = town(
        "time,x,y,type\n07:00,2500,800,brawl\n07:00,7000,0,brawl\n",
        more=("car: 60 km/h, motorcycle: 60 km/h", "car: 60 km/h"),
    )
    found = [str(f) for f in check_world(scenario, "base") if "recorded" in f.text]
    assert found == [
        "units.P1: cannot reach, or come back from, 2 place(s) of recorded incidents "
        "by motorcycle, such as 2500,800. Cure: leave these calls out, or open a road "
        "to this mode."
    ]
    far = [str(f) for f in check_world(scenario, "base") if f.path == "calls"]
    assert far == [
        "calls: 1 place(s) lie over 500 m from the nearest road, at most 800 m "
        "(2500,800); the way there is left out of all travel times. Cure: check the "
        "coordinates, or add the roads."
    ]


def test_an_exercise_with_calls_is_replayed_from_its_journal(town, tmp_path):
    town(STATED)
    given_file = tmp_path / "other.csv"
    given_file.write_text(STATED.replace("07:00", "07:30"))
    where = str(tmp_path / "town.yaml")
    session = Session(load(where, calls=given_file), where, tmp_path / "journal.jsonl")
    session.advance(91.0)
    assert session.give(Send(unit="P1", incident="calls#A")) is not None
    log = session.world.finish()
    journal = read_journal(tmp_path / "journal.jsonl")
    assert journal.calls == str(given_file)
    again, _ = replay(journal)
    assert again.lines() == log.lines()
    assert any("90.00 reported calls#A" in line for line in log.lines())
    given_file.write_text(STATED)
    with pytest.raises(ScenarioError, match=r"other\.csv: differs from the file that"):
        replay(journal)
