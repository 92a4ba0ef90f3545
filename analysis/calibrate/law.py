"""Laws of service times from observed ones: fitted, compared, with what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from analysis.calibrate.source import Given, need, read_source, refuse
from analysis.interval import mean_interval
from scenarios.file.observed import observed_minutes
from scenarios.problem import Problem, fail

USUAL = {"service": ("service", "duration", "seconds", "minutes", "time")}
LEAST_TIMES = 10
PLAYS = 400
LAWS = ("lognormal", "gamma")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A law fitted to observed times by greatest likelihood.

    Parameters
    ----------
    law
        ``lognormal`` or ``gamma``.
    mean, cv
        Minutes; standard deviation over mean.
    likelihood
        Logarithm.
    distance
        Greatest distance of the observed distribution from it (Kolmogorov, Smirnov).
    p
        How often times that do follow it are as far off, the law fitted to each.
    """

    law: str
    mean: float
    cv: float
    likelihood: float
    distance: float
    p: float


def fitted(law: str, times: Floats) -> tuple[float, float, float]:
    """Fit a law; give mean, cv and the logarithm of the likelihood."""
    if law == "lognormal":
        logs = np.log(times)
        sigma = max(float(logs.std()), 1e-9)
        mean = exp(float(logs.mean()) + sigma**2 / 2)
        cv = sqrt(np.expm1(sigma**2))
        return mean, cv, float(_frozen(law, mean, cv).logpdf(times).sum())
    mean = float(times.mean())
    gap = max(log(mean) - float(np.log(times).mean()), 1e-12)
    shape = float(
        optimize.brentq(lambda k: log(k) - special.digamma(k) - gap, 1e-3, 1e9)
    )
    cv = 1 / sqrt(shape)
    return mean, cv, float(_frozen(law, mean, cv).logpdf(times).sum())


def _frozen(law: str, mean: float, cv: float) -> Any:
    """Give scipy's law of this mean and cv."""
    if law == "lognormal":
        sigma = sqrt(np.log1p(cv**2))
        return stats.lognorm(sigma, scale=mean * exp(-(sigma**2) / 2))
    return stats.gamma(1 / cv**2, scale=mean * cv**2)


def cumulative(law: str, mean: float, cv: float, times: Floats) -> Floats:
    """Give the share of a law that lies at or below each time."""
    return np.asarray(_frozen(law, mean, cv).cdf(times))


def distance(law: str, mean: float, cv: float, times: Floats) -> float:
    """Give the greatest distance of the observed distribution from a law."""
    ranked, number = np.sort(times), len(times)
    share = cumulative(law, mean, cv, ranked)
    steps = np.arange(number + 1) / number
    return float(max((steps[1:] - share).max(), (share - steps[:-1]).max()))


def fit(law: str, times: Floats, seed: int = 1, plays: int = PLAYS) -> Fit:
    """Fit a law, and see how often times that follow it are as far off.

    The law is fitted to every play anew: tables of the Kolmogorov-Smirnov test are for
    laws that were known beforehand, and would let nearly all pass.
    """
    mean, cv, likelihood = fitted(law, times)
    own = distance(law, mean, cv, times)
    generator = np.random.default_rng(np.random.SeedSequence([seed, len(times)]))
    model, as_far = _frozen(law, mean, cv), 0
    for _ in range(plays):
        play = np.asarray(model.rvs(len(times), random_state=generator))
        as_far += distance(law, *fitted(law, play)[:2], play) >= own
    return Fit(
        law=law,
        mean=mean,
        cv=cv,
        likelihood=likelihood,
        distance=own,
        p=(as_far + 1) / (plays + 1),
    )


def best(fits: Sequence[Fit]) -> Fit:
    """Choose the law of the greatest likelihood; all have two parameters."""
    return max(fits, key=lambda fit: fit.likelihood)


def read_times(given: Given, unit: str) -> Floats:
    """Read observed service times, minutes.

    Parameters
    ----------
    given
        The file, its column, and which rows.
    unit
        What bare numbers count: s, min or h.

    Raises
    ------
    ScenarioError
        With every bad row, up to a bound, or when there are too few.
    """
    source = read_source(given, USUAL)
    need(source, "service")
    found: list[float] = []
    problems: list[Problem] = []
    for row in source.rows:
        text = source.text(row, "service")
        try:
            found.append(_above_zero(text, unit))
        except ValueError as error:
            problems.append(source.problem(row, "service", str(error)))
    refuse(problems)
    if len(found) < LEAST_TIMES:
        told = f"at least {LEAST_TIMES} times are needed for a law, found {len(found)}"
        raise fail(str(given.path), told)
    if len(set(found)) == 1:
        raise fail(
            str(given.path), "all times are the same; write the law constant yourself"
        )
    return np.array(found)


def _above_zero(text: str, unit: str) -> float:
    minutes = observed_minutes(text, unit)
    if minutes <= 0:
        raise ValueError(f"must be above 0, found '{text}'; leave the row out")
    return minutes


def interval(times: Floats) -> tuple[float, float]:
    """Give the 95 % interval of the mean (Student t; nominal when very skewed)."""
    return mean_interval(times, 0.95)
