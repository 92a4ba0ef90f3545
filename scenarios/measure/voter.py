"""Measures of voters and stations."""

from scenarios.measure.form import Population, measure

_PLACE: tuple[Population, ...] = ("station", "overall")
# A class of voters at all stations together, where stations have classes.
_CLASS: tuple[Population, ...] = ("station", "class", "overall")

VOTERS = (
    measure(
        "wait.within",
        "share",
        _CLASS,
        "share of those who came to vote whose wait was at most `within`; wait is "
        "from joining the line to the start of the voter's own voting stage, and who "
        "came and did not vote counts as having waited too long; who is diverted "
        "counts once, at the other station, from joining the first line on",
        within=True,
        better="higher",
    ),
    measure(
        "wait.mean",
        "minutes",
        _CLASS,
        "mean wait of those who voted in the room",
        better="lower",
    ),
    measure(
        "wait.p50", "minutes", _CLASS, "median wait of all who came", better="lower"
    ),
    measure(
        "wait.p90",
        "minutes",
        _CLASS,
        "9 in 10 of all who came waited at most this",
        better="lower",
    ),
    measure(
        "wait.p95",
        "minutes",
        _CLASS,
        "95 % of all who came waited at most this",
        better="lower",
    ),
    measure(
        "wait.max",
        "minutes",
        _CLASS,
        "longest wait of those who voted in the room",
        better="lower",
    ),
    measure(
        "line.at_opening",
        "count",
        _PLACE,
        "voters in line at the first minute",
        better="lower",
    ),
    measure(
        "line.longest",
        "count",
        _PLACE,
        "most voters in line at one moment",
        better="lower",
    ),
    measure(
        "voters.came",
        "count",
        _PLACE,
        "voters who came to the station; who is diverted counts at the other one",
        better="neither",
    ),
    measure(
        "votes.share",
        "share",
        _PLACE,
        "voters on the list who voted, in the room, at an auxiliary box or at another "
        "station, over all on the list",
        better="higher",
    ),
    measure(
        "votes.auxiliary",
        "count",
        _PLACE,
        "votes cast at an auxiliary box",
        better="neither",
    ),
    measure(
        "votes.after_close",
        "count",
        _PLACE,
        "votes cast after the close in force",
        better="neither",
    ),
    measure(
        "votes.last",
        "clock",
        _PLACE,
        "time of the last vote in the room",
        better="neither",
    ),
    measure(
        "voters.balked", "count", _PLACE, "saw the line and turned back", better="lower"
    ),
    measure(
        "voters.reneged",
        "count",
        _PLACE,
        "left the line when patience ended",
        better="lower",
    ),
    measure(
        "voters.abandoned",
        "count",
        _PLACE,
        "left in an interruption for good",
        better="lower",
    ),
    measure(
        "voters.turned_away",
        "count",
        _PLACE,
        "came, or still waited, after the close",
        better="lower",
    ),
    measure(
        "voters.diverted_out",
        "count",
        _PLACE,
        "sent on to another station, at the door or out of the line",
        better="neither",
    ),
    measure(
        "voters.diverted_in",
        "count",
        _PLACE,
        "came from another station that had sent them on",
        better="neither",
    ),
    measure(
        "stage.queue_time",
        "minutes",
        ("stage",),
        "mean time in the line of one stage, over those who started there",
        better="lower",
    ),
    measure(
        "stage.utilisation",
        "share",
        ("stage",),
        "busy time over the time of servers that were open and staffed",
        better="neither",
    ),
    measure(
        "suspended.total",
        "minutes",
        _PLACE,
        "minutes in which voting was suspended",
        better="lower",
    ),
    measure(
        "suspended.longest",
        "minutes",
        _PLACE,
        "longest suspension of the vote",
        better="lower",
    ),
    measure(
        "opening.late",
        "minutes",
        _PLACE,
        "minutes from the hour of opening to the opening",
        better="lower",
    ),
    measure(
        "result.at",
        "clock",
        _PLACE,
        "when the box and the result were brought in",
        better="lower",
    ),
)
