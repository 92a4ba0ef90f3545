# Voters sent on from one station to another: whole logs of tiny worlds, the orders that
# are refused, and who a guest is.

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from analysis.day import Day, waits_and_arrivals, waits_of
from analysis.measure import FUNCTIONS, Query
from analysis.report.telling import telling_lines
from analysis.table import voters_table
from scenarios.check import check_text
from scenarios.clock import Clock
from scenarios.describe import describe
from scenarios.describe.order import order_text
from scenarios.file.reader import load
from scenarios.order import Divert, MoveStation, data_of, order_of
from scenarios.problem import OrderError
from scenarios.station import Station
from simulator.check import check_world
from simulator.log import Guest, Kind, Outcome
from simulator.station.flow import make_flows
from simulator.station.guest import Diversion
from simulator.stream import Chance
from simulator.tie import Timeline
from simulator.voter import draw_guests, draw_voters
from simulator.world import World
from tests.simulator.people import people
from tests.simulator.test_trace import TOWN

# Each voter of KV1 comes at the minute that says the file; a desk takes 2 minutes.
SEEN = "arrival,desk,patience\n" + "".join(
    f"{minute},2,500\n" for minute in (70, 80, 90, 100, 110, 190)
)
PAIR = """
stations:
  KV1: &one
    place: school
    registered: 6
    voters: {file: seen.csv, unit: min}
    opens: "07:00"
    closes: "09:00"
    officers: 2
    stages:
      desk: {servers: 1, service: 2 min, voting: true}
  KV2:
    place: square
    registered: 4
    turnout: 0 %
    arrivals: {hourly: [1]}
    opens: "07:00"
    closes: "09:30"
    officers: 2
    stages:
      desk: {servers: 1, service: 3 min, voting: true}
"""


def town(tmp_path, more: str = "") -> World:
    (tmp_path / "seen.csv").write_text(SEEN)
    (tmp_path / "scenario.yaml").write_text(TOWN + PAIR.replace(" &one", "") + more)
    return World(load(tmp_path))


def told(world: World, *kinds: Kind) -> list[str]:
    of_stations = (Kind.DIVERTS, Kind.NO_WAY, Kind.WAY_AGAIN, Kind.DIVERT_ENDS)
    return [str(r) for r in world.finish().of(*(kinds or of_stations))]


def outcomes(world: World, station: str) -> list[tuple[object, ...]]:
    table = world.log().voters[station]
    return [
        (int(v), float(a), Outcome(o).name)
        for v, a, o in zip(table.voter, table.arrival, table.outcome, strict=True)
    ]


# ---- what happens ----------------------------------------------------------------

CLOSES = """
script:
  S1:
    title: A wall cracks
    at: "07:25"
    effects:
      - {kind: suspend, station: KV1, mode: abandon, return_share: 0}
      - {kind: divert, station: KV1, to: KV2, mode: motorcycle, until: "07:50"}
"""


def test_who_comes_to_a_station_that_stands_still_goes_to_another(tmp_path):
    world = town(tmp_path, CLOSES)
    assert told(world) == [
        "85.00 diverts voters KV1 @school to=KV2 share=1 mode=motorcycle minutes=5 "
        "line=0",
        "110.00 diverts no more KV1 @school to=KV2 voters=2",
    ]
    # The effect ends at 110, so that who comes at that minute stays, and waits.
    assert outcomes(world, "KV1") == [
        (0, 70.0, "VOTED"),
        (1, 80.0, "VOTED"),
        (2, 90.0, "DIVERTED"),
        (3, 100.0, "DIVERTED"),
        (4, 110.0, "TURNED_AWAY"),
        (5, 190.0, "TURNED_AWAY"),
    ]
    # 5 km at 60 km/h; the first guest has number 4, after the list of 4.
    assert outcomes(world, "KV2") == [(4, 95.0, "VOTED"), (5, 105.0, "VOTED")]
    table = world.log().voters["KV2"]
    assert table.guests == (Guest("KV1", 2, 90.0), Guest("KV1", 3, 100.0))
    # What was recorded of them at a desk holds at the desk of KV2 too.
    assert (table.end - table.start).ravel().tolist() == [2.0, 2.0]


