"""What dispatch over roads costs: incidents a second, and memory.

Run it with ``python -m benchmarks.dispatch`` (``--profile`` adds where the time goes).
Cities are generated: a grid of streets of which some are missing, units with bases and
incidents at random crossings. Policies nearest and nearest-idle, moderate and high
load. Under nearest-idle nobody is sent from the midst of a road, so the usual SimPy
idiom (a `PriorityResource` of units and a table of travel times made beforehand) can
play the same incidents: who goes where, and when, is compared before anything is
timed, and the ratio is printed beside. Its table is not in its time. For nearest the
idiom has no answer: it knows no positions between two junctions.
"""

import cProfile
import pstats
import sys
import tempfile
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

import networkx as nx
import numpy as np
import simpy
import yaml

from scenarios.file.reader import load
from scenarios.scenario import Scenario
from simulator.log import Kind, Log
from simulator.road import Position, RoadMap, RoadState, map_of
from simulator.world import World

ROUNDS = 3
INCIDENTS = 1500
PLACES = 400
BLOCK = 200.0  # metres
TURNOUT, HANDLING = 2.0, 1.0
BOUND = 0.5  # hours a unit is bound by an incident, roughly: sets the rate for a load
LOADS = {"moderate": 0.5, "high": 0.8}
CLASSES = ("residential", "tertiary", "primary")


def streets(side: int) -> "nx.MultiDiGraph[str]":
    """Make a grid of streets, some missing, some one-way, with one strong part."""
    chance = np.random.default_rng(side)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(crs="{'units': 'm'}")
    for x in range(side):
        for y in range(side):
            graph.add_node(f"{x}-{y}", x=x * BLOCK, y=y * BLOCK)
            for to in ((x - 1, y), (x, y - 1)):
                if min(to) < 0 or chance.random() < 0.12:
                    continue
                # No two ways are equally long: equal estimates would go by rounding.
                length = BLOCK * float(chance.uniform(0.7, 1.3))
                kind = {"highway": str(chance.choice(CLASSES)), "length": length}
                graph.add_edge(f"{x}-{y}", f"{to[0]}-{to[1]}", **kind)
                if chance.random() < 0.8:
                    graph.add_edge(f"{to[0]}-{to[1]}", f"{x}-{y}", **kind)
    strong = max(nx.strongly_connected_components(graph), key=len)
    return graph.subgraph(sorted(strong)).copy()


def clock_text(minute: float) -> str:
    day, rest = divmod(round(minute), 1440)
    return f"D+{day} {rest // 60:02d}:{rest % 60:02d}"


def city(folder: Path, side: int, units: int, policy: str, load_: float) -> Scenario:
    """Write a city as a scenario folder and read it."""
    graph = streets(side)
    nx.write_graphml(graph, folder / "streets.graphml")
    chance = np.random.default_rng(units)
    nodes = sorted(graph)
    spots = [str(node) for node in chance.choice(nodes, PLACES, replace=False)]
    bases = [str(node) for node in chance.choice(nodes, units, replace=False)]
    per_hour = load_ * units / BOUND
    until = INCIDENTS / per_hour * 60
    # Long enough after the last incident for all to be cleared.
    end = clock_text(until + 1440)
    shift = {"from": "00:00", "until": end}
    law = {"law": "exponential", "mean": "25 min"}
    unit = {"agency": "police", "skills": ["order"], "mode": "car"}
    unit |= {"turnout": f"{TURNOUT} min", "shifts": [shift]}

    def call(priority: int, share: float) -> dict[str, object]:
        rate = {"places": [f"P{i}" for i in range(PLACES)], "until": clock_text(until)}
        return {
            "priority": priority,
            "call_handling": f"{HANDLING} min",
            "levels": [{"needs": {"order": 1}, "on_scene": law}],
            "rates": [{**rate, "per_hour": share * per_hour / PLACES}],
        }

    data = {
        "title": "A generated city",
        "clock": {"day": "2021-05-23", "start": "00:00", "end": end},
        "roads": {"file": "streets.graphml"},
        "places": {
            **{f"P{i}": {"node": node} for i, node in enumerate(spots)},
            **{f"B{i}": {"node": node} for i, node in enumerate(bases)},
        },
        "agencies": {"police": {}},
        "units": {f"U{i}": {**unit, "base": f"B{i}"} for i in range(units)},
        "incidents": {"urgent": call(1, 0.2), "other": call(2, 0.8)},
        "dispatch": {"policy": policy},
    }
    text = yaml.safe_dump(data, sort_keys=False)
    (folder / "scenario.yaml").write_text(text)
    return load(folder)


# ---- the usual idiom -------------------------------------------------------------


@dataclass(frozen=True)
class Calls:
    """The same incidents for both: rows in the order in which they are ready.

    Parameters
    ----------
    ready, work
        Minutes, shape (incidents,).
    priority, place
        Class, and row in the table of travel times.
    """

    ready: list[float]
    work: list[float]
    priority: list[int]
    place: list[int]


