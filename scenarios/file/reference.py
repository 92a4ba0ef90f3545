"""References across a scenario: every name must name something."""

from collections.abc import Collection, Iterator

from scenarios.clock import shown
from scenarios.effect import HERE
from scenarios.file.document import Document, Where, matches
from scenarios.problem import Problem, allowed
from scenarios.scenario import Setting
from scenarios.stage import ORDINARY

# Where a name is written, and among what it must be found.
_NAMES: tuple[tuple[str, str, str], ...] = (
    ("stations.*.place", "places", "place"),
    ("units.*.base", "places", "place"),
    ("units.*.agency", "agencies", "agency"),
    ("units.*.posts.*.place", "places", "place"),
    ("units.*.beat.places.*", "places", "place"),
    ("incidents.*.rates.*.places.*", "places", "place"),
    ("incidents.*.transport.to.*", "places", "place"),
    ("dispatch.standby.places.*", "places", "place"),
    ("dispatch.standby.table.*.*", "places", "place"),
    ("dispatch.lists.*.*", "units", "unit"),
    ("calls.types.*", "incidents", "incident type"),
    ("incidents.*.levels.*.effects.*.station", "stations", "station"),
    ("script.*.after", "script", "inject"),
    ("script.*.effects.*.place", "places", "place"),
    ("script.*.effects.*.area.place", "places", "place"),
    ("incidents.*.levels.*.effects.*.area.place", "places", "place"),
    ("script.*.effects.*.station", "stations", "station"),
    ("script.*.effects.*.type", "incidents", "incident type"),
    ("script.*.effects.*.unit", "units", "unit"),
    ("script.*.effects.*.units.*", "units", "unit"),
    ("duties.*.unit", "units", "unit"),
    ("duties.*.units.*", "units", "unit"),
    ("duties.*.station", "stations", "station"),
    ("duties.*.stations.*", "stations", "station"),
    ("duties.*.place", "places", "place"),
    ("duties.*.load_at", "places", "place"),
    ("duties.*.stops.*", "places", "place"),
    ("duties.*.to", "places", "place"),
    ("orders.*.each.*", "stations", "station"),
    ("staffing.*.station", "stations", "station"),
    ("staffing.*.like", "units", "unit"),
    ("staffing.*.base", "places", "place"),
    ("targets.*.types.*", "incidents", "incident type"),
    ("targets.*.duties.*", "duties", "duty"),
)

# Script and choices are the same under every plan: they may name units that a plan
# takes out.
_KNOWN_TO_BASE = (
    "script.*.effects.*.unit",
    "script.*.effects.*.units.*",
    "staffing.*.like",
)

_EFFECTS = ("script.*.effects.*", "incidents.*.levels.*.effects.*")
HERE_IS_TAKEN = "the name 'here' is taken: it stands for the place of an incident"
# What an entry of a section is called.
WORDS = {
    "places": "place",
    "stations": "station",
    "stages": "stage",
    "agencies": "agency",
    "units": "unit",
    "incidents": "incident type",
    "script": "inject",
    "duties": "duty",
    "orders": "standing order",
    "targets": "target",
    "staffing": "choice",
}


def reference_problems(document: Document, base: Document) -> Iterator[Problem]:
    """Find every name in a scenario that names nothing.

    Parameters
    ----------
    document
        The scenario, under a plan or not.
    base
        The scenario before any plan.
    """
    for pattern, section, word in _NAMES:
        here = pattern.startswith("incidents.*.levels.*.effects")
        names = names_in(document, section)
        if pattern in _KNOWN_TO_BASE and names is not None:
            names = list(dict.fromkeys([*names, *(names_in(base, section) or ())]))
        for where, value in matches(document.data, tuple(pattern.split("."))):
            if isinstance(value, str) and not (here and value == HERE):
                yield from unless_known(document, where, value, names, word)
    yield from _targets_of_effects(document)
    yield from _stages(document)
    yield from _class_stages(document)
    yield from _stage_classes(document)
    yield from _skills(document)
    yield from _areas(document)
    yield from _phases(document)
    yield from _circles(document)
    yield from _twice(document)


def names_in(document: Document, section: str) -> Collection[str] | None:
    """Name the entries of a section; None where the section itself is at fault."""
    found = document.get((section,))
    if isinstance(found, dict):
        return found
    misspelt = set(document.get(()) or ()) - set(Setting.model_fields)
    return () if section not in document.data and not misspelt else None


def unless_known(
    document: Document,
    where: Where,
    value: str,
    names: Collection[str] | None,
    word: str,
) -> Iterator[Problem]:
    """Say that a name names nothing, unless it is known or nobody can tell."""
    if names is not None and value not in names:
        text = f"no such {word}, found {shown(value)}; {allowed(list(names), value)}"
        yield document.problem(where, text)


def _targets_of_effects(document: Document) -> Iterator[Problem]:
    """Check where an effect sends somebody: voters to a station, a station to a place.

    One of no known kind is reported by the model.
    """
    sections = {"divert": "stations", "move_station": "places"}
    for pattern in _EFFECTS:
        for where, effect in matches(document.data, tuple(pattern.split("."))):
            found = effect if isinstance(effect, dict) else {}
            section, to = sections.get(str(found.get("kind"))), found.get("to")
            if section is not None and isinstance(to, str):
                names, word = names_in(document, section), WORDS[section]
                yield from unless_known(document, (*where, "to"), to, names, word)


