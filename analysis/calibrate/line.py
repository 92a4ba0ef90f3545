"""Service time from lines seen now and then: the arrivals played for many means.

One stage with a line, first come first served, nobody leaves it: each voter begins at
the place that is free first. Lines are played for a row of means with the same chance, and
the means under which lines as those seen are likely are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MEANS = 48
PLAYS = 200
CONFIDENCE = 0.95
# Means that are this many times less likely than the best are not told from nothing.
FLAT = 0.1
MOST_VOTERS = 5_000
# Half the 90 % point of chi-square with 1 degree of freedom: one-sided 95 %.
_ONE_SIDED = float(np.exp(-1.353))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the lines say of the mean service time.

    Parameters
    ----------
    means, weight
        Means tried, minutes, and how much speaks for each, the sum being 1.
    mean, low, high
        The likeliest, and the interval of 95 %.
    bound
        Whether the lines give an upper bound only: short services are as likely.
    lines
        Lines to be expected at `mean`: mean, 5 % and 95 %, shape (3, looks).
    """

    means: Floats
    weight: Floats
    mean: float
    low: float
    high: float
    bound: bool
    lines: Floats


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


def speaks(lines: Floats, seen: Floats) -> Floats:
    """Say how likely the lines seen are under each mean.

    The lines of the plays, as roots, are taken for normal, with their own means and
    covariances: the likelihood is that of the lines seen (synthetic likelihood). The
    covariances come from so many plays, which widens the normal law to a t law
    (Sellentin and Heavens 2016).

    Parameters
    ----------
    lines
        Shape (plays, means, looks).
    seen
        Shape (looks,).

    Returns
    -------
    array
        Logarithms, shape (means,).
    """
    played, own = np.sqrt(lines + 0.375), np.sqrt(seen + 0.375)
    plays = len(played)
    found = []
    for index in range(played.shape[1]):
        values = played[:, index]
        # A line is a whole number: without this a line that is always empty in the
        # plays would rule out a single voter in it.
        covariance = np.cov(values.T).reshape(len(own), -1) + 0.04 * np.eye(len(own))
        gap = own - values.mean(axis=0)
        _, size = np.linalg.slogdet(covariance)
        off = float(gap @ np.linalg.solve(covariance, gap))
        found.append(-0.5 * (plays * np.log1p(off / (plays - 1)) + size))
    return np.array(found)


def find_mean(
    seen: Seen,
    cvs: Sequence[float],
    *,
    plays: int = PLAYS,
    seed: int = 1,
) -> tuple[Found, dict[float, float]]:
    """Find the mean service time under which the lines seen are likely.

    Parameters
    ----------
    seen
        What was seen.
    cvs
        Standard deviations over the mean that are thought possible; all weigh alike.
    plays
        Of each mean.
    seed
        Of the plays.

    Returns
    -------
    Found, dict
        The mean; and how much speaks for each cv, the best being 1.
    """
    wide = seen.saturated * np.geomspace(0.05, 4, MEANS)
    weights = _weights(seen, wide, cvs, plays, seed)
    kept = wide[weights.sum(axis=0) > 1e-4 * weights.sum(axis=0).max()]
    # Even: means below and above those kept are tried as well.
    ratio = wide[1] / wide[0]
    fine = np.geomspace(kept[0] / ratio, kept[-1] * ratio, MEANS)
    weights = _weights(seen, fine, cvs, plays, seed)
    weight = weights.sum(axis=0) / weights.sum()
    run = np.cumsum(weight) - weight / 2
    tail = (1 - CONFIDENCE) / 2
    best = float(fine[int(weight.argmax())])
    bound = bool(weight[0] > FLAT * weight.max())
    high = float(np.interp(1 - tail, run, fine))
    if bound:  # where nothing speaks against short services, their share says nothing
        high = float(fine[weight >= _ONE_SIDED * weight.max()][-1])
    cv = cvs[int(weights.sum(axis=1).argmax())]
    lines = play_lines(seen, np.array([high if bound else best]), cv, plays=plays)[:, 0]
    return Found(
        means=fine,
        weight=weight,
        mean=best,
        low=0.0 if bound else float(np.interp(tail, run, fine)),
        high=high,
        bound=bound,
        lines=np.array([lines.mean(axis=0), *np.quantile(lines, (0.05, 0.95), axis=0)]),
    ), _relative(cvs, weights)


def _weights(
    seen: Seen, means: Floats, cvs: Sequence[float], plays: int, seed: int
) -> Floats:
    """Give what speaks for each cv and mean, the best being 1, shape (cvs, means)."""
    logs = np.array(
        [
            speaks(play_lines(seen, means, cv, plays=plays, seed=seed), seen.lines)
            for cv in cvs
        ]
    )
    return np.asarray(np.exp(logs - logs.max()))


def _relative(cvs: Sequence[float], weights: Floats) -> dict[float, float]:
    total = weights.sum(axis=1)
    shares = (total / total.max()).tolist()
    return dict(zip(cvs, shares, strict=True))
