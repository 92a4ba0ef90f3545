"""Uncertain inputs in words: what is not known, how it is drawn, which values."""

from scenarios.amount import Amount
from scenarios.file.document import dotted
from scenarios.input import NoSuchPathError, leaves
from scenarios.scenario import Setting
from scenarios.uncertain import Input

_DOES = {"value": "is", "add": "is moved by", "factor": "is multiplied by"}


def uncertain(setting: Setting) -> list[str]:
    """Say of each uncertain input how it is drawn, and what it changes."""
    return [
        f"{name}: {one.title} {_DOES[one.way]} {law_text(one)}; once a day, the same "
        f"under every plan ({_reach(one, setting)})."
        for name, one in setting.uncertain.items()
    ]


def law_text(one: Input) -> str:
    """Write the law of an input: ``a triangular number, 0.9 to 1.2, likeliest 1``."""
    law = one.law
    low, high = (Amount(bound, one.unit).text() for bound in law.bounds)
    if law.law == "uniform":
        return f"anything from {low} to {high}"
    if law.law == "triangular":
        mode = Amount(law.mode.number, one.unit).text()
        return f"something from {low} to {high}, likeliest {mode}"
    if law.law == "empirical":
        return f"one of {len(law.values)} amounts from {low} to {high}"
    spread = f"sd {law.sd.text()}" if law.law == "normal" else f"cv {law.cv:g}"
    return (
        f"a {law.law} amount with mean {law.mean.text()} and {spread}, cut off where "
        f"one day in a thousand lies beyond: {low} and {high}"
    )


def _reach(one: Input, setting: Setting) -> str:
    """Name the value that an input changes, or say how many."""
    try:
        found = leaves(setting, one.path)
    except NoSuchPathError:
        return "nothing under this plan"
    if len(found) == 1:
        return dotted(found[0].place)
    return f"{len(found)} values, {one.path}"
