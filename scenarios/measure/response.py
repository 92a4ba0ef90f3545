"""Measures of incidents: how soon they were attended, and what became of them."""

from scenarios.measure.form import Measure, Population, measure

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95}
_LEGS = {
    "handling": "report to ready",
    "queue": "ready to assigned, of the need that was attended first",
    "turnout": "assigned to moving",
    "travel": "moving to arrived",
    "lost": "spent on dispatches that were cancelled",
}
_CALL: tuple[Population, ...] = ("type", "priority", "area", "overall")
_WITHIN = {
    "p50": "half of them within it",
    "p90": "9 in 10 within it",
    "p95": "95 % within it",
}


def _quantiles(stem: str, text: str) -> tuple[Measure, ...]:
    return tuple(
        measure(
            f"{stem}{name}",
            "minutes",
            _CALL,
            f"{text}: {_WITHIN[name]}",
            better="lower",
        )
        for name in QUANTILES
    )


RESPONSES = (
    measure(
        "response.within",
        "share",
        _CALL,
        "share of reported incidents that were first attended at most `within` "
        "after the report; unattended ones are a miss once that time has passed "
        "and are left out before",
        within=True,
        better="higher",
    ),
    measure(
        "response.mean",
        "minutes",
        _CALL,
        "mean of report to first arrival, attended incidents",
        better="lower",
    ),
    *_quantiles("response.", "report to first arrival, unattended ones on top"),
    measure(
        "response.max",
        "minutes",
        _CALL,
        "longest of report to first arrival",
        better="lower",
    ),
    measure(
        "response.full",
        "minutes",
        _CALL,
        "mean of report to the moment at which every need first has somebody there, "
        "or its work done; incidents that were fully attended",
        better="lower",
    ),
    *_quantiles("response.full_", "report to every need attended, others on top"),
    measure(
        "response.from_arising",
        "minutes",
        _CALL,
        "mean of arising to first arrival, attended incidents",
        better="lower",
    ),
    *_quantiles("response.from_arising_", "arising to first arrival"),
    *(
        measure(
            f"response.{leg}", "minutes", _CALL, f"mean leg: {text}", better="lower"
        )
        for leg, text in _LEGS.items()
    ),
    *(
        quantile
        for leg, text in _LEGS.items()
        for quantile in _quantiles(f"response.{leg}_", f"leg, attended ones: {text}")
    ),
    measure(
        "incidents.reported", "count", _CALL, "incidents reported", better="neither"
    ),
    measure(
        "incidents.attended",
        "count",
        _CALL,
        "reported, and somebody came",
        better="higher",
    ),
    measure(
        "incidents.fully_attended",
        "share",
        _CALL,
        "share of reported incidents whose every need had somebody there at one "
        "moment, or its work done",
        better="higher",
    ),
    measure(
        "incidents.on_scene",
        "minutes",
        _CALL,
        "mean of first arrival to clearing, cleared incidents",
        better="neither",
    ),
    measure(
        "incidents.unattended",
        "count",
        _CALL,
        "reported, nobody came, and neither passed nor gone",
        better="lower",
    ),
    measure(
        "incidents.passed",
        "count",
        _CALL,
        "lost to the model: no unit was free",
        better="lower",
    ),
    measure(
        "incidents.gone",
        "count",
        _CALL,
        "ended by themselves, for nobody had come; reported or not",
        better="lower",
    ),
    measure(
        "incidents.escalated",
        "count",
        _CALL,
        "rose at least one level, reported or not",
        better="lower",
    ),
    measure(
        "incidents.rises",
        "count",
        ("level", "overall"),
        "times that an incident rose to a level",
        better="lower",
    ),
    measure(
        "incidents.falls",
        "count",
        _CALL,
        "times that an incident fell a level",
        better="neither",
    ),
    measure(
        "incidents.hot_spots", "count", _CALL, "rose to their top level", better="lower"
    ),
    measure(
        "queue.not_at_once",
        "share",
        _CALL,
        "share of incidents ready for dispatch to which nobody was sent at that moment",
        better="lower",
    ),
    measure(
        "queue.mean",
        "count",
        _CALL,
        "incidents that were ready and had an open need, average over the whole time",
        better="lower",
    ),
    measure(
        "queue.longest", "count", _CALL, "most of them at one moment", better="lower"
    ),
    measure(
        "queue.longest_wait",
        "minutes",
        _CALL,
        "longest time without a break that an incident was ready and had an open need; "
        "infinite when it still has at the end",
        better="lower",
    ),
    measure(
        "queue.held",
        "count",
        _CALL,
        "incidents that waited though units were free, for whatever reason",
        better="neither",
    ),
    measure(
        "queue.held_reserve",
        "count",
        _CALL,
        "of these: to keep units in reserve",
        better="neither",
    ),
    measure(
        "queue.held_together",
        "count",
        _CALL,
        "of these: until all the units needed can go",
        better="neither",
    ),
    measure(
        "queue.held_busy",
        "count",
        _CALL,
        "of these: for a unit still on scene",
        better="neither",
    ),
    measure(
        "churn.preemptions",
        "count",
        _CALL,
        "units taken, before they were there, for a more pressing incident",
        better="lower",
    ),
    measure(
        "churn.switches",
        "count",
        _CALL,
        "units replaced, before they were there, by one that was quicker",
        better="lower",
    ),
)
