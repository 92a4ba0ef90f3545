"""The fields of a table of calls: times, durations and numbers as people write them."""

import datetime as dt
import re

from scenarios.call.setting import COUNTED, Calls
from scenarios.clock import DAY, Clock, minutes_of, shown

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?(e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_HMS = re.compile(r"([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])")
_ISO = re.compile(
    r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})[ T])?([0-9]{1,2}):([0-5][0-9])"
    r"(?::([0-5][0-9](?:\.[0-9]{1,9})?))?"
)
_ANSWERS = dict.fromkeys(("yes", "y", "true", "1"), True)
_ANSWERS |= dict.fromkeys(("no", "n", "false", "0"), False)
_ZONE = re.compile(r".*:.*[0-9] ?(Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE)


def number_of(text: str, settings: Calls) -> float:
    """Read a number with the decimal mark of the file."""
    plain = text
    if settings.decimal == ",":
        plain = text.replace(".", "!").replace(",", ".")
    if not _NUMBER.fullmatch(plain) or abs(float(plain)) > 1e9:
        hint = "; set calls.decimal" if re.search(r"[0-9][,.][0-9]", text) else ""
        raise ValueError(f"not a number, found {shown(text)}{hint}")
    return float(plain)


def duration_of(text: str, settings: Calls) -> float:
    """Read minutes: a bare number, ``0:12:30``, or with its unit."""
    if match := _HMS.fullmatch(text):
        hours, minutes, seconds = map(int, match.groups())
        return hours * 60 + minutes + seconds / 60
    if text[-1].isalpha():
        return minutes_of(text)
    try:
        found = number_of(text, settings) * COUNTED[settings.durations]
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1e7:
        raise ValueError(
            f"not a duration, found {shown(text)}; write a number (of "
            f"{settings.durations}: calls.durations), 0:12:30 or 12 min"
        )
    return found


def priority_of(text: str) -> int:
    """Read a priority, from 1 to 9."""
    if not re.fullmatch(r"[1-9](\.0+)?", text):
        raise ValueError(f"not a priority, found {shown(text)}; allowed: 1 to 9")
    return int(text[0])


def yes_or_no(text: str) -> bool:
    """Read yes or no."""
    found = _ANSWERS.get(text.casefold())
    if found is None:
        raise ValueError(f"neither yes nor no, found {shown(text)}")
    return found


def time_of(text: str, settings: Calls, clock: Clock) -> float:
    """Read the time of a call.

    Returns
    -------
    float
        Minutes from the scenario's start; may lie outside its clock.
    """
    if settings.time in COUNTED:
        number = text.replace(",", ".") if settings.decimal == "," else text
        if not _NUMBER.fullmatch(number):
            raise ValueError(f"not a number of {settings.time}, found {shown(text)}")
        return float(number) * COUNTED[settings.time]
    if _ZONE.fullmatch(text) and "%" not in settings.time and ":" in text:
        raise ValueError(
            f"has a time zone, found {shown(text)}; a scenario has local time only"
        )
    if settings.time == "iso" and text.startswith("D") and settings.day is None:
        return clock.moment(text)
    date, minutes = _iso(text) if settings.time == "iso" else _formed(text, settings)
    if date is None and settings.day is not None:
        raise ValueError(f"has no date, found {shown(text)}, and calls.day asks for it")
    day = dt.date.fromisoformat(settings.day or clock.day)
    days = 0 if date is None else (date - day).days
    return clock.moment("00:00") + days * DAY + minutes


def _iso(text: str) -> tuple[dt.date | None, float]:
    match = _ISO.fullmatch(text)
    try:
        if match is not None:
            hour, minute, second = int(match[2]), int(match[3]), float(match[4] or 0)
            minutes = hour * 60 + minute + second / 60
            if minute < 60 and second < 60 and minutes <= DAY:
                date = dt.date.fromisoformat(match[1]) if match[1] else None
                return date, minutes
    except ValueError:
        raise ValueError(f"no such date, found {shown(text)}") from None
    raise ValueError(
        f"not a time, found {shown(text)}; write 2018-11-15 12:01, or say in "
        "calls.time how it is written"
    )


def _formed(text: str, settings: Calls) -> tuple[dt.date | None, float]:
    try:
        found = dt.datetime.strptime(text, settings.time)  # noqa: DTZ007 - local time
    except ValueError:
        raise ValueError(
            f"not a time in the form '{settings.time}', found {shown(text)}"
        ) from None
    second = found.second + found.microsecond / 1e6
    date = found.date() if "%d" in settings.time else None
    return date, found.hour * 60 + found.minute + second / 60