def test_everybody_is_accounted_for_at_both_stations(tmp_path):
    world = town(tmp_path, CLOSES)
    world.advance(93.0)
    tables = world.log().voters
    # One is on the way.
    assert tables["KV1"].account()["diverted"] == 1
    assert sum(tables["KV2"].account().values()) == 4
    tables = world.finish().voters
    account = {name: table.account() for name, table in tables.items()}
    assert sum(account["KV1"].values()) == 6
    assert account["KV1"]["diverted"] == 2
    assert account["KV2"] | {"voted": 2, "not_come": 4} == account["KV2"]


def test_a_guest_counts_once_and_waits_from_the_first_arrival(tmp_path):
    world = town(tmp_path, CLOSES)
    log = world.finish()
    day = Day(world.setting, log)
    assert day.waits["KV1"].tolist() == [0.0, 0.0, inf, inf]
    assert day.waits["KV2"].tolist() == [5.0, 5.0]
    assert waits_and_arrivals(log.voters["KV2"])[1].tolist() == [90.0, 100.0]
    rows = voters_table(day).query("station == 'KV2'")
    assert rows[["home", "voter"]].values.tolist() == [["KV1", 2], ["KV1", 3]]


@pytest.mark.parametrize(
    ("name", "here", "there", "overall"),
    [
        # Two of six vote at home, two at KV2, whose own list of four does not come.
        ("votes.share", 4 / 6, 0.0, 4 / 10),
        ("voters.came", 4.0, 2.0, 6.0),
        ("voters.diverted_out", 2.0, 0.0, 2.0),
        ("voters.diverted_in", 0.0, 2.0, 2.0),
        ("wait.within", 2 / 4, 1.0, 4 / 6),
        ("wait.mean", 0.0, 5.0, 2.5),
        ("voters.turned_away", 2.0, 0.0, 2.0),
    ],
)
def test_measures_count_whoever_is_diverted_once(tmp_path, name, here, there, overall):
    world = town(tmp_path, CLOSES)
    day = Day(world.setting, world.finish())
    found = FUNCTIONS[name](day, Query(within=30))
    assert [found[k] for k in ("KV1", "KV2", "overall")] == [here, there, overall]


def test_who_is_on_the_way_as_the_clock_ends_has_not_voted(tmp_path):
    world = town(tmp_path, CLOSES)
    world.advance(104.0)
    log = world.log()
    day = Day(world.setting, log)
    # The first has come to KV2 at 95, the second sets out at 100.
    assert day.on_the_way == {"KV1": {3}, "KV2": frozenset()}
    assert day.waits["KV1"].tolist() == [0.0, 0.0, inf]
    assert waits_of(log.voters["KV1"]).tolist() == [0.0, 0.0]
    assert day.waits["KV2"].tolist() == [5.0]


def test_the_telling_says_who_was_sent_where(tmp_path):
    world = town(tmp_path, CLOSES)
    lines = telling_lines(Day(world.setting, world.finish()))
    assert [line.strip() for line in lines if "KV2" in line and "send" in line] == [
        "07:25  KV1 sends 100 % of its voters to KV2, 5 min by motorcycle.",
        "07:50  KV1 sends nobody to KV2 any more; 2 voters went.",
    ]


AT_ONCE = """
script:
  S1:
    title: A bus brings two
    when: queue(KV1) >= 0
    effects:
      - {kind: surge, station: KV1, voters: 2, over: 0 min}
      - {kind: slow, station: KV1, stage: desk, factor: 2}
  S2:
    title: They are sent on
    after: S1
    effects: [{kind: divert, station: KV1, to: KV2, mode: car, until: "06:03"}]
"""


def test_who_is_brought_by_an_inject_comes_when_all_injects_of_the_minute_hold(
    tmp_path,
):
    # The condition is read at 06:01, after the voters' turn of that minute.
    world = town(tmp_path, AT_ONCE)
    world.finish()
    assert outcomes(world, "KV1")[:2] == [(0, 1.0, "DIVERTED"), (1, 1.0, "DIVERTED")]
    assert [row[1] for row in outcomes(world, "KV2")] == [6.0, 6.0]


