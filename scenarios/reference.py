"""References across a scenario: every name must name something."""

from collections.abc import Iterator
from typing import Any

from scenarios.document import Document, Where, matches
from scenarios.effect import HERE
from scenarios.problem import Problem, allowed
from scenarios.script import condition_of

# Where a name is written, and among what it must be found.
_NAMES: tuple[tuple[str, str, str], ...] = (
    ("stations.*.place", "places", "place"),
    ("units.*.base", "places", "place"),
    ("units.*.agency", "agencies", "agency"),
    ("units.*.posts.*.place", "places", "place"),
    ("incidents.*.rates.*.places.*", "places", "place"),
    ("incidents.*.levels.*.effects.*.station", "stations", "station"),
    ("script.*.after", "script", "inject"),
    ("script.*.effects.*.place", "places", "place"),
    ("script.*.effects.*.station", "stations", "station"),
    ("script.*.effects.*.type", "incidents", "incident type"),
    ("script.*.effects.*.unit", "units", "unit"),
    ("duties.*.unit", "units", "unit"),
    ("duties.*.units.*", "units", "unit"),
    ("duties.*.station", "stations", "station"),
    ("duties.*.stations.*", "stations", "station"),
    ("duties.*.place", "places", "place"),
    ("duties.*.load_at", "places", "place"),
    ("duties.*.stops.*", "places", "place"),
    ("duties.*.to", "places", "place"),
    ("targets.*.types.*", "incidents", "incident type"),
    ("targets.*.duties.*", "duties", "duty"),
)


def reference_problems(document: Document) -> Iterator[Problem]:
    """Find every name in a scenario that names nothing."""
    for pattern, section, word in _NAMES:
        here = pattern.startswith("incidents.") and section == "stations"
        names = _keys(document, section)
        for where, value in matches(document.data, tuple(pattern.split("."))):
            if isinstance(value, str) and not (here and value == HERE):
                yield from _unless_known(document, where, value, names, word)
    yield from _stages(document)
    yield from _skills(document)
    yield from _conditions(document)
    yield from _circles(document)


def _keys(document: Document, section: str) -> list[str]:
    found = document.get((section,))
    return list(found) if isinstance(found, dict) else []


def _unless_known(
    document: Document, where: Where, value: str, names: list[str], word: str
) -> Iterator[Problem]:
    if value not in names:
        text = f"no such {word}, found '{value}'; {allowed(names, value)}"
        yield document.problem(where, text)


def _stages(document: Document) -> Iterator[Problem]:
    """A stage named by an effect must be one of the station it names."""
    patterns = ("script.*.effects.*", "incidents.*.levels.*.effects.*")
    for pattern in patterns:
        for where, effect in matches(document.data, tuple(pattern.split("."))):
            stage = effect.get("stage") if isinstance(effect, dict) else None
            if not isinstance(stage, str):
                continue
            names = _stage_names(document, effect.get("station"))
            if names is not None:
                yield from _unless_known(
                    document, (*where, "stage"), stage, names, "stage"
                )


def _stage_names(document: Document, station: Any) -> list[str] | None:
    stations = _keys(document, "stations") if station == HERE else [station]
    names: dict[str, None] = {}
    for name in stations:
        stages = document.get(("stations", name, "stages"))
        if isinstance(stages, dict):
            names.update(dict.fromkeys(stages))
    return list(names) or None


def _skills(document: Document) -> Iterator[Problem]:
    known: dict[str, None] = {}
    for _, skill in matches(document.data, ("units", "*", "skills", "*")):
        if isinstance(skill, str):
            known[skill] = None
    for where, needs in matches(document.data, ("incidents", "*", "levels", "*", "needs")):
        for skill in needs if isinstance(needs, dict) else ():
            if skill not in known:
                text = f"no unit has this skill, found '{skill}'; "
                text += allowed(list(known), skill)
                yield document.problem((*where, skill), text, key=True)


def _conditions(document: Document) -> Iterator[Problem]:
    sections = {"queue": ("stations", "station"), "level": ("script", "inject")}
    for where, text in matches(document.data, ("script", "*", "when")):
        try:
            condition = condition_of(text)
        except ValueError:
            continue  # the model reports it, with its place
        section, word = sections[condition.reading]
        names = _keys(document, section)
        yield from _unless_known(document, where, condition.subject, names, word)


def _circles(document: Document) -> Iterator[Problem]:
    """Injects that wait for each other never happen."""
    after = {
        where[1]: value
        for where, value in matches(document.data, ("script", "*", "after"))
    }
    for name in after:
        seen, at = {name}, after.get(name)
        while at in after and at not in seen:
            seen.add(at)
            at = after[at]
        if at == name:
            text = f"inject '{name}' waits for itself, through: {', '.join(map(str, sorted(map(str, seen))))}"
            yield document.problem(("script", name, "after"), text)
