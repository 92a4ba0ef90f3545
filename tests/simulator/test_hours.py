# Hours of a station: an extension by order, its refusals, the end of everything.

import pytest

from scenarios.effect import Suspend
from scenarios.order import Extend, order_of
from scenarios.problem import OrderError
from simulator.effect import ALL_PLACES
from simulator.log import Kind
from simulator.tie import Timeline
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