def test_who_is_brought_to_a_closed_station_is_sent_on(tmp_path):
    script = """
script:
  S1:
    title: A bus comes late
    at: "09:08"
    effects: [{kind: surge, station: KV1, voters: 1, over: 0 min}]
"""
    text = PAIR.replace("KV1: &one", "KV1:\n    close_rule: serve_queue")
    town(tmp_path, "")
    (tmp_path / "scenario.yaml").write_text(TOWN + text + script)
    world = World(load(tmp_path))
    # Five wait and nobody is served: the station is looked at as the next one comes.
    world.stations["KV1"].lose("desk", 5)
    world.advance(185.0)
    assert world.apply(Divert(station="KV1", to="KV2", mode="car")) is None
    world.finish()
    assert outcomes(world, "KV1")[-1] == (5, 188.0, "DIVERTED")
    assert outcomes(world, "KV2")[-1] == (4, 193.0, "VOTED")


# ---- the line --------------------------------------------------------------------


def test_a_share_of_the_line_goes_at_once_and_guests_do_not(tmp_path):
    world = town(tmp_path, "")
    world.stations["KV1"].lose("desk", 5)
    world.advance(105.0)
    order = Divert(station="KV1", to="KV2", mode="car", share="0 %", line="100 %")
    assert world.apply(order) is None
    world.advance(111.0)
    # They have come, and KV2 sends them no further.
    world.stations["KV2"].lose("desk", 5)
    assert world.apply(turned_round(order)) is None
    assert told(world) == [
        "105.00 diverts voters KV1 @school to=KV2 share=0 mode=car minutes=5 line=4",
        "105.00 diverts no more KV1 @school to=KV2 voters=4",
        "111.00 diverts voters KV2 @square to=KV1 share=0 mode=car minutes=5 line=0",
        "111.00 diverts no more KV2 @square to=KV1 voters=0",
    ]
    assert [row[1] for row in outcomes(world, "KV2")] == [110.0] * 4


def turned_round(order: Divert) -> Divert:
    return order.model_copy(update={"station": order.to, "to": order.station})


# ---- roads -----------------------------------------------------------------------

BROKEN = """
script:
  S1:
    title: On to the square
    at: "07:00"
    effects: [{kind: divert, station: KV1, to: KV2, mode: car}]
  S2:
    title: The road is cut
    at: "07:25"
    effects: [{kind: close_road, roads: [second], until: "07:45"}]
  S3:
    title: It is slow
    at: "07:45"
    effects: [{kind: slow_road, roads: [second], factor: 0.5}]
"""


def test_where_there_is_no_way_nobody_goes_and_the_log_says_so(tmp_path):
    world = town(tmp_path, BROKEN)
    assert told(world) == [
        "60.00 diverts voters KV1 @school to=KV2 share=1 mode=car minutes=5 line=0",
        "85.00 no way for those diverted KV1 @school to=KV2",
        "105.00 way for those diverted again KV1 @school to=KV2 minutes=5",
        "240.00 diverts no more KV1 @school to=KV2 voters=4",
    ]
    # Those of 90 and 100 stay and vote; from 105 on the way takes 10 minutes; at 190
    # KV2 has not closed.
    assert outcomes(world, "KV1")[2:4] == [(2, 90.0, "VOTED"), (3, 100.0, "VOTED")]
    assert [row[1] for row in outcomes(world, "KV2")] == [75.0, 85.0, 120.0, 200.0]


def test_the_way_is_that_from_where_the_stations_stand(tmp_path):
    world = town(tmp_path, "")
    assert world.apply(Divert(station="KV1", to="KV2", mode="car")) is None
    world.advance(61.0)
    assert world.apply(MoveStation(station="KV2", to="base", set_up="1 min")) is None
    world.advance(99.0)
    # KV2 left for base at 64; base lies 10 km from the school.
    assert [row[1] for row in outcomes(world, "KV2")] == [80.0, 90.0]


# ---- orders ----------------------------------------------------------------------


def test_who_comes_after_the_close_goes_to_a_station_that_is_open(tmp_path):
    world = town(tmp_path, "")
    world.advance(185.0)
    assert world.apply(Divert(station="KV1", to="KV2", mode="car")) is None
    assert told(world)[-1].endswith("voters=1")
    assert outcomes(world, "KV1")[-1] == (5, 190.0, "DIVERTED")
    assert outcomes(world, "KV2") == [(4, 195.0, "VOTED")]


