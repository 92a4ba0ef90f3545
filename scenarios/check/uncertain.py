"""Checks of what is drawn: injects that never happen, inputs that change nothing."""

from collections.abc import Iterator

from scenarios.check.finding import Finding
from scenarios.clock import Clock
from scenarios.file.document import dotted
from scenarios.input import NoSuchPathError, leaves, moved
from scenarios.scenario import Setting
from scenarios.script import Inject
from scenarios.uncertain import Input


def check_chances(path: str, inject: Inject, clock: Clock) -> Iterator[Finding]:
    """Find an inject that never happens, or not always, by what is drawn."""
    if inject.probability == 0:
        yield Finding(
            path=f"{path}.probability",
            text="0 %: it never happens",
            cure="a larger share of days, or take the inject out",
        )
    span = inject.between
    if span is None or 0 <= span.from_ < span.until <= clock.minutes:
        return
    text = "reaches outside the clock: on days drawn there it does not happen"
    if span.until <= 0 or span.from_ >= clock.minutes:
        text = "lies outside the clock: it never happens"
    yield Finding(
        path=f"{path}.between",
        text=f"{clock.text(span.from_)} to {clock.text(span.until)} {text}",
        cure="choose times within the clock",
    )


def check_inputs(setting: Setting) -> Iterator[Finding]:
    """Find uncertain inputs that change nothing, whatever is drawn."""
    for name, one in setting.uncertain.items():
        text = _idle(one, setting)
        if text is not None:
            yield Finding(
                path=f"uncertain.{name}.{one.way}",
                text=f"{text}: it changes nothing",
                cure="a wider law, or take the input out",
            )


def _idle(one: Input, setting: Setting) -> str | None:
    """Say why an input changes nothing; None when it does, or is not in this plan."""
    try:
        found = leaves(setting, one.path)
    except NoSuchPathError:
        return None
    ends = [[moved(leaf, one.way, end) for leaf in found] for end in one.law.bounds]
    if ends[0] != ends[1]:
        return None
    low, high = (one.level_text(end) for end in one.law.bounds)
    if low == high:
        return None  # one level, as it is written
    value = (
        setting.clock.text(ends[0][0]) if found[0].kind == "time" else f"{ends[0][0]:g}"
    )
    rounded = ", rounded" if found[0].kind == "whole number" else ""
    more = "" if len(found) == 1 else ", and the others likewise"
    stays = f"stays {value}{rounded}{more}"
    return f"from {low} to {high} {dotted(found[0].place)} {stays}"
