"""Worst case and regret in sentences: when it is open which scenario comes."""

from collections.abc import Callable

import pandas as pd

from analysis.comparison.verdict import size_text
from analysis.report.wording import listed


def overall_sentences(
    matrix: pd.DataFrame, holding: list[str], write: Callable[[float], str]
) -> list[str]:
    """Say which plan does best when it is open which of several scenarios comes.

    Parameters
    ----------
    matrix
        As `analysis.comparison.matrix.matrix_table` gives it.
    holding
        The plans under which every target is met in every scenario.
    write
        Writes a value of the chosen measure, the last one of the matrix.
    """
    told = "No plan meets every target in every scenario."
    if holding:
        verb = "meets" if len(holding) == 1 else "meet"
        told = f"{listed(holding)} {verb} every target in every scenario."
    last = matrix[matrix["about"] == matrix["about"].iloc[-1]]
    rows = last.drop_duplicates("plan").dropna(subset=["worst", "most_regret"])
    if rows.empty:
        return [told]
    ascending = rows["better"].iloc[0] == "lower"
    worst = rows.sort_values("worst", ascending=ascending, kind="stable")
    regret = rows["most_regret"].min()
    best = _plans(rows[rows["worst"] == worst["worst"].iloc[0]])
    least = _plans(rows[rows["most_regret"] == regret])
    text = f"best worst case under {best} ({write(worst['worst'].iloc[0])})"
    unit = str(rows["unit"].iloc[0])
    text += f", least regret under {least} ({size_text(float(regret), unit)} at most)"
    return [told, f"{last['about'].iloc[0]}: {text}; by the means."]


def _plans(rows: pd.DataFrame) -> str:
    return listed([str(plan) for plan in rows["plan"]])
