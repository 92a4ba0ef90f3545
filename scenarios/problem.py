"""What is wrong with an input, and where."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, placed in the file a person wrote.

    Parameters
    ----------
    file
        The file, or the option (``--set ...``), that holds the fault.
    line, column
        Position from 1; 0 when the fault has no place in a file.
    path
        Dotted path of the field, ``stations.KV1.registered``; may be empty.
    text
        What is wrong, what was found, what is allowed.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        parts = [place, self.path, self.text] if self.path else [place, self.text]
        return "".join(c if c.isprintable() else " " for c in ": ".join(parts))


MOST_SHOWN = 24
MOST_COMPARED = 3000


class ScenarioError(ValueError):
    """A scenario, a plan or an option that cannot be used; says all of it at once.

    Parameters
    ----------
    problems
        Everything that is wrong.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class OrderError(ValueError):
    """An order that is not sound or not possible; says why."""


def fail(file: str, text: str) -> ScenarioError:
    """Make the error for one fault that has no place inside a file."""
    return ScenarioError((Problem(file=file, text=text),))


def allowed(names: list[str], found: str) -> str:
    """Say which names are allowed, with "did you mean" for the nearest.

    A name that differs in accents and capitals only is the nearest.

    Parameters
    ----------
    names
        Every name that would be right.
    found
        The name that was written.
    """
    if not names:
        return "none is defined"
    near = _nearest(names, found[:100])
    hint = f"did you mean '{near}'? " if near else ""
    shown = ", ".join(names[:MOST_SHOWN]) + (", ..." * (len(names) > MOST_SHOWN))
    return f"{hint}allowed: {shown}"


def _nearest(names: Iterable[str], found: str) -> str:
    bare = {_bare(name): name for name in reversed([*names])}
    if (asked := _bare(found)) in bare:
        return bare[asked]
    near = get_close_matches(found, [*names][:MOST_COMPARED], n=1, cutoff=0.6)
    near = near or [
        bare[n] for n in get_close_matches(asked, [*bare][:MOST_COMPARED], n=1)
    ]
    return near[0] if near else ""


def _bare(name: str) -> str:
    """Write a name in small letters without accents; Vietnamese has a barred d too."""
    letters = unicodedata.normalize("NFD", name.casefold()).replace("\u0111", "d")
    return "".join(c for c in letters if not unicodedata.combining(c))
