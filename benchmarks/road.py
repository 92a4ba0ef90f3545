"""What searches and re-routing cost, beside networkx on the same graph.

Run it with ``python -m benchmarks.road``. On grids with one-way streets and gaps it
prints the time of one search to a target (every node's time and next hop) here and in
networkx, side by side, round by round; the travel times are compared before anything is
timed. Then: what it costs to close roads and to re-route 300 units, to make the map
with 300 places, and the most memory the process held.
"""

import resource
from statistics import median
from time import process_time

import networkx as nx
import numpy as np

from scenarios.place import Place
from scenarios.road import Roads
from simulator.road import Position, RoadMap, RoadState, position_after, road_map

SIZES = (45, 100, 224)
ROUNDS = 9
REPEATS = 8  # short: measured together
UNITS = 300
GAPS, ONE_WAY = 0.12, 0.3
GOAL = 20.0


def grid(side: int, one_way: float) -> "nx.MultiDiGraph[str]":
    """Make a grid of streets, some missing, some one-way, each 50 to 250 m long."""
    chance = np.random.default_rng(side)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(origin=None)
    for x in range(side):
        for y in range(side):
            graph.add_node(f"{x} {y}", x=100.0 * x, y=100.0 * y)
    for x in range(side):
        for y in range(side):
            for right, up in ((1, 0), (0, 1)):
                if x + right < side and y + up < side and chance.random() > GAPS:
                    ends = [(x, y), (x + right, y + up)]
                    if chance.random() < 0.5:
                        ends.reverse()
                    one = chance.random() < one_way
                    add(graph, ends, chance.uniform(50, 250), one)
    return graph


def add(graph, ends, length: float, one_way: bool) -> None:
    tail, head = (f"{x} {y}" for x, y in ends)
    line = [(100.0 * x, 100.0 * y) for x, y in ends]
    data = {"id": f"{tail}-{head}", "length": length, "road": "residential"}
    data |= {"speed": None, "name": ""}
    graph.add_edge(tail, head, **data, geometry=line)
    if not one_way:
        graph.add_edge(head, tail, **data, geometry=line[::-1])


def plain(graph, found: RoadMap) -> "nx.DiGraph[int]":
    """Turn the graph round, with minutes: networkx then searches from the target."""
    reverse: nx.DiGraph[int] = nx.DiGraph()
    reverse.add_nodes_from(range(len(found.nodes)))
    ends = zip(found.tail.tolist(), found.head.tolist(), strict=True)
    for (tail, head), minutes in zip(ends, found.minutes["car"].tolist(), strict=True):
        before = reverse.get_edge_data(head, tail, {"minutes": np.inf})["minutes"]
        reverse.add_edge(head, tail, minutes=min(minutes, before))
    return reverse


def search_once(state: RoadState, target: int):
    """Search without what earlier searches left behind."""
    state.map.searches.forget()
    return state.times_to(target, "car")


def compare(side: int, one_way: float) -> float:
    """Print a search here and in networkx; give the ratio."""
    graph = grid(side, one_way)
    found = road_map(graph, Roads(file="grid.graphml"), {})
    state, reverse = RoadState(found), plain(graph, found)
    targets = np.random.default_rng(1).integers(0, len(found.nodes), ROUNDS).tolist()
    search_once(state, targets[0])  # the matrix is made once for all targets
    own, other, bare = [], [], []
    for target in targets:
        t0 = process_time()
        _, times = nx.dijkstra_predecessor_and_distance(
            reverse, target, weight="minutes"
        )
        t1 = process_time()
        nx.single_source_dijkstra_path_length(reverse, target, weight="minutes")
        t2 = process_time()
        for _ in range(REPEATS):
            mine = search_once(state, target)
        t3 = process_time()
        check = np.array([times.get(node, np.inf) for node in range(len(mine))])
        assert np.allclose(mine, check, rtol=1e-9, atol=1e-9), "the times differ"
        other.append(t1 - t0)
        bare.append(t2 - t1)
        own.append((t3 - t2) / REPEATS)
    ratios = [b / a for a, b in zip(own, other, strict=True)]
    without = median(b / a for a, b in zip(own, bare, strict=True))
    print(
        f"{len(found.nodes):6d} nodes, {one_way:4.0%} one-way: "
        f"{1000 * median(own):6.2f} ms; networkx {1000 * median(other):6.1f} ms, "
        f"{median(ratios):5.1f} times (worst {min(ratios):.1f}); without next hops "
        f"{1000 * median(bare):6.1f} ms, {without:5.1f} times"
    )
    return median(ratios)


def under_way(state: RoadState, targets: list[int], starts: list[int]):
    """Put units on their ways, some minutes after they set out."""
    positions, goals = [], []
    for i, (start, target) in enumerate(zip(starts, targets, strict=True)):
        route = state.route(Position(start), target, "car")
        if route is not None:
            part = route.minutes * ((i % 9) + 0.5) / 10
            positions.append(position_after(route, part, state.map))
            goals.append(target)
    return positions, goals


def re_route(side: int, goals: int) -> None:
    """Print the time from a closing until each of 300 units has its new route."""
    found = road_map(grid(side, ONE_WAY), Roads(file="grid.graphml"), {})
    chance = np.random.default_rng(2)
    state = RoadState(found)
    spots = chance.integers(0, len(found.nodes), goals)
    targets = [int(spots[i % goals]) for i in range(UNITS)]
    starts = chance.integers(0, len(found.nodes), UNITS).tolist()
    positions, aims = under_way(state, targets, starts)
    names, costs = list(found.roads), []
    for _ in range(ROUNDS):
        five = tuple(names[i] for i in chance.integers(0, len(names), 5))
        t0 = process_time()
        state.close(five)
        for position, aim in zip(positions, aims, strict=True):
            state.route(position, aim, "car")
        costs.append(process_time() - t0)
    print(
        f"{len(found.nodes):6d} nodes: 5 roads close, {len(aims)} units with {goals} "
        f"goals re-routed in {1000 * median(costs):6.1f} ms "
        f"(worst {1000 * max(costs):.1f})"
    )


def make_map(side: int) -> None:
    """Print the time to make a map with 300 places beside its roads."""
    graph = grid(side, ONE_WAY)
    spots = np.random.default_rng(3).uniform(0, 100 * side, (300, 2)).tolist()
    places = {f"p{i}": Place(at=(x, y)) for i, (x, y) in enumerate(spots)}
    t0 = process_time()
    found = road_map(graph, Roads(file="grid.graphml"), places)
    t1 = process_time()
    RoadState(found)
    print(
        f"{len(found.nodes):6d} nodes: map with 300 places on roads made in "
        f"{t1 - t0:.2f} s, state of a world in {1000 * (process_time() - t1):.2f} ms"
    )


if __name__ == "__main__":
    for side in SIZES:
        for share in (0.0, ONE_WAY):
            ratio = compare(side, share)
            if side == 100 and ratio < GOAL:
                print(f"       below the goal of {GOAL:.0f} times")
    for side in SIZES:
        for number in (10, UNITS):
            re_route(side, number)
    for side in SIZES:
        make_map(side)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"most memory held, networkx's graphs included: {peak / 1024:.0f} MB")
