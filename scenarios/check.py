"""Checks that the text alone shows: what will not work, and what would cure it."""

from collections.abc import Iterator
from dataclasses import dataclass

from scenarios.clock import Clock, span
from scenarios.effect import OutOfService, PlaceIncident, Surge
from scenarios.rule import RulePack
from scenarios.scenario import Scenario, Setting
from scenarios.script import Inject
from scenarios.station import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something sound as text that will not do what its writer wants.

    Parameters
    ----------
    path
        Where in the scenario.
    text
        What, and why.
    cure
        What would cure it.
    """

    path: str
    text: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}. Cure: {self.cure}."


def check_text(scenario: Scenario, plan: str) -> Iterator[Finding]:
    """Find what will not work under a plan, by its text alone."""
    setting = scenario.plans[plan].setting
    for name, station in setting.stations.items():
        yield from _law(name, station, scenario.rules, setting.clock)
        yield from _hours(name, station, setting.clock)
        yield from _officers(name, station)
    yield from _skills(setting)
    yield from _two_places(setting)
    for name, inject in setting.script.items():
        yield from _inject(name, inject, setting)


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
    if latest is not None and clock.text(station.closes)[-5:] > latest:
        yield Finding(
            path=f"{path}.closes",
            text=f"closes at {clock.text(station.closes)}, the rule pack allows "
            f"{latest} at the latest",
            cure=f"close at {latest} or earlier",
        )


def _hours(name: str, station: Station, clock: Clock) -> Iterator[Finding]:
    if station.opens < 0 or station.closes > clock.minutes:
        yield Finding(
            path=f"stations.{name}",
            text=f"open from {clock.text(station.opens)} to "
            f"{clock.text(station.closes)}, which the clock does not cover",
            cure="widen clock.start and clock.end",
        )
    times = [point[0] for point in station.arrivals.profile(station.opens)]
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


def _skills(setting: Setting) -> Iterator[Finding]:
    """Every need must be within what the units of the plan can do together."""
    for name, kind in setting.incidents.items():
        for number, level in enumerate(kind.levels):
            for skill, wanted in level.needs.items():
                able = [u for u in setting.units.values() if skill in u.skills]
                if len(able) < wanted:
                    yield Finding(
                        path=f"incidents.{name}.levels[{number}].needs.{skill}",
                        text=f"needs {wanted}, and {len(able)} unit(s) of the plan have "
                        "the skill; they can never all be there at once",
                        cure=f"add {wanted - len(able)} unit(s) with the skill {skill}",
                    )


def _two_places(setting: Setting) -> Iterator[Finding]:
    """No unit can stand on two guards, or on a guard and a post, at once."""
    held: dict[str, list[tuple[float, float, str]]] = {}
    for name, duty in setting.duties.items():
        if duty.kind == "guard":
            for unit in duty.units:
                for shift in setting.units[unit].shifts:
                    begin = max(shift.from_, duty.from_)
                    end = min(shift.until, duty.until)
                    if begin < end:
                        held.setdefault(unit, []).append((begin, end, name))
    for unit, spec in setting.units.items():
        stretches = held.get(unit, [])
        stretches += [(p.from_, p.until, f"post {p.place}") for p in spec.posts]
        stretches.sort()
        for before, after in zip(stretches, stretches[1:], strict=False):
            if after[0] < before[1]:
                yield Finding(
                    path=f"units.{unit}",
                    text=f"on {before[2]} and on {after[2]} at once, from "
                    f"{setting.clock.text(after[0])}",
                    cure="give one of them to another unit",
                )


def _inject(name: str, inject: Inject, setting: Setting) -> Iterator[Finding]:
    clock, path = setting.clock, f"script.{name}"
    if inject.at is not None and not 0 <= inject.at < clock.minutes:
        yield Finding(
            path=f"{path}.at",
            text=f"at {clock.text(inject.at)}, which the clock does not cover: it never "
            "happens",
            cure="choose a time within the clock",
        )
    for number, effect in enumerate(inject.effects):
        where = f"{path}.effects[{number}]"
        if isinstance(effect, PlaceIncident | Surge):
            continue
        endless = effect.for_ is None and effect.until is None
        if effect.kind == "suspend" and endless:
            yield Finding(
                path=where,
                text="the vote is suspended and nobody can end it",
                cure="say for or until, or place an incident that suspends the station",
            )
        if effect.until is not None and inject.at is not None:
            if effect.until <= inject.at:
                yield Finding(
                    path=f"{where}.until",
                    text=f"ends at {clock.text(effect.until)}, before it begins",
                    cure=f"an end after {clock.text(inject.at)}",
                )
        if isinstance(effect, OutOfService) and effect.unit not in setting.units:
            yield Finding(
                path=f"{where}.unit",
                text=f"{effect.unit} is not in this plan: the effect changes nothing",
                cure="leave it, or keep the unit",
            )
        if "factor" in type(effect).model_fields and effect.factor == 1:  # type: ignore[union-attr]
            yield Finding(
                path=f"{where}.factor",
                text="a factor of 1 changes nothing",
                cure="another factor",
            )
        if effect.for_ == 0:
            yield Finding(
                path=f"{where}.for",
                text=f"lasts {span(0.0)}: the effect changes nothing",
                cure="a longer time",
            )
