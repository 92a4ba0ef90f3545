"""Headings of sections that are missing, told by what stands under the section before.

Without its heading a section hangs under another one, where nothing of it is known. It
is told once, and hung where it belongs, so that what else is wrong is told as well.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_origin

from scenarios.file.document import Document, Mark, Where
from scenarios.file.fault import members_of, models_at
from scenarios.problem import Problem
from scenarios.scenario import Setting

MOST_NAMED = 3
_HEADING = re.compile(r"^([a-z_]+)\s*:", re.MULTILINE)
_KEY = re.compile(r"\s+([a-z_]+)\s*:(\s|$)")


def rehung(document: Document) -> tuple[Document, list[Problem]]:
    """Hang sections that lost their heading where they belong.

    Parameters
    ----------
    document
        A scenario as its file has it, a mapping.

    Returns
    -------
    Document, list of Problem
        The scenario with every section in its place, and each heading that is missing.
    """
    homes: dict[Where, str] = {
        (section, name): home
        for section in document.data
        for name, home in _strays(document, str(section)).items()
    }
    problems = [
        _missing(document, home, [where for where in homes if homes[where] == home])
        for home in dict.fromkeys(homes.values())
    ]
    return _moved(document, homes) if homes else document, problems


def _missing(document: Document, home: str, strays: list[Where]) -> Problem:
    names = [str(where[-1]) for where in strays]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    text = (
        f"the heading '{home}:' seems to be missing above this line; found under "
        f"{strays[0][0]}: {', '.join(names[:MOST_NAMED])}{more}"
    )
    problem = document.problem(strays[0], text, key=True)
    return replace(problem, path=home)


def _strays(document: Document, section: str) -> dict[str, str]:
    """Find what stands in a section and belongs to one that has no heading.

    From the first stray entry on all are strays: headings are lost line by line.
    """
    found: dict[str, str] = {}
    entries = document.data[section]
    if section not in Setting.model_fields or not isinstance(entries, dict):
        return found
    without = [name for name in Setting.model_fields if name not in document.data]
    home = ""
    for name, entry in entries.items():
        if home or not _fits(section, name, entry):
            likely = [home, *without] if home else without
            home = next((h for h in likely if _fits(h, name, entry)), home)
        if home:
            found[name] = home
    return found


def _fits(section: str, name: str, entry: Any) -> bool:
    """Tell whether an entry has the keys that it must have in a section."""
    field = Setting.model_fields[section].annotation
    if not any(get_origin(member) is dict for member in members_of(field)):
        return any(name in _keys(model) for model in models_at(Setting, (section,)))
    return isinstance(entry, dict) and any(
        entry.keys() <= _keys(model).keys()
        and {key for key, must in _keys(model).items() if must} <= entry.keys()
        for model in models_at(Setting, (section, name))
    )


def _keys(model: Any) -> dict[str, bool]:
    """Name the keys of a model, each with whether it must be given."""
    fields = model.model_fields.items()
    return {field.alias or name: field.is_required() for name, field in fields}


def _moved(document: Document, homes: Mapping[Where, str]) -> Document:
    data = {
        section: {
            name: entry
            for name, entry in entries.items()
            if (section, name) not in homes
        }
        if isinstance(entries, dict)
        else entries
        for section, entries in document.data.items()
    }
    for (section, name), home in homes.items():
        data.setdefault(home, {})[name] = document.data[section][name]

    keys, values = _placed(document.keys, homes), _placed(document.values, homes)
    return replace(document, data=data, keys=keys, values=values)


def _placed(marks: dict[Where, Mark], homes: Mapping[Where, str]) -> dict[Where, Mark]:
    """Give the marks of what was moved; a section begins at its first entry."""
    found: dict[Where, Mark] = {}
    for where, mark in marks.items():
        home = homes.get(where[:2])
        if home:
            found.setdefault((home,), mark)
        found[(home, *where[1:]) if home else where] = mark
    return found


def hinted(problem: Problem, source: str) -> Problem:
    """Say which heading seems to be missing where a file is no sound YAML.

    Parameters
    ----------
    problem
        What the reader of YAML said.
    source
        The text of the scenario.
    """
    lines = source.split("\n")
    key = (
        _KEY.match(lines[problem.line - 1]) if 0 < problem.line <= len(lines) else None
    )
    given = set(_HEADING.findall(source))
    likely = [
        name
        for name, field in Setting.model_fields.items()
        if key and name not in given and field.is_required() and _fits(name, key[1], 0)
    ]
    if len(likely) != 1:
        return problem
    text = f"the heading '{likely[0]}:' seems to be missing above this line"
    return replace(problem, text=f"{problem.text}; or {text}")
