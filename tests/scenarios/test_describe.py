# What a scenario says of units and incidents, in plain words.

import pytest

from scenarios.describe import describe
from tests.worlds import scenario_of

ROWS = {
    "the turnout of a shift": (
        "- {from: 14:00, until: 23:00}",
        "- {from: 14:00, until: 23:00, turnout: 5 min}",
        "on shift 06:00 to 14:00, 14:00 to 23:00 (turnout 5 min on average); "
        "else turnout 2 min on average",
    ),
    "a unit that fills several needs": (
        "    base: hamlet\n",
        "    base: hamlet\n    fills: 2\n",
        "fills up to 2 needs of an incident that nobody else can",
    ),
    "the pace of a level, of incidents by chance": (
        "      - needs: {police: 2}\n",
        "      - needs: {police: 2}\n        pace: {2: 1.5, 1: 50 %}\n",
        "at level 2 the work goes at 50 % with 1, 150 % with 2",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_rule_is_said_where_it_is_given_and_nowhere_else(sound, name):
    old, new, says = ROWS[name]
    assert old in sound
    assert says in said(sound.replace(old, new, 1))
    assert says not in said(sound)


def said(text):
    return describe(scenario_of(text), "base")
