# Barred turns, worked out by hand: 60 km/h, so that 1000 m take a minute.

from dataclasses import dataclass

import networkx as nx
import pytest

from scenarios.force import MODES
from scenarios.place import Place
from scenarios.problem import ScenarioError
from scenarios.road import Roads
from simulator.road import Position, RoadMap, RoadState, position_after, road_map

ALL = frozenset(MODES)
CLASSES = {
    "lane": {"car": "60 km/h", "motorcycle": "60 km/h"},
    "way": {"foot": "6 km/h"},
}


@dataclass(frozen=True)
class Turn:
    from_road: str
    via: str
    to_road: str
    barred: frozenset[str] = ALL


def found(nodes, *edges, turns=(), places=None) -> RoadMap:
    """Make a map of two-way roads: name, tail, head, and facts if any."""
    graph = nx.MultiDiGraph(origin=None, turns=turns)
    for node, (x, y) in nodes.items():
        graph.add_node(node, x=x, y=y)
    for name, tail, head, *more in edges:
        facts = {"road": "lane", "speed": None, "name": "", "one_way": False}
        facts |= more[0] if more else {}
        one_way, line = facts.pop("one_way"), [nodes[tail], nodes[head]]
        length = sum(abs(a - b) for a, b in zip(*line, strict=True))
        facts = {"id": name, "length": length, **facts}
        graph.add_edge(tail, head, **facts, geometry=line)
        if not one_way:
            graph.add_edge(head, tail, **facts, geometry=line[::-1])
    spec = Roads.model_validate({"file": "roads.graphml", "classes": CLASSES})
    return road_map(graph, spec, places or {})


def minutes(roads: RoadMap, tail: str, head: str, mode: str = "car") -> float:
    names = {**roads.index, **roads.places}
    return RoadState(roads).minutes(Position(names[tail]), names[head], mode)


# A crossing at x; a block round by c, 1 km a side.
#
#   c --- n
#   |     |
#   w --- x --- e
CROSS = {
    "x": (0, 0),
    "e": (1000, 0),
    "w": (-1000, 0),
    "n": (0, 1000),
    "c": (-1000, 1000),
}
EDGES = (
    ("we", "w", "x"),
    ("ee", "x", "e"),
    ("nx", "x", "n"),
    ("cn", "c", "n"),
    ("wc", "w", "c"),
)
NO_LEFT = Turn("ee", "x", "nx")


def test_a_barred_turn_sends_the_way_round_and_only_that_way():
    roads = found(CROSS, *EDGES, turns=(NO_LEFT,))
    assert minutes(roads, "e", "x") == 1  # to stop at the node is no turn
    assert minutes(roads, "e", "n") == 4  # by way of w, where it may turn back
    assert minutes(roads, "n", "e") == 2  # the other way is free
    assert minutes(roads, "w", "n") == 2
    assert minutes(roads, "x", "n") == 1  # who stands at the node comes from no road


def test_who_is_exempt_turns():
    roads = found(CROSS, *EDGES, turns=(Turn("ee", "x", "nx", frozenset({"car"})),))
    assert minutes(roads, "e", "n", "car") == 4
    assert minutes(roads, "e", "n", "motorcycle") == 2


def test_two_restrictions_on_one_road_hold_each_for_its_modes():
    turns = (
        Turn("ee", "x", "nx", frozenset({"car"})),
        Turn("ee", "x", "we", frozenset({"motorcycle"})),
    )
    roads = found(CROSS, *EDGES, turns=turns)
    assert minutes(roads, "e", "w", "motorcycle") == 4
    assert minutes(roads, "e", "w", "car") == 2


def test_a_u_turn_that_is_barred_is_made_farther_on():
    back, ahead = Turn("ee", "x", "ee"), Turn("ee", "x", "nx")
    roads = found(CROSS, *EDGES, turns=(back, ahead))
    state = RoadState(roads)
    # From mid-road one may still turn round; past the node the way leads over w.
    arc = next(
        i
        for i, name in enumerate(roads.road)
        if name == "ee" and roads.nodes[roads.tail[i]] == "e"
    )
    there = Position(roads.index["e"], arc, 0.25)
    assert state.minutes(there, roads.index["e"], "car") == 0.25
    assert state.minutes(there, roads.index["w"], "car") == 1.75


def test_who_turns_back_mid_road_comes_to_the_node_on_that_road():
    roads = found(CROSS, *EDGES, turns=(NO_LEFT,))
    state = RoadState(roads)
    # On the way from x to e, 250 m done: back at x the turn to n is barred.
    arc = next(
        i
        for i, name in enumerate(roads.road)
        if name == "ee" and roads.nodes[roads.tail[i]] == "x"
    )
    there = Position(roads.index["x"], arc, 0.25)
    assert state.minutes(there, roads.index["n"], "car") == 0.25 + 3
    assert state.route(there, roads.index["n"], "car").minutes == 0.25 + 3


def test_a_place_before_the_node_keeps_the_restriction_and_opens_no_way_round():
    places = {"before": Place(at=(400, 0)), "behind": Place(at=(-300, 0))}
    roads = found(CROSS, *EDGES, turns=(NO_LEFT,), places=places)
    assert minutes(roads, "before", "n") == pytest.approx(0.4 + 3)
    # Nobody turns back at a place in passing: x to w and back stays the way round.
    assert minutes(roads, "e", "n") == pytest.approx(4)
    # But who was there turns as it likes.
    assert minutes(roads, "behind", "n") == pytest.approx(0.3 + 1)
    assert minutes(roads, "before", "e") == pytest.approx(0.6)


