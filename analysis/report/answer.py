"""The answer: does the plan hold, what breaks first, what binds, what would cure it."""

from collections.abc import Sequence
from math import isinf

from analysis.experiment import Experiment
from analysis.report.summary import Workload
from analysis.report.wording import at_text, listed, named, plural, share_text
from analysis.target import LEAST, NONE, Verdict
from analysis.why import Binding, FirstBreak
from scenarios.clock import Clock
from scenarios.scenario import Setting

MOST_STATIONS = 12


def outcome(verdicts: Sequence[Verdict]) -> str:
    """Sum the verdicts up in one word: met, missed, undecided, no verdict."""
    words = {verdict.verdict for verdict in verdicts}
    order = ("missed", "undecided", NONE, "met")
    return next((word for word in order if word in words), NONE)


def headline(verdicts: Sequence[Verdict], days: int) -> str:
    """Say in one sentence whether the plan holds."""
    if not verdicts:
        return "The scenario sets no target, so there is nothing to hold or to miss."
    always = sum(verdict.held == verdict.days for verdict in verdicts)
    if days < LEAST:
        return (
            f"No verdict: {plural(days, 'day')} played, and below {LEAST} replications "
            f"there is neither interval nor verdict. Held on all of them: {always} of "
            f"{plural(len(verdicts), 'target')}."
        )
    counts = {
        word: sum(verdict.verdict == word for verdict in verdicts)
        for word in ("met", "missed", "undecided", NONE)
    }
    said = {
        "met": "The plan holds",
        "missed": "The plan does not hold",
        "undecided": "Whether the plan holds is undecided",
        NONE: "Whether the plan holds is not told",
    }[outcome(verdicts)]
    split = listed([f"{number} {word}" for word, number in counts.items() if number])
    return f"{said}: of {plural(len(verdicts), 'target')} {split}, in {days} days."


def target_sentences(verdicts: Sequence[Verdict], setting: Setting) -> list[str]:
    """Name each target that is missed or undecided, and how far it is off."""
    sentences = []
    for word in ("missed", "undecided"):
        for verdict in verdicts:
            if verdict.verdict == word:
                asked = setting.targets[verdict.target].days
                sentences.append(
                    f"{word.capitalize()}: {verdict.title}. Held on {verdict.held} of "
                    f"{verdict.days} days, asked for {share_text(asked)}"
                    f"{_worst(verdict)}.{_more_days(verdict)}"
                )
    return sentences


def _worst(verdict: Verdict) -> str:
    where = at_text(verdict.worst)
    return f"; worst{where}" if where and verdict.held < verdict.days else ""


def _more_days(verdict: Verdict) -> str:
    """Say how many days would settle a target that is undecided."""
    if verdict.verdict != "undecided":
        return ""
    if verdict.needed is None:
        return " More days would hardly tell: it is too close to what is asked for."
    always = verdict.held == verdict.days
    so = "holding every day," if always else "like this, about"
    return f" If it goes on {so} {verdict.needed} days will settle it."


def first_break_sentence(first: FirstBreak | None, days: int, clock: Clock) -> str:
    """Say what broke first, and when."""
    if first is None:
        held = plural(days, "day")
        return f"Nothing broke: every target held on each of {held}."
    calm = days - first.broken_days
    return (
        f"First to break: {first.title}{at_text(first.where)}, typically at "
        f"{clock.text(first.typical)}, at the earliest at "
        f"{clock.text(first.earliest)}. It was the first to break on {first.days} of "
        f"{plural(days, 'day')}" + (f"; on {calm} nothing broke." if calm else ".")
    )


def binding_sentences(experiment: Experiment, found: Sequence[Binding]) -> list[str]:
    """Say for each station which stage binds, and the simplest cure."""
    sentences = [
        binding_sentence(binding, experiment.setting)
        for binding in found[:MOST_STATIONS]
    ]
    if len(found) > MOST_STATIONS:
        rest = len(found) - MOST_STATIONS
        sentences.append(f"{plural(rest, 'more station')} with lower loads.")
    return sentences


def binding_sentence(binding: Binding, setting: Setting) -> str:
    """Say where a station binds, from when, and what would cure it."""
    clock = setting.clock
    name = named(binding.station, setting.stations[binding.station].title)
    hour = clock.text(binding.hour)
    servers = plural(binding.servers, "server")
    if isinf(binding.load):
        return (
            f"{name}: {binding.stage} has work but no server in the hour from {hour}."
        )
    if binding.load <= 1:
        return (
            f"{name}: tightest at {binding.stage}, loaded to "
            f"{share_text(binding.load)} of what its {servers} can do in the hour from "
            f"{hour}."
        )
    stage = setting.stations[binding.station].stages[binding.stage]
    officers = f", with {plural(stage.officers, 'officer')} each" * bool(stage.officers)
    return (
        f"{name}: {binding.stage} binds from {hour}, with {binding.load:.2f} times the "
        f"work its {servers} can do{_peak(binding)}. Simplest cure: "
        f"{plural(binding.needed - binding.servers, 'more server')} at "
        f"{binding.stage}, {binding.needed} in all{officers}."
    )


def planned_load_note(found: Sequence[Binding]) -> str:
    """Say what it means when no stage of a station is overloaded."""
    if all(binding.load > 1 for binding in found):
        return ""
    return (
        "Up to 100 % no stage is overloaded as planned: long lines there come from "
        "disruptions and chance."
    )


def _peak(binding: Binding) -> str:
    if binding.peak < binding.load + 0.01:
        return ""
    peak = "without end" if isinf(binding.peak) else f"{binding.peak:.2f} times"
    return f", at its peak {peak}"


def unit_sentence(workloads: Sequence[Workload]) -> str:
    """Name the busiest unit of those that were sent to incidents; empty if none."""
    # Who only stands guard is at work all the time, and that binds nothing.
    sent = [load for load in workloads if load.missions > 0 and load.utilisation > 0]
    if not sent:
        return ""
    most = max(sent, key=lambda load: load.utilisation)
    return (
        f"Busiest unit: {named(most.unit, most.title)}, at work "
        f"{share_text(most.utilisation)} of its time on shift on average and "
        f"{share_text(most.busiest)} on its busiest day."
    )
