"""Tables of a search for the cheapest plan; see `analysis.column.staff`."""

from collections.abc import Iterator
from math import nan
from typing import Any

import pandas as pd

from analysis.column.staff import STAFF
from analysis.staff import Staffing
from analysis.staff.choice import Candidate
from analysis.target import Verdict


def tables(staffing: Staffing) -> dict[str, pd.DataFrame]:
    """Give every table by name."""
    rows = {
        "plans": _plans(staffing),
        "values": _values(staffing),
        "tests": _tests(staffing),
        "winner": _winner(staffing),
        "verdicts": _verdicts(staffing),
        "neighbours": _neighbours(staffing),
    }
    return {
        name: pd.DataFrame(list(found), columns=list(STAFF[name].columns))
        for name, found in rows.items()
    }


def numbers(staffing: Staffing) -> dict[Candidate, int]:
    """Give every plan that was tried a number, in that order, from 1."""
    tried = [*staffing.scores, *staffing.found.listed]
    return {plan: n for n, plan in enumerate(dict.fromkeys(tried), start=1)}


def role(staffing: Staffing, candidate: Candidate) -> str:
    """Say what became of a plan: winner, tested or tried."""
    if candidate == staffing.winner:
        return "winner"
    tested = {staffing.tested(test) for test in staffing.tests}
    return "tested" if candidate in tested else "tried"


def held_share(staffing: Staffing, candidate: Candidate) -> tuple[float, int]:
    """Give on what share of the days played every target held, and of how many."""
    whole = staffing.whole[candidate]
    return (whole[0] / whole[1] if whole[1] else nan), whole[1]


Rows = Iterator[dict[str, Any]]


def _plans(staffing: Staffing) -> Rows:
    names = list(staffing.setting.targets)
    for candidate, number in numbers(staffing).items():
        share, days = held_share(staffing, candidate)
        score = staffing.scores.get(candidate)
        asked = [one.share for one in staffing.asked]
        above = (
            [a - b for a, b in zip(score.shares(), asked, strict=True)] if score else []
        )
        weakest = names[above.index(min(above))] if above else ""
        yield {
            "plan": number,
            "cost": staffing.space.cost(candidate),
            "days": days,
            "share": share,
            "weakest": weakest,
            "role": role(staffing, candidate),
        }


def _values(staffing: Staffing) -> Rows:
    for candidate, number in numbers(staffing).items():
        for name, value in staffing.space.told(candidate).items():
            yield {"plan": number, "choice": name, "value": value}


def _tests(staffing: Staffing) -> Rows:
    known = numbers(staffing)
    for test, verdicts in zip(staffing.tests, staffing.test_verdicts, strict=True):
        candidate = staffing.tested(test)
        for place, (verdict, asked) in enumerate(
            zip(verdicts, staffing.asked, strict=True)
        ):
            yield {
                "plan": known[candidate],
                "cost": staffing.space.cost(candidate),
                "result": test.word,
                "target": verdict.target,
                "asked": asked.share,
                "held": verdict.held,
                "days": verdict.days,
                "rejects": place == test.stopped_by,
            }


def _winner(staffing: Staffing) -> Rows:
    if staffing.winner is None:
        return
    for option, index in zip(staffing.space.options, staffing.winner, strict=True):
        yield {
            "choice": option.name,
            "title": option.title,
            "before": "" if option.start is None else option.text(option.start),
            "value": option.text(index),
            "least": option.text(0),
            "most": option.text(len(option.values) - 1),
            "cost": option.costs[index],
        }


def _verdicts(staffing: Staffing) -> Rows:
    for verdict, asked in zip(staffing.verdicts, staffing.asked, strict=True):
        low, high = verdict.interval or (nan, nan)
        yield {
            "target": verdict.target,
            "title": verdict.title,
            "verdict": verdict.verdict,
            "held": verdict.held,
            "days": verdict.days,
            "low": low,
            "high": high,
            "asked": asked.share,
            "worst": verdict.worst,
        }


def _neighbours(staffing: Staffing) -> Rows:
    for one in staffing.neighbours:
        weakest = one.weakest
        row = {} if weakest is None else _weakest(staffing, weakest)
        yield row | {
            "choice": one.option,
            "before": one.before,
            "after": one.after,
            "saving": one.saving,
            "result": one.word,
        }


def _weakest(staffing: Staffing, weakest: Verdict) -> dict[str, Any]:
    return {
        "target": weakest.target,
        "held": weakest.held,
        "days": weakest.days,
        "asked": staffing.setting.targets[weakest.target].days,
        "worst": weakest.worst,
    }
