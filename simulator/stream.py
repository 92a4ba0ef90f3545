"""Chance: every random number is a function of its key, never of the order of asking.

A stream is the Philox counter-based generator under a key hashed from (seed,
replication, kind, id, purpose). Its i-th number belongs to the i-th voter, incident or
slot, whatever else is drawn. Streams are computed in compiled code, which is loaded
when the first number is asked for. Uniform numbers are turned into durations by inverse
distribution functions; ``exp`` and ``log`` in scalar arithmetic, since vectorised ones
give other last bits on other processors.
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
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Triangular,
    Uniform,
)
from scenarios.voter import Shock, TriangularShock
from simulator.interrupt import interrupts_held

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

    with interrupts_held(), telling(tell):
        load_compiled()


def load_compiled() -> None:
    """Load all that is compiled; compile what is not."""
    from simulator.quantile import exponentials, lognormals
    from simulator.station.flow import warm_up as warm_up_stations

    warm_up_stations()
    numbers = Chance(0, 0).uniforms("", "", "", 1)
    exponentials(numbers, 1.0)
    lognormals(numbers, 0.0, 1.0)


def _tagged(part: str) -> str:
    return f"{len(part)}:{part}"


def durations(law: Law, uniforms: Floats) -> Floats:
    """Turn uniform numbers into durations of a law, one each.

    Parameters
    ----------
    law
        A distribution of durations.
    uniforms
        Numbers in (0, 1), shape (n,).

    Returns
    -------
    ndarray, shape (n,)
        Minutes, rising with the uniform number.
    """
    if isinstance(law, Constant):
        return np.full(uniforms.shape, law.value)
    if isinstance(law, Uniform):
        return law.low + (law.high - law.low) * uniforms
    if isinstance(law, Triangular):
        return _triangular(law, uniforms)
    if isinstance(law, Empirical):
        ranked = np.array(law.ranked)
        values: Floats = ranked[(uniforms * len(ranked)).astype(np.int64)]
        return values
    return _with_tail(law, uniforms)


def _with_tail(
    law: Exponential | Lognormal | Gamma | Erlang, uniforms: Floats
) -> Floats:
    from simulator.quantile import exponentials, lognormals

    if isinstance(law, Exponential):
        return exponentials(uniforms, law.mean)
    if isinstance(law, Lognormal):
        variance = math.log1p(law.cv**2)
        mu, sigma = math.log(law.mean) - variance / 2, math.sqrt(variance)
        return lognormals(uniforms, mu, sigma)
    shape = 1 / law.cv**2 if isinstance(law, Gamma) else law.stages
    scale = law.mean / shape
    return np.asarray(scale * special.gammaincinv(shape, uniforms))


def duration(law: Law, uniform: float) -> float:
    """Turn one uniform number into a duration of a law, minutes."""
    if isinstance(law, Constant):
        return float(law.value)
    return float(durations(law, np.array([uniform]))[0])


def shift_of(shock: Shock, uniform: float) -> float:
    """Turn one uniform number into a shift of the turnout, as a share."""
    numbers = np.array([uniform])
    if isinstance(shock, TriangularShock):
        return float(_triangular(shock, numbers)[0])
    return float(shock.low + (shock.high - shock.low) * uniform)


def _triangular(law: Triangular | TriangularShock, uniforms: Floats) -> Floats:
    # Products and roots are rounded alike on all processors, in vectors too.
    width, rise = law.high - law.low, law.mode - law.low
    return np.where(
        uniforms * width < rise,
        law.low + np.sqrt(uniforms * width * rise),
        law.high - np.sqrt((1 - uniforms) * width * (width - rise)),
    )
