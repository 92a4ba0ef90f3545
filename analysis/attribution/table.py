"""Tables of an attribution: what each inject costs, and which target it breaks."""

from collections.abc import Mapping
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.comparison.item import Item, items_of
from analysis.comparison.table import differences_table
from analysis.comparison.verdict import verdict_of
from analysis.difference import differences
from analysis.experiment import Experiment
from analysis.interval import proportion_interval
from analysis.measure import quantile
from analysis.pair import Pair
from analysis.share import share_difference

LAST_BITS = 1e-9
_NAMES = {
    "plan": "inject",
    "baseline_mean": "without_mean",
    "plan_mean": "scripted_mean",
    "difference": "cost",
}


def effects_table(
    scripted: Experiment, without: Mapping[str, Experiment]
) -> pd.DataFrame:
    """Say what each inject costs in each measure: as scripted less without it.

    Returns
    -------
    DataFrame
        Columns as of `analysis.comparison.table.differences_table`, but inject (left
        out, with those that start after it) for plan, without_mean and scripted_mean
        for the means, and cost for the difference. Verdict ``worse``: the days are
        worse with it.
    """
    pairs = {
        name: Pair(one=scripted, other=experiment)
        for name, experiment in without.items()
    }
    items = items_of({"": scripted, **without})
    frame = differences_table(pairs, items, scripted.seed)
    return frame.rename(columns=_NAMES)


SAVED = [
    *("inject", "target", "days", "held", "held_without", "saved", "lost", "share"),
    *("low", "high", "difference", "difference_low", "difference_high", "compared"),
    *("verdict", "needed", "first", "typical", "clock", "most"),
]


def saved_table(
    scripted: Experiment, without: Mapping[str, Experiment], joint: str
) -> pd.DataFrame:
    """Say of each target which inject breaks it, and on how many days.

    Parameters
    ----------
    scripted, without
        The same days.
    joint
        Name of the one without all injects.

    Returns
    -------
    DataFrame
        Columns inject, target, days (with something to measure as scripted), held (as
        scripted), held_without (held, or had nothing to measure, as where the inject
        places the only incident), saved (held without only), lost (held with it only),
        share of days saved with its exact interval low and high (95 %, alone),
        difference of the shares (without less with) with difference_low and
        difference_high that hold for all compared at once, verdict (``breaks`` where
        it lies above 0, ``helps`` below), needed, first (of the days saved, on how many
        no other target that an inject breaks broke before it), typical and clock
        (median minute at which it broke on the days saved), most (whether no other
        inject alone saves more days, and it saves one).
    """
    targets = scripted.setting.targets
    compared = len(targets) * len(without)
    earliest = _earliest(scripted, without)
    rows = [
        _saved_row(
            name, target, Pair(one=experiment, other=scripted), compared, earliest
        )
        for target in targets
        for name, experiment in without.items()
    ]
    frame = pd.DataFrame(rows, columns=SAVED)
    alone = frame[frame["inject"] != joint]
    best = alone.groupby("target")["saved"].transform("max").reindex(frame.index)
    frame["most"] = (frame["saved"] == best) & (frame["saved"] > 0)
    return frame.astype({"needed": "Int64"})


_VERDICTS = {"better": "breaks", "worse": "helps"}


def _saved_row(
    name: str, target: str, pair: Pair, compared: int, earliest: Mapping[int, float]
) -> dict[str, Any]:
    without, scripted = _kept(target, pair)
    found = share_difference(without, scripted, compared=compared)
    low, high = nan, nan
    if found.judged:
        low, high = proportion_interval(found.gained, found.days, 0.95)
    breaks, first = _breaks(target, pair, earliest)
    typical = quantile(np.array(breaks), 0.5) if breaks else nan
    verdict = verdict_of(found, "higher")
    return {
        "inject": name,
        "target": target,
        "days": found.days,
        "held": int(scripted.sum()),
        "held_without": int(without.sum()),
        "saved": found.gained,
        "lost": found.lost,
        "share": found.gained / found.days if found.days else nan,
        "low": low,
        "high": high,
        "difference": found.mean,
        "difference_low": found.low,
        "difference_high": found.high,
        "compared": compared,
        "verdict": _VERDICTS.get(verdict, verdict),
        "needed": found.needed,
        "first": first,
        "typical": typical,
        "clock": pair.other.setting.clock.text(typical) if breaks else "",
    }


