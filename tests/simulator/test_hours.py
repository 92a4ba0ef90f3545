# Hours of a station: an extension by order, its refusals, the end of everything.

import pytest

from scenarios.effect import Suspend
from scenarios.order import Extend, MoveStation, data_of, order_of
from scenarios.problem import OrderError
from simulator.effect import ALL_PLACES
from simulator.log import Kind, Outcome
from simulator.tie import Rank, Timeline
from tests.simulator.test_trace import STATION, TOWN, desk, play, station, voters


def test_an_order_moves_the_close_and_the_log_says_so(tmp_path):
    world = play(tmp_path, TOWN + STATION)
    world.advance(179.0)
    assert world.apply(Extend(station="KV1", until="09:30")) is None
    log = world.finish()
    assert [str(r) for r in log.records if 100 < r.time < 240] == [
        "179.00 extended KV1 @school until=210 was=180",
        "179.00 order extend station=KV1 until=09:30",
        "210.00 closed KV1 @school line=0",
        "210.00 last voter left KV1 @school",
        "210.00 counted KV1 @school votes=0",
    ]


def test_an_order_in_the_minute_of_the_close_is_in_time_and_a_minute_later_it_is_not(
    tmp_path,
):
    world = play(tmp_path, TOWN + STATION)
    world.advance(180.0)
    assert world.apply(Extend(station="KV1", until="09:10")) is None
    world.advance(191.0)
    assert world.apply(Extend(station="KV1", until="09:30")) == (
        "KV1 has closed; the vote is extended before the close or not at all"
    )
    closed = world.finish().of(Kind.CLOSED)
    assert [record.time for record in closed] == [190.0]


@pytest.mark.parametrize(
    ("text", "until", "why"),
    [
        ("", "09:00", "KV1 closes at 09:00 as it is"),
        ("", "10:01", "KV1 may vote until 10:00 at most (the end of the clock)"),
        (
            'latest_close: "09:40"',
            "09:41",
            "KV1 may vote until 09:40 at most (latest_close of the station)",
        ),
    ],
)
def test_an_extension_is_refused_with_the_reason(tmp_path, text, until, why):
    asked = STATION.replace("    officers: 2\n", f"    officers: 2\n    {text}\n")
    world = play(tmp_path, TOWN + asked)
    world.advance(100.0)
    assert world.apply(Extend(station="KV1", until=until)) == why
    assert world.log().lines()[-1] == (
        f"100.00 order refused extend station=KV1 until={until} why={why}"
    )


def test_the_law_of_viet_nam_allows_no_vote_after_nine_in_the_evening(tmp_path):
    text = (TOWN + STATION).replace('end: "10:00"', 'end: "23:00"')
    text += "rules: vietnam-2015\n"
    world = play(tmp_path, text.replace('closes: "09:00"', 'closes: "19:00"'))
    world.advance(100.0)
    assert world.apply(Extend(station="KV1", until="21:01")) == (
        "KV1 may vote until 21:00 at most (Viet Nam, election law 85/2015/QH13)"
    )
    assert world.apply(Extend(station="KV1", until="21:00")) is None


def test_no_station_of_that_name(tmp_path):
    world = play(tmp_path, TOWN + STATION)
    assert world.apply(Extend(station="KV2", until="09:30")) == (
        "no such station, found 'KV2'; did you mean 'KV1'? allowed: KV1"
    )


def test_a_time_that_is_none_is_no_order():
    with pytest.raises(OrderError, match=r"until: .*not a time, found 'late'"):
        order_of({"kind": "extend", "station": "KV1", "until": "late"})


def test_the_script_extends_too_and_a_refusal_is_in_the_log(tmp_path):
    script = """
script:
  S1:
    title: The board extends
    at: "08:00"
    effects:
      - {kind: extend, station: KV1, until: "09:20"}
      - {kind: extend, station: KV1, until: "09:10"}
"""
    log = play(tmp_path, TOWN + STATION + script).finish()
    assert [str(r) for r in log.records if r.time == 120] == [
        "120.00 inject S1 title=The board extends",
        "120.00 effect S1/1 effect=extend station=KV1 until=200",
        "120.00 extended KV1 @school until=200 was=180",
        "120.00 effect S1/2 effect=extend station=KV1 until=190",
        "120.00 order refused S1/2 station=KV1 why=KV1 closes at 09:20 as it is",
    ]
    assert [r.time for r in log.of(Kind.CLOSED)] == [200.0]


