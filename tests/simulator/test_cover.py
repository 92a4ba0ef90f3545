# Samples of cover, worked out by hand: a straight road of 10 km at 60 km/h.

import pytest

from simulator.log import Kind
from simulator.world import World
from tests.worlds import scenario_of

UNIT = {
    "agency": "police",
    "skills": ["order"],
    "mode": "car",
    "turnout": "0 min",
    "shifts": [{"from": "06:00", "until": "07:00"}],
}
POST = {"place": "west", "from": "06:00", "until": "07:00"}
FIGHT = {"levels": [{"needs": {"order": 1}, "on_scene": "8 min"}]}


def rate(place, number, **more):
    # So rare that none arises; only how they compare matters.
    return {"places": [place], "per_hour": number * 1e-6, **more}


RATES = [rate("west", 1), rate("middle", 2), rate("east", 3)]
TOWN = {
    "title": "Cover",
    "clock": {"day": "2021-05-23", "start": "06:00", "end": "07:30"},
    "roads": {
        "network": {
            "nodes": {"w": [0, 0], "m": [5000, 0], "e": [10000, 0]},
            "edges": [
                {"id": "first", "from": "w", "to": "m", "road": "lane"},
                {"id": "second", "from": "m", "to": "e", "road": "lane"},
            ],
        },
        "classes": {"lane": {"car": "60 km/h"}},
    },
    "places": {"west": {"node": "w"}, "middle": {"node": "m"}, "east": {"node": "e"}},
    "agencies": {"police": {}, "district": {"call_up": "10 min"}},
    "units": {
        "W": {**UNIT, "base": "west"},
        "E": {**UNIT, "base": "east"},
        "guard": {**UNIT, "base": "west", "posts": [POST]},
        "aid": {**UNIT, "base": "west", "agency": "district"},
    },
    "incidents": {
        "fight": FIGHT,
        "rare": {**FIGHT, "rates": [*RATES, rate("east", 4, **{"from": "06:40"})]},
    },
    "dispatch": {"cover": {"within": "6 min"}},
    "script": {
        "S1": {
            "title": "A fight in the east",
            "at": "06:12",
            "effects": [{"kind": "incident", "type": "fight", "place": "east"}],
        }
    },
}


@pytest.fixture(scope="module")
def samples():
    log = World(scenario_of(TOWN)).finish()
    return {r.time: (r.details["one"], r.details["two"]) for r in log.of(Kind.COVER)}


def test_cover_is_sampled_every_five_minutes_until_the_end(samples):
    assert list(samples) == [5.0 * i for i in range(18)]


@pytest.mark.parametrize(
    ("time", "one", "two"),
    [
        # Both free: W covers west and middle, E middle and east; neither the guard on
        # its fixed post nor mutual aid counts.
        (0.0, 1, 2 / 6),
        (10.0, 1, 2 / 6),
        # E is on scene from 12 to 20: nobody covers the east; free again at 20.
        (15.0, 3 / 6, 0),
        (20.0, 1, 2 / 6),
        # From 40 on the east counts 3 + 4.
        (40.0, 1, 2 / 10),
        # From 60 on nobody is on shift.
        (60.0, 0, 0),
    ],
)
def test_cover_is_the_share_of_demand_that_free_units_reach_in_time(
    samples, time, one, two
):
    assert samples[time] == pytest.approx((one, two))


def test_without_a_definition_of_cover_there_are_no_samples():
    log = World(scenario_of({**TOWN, "dispatch": {}})).finish()
    assert not log.of(Kind.COVER)
