"""What broke first, and where it binds."""

from collections import Counter
from dataclasses import dataclass
from math import floor, inf, isfinite

import numpy as np

from analysis.experiment import Experiment
from simulator.load import Load, peak_loads


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstBreak:
    """What broke first, over all days.

    Parameters
    ----------
    target, title
        The target that was the first to break on most days.
    where
        The member at which it broke on most of these days.
    days
        On how many days it was the first.
    broken_days
        On how many days anything broke.
    typical, earliest
        Median and earliest time of these first breaks, minutes from the start.
    """

    target: str
    title: str
    where: str
    days: int
    broken_days: int
    typical: float
    earliest: float


def first_break(experiment: Experiment) -> FirstBreak | None:
    """Find what broke first on most days; None when nothing broke."""
    firsts = []
    for replication in experiment.replications:
        broken = [j for j in replication.judgements if j.broken < inf]
        if broken:
            firsts.append(min(broken, key=lambda j: j.broken))
    if not firsts:
        return None
    target = Counter(j.target for j in firsts).most_common(1)[0][0]
    chosen = [j for j in firsts if j.target == target]
    times = np.sort([j.broken for j in chosen])
    return FirstBreak(
        target=target,
        title=experiment.setting.targets[target].title,
        where=Counter(j.where for j in chosen).most_common(1)[0][0],
        days=len(chosen),
        broken_days=len(firsts),
        typical=float(times[(len(times) - 1) // 2]),
        earliest=float(times[0]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The stage that binds at a station, by offered load.

    Parameters
    ----------
    station, stage
        Where.
    load
        Work that comes in the hour over the work its servers can do.
    hour
        Start of the first hour at which the load passes 1, else of the hour with
        the highest load; minutes from the start.
    peak
        Highest load of any hour.
    servers
        Servers there in that hour.
    needed
        Servers that keep the load of the stage below 1 in every hour.
    """

    station: str
    stage: str
    load: float
    hour: float
    peak: float
    servers: int
    needed: int


def _needed(loads: list[Load]) -> int:
    work = [load.load * load.servers for load in loads if isfinite(load.load)]
    return floor(max(work, default=0.0)) + 1


def bindings(experiment: Experiment) -> list[Binding]:
    """Find the binding stage of each station, highest peak first."""
    found = []
    for name in experiment.setting.stations:
        loads = peak_loads(name, experiment.setting.stations[name])
        if loads:
            peak = max(loads, key=lambda load: load.load)
            over = [x for x in loads if x.stage == peak.stage and x.load > 1]
            first = over[0] if over else peak
            found.append(
                Binding(
                    station=name,
                    stage=peak.stage,
                    load=first.load,
                    hour=first.hour,
                    peak=peak.load,
                    servers=first.servers,
                    needed=_needed([x for x in loads if x.stage == peak.stage]),
                )
            )
    return sorted(found, key=lambda binding: -binding.peak)
