"""Pieces of a scenario in files of their own, laid over it in the order named."""

from collections.abc import Iterable, Iterator

from scenarios.clock import shown
from scenarios.file.change import unknown
from scenarios.file.document import Document, Mark, Where
from scenarios.file.folder import Folder
from scenarios.file.overlay import overlay
from scenarios.problem import Problem, ScenarioError

KEY = "include"
ALL = "*"
NOT_HERE = ("format", KEY)
# What a piece may add to a scenario says so by this key; else a name is misspelt.
_FIRST_KEYS = {
    "stations": "place",
    "stages": "servers",
    "incidents": "levels",
    "units": "agency",
    "duties": "kind",
    "orders": "order",
}


def included(folder: Folder, base: Document) -> tuple[Document, list[Problem]]:
    """Lay the pieces that a scenario names over it.

    Parameters
    ----------
    folder
        Where its files are.
    base
        What its main file says.

    Returns
    -------
    Document, list of Problem
        The scenario with its pieces, and what is wrong with those left out.
    """
    named, problems = base.get((KEY,)), list[Problem]()
    for index, name in enumerate(named if isinstance(named, list) else []):
        if isinstance(name, str):
            try:
                base = _laid(folder, base, name)
            except ScenarioError as error:
                problems += _placed(base, (KEY, index), error)
    return base, problems


def _laid(folder: Folder, base: Document, name: str) -> Document:
    piece = folder.document(name)
    if not isinstance(piece.data, dict):
        text = f"must be a mapping of keys to values, found {shown(piece.data)}"
        raise ScenarioError((piece.problem((), text),))
    piece = _everywhere(piece, base)
    problems = list(_refused(piece, base))
    if problems:
        raise ScenarioError(tuple(problems))
    return overlay(base, piece)


def _everywhere(piece: Document, base: Document) -> Document:
    """Write what a piece says of every station (*) under each that has its stages."""
    said = piece.get(("stations", ALL))
    known = base.get(("stations",))
    if not isinstance(said, dict) or not isinstance(known, dict):
        return piece
    stages = said.get("stages")
    needed = set(stages) if isinstance(stages, dict) else set()
    names = [name for name in known if needed <= set(_stages(base, name))] or [*known]
    own = {name: value for name, value in piece.data["stations"].items() if name != ALL}
    copies = {name: said for name in names if name not in own}
    return Document(
        file=piece.file,
        data={**piece.data, "stations": {**copies, **own}},
        keys=_copied(piece.keys, copies),
        values=_copied(piece.values, copies),
    )


def _stages(base: Document, name: str) -> dict[str, object]:
    found = base.get(("stations", name, "stages"))
    return found if isinstance(found, dict) else {}


def _copied(marks: dict[Where, Mark], names: Iterable[str]) -> dict[Where, Mark]:
    """Give what is said of every station the same place in the file."""
    found = {where: mark for where, mark in marks.items() if where[1:2] != (ALL,)}
    for where, mark in marks.items():
        if where[:2] == ("stations", ALL):
            found |= {("stations", name, *where[2:]): mark for name in names}
    return found


def _refused(piece: Document, base: Document) -> Iterator[Problem]:
    """Find what a piece must not say, and names that the scenario does not have."""
    for key in NOT_HERE:
        if key in piece.data:
            yield piece.problem((key,), "stands in the scenario's own file", key=True)
    for where, text in unknown(piece, base, _FIRST_KEYS):
        yield piece.problem(where, text, key=True)


def _placed(base: Document, where: Where, error: ScenarioError) -> Iterator[Problem]:
    """Show a file that cannot be read where the scenario names it."""
    for problem in error.problems:
        if problem.line:
            yield problem
        else:
            yield base.problem(where, f"{problem.file}: {problem.text}")
