"""Orders and standing orders in plain language."""

from collections.abc import Callable, Mapping
from typing import Any

from scenarios.clock import Clock, span
from scenarios.condition import Comparison, Condition, condition_of
from scenarios.effect import HERE
from scenarios.order import data_of
from scenarios.scenario import Setting
from scenarios.standing import ALL, StandingOrder


def order_text(data: Mapping[str, Any], place_text: Callable[[str], str] = str) -> str:
    """Say what an order asks for, as the second half of a sentence.

    Parameters
    ----------
    data
        The order as a file or the log has it; see `scenarios.order`.
    place_text
        Says a place; left out: by its name.
    """
    told = {k: "it" if v == HERE else v for k, v in data.items()}
    if told["kind"] == "move":
        told["to"] = place_text(told["to"])
    return _ORDERS[told["kind"]](told)


def _places(word: str) -> Callable[[Mapping[str, Any]], str]:
    def told(data: Mapping[str, Any]) -> str:
        number = data["places"]
        more = "place" if number == 1 else "places"
        return f"{word} {number} {more} at {data['stage']} of {data['station']}"

    return told


def _move_officers(data: Mapping[str, Any]) -> str:
    number = data["officers"]
    officers = "officer" if number == 1 else "officers"
    return f"move {number} {officers} from {data['from']} to {data['to']}"


def _divert(data: Mapping[str, Any]) -> str:
    share, line, mode = (data[key] for key in ("share", "line", "mode"))
    stations = f"{data['station']} to {data['to']}"
    until = f" until {data['until']}" if data.get("until") else ""
    if not share and not line:
        return f"send nobody from {stations} any more"
    who = [f"{share:.0%} of those who come"] if share else []
    who += [f"{line:.0%} of the line"] if line else []
    by = f"on {mode}" if mode == "foot" else f"by {mode}"
    return f"send {' and '.join(who)} from {stations} {by}{until}"


_ORDERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "send": lambda data: f"send {data['unit']} to {data['incident']}",
    "recall": lambda data: f"recall {data['unit']}",
    "move": lambda data: f"move {data['unit']} to stand by at {data['to']}",
    "call_up": lambda data: f"call up {data['unit']}",
    "move_officers": _move_officers,
    "open_place": _places("open"),
    "close_place": _places("close"),
    "extend": lambda data: f"let {data['station']} vote until {data['until']}",
    "move_station": lambda data: f"move {data['station']} to {data['to']}",
    "divert": _divert,
}


def condition_text(condition: Condition) -> str:
    """Say on which condition something happens."""
    return " and ".join(
        f"{_reading(c)} {_SIGNS[c.sign]} {c.bound:g}" for c in condition.comparisons
    )


def found_text(why: str) -> str:
    """Say what was read when a standing order was given; as the log has it."""
    read = condition_of(why.replace(" = ", " >= ")).comparisons
    return " and ".join(f"{_reading(c)} {c.bound:g}" for c in read)


def _reading(comparison: Comparison) -> str:
    subjects = comparison.subjects
    at = (
        "there" if subjects and subjects[0] == HERE else f"at {', '.join(subjects[:1])}"
    )
    return _READINGS[comparison.reading, len(subjects)].format(*subjects, at=at)


_SIGNS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
_READINGS = {
    ("queue", 1): "the voters in line {at} are",
    ("queue", 2): "the voters in line for {1} {at} are",
    ("servers", 2): "the places of {1} open {at} are",
    ("officers", 1): "the free officers {at} are",
    ("level", 1): "the level of {0} is",
    ("open_incidents", 0): "the open incidents are",
    ("open_incidents", 1): "the open incidents of type {0} are",
    ("free_units", 0): "the free units are",
    ("free_units", 1): "the free units with skill {0} are",
}


def orders(setting: Setting) -> list[str]:
    """Describe every standing order, a sentence each."""
    return [
        _standing(name, order, setting.clock) for name, order in setting.orders.items()
    ]


def _standing(name: str, order: StandingOrder, clock: Clock) -> str:
    title = f"{name}: {order.title}. " if order.title else f"{name}: "
    given = " and ".join(order_text(data_of(one)) for one in order.order)
    return f"{title}{_when(order, clock)}, {given}; {_again(order)}."


def _when(order: StandingOrder, clock: Clock) -> str:
    begin = "" if order.at is None else f"At {clock.text(order.at)}"
    if order.from_ is not None:
        begin = f"From {clock.text(order.from_)} on"
    if order.until is not None:
        until = f"before {clock.text(order.until)}"
        begin = f"{begin} and {until}" if begin else until.capitalize()
    if order.each is not None:
        stations = "any station" if order.each == ALL else f"any of {_listed(order)}"
        begin = f"{begin}, at {stations}" if begin else f"At {stations}"
    if order.when is None:
        return begin
    held = condition_text(order.when)
    return f"{begin}, when {held}" if begin else f"When {held}"


def _listed(order: StandingOrder) -> str:
    return ", ".join(order.stations(()))


def _again(order: StandingOrder) -> str:
    once = "once" if order.each is None else "once at each"
    if order.again is None:
        return once
    return f"again after {span(order.again)} if it still holds"
