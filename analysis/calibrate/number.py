"""Numbers as tables have them."""

from analysis.calibrate.moment import moment_in
from scenarios.clock import shown


def number_in(text: str, what: str, low: float = 0.0, high: float = 1e9) -> float:
    """Read a number, with commas or blanks between thousands.

    Raises
    ------
    ValueError
        When it is none, or out of bounds.
    """
    plain = text.replace(" ", "").replace("\u00a0", "")
    head, *parts = plain.split(",")
    if parts and all(len(part) == 3 for part in parts):
        plain = head + "".join(parts)
    try:
        value = float(plain)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ValueError(
            f"not {what}, found {shown(text)}; allowed: {low:g} to {high:g}"
        )
    return value


def is_value(field: str) -> bool:
    """Tell whether a field is a number or a time: no name of a column."""
    for read in (float, moment_in):
        try:
            read(field)
        except ValueError:
            continue
        return True
    return False
