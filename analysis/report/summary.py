"""Summaries over all days of an experiment: stations, incident types, units."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from analysis.day.call import LEGS
from analysis.experiment import Experiment
from analysis.measure import OVERALL
from analysis.replication import Key
from scenarios.scenario import Setting

Floats = NDArray[np.float64]
Series = Mapping[Key, Floats]
STATION_MEASURES = {
    "voters.came": False,
    "votes.share": True,
    "wait.mean": False,
    "wait.p95": False,
    "wait.max": False,
    "line.longest": False,
    "suspended.total": False,
    "voters.turned_away": False,
    "votes.last": False,
}


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure over the days.

    Parameters
    ----------
    typical
        Median over the days on which there was a value; NaN when there was none.
    bad
        What one day in ten passes on the bad side, or reaches.
    """

    typical: float
    bad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSummary:
    """One station over all days.

    Parameters
    ----------
    station, title, registered
        As in the scenario.
    spreads
        By name of measure, see ``STATION_MEASURES``.
    """

    station: str
    title: str
    registered: int
    spreads: Mapping[str, Spread]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One incident type over all days, or all types together.

    Parameters
    ----------
    type, title
        As in the scenario.
    reported, unattended, passed, gone, escalated, hot_spots
        Mean number a day.
    legs
        Mean minutes by leg, over attended incidents of all days; they sum to `mean`.
    mean
        Mean minutes from report to first arrival, over attended incidents.
    p90
        Minutes within which 9 in 10 were attended, over the days.
    within
        Share attended within each threshold that a target sets, by minutes.
    """

    type: str
    title: str
    reported: float
    unattended: float
    passed: float
    gone: float
    escalated: float
    hot_spots: float
    legs: Mapping[str, float]
    mean: float
    p90: Spread
    within: Mapping[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One unit over all days.

    Parameters
    ----------
    unit, title
        As in the scenario.
    hours
        On shift, a day of the scenario.
    utilisation, busiest
        Mean share of the shift at work, and the highest of any day.
    km, missions
        Mean a day.
    """

    unit: str
    title: str
    hours: float
    utilisation: float
    busiest: float
    km: float
    missions: float


def spread(values: Floats, *, low_is_bad: bool = False) -> Spread:
    """Give the median of days and what one day in ten is worse than."""
    known = values[~np.isnan(values)]
    if not len(known):
        return Spread(nan, nan)
    # An observed value, so that infinity stays infinity.
    typical, bad = np.quantile(
        known, [0.5, 0.1 if low_is_bad else 0.9], method="inverted_cdf"
    )
    return Spread(float(typical), float(bad))


def stations_of(experiment: Experiment, series: Series) -> list[StationSummary]:
    """Sum up each station."""
    return [
        StationSummary(
            station=name,
            title=station.title,
            registered=station.registered,
            spreads={
                measure: spread(_of(series, measure, name), low_is_bad=low)
                for measure, low in STATION_MEASURES.items()
            },
        )
        for name, station in experiment.setting.stations.items()
    ]


def responses_of(experiment: Experiment, series: Series) -> list[Response]:
    """Sum up each incident type that was reported on any day, then all together."""
    setting = experiment.setting
    titles = {name: kind.title for name, kind in setting.incidents.items()}
    found = [
        _response(name, title, series, setting)
        for name, title in {**titles, OVERALL: "all incidents"}.items()
    ]
    return [response for response in found if response.reported > 0]


def _response(name: str, title: str, series: Series, setting: Setting) -> Response:
    reported = _of(series, "incidents.reported", name)
    attended = _of(series, "incidents.attended", name)
    return Response(
        type=name,
        title=title,
        reported=_mean(reported),
        unattended=_mean(_of(series, "incidents.unattended", name)),
        passed=_mean(_of(series, "incidents.passed", name)),
        gone=_mean(_of(series, "incidents.gone", name)),
        escalated=_mean(_of(series, "incidents.escalated", name)),
        hot_spots=_mean(_of(series, "incidents.hot_spots", name)),
        legs={
            leg: _pooled(_of(series, f"response.{leg}", name), attended) for leg in LEGS
        },
        mean=_pooled(_of(series, "response.mean", name), attended),
        p90=spread(_of(series, "response.p90", name)),
        within={
            minutes: _pooled(
                _of(series, "response.within", name, within=minutes), reported
            )
            for minutes in thresholds(setting)
        },
    )


def thresholds(setting: Setting) -> list[float]:
    """List the thresholds that targets set for the response, minutes."""
    return sorted(
        {
            target.within
            for target in setting.targets.values()
            if target.measure == "response.within" and target.within is not None
        }
    )


def workloads_of(experiment: Experiment, series: Series) -> list[Workload]:
    """Sum up the work of each unit."""
    end = experiment.setting.clock.minutes
    return [
        Workload(
            unit=name,
            title=unit.title,
            hours=sum(
                max(min(s.until, end) - max(s.from_, 0.0), 0.0) for s in unit.shifts
            )
            / 60,
            utilisation=_mean(_of(series, "unit.utilisation", name)),
            busiest=_most(_of(series, "unit.utilisation", name)),
            km=_mean(_of(series, "unit.km", name)),
            missions=_mean(_of(series, "unit.missions", name)),
        )
        for name, unit in experiment.setting.units.items()
    ]


def _of(series: Series, measure: str, member: str, *, within: float = -1.0) -> Floats:
    return series.get((measure, within, member), np.array([nan]))


def _mean(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else nan


def _most(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max()) if len(finite) else nan


def _pooled(values: Floats, weights: Floats) -> float:
    """Average daily means, each with the number of cases behind it."""
    counted = np.isfinite(values) & np.isfinite(weights) & (weights > 0)
    if not counted.any():
        return nan
    return float(np.average(values[counted], weights=weights[counted]))
