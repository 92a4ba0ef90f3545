# Routes against networkx on the same graph, with closures, slow roads and positions
# mid-road; travel times are worked out here from the file's own words.

from functools import partial
from math import inf, isinf

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.place import Place
from scenarios.road import Network, Roads
from scenarios.road.network import graph_of
from simulator.road import Position, RoadMap, RoadState, position_after, road_map
from tests.worlds import MODES, SPEEDS, Data, roads_of

ordinary = settings(max_examples=50, deadline=None, derandomize=True)
many = settings(max_examples=2000, deadline=None)


@st.composite
def graphs(draw: st.DrawFn) -> Data:
    """Make any network: parallel roads, circles, dead ends, islands, zero lengths."""
    number = draw(st.integers(1, 7))
    nodes = {
        f"n{i}": [float(draw(st.integers(0, 50))), float(draw(st.integers(0, 50)))]
        for i in range(number)
    }
    name = st.sampled_from(list(nodes))
    edges = []
    for i in range(draw(st.integers(1, 14))):
        edge = {"id": f"r{i}", "from": draw(name), "to": draw(name)}
        edge["road"] = draw(st.sampled_from(list(SPEEDS)))
        edge["one_way"] = draw(st.booleans())
        edge["length"] = f"{draw(st.integers(0, 3000))} m"
        if draw(st.booleans()):
            edge["speed"] = f"{draw(st.integers(5, 90))} km/h"
        edges.append(edge)
    return {"nodes": nodes, "edges": edges}


@st.composite
def disruptions(draw: st.DrawFn, network: Data) -> list[tuple[str, str, float]]:
    road = st.sampled_from([edge["id"] for edge in network["edges"]])
    kind = st.sampled_from(["close", "slow", "open", "unslow"])
    factor = st.sampled_from([0.1, 0.5, 0.75])
    return draw(st.lists(st.tuples(kind, road, factor), max_size=8))


cases = graphs().flatmap(lambda g: st.tuples(st.just(g), disruptions(g)))


# ---- the plain way ---------------------------------------------------------------


def passing_minutes(edge: Data, mode: str, slow: list[float]) -> float:
    """Minutes on a road by its class, its limit and what slows it."""
    speed = SPEEDS[edge["road"]].get(mode)
    if speed is None:
        return inf
    if "speed" in edge and mode != "foot":
        limit = int(edge["speed"].removesuffix(" km/h"))
        # A limit is the speed of a car; others keep to it if they can reach it.
        speed = limit if mode == "car" else min(speed, limit)
    for factor in slow:
        speed *= factor
    return int(edge["length"].removesuffix(" m")) / (speed * 1000 / 60)


class Plain:
    """Closures and slowings in force, and the graph that they leave."""

    def __init__(self, network: Data) -> None:
        self.network = network
        self.edges = {edge["id"]: edge for edge in network["edges"]}
        self.closed: list[str] = []
        self.slow: dict[str, list[float]] = {name: [] for name in self.edges}

    def minutes_of(self, road: str, mode: str) -> float:
        return passing_minutes(self.edges[road], mode, self.slow[road])

    def graph(self, mode: str) -> nx.MultiDiGraph:
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(self.network["nodes"])
        for name, edge in self.edges.items():
            minutes = self.minutes_of(name, mode)
            if name in self.closed or isinf(minutes):
                continue
            graph.add_edge(edge["from"], edge["to"], minutes=minutes)
            if not edge["one_way"]:
                graph.add_edge(edge["to"], edge["from"], minutes=minutes)
        return graph


def both(network: Data, changes: list[tuple[str, str, float]]):
    """Disrupt the engine's roads and the plain ones alike."""
    state, plain = RoadState(map_of(network)), Plain(network)
    for kind, road, factor in changes:
        # What is asked between two changes must leave nothing behind.
        all_times(state, len(network["nodes"]))
        if kind == "close":
            state.close((road,))
            plain.closed.append(road)
        elif kind == "open" and road in plain.closed:
            state.open((road,))
            plain.closed.remove(road)
        elif kind == "slow":
            state.slow((road,), factor)
            plain.slow[road].append(factor)
        elif kind == "unslow" and factor in plain.slow[road]:
            state.unslow((road,), factor)
            plain.slow[road].remove(factor)
    return state, plain


