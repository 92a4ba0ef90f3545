"""Tables of a comparison: tidy pandas frames, a row for each difference.

Differences are the plan less the baseline. Times are minutes, shares run from 0 to 1;
times that never ended stand at the end of the scenario.
"""

from collections.abc import Mapping, Sequence
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from analysis.comparison.item import Item, items_of
from analysis.comparison.verdict import verdict_of
from analysis.difference import Difference, differences, variance_factor
from analysis.experiment import Experiment
from analysis.interval import proportion_interval
from analysis.pair import Pair
from analysis.share import share_difference
from analysis.target import LEAST

Experiments = Mapping[str, Experiment]


def pairs_of(experiments: Experiments) -> dict[str, Pair]:
    """Pair every plan with the first one, the baseline."""
    baseline, *others = experiments
    return {
        plan: Pair(one=experiments[plan], other=experiments[baseline])
        for plan in others
    }


DIFFERENCES = [
    *("plan", "target", "measure", "within", "subject", "population", "unit", "better"),
    *("family", "compared", "days", "dropped", "never", "baseline_mean", "plan_mean"),
    *("difference", "low", "high", "sd", "differing", "factor", "verdict", "needed"),
]


def differences_table(
    pairs: Mapping[str, Pair], items: Sequence[Item], seed: int
) -> pd.DataFrame:
    """Compare every item under every plan with the baseline.

    Returns
    -------
    DataFrame
        Columns plan, target (whose worst member is measured, or empty), measure,
        within, subject, population, unit, better, family and compared (the table
        whose intervals hold together, and how many differences in it vary), days
        (pairs), dropped (nothing measured on one side), never (a time that never
        ended, capped), baseline_mean, plan_mean, difference, low, high, sd, differing
        (pairs that differ at all), factor (variance under independent chance over the
        one seen), verdict, needed (pairs in all that would tell).
    """
    families: dict[str, list[Item]] = {}
    for item in items:
        families.setdefault(item.family, []).append(item)
    rows = [
        row for family in families.values() for row in _family_rows(pairs, family, seed)
    ]
    frame = pd.DataFrame(rows, columns=DIFFERENCES)
    return frame.astype({"needed": "Int64"})


def _family_rows(
    pairs: Mapping[str, Pair], items: Sequence[Item], seed: int
) -> list[dict[str, Any]]:
    cells = [(plan, item) for item in items for plan in pairs]
    sides = [item.values(pairs[plan]) for plan, item in cells]
    found = differences([one - other for one, other in sides], seed=seed)
    return [
        _row(plan, item, difference, side, item.never(pairs[plan]))
        for (plan, item), difference, side in zip(cells, found, sides, strict=True)
    ]


def _row(
    plan: str,
    item: Item,
    found: Difference,
    sides: tuple[np.ndarray, np.ndarray],
    never: int,
) -> dict[str, Any]:
    one, other = sides
    both = ~np.isnan(one) & ~np.isnan(other)
    return {
        "plan": plan,
        "target": item.target,
        "measure": item.measure,
        "within": nan if item.within < 0 else item.within,
        "subject": "worst member" if item.target else item.member,
        "population": item.population,
        "unit": item.unit,
        "better": item.better,
        "family": item.family,
        "never": never,
        "baseline_mean": float(other[both].mean()) if both.any() else nan,
        "plan_mean": float(one[both].mean()) if both.any() else nan,
        **_numbers(found),
        "factor": variance_factor(one, other),
        "verdict": verdict_of(found, item.better),
    }


def _numbers(found: Difference) -> dict[str, Any]:
    return {
        "compared": found.compared,
        "days": found.days,
        "dropped": found.dropped,
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "sd": found.sd,
        "differing": found.differing,
        "needed": found.needed,
    }


TARGETS = [
    *("plan", "target", "title", "verdict", "held", "days", "share", "low", "high"),
    *(
        "asked",
        "confidence",
        "settles",
        "gained",
        "lost",
        "difference",
        "difference_low",
    ),
    *("difference_high", "compared", "p", "against", "needed"),
]


def targets_table(experiments: Experiments) -> pd.DataFrame:
    """Say under each plan on how many days each target held, and against the baseline.

    Returns
    -------
    DataFrame
        Columns plan, target, title, verdict (of `verdict_of`), held, days,
        share, low, high (exact interval of the share), asked, confidence, settles
        (how many days would settle an undecided verdict, in all); gained and
        lost (days that held under this plan only, under the baseline only), difference
        of the shares with difference_low and difference_high, compared (how many of
        these hold at once), p (McNemar's exact test, this difference alone), against
        (better, worse, ... than the baseline), needed (pairs that would tell). Those
        of the baseline itself are missing.
    """
    pairs = pairs_of(experiments)
    names = next(iter(experiments.values())).setting.targets
    rows = []
    for plan, experiment in experiments.items():
        for verdict in experiment.verdicts():
            target = experiment.setting.targets[verdict.target]
            low, high = nan, nan
            if verdict.days >= LEAST:
                low, high = proportion_interval(
                    verdict.held, verdict.days, target.confidence
                )
            rows.append(
                {
                    "plan": plan,
                    "target": verdict.target,
                    "title": verdict.title,
                    "verdict": verdict.verdict,
                    "held": verdict.held,
                    "days": verdict.days,
                    "share": verdict.value,
                    "low": low,
                    "high": high,
                    "asked": target.days,
                    "confidence": target.confidence,
                    "settles": verdict.needed,
                    **_against(
                        pairs.get(plan), verdict.target, len(names) * len(pairs)
                    ),
                }
            )
    frame = pd.DataFrame(rows, columns=TARGETS)
    whole = ("settles", "gained", "lost", "compared", "needed")
    return frame.astype(dict.fromkeys(whole, "Int64"))


def _against(pair: Pair | None, target: str, compared: int) -> dict[str, Any]:
    """Compare on how many of the same days a target held; nothing for the baseline."""
    if pair is None:
        return {}
    found = share_difference(*pair.held(target), compared=compared)
    return {
        "gained": found.gained,
        "lost": found.lost,
        "difference": found.mean,
        "difference_low": found.low,
        "difference_high": found.high,
        "compared": compared,
        "p": found.p,
        "against": verdict_of(found, "higher"),
        "needed": found.needed,
    }


def all_differences(experiments: Experiments, seed: int) -> pd.DataFrame:
    """Compare everything that is measured; see `differences_table`."""
    return differences_table(pairs_of(experiments), items_of(experiments), seed)
