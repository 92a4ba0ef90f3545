"""`muster calibrate arrivals`: a profile from cumulative readings or hourly counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.calibrate.fragment import Calibration, of, percent
from analysis.calibrate.knot import Knot, apart
from analysis.calibrate.moment import clock_of, moment_in
from analysis.calibrate.picture import profile_figure
from analysis.calibrate.profile import Asked, Profile, fit_profile
from analysis.calibrate.reading import read_series
from analysis.calibrate.remark import known, remarks, slipped
from analysis.calibrate.series import Series
from analysis.calibrate.slip import find_slips
from analysis.calibrate.source import Given, refuse
from scenarios.clock import minutes_of
from scenarios.problem import fail

MOST_KNOTS = 48
# Printed percentages come from reports, which take their time.
REPORTED = (0.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the user knows beside the table.

    Parameters
    ----------
    opens, closes
        Clock text; default: as the table says.
    lag
        From what was counted to the time printed, as ``0..30 min``; default: that for
        shares, none for votes.
    final
        What makes 100 %, in the unit of the readings.
    voters
        How many voters stand behind shares.
    every
        Time between points of a smooth curve, as ``30 min``; default: straight lines.
    """

    opens: str | None = None
    closes: str | None = None
    lag: str | None = None
    final: float | None = None
    voters: float | None = None
    every: str | None = None


def calibrate_arrivals(
    given: Given, told: Told | None = None, stations: Sequence[str] = ()
) -> Calibration:
    """Find an arrival profile.

    Parameters
    ----------
    given
        A CSV file: time, and cumulative votes or shares, or counts of each hour.
    told
        What is known beside it.
    stations
        Whose arrivals they are; none: those of every station.

    Raises
    ------
    ScenarioError
        With every bad row, or when the table cannot give a profile.
    """
    told, path = told or Told(), given.path
    source, found, chosen = read_series(given)
    series = _one(path, found, chosen)
    refuse(series.faults)
    slips, notes = find_slips(source, found)
    between = _lag(told.lag, series)
    asked = Asked(
        opens=_hour(told.opens, series.hours[0] or series.begin, "opens", path),
        closes=_hour(told.closes, series.hours[1], "closes", path),
        lag=between,
        final=told.final,
        voters=told.voters,
        every=None if told.every is None else _duration(told.every, "--every"),
    )
    doubtful = {slip.minute for slip in slips if slip.poll == series.poll}
    profile = fit_profile(series, asked, doubtful)
    notes = [*slipped(slips, series), *notes, *remarks(found, series, asked)]
    return Calibration(
        kind="arrivals",
        source=path,
        place="",
        data=_data(profile, stations),
        summary=_summary(profile, series),
        notes=(*notes, *profile.notes, known(series, asked)),
        tables={"profile": profile_table(profile)},
        figure=profile_figure(profile, series.name),
    )


def _one(
    path: Path,
    found: dict[tuple[str, str], Series],
    chosen: set[tuple[str, str]],
) -> Series:
    if len(chosen) > 1:
        names = [found[key].name for key in found if key in chosen]
        raise fail(
            str(path),
            f"holds {len(names)} series: {'; '.join(names[:12])}"
            + "; ..." * (len(names) > 12)
            + ". Choose one with --where, such as --where COLUMN=VALUE",
        )
    return found[next(iter(chosen))]


def _hour(text: str | None, said: float | None, name: str, path: Path) -> float:
    if text is not None:
        try:
            return moment_in(text)[1]
        except ValueError as error:
            raise fail(f"--{name} {text}", str(error)) from None
    if said:
        return said
    raise fail(str(path), f"does not say when the poll {name}: give --{name} 07:00")


def _duration(text: str, name: str) -> float:
    try:
        minutes = minutes_of(text)
    except ValueError as error:
        raise fail(f"{name} {text}", str(error)) from None
    if minutes < 1:
        raise fail(f"{name} {text}", "must be 1 min or more")
    return minutes


def _lag(text: str | None, series: Series) -> tuple[float, float]:
    if text is None:
        return REPORTED if series.unit == "per cent" else (0.0, 0.0)
    low, dots, high = text.partition("..")
    try:
        most = minutes_of(high if dots else low)
        unit = high.strip().lstrip("0123456789. ")
        least = most
        if dots:
            least = minutes_of(low if low.strip()[-1:].isalpha() else f"{low} {unit}")
    except ValueError as error:
        raise fail(f"--lag {text}", f"{error}; or two: 0..30 min") from None
    if not 0 <= least <= most <= 240:
        raise fail(f"--lag {text}", "must run from low to high, at most 4 h")
    return least, most


def _data(profile: Profile, stations: Sequence[str]) -> dict[str, Any]:
    knots = profile.knots
    if len(knots) > MOST_KNOTS:
        told = f"gives {len(knots)} points, at most {MOST_KNOTS}; take --every larger"
        raise fail("arrivals", told)
    arrivals = {
        "cumulative": [
            {"at": clock_of(knot.minute), "share": percent(knot.share)}
            for knot in knots
        ]
    }
    uncertain: dict[str, Any] = {}
    names = list(stations) or ["*"]
    own = "" if names[0] == "*" else f"-{names[0]}"
    for index, (low, high) in enumerate(apart(knots)):
        if percent(low) != percent(high):
            clock = clock_of(knots[index].minute)
            uncertain[f"arrived{own}-{clock.replace(':', '')}"] = {
                "title": f"Share of the voters{of(stations)} who have come by {clock}",
                "path": f"stations.{','.join(names)}.arrivals.cumulative.{index}.share",
                "value": {"law": "uniform", "low": percent(low), "high": percent(high)},
            }
    whole = {"stations": {name: {"arrivals": arrivals} for name in names}}
    return {**whole, "uncertain": uncertain} if uncertain else whole


def _summary(profile: Profile, series: Series) -> tuple[str, ...]:
    knots = profile.knots
    half = _when(knots, 0.5)
    busiest = max(
        pairwise(knots),
        key=lambda pair: (
            (pair[1].share - pair[0].share) / max(pair[1].minute - pair[0].minute, 1e-9)
        ),
    )
    rate = (busiest[1].share - busiest[0].share) * 60
    rate /= busiest[1].minute - busiest[0].minute
    return (
        f"{series.name}: {len(knots) - 1} stretches from "
        f"{clock_of(profile.opens)} to {clock_of(profile.closes)}.",
        f"Half of the voters have come by {clock_of(round(half))}; busiest from "
        f"{clock_of(round(busiest[0].minute))} to "
        f"{clock_of(round(busiest[1].minute))}, {rate * 100:.3g} % of the day's voters "
        "an hour.",
    )


def _when(knots: Sequence[Knot], share: float) -> float:
    """Give the time at which a share had come."""
    for first, then in pairwise(knots):
        if then.share >= share > first.share:
            part = (share - first.share) / (then.share - first.share)
            return first.minute + part * (then.minute - first.minute)
    return knots[-1].minute


def profile_table(profile: Profile) -> pd.DataFrame:
    """Give the points of a profile.

    Returns
    -------
    DataFrame
        See `analysis.column`, table ``profile``.
    """
    return pd.DataFrame(
        {
            "clock": [clock_of(knot.minute) for knot in profile.knots],
            "printed": [clock_of(knot.reported) for knot in profile.knots],
            "minute": [knot.minute for knot in profile.knots],
            "share": [knot.share for knot in profile.knots],
            "low": [knot.low for knot in profile.knots],
            "high": [knot.high for knot in profile.knots],
        }
    )
