"""The figures of a sweep: curves over one input or two, else a cell for each point."""

from collections.abc import Sequence
from functools import partial
from math import nan

import numpy as np
from matplotlib.figure import Figure

from analysis.figure.level import MOST_LINES, Curve, draw_curves
from analysis.figure.matrix import Matrix, draw_matrix
from analysis.figure.palette import ending, look
from analysis.measure import quantile
from analysis.sensitivity.outcome import Outcome, outcomes_of
from analysis.sensitivity.picture import Draw, panels
from analysis.sensitivity.sweep import Sweep
from scenarios.target import Target

Band = tuple[float, float, float]
_CURVE, _CURVES, _ROW = 2.6, 3.2, 0.21  # inches


def draw_sweep(sweep: Sweep) -> dict[str, Figure]:
    """Draw each outcome that differs between points: held, values."""
    draws: dict[str, list[Draw]] = {"held": [], "values": []}
    for outcome in outcomes_of(sweep.setting):
        bands = [_band(sweep, outcome, i) for i in range(len(sweep.points))]
        if len({round(band[1], 9) for band in bands if band[1] == band[1]}) > 1:
            kind = "held" if outcome.held else "values"
            draws[kind].append(_draw(sweep, outcome, bands))
    drawn = {name: own for name, own in draws.items() if own}
    with look():
        return {n: panels(own, [_height(sweep)] * len(own)) for n, own in drawn.items()}


def _lines(sweep: Sweep) -> int:
    """Count the points beside the first input: so many lines, or rows."""
    return len(sweep.points) // len({p[sweep.spans[0].name] for p in sweep.points})


def _in_curves(sweep: Sweep) -> bool:
    return len(sweep.spans) <= 2 and _lines(sweep) <= MOST_LINES


def _height(sweep: Sweep) -> float:
    if _in_curves(sweep):
        return _CURVE if len(sweep.spans) == 1 else _CURVES
    return max(1.0 + _ROW * _lines(sweep), 2.4)


def _draw(sweep: Sweep, outcome: Outcome, bands: Sequence[Band]) -> Draw:
    if _in_curves(sweep):
        return partial(draw_curves, _curves(sweep, outcome, bands))
    return partial(draw_matrix, _matrix(sweep, outcome, bands))


def _lines_of(sweep: Sweep) -> dict[tuple[float, ...], list[int]]:
    """Give the points of each line: by the levels of all inputs but the first."""
    lines: dict[tuple[float, ...], list[int]] = {}
    for number, levels in enumerate(sweep.points):
        others = tuple(levels[span.name] for span in sweep.spans[1:])
        lines.setdefault(others, []).append(number)
    return lines


def _curves(sweep: Sweep, outcome: Outcome, bands: Sequence[Band]) -> list[Curve]:
    """Give a line for each level of the second input; one when there is none."""
    first, axis = sweep.spans[0], outcome.unit
    if outcome.held:
        axis = "share of days"
    return [
        Curve(
            span=first,
            title=outcome.title,
            axis=axis,
            levels=[sweep.points[number][first.name] for number in numbers],
            values=[bands[number][1] for number in numbers],
            low=[bands[number][0] for number in numbers],
            high=[bands[number][2] for number in numbers],
            asked=_asked(sweep, outcome),
            label=_label(sweep, others, named=True),
            clock=outcome.clock,
        )
        for others, numbers in _lines_of(sweep).items()
    ]


def _label(sweep: Sweep, others: tuple[float, ...], *, named: bool) -> str:
    told = []
    for span, level in zip(sweep.spans[1:], others, strict=True):
        name = f"{ending(span.input.title)} " if named else ""
        told.append(f"{name}{span.text(level)}")
    return ", ".join(told)


def _target(sweep: Sweep, outcome: Outcome) -> Target:
    assert outcome.target is not None
    return list(sweep.setting.targets.values())[outcome.target]


def _asked(sweep: Sweep, outcome: Outcome) -> float:
    target = _target(sweep, outcome)
    return target.days if outcome.held else target.bound.value


def _matrix(sweep: Sweep, outcome: Outcome, bands: Sequence[Band]) -> Matrix:
    lines = _lines_of(sweep)
    first, *others = sweep.spans
    rows = list(lines.values())
    return Matrix(
        title=outcome.title,
        columns=[first.text(sweep.points[number][first.name]) for number in rows[0]],
        rows=[_label(sweep, levels, named=False) for levels in lines],
        across=first.input.title,
        down=",\n".join(ending(span.input.title, 34) for span in others),
        values=[[bands[number][1] for number in row] for row in rows],
        texts=[[outcome.text(bands[number][1]) for number in row] for row in rows],
        missed=[
            [_short(sweep, outcome, bands[number][1]) for number in row] for row in rows
        ],
    )


def _short(sweep: Sweep, outcome: Outcome, value: float) -> bool:
    """Tell whether a value falls short of what its target asks."""
    target = _target(sweep, outcome)
    if outcome.held:
        return value < target.days
    return not target.bound.holds(value)


def _band(sweep: Sweep, outcome: Outcome, number: int) -> Band:
    """Give a share of days with its interval; of a value p10, median and p90."""
    experiment = sweep.experiments[number]
    assert outcome.target is not None
    if outcome.held:
        verdict = experiment.verdicts()[outcome.target]
        low, high = verdict.interval or (nan, nan)
        return low, verdict.value, high
    values = outcome.of(experiment.replications)
    known = values[~np.isnan(values)]
    low, middle, high = (quantile(known, share) for share in (0.1, 0.5, 0.9))
    return low, middle, high
