"""A station day beside plain SimPy and ciw.

Run it with ``python -m benchmarks.station`` (``--profile`` adds where the time goes).
1,500 voters in twelve hours come to three stages in a row; every hour the line is read.
All engines are given the same draws, and their waits and readings are compared before
anything is timed. ciw has no readings here: it has no control during a run. With draws,
Muster draws what the others are given; theirs are not in their time.
"""

import cProfile
import pstats
import sys
import tempfile
from pathlib import Path

import numpy as np
import yaml

from analysis.day import waits_of
from benchmarks.side import compare, report
from benchmarks.usual import ciw_day, simpy_day
from scenarios.file.reader import load
from scenarios.scenario import Scenario
from scenarios.station import Station as StationSpec
from simulator.station import Station
from simulator.station.flow import make_flows
from simulator.stream import Chance
from simulator.tie import Rank, Timeline
from simulator.voter import Voters, draw_voters

ROUNDS = 11
REPEATS = 20
VOTERS = 1500
HOUR = 60.0

END = 960.0  # four hours after the close
# Servers, mean service and its coefficient of variation, stage by stage.
STAGES = {
    "check-in": (3, "75 s", 0.5),
    "booth": (8, "180 s", 0.6),
    "box": (1, "12 s", 0.3),
}
MORNING = [12, 13, 12, 11, 9, 7, 6, 6, 6, 6, 6, 6]


def polling(
    stations: int, voters: int, servers: float = 1.0, **more: object
) -> Scenario:
    """Read a scenario of so many like stations."""
    stages = {
        name: {
            "servers": max(round(number * servers), 1),
            "service": {"law": "lognormal", "mean": mean, "cv": cv},
        }
        for name, (number, mean, cv) in STAGES.items()
    }
    stages["booth"]["voting"] = True
    one = {
        "place": "here",
        "registered": voters,
        "turnout": 1.0,
        "arrivals": {"hourly": MORNING},
        "opens": "07:00",
        "closes": "19:00",
        "close_rule": "serve_queue",
        "officers": 20,
        "stages": stages,
    }
    edge = {"id": "ab", "from": "a", "to": "b", "road": "tertiary"}
    data = {
        "title": "A polling day",
        "clock": {"day": "2021-05-23", "start": "07:00", "end": "23:00"},
        "roads": {"network": {"nodes": {"a": [0, 0], "b": [99, 0]}, "edges": [edge]}},
        "places": {"here": {"node": "a"}},
        "stations": {f"S{i}": one for i in range(stations)},
        **more,
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "scenario.yaml").write_text(
            yaml.safe_dump(data, sort_keys=False)
        )
        return load(Path(folder))


def draw(spec: StationSpec, name: str = "S0") -> Voters:
    return draw_voters(name, spec, Chance(1, 0), auxiliary=0)


def muster_day(spec: StationSpec, voters: Voters):
    """Play a station day here; give the voter table and the lines read."""
    clock, lines = Timeline(), []
    (flow,) = make_flows([spec], [voters], clock)
    station = Station("S0", flow, lambda *_, **__: None)

    def look() -> None:
        lines.append(station.queue())
        clock.call_at(clock.now + HOUR, Rank.TICK, look)

    clock.call_at(HOUR, Rank.TICK, look)
    clock.advance(END)
    return station.table(), lines


def same(spec: StationSpec, voters: Voters, servers: list[int]) -> None:
    """Have all three play the day, and find the same waits and lines."""
    table, lines = muster_day(spec, voters)
    waits, voting = waits_of(table), spec.voting_stages[0]
    usual, read = simpy_day(voters, servers, voting, END, HOUR)
    assert len(waits) == VOTERS
    assert np.abs(waits - np.array(usual)).max() < 1e-9, "SimPy waits otherwise"
    assert lines == read, "SimPy reads other lines"
    other = np.array(ciw_day(voters, servers, voting))
    assert np.abs(waits - other).max() < 1e-9, "ciw waits otherwise"


def side_by_side(spec: StationSpec, voters: Voters, servers: list[int]) -> None:
    """Print what each takes, and the ratios."""
    voting = spec.voting_stages[0]
    sides = compare(
        {
            "Muster": lambda: muster_day(spec, voters),
            "Muster with draws": lambda: muster_day(spec, draw(spec)),
            "draws": lambda: draw(spec),
            "SimPy": lambda: simpy_day(voters, servers, voting, END, HOUR),
            "ciw": lambda: ciw_day(voters, servers, voting),
        },
        ROUNDS,
        dict.fromkeys(("Muster", "Muster with draws", "draws"), REPEATS),
    )
    for name, side in sides.items():
        print(
            f"  {name:18s} {1000 * side.middle:8.3f} ms a day "
            f"{1e9 * side.middle / VOTERS:8.0f} ns a voter {side.megabytes:6.2f} MB"
        )
    report("SimPy", "Muster", sides, 150)
    report("ciw", "Muster", sides, 300)
    report("SimPy", "Muster with draws", sides, 100)


def profile(spec: StationSpec, voters: Voters) -> None:
    """Print where the time goes."""

    def days() -> None:
        for _ in range(1000):
            muster_day(spec, draw(spec))

    profiler = cProfile.Profile()
    profiler.runcall(days)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def main() -> None:
    spec = polling(1, VOTERS).setting.stations["S0"]
    voters = draw(spec)
    servers = [stage.servers_at(spec.opens) for stage in spec.stages.values()]
    same(spec, voters, servers)
    if "--profile" in sys.argv:
        return profile(spec, voters)
    print(
        f"a station day: {VOTERS} voters, {len(servers)} stages, the line read every "
        f"hour;\n  waits equal to 1e-9; processor time, {ROUNDS} rounds in turn"
    )
    return side_by_side(spec, voters, servers)


if __name__ == "__main__":
    main()
