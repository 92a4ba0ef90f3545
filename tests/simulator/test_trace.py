# Whole logs of tiny worlds without any chance, line by line. Read from top to bottom,
# they tell how the model works. Every speed is 60 km/h, so that 1000 m take a minute.

from pathlib import Path

from scenarios.effect import Suspend
from scenarios.file.reader import load
from scenarios.order import MoveOfficers, Send
from scenarios.station import Station as StationSpec
from simulator.log import Kind, Outcome
from simulator.station import Station
from simulator.station.flow import make_flows
from simulator.tie import Timeline
from simulator.voter import Voters
from simulator.world import World
from tests.simulator.people import people as people_of
from tests.town import PATROL

TOWN = PATROL
TOWN += """\
incidents:
  brawl:
    report_delay: 1 min
    call_handling: 1 min
    levels: [{needs: {order: 1}, on_scene: 10 min}]
"""

STATION = """
stations:
  KV1:
    place: school
    registered: 10
    turnout: 0 %
    arrivals: {hourly: [1]}
    opens: "07:00"
    closes: "09:00"
    officers: 2
    stages:
      check-in: {servers: 2, service: 1 min, voting: true}
"""


def play(tmp_path: Path, text: str) -> World:
    (tmp_path / "world.yaml").write_text(text)
    return World(load(tmp_path / "world.yaml"))


def trace(tmp_path: Path, text: str) -> list[str]:
    return play(tmp_path, text).finish().lines()


def test_a_unit_is_told_of_an_incident_turns_out_drives_works_and_returns(tmp_path):
    script = """
script:
  S1:
    title: Brawl
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
"""
    assert trace(tmp_path, TOWN + script) == [
        "0.00 status P1 @west status=standing by job=",
        "60.00 inject S1 title=Brawl",
        "60.00 effect S1 effect=incident type=brawl place=school",
        "60.00 arises S1 @school type=brawl priority=2",
        "61.00 reported S1 @school type=brawl priority=2",
        "62.00 ready S1 @school",
        # 2 minutes of turnout and 10 of travel are expected.
        "62.00 assigned S1 @school unit=P1 slot=0 skill=order attempt=1 estimate=12 "
        "was=standing by why=nearest",
        "62.00 status P1 @west status=turning out job=S1",
        "64.00 moving S1 @school unit=P1 slot=0 attempt=1",
        "64.00 status P1 @west status=en route job=S1",
        "74.00 drove P1 @east km=10 minutes=10",
        "74.00 status P1 @east status=on scene job=S1",
        "74.00 arrived S1 @school unit=P1 slot=0 attempt=1",
        "84.00 work done S1 @school unit=P1 slot=0",
        "84.00 cleared S1 @school type=brawl",
        "84.00 status P1 @east status=returning job=",
        "94.00 drove P1 @west km=10 minutes=10",
        "94.00 status P1 @west status=standing by job=",
        "240.00 end A road of 10 km",
    ]


def test_the_second_incident_waits_and_is_served_from_where_the_unit_clears(tmp_path):
    script = """
script:
  S1:
    title: First
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
  S2:
    title: Second
    at: "07:05"
    effects: [{kind: incident, type: brawl, place: square}]
"""
    log = play(tmp_path, TOWN + script).finish()
    assert [str(r) for r in log.records if r.subject == "S2"] == [
        "65.00 inject S2 title=Second",
        "65.00 effect S2 effect=incident type=brawl place=square",
        "65.00 arises S2 @square type=brawl priority=2",
        "66.00 reported S2 @square type=brawl priority=2",
        "67.00 ready S2 @square",
        # P1 clears S1 at 84; it is on the road already, so there is no turnout.
        "84.00 assigned S2 @square unit=P1 slot=0 skill=order attempt=1 estimate=5 "
        "was=returning why=nearest",
        "84.00 moving S2 @square unit=P1 slot=0 attempt=1",
        "89.00 arrived S2 @square unit=P1 slot=0 attempt=1",
        "99.00 work done S2 @square unit=P1 slot=0",
        "99.00 cleared S2 @square type=brawl",
    ]


