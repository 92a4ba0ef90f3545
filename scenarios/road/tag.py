"""Attributes of roads as text: lists, truths, numbers, speed limits, lines.

In a GraphML file every attribute may be text, lists too, as any generation of Python
wrote them: ``['50', '40']``, ``[u'50', u'40']``, ``[123L]``. None of it is run.
"""

import ast
import re
import unicodedata
import warnings

from scenarios.road.network import Point

MOST_LITERAL = 10_000
MOST_TEXT = 200
MOST_NUMBER = 1e9
FASTEST = 200.0
_MISSING = {"", "nan", "NaN", "None", "NULL", "null", "<NA>", "[]"}
_ITEM = re.compile(r"'([^']*)'|\"([^\"]*)\"|(?<![\w.])(-?\d+(?:\.\d+)?|True|False)")
_LIMIT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(km/?h|kph|mph)?")
_LINE = re.compile(r"\s*LINESTRING\s*(?:Z|M|ZM)?\s*\(([^()]*)\)\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_KM_A_MILE = 1.609344


def plain(text: str) -> str:
    """Give a text of a file in one line, composed (NFC), without control letters."""
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).split())


def items_of(text: str) -> tuple[str, ...]:
    """Read one value or a list of them; what stands for *missing* is left out."""
    if text in _MISSING:
        return ()
    text = text.strip()
    listed = text.startswith("[") and text.endswith("]")
    parts = _listed(text) if listed else [text]
    found = (plain(part) for part in parts)
    return tuple(part for part in found if part not in _MISSING)


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
    return next(iter(items_of(text)), "")[:MOST_TEXT]


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


def limit_of(text: str) -> tuple[float | None, str]:
    """Read a speed limit, the slowest of several.

    Parameters
    ----------
    text
        ``50``, ``50 km/h``, ``25 mph``, ``50;30`` or a list of these.

    Returns
    -------
    tuple
        The limit in metres a minute, None when the text gives none; and what to say
        of it: ``slowest`` (of several), ``unread`` (no number), ``absurd`` (0, or
        above 200 km/h), or nothing.
    """
    parts = {part.strip() for item in items_of(text) for part in item.split(";")}
    read = [match for part in parts if (match := _LIMIT.fullmatch(part))]
    speeds = [
        float(match[1]) * (_KM_A_MILE if match[2] == "mph" else 1) for match in read
    ]
    usable = [speed for speed in speeds if 0 < speed <= FASTEST]
    if usable:
        return min(usable) * 1000 / 60, "slowest" if len(parts) > 1 else ""
    if not parts:
        return None, ""
    return None, "absurd" if speeds else "unread"


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