def idiom(calls: Calls, out: np.ndarray, back: np.ndarray) -> list[tuple[int, float]]:
    """Play the incidents the usual way; give who came, and when.

    Parameters
    ----------
    calls
        The incidents.
    out
        Minutes to a place (row) from where a unit may stand: bases, then places.
    back
        Minutes from a place (row) to each base.
    """
    env, units = simpy.Environment(), back.shape[1]
    pool = simpy.PriorityResource(env, units)
    idle, at = np.ones(units, dtype=bool), np.arange(units)
    came: list[tuple[int, float]] = [(-1, 0.0)] * len(calls.ready)

    def incident(i: int):
        place = calls.place[i]
        yield env.timeout(calls.ready[i])
        with pool.request(priority=calls.priority[i]) as request:
            yield request
            unit = int(np.where(idle, out[place, at], np.inf).argmin())
            idle[unit] = False
            if at[unit] < units:
                yield env.timeout(TURNOUT)
            yield env.timeout(out[place, at[unit]])
            came[i] = (unit, env.now)
            yield env.timeout(calls.work[i])
            if pool.queue:
                at[unit] = units + place
            else:
                yield env.timeout(back[place, unit])
                at[unit] = unit
            idle[unit] = True

    for i in range(len(calls.ready)):
        env.process(incident(i))
    env.run()
    return came


def calls_of(log: Log, places: list[str]) -> tuple[Calls, list[tuple[int, float]]]:
    """Take the incidents from a log, and who came to each, and when."""
    ready = log.of(Kind.READY)
    urgent = {r.subject: int(r.details["priority"]) for r in log.of(Kind.ARISES)}
    came = {r.subject: r for r in log.of(Kind.ARRIVED)}
    done = {r.subject: r.time for r in log.of(Kind.WORKED)}
    calls = Calls(
        [r.time for r in ready],
        [done[r.subject] - came[r.subject].time for r in ready],
        [urgent[r.subject] for r in ready],
        [places.index(r.place) for r in ready],
    )
    who = [(int(str(came[r.subject].details["unit"])[1:]), r.subject) for r in ready]
    return calls, [(unit, came[name].time) for unit, name in who]


def tables(roads: RoadMap, units: int) -> tuple[np.ndarray, np.ndarray]:
    """Make the idiom's tables of travel times: one search a place, one a base."""
    state = RoadState(roads)
    bases = [roads.places[f"B{i}"] for i in range(units)]
    places = [roads.places[f"P{i}"] for i in range(PLACES)]

    def minutes(start: int, target: int) -> float:
        return state.minutes(Position(start), target, "car")

    out = np.array([[minutes(s, p) for s in bases + places] for p in places])
    back = np.array([[minutes(p, b) for b in bases] for p in places])
    return out, back


# ---- what is printed -------------------------------------------------------------


def play(scenario: Scenario, roads: RoadMap) -> tuple[Log, float, float]:
    """Play once; give the log, and seconds to build and to play."""
    begin = process_time()
    world = World(scenario, seed=1, roads=roads)
    built = process_time()
    log = world.finish()
    return log, built - begin, process_time() - built


def peak(scenario: Scenario, roads: RoadMap) -> float:
    """Give the most memory that a replication held at once, MB, its log included."""
    tracemalloc.start()
    play(scenario, roads)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def queued(log: Log) -> float:
    """Give the share of incidents for which nobody was sent at once."""
    sent = {r.subject: r.time for r in log.of(Kind.ASSIGNED)}
    ready = log.of(Kind.READY)
    return sum(sent[r.subject] > r.time for r in ready) / len(ready)


def beside(log: Log, roads: RoadMap, units: int) -> list[float]:
    """Compare with the idiom; give its seconds, round by round."""
    calls, ours = calls_of(log, [f"P{i}" for i in range(PLACES)])
    out, back = tables(roads, units)
    theirs = idiom(calls, out, back)
    assert [unit for unit, _ in ours] == [unit for unit, _ in theirs], "others go"
    late = [abs(a - b) for (_, a), (_, b) in zip(ours, theirs, strict=True)]
    assert max(late) < 1e-6, "they come at other times"
    costs = []
    for _ in range(ROUNDS):
        begin = process_time()
        idiom(calls, out, back)
        costs.append(process_time() - begin)
    return costs


def row(side: int, units: int, policy: str, load_: str) -> None:
    """Measure one city and print a line."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = city(Path(folder), side, units, policy, LOADS[load_])
    roads = map_of(scenario)
    log = play(scenario, roads)[0]
    number = len(log.of(Kind.ARISES))
    costs = [play(scenario, roads)[1:] for _ in range(ROUNDS)]
    build = median(cost[0] for cost in costs)
    seconds = median(cost[1] for cost in costs)
    usual = "-"
    if policy == "nearest-idle":
        usual = f"{number / median(beside(log, roads, units)):.0f}"
    print(
        f"{len(roads.nodes):6d} {units:5d} {policy:13s} {load_:9s} "
        f"{100 * queued(log):5.0f} % {number:6d} {1000 * build:7.0f} "
        f"{number / seconds:9.0f} {usual:>9s} {peak(scenario, roads):6.0f}",
        flush=True,
    )


def profile(side: int, units: int, policy: str, load_: str) -> None:
    """Print where the time of one city goes."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = city(Path(folder), side, units, policy, LOADS[load_])
    roads = map_of(scenario)
    profiler = cProfile.Profile()
    profiler.runcall(play, scenario, roads)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    if "--profile" in sys.argv:
        profile(100, 300, "nearest", "high")
        sys.exit()
    print(f"processor time, median of {ROUNDS} rounds; incidents a second of play")
    print(" nodes units policy        load      queued     all build ms", end="")
    print("    Muster     SimPy     MB")
    for side in (45, 100):
        for units in (30, 300):
            for load_ in LOADS:
                for policy in ("nearest", "nearest-idle"):
                    row(side, units, policy, load_)