def test_a_unit_on_its_way_back_is_sent_from_where_it_is(tmp_path):
    script = """
script:
  S1:
    title: First
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
  S2:
    title: Second
    at: "07:24"
    effects: [{kind: incident, type: brawl, place: school}]
"""
    # At 86 P1 has driven 2 km back; it turns round on the road.
    log = play(tmp_path, TOWN + script).finish()
    lines = [str(r) for r in log.records if 84 < r.time < 100]
    assert lines == [
        "85.00 reported S2 @school type=brawl priority=2",
        "86.00 ready S2 @school",
        "86.00 assigned S2 @school unit=P1 slot=0 skill=order attempt=1 estimate=2 "
        "was=returning why=nearest",
        "86.00 drove P1 km=2 minutes=2",
        "86.00 status P1 status=turning out job=S2",
        "86.00 moving S2 @school unit=P1 slot=0 attempt=1",
        "86.00 status P1 status=en route job=S2",
        "88.00 drove P1 @east km=2 minutes=2",
        "88.00 status P1 @east status=on scene job=S2",
        "88.00 arrived S2 @school unit=P1 slot=0 attempt=1",
        "98.00 work done S2 @school unit=P1 slot=0",
        "98.00 cleared S2 @school type=brawl",
        "98.00 status P1 @east status=returning job=",
    ]


def test_under_nearest_idle_a_returning_unit_answers_only_once_home(tmp_path):
    script = """
dispatch: {policy: nearest-idle}
script:
  S1:
    title: First
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
  S2:
    title: Second
    at: "07:24"
    effects: [{kind: incident, type: brawl, place: school}]
"""
    log = play(tmp_path, TOWN + script).finish()
    assigned = [r for r in log.of(Kind.ASSIGNED) if r.subject == "S2"]
    assert [(r.time, r.details["was"]) for r in assigned] == [(94.0, "standing by")]


def test_a_closed_road_stops_a_unit_under_way_until_it_opens(tmp_path):
    script = """
script:
  S1:
    title: Brawl
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
  S2:
    title: Flood
    at: "07:06"
    effects: [{kind: close_road, roads: [second], for: 30 min}]
"""
    # At 66 P1 is 2 km on its way, on the first road; the second is closed, and there
    # is no other way.
    log = play(tmp_path, TOWN + script).finish()
    lines = [str(r) for r in log.records if 64 < r.time < 110 and r.subject != "KV1"]
    assert lines == [
        "66.00 inject S2 title=Flood",
        "66.00 effect S2/1 effect=close_road roads=second",
        "66.00 drove P1 km=2 minutes=2",
        "66.00 unreachable P1 to=east",
        "96.00 effect ends S2/1 effect=close_road roads=second",
        "104.00 drove P1 @east km=8 minutes=8",
        "104.00 status P1 @east status=on scene job=S1",
        "104.00 arrived S1 @school unit=P1 slot=0 attempt=1",
    ]


def test_a_unit_lost_on_the_way_leaves_an_open_need_with_its_age(tmp_path):
    script = """
script:
  S1:
    title: Brawl
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
  S2:
    title: A flat tyre
    at: "07:10"
    effects: [{kind: out_of_service, unit: P1, for: 20 min}]
"""
    log = play(tmp_path, TOWN + script).finish()
    lines = [str(r) for r in log.records if 64 < r.time < 100]
    assert lines == [
        "70.00 inject S2 title=A flat tyre",
        "70.00 effect S2/1 effect=out_of_service unit=P1",
        "70.00 drove P1 km=6 minutes=6",
        "70.00 status P1 status=out of service job=S1",
        "70.00 dispatch cancelled S1 @school unit=P1 slot=0 attempt=1 "
        "why=out of service",
        "70.00 status P1 status=out of service job=",
        "90.00 effect ends S2/1 effect=out_of_service unit=P1",
        "90.00 status P1 status=returning job=",
        "90.00 assigned S1 @school unit=P1 slot=0 skill=order attempt=2 estimate=4 "
        "was=returning why=nearest",
        "90.00 status P1 status=turning out job=S1",
        "90.00 moving S1 @school unit=P1 slot=0 attempt=2",
        "90.00 status P1 status=en route job=S1",
        "94.00 drove P1 @east km=4 minutes=4",
        "94.00 status P1 @east status=on scene job=S1",
        "94.00 arrived S1 @school unit=P1 slot=0 attempt=2",
    ]


