"""The STRESS-DES sheet: what a report of a simulation must say, from the scenario."""

from collections.abc import Sequence

from analysis.experiment import Experiment
from analysis.report.wording import (
    law_text,
    listed,
    named,
    plural,
    share_text,
    target_text,
)
from analysis.target import LEAST
from analysis.version import versions
from scenarios.clock import span
from scenarios.describe import pace_text, passing_text, shock_text
from scenarios.describe.force import standing_orders
from scenarios.describe.order import orders
from scenarios.describe.uncertain import uncertain
from scenarios.incident import Level
from scenarios.measure import MEASURES
from scenarios.scenario import Setting
from scenarios.stage import Stage
from scenarios.station import Station

Item = tuple[str, Sequence[str]]


def sheet_of(experiment: Experiment) -> list[Item]:
    """Fill the sheet in: headings, each with its sentences.

    The items are those of Monks et al. 2018, Strengthening the reporting of empirical
    simulation studies, for discrete-event simulation.
    """
    setting = experiment.setting
    return [
        ("Purpose", _purpose(experiment)),
        ("Outputs", _outputs(setting)),
        ("Aims of the experiment", _aims(setting)),
        ("Model logic", _logic()),
        ("Scenario logic", _scenario_logic(setting)),
        ("Entities", _entities(setting)),
        ("Activities", _activities(setting)),
        ("Resources", _resources(setting)),
        ("Queues", _queues(setting)),
        ("Entry and exit", _entry_and_exit(setting)),
        ("Data", _data(experiment)),
        ("Initialisation", _initialisation(setting)),
        ("Run length", _run_length(experiment)),
        ("Estimation", _estimation(experiment)),
        ("Random numbers", _random_numbers(experiment)),
        ("Order of simultaneous events", _ties()),
        ("Software", _software()),
    ]


def _purpose(experiment: Experiment) -> list[str]:
    plan = experiment.scenario.plans[experiment.plan]
    return [
        f"To test whether the plan {plan.name} ({plan.title}) meets its targets in the "
        f"scenario {experiment.setting.title}.",
        *([experiment.setting.summary] if experiment.setting.summary else []),
    ]


def _outputs(setting: Setting) -> list[str]:
    used = list(dict.fromkeys(t.measure for t in setting.targets.values()))
    return [
        *(f"{name} ({MEASURES[name].unit}): {_plain(name)}." for name in used),
        f"{len(MEASURES)} measures in all are computed from the log of every day; "
        "their definitions are printed by muster measures.",
    ]


def _plain(measure: str) -> str:
    return MEASURES[measure].text.replace("`", "")


def _aims(setting: Setting) -> list[str]:
    return [f"{t.title}: {target_text(t)}." for t in setting.targets.values()]


def _logic() -> list[str]:
    return [
        "Discrete-event simulation of one or more days, in minutes from the start of "
        "the scenario. Voters pass the stages of their station in series; incidents "
        "arise, are reported, and are attended by units that travel over a road "
        "network; injects and open incidents change stations, roads and units while "
        "they last.",
    ]


def _scenario_logic(setting: Setting) -> list[str]:
    lines = []
    for name, inject in setting.script.items():
        when = inject.when_text(setting.clock)
        effects = ", ".join(effect.kind for effect in inject.effects)
        lines.append(f"{name} {when}: {inject.title} ({effects}).")
    lines += [f"Not known beforehand: {line}" for line in uncertain(setting)]
    lines += [f"Standing order {line}" for line in orders(setting)]
    return lines


def _entities(setting: Setting) -> list[str]:
    voters = sum(station.registered for station in setting.stations.values())
    lines = []
    if voters:
        stations = plural(len(setting.stations), "station")
        lines.append(f"Voters: {voters} on the lists of {stations}.")
    if setting.incidents:
        types = [named(name, kind.title) for name, kind in setting.incidents.items()]
        lines.append(f"Incidents of {len(types)} types: {listed(types, 20)}.")
    if setting.duties:
        duties = [f"{name} ({duty.kind})" for name, duty in setting.duties.items()]
        lines.append(f"Duties: {listed(duties, 20)}.")
    return lines


def _activities(setting: Setting) -> list[str]:
    """List service, report, on-scene work and turnout, with their laws."""
    lines = [
        f"Service at {stage}: {text} ({listed(names, 12)})."
        for (stage, text), names in _services(setting).items()
    ]
    for name, kind in setting.incidents.items():
        works = [_work(level) for level in kind.levels]
        lines.append(
            f"{name}: report {law_text(kind.report_delay)}, handling "
            f"{law_text(kind.call_handling)}, on scene {'; then '.join(works)}."
        )
    turnouts = dict.fromkeys(
        law_text(shift.turnout or unit.turnout)
        for unit in setting.units.values()
        for shift in unit.shifts
    )
    if turnouts:
        lines.append(f"Turnout of units: {'; '.join(turnouts)}.")
        lines.append("Travel: fastest way over the open roads, by the unit's mode.")
    return lines


def _work(level: Level) -> str:
    pace = f" at {pace_text(level)} at work" if level.pace else ""
    return law_text(level.on_scene) + pace


def _services(setting: Setting) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, station in setting.stations.items():
        for stage, spec in station.stages.items():
            told = law_text(spec.service) + passing_text(spec)
            found.setdefault((stage, told), []).append(name)
    return found


