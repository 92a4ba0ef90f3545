"""Checks that the text alone shows: what will not work, and what would cure it."""

from collections.abc import Iterator
from itertools import pairwise

from scenarios.check.finding import Finding
from scenarios.check.force import check_forces
from scenarios.check.staffing import check_staffing, check_values
from scenarios.check.standing import check_standing
from scenarios.check.uncertain import check_chances, check_inputs
from scenarios.clock import Clock
from scenarios.duty import Duty
from scenarios.effect import AtOnce, Divert, Effect, Extend, PlaceIncident
from scenarios.measure import MEASURES
from scenarios.rule import RulePack, latest_close
from scenarios.scenario import Scenario, Setting
from scenarios.script import Inject
from scenarios.station import Station

__all__ = ["Finding", "check_text"]


def check_text(scenario: Scenario, plan: str) -> Iterator[Finding]:
    """Find what will not work under a plan, by its text alone."""
    setting = scenario.plans[plan].setting
    for name, station in setting.stations.items():
        yield from _law(name, station, scenario.rules, setting.clock)
        yield from _hours(name, station, setting.clock)
        yield from _officers(name, station)
        yield from _both_lists(name, station, setting)
        yield from _counting(name, station)
    yield from _skills(setting)
    yield from check_forces(setting)
    yield from _two_places(setting)
    yield from _times(setting)
    yield from _targets(setting)
    yield from check_standing(setting)
    yield from check_staffing(setting)
    yield from check_values(scenario, plan)
    yield from check_inputs(setting)
    for name, inject in setting.script.items():
        yield from _inject(name, inject, setting)
        yield from _extensions(name, inject, scenario, setting)
        yield from _late_diversions(name, inject, setting)


def _law(
    name: str, station: Station, rules: RulePack, clock: Clock
) -> Iterator[Finding]:
    path, size = f"stations.{name}", station.registered
    least, most = rules.least_registered, rules.most_registered
    if least is not None and size < least and not station.exception:
        yield Finding(
            path=f"{path}.registered",
            text=f"{size} voters, the rule pack asks for at least {least}",
            cure="merge the area, or say why in exception",
        )
    if most is not None and size > most and not station.exception:
        yield Finding(
            path=f"{path}.registered",
            text=f"{size} voters, the rule pack allows at most {most}",
            cure="divide the area, or say why in exception",
        )
    earliest, latest = rules.earliest_opening, rules.latest_close
    if earliest is not None and clock.text(station.opens)[-5:] < earliest:
        yield Finding(
            path=f"{path}.opens",
            text=f"opens at {clock.text(station.opens)}, the rule pack allows "
            f"{earliest} at the earliest",
            cure=f"open at {earliest} or later",
        )
    limit = station.latest_close
    if limit is not None and limit > latest_close(station, rules, clock)[0]:
        yield Finding(
            path=f"{path}.latest_close",
            text=f"{clock.text(limit)}, the rule pack allows {latest} at the latest",
            cure="leave it out, or make it earlier",
        )
    if latest is not None and clock.text(station.closes)[-5:] > latest:
        yield Finding(
            path=f"{path}.closes",
            text=f"closes at {clock.text(station.closes)}, the rule pack allows "
            f"{latest} at the latest",
            cure=f"close at {latest} or earlier",
        )


def _hours(name: str, station: Station, clock: Clock) -> Iterator[Finding]:
    if station.closes >= clock.minutes:
        yield Finding(
            path=f"stations.{name}.closes",
            text="closes at the very end of the clock: the close, the count and who is "
            "turned away are not played",
            cure="a later clock.end",
        )
    times = [point[0] for point in station.profile()]
    if times[0] >= station.closes or times[-1] > station.closes:
        yield Finding(
            path=f"stations.{name}.arrivals",
            text=f"voters still come until {clock.text(times[-1])}, after the close; "
            "they are turned away",
            cure=f"end the profile at {clock.text(station.closes)}",
        )


def _officers(name: str, station: Station) -> Iterator[Finding]:
    need = sum(
        stage.servers_at(station.opens) * stage.officers
        for stage in station.stages.values()
    )
    if need > station.officers:
        yield Finding(
            path=f"stations.{name}.officers",
            text=f"{station.officers} officers, but all places at the opening need "
            f"{need}; some stay closed",
            cure=f"{need} officers, or fewer servers",
        )


def _both_lists(name: str, station: Station, setting: Setting) -> Iterator[Finding]:
    """Nobody recorded as coming can be among those who vote at an auxiliary box."""
    if station.voters is None:
        return
    away = sum(
        duty.voters
        for duty in setting.duties.values()
        if duty.kind == "auxiliary_round" and duty.station == name
    )
    if station.expected + away > station.registered:
        yield Finding(
            path=f"stations.{name}.registered",
            text=f"{station.expected:.0f} recorded voters and {away} at an auxiliary "
            f"box, {station.registered} on the list; the last rows are not played",
            cure=f"registered: {station.expected + away:.0f}",
        )


