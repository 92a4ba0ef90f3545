"""The columns of the tables of a search for the cheapest plan."""

from analysis.column.form import Table, table

_COST = ("cost", "money", "Cost of the plan, in the money of the scenario")
_CHOICE = ("choice", "text", "Name of the choice in the section staffing")
_TARGET = ("target", "text", "Name of the target in the scenario")
_DAYS = ("days", "days", "Days played")
_PLAN = ("plan", "number", "Number of the plan, in the order in which they were tried")
_VALUE = ("value", "text", "The value of the choice in the plan")

STAFF: dict[str, Table] = {
    "plans": table(
        "A row for each plan that was tried; all of them met the same days.",
        _PLAN,
        _COST,
        _DAYS,
        ("share", "share", "Share of these days on which every target held"),
        ("weakest", "text", "The target that held on the least days above those asked"),
        (
            "role",
            "text",
            "winner, tested (in the final choice), or tried (in the search)",
        ),
    ),
    "values": table(
        "A row for each plan that was tried and each choice.",
        _PLAN,
        _CHOICE,
        _VALUE,
    ),
    "tests": table(
        "A row for each plan of the final choice and each target.",
        _PLAN,
        _COST,
        ("result", "text", "accepted, rejected, not told, or not tested"),
        _TARGET,
        ("asked", "share", "Share of days on which the target must hold"),
        ("held", "days", "On how many days it held"),
        _DAYS,
        ("rejects", "yes/no", "Whether this target rejected the plan"),
    ),
    "winner": table(
        "A row for each choice.",
        _CHOICE,
        ("title", "text", "Title of the choice"),
        ("before", "text", "Its value in the starting plan; empty when none of those"),
        _VALUE,
        ("least", "text", "The cheapest value allowed"),
        ("most", "text", "The dearest value allowed"),
        ("cost", "money", "What the value costs"),
    ),
    "verdicts": table(
        "A row for each target: the winner, or without one the plan with most of all.",
        _TARGET,
        ("title", "text", "The target in words"),
        ("verdict", "text", "met, missed, undecided, or no verdict below 30 days"),
        ("held", "days", "On how many days it held"),
        ("days", "days", "On how many days there was something to judge"),
        ("low", "share", "Lower end of the exact interval of the share of days"),
        ("high", "share", "Upper end of the exact interval of the share of days"),
        ("asked", "share", "Share of days on which the target must hold"),
        ("worst", "text", "The member furthest on the wrong side, or nearest to it"),
    ),
    "neighbours": table(
        "A row for each plan that differs from the winner by one cheaper step.",
        _CHOICE,
        ("before", "text", "The value of the choice in the winner"),
        ("after", "text", "The next cheaper value"),
        ("saving", "money", "How much cheaper the plan is"),
        ("result", "text", "breaks, not told, holds, or cannot be"),
        ("target", "text", "The target it breaks, or that comes nearest to breaking"),
        ("held", "days", "On how many days that target held"),
        ("days", "days", "On how many days there was something to judge"),
        ("asked", "share", "Share of days on which that target must hold"),
        ("worst", "text", "The member furthest on the wrong side"),
    ),
}
