"""The lines of voters compared hour by hour."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.comparison.table import Experiments, pairs_of
from analysis.comparison.verdict import verdict_of
from analysis.difference import differences
from analysis.experiment import Experiment
from analysis.measure import OVERALL

MOST_LINES = 12  # stations whose line is compared
MOST_STRETCHES = 72
_STRETCHES = (60.0, 120.0, 180.0, 360.0, 720.0, 1440.0)
DAY = [
    *("plan", "station", "minute", "clock", "baseline_line", "plan_line", "compared"),
    *("difference", "low", "high", "verdict"),
]


def day_table(experiments: Experiments, seed: int) -> pd.DataFrame:
    """Compare the lines hour by hour: of all stations together, and of each.

    Of many stations those with the longest lines; over many days, longer stretches.

    Returns
    -------
    DataFrame
        Columns plan, station (or overall), minute and clock (at which the stretch
        begins), baseline_line and plan_line (voters in line, mean of stretch and
        days), compared, difference, low, high (all of overall hold together, and all
        of the stations), verdict.
    """
    pairs = pairs_of(experiments)
    first = next(iter(experiments.values()))
    if not first.setting.stations or not pairs:
        return pd.DataFrame(columns=DAY)
    length = stretch_of(first)
    lines = {plan: pair.lines(length) for plan, pair in pairs.items()}
    frames = []
    for family in (_overall_lines(lines), _station_lines(lines, first)):
        cells = [
            (plan, station, i, one[:, i], other[:, i])
            for (plan, station), (one, other) in family.items()
            for i in range(one.shape[1])
        ]
        found = differences([one - other for *_, one, other in cells], seed=seed)
        frames += [
            {
                "plan": plan,
                "station": station,
                "minute": i * length,
                "clock": first.setting.clock.text(i * length),
                "baseline_line": float(other.mean()),
                "plan_line": float(one.mean()),
                "compared": difference.compared,
                "difference": difference.mean,
                "low": difference.low,
                "high": difference.high,
                "verdict": verdict_of(difference, "lower"),
            }
            for (plan, station, i, one, other), difference in zip(
                cells, found, strict=True
            )
        ]
    return pd.DataFrame(frames, columns=DAY)


def stretch_of(experiment: Experiment) -> float:
    """Choose the length of the stretches of the day, minutes: an hour, if it can be."""
    minutes = experiment.setting.clock.minutes
    return next(
        (s for s in _STRETCHES if minutes / s <= MOST_STRETCHES), _STRETCHES[-1]
    )


Lines = dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]


def _overall_lines(lines: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Lines:
    return {
        (plan, OVERALL): (one.sum(axis=1), other.sum(axis=1))
        for plan, (one, other) in lines.items()
    }


def _station_lines(
    lines: Mapping[str, tuple[np.ndarray, np.ndarray]], first: Experiment
) -> Lines:
    names = list(first.setting.stations)
    peaks = sum(other.max(axis=(0, 2)) for _, other in lines.values())
    longest = sorted(np.argsort(-np.asarray(peaks), kind="stable")[:MOST_LINES])
    return {
        (plan, names[i]): (one[:, i], other[:, i])
        for plan, (one, other) in lines.items()
        for i in longest
    }
