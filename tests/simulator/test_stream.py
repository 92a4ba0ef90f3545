# Chance: a function of its key, never of the order of asking.

from math import exp, factorial, inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scenarios.distribution import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Triangular,
    Uniform,
)
from scenarios.voter import TriangularShock, UniformShock
from simulator.stream import Chance, duration, durations, shift_of
from tests.simulator.test_philox import philox

CHANCE = Chance(seed=20210523, replication=7)
key = st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))

# ---- streams ---------------------------------------------------------------------


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(key, st.integers(0, 40)), min_size=1, max_size=12))
def test_a_stream_does_not_depend_on_what_was_asked_before(asked):
    first = {k: Chance(1, 2).uniforms(*k, 40).tolist() for k, _ in asked}
    one = Chance(1, 2)
    for k, number in asked:
        assert one.uniforms(*k, number).tolist() == first[k][:number]


@settings(derandomize=True, deadline=None)
@given(key, st.integers(0, 200), st.integers(0, 200))
def test_the_first_numbers_stay_however_many_are_asked_for(k, few, more):
    short, long = CHANCE.uniforms(*k, few), CHANCE.uniforms(*k, few + more)
    assert long[:few].tobytes() == short.tobytes()


@settings(derandomize=True, deadline=None)
@given(key, st.integers(0, 60))
def test_one_number_is_the_same_alone_or_in_a_row(k, index):
    assert CHANCE.uniform(*k, index) == CHANCE.uniforms(*k, 61)[index]


def test_every_part_of_the_key_makes_another_stream():
    keys = [
        (Chance(1, 0), "voter", "KV1", "arrival"),
        (Chance(2, 0), "voter", "KV1", "arrival"),
        (Chance(1, 1), "voter", "KV1", "arrival"),
        (Chance(1, 0), "incident", "KV1", "arrival"),
        (Chance(1, 0), "voter", "KV2", "arrival"),
        (Chance(1, 0), "voter", "KV1", "turnout"),
    ]
    rows = [chance.uniforms(*rest, 50) for chance, *rest in keys]
    shared = set.intersection(*(set(row) for row in rows[:2]))
    assert not shared
    assert len({value for row in rows for value in row}) == 50 * len(keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("voter", "KV1", "1"), ("voter", "KV11", "")),
        (("voter", "KV1", "1"), ("voter", "KV", "11")),
        (("voter", "", "KV1"), ("voterKV1", "", "")),
        (("a", "b:c", "d"), ("a", "b", "c:d")),
        (("a", "1:b", ""), ("a1:b", "", "")),
        (("", "", ""), ("", "", "0:")),
    ],
)
def test_keys_that_read_alike_when_run_together_do_not_collide(one, other):
    assert CHANCE.uniforms(*one, 20).tolist() != CHANCE.uniforms(*other, 20).tolist()


def test_seed_and_replication_do_not_run_together():
    rows = [
        Chance(seed, replication).uniforms("voter", "KV1", "arrival", 5).tolist()
        for seed, replication in ((1, 23), (12, 3), (123, 0), (1, 230), (3, 12))
    ]
    assert len({tuple(row) for row in rows}) == len(rows)


@settings(derandomize=True, deadline=None)
@given(key, key)
def test_different_keys_make_different_streams(one, other):
    same = CHANCE.uniforms(*one, 8).tolist() == CHANCE.uniforms(*other, 8).tolist()
    assert same == (one == other)


# ---- the generator ---------------------------------------------------------------


def test_numbers_are_the_leading_bits_of_the_generator_and_their_place_is_the_counter():
    from hashlib import blake2b

    parts = ("20210523", "7", "voter", "KV1", "arrival")
    text = "".join(f"{len(part)}:{part}" for part in parts)
    digest = blake2b(text.encode(), digest_size=16).digest()
    keys = [int.from_bytes(digest[i : i + 8], "little") for i in (0, 8)]
    raw = [word for block in range(1, 4) for word in philox([block, 0, 0, 0], keys)]
    expected = [((word >> 12) + 0.5) / 2**52 for word in raw]
    assert CHANCE.uniforms("voter", "KV1", "arrival", 12).tolist() == expected


def test_numbers_lie_strictly_between_0_and_1():
    # The least and the most that 52 bits and a half can give.
    assert 0 < 0.5 * 2.0**-52
    assert (2**52 - 1 + 0.5) * 2.0**-52 < 1
    row = CHANCE.uniforms("voter", "KV1", "arrival", 200_000)
    assert row.min() > 0
    assert row.max() < 1


