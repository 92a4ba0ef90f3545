"""`muster calibrate service`: a law from observed times, or a mean from lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.calibrate.fragment import Calibration, minutes_text, of
from analysis.calibrate.law import LAWS, Fit, best, fit, interval, read_times
from analysis.calibrate.likely import TOLD, Found, find_mean
from analysis.calibrate.line import Seen
from analysis.calibrate.look import read_lines, read_places
from analysis.calibrate.moment import clock_of, moment_in
from analysis.calibrate.picture import law_figure, line_figure
from analysis.calibrate.source import Given
from scenarios.problem import fail

# Below this a law is called a bad fit.
DOUBT = 0.05


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose service it is; empty where that is not said."""

    station: str = ""
    stage: str = ""


ANY = Owner()
CVS = (0.3, 0.6, 1.0)


def calibrate_times(
    given: Given, *, unit: str, at: Owner = ANY, seed: int = 1
) -> Calibration:
    """Find the law of a service from observed times.

    Parameters
    ----------
    given
        A CSV file with a column of times.
    unit
        What bare numbers count: s, min or h.
    at
        Whose service it is.
    seed
        Of the plays that say how good the fit is.

    Raises
    ------
    ScenarioError
        With every bad row, or when there are too few.
    """
    if unit not in ("s", "min", "h"):
        raise fail(f"--unit {unit}", "no such unit; allowed: s, min, h")
    times = read_times(given, unit)
    fits = [fit(law, times, seed) for law in LAWS]
    chosen = best(fits)
    low, high = interval(times)
    other = next(f for f in fits if f is not chosen)
    notes = [
        f"{len(times)} times, {minutes_text(times.min())} to "
        f"{minutes_text(times.max())}; mean {minutes_text(times.mean())}, interval of "
        f"95 % {minutes_text(low)} to {minutes_text(high)} (Student t, nominal).",
        f"Of {chosen.law} and {other.law} the first is likelier, by a factor of "
        f"{np.exp(min(chosen.likelihood - other.likelihood, 700)):.3g}.",
        _doubt(chosen),
        "The times are taken for independent, and for those of an ordinary day "
        "[assumed].",
    ]
    law = {"law": chosen.law, "mean": minutes_text(chosen.mean)}
    spread = float((high - low) / 2 / 1.96 / times.mean())
    return Calibration(
        kind="service",
        source=given.path,
        place=_place(at),
        data=_data({**law, "cv": round(chosen.cv, 3)}, spread, at),
        summary=(
            f"{chosen.law}, mean {minutes_text(chosen.mean)}, cv {chosen.cv:.3g}",
        ),
        notes=tuple(notes),
        tables={"laws": laws_table(fits)},
        figure=law_figure(times, fits, f"Service times ({len(times)} observed)"),
    )


def _doubt(chosen: Fit) -> str:
    if chosen.p >= DOUBT:
        return (
            "The times are no further from the law than chance has it (p "
            f"{chosen.p:.2g}, Kolmogorov-Smirnov, the law fitted to each of 400 plays)."
        )
    return (
        f"The times do not follow the law (p {chosen.p:.2g}, Kolmogorov-Smirnov): look "
        "at the figure; law empirical with this file would replay them as they are."
    )