def _counting(name: str, station: Station) -> Iterator[Finding]:
    """Find a count that wants more officers than there are."""
    wanted = station.count.officers if station.count is not None else None
    if wanted is not None and wanted > station.officers:
        yield Finding(
            path=f"stations.{name}.count.officers",
            text=f"{wanted} should count, and the team has {station.officers}",
            cure=f"{station.officers} to count, or a larger team",
        )


def _skills(setting: Setting) -> Iterator[Finding]:
    """Every need must be within what the units of the plan can do together."""
    for name, kind in setting.incidents.items():
        for number, level in enumerate(kind.levels):
            for skill, wanted in level.needs.items():
                able = [u for u in setting.units.values() if skill in u.skills]
                if len(able) < wanted:
                    yield Finding(
                        path=f"incidents.{name}.levels[{number}].needs.{skill}",
                        text=f"needs {wanted}, and {len(able)} unit(s) of the plan "
                        "have the skill; they can never all be there at once",
                        cure=f"add {wanted - len(able)} unit(s) with the skill {skill}",
                    )


def _two_places(setting: Setting) -> Iterator[Finding]:
    """No unit can stand on two guards, or on a guard and a post, at once."""
    for unit, spec in setting.units.items():
        stretches = _guards_of(unit, setting)
        stretches += [(p.from_, p.until, f"post {p.place}") for p in spec.posts]
        for before, after in pairwise(sorted(stretches)):
            if after[0] < before[1]:
                yield Finding(
                    path=f"units.{unit}",
                    text=f"on {before[2]} and on {after[2]} at once, from "
                    f"{setting.clock.text(after[0])}",
                    cure="give one of them to another unit",
                )


def _guards_of(unit: str, setting: Setting) -> list[tuple[float, float, str]]:
    """List when a unit stands on which guard duty."""
    stretches = []
    for name, duty in setting.duties.items():
        if duty.kind == "guard" and unit in duty.units:
            for shift in setting.units[unit].shifts:
                begin = max(shift.from_, duty.from_)
                end = min(shift.until, duty.until)
                if begin < end:
                    stretches.append((begin, end, name))
    return stretches


def _times(setting: Setting) -> Iterator[Finding]:
    """Shifts and duties must lie within the clock, and deadlines after the start."""
    clock = setting.clock
    for name, unit in setting.units.items():
        if all(s.until <= 0 or s.from_ >= clock.minutes for s in unit.shifts):
            yield Finding(
                path=f"units.{name}.shifts",
                text="no shift lies within the clock: the unit never works",
                cure=f"a shift between {clock.text(0)} and {clock.text(clock.minutes)}",
            )
    for name, duty in setting.duties.items():
        yield from _on_shift(name, duty, setting)
        begin = duty.from_ if duty.kind == "guard" else duty.start
        if not 0 <= begin < clock.minutes:
            yield Finding(
                path=f"duties.{name}",
                text=f"begins at {clock.text(begin)}, outside the clock",
                cure="choose a time within the clock",
            )
        if duty.kind != "guard" and duty.due <= duty.start:
            yield Finding(
                path=f"duties.{name}",
                text=f"is due at {clock.text(duty.due)}, before it starts",
                cure=f"a deadline after {clock.text(duty.start)}",
            )


def _on_shift(name: str, duty: Duty, setting: Setting) -> Iterator[Finding]:
    """Check that somebody is on shift for a duty."""
    clock = setting.clock
    if duty.kind != "guard":
        if setting.units[duty.unit].on_shift(duty.start):
            return
        yield Finding(
            path=f"duties.{name}.unit",
            text=f"{duty.unit} is off shift at {clock.text(duty.start)}, when it "
            "should start",
            cure="another unit, or another shift",
        )
        return
    shifts = sorted(
        (shift.from_, shift.until)
        for unit in duty.units
        for shift in setting.units[unit].shifts
    )
    at = duty.from_
    for begin, end in shifts:
        if begin <= at:
            at = max(at, end)
    if at < duty.until:
        yield Finding(
            path=f"duties.{name}.units",
            text=f"nobody is on shift to guard from {clock.text(at)}",
            cure="another unit, or another shift",
        )


