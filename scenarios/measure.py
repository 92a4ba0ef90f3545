"""The measures that targets, tables and figures name; each is declared here once.

The functions that compute them from the log are in `analysis.measure`.
"""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "minutes", "count", "clock", "km", "hours", "money"]
Population = Literal["station", "stage", "type", "unit", "duty", "overall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number computed from the log of one replication.

    Parameters
    ----------
    name
        As written in targets and tables.
    unit
        Of its value; ``clock`` is minutes from the scenario's start.
    populations
        What it is computed for, each and (where it makes sense) overall.
    text
        Its definition.
    within
        True when it takes a threshold in minutes.
    """

    name: str
    unit: Unit
    populations: tuple[Population, ...]
    text: str
    within: bool = False


_PLACE: tuple[Population, ...] = ("station", "overall")
_CALL: tuple[Population, ...] = ("type", "overall")


def _m(
    name: str,
    unit: Unit,
    populations: tuple[Population, ...],
    text: str,
    *,
    within: bool = False,
) -> Measure:
    return Measure(
        name=name, unit=unit, populations=populations, text=text, within=within
    )


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        _m(
            "wait.within",
            "share",
            _PLACE,
            "share of those who came to vote whose wait was at most `within`; wait is "
            "from joining the line to the start of the voting stage, and who came and "
            "did not vote counts as having waited too long",
            within=True,
        ),
        _m("wait.mean", "minutes", _PLACE, "mean wait of those who voted in the room"),
        _m("wait.p50", "minutes", _PLACE, "median wait of all who came"),
        _m(
            "wait.p90", "minutes", _PLACE, "9 in 10 of all who came waited at most this"
        ),
        _m("wait.p95", "minutes", _PLACE, "95 % of all who came waited at most this"),
        _m(
            "wait.max", "minutes", _PLACE, "longest wait of those who voted in the room"
        ),
        _m("line.at_opening", "count", _PLACE, "voters in line at the first minute"),
        _m("line.longest", "count", _PLACE, "most voters in line at one moment"),
        _m("voters.came", "count", _PLACE, "voters who came to the station"),
        _m(
            "votes.share",
            "share",
            _PLACE,
            "votes cast, in the room or at an auxiliary "
            "box, over the voters on the list",
        ),
        _m("votes.auxiliary", "count", _PLACE, "votes cast at an auxiliary box"),
        _m("votes.after_close", "count", _PLACE, "votes cast after the legal close"),
        _m("votes.last", "clock", _PLACE, "time of the last vote in the room"),
        _m("voters.balked", "count", _PLACE, "saw the line and turned back"),
        _m("voters.reneged", "count", _PLACE, "left the line when patience ended"),
        _m("voters.abandoned", "count", _PLACE, "left in an interruption for good"),
        _m(
            "voters.turned_away",
            "count",
            _PLACE,
            "came, or still waited, after the close",
        ),
        _m(
            "stage.queue_time",
            "minutes",
            ("stage",),
            "mean time in the line of one stage, over those who started there",
        ),
        _m(
            "stage.utilisation",
            "share",
            ("stage",),
            "busy time over the time of servers that were open and staffed",
        ),
        _m(
            "suspended.total",
            "minutes",
            _PLACE,
            "minutes in which voting was suspended",
        ),
        _m("suspended.longest", "minutes", _PLACE, "longest suspension of the vote"),
        _m(
            "opening.late",
            "minutes",
            _PLACE,
            "minutes from the hour of opening to the opening",
        ),
        _m("result.at", "clock", _PLACE, "when the box and the result were brought in"),
        _m(
            "response.within",
            "share",
            _CALL,
            "share of reported incidents that were first attended at most `within` "
            "after the report; unattended ones are a miss once that time has passed "
            "and are left out before",
            within=True,
        ),
        _m(
            "response.mean",
            "minutes",
            _CALL,
            "mean of report to first arrival, attended incidents",
        ),
        _m("response.p50", "minutes", _CALL, "median of report to first arrival"),
        _m(
            "response.p90",
            "minutes",
            _CALL,
            "9 in 10 incidents were attended within it",
        ),
        _m("response.max", "minutes", _CALL, "longest of report to first arrival"),
        _m(
            "response.full",
            "minutes",
            _CALL,
            "mean of report to arrival of the last unit needed",
        ),
        _m("response.handling", "minutes", _CALL, "mean leg: report to ready"),
        _m("response.queue", "minutes", _CALL, "mean leg: ready to assigned"),
        _m("response.turnout", "minutes", _CALL, "mean leg: assigned to moving"),
        _m("response.travel", "minutes", _CALL, "mean leg: moving to arrived"),
        _m(
            "response.lost",
            "minutes",
            _CALL,
            "mean leg: spent on dispatches that were cancelled",
        ),
        _m("incidents.reported", "count", _CALL, "incidents reported"),
        _m("incidents.unattended", "count", _CALL, "reported, and nobody came"),
        _m("incidents.passed", "count", _CALL, "lost to the model: no unit was free"),
        _m("incidents.escalated", "count", _CALL, "rose at least one level"),
        _m("incidents.hot_spots", "count", _CALL, "rose to their top level"),
        _m(
            "units.none_free",
            "minutes",
            ("overall",),
            "minutes on which no unit that "
            "may be dispatched stood free, while at least one was on shift",
        ),
        _m(
            "unit.utilisation",
            "share",
            ("unit",),
            "assigned to free, and duties, over time on shift; above 1 with overtime",
        ),
        _m("unit.km", "km", ("unit", "overall"), "kilometres driven"),
        _m(
            "unit.missions",
            "count",
            ("unit", "overall"),
            "dispatches, cancelled ones too",
        ),
        _m(
            "guard.gap",
            "minutes",
            ("duty", "overall"),
            "minutes of a guard duty on which nobody stood there",
        ),
        _m(
            "duty.late",
            "minutes",
            ("duty", "overall"),
            "minutes past the deadline; never done is infinite",
        ),
        _m(
            "staff.hours",
            "hours",
            ("overall",),
            "hours of officers and crew that the plan puts on shift",
        ),
        _m("staff.cost", "money", ("overall",), "cost of the units on shift"),
    )
}
