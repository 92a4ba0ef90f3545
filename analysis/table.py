"""Tables: tidy pandas frames of an experiment and of one day.

Times are minutes from the scenario's start; a column named ``clock`` writes them as
clock text. Shares run from 0 to 1. What never ended is infinite.
"""

import json
from collections.abc import Iterable
from math import inf, nan

import numpy as np
import pandas as pd

from analysis.day import GRID, Day, Dispatch, Span
from analysis.day.call import LEGS
from analysis.day.dispatch import LEGS as DISPATCH_LEGS
from analysis.experiment import Experiment
from analysis.interval import mean_interval
from analysis.measure import quantile
from analysis.target import LEAST
from scenarios.measure import MEASURES
from simulator.log import Outcome, VoterTable

CONFIDENCE = 0.95


def measures_table(experiment: Experiment) -> pd.DataFrame:
    """Give every measure of every replication, a row each.

    Returns
    -------
    DataFrame
        Columns replication, measure, within (minutes, or missing), subject, unit,
        value.
    """
    places = {key: place for place, key in enumerate(experiment.series)}
    # Nearly all days share their names.
    shared = {id(r.values.names): r.values.names for r in experiment.replications}
    rows = {
        each: np.array([places[key] for key in names], dtype=np.int64)
        for each, names in shared.items()
    }
    of_days = [rows[id(r.values.names)] for r in experiment.replications]
    of_rows = np.concatenate(of_days)
    numbers = [r.number for r in experiment.replications]
    sizes = list(map(len, of_days))
    within = np.array([key[1] for key in places], dtype=np.float64)[of_rows]

    def text(each: Iterable[str]) -> pd.api.extensions.ExtensionArray:
        # Each text is made once, however many rows it stands in.
        return pd.array(list(each), dtype="str").take(of_rows)

    return pd.DataFrame(
        {
            "replication": np.repeat(numbers, sizes),
            "measure": text(key[0] for key in places),
            "within": np.where(within < 0, nan, within),
            "subject": text(key[2] for key in places),
            "unit": text(MEASURES[key[0]].unit for key in places),
            "value": np.concatenate(
                [r.values.numbers for r in experiment.replications]
            ),
        }
    )


def summary_table(experiment: Experiment) -> pd.DataFrame:
    """Summarise every measure over the replications.

    Returns
    -------
    DataFrame
        Columns measure, within, subject, unit, replications (with a value), infinite
        (how many never ended), mean, low, high (95 % interval of the mean, nominal;
        missing below 30 replications or when some never ended), median, p10, p90.
    """
    rows = []
    for (name, within, subject), values in experiment.series.items():
        known = values[~np.isnan(values)]
        finite = known[np.isfinite(known)]
        never = len(known) - len(finite)
        low, high = nan, nan
        if len(finite) >= LEAST and not never:
            low, high = mean_interval(finite, CONFIDENCE)
        rows.append(
            {
                "measure": name,
                "within": nan if within < 0 else within,
                "subject": subject,
                "unit": MEASURES[name].unit,
                "replications": len(known),
                "infinite": never,
                "mean": float(finite.mean()) if len(finite) else nan,
                "low": low,
                "high": high,
                **{key: quantile(known, share) for key, share in _QUANTILES.items()},
            }
        )
    return pd.DataFrame(rows, columns=SUMMARY)


SUMMARY = [
    *("measure", "within", "subject", "unit", "replications", "infinite"),
    *("mean", "low", "high", "median", "p10", "p90"),
]
_QUANTILES = {"median": 0.5, "p10": 0.1, "p90": 0.9}


