"""The columns of the tables of studies: comparisons and attributions."""

from analysis.column.form import Table, table

Line = tuple[str, str, str]

_SCENARIO: Line = ("scenario", "text", "Name of the scenario")
_PLAN: Line = ("plan", "text", "The plan that is compared with the baseline")
_INJECT: Line = ("inject", "text", "The inject left out, or all injects")
_TARGET: Line = ("target", "text", "The target whose worst member it is; else empty")
_MEASURE: tuple[Line, ...] = (
    ("measure", "text", "Which measure; `muster measures` defines it"),
    ("within", "minutes", "The bound inside the measure; empty where it has none"),
    ("subject", "text", "Of whom or what: a station, a unit, a type, or overall"),
)
_UNIT: Line = ("unit", "text", "What the numbers of this row count")
_BETTER: Line = ("better", "text", "Which side is better: lower, higher or neither")
_LOW: Line = ("low", "as unit", "Lower end of its interval; empty below 30 pairs")
_HIGH: Line = ("high", "as unit", "Upper end of its interval; empty below 30 pairs")
_COMPARED: Line = ("compared", "number", "How many intervals hold at once with 95 %")
_NEEDED: Line = ("needed", "days", "Pairs in all that would tell, if it is open")
_VERDICT: Line = ("verdict", "text", "better, worse, too close to call, the same, ...")


def _differences(
    about: Line, other: tuple[str, str], one: tuple[str, str], name: tuple[str, str]
) -> tuple[Line, ...]:
    """List the columns of a table of differences, which two kinds of study share."""
    return (
        about,
        _TARGET,
        *_MEASURE,
        ("population", "text", "What kind of subject it is"),
        _UNIT,
        _BETTER,
        ("family", "text", "The table of intervals that hold at once"),
        _COMPARED,
        ("days", "days", "Pairs of days on which both were measured"),
        ("dropped", "days", "Pairs left out, for one or both were not measured"),
        ("never", "days", "Pairs with a time that never ended, put at the end"),
        (other[0], "as unit", other[1]),
        (one[0], "as unit", one[1]),
        (name[0], "as unit", name[1]),
        _LOW,
        _HIGH,
        ("sd", "as unit", "Standard deviation of the difference from day to day"),
        ("differing", "days", "Pairs that differ at all"),
        ("factor", "ratio", "Variance on independent days over the variance seen"),
        _VERDICT,
        _NEEDED,
    )


_SHARES: tuple[Line, ...] = (
    ("difference", "share", "Difference of the shares of days"),
    ("difference_low", "share", "Lower end of its interval (Bonett and Price)"),
    ("difference_high", "share", "Upper end of its interval (Bonett and Price)"),
    _COMPARED,
)
_COMPARISON = (
    _SCENARIO,
    *_differences(
        _PLAN,
        ("baseline_mean", "Mean under the baseline"),
        ("plan_mean", "Mean under the plan"),
        ("difference", "Mean of the plan less the baseline, day by day"),
    ),
)