def test_an_incident_grows_while_nobody_has_come_reported_or_not(tmp_path):
    text = TOWN.replace(
        "levels: [{needs: {order: 1}, on_scene: 10 min}]",
        """levels:
      - {needs: {order: 1}, on_scene: 10 min}
      - {after: 5 min, needs: {order: 2}, on_scene: 20 min}""",
    )
    script = """
script:
  S1:
    title: Brawl
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
"""
    log = play(tmp_path, text + script).finish()
    assert [str(r) for r in log.records if r.subject == "S1"][3:] == [
        "61.00 reported S1 @school type=brawl priority=2",
        "62.00 ready S1 @school",
        "62.00 assigned S1 @school unit=P1 slot=0 skill=order attempt=1 estimate=12 "
        "was=standing by why=nearest",
        "64.00 moving S1 @school unit=P1 slot=0 attempt=1",
        "65.00 escalated S1 @school level=2 type=brawl",
        "65.00 hot spot S1 @school type=brawl",
        "74.00 arrived S1 @school unit=P1 slot=0 attempt=1",
        "94.00 work done S1 @school unit=P1 slot=0",
        # The only unit takes the second need as well, where it stands.
        "94.00 assigned S1 @school unit=P1 slot=1 skill=order attempt=1 estimate=0 "
        "was=returning why=nearest",
        "94.00 moving S1 @school unit=P1 slot=1 attempt=1",
        "94.00 arrived S1 @school unit=P1 slot=1 attempt=1",
        "114.00 work done S1 @school unit=P1 slot=1",
        "114.00 cleared S1 @school type=brawl",
    ]


def test_a_suspended_station_is_sealed_reported_cleared_and_goes_on(tmp_path):
    text = TOWN.replace(
        "on_scene: 10 min}]",
        "on_scene: 10 min, effects: [{kind: suspend, station: here, mode: freeze}]}]",
    )
    script = """
script:
  S1:
    title: Attempt on the box
    at: "07:30"
    effects: [{kind: incident, type: brawl, place: school}]
"""
    log = play(tmp_path, text + STATION + script).finish()
    assert [str(r) for r in log.records if r.subject == "KV1"] == [
        "60.00 opened KV1 @school line=0",
        "60.00 servers KV1 @school stage=check-in servers=2",
        "90.00 suspended KV1 @school cause=S1 level 1 mode=freeze",
        "93.00 sealed KV1 @school",
        "95.00 interruption reported KV1 @school",
        # P1 arrives at 104 and has cleared at 114; the box is inspected for 5 minutes.
        "114.00 interruption cleared KV1 @school cause=S1 level 1",
        "119.00 resumed KV1 @school line=0",
        "180.00 closed KV1 @school line=0",
        "180.00 last voter left KV1 @school",
        "180.00 counted KV1 @school votes=0",
    ]


def test_ballots_come_before_the_opening_the_box_is_guarded_and_brought_in(tmp_path):
    text = (
        TOWN.replace("skills: [order]", "skills: [order]\n    mode: truck")
        + STATION.replace(
            "officers: 2", "officers: 2\n    count: {set_up: 10 min, per_ballot: 1 min}"
        )
        + """
duties:
  delivery:
    kind: delivery
    unit: P1
    start: "06:40"
    load_at: base
    load: 20 min
    stations: [KV1]
    unload: 10 min
    deadline: "07:00"
  convoy:
    kind: convoy
    unit: P1
    start: "08:00"
    stations: [KV1]
    load: 5 min
    to: base
    deadline: "10:00"
"""
    )
    assert trace(tmp_path, text) == [
        "0.00 status P1 @west status=standing by job=",
        "40.00 status P1 @west status=on duty work job=delivery",
        "40.00 duty starts delivery unit=P1",
        "70.00 drove P1 @east km=10 minutes=10",
        # The station should have opened at 60; it opens when the ballots are there.
        "80.00 ballots delivered KV1 @school",
        "80.00 duty ends delivery unit=P1",
        "80.00 status P1 @east status=returning job=",
        "80.00 opened KV1 @school line=0",
        "80.00 servers KV1 @school stage=check-in servers=2",
        "90.00 drove P1 @west km=10 minutes=10",
        "90.00 status P1 @west status=standing by job=",
        "120.00 status P1 @west status=on duty work job=convoy",
        "120.00 duty starts convoy unit=P1",
        "130.00 drove P1 @east km=10 minutes=10",
        "180.00 closed KV1 @school line=0",
        "180.00 last voter left KV1 @school",
        "190.00 counted KV1 @school votes=0",
        "195.00 box collected KV1 @school unit=P1",
        "205.00 drove P1 @west km=10 minutes=10",
        "205.00 result brought in KV1 @base unit=P1",
        "205.00 duty ends convoy unit=P1",
        "205.00 status P1 @west status=returning job=",
        "205.00 status P1 @west status=standing by job=",
        "240.00 end A road of 10 km",
    ]


