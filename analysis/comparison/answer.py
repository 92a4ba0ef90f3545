"""What a comparison says in sentences: exceptions first, then plan by plan."""

from collections.abc import Iterator
from math import isinf, isnan
from typing import Any

import pandas as pd

from analysis.comparison.item import words_of
from analysis.comparison.verdict import (
    BETTER,
    NONE,
    OPEN,
    SAME,
    WORSE,
    change_text,
    interval_text,
    size_text,
)
from analysis.report.wording import listed, plural, share_text

Row = dict[Any, Any]
MOST_MEMBERS = 3
_OPPOSITE = {BETTER: WORSE, WORSE: BETTER}


def exceptions(
    differences: pd.DataFrame, targets: pd.DataFrame, baseline: str
) -> list[str]:
    """Say where a plan is better on average and yet worse somewhere, or the reverse.

    Parameters
    ----------
    differences, targets
        Of one scenario, as in `analysis.comparison.table`.
    baseline
        Name of the plan that the others are compared with.
    """
    return [
        *_lost_targets(targets, differences, baseline),
        *_other_members(differences, baseline),
    ]


def _lost_targets(
    targets: pd.DataFrame, differences: pd.DataFrame, baseline: str
) -> Iterator[str]:
    """Find targets that are held less often under a plan that is better on average."""
    main = differences[differences["family"] == "main"]
    for row in records(targets[targets["against"] == WORSE]):
        gains = main[(main["plan"] == row["plan"]) & (main["verdict"] == BETTER)]
        gains = gains[~gains["measure"].isin(["staff.hours", "staff.cost"])]
        if len(gains):
            words = listed([words_of(*key) for key in _keys(gains)], 3)
            yield (
                f"{row['plan']} is better than {baseline} on average ({words}) but "
                f"keeps target {row['target']} less often: on {row['held']} of "
                f"{plural(row['days'], 'day')}, {row['lost']} fewer and "
                f"{row['gained']} more"
            )


def _keys(frame: pd.DataFrame) -> list[tuple[str, float]]:
    within = frame["within"].fillna(-1.0)
    return list(zip(frame["measure"], within.astype(float), strict=True))


def _other_members(differences: pd.DataFrame, baseline: str) -> Iterator[str]:
    """Find members at which a main measure goes against what it does overall."""
    shown = differences[differences["family"].str.startswith("main")]
    for (plan, measure, within), rows in shown.fillna({"within": -1.0}).groupby(
        ["plan", "measure", "within"], sort=False
    ):
        words = words_of(str(measure), float(str(within)))
        overall = rows[rows["population"] == "overall"]
        if overall.empty or overall["verdict"].iloc[0] not in _OPPOSITE:
            continue
        whole: Row = overall.to_dict("records")[0]
        against = rows[rows["verdict"] == _OPPOSITE[whole["verdict"]]]
        for population, members in against.groupby("population", sort=False):
            found = records(members.sort_values("difference", key=abs, ascending=False))
            yield (
                f"{plan} is {whole['verdict']} than {baseline} on average "
                f"({words} {change_text(whole['difference'], whole['unit'])}) but "
                f"{_OPPOSITE[whole['verdict']]} {_at(str(population), found)}"
            )


def _at(population: str, members: list[Row]) -> str:
    word = "at " if population in ("station", "stage", "place") else "for "
    told = [
        f"{row['subject']} ({change_text(row['difference'], row['unit'])}, "
        f"{interval_text(row['low'], row['high'], row['unit'])})"
        for row in members[:MOST_MEMBERS]
    ]
    more = len(members) - MOST_MEMBERS
    return word + ", ".join(told) + (f" and {more} more" if more > 0 else "")


def records(frame: pd.DataFrame) -> list[Row]:
    """Give the rows of a table."""
    return frame.to_dict("records")


def plan_sentences(differences: pd.DataFrame, baseline: str) -> list[str]:
    """Say plan by plan what is better and what is worse than under the baseline."""
    main = differences[differences["family"] == "main"]
    return [
        _plan_sentence(str(plan), rows, baseline)
        for plan, rows in main.groupby("plan", sort=False)
    ]


