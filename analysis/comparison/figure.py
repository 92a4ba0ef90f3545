"""The figures of a comparison, from its tables."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.comparison.answer import meeting, records, within_of
from analysis.comparison.comparison import Comparison
from analysis.comparison.item import words_of
from analysis.comparison.line import stretch_of
from analysis.figure.contrast import Contrast, Curve, draw_contrast
from analysis.figure.dot import Dot, Offer, draw_dots, draw_offers
from analysis.figure.forest import UNITS, Change, Panel, draw_forest
from analysis.figure.palette import canvas, look

SURE = ("better", "worse", "higher", "lower")


def draw_comparison(comparison: Comparison) -> dict[str, Figure]:
    """Draw every figure that there are numbers for.

    Parameters
    ----------
    comparison
        As played.

    Returns
    -------
    dict
        Of ``differences``, ``day``, ``stations``, ``pareto``; with the scenario's name
        where there are several.
    """
    figures = {}
    with look():
        for scenario in comparison.cases:
            end = f"-{scenario}" if len(comparison.cases) > 1 else ""
            for name, figure in _case_figures(comparison, scenario).items():
                figures[name + end] = figure
    return figures


def _case_figures(comparison: Comparison, scenario: str) -> dict[str, Figure]:
    figures = {}
    panels = panels_of(comparison.of(comparison.differences, scenario))
    if panels:
        figures["differences"] = draw_forest(panels)
    day = comparison.of(comparison.day, scenario)
    if len(day):
        figures["day"] = draw_contrast(contrast_of(comparison, day))
        figures["stations"] = stations_figure(comparison, scenario)
    figures["pareto"] = pareto_figure(comparison, scenario)
    return figures


def panels_of(differences: pd.DataFrame) -> list[Panel]:
    """Gather the main differences that are not 0 on every day, a panel each.

    Parameters
    ----------
    differences
        Of one scenario.
    """
    main = differences[differences["family"] == "main"]
    panels = []
    for _, rows in main.groupby(["measure", "within"], sort=False, dropna=False):
        found = records(rows)
        if any(row["differing"] for row in found):
            first = found[0]
            panels.append(
                Panel(
                    title=words_of(first["measure"], within_of(first)),
                    unit=first["unit"],
                    better=first["better"],
                    changes=[
                        Change(
                            label=row["plan"],
                            difference=row["difference"],
                            low=row["low"],
                            high=row["high"],
                            verdict=row["verdict"],
                        )
                        for row in found
                    ],
                )
            )
    return panels


def contrast_of(comparison: Comparison, day: pd.DataFrame) -> Contrast:
    """Gather the lines of all stations together, under each plan."""
    overall = day[day["station"] == "overall"]
    plans = {str(plan): rows for plan, rows in overall.groupby("plan", sort=False)}
    first = next(iter(plans.values()))
    none = np.full(len(first), np.nan)
    curves = [
        Curve(
            plan=comparison.baseline,
            line=first["baseline_line"].to_numpy(float),
            difference=none,
            low=none,
            high=none,
        )
    ]
    curves += [
        Curve(
            plan=plan,
            line=rows["plan_line"].to_numpy(float),
            difference=rows["difference"].to_numpy(float),
            low=rows["low"].to_numpy(float),
            high=rows["high"].to_numpy(float),
        )
        for plan, rows in plans.items()
    ]
    return Contrast(
        clock=comparison.first.setting.clock,
        length=stretch_of(comparison.first),
        times=first["minute"].to_numpy(float),
        curves=curves,
    )


def stations_figure(comparison: Comparison, scenario: str) -> Figure:
    """Draw the mean wait at each station under each plan."""
    frame = comparison.of(comparison.stations, scenario)
    frame = frame[frame["measure"] == "wait.mean"]
    dots = []
    for row in records(frame):
        sure = row["verdict"] in SURE
        member, value = row["subject"], row["plan_mean"]
        dots.append(Dot(member=member, plan=row["plan"], value=value, sure=sure))
        base = row["baseline_mean"]
        dots.append(Dot(member=member, plan=comparison.baseline, value=base, sure=True))
    rows = min(frame["subject"].nunique(), 30)
    figure = canvas(1.3 + (0.16 + 0.1 * len(comparison.plans)) * rows)
    ax = figure.subplots()
    draw_dots(dots, comparison.plans, "minutes", ax)
    ax.set_title("Mean wait of those who voted")
    return figure


def pareto_figure(comparison: Comparison, scenario: str) -> Figure:
    """Draw cost against service."""
    frame = comparison.of(comparison.pareto, scenario)
    good = meeting(comparison.of(comparison.targets, scenario))
    money = bool((frame["cost"] > 0).any())
    offers = [
        Offer(
            plan=row["plan"],
            cost=row["cost"] if money else row["hours"],
            service=row["service"] * (100 if comparison.unit == "share" else 1),
            pareto=row["pareto"],
            holds=row["plan"] in good or not row["targets"],
        )
        for row in records(frame)
    ]
    name, within, member = comparison.measure
    unit = "per cent" if comparison.unit == "share" else UNITS[comparison.unit]
    words = words_of(name, within) + (f" of {member}" if member != "overall" else "")
    cost = "cost of the units on shift, money of cost_per_hour"
    figure = canvas(3.6)
    labels = (cost if money else "staff hours", f"{words}, {unit}")
    draw_offers(offers, labels, figure.subplots())
    return figure
