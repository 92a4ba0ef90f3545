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
    ),
    measure("wait.mean", "minutes", _CLASS, "mean wait of those who voted in the room"),
    measure("wait.p50", "minutes", _CLASS, "median wait of all who came"),
    measure(
        "wait.p90", "minutes", _CLASS, "9 in 10 of all who came waited at most this"
    ),
    measure("wait.p95", "minutes", _CLASS, "95 % of all who came waited at most this"),
    measure(
        "wait.max", "minutes", _CLASS, "longest wait of those who voted in the room"
    ),
    measure("line.at_opening", "count", _PLACE, "voters in line at the first minute"),
    measure("line.longest", "count", _PLACE, "most voters in line at one moment"),
    measure(
        "voters.came",
        "count",
        _PLACE,
        "voters who came to the station; who is diverted counts at the other one",
    ),
    measure(
        "votes.share",
        "share",
        _PLACE,
        "voters on the list who voted, in the room, at an auxiliary box or at another "
        "station, over all on the list",
    ),
    measure("votes.auxiliary", "count", _PLACE, "votes cast at an auxiliary box"),
    measure(
        "votes.after_close",
        "count",
        _PLACE,
        "votes cast after the close in force",
    ),
    measure("votes.last", "clock", _PLACE, "time of the last vote in the room"),
    measure("voters.balked", "count", _PLACE, "saw the line and turned back"),
    measure("voters.reneged", "count", _PLACE, "left the line when patience ended"),
    measure("voters.abandoned", "count", _PLACE, "left in an interruption for good"),
    measure(
        "voters.turned_away",
        "count",
        _PLACE,
        "came, or still waited, after the close",
    ),
    measure(
        "voters.diverted_out",
        "count",
        _PLACE,
        "sent on to another station, at the door or out of the line",
    ),
    measure(
        "voters.diverted_in",
        "count",
        _PLACE,
        "came from another station that had sent them on",
    ),
    measure(
        "stage.queue_time",
        "minutes",
        ("stage",),
        "mean time in the line of one stage, over those who started there",
    ),
    measure(
        "stage.utilisation",
        "share",
        ("stage",),
        "busy time over the time of servers that were open and staffed",
    ),
    measure(
        "suspended.total",
        "minutes",
        _PLACE,
        "minutes in which voting was suspended",
    ),
    measure("suspended.longest", "minutes", _PLACE, "longest suspension of the vote"),
    measure(
        "opening.late",
        "minutes",
        _PLACE,
        "minutes from the hour of opening to the opening",
    ),
    measure(
        "result.at", "clock", _PLACE, "when the box and the result were brought in"
    ),
)
