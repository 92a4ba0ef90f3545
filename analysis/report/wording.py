"""Words and numbers for people: how a value, a member, a target is said."""

from math import isinf, isnan

from analysis.measure import OVERALL
from analysis.target import Verdict
from scenarios.clock import Clock, span
from scenarios.distribution import Law
from scenarios.measure import MEASURES
from scenarios.target import Target

NOTHING = "\u2013"


def share_text(share: float) -> str:
    """Write a share in per cent; what is not all is never written as all."""
    if isnan(share):
        return NOTHING
    percent = round(share * 100, 1)
    if share < 1 and percent == 100:
        percent = 99.9
    if share > 0 and percent == 0:
        percent = 0.1
    return f"{percent:.1f}".removesuffix(".0") + " %"


def number_text(value: float) -> str:
    """Write a number with at most one decimal, thousands set apart."""
    if isnan(value):
        return NOTHING
    if isinf(value):
        return "never"
    return f"{value:,.1f}".removesuffix(".0").replace(",", "\u202f")


def value_text(value: float, unit: str, clock: Clock) -> str:
    """Write the value of a measure by its unit."""
    if isnan(value):
        return NOTHING
    if unit == "share":
        return share_text(value)
    if unit == "clock":
        return clock.text(value)
    if unit == "minutes":
        return span(value)
    if unit == "km":
        return f"{number_text(value)} km"
    return f"{number_text(value)} h" if unit == "hours" else number_text(value)


def measured_text(value: float, measure: str, clock: Clock) -> str:
    """Write the value of a measure, by name of the measure."""
    return value_text(value, MEASURES[measure].unit, clock)


def interval_text(verdict: Verdict) -> str:
    """Write the interval of the share of days."""
    if verdict.interval is None:
        return NOTHING
    low, high = verdict.interval
    return f"{share_text(low)} to {share_text(high)}"


def member_text(member: str) -> str:
    """Name the member of a population at which something was measured."""
    return "all together" if member == OVERALL else member or NOTHING


def at_text(member: str) -> str:
    """Say where something happened, after a sentence; nothing when it was overall."""
    return f" at {member}" if member not in ("", OVERALL) else ""


def target_text(target: Target) -> str:
    """Say the five parts of a target."""
    within = "" if target.within is None else f" within {span(target.within)}"
    only = "" if not target.types else f" ({', '.join(target.types)})"
    only += "" if not target.duties else f" ({', '.join(target.duties)})"
    return (
        f"{target.measure}{within}{only} {target.bound.text}, {target.population}, in "
        f"{share_text(target.days)} of days, {share_text(target.confidence)} confidence"
    )


def named(name: str, title: str) -> str:
    """Join a name and its title."""
    return f"{name}, {title}" if title and title != name else name


def listed(names: list[str], most: int = 6) -> str:
    """Write a list in words, shortened when it is long."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def plural(number: float, word: str) -> str:
    """Write a number with its word."""
    return f"{number_text(number)} {word}" + ("" if number == 1 else "s")


def law_text(law: Law) -> str:
    """Say a law of durations in words."""
    match law.law:
        case "constant":
            text = f"always {span(law.value)}"
        case "lognormal" | "gamma":
            text = f"{law.law}, mean {span(law.mean)}, cv {law.cv:g}"
        case "exponential":
            text = f"exponential, mean {span(law.mean)}"
        case "erlang":
            stages = plural(law.stages, "stage")
            text = f"erlang, mean {span(law.mean)}, {stages}"
        case "empirical":
            found = plural(len(law.ranked), "observation")
            text = f"as observed, {found}, mean {span(law.mean_minutes)}"
        case "triangular":
            text = f"triangular {span(law.low)}, {span(law.mode)}, {span(law.high)}"
        case "uniform":
            text = f"uniform {span(law.low)} to {span(law.high)}"
    return text
