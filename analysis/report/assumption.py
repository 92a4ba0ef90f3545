"""What a result rests on: assumptions of the scenario and of the model, in words."""

from analysis.report.wording import listed, named
from scenarios.clock import span
from scenarios.describe.force import aid_text, standing_orders
from scenarios.describe.uncertain import uncertain
from scenarios.scenario import Scenario, Setting


def assumptions_of(scenario: Scenario, setting: Setting) -> dict[str, list[str]]:
    """Gather the assumptions under headings.

    Parameters
    ----------
    scenario
        Whose rule pack and roads.
    setting
        The scenario under the plan that was played.
    """
    groups = {
        "Stated in the scenario": list(setting.assumptions),
        "Law and custom": _law(scenario),
        "Stations": _stations(setting),
        "Units and incidents": _forces(setting),
        "Roads": scenario.road_report.lines(),
        "Recorded incidents": scenario.recorded.lines(),
        "Not known beforehand": _chances(setting),
        "Measures": _measures(),
        "Changed for this run": [f"--set {change}" for change in scenario.changes],
    }
    return {title: lines for title, lines in groups.items() if lines}


def _law(scenario: Scenario) -> list[str]:
    rules = scenario.rules
    said = {
        "Rule pack": f"{rules.title}. Source: {rules.source}",
        "On an interruption": rules.on_interruption,
        "On the close": rules.on_close,
    }
    return [f"{about}: {_whole(text)}" for about, text in said.items() if text]


def _whole(text: str) -> str:
    """End a text as a sentence."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _stations(setting: Setting) -> list[str]:
    lines = []
    for rule, text in _CLOSE_RULES.items():
        names = [n for n, s in setting.stations.items() if s.close_rule == rule]
        if names:
            lines.append(f"{listed(names)}: {text}")
    if setting.stations:
        lines += [
            "Voting goes on once the incident behind an interruption has been cleared "
            "by the units it needs (or the time of the inject is over) and the box has "
            "been inspected.",
            "Voters do not change station. Who turns back, or gives up, does not "
            "return, except as an effect says.",
        ]
    lines += [
        f"{named(name, station.title)}: everything ends {span(station.clears)} after "
        "the close; whoever is still inside then is turned away."
        for name, station in setting.stations.items()
        if station.clears is not None
    ]
    lines += [
        f"{named(name, station.title)}: {_whole(station.exception)}"
        for name, station in setting.stations.items()
        if station.exception
    ]
    return lines


_CLOSE_RULES = {
    "stop": "close rule stop. Under stop, who has received a ballot may finish; who is "
    "still in the first line at the close is turned away. This is an assumption.",
    "serve_queue": "close rule serve_queue. Who is in line at the close may vote.",
}


def _forces(setting: Setting) -> list[str]:
    if not setting.units:
        return []
    aid = [
        f"{named(name, agency.title)}: {text}."
        for name, agency in setting.agencies.items()
        for text in aid_text(agency)
    ]
    return [
        *standing_orders(setting.dispatch),
        "A unit on scene stays until its work is done, unless it goes out of service, "
        "its shift ends or an order recalls it.",
        "An incident escalates when nobody has come a stated time after it arose, "
        "reported or not; once somebody is there it does not.",
        "An order to a unit out of touch waits until it is in touch again.",
        *aid,
        "Guards on a fixed post are sent nowhere else, unless the plan says so.",
    ]


def _chances(setting: Setting) -> list[str]:
    """Say what is drawn once a day, beside voters and incidents."""
    lines = uncertain(setting)
    lines += [
        f"{named(name, inject.title)}: {inject.when_text(setting.clock)}."
        for name, inject in setting.script.items()
        if inject.by_chance
    ]
    if lines:
        lines.append(
            "These are drawn once a day, each by itself: day 7 has the same under "
            "every plan. That they move together is not modelled."
        )
    return lines


def _measures() -> list[str]:
    return [
        "Who came and did not vote counts as having waited too long.",
        "What never ended is infinite: a miss in every share, at the top of every "
        "quantile, left out of means and counted beside them.",
        "Every day of one experiment, and every plan, meets its own chance by the "
        "number of the day: day 7 of two plans has the same voters and the same "
        "incidents.",
    ]