def targets_table(experiment: Experiment) -> pd.DataFrame:
    """Give the verdict on every target.

    Returns
    -------
    DataFrame
        Columns target, title, verdict, held, days, value (share of days on which it
        held), low, high (exact interval of that share), asked (share asked for),
        confidence, needed (days that would settle it when it is undecided), measure,
        bound, population, typical (median over the days of the measured value at the
        worst member), worst.
    """
    rows = []
    for verdict in experiment.verdicts():
        target = experiment.setting.targets[verdict.target]
        low, high = verdict.interval or (nan, nan)
        rows.append(
            {
                "target": verdict.target,
                "title": verdict.title,
                "verdict": verdict.verdict,
                "held": verdict.held,
                "days": verdict.days,
                "value": verdict.value,
                "low": low,
                "high": high,
                "asked": target.days,
                "confidence": target.confidence,
                "needed": verdict.needed,
                "measure": target.measure,
                "bound": target.bound.text,
                "population": target.population,
                "typical": verdict.typical,
                "worst": verdict.worst,
            }
        )
    frame = pd.DataFrame(rows, columns=TARGETS)
    return frame.astype({"needed": "Int64"})  # whole numbers, some missing


TARGETS = [
    *("target", "title", "verdict", "held", "days", "value", "low", "high", "asked"),
    *("confidence", "needed", "measure", "bound", "population", "typical", "worst"),
]


def judgements_table(experiment: Experiment) -> pd.DataFrame:
    """Give every target on every day.

    Returns
    -------
    DataFrame
        Columns replication, target, held, worst, value (there), broken (minutes,
        infinite when it held), clock, where (the member at which it broke first).
    """
    clock = experiment.scenario.clock
    rows = [
        (
            r.number,
            j.target,
            j.held,
            j.worst,
            j.value,
            j.broken,
            clock.text(j.broken) if j.broken < inf else "",
            j.where,
        )
        for r in experiment.replications
        for j in r.judgements
    ]
    columns = [
        "replication",
        "target",
        "held",
        "worst",
        "value",
        "broken",
        "clock",
        "where",
    ]
    return pd.DataFrame(rows, columns=columns)


def orders_table(experiment: Experiment) -> pd.DataFrame:
    """Say of each standing order on which days it was given, and when.

    Returns
    -------
    DataFrame
        Columns order, title, station (one it served, or empty), days (on which it was
        given), share (of all days), times (mean number on such a day), first (median
        minute at which it was given first, on such days), clock (that minute as clock
        text).
    """
    setting, days = experiment.setting, len(experiment.replications)
    rows = []
    for name, order in setting.orders.items():
        for station in order.stations(setting.stations) or ("",):
            given = [
                [time for n, s, time in r.orders if (n, s) == (name, station)]
                for r in experiment.replications
            ]
            on = [times for times in given if times]
            first = quantile(np.array([times[0] for times in on]), 0.5) if on else nan
            rows.append(
                {
                    "order": name,
                    "title": order.title,
                    "station": station,
                    "days": len(on),
                    "share": len(on) / days,
                    "times": sum(map(len, on)) / len(on) if on else nan,
                    "first": first,
                    "clock": setting.clock.text(first) if on else "",
                }
            )
    return pd.DataFrame(rows, columns=ORDERS)


def draws_table(experiment: Experiment) -> pd.DataFrame:
    """Say what chance set for each day: uncertain inputs, and injects.

    Returns
    -------
    DataFrame
        Columns replication, kind (input or inject), subject (its name), level (of an
        input, in the unit of its law; of an inject 1 when it happened and 0 else),
        minute (when an inject happened first, infinite when never; missing of an
        input).
    """
    rows = []
    for r in experiment.replications:
        drawn = [(key, v) for key, v in r.values.items() if key[0] in _DRAWN]
        for (name, within, subject), level in drawn:
            minute = nan
            if name == "inject.happened":
                minute = r.values.get(("inject.time", within, subject))
            rows.append((r.number, _DRAWN[name], subject, level, minute))
    return pd.DataFrame(rows, columns=DRAWS)


DRAWS = ["replication", "kind", "subject", "level", "minute"]
_DRAWN = {"input.level": "input", "inject.happened": "inject"}
ORDERS = ["order", "title", "station", "days", "share", "times", "first", "clock"]