def all_times(state: RoadState, number: int) -> list[float]:
    return [
        state.minutes(Position(tail), head, mode)
        for mode in MODES
        for tail in range(number)
        for head in range(number)
    ]


def map_of(network: Data, places: dict[str, Place] | None = None) -> RoadMap:
    roads = Roads.model_validate(roads_of(network))
    return road_map(
        graph_of(Network.model_validate(network)), roads, dict(places or {})
    )


def near(one: float, other: float) -> bool:
    return one == other or abs(one - other) <= 1e-9 * max(1.0, abs(other))


# ---- laws ------------------------------------------------------------------------


def check_times(network: Data, changes: list[tuple[str, str, float]]) -> None:
    state, plain = both(network, changes)
    for mode in MODES:
        graph = plain.graph(mode)
        for tail in network["nodes"]:
            times = nx.single_source_dijkstra_path_length(graph, tail, weight="minutes")
            for head in network["nodes"]:
                start = Position(state.map.index[tail])
                found = state.minutes(start, state.map.index[head], mode)
                assert near(found, times.get(head, inf)), (mode, tail, head)


@ordinary
@given(cases)
def test_travel_times_are_those_of_networkx_under_any_closures(case):
    check_times(*case)


def check_mid_road(network: Data, changes, fraction: float) -> None:
    """Who is on a road may go on or, where it has two directions, turn round."""
    state, plain = both(network, changes)
    index = state.map.index
    for mode in MODES:
        graph = plain.graph(mode)
        times = dict(nx.all_pairs_dijkstra_path_length(graph, weight="minutes"))
        for arc, road in enumerate(state.map.road):
            tail = state.map.nodes[state.map.tail[arc]]
            head = state.map.nodes[state.map.head[arc]]
            passing = plain.minutes_of(road, mode)
            if isinf(passing):
                continue
            position = Position(index[tail], arc, fraction)
            for target in network["nodes"]:
                ways = [(1 - fraction) * passing + times[head].get(target, inf)]
                if not plain.edges[road]["one_way"]:
                    ways.append(fraction * passing + times[tail].get(target, inf))
                found = state.minutes(position, index[target], mode)
                assert near(found, min(ways)), (mode, road, target)
                check_way(state, position, index[target], mode)


def check_way(state: RoadState, start: Position, target: int, mode: str) -> None:
    """A third of the way on, two thirds of the time are left."""
    route = state.route(start, target, mode)
    minutes = state.minutes(start, target, mode)
    assert (route is None) == isinf(minutes)
    if route is not None:
        assert near(route.minutes, minutes)
        under_way = position_after(route, minutes / 3, state.map)
        left = state.minutes(under_way, target, mode)
        assert abs(left - 2 * minutes / 3) <= 1e-6, (start, target, mode)


@ordinary
@given(cases, st.floats(0.01, 0.99))
def test_from_mid_road_the_way_leads_on_or_back_whichever_is_faster(case, fraction):
    check_mid_road(*case, fraction)


def check_routes(network: Data, changes, part: float) -> None:
    """A route is a chain of open roads; along it the time left falls as time passes."""
    state, plain = both(network, changes)
    for mode in MODES:
        for tail in range(len(network["nodes"])):
            for head in range(len(network["nodes"])):
                minutes = state.minutes(Position(tail), head, mode)
                route = state.route(Position(tail), head, mode)
                assert (route is None) == isinf(minutes)
                if route is None:
                    continue
                at = tail
                for leg in route.legs:
                    assert state.map.tail[leg.arc] == at
                    assert state.map.road[leg.arc] not in plain.closed
                    assert (leg.start, leg.stop) == (0.0, 1.0)
                    at = state.map.head[leg.arc]
                assert at == head == route.target
                assert near(route.minutes, minutes)
                under_way = position_after(route, part * minutes, state.map)
                left = state.minutes(under_way, head, mode)
                assert abs(left - (1 - part) * minutes) <= 1e-6, (mode, tail, head)
                arrived = position_after(route, route.minutes, state.map)
                assert state.minutes(arrived, head, mode) <= 1e-9


@ordinary
@given(cases, st.floats(0, 1))
def test_a_route_is_open_unbroken_and_as_long_as_it_says(case, part):
    check_routes(*case, part)


