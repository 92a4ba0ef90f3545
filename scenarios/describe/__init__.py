"""A scenario in plain language: who, what, when."""

from collections.abc import Iterator

from scenarios.clock import Clock, span
from scenarios.describe.force import forces, standing_orders
from scenarios.describe.order import orders
from scenarios.describe.staffing import staffing
from scenarios.describe.uncertain import uncertain
from scenarios.duty import Duty
from scenarios.effect import Effect
from scenarios.incident import IncidentType, Level
from scenarios.scenario import Scenario, Setting
from scenarios.script import Inject
from scenarios.stage import Stage
from scenarios.station import Station
from scenarios.voter import Shock, VoterClass


def describe(scenario: Scenario, plan: str) -> str:
    """Write a sheet of a scenario under a plan.

    Returns
    -------
    str
        Markdown.
    """
    setting = scenario.plans[plan].setting
    clock = setting.clock
    lines = [f"# {setting.title}", "", setting.summary.strip(), ""]
    lines += [
        f"From {clock.text(0)} to {clock.text(clock.minutes)} "
        f"({span(clock.minutes)}); D is {clock.day}, and a time without a day is on D. "
        f"Rules: {scenario.rules.title}.",
        f"Plan: {plan}, {scenario.plans[plan].title}. {scenario.plans[plan].summary}",
        "",
    ]
    for title, body in (
        ("Where", scenario.road_report.lines()),
        ("Polling stations", _stations(setting)),
        ("Forces", forces(setting)),
        ("Dispatch", standing_orders(setting.dispatch) if setting.units else []),
        ("What can happen by chance", _chance(setting)),
        ("Recorded incidents", scenario.recorded.lines()),
        ("The script", _script(setting)),
        ("Not known beforehand", uncertain(setting)),
        ("Standing orders", orders(setting)),
        ("Duties", _duties(setting)),
        ("Targets", _targets(setting)),
        ("What muster staff may choose", staffing(setting)),
        ("Assumed", list(setting.assumptions)),
    ):
        if body:
            lines += [f"## {title}", "", *(f"- {line}" for line in body), ""]
    return "\n".join(lines)


def _stations(setting: Setting) -> list[str]:
    lines = [
        _station(name, station, setting.clock)
        for name, station in setting.stations.items()
    ]
    if setting.turnout_shock is not None:
        lines.append(f"{shock_text(setting.turnout_shock)}.")
    return lines


def shock_text(shock: Shock) -> str:
    """Say how the turnout of all stations is swayed."""
    text = f"{shock.law} from {shock.low:+.1%} to {shock.high:+.1%}"
    likeliest = f", likeliest {shock.mode:+.1%}" if shock.law == "triangular" else ""
    return f"Turnout of all stations is shifted alike, once a day: {text}{likeliest}"


def _station(name: str, station: Station, clock: Clock) -> str:
    stages = ", then ".join(
        _stage(stage_name, station) for stage_name in station.stages
    )
    classes = "".join(_class(*one) for one in station.classes.items())
    return (
        f"{name} {station.title}: {station.registered} voters on the list, "
        f"{_setting_out(station)}; open {clock.text(station.opens)} to "
        f"{clock.text(station.closes)}{_cleared(station)}; {station.officers} "
        f"officers. {stages}.{classes}{_breaks(station, clock)}{_counted(station)}"
    )


def _setting_out(station: Station) -> str:
    if station.voters is not None:
        return f"{station.expected:.0f} come as recorded in {station.voters.file}"
    return f"{station.expected / station.registered:.1%} set out"


def _breaks(station: Station, clock: Clock) -> str:
    rests = [
        f"{rest.officers} from {clock.text(rest.from_)} to {clock.text(rest.until)}"
        for rest in station.breaks
    ]
    return f" Officers on a break: {', '.join(rests)}." if rests else ""


def _counted(station: Station) -> str:
    rules = station.count
    if rules is None:
        return ""
    who = "the team" if rules.officers is None else f"{rules.officers} officers at once"
    return (
        f" The count by {who}: {span(rules.set_up)}, then "
        f"{span(rules.per_ballot)} a ballot."
    )


def _cleared(station: Station) -> str:
    if station.clears is None:
        return ""
    return f", cleared {span(station.clears)} after it"


def _stage(name: str, station: Station) -> str:
    return (
        f"{name} ({station.stages[name].servers_at(station.opens)} open, "
        f"{span(station.mean_service(name))} each on average"
        f"{passing_text(station.stages[name])})"
    )


def passing_text(stage: Stage) -> str:
    """Say who passes a stage, where not all do."""
    told = []
    if stage.share < 1:
        told.append(f"passed by {stage.share:.1%}")
    if stage.only is not None:
        told.append(f"only {', '.join(stage.only)}")
    if stage.except_ is not None:
        told.append(f"not {', '.join(stage.except_)}")
    return "".join(f", {part}" for part in told)