def grid_table(experiment: Experiment) -> pd.DataFrame:
    """Give the 5-minute grid of every station in every replication.

    Returns
    -------
    DataFrame
        Columns replication, station, minute, line (voters in line), arrived and voted
        (so far).
    """
    stations = list(experiment.setting.stations)
    shape = np.array([r.lines for r in experiment.replications]).shape
    if not stations:
        shape = (len(experiment.replications), 0, 0)
    r, s, m = (index.ravel() for index in np.indices(shape))
    numbers = np.array([r.number for r in experiment.replications])

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        grids = [getattr(r, name) for r in experiment.replications]
        return np.array(grids).reshape(-1) if len(r) else np.zeros(0, np.int32)

    return pd.DataFrame(
        {
            "replication": numbers[r],
            "station": pd.Categorical.from_codes(
                s, dtype=pd.CategoricalDtype(stations)
            ),
            "minute": m * GRID,
            "line": column("lines"),
            "arrived": column("arrived"),
            "voted": column("voted"),
        }
    )


def log_table(day: Day) -> pd.DataFrame:
    """Give the whole log of one day.

    Returns
    -------
    DataFrame
        Columns time, clock, kind, subject, place, details (JSON).
    """
    clock = day.setting.clock
    rows = [
        (
            r.time,
            clock.text(r.time, seconds=True),
            r.kind.value,
            r.subject,
            r.place,
            json.dumps(dict(r.details), ensure_ascii=False),
        )
        for r in day.log.records
    ]
    columns = ["time", "clock", "kind", "subject", "place", "details"]
    return pd.DataFrame(rows, columns=columns)


def voters_table(day: Day) -> pd.DataFrame:
    """Give every visit at every station on one day.

    Returns
    -------
    DataFrame
        Columns station, home (the station whose list the voter is on), voter (place on
        that list), visit, priority, class, arrival, start and end at each stage (empty
        where it was skipped or not reached), left,
        outcome.
    """
    frames = []
    for name, table in day.log.voters.items():
        columns: dict[str, object] = {
            "station": [name] * len(table.voter),
            **_identity(name, table),
            "visit": table.visit,
            "priority": table.priority,
            "class": np.array(table.classes, dtype=object)[table.class_],
            "arrival": table.arrival,
        }
        for i, stage in enumerate(table.stages):
            columns[f"start {stage}"] = table.start[:, i]
            columns[f"end {stage}"] = table.end[:, i]
        columns["left"] = table.left
        columns["outcome"] = [Outcome(o).name.lower() for o in table.outcome]
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _identity(name: str, table: VoterTable) -> dict[str, list[object]]:
    """Say of each visit on whose list the voter is, and where on it."""
    homes: list[object] = [name] * table.registered
    homes += [guest.home for guest in table.guests]
    places: list[object] = [*range(table.registered)]
    places += [guest.voter for guest in table.guests]
    voters = table.voter.tolist()
    return {
        "home": [homes[voter] for voter in voters],
        "voter": [places[voter] for voter in voters],
    }


def incidents_table(day: Day) -> pd.DataFrame:
    """Give every incident of one day, with its legs.

    Returns
    -------
    DataFrame
        Columns incident, type, place, priority, phase, clock, arises, reported, ready,
        sent (when the first unit was assigned), assigned, moving, arrived (of the
        unit that came first), full (every need had somebody there), last_arrived,
        cleared (minutes; infinite when it never was), units (those that came),
        response, legs (minutes), queued (minutes ready with an open need), held (why
        it waited though units were free), level, falls, hot_spot, passed, gone.
    """
    rows = [
        {
            "incident": call.name,
            "type": call.type,
            "place": call.place,
            "area": call.area,
            "priority": call.priority,
            "phase": day.setting.clock.phase(call.arises),
            "clock": day.setting.clock.text(call.arises),
            "arises": call.arises,
            "reported": call.reported,
            "ready": call.ready,
            "sent": call.sent,
            "assigned": call.assigned,
            "moving": call.moving,
            "arrived": call.arrived,
            "full": call.full,
            "last_arrived": call.last_arrived,
            "cleared": call.cleared,
            "units": " ".join(call.units),
            "response": call.response,
            **{leg: call.legs.get(leg, nan) for leg in LEGS},
            "queued": sum((b - a for a, b in call.queued), 0.0),
            "held": "; ".join(call.held),
            "level": call.level,
            "falls": call.falls,
            "hot_spot": call.hot_spot,
            "passed": call.passed,
            "gone": call.gone,
        }
        for call in day.calls
    ]
    return pd.DataFrame(rows, columns=INCIDENTS)