def test_who_waits_at_the_old_close_is_served_and_who_waits_at_the_new_is_not():
    clock = Timeline()
    # The desk takes 10 minutes each; it closes at 100, then at 110.
    one = station(clock, voters(85.0, 86.0, 87.0, 109.0, 110.0))
    clock.advance(99.0)
    one.extend(110.0)
    clock.advance(200.0)
    assert [row[0::3] for row in desk(one)] == [
        (85.0, "VOTED"),
        (86.0, "VOTED"),
        (87.0, "VOTED"),
        (109.0, "TURNED_AWAY"),
        (110.0, "TURNED_AWAY"),
    ]
    assert [row[1] for row in desk(one)][:3] == [85.0, 95.0, 105.0]


@pytest.mark.parametrize(
    ("rule", "clears", "outcomes"),
    [
        # One desk of 10 minutes, open until 100: services end at 95, 105, 115, 125.
        ("stop", None, "VOTED VOTED TURNED_AWAY TURNED_AWAY"),
        ("stop", "4 min", "VOTED TURNED_AWAY TURNED_AWAY TURNED_AWAY"),
        ("stop", "5 min", "VOTED TURNED_AWAY TURNED_AWAY TURNED_AWAY"),
        ("stop", "6 min", "VOTED VOTED TURNED_AWAY TURNED_AWAY"),
        ("serve_queue", None, "VOTED VOTED VOTED VOTED"),
        ("serve_queue", "0 min", "VOTED TURNED_AWAY TURNED_AWAY TURNED_AWAY"),
        ("serve_queue", "16 min", "VOTED VOTED VOTED TURNED_AWAY"),
    ],
)
def test_the_three_instants_of_closing(rule, clears, outcomes):
    clock = Timeline()
    given = {} if clears is None else {"clears": clears}
    people = voters(85.0, 86.0, 87.0, 88.0)
    one = station(clock, people, close_rule=rule, **given)
    clock.advance(200.0)
    assert [row[-1] for row in desk(one)] == outcomes.split()
    assert one.emptied.triggered
    assert one.counted.triggered


def test_the_room_is_cleared_after_the_close_in_force():
    clock = Timeline()
    one = station(clock, voters(99.0, 109.0), clears="5 min", close_rule="serve_queue")
    clock.advance(99.0)
    one.extend(110.0)
    clock.advance(200.0)
    # The second starts at 109 and would end at 119; everything ends at 115.
    assert [row[-1] for row in desk(one)] == ["VOTED", "TURNED_AWAY"]
    assert one.table().left.tolist() == [109.0, 115.0]


COUNT = {"set_up": "10 min", "per_ballot": "1 min", "officers": 4}


def counted_at(*happens, team=3, count=COUNT, votes=6, until=300.0):
    """Play a day that closes at 100, and say when its count ended."""
    clock, times = Timeline(), []
    people = voters(*map(float, range(votes)), service=1.0)
    one = station(clock, people, officers=team, count=count)
    one.counted.callbacks.append(lambda _: times.append(clock.now))
    for time, act in happens:
        clock.advance(time)
        act(one)
    clock.advance(until)
    return times


def officers(number):
    return lambda one: one.change_officers(number)


STOP = Suspend(kind="suspend", station="KV1", mode="drain")