def _kept(target: str, pair: Pair) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say on which days measured as scripted a target was kept: without, and with.

    A day without anything to measure keeps it: what an inject alone brings about is
    not there without the inject.
    """
    kept = [
        (without.held, scripted.held)
        for without, scripted in pair.judged(target)
        if scripted.measured
    ]
    both = np.array(kept, dtype=bool).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _breaks(
    target: str, pair: Pair, earliest: Mapping[int, float]
) -> tuple[list[float], int]:
    """Give when a target broke on the days saved, and on how many it broke first."""
    times, first = [], 0
    days = zip(pair.judged(target), pair.sides[1], strict=True)
    for (without, mine), day in days:
        if without.held and not mine.held:
            times.append(mine.broken)
            first += mine.broken <= earliest[day.number]
    return times, first


def _earliest(
    scripted: Experiment, without: Mapping[str, Experiment]
) -> dict[int, float]:
    """Say of each day when the first target broke that an inject is to blame for.

    What breaks with and without injects is left out: it is the plan, however early.
    """
    found: dict[int, float] = {}
    for experiment in without.values():
        for one, other in zip(*Pair(one=experiment, other=scripted).sides, strict=True):
            broken = [
                mine.broken
                for held, mine in zip(one.judgements, other.judgements, strict=True)
                if held.held and not mine.held
            ]
            found[other.number] = min([found.get(other.number, inf), *broken])
    return found


INTERACTION = [
    *("target", "measure", "within", "subject", "unit", "better", "days", "joint"),
    *("sum", "interaction", "low", "high", "compared", "differing", "verdict"),
]


def interaction_table(
    scripted: Experiment, singles: Mapping[str, Experiment], joint: Experiment
) -> pd.DataFrame:
    """Set the effect of all injects together against the sum of their own.

    Parameters
    ----------
    scripted
        With all injects.
    singles
        Without each inject that starts after no other one.
    joint
        Without any.

    Returns
    -------
    DataFrame
        Columns target, measure, within, subject, unit, better, days, joint (mean cost
        of all together), sum (of the costs of each alone), interaction (joint less
        sum), low, high, compared, differing, verdict (``higher`` or ``lower`` than the
        sum, whichever side is better).
    """
    whole = Pair(one=scripted, other=joint)
    items = [
        item
        for item in items_of({"": scripted, "joint": joint, **singles})
        if item.family in ("main", "targets")
    ]
    costs = [_costs(item, whole, singles, scripted) for item in items]
    beside = [both - each for both, each in costs]
    # What sums leave in the last bits is no interaction.
    beside = [np.where(np.abs(values) < LAST_BITS, 0.0, values) for values in beside]
    found = differences(beside, seed=scripted.seed)
    rows = []
    for item, (both, each), difference in zip(items, costs, found, strict=True):
        known = ~np.isnan(both - each)
        verdict = verdict_of(difference, "neither")
        rows.append(
            {
                "target": item.target,
                "measure": item.measure,
                "within": nan if item.within < 0 else item.within,
                "subject": "worst member" if item.target else item.member,
                "unit": item.unit,
                "better": item.better,
                "days": difference.days,
                "joint": float(both[known].mean()) if known.any() else nan,
                "sum": float(each[known].mean()) if known.any() else nan,
                "interaction": difference.mean,
                "low": difference.low,
                "high": difference.high,
                "compared": difference.compared,
                "differing": difference.differing,
                "verdict": verdict,
            }
        )
    return pd.DataFrame(rows, columns=INTERACTION)


def _costs(
    item: Item, whole: Pair, singles: Mapping[str, Experiment], scripted: Experiment
) -> tuple[np.ndarray, np.ndarray]:
    """Give day by day the joint cost and the sum of the single ones."""
    one, other = item.values(whole)
    total = np.zeros(len(one))
    for experiment in singles.values():
        with_it, without = item.values(Pair(one=scripted, other=experiment))
        total = total + with_it - without
    return one - other, total
