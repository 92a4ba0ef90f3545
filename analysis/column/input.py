"""The columns of the tables of what is not known: draws, sensitivity, sweeps."""

from analysis.column.form import Table, table
from analysis.column.run import RUN

Line = tuple[str, str, str]
_INPUT: tuple[Line, ...] = (
    ("input", "text", "Name of the uncertain input, or vary-1, vary-2, ..."),
    ("title", "text", "The input in words"),
    ("path", "text", "Which values of the scenario it changes"),
)
_OUTCOME: tuple[Line, ...] = (
    (
        "outcome",
        "text",
        "held: 1 on a day on which the target holds; value: measured at its worst "
        "member; or a measure",
    ),
    ("unit", "text", "What the numbers of this row count"),
)
_LEVEL = "as input"


def _change(name: str, text: str) -> tuple[Line, ...]:
    return (
        (name, "as unit", text),
        (f"{name}_least", "as unit", "Lower end of its interval; empty below 30 days"),
        (f"{name}_most", "as unit", "Upper end of its interval; empty below 30 days"),
    )


def _index(name: str, text: str) -> tuple[Line, ...]:
    return (
        (name, "share", text),
        (f"{name}_low", "share", "Lower end of its 95 % interval (bootstrap, nominal)"),
        (
            f"{name}_high",
            "share",
            "Upper end of its 95 % interval (bootstrap, nominal)",
        ),
    )


def _at_point(name: str, row: str) -> Table:
    """Give a table of a run with the point of a sweep in front."""
    own = [(key, what.unit, what.text) for key, what in RUN[name].columns.items()]
    return table(
        row,
        ("point", "number", "Number of the point, from 0"),
        ("levels", "text", "The levels of its inputs, as in sweep_points"),
        *own,
    )


INPUT: dict[str, Table] = {
    "draws": table(
        "A row for each day and uncertain input, or inject that chance has a hand in.",
        ("replication", "number", "Number of the day played, from 0"),
        ("kind", "text", "input or inject"),
        ("subject", "text", "Name of the input or inject"),
        ("level", _LEVEL, "Level of the input; of an inject 1 if it happened, else 0"),
        ("minute", "minutes", "When an inject happened first, from the start; or inf"),
    ),
    "tornado": table(
        "A row for each outcome and input, the widest first.",
        *_INPUT,
        *_OUTCOME,
        ("low_level", _LEVEL, "Low end of the input"),
        ("high_level", _LEVEL, "High end of the input"),
        ("nominal", "as unit", "Mean of the outcome, all as written"),
        ("at_low", "as unit", "Mean of the outcome at the low end"),
        ("at_high", "as unit", "Mean of the outcome at the high end"),
        *_change("to_low", "Mean change from all as written to the low end"),
        *_change("to_high", "Mean change from all as written to the high end"),
        *_change("swing", "Mean change from the low end to the high end"),
        ("days", "days", "Days on which both ends were measured"),
        ("endless", "days", "Days that never ended and count as the whole scenario"),
    ),
    "sobol": table(
        "A row for each outcome and input.",
        *_INPUT,
        *_OUTCOME,
        *_index("first", "Share of the variance that the input brings about alone"),
        *_index("total", "That share with its interplay with the other inputs"),
        ("mean", "as unit", "Mean of the outcome over the points"),
        ("sd", "as unit", "Standard deviation of the outcome over the points"),
        ("noise", "share", "Share of the variance that is the few days' doing"),
        ("points", "number", "Points played"),
        ("days", "days", "Days at each point"),
    ),
    "breakeven": table(
        "A row for each input and target.",
        *_INPUT,
        ("target", "text", "Name of the target in the scenario"),
        ("verdict", "text", "holds, fails, breaks, varies (crosses twice), unknown"),
        (
            "nominal",
            _LEVEL,
            "Level at which the scenario is as written, if there is one",
        ),
        ("holds_at", _LEVEL, "Last level looked at that holds"),
        ("fails_at", _LEVEL, "The next level, that does not"),
        ("met_at", _LEVEL, "Nearest level at which the target is met"),
        ("missed_at", _LEVEL, "Nearest level at which the target is missed"),
        ("least", "share", "Least share of days on which it holds, over the range"),
        ("most", "share", "Greatest share of days on which it holds"),
        ("asked", "share", "Share of days on which the target must hold"),
        ("confidence", "share", "Confidence of met and missed"),
        ("monotone", "yes/no", "Whether the share only falls or only rises"),
        ("days", "days", "Days at each level"),
        ("text", "text", "The finding in words"),
    ),
    "sweep_points": table(
        "A row for each point of a sweep and input.",
        ("point", "number", "Number of the point, from 0"),
        *_INPUT,
        ("way", "text", "value, add or factor: what the level does to the values"),
        ("level", _LEVEL, "Level of the input"),
        ("text", "text", "The level as people write it"),
    ),
    "sweep_targets": _at_point(
        "targets", "A row for each point of a sweep and target."
    ),
    "sweep_summary": _at_point(
        "summary", "A row for each point of a sweep, measure and whom it is for."
    ),
}
