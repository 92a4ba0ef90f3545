"""A whole replication of khanh-thuong, beside the same world with stations in SimPy.

Run it with ``python -m benchmarks.replication`` (``--profile`` adds where the time
goes). A replication is building the world, playing it and measuring the day; nothing is
written. The other world differs in its stations alone: they are the plain ones of the
tests, one process a visit, which follow every rule of the engine's. Both must give the
same log and the same measures before anything is timed. Then what a run of many costs.
"""

import cProfile
import os
import pstats
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

import simulator.world
from analysis.day import Day
from analysis.experiment import run_experiment
from analysis.replication import Replication, summarise
from analysis.result import Result
from benchmarks.side import compare, report
from scenarios.file.reader import load
from scenarios.scenario import Scenario
from simulator.log import Log
from simulator.road import RoadMap, map_of
from simulator.world import World
from tests.simulator.simpy_flow import make_simpy_flows

ROUNDS = 9
REPEATS = 4
GOAL = 10
RUN, RUN_GOAL = 1000, 20.0


@contextmanager
def stations_in_simpy() -> Iterator[None]:
    """Have worlds made inside take plain stations."""
    own = simulator.world.make_flows
    simulator.world.make_flows = make_simpy_flows
    try:
        yield
    finally:
        simulator.world.make_flows = own


def play(scenario: Scenario, plan: str, roads: RoadMap) -> tuple[Log, Replication]:
    """Build, play and measure one replication."""
    world = World(scenario, plan, 1, 0, roads=roads)
    log = world.finish()
    return log, summarise(0, Day(world.setting, log))


def same(scenario: Scenario, plan: str, roads: RoadMap) -> None:
    """Have both worlds say the same."""
    log, ours = play(scenario, plan, roads)
    with stations_in_simpy():
        usual, theirs = play(scenario, plan, roads)
    assert sorted(log.lines()) == sorted(usual.lines()), "the logs differ"
    assert ours.values.names == theirs.values.names
    values = [each.values.numbers for each in (ours, theirs)]
    assert np.allclose(*values, rtol=0, atol=1e-6, equal_nan=True), "measures differ"


def side_by_side(scenario: Scenario, plan: str, roads: RoadMap) -> None:
    """Print both, and the ratio."""

    def usual() -> object:
        with stations_in_simpy():
            return play(scenario, plan, roads)

    sides = compare(
        {"Muster": lambda: play(scenario, plan, roads), "stations in SimPy": usual},
        ROUNDS,
        {"Muster": REPEATS},
    )
    for name, side in sides.items():
        print(f"  {name:18s} {1000 * side.middle:8.1f} ms {side.megabytes:8.1f} MB")
    report("stations in SimPy", "Muster", sides, GOAL)


def parts(scenario: Scenario, plan: str, roads: RoadMap) -> None:
    """Print what building, playing and measuring cost."""
    costs = []
    for number in range(ROUNDS):
        t0 = process_time()
        world = World(scenario, plan, 1, number, roads=roads)
        t1 = process_time()
        log = world.finish()
        t2 = process_time()
        summarise(number, Day(world.setting, log))
        costs.append((t1 - t0, t2 - t1, process_time() - t2))
    build, play_, measure = (1000 * median(part) for part in zip(*costs, strict=True))
    print(f"  build {build:.1f} ms, play {play_:.1f} ms, measure {measure:.1f} ms")


def many(scenario: Scenario, plan: str) -> None:
    """Print what a run of many and its report take."""
    begin = perf_counter()
    experiment = run_experiment(scenario, plan, replications=RUN)
    played = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        Result(experiment=experiment).write(Path(folder) / "out")
    written = perf_counter()
    verdict = "met" if written - begin < RUN_GOAL else "MISSED"
    load_ = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"  {RUN} replications in {played - begin:.1f} s, the report in "
        f"{written - played:.1f} s; goal {RUN_GOAL:.0f} s together, {verdict}{load_}"
    )


def main() -> None:
    scenario, plan = load("khanh-thuong", plan="base"), "base"
    roads = map_of(scenario)
    if "--profile" in sys.argv:
        profiler = cProfile.Profile()
        for _ in range(20):
            profiler.runcall(play, scenario, plan, roads)
        pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
        return
    same(scenario, plan, roads)
    print(
        f"a replication of {scenario.name}, plan {plan}: the same log and measures; "
        f"\n  processor time, {ROUNDS} rounds in turn"
    )
    side_by_side(scenario, plan, roads)
    parts(scenario, plan, roads)
    many(scenario, plan)


if __name__ == "__main__":
    main()
