# Whole days with the compiled flow of voters and with the one in SimPy: the same log,
# the same voters.

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator.world
from scenarios.file.reader import load
from scenarios.order import order_of
from simulator.log import Log
from simulator.world import World
from tests.simulator.simpy_flow import make_simpy_flows
from tests.worlds import MODES, clock_text, scenario_of, shares, worlds


@pytest.fixture(scope="module")
def scenario():
    return load("khanh-thuong")


def same(one: Log, other: Log) -> None:
    assert sorted(one.lines()) == sorted(other.lines())
    for name, table in one.voters.items():
        assert table.guests == other.voters[name].guests
        for column in ("voter", "visit", "outcome"):
            expected = getattr(other.voters[name], column)
            assert (getattr(table, column) == expected).all(), (name, column)
        for column in ("arrival", "start", "end", "left"):
            found, expected = (
                getattr(table, column),
                getattr(other.voters[name], column),
            )
            gap = np.nan_to_num(np.abs(found - expected))
            assert (np.isnan(found) == np.isnan(expected)).all(), (name, column)
            assert gap.max(initial=0) <= 1e-9, (name, column)


@pytest.mark.parametrize("plan", ["base", "thin"])
@pytest.mark.parametrize("replication", [0, 1])
def test_a_day_of_khanh_thuong_is_the_same_in_simpy(
    scenario, monkeypatch, plan, replication
):
    ours = World(scenario, plan, 1, replication).finish()
    monkeypatch.setattr(simulator.world, "make_flows", make_simpy_flows)
    same(ours, World(scenario, plan, 1, replication).finish())


@st.composite
def diverted(draw):
    """Make a world of several stations, and orders that send voters between them."""
    data = draw(worlds().filter(lambda data: len(data["stations"]) > 1))
    names = sorted(data["stations"])
    orders = {}
    for minute in draw(st.sets(st.integers(30, 300), max_size=6)):
        pair = draw(st.permutations(names))
        until = draw(st.sampled_from([None, clock_text(minute + 15)]))
        orders[minute] = {
            "kind": "divert",
            "station": pair[0],
            "to": pair[1],
            "share": draw(shares()),
            "line": draw(shares()),
            "mode": draw(st.sampled_from(MODES)),
            "until": until,
        }
    return data, orders


def played(data, orders, *, cuts=()) -> Log:
    world = World(scenario_of(data))
    for minute in sorted({*orders, *cuts}):
        world.advance(float(minute))
        if minute in cuts:
            world.log()
        if minute in orders:
            world.apply(order_of(orders[minute]))
    return world.finish()


def compare(day) -> None:
    ours = played(*day)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulator.world, "make_flows", make_simpy_flows)
        same(ours, played(*day))


ordinary = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@ordinary
@given(diverted())
def test_voters_sent_between_the_stations_of_any_world_go_as_in_simpy(day):
    compare(day)


@pytest.mark.deep
@settings(ordinary, max_examples=1500, derandomize=False)
@given(diverted())
def test_voters_sent_between_the_stations_of_many_worlds_go_as_in_simpy(day):
    compare(day)


@settings(ordinary, max_examples=25)
@given(diverted(), st.sets(st.integers(0, 420), max_size=10))
def test_reading_the_log_at_any_minute_changes_no_bit_of_it(day, cuts):
    whole, cut = played(*day), played(*day, cuts=cuts)
    assert cut.lines() == whole.lines()
    for name, table in whole.voters.items():
        other = cut.voters[name]
        assert other.guests == table.guests
        for column in ("voter", "visit", "arrival", "start", "end", "left", "outcome"):
            assert getattr(other, column).tobytes() == getattr(table, column).tobytes()
