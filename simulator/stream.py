"""Chance: every random number is a function of its key, never of the order of asking.

A stream is the Philox counter-based generator under a key hashed from (seed,
replication, kind, id, purpose). Its i-th number belongs to the i-th voter, incident or
slot, whatever else is drawn. Streams are computed in compiled code, which is loaded
when the first number is asked for. Uniform numbers are turned into durations by inverse
distribution functions in scalar arithmetic, since vectorised ``exp`` and ``log`` give
other last bits on other processors.
"""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
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

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of one replication.

    Parameters
    ----------
    seed, replication
        Together they fix every chance event.
    """

    seed: int
    replication: int

    def uniforms(self, kind: str, name: str, purpose: str, number: int) -> Floats:
        """Give the first numbers of a stream.

        Returns
        -------
        ndarray, shape (number,)
            Uniform on the open interval (0, 1).
        """
        row: Floats = self.rows(kind, name, (purpose,), number)[0]
        return row

    def rows(
        self, kind: str, name: str, purposes: tuple[str, ...], number: int
    ) -> Floats:
        """Give the first numbers of several streams, one for each purpose.

        Returns
        -------
        ndarray, shape (purposes, number)
            Uniform on the open interval (0, 1).
        """
        from simulator.philox import fill

        numbers = np.empty((len(purposes), number))
        # Words wrap around by design; numpy would warn where nothing is compiled.
        with np.errstate(over="ignore"):
            fill(self._keys(kind, name, purposes), numbers)
        return numbers

    def _keys(
        self, kind: str, name: str, purposes: tuple[str, ...]
    ) -> NDArray[np.uint64]:
        # Lengths are hashed too, so that no two keys can run together.
        parts = (str(self.seed), str(self.replication), kind, name)
        begin = hashlib.blake2b("".join(map(_tagged, parts)).encode(), digest_size=16)
        digests = []
        for purpose in purposes:
            whole = begin.copy()
            whole.update(_tagged(purpose).encode())
            digests.append(whole.digest())
        words = np.frombuffer(b"".join(digests), dtype="<u8")
        return words.astype(np.uint64).reshape(len(purposes), 2)

    def uniform(self, kind: str, name: str, purpose: str, index: int = 0) -> float:
        """Give one number of a stream."""
        return float(self.uniforms(kind, name, purpose, index + 1)[index])


def warm_up(tell: Callable[[], None]) -> None:
    """Have what is compiled at hand before it is used, and in worker processes.

    Parameters
    ----------
    tell
        Called once, beforehand, when it must be compiled now: at the first use after
        an installation.
    """
    from simulator.compiler import telling

    with telling(tell):
        Chance(0, 0).uniform("", "", "")


def _tagged(part: str) -> str:
    return f"{len(part)}:{part}"


def durations(law: Law, uniforms: Floats) -> list[float]:
    """Turn uniform numbers into durations of a law, one each.

    Parameters
    ----------
    law
        A distribution of durations.
    uniforms
        Numbers in (0, 1), shape (n,).

    Returns
    -------
    list of float
        Minutes, rising with the uniform number.
    """
    if isinstance(law, Constant):
        return [law.value] * len(uniforms)
    if isinstance(law, Exponential):
        return [-law.mean * math.log1p(-u) for u in uniforms.tolist()]
    if isinstance(law, Lognormal):
        variance = math.log1p(law.cv**2)
        mu, sigma = math.log(law.mean) - variance / 2, math.sqrt(variance)
        return [math.exp(mu + sigma * z) for z in special.ndtri(uniforms).tolist()]
    if isinstance(law, Gamma):
        shape = 1 / law.cv**2
        scale = law.mean / shape
        return [scale * x for x in special.gammaincinv(shape, uniforms).tolist()]
    if isinstance(law, Uniform):
        return [law.low + (law.high - law.low) * u for u in uniforms.tolist()]
    return [_triangular(law, u) for u in uniforms.tolist()]


def duration(law: Law, uniform: float) -> float:
    """Turn one uniform number into a duration of a law, minutes."""
    return durations(law, np.array([uniform]))[0]


def _triangular(law: Triangular, u: float) -> float:
    width, rise = law.high - law.low, law.mode - law.low
    if u * width < rise:
        return law.low + math.sqrt(u * width * rise)
    return law.high - math.sqrt((1 - u) * width * (width - rise))