def test_along_a_way_over_a_split_node_everybody_stands_at_nodes_of_the_map():
    roads = found(CROSS, *EDGES, turns=(NO_LEFT,))
    state = RoadState(roads)
    route = state.route(Position(roads.index["e"]), roads.index["n"], "car")
    assert [roads.road[leg.arc] for leg in route.legs] == ["ee", "we", "wc", "cn"]
    assert position_after(route, 1.0, roads) == Position(roads.index["x"])
    there = position_after(route, 1.5, roads)
    assert (there.node, roads.road[there.arc]) == (roads.index["x"], "we")
    # Re-routed in mid-road it may turn round, which it may not plan to do.
    assert state.minutes(there, roads.index["n"], "car") == 0.5 + 1
    assert position_after(route, 4.0, roads) == Position(roads.index["n"])
    assert roads.roads_at(roads.index["x"]) == ("we", "ee", "nx")


def test_closing_a_road_closes_it_to_those_who_come_by_a_copy_too():
    roads = found(CROSS, *EDGES, turns=(NO_LEFT,))
    state, ends = RoadState(roads), (Position(roads.index["e"]), roads.index["n"])
    state.close(("we",))
    assert state.minutes(*ends, "car") == float("inf")
    state.open(("we",))
    state.slow(("we",), 0.5)
    assert state.minutes(*ends, "car") == 5


def test_a_restriction_that_names_no_road_here_changes_nothing():
    roads = found(CROSS, *EDGES, turns=(Turn("ee", "far", "nx"), Turn("a", "x", "b")))
    assert len(roads.stands) == len(roads.nodes)
    assert minutes(roads, "e", "n") == 2


# ---- barred arcs, stated times ---------------------------------------------------


def test_an_arc_may_be_barred_to_a_mode_and_its_time_be_stated():
    roads = found(
        CROSS,
        ("we", "w", "x", {"barred": frozenset({"car"})}),
        ("ee", "x", "e", {"minutes": 7.0}),
        ("cn", "c", "n", {"road": "way", "minutes": 2.0}),
    )
    assert minutes(roads, "w", "x", "car") == float("inf")
    assert minutes(roads, "w", "x", "motorcycle") == 1
    assert (
        minutes(roads, "x", "e", "car") == minutes(roads, "x", "e", "motorcycle") == 7
    )
    assert minutes(roads, "c", "n", "foot") == 2
    assert minutes(roads, "c", "n", "car") == float("inf")


@pytest.mark.parametrize(
    "facts",
    [
        {"length": float("nan")},
        {"minutes": float("nan")},
        {"speed": float("nan")},
        {"minutes": -1.0},
        {"length": float("inf")},
        {"speed": 0.0},
    ],
)
def test_what_is_no_number_is_refused(facts):
    with pytest.raises(ScenarioError, match="road 'we' has no sound"):
        found(CROSS, ("we", "w", "x", facts))


# ---- where places are put --------------------------------------------------------


def test_a_place_is_put_on_a_road_for_cars_before_a_nearer_footpath():
    edges = (
        ("we", "w", "x"),
        ("cn", "c", "n", {"road": "way"}),
        ("nx", "x", "n", {"road": "way"}),
    )
    near = {"school": Place(at=(-500, 600))}
    roads = found(CROSS, *edges, places=near)
    # 400 m to the path, 600 m to the road: too far to be meant.
    assert roads.off_road["school"] == 400
    roads = found(CROSS, *edges, places={"school": Place(at=(-500, 501))})
    assert roads.off_road["school"] == 499
    roads = found(CROSS, *edges, places={"school": Place(at=(-500, 450))})
    assert roads.off_road["school"] == 450
    assert minutes(roads, "w", "school") == 0.5


def test_a_place_in_an_alley_is_put_on_the_street_if_that_is_a_short_walk():
    alley = {"barred": frozenset({"car"})}
    for y, off in ((500, 500), (851, 149), (150, 150), (149, 149)):
        places = {"school": Place(at=(-500, y))}
        edges = (("we", "w", "x"), ("cn", "c", "n", alley), ("nx", "x", "n", alley))
        roads = found(CROSS, *edges, ("wc", "w", "c", alley), places=places)
        assert roads.off_road["school"] == off, y
    assert minutes(roads, "w", "school", "car") == 0.5


def test_a_place_is_put_where_one_can_come_and_go():
    ends = {**CROSS, "out": (0, -100)}
    edges = (
        ("we", "w", "x"),
        ("ee", "x", "e"),
        ("stub", "x", "out", {"one_way": True}),
    )
    roads = found(ends, *edges, places={"school": Place(at=(10, -90))})
    assert roads.off_road["school"] == 90


def test_a_place_on_a_road_with_a_bus_lane_against_the_stream_is_on_both_directions():
    # The first direction is barred to all that count; the place is put by the second.
    nodes = {"a": (0, 0), "b": (1000, 0), "c": (500, 800)}
    barred = {"barred": frozenset({"car", "motorcycle"}), "one_way": True}
    roads = found(
        nodes,
        ("ab", "a", "b", barred),
        ("ab", "b", "a", {"one_way": True}),
        ("ac", "a", "c", {"one_way": True}),
        ("cb", "c", "b", {"one_way": True}),
        places={"school": Place(at=(200, -10))},
    )
    assert minutes(roads, "b", "school") == pytest.approx(0.8)
    assert minutes(roads, "school", "a") == pytest.approx(0.2)
    assert sorted(
        length
        for length, name in zip(roads.length, roads.road, strict=True)
        if name == "ab"
    ) == pytest.approx([200, 200, 800, 800])
    for arc, line in enumerate(roads.points):
        ends = roads.position[roads.tail[arc]], roads.position[roads.head[arc]]
        assert line[0] == pytest.approx(ends[0])
        assert line[-1] == pytest.approx(ends[1])
