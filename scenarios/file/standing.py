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
        if section == "stations" and subject == HERE:
            if not here:
                yield document.problem(where, _NO_HERE)
            continue
        yield from unless_known(
            document,
            where,
            subject,
            _names_for(document, section, where, subjects[0]),
            WORDS.get(section, section.rstrip("s")),
        )


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
            value, at = order.get(key), (*where, key)
            if not isinstance(value, str):
                continue
            if value == HERE and section in ("stations", "places"):
                if not here:
                    yield document.problem(at, _NO_HERE)
                continue
            names = _names_for(document, section, where, order.get("station"))
            yield from unless_known(document, at, value, names, WORDS[section])


_NO_HERE = (
    "found 'here', but the standing order does not say which stations it serves; "
    "add each: all, or name a station"
)


def _serves_each(document: Document, where: Where) -> bool:
    return document.get((*where[:2], "each")) is not None


def _names_for(
    document: Document, section: str, where: Where, station: object
) -> Collection[str] | None:
    """Name what may stand where a condition or an order names something."""
    if section == "skills":
        return skills_in(document)
    if section != "stages":
        return names_in(document, section)
    if station != HERE:
        return stage_names(document, station)
    # A stage of `here` must be one at every station that is served.
    each = document.get((*where[:2], "each"))
    served = each if isinstance(each, list) else names_in(document, "stations") or ()
    known = [names for name in served if (names := stage_names(document, name))]
    return [n for n in known[0] if all(n in names for names in known)] if known else ()
