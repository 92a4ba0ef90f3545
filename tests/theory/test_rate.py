# Incidents at a rate that follows the clock, with units to spare: the number of units
# bound is Poisson at every moment (M(t)/G/infinity). The rate is written in windows of
# half an hour, each with the average of the curve; the figures are worked out here and
# compared with those of the reference page. Intervals hold together at 99.9 %.

from math import cos, exp, pi, sqrt

import numpy as np
import pytest

from simulator.log import Kind
from simulator.road import map_of
from simulator.world import World
from tests.theory.city import city
from tests.theory.interval import missed
from tests.worlds import scenario_of

MEAN, SWING, WORK, PERIOD = 10.0, 0.5, 2.0, 24.0  # incidents an hour, hours
PIECE = 0.5
UNITS = 60


def piece(begin):
    """Give the average of the rate from a moment on, for half an hour; hours."""
    turn = 2 * pi / PERIOD
    wave = (cos(turn * begin) - cos(turn * (begin + PIECE))) / turn / PIECE
    return MEAN * (1 + SWING * wave)


def bound(hour, start):
    """Give how many are bound at a moment; exact for the rate in pieces."""
    number, now = start, 0.0
    while now < hour - 1e-9:
        rest = exp(-PIECE / WORK)
        number = number * rest + piece(now) * WORK * (1 - rest)
        now += PIECE
    return number


def curve(hour):
    """Give how many are bound at a moment of every day, for the rate as a curve."""
    turn = 2 * pi / PERIOD
    lag = np.arctan(turn * WORK) / turn
    swing = MEAN * SWING * WORK / sqrt(1 + (turn * WORK) ** 2)
    return MEAN * WORK + swing * np.sin(turn * (hour - lag))


PRINTED = {0: 15.8906216507, 6: 27.8483345279, 12: 24.1093783493, 18: 12.1516654721}
EMPTY = {2: 14.519508207, 6: 27.0571870613, 12: 24.0699894363}


def test_the_curve_gives_the_published_figures_and_the_pieces_nearly_so():
    for hour, number in PRINTED.items():
        assert curve(hour) == pytest.approx(number, abs=1e-9)
        assert bound(24 + hour, 0.0) == pytest.approx(number, abs=0.03)
    for hour, number in EMPTY.items():
        assert number == pytest.approx(
            curve(hour) - curve(0) * exp(-hour / WORK), abs=1e-9
        )
        assert bound(hour, 0.0) == pytest.approx(number, abs=0.03)
    assert max(map(curve, np.arange(0, 24, 0.001))) == pytest.approx(28.8590826432)


def text(hour):
    day, rest = divmod(round(hour * 60), 1440)
    clock = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"D+{day} {clock}" if day else clock


def varying(hours, shift=0.0):
    """Write a city whose incidents arise after a daily wave."""
    windows = [
        {
            "places": ["here"],
            "per_hour": piece(begin + shift),
            "from": text(begin),
            "until": text(begin + PIECE),
        }
        for begin in np.arange(0, hours, PIECE).tolist()
    ]
    law = {"law": "exponential", "mean": f"{WORK:g} h"}
    level = {"needs": {"order": 1}, "on_scene": law}
    data = city(3, UNITS, {"call": {"levels": [level], "rates": windows}})
    return data | {"clock": {**data["clock"], "end": text(hours)}}


def numbers(data, hours, replications):
    """Count who is bound at each of some hours, on many days."""
    scenario = scenario_of(data)
    roads, found = map_of(scenario), np.zeros((replications, len(hours)))
    for number in range(replications):
        log = World(scenario, seed=21, replication=number, roads=roads).finish()
        sent = np.array([r.time for r in log.of(Kind.ASSIGNED)])
        done = np.array([r.time for r in log.of(Kind.WORKED)])
        ready = np.array([r.time for r in log.of(Kind.READY)])
        assert len(ready) == len(sent), "units are never short"
        for i, hour in enumerate(hours):
            now = hour * 60 - 1e-9
            found[number, i] = (sent < now).sum() - (done < now).sum()
    return {hour: found[:, i] for i, hour in enumerate(hours)}


def check(hours, length, replications, shift=0.0):
    """Compare means and, for the law is Poisson's, variances."""
    found = numbers(varying(length, shift), hours, replications)
    exact, means = {}, {}
    for hour, counts in found.items():
        mean = bound(hour, 0.0)
        exact |= {f"{hour} h": mean, f"{hour} h, variance": mean}
        means |= {f"{hour} h": counts, f"{hour} h, variance": (counts - mean) ** 2}
    return missed(exact, means)


def test_from_an_empty_start_as_many_are_bound_as_the_wave_says():
    assert not check((2, 6, 12), 12.5, 100)


def test_a_wave_that_comes_later_binds_others():
    assert check((2, 6, 12), 12.5, 30, shift=6).keys() >= {"2 h", "12 h"}


@pytest.mark.deep
def test_every_day_as_many_are_bound_as_the_wave_says():
    hours = (2, 6, 12, 24, 30, 36, 42, 48)
    assert not check(hours, 48.5, 500)
