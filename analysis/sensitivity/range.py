"""Ranges as they are asked for: ``--vary PATH=LOW..HIGH:POINTS``."""

import re
from dataclasses import dataclass
from typing import Self

from scenarios.amount import Amount, amount_of, with_minus
from scenarios.problem import fail
from scenarios.uncertain import Way

MOST_STEPS = 101
_FORM = re.compile(r"(?P<low>.+?)\.\.(?P<high>[^:]+)(?::(?P<points>.+))?")
_WRITE = (
    "write PATH=LOW..HIGH, such as stations.*.registered=-20%..+20%, relative to what "
    "the scenario says, or units.P1.turnout.value=60 s..180 s"
)
_STEPS = "write how many points after a colon, such as -20%..+20%:5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vary:
    """One ``--vary``.

    Parameters
    ----------
    path
        Which values.
    low, high
        As written.
    way
        ``factor`` where they are signed shares, of what the scenario says; ``add``
        where they are other amounts with a sign; else ``value``.
    points
        How many, for a sweep; None when not said.
    """

    path: str
    low: str
    high: str
    way: Way
    points: int | None

    @classmethod
    def of(cls, text: str) -> Self:
        """Read it.

        Raises
        ------
        ScenarioError
            When it is not so written.
        """
        where = f"--vary {text}"
        path, _, rest = (with_minus(part) for part in text.partition("="))
        match = _FORM.fullmatch(rest.replace("\u2026", ".."))
        if not path or match is None:
            raise fail(where, f"not understood; {_WRITE}")
        ends = (match["low"].strip(), match["high"].strip())
        low, high = (_amount(where, end) for end in ends)
        if low.number >= high.number:
            told = " and ".join(ends)
            raise fail(where, f"low must be below high, found {told}; {_WRITE}")
        way = _way(where, ends)
        points = _points(where, match["points"])
        return cls(path=path, low=ends[0], high=ends[1], way=way, points=points)

    def change(self, name: str) -> str:
        """Write it as an uncertain input of the scenario, as ``--set`` takes it."""
        low, high = (self._level(end) for end in (self.low, self.high))
        path = self.path.replace("'", "''")
        law = f"{{law: uniform, low: {low}, high: {high}}}"
        entry = f"{{title: '{path}', path: '{path}', {self.way}: {law}}}"
        return f"uncertain.{name}={entry}"

    def _level(self, end: str) -> str | float:
        """Give an end as a level of the input."""
        return 1 + amount_of(end).number if self.way == "factor" else _plain(end)


def _amount(where: str, end: str) -> Amount:
    try:
        return amount_of(_plain(end))
    except ValueError as error:
        raise fail(where, f"{error}, in PATH=LOW..HIGH") from None


def _way(where: str, ends: tuple[str, str]) -> Way:
    """Tell by the signs what the levels do; nought has either sign."""
    signed = [end[0] in "+-" for end in ends if amount_of(_plain(end)).number]
    if not any(end[0] in "+-" for end in ends):
        return "value"
    if not all(signed):
        text = f"one end has a sign and the other has none, found {'..'.join(ends)}"
        raise fail(where, f"{text}; a sign says: relative to the scenario")
    return "factor" if all(end.endswith("%") for end in ends) else "add"


def _plain(text: str) -> str | float:
    """Give a bare number as one; it comes as text from the command line."""
    try:
        return float(text)
    except ValueError:
        return text


def _points(where: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.strip().isdecimal() or not 2 <= int(text) <= MOST_STEPS:
        what = f"points: must be a whole number from 2 to {MOST_STEPS}"
        raise fail(where, f"{what}, found '{text.strip()}'; {_STEPS}")
    return int(text)
