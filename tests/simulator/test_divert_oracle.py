# Days of several stations that send voters to each other: the engine and the flow in
# SimPy against stations written down plainly, on the same draws. Times are whole
# minutes, where ties are common, or odd ones.

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.log import Guest, Outcome, VoterTable
from simulator.station.flow import make_flows
from simulator.tie import Timeline
from simulator.voter import Voters
from tests.simulator.plain_station import (
    EVERYBODY,
    Control,
    House,
    Line,
    PlainStation,
    play_together,
)
from tests.simulator.simpy_flow import make_simpy_flows
from tests.simulator.test_station_oracle import (
    END,
    Play,
    agree,
    bits,
    disruptions,
    houses,
    no_chance,
    parts,
    passing,
    people,
    shares,
    spec_of,
)

LONGEST = 16.0
NUMBERS = ("divert", "divert line", "patience", "priority")
STAGES = tuple(f"service stage-{i}" for i in range(5))


@st.composite
def numbers(draw, number: int, *, whole: bool):
    """Make the uniform numbers of guests: services and patience in whole minutes."""
    sixteenths = st.lists(st.integers(0, 15), min_size=number, max_size=number)
    drawn = {}
    for i, purpose in enumerate((*NUMBERS, *STAGES)):
        minutes = [k / LONGEST for k in draw(sixteenths)]
        odd = parts(number, 43 + 2 * i)
        exact = whole or purpose.startswith("divert")
        drawn[purpose] = np.array(minutes if exact else odd)
    return drawn


@st.composite
def towns(draw):
    """Make several stations, and who goes from which to which."""
    whole = draw(st.booleans())
    town = []
    for _ in range(draw(st.sampled_from([2, 2, 3]))):
        house = draw(houses())
        house = replace(
            house,
            # Longer than most people come, and with officers, so that guests can vote.
            closes=house.closes + draw(st.sampled_from([0.0, 0.0, 30.0, 60.0])),
            officers=house.officers + draw(st.sampled_from([0, 3])),
            longest=LONGEST,
            mean=LONGEST / 2,
            patience=draw(st.sampled_from([np.inf, LONGEST])),
            priority=draw(shares),
        )
        voters = draw(people(len(house.stages), whole=whole))
        if house.priority:
            # Where a share is served first there are no classes.
            first, *later = (replace(s, passes=EVERYBODY) for s in house.stages)
            later = [replace(line, voting=False) for line in later]
            house = replace(house, stages=(replace(first, voting=True), *later))
            voters = replace(voters, class_=np.zeros_like(voters.class_))
        more = draw(numbers(len(voters.arrival), whole=whole))
        own = voters.uniforms
        voters = replace(
            voters,
            uniforms=lambda purpose, own=own, more=more: (
                more[purpose] if purpose in more else own(purpose)
            ),
        )
        town.append((house, voters, draw(disruptions(house))))
    return [
        (house, voters, [*controls, *draw(sendings(row, len(town)))])
        for row, (house, voters, controls) in enumerate(town)
    ]


@st.composite
def sendings(draw, row: int, stations: int):
    """Make diversions of a station: from when to when, and how long the way is."""
    controls = []
    for i in range(draw(st.sampled_from([1, 0, 1, 2, 3]))):
        begins, lasts = draw(st.integers(0, 40)), draw(st.sampled_from([20, 0, 5, 500]))
        ranks = st.sampled_from(["inject", "unit"])
        minutes = st.sampled_from([3.0, 0.0, 0.0, 1.0, 7.0, 12.5, np.inf])
        rank = draw(ranks)
        control = Control(
            time=float(begins),
            rank=rank,
            action="divert",
            cause=f"D{i}",
            to=draw(st.sampled_from([k for k in range(stations) if k != row])),
            share=draw(st.sampled_from([1.0, 0.25, 0.5, 0.75, 0.0])),
            returns=draw(shares),
            minutes=draw(minutes),
        )
        over = rank if lasts == 0 else draw(st.sampled_from(["end", "unit"]))
        ends = replace(
            control, action="undivert", time=float(begins + lasts), rank=over
        )
        changes = [
            replace(
                control, action="way", time=float(begins + k), minutes=draw(minutes)
            )
            for k in sorted(draw(st.sets(st.integers(1, max(lasts, 1)), max_size=2)))
            if k < lasts
        ]
        controls += [control, *changes, ends]
    return sorted(controls, key=lambda c: c.time)


