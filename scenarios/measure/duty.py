"""Measures of duties, and of what a plan puts on shift."""

from scenarios.measure.form import measure

DUTIES = (
    measure(
        "guard.gap",
        "minutes",
        ("duty", "overall"),
        "minutes of a guard duty on which nobody stood there",
    ),
    measure(
        "duty.late",
        "minutes",
        ("duty", "overall"),
        "minutes past the deadline; never done is infinite",
    ),
    measure(
        "staff.hours",
        "hours",
        ("overall",),
        "hours of officers and crew that the plan puts on shift",
    ),
    measure("staff.cost", "money", ("overall",), "cost of the units on shift"),
)
