"""The timeline of one day: what mattered, in sentences, not every status."""

from collections.abc import Iterator, Sequence
from math import inf, isinf

from analysis.day import Call, Day
from analysis.report.event import Event, told
from analysis.report.wording import at_text, listed, plural
from analysis.target import Judgement
from scenarios.clock import span
from simulator.log import Kind

MOST_EVENTS = 80


def timeline_of(day: Day, judgements: Sequence[Judgement] = ()) -> list[Event]:
    """Tell a day: injects, escalations, interruptions, closures, what broke.

    Parameters
    ----------
    day
        The day.
    judgements
        The targets on that day.

    Returns
    -------
    list of Event
        In order of time; of very many, the plain ones are left out first.
    """
    events = [
        *told(day),
        *_courses(day),
        *growth_of(day),
        *sum_up(day, judgements),
    ]
    if len(events) > MOST_EVENTS:
        rank = {"bad": 0, "inject": 1, "good": 2, "plain": 3}
        events = sorted(events, key=lambda e: rank[e.tone])[:MOST_EVENTS]
    return sorted(events, key=lambda event: event.time)


def sum_up(day: Day, judgements: Sequence[Judgement]) -> Iterator[Event]:
    """Tell what no single record says: of stations, guards, and what broke."""
    yield from _milestones(day)
    yield from _stops(day)
    yield from _gaps(day)
    yield from _peak(day)
    yield from _broken(day, judgements)


# ---- stations --------------------------------------------------------------------

_MILESTONES = {
    Kind.BALLOTS: "Ballots and papers delivered",
    Kind.OPENED: "Voting opens",
    Kind.CLOSED: "Voting closes",
    Kind.EMPTIED: "Last voter gone",
    Kind.COUNTED: "Count finished",
    Kind.RESULT: "Result brought in",
}


def _milestones(day: Day) -> Iterator[Event]:
    """Tell what every station goes through: the first and the last of them."""
    for kind, text in _MILESTONES.items():
        records = day.log.of(kind)
        names = list(dict.fromkeys(record.subject for record in records))
        if not names:
            continue
        first, last = records[0], records[-1]
        if last.time - first.time < 1:
            yield Event(first.time, "plain", f"{text}: {listed(names)}.")
        else:
            yield Event(first.time, "plain", f"{text}: {first.subject}, the first.")
            yield Event(
                last.time,
                "plain",
                f"{text}: {last.subject}, the last of {len(names)}.",
            )


def _stops(day: Day) -> Iterator[Event]:
    """Tell when voting stopped, why, and when it went on."""
    stopped: dict[str, float] = {}
    causes = {call.name: call for call in day.calls}
    for record in day.log.of(Kind.SUSPENDED, Kind.RESUMED):
        name = record.subject
        if record.kind == Kind.SUSPENDED and name not in stopped:
            stopped[name] = record.time
            cause = str(record.details["cause"]).rpartition(" level ")[0]
            why = f" ({_called(causes[cause], day)})" if cause in causes else ""
            how = _MODES[str(record.details["mode"])]
            yield Event(record.time, "bad", f"Voting stops at {name}{why}: {how}.")
        elif record.kind == Kind.RESUMED and name in stopped:
            after = span(record.time - stopped.pop(name))
            line = plural(float(record.details["line"]), "voter")
            yield Event(
                record.time,
                "good",
                f"Voting goes on at {name} after {after}, {line} in line.",
            )


_MODES = {
    "drain": "who is being served finishes, nobody starts",
    "freeze": "services stand still and go on later",
    "abandon": "everybody leaves",
}


def _peak(day: Day) -> Iterator[Event]:
    """Tell the longest line of the day, where there was one to speak of."""
    best = (9.0, 0.0, "")
    for name, (times, lengths) in day.lines.items():
        if len(lengths) and lengths.max() > best[0]:
            at = int(lengths.argmax())
            best = (float(lengths[at]), float(times[at]), name)
    if best[2]:
        line = plural(best[0], "voter")
        yield Event(best[1], "plain", f"Longest line of the day: {line} at {best[2]}.")


# ---- incidents -------------------------------------------------------------------


def _called(call: Call, day: Day) -> str:
    """Name an incident with what it is."""
    return f"{call.name}, {day.setting.incidents[call.type].title or call.type}"


def _courses(day: Day) -> Iterator[Event]:
    """Tell how the incidents of the script went."""
    for call in day.calls:
        if call.name.partition("#")[0] in day.setting.script:
            yield from _course(call, day)


def growth_of(day: Day) -> Iterator[Event]:
    """Tell which incidents grew or found nobody."""
    calls = {call.name: call for call in day.calls}
    for call in day.calls:
        if call.passed:
            text = f"{_called(call, day)} passes: no unit was free."
            yield Event(max(call.reported, call.arises), "bad", text)
        elif isinf(call.arrived) and call.reported < inf and not call.gone:
            text = f"Until the end nobody came to {_called(call, day)}."
            yield Event(day.log.end, "bad", text)
    for record in day.log.of(Kind.ESCALATED):
        call = calls[record.subject]
        level = int(record.details["level"])
        levels = day.setting.incidents[call.type].levels
        title = levels[level - 1].title
        top = level == len(levels) and call.hot_spot
        text = f"{_called(call, day)} rises to level {level}" + (
            f", {title}" * bool(title)
        )
        yield Event(record.time, "bad", text + (", a hot spot." if top else "."))


def _course(call: Call, day: Day) -> Iterator[Event]:
    if call.arrived < inf:
        after = span(call.response)
        text = f"{call.name}: first unit there, {after} after the report."
        yield Event(call.arrived, "plain", text)
    if call.cleared < inf:
        yield Event(call.cleared, "good", f"{call.name}: over.")


# ---- duties and targets ----------------------------------------------------------


def _gaps(day: Day) -> Iterator[Event]:
    for name in day.guards:
        for start, end in day.gaps(name):
            text = f"Nobody stands guard for {span(end - start)}: {name}."
            yield Event(start, "bad", text)


def _broken(day: Day, judgements: Sequence[Judgement]) -> Iterator[Event]:
    """Tell which target broke when, by what had happened until then."""
    for judgement in judgements:
        if judgement.broken < inf:
            title = day.setting.targets[judgement.target].title
            text = f"Target broken{at_text(judgement.where)}: {title}."
            yield Event(min(judgement.broken, day.log.end), "bad", text)


def others_sentence(day: Day) -> str:
    """Count the incidents of the day that came by chance."""
    script = day.setting.script
    calls = [c for c in day.calls if c.name.partition("#")[0] not in script]
    reported = sum(call.reported < inf for call in calls)
    attended = sum(call.arrived < inf for call in calls)
    if not reported:
        return "No other incident was reported."
    share = "all" if attended == reported else str(attended)
    return (
        f"Besides, {plural(reported, 'incident')} came by chance, {share} attended. "
        "Those that grew or found nobody are told below."
    )
