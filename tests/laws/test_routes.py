# Routes against networkx on the same graph, with closures, slow roads and positions
# mid-road, barred turns, ferries; travel times are worked out here from the words of
# the file.

from dataclasses import dataclass, replace
from functools import partial
from math import inf, isinf

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.force import MODES
from scenarios.place import Place
from scenarios.road import Network, Roads
from scenarios.road.network import graph_of
from simulator.log import Kind
from simulator.road import (
    Position,
    RoadMap,
    RoadState,
    metres_of,
    position_after,
    road_map,
)
from simulator.world import World
from tests.worlds import (
    END,
    SPEEDS,
    Data,
    clock_text,
    roads_of,
    scenario_of,
    worlds,
)

ordinary = settings(max_examples=50, deadline=None, derandomize=True)
many = settings(max_examples=2000, deadline=None)


@st.composite
def graphs(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(SPEEDS)) -> Data:
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
        edge["road"] = draw(st.sampled_from(kinds))
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


# ---- turns, ferries, barred modes, stated times ------------------------------------
#
# The plain way here searches over arcs instead of nodes: from one arc only those may
# follow that no restriction bars.

FERRY_SPEEDS = {"car": 12, "motorcycle": 12, "foot": 12}
RICH = {**SPEEDS, "ferry": FERRY_SPEEDS, "waterway": {"boat": 18}}


@dataclass(frozen=True)
class NoTurn:
    from_road: str
    via: str
    to_road: str
    barred: frozenset[str]


@dataclass(frozen=True)
class Rich:
    network: Data
    arcs: tuple[Data, ...]
    turns: tuple[NoTurn, ...]
    ferries: Data
    changes: tuple[tuple[str, str, float], ...]

    def map(self, places: dict[str, Place] | None = None) -> RoadMap:
        graph = nx.MultiDiGraph(origin=None, turns=self.turns)
        for node, (x, y) in self.network["nodes"].items():
            graph.add_node(node, x=x, y=y)
        for arc in self.arcs:
            facts = {k: v for k, v in arc.items() if k not in ("tail", "head")}
            ends = [tuple(self.network["nodes"][arc[e]]) for e in ("tail", "head")]
            graph.add_edge(arc["tail"], arc["head"], **facts, name="", geometry=ends)
        assert [arc["id"] for arc in self.by_node()] == [
            data["id"] for _, _, data in graph.edges(data=True)
        ]
        return road_map(graph, self.spec(), dict(places or {}))

    def by_node(self) -> list[Data]:
        """List the arcs in the order in which networkx gives them."""
        order = list(self.network["nodes"])
        heads: dict[str, list[str]] = {node: [] for node in order}
        for arc in self.arcs:
            if arc["head"] not in heads[arc["tail"]]:
                heads[arc["tail"]].append(arc["head"])
        return [
            arc
            for tail in order
            for head in heads[tail]
            for arc in self.arcs
            if (arc["tail"], arc["head"]) == (tail, head)
        ]

    def spec(self) -> Roads:
        classes = {
            name: {mode: f"{speed} km/h" for mode, speed in speeds.items()}
            for name, speeds in RICH.items()
        }
        data = {"network": self.network, "classes": classes, "ferries": self.ferries}
        return Roads.model_validate(data)

    def state(self, found: RoadMap) -> RoadState:
        state = RoadState(found)
        for kind, road, factor in self.changes:
            if kind == "close":
                state.close((road,))
            else:
                state.slow((road,), factor)
        return state


@st.composite
def rich(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(RICH)) -> Rich:
    network = draw(graphs(kinds))
    modes = st.frozensets(st.sampled_from(MODES), max_size=2)
    arcs = []
    for edge in network["edges"]:
        facts = {"id": edge["id"], "road": edge["road"]}
        facts["length"] = float(edge["length"].removesuffix(" m"))
        facts["speed"] = None
        if "speed" in edge:
            facts["speed"] = int(edge["speed"].removesuffix(" km/h")) * 1000 / 60
        ends = {"tail": edge["from"], "head": edge["to"]}
        for tail, head in (("tail", "head"), ("head", "tail")):
            if tail == "head" and edge["one_way"]:
                continue
            arc = {**facts, "tail": ends[tail], "head": ends[head]}
            if draw(st.booleans()):
                arc["barred"] = draw(modes)
            if draw(st.sampled_from([False, False, False, True])):
                arc["minutes"] = draw(st.sampled_from([0.0, 0.7, 4.0]))
            arcs.append(arc)
    road = st.sampled_from([edge["id"] for edge in network["edges"]])
    return Rich(
        network=network,
        arcs=tuple(arcs),
        turns=tuple(draw(st.lists(turns(arcs), max_size=6))),
        ferries=draw(st.dictionaries(road, ferries(), max_size=2)),
        changes=tuple(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from(["close", "slow"]),
                        road,
                        st.sampled_from([0.1, 0.75]),
                    ),
                    max_size=3,
                )
            )
        ),
    )