@pytest.mark.parametrize(
    ("happens", "ends"),
    [
        # 10 minutes to set up, then 6 ballots of a minute by the 3 who are there.
        ([], 112.0),
        ([(50.0, officers(1))], 111.5),
        ([(50.0, officers(2))], 111.5),  # no more than 4 count at once
        # 3 ballots are counted by 111; one officer counts the other 3.
        ([(111.0, officers(-2))], 114.0),
        ([(111.0, officers(-2)), (113.0, officers(2))], 113 + 1 / 3),
        # Nobody is left from 111 to 120.
        ([(111.0, officers(-3)), (120.0, officers(3))], 121.0),
        # One sets up as fast as three; nobody sets up nothing.
        ([(101.0, officers(-2)), (110.0, officers(2))], 112.0),
        ([(101.0, officers(-3)), (110.0, officers(3))], 121.0),
        (
            [
                (111.0, lambda one: one.suspend("C", STOP)),
                (115.0, lambda one: one.lift("C")),
            ],
            116.0,
        ),
        # Suspended and short of officers: it waits for the later of the two.
        (
            [
                (111.0, lambda one: one.suspend("C", STOP)),
                (112.0, officers(-3)),
                (115.0, lambda one: one.lift("C")),
                (118.0, officers(1)),
            ],
            121.0,
        ),
    ],
)
def test_the_count_is_shared_by_the_officers_who_are_there(happens, ends):
    assert counted_at(*happens) == [pytest.approx(ends)]


def test_without_a_number_the_count_takes_its_time_whoever_is_there():
    plain = {"set_up": "10 min", "per_ballot": "1 min"}
    assert counted_at((105.0, officers(-3)), count=plain) == [116.0]


def test_a_count_that_nobody_takes_up_does_not_end():
    assert counted_at((99.0, officers(-3))) == []


TEAM = """
stations:
  KV1:
    place: school
    registered: 10
    turnout: 0 %
    arrivals: {hourly: [1]}
    opens: "07:00"
    closes: "09:00"
    officers: 3
    breaks:
      - {from: "07:30", lasts: 20 min, officers: 2}
      - {from: "07:40", lasts: 20 min, officers: 2}
    stages:
      check-in: {servers: 2, service: 1 min, voting: true}
      box: {servers: 1, service: 1 min}
"""


def test_breaks_take_officers_from_places_and_never_more_than_are_there(tmp_path):
    log = play(tmp_path, TOWN + TEAM).finish()
    found = [str(r) for r in log.records if 90 <= r.time < 180]
    assert found == [
        "90.00 officers KV1 @school officers=1",
        "90.00 servers KV1 @school stage=check-in servers=1",
        "90.00 servers KV1 @school stage=box servers=0",
        # Of the two of the second break one is there.
        "100.00 officers KV1 @school officers=0",
        "100.00 servers KV1 @school stage=check-in servers=0",
        "110.00 officers KV1 @school officers=2",
        "110.00 servers KV1 @school stage=check-in servers=1",
        "110.00 servers KV1 @school stage=box servers=1",
        "120.00 officers KV1 @school officers=3",
        "120.00 servers KV1 @school stage=check-in servers=2",
    ]


def test_breaks_one_after_the_other_each_take_their_officers(tmp_path):
    breaks = TEAM.replace('{from: "07:40", lasts', '{from: "07:50", lasts')
    log = play(tmp_path, TOWN + breaks).finish()
    officers = [
        (r.time, r.details["officers"])
        for r in log.records
        if r.kind == Kind.OFFICERS and 90 <= r.time < 180
    ]
    assert officers == [(90.0, 1), (110.0, 3), (110.0, 1), (130.0, 3)]


def test_a_health_case_closes_a_stage_and_takes_an_officer_along(tmp_path):
    script = """
script:
  S1:
    title: Fever at the desk
    at: "08:30"
    effects:
      - kind: health_case
        station: KV1
        stage: check-in
        cleaned: 10 min
        away: 15 min
"""
    world = play(tmp_path, TOWN + TEAM + script)
    found = [str(r) for r in world.finish().records if 150 <= r.time < 180]
    assert found == [
        "150.00 inject S1 title=Fever at the desk",
        "150.00 effect S1/1 effect=health_case station=KV1 stage=check-in cleaned=10 "
        "officers=1 away=15",
        "150.00 servers KV1 @school stage=check-in servers=0",
        "150.00 officers KV1 @school officers=2",
        "160.00 effect ends S1/1 effect=health_case station=KV1 stage=check-in",
        # Two officers are left for three places; the third comes back at 165.
        "160.00 servers KV1 @school stage=check-in servers=1",
        "165.00 officers KV1 @school officers=3",
        "165.00 servers KV1 @school stage=check-in servers=2",
    ]