def _class(name: str, one: VoterClass) -> str:
    """Say how voters of a class differ."""
    told = ["served first"] if one.priority else []
    if one.slower != 1:
        told.append(f"{one.slower:g} times the service time")
    told += [
        f"{span(law.mean_minutes)} on average at {stage}"
        for stage, law in one.service.items()
    ]
    return f" {one.share:.1%} are {name}: {', '.join(told) or 'like the others'}."


def _chance(setting: Setting) -> list[str]:
    return [
        f"{kind.title or name}: {'; '.join([*_rates(kind), *_course(kind)])}."
        for name, kind in setting.incidents.items()
        if kind.rates
    ]


def _rates(kind: IncidentType) -> Iterator[str]:
    for rate in kind.rates:
        phase = f" ({rate.phase} the vote)" if rate.phase else ""
        yield f"{rate.per_hour:g} an hour at each of {', '.join(rate.places)}{phase}"


def _course(kind: IncidentType) -> Iterator[str]:
    """Say what is special in the course of an incident."""
    if kind.none_free == "pass":
        yield "passes when no unit is free"
    if kind.starts == "all":
        yield "work starts when all units needed are there"
    if kind.leaves == "together":
        yield "all units leave together"
    if kind.gone_after is not None:
        after = span(kind.gone_after.mean_minutes)
        yield f"ends by itself when nobody has come after {after} on average"
    if kind.transport is not None:
        share = f"{kind.transport.share * 100:g} %"
        places = ", ".join(kind.transport.to)
        yield f"{share} of the units then drive to the nearest of {places}"
    for number, level in enumerate(kind.levels, start=1):
        if level.pace:
            yield f"at level {number} the work goes at {pace_text(level)}"


def pace_text(level: Level) -> str:
    """Say how fast the work of a level goes with how many units."""
    return ", ".join(
        f"{pace * 100:g} % with {size}"
        for size, pace in sorted(level.pace.items(), key=lambda item: int(item[0]))
    )


def _script(setting: Setting) -> list[str]:
    return [
        f"{_when(inject, setting.clock)}{_comma(inject)} {name}: {inject.title}. "
        + "; ".join(_effect(effect, setting) for effect in inject.effects)
        + "."
        for name, inject in setting.script.items()
    ]


def _when(inject: Inject, clock: Clock) -> str:
    text = inject.when_text(clock)
    return text.removeprefix("at ") if inject.at is not None else _begun(text)


def _comma(inject: Inject) -> str:
    return "," if inject.probability < 1 else ""


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _effect(effect: Effect, setting: Setting) -> str:
    details = effect.model_dump(by_alias=True, exclude_none=True, exclude={"kind"})
    if "until" in details:
        details["until"] = setting.clock.text(details["until"])
    for key in (
        "for",
        "over",
        "return_within",
        "cleaned",
        "away",
        "set_up",
        "told_after",
    ):
        if key in details:
            details[key] = span(details[key])
    told = ", ".join(f"{key} {_plain(value)}" for key, value in details.items())
    if effect.kind == "incident":
        levels = " -> ".join(_levels(setting.incidents[effect.type]))
        return f"incident {effect.type} at {effect.place}: {levels}"
    return f"{effect.kind.replace('_', ' ')} ({told})"


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _levels(kind: IncidentType) -> Iterator[str]:
    for level in kind.levels:
        needs = ", ".join(f"{number} {skill}" for skill, number in level.needs.items())
        after = f"after {span(level.after)} unattended: " if level.after else ""
        effects = ", ".join(effect.kind.replace("_", " ") for effect in level.effects)
        falls = f"; falls after {span(level.falls_after)}" if level.falls_after else ""
        pace = f"; work at {pace_text(level)}" if level.pace else ""
        yield f"{after}needs {needs}{f'; {effects}' if effects else ''}{falls}{pace}"


def _duties(setting: Setting) -> list[str]:
    return [_duty(name, duty, setting.clock) for name, duty in setting.duties.items()]


def _duty(name: str, duty: Duty, clock: Clock) -> str:
    title = f"{name}: {duty.title or duty.kind.replace('_', ' ')}"
    if duty.kind == "guard":
        return (
            f"{title}, {', '.join(duty.units)} at {duty.place}, "
            f"{clock.text(duty.from_)} to {clock.text(duty.until)}."
        )
    if duty.kind == "auxiliary_round":
        return (
            f"{title}, {duty.unit} with {duty.officers} officers of {duty.station} "
            f"from {clock.text(duty.start)}, {duty.voters} voters at "
            f"{', '.join(duty.stops)}, back by {clock.text(duty.back_by)}."
        )
    return (
        f"{title}, {duty.unit} from {clock.text(duty.start)}: "
        f"{', '.join(duty.stations)}, by {clock.text(duty.deadline)}."
    )


def _targets(setting: Setting) -> list[str]:
    lines = []
    for name, target in setting.targets.items():
        within = f" {span(target.within)}" if target.within is not None else ""
        lines.append(
            f"{name}: {target.title} ({target.measure}{within} {target.bound.text}, "
            f"{target.population}, on {target.days:.0%} of days, with "
            f"{target.confidence:.0%} confidence)."
        )
    return lines