def plays(town, *, simpy: bool = False) -> list[Play]:
    clock = Timeline()
    specs = [spec_of(house, len(voters.arrival)) for house, voters, _ in town]
    make = make_simpy_flows if simpy else make_flows
    voters = [passing(spec, one) for spec, (_, one, _) in zip(specs, town, strict=True)]
    flows = make(specs, voters, clock)
    return [Play(*one, flow=flow) for one, flow in zip(town, flows, strict=True)]


def went(engine: list[Play]) -> list[dict[str, int]]:
    for play in engine:
        play.station.flow.settle()
    return [{cause: d.went for cause, d in p.went.items()} for p in engine]


def compare(town, *, simpy: bool) -> None:
    engine = plays(town, simpy=simpy)
    engine[0].clock.advance(END)
    plain = [PlainStation(house, voters, list(c), END) for house, voters, c in town]
    play_together(plain, END)
    for play, expected in zip(engine, plain, strict=True):
        agree(play, expected)
    assert went(engine) == [station.went for station in plain]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(towns())
def test_every_visit_agrees_with_stations_written_plainly(town):
    compare(town, simpy=False)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(towns())
def test_the_flow_in_simpy_agrees_with_stations_written_plainly(town):
    compare(town, simpy=True)


@pytest.mark.deep
@settings(
    max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(towns(), st.booleans())
def test_every_visit_agrees_with_stations_written_plainly_in_many_towns(town, simpy):
    compare(town, simpy=simpy)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(towns(), st.lists(st.tuples(st.floats(0, END), st.integers(0, 2)), max_size=12))
def test_cutting_the_day_anywhere_at_any_station_changes_no_bit(town, cuts):
    whole, cut = plays(town), plays(town)
    whole[0].clock.advance(END)
    for moment, row in sorted(cuts):
        cut[0].clock.advance(moment)
        cut[row % len(cut)].station.table()
    cut[0].clock.advance(END)
    assert [bits(play) for play in cut] == [bits(play) for play in whole]
    assert went(cut) == went(whole)


# ---- by hand: what seldom meets --------------------------------------------------


def quiet(number: int, arrival: list[float]) -> Voters:
    """Make voters who do nothing by chance: a minute each at the desk, and no haste."""
    purposes = ("divert", "divert line", "priority", "patience", *STAGES)
    return no_chance(
        arrival=arrival,
        service=[[1.0] * number],
        numbers={purpose: [1 / LONGEST] * number for purpose in purposes},
    )


def desk(closes: float = 200.0, **more: object) -> House:
    line = Line(steps=((0.0, 1),), officers=1, voting=True)
    known = {"officers": 9, "stages": (line,), "longest": LONGEST, "mean": LONGEST / 2}
    return House(
        opens=0.0, closes=closes, **{"close_rule": "serve_queue", **known, **more}
    )


def sent(
    time: float, minutes: float, rank: str = "inject", line: float = 0.0
) -> Control:
    return Control(
        time=time,
        rank=rank,
        action="divert",
        cause=f"D{time}",
        to=1,
        share=1.0,
        returns=line,
        minutes=minutes,
    )


def tables(town) -> list[VoterTable]:
    for simpy in (False, True):
        compare(town, simpy=simpy)
    engine = plays(town)
    engine[0].clock.advance(END)
    return [play.station.table() for play in engine]


def test_guests_join_after_those_who_come_to_their_own_station_at_that_instant():
    here = (desk(), quiet(2, [4.0, 5.0]), [])
    town = [(desk(), quiet(2, [2.0, 3.0]), [sent(1.0, 2.0)]), here]
    # Each takes a minute; the guests come at 4 and 5 too, and start after the others.
    _, other = tables(town)
    assert other.voter.tolist() == [0, 2, 1, 3]
    assert other.start[:, 0].tolist() == [4.0, 5.0, 6.0, 7.0]


def test_guests_of_one_instant_join_in_the_order_of_their_stations_and_lists():
    house, nobody = desk(), quiet(1, [np.inf])
    to = {"share": 1.0, "action": "divert", "rank": "inject", "time": 1.0}
    far = Control(**to, cause="D", to=1, minutes=5.0)
    near = Control(**to, cause="D", to=1, minutes=2.0)
    # Those of the third station set out first.
    town = [
        (house, quiet(2, [7.0, 7.0]), [near]),
        (house, replace(nobody, order=nobody.order[:0]), []),
        (house, quiet(2, [4.0, 4.0]), [far]),
    ]
    _, other, _ = tables(town)
    assert [(g.home, g.voter) for g in other.guests] == [
        *(("0", 0), ("0", 1), ("2", 0), ("2", 1))
    ]
    assert other.voter.tolist() == [1, 2, 3, 4]
    assert other.start[:, 0].tolist() == [9.0, 10.0, 11.0, 12.0]


def test_who_comes_again_is_sent_on_though_a_drop_is_in_force():
    drop = Control(time=0.0, rank="inject", action="drop", cause="C", share=1.0)
    gone = {"rank": "inject", "cause": "E", "mode": "abandon", "returns": 1.0}
    stop = Control(time=3.5, action="suspend", within=4.0, **gone)
    voters = quiet(2, [2.0, 2.0])
    controls = [stop, replace(drop, time=4.0), replace(stop, time=5.0, action="lift")]
    half = np.full(2, 0.5)
    numbers = {"away": half, "drop": half, "away delay": half}
    voters = replace(
        voters,
        uniforms=lambda p, own=voters.uniforms: numbers[p] if p in numbers else own(p),
    )
    town = [
        (desk(), voters, [*controls, sent(4.0, 1.0)]),
        (desk(), quiet(1, [100.0]), []),
    ]
    home, other = tables(town)
    # The first had voted; the second comes back and is sent on.
    assert [Outcome(o).name for o in home.outcome] == ["VOTED", "ABANDONED", "DIVERTED"]
    assert other.guests == (Guest("0", 1, 2.0),)


def test_who_comes_after_the_close_is_sent_on_while_others_are_still_served():
    house = desk(closes=5.0)
    town = [
        (house, quiet(6, [1.0, 1.0, 1.0, 1.0, 6.0, 7.0]), [sent(5.5, 0.0)]),
        (desk(), quiet(1, [100.0]), []),
    ]
    slow = replace(town[0][1], service=np.full((6, 1), 3.0))
    home, other = tables([(house, slow, town[0][2]), town[1]])
    assert [Outcome(o).name for o in home.outcome[4:]] == ["DIVERTED"] * 2
    assert [g.voter for g in other.guests] == [4, 5]


def test_a_line_that_goes_after_the_voters_turn_comes_after_who_gives_up_then():
    town = [
        (desk(officers=0), quiet(1, [1.0]), [sent(6.0, 0.0, rank="unit", line=1.0)]),
        # One is served until 40; of two in line one gives up at the very minute 6.
        (
            desk(room=1, balk=((2, 1.0),)),
            replace(
                quiet(3, [0.0, 1.0, 2.0]),
                service=np.array([[40.0], [1.0], [1.0]]),
                patience=np.array([np.inf, 5.0, np.inf]),
                uniforms=lambda purpose: np.full(3, 0.5),
            ),
            [],
        ),
    ]
    balks = replace(town[0][1], uniforms=lambda purpose: np.full(1, 0.5))
    home, other = tables([(town[0][0], balks, town[0][2]), town[1]])
    assert home.left.tolist() == [6.0]
    # The guest finds one in line, and stays.
    assert other.outcome[other.voter == 3].tolist() == [Outcome.VOTED]


def test_who_came_before_the_clock_began_sets_out_as_it_begins():
    town = [
        (desk(), quiet(2, [-9.0, 1.0]), [sent(0.0, 3.0)]),
        (desk(), quiet(1, [100.0]), []),
    ]
    _, other = tables(town)
    assert other.arrival.tolist()[:2] == [3.0, 4.0]
    assert [g.since for g in other.guests] == [0.0, 1.0]
