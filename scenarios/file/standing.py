"""References of conditions and standing orders: what they name must be there."""

from collections.abc import Collection, Iterator

from scenarios.condition import Comparison, condition_of
from scenarios.effect import HERE
from scenarios.file.document import Document, Where, matches
from scenarios.file.reference import (
    WORDS,
    names_in,
    skills_in,
    stage_names,
    unless_known,
)
from scenarios.order import NAMES
from scenarios.problem import Problem
from scenarios.standing import ALL


def standing_problems(document: Document) -> Iterator[Problem]:
    """Find what conditions and standing orders name that is not there."""
    yield from _conditions(document)
    yield from _orders(document)


def _conditions(document: Document) -> Iterator[Problem]:
    for section in ("script", "orders"):
        for where, text in matches(document.data, (section, "*", "when")):
            here = section == "orders" and _serves_each(document, where)
            try:
                condition = condition_of(text)
            except ValueError:
                continue  # the model reports it, with its place
            for comparison in condition.comparisons:
                yield from _comparison(document, where, comparison, here)


def _comparison(
    document: Document, where: Where, comparison: Comparison, here: bool
) -> Iterator[Problem]:
    """Check that what a condition reads is there to be read."""
    subjects, sections = comparison.subjects, comparison.sections()
    for subject, section in zip(subjects, sections, strict=True):
        yield from _named(document, where, section, (subjects[0], subject), here)


def _orders(document: Document) -> Iterator[Problem]:
    """Check that what an order of a standing order names is there."""
    single = matches(document.data, ("orders", "*", "order"))
    listed = matches(document.data, ("orders", "*", "order", "*"))
    for where, order in [*single, *listed]:
        kind = order.get("kind") if isinstance(order, dict) else None
        if not isinstance(kind, str) or kind not in NAMES:
            continue  # a list, or the model reports it
        here = _serves_each(document, where)
        for key, section in NAMES[kind].items():
            value, station = order.get(key), order.get("station")
            if isinstance(value, str):
                names = (str(station), value)
                yield from _named(document, (*where, key), section, names, here)


def _named(
    document: Document, where: Where, section: str, names: tuple[str, str], here: bool
) -> Iterator[Problem]:
    """Check one name, given the station it goes with; ``here`` is every one served."""
    station, name = names
    if name == HERE and section in ("stations", "places"):
        if not here:
            yield document.problem(where, _NO_HERE)
    elif section == "stages":
        served = _served(document, where) if station == HERE else [station]
        for one in served:
            known, word = stage_names(document, one), "stage"
            if station == HERE:
                word = f"stage at {one}"
            if known is not None and name not in known:
                yield from unless_known(document, where, name, known, word)
                break
    else:
        word = WORDS.get(section, "skill")
        yield from unless_known(document, where, name, _known(document, section), word)


def _known(document: Document, section: str) -> Collection[str] | None:
    return skills_in(document) if section == "skills" else names_in(document, section)


_NO_HERE = (
    "found 'here', but the standing order does not say which stations it serves; "
    "add each: all, or name a station"
)


def _serves_each(document: Document, where: Where) -> bool:
    return document.get((*where[:2], "each")) is not None


def _served(document: Document, where: Where) -> Collection[str]:
    """Name the stations that a standing order serves."""
    each = document.get((*where[:2], "each"))
    if isinstance(each, list):
        return [name for name in each if isinstance(name, str)]
    return (names_in(document, "stations") or ()) if each == ALL else ()
