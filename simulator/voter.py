"""The voters of a station, all their attributes drawn beforehand."""

from dataclasses import dataclass

import numpy as np

from scenarios.station import Station
from simulator.stream import Chance, Floats, durations


@dataclass(frozen=True, slots=True, kw_only=True)
class Voters:
    """Everybody on the list of one station; index i is a place on the list.

    Parameters
    ----------
    order
        Places on the list of those who set out, by arrival.
    arrival
        When each would come, minutes from the start, shape (registered,).
    priority
        Whether served first.
    balk
        Uniform; turns back when below the share that balks.
    patience
        Minutes in the first line; infinite where none is stated.
    service
        For each stage, minutes for each voter.
    surge, drop, drop_return, drop_delay, away, away_delay
        Uniform numbers that effects use.
    """

    order: list[int]
    arrival: list[float]
    priority: list[bool]
    balk: list[float]
    patience: list[float]
    service: list[list[float]]
    surge: list[float]
    drop: list[float]
    drop_return: list[float]
    drop_delay: list[float]
    away: list[float]
    away_delay: list[float]


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

    def uniforms(purpose: str) -> Floats:
        return chance.uniforms("voter", name, purpose, number)

    times, shares = zip(*station.arrivals.profile(station.opens), strict=True)
    arrival = np.interp(uniforms("arrival"), shares, times)
    comes = uniforms("turnout") < station.turnout
    comes[number - min(auxiliary, number) :] = False
    set_out = np.flatnonzero(comes)
    patience = [np.inf] * number
    if station.patience is not None:
        patience = durations(station.patience, uniforms("patience"))
    return Voters(
        order=set_out[np.argsort(arrival[set_out], kind="stable")].tolist(),
        arrival=arrival.tolist(),
        priority=(uniforms("priority") < station.priority).tolist(),
        balk=uniforms("balk").tolist(),
        patience=patience,
        service=[
            durations(stage.service, uniforms(f"service {stage_name}"))
            for stage_name, stage in station.stages.items()
        ],
        surge=uniforms("surge").tolist(),
        drop=uniforms("drop").tolist(),
        drop_return=uniforms("drop return").tolist(),
        drop_delay=uniforms("drop delay").tolist(),
        away=uniforms("away").tolist(),
        away_delay=uniforms("away delay").tolist(),
    )
