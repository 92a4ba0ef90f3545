"""What a replication costs, and a station day beside the usual SimPy idiom.

Run it with ``python -m benchmarks.replication``. It prints the parts of one replication
of khanh-thuong, and the ratio of a station day here to the same day in the usual idiom
(one process a voter, ``Resource.request``), interleaved round by round, on the same
draws; the waits are compared before anything is timed.
"""

from statistics import median
from time import process_time

import numpy as np
import simpy

from analysis.day import Day, waits_of
from analysis.experiment import summarise
from scenarios.file.reader import load
from scenarios.scenario import Scenario
from simulator.road import map_of
from simulator.station import Station
from simulator.station.flow import make_flows
from simulator.stream import Chance
from simulator.tie import Timeline
from simulator.voter import Voters, draw_voters
from simulator.world import World

ROUNDS = 9


def idiom(voters: Voters, servers: list[int], voting: int) -> list[float]:
    """Play a station day the usual way; give the waits, by order of arrival."""
    env = simpy.Environment()
    stages = [simpy.Resource(env, number) for number in servers]
    waits: dict[int, float] = {}
    arrival, service = voters.arrival.tolist(), voters.service.tolist()
    order = voters.order.tolist()

    def voter(v: int):
        yield env.timeout(arrival[v])
        for i, stage in enumerate(stages):
            with stage.request() as request:
                yield request
                if i == voting:
                    waits[v] = env.now - arrival[v]
                yield env.timeout(service[v][i])

    for v in order:
        env.process(voter(v))
    env.run()
    return [waits[v] for v in order]


def ours(scenario: Scenario, name: str, voters: Voters) -> Station:
    """Play the same day with the station of the world."""
    clock = Timeline()
    spec = scenario.setting.stations[name]
    (flow,) = make_flows([spec], [voters], clock)
    station = Station(name, flow, lambda *_, **__: None)
    clock.advance(scenario.clock.minutes)
    return station


def parts(scenario: Scenario) -> None:
    """Print what building, playing and measuring a replication cost."""
    roads, costs = map_of(scenario), []
    for number in range(ROUNDS):
        t0 = process_time()
        world = World(scenario, "base", 1, number, roads=roads)
        t1 = process_time()
        log = world.finish()
        t2 = process_time()
        summarise(number, Day(world.setting, log))
        costs.append((t1 - t0, t2 - t1, process_time() - t2))
    build, play, measure = (1000 * median(part) for part in zip(*costs, strict=True))
    print(
        f"one replication of {scenario.name}, median of {ROUNDS}: build {build:.0f} ms,"
    )
    print(f"  play {play:.0f} ms, measure {measure:.0f} ms (processor time)")


def station_day(scenario: Scenario, name: str) -> None:
    """Print the ratio of a station day to the usual idiom."""
    # No balking, patience, priority or close in the idiom: a day without them.
    plain = {"balk": (), "patience": None, "priority": 0.0, "close_rule": "serve_queue"}
    spec = scenario.setting.stations[name].model_copy(update=plain)
    stations = {**scenario.setting.stations, name: spec}
    setting = scenario.setting.model_copy(update={"stations": stations})
    voters = draw_voters(name, spec, Chance(1, 0), auxiliary=0)
    servers = [stage.servers_at(spec.opens) for stage in spec.stages.values()]
    world = type(scenario)(
        **{
            field: getattr(scenario, field)
            for field in ("name", "plans", "rules", "graph", "road_report", "sources")
        },
        setting=setting,
    )
    waits = waits_of(ours(world, name, voters).table())
    usual = np.array(idiom(voters, servers, spec.voting_stages[0]))
    assert np.abs(waits - usual).max() < 1e-9, "the waits differ"
    ratios = []
    for _ in range(ROUNDS):
        t0 = process_time()
        idiom(voters, servers, spec.voting_stages[0])
        t1 = process_time()
        ours(world, name, voters)
        ratios.append((t1 - t0) / (process_time() - t1))
    print(f"station day of {name}: {len(waits)} voters, {len(servers)} stages, waits")
    print("  equal to 1e-9; the usual SimPy idiom takes")
    print(f"  {median(ratios):.2f} times as long (median of {ROUNDS} rounds, worst")
    print(f"  {min(ratios):.2f})")


if __name__ == "__main__":
    khanh_thuong = load("khanh-thuong", plan="base")
    parts(khanh_thuong)
    station_day(khanh_thuong, "KV1")
