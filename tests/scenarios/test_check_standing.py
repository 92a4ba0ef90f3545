# Standing orders that are sound as text and can do nothing; and how they are told.

import pytest

from scenarios.check import check_text
from scenarios.describe.order import found_text, orders
from tests.town import village
from tests.worlds import scenario_of

WORLD = village("Check", end="20:00")
WORLD += """\
places: {base: {node: a}, school: {node: b}}
stations:
  KV1:
    place: school
    registered: 100
    turnout: 100 %
    arrivals: {hourly: [1]}
    opens: "07:00"
    closes: "12:00"
    officers: 3
    stages:
      desk:
        servers: [{from: "07:00", servers: 1}, {from: "08:00", servers: 2}]
        service: 1 min
      box: {servers: 1, service: 1 min, voting: true}
agencies: {police: {}, district: {call_up: 30 min}}
units:
  P1:
    agency: police
    skills: [order]
    base: base
    shifts: [{from: "06:00", until: "20:00"}]
  T1:
    agency: district
    skills: [traffic]
    base: base
    shifts: [{from: "06:00", until: "20:00"}]
incidents:
  fight: {levels: [{needs: {order: 1}, on_scene: 10 min}]}
script:
  S1: {title: t, at: "08:00", effects: [{kind: incident, type: fight, place: school}]}
orders:
"""
OPEN = "{kind: open_place, station: KV1, stage: desk}"


def found(order):
    setting = scenario_of(WORLD + f"  O1: {order}\n")
    told = map(str, check_text(setting, "base"))
    return [line.removeprefix("orders.O1.") for line in told if "orders" in line]


@pytest.mark.parametrize(
    "when",
    [
        "queue(KV1) <= 100 and queue(KV1) >= 100",
        "officers(KV1) >= 3",
        "level(S1) >= 1",
        "free_units(order) > 0.5 and free_units(order) < 1.5",
        "servers(KV1, desk) > 900",
        "open_incidents() > 99",
    ],
)
def test_what_may_hold_and_can_be_done_is_not_told(when):
    assert found(f"{{when: '{when}', order: {OPEN}}}") == []


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("queue(KV1) > 100",
         "queue(KV1) > 100 can never hold: queue(KV1) is at most 100, the list of KV1"),
        ("queue(KV1, desk) > 5 and queue(KV1, desk) < 6",
         "queue(KV1, desk) > 5 and queue(KV1, desk) < 6 can never hold: there is no "
         "such number"),
        ("queue(KV1) < 0",
         "queue(KV1) < 0 can never hold: there is no such number"),
        ("officers(KV1) >= 4",
         "officers(KV1) >= 4 can never hold: officers(KV1) is at most 3, the team of "
         "KV1"),
        ("free_units() > 2",
         "free_units() > 2 can never hold: free_units() is at most 2, the units of the "
         "plan"),
        ("free_units(traffic) > 1",
         "free_units(traffic) > 1 can never hold: free_units(traffic) is at most 1, "
         "the units of the plan with skill traffic"),
        ("level(S1) >= 2",
         "level(S1) >= 2 can never hold: level(S1) is at most 1, the top level of S1"),
    ],
)  # fmt: skip
def test_a_condition_that_can_never_hold_is_found(when, text):
    assert found(f"{{when: '{when}', order: {OPEN}}}") == [
        f"when: {text}. Cure: another bound."
    ]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("{kind: open_place, station: KV1, stage: desk, places: 4}",
         "open_place will always be refused: it needs 4 officers, and KV1 has 3. Cure: "
         "4 officers, or fewer places."),
        ("{kind: close_place, station: KV1, stage: desk, places: 3}",
         "close_place will always be refused: desk of KV1 never has 3 places open. "
         "Cure: fewer places."),
        ("{kind: call_up, unit: P1}",
         "call_up will always be refused: P1 is no mutual aid. Cure: give police "
         "call_up, or take it out."),
        ("{kind: send, unit: T1, incident: S1}",
         "send will always be refused: T1 can do nothing of what S1 needs. Cure: a "
         "unit with one of the skills order."),
        ("{kind: send, unit: P1, incident: S2}",
         "send will always be refused: no inject places an incident 'S2'. Cure: name "
         "an inject that places an incident."),
        ("{kind: move_officers, from: KV1, to: KV1}",
         "move_officers will always be refused: KV1 is where they are. Cure: another "
         "station."),
    ],
)  # fmt: skip
def test_an_order_that_is_never_possible_is_found(order, text):
    assert found(f"{{at: '09:00', order: {order}}}") == [f"order: {text}"]


@pytest.mark.parametrize(
    ("time", "key"),
    [
        ("at: '20:00'", "at: 20:00"),
        ("at: 'D-1 09:00'", "at: D-1 09:00"),
        ("when: queue(KV1) > 1, from: 'D+1 07:00'", "from: D+1 07:00"),
        ("when: queue(KV1) > 1, until: '06:00'", "until: 06:00"),
    ],
)
def test_a_time_at_which_nothing_is_read_is_found(time, key):
    assert found(f"{{{time}, order: {OPEN}}}") == [
        f"{key} is outside the clock: it is never read. Cure: choose a time within the "
        "clock."
    ]


def test_a_standing_order_is_told_in_a_sentence():
    text = WORLD + (
        "  O1: {title: More, when: 'queue(here, desk) > 5 and officers(here) >= 1', "
        "each: all, from: '07:30', until: '11:00', again: 15 min, "
        "order: {kind: open_place, station: here, stage: desk}}\n"
        "  O2: {at: '09:00', order: [{kind: call_up, unit: T1}, "
        "{kind: move, unit: P1, to: school}]}\n"
        "  O3: {when: open_incidents(fight) > 0, order: {kind: close_place, "
        "station: KV1, stage: box}}\n"
    )
    assert orders(scenario_of(text).setting) == [
        "O1: More. From 07:30 on and before 11:00, at any station, when the voters in "
        "line for desk there are above 5 and the free officers there are at least 1, "
        "open 1 place at desk of it; again after 15 min if it still holds.",
        "O2: At 09:00, call up T1 and move P1 to stand by at school; once.",
        "O3: When the open incidents of type fight are above 0, close 1 place at box "
        "of KV1; once.",
    ]


def test_what_was_read_is_told_in_words():
    assert found_text("queue(KV1, desk) = 7 and free_units() = 1") == (
        "the voters in line for desk at KV1 are 7 and the free units are 1"
    )