@st.composite
def turns(draw: st.DrawFn, arcs: list[Data]) -> NoTurn:
    """Bar one turn that can be made, U-turns included, to some modes or to all."""
    into = draw(st.sampled_from(arcs))
    onto = [arc for arc in arcs if arc["tail"] == into["head"]] or [into]
    some = st.frozensets(st.sampled_from(MODES), min_size=1)
    barred = draw(st.one_of(st.just(frozenset(MODES)), some))
    return NoTurn(into["id"], into["head"], draw(st.sampled_from(onto))["id"], barred)


@st.composite
def ferries(draw: st.DrawFn) -> Data:
    found: Data = {}
    if draw(st.booleans()):
        found["speed"] = "6 km/h"
    if draw(st.booleans()):
        found["wait"] = draw(st.sampled_from(["0 min", "5 min"]))
    if draw(st.booleans()):
        modes = st.lists(st.sampled_from(MODES), min_size=1, max_size=3, unique=True)
        found["modes"] = draw(modes)
    return found


def plain_minutes(case: Rich, arc: Data, mode: str) -> float:
    """Minutes to pass an arc that is open, with the slowings in force."""
    speed, limit = RICH[arc["road"]].get(mode), arc["speed"]
    free = inf
    if speed is not None:
        speed *= 1000 / 60
        if limit is not None and mode != "foot":
            speed = limit if mode == "car" else min(speed, limit)
        free = arc.get("minutes", arc["length"] / speed)
    barred = mode in arc.get("barred", ())
    minutes = inf if barred else free
    if arc["road"] == "ferry" or arc["id"] in case.ferries:
        ferry = case.ferries.get(arc["id"], {})
        carried = mode in ferry["modes"] if "modes" in ferry else minutes < inf
        crossing = arc.get("minutes", free)
        if "speed" in ferry:
            crossing = arc["length"] / 100
        wait = float(ferry.get("wait", "10 min").removesuffix(" min"))
        minutes = crossing + wait if carried else inf
    for kind, road, factor in case.changes:
        minutes /= factor if (kind, road) == ("slow", arc["id"]) else 1
    return minutes


def over_arcs(case: Rich, mode: str) -> nx.DiGraph:
    """Make the graph of arcs: which may follow which, and what the next one takes."""
    closed = {road for kind, road, _ in case.changes if kind == "close"}
    arcs = case.by_node()
    graph = nx.DiGraph()
    graph.add_nodes_from([("done", i) for i in range(len(arcs))])
    for i, arc in enumerate(arcs):
        minutes = plain_minutes(case, arc, mode)
        if arc["id"] in closed or isinf(minutes):
            continue
        graph.add_edge(("at", arc["tail"]), ("done", i), minutes=minutes)
        for j, before in enumerate(arcs):
            barred = any(
                (turn.from_road, turn.via, turn.to_road)
                == (before["id"], arc["tail"], arc["id"])
                and mode in turn.barred
                for turn in case.turns
            )
            if before["head"] == arc["tail"] and not barred:
                graph.add_edge(("done", j), ("done", i), minutes=minutes)
    graph.add_nodes_from([("at", node) for node in case.network["nodes"]])
    for i, arc in enumerate(arcs):
        graph.add_edge(("done", i), ("there", arc["head"]), minutes=0)
    return graph


def check_rich_times(case: Rich) -> None:
    state = case.state(case.map())
    for mode in MODES:
        graph = over_arcs(case, mode)
        for tail in case.network["nodes"]:
            times = nx.single_source_dijkstra_path_length(
                graph, ("at", tail), weight="minutes"
            )
            for head in case.network["nodes"]:
                expected = 0.0 if tail == head else times.get(("there", head), inf)
                start, end = state.map.index[tail], state.map.index[head]
                found = state.minutes(Position(start), end, mode)
                assert near(found, expected), (mode, tail, head)
                assert state.times_to(end, mode)[start] == found
                check_rich_route(case, state, (start, end), mode)