def test_nobody_is_sent_to_a_station_that_has_closed(tmp_path):
    text = PAIR.replace('"09:30"', '"08:00"')
    world = town(tmp_path, "")
    (tmp_path / "scenario.yaml").write_text(TOWN + text.replace(" &one", ""))
    world = World(load(tmp_path))
    assert world.apply(Divert(station="KV1", to="KV2", mode="car")) is None
    world.finish()
    # Who comes at 110 sets out, comes at 115, and is in time; at 190 nobody goes.
    assert outcomes(world, "KV1")[-1] == (5, 190.0, "TURNED_AWAY")
    assert outcomes(world, "KV2")[-1] == (8, 115.0, "VOTED")
    assert world.apply(Divert(station="KV1", to="KV2")) == "KV2 has closed"


def test_an_order_given_anew_takes_the_place_of_the_old_one_and_a_share_of_0_ends_it(
    tmp_path,
):
    world = town(tmp_path, "")
    order = Divert(station="KV1", to="KV2", mode="car")
    assert world.apply(order) is None
    world.advance(75.0)
    assert world.apply(order.model_copy(update={"until": "07:25"})) is None
    world.advance(84.0)
    assert world.apply(order) is None
    world.advance(95.0)
    none = order.model_copy(update={"share": 0.0})
    assert world.apply(none) is None
    assert world.apply(none) == "no voters of KV1 are being sent to KV2"
    # The end of the second at 85 is not that of the third.
    assert [line.split()[0] + line[-9:] for line in told(world, Kind.DIVERT_ENDS)] == [
        "75.00 voters=1",
        "84.00 voters=1",
        "95.00 voters=1",
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            {"station": "KV9", "to": "KV2"},
            "no such station, found 'KV9'; did you mean 'KV2'? allowed: KV1, KV2",
        ),
        (
            {"station": "KV1", "to": "KV9"},
            "no such station, found 'KV9'; did you mean 'KV2'? allowed: KV1, KV2",
        ),
        ({"station": "KV1", "to": "KV2", "until": "06:30"}, "06:30 is past"),
    ],
)
def test_an_order_that_cannot_be_is_refused(tmp_path, data, why):
    world = town(tmp_path, "")
    world.advance(60.0)
    assert world.apply(order_of({"kind": "divert", **data})) == why
    assert world.log().of(Kind.REFUSED)[-1].details["why"] == why


def test_an_order_is_written_and_read_and_none_sends_voters_to_their_own_station():
    order = Divert(station="KV1", to="KV2", share="50 %", line="25 %", until="08:00")
    assert order_of(data_of(order)) == order
    with pytest.raises(OrderError, match="to: must be another station, found 'KV1'"):
        order_of({"kind": "divert", "station": "KV1", "to": "KV1"})


def test_a_standing_order_sends_the_voters_of_the_station_it_serves(tmp_path):
    orders = """
orders:
  relief:
    when: queue(here) >= 2
    each: [KV1]
    order: {kind: divert, station: here, to: KV2, mode: car, line: 100 %}
"""
    world = town(tmp_path, orders)
    world.stations["KV1"].lose("desk", 5)
    assert told(world) == [
        "80.00 diverts voters KV1 @school to=KV2 share=1 mode=car minutes=5 line=2",
        "240.00 diverts no more KV1 @school to=KV2 voters=6",
    ]


def test_a_refused_effect_is_told(tmp_path):
    script = """
script:
  S1:
    title: Too late
    at: "09:40"
    effects: [{kind: divert, station: KV1, to: KV2}]
"""
    world = town(tmp_path, script)
    assert told(world, Kind.REFUSED) == [
        "220.00 order refused S1/1 station=KV1 why=KV2 has closed"
    ]
    lines = telling_lines(Day(world.setting, world.log()))
    assert "09:40  Refused, S1/1 at KV1: KV2 has closed." in lines


# ---- who a guest is --------------------------------------------------------------


