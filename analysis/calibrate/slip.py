"""Readings that contradict themselves: a whole that is not the sum of its parts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.calibrate.moment import clock_of
from analysis.calibrate.series import Series
from analysis.calibrate.source import Source

WHOLES = {"all", "total", "overall", "toàn bộ", "tổng", "tổng số"}
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Slip:
    """A time at which a whole contradicts its parts, and what is said of it."""

    poll: str
    minute: float
    text: str


def find_slips(
    source: Source, found: Mapping[Key, Series]
) -> tuple[list[Slip], list[str]]:
    """Hold every whole against the sum of its parts.

    Where most times agree, one that does not is a slip of the table. Where none does,
    the parts overlap or are not complete, and that is another matter.

    Returns
    -------
    list, list
        The slips, and sentences on wholes that do not add up at all.
    """
    slips: list[Slip] = []
    notes: list[str] = []
    for (poll, scope), whole in found.items():
        if scope.casefold() not in WHOLES or whole.unit != "votes":
            continue
        parts = [s for (p, name), s in found.items() if p == poll and name != scope]
        if not parts:
            continue
        differ = _differing(whole, parts)
        if 2 * len(differ) < len(whole.timed):
            slips += _slips(source, whole, parts, differ)
        else:
            notes.append(_told(whole, parts))
    return slips, notes


def _at(series: Series) -> dict[float, float]:
    return {r.minute: r.value for r in series.timed if r.minute is not None}


def _sums(parts: Collection[Series]) -> dict[float, float]:
    """Add the parts up, at the times that all of them have."""
    tables = [_at(part) for part in parts]
    times = set.intersection(*(set(table) for table in tables)) if tables else set()
    return {time: sum(table[time] for table in tables) for time in sorted(times)}


def _differing(whole: Series, parts: Collection[Series]) -> dict[float, float]:
    own, sums = _at(whole), _sums(parts)
    return {t: sums[t] for t in own if t in sums and sums[t] != own[t]}


def _slips(
    source: Source,
    whole: Series,
    parts: Collection[Series],
    differ: Mapping[float, float],
) -> Iterator[Slip]:
    own = _at(whole)
    rows = {r.minute: r.row for r in whole.timed}
    for time, total in differ.items():
        where = f"{Path(source.file).name}:{rows[time].first}"
        text = (
            f"{where}: contradicts its parts: {whole.name} at "
            f"{clock_of(time)} has {own[time]:,.0f}, the sum of its {len(parts)} parts "
            f"is {total:,.0f}; they agree at {len(own) - len(differ)} of {len(own)} "
            "times. Which is wrong cannot be told: no reading of that time is used."
        )
        yield Slip(whole.poll, time, text)


def _told(whole: Series, parts: list[Series]) -> str:
    """Say that a total is not that of its parts; name the one it leaves out."""
    for part in parts:
        rest = [other for other in parts if other is not part]
        if rest and len(_differing(whole, rest)) * 2 < len(whole.timed):
            return (
                f"{whole.name} is the sum of its parts without {part.scope}: the "
                "parts overlap, so they are not added up."
            )
    return f"{whole.name} is not the sum of its parts; they are not added up."
