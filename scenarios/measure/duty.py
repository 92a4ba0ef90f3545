"""Measures of duties, and of what a plan puts on shift."""

from scenarios.measure.form import measure

DUTIES = (
    measure(
        "guard.gap",
        "minutes",
        ("duty", "overall"),
        "minutes of a guard duty on which nobody stood there",
        better="lower",
    ),
    measure(
        "duty.late",
        "minutes",
        ("duty", "overall"),
        "minutes past the deadline; never done is infinite",
        better="lower",
    ),
    measure(
        "staff.hours",
        "hours",
        ("overall",),
        "hours of officers and crew that the plan puts on shift",
        better="lower",
    ),
    measure(
        "staff.cost",
        "money",
        ("overall",),
        "cost of the units on shift",
        better="lower",
    ),
)