def test_while_a_stage_is_cleaned_services_end_and_none_starts():
    clock = Timeline()
    one = station(clock, voters(0.0, 1.0, 25.0), officers=2)
    clock.advance(5.0)
    one.lose("desk", ALL_PLACES)
    clock.advance(25.0)
    one.lose("desk", -ALL_PLACES)
    clock.advance(200.0)
    assert [row[1:3] for row in desk(one)] == [(0.0, 10.0), (25.0, 35.0), (35.0, 45.0)]


CONVOY = """
duties:
  convoy:
    kind: convoy
    unit: P1
    start: "08:55"
    stations: [KV1]
    to: base
    deadline: "09:50"
"""


def test_a_station_moves_and_who_is_sent_to_it_comes_to_the_new_place(tmp_path):
    world = play(tmp_path, TOWN + STATION + CONVOY)
    world.advance(120.0)
    order = MoveStation(station="KV1", to="square", set_up="20 min")
    assert world.apply(order) is None
    assert world.apply(order) == "KV1 is moving to school"
    found = [str(r) for r in world.finish().records if r.subject in ("KV1", "P1")]
    assert [line for line in found if float(line.split()[0]) >= 120] == [
        "120.00 suspended KV1 @school cause=move to square mode=drain",
        "123.00 sealed KV1 @school",
        "123.00 leaves for its new site KV1 @school to=square gave_up=0",
        "125.00 interruption reported KV1 @square",
        # 5 km on the way, 20 minutes to set up, 5 of inspection.
        "128.00 at its new site KV1 @square",
        "148.00 interruption cleared KV1 @square cause=move to square",
        "153.00 resumed KV1 @square line=0",
        "175.00 status P1 @west status=on duty work job=convoy",
        "180.00 closed KV1 @square line=0",
        "180.00 last voter left KV1 @square",
        "180.00 counted KV1 @square votes=0",
        "180.00 drove P1 @middle km=5 minutes=5",
        # It takes 5 minutes to load.
        "185.00 box collected KV1 @square unit=P1",
        "190.00 drove P1 @west km=5 minutes=5",
        "190.00 result brought in KV1 @base unit=P1",
        "190.00 status P1 @west status=returning job=",
        "190.00 status P1 @west status=standing by job=",
    ]


TOLD = """
script:
  S1:
    title: To the reserve site
    at: "07:50"
    effects:
      - {kind: move_station, station: KV1, to: square, set_up: 5 min, balks: 50 %,
         told_after: 10 min}
"""


def test_who_comes_before_voters_have_been_told_may_turn_back(tmp_path):
    # They would come at each minute from 100 on; the desk is quick.
    rows = "".join(f"{minute},0.1\n" for minute in range(100, 140))
    (tmp_path / "seen.csv").write_text("arrival,check-in\n" + rows)
    list_ = "    turnout: 0 %\n    arrivals: {hourly: [1]}\n"
    recorded = "    voters: {file: seen.csv, unit: min}\n"
    text = STATION.replace("registered: 10", "registered: 40").replace(list_, recorded)
    world = play(tmp_path, TOWN + text + TOLD)
    log = world.finish()
    (leaves,) = log.of(Kind.LEAVES)
    table = log.voters["KV1"]
    late = (table.arrival > leaves.time) & (table.arrival < leaves.time + 10)
    numbers = world.stations["KV1"].voters.balk[table.voter]
    turned = table.outcome == Outcome.BALKED
    # Who comes at the minute they are told at comes straight to the new site.
    assert turned.tolist() == (late & (numbers < 0.5)).tolist()
    assert 0 < turned.sum() < late.sum()


