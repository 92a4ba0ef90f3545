"""Lines of one stage, played for a row of mean services with the same chance.

First come first served, nobody leaves.
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
    places
        From when so many places are open: minutes, rising, and how many.
    """

    times: Floats
    lines: Floats
    arrived: NDArray[np.int64]
    opens: float
    places: tuple[tuple[float, int], ...]

    @property
    def saturated(self) -> float:
        """The mean at which all places would be busy from the opening to the end."""
        end = float(self.times[-1])
        ends = [begin for begin, _ in self.places[1:]] + [end]
        open_ = sum(
            count * max(min(until, end) - begin, 0.0)
            for (begin, count), until in zip(self.places, ends, strict=True)
        )
        return open_ / max(int(self.arrived.sum()), 1)


def play_lines(
    seen: Seen, means: Floats, cv: float, *, plays: int = PLAYS, seed: int = 1
) -> Floats:
    """Play the lines for each mean.

    Returns
    -------
    array
        Voters in line, shape (plays, means, looks).
    """
    from analysis.calibrate.flow import lines_at

    generator = np.random.default_rng(np.random.SeedSequence([seed, len(seen.times)]))
    arrivals = _arrivals(seen, plays, generator)
    work = _work(generator, arrivals.shape, cv)
    begins, counts = (np.array(column) for column in zip(*seen.places, strict=True))
    return lines_at(arrivals, work, means, seen.times, begins, counts)


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
