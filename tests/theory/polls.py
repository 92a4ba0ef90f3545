# A polling station that never rests, played for many days through the real engine, and
# what it came to in stretches of time after a warm-up.

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.log import VoterTable
from simulator.world import World
from tests.theory.interval import BATCHES
from tests.worlds import Data, scenario_of

DAY = 1440.0
WARM_UP = 3 * DAY
Floats = NDArray[np.float64]


def station(
    per_hour: float, days: int, stages: list[tuple[str, int]], **more: object
) -> Data:
    """Make a station that is open day and night; voters come at a constant rate."""
    last = f"D+{days} 00:00"
    return {
        "title": "A station that never rests",
        "clock": {"day": "2021-05-23", "start": "00:00", "end": f"D+{days} 12:00"},
        "roads": {
            "network": {
                "nodes": {"a": [0, 0], "b": [1000, 0]},
                "edges": [{"id": "ab", "from": "a", "to": "b", "road": "tertiary"}],
            }
        },
        "places": {"here": {"node": "a"}},
        "stations": {
            "KV": {
                "place": "here",
                # Half of a long list come, each at a moment of its own: near Poisson.
                "registered": int(2 * per_hour * 24 * days),
                "turnout": 0.5,
                "arrivals": {
                    "cumulative": [
                        {"at": "00:00", "share": 0},
                        {"at": last, "share": 1},
                    ]
                },
                "opens": "00:00",
                "closes": last,
                "close_rule": "serve_queue",
                "officers": 100,
                "stages": {
                    f"stage-{i}": {
                        "servers": servers,
                        "service": {"law": "exponential", "mean": mean},
                        "voting": not i,
                    }
                    for i, (mean, servers) in enumerate(stages)
                },
                **more,
            }
        },
    }


@dataclass(frozen=True)
class Stay:
    """One long run of a station, in stretches of equal length after the warm-up.

    Parameters
    ----------
    table
        Its voters.
    edges
        Where the stretches begin and end, minutes, shape (stretches + 1,).
    """

    table: VoterTable
    edges: Floats

    def per_voter(self, values: Floats) -> Floats:
        """Give the mean over the voters who came in each stretch."""
        which = np.searchsorted(self.edges, self.table.arrival, side="right") - 1
        return np.array([values[which == k].mean() for k in range(len(self.edges) - 1)])

    def present(self, came: Floats, left: Floats) -> Floats:
        """Give how many are there on average, in each stretch, by when each is."""
        stayed = [
            (np.minimum(left, edge) - np.minimum(came, edge)).sum()
            for edge in self.edges
        ]
        return np.diff(stayed) / np.diff(self.edges)

    def per_hour(self, times: Floats) -> Floats:
        """Give how often something happens in an hour, in each stretch."""
        counts, _ = np.histogram(times, self.edges)
        return counts / np.diff(self.edges) * 60


def stays(
    data: Data, days: int, runs: int = 1, stretches: int = BATCHES
) -> Iterator[Stay]:
    """Play a station that never rests, several runs of so many days."""
    scenario = scenario_of(data)
    edges = np.linspace(WARM_UP, days * DAY, stretches + 1)
    for run in range(runs):
        yield Stay(World(scenario, replication=run).finish().voters["KV"], edges)


def together(
    found: Iterable[Stay], figures: Callable[[Stay], dict[str, Floats]]
) -> dict[str, Floats]:
    """Put the stretches of several runs in one row for each figure."""
    parts = [figures(stay) for stay in found]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
