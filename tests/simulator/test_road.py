# Roads worked out by hand: every speed is 60 km/h unless a test says otherwise, so that
# 1000 m take a minute.

import pytest

from scenarios.place import Place
from scenarios.road import Network, Roads
from scenarios.road.network import graph_of
from simulator.log import Kind
from simulator.road import Position, RoadMap, RoadState, position_after, road_map
from simulator.world import World
from tests.worlds import Data, scenario_of

CLASSES = {
    "lane": {"car": "60 km/h", "motorcycle": "60 km/h", "foot": "6 km/h"},
    "alley": {"motorcycle": "30 km/h", "foot": "6 km/h"},
}


def edge(name: str, tail: str, head: str, road: str = "lane", **more: object) -> Data:
    return {"id": name, "from": tail, "to": head, "road": road, **more}


def roads(nodes: Data, *edges: Data, places: dict[str, Place] | None = None) -> RoadMap:
    network = {"nodes": nodes, "edges": list(edges)}
    spec = Roads.model_validate({"network": network, "classes": CLASSES})
    return road_map(graph_of(Network.model_validate(network)), spec, places or {})


def minutes(found: RoadMap, tail: str, head: str, mode: str = "car") -> float:
    names = {**found.index, **found.places}
    return RoadState(found).minutes(Position(names[tail]), names[head], mode)


RING = {"n": [0, 0], "e": [3000, 0], "s": [3000, 4000]}


def test_round_a_one_way_ring_there_and_back_differ():
    ring = roads(
        RING,
        edge("ne", "n", "e", one_way=True),
        edge("es", "e", "s", one_way=True),
        edge("sn", "s", "n", one_way=True),
    )
    there = [minutes(ring, *pair) for pair in ("ne", "es", "sn")]
    back = [minutes(ring, *pair) for pair in ("en", "se", "ns")]
    assert there == [3.0, 4.0, 5.0]
    assert back == [9.0, 8.0, 7.0]


def test_a_mode_that_no_road_lets_pass_has_no_way():
    found = roads(RING, edge("ne", "n", "e"), edge("es", "e", "s", road="alley"))
    assert minutes(found, "n", "s", "motorcycle") == 3 + 8
    assert minutes(found, "n", "s", "foot") == pytest.approx(70)
    assert minutes(found, "n", "s", "car") == float("inf")
    assert minutes(found, "n", "e", "truck") == float("inf")


def test_a_limit_is_the_speed_of_cars_and_holds_back_the_others_but_walkers():
    slow = roads(RING, edge("ne", "n", "e", speed="30 km/h"))
    assert minutes(slow, "n", "e", "car") == 6
    assert minutes(slow, "n", "e", "motorcycle") == 6
    assert minutes(slow, "n", "e", "foot") == pytest.approx(30)
    fast = roads(RING, edge("ne", "n", "e", speed="120 km/h"))
    assert minutes(fast, "n", "e", "car") == 1.5
    assert minutes(fast, "n", "e", "motorcycle") == 3


def test_the_faster_of_two_parallel_roads_is_taken_until_it_closes():
    found = roads(
        RING,
        edge("short", "n", "e"),
        edge("long", "n", "e", length="5 km"),
    )
    state, ends = RoadState(found), (Position(found.index["n"]), found.index["e"])
    assert state.minutes(*ends, "car") == 3
    assert [found.road[leg.arc] for leg in state.route(*ends, "car").legs] == ["short"]
    state.close(("short",))
    assert state.minutes(*ends, "car") == 5
    assert [found.road[leg.arc] for leg in state.route(*ends, "car").legs] == ["long"]


def test_closings_are_counted_and_the_last_opening_opens():
    found = roads(RING, edge("ne", "n", "e"))
    state, ends = RoadState(found), (Position(found.index["n"]), found.index["e"])
    state.close(("ne",))
    state.close(("ne",))
    state.open(("ne",))
    assert state.minutes(*ends, "car") == float("inf")
    assert state.route(*ends, "car") is None
    state.open(("ne",))
    assert state.minutes(*ends, "car") == 3


# ---- places on roads -------------------------------------------------------------