def test_a_delay_that_nobody_turns_back_for_is_refused():
    with pytest.raises(OrderError, match="told_after: nobody turns back where balks"):
        order_of(
            {
                "kind": "move_station",
                "station": "KV1",
                "to": "square",
                "told_after": "9 min",
            }
        )


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (MoveStation(station="KV1", to="school"), "KV1 stands at school"),
        (
            MoveStation(station="KV1", to="square", mode="boat"),
            "no way from school to square by boat now",
        ),
        (
            MoveStation(station="KV1", to="sqare"),
            "no such place, found 'sqare'; did you mean 'square'? allowed: base, "
            "square, school",
        ),
        (
            MoveStation(station="KV2", to="square"),
            "no such station, found 'KV2'; did you mean 'KV1'? allowed: KV1",
        ),
    ],
)
def test_a_move_that_cannot_be_is_refused(tmp_path, order, why):
    world = play(tmp_path, TOWN + STATION)
    assert world.apply(order) == why


def test_nobody_moves_after_the_close(tmp_path):
    world = play(tmp_path, TOWN + STATION)
    world.advance(181.0)
    assert world.apply(MoveStation(station="KV1", to="square")) == "KV1 has closed"


def test_a_unit_on_its_way_to_a_station_drives_on_to_its_new_place(tmp_path):
    script = """
script:
  S1:
    title: To the reserve site
    at: "08:52"
    effects: [{kind: move_station, station: KV1, to: base, set_up: 1 min}]
"""
    log = play(tmp_path, TOWN + STATION + CONVOY + script).finish()
    # P1 leaves base at 175, is at the school at 185, which the team has left, and back
    # at base at 195; loading takes 5 minutes.
    assert [(r.time, r.place) for r in log.of(Kind.COLLECTED)] == [(200.0, "base")]
    assert [r.time for r in log.of(Kind.COUNTED)] == [180.0]


def test_the_line_follows_but_for_a_share_and_services_end_before_the_departure():
    clock = Timeline()
    people = voters(0.0, 1.0, 2.0, 3.0, move=[0.1, 0.6, 0.3, 0.7])
    one = station(clock, people)
    clock.advance(5.0)
    assert one.flow.busy_until() == 10.0
    one.suspend("move", STOP)
    clock.advance(12.0)
    assert one.flow.busy_until() == 12.0
    one.leave_for("hall", 0.5)
    clock.advance(30.0)
    one.lift("move")
    clock.advance(200.0)
    assert [(row[1], row[3]) for row in desk(one)] == [
        (0.0, "VOTED"),
        (30.0, "VOTED"),
        (pytest.approx(float("nan"), nan_ok=True), "RENEGED"),
        (40.0, "VOTED"),
    ]
    assert one.place == "hall"


def test_the_line_told_at_the_resumption_is_that_which_waits_for_it():
    clock, told = Timeline(), []
    one = station(clock, voters(0.0, 4.0))
    one._record_to = lambda kind, *_, **details: told.append((kind, details))
    # Frozen at the very end of a service: nothing of it is left.
    stop = Suspend(kind="suspend", station="KV1", mode="freeze")
    clock.call_at(10.0, Rank.INJECT, lambda: one.suspend("C", stop))
    clock.call_at(20.0, Rank.UNIT, lambda: one.lift("C"))
    clock.advance(100.0)
    assert (Kind.RESUMED, {"line": 1}) in told
    assert [row[1:3] for row in desk(one)] == [(0.0, 20.0), (20.0, 30.0)]


def test_frozen_services_keep_nobody_from_leaving():
    clock = Timeline()
    one = station(clock, voters(0.0))
    clock.advance(5.0)
    one.suspend("C", Suspend(kind="suspend", station="KV1", mode="freeze"))
    assert one.flow.busy_until() == 5.0


def test_orders_are_the_same_once_written_and_read_again():
    for order in (
        Extend(station="KV1", until="D+1 00:30"),
        MoveStation(
            station="KV1", to="square", set_up="20 min", balks="10 %", told_after="1 h"
        ),
    ):
        assert order_of(data_of(order)) == order
