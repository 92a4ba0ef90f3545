"""Philox4x64-10, the counter-based generator, in compiled code.

Number i of a stream is a function of its 128-bit key and i alone (Salmon and others,
Parallel random numbers: as easy as 1, 2, 3; 2011). Word i is that of
``numpy.random.Philox(key=key).random_raw(n)[i]``, without the cost of making a
generator for each stream: block ``i // 4 + 1`` of the counter, word ``i % 4``.
"""

import numpy as np
from numpy.typing import NDArray

from simulator.compiler import compiled

Word = np.uint64
Block = tuple[Word, Word, Word, Word]

_MULTIPLY_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLY_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_SPARE = np.uint64(12)
_ZERO = np.uint64(0)
_ROUNDS = 10


@compiled
def high(a: Word, b: Word) -> Word:
    """Give the upper 64 bits of a product of 128; compiled to one multiplication."""
    a_low, a_high, b_low, b_high = a & _LOW, a >> _HALF, b & _LOW, b >> _HALF
    middle = a_high * b_low + ((a_low * b_low) >> _HALF)
    other = a_low * b_high + (middle & _LOW)
    return a_high * b_high + (middle >> _HALF) + (other >> _HALF)


@compiled
def scramble(counter: Block, key_0: Word, key_1: Word) -> Block:
    """Turn a counter of four words into four random words under a key."""
    c0, c1, c2, c3 = counter
    for _ in range(_ROUNDS):
        high_0, low_0 = high(_MULTIPLY_0, c0), _MULTIPLY_0 * c0
        high_1, low_1 = high(_MULTIPLY_1, c2), _MULTIPLY_1 * c2
        c0, c1, c2, c3 = high_1 ^ c1 ^ key_0, low_1, high_0 ^ c3 ^ key_1, low_0
        key_0, key_1 = key_0 + _WEYL_0, key_1 + _WEYL_1
    return c0, c1, c2, c3


@compiled
def uniform_of(word: Word) -> float:
    """Turn a word into a number of the open interval (0, 1)."""
    # 52 bits and a half: never 0, never 1, exact in a float.
    return (np.float64(word >> _SPARE) + 0.5) * 2.0**-52


@compiled
def fill(keys: NDArray[np.uint64], numbers: NDArray[np.float64]) -> None:
    """Fill each row with the first uniform numbers of its stream.

    Parameters
    ----------
    keys
        Shape (streams, 2).
    numbers
        Written, shape (streams, numbers).
    """
    streams, wanted = numbers.shape
    for s in range(streams):
        for block in range((wanted + 3) // 4):
            counter = (np.uint64(block + 1), _ZERO, _ZERO, _ZERO)
            words = scramble(counter, keys[s, 0], keys[s, 1])
            first = 4 * block
            for i in range(min(4, wanted - first)):
                numbers[s, first + i] = uniform_of(words[i])