def test_one_stream_is_uniform_and_its_neighbours_are_independent():
    row = CHANCE.uniforms("voter", "KV1", "arrival", 100_000)
    assert stats.kstest(row, "uniform").pvalue > 0.001
    table = np.histogram2d(row[:-1], row[1:], bins=10, range=[[0, 1]] * 2)[0]
    assert stats.chisquare(table.ravel()).pvalue > 0.001
    # The low bits too.
    low = np.bincount((row * 2**40).astype(np.int64) & 15, minlength=16)
    assert stats.chisquare(low).pvalue > 0.001


def test_the_first_numbers_of_many_streams_are_uniform_and_independent():
    first = np.array(
        [
            Chance(1, replication).uniforms("incident", f"I{i}", "on scene", 2)
            for replication in range(100)
            for i in range(100)
        ]
    )
    assert stats.kstest(first[:, 0], "uniform").pvalue > 0.001
    table = np.histogram2d(*first.T, bins=8, range=[[0, 1]] * 2)[0]
    assert stats.chisquare(table.ravel()).pvalue > 0.001
    steps = np.histogram2d(first[:-1, 0], first[1:, 0], bins=8, range=[[0, 1]] * 2)[0]
    assert stats.chisquare(steps.ravel()).pvalue > 0.001


# ---- laws ------------------------------------------------------------------------

LAWS: dict[str, tuple[Law, float, float]] = {
    # law: mean, coefficient of variation
    "constant": (Constant(value="3 min"), 3.0, 0.0),
    "exponential": (Exponential(mean="4 min"), 4.0, 1.0),
    "lognormal narrow": (Lognormal(mean="3 min", cv=0.5), 3.0, 0.5),
    "lognormal wide": (Lognormal(mean="10 min", cv=2.0), 10.0, 2.0),
    "gamma narrow": (Gamma(mean="7.5 min", cv=0.25), 7.5, 0.25),
    "gamma wide": (Gamma(mean="60 min", cv=1.5), 60.0, 1.5),
    "erlang": (Erlang(mean="6 min", stages=4), 6.0, 0.5),
    "erlang of one stage": (Erlang(mean="6 min", stages=1), 6.0, 1.0),
    "uniform": (Uniform(low="2 min", high="8 min"), 5.0, sqrt(3) / 5),
    "triangular": (
        Triangular(low="5 min", mode="10 min", high="30 min"),
        15.0,
        sqrt((25 + 100 + 900 - 50 - 150 - 300) / 18) / 15,
    ),
    "triangular, mode at the low end": (
        Triangular(low="0 min", mode="0 min", high="9 min"),
        3.0,
        sqrt(81 / 18) / 3,
    ),
    "triangular, mode at the high end": (
        Triangular(low="0 min", mode="9 min", high="9 min"),
        6.0,
        sqrt(81 / 18) / 6,
    ),
}


def moments(law: Law) -> tuple[float, float]:
    """Integrate the quantiles over (0, 1), finely at both ends."""
    points, weights = np.polynomial.legendre.leggauss(20)
    # Cells halve towards 0 and 1, where quantiles bend.
    halves = 0.5 ** np.arange(1, 61)
    edges = np.concatenate([[0.0], halves[::-1], 1 - halves[1:], [1.0]])
    low, wide = edges[:-1, None], np.diff(edges)[:, None]
    at = (low + wide * (points + 1) / 2).ravel()
    share = (wide * weights / 2).ravel()
    inside = (at > 0) & (at < 1)
    values = durations(law, at[inside])
    mean = float((share[inside] * values).sum())
    square = float((share[inside] * values**2).sum())
    return mean, sqrt(max(square - mean**2, 0.0)) / mean


