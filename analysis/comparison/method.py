"""How a comparison was made, in sentences for its report."""

from analysis.comparison.comparison import Comparison
from analysis.target import LEAST


def method_of(comparison: Comparison) -> list[str]:
    """Say how days were paired, how intervals were made, and what was assumed."""
    base = comparison.baseline
    return [
        "Common chance: with one seed and one number every plan meets the same voters "
        "and the same incidents from outside. Each difference is taken day by day, the "
        f"plan less {base}, and averaged.",
        *statistics(),
        "Cost is that of the units on shift, by their cost_per_hour; hours are "
        "those of officers and crews. A plan is on the Pareto front when no other one "
        "is at least as good in cost and service and better in one, by the means.",
        *assumptions(comparison),
    ]


def statistics() -> list[str]:
    """Say how the intervals are made, and what they are worth."""
    return [
        "Intervals of means hold at once, with 95 % together, for all differences of "
        "their table that chance has a part in: the days are drawn again, whole, for "
        "all alike, and every interval is cut at the same rank of its own t (balanced "
        "simultaneous sets). The coverage is nominal; measures that are skewed to one "
        "side have somewhat less, see docs/compare.md. A table of more than 500 "
        "differences takes Bonferroni's Student t.",
        "Intervals of shares of days are those of Bonett and Price (2012), the level "
        "divided by their number; p is McNemar's exact test of one difference alone.",
        "Too close to call: the interval holds 0. How many more replications would "
        "tell is a guess, from the difference and the variance so far. The same: not "
        "one day differs, which is no proof that none ever would.",
        f"Below {LEAST} replications there is neither interval nor verdict.",
        "A time that never ended stands at the end of the scenario; two such times "
        "do not differ. Days on which nothing was measured under one of two "
        "plans are left out of that difference, and counted.",
    ]


def assumptions(comparison: Comparison) -> list[str]:
    """Give what the scenarios themselves assume."""
    texts = [
        text
        for case in comparison.cases.values()
        for text in next(iter(case.values())).setting.assumptions
    ]
    return [f"Assumed: {text}" for text in dict.fromkeys(texts)]
