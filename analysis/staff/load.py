"""Where the search starts: places by the offered load of each hour and its root.

Square-root staffing: a stage that is offered the work of `a` servers gets
``a + beta * sqrt(a)`` of them, so that what varies by chance finds room (Halfin and
Whitt 1981; Kolesar and Green 1998). It knows no balking, no breaks and no incidents: it
is where simulation begins, not what is believed.
"""

from math import ceil, sqrt

from analysis.staff.choice import Candidate, Space
from analysis.staff.option import Option
from scenarios.scenario import Setting
from scenarios.staffing import OfficersChoice, ServersChoice
from scenarios.station import Station
from simulator.load import offered

BETA = 1.0


def servers_for(load: float) -> int:
    """Give the servers for an offered load, by the square-root rule."""
    return ceil(load + BETA * sqrt(load) - 1e-9)


def formula(space: Space) -> Candidate:
    """Give the plan that the formulas suggest; what they know nothing of stays."""
    return tuple(_index(option, space.setting) for option in space.options)


def _index(option: Option, setting: Setting) -> int:
    choice = option.choice
    if isinstance(choice, ServersChoice):
        return _least(option, _places(choice, setting.stations[choice.station]))
    if isinstance(choice, OfficersChoice):
        return _least(option, _team(setting.stations[choice.station]))
    return len(option.values) - 1 if option.start is None else option.start


def _places(choice: ServersChoice, station: Station) -> int:
    hours = offered(station, choice.stage)
    loads = [load for hour, load in hours if choice.holds(hour)]
    return servers_for(max(loads, default=0.0))


def _team(station: Station) -> int:
    """Officers for the places that the formulas suggest at every stage."""
    return sum(
        stage.officers * servers_for(max(load for _, load in offered(station, name)))
        for name, stage in station.stages.items()
    )


def _least(option: Option, wanted: int) -> int:
    """Give the least value that is enough, else the last."""
    enough = [i for i, value in enumerate(option.values) if value >= wanted]
    return enough[0] if enough else len(option.values) - 1
