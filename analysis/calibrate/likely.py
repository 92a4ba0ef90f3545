"""The mean service time under which the lines that were seen are likely.

For each mean the lines of many plays, as roots, are taken for normal with their own
means and covariances, which says how likely the lines seen are (synthetic likelihood).
Lines are not normal, so this is not trusted for the width of the interval: the estimate
is made of further plays of each mean too, and the means whose plays give estimates like
that of the lines seen are the interval (test inversion).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.calibrate.line import PLAYS, Seen, play_lines

Floats = NDArray[np.float64]
MEANS = 48
CONFIDENCE = 0.95
# Means that are this many times less likely than the best are not told from nothing.
FLAT = 0.1
# Of normal numbers 95 % lie within so many deviations; half the 90 % point of
# chi-square with 1 degree of freedom: one-sided 95 %.
_TWO_SIDED = 1.959964
_ONE_SIDED = float(np.exp(-1.353))
# A cv for which less speaks, the best being 1, is left out.
TOLD = 0.1


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


@dataclass(frozen=True, slots=True)
class Model:
    """What the plays of each mean say of lines, as roots.

    Parameters
    ----------
    centre
        Means, shape (means, looks).
    inverse
        Of the covariances, shape (means, looks, looks).
    size
        Logarithms of their determinants, shape (means,).
    plays
        How many they come from.
    """

    centre: Floats
    inverse: Floats
    size: Floats
    plays: int

    def speaks(self, lines: Floats) -> Floats:
        """Say how likely lines are under each mean.

        The covariances come from so many plays, which widens the normal law to a t law
        (Sellentin and Heavens 2016).

        Parameters
        ----------
        lines
            Shape (..., looks).

        Returns
        -------
        array
            Logarithms, shape (..., means).
        """
        gap = _roots(lines)[..., None, :] - self.centre
        off = np.einsum("...mi,mij,...mj->...m", gap, self.inverse, gap)
        widened = self.plays * np.log1p(off / (self.plays - 1))
        return np.asarray(-0.5 * (widened + self.size))


def _roots(lines: Floats) -> Floats:
    return np.asarray(np.sqrt(lines + 0.375))


def model_of(lines: Floats) -> Model:
    """Take the lines of plays, shape (plays, means, looks), for normal."""
    played, looks = _roots(lines), lines.shape[2]
    # A line is a whole number: without this a line that is always empty in the plays
    # would rule out a single voter in it.
    covariances = np.array(
        [
            np.cov(played[:, index].T).reshape(looks, -1) + 0.04 * np.eye(looks)
            for index in range(lines.shape[1])
        ]
    )
    return Model(
        centre=played.mean(axis=0),
        inverse=np.linalg.inv(covariances),
        size=np.linalg.slogdet(covariances)[1],
        plays=len(played),
    )


def find_mean(
    seen: Seen, cvs: Sequence[float], *, plays: int = PLAYS, seed: int = 1
) -> tuple[Found, dict[float, float]]:
    """Find the mean service time under which the lines seen are likely.

    Parameters
    ----------
    seen
        What was seen.
    cvs
        Standard deviations over the mean that are thought possible; all weigh alike,
        and the interval holds those of each cv for which enough speaks.
    plays
        Of each mean.
    seed
        Of the plays.

    Returns
    -------
    Found, dict
        The mean; and how much speaks for each cv, the best being 1.
    """
    means = _about(seen, cvs, seed)
    models = [
        model_of(play_lines(seen, means, cv, plays=plays, seed=seed)) for cv in cvs
    ]
    logs = np.array([model.speaks(seen.lines) for model in models])
    weights = np.exp(logs - logs.max())
    weight = weights.sum(axis=0) / weights.sum()
    bound = bool(weight[0] > FLAT * weight.max())
    told = _relative(cvs, weights)
    mean = float(means[int(weight.argmax())])
    low, high = 0.0, float(means[weight >= _ONE_SIDED * weight.max()][-1])
    if not bound:
        ends = [
            _interval(seen, model, means, cv, seed + 1)
            for cv, model in zip(cvs, models, strict=True)
            if told[cv] >= TOLD
        ]
        low, high = min(e[0] for e in ends), max(e[1] for e in ends)
    best = max(told, key=lambda cv: told[cv])
    return Found(
        means=means,
        weight=weight,
        mean=mean,
        low=low,
        high=high,
        bound=bound,
        lines=_expected(seen, high if bound else mean, best, seed),
    ), told


def _about(seen: Seen, cvs: Sequence[float], seed: int) -> Floats:
    """Find the means worth a closer look."""
    wide = seen.saturated * np.geomspace(0.05, 4, MEANS)
    logs = np.array(
        [
            model_of(play_lines(seen, wide, cv, plays=100, seed=seed)).speaks(
                seen.lines
            )
            for cv in cvs
        ]
    ).max(axis=0)
    kept = wide[logs > logs.max() - np.log(1e4)]
    ratio = wide[1] / wide[0]
    return np.geomspace(kept[0] / ratio, kept[-1] * ratio, MEANS)


def _estimate(model: Model, means: Floats, lines: Floats) -> Floats:
    """Give the logarithm of the mean that lines speak for, on the whole."""
    logs = model.speaks(lines)
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray((weights * np.log(means)).sum(-1) / weights.sum(-1))


def _interval(
    seen: Seen, model: Model, means: Floats, cv: float, seed: int
) -> tuple[float, float]:
    """Find the means whose plays give estimates like that of the lines seen."""
    own = float(_estimate(model, means, seen.lines))
    played = play_lines(seen, means, cv, plays=model.plays, seed=seed)
    estimates = _estimate(model, means, played)
    centre, spread = _level(estimates.mean(axis=0)), _level(estimates.std(axis=0))
    kept = means[np.abs(own - centre) <= _TWO_SIDED * spread]
    if not len(kept):
        return float(np.exp(own)), float(np.exp(own))
    step = float(np.sqrt(means[1] / means[0]))
    return float(kept[0]) / step, float(kept[-1]) * step


def _level(values: Floats) -> Floats:
    """Take the mean of each value and the two on either side: plays are few."""
    wide = np.concatenate([[values[0]] * 2, values, [values[-1]] * 2])
    return np.convolve(wide, np.full(5, 0.2), "valid")


def _expected(seen: Seen, mean: float, cv: float, seed: int) -> Floats:
    lines = play_lines(seen, np.array([mean]), cv, seed=seed)[:, 0]
    return np.array([lines.mean(axis=0), *np.quantile(lines, (0.05, 0.95), axis=0)])


def _relative(cvs: Sequence[float], weights: Floats) -> dict[float, float]:
    total = weights.sum(axis=1)
    shares = (total / total.max()).tolist()
    return dict(zip(cvs, shares, strict=True))
