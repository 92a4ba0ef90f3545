"""Measures of cover: who is free, present, at hand, and what is left bare."""

from collections.abc import Iterable
from math import nan

from analysis.day import Day
from analysis.day.span import Span, Stretch, at_once, gaps_in, length
from analysis.measure.unit import record_sum
from analysis.measure.value import OVERALL, Function, Query, Values, with_total
from simulator.log import Kind, Status

# ---- exposure --------------------------------------------------------------------


def _all(stretches: Iterable[list[Stretch]]) -> list[Stretch]:
    return [stretch for each in stretches for stretch in each]


def _fewer_free(day: Day, least: int, units: Iterable[str]) -> float:
    """Sum the minutes with a unit that may go and fewer than so many free."""
    units = list(units)
    free = at_once(_all(day.free[name] for name in units))
    enough = [(begin, end) for begin, end, number in free if number >= least]
    may_go = at_once(_all(day.may_go[name] for name in units))
    return sum(
        length(gaps_in(enough, begin, end)) for begin, end, number in may_go if number
    )


def _none_free(day: Day, query: Query) -> Values:
    return {OVERALL: _fewer_free(day, 1, day.setting.units)}


def _below_reserve(day: Day, query: Query) -> Values:
    own = [name for name in day.setting.units if not day.is_aid(name)]
    reserve = day.setting.dispatch.reserve
    values = {
        f"priority {priority}": _fewer_free(day, number, own)
        for priority, number in sorted(reserve.items())
    }
    return {**values, OVERALL: max(values.values(), default=nan)}


# ---- coverage --------------------------------------------------------------------


def _covered(key: str, *, least: bool = False) -> Function:
    """Average the samples of the share of demand that free units cover."""

    def measure(day: Day, query: Query) -> Values:
        samples = [float(r.details[key]) for r in day.log.of(Kind.COVER)]
        if not samples:
            return {OVERALL: nan}
        mean = sum(samples) / len(samples)
        return {OVERALL: min(samples) if least else mean}

    return measure


# ---- presence --------------------------------------------------------------------


def _visits(day: Day) -> dict[str, dict[str, list[Stretch]]]:
    """From when to when each unit stood at each place of its beat, on patrol."""
    patrols: dict[str, list[Span]] = {}
    for span in day.spans:
        if span.status == Status.PATROL:
            patrols.setdefault(span.unit, []).append(span)
    found: dict[str, dict[str, list[Stretch]]] = {}
    for name, unit in day.setting.units.items():
        if unit.beat is not None:
            found[name] = {place: [] for place in unit.beat.places}
    for record in day.log.of(Kind.ON_BEAT):
        beat = day.setting.units[record.subject].beat
        assert beat is not None
        for span in patrols.get(record.subject, ()):
            if span.start <= record.time < span.end:
                stop = min(record.time + beat.stay, span.end)
                place = str(record.details["at"])
                found[record.subject][place].append((record.time, stop))
    return found


def _presence(day: Day, query: Query) -> Values:
    """Sum minutes on patrol: of a unit all of them, at a place those it stood there."""
    values = {name: 0.0 for name, u in day.setting.units.items() if u.beat is not None}
    for span in day.spans:
        if span.status == Status.PATROL:
            values[span.unit] = values.get(span.unit, 0.0) + span.end - span.start
    total = sum(values.values())
    for visits in _visits(day).values():
        for place, stretches in visits.items():
            area = day.setting.places[place].area
            for member in (f"place {place}", *([f"area {area}"] if area else ())):
                values[member] = values.get(member, 0.0) + length(stretches)
    return {**values, OVERALL: total}


def _visited(day: Day, query: Query) -> Values:
    """Share of beat places at which nobody was missed for longer than `within`.

    Counted while a unit with the place on its beat is on shift.
    """
    stood: dict[str, list[Stretch]] = {}
    shifts: dict[str, list[Stretch]] = {}
    for name, visits in _visits(day).items():
        for place, stretches in visits.items():
            stood.setdefault(place, []).extend(stretches)
            shifts.setdefault(place, []).extend(day.on_shift[name])
    groups: dict[str, list[bool]] = {OVERALL: []}
    for place, stretches in stood.items():
        kept = _longest_gap(stretches, shifts[place]) <= query.within + 1e-9
        area = day.setting.places[place].area
        for member in (OVERALL, *([f"area {area}"] if area else ())):
            groups.setdefault(member, []).append(kept)
    return {m: sum(kept) / len(kept) if kept else nan for m, kept in groups.items()}


def _longest_gap(stood: list[Stretch], shifts: list[Stretch]) -> float:
    """Give the longest stretch of shifts, one after the other, with nobody there."""
    worked = _joined(shifts)
    gaps = [gap for begin, end in worked for gap in gaps_in(stood, begin, end)]
    return max((end - begin for begin, end in gaps), default=0.0)


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for begin, end in sorted(stretches):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


# ---- posts and mutual aid --------------------------------------------------------


def _bare(day: Day, query: Query) -> Values:
    """Sum the minutes from leaving a post to standing there again, or its end."""
    values = {name: 0.0 for name, unit in day.setting.units.items() if unit.posts}
    for record in day.log.of(Kind.STRIPPED):
        name, time = record.subject, record.time
        ends = [p.until for p in day.setting.units[name].posts if p.until > time]
        back = [
            span.start
            for span in day.spans
            if span.unit == name
            and span.status == Status.STANDBY
            and span.start >= time
        ]
        over = min([*ends[:1], *back[:1], day.log.end])
        values[name] += over - time
    return with_total(values)


def _aid_hours(day: Day, query: Query) -> Values:
    return with_total({name: length(s) / 60 for name, s in day.at_hand.items()})


def _aid_wait(day: Day, query: Query) -> Values:
    """Average the time from a request to the unit at hand."""
    asked: dict[str, float] = {}
    waits: dict[str, list[float]] = {name: [] for name in day.at_hand}
    for record in day.log.of(Kind.AID_ASKED, Kind.AT_HAND):
        if record.kind == Kind.AID_ASKED:
            asked[record.subject] = record.time
        elif record.subject in asked:
            waits[record.subject].append(record.time - asked.pop(record.subject))
    every = {**waits, OVERALL: [wait for own in waits.values() for wait in own]}
    return {n: sum(own) / len(own) if own else nan for n, own in every.items()}


COVERS: dict[str, Function] = {
    "units.none_free": _none_free,
    "units.below_reserve": _below_reserve,
    "cover.one": _covered("one"),
    "cover.two": _covered("two"),
    "cover.least": _covered("one", least=True),
    "presence.minutes": _presence,
    "presence.visited": _visited,
    "churn.stripped": record_sum(Kind.STRIPPED),
    "churn.bare": _bare,
    "aid.requests": record_sum(Kind.AID_ASKED),
    "aid.hours": _aid_hours,
    "aid.wait": _aid_wait,
}