def test_several_diversions_share_those_who_come_between_them():
    clock, number = Timeline(), 8
    voters = people(
        order=range(number),
        arrival=[float(k) for k in range(number)],
        priority=[False] * number,
        patience=[inf] * number,
        service=[[1.0] * number],
        numbers={
            "divert": [(k + 0.5) / number for k in range(number)],
            "service desk": [0.5] * number,
            "balk": [1.0] * number,
        },
    )
    flows = make_flows([*[station(number)] * 3], [voters] * 3, clock)
    # A half to the first, a quarter nowhere for want of a way, nobody else.
    to = [Diversion(to=1, share=0.5, minutes=2.0), Diversion(2, 0.25, inf)]
    flows[0].divert(to)
    clock.advance(100.0)
    out = flows[0].table().outcome == Outcome.DIVERTED
    assert out.tolist() == [True] * 4 + [False] * 4
    assert [one.went for one in to] == [4, 0]
    to[1].minutes = 1.0
    assert [g.voter for g in flows[1].table().guests] == [0, 1, 2, 3]


def station(registered: int, **more: object) -> Station:
    data = {
        "place": "school",
        "registered": registered,
        "turnout": 1.0,
        "arrivals": {"hourly": [1]},
        "opens": "00:00",
        "closes": "05:00",
        "officers": 3,
        "stages": {"desk": {"servers": 1, "service": "1 min", "voting": True}},
    }
    clock = Clock(day="2021-05-23", start="00:00", end="23:00")
    return Station.model_validate(data | more, context={"clock": clock})


LAW = {"law": "lognormal", "mean": "2 min", "cv": 0.6}


def test_a_guest_has_the_numbers_of_home_under_the_laws_of_the_other_station():
    chance = Chance(3, 5)
    desk = {"servers": 1, "service": LAW, "voting": True}
    home = station(
        50,
        stages={"desk": desk},
        patience=LAW,
        classes={
            "old": {"share": 0.3, "slower": 2.0, "priority": True},
            "x": {"share": 0.2},
        },
    )
    voters = draw_voters("KV1", home, chance, auxiliary=0)
    alike = draw_guests(home, voters, home)
    assert (alike.service == voters.service).all()
    assert (alike.patience == voters.patience).all()
    assert (alike.priority == voters.priority).all()
    twice = {"law": "lognormal", "mean": "4 min", "cv": 0.6}
    other = station(
        7,
        stages={
            "hall": {"servers": 1, "service": "1 min", "share": 1.0},
            "desk": {**desk, "service": twice},
        },
        classes={"old": {"share": 0.1, "slower": 3.0}},
    )
    guests = draw_guests(home, voters, other)
    assert guests.service.shape == (50, 2)
    old = voters.class_ == 1
    # Twice the law on the same numbers, three times as slow in place of twice.
    ratio = guests.service[:, 1] / voters.service[:, 0]
    assert np.allclose(ratio[old], 3.0)
    assert np.allclose(ratio[~old], 2.0)
    # Who is of a class that the other station does not have is an ordinary voter there.
    assert set(guests.class_[voters.class_ == 2]) == {0}
    assert not guests.priority.any()
    assert np.isinf(guests.patience).all()


def test_many_guests_move_the_voters_of_their_station_to_larger_blocks():
    clock, number = Timeline(), 200
    chance = Chance(1, 1)
    spec = station(number, closes="22:00", patience="30 min", priority=0.2)
    specs = [spec, spec, spec]
    voters = [draw_voters(n, spec, chance, auxiliary=0) for n in ("A", "B", "C")]
    alone = make_flows(specs[2:], voters[2:], clock)
    flows = make_flows(specs, voters, clock)
    for one in (*flows, *alone):
        one.open()
        one.set_places(0, 9)
    flows[0].divert([Diversion(to=1, share=1.0, minutes=0.0)])
    flows[2].divert([])
    clock.advance(1300.0)
    table = flows[1].table()
    assert len(table.guests) == number
    assert len(table.voter) == 2 * number
    # All of A come to B when they would have come to A, with their own numbers.
    guests = table.voter >= number
    home = np.array([g.voter for g in table.guests])[table.voter[guests] - number]
    assert (table.arrival[guests] == voters[0].arrival[home]).all()
    assert (table.priority[guests] == voters[0].priority[home]).all()
    # A station beside them is as it would be alone.
    assert (flows[2].table().end == alone[0].table().end).all()


