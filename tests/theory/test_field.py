# Free units scattered at random, and the distance to the nearest. The reference page
# gives the law in the open plane by straight lines; the engine has roads. So: a grid of
# roads around the place of the incident, a unit at each crossing, and in each hour each
# unit is on shift with a small probability, drawn afresh by the test. The nearest free
# unit is then farther than k crossings with probability (1 - p)**(2 k**2 + 2 k + 1),
# for so many crossings lie within k: the law of that page with the distance of a grid.

from math import sqrt

import numpy as np
import pytest

from simulator.log import Kind
from simulator.world import World
from tests.theory.interval import missed
from tests.worlds import scenario_of

REACH, PRESENT = 7, 0.06
BLOCK = 2.0  # minutes a block: 1 km at 30 km/h


def within(k):
    return 2 * k * k + 2 * k + 1


def beyond(k):
    """Give the probability that nobody is within k blocks."""
    return (1 - PRESENT) ** within(k)


def crossings():
    span = range(-REACH, REACH + 1)
    return [(x, y) for x in span for y in span if abs(x) + abs(y) <= REACH]


def name(x, y):
    return f"n{x + REACH}-{y + REACH}"


def clock(minute):
    day, rest = divmod(minute, 1440)
    return f"D+{day} {rest // 60:02d}:{rest % 60:02d}"


def field(hours, present=PRESENT, seed=1):
    """Write a grid on which other units are on shift in each hour.

    Each hour an incident arises in the middle, and is over before the next.
    """
    chance = np.random.default_rng(seed)
    nodes = {name(x, y): [1000 * x, 1000 * y] for x, y in crossings()}
    edges = [
        {"id": f"{name(x, y)}{d}", "from": name(x, y), "to": name(*to), "road": "lane"}
        for x, y in crossings()
        for d, to in (("e", (x + 1, y)), ("n", (x, y + 1)))
        if name(*to) in nodes
    ]
    units = {}
    for x, y in crossings():
        on = np.flatnonzero(chance.random(hours) < present).tolist()
        if on:
            shifts = [{"from": clock(60 * h), "until": clock(60 * (h + 1))} for h in on]
            units[f"U{name(x, y)}"] = {
                "agency": "police",
                "skills": ["order"],
                "base": name(x, y),
                "mode": "car",
                "turnout": "0 min",
                "shifts": shifts,
            }
    call = {"kind": "incident", "type": "call", "place": name(0, 0)}
    return {
        "title": "Units scattered at random",
        "clock": {
            "day": "2021-05-23",
            "start": "00:00",
            "end": clock(60 * hours),
        },
        "roads": {
            "network": {"nodes": nodes, "edges": edges},
            "classes": {"lane": {"car": "30 km/h"}},
        },
        "places": {node: {"node": node} for node in nodes},
        "agencies": {"police": {}},
        "units": units,
        "incidents": {
            "call": {"levels": [{"needs": {"order": 1}, "on_scene": "1 min"}]}
        },
        "script": {
            f"I{h}": {"title": "A call", "at": clock(60 * h + 20), "effects": [call]}
            for h in range(hours)
        },
    }


def blocks(data):
    """Give how many blocks away the unit that came was; beyond reach if nobody did."""
    log = World(scenario_of(data)).finish()
    arisen = {r.subject: r.time for r in log.of(Kind.ARISES)}
    came = {r.subject: r.time for r in log.of(Kind.ARRIVED)}
    times = np.array([came.get(name, np.inf) - at for name, at in arisen.items()])
    # Who waits for the next shift had nobody within reach.
    return np.minimum(np.round(times / BLOCK, 6), REACH + 1)


def found(data):
    distance = blocks(data)
    values = {f"beyond {k}": (distance > k).astype(float) for k in range(4)}
    return values | {"mean": distance}


def exact():
    law = {f"beyond {k}": beyond(k) for k in range(4)}
    return law | {"mean": sum(beyond(k) for k in range(REACH + 1))}


def test_in_the_limit_it_is_the_law_of_the_plane_with_the_distance_of_a_grid():
    # P(over r) = exp(-g * area of the diamond), so the mean is sqrt(pi / 8 / g).
    p = 1e-6
    mean = sum((1 - p) ** within(k) for k in range(20_000))
    assert mean * sqrt(p) == pytest.approx(sqrt(np.pi / 8), rel=1e-3)


def test_the_nearest_free_unit_is_as_far_as_chance_has_it():
    values = found(field(200))
    assert not missed(exact(), values)
    # A straight line would be shorter: 0.5 blocks over the root of the density.
    assert missed({"mean": 0.5 / sqrt(PRESENT)}, values)


def test_with_half_the_units_it_is_farther():
    assert missed(exact(), found(field(200, PRESENT / 2)))


@pytest.mark.deep
def test_the_nearest_free_unit_is_as_far_as_chance_has_it_in_a_long_run():
    assert not missed(exact(), found(field(2400, seed=2)))
