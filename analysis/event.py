"""Events of a timeline that one record of the log tells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.day import Day
from analysis.scene import closures, effects_behind
from analysis.wording import listed, named
from scenarios.clock import span
from scenarios.effect import HERE, OutOfService
from simulator.log import Kind, Record


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


def told(day: Day) -> Iterator[Event]:
    """Tell the records that speak for themselves."""
    said: set[tuple[Kind, str]] = set()
    for record in day.log.records:
        tell = _TOLD.get(record.kind)
        event = tell(record, day) if tell else None
        key = (record.kind, record.subject)
        # What finds no way tries again at every change of the roads: said once.
        if event and not (record.kind == Kind.UNREACHABLE and key in said):
            said.add(key)
            yield event


def _inject(record: Record, day: Day) -> Event:
    return Event(record.time, "inject", f"{record.subject}: {record.details['title']}")


def _effect(record: Record, day: Day) -> Event | None:
    if record.details["effect"] == "close_road":
        roads = sorted({road for e in closures(day, record) for road in e.roads})
        end = record.kind == Kind.EFFECT_ENDS
        text = "Road open again" if end else "Road closed"
        where = f" beside {record.place}" if HERE in roads else ""
        names = listed([road for road in roads if road != HERE] or ["all roads"])
        tone = "good" if end else "bad"
        return Event(record.time, tone, f"{text}: {names}{where}.")
    if record.details["effect"] == "out_of_service":
        return _service(record, day)
    return None


def _service(record: Record, day: Day) -> Event | None:
    """Tell that a unit is lost or back; the record that ends it names no unit."""
    for effect in effects_behind(day, record):
        if isinstance(effect, OutOfService) and effect.unit in day.setting.units:
            if record.kind == Kind.EFFECT:
                return Event(record.time, "bad", f"{effect.unit} is out of service.")
            return Event(record.time, "good", f"{effect.unit} is back in service.")
    return None


def _called_up(record: Record, day: Day) -> Event:
    unit = record.details["unit"]
    text = f"Mutual aid: {unit} is called up for {record.subject}."
    return Event(record.time, "plain", text)


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
    deadline = duty.back_by if duty.kind == "auxiliary_round" else duty.deadline
    late = record.time - deadline
    text = f"Duty done: {named(record.subject, duty.title)}"
    if late > 0:
        return Event(record.time, "bad", f"{text}, {span(late)} late.")
    return Event(record.time, "plain", f"{text}.")


def _unfinished(record: Record, day: Day) -> Event | None:
    if record.subject not in day.setting.duties:
        return None
    return Event(record.time, "bad", f"Duty never done: {record.subject}.")


def _order(record: Record, day: Day) -> Event:
    said = " ".join(f"{key} {value}" for key, value in record.details.items())
    word = "Order" if record.kind == Kind.ORDER else "Order refused"
    return Event(record.time, "inject", f"{word}: {record.subject} {said}.")


_TOLD: dict[Kind, Callable[[Record, Day], Event | None]] = {
    Kind.INJECT: _inject,
    Kind.EFFECT: _effect,
    Kind.EFFECT_ENDS: _effect,
    Kind.CALLED_UP: _called_up,
    Kind.STRIPPED: _stripped,
    Kind.UNREACHABLE: _unreachable,
    Kind.DUTY_ENDS: _duty_ends,
    Kind.UNFINISHED: _unfinished,
    Kind.ORDER: _order,
    Kind.REFUSED: _order,
}