INCIDENTS = [
    *("incident", "type", "place", "area", "priority", "phase", "clock", "arises"),
    *("reported", "ready", "sent", "assigned", "moving", "arrived", "full"),
    *("last_arrived", "cleared", "units", "response", *LEGS, "queued", "held"),
    *("level", "falls", "hot_spot", "passed", "gone"),
]


def dispatches_table(day: Day) -> pd.DataFrame:
    """Give every dispatch of one day, cancelled ones too.

    Returns
    -------
    DataFrame
        Columns incident, type, place, priority, slot, skill, also (further
        needs it fills: ``1 medical, 2 fire``), unit, attempt, why (who
        chose), was (status before), estimate (minutes to arrival as expected),
        runners (the next best), origin (node where it was, empty between two),
        assigned, moving, arrived, worked, ended (minutes; infinite when never) and
        each with ``_clock``; turnout, travel, on_scene, transport (minutes so far)
        and each with ``_km``; outcome, instead (where the unit was sent instead, or
        who came instead of it).
    """
    calls = {call.name: call for call in day.calls}
    rows = [
        {
            "incident": d.incident,
            "type": calls[d.incident].type,
            "place": calls[d.incident].place,
            "priority": calls[d.incident].priority,
            **{name: getattr(d, name) for name in _SENT},
            **_moments(day, d),
            **_legs(d, _driven(day, d)),
            "outcome": d.outcome,
            "instead": d.instead,
        }
        for d in day.dispatches
    ]
    return pd.DataFrame(rows, columns=DISPATCHES)


_SENT = (
    *("slot", "skill", "also", "unit", "attempt", "why", "was", "estimate"),
    *("runners", "origin"),
)
_MOMENTS = ("assigned", "moving", "arrived", "worked", "ended")
DISPATCHES = [
    *("incident", "type", "place", "priority", *_SENT),
    *(column for name in _MOMENTS for column in (name, f"{name}_clock")),
    *(column for leg in DISPATCH_LEGS for column in (leg, f"{leg}_km")),
    *("outcome", "instead"),
]


def _moments(day: Day, dispatch: Dispatch) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in _MOMENTS:
        time = getattr(dispatch, name)
        text = day.setting.clock.text(time, seconds=True) if time < inf else ""
        found |= {name: time, f"{name}_clock": text}
    return found


def _legs(dispatch: Dispatch, driven: list[Span]) -> dict[str, float]:
    found = {}
    for leg, (begin, end) in dispatch.legs.items():
        own = [span for span in driven if begin <= (span.start + span.end) / 2 < end]
        found[leg] = end - begin
        found[f"{leg}_km"] = sum((span.km for span in own), 0.0)
    return found


def _driven(day: Day, dispatch: Dispatch) -> list[Span]:
    """Give what a unit drove for a dispatch."""
    return [
        span
        for span in day.spans_of(dispatch.unit)
        if span.km
        and span.job == dispatch.incident
        and dispatch.assigned <= span.start
        and span.end <= dispatch.over
    ]


def units_table(day: Day) -> pd.DataFrame:
    """Give what every unit did on one day, a row for each stretch in one status.

    Returns
    -------
    DataFrame
        Columns unit, status, start, end (minutes), clock, job, km.
    """
    rows = [
        (s.unit, s.status, s.start, s.end, day.setting.clock.text(s.start), s.job, s.km)
        for s in sorted(day.spans, key=lambda s: (s.unit, s.start))
    ]
    columns = ["unit", "status", "start", "end", "clock", "job", "km"]
    return pd.DataFrame(rows, columns=columns)