def check_rich_route(case: Rich, state: RoadState, ends, mode: str) -> None:
    """A route takes no barred turn, no closed road, and no less than its speed asks."""
    found, route = state.map, state.route(Position(ends[0]), ends[1], mode)
    minutes = state.minutes(Position(ends[0]), ends[1], mode)
    assert (route is None) == isinf(minutes)
    if route is None:
        return
    assert near(route.minutes, minutes)
    closed = {road for kind, road, _ in case.changes if kind == "close"}
    barred = {(t.from_road, t.via, t.to_road) for t in case.turns if mode in t.barred}
    at, came = ends[0], None
    for leg in route.legs:
        road, tail = found.road[leg.arc], found.stands[found.tail[leg.arc]]
        assert tail == at
        assert road not in closed
        assert (came, found.nodes[at], road) not in barred
        at, came = found.stands[found.head[leg.arc]], road
    assert at == ends[1]
    if not any("minutes" in arc for arc in case.arcs):
        top = max(s for speeds in RICH.values() for s in speeds.values())
        limits = [arc["speed"] or 0 for arc in case.arcs]
        top = max(top * 1000 / 60, *limits)
        metres = metres_of(route, route.minutes, found)
        assert metres <= top * route.minutes * (1 + 1e-9)


@ordinary
@given(rich())
def test_turns_ferries_and_barred_modes_are_those_of_a_search_over_arcs(case):
    check_rich_times(case)


def check_rich_mid_road(case: Rich, fraction: float) -> None:
    """Mid-road restrictions of the nodes ahead hold; nobody turns back on a ferry."""
    state, arcs = case.state(case.map()), case.by_node()
    for mode in MODES:
        graph = over_arcs(case, mode)
        times = {
            i: nx.single_source_dijkstra_path_length(
                graph, ("done", i), weight="minutes"
            )
            for i in range(len(arcs))
        }
        for i, arc in enumerate(arcs):
            passing = plain_minutes(case, arc, mode)
            if isinf(passing):
                continue
            back = None
            if arc["road"] != "ferry" and arc["id"] not in case.ferries:
                back = twin_of(case, i)
            position = Position(state.map.index[arc["tail"]], i, fraction)
            for target in case.network["nodes"]:
                ways = [(1 - fraction) * passing + times[i].get(("there", target), inf)]
                if back is not None:
                    left = fraction * plain_minutes(case, arcs[back], mode)
                    ways.append(left + times[back].get(("there", target), inf))
                end = state.map.index[target]
                found = state.minutes(position, end, mode)
                assert near(found, min(ways)), (mode, arc, target)
                route = state.route(position, end, mode)
                assert (route is None) == isinf(found)
                assert route is None or near(route.minutes, found)


def twin_of(case: Rich, arc: int) -> int | None:
    """Find the other direction of a road; a circle's two are paired in order."""
    arcs = case.by_node()
    own = [i for i, other in enumerate(arcs) if other["id"] == arcs[arc]["id"]]
    return next((i for i in own if i != arc), None)


@ordinary
@given(rich(), st.floats(0.01, 0.99))
def test_from_mid_road_turns_hold_and_nobody_turns_back_on_a_ferry(case, fraction):
    check_rich_mid_road(case, fraction)


def check_places_are_transparent(case: Rich, spots: list[tuple[float, float]]) -> None:
    """Putting places on roads changes no trip between other nodes."""
    bare = case.state(case.map())
    places = {f"p{i}": Place(at=spot) for i, spot in enumerate(spots)}
    full = case.state(case.map(places))
    number = len(case.network["nodes"])
    for mode in MODES:
        for head in range(number):
            before = bare.times_to(head, mode)
            after = full.times_to(head, mode)[:number]
            assert all(map(near, after.tolist(), before.tolist())), (mode, head)


a_spot = st.tuples(st.floats(0, 50), st.floats(0, 50))


@ordinary
@given(rich(("wide", "lane", "path")), st.lists(a_spot, min_size=1, max_size=4))
def test_a_place_on_a_road_changes_no_other_trip(case, spots):
    check_places_are_transparent(replace(case, ferries={}), spots)


def check_rich_new_road(case: Rich, arc: Data) -> None:
    before = case.state(case.map())
    wider = replace(case, arcs=(*case.arcs, arc))
    after = wider.state(wider.map())
    for mode in MODES:
        for head in range(len(case.network["nodes"])):
            old, new = before.times_to(head, mode), after.times_to(head, mode)
            assert (new <= old + 1e-9).all(), (mode, head)


