"""Events of a timeline that one record of the log tells."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from analysis.day import Day
from analysis.report.wording import listed, named, plural, share_text
from scenarios.clock import span
from scenarios.describe.order import found_text, order_text
from scenarios.order import KINDS
from simulator.log import Kind, Record

MOST_ROADS = 5


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline.

    Parameters
    ----------
    time
        Minutes from the start.
    tone
        ``inject``, ``bad``, ``good`` or ``plain``.
    text
        A sentence.
    """

    time: float
    tone: str
    text: str


Tell = Callable[[Record, Day], Event | None]


def told(day: Day, more: Mapping[Kind, Tell] | None = None) -> Iterator[Event]:
    """Tell the records that speak for themselves.

    Parameters
    ----------
    day
        The day.
    more
        How to tell further kinds of records, or some kinds otherwise.
    """
    said: set[tuple[Kind, str]] = set()
    tellers = {**_TOLD, **(more or {})}
    for record in day.log.records:
        tell = tellers.get(record.kind)
        event = tell(record, day) if tell else None
        key = (record.kind, record.subject)
        # What finds no way tries again at every change of the roads: said once.
        if event and not (record.kind == Kind.UNREACHABLE and key in said):
            said.add(key)
            yield event


def _inject(record: Record, day: Day) -> Event:
    return Event(record.time, "inject", f"{record.subject}: {record.details['title']}")


def _drawn(record: Record, day: Day) -> Event | None:
    """Tell what chance has set for the day: an input, or an inject."""
    name, details = record.subject, record.details
    if "level" in details:
        text = f"Drawn for the day: {details['text']}."
    elif not details["happens"]:
        text = f"{name} does not happen today."
    elif "at" in details:
        clock = day.setting.clock.text(float(details["at"]))
        text = f"{name} is set for {clock} today."
    else:
        text = f"{name} happens today."
    return Event(record.time, "plain", text)


def place_text(place: str, day: Day) -> str:
    """Name a place by its title, if it has one."""
    return (place in day.setting.places and day.setting.places[place].title) or place


def effect_event(record: Record, day: Day) -> Event | None:
    """Tell an effect that matters to everybody: a closure, silence, a unit lost."""
    end = record.kind == Kind.EFFECT_ENDS
    tone = "good" if end else "bad"
    if record.details["effect"] == "close_road":
        roads = roads_text(record, day)
        text = "Road open again" if end else "Road closed"
        return Event(record.time, tone, f"{text}: {roads}.")
    if record.details["effect"] in _SIGNALS:
        return Event(record.time, tone, _SIGNALS[str(record.details["effect"])](record))
    unit = record.details.get("unit")
    if unit in day.setting.units:
        state = "back in service" if end else "out of service"
        return Event(record.time, tone, f"{unit} is {state}.")
    return None


def roads_text(record: Record, day: Day) -> str:
    """Name the roads of an effect; many of an area or a class are counted."""
    names = sorted(str(record.details["roads"]).split())
    start = next(
        r
        for r in day.log.records
        if r.kind == Kind.EFFECT
        and r.subject == record.subject
        and r.details.get("roads") == record.details["roads"]
    )
    area, classes = start.details.get("area"), start.details.get("classes")
    if streets := start.details.get("streets"):
        return f"{streets} ({plural(len(names), 'road')})"
    if len(names) <= MOST_ROADS or not (area or classes):
        return listed(names)
    if area:
        return f"{len(names)} roads in the area ({area})"
    return f"{len(names)} roads of class {listed(str(classes).split())}"


def _road_hours(record: Record, day: Day) -> Event:
    said = [
        f"{text}: {listed(sorted(str(record.details[key]).split()))}."
        for key, text in (("closed", "Closed by its hours"), ("open", "Open again"))
        if record.details[key]
    ]
    return Event(record.time, "plain", " ".join(said))


def _radio(record: Record) -> str:
    units = listed(str(record.details["units"]).split())
    end = record.kind == Kind.EFFECT_ENDS
    return f"{'In touch again' if end else 'Out of touch'}: {units}."


