"""Precision: when enough replications have been played."""

import re
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.interval import mean_interval
from analysis.replication import Key, Replication, queries
from analysis.target import LEAST
from scenarios.clock import minutes_of, span
from scenarios.measure import MEASURES
from scenarios.problem import allowed, fail
from scenarios.quantity import share_of
from scenarios.scenario import Setting

CONFIDENCE = 0.95
_KEY = re.compile(r"(?P<measure>\S+)(?: at (?P<at>.+?))?(?: of (?P<member>.+?))?")
_FORM = re.compile(rf"{_KEY.pattern} within (?P<half>.+)")
_WAY = (
    "write MEASURE within HALF, MEASURE of MEMBER within HALF, or MEASURE at THRESHOLD "
    "of MEMBER within HALF, such as: response.p90 of fire within 1 min"
)


def looks(most: int) -> list[int]:
    """Give after how many replications is looked, each a quarter more than the last.

    Fixed beforehand, so that the answer does not depend on the workers; few, since
    each look is a chance to stop on a variance that is small by luck.
    """
    found, number = [], float(LEAST)
    while number < most:
        found.append(round(number))
        number *= 1.25
    return [*found, most]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Replications go on until the interval of a mean is narrow enough.

    Parameters
    ----------
    measure, within, member
        Whose mean over the replications; within is minutes, or -1 where the measure
        has no threshold.
    half
        Half the width that is asked for, in the unit of the measure.
    """

    measure: str
    within: float
    member: str
    half: float

    @classmethod
    def of(cls, text: str, setting: Setting) -> Self:
        """Read it as it is written at ``--until``.

        Raises
        ------
        ScenarioError
            When it is not so written, or there is no such measure or threshold.
        """
        where = f"--until {text!r}"
        match = _FORM.fullmatch(" ".join(text.split()))
        if match is None:
            raise fail(where, f"not understood; {_WAY}")
        measure, within, member = _key(where, match, setting)
        half = _half(where, measure, match["half"])
        return cls(measure=measure, within=within, member=member, half=half)

    @property
    def key(self) -> Key:
        """The key of its values in a replication."""
        return self.measure, self.within, self.member

    def interval(self, replications: list[Replication]) -> tuple[float, float]:
        """Give mean and half width; NaN below 30 or where nothing was measured.

        Raises
        ------
        ScenarioError
            When no replication has such a member.
        """
        values = np.array([r.values.get(self.key) for r in replications])
        known = values[~np.isnan(values)]
        if not len(known):
            self._refuse_member(replications)
        if len(known) < LEAST:
            return nan, nan
        if not np.isfinite(known).all():
            return inf, inf  # what never ended has no mean
        return _centred(known)

    def reached(self, replications: list[Replication]) -> bool:
        """Tell whether the interval is as narrow as asked."""
        half = self.interval(replications)[1]
        return not isnan(half) and half <= self.half

    def told(self, replications: list[Replication]) -> str:
        """Say where the interval stands."""
        mean, half = self.interval(replications)
        name = f"{self.measure} of {self.member}"
        if isnan(half):
            return f"{name}: nothing measured on {LEAST} days yet"
        if not isfinite(half):
            return f"{name}: never ended on some day, which has no mean"
        shown = (_shown(value, self.measure) for value in (mean, half, self.half))
        return "{}: {} \N{PLUS-MINUS SIGN} {} (asked {})".format(name, *shown)

    def _refuse_member(self, replications: list[Replication]) -> None:
        members = [
            member
            for measure, within, member in replications[0].values.names
            if (measure, within) == (self.measure, self.within)
        ]
        if self.member not in members:
            names = allowed(members, self.member)
            where = f"--until {self.measure} of {self.member}"
            raise fail(where, f"measured for nobody of that name; {names}")


def key_of(where: str, text: str, setting: Setting) -> Key:
    """Read ``MEASURE``, ``MEASURE of MEMBER`` or ``MEASURE at THRESHOLD of MEMBER``.

    Parameters
    ----------
    where
        The option, for what is told of it.
    text
        As written there.
    setting
        Whose targets say which thresholds are measured.

    Raises
    ------
    ScenarioError
        When it is not so written, or there is no such measure or threshold.
    """
    match = _KEY.fullmatch(" ".join(text.split()))
    if match is None:
        raise fail(where, f"not understood, found '{text}'; write wait.p90 of KV1")
    return _key(where, match, setting)


def _key(where: str, match: re.Match[str], setting: Setting) -> Key:
    measure = match["measure"]
    if measure not in MEASURES:
        names = allowed(list(MEASURES), measure)
        raise fail(where, f"no such measure, found '{measure}'; {names}")
    within = threshold(where, measure, match["at"], setting)
    return measure, within, match["member"] or "overall"


def _centred(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = mean_interval(values, CONFIDENCE)
    return (low + high) / 2, (high - low) / 2


def threshold(where: str, measure: str, text: str | None, setting: Setting) -> float:
    """Read the threshold of a measure, such as ``30 min``; -1 where it has none.

    Parameters
    ----------
    where
        The option, for the error.
    measure
        Its name.
    text
        As written; None when it was left out.
    setting
        Whose targets say which thresholds are measured.

    Raises
    ------
    ScenarioError
        When it is not sound, or not measured.
    """
    known = [q.within for name, q in queries(setting) if name == measure]
    if not MEASURES[measure].within:
        if text is not None:
            raise fail(where, f"{measure} has no threshold; leave out 'at {text}'")
        return -1.0
    names = ", ".join(map(span, known)) or "none"
    if text is None:
        example = f"{measure} at 30 min ..."
        raise fail(where, f"{measure} needs a threshold: {example}; measured: {names}")
    try:
        at = minutes_of(text)
    except ValueError as error:
        raise fail(where, f"at: {error}") from None
    if at not in known:
        text = f"at: measured only where a target asks for it, found '{text}'"
        raise fail(where, f"{text}; measured: {names}")
    return at


def _half(where: str, measure: str, text: str) -> float:
    unit = MEASURES[measure].unit
    try:
        if unit in ("minutes", "clock"):
            half = minutes_of(text)
        else:
            half = share_of(text) if unit == "share" else float(text)
    except ValueError as error:
        wanted = "" if unit in ("minutes", "clock", "share") else f"; write {unit}"
        raise fail(where, f"within: {error}{wanted}") from None
    if not (isfinite(half) and half > 0):
        raise fail(where, f"within: must be above 0, found '{text}'")
    return half


def _shown(value: float, measure: str) -> str:
    unit = MEASURES[measure].unit
    if unit in ("minutes", "clock"):
        return span(value)
    return f"{value:.2%}" if unit == "share" else f"{value:g}"
