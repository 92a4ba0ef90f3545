"""A day told in full: each event of the log that says something to people, in a line.

The timeline of a report tells what mattered; this tells who was sent where, too.
"""

from collections.abc import Callable
from functools import partial

from analysis.day import Call, Day
from analysis.report.event import (
    Event,
    cancelled_text,
    effect_event,
    place_text,
    roads_text,
    told,
)
from analysis.report.timeline import growth_of, sum_up
from analysis.report.wording import named, plural, share_text
from analysis.target import judge
from scenarios.clock import span
from scenarios.effect import HERE
from scenarios.road.tag import plain
from simulator.log import Detail, Kind, Record

Calls = dict[str, Call]


def telling_of(day: Day) -> list[Event]:
    """Tell all of a day, in order of time; its targets are judged on the way."""
    calls = {call.name: call for call in day.calls}
    more = {kind: partial(tell, calls) for kind, tell in _MORE.items()}
    judgements = [judge(day, name, t) for name, t in day.setting.targets.items()]
    events = [*told(day, more), *growth_of(day), *sum_up(day, judgements)]
    return sorted(events, key=lambda event: event.time)


def telling_lines(day: Day) -> list[str]:
    """Write the telling of a day for the console, clock time first."""
    clock = day.setting.clock
    events = [(clock.text(e.time), plain(e.text)) for e in telling_of(day)]
    width = max((len(time) for time, _ in events), default=0)
    return [f"{time:>{width}}  {text}" for time, text in events]


def _what(name: str, calls: Calls, day: Day) -> str:
    """Say what an incident is and where, and its name, by which orders speak of it."""
    call = calls[name]
    title = day.setting.incidents[call.type].title or call.type
    return f"{title} at {place_text(call.place, day)} ({name})"


def _reported(calls: Calls, record: Record, day: Day) -> Event:
    priority = calls[record.subject].priority
    text = f"Reported: {_what(record.subject, calls, day)}, priority {priority}."
    return Event(record.time, "bad", text)


def _assigned(calls: Calls, record: Record, day: Day) -> Event:
    unit = record.details["unit"]
    text = f"{unit} is sent to {_what(record.subject, calls, day)}."
    return Event(record.time, "plain", text)


def _arrived(calls: Calls, record: Record, day: Day) -> Event:
    after = span(record.time - calls[record.subject].reported)
    unit = record.details["unit"]
    what = _what(record.subject, calls, day)
    text = f"{unit} is there, {after} after the report: {what}."
    return Event(record.time, "plain", text)


def _handed_over(calls: Calls, record: Record, day: Day) -> Event:
    to = place_text(str(record.details["to"]), day)
    text = f"{record.details['unit']} has handed over at {to}: {record.subject}."
    return Event(record.time, "plain", text)


def _cleared(calls: Calls, record: Record, day: Day) -> Event:
    return Event(record.time, "good", f"Over: {_what(record.subject, calls, day)}.")


def _cancelled(calls: Calls, record: Record, day: Day) -> Event:
    unit, what = record.details["unit"], _what(record.subject, calls, day)
    text = cancelled_text(record) or (
        f"{unit} no longer goes to {what}: {record.details['why']}."
    )
    return Event(record.time, "bad", text)


def _stood_off(calls: Calls, record: Record, day: Day) -> Event:
    text = f"{record.details['unit']} is no longer needed at {record.subject}."
    return Event(record.time, "plain", text)


def _effect(calls: Calls, record: Record, day: Day) -> Event | None:
    event, kind = effect_event(record, day), str(record.details["effect"])
    if event or kind in _TOLD_BY_WHAT_FOLLOWS:
        return event
    details = {
        k: v for k, v in record.details.items() if k not in _NOT_SAID and v != HERE
    }
    said = [f"{key.replace('_', ' ')} {_said(key, v)}" for key, v in details.items()]
    if "roads" in record.details:
        said.insert(0, roads_text(record, day))
    words = kind.replace("_", " ").capitalize()
    at = f" at {place_text(record.place, day)}" if record.place else ""
    end = record.kind == Kind.EFFECT_ENDS
    text = f"{words} ends{at}" if end else f"{words}{at}"
    text = f"{text}: {', '.join(said)}." if said else f"{text}."
    return Event(record.time, "good" if end else "bad", text)


_TOLD_BY_WHAT_FOLLOWS = ("incident", "suspend", "out_of_service", "divert")
_NOT_SAID = ("effect", "roads", "area", "classes", "streets")


def _said(key: str, value: Detail) -> str:
    """Write a detail of an effect by what it is: a share, a time, a number, a name."""
    if isinstance(value, str):
        return value
    if key in ("share", "return_share"):
        return share_text(value)
    return span(value) if key in ("over", "return_within") else f"{value:g}"


def _officers(calls: Calls, record: Record, day: Day) -> Event:
    number = plural(float(record.details["officers"]), "officer")
    return Event(record.time, "plain", f"{record.subject} has {number}.")


def _auxiliary(calls: Calls, record: Record, day: Day) -> Event:
    votes = plural(float(record.details["votes"]), "vote")
    text = f"{votes} in the auxiliary box of {record.subject}."
    return Event(record.time, "plain", text)


def _duty_starts(calls: Calls, record: Record, day: Day) -> Event:
    title = named(record.subject, day.setting.duties[record.subject].title)
    text = f"Duty begins: {title}, by {record.details['unit']}."
    return Event(record.time, "plain", text)


def _collected(calls: Calls, record: Record, day: Day) -> Event:
    text = f"{record.details['unit']} has the box of {record.subject}."
    return Event(record.time, "plain", text)


_MORE: dict[Kind, Callable[[Calls, Record, Day], Event | None]] = {
    Kind.REPORTED: _reported,
    Kind.ASSIGNED: _assigned,
    Kind.ARRIVED: _arrived,
    Kind.HANDED_OVER: _handed_over,
    Kind.CLEARED: _cleared,
    Kind.CANCELLED: _cancelled,
    Kind.STOOD_OFF: _stood_off,
    Kind.EFFECT: _effect,
    Kind.EFFECT_ENDS: _effect,
    Kind.OFFICERS: _officers,
    Kind.AUXILIARY: _auxiliary,
    Kind.DUTY_STARTS: _duty_starts,
    Kind.COLLECTED: _collected,
}
