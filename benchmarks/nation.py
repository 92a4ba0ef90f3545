"""A whole country's voters in one run, some stations at a time.

Run it with ``python -m benchmarks.nation`` (``--stations 8000`` for a part of it).
84,767 stations of 820 voters, three stages each, and no controls: only the flow of
69.5 million voters, their draws included. Two worker processes take some stations in
turn, each in one thread; they keep the sum and the worst of the waits, so memory does
not grow with the country, and what is at work fits the caches. A few of its stations
are played in plain SimPy first, and their waits compared.
"""

import argparse
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from time import perf_counter, process_time

import numpy as np

from benchmarks.station import END, draw, polling
from benchmarks.usual import simpy_day
from scenarios.station import Station as StationSpec
from simulator.log import Outcome
from simulator.station import state as col
from simulator.station.batch import Batch
from simulator.station.flow import warm_up
from simulator.tie import Timeline

STATIONS, VOTERS = 84_767, 820
TOGETHER = 64  # stations played in one call
WORKERS = 2
SERVERS = 0.6
COMPARED = 5
GOAL = 10.0


@dataclass(frozen=True)
class Summary:
    """What is kept of some stations, and the processor time they took.

    Parameters
    ----------
    voted
        How many voted.
    wait, longest
        Minutes, of all together and of one.
    seconds
        Processor time.
    """

    voted: int
    wait: float
    longest: float
    seconds: float


@cache
def spec() -> StationSpec:
    return polling(1, VOTERS, SERVERS).setting.stations["S0"]


def play(stations: range) -> Batch:
    """Draw the voters of stations and play their day in one call."""
    one = spec()
    voters = [draw(one, f"S{number}") for number in stations]
    clock = Timeline()
    batch = Batch([one] * len(voters), voters, clock)
    state = batch.state
    state.station[:, col.OPEN] = 1
    for k, stage in enumerate(one.stages.values()):
        state.stage[:, k, col.SERVERS] = stage.servers_at(one.opens)
    clock.advance(END)
    batch.touch_all()
    return batch


def summary(stations: range) -> Summary:
    """Play stations and keep little of them."""
    begin = process_time()
    state = play(stations).state
    begun = col.STARTS + 2 * spec().voting_stages[0]
    waits = state.at[:, begun] - state.at[:, col.CAME]
    voted = int((state.visit[:, col.OUTCOME] == int(Outcome.VOTED)).sum())
    seconds = process_time() - begin
    return Summary(voted, float(waits.sum()), float(waits.max()), seconds)


def parts(stations: int) -> Iterator[range]:
    for begin in range(0, stations, TOGETHER):
        yield range(begin, min(begin + TOGETHER, stations))


def same() -> None:
    """Have SimPy find the same waits at some stations."""
    one = spec()
    servers = [stage.servers_at(one.opens) for stage in one.stages.values()]
    batch = play(range(COMPARED))
    for row in range(COMPARED):
        rows, voters = batch.visits(row), draw(one, f"S{row}")
        k = one.voting_stages[0]
        waits = (
            batch.state.at[rows, col.STARTS + 2 * k] - batch.state.at[rows, col.CAME]
        )
        usual, _ = simpy_day(voters, servers, k, END, END)
        assert np.abs(waits - np.array(usual)).max() < 1e-9, "the waits differ"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=STATIONS)
    stations = parser.parse_args().stations
    same()
    context = get_context("spawn")
    with ProcessPoolExecutor(WORKERS, context, initializer=warm_up) as pool:
        # Whoever imports and compiles does so before the clock runs.
        list(pool.map(summary, [range(1)] * WORKERS))
        begin = perf_counter()
        found = list(pool.map(summary, parts(stations), chunksize=4))
        seconds = perf_counter() - begin
    voted = sum(each.voted for each in found)
    wait = sum(each.wait for each in found) / voted
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    work = sum(each.seconds for each in found)
    print(
        f"{stations} stations, {voted} voters, all voted; mean wait {wait:.2f} min, "
        f"longest {max(each.longest for each in found):.1f} min"
    )
    print(
        f"  {seconds:.1f} s with {WORKERS} workers, {1e9 * seconds / voted:.0f} ns a "
        f"voter; processor time {work:.1f} s, {1e9 * work / voted:.0f} ns a voter; "
        f"a worker held {most:.0f} MB at most"
    )
    whole = seconds * STATIONS / stations
    verdict = "met" if whole < GOAL else "MISSED"
    print(f"  the country in {whole:.1f} s; goal {GOAL:.0f} s, {verdict}")


if __name__ == "__main__":
    main()
