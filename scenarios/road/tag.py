"""Attributes of roads as text: lists, truths, numbers, speed limits, lines.

In a GraphML file every attribute may be text, lists too, as any generation of Python
wrote them: ``['50', '40']``, ``[u'50', u'40']``, ``[123L]``. None of it is run.
"""

import ast
import re
import unicodedata
import warnings
from collections.abc import Mapping

from scenarios.road.network import Point

MOST_LITERAL = 10_000
MOST_TEXT = 200
MOST_NUMBER = 1e9
FASTEST = 200.0
MISSING = {"", "nan", "NaN", "None", "NULL", "null", "<NA>", "[]"}
_ITEM = re.compile(r"'([^']*)'|\"([^\"]*)\"|(?<![\w.])(-?\d+(?:\.\d+)?|True|False)")
_LIMIT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(km/?h|kph|mph)?")
_ZONE = re.compile(r"(?:[a-z]{2}:)?(?:zone:?)?(\d{1,3})")
_DURATION = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)|(\d{1,4})")
_ISO = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_LINE = re.compile(r"\s*LINESTRING\s*(?:Z|M|ZM)?\s*\(([^()]*)\)\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_KM_A_MILE = 1.609344


def plain(text: str) -> str:
    """Give a text of a file in one line, composed (NFC), without control letters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # most texts: nothing in them to clean
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).split())


def items_of(text: str) -> tuple[str, ...]:
    """Read one value or a list of them; what stands for *missing* is left out."""
    if text in MISSING:
        return ()
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        one = plain(text)
        return () if one in MISSING else (one,)
    found = (plain(part) for part in _listed(text))
    return tuple(part for part in found if part not in MISSING)


def _listed(text: str) -> list[str]:
    found = None
    if len(text) <= MOST_LITERAL:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a stray backslash in a street name
                found = ast.literal_eval(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            found = None
    if isinstance(found, list):
        return [str(item) for item in found]
    # Long integers of Python 2, bare nan, types of numpy: take what looks like a value.
    return ["".join(groups) for groups in _ITEM.findall(text)]


def first_of(text: str) -> str:
    """Give the first value of a text that may be a list; empty when missing."""
    items = items_of(text)
    return items[0][:MOST_TEXT] if items else ""


def flag_of(text: str) -> bool:
    """Tell whether a text says yes; of a list, every item must say so."""
    items = items_of(text)
    return bool(items) and all(item.lower() in ("true", "yes", "1") for item in items)


def number_of(text: str) -> float | None:
    """Read a number up to 1e9 in size; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= MOST_NUMBER else None


def limit_of(
    text: str, zones: Mapping[str, float] | None = None
) -> tuple[float | None, str]:
    """Read a speed limit, the slowest of several.

    Parameters
    ----------
    text
        ``50``, ``50 km/h``, ``25 mph``, ``50;30``, ``VN:urban`` or a list of these.
    zones
        Limits of zone codes in small letters, metres a minute; a code that is not
        there whole (``vn:urban``) is looked for without its country (``urban``).

    Returns
    -------
    tuple
        The limit in metres a minute, None when the text gives none; and what to say
        of it: ``slowest`` (of several), ``zone`` (by a code), ``none`` (no limit),
        ``unread`` (no number), ``absurd`` (0, or above 200 km/h), or nothing.
    """
    parts = {p.strip().lower() for item in items_of(text) for p in item.split(";")}
    read = [_limit(part, zones or {}) for part in parts - {""}]
    usable = [(speed, remark) for speed, remark in read if speed is not None]
    if not usable:
        remarks = {remark for _, remark in read}
        return None, next((r for r in ("absurd", "unread", "none") if r in remarks), "")
    speed, remark = min(usable)
    return speed, "slowest" if len(read) > 1 else remark


def _limit(part: str, zones: Mapping[str, float]) -> tuple[float | None, str]:
    if part == "none":
        return None, "none"
    match = _LIMIT.fullmatch(part)
    if match:
        speed = float(match[1]) * (_KM_A_MILE if match[2] == "mph" else 1)
        usable = 0 < speed <= FASTEST
        return (speed * 1000 / 60, "") if usable else (None, "absurd")
    for code in (part, part.rpartition(":")[2]):
        if code in zones:
            return zones[code], "zone"
    zone = _ZONE.fullmatch(part)
    if zone and 0 < int(zone[1]) <= FASTEST:
        return int(zone[1]) * 1000 / 60, "zone"
    return None, "unread"


def minutes_of(text: str) -> float | None:
    """Read a crossing time, ``00:20``, ``1:05:00``, ``20`` or ``PT20M``, in minutes."""
    match = _DURATION.fullmatch(text.strip())
    if match and match[4]:
        found = float(match[4])
    elif match:
        hours, minutes = (match[1], match[2]) if match[1] else (match[2], match[3])
        seconds = match[3] if match[1] else 0
        found = int(hours) * 60 + int(minutes) + int(seconds) / 60
    else:
        iso = _ISO.fullmatch(text.strip())
        days, hours, minutes, seconds = iso.groups("0") if iso else ("0",) * 4
        found = int(days) * 1440 + int(hours) * 60 + int(minutes) + int(seconds) / 60
    return found if 0 < found <= 10_000 else None


def line_of(text: str) -> list[Point]:
    """Read a line of well-known text, ``LINESTRING (x y, x y)``.

    Returns
    -------
    list
        At least two points; none at all when the text is no such line. A height is
        dropped.
    """
    match = _LINE.fullmatch(text)
    if match is None:
        return []
    points: list[Point] = []
    for part in match[1].split(","):
        numbers = [number_of(word) for word in part.split()]
        if not 2 <= len(numbers) <= 4 or numbers[0] is None or numbers[1] is None:
            return []
        points.append((numbers[0], numbers[1]))
    return points if len(points) > 1 else []