def _targets(setting: Setting) -> Iterator[Finding]:
    """Find targets with nothing to measure: they can never be met."""
    members = {
        "station": setting.stations,
        "stage": setting.stations,
        "class": [name for s in setting.stations.values() for name in s.classes],
        "type": setting.incidents,
        "unit": setting.units,
        "duty": setting.duties,
    }
    for name, target in setting.targets.items():
        populations = MEASURES[target.measure].populations
        wanted = members.get(target.population.removeprefix("each "), True)
        if not wanted or not any(members.get(name, True) for name in populations):
            yield Finding(
                path=f"targets.{name}",
                text=f"{target.measure} has nothing to measure here",
                cure="another target",
            )


def _inject(name: str, inject: Inject, setting: Setting) -> Iterator[Finding]:
    clock, path = setting.clock, f"script.{name}"
    if inject.at is not None and not 0 <= inject.at < clock.minutes:
        yield Finding(
            path=f"{path}.at",
            text=f"at {clock.text(inject.at)}, outside the clock: it never happens",
            cure="choose a time within the clock",
        )
    yield from check_chances(path, inject, clock)
    compared = () if inject.when is None else inject.when.comparisons
    for watched in (c for c in compared if c.reading == "level"):
        subject = watched.subjects[0]
        effects = setting.script[subject].effects
        if not any(isinstance(effect, PlaceIncident) for effect in effects):
            yield Finding(
                path=f"{path}.when",
                text=f"{subject} places no incident: its level is always 0",
                cure="name an inject that places an incident",
            )
    for number, effect in enumerate(inject.effects):
        for text, cure in _idle(effect, inject, setting):
            yield Finding(path=f"{path}.effects[{number}]", text=text, cure=cure)


def _extensions(
    name: str, inject: Inject, scenario: Scenario, setting: Setting
) -> Iterator[Finding]:
    """Find extensions of the vote that will be refused."""
    clock = setting.clock
    for number, effect in enumerate(inject.effects):
        if not isinstance(effect, Extend):
            continue
        station = setting.stations[effect.station]
        latest, law = latest_close(station, scenario.rules, clock)
        late = inject.earliest >= _last_close(effect.station, setting)
        if late or not station.closes < effect.until <= latest:
            yield Finding(
                path=f"script.{name}.effects[{number}]",
                text=f"will be refused: {effect.station} closes at "
                f"{clock.text(station.closes)}, and may vote until "
                f"{clock.text(latest)} at most ({law})",
                cure="order it before the close, for a time within the limit",
            )


def _late_diversions(name: str, inject: Inject, setting: Setting) -> Iterator[Finding]:
    """Find voters who are sent to a station that has closed."""
    for number, effect in enumerate(inject.effects):
        if not isinstance(effect, Divert):
            continue
        closes = _last_close(effect.to, setting)
        if inject.earliest >= closes:
            yield Finding(
                path=f"script.{name}.effects[{number}]",
                text=f"will be refused: {effect.to} closes at "
                f"{setting.clock.text(closes)}",
                cure="an earlier time, or a station that is open then",
            )


def _too_late(until: float, inject: Inject, clock: Clock) -> Iterator[tuple[str, str]]:
    """Say when an effect ends before its inject happens, on all days or on some."""
    text = f"ends at {clock.text(until)}"
    if until <= inject.earliest:
        yield f"{text}, before it begins", "a later end"
    elif until < _latest(inject):
        text += ": on days on which it comes later it changes nothing"
        yield text, "a later end, or say how long with for"


def _latest(inject: Inject) -> float:
    """Give the last minute at which it may happen, where the text tells."""
    return 0.0 if inject.between is None else inject.between.until


def _last_close(name: str, setting: Setting) -> float:
    """Give the latest close of a station that the script orders."""
    ordered = [
        effect.until
        for inject in setting.script.values()
        for effect in inject.effects
        if isinstance(effect, Extend) and effect.station == name
    ]
    closes = setting.stations[name].closes
    before = [until for until in ordered if until > closes]
    return max([closes, *before])


def _idle(
    effect: Effect, inject: Inject, setting: Setting
) -> Iterator[tuple[str, str]]:
    """Say why an effect of an inject changes nothing, or never ends; with the cure."""
    if isinstance(effect, AtOnce):
        return
    if effect.kind == "suspend" and effect.for_ is None and effect.until is None:
        yield (
            "the vote is suspended and nobody can end it",
            "say for or until, or place an incident that suspends the station",
        )
    if effect.for_ == 0:
        yield "lasts no time: it changes nothing", "a longer time"
    if effect.until is not None:
        yield from _too_late(effect.until, inject, setting.clock)
    if effect.kind == "out_of_service" and effect.unit not in setting.units:
        yield f"{effect.unit} is not in this plan: it changes nothing", "keep the unit"
    if getattr(effect, "factor", None) == 1:
        yield "a factor of 1 changes nothing", "another factor"
    if getattr(effect, "share", None) == 0 and not getattr(effect, "line", 0):
        yield "a share of 0 changes nothing", "a larger share"
