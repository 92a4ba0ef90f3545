"""Break-even values: each input and target played along the input, until it breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

from analysis.interval import proportion_interval
from analysis.replication import Replication
from analysis.sensitivity.bench import Bench
from analysis.sensitivity.edge import CELLS, Edge, edge_of, wanted
from analysis.sensitivity.span import Span
from analysis.target import LEAST
from scenarios.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """An input, a target, and where it breaks.

    Parameters
    ----------
    span
        The input.
    target, asked, confidence
        Name of the target; the share of days it asks for, with which confidence.
    edge
        In cells of the span.
    days
        At each level.
    seen
        What was looked at, by cell: cell, days on which it held, days with something
        to measure, and the exact interval of the share; NaN below 30 days.
    """

    span: Span
    target: str
    asked: float
    confidence: float
    edge: Edge
    days: int
    seen: tuple[tuple[int, int, int, float, float], ...]

    def level(self, cell: float) -> float:
        """Give the level of a cell."""
        return self.span.level(cell / CELLS)


def play_edges(
    bench: Bench, spans: Sequence[Span], targets: Mapping[str, Target], days: int
) -> tuple[BreakEven, ...]:
    """Find for each input and target where it breaks.

    Parameters
    ----------
    bench
        Where it is played.
    spans
        The inputs; the others stay as written.
    targets
        By name, in file order.
    days
        At each level, the same ones.
    """
    seen: dict[str, dict[int, list[tuple[int, int]]]] = {s.name: {} for s in spans}
    by_name = {span.name: span for span in spans}
    while True:
        cells = [
            (name, cell)
            for name in seen
            for cell in sorted(_wanted_of(seen[name], targets))
        ]
        if not cells:
            break
        number = 1 + max(len(one) for one in seen.values())
        points = [{name: by_name[name].level(cell / CELLS)} for name, cell in cells]
        played = bench.play(points, days, f"break-even {number}")
        for (name, cell), replications in zip(cells, played, strict=True):
            seen[name][cell] = _counted(replications, len(targets))
    return tuple(
        _break_even(span, seen[span.name], i, (name, target), days)
        for span in spans
        for i, (name, target) in enumerate(targets.items())
    )


def _wanted_of(
    seen: Mapping[int, list[tuple[int, int]]], targets: Mapping[str, Target]
) -> set[int]:
    found: set[int] = set()
    for i, target in enumerate(targets.values()):
        counts = {cell: counted[i] for cell, counted in seen.items()}
        found |= wanted(counts, target.days, target.confidence)
    return found - set(seen)


def _counted(
    replications: Sequence[Replication], targets: int
) -> list[tuple[int, int]]:
    """Count of each target the days on which it held, and those with something."""
    found = []
    for i in range(targets):
        measured = [r.judgements[i] for r in replications if r.judgements[i].measured]
        found.append((sum(one.held for one in measured), len(measured)))
    return found


def _interval(held: int, days: int, confidence: float) -> tuple[float, float]:
    if days < LEAST:
        return nan, nan
    return proportion_interval(held, days, confidence)


def _break_even(
    span: Span,
    seen: Mapping[int, list[tuple[int, int]]],
    index: int,
    target: tuple[str, Target],
    days: int,
) -> BreakEven:
    name, asked = target
    nominal = nan
    if span.nominal is not None:
        nominal = (span.nominal - span.least) / (span.most - span.least) * CELLS
    counts = {cell: counted[index] for cell, counted in seen.items()}
    return BreakEven(
        span=span,
        target=name,
        asked=asked.days,
        confidence=asked.confidence,
        edge=edge_of(counts, asked.days, asked.confidence, nominal),
        days=days,
        seen=tuple(
            (cell, *counts[cell], *_interval(*counts[cell], asked.confidence))
            for cell in sorted(counts)
            if counts[cell][1]
        ),
    )
