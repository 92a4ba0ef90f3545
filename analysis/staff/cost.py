"""What a plan costs: known beforehand, whatever happens on the day."""

from scenarios.force import Shift, Unit
from scenarios.scenario import Setting
from scenarios.staffing import (
    Choice,
    OfficersChoice,
    PathChoice,
    ServersChoice,
    UnitsChoice,
)


def units_cost(setting: Setting) -> float:
    """Cost of all units on their shifts, in the money of `cost_per_hour`.

    Units of mutual aid cost nothing beforehand: whether they are called up is chance.
    """
    return sum(
        unit.cost_per_hour * hours(unit.shifts, setting)
        for unit in setting.units.values()
        if setting.agencies[unit.agency].call_up is None
    )


def hours(shifts: tuple[Shift, ...], setting: Setting) -> float:
    """Hours of shifts within the scenario's clock."""
    end = setting.clock.minutes
    spans = [min(s.until, end) - max(s.from_, 0.0) for s in shifts]
    return sum(max(minutes, 0.0) for minutes in spans) / 60


def choice_costs(choice: Choice, setting: Setting) -> tuple[float, ...]:
    """Cost of each value of a choice, by itself.

    Parameters
    ----------
    choice
        As the scenario has it.
    setting
        The scenario under the plan from which the search starts.

    Returns
    -------
    tuple of float
        In the order of the values. Of a path: what the file says of it; what it changes
        of the units comes on top, see `analysis.staff.choice`.
    """
    if isinstance(choice, ServersChoice):
        rate = choice.cost_per_hour * _open_hours(choice, setting)
        return tuple(rate * servers for servers in choice.values)
    if isinstance(choice, OfficersChoice):
        station = setting.stations[choice.station]
        rate = choice.cost_per_hour * (station.closes - station.opens) / 60
        return tuple(rate * officers for officers in choice.values)
    if isinstance(choice, UnitsChoice):
        rate = _unit_cost(choice, setting)
        return tuple(rate * number for number in choice.values)
    if isinstance(choice, PathChoice) and choice.costs is not None:
        return choice.costs
    return (0.0,) * len(choice.values)


def _open_hours(choice: ServersChoice, setting: Setting) -> float:
    """Hours of the vote that a choice of servers is about."""
    station = setting.stations[choice.station]
    begin = station.opens if choice.from_ is None else max(choice.from_, station.opens)
    end = station.closes if choice.until is None else min(choice.until, station.closes)
    return max(end - begin, 0.0) / 60


def _unit_cost(choice: UnitsChoice, setting: Setting) -> float:
    like: Unit = setting.units[choice.like]
    if setting.agencies[like.agency].call_up is not None:
        return 0.0
    return like.cost_per_hour * hours(choice.shifts or like.shifts, setting)
