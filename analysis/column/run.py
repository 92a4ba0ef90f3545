"""The columns of the tables of a run: over its days, and on each."""

from analysis.column.form import Table, table

_REPLICATION = ("replication", "number", "Number of the day played, from 0")
_MEASURE = ("measure", "text", "Which measure; `muster measures` defines it")
_WITHIN = ("within", "minutes", "The bound inside the measure; empty where it has none")
_SUBJECT = ("subject", "text", "Of whom or what: a station, a unit, a type, or overall")
_UNIT = ("unit", "text", "What the numbers of this row count")
_TARGET = ("target", "text", "Name of the target in the scenario")

RUN: dict[str, Table] = {
    "targets": table(
        "A row for each target of the scenario.",
        _TARGET,
        ("title", "text", "The target in words"),
        ("verdict", "text", "met, missed, undecided, or no verdict below 30 days"),
        ("held", "days", "On how many days it held"),
        ("days", "days", "On how many days there was something to judge"),
        ("value", "share", "Share of the days on which it held"),
        ("low", "share", "Lower end of the exact interval of that share"),
        ("high", "share", "Upper end of the exact interval of that share"),
        ("asked", "share", "Share of days on which the target must hold"),
        ("confidence", "share", "Confidence of the verdict and of the interval"),
        ("needed", "days", "Days that would settle it if undecided; empty if decided"),
        _MEASURE,
        ("bound", "text", "What the measure must keep"),
        ("population", "text", "Who must keep it: overall, or each station, unit, ..."),
        ("typical", "as measure", "Median over the days of the value at the worst one"),
        ("worst", "text", "The member furthest on the wrong side, or nearest to it"),
    ),
    "summary": table(
        "A row for each measure and whom it is for, over all days.",
        _MEASURE,
        _WITHIN,
        _SUBJECT,
        _UNIT,
        ("replications", "days", "Days on which it has a value"),
        ("infinite", "days", "Days of those on which it never ended"),
        ("mean", "as unit", "Mean over the days on which it ended"),
        ("low", "as unit", "Lower end of the 95 % interval of the mean (nominal)"),
        ("high", "as unit", "Upper end of the 95 % interval of the mean (nominal)"),
        ("median", "as unit", "Median over the days"),
        ("p10", "as unit", "One day in ten is at or below this"),
        ("p90", "as unit", "Nine days in ten are at or below this"),
    ),
    "measures": table(
        "A row for each measure, whom it is for, and day.",
        _REPLICATION,
        _MEASURE,
        _WITHIN,
        _SUBJECT,
        _UNIT,
        ("value", "as unit", "Its value on that day; infinite when it never ended"),
    ),
    "days": table(
        "A row for each day; in the workbook alone.",
        _REPLICATION,
        ("*", "as measure", "The measure that heads the column, overall"),
    ),
    "judgements": table(
        "A row for each day and target.",
        _REPLICATION,
        _TARGET,
        ("held", "yes/no", "Whether the target held on that day"),
        ("worst", "text", "The member furthest on the wrong side, or nearest to it"),
        ("value", "as measure", "The measured value there"),
        ("broken", "minutes", "When it broke, from the start; infinite when it held"),
        ("clock", "clock", "That moment; empty when it held"),
        ("where", "text", "The member at which it broke first; empty when it held"),
    ),
    "orders": table(
        "A row for each standing order and station it serves.",
        ("order", "text", "Name of the order in the plan"),
        ("title", "text", "The order in words"),
        ("station", "text", "The station it served; empty when it serves none"),
        ("days", "days", "Days on which it was given"),
        ("share", "share", "Those days among all"),
        ("times", "times a day", "Mean number on a day on which it was given"),
        ("first", "minutes", "Median moment at which it was first given, from start"),
        ("clock", "clock", "That moment"),
    ),
    "grid": table(
        "A row for each day, station and 5 minutes.",
        _REPLICATION,
        ("station", "text", "The station"),
        ("minute", "minutes", "Moment, from the start"),
        ("line", "voters", "Voters in line at that moment"),
        ("arrived", "voters", "Voters who have come so far"),
        ("voted", "voters", "Voters who have voted so far"),
    ),
}