def test_a_round_with_the_auxiliary_box_takes_officers_and_brings_them_back(tmp_path):
    text = (
        TOWN
        + STATION
        + """
duties:
  round:
    kind: auxiliary_round
    unit: P1
    station: KV1
    officers: 1
    start: "07:20"
    stops: [square]
    voters: 3
    visit: 15 min
    back_by: "08:30"
"""
    )
    log = play(tmp_path, text).finish()
    lines = [str(r) for r in log.records if 60 < r.time < 180]
    assert lines == [
        "80.00 status P1 @west status=on duty work job=round",
        "80.00 duty starts round unit=P1",
        "90.00 drove P1 @east km=10 minutes=10",
        "90.00 officers KV1 @school officers=1",
        "90.00 servers KV1 @school stage=check-in servers=1",
        "95.00 drove P1 @middle km=5 minutes=5",
        "110.00 auxiliary votes KV1 @school votes=3",
        "115.00 drove P1 @east km=5 minutes=5",
        "115.00 officers KV1 @school officers=2",
        "115.00 servers KV1 @school stage=check-in servers=2",
        "115.00 duty ends round unit=P1",
        "115.00 status P1 @east status=returning job=",
        "125.00 drove P1 @west km=10 minutes=10",
        "125.00 status P1 @west status=standing by job=",
    ]
    assert log.voters["KV1"].account()["auxiliary"] == 3


def test_a_guard_leaves_early_enough_and_a_gap_shows_until_the_relief_is_there(
    tmp_path,
):
    text = (
        TOWN.replace(
            'shifts: [{from: "06:00", until: "10:00"}]',
            """shifts: [{from: "06:00", until: "08:00"}]
  P2:
    agency: police
    skills: [order]
    base: base
    shifts: [{from: "08:00", until: "10:00"}]""",
        )
        + """
duties:
  box:
    kind: guard
    units: [P1, P2]
    place: school
    from: "07:00"
    until: "09:00"
"""
    )
    log = play(tmp_path, text).finish()
    guard = [str(r) for r in log.of(Kind.GUARD_STARTS, Kind.GUARD_ENDS)]
    assert guard == [
        # P1 left at 45: 10 minutes of travel and 5 to spare.
        "55.00 guard starts box @east unit=P1",
        "120.00 guard ends box @east unit=P1",
        "130.00 guard starts box @east unit=P2",
        "180.00 guard ends box @east unit=P2",
    ]


def test_orders_act_before_all_that_is_due_and_refused_ones_only_leave_a_line(tmp_path):
    script = """
script:
  S1:
    title: Brawl
    at: "07:00"
    effects: [{kind: incident, type: brawl, place: school}]
  S2:
    title: Brawl
    at: "07:01"
    effects: [{kind: incident, type: brawl, place: square}]
"""
    world = play(tmp_path, TOWN + STATION + script)
    world.advance(75.0)
    assert world.apply(Send(unit="P1", incident="S2")) == (
        "P1 is not free: on scene S1"
    )
    assert world.apply(Send(unit="P9", incident="S2")) == (
        "no such unit, found 'P9'; allowed: P1"
    )
    assert world.apply(Send(unit="P1", incident="S9")) == (
        "no incident 'S9' has been reported"
    )
    order = MoveOfficers(from_="KV1", to="KV1", officers=1)
    assert world.apply(order) == "KV1 is where they are"
    refused = world.finish().of(Kind.REFUSED)
    assert [r.time for r in refused] == [75.0] * 4


def test_an_officer_moved_to_another_station_is_on_the_road_meanwhile(tmp_path):
    second = STATION.removeprefix("\nstations:\n").replace("KV1", "KV2")
    second = second.replace("school", "base")
    world = play(tmp_path, TOWN + STATION + second)
    world.advance(90.0)
    assert world.apply(MoveOfficers(from_="KV1", to="KV2", officers=1)) is None
    lines = [str(r) for r in world.finish().records if 90 <= r.time < 180]
    assert lines == [
        "90.00 officers KV1 @school officers=1",
        "90.00 servers KV1 @school stage=check-in servers=1",
        "90.00 order move_officers from=KV1 to=KV2 officers=1",
        "100.00 officers KV2 @base officers=3",
    ]


def voters(*arrivals: float, service: float = 10.0, **changes: object) -> Voters:
    number = len(arrivals)
    zeros, ones = [0.0] * number, [1.0] * number
    values = {
        "order": sorted(range(number), key=lambda v: arrivals[v]),
        "arrival": list(arrivals),
        "priority": [False] * number,
        "balk": ones,
        "patience": [float("inf")] * number,
        "service": [[service] * number],
        "surge": zeros,
        "drop": ones,
        "drop_return": ones,
        "drop_delay": zeros,
        "away": zeros,
        "away_delay": zeros,
    }
    return people_of(**{**values, **changes})