@pytest.mark.parametrize("name", LAWS)
def test_a_law_has_the_mean_and_the_variation_it_says(name):
    law, mean, cv = LAWS[name]
    assert law.mean_minutes == pytest.approx(mean)
    found_mean, found_cv = moments(law)
    assert found_mean == pytest.approx(mean, rel=1e-6)
    assert found_cv == pytest.approx(cv, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("name", LAWS)
def test_durations_rise_with_the_uniform_number_and_are_never_negative(name):
    law = LAWS[name][0]
    at = np.array([0.5**52 / 2, 1e-9, *np.linspace(0.01, 0.99, 99), 1 - 0.5**53])
    values = durations(law, at).tolist()
    assert values == sorted(values)
    assert values[0] >= 0
    assert values[-1] < inf
    assert [duration(law, u) for u in at.tolist()] == values


def cumulative(law: Law, x: float) -> float:  # noqa: PLR0911 - one for each law
    """Say how likely a duration of at most x is, by the textbook."""
    if isinstance(law, Exponential):
        return 1 - exp(-x / law.mean)
    if isinstance(law, Lognormal):
        sigma = sqrt(log(1 + law.cv**2))
        return float(stats.norm.cdf((log(x / law.mean) + sigma**2 / 2) / sigma))
    if isinstance(law, Gamma):
        return float(stats.gamma.cdf(x, 1 / law.cv**2, scale=law.mean * law.cv**2))
    if isinstance(law, Erlang):
        rate = law.stages * x / law.mean
        terms = [rate**k / factorial(k) for k in range(law.stages)]
        return 1 - exp(-rate) * sum(terms)
    if isinstance(law, Uniform):
        return (x - law.low) / (law.high - law.low)
    assert isinstance(law, Triangular)
    width = law.high - law.low
    if x <= law.mode:
        return (x - law.low) ** 2 / (width * (law.mode - law.low or 1))
    return 1 - (law.high - x) ** 2 / (width * (law.high - law.mode))


@pytest.mark.parametrize("name", [name for name in LAWS if name != "constant"])
def test_a_duration_is_the_quantile_of_its_law(name):
    law = LAWS[name][0]
    for u in (0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999):
        assert cumulative(law, duration(law, u)) == pytest.approx(u, abs=1e-9)


def test_the_median_of_a_lognormal_and_an_erlang_are_those_of_the_books():
    # Median exp(mu): mean / sqrt(1 + cv^2). A gamma of cv 1/sqrt(2) is a sum of two
    # exponentials: P(X <= x) = 1 - (1 + x/s) exp(-x/s), s half of the mean.
    assert duration(Lognormal(mean="3 min", cv=0.5), 0.5) == pytest.approx(
        3 / sqrt(1.25)
    )
    x = duration(Gamma(mean="6 min", cv=1 / sqrt(2)), 0.7)
    assert 1 - (1 + x / 3) * exp(-x / 3) == pytest.approx(0.7)


def test_an_erlang_of_one_stage_is_exponential():
    row = CHANCE.uniforms("law", "", "", 500)
    one = durations(Erlang(mean="4 min", stages=1), row)
    assert one == pytest.approx(durations(Exponential(mean="4 min"), row), rel=1e-12)


# ---- what was observed -----------------------------------------------------------


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=40))
def test_each_observation_has_its_equal_share_of_the_numbers(seconds):
    law = Empirical(values=[f"{s} s" for s in seconds])
    n = len(seconds)
    middles = (np.arange(n) + 0.5) / n
    found = durations(law, middles)
    assert found.tolist() == pytest.approx(sorted(s / 60 for s in seconds))
    assert law.mean_minutes == pytest.approx(found.mean())
    # The edges of each share, and the least and greatest number there are.
    edges = np.arange(1, n) / n
    below = durations(law, np.nextafter(edges, 0))
    assert set(below.tolist()) <= set(found.tolist())
    assert duration(law, 0.5**53) == found[0]
    assert duration(law, 1 - 0.5**53) == found[-1]


def test_observations_are_drawn_as_often_as_they_were_made():
    law = Empirical(values=["1 min", "2 min", "2 min", "5 min"])
    found = durations(law, CHANCE.uniforms("law", "", "seen", 40_000))
    values, counts = np.unique(found, return_counts=True)
    assert values.tolist() == [1.0, 2.0, 5.0]
    assert stats.chisquare(counts, [10_000, 20_000, 10_000]).pvalue > 0.001


@pytest.mark.parametrize("size", [1, 3, 2**16 - 1, 2**16 + 1, 99_999, 100_000])
def test_the_greatest_number_falls_on_the_last_observation(size):
    law = Empirical(values=["1 min"])
    law._ranked = tuple(map(float, range(size)))
    assert duration(law, 1 - 0.5**53) == size - 1


# ---- shifts of the turnout -------------------------------------------------------


@pytest.mark.parametrize("u", [0.5**53, 0.1, 0.25, 0.5, 0.9, 1 - 0.5**53])
def test_a_shift_is_the_quantile_of_its_law(u):
    flat = UniformShock(law="uniform", low="-10 %", high="30 %")
    assert shift_of(flat, u) == pytest.approx(-0.1 + 0.4 * u)
    # Triangular from -10 to 30, mode 0 points: by the textbook a quarter lies below 0.
    peaked = TriangularShock(law="triangular", low="-10 %", mode="0 %", high="30 %")
    rising = -0.1 + sqrt(u * 0.4 * 0.1)
    falling = 0.3 - sqrt((1 - u) * 0.4 * 0.3)
    assert shift_of(peaked, u) == pytest.approx(rising if u < 0.25 else falling)