def test_a_place_beside_a_two_way_road_is_reached_from_both_ends():
    places = {"school": Place(at=(1000, 200)), "house": Place(at=(2500, -50))}
    found = roads(RING, edge("ne", "n", "e"), places=places)
    assert found.off_road == {"school": 200.0, "house": 50.0}
    assert minutes(found, "n", "school") == pytest.approx(1)
    assert minutes(found, "school", "n") == pytest.approx(1)
    assert minutes(found, "school", "e") == pytest.approx(2)
    assert minutes(found, "e", "school") == pytest.approx(2)
    assert minutes(found, "school", "house") == pytest.approx(1.5)
    assert minutes(found, "house", "school") == pytest.approx(1.5)
    assert minutes(found, "n", "e") == pytest.approx(3)


def test_a_place_on_a_one_way_ring_is_left_the_way_the_road_goes():
    ring = roads(
        RING,
        edge("ne", "n", "e", one_way=True),
        edge("es", "e", "s", one_way=True),
        edge("sn", "s", "n", one_way=True),
        places={"school": Place(at=(1000, 0)), "house": Place(at=(2000, 0))},
    )
    assert minutes(ring, "school", "house") == pytest.approx(1)
    assert minutes(ring, "house", "school") == pytest.approx(11)
    assert minutes(ring, "school", "n") == pytest.approx(11)
    assert minutes(ring, "n", "school") == pytest.approx(1)


def test_a_stated_length_holds_whatever_the_map_shows_and_is_shared_by_the_place():
    places = {"school": Place(at=(750, 0))}
    found = roads(RING, edge("ne", "n", "e", length="12 km"), places=places)
    assert minutes(found, "n", "school") == pytest.approx(3)
    assert minutes(found, "school", "e") == pytest.approx(9)


# ---- positions -------------------------------------------------------------------


def test_along_a_route_the_position_is_part_of_an_arc():
    found = roads(RING, edge("ne", "n", "e"), edge("es", "e", "s"))
    state = RoadState(found)
    route = state.route(Position(found.index["n"]), found.index["s"], "car")
    assert route.minutes == 7
    there = position_after(route, 4.0, found)
    assert (found.nodes[there.node], found.road[there.arc]) == ("e", "es")
    assert there.fraction == 0.25
    assert position_after(route, 3.0, found) == Position(found.index["e"])
    assert position_after(route, 7.0, found) == Position(found.index["s"])
    assert state.minutes(there, found.index["s"], "car") == 3
    assert state.minutes(there, found.index["n"], "car") == 4


def test_on_a_closed_road_one_goes_on_or_back_at_the_old_speed():
    found = roads(RING, edge("ne", "n", "e"), edge("es", "e", "s"))
    state = RoadState(found)
    route = state.route(Position(found.index["n"]), found.index["e"], "car")
    there = position_after(route, 2.0, found)
    state.close(("ne",))
    assert state.minutes(there, found.index["e"], "car") == 1
    assert state.minutes(there, found.index["n"], "car") == 2
    state.close(("es",))
    assert state.minutes(there, found.index["s"], "car") == float("inf")


# ---- units under way -------------------------------------------------------------

TOWN = {
    "title": "Two ways round",
    "clock": {"day": "2021-05-23", "start": "06:00", "end": "10:00"},
    "roads": {
        "network": {
            "nodes": {"a": [0, 0], "b": [10000, 0], "c": [0, 5000], "d": [10000, 5000]},
            "edges": [
                edge("south", "a", "b"),
                edge("west", "a", "c"),
                edge("north", "c", "d"),
                edge("east", "d", "b"),
            ],
        },
        "classes": CLASSES,
    },
    "places": {"base": {"node": "a"}, "school": {"node": "b"}, "far": {"node": "d"}},
    "agencies": {"police": {}},
    "units": {
        "P1": {
            "agency": "police",
            "skills": ["order"],
            "base": "base",
            "mode": "car",
            "turnout": "0 min",
            "shifts": [{"from": "06:00", "until": "10:00"}],
        }
    },
    "incidents": {"brawl": {"levels": [{"needs": {"order": 1}, "on_scene": "5 min"}]}},
}
BRAWL = {"kind": "incident", "type": "brawl", "place": "school"}


def drive(*injects: tuple[str, Data]) -> list[str]:
    """Tell what is driven, met and logged of the roads, after a brawl at 07:00."""
    script = {
        f"I{i}": {"title": "Inject", "at": at, "effects": [effect]}
        for i, (at, effect) in enumerate([("07:00", BRAWL), *injects])
    }
    log = World(scenario_of({**TOWN, "script": script})).finish()
    kinds = (Kind.DROVE, Kind.ARRIVED, Kind.UNREACHABLE)
    return [str(r).replace(" unit=P1 slot=0", "") for r in log.of(*kinds)][:6]


