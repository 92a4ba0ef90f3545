"""Recorded incidents at play: what a call states is so, the rest is drawn."""

from dataclasses import replace

from scenarios.call import Call
from scenarios.scenario import Scenario, Setting
from simulator.incident import Draw, draw_incident, draw_incidents
from simulator.stream import Chance


def draws_of(scenario: Scenario, setting: Setting, chance: Chance) -> list[Draw]:
    """Draw every incident that comes from outside: by chance, or from a call list.

    Parameters
    ----------
    scenario
        Whose calls are replayed.
    setting
        The scenario under a plan.
    chance
        Of the replication.

    Returns
    -------
    list of Draw
        By when they arise.
    """
    replayed = types_replayed(scenario)
    by_chance = draw_incidents(setting, chance)
    draws = [draw for draw in by_chance if draw.type not in replayed]
    draws += draws_of_calls(scenario, setting, chance)
    return sorted(draws, key=lambda draw: draw.arises)


def types_replayed(scenario: Scenario) -> set[str]:
    """Name the types that come from calls and are not played at their rates."""
    settings = scenario.setting.calls
    if scenario.recorded.report is None or settings is None or settings.with_rates:
        return set()
    return {call.type for call in scenario.recorded.calls} | {*settings.types.values()}


def draws_of_calls(scenario: Scenario, setting: Setting, chance: Chance) -> list[Draw]:
    """Make an incident of every call; what its row does not state is drawn.

    A call is the report: it comes at its very minute, and the incident arose before it
    by the reporting delay (but not before the start).
    """
    return [_draw(call, setting, chance) for call in scenario.recorded.calls]


def _draw(call: Call, setting: Setting, chance: Chance) -> Draw:
    kind = setting.incidents[call.type]
    draw = draw_incident(call.name, call.type, call.place, 0.0, kind, chance)
    delay = draw.report_delay if call.report_delay is None else call.report_delay
    # What is left of one of them is exact, so the report is, to the last bit.
    arises = max(call.reported - delay, 0.0)
    handling = draw.call_handling if call.call_handling is None else call.call_handling
    return replace(
        draw,
        arises=arises,
        report_delay=call.reported - arises,
        call_handling=handling,
        priority=call.priority,
        turnout=call.turnout,
        stated=call.on_scene,
        area=call.area,
        carried=call.transport,
        destination=call.destination,
        handed_over=call.hand_over,
    )