def _reports(record: Record) -> str:
    if record.kind == Kind.EFFECT_ENDS:
        return "Reports come without delay again."
    return f"Reports come {span(float(record.details['delay']))} late."


def _health(record: Record) -> str:
    where = f"{record.details['stage']} at {record.details['station']}"
    if record.kind == Kind.EFFECT_ENDS:
        return f"{where} has been cleaned."
    return f"A health case: {where} is closed and cleaned."


_SIGNALS = {
    "radio_loss": _radio,
    "delay_reports": _reports,
    "health_case": _health,
}


def _aid_asked(record: Record, day: Day) -> Event:
    why = record.details["why"]
    reason = "by order" if why == "order" else f"for {why}"
    text = f"Mutual aid: {record.subject} is asked for, {reason}."
    return Event(record.time, "plain", text)


def _agreed(record: Record, day: Day) -> Event:
    text = f"Mutual aid: {record.details['level']} agrees to units of {record.subject}."
    return Event(record.time, "plain", text)


def _aid(record: Record, day: Day) -> Event:
    text = f"Mutual aid: {record.subject} is {record.kind.value}."
    return Event(record.time, "good" if record.kind == Kind.AT_HAND else "plain", text)


def cancelled_text(record: Record) -> str:
    """Say who was taken from what for what; empty when a dispatch ended otherwise."""
    if record.details["why"] != "preempted":
        return ""
    unit, by = record.details["unit"], record.details["by"]
    return f"{unit} is taken from {record.subject} and sent to {by}."


def _cancelled(record: Record, day: Day) -> Event | None:
    text = cancelled_text(record)
    return Event(record.time, "bad", text) if text else None


def _held(record: Record, day: Day) -> Event:
    why = _REASONS.get(str(record.details["why"]), str(record.details["why"]))
    text = f"{record.subject} waits though units are free: {why}."
    return Event(record.time, "plain", text)


_REASONS = {
    "reserve": "they are kept in reserve",
    "together": "not all it needs can go",
}


def _gone(record: Record, day: Day) -> Event:
    text = f"{record.subject} is over by itself: nobody had come."
    return Event(record.time, "bad", text)


def _fell(record: Record, day: Day) -> Event:
    text = f"{record.subject} calms down to level {record.details['level']}."
    return Event(record.time, "good", text)


def _relieved(record: Record, day: Day) -> Event:
    unit, by = record.details["unit"], record.details["by"]
    return Event(record.time, "plain", f"{by} relieves {unit} at {record.subject}.")


def _stripped(record: Record, day: Day) -> Event:
    incident = record.details["incident"]
    text = f"{record.subject} leaves its post at {record.place} for {incident}."
    return Event(record.time, "bad", text)


def _unreachable(record: Record, day: Day) -> Event:
    if record.subject in day.setting.units:
        text = f"{record.subject} finds no road to where it must go, and waits."
    else:
        text = f"No unit finds a road to {record.subject}."
    return Event(record.time, "bad", text)


def _duty_ends(record: Record, day: Day) -> Event | None:
    duty = day.setting.duties[record.subject]
    if duty.kind == "guard":
        return None
    late = record.time - duty.due
    text = f"Duty done: {named(record.subject, duty.title)}"
    if late > 0:
        return Event(record.time, "bad", f"{text}, {span(late)} late.")
    return Event(record.time, "plain", f"{text}.")


def _unfinished(record: Record, day: Day) -> Event | None:
    if record.subject not in day.setting.duties:
        return None
    return Event(record.time, "bad", f"Duty never done: {record.subject}.")


def _standing(record: Record, day: Day) -> Event:
    title = day.setting.orders[record.subject].title
    details = record.details
    at = f" at {details['station']}" if "station" in details else ""
    why = f": {found_text(str(details['why']))}" if "why" in details else ""
    text = f"Standing order {record.subject}{at}{f', {title}' * bool(title)}{why}."
    return Event(record.time, "inject", text)


