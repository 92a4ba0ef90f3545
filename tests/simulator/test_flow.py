# Whole days with the compiled flow of voters and with the one in SimPy: the same log,
# the same voters.

import numpy as np
import pytest

import simulator.world
from scenarios.file.reader import load
from simulator.log import Log
from simulator.world import World
from tests.simulator.simpy_flow import make_simpy_flows


@pytest.fixture(scope="module")
def scenario():
    return load("khanh-thuong")


def same(one: Log, other: Log) -> None:
    assert sorted(one.lines()) == sorted(other.lines())
    for name, table in one.voters.items():
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