STUDY: dict[str, Table] = {
    "differences": table(
        "A row for each plan but the baseline, each measure and whom it is for.",
        *_COMPARISON,
    ),
    "stations": table(
        "Of the differences, the main measures at each station.", *_COMPARISON
    ),
    "plan_targets": table(
        "A row for each plan and target.",
        _SCENARIO,
        ("plan", "text", "Name of the plan"),
        ("target", "text", "Name of the target in the scenario"),
        ("title", "text", "The target in words"),
        ("verdict", "text", "met, missed, undecided, or no verdict below 30 days"),
        ("held", "days", "On how many days it held"),
        ("days", "days", "On how many days there was something to judge"),
        ("share", "share", "Share of the days on which it held"),
        ("low", "share", "Lower end of the exact interval of that share"),
        ("high", "share", "Upper end of the exact interval of that share"),
        ("asked", "share", "Share of days on which the target must hold"),
        ("confidence", "share", "Confidence of the verdict and of its interval"),
        ("settles", "days", "Days in all that would settle an undecided verdict"),
        ("gained", "days", "Days on which it held under this plan only"),
        ("lost", "days", "Days on which it held under the baseline only"),
        *_SHARES,
        ("p", "share", "McNemar's exact test of this difference alone"),
        ("against", "text", "better, worse, ... than under the baseline"),
        _NEEDED,
    ),
    "day": table(
        "A row for each plan but the baseline, station or all, and hour.",
        _SCENARIO,
        _PLAN,
        ("station", "text", "Name of the station, or overall"),
        ("minute", "minutes", "When the stretch begins, from the start"),
        ("clock", "clock", "The same as clock text"),
        ("baseline_line", "voters", "Mean line under the baseline"),
        ("plan_line", "voters", "Mean line under the plan"),
        _COMPARED,
        ("difference", "voters", "Mean of the plan less the baseline, day by day"),
        ("low", "voters", "Lower end of its interval; empty below 30 pairs"),
        ("high", "voters", "Upper end of its interval; empty below 30 pairs"),
        _VERDICT,
    ),
    "matrix": table(
        "A row for each target or chosen measure, plan and scenario.",
        ("about", "text", "The target, whose share of days it is, or the measure"),
        _UNIT,
        _BETTER,
        ("plan", "text", "Name of the plan"),
        _SCENARIO,
        ("value", "as unit", "Share of days held, or mean of the days"),
        ("regret", "as unit", "How far from the best plan in that scenario"),
        ("worst", "as unit", "The plan's worst value over the scenarios"),
        ("most_regret", "as unit", "The plan's largest regret over the scenarios"),
    ),
    "pareto": table(
        "A row for each scenario and plan: cost against service.",
        _SCENARIO,
        ("plan", "text", "Name of the plan"),
        ("cost", "money", "Cost of the units on shift, mean of the days"),
        ("hours", "hours", "Hours of officers and crews, mean of the days"),
        *_MEASURE,
        ("service", "as measure", "Mean of the chosen measure"),
        ("targets_met", "number", "Targets that are met"),
        ("targets", "number", "Targets in all"),
        ("pareto", "yes/no", "Whether no other plan beats it, by the means"),
    ),
    "effects": table(
        "A row for each inject left out, each measure and whom it is for.",
        *_differences(
            _INJECT,
            ("without_mean", "Mean without it and what starts after it"),
            ("scripted_mean", "Mean as scripted"),
            ("cost", "Mean as scripted less without it, day by day"),
        ),
    ),
    "inject_targets": table(
        "A row for each target and inject left out.",
        _INJECT,
        ("target", "text", "Name of the target in the scenario"),
        ("days", "days", "On how many days there was something to judge"),
        ("held", "days", "On how many it held as scripted"),
        (
            "held_without",
            "days",
            "Held without the inject, or nothing to measure then",
        ),
        ("saved", "days", "Days on which it held without the inject only"),
        ("lost", "days", "Days on which it held with the inject only"),
        ("share", "share", "Share of days saved"),
        ("low", "share", "Lower end of the exact interval of that share"),
        ("high", "share", "Upper end of the exact interval of that share"),
        *_SHARES,
        ("verdict", "text", "breaks, helps, too close to call, the same, ..."),
        _NEEDED,
        (
            "first",
            "days",
            "Days saved on which it broke first, of what injects break",
        ),
        ("typical", "minutes", "Median moment at which it broke on days saved"),
        ("clock", "clock", "The same as clock text"),
        ("most", "yes/no", "Whether no other inject alone saves more days"),
    ),
    "interaction": table(
        "A row for each main measure: all injects together against their sum.",
        _TARGET,
        *_MEASURE,
        _UNIT,
        _BETTER,
        ("days", "days", "Days on which all was measured"),
        ("joint", "as unit", "Mean cost of all injects together"),
        ("sum", "as unit", "Sum of the mean costs of each alone"),
        ("interaction", "as unit", "The joint cost less the sum"),
        _LOW,
        _HIGH,
        _COMPARED,
        ("differing", "days", "Days on which the two differ"),
        ("verdict", "text", "higher or lower than the sum, too close to call, ..."),
    ),
}
