# A city at one place, whose units stand where all incidents arise, never go off shift
# and are never far: what queueing theory speaks of. Written to a scenario file, read
# and played by the engine; measured here from the records alone.

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from simulator.log import Kind, Log
from simulator.world import World
from tests.theory.interval import BATCHES
from tests.worlds import Data, scenario_of

DAY = 1440.0
WARM_UP = DAY
REST = DAY / 4  # left out at the end
UNIT = 10.0  # minutes: the mean time on scene, the unit of time of these cases
Floats = NDArray[np.float64]


def constant(mean: float = 1.0) -> str:
    return f"{mean * UNIT:g} min"


def exponential(mean: float = 1.0) -> Data:
    return {"law": "exponential", "mean": constant(mean)}


def lognormal(mean: float = 1.0) -> Data:
    return {"law": "lognormal", "mean": constant(mean), "cv": 2.0}


def kind(
    rate: float, *, needs: int = 1, law: Data | str | None = None, **more: object
) -> Data:
    """Make an incident type; the rate is an incident a unit of time."""
    level = {"needs": {"order": needs}, "on_scene": law or exponential()}
    found: Data = {"levels": [level], "rates": [at("here", rate)]}
    return found | more


def at(place: str, rate: float) -> Data:
    return {"places": [place], "per_hour": rate * 60 / UNIT}


def unit(days: float, **more: object) -> Data:
    last = f"D+{int(days)} 00:00"
    return {
        "agency": "police",
        "skills": ["order"],
        "base": "here",
        "turnout": "0 min",
        "shifts": [{"from": "00:00", "until": last}],
        **more,
    }


def city(
    days: int,
    units: int | Data,
    incidents: Data,
    dispatch: Data | None = None,
    **more: object,
) -> Data:
    """Make a scenario of so many days without a night."""
    if isinstance(units, int):
        units = {f"U{i + 1}": unit(days) for i in range(units)}
    return {
        "title": "A city at one place",
        "clock": {"day": "2021-05-23", "start": "00:00", "end": f"D+{days} 00:00"},
        "roads": {
            "network": {
                "nodes": {"a": [0, 0], "b": [1000, 0]},
                "edges": [{"id": "ab", "from": "a", "to": "b", "road": "tertiary"}],
            }
        },
        "places": {"here": {"node": "a"}},
        "agencies": {"police": {}},
        "units": units,
        "incidents": incidents,
        "dispatch": dispatch or {},
        **more,
    }


@dataclass(slots=True)
class Case:
    """An incident as the records tell it; infinite is never."""

    type: str
    place: str
    ready: float = inf
    sent: float = inf
    unit: str = ""
    passed: bool = False

    @property
    def queue(self) -> float:
        """Ready to first assigned, in units of time."""
        return (self.sent - self.ready) / UNIT


def every(_: Case) -> bool:
    return True


@dataclass(frozen=True)
class Run:
    """A run cut into batches of equal length, after a warm-up.

    The last hours are left out: what became ready then may wait as the log ends.
    """

    log: Log
    names: tuple[str, ...]
    batches: int

    @property
    def edges(self) -> Floats:
        return np.linspace(WARM_UP, self.log.end - REST, self.batches + 1)

    @cached_property
    def cases(self) -> list[Case]:
        cases: dict[str, Case] = {}
        for record in self.log.records:
            if record.kind == Kind.ARISES:
                case = Case(str(record.details["type"]), record.place)
                cases[record.subject] = case
            elif record.kind == Kind.READY:
                cases[record.subject].ready = record.time
            elif record.kind == Kind.PASSED:
                cases[record.subject].passed = True
            elif record.kind == Kind.ASSIGNED:
                case = cases[record.subject]
                if case.sent == inf:
                    case.sent = record.time
                    case.unit = str(record.details["unit"])
        return list(cases.values())

    def per_case(
        self, value: Callable[[Case], float], among: Callable[[Case], bool] = every
    ) -> Floats:
        """Give the mean of a value over the incidents, batch by batch."""
        met = [case for case in self.cases if among(case)]
        times = np.array([case.ready for case in met])
        values = np.array([value(case) for case in met])
        batch = np.searchsorted(self.edges, times, side="right") - 1
        return np.array([values[batch == k].mean() for k in range(self.batches)])

    def busy(self, *statuses: str) -> list[tuple[str, float, float]]:
        """Give unit, from, until of each stretch in a status.

        Without a status: bound by an incident.
        """
        now: dict[str, float] = {}
        found = []
        for record in self.log.of(Kind.STATUS):
            unit, job = record.subject, record.details["job"]
            if unit in now:
                found.append((unit, now.pop(unit), record.time))
            if record.details["status"] in statuses or (not statuses and "#" in job):
                now[unit] = record.time
        return found + [(unit, since, self.log.end) for unit, since in now.items()]

    def states(self, stretches: list[tuple[str, float, float]]) -> dict[int, Floats]:
        """Give the share of time of each set of units, batch by batch.

        The first unit is worth 1, the second 2, the third 4.
        """
        bit = {name: 1 << i for i, name in enumerate(self.names)}
        steps = [(since, bit[name]) for name, since, _ in stretches]
        steps += [(until, -bit[name]) for name, _, until in stretches]
        times, codes = self._path(steps)
        return {
            int(code): self._share(times, (codes == code).astype(float))
            for code in np.unique(codes)
        }

    def average(self, stretches: list[tuple[str, float, float]]) -> Floats:
        """Give how many of the stretches hold at a time, on average."""
        steps = [(since, 1) for _, since, _ in stretches]
        return self._share(*self._path(steps + [(end, -1) for *_, end in stretches]))

    def waiting(self, among: Callable[[Case], bool] = every) -> Floats:
        """Give how many incidents wait at a time, on average."""
        met = [case for case in self.cases if case.ready < inf and among(case)]
        return self.average(
            [("", case.ready, min(case.sent, self.log.end)) for case in met]
        )

    # ---- inside ----------------------------------------------------------------

    def _path(self, steps: list[tuple[float, int]]) -> tuple[Floats, Floats]:
        times = np.array([time for time, _ in steps])
        order = np.argsort(times, kind="stable")
        return times[order], np.cumsum(np.array([by for _, by in steps])[order])

    def _share(self, times: Floats, values: Floats) -> Floats:
        """Give the average of a path over the time of each batch."""
        edges = self.edges
        at_edges = np.searchsorted(times, edges, side="right") - 1
        there = np.where(at_edges >= 0, values[at_edges], 0.0)
        inside = (times > edges[0]) & (times < edges[-1])
        cuts = np.concatenate([edges, times[inside]])
        heights = np.concatenate([there, values[inside]])
        order = np.lexsort((np.arange(len(cuts)), cuts))
        cuts, heights = cuts[order], heights[order]
        area = np.concatenate([[0.0], np.cumsum(heights[:-1] * np.diff(cuts))])
        ends = np.searchsorted(cuts, edges, side="right") - 1
        return np.diff(area[ends]) / np.diff(edges)


def play(data: Data, seed: int = 1, batches: int = BATCHES) -> Run:
    """Write a scenario to a file, read it and play it once.

    Batches must be so long that one hardly knows of the one before: a busy city that
    is played for a few days has few.
    """
    world = World(scenario_of(data), seed=seed)
    return Run(world.finish(), tuple(data["units"]), batches)
