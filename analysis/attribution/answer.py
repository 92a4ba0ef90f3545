"""What an attribution says in sentences."""

from collections.abc import Mapping

import pandas as pd

from analysis.comparison.answer import Row, records, within_of
from analysis.comparison.item import words_of
from analysis.comparison.verdict import change_text, interval_text
from analysis.experiment import Experiment
from analysis.report.wording import listed, named, plural, share_text
from analysis.target import LEAST
from scenarios.script import Inject

MOST_WORDS = 8
LEAST_WORTH = 0.01  # of the sum, from which on an interaction is told


def target_sentences(
    scripted: Experiment, saved: pd.DataFrame, joint: str
) -> list[str]:
    """Say of each target that broke which inject breaks it most, and how often first.

    Parameters
    ----------
    scripted
        As scripted.
    saved
        As `analysis.attribution.table.saved_table` gives it.
    joint
        Name of the one without all injects.
    """
    held, broken = [], []
    every = len(scripted.replications)
    for name, rows in saved.groupby("target", sort=False):
        whole = records(rows)[0]
        if whole["held"] == whole["days"]:
            days = "" if whole["days"] == every else f" (measured on {whole['days']})"
            held.append(f"{name}{days}")
        else:
            broken.append(_broken_sentence(str(name), rows, joint))
    broken = [*_first_sentence(saved, joint), *broken]
    if held:
        days = plural(every, "day")
        broken.append(f"Held on each of {days} in spite of all: {listed(held, 12)}.")
    return broken


def _first_sentence(saved: pd.DataFrame, joint: str) -> list[str]:
    """Say which inject broke which target first in time; nothing where none did."""
    alone = saved[(saved["inject"] != joint) & (saved["first"] > 0)]
    if alone.empty:
        return []
    best = alone[alone["first"] == alone["first"].max()]
    row = records(best)[0]
    # Without any one of several it would have held.
    names = listed([str(n) for n in best[best["target"] == row["target"]]["inject"]])
    return [
        f"First in time {names} broke {row['target']}, on {row['first']} of "
        f"{plural(row['days'], 'day')}, typically at {row['clock']}."
    ]


def _broken_sentence(target: str, rows: pd.DataFrame, joint: str) -> str:
    first = records(rows)[0]
    missed = first["days"] - first["held"]
    text = f"{target} is missed on {missed} of {plural(first['days'], 'day')}"
    culprits = records(rows[rows["most"]])
    if culprits:
        names = listed([row["inject"] for row in culprits], 12)
        which = "which" if len(culprits) == 1 else "any one of which"
        row = culprits[0]
        text += f"; most by {names}, without {which} it holds on {row['saved']} of them"
        text += f"{_share(row)}{_first(row) if len(culprits) == 1 else ''}."
    else:
        text += "; by no inject alone."
    together = records(rows[rows["inject"] == joint])
    if together and together[0]["saved"]:
        text += f" Without any inject it holds on {together[0]['saved']} of them."
    elif together:
        text += " Without any inject it is missed on all of them, too: it is the plan."
    return text


def _share(row: Row) -> str:
    if row["days"] < LEAST:
        return ""
    low, high = share_text(row["low"]), share_text(row["high"])
    return f" ({low} to {high} of all days)"


def _first(row: Row) -> str:
    text = f", typically broken at {row['clock']}"
    first = f", first of all so broken on {row['first']}" if row["first"] else ""
    return text + first


def inject_sentences(effects: pd.DataFrame, injects: Mapping[str, Inject]) -> list[str]:
    """Say of each inject what the days are worse and better for it."""
    main = effects[effects["family"] == "main"]
    return [
        _inject_sentence(str(name), rows, injects)
        for name, rows in main.groupby("inject", sort=False)
    ]


def _inject_sentence(
    name: str, rows: pd.DataFrame, injects: Mapping[str, Inject]
) -> str:
    title = named(name, injects[name].title) if name in injects else name
    told = []
    for verdict in ("worse", "better", "higher", "lower"):
        found = records(rows[rows["verdict"] == verdict])
        if found:
            words = listed([_cost(row) for row in found], MOST_WORDS)
            told.append(f"{verdict} in {words}")
    if (rows["verdict"] == "no verdict").all():
        moved = records(rows[rows["differing"] > 0])
        words = listed([_cost(row) for row in moved], MOST_WORDS)
        return f"{title}: {words or 'nothing differs'} (no verdict)."
    if not told:
        return f"{title}: nothing that these days can tell."
    return f"{title}: the days are {'; '.join(told)}."


def _cost(row: Row) -> str:
    words = words_of(row["measure"], within_of(row))
    return f"{words} ({change_text(row['cost'], row['unit'])})"


def joint_sentences(interaction: pd.DataFrame) -> list[str]:
    """Say where the injects together cost something else than one by one."""
    if interaction.empty:
        return []
    main = interaction[interaction["target"] == ""]
    sure = records(main[main["verdict"].isin(["higher", "lower"])])
    if (main["verdict"] == "no verdict").all():
        return []
    if not sure:
        return ["Together the injects cost what they cost one by one, or it is open."]
    told = [
        f"{words_of(row['measure'], within_of(row))} "
        f"{change_text(row['joint'], row['unit'])} together, "
        f"{change_text(row['sum'], row['unit'])} in sum "
        f"(difference {interval_text(row['low'], row['high'], row['unit'])})"
        for row in sure
        if abs(row["interaction"]) > LEAST_WORTH * abs(row["sum"])
    ]
    if not told:
        return ["Together the injects cost what they cost one by one, within 1 %."]
    return [f"Together they cost something else than in sum: {listed(told, 6)}."]
