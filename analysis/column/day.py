"""The columns of the tables of one day: what the log of that day says."""

from analysis.column.form import Table, table

_CLOCK = ("clock", "clock", "The moment as clock text")
_TYPE = ("type", "text", "Type of the incident")
_PLACE = ("place", "text", "Where it was")
_PRIORITY = ("priority", "number", "1 is served first")
_INCIDENT = ("incident", "text", "Name of the incident")


def _moments(*named: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Declare moments, each with its clock text."""
    columns = []
    for name, text in named:
        columns.append((name, "minutes", f"{text}, from the start; infinite if never"))
        columns.append((f"{name}_clock", "clock", f"{text}; empty if never"))
    return columns


def _legs(*named: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Declare legs, each with what was driven."""
    columns = []
    for name, text in named:
        columns.append((name, "minutes", f"{text}, as long as it lasted"))
        columns.append((f"{name}_km", "km", f"{text}: what was driven"))
    return columns


DAY: dict[str, Table] = {
    "log": table(
        "A row for each record of the log, in order.",
        ("time", "minutes", "Moment, from the start"),
        _CLOCK,
        ("kind", "text", "What happened"),
        ("subject", "text", "To whom or what"),
        _PLACE,
        ("details", "JSON", "What else is known of it"),
    ),
    "incidents": table(
        "A row for each incident.",
        _INCIDENT,
        _TYPE,
        _PLACE,
        ("area", "text", "Area of that place; empty where it has none"),
        _PRIORITY,
        ("phase", "text", "before, during or after the vote"),
        ("clock", "clock", "When it arose"),
        ("arises", "minutes", "When it arose, from the start"),
        ("reported", "minutes", "When the dispatcher knew of it"),
        ("ready", "minutes", "When the report had been handled"),
        ("sent", "minutes", "When a unit was first assigned"),
        ("assigned", "minutes", "When the unit that came first was assigned"),
        ("moving", "minutes", "When that unit set out"),
        ("arrived", "minutes", "When that unit came; infinite when none did"),
        ("full", "minutes", "When every need had somebody there; infinite if never"),
        ("last_arrived", "minutes", "When the last unit came; infinite if none did"),
        ("cleared", "minutes", "When it was over; infinite when it was not"),
        ("units", "text", "Units that came, in that order"),
        ("response", "minutes", "From report to first arrival; infinite if none came"),
        ("handling", "minutes", "Of the response: from the report to ready"),
        ("queue", "minutes", "Of the response: waiting for a unit"),
        ("turnout", "minutes", "Of the response: from assigned to moving"),
        ("travel", "minutes", "Of the response: on the way"),
        ("lost", "minutes", "Of the response: spent on units that did not come"),
        ("queued", "minutes", "Ready with a need that had no unit, in all"),
        ("held", "text", "Why it waited though units were free"),
        ("level", "number", "The highest level it reached, from 1"),
        ("falls", "number", "How often it fell a level"),
        ("hot_spot", "yes/no", "Whether it became a hot spot"),
        ("passed", "yes/no", "Lost to the model because no unit was free"),
        ("gone", "yes/no", "Ended by itself before anybody came"),
    ),
    "dispatches": table(
        "A row for each unit sent to a need of an incident, cancelled ones too.",
        _INCIDENT,
        _TYPE,
        _PLACE,
        _PRIORITY,
        ("slot", "number", "The need it was sent to, from 0"),
        ("skill", "text", "The skill needed there"),
        ("also", "text", "Further needs it fills, by number and skill"),
        ("unit", "text", "Who was sent"),
        ("attempt", "number", "How often this need has been given a unit"),
        ("why", "text", "The policy that chose, or order, switch, resumes"),
        ("was", "text", "Status of the unit before"),
        ("estimate", "minutes", "To its arrival, as it was expected"),
        ("runners", "text", "The next best units, with their estimates"),
        ("origin", "text", "Node where it was; empty between two nodes"),
        *_moments(
            ("assigned", "When it was assigned"),
            ("moving", "When it set out"),
            ("arrived", "When it came"),
            ("worked", "When its work on scene was done"),
            ("ended", "When it was free, or lost to the incident"),
        ),
        *_legs(
            ("turnout", "From assigned to moving"),
            ("travel", "On the way"),
            ("on_scene", "At work on scene"),
            ("transport", "Taking somebody away"),
        ),
        ("outcome", "text", "How it ended: worked, preempted, recalled, ..."),
        ("instead", "text", "Where the unit was sent instead, or who came instead"),
    ),
    "units": table(
        "A row for each stretch of a unit in one status.",
        ("unit", "text", "The unit"),
        ("status", "text", "What it did"),
        ("start", "minutes", "From when, from the start"),
        ("end", "minutes", "Until when"),
        ("clock", "clock", "From when"),
        ("job", "text", "For which incident or duty; empty for none"),
        ("km", "km", "What it drove meanwhile"),
    ),
    "voters": table(
        "A row for each visit of a voter at a station.",
        ("station", "text", "The station visited"),
        ("home", "text", "The station on whose list the voter is"),
        ("voter", "number", "Place on that list, from 0; no person is meant"),
        ("visit", "number", "Which visit of this voter, from 0"),
        ("priority", "yes/no", "Served first (1)"),
        ("class", "text", "Class of voters; ordinary for most"),
        ("arrival", "minutes", "When the voter came, from the start"),
        ("start *", "minutes", "When the stage named began; empty if not reached"),
        ("end *", "minutes", "When the stage named ended; empty if not reached"),
        ("left", "minutes", "When the voter left"),
        ("outcome", "text", "voted, balked, reneged, turned_away, ..."),
    ),
}
