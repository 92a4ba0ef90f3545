"""Measures of what chance has set for a day."""

from scenarios.measure.form import measure

CHANCES = (
    measure(
        "input.level",
        "number",
        ("input",),
        "level of an uncertain input on the day, in the unit of its law: a factor, a "
        "share, minutes",
        better="neither",
    ),
    measure(
        "inject.happened",
        "share",
        ("inject",),
        "1 on a day on which an inject that chance has a hand in happened, 0 else",
        better="neither",
    ),
    measure(
        "inject.time",
        "clock",
        ("inject",),
        "when an inject that chance has a hand in happened first",
        better="neither",
    ),
)
