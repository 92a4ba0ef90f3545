# The generator in compiled code: published answers, numpy's numbers, no pattern.

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator.philox import fill, high, scramble, uniform_of
from simulator.stream import Chance

words = st.one_of(
    st.integers(0, 2**64 - 1),
    st.sampled_from([0, 1, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1]),
)


def philox(counter: list[int], keys: list[int], rounds: int = 10) -> list[int]:
    """Philox4x64 written from the paper of Salmon and others, 2011."""
    mask, (k0, k1), (c0, c1, c2, c3) = 2**64 - 1, keys, counter
    for _ in range(rounds):
        high0, low0 = divmod(0xD2E7470EE14C6C93 * c0, 2**64)
        high1, low1 = divmod(0xCA5A826395121157 * c2, 2**64)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 = (k0 + 0x9E3779B97F4A7C15) & mask
        k1 = (k1 + 0xBB67AE8584CAA73B) & mask
    return [c0, c1, c2, c3]


# Random123's known answers for philox4x64-10: counter, key, result.
KNOWN = [
    (
        [0, 0, 0, 0],
        [0, 0],
        [
            0x16554D9ECA36314C,
            0xDB20FE9D672D0FDC,
            0xD7E772CEE186176B,
            0x7E68B68AEC7BA23B,
        ],
    ),
    (
        [2**64 - 1] * 4,
        [2**64 - 1] * 2,
        [
            0x87B092C3013FE90B,
            0x438C3C67BE8D0224,
            0x9CC7D7C69CD777B6,
            0xA09CAEBF594F0BA0,
        ],
    ),
    (
        [
            0x243F6A8885A308D3,
            0x13198A2E03707344,
            0xA4093822299F31D0,
            0x082EFA98EC4E6C89,
        ],
        [0x452821E638D01377, 0xBE5466CF34E90C6C],
        [
            0xA528F45403E61D95,
            0x38C72DBD566E9788,
            0xA5A1610E72FD18B5,
            0x57BD43B5E52B7FE6,
        ],
    ),
]


@pytest.mark.parametrize(("counter", "keys", "answer"), KNOWN)
def test_the_generator_gives_the_known_answers_of_philox(counter, keys, answer):
    assert philox(counter, keys) == answer
    # numpy raises its counter before each block of four.
    whole = sum(word << (64 * i) for i, word in enumerate(counter))
    before = (whole - 1) % 2**256
    words = [(before >> (64 * i)) & (2**64 - 1) for i in range(4)]
    generator = np.random.Philox(
        key=np.array(keys, dtype=np.uint64), counter=np.array(words, dtype=np.uint64)
    )
    assert [int(word) for word in generator.random_raw(4)] == answer
    with np.errstate(over="ignore"):
        block = scramble(tuple(map(np.uint64, counter)), *map(np.uint64, keys))
    assert [int(word) for word in block] == answer


@settings(derandomize=True, deadline=None)
@given(words, words)
def test_the_upper_half_of_a_product_is_exact(a, b):
    with np.errstate(over="ignore"):
        assert int(high(np.uint64(a), np.uint64(b))) == a * b >> 64


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(words, words), min_size=1, max_size=4), st.integers(0, 70))
def test_each_row_holds_the_numbers_of_numpy_to_the_bit(keys, number):
    numbers = np.full((len(keys), number), np.nan)
    with np.errstate(over="ignore"):
        fill(np.array(keys, dtype=np.uint64), numbers)
    for key, row in zip(keys, numbers, strict=True):
        raw = np.random.Philox(key=np.array(key, dtype=np.uint64)).random_raw(number)
        usual = ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
        assert row.tobytes() == usual.tobytes()


def test_the_least_and_the_greatest_word_give_numbers_inside_0_and_1():
    assert uniform_of(np.uint64(0)) == 2.0**-53
    assert uniform_of(np.uint64(2**64 - 1)) == 1 - 2.0**-53


# ---- no pattern ------------------------------------------------------------------
# The keys are fixed, so the tests give the same answer each time; each p-value would
# fall below its bound in one of a thousand choices of keys.

VOTERS, STREAMS = 400, 250


def streams(along: str) -> np.ndarray:
    """Draw many voters under keys that differ in one part alone, by one step."""
    rows = []
    for i in range(STREAMS):
        seed, replication, station, purpose = 11, 4, "KV1", "service"
        if along == "seed":
            seed = i
        elif along == "replication":
            replication = i
        elif along == "station":
            station = f"KV{i}"
        else:
            purpose = f"service {i}"
        chance = Chance(seed, replication)
        rows.append(chance.uniforms("voter", station, purpose, VOTERS))
    return np.array(rows)


def uniform_pairs(one: np.ndarray, other: np.ndarray) -> float:
    table = np.histogram2d(one.ravel(), other.ravel(), bins=16, range=[[0, 1]] * 2)[0]
    return float(stats.chisquare(table.ravel()).pvalue)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Give the correlation in its standard errors."""
    found = np.corrcoef(one.ravel(), other.ravel())[0, 1]
    return float(found * np.sqrt(one.size))


@pytest.mark.parametrize("along", ["seed", "replication", "station", "purpose"])
def test_neighbouring_streams_and_voters_are_uniform_and_independent(along):
    numbers = streams(along)
    counts = np.histogram(numbers, bins=1000, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > 0.001
    for one, other in (
        (numbers[:-1], numbers[1:]),  # the same voter under the next key
        (numbers[:, :-1], numbers[:, 1:]),  # the next voter under the same key
        (numbers[:, :-4], numbers[:, 4:]),  # the same word of the next block
        (numbers[:-1, :-1], numbers[1:, 1:]),
    ):
        assert uniform_pairs(one, other) > 0.001
        assert abs(correlation(one, other)) < 3.3
    # Totals of each stream and of each voter are as spread as they should be.
    for axis in (0, 1):
        totals = numbers.sum(axis=axis)
        terms = numbers.shape[axis]
        spread = ((totals - terms / 2) ** 2 / (terms / 12)).sum()
        assert 0.001 < stats.chi2.cdf(spread, len(totals)) < 0.999


def test_each_bit_that_is_used_is_fair_and_neighbouring_bits_are_independent():
    bits = (streams("station").ravel() * 2**52).astype(np.uint64)
    for place in range(52):
        ones = (bits >> np.uint64(place)) & np.uint64(1)
        assert abs(float(ones.mean()) - 0.5) * 2 * np.sqrt(ones.size) < 3.9
    changed = [
        ((bits >> np.uint64(i)) ^ (bits >> np.uint64(i + 1))) & np.uint64(1)
        for i in range(51)
    ]
    for change in changed:
        assert abs(float(change.mean()) - 0.5) * 2 * np.sqrt(change.size) < 3.9
