"""Measures of units: what they did, who was free, what was covered."""

from scenarios.measure.form import Population, measure

_UNIT: tuple[Population, ...] = ("unit", "overall")
_KIND: tuple[Population, ...] = ("kind", "overall")

UNITS = (
    measure(
        "unit.utilisation",
        "share",
        _UNIT,
        "assigned to free, transport included, and duties, over time on shift; breaks "
        "and own work are not in it; above 1 with overtime",
        better="neither",
    ),
    measure(
        "unit.utilisation_range",
        "share",
        _KIND,
        "highest less lowest utilisation of units of one kind: the same agency and "
        "skills; overall: of the kind with the widest range",
        better="lower",
    ),
    measure(
        "unit.utilisation_cv",
        "share",
        _KIND,
        "standard deviation over mean of the utilisations of units of one kind; "
        "overall: the highest",
        better="lower",
    ),
    measure(
        "unit.status_minutes",
        "minutes",
        ("status",),
        "minutes in each status",
        better="neither",
    ),
    measure(
        "unit.status_km",
        "km",
        ("status",),
        "kilometres driven in each status",
        better="neither",
    ),
    measure("unit.km", "km", _UNIT, "kilometres driven", better="lower"),
    measure(
        "unit.missions",
        "count",
        _UNIT,
        "dispatches, cancelled ones too",
        better="neither",
    ),
    measure(
        "unit.inter_area",
        "share",
        _UNIT,
        "share of the dispatches of a unit that go to places outside its own areas; "
        "units without areas are left out",
        better="lower",
    ),
    measure(
        "unit.own_work",
        "minutes",
        _UNIT,
        "minutes of self-initiated work",
        better="neither",
    ),
    measure(
        "unit.breaks_lost",
        "minutes",
        _UNIT,
        "minutes of breaks that were lost",
        better="lower",
    ),
    measure(
        "unit.out_of_touch",
        "minutes",
        _UNIT,
        "minutes on shift and out of touch",
        better="lower",
    ),
    measure(
        "unit.overtime",
        "minutes",
        _UNIT,
        "minutes in service outside its shifts, the way home included",
        better="lower",
    ),
    measure(
        "units.none_free",
        "minutes",
        ("overall",),
        "minutes on which no unit that may be dispatched stood free and in touch, "
        "while at least one was on shift; fixed posts are left out, and mutual aid "
        "that is not at hand",
        better="lower",
    ),
    measure(
        "units.below_reserve",
        "minutes",
        ("priority", "overall"),
        "minutes on which fewer own units stood free than the reserve for a priority "
        "asks for; overall: of the worst priority",
        better="lower",
    ),
    measure(
        "cover.one",
        "share",
        ("overall",),
        "share of demand, by the rates in force, with a free own unit within "
        "`dispatch.cover.within`: average of samples every 5 minutes",
        better="higher",
    ),
    measure(
        "cover.two",
        "share",
        ("overall",),
        "the same, with at least two free own units",
        better="higher",
    ),
    measure(
        "cover.least",
        "share",
        ("overall",),
        "the lowest sample of `cover.one`",
        better="higher",
    ),
    measure(
        "presence.minutes",
        "minutes",
        ("unit", "place", "area", "overall"),
        "unit-minutes on patrol: of a unit with the ways between, at a place or in an "
        "area those it stood there",
        better="higher",
    ),
    measure(
        "presence.visited",
        "share",
        ("area", "overall"),
        "share of the places on beats that, while a unit of the beat was on shift, "
        "were never without one on patrol for longer than `within`",
        within=True,
        better="higher",
    ),
    measure("churn.standby_moves", "count", _UNIT, "stand-by moves", better="lower"),
    measure(
        "churn.standby_km", "km", _UNIT, "kilometres of stand-by moves", better="lower"
    ),
    measure(
        "churn.stripped",
        "count",
        _UNIT,
        "times that a post was stripped",
        better="lower",
    ),
    measure(
        "churn.bare",
        "minutes",
        _UNIT,
        "minutes from leaving a post until the unit stands there again, or it ends",
        better="lower",
    ),
    measure(
        "aid.requests", "count", _UNIT, "requests for mutual aid", better="neither"
    ),
    measure(
        "aid.hours",
        "hours",
        _UNIT,
        "unit hours of mutual aid at hand and on shift",
        better="neither",
    ),
    measure(
        "aid.wait",
        "minutes",
        _UNIT,
        "mean of a request for mutual aid to the unit at hand, of those that came",
        better="lower",
    ),
)
