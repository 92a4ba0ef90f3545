"""Tables of a sensitivity study and of a sweep: long, one row a number."""

from collections.abc import Sequence

import pandas as pd

from analysis.sensitivity.breakeven import BreakEven
from analysis.sensitivity.paired import Change
from analysis.sensitivity.sobol import Share
from analysis.sensitivity.span import Span
from analysis.sensitivity.telling import edge_text
from analysis.sensitivity.tornado import Bar


def tornado_table(bars: Sequence[Bar]) -> pd.DataFrame:
    """Give the tornado.

    Returns
    -------
    DataFrame
        Columns input, title, path, outcome, unit, low_level, high_level (of the input),
        nominal, at_low, at_high (mean of the outcome), to_low, to_high (mean change
        from all as written), swing (from the low end to the high one), each with
        _least and _most (interval, together 95 % for the inputs of an outcome; missing
        below 30 days), days (on which both were measured), endless (days that count as
        the length of the scenario).
    """
    return pd.DataFrame([_bar_row(bar) for bar in bars], columns=TORNADO)


_CHANGES = ("to_low", "to_high", "swing")
TORNADO = [
    *("input", "title", "path", "outcome", "unit", "low_level", "high_level"),
    *("nominal", "at_low", "at_high"),
    *(f"{name}{end}" for name in _CHANGES for end in ("", "_least", "_most")),
    *("days", "endless"),
]


def _bar_row(bar: Bar) -> dict[str, object]:
    row: dict[str, object] = {
        **_input(bar.span),
        "outcome": bar.outcome.name,
        "unit": bar.outcome.unit,
        "low_level": bar.span.low,
        "high_level": bar.span.high,
        "nominal": bar.nominal,
        "at_low": bar.at_low,
        "at_high": bar.at_high,
        "days": bar.swing.days,
        "endless": bar.endless,
    }
    for name in _CHANGES:
        change: Change = getattr(bar, name)
        row[name] = change.mean
        row[f"{name}_least"], row[f"{name}_most"] = change.low, change.high
    return row


def _input(span: Span) -> dict[str, object]:
    return {"input": span.name, "title": span.input.title, "path": span.input.path}


def sobol_table(
    spans: Sequence[Span], shares: Sequence[Share], points: int, days: int
) -> pd.DataFrame:
    """Give the Sobol indices.

    Returns
    -------
    DataFrame
        Columns input, title, path, outcome, unit, first, total (indices; missing when
        the outcome does not vary), each with _low and _high (bootstrap, nominal 95 %),
        mean and sd (of the outcome over the points), noise (share of the variance that
        comes of the few days at each point), points, days (at each).
    """
    rows = [
        {
            **_input(span),
            "outcome": share.outcome.name,
            "unit": share.outcome.unit,
            **{name: float(getattr(share.indices, name)[i]) for name in _INDICES},
            "mean": share.mean,
            "sd": share.sd,
            "noise": share.noise,
            "points": points,
            "days": days,
        }
        for share in shares
        for i, span in enumerate(spans)
    ]
    return pd.DataFrame(rows, columns=SOBOL)


_INDICES = ("first", "first_low", "first_high", "total", "total_low", "total_high")
SOBOL = [
    *("input", "title", "path", "outcome", "unit", *_INDICES, "mean", "sd", "noise"),
    *("points", "days"),
]


def breakeven_table(edges: Sequence[BreakEven]) -> pd.DataFrame:
    """Give the break-even values.

    Returns
    -------
    DataFrame
        Columns input, title, path, target, verdict (holds, fails, breaks, varies,
        unknown), nominal (level at which the scenario is as written), holds_at,
        fails_at (the last level that holds and the next one, that does not), met_at,
        missed_at (the nearest levels at which the target is met and missed with its
        confidence), least, most (share of days over the range), asked, confidence,
        monotone, days (at each level), text.
    """
    return pd.DataFrame([_edge_row(one) for one in edges], columns=BREAKEVEN)


_LEVELS = {
    "holds_at": "held",
    "fails_at": "broken",
    "met_at": "met",
    "missed_at": "missed",
}
BREAKEVEN = [
    *("input", "title", "path", "target", "verdict", "nominal", *_LEVELS),
    *("least", "most", "asked", "confidence", "monotone", "days", "text"),
]


def _edge_row(one: BreakEven) -> dict[str, object]:
    nominal = one.span.nominal
    return {
        **_input(one.span),
        "target": one.target,
        "verdict": one.edge.verdict,
        "nominal": float("nan") if nominal is None else nominal,
        **{name: one.level(getattr(one.edge, key)) for name, key in _LEVELS.items()},
        "least": one.edge.least,
        "most": one.edge.most,
        "asked": one.asked,
        "confidence": one.confidence,
        "monotone": one.edge.monotone,
        "days": one.days,
        "text": edge_text(one),
    }
