"""A province's polling day beside plain SimPy, and what cost grows with.

Run it with ``python -m benchmarks.province`` (``--profile`` adds where the time goes).
1,700 stations of 330 voters, three stages each; at every control tick, a minute, a
standing order reads the line of every station. SimPy plays the same voters, all in one
environment, and reads their lines every minute too; the waits of all are compared
before anything is timed. Then the table that shows how the cost grows with voters and
stations. The whole takes some five minutes, nearly all of them SimPy's.
"""

import cProfile
import pstats
import sys
from collections.abc import Iterable
from time import process_time

import numpy as np
import simpy

from analysis.day import waits_of
from benchmarks.side import Side, compare, memory, report
from benchmarks.station import END, draw, polling
from benchmarks.usual import reads, simpy_station
from scenarios.scenario import Scenario
from simulator.log import Log
from simulator.road import RoadMap, map_of
from simulator.station import Station
from simulator.station.flow import make_flows
from simulator.tie import TICK, Rank, Timeline
from simulator.voter import Voters
from simulator.world import World

STATIONS, VOTERS = 1700, 330
SERVERS = 0.3
ROUNDS = 3
GOAL = 150


def watched(stations: int, voters: int) -> Scenario:
    """Read a province whose lines are all read at every tick, from 07:00 to 23:00."""
    watch = {
        "each": "all",
        # Never so many: what is timed is the reading.
        "when": f"queue(here) > {voters}",
        "order": {"kind": "open_place", "station": "here", "stage": "booth"},
    }
    return polling(stations, voters, SERVERS, orders={"watch": watch})


def whole(scenario: Scenario, roads: RoadMap) -> Log:
    """Play the whole world, from drawing its voters to its log."""
    return World(scenario, roads=roads).finish()


def stations_alone(scenario: Scenario, voters: list[Voters]) -> list[Station]:
    """Play stations with voters that have been drawn, and read them every minute."""
    clock, specs = Timeline(), scenario.setting.stations
    flows = make_flows(list(specs.values()), voters, clock)
    stations = [
        Station(name, flow, lambda *_, **__: None)
        for name, flow in zip(specs, flows, strict=True)
    ]
    lines, every = flows[0].lines_of(flows, ""), np.arange(len(flows))

    def look() -> None:
        assert (lines(every) <= VOTERS).all()
        clock.call_at(clock.now + TICK, Rank.TICK, look)

    clock.call_at(TICK, Rank.TICK, look)
    clock.advance(END)
    return stations


def usual(
    voters: Iterable[Voters], servers: list[int], voting: int
) -> list[list[float]]:
    """Play stations in one environment of SimPy; give the waits of each."""
    env = simpy.Environment()
    waits, resources = [], []
    for drawn in voters:
        stages, found = simpy_station(env, drawn, servers, voting)
        resources += stages
        waits.append((drawn.order.tolist(), found))
    reads(env, resources, TICK)
    env.run(END)
    return [[found[v] for v in order] for order, found in waits]


def same(scenario: Scenario, roads: RoadMap, voters: list[Voters]) -> None:
    """Have SimPy find the same waits, in the world and of the stations alone."""
    one = next(iter(scenario.setting.stations.values()))
    servers = [stage.servers_at(one.opens) for stage in one.stages.values()]
    expected = usual(voters, servers, one.voting_stages[0])
    tables = list(whole(scenario, roads).voters.values())
    alone = stations_alone(scenario, voters)
    for table, station, waits in zip(tables, alone, expected, strict=True):
        for found in (waits_of(table), waits_of(station.table())):
            assert np.abs(found - np.array(waits)).max() < 1e-9, "the waits differ"


def tell(name: str, side: Side) -> None:
    print(
        f"  {name:34s} {side.middle:8.3f} s "
        f"{1e9 * side.middle / STATIONS / VOTERS:8.0f} ns a voter "
        f"{side.megabytes:8.0f} MB"
    )


def side_by_side(scenario: Scenario, roads: RoadMap, voters: list[Voters]) -> None:
    """Print what each takes, and the ratios."""
    specs = scenario.setting.stations
    one = next(iter(specs.values()))
    servers = [stage.servers_at(one.opens) for stage in one.stages.values()]
    sides = compare(
        {
            "stations": lambda: stations_alone(scenario, voters),
            "draws": lambda: [draw(one, name) for name in specs],
            "world": lambda: whole(scenario, roads),
            "SimPy": lambda: usual(voters, servers, one.voting_stages[0]),
        },
        ROUNDS,
    )
    tell("Muster: stations, read every minute", sides["stations"])
    tell("Muster: drawing their voters", sides["draws"])
    tell("Muster: whole world, draws and log", sides["world"])
    tell("SimPy", sides["SimPy"])
    report("SimPy", "stations", sides, GOAL)
    report("SimPy", "world", sides, GOAL)


def growth() -> None:
    """Print how time and memory grow with voters and stations."""
    print("growth: whole worlds, lines read every minute; 0 stations: the clock alone")
    print("  stations  voters each        s    s a million voters       MB")
    for stations, voters in ((100, 330), (400, 330), (1600, 330), (400, 1320)):
        scenario = watched(stations, voters)
        roads, times = map_of(scenario), []
        for _ in range(3):
            begin = process_time()
            whole(scenario, roads)
            times.append(process_time() - begin)
        most = memory(lambda world=scenario, way=roads: whole(world, way))
        each = 1e6 * min(times) / stations / voters
        print(
            f"  {stations:8d} {voters:12d} {min(times):8.3f} {each:21.3f} {most:8.0f}"
        )


def main() -> None:
    scenario = watched(STATIONS, VOTERS)
    roads = map_of(scenario)
    voters = [draw(spec, name) for name, spec in scenario.setting.stations.items()]
    if "--profile" in sys.argv:
        profiler = cProfile.Profile()
        profiler.runcall(whole, scenario, roads)
        pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
        return
    same(scenario, roads, voters)
    print(
        f"a province day: {STATIONS} stations of {VOTERS} voters, all lines read every "
        f"minute;\n  waits equal to 1e-9; processor time, {ROUNDS} rounds in turn"
    )
    side_by_side(scenario, roads, voters)
    growth()


if __name__ == "__main__":
    main()
