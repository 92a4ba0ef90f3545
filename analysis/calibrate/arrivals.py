"""`muster calibrate arrivals`: a profile from cumulative readings or hourly counts."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.calibrate.fragment import Calibration
from analysis.calibrate.knot import Knot
from analysis.calibrate.moment import clock_of
from analysis.calibrate.picture import profile_figure
from analysis.calibrate.piece import cumulative_of, drift_of, piece_of, ranges_of
from analysis.calibrate.pool import (
    polls_table,
    pool_notes,
    pool_profiles,
    refuse_overlap,
)
from analysis.calibrate.profile import Asked, Profile, fit_profile
from analysis.calibrate.reading import read_series
from analysis.calibrate.remark import known, remarks, slipped
from analysis.calibrate.series import Series
from analysis.calibrate.slip import Slip, find_slips
from analysis.calibrate.source import Given, refuse
from analysis.calibrate.told import Told, asked_of
from scenarios.problem import fail


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
    told = told or Told()
    source, found, keys = read_series(given)
    slips, notes = find_slips(source, found)
    held = _Held(given.path, found, [s for k, s in found.items() if k in keys], slips)
    make = _pooled if told.pool else _single
    return make(held, told, notes, stations)


class _Held(NamedTuple):
    """What a table holds: its series, those chosen, and its slips."""

    path: Path
    found: dict[tuple[str, str], Series]
    chosen: list[Series]
    slips: list[Slip]

    def fitted(self, series: Series, told: Told) -> tuple[Asked, Profile]:
        """Make the profile of a poll."""
        doubtful = {slip.minute for slip in self.slips if slip.poll == series.poll}
        asked = asked_of(told, series, self.path)
        return asked, fit_profile(series, asked, doubtful)


def _single(
    held: _Held, told: Told, notes: Sequence[str], stations: Sequence[str]
) -> Calibration:
    series = _one(held)
    refuse(series.faults)
    asked, profile = held.fitted(series, told)
    return Calibration(
        kind="arrivals",
        source=held.path,
        place="",
        data=piece_of(cumulative_of(profile), ranges_of(profile, stations), stations),
        summary=_summary(profile, series.name),
        notes=(
            *slipped(held.slips, {series.poll}),
            *notes,
            *remarks(held.found, series, asked),
            *profile.notes,
            known(series, asked),
        ),
        tables={"profile": profile_table(profile)},
        figure=profile_figure(profile, series.name),
    )


def _pooled(
    held: _Held, told: Told, notes: Sequence[str], stations: Sequence[str]
) -> Calibration:
    """Put all polls together that were chosen and have votes."""
    if told.every is not None:
        raise fail("--every", "is for one poll; leave it out with --pool")
    cast = [series for series in held.chosen if series.last_value > 0]
    refuse([fault for series in cast for fault in series.faults])
    refuse_overlap(cast)
    made = {series.name: held.fitted(series, told) for series in cast}
    pool = pool_profiles({name: profile for name, (_, profile) in made.items()})
    days = len({series.date or series.poll for series in cast})
    said = [
        note
        for series in cast
        for note in remarks(held.found, series, made[series.name][0], pooled=True)
    ]
    totals = [f"{name}: {note}" for name, (_, p) in made.items() for note in p.notes]
    return Calibration(
        kind="arrivals",
        source=held.path,
        place="",
        data=piece_of(
            cumulative_of(pool.profile, pool.spreads),
            drift_of(pool, stations),
            stations,
        ),
        summary=_summary(pool.profile, f"{len(cast)} polls"),
        notes=(
            *pool_notes(pool, days),
            *slipped(held.slips, {series.poll for series in cast}),
            *notes,
            *dict.fromkeys(said),
            *totals,
        ),
        tables={"profile": profile_table(pool.profile), "polls": polls_table(pool)},
        figure=profile_figure(pool.profile, f"{len(cast)} polls", pool.profiles),
    )


def _one(held: _Held) -> Series:
    names = [series.name for series in held.chosen]
    if len(names) > 1:
        raise fail(
            str(held.path),
            f"holds {len(names)} series: {'; '.join(names[:12])}"
            + "; ..." * (len(names) > 12)
            + ". Choose one with --where, such as --where COLUMN=VALUE; or --pool "
            "takes the mean of all, and how they differ",
        )
    return held.chosen[0]


def _summary(profile: Profile, name: str) -> tuple[str, ...]:
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
        f"{name}: {len(knots) - 1} stretches from "
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
