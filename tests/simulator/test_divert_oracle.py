# Days of several stations that send voters to each other: the engine and the flow in
# SimPy against stations written down plainly, on the same draws. Times are whole
# minutes, where ties are common, or odd ones.

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.station.flow import make_flows
from simulator.tie import Timeline
from tests.simulator.plain_station import Control, PlainStation, play_together
from tests.simulator.simpy_flow import make_simpy_flows
from tests.simulator.test_station_oracle import (
    END,
    Play,
    agree,
    bits,
    disruptions,
    houses,
    parts,
    people,
    shares,
    spec_of,
)

LONGEST = 16.0
NUMBERS = ("divert", "divert line", "patience", "priority")
STAGES = tuple(f"service stage-{i}" for i in range(3))


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
            longest=LONGEST,
            mean=LONGEST / 2,
            patience=draw(st.sampled_from([np.inf, LONGEST])),
            priority=draw(shares),
        )
        voters = draw(people(len(house.stages), whole=whole))
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
        minutes = st.sampled_from([3.0, 0.0, 1.0, 7.0, 12.5, np.inf])
        rank = draw(ranks)
        control = Control(
            time=float(begins),
            rank=rank,
            action="divert",
            cause=f"D{i}",
            to=draw(st.sampled_from([k for k in range(stations) if k != row])),
            share=draw(shares),
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
    flows = make(specs, [voters for _, voters, _ in town], clock)
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
@settings(max_examples=5_000, deadline=None)
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
