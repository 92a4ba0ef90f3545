"""The columns of the tables of calibrations."""

from analysis.column.form import Table, table

FIT: dict[str, Table] = {
    "profile": table(
        "A row for each point of an arrival profile (`muster calibrate arrivals`).",
        ("clock", "clock", "Time of the point, the lag of the report taken off"),
        ("printed", "clock", "The time that was printed"),
        ("minute", "minutes", "Time of the point, since midnight"),
        ("share", "share", "Share of the day's voters who had come"),
        ("low", "share", "The least it may be"),
        ("high", "share", "The most it may be"),
    ),
    "polls": table(
        "A row for each point of each poll (`muster calibrate arrivals --pool`).",
        ("poll", "text", "Poll and place"),
        ("clock", "clock", "Time of the point, the lag of the report taken off"),
        ("minute", "minutes", "Time of the point, since midnight"),
        ("share", "share", "Share of the day's voters who had come"),
    ),
    "laws": table(
        "A row for each law fitted to service times (`muster calibrate service`).",
        ("law", "text", "The law"),
        ("mean", "minutes", "Its mean"),
        ("cv", "number", "Its standard deviation over its mean"),
        ("likelihood", "number", "Logarithm of the likelihood; the greatest is chosen"),
        ("distance", "share", "Greatest distance from the observed distribution"),
        ("p", "share", "How often times that follow the law are as far off"),
    ),
    "lines": table(
        "A row for each look at a line (`muster calibrate service --servers`).",
        ("clock", "clock", "When somebody looked"),
        ("arrived", "voters", "Voters who came since the look before"),
        ("line", "voters", "Voters in line, as seen"),
        ("played", "voters", "Mean of the plays with the mean that was found"),
        ("low", "voters", "One play in twenty is below this"),
        ("high", "voters", "One play in twenty is above this"),
    ),
    "rates": table(
        "A row for each type and part of the day (`muster calibrate incidents`).",
        ("type", "text", "Type of the incident"),
        ("from", "clock", "From when"),
        ("until", "clock", "Until when"),
        ("calls", "calls", "Calls in the list"),
        ("hours", "hours", "Hours observed: that part of all days"),
        ("rate", "calls an hour", "Calls over hours"),
        ("low", "calls an hour", "Lower end of the exact interval of 95 %"),
        ("high", "calls an hour", "Upper end of the exact interval of 95 %"),
    ),
}
