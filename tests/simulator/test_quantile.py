# Durations to the bit as plain scalar arithmetic gives them, one number at a time.

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from scenarios.distribution import (
    Constant,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Triangular,
    Uniform,
)
from simulator.quantile import normal, normals, polynomial
from simulator.stream import Chance, duration, durations

MANY = Chance(20210523, 1).uniforms("quantile", "", "", 1_000_000)
EDGE = math.exp(-2)
TAILS = np.concatenate(
    [
        0.5 ** np.arange(2, 54),
        1 - 0.5 ** np.arange(2, 54),
        np.exp(-np.linspace(1, 36, 20_000)),
        1 - np.exp(-np.linspace(1, 36, 20_000)),
        EDGE + np.arange(-500, 500) * 2.0**-55,
        1 - EDGE + np.arange(-500, 500) * 2.0**-53,
        # Here sqrt(-2 log u) is 8, and the far tail begins.
        math.exp(-32) + np.arange(-500, 500) * 2.0**-99,
    ]
)


def plain(law: Law, u: float) -> float:  # noqa: PLR0911 - one for each law
    """Give a duration in scalar arithmetic with the mathematics of the interpreter."""
    if isinstance(law, Constant):
        return law.value
    if isinstance(law, Exponential):
        return -law.mean * math.log1p(-u)
    if isinstance(law, Lognormal):
        variance = math.log1p(law.cv**2)
        mu, sigma = math.log(law.mean) - variance / 2, math.sqrt(variance)
        return math.exp(mu + sigma * float(special.ndtri(u)))
    if isinstance(law, Gamma):
        shape = 1 / law.cv**2
        return law.mean / shape * float(special.gammaincinv(shape, u))
    if isinstance(law, Uniform):
        return law.low + (law.high - law.low) * u
    assert isinstance(law, Triangular)
    width, rise = law.high - law.low, law.mode - law.low
    if u * width < rise:
        return law.low + math.sqrt(u * width * rise)
    return law.high - math.sqrt((1 - u) * width * (width - rise))


def minutes(number: float) -> str:
    return f"{number} min"


length = st.integers(1, 4000).map(lambda tenths: tenths / 10)
cv = st.integers(1, 400).map(lambda hundredths: hundredths / 100)
laws = st.one_of(
    st.builds(Constant, value=length.map(minutes)),
    st.builds(Exponential, mean=length.map(minutes)),
    st.builds(Lognormal, mean=length.map(minutes), cv=cv),
    st.builds(Gamma, mean=length.map(minutes), cv=cv),
    st.tuples(length, length).map(
        lambda t: Uniform(low=minutes(t[0]), high=minutes(t[0] + t[1]))
    ),
    st.tuples(length, st.just(0.0) | length, length).map(
        lambda t: Triangular(
            low=minutes(t[0]), mode=minutes(t[0] + t[1]), high=minutes(sum(t))
        )
    ),
)


@settings(derandomize=True, deadline=None)
@given(laws, st.integers(0, 990_000))
def test_whole_vectors_equal_scalar_arithmetic_to_the_bit(law, start):
    at = np.concatenate([MANY[start : start + 200], TAILS[start % 97 :: 97]])
    assert durations(law, at).tolist() == [plain(law, u) for u in at.tolist()]
    assert duration(law, float(at[0])) == plain(law, float(at[0]))


@pytest.mark.parametrize("at", [MANY, TAILS], ids=["a million", "the tails"])
def test_the_normal_quantile_is_that_of_scipy_to_the_bit(at):
    z = special.ndtri(at)
    assert normals(at).tolist() == z.tolist()
    some = slice(None, None, max(1, len(at) // 50_000))
    assert [normal(u) for u in at[some].tolist()] == z[some].tolist()


def test_the_normal_quantile_has_its_published_values():
    # Tables of the standard normal law.
    for u, z in ((0.5, 0.0), (0.975, 1.959963984540054), (0.999, 3.090232306167814)):
        assert normal(u) == pytest.approx(z, rel=1e-14, abs=1e-15)
    assert normal(1e-16) == pytest.approx(-8.222082216130435, rel=1e-13)


def test_a_polynomial_is_evaluated_from_its_highest_power():
    assert polynomial(2.0, (3.0, -1.0, 5.0)) == 3 * 4 - 2 + 5


def test_results_are_floats_of_their_own_and_the_numbers_stay():
    at = np.array([0.25, 0.75])
    for law in (Constant(value="2 min"), Exponential(mean="2 min")):
        values = durations(law, at)
        assert values.dtype == np.float64
        assert not np.shares_memory(values, at)
    assert at.tolist() == [0.25, 0.75]
    assert type(duration(Constant(value="2 min"), 0.5)) is float
