"""Over how many days a list of calls was kept; and whether it can give a rate."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.calibrate.calls import Calls
from analysis.calibrate.rate import empty_by_chance
from scenarios.problem import fail

# Chance below which days without calls are days that are not in the list.
_NEVER = 1e-6
_NARROW = 0.95
_NARROW_HOURS = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """When a list was kept, as far as the user knows.

    Parameters
    ----------
    days
        On how many days.
    begin, end
        First and last day, as ``2021-05-23``.
    """

    days: int | None = None
    begin: str | None = None
    end: str | None = None


def days_observed(calls: Calls, kept: Kept | None = None) -> tuple[int, list[str]]:
    """Say over how many days the list was kept.

    Parameters
    ----------
    calls
        The list.
    kept
        As the user knows it.

    Returns
    -------
    int, list
        Days, and sentences on them.

    Raises
    ------
    ScenarioError
        When that cannot be told from the list: then it gives no rate.
    """
    kept, seen = kept or Kept(), Counter(calls.days)
    begin, end = _day(kept.begin, "--from"), _day(kept.end, "--until")
    days, first, last = kept.days, begin or min(seen), end or max(seen)
    if begin is not None or end is not None:
        outside = [day for day in seen if not first <= day <= last]
        if outside:
            raise fail(
                f"--from {first} --until {last}",
                f"{len(outside)} day(s) of the list lie outside, such as {outside[0]}",
            )
        days = days if days is not None else (last - first).days + 1
    if days is not None:
        if days < len(seen):
            told = f"the list has calls on {len(seen)} days already; found {days}"
            raise fail("--days", told)
        return days, [f"Kept for {days} days, as stated.", *_narrow(calls)]
    span = (last - first).days + 1
    why = _sample(calls, seen, span)
    if why:
        raise fail(
            "incidents",
            "this list cannot give a rate: "
            + "; ".join(why)
            + ". A rate needs the days on which the list was kept, those without a "
            "call too: say --days N, or --from and --until, if you know that it is "
            "whole; as it stands it can only be replayed (muster run --calls)",
        )
    return span, [
        f"Kept for {span} days: every day from {first} to {last} [assumed].",
        *_narrow(calls),
    ]


def _day(text: str | None, name: str) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise fail(f"{name} {text}", "not a date; write 2021-05-23") from None


def _sample(calls: Calls, seen: Mapping[dt.date, int], span: int) -> list[str]:
    """Say why the days of a list look like a sample; nothing where they do not."""
    counts, empty = np.array([*seen.values()]), span - len(seen)
    if empty_by_chance(counts, empty) >= _NEVER:
        return []
    why = [
        f"it has calls on {len(seen)} of the {span} days from {min(seen)} to "
        f"{max(seen)}, {counts.mean():.3g} on each of them, so the {empty} days "
        "without any were not quiet but are not in the list"
    ]
    of_month, number = Counter(day.day for day in seen).most_common(1)[0]
    if len(seen) >= 5 and number > len(seen) / 2:
        why.append(
            f"{number} of those {len(seen)} days are the {of_month}th of a month"
        )
    top = max(seen, key=lambda day: seen[day])
    if len(seen) >= 5 and seen[top] > 5 * np.median(counts):
        why.append(f"{seen[top]} of its {len(calls.days)} calls are of one day, {top}")
    return why + [text.rstrip(".") for text in _narrow(calls)]


def _narrow(calls: Calls) -> list[str]:
    """Say so when nearly all calls came within a few hours of the day."""
    hours = np.bincount((np.array(calls.minutes) // 60 % 24).astype(int), minlength=24)
    for width in range(1, _NARROW_HOURS + 1):
        sums = np.convolve(hours, np.ones(width, int), "valid")
        at = int(sums.argmax())
        if sums[at] >= _NARROW * hours.sum() and hours.sum() >= 50:
            share = sums[at] / hours.sum()
            return [
                f"{share * 100:.0f} % of the calls came between {at:02d}:00 and "
                f"{at + width:02d}:00: for the other hours it says nothing."
            ]
    return []