def _stages(document: Document) -> Iterator[Problem]:
    """Check that a stage named by an effect is one of the station it names."""
    for pattern in _EFFECTS:
        for where, effect in matches(document.data, tuple(pattern.split("."))):
            stage = effect.get("stage") if isinstance(effect, dict) else None
            if not isinstance(stage, str):
                continue
            names = stage_names(document, effect.get("station"))
            if names is not None:
                yield from unless_known(
                    document, (*where, "stage"), stage, names, "stage"
                )


def _class_stages(document: Document) -> Iterator[Problem]:
    """Check that a class of voters names stages of its own station."""
    for where, services in matches(document.data, _CLASS_SERVICES):
        names = stage_names(document, where[1])
        for stage in services if isinstance(services, dict) and names else ():
            if stage not in (names or ()):
                text = f"no such stage, found {shown(stage)}; "
                text += allowed(names or [], stage)
                yield document.problem((*where, stage), text, key=True)


def _stage_classes(document: Document) -> Iterator[Problem]:
    """Check that a stage names classes of voters of its own station."""
    for key in ("only", "except"):
        pattern = ("stations", "*", "stages", "*", key, "*")
        for where, class_ in matches(document.data, pattern):
            classes = document.get((*where[:2], "classes"))
            names = [ORDINARY, *(classes if isinstance(classes, dict) else ())]
            if isinstance(class_, str):
                yield from unless_known(document, where, class_, names, "class")


_CLASS_SERVICES = ("stations", "*", "classes", "*", "service")


def stage_names(document: Document, station: object) -> list[str] | None:
    """Name the stages of a station, or of all; None where nobody can tell."""
    stations = names_in(document, "stations") if station == HERE else [station]
    names: dict[str, None] = {}
    for name in stations or ():
        stages = document.get(("stations", str(name), "stages"))
        if isinstance(stages, dict):
            names.update(dict.fromkeys(stages))
    return list(names) or None


def _skills(document: Document) -> Iterator[Problem]:
    known = skills_in(document)
    if known is None:
        return
    levels = ("incidents", "*", "levels", "*", "needs")
    for where, needs in matches(document.data, levels):
        for skill in needs if isinstance(needs, dict) else ():
            if skill not in known:
                text = f"no unit has this skill, found {shown(skill)}; "
                text += allowed(list(known), skill)
                yield document.problem((*where, skill), text, key=True)


def skills_in(document: Document) -> list[str] | None:
    """Name the skills of all units; None where nobody can tell."""
    if names_in(document, "units") is None:
        return None
    skills = matches(document.data, ("units", "*", "skills", "*"))
    return list(dict.fromkeys(skill for _, skill in skills if isinstance(skill, str)))


def _areas(document: Document) -> Iterator[Problem]:
    """Check that an area somebody names is that of a place."""
    places = names_in(document, "places")
    if places is None:
        return
    areas = dict.fromkeys(
        area
        for _, area in matches(document.data, ("places", "*", "area"))
        if isinstance(area, str)
    )
    for where, area in matches(document.data, ("units", "*", "areas", "*")):
        if isinstance(area, str):
            yield from unless_known(document, where, area, areas, "area of a place")
    lists = document.get(("dispatch", "lists"))
    for name in lists if isinstance(lists, dict) else ():
        if isinstance(name, str) and name not in areas and name not in places:
            text = f"no such area or place, found {shown(name)}; "
            text += allowed([*areas, *places], name)
            yield document.problem(("dispatch", "lists", name), text, key=True)


def _phases(document: Document) -> Iterator[Problem]:
    """Find rates of a phase that never comes, for the clock names none."""
    if document.get(("clock", "phases")) is None:
        for where, phase in matches(document.data, _RATE_PHASES):
            if phase in ("before", "after"):
                text = (
                    f"found '{phase}', but the clock names no phases; add clock.phases"
                )
                yield document.problem(where, text)


_RATE_PHASES = ("incidents", "*", "rates", "*", "phase")


def _circles(document: Document) -> Iterator[Problem]:
    """Find injects that wait for each other: they never happen."""
    after = {
        str(where[1]): value
        for where, value in matches(document.data, ("script", "*", "after"))
        if isinstance(value, str)
    }
    told: set[str] = set()
    for name, value in after.items():
        row, at = [name], value
        while at in after and at not in row:
            row.append(at)
            at = after[at]
        if at == name and name not in told:
            told.update(row)
            text = f"waits for itself: {' after '.join([*row, name])}"
            yield document.problem(("script", name, "after"), text)


def _twice(document: Document) -> Iterator[Problem]:
    """Find names that stand for two things, `here` included."""
    first: dict[str, str] = {}
    for section in ("units", "stations", "duties"):
        for name in names_in(document, section) or ():
            if name in first:
                text = (
                    f"the name '{name}' stands for two things; a unit, a station "
                    "and a duty must have names of their own"
                )
                yield document.problem((section, name), text, key=True)
            first.setdefault(name, section)
    if HERE in (names_in(document, "stations") or ()):
        yield document.problem(("stations", HERE), HERE_IS_TAKEN, key=True)
