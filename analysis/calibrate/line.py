"""Lines of one stage, played for a row of mean services with the same chance.

First come first served, nobody leaves: each voter begins where a place is free first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PLAYS = 200
MOST_VOTERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of a station.

    Parameters
    ----------
    times
        When it was looked at, minutes, rising, shape (looks,); the first interval
        begins at `opens`.
    lines
        Voters in line at these times, shape (looks,).
    arrived
        Voters who came in the interval before each, shape (looks,).
    opens
        When service begins, minutes.
    servers
        Places open throughout.
    """

    times: Floats
    lines: Floats
    arrived: NDArray[np.int64]
    opens: float
    servers: int

    @property
    def saturated(self) -> float:
        """The mean at which all places would be busy from the opening to the end."""
        hours = float(self.times[-1]) - self.opens
        return self.servers * hours / max(int(self.arrived.sum()), 1)


def play_lines(
    seen: Seen, means: Floats, cv: float, *, plays: int = PLAYS, seed: int = 1
) -> Floats:
    """Play the lines for each mean.

    Returns
    -------
    array
        Voters in line, shape (plays, means, looks).
    """
    generator = np.random.default_rng(np.random.SeedSequence([seed, len(seen.times)]))
    arrivals = _arrivals(seen, plays, generator)
    work = _work(generator, arrivals.shape, cv)
    free = np.full((plays, len(means), seen.servers), seen.opens)
    lines = np.zeros((plays, len(means), len(seen.times)))
    for voter in range(arrivals.shape[1]):
        came = arrivals[:, voter, None]
        place = free.argmin(axis=2)[..., None]
        start = np.maximum(np.take_along_axis(free, place, 2)[..., 0], came)
        end = start + work[:, voter, None] * means
        np.put_along_axis(free, place, end[..., None], 2)
        waiting = (came[..., None] <= seen.times) & (start[..., None] > seen.times)
        lines += waiting
    return lines


def _arrivals(seen: Seen, plays: int, generator: np.random.Generator) -> Floats:
    """Spread those who came evenly by chance over each interval."""
    edges = np.concatenate([[seen.opens], seen.times])
    found = [
        np.sort(generator.uniform(begin, end, (plays, count)), axis=1)
        for begin, end, count in zip(edges, edges[1:], seen.arrived, strict=False)
    ]
    return np.concatenate(found, axis=1)


def _work(generator: np.random.Generator, shape: tuple[int, ...], cv: float) -> Floats:
    """Draw services of mean 1."""
    shape_of = 1 / cv**2
    return generator.gamma(shape_of, 1 / shape_of, shape)