def calibrate_lines(
    given: Given,
    *,
    servers: str,
    opens: str | None = None,
    cv: float | None = None,
    at: Owner = ANY,
    seed: int = 1,
) -> Calibration:
    """Find the mean of a service from lines counted now and then, and turnout.

    Parameters
    ----------
    given
        A CSV file: time, line, and arrived or votes (cumulative).
    servers
        Places open, ``6`` or from when ``07:00=4,09:00=6``.
    opens
        From when voters come; default: when the first places open.
    cv
        Standard deviation over the mean, where it is known.
    at
        Whose service it is.
    seed
        Of the plays.

    Raises
    ------
    ScenarioError
        With every bad row, or when the lines give a bound only.
    """
    if cv is not None and not 0.05 <= cv <= 3:
        raise fail(f"--cv {cv:g}", "must be from 0.05 to 3")
    places = read_places(servers, opens)
    begin = _begin(opens, places[0][0])
    seen, assumed = read_lines(given, opens=begin, places=places)
    found, cvs = find_mean(seen, CVS if cv is None else (cv,), seed=seed)
    if found.bound:
        raise fail(str(given.path), _bound(seen, found))
    kept = max(cvs, key=lambda one: cvs[one])
    if cv is None and min(cvs.values()) > TOLD:
        kept = 0.6
    law = {"law": "gamma", "mean": minutes_text(found.mean), "cv": kept}
    spread = float(np.log(found.high / found.low) / 2 / 1.96)
    return Calibration(
        kind="service",
        source=given.path,
        place=_place(at),
        data=_data(law, spread, at),
        summary=(
            f"mean {minutes_text(found.mean)}, 95 % interval {minutes_text(found.low)} "
            f"to {minutes_text(found.high)}",
        ),
        notes=(*assumed, _told(cv, cvs, kept)),
        tables={"lines": lines_table(seen, found)},
        figure=line_figure(seen, found, f"Lines seen and played: {given.path.name}"),
    )


def _begin(opens: str | None, first: float) -> float:
    """Give when voters begin to come: no later than the first places open."""
    if opens is None:
        return first
    try:
        begin = moment_in(opens)[1]
    except ValueError as error:
        raise fail(f"--opens {opens}", str(error)) from None
    if begin > first:
        told = f"must not be after the first places open, {clock_of(first)}"
        raise fail(f"--opens {opens}", told)
    return begin


def _bound(seen: Seen, found: Found) -> str:
    return (
        "these lines cannot tell the mean: they are as likely with services much "
        "shorter, for the places were never busy enough for long "
        f"lines (longest seen: {seen.lines.max():g}). They give a bound alone: the "
        f"mean is at most {minutes_text(found.high)} (95 %). Time some services, or "
        "count a line at a busier hour"
    )


def _told(cv: float | None, cvs: dict[float, float], kept: float) -> str:
    if cv is not None:
        return f"The cv was given, {cv:g}."
    tried = ", ".join(f"{one:g}: {weight:.2g}" for one, weight in cvs.items())
    if min(cvs.values()) > TOLD:
        return (
            f"The lines do not tell the cv (what speaks for each, {tried}): {kept:g} "
            "is [assumed]; the interval of the mean allows for all."
        )
    return f"Of the cv tried the lines speak for {kept:g} (for each, {tried})."


def _place(at: Owner) -> str:
    if at.stage:
        return ""
    return (
        "Put `service` under a stage, and `uncertain` at the top of the scenario, with "
        "the stage in its path; with --stage NAME the piece can be included as it is."
    )


def _data(law: dict[str, Any], spread: float, at: Owner) -> dict[str, Any]:
    station, stage = at.station or "*", at.stage or "*"
    whole: dict[str, Any] = {"service": law}
    if at.stage:
        whole = {"stations": {station: {"stages": {stage: whole}}}}
    names = [name for name in (station, stage) if name != "*"]
    uncertain = {
        "-".join(["service", *(names or ["mean"])]): {
            "title": f"Mean service time {at.stage}".strip() + of([station]),
            "path": f"stations.{station}.stages.{stage}.service.mean",
            "factor": {"law": "lognormal", "mean": 1, "cv": float(f"{spread:.3g}")},
        }
    }
    return {**whole, "uncertain": uncertain}


def laws_table(fits: Sequence[Fit]) -> pd.DataFrame:
    """Give the laws that were fitted; see `analysis.column`, table ``laws``."""
    rows = [(f.law, f.mean, f.cv, f.likelihood, f.distance, f.p) for f in fits]
    columns = ["law", "mean", "cv", "likelihood", "distance", "p"]
    return pd.DataFrame(rows, columns=columns)


def lines_table(seen: Seen, found: Found) -> pd.DataFrame:
    """Give the lines seen and played; see `analysis.column`, table ``lines``."""
    mean, low, high = found.lines
    return pd.DataFrame(
        {
            "clock": [clock_of(minute) for minute in seen.times],
            "arrived": seen.arrived,
            "line": seen.lines,
            "played": mean,
            "low": low,
            "high": high,
        }
    )