@st.composite
def with_a_new_arc(draw: st.DrawFn) -> tuple[Rich, Data]:
    case = draw(rich())
    name = st.sampled_from(list(case.network["nodes"]))
    arc = {"id": "new", "tail": draw(name), "head": draw(name), "road": "lane"}
    return case, {**arc, "length": draw(st.floats(0, 3000)), "speed": None}


@ordinary
@given(with_a_new_arc())
def test_a_new_road_never_makes_a_trip_longer_where_turns_are_barred(case):
    check_rich_new_road(*case)


@ordinary
@given(rich())
def test_what_was_kept_of_a_state_that_comes_back_is_right(case):
    """Searches kept from before a closing serve again after it, and only then."""
    found = case.map()
    state, number = RoadState(found), len(case.network["nodes"])
    first = all_times(state, number)
    for name, road, factor in case.changes:
        (state.close if name == "close" else partial(state.slow, factor=factor))(
            (road,)
        )
        all_times(state, number)
    assert all_times(state, number) == all_times(case.state(case.map()), number)
    kept = len(found.searches)
    state.reopen(tuple(found.roads))
    assert all_times(state, number) == first
    assert len(found.searches) == kept


# ---- worlds with hours -------------------------------------------------------------


@st.composite
def worlds_with_hours(draw: st.DrawFn) -> Data:
    """Close some roads of a random world at some hours, daily or once."""
    data = draw(worlds())
    roads = [edge["id"] for edge in data["roads"]["network"]["edges"]]
    window = st.fixed_dictionaries(
        {
            "from": st.integers(0, 200).map(clock_text),
            "until": st.integers(201, 400).map(clock_text),
            "daily": st.booleans(),
        }
    )
    hours = st.tuples(st.sampled_from(["open", "closed"]), st.lists(window, min_size=1))
    found = draw(st.dictionaries(st.sampled_from(roads), hours, min_size=1))
    data["roads"]["hours"] = {
        road: {key: spans} for road, (key, spans) in found.items()
    }
    return data


def check_hours(data: Data) -> None:
    """Nobody enters a road while it is closed, nor drives faster than can be."""
    world, was_on, was_closed = World(scenario_of(data)), {}, set()
    speeds = [s for kinds in SPEEDS.values() for s in kinds.values()]
    top = max(*speeds, 50) * 1000 / 60
    for minute in range(END):
        world.advance(minute + 0.01)
        closed, on = world.roads.closed(), {}
        for name, unit in world.units.items():
            here = unit.where()
            on[name] = world.road_map.road[here.arc] if here.arc >= 0 else ""
            entered = on[name] in closed & was_closed and was_on[name] != on[name]
            assert not entered, (minute, name, on[name])
        was_on, was_closed = on, closed
    for record in world.finish().of(Kind.DROVE):
        metres = float(record.details["km"]) * 1000
        assert metres <= top * float(record.details["minutes"]) * (1 + 1e-9), record


few = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@few
@given(worlds_with_hours())
def test_nobody_enters_a_road_that_is_closed(data):
    check_hours(data)


@few
@given(worlds(), st.integers(0, 9))
def test_a_road_that_is_always_open_by_its_hours_changes_nothing(data, pick):
    plain_log = World(scenario_of(data)).finish()
    roads = [edge["id"] for edge in data["roads"]["network"]["edges"]]
    always = {"open": [{"from": "00:00", "until": "24:00", "daily": True}]}
    data["roads"]["hours"] = {roads[pick % len(roads)]: always}
    assert World(scenario_of(data)).finish().lines() == plain_log.lines()


@pytest.mark.deep
@many
@given(with_a_new_road(), st.floats(0.01, 0.99))
def test_the_laws_of_routes_hold_on_many_graphs(case, fraction):
    network, changes, edge = case
    check_times(network, changes)
    check_mid_road(network, changes, fraction)
    check_routes(network, changes, fraction)
    check_new_road(network, changes, edge)


@pytest.mark.deep
@many
@given(with_a_new_arc(), st.floats(0.01, 0.99), st.lists(a_spot, max_size=3))
def test_the_laws_of_turns_and_ferries_hold_on_many_graphs(case, fraction, spots):
    check_rich_times(case[0])
    check_rich_mid_road(case[0], fraction)
    check_rich_new_road(*case)
    if not case[0].ferries and not any(a["road"] == "ferry" for a in case[0].arcs):
        check_places_are_transparent(case[0], spots)