def station(clock: Timeline, people: Voters, **changes: object) -> Station:
    spec = {
        "place": "school",
        "registered": len(people.arrival),
        "turnout": 1.0,
        "arrivals": {"hourly": [1]},
        "opens": "00:00",
        "closes": "01:40",
        "officers": 1,
        "interruption": {"reopen": "0 min"},
        "stages": {"desk": {"servers": 1, "service": "10 min", "voting": True}},
        **changes,
    }
    day = {"day": "2021-05-23", "start": "00:00", "end": "24:00"}
    from scenarios.clock import Clock

    checked = StationSpec.model_validate(spec, context={"clock": Clock(**day)})
    (flow,) = make_flows([checked], [people], clock)
    return Station("KV1", flow, lambda *_, **__: None)


def desk(one: Station) -> list[tuple[float, float, float, str]]:
    table = one.table()
    return [
        (a, s, e, Outcome(o).name)
        for a, s, e, o in zip(
            table.arrival,
            table.start[:, 0],
            table.end[:, 0],
            table.outcome,
            strict=True,
        )
    ]


def test_the_second_voter_waits_for_the_first():
    clock = Timeline()
    one = station(clock, voters(5.0, 6.0, 30.0))
    clock.advance(200.0)
    assert desk(one) == [
        (5.0, 5.0, 15.0, "VOTED"),
        (6.0, 15.0, 25.0, "VOTED"),
        (30.0, 30.0, 40.0, "VOTED"),
    ]


def test_a_freeze_holds_from_its_minute_on_and_the_service_goes_on_afterwards():
    clock = Timeline()
    one = station(clock, voters(5.0, 6.0))
    # The first service would end at 15; what is dated 15 is frozen with it.
    clock.advance(15.0)
    freeze = Suspend.model_validate(
        {"kind": "suspend", "station": "KV1", "mode": "freeze"}
    )
    one.suspend("test", freeze)
    clock.advance(40.0)
    one.lift("test")
    clock.advance(200.0)
    assert desk(one) == [(5.0, 5.0, 40.0, "VOTED"), (6.0, 40.0, 50.0, "VOTED")]


def test_who_left_a_burning_station_comes_back_as_a_second_visit():
    clock = Timeline()
    one = station(clock, voters(5.0, 6.0, away=[0.0, 1.0], away_delay=[0.5, 0.5]))
    clock.advance(10.0)
    leave = Suspend.model_validate(
        {
            "kind": "suspend",
            "station": "KV1",
            "mode": "abandon",
            "return_share": "50 %",
            "return_within": "20 min",
        }
    )
    one.suspend("fire", leave)
    clock.advance(40.0)
    one.lift("fire")
    clock.advance(200.0)
    assert [row[3] for row in desk(one)] == ["ABANDONED", "ABANDONED", "VOTED"]
    assert desk(one)[2] == (50.0, 50.0, 60.0, "VOTED")
    account = one.table().account()
    assert (account["voted"], account["abandoned"]) == (1, 1)


def test_when_the_box_closes_who_has_a_ballot_finishes_and_who_waits_is_turned_away():
    clock = Timeline()
    one = station(clock, voters(95.0, 96.0, 100.0, 120.0))
    clock.advance(200.0)
    assert desk(one)[0] == (95.0, 95.0, 105.0, "VOTED")
    assert [row[3] for row in desk(one)[1:]] == ["TURNED_AWAY"] * 3


def test_when_the_line_is_served_whoever_stands_in_it_at_the_close_may_vote():
    clock = Timeline()
    one = station(clock, voters(95.0, 96.0, 100.0), close_rule="serve_queue")
    clock.advance(200.0)
    assert [row[3] for row in desk(one)] == ["VOTED", "VOTED", "TURNED_AWAY"]


def test_whoever_loses_patience_leaves_at_that_moment_unless_a_desk_frees_then():
    clock = Timeline()
    one = station(clock, voters(5.0, 6.0, 7.0, patience=[99.0, 9.0, 9.0]))
    clock.advance(200.0)
    # The desk frees at 15, when the patience of the second ends: ends of service first.
    assert [row[3] for row in desk(one)] == ["VOTED", "VOTED", "RENEGED"]
    assert one.table().left.tolist() == [15.0, 25.0, 16.0]


def test_voters_served_first_pass_the_others_but_interrupt_nobody():
    clock = Timeline()
    people = voters(5.0, 6.0, 7.0, priority=[False, False, True])
    one = station(clock, people)
    clock.advance(200.0)
    assert one.table().start[:, 0].tolist() == [5.0, 25.0, 15.0]
