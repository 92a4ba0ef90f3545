"""Several polls put together: their mean profile, and how far a poll is from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from analysis.calibrate.knot import Knot
from analysis.calibrate.moment import clock_of
from analysis.calibrate.profile import CONFIDENCE, Profile
from analysis.calibrate.series import Series
from analysis.calibrate.slip import WHOLES
from scenarios.problem import fail

# Of two polls nobody knows how far polls differ: Student's t is 12.7.
LEAST_POLLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Profiles of several polls as one.

    Parameters
    ----------
    profile
        Their mean; its ranges are those of the next poll (95 %).
    spreads
        Standard deviation of the next poll about the mean at each knot.
    drift
        Standard deviation of the number of spreads by which a day is early or late;
        above 1, for so few polls do not tell the spread.
    profiles
        Of each poll, by name.
    """

    profile: Profile
    spreads: tuple[float, ...]
    drift: float
    profiles: Mapping[str, Profile]


def refuse_overlap(found: Sequence[Series]) -> None:
    """Refuse a whole beside its parts.

    Raises
    ------
    ScenarioError
        Names the poll.
    """
    for series in found:
        own = [other for other in found if other.poll == series.poll]
        if series.scope.casefold() in WHOLES and len(own) > 1:
            told = f"is the whole of {len(own) - 1} other series to be pooled; choose "
            raise fail(
                series.name, f"{told}wholes or parts, such as --where COLUMN=ALL"
            )


def pool_profiles(profiles: Mapping[str, Profile]) -> Pool:
    """Put profiles together, each poll weighing alike.

    The next poll is taken to be normal about the mean at each reading, and early or
    late by as many spreads at all of them; with n polls its range is that of Student's
    t, mean +- t s sqrt(1 + 1/n).

    Parameters
    ----------
    profiles
        By name.

    Raises
    ------
    ScenarioError
        When there are too few, or they have no time or not the same hours in common.
    """
    number = len(profiles)
    if number < LEAST_POLLS:
        told = f"needs {LEAST_POLLS} polls or more, found {number}"
        raise fail("--pool", f"{told}: {'; '.join(profiles) or 'none with votes'}")
    first = next(iter(profiles.values()))
    hours = {(p.opens, p.closes) for p in profiles.values()}
    if len(hours) > 1:
        told = ", ".join(f"{clock_of(a)} to {clock_of(b)}" for a, b in sorted(hours))
        text = f"the polls have different hours, {told}; choose some with --where"
        raise fail("--pool", text)
    times = _common(profiles)
    shares = np.array([[_shares(p)[time] for time in times] for p in profiles.values()])
    mean = shares.mean(axis=0)
    spread = shares.std(axis=0, ddof=1) * np.sqrt(1 + 1 / number)
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, number - 1))
    inner = [
        Knot(
            minute=time,
            reported=_printed(first, time),
            share=float(m),
            low=max(float(m - reach * s), 0.0),
            high=min(float(m + reach * s), 1.0),
        )
        for time, m, s in zip(times, mean, spread, strict=True)
    ]
    return Pool(
        profile=replace(
            first,
            knots=(first.knots[0], *inner, first.knots[-1]),
            left_out=(),
            notes=(),
        ),
        spreads=(0.0, *map(float, spread), 0.0),
        drift=reach / float(stats.norm.ppf((1 + CONFIDENCE) / 2)),
        profiles=profiles,
    )


def _shares(profile: Profile) -> dict[float, float]:
    return {knot.minute: knot.share for knot in profile.knots[1:-1]}


def _printed(profile: Profile, time: float) -> float:
    return next(k.reported for k in profile.knots if k.minute == time)


def _common(profiles: Mapping[str, Profile]) -> list[float]:
    """Find the times at which all have a reading."""
    tables = [_shares(profile) for profile in profiles.values()]
    times = sorted(set.intersection(*map(set, tables)))
    if not times:
        every = sorted({time for table in tables for time in table})
        held = ", ".join(
            f"{clock_of(time)} {sum(time in table for table in tables)}"
            for time in every[:12]
        )
        told = f"no time at which all {len(tables)} polls have a reading; how many "
        raise fail("--pool", f"{told}have one: {held or 'none'}; choose with --where")
    return times


def pool_notes(pool: Pool, days: int) -> list[str]:
    """Say what was put together, and what a spread of polls is."""
    number = len(pool.profiles)
    counted = {t for p in pool.profiles.values() for t in _shares(p)}
    unused = sorted(counted - {knot.minute for knot in pool.profile.knots})
    notes = [
        f"{number} polls, each weighing alike: {'; '.join(pool.profiles)}.",
        f"The ranges are those of the next poll (95 %, Student t of {number} polls, "
        "nominal). A day is early or late by as many spreads at all readings "
        "[assumed]: that is what `drift` draws.",
    ]
    if unused:
        told = ", ".join(clock_of(time) for time in unused)
        notes.append(f"Not used, for not all polls have a reading: {told}.")
    if days < number:
        notes.append(
            f"They are of {days} day(s) only: what a day has for all places alike is "
            "not in their spread."
        )
    return notes


def polls_table(pool: Pool) -> pd.DataFrame:
    """Give each poll's profile; see `analysis.column`, table ``polls``."""
    rows = [
        (name, clock_of(knot.minute), knot.minute, knot.share)
        for name, profile in pool.profiles.items()
        for knot in profile.knots
    ]
    return pd.DataFrame(rows, columns=["poll", "clock", "minute", "share"])
