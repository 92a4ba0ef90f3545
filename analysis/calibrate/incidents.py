"""`muster calibrate incidents`: rates by type and hour from a list of calls."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.calibrate.calls import Calls, read_calls
from analysis.calibrate.exposure import Kept, days_observed
from analysis.calibrate.fragment import Calibration
from analysis.calibrate.moment import clock_of
from analysis.calibrate.picture import rate_figure
from analysis.calibrate.rate import dispersion, rate_interval, spread_of_days
from analysis.calibrate.source import Given
from scenarios.problem import fail

PLACE = "PLACE"
MOST_TYPES = 40
# Calls a block should have for its rate to be known within a factor of about two.
FEW = 12


def calibrate_incidents(
    given: Given,
    *,
    types: Sequence[str] = (),
    places: Sequence[str] = (),
    kept: Kept | None = None,
    every: int = 60,
) -> Calibration:
    """Find incident rates.

    Parameters
    ----------
    given
        A CSV file: time with date (or date apart), and type.
    types
        What the file's types are in the scenario: ``EMS: FALL*=fall``.
    places
        Places of the scenario among which the calls are shared out evenly.
    kept
        When the list was kept; else every day from the first call to the last.
    every
        Minutes that share one rate; they divide the day.

    Raises
    ------
    ScenarioError
        With every bad row, or when the list cannot give a rate.
    """
    if every <= 0 or 1440 % every:
        raise fail(f"--every {every}", "must divide the day: 60, 120, 180, 240 min ...")
    calls = read_calls(given, types)
    number, told = days_observed(calls, kept)
    counts = Counter(calls.types)
    if len(counts) > MOST_TYPES:
        names = f"{len(counts)} types, at most {MOST_TYPES}"
        raise fail(
            str(given.path), f"{names}; say what they are here with --type PATTERN=NAME"
        )
    named = _names(counts)
    table = rates_table(calls, named, number, every)
    daily = {kind: _daily(calls, kind, number) for kind in counts}
    notes = [
        *calls.notes,
        *told,
        "The hours are those of day D.",
        "Intervals are exact for counts (Garwood, 95 %).",
        *(_dispersed(named[kind], counts_) for kind, counts_ in daily.items()),
        *_thin(table, every),
        _shared(places),
    ]
    return Calibration(
        kind="incidents",
        source=given.path,
        place=""
        if places
        else f"Put your places for {PLACE}, or give --place; then it can be included: "
        "this file beside scenario.yaml, and there:  include: [its name]",
        data=_data(table, named, daily, places or (PLACE,)),
        summary=tuple(
            f"{named[kind]}: {count} calls, {count / number:.3g} a day"
            for kind, count in counts.most_common()
        ),
        notes=tuple(notes),
        tables={"rates": table},
        figure=_figure(table),
    )


def _names(counts: Counter[str]) -> dict[str, str]:
    """Give each type a name that a scenario can have."""
    found: dict[str, str] = {}
    for kind, _ in counts.most_common():
        plain = unicodedata.normalize("NFC", kind.casefold())
        name = re.sub(r"[^\w-]+", "-", plain).strip("-_") or "call"
        tail = 2
        while name in found.values():
            name, tail = f"{name.rstrip('0123456789')}{tail}", tail + 1
        found[kind] = name
    return found


def rates_table(
    calls: Calls, named: dict[str, str], days: int, every: int
) -> pd.DataFrame:
    """Give the rate of each type in each part of the day.

    Returns
    -------
    DataFrame
        See `analysis.column`, table ``rates``.
    """
    part = (np.array(calls.minutes) // every).astype(int) % (1440 // every)
    kinds, rows = np.array(calls.types, dtype=object), []
    hours = days * every / 60
    for kind, name in named.items():
        counts = np.bincount(part[kinds == kind], minlength=1440 // every)
        for index, count in enumerate(counts.tolist()):
            low, high = rate_interval(count, hours)
            begin, until = clock_of(index * every), clock_of((index + 1) * every)
            rows.append((name, begin, until, count, hours, count / hours, low, high))
    columns = ["type", "from", "until", "calls", "hours", "rate", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _daily(calls: Calls, kind: str, days: int) -> "np.ndarray[Any, Any]":
    """Count the calls of a type on each day, those without any too."""
    seen = Counter(
        day for day, own in zip(calls.days, calls.types, strict=True) if own == kind
    )
    found = [*seen.values()]
    return np.array(found + [0] * (days - len(found)))


def _dispersed(name: str, counts: "np.ndarray[Any, Any]") -> str:
    found = dispersion(counts)
    text = f"{name}: variance of the days over their mean {found.index:.3g}"
    if not found.over:
        return f"{text}, no more than chance has it (p {found.p:.2g})."
    return (
        f"{text}, more than chance has it (p {found.p:.2g}): days differ, and the "
        "factor drawn a day says so; the exact intervals do not."
    )


def _thin(table: pd.DataFrame, every: int) -> list[str]:
    few = int((table["calls"] < FEW).sum())
    if not few:
        return []
    return [
        f"{few} of {len(table)} rates rest on fewer than {FEW} calls: take --every "
        f"{every * 2} or more, or fewer types. A part of the day without any call has "
        "no rate; what it may be stands in the table."
    ]


def _shared(places: Sequence[str]) -> str:
    if len(places) > 1:
        return f"The calls are shared out evenly among {len(places)} places [assumed]."
    return "All calls are given to one place [assumed]; name more with --place."


def _data(
    table: pd.DataFrame,
    named: dict[str, str],
    daily: "dict[str, np.ndarray[Any, Any]]",
    places: Sequence[str],
) -> dict[str, Any]:
    incidents, uncertain = {}, {}
    for kind, name in named.items():
        own = table[(table["type"] == name) & (table["calls"] > 0)]
        incidents[name] = {
            "rates": [
                {
                    "places": list(places),
                    "per_hour": float(f"{row['rate'] / len(places):.4g}"),
                    "from": row["from"],
                    "until": row["until"],
                }
                for row in own.to_dict("records")
            ]
        }
        uncertain[f"rate-{name}"[:80]] = {
            "title": f"How many {name} arise on a day",
            "path": f"incidents.{name}.rates.*.per_hour",
            "factor": {
                "law": "gamma",
                "mean": 1,
                "cv": float(f"{min(spread_of_days(daily[kind]), 10.0):.3g}"),
            },
        }
    return {"incidents": incidents, "uncertain": uncertain}


def _figure(table: pd.DataFrame) -> Any:
    first = table[table["type"] == table["type"].iloc[0]]
    hours = [_minutes(row) for row in first[["from", "until"]].to_numpy().tolist()]
    rates = {
        str(name): (
            own["rate"].to_numpy(),
            own["low"].to_numpy(),
            own["high"].to_numpy(),
        )
        for name, own in table.groupby("type", sort=False)
    }
    return rate_figure(hours, rates)


def _minutes(pair: list[str]) -> tuple[float, float]:
    begin, end = (int(t[:2]) * 60 + int(t[3:5]) for t in pair)
    return float(begin), float(end)
