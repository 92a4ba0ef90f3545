"""The voters of a station, all their attributes drawn beforehand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scenarios.station import Station
from simulator.stream import Chance, Floats, durations

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voters:
    """Everybody on the list of one station; index i is a place on the list.

    Parameters
    ----------
    order
        Places on the list of those who set out, by arrival, shape (set out,).
    arrival
        When each would come, minutes from the start, shape (registered,).
    priority
        Whether served first, shape (registered,).
    patience
        Minutes in the first line; infinite where none is stated, shape (registered,).
    service
        Minutes for each voter at each stage, NaN where the voter skips it, shape
        (registered, stages): the stages of a voter lie side by side.
    uniforms
        Gives the uniform numbers of a purpose, shape (registered,). Few days need them,
        so they are drawn when first asked for; keyed as they are, that changes nothing.
    """

    order: Ints
    arrival: Floats
    priority: Flags
    patience: Floats
    service: Floats
    uniforms: Callable[[str], Floats]

    @property
    def balk(self) -> Floats:
        """Uniform; turns back when below the share that balks."""
        return self.uniforms("balk")

    @property
    def surge(self) -> Floats:
        """Uniform; how far into a surge the voter comes."""
        return self.uniforms("surge")

    @property
    def drop(self) -> Floats:
        """Uniform; stays away when below the share of a drop."""
        return self.uniforms("drop")

    @property
    def drop_return(self) -> Floats:
        """Uniform; comes after a drop when below the share that returns."""
        return self.uniforms("drop return")

    @property
    def drop_delay(self) -> Floats:
        """Uniform; how long after a drop the voter comes."""
        return self.uniforms("drop delay")

    @property
    def away(self) -> Floats:
        """Uniform; comes back after leaving when below the share that returns."""
        return self.uniforms("away")

    @property
    def move(self) -> Floats:
        """Uniform; gives up when the station moves, below the share that does."""
        return self.uniforms("move")

    @property
    def away_delay(self) -> Floats:
        """Uniform; how long after the vote resumes the voter comes back."""
        return self.uniforms("away delay")


def draw_voters(
    name: str, station: Station, chance: Chance, *, auxiliary: int
) -> Voters:
    """Draw the voters of a station.

    Parameters
    ----------
    name
        Of the station; part of the key of every draw.
    station
        Its list, turnout, profile and stages.
    chance
        Of the replication.
    auxiliary
        Voters at the end of the list who vote at an auxiliary box, if anywhere.
    """
    number = station.registered
    services = [f"service {stage}" for stage in station.stages]
    rows = chance.rows("voter", name, ("arrival", "turnout", *services), number)

    @cache
    def uniforms(purpose: str) -> Floats:
        return chance.uniforms("voter", name, purpose, number)

    order = _rising(rows[0])
    arrival = np.empty(number)
    times, shares = zip(*station.arrivals.profile(station.opens), strict=True)
    arrival[order] = np.interp(rows[0][order], shares, times)
    comes = rows[1] < station.turnout
    comes[number - min(auxiliary, number) :] = False
    patience = np.full(number, np.inf)
    if station.patience is not None:
        patience = durations(station.patience, uniforms("patience"))
    service = np.empty((number, len(services)))
    for i, stage in enumerate(station.stages.values()):
        service[:, i] = durations(stage.service, rows[2 + i])
        if stage.share < 1:
            service[uniforms(f"passes {services[i]}") >= stage.share, i] = np.nan
    return Voters(
        order=order[comes[order]],
        arrival=arrival,
        priority=_share(station.priority, "priority", uniforms, number),
        patience=patience,
        service=service,
        uniforms=uniforms,
    )


def _rising(numbers: Floats) -> Ints:
    """Give the places of rising numbers; of equal ones the first place first."""
    order = np.argsort(numbers)
    found = numbers[order]
    if not (found[1:] > found[:-1]).all():
        # The quick way may put equal numbers in any order; the stable one may not.
        order = np.argsort(numbers, kind="stable")
    return order.astype(np.int64, copy=False)


def _share(
    share: float, purpose: str, uniforms: Callable[[str], Floats], number: int
) -> Flags:
    """Choose a share of the voters; where nobody is meant, nothing is drawn."""
    if share == 0:
        return np.zeros(number, dtype=np.bool_)
    return uniforms(purpose) < share
