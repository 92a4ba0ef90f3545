"""Offered load: how much work comes to the stages of a station, hour by hour."""

from dataclasses import dataclass

import numpy as np

from scenarios.station import Station
from simulator.officer import allot


@dataclass(frozen=True, slots=True)
class Load:
    """Offered load of a stage in one hour.

    Parameters
    ----------
    stage
        Its name.
    hour
        Start of the hour, minutes from the scenario's start.
    load
        Work that arrives over work that its servers can do; infinite without servers.
    servers
        Places open and staffed, at the start of the hour.
    """

    stage: str
    hour: float
    load: float
    servers: int


def offered(station: Station, stage: str) -> list[tuple[float, float]]:
    """Give the work that comes to a stage hour by hour.

    Returns
    -------
    list of (float, float)
        Start of each hour, minutes; and the work that comes in it, in servers.
    """
    times, shares = zip(*station.profile(), strict=True)
    minutes = station.expected * station.work(stage)[1]
    found = []
    for hour in np.arange(station.opens, station.closes, 60.0).tolist():
        end = min(hour + 60, station.closes)
        low, high = np.interp([hour, end], times, shares)
        if hour == station.opens:
            low = 0.0  # who came before the opening stands in line then
        found.append((hour, float(minutes * (high - low) / (end - hour))))
    return found


def peak_loads(name: str, station: Station) -> list[Load]:
    """Compute the offered load of every stage in every hour of the day."""
    loads = []
    for stage_hours in zip(*(offered(station, s) for s in station.stages), strict=True):
        hour = stage_hours[0][0]
        open_ = staffed(station, hour)
        for stage, (_, work), able in zip(
            station.stages, stage_hours, open_, strict=True
        ):
            load = work / able if able else (float("inf") if work else 0.0)
            loads.append(Load(stage, hour, load, able))
    return loads


def staffed(station: Station, minute: float) -> list[int]:
    """Give places open and staffed at each stage, by schedule, officers and breaks."""
    away = sum(r.officers for r in station.breaks if r.from_ <= minute < r.until)
    return allotted(station, minute, max(station.officers - away, 0))


def allotted(station: Station, minute: float, officers: int) -> list[int]:
    """Give places open at each stage when so many officers are there."""
    return allot(
        [stage.servers_at(minute) for stage in station.stages.values()],
        [stage.officers for stage in station.stages.values()],
        officers,
    )
