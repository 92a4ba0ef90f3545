# How often intervals hold what they are about, by simulation and by enumeration; the
# figures are those of docs/statistics.md.

import numpy as np
import pytest
from scipy import stats

from analysis.interval import mean_interval, proportion_interval
from analysis.precision import Precision, looks
from analysis.replication import Replication, Values

NONE = np.zeros((0, 0), np.int32)
NAMES = (("wait.mean", -1.0, "overall"),)
MOST = 2000


def normal(numbers, size):
    return numbers.normal(0, 1, size)


def skewed(sigma):
    return lambda numbers, size: numbers.lognormal(0, sigma, size)


def days(values):
    return [
        Replication(
            number=number,
            values=Values(NAMES, np.array([value])),
            judgements=(),
            orders=(),
            closes=(),
            lines=NONE,
            arrived=NONE,
            voted=NONE,
        )
        for number, value in enumerate(values)
    ]


def stopped(played, asked):
    """Stop at the first look at which it is precise enough."""
    for number in looks(len(played)):
        if asked.reached(played[:number]):
            break
    return played[:number]


def coverage_until(draw, truth, half, trials):
    numbers = np.random.Generator(np.random.Philox(key=5))
    asked = Precision(measure="wait.mean", within=-1.0, member="overall", half=half)
    inside = []
    for _ in range(trials):
        mean, found = asked.interval(stopped(days(draw(numbers, MOST)), asked))
        inside.append(abs(mean - truth) <= found)
    return np.mean(inside)


CASES = [
    (normal, 0.0, 0.2, 0.950),
    (skewed(0.6), np.exp(0.18), 0.1, 0.934),
    (skewed(0.6), np.exp(0.18), 0.2, 0.905),
    (skewed(1.0), np.exp(0.5), 0.2, 0.911),
]


@pytest.mark.parametrize("case", CASES, ids=["normal", "0.6", "0.6 wide", "1.0"])
def test_stopping_when_precise_costs_little_coverage(case):
    draw, truth, half, told = case
    # Three standard errors of 400 trials; the figures are of 5,000.
    assert coverage_until(draw, truth, half, 400) == pytest.approx(told, abs=0.042)


@pytest.mark.deep
@pytest.mark.parametrize("case", CASES, ids=["normal", "0.6", "0.6 wide", "1.0"])
def test_stopping_when_precise_costs_little_coverage_in_many_trials(case):
    draw, truth, half, told = case
    assert coverage_until(draw, truth, half, 5000) == pytest.approx(told, abs=0.014)


def test_a_stop_on_a_luckily_small_variance_is_what_the_floor_of_30_days_prevents():
    numbers = np.random.Generator(np.random.Philox(key=6))
    inside = []
    for _ in range(2000):
        values = skewed(0.6)(numbers, 200)
        number = next(
            n
            for n in range(3, 201)
            if np.diff(mean_interval(values[:n], 0.95))[0] <= 0.5 or n == 200
        )
        low, high = mean_interval(values[:number], 0.95)
        inside.append(low <= np.exp(0.18) <= high)
    assert np.mean(inside) < 0.90  # from three days on, each day a look


@pytest.mark.parametrize(
    ("sigma", "number", "told"),
    [(0.6, 30, 0.925), (0.6, 100, 0.942), (1.0, 30, 0.883), (1.0, 100, 0.915)],
)
def test_the_interval_of_the_mean_of_a_skewed_measure_falls_short(sigma, number, told):
    numbers = np.random.Generator(np.random.Philox(key=7))
    trials = skewed(sigma)(numbers, (6000, number))
    truth = np.exp(sigma**2 / 2)
    inside = [
        low <= truth <= high for low, high in (mean_interval(t, 0.95) for t in trials)
    ]
    assert np.mean(inside) == pytest.approx(told, abs=0.013)


@pytest.mark.parametrize("number", [30, 50, 100, 500])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_interval_of_a_share_never_falls_short(number, share, confidence):
    # Enumerated: the chance of all counts whose interval holds the truth.
    found = 0.0
    for count in range(number + 1):
        low, high = proportion_interval(count, number, confidence)
        if low <= share <= high:
            found += stats.binom.pmf(count, number, share)
    assert found >= confidence