def check_new_road(network: Data, changes, edge: Data) -> None:
    before, _ = both(network, changes)
    wider = {**network, "edges": [*network["edges"], edge]}
    after, _ = both(wider, changes)
    for mode in MODES:
        for tail in range(len(network["nodes"])):
            for head in range(len(network["nodes"])):
                old = before.minutes(Position(tail), head, mode)
                new = after.minutes(Position(tail), head, mode)
                assert new <= old + 1e-9, (mode, tail, head)


@st.composite
def with_a_new_road(draw: st.DrawFn):
    network, changes = draw(cases)
    name = st.sampled_from(list(network["nodes"]))
    edge = {"id": "new", "from": draw(name), "to": draw(name), "road": "lane"}
    edge["length"] = f"{draw(st.integers(0, 3000))} m"
    return network, changes, edge


@ordinary
@given(with_a_new_road())
def test_a_new_road_never_makes_a_trip_longer(case):
    check_new_road(*case)


@ordinary
@given(graphs(), st.data())
def test_what_is_undone_leaves_no_trace(network, data):
    """Closings and slowings that are all undone give the first times to the bit."""
    state, number = RoadState(map_of(network)), len(network["nodes"])
    first = all_times(state, number)
    roads = st.sampled_from([edge["id"] for edge in network["edges"]])
    undo = []
    for road in data.draw(st.lists(roads, max_size=4)):
        state.close((road,))
        state.slow((road,), 0.3)
        undo += [partial(state.open, (road,)), partial(state.unslow, (road,), 0.3)]
    for action in data.draw(st.permutations(undo)):
        all_times(state, number)
        action()
    assert all_times(state, number) == first


# ---- places on roads -------------------------------------------------------------


@st.composite
def placed(draw: st.DrawFn):
    """Make a two-way chain with one-way roads beside it, and places near them."""
    number = draw(st.integers(2, 5))
    xs = draw(st.lists(st.integers(1, 9), min_size=number - 1, max_size=number - 1))
    nodes = {"n0": [0.0, 0.0]}
    for i, x in enumerate(xs):
        left = nodes[f"n{i}"][0]
        nodes[f"n{i + 1}"] = [left + 100.0 * x, 0.0]
    edges = [
        {"id": f"r{i}", "from": f"n{i}", "to": f"n{i + 1}", "road": "lane"}
        for i in range(number - 1)
    ]
    spots = draw(
        st.lists(
            st.floats(1, nodes[f"n{number - 1}"][0] - 1),
            min_size=1,
            max_size=4,
            unique_by=lambda x: round(x, 3),
        )
    )
    return {"nodes": nodes, "edges": edges}, spots


@ordinary
@given(placed())
def test_places_on_a_straight_road_are_as_far_apart_as_their_feet(case):
    network, spots = case
    places = {f"p{i}": Place(at=(x, 25.0)) for i, x in enumerate(spots)}
    found = map_of(network, places)
    state = RoadState(found)
    speed = SPEEDS["lane"]["car"] * 1000 / 60
    for i, here in enumerate(spots):
        assert abs(found.off_road[f"p{i}"] - 25.0) <= 1e-6
        for j, there in enumerate(spots):
            one, other = found.places[f"p{i}"], found.places[f"p{j}"]
            minutes = state.minutes(Position(one), other, "car")
            assert abs(minutes - abs(here - there) / speed) <= 1e-6, (here, there)
    for road in {edge["id"] for edge in network["edges"]}:
        arcs = [k for k, name in enumerate(found.road) if name == road]
        a, b = (network["nodes"][n][0] for n in ends_of(network, road))
        assert abs(sum(found.length[arcs]) - 2 * abs(b - a)) <= 1e-6, road


def ends_of(network: Data, road: str) -> tuple[str, str]:
    edge = next(e for e in network["edges"] if e["id"] == road)
    return edge["from"], edge["to"]


@pytest.mark.deep
@many
@given(with_a_new_road(), st.floats(0.01, 0.99))
def test_the_laws_of_routes_hold_on_many_graphs(case, fraction):
    network, changes, edge = case
    check_times(network, changes)
    check_mid_road(network, changes, fraction)
    check_routes(network, changes, fraction)
    check_new_road(network, changes, edge)