def close(road: str, **more: str) -> Data:
    return {"kind": "close_road", "roads": [road], **more}


def test_without_a_closing_the_straight_road_is_driven():
    assert drive()[:2] == [
        "70.00 drove P1 @b km=10 minutes=10",
        "70.00 arrived I0 @school attempt=1",
    ]


def test_a_road_that_closes_under_a_unit_is_left_forward():
    # 5 km done: on to b, 5 minutes, is as quick as it was.
    assert drive(("07:05", close("south")))[:3] == [
        "65.00 drove P1 km=5 minutes=5",
        "70.00 drove P1 @b km=5 minutes=5",
        "70.00 arrived I0 @school attempt=1",
    ]


def test_a_road_that_closes_in_the_last_metres_stops_nobody_on_it():
    # At 07:09:59 there are 17 m left; they are driven at the old speed.
    assert drive(("07:09:59", close("south")))[:3] == [
        "69.98 drove P1 km=9.98333 minutes=9.98333",
        "70.00 drove P1 @b km=0.0166667 minutes=0.0166667",
        "70.00 arrived I0 @school attempt=1",
    ]


def test_a_road_that_closes_ahead_sends_the_unit_back_and_round():
    # The straight road closes before the start, so P1 goes round by c; the north
    # closes when it is 2 km beyond c, and the straight road opens then.
    found = drive(
        ("07:00", close("south", until="07:07")),
        ("07:07", close("east")),
    )
    # The 20 km round are 5 + 10 + 5. At 67 it is 2 km past c: back over c and a are
    # 2 + 5 + 10 km; on and round it cannot go.
    assert found[:3] == [
        "67.00 drove P1 km=7 minutes=7",
        "84.00 drove P1 @b km=17 minutes=17",
        "84.00 arrived I0 @school attempt=1",
    ]


def test_a_road_that_opens_turns_the_unit_round_only_if_that_is_faster():
    # P1 goes round by c; the straight road opens when it is 1 km on its way: back and
    # straight are 11 km, on and round are 19.
    assert drive(("07:00", close("south", until="07:01")))[:3] == [
        "61.00 drove P1 km=1 minutes=1",
        "72.00 drove P1 @b km=11 minutes=11",
        "72.00 arrived I0 @school attempt=1",
    ]
    # When it opens at 07:11, 11 km are done: 9 to go on, 21 to go back.
    assert drive(("07:00", close("south", until="07:11")))[:3] == [
        "71.00 drove P1 km=11 minutes=11",
        "80.00 drove P1 @b km=9 minutes=9",
        "80.00 arrived I0 @school attempt=1",
    ]


def test_a_road_that_slows_under_a_unit_slows_it_from_where_it_is():
    slow = {"kind": "slow_road", "roads": ["south"], "factor": 0.5}
    assert drive(("07:05", slow))[:3] == [
        "65.00 drove P1 km=5 minutes=5",
        "75.00 drove P1 @b km=5 minutes=10",
        "75.00 arrived I0 @school attempt=1",
    ]


def test_a_unit_that_is_cut_off_waits_where_it_is_and_goes_on_when_a_road_opens():
    # It goes round by c; then both ways to the school close, for 20 minutes.
    found = drive(
        ("07:00", close("south")),
        ("07:06", close("east", until="07:26")),
    )
    assert found == [
        "66.00 drove P1 km=6 minutes=6",
        "66.00 unreachable P1 to=b",
        "100.00 drove P1 @b km=14 minutes=14",
        "100.00 arrived I0 @school attempt=1",
        # Home it goes the same way round.
        "125.00 drove P1 @a km=20 minutes=20",
    ]


def test_an_incident_that_no_road_leads_to_is_logged_and_served_when_one_opens():
    found = drive(
        ("06:50", close("south", until="07:30")),
        ("06:50", close("east")),
    )
    assert found[:3] == [
        "60.00 unreachable I0 @school skill=order",
        "100.00 drove P1 @b km=10 minutes=10",
        "100.00 arrived I0 @school attempt=1",
    ]


def test_two_closings_of_one_road_both_have_to_end():
    found = drive(
        ("06:50", close("south", until="07:30")),
        ("06:50", close("south", until="07:20")),
        ("06:50", close("east")),
    )
    assert found[1] == "100.00 drove P1 @b km=10 minutes=10"