def _plan_sentence(plan: str, rows: pd.DataFrame, baseline: str) -> str:
    told = []
    for verdict in (BETTER, WORSE, "higher", "lower"):
        found = records(rows[rows["verdict"] == verdict])
        if found:
            told.append(f"{verdict} in {listed([_changed(row) for row in found], 12)}")
    for verdict in (OPEN, SAME, NONE):
        found = records(rows[rows["verdict"] == verdict])
        if found:
            words = [words_of(row["measure"], within_of(row)) for row in found]
            told.append(f"{verdict}: {listed(words, 12)}")
    return f"{plan} against {baseline}: {'; '.join(told)}."


def within_of(row: Row) -> float:
    """Give the threshold of a row, minutes; -1 where its measure has none."""
    return -1.0 if isnan(float(row["within"])) else float(row["within"])


def needed_of(row: Row) -> float | None:
    """Give the pairs, in all, that would tell; None where none would."""
    return float(row["needed"]) if isinstance(row["needed"], int) else None


def _changed(row: Row) -> str:
    change = change_text(row["difference"], row["unit"])
    return f"{words_of(row['measure'], within_of(row))} ({change})"


def target_sentence(targets: pd.DataFrame, pareto: pd.DataFrame) -> str:
    """Say which plans meet every target, and which of them costs least."""
    if targets.empty:
        return "The scenario sets no target."
    if (targets["verdict"] == NONE).all():
        return "Which plans meet the targets is not told."
    good = meeting(targets)
    if not good:
        best = _most_met(targets)
        return f"No plan meets every target; most are met under {best}."
    among = pareto[pareto["plan"].isin(good)]
    column = "cost" if (pareto["cost"] > 0).any() else "hours"
    if len(good) == 1:
        return f"Only {good[0]} meets every target."
    least = among[among[column] == among[column].min()]
    cost = size_text(float(least[column].iloc[0]), "hours" if column == "hours" else "")
    names = listed([str(plan) for plan in least["plan"]])
    verb = "costs" if len(least) == 1 else "cost"
    text = f"{listed(good)} meet every target; of these {names} {verb} least ({cost})"
    best = least[least["pareto"]]
    if 1 == len(best) < len(least):
        text += f", and {best['plan'].iloc[0]} serves best"
    return f"{text}."


def meeting(targets: pd.DataFrame) -> list[str]:
    """Name the plans under which every target is met."""
    met = (targets["verdict"] == "met").groupby(targets["plan"], sort=False).all()
    return [str(plan) for plan in met.index[met]]


def _most_met(targets: pd.DataFrame) -> str:
    met = (targets["verdict"] == "met").groupby(targets["plan"], sort=False).sum()
    plans = [str(plan) for plan in met.index[met == met.max()]]
    number = targets["target"].nunique()
    own = targets[targets["plan"] == plans[0]]["verdict"]
    rest = [
        f"{count} {word}"
        for word in ("missed", "undecided", "no verdict")
        if (count := int((own == word).sum()))
    ]
    told = f"{int(met.max())} of {number}; {', '.join(rest)}"
    return f"{listed(plans)} ({told}" + (" each)" if len(plans) > 1 else ")")


def factor_sentence(differences: pd.DataFrame, baseline: str, measure: str) -> str:
    """Say what common chance saves, for the chosen measure and the targets."""
    told = []
    chosen = (differences["family"] == "main") & (differences["measure"] == measure)
    for row in records(differences[chosen]):
        words = words_of(row["measure"], within_of(row))
        told.append(f"{row['plan']} {factor_text(row['factor'])} ({words})")
    return (
        "Common chance: independent days would need so many times more for the same "
        f"interval of the difference from {baseline}: {', '.join(told)}."
    )


def factor_text(factor: float) -> str:
    """Write a variance factor."""
    if isnan(factor):
        return "\u2013"
    if isinf(factor):
        return "no variance left"
    return (
        f"{factor:.1f}x" if factor < 100 else f"{factor:,.0f}x".replace(",", "\u202f")
    )


def held_text(row: Row) -> str:
    """Say on how many days a target held, its exact interval, and what would settle it.

    Each is a part of its own, with a semicolon between.
    """
    held = f"{row['held']} of {row['days']}"
    if isnan(float(row["low"])):
        return held
    held = f"{held} ({share_text(row['low'])} to {share_text(row['high'])})"
    settles = row["settles"]
    if not isinstance(settles, int):
        return held
    return f"{held}; {settles} days would settle it"
