"""The matrix of plans by scenarios, and cost against service."""

from collections.abc import Mapping, Sequence
from math import nan

import numpy as np
import pandas as pd

from analysis.experiment import Experiment
from analysis.pair import capped
from analysis.replication import Key
from scenarios.clock import span
from scenarios.measure import MEASURES

Case = Mapping[str, Experiment]
HOURS: Key = ("staff.hours", -1.0, "overall")
COST: Key = ("staff.cost", -1.0, "overall")
MATRIX = [
    *("about", "unit", "better", "plan", "scenario", "value", "regret", "worst"),
    *("most_regret",),
]
PARETO = [
    *("scenario", "plan", "cost", "hours", "measure", "within", "subject", "service"),
    *("targets_met", "targets", "pareto"),
]


def mean_of(experiment: Experiment, key: Key) -> float:
    """Give the mean of a measure over the days, times capped; NaN without any."""
    values = experiment.series.get(key, np.empty(0))
    known = capped(values, key[0], experiment)
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else nan


def matrix_table(cases: Mapping[str, Case], measure: Key) -> pd.DataFrame:
    """Compare plans over scenarios: each target, and the chosen measure.

    Parameters
    ----------
    cases
        Experiments by plan, by scenario.
    measure
        The chosen one.

    Returns
    -------
    DataFrame
        Columns about (a target that all scenarios have: the share of days on which it
        held; or the chosen measure: its mean), unit, better, plan, scenario, value,
        regret (0 or more: how far from the best plan in that scenario), worst (of the
        plan's values over the scenarios), most_regret (likewise).
    """
    first = next(iter(next(iter(cases.values())).values()))
    targets = [
        name
        for name in first.setting.targets
        if all(
            name in experiment.setting.targets
            for case in cases.values()
            for experiment in case.values()
        )
    ]
    rows = []
    for name in targets:
        rows += _about(
            f"target {name}",
            "share",
            "higher",
            {
                s: {p: _share(e, name) for p, e in case.items()}
                for s, case in cases.items()
            },
        )
    rows += _about(
        _named(measure),
        MEASURES[measure[0]].unit,
        MEASURES[measure[0]].better,
        {s: {p: mean_of(e, measure) for p, e in c.items()} for s, c in cases.items()},
    )
    return pd.DataFrame(rows, columns=MATRIX)


def _named(measure: Key) -> str:
    """Write a measure as ``--measure`` takes it."""
    name, within, member = measure
    at = "" if within < 0 else f" at {span(within)}"
    return f"{name}{at}" + ("" if member == "overall" else f" of {member}")


def _share(experiment: Experiment, target: str) -> float:
    return next(v.value for v in experiment.verdicts() if v.target == target)


def _about(
    about: str, unit: str, better: str, values: Mapping[str, Mapping[str, float]]
) -> list[dict[str, object]]:
    sign = -1.0 if better == "lower" else 1.0
    scenarios, plans = list(values), list(next(iter(values.values())))
    table = sign * np.array([[values[s][p] for s in scenarios] for p in plans])
    with np.errstate(invalid="ignore"):
        regret = np.fmax.reduce(table, axis=0) - table
    return [
        {
            "about": about,
            "unit": unit,
            "better": better,
            "plan": plan,
            "scenario": scenario,
            "value": values[scenario][plan],
            "regret": float(regret[i, j]),
            "worst": sign * float(np.fmin.reduce(table[i])),
            "most_regret": float(np.fmax.reduce(regret[i])),
        }
        for i, plan in enumerate(plans)
        for j, scenario in enumerate(scenarios)
    ]


def pareto_table(cases: Mapping[str, Case], measure: Key) -> pd.DataFrame:
    """Set the cost of each plan against its service, scenario by scenario.

    Returns
    -------
    DataFrame
        Columns scenario, plan, cost (of the units on shift, in the money of
        cost_per_hour), hours (of officers and crews), measure, within, subject,
        service (mean of the chosen measure), targets_met, targets, pareto (no other
        plan is at least as good in both and better in one, by the means; cost is hours
        where the scenario gives no cost).
    """
    name, within, subject = measure
    rows = []
    for scenario, case in cases.items():
        points = [
            (price_of(case, plan), mean_of(experiment, measure))
            for plan, experiment in case.items()
        ]
        front = front_of(points, MEASURES[name].better)
        for (plan, experiment), on_front in zip(case.items(), front, strict=True):
            verdicts = experiment.verdicts()
            rows.append(
                {
                    "scenario": scenario,
                    "plan": plan,
                    "cost": mean_of(experiment, COST),
                    "hours": mean_of(experiment, HOURS),
                    "measure": name,
                    "within": nan if within < 0 else within,
                    "subject": subject,
                    "service": mean_of(experiment, measure),
                    "targets_met": sum(v.verdict == "met" for v in verdicts),
                    "targets": len(verdicts),
                    "pareto": on_front,
                }
            )
    return pd.DataFrame(rows, columns=PARETO)


def priced(case: Case) -> bool:
    """Tell whether any plan costs money."""
    return any(mean_of(experiment, COST) > 0 for experiment in case.values())


def price_of(case: Case, plan: str) -> float:
    """Give the cost of a plan; its hours where no plan has a cost."""
    return mean_of(case[plan], COST if priced(case) else HOURS)


def front_of(points: Sequence[tuple[float, float]], better: str) -> list[bool]:
    """Say which points of cost and service no other one beats.

    A point without service (NaN) is never on the front.
    """
    sign = 1.0 if better == "lower" else -1.0
    placed = [(cost, sign * service) for cost, service in points]

    def beaten(cost: float, service: float) -> bool:
        return any(
            c <= cost and s <= service and (c < cost or s < service) for c, s in placed
        )

    return [
        not np.isnan(service) and not beaten(cost, service) for cost, service in placed
    ]
