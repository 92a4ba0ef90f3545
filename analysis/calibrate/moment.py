"""Times of day as tables have them: minutes since midnight, and the date if any."""

import datetime as dt
import re

from scenarios.clock import shown

_FORM = re.compile(
    r"(?:(?P<date>[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})[ T]+)?"
    r"(?P<hour>[0-9]{1,2})(?:[:h.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?|h)?"
    r"\s*(?P<half>[ap]m)?",
    re.IGNORECASE,
)


def moment_in(text: str) -> tuple[str, float]:
    """Read a time of day, with its date where there is one.

    Parameters
    ----------
    text
        Such as ``07:30``, ``7h30``, ``7:30 am``, ``18``, ``2018/03/11 07:30``.

    Returns
    -------
    str, float
        The date as ``2018-03-11``, or empty; minutes since midnight.

    Raises
    ------
    ValueError
        When it is none.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"not a time, found {shown(text)}; write 07:30 or 2021-05-23 07:30"
        )
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].lower() == "pm")
    minutes = hour * 60 + minute + int(match["second"] or 0) / 60
    if minute > 59 or minutes > 1440:
        raise ValueError(f"no such time of day, found {shown(text)}; 00:00 to 24:00")
    return _date(match["date"]), minutes


def _date(text: str | None) -> str:
    if not text:
        return ""
    parts = [int(part) for part in re.split("[-/]", text)]
    try:
        return dt.date(*parts).isoformat()
    except ValueError:
        raise ValueError(f"no such date, found {shown(text)}") from None


def clock_of(minutes: float) -> str:
    """Write minutes since midnight as clock text, seconds where there are any."""
    total = round(minutes * 60)
    hour, rest = divmod(total, 3600)
    tail = f":{rest % 60:02d}" if rest % 60 else ""
    return f"{hour:02d}:{rest // 60:02d}{tail}"