def test_who_is_still_on_the_way_has_room_where_others_vote_at_the_auxiliary_box():
    clock = Timeline()
    spec, chance = station(4), Chance(1, 1)
    voters = [draw_voters(n, spec, chance, auxiliary=0) for n in ("A", "B", "C")]
    # Nobody of B comes to its room.
    nobody = replace(voters[1], order=voters[1].order[:0])
    flows = make_flows([spec] * 3, [voters[0], nobody, voters[2]], clock)
    for one in flows:
        one.open()
        one.set_places(0, 1)
    flows[0].divert([Diversion(to=1, share=1.0, minutes=600.0)])
    clock.advance(500.0)
    assert flows[0].table().account()["diverted"] == 4
    beside = flows[2].table()
    flows[1].add_visits([0, 1, 2], Outcome.AUXILIARY)
    clock.advance(1000.0)
    account = flows[1].table().account()
    assert (account["auxiliary"], account["turned_away"], account["voted"]) == (3, 0, 4)
    # They have not been written over those of the station beside it.
    assert (flows[2].table().arrival == beside.arrival).all()
    assert (flows[2].table().end == beside.end).all()


# ---- what is found beforehand ----------------------------------------------------


def script(effect: str, at: str = "07:00") -> str:
    return f"""
script:
  S1:
    title: On
    at: "{at}"
    effects: [{{kind: divert, station: KV1, {effect}}}]
"""


def standing(order: str, when: str = "queue(KV1) > 3") -> str:
    return f"""
orders:
  O1:
    each: all
    when: {when}
    order: {{kind: divert, {order}}}
"""


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (script("to: KV2, mode: car"), []),
        (script("to: KV2, mode: car, share: 0, line: 50 %"), []),
        (
            script("to: KV2, mode: car, share: 0 %"),
            [
                "script.S1.effects[0]: a share of 0 changes nothing. Cure: a "
                "larger share"
            ],
        ),
        (
            script("to: KV2, mode: boat"),
            [
                "script.S1.effects[0]: nobody can go from KV1 to KV2 by boat. Cure: "
                "another station, or another mode"
            ],
        ),
        (
            script("to: KV2, mode: car", at="09:30"),
            [
                "script.S1.effects[0]: will be refused: KV2 closes at 09:30. Cure: an "
                "earlier time, or a station that is open then"
            ],
        ),
        (
            standing("station: here, to: KV2, mode: car"),
            [
                "orders.O1.order: divert will always be refused: KV2 is where they "
                "are. Cure: another station"
            ],
        ),
        (
            standing("station: KV1, to: KV2, mode: boat"),
            [
                "orders.O1.order: nobody can go from KV1 to KV2 by boat. Cure: another "
                "station, or another mode"
            ],
        ),
        # With guests a line may be longer than the list of its station.
        (standing("station: KV1, to: KV2, mode: car", when="queue(KV2) > 8"), []),
        (
            standing("station: KV1, to: KV2, mode: car", when="queue(KV2) > 10"),
            [
                "orders.O1.when: queue(KV2) > 10 can never hold: queue(KV2) is at "
                "most 10, the lists of all stations. Cure: another bound"
            ],
        ),
    ],
)
def test_what_will_not_work_is_found_before_the_day(tmp_path, more, says):
    scenario = town(tmp_path, more).scenario
    found = [*check_text(scenario, "base"), *check_world(scenario, "base")]
    about = [
        str(f).rstrip(".") for f in found if f.path.startswith(("script", "orders"))
    ]
    assert list(dict.fromkeys(about)) == says


def test_a_sheet_and_an_order_say_it_in_words(tmp_path):
    order = "station: KV1, to: KV2, line: 25 %, until: '08:00'"
    text = describe(town(tmp_path, standing(order)).scenario, "base")
    assert (
        "send 100% of those who come and 25% of the line from KV1 to KV2 on foot until "
        "08:00" in text
    )
    none = {"kind": "divert", "station": "KV1", "to": "KV2", "share": 0, "line": 0}
    said = order_text({**none, "mode": "foot"})
    assert said == "send nobody from KV1 to KV2 any more"