def _resources(setting: Setting) -> list[str]:
    lines = [
        f"{name}: {plural(station.officers, 'officer')}; servers "
        f"{listed([f'{n} {_servers(s)}' for n, s in station.stages.items()], 8)}."
        for name, station in setting.stations.items()
    ]
    agencies: dict[str, list[str]] = {}
    for name, unit in setting.units.items():
        agencies.setdefault(unit.agency, []).append(name)
    lines += [f"Units of {a}: {listed(units, 30)}." for a, units in agencies.items()]
    return lines


def _servers(stage: Stage) -> str:
    if isinstance(stage.servers, int):
        return str(stage.servers)
    return "/".join(str(step.servers) for step in stage.servers)


def _queues(setting: Setting) -> list[str]:
    lines = []
    if setting.stations:
        lines.append(
            "First come, first served at each stage, voters with priority first; a "
            "line has no limit but those named."
        )
        lines += _line_rules(setting)
    if setting.units:
        lines += standing_orders(setting.dispatch)
    return lines


def _line_rules(setting: Setting) -> list[str]:
    """Say who balks and who reneges, stations of one rule together."""
    rules: dict[str, list[str]] = {}
    for name, station in setting.stations.items():
        rules.setdefault(_line_rule(station), []).append(name)
    return [f"{listed(names, 12)}: {rule}." for rule, names in rules.items()]


def _line_rule(station: Station) -> str:
    steps = [
        f"{share_text(s.share)} from {s.line} in line"
        if s.line is not None
        else f"{share_text(s.share)} from {span(s.wait or 0.0)} to be expected"
        for s in station.balk
    ]
    balk = f"balking {', '.join(steps)}" if steps else "nobody balks"
    patience = station.patience
    renege = f"patience {law_text(patience)}" if patience else "nobody reneges"
    first = sum(c.share for c in station.classes.values() if c.priority)
    limits = "".join(
        f"; at most {stage.limit} wait for {name}"
        for name, stage in station.stages.items()
        if stage.limit is not None
    )
    room = f"; at most {station.room} inside" if station.room is not None else ""
    priority = share_text(station.priority + first)
    return f"{balk}; {renege}; priority {priority}{limits}{room}"


def _entry_and_exit(setting: Setting) -> list[str]:
    lines = []
    if setting.stations:
        lines.append(
            "Voters come by the arrival profile of their station, each at an "
            "independent time; turnout is drawn voter by voter. They leave after the "
            "last stage, or balk, renege, abandon or are turned away, and all of them "
            "are counted."
        )
    if setting.turnout_shock is not None:
        lines.append(f"{shock_text(setting.turnout_shock)}.")
    if setting.incidents:
        lines.append(
            "Incidents come from the script and by Poisson processes at the stated "
            "rates. They leave when cleared; some types pass when nobody is free, or "
            "end by themselves when nobody has come."
        )
    return lines


def _data(experiment: Experiment) -> list[str]:
    sources = [
        f"{source.path} (SHA-256 {source.sha256[:16]}...)"
        for source in experiment.scenario.sources
    ]
    return [
        f"Files: {listed(sources, 20)}.",
        f"Rule pack: {experiment.scenario.rules.title}.",
        f"Roads: {experiment.scenario.road_report.lines()[0]}.",
    ]


def _initialisation(setting: Setting) -> list[str]:
    return [
        f"Empty at {setting.clock.text(0.0)} (day D is {setting.clock.day}): no voter "
        "in line, no open incident, every unit at its base. No warm-up: a day that "
        "begins and ends is no steady state."
    ]


def _run_length(experiment: Experiment) -> list[str]:
    clock = experiment.setting.clock
    return [
        f"{span(clock.minutes)}, from {clock.text(0.0)} to "
        f"{clock.text(clock.minutes)}.",
        f"{plural(len(experiment.replications), 'replication')}, seed "
        f"{experiment.seed}.",
    ]


def _estimation(experiment: Experiment) -> list[str]:
    lines = [
        "A target is judged on each day; the share of days on which it held gets an "
        "exact (Clopper-Pearson) interval. Met when the whole interval reaches the "
        "share asked for, missed when all of it falls short, else undecided."
    ]
    if len(experiment.replications) < LEAST:
        lines.append(
            f"Below {LEAST} replications there is neither interval nor verdict."
        )
    return lines


def _random_numbers(experiment: Experiment) -> list[str]:
    return [
        "Philox, a counter-based generator. Each stream is keyed by a hash of (seed, "
        "replication, kind, id, purpose), so no number depends on the order of asking; "
        "the i-th number of a stream belongs to the i-th voter, incident or slot. All "
        "attributes of a voter or an incident are drawn when it is made.",
        "So every plan meets the same voters and the same outside incidents, and the "
        "number of workers changes nothing.",
        f"Seed {experiment.seed}, replications 0 to "
        f"{len(experiment.replications) - 1}.",
    ]


def _ties() -> list[str]:
    return [
        "Orders, by number; hours of opening and close, then the script in file "
        "order; ends of service, lower stage first, then earliest started, with the "
        "starts they allow; arrivals; reneging; units and incidents; control ticks, "
        "every 60 s; standing orders, in file order.",
    ]


def _software() -> list[str]:
    return [
        ", ".join(f"{name} {version}" for name, version in versions().items()) + "."
    ]
