# What the text shows of units and dispatch that will not do what its writer wants.

import pytest

from scenarios.check import check_text
from tests.worlds import scenario_of

ROWS = {
    "a break in no shift": (
        "    base: hamlet\n",
        "    base: hamlet\n    breaks: [{from: 04:00, latest: 05:00, lasts: 20 min}]\n",
        "units.P2.breaks[0]: lies in no shift: it is never taken. "
        "Cure: move its window into a shift.",
    ),
    "a closing as long as the shift": (
        "    base: hamlet\n",
        "    base: hamlet\n    closing: {minutes: 17 h, priority: 1}\n",
        "units.P2.closing: is as long as a whole shift: less pressing incidents "
        "never get it. Cure: shorten it.",
    ),
    "a pause without a later shift": (
        "    base: hamlet\n",
        "    base: hamlet\n    shift_end: pause\n",
        "units.P2.shift_end: pause: there is no later shift in which to go on; the "
        "need is open again. Cure: take finish or relieve, or add a shift.",
    ),
    "home areas that nobody has": (
        "{policy: nearest}",
        "{policy: home-area}",
        "dispatch.policy: home-area, but no unit has areas and there are no lists: "
        "nobody is ever sent. Cure: give units areas, or dispatch lists.",
    ),
    "lists that no policy reads": (
        "{policy: nearest}",
        "{policy: nearest, lists: {school: [P1]}}",
        "dispatch.lists: policy nearest reads none. Cure: take policy home-area, or "
        "take them out.",
    ),
    "cover that nobody goes by": (
        "{policy: nearest}",
        "{policy: nearest, cover: {within: 5 min}}",
        "dispatch.cover: changes nobody's way: neither the policy nor stand-by goes by "
        "cover. Cure: take policy keep-cover or standby by cover.",
    ),
    "a preemption that never comes up": (
        "{policy: nearest}",
        "{policy: nearest, preempt: {3: [1]}}",
        "dispatch.preempt.3: priority 1 over 3 never comes up: the incident types have "
        "1. Cure: name priorities that occur.",
    ),
    "a reserve against nothing": (
        "{policy: nearest}",
        "{policy: nearest, reserve: {2: 1}}",
        "dispatch.reserve.2: no incident has this priority: they have 1. "
        "Cure: name priorities that occur.",
    ),
    "more needs filled than there are": (
        "    base: hamlet\n",
        "    base: hamlet\n    fills: 3\n",
        "units.P2.fills: never comes to 3: no level has more than 2 need(s) for its "
        "skills. Cure: lower it, or give the unit more skills.",
    ),
    "a pace of more than are needed": (
        "      - needs: {police: 2}\n",
        "      - needs: {police: 2}\n        pace: {1: 50 %, 3: 2}\n",
        "incidents.brawl.levels[1].pace.3: so many units are never at work: the level "
        "needs 2. Cure: take it out, or raise the needs.",
    ),
    "a reserve that is everybody": (
        "{policy: nearest}",
        "{policy: nearest, reserve: {1: 2}}",
        "incidents.brawl: no own unit is ever sent for police: dispatch.reserve "
        "keeps 2 back and only 2 can do it. Cure: lower the reserve, or add units.",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_it_is_told_with_its_cure(sound, name):
    old, new, says = ROWS[name]
    assert old in sound
    assert says in findings(sound.replace(old, new, 1))
    assert says not in findings(sound)


def findings(text):
    return [str(finding) for finding in check_text(scenario_of(text), "base")]


def test_together_with_too_few_units_nobody_is_ever_sent(sound):
    text = sound.replace("needs: {police: 2}", "needs: {police: 3}")
    text = text.replace("{policy: nearest}", "{policy: nearest, send: together}")
    assert (
        "incidents.brawl.levels[1]: needs 3 for police, all together, and there are 2: "
        "nobody is ever sent. Cure: add units, or take send: as_free."
    ) in findings(text)
    text = text.replace("    base: hamlet\n", "    base: hamlet\n    fills: 2\n")
    assert not any("nobody is ever sent" in says for says in findings(text))


def test_aid_that_is_not_there_and_units_that_cannot_be_moved(sound):
    text = sound.replace("army: {call_up: 40 min}", "army: {}")
    text = text.replace("{policy: nearest}", "{policy: nearest, aid_beyond: 9 min}")
    assert (
        "dispatch.aid_beyond: no unit is mutual aid: there is nobody to ask. "
        "Cure: give an agency call_up, or take it out."
    ) in findings(text)
    standby = "{policy: nearest, standby: {kind: list, places: [school]}}"
    text = sound.replace("{policy: nearest}", standby).replace(
        "    base: hamlet\n",
        "    base: hamlet\n    beat: {places: [school, seat]}\n",
        1,
    )
    assert (
        "dispatch.standby: no own unit is without post and beat: nobody can be moved. "
        "Cure: free a unit, or take it out."
    ) in findings(text)
