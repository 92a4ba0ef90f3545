"""The voters of a station, all their attributes drawn beforehand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.station import Station
from simulator.stream import Chance, Floats, durations

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voters:
    """Everybody on the list of one station; index i is a place on the list.

    Parameters
    ----------
    order
        Places on the list of those who set out, by arrival, shape (set out,).
    arrival
        When each would come, minutes from the start, shape (registered,).
    priority
        Whether served first, shape (registered,).
    class_
        0 for ordinary voters, else the number of the class in the file, from 1, shape
        (registered,).
    patience
        Minutes in the first line; infinite where none is stated, shape (registered,).
    service
        Minutes for each voter at each stage, NaN where the voter skips it, shape
        (registered, stages): the stages of a voter lie side by side.
    uniforms
        Gives the uniform numbers of a purpose, shape (registered,). Few days need them,
        so they are drawn when first asked for; keyed as they are, that changes nothing.
    """

    order: Ints
    arrival: Floats
    priority: Flags
    class_: NDArray[np.int8]
    patience: Floats
    service: Floats
    uniforms: Callable[[str], Floats]

    @property
    def balk(self) -> Floats:
        """Uniform; turns back when below the share that balks."""
        return self.uniforms("balk")

    @property
    def surge(self) -> Floats:
        """Uniform; how far into a surge the voter comes."""
        return self.uniforms("surge")

    @property
    def drop(self) -> Floats:
        """Uniform; stays away when below the share of a drop."""
        return self.uniforms("drop")

    @property
    def drop_return(self) -> Floats:
        """Uniform; comes after a drop when below the share that returns."""
        return self.uniforms("drop return")

    @property
    def drop_delay(self) -> Floats:
        """Uniform; how long after a drop the voter comes."""
        return self.uniforms("drop delay")

    @property
    def away(self) -> Floats:
        """Uniform; comes back after leaving when below the share that returns."""
        return self.uniforms("away")

    @property
    def move(self) -> Floats:
        """Uniform; gives up when the station moves, below the share that does."""
        return self.uniforms("move")

    @property
    def divert(self) -> Floats:
        """Uniform; goes to another station when below the share that is diverted."""
        return self.uniforms("divert")

    @property
    def away_delay(self) -> Floats:
        """Uniform; how long after the vote resumes the voter comes back."""
        return self.uniforms("away delay")


def draw_voters(
    name: str, station: Station, chance: Chance, *, auxiliary: int, shift: float = 0.0
) -> Voters:
    """Draw the voters of a station.

    Parameters
    ----------
    name
        Of the station; part of the key of every draw.
    station
        Its list, turnout, profile and stages.
    chance
        Of the replication.
    auxiliary
        Voters at the end of the list who vote at an auxiliary box, if anywhere.
    shift
        Added to the turnout, which stays from 0 to 1.
    """
    number = station.registered
    services = tuple(f"service {stage}" for stage in station.stages)
    rows = chance.rows("voter", name, ("arrival", "turnout", *services), number)

    @cache
    def uniforms(purpose: str) -> Floats:
        return chance.uniforms("voter", name, purpose, number)

    arrival, order = _arrivals(station, rows[0], rows[1], shift)
    if auxiliary:  # who votes at such a box does not set out
        order = order[order < number - min(auxiliary, number)]
    patience = np.full(number, np.inf)
    if station.patience is not None:
        patience = durations(station.patience, uniforms("patience"))
    class_ = _classes(station, uniforms)
    priority = _served_first(station, class_, uniforms)
    service = _services(station, class_, rows[2:])
    _skip(station, service, uniforms)
    if station.recorded is not None:
        _lay_over(patience, station.recorded.patience)
        _lay_over(priority, station.recorded.priority)
        for i, minutes in enumerate(station.recorded.service):
            _lay_over(service[:, i], minutes)
    _pass_by(station, class_, service)
    return Voters(
        order=order,
        arrival=arrival,
        priority=priority,
        class_=class_,
        patience=patience,
        service=service,
        uniforms=uniforms,
    )


def draw_guests(home: Station, voters: Voters, station: Station) -> Voters:
    """Draw all voters of one station as guests of another.

    Its rules and laws hold for them, on the numbers they have at home: who is slow at
    a desk is slow at one of that name elsewhere. They keep their class where it has
    one of that name, and what was recorded of them.

    Parameters
    ----------
    home, voters
        The station whose list they are on, and its voters.
    station
        Where they come as guests.

    Returns
    -------
    Voters
        By place on the list of `home`; nobody sets out.
    """
    uniforms, number = voters.uniforms, len(voters.arrival)
    patience = np.full(number, np.inf)
    if station.patience is not None:
        patience = durations(station.patience, uniforms("patience"))
    names = ["", *station.classes]
    kept = [names.index(name) if name in names else 0 for name in ("", *home.classes)]
    class_ = np.array(kept, dtype=np.int8)[voters.class_]
    priority = _served_first(station, class_, uniforms)
    rows = [uniforms(f"service {stage}") for stage in station.stages]
    service = _services(station, class_, np.array(rows))
    _skip(station, service, uniforms)
    if home.recorded is not None:
        _lay_over(patience, home.recorded.patience)
        _lay_over(priority, home.recorded.priority)
        recorded = dict(zip(home.stages, home.recorded.service, strict=True))
        for i, stage in enumerate(station.stages):
            _lay_over(service[:, i], recorded.get(stage, ()))
    _pass_by(station, class_, service)
    return Voters(
        order=np.zeros(0, dtype=np.int64),
        arrival=np.full(number, np.inf),
        priority=priority,
        class_=class_,
        patience=patience,
        service=service,
        uniforms=uniforms,
    )


def _arrivals(
    station: Station, when: Floats, whether: Floats, shift: float
) -> tuple[Floats, Ints]:
    """Give when each voter would come, and the order of those who set out."""
    arrival = np.full(station.registered, np.inf)
    if station.recorded is not None:
        _lay_over(arrival, station.recorded.arrival)
        order = _rising(arrival[: len(station.recorded.arrival)])
        return arrival, order
    order = _rising(when)
    times, shares = zip(*station.profile(), strict=True)
    arrival[order] = np.interp(when[order], shares, times)
    turnout = min(max((station.turnout or 0.0) + shift, 0.0), 1.0)
    return arrival, order[whether[order] < turnout]


def _skip(station: Station, service: Floats, uniforms: Callable[[str], Floats]) -> None:
    """Have voters skip the stages that not all pass."""
    for i, (name, stage) in enumerate(station.stages.items()):
        if stage.share < 1:
            service[uniforms(f"passes {name}") >= stage.share, i] = np.nan


def _pass_by(station: Station, class_: NDArray[np.int8], service: Floats) -> None:
    """Have voters skip the stages that are not for their class."""
    for i, stage in enumerate(station.stages.values()):
        if stage.only is None and stage.except_ is None:
            continue
        barred = [not stage.admits(name) for name in station.voters_of]
        if any(barred):
            service[np.array(barred)[class_], i] = np.nan


def _lay_over(values: NDArray[Any], recorded: tuple[float, ...]) -> None:
    """Put what was recorded in place of what was drawn; NaN is what was not."""
    found = np.array(recorded)
    stated = np.flatnonzero(~np.isnan(found))
    values[stated] = found[stated]


def _rising(numbers: Floats) -> Ints:
    """Give the places of rising numbers; of equal ones the first place first."""
    order = np.argsort(numbers)
    found = numbers[order]
    if not (found[1:] > found[:-1]).all():
        # The quick way may put equal numbers in any order; the stable one may not.
        order = np.argsort(numbers, kind="stable")
    return order.astype(np.int64, copy=False)


def _classes(station: Station, uniforms: Callable[[str], Floats]) -> NDArray[np.int8]:
    """Put each voter in a class; where there is none, nothing is drawn."""
    if not station.classes:
        return np.zeros(station.registered, dtype=np.int8)
    ends = np.cumsum([one.share for one in station.classes.values()])
    place = np.searchsorted(ends, uniforms("class"), side="right") + 1
    # Beyond the last class are the ordinary voters.
    class_ = np.where(place > len(ends), 0, place).astype(np.int8)
    if station.recorded is not None:
        _lay_over(class_, station.recorded.class_)
    return class_


def _served_first(
    station: Station, class_: NDArray[np.int8], uniforms: Callable[[str], Floats]
) -> Flags:
    first = [False, *(one.priority for one in station.classes.values())]
    if station.priority == 0:
        return np.array(first)[class_]
    return uniforms("priority") < station.priority


def _services(station: Station, class_: NDArray[np.int8], rows: Floats) -> Floats:
    """Turn the numbers of each stage into service times, by class of voter."""
    service = np.empty((rows.shape[1], len(rows)))
    for i, (name, stage) in enumerate(station.stages.items()):
        service[:, i] = durations(stage.service, rows[i])
        for number, one in enumerate(station.classes.values(), start=1):
            chosen = class_ == number
            if name in one.service:
                service[chosen, i] = durations(one.service[name], rows[i][chosen])
            else:
                service[chosen, i] *= one.slower
    return service
