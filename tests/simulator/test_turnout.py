# One shift of the turnout a day, the same for all stations.

import numpy as np
import pytest

from simulator.stream import Chance
from simulator.world import World
from tests.town import village
from tests.worlds import scenario_of

TOWN = village("Two stations")
TOWN += """\
places: {school: {node: a}, hall: {node: b}}
stations:
  KV1:
    place: school
    registered: 2000
    turnout: 50 %
    arrivals: {hourly: [1, 1]}
    opens: "07:00"
    closes: "12:00"
    officers: 9
    stages: {desk: {servers: 9, service: 5 s, voting: true}}
  KV2:
    place: hall
    registered: 1000
    turnout: 90 %
    arrivals: {hourly: [1, 1]}
    opens: "07:00"
    closes: "12:00"
    officers: 9
    stages: {desk: {servers: 9, service: 5 s, voting: true}}
"""
SHOCK = "turnout_shock: {law: uniform, low: -10 %, high: 20 %}\n"


def town(rest: str = ""):
    return scenario_of(TOWN + rest)


def turnouts(scenario, replication: int) -> list[float]:
    stations = World(scenario, seed=3, replication=replication).stations
    return [len(s.voters.order) / s.spec.registered for s in stations.values()]


def test_all_stations_are_shifted_by_the_same_points():
    scenario = town(SHOCK)
    for replication in range(10):
        number = Chance(3, replication).uniform("scenario", "", "turnout shock")
        shift = -0.1 + 0.3 * number
        found = turnouts(scenario, replication)
        assert found[0] == pytest.approx(0.5 + shift, abs=0.04)
        assert found[1] == pytest.approx(min(0.9 + shift, 1.0), abs=0.04)


def test_days_spread_as_the_law_says():
    scenario = town(SHOCK)
    first = np.array([turnouts(scenario, i)[0] for i in range(60)])
    assert first.min() < 0.45
    assert first.max() > 0.65
    plain = town()
    assert np.ptp([turnouts(plain, i)[0] for i in range(60)]) < 0.08


def test_a_shift_sends_the_same_voters_and_some_more():
    upward = SHOCK.replace("-10 %", "20 %").replace("high: 20 %", "high: 21 %")
    voters = [
        World(scenario, seed=3, replication=0).stations["KV1"].voters
        for scenario in (town(), town(upward))
    ]
    assert set(voters[0].order.tolist()) < set(voters[1].order.tolist())
    assert voters[0].arrival.tolist() == voters[1].arrival.tolist()


@pytest.mark.parametrize(("points", "turnout"), [("-100 %", 0.0), ("100 %", 1.0)])
def test_turnout_stays_between_nobody_and_everybody(points, turnout):
    near = "-99 %" if points == "-100 %" else "99 %"
    low, high = sorted((points, near), key=lambda text: float(text[:-1]))
    shock = f"turnout_shock: {{law: uniform, low: {low}, high: {high}}}\n"
    assert turnouts(town(shock), 0) == [turnout, turnout]