def _order(record: Record, day: Day) -> Event:
    word, why = record.kind.value.capitalize(), record.details.get("why")
    if record.subject not in KINDS:  # an effect was refused
        text = f"Refused, {record.subject} at {record.details['station']}: {why}."
        return Event(record.time, "inject", text)
    if record.kind == Kind.ORDER_HELD:  # it has no details but these
        said = f"{record.subject.replace('_', ' ')} {record.details['unit']}"
    else:
        said = said_of({"kind": record.subject, **record.details}, day)
    text = f"{word}: {said}: {why}" if why else f"{word}: {said}"
    text = text if text.endswith(".") else f"{text}."
    return Event(record.time, "inject", text)


def said_of(order: Mapping[str, object], day: Day) -> str:
    """Say an order in words; see `scenarios.order` for what it holds."""
    return order_text(order, lambda place: place_text(place, day))


def _extended(record: Record, day: Day) -> Event:
    clock = day.setting.clock
    until, was = (clock.text(float(record.details[key])) for key in ("until", "was"))
    text = f"{record.subject} votes until {until} instead of {was}."
    return Event(record.time, "inject", text)


def _cleared_out(record: Record, day: Day) -> Event:
    text = (
        f"{record.subject} is cleared: {record.details['voters']} inside did not vote."
    )
    return Event(record.time, "bad", text)


def _site(record: Record, day: Day) -> Event:
    if record.kind == Kind.LEAVES:
        text = f"{record.subject} leaves {record.place} for {record.details['to']}"
        gone = record.details["gave_up"]
        return Event(record.time, "bad", f"{text}; {gone} in line give up.")
    text = f"{record.subject} has come to {record.place} and sets up."
    return Event(record.time, "plain", text)


def _diverts(record: Record, day: Day) -> Event:
    share, mode = share_text(float(record.details["share"])), record.details["mode"]
    by = f"on {mode}" if mode == "foot" else f"by {mode}"
    text = f"{record.subject} sends {share} of its voters to {record.details['to']}"
    if record.details.get("line"):
        text += f", {record.details['line']} out of its line at once"
    if "minutes" in record.details:
        text += f", {span(float(record.details['minutes']))} {by}"
    return Event(record.time, "inject", f"{text}.")


def _way(record: Record, day: Day) -> Event:
    where = f"from {record.subject} to {record.details['to']}"
    if record.kind == Kind.NO_WAY:
        text = f"Voters find no way {where}: nobody is sent."
        return Event(record.time, "bad", text)
    after = span(float(record.details["minutes"]))
    return Event(record.time, "good", f"Voters find a way {where} again: {after}.")


def _divert_ends(record: Record, day: Day) -> Event:
    voters = plural(float(record.details["voters"]), "voter")
    text = f"{record.subject} sends nobody to {record.details['to']} any more"
    return Event(record.time, "inject", f"{text}; {voters} went.")


_TOLD: dict[Kind, Tell] = {
    Kind.DRAWN: _drawn,
    Kind.INJECT: _inject,
    Kind.EFFECT: effect_event,
    Kind.EFFECT_ENDS: effect_event,
    Kind.ROAD_HOURS: _road_hours,
    Kind.AID_ASKED: _aid_asked,
    Kind.AGREED: _agreed,
    Kind.CALLED_UP: _aid,
    Kind.AT_HAND: _aid,
    Kind.STOOD_DOWN: _aid,
    Kind.CANCELLED: _cancelled,
    Kind.HELD: _held,
    Kind.GONE: _gone,
    Kind.FELL: _fell,
    Kind.RELIEVED: _relieved,
    Kind.STRIPPED: _stripped,
    Kind.UNREACHABLE: _unreachable,
    Kind.DUTY_ENDS: _duty_ends,
    Kind.UNFINISHED: _unfinished,
    Kind.EXTENDED: _extended,
    Kind.LEAVES: _site,
    Kind.AT_SITE: _site,
    Kind.CLEARED_OUT: _cleared_out,
    Kind.DIVERTS: _diverts,
    Kind.NO_WAY: _way,
    Kind.WAY_AGAIN: _way,
    Kind.DIVERT_ENDS: _divert_ends,
    Kind.STANDING: _standing,
    Kind.ORDER: _order,
    Kind.REFUSED: _order,
    Kind.ORDER_HELD: _order,
}
