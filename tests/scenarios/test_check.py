# Sound as text, but it will not do what its writer wants: what, where, and the cure.

import pytest

from scenarios.check import check_text
from scenarios.file.reader import load
from simulator.check import check_world

SOUND = """
title: A village
clock: {day: 2021-05-23, start: "D-1 12:00", end: "24:00"}
rules: vietnam-2015
roads:
  network:
    nodes: {a: [0, 0], b: [1000, 0], c: [2000, 0], isle: [0, 5000], isle2: [9, 5000]}
    edges:
      - {id: ab, from: a, to: b, road: tertiary}
      - {id: bc, from: b, to: c, road: tertiary, one_way: true}
      - {id: cb, from: c, to: b, road: tertiary, one_way: true}
      - {id: isles, from: isle, to: isle2, road: track}
places: {school: {node: b}, base: {node: a}, farm: {at: [500, 100]}}
stations:
  KV1:
    place: school
    registered: 600
    turnout: 95 %
    arrivals: {hourly: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}
    opens: "07:00"
    closes: "19:00"
    officers: 3
    stages:
      desk: {servers: 2, service: 1 min, voting: true}
      box: {servers: 1, service: 10 s}
agencies: {police: {}}
units:
  P1:
    agency: police
    skills: [order]
    base: base
    shifts: [{from: "D-1 12:00", until: "24:00"}]
  P2:
    agency: police
    skills: [order]
    base: base
    shifts: [{from: "D-1 12:00", until: "24:00"}]
incidents:
  fight:
    levels: [{needs: {order: 2}, on_scene: 10 min}]
    rates: [{places: [school], per_hour: 0.1}]
script:
  S1:
    title: Fight
    at: "09:00"
    effects: [{kind: incident, type: fight, place: school}]
  S2:
    title: Slow
    at: "10:00"
    effects: [{kind: slow, station: KV1, stage: desk, factor: 2.0, for: 10 min}]
duties:
  ballots:
    kind: delivery
    unit: P1
    start: "D-1 14:00"
    load_at: base
    stations: [KV1]
    deadline: "D-1 18:00"
  guard:
    kind: guard
    units: [P2]
    place: school
    from: "D-1 18:00"
    until: "07:00"
"""


def findings(tmp_path, *edits):
    text = SOUND
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "village.yaml").write_text(text)
    scenario = load(tmp_path / "village.yaml")
    found = [*check_text(scenario, "base"), *check_world(scenario, "base")]
    return [str(finding) for finding in found]


def test_a_sound_scenario_has_no_finding(tmp_path):
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    ("edit", "finding"),
    [
        (
            ("registered: 600", "registered: 250"),
            "stations.KV1.registered: 250 voters, the rule pack asks for at least 300. "
            "Cure: merge the area, or say why in exception.",
        ),
        (
            ("registered: 600", "registered: 4100"),
            "stations.KV1.registered: 4100 voters, the rule pack allows at most 4000. "
            "Cure: divide the area, or say why in exception.",
        ),
        (
            ('opens: "07:00"', 'opens: "04:30"'),
            "stations.KV1.opens: opens at 04:30, the rule pack allows 05:00 at the "
            "earliest. Cure: open at 05:00 or later.",
        ),
        (
            ('closes: "19:00"', 'closes: "21:30"'),
            "stations.KV1.closes: closes at 21:30, the rule pack allows 21:00 at the "
            "latest. Cure: close at 21:00 or earlier.",
        ),
        (
            ('closes: "19:00"', 'closes: "19:00"\n    latest_close: "21:30"'),
            "stations.KV1.latest_close: 21:30, the rule pack allows 21:00 at the "
            "latest. Cure: leave it out, or make it earlier.",
        ),
        *(
            (
                (
                    "{kind: slow, station: KV1, stage: desk, factor: 2.0, for: 10 min}",
                    f'{{kind: extend, station: KV1, until: "{until}"}}',
                ),
                "script.S2.effects[0]: will be refused: KV1 closes at 19:00, and may "
                "vote until 21:00 at most (Viet Nam, election law 85/2015/QH13). Cure: "
                "order it before the close, for a time within the limit.",
            )
            for until in ("21:01", "19:00")
        ),
        (
            (
                "officers: 3",
                "officers: 3\n    count: {set_up: 1 min, per_ballot: 1 s, officers: 4}",
            ),
            "stations.KV1.count.officers: 4 should count, and the team has 3. Cure: 3 "
            "to count, or a larger team.",
        ),
        (
            (
                "officers: 3",
                'officers: 3\n    breaks: [{from: "11:30", lasts: 1 h, officers: 2}]',
            ),
            "stations.KV1.breaks[0]: closes the last place of box at 11:30. Cure: "
            "fewer officers at once, or another time.",
        ),
        (
            (
                "{kind: slow, station: KV1, stage: desk, factor: 2.0, for: 10 min}",
                "{kind: move_station, station: KV1, to: school}",
            ),
            "script.S2.effects[0]: KV1 cannot move from school to school by car. Cure: "
            "another place, or another mode.",
        ),
        (
            (
                "{kind: slow, station: KV1, stage: desk, factor: 2.0, for: 10 min}",
                "{kind: move_station, station: KV1, to: farm, mode: boat}",
            ),
            "script.S2.effects[0]: KV1 cannot move from school to farm by boat. Cure: "
            "another place, or another mode.",
        ),
        (
            ('closes: "19:00"', 'closes: "18:00"'),
            "stations.KV1.arrivals: voters still come until 19:00, after the close; "
            "they are turned away. Cure: end the profile at 18:00.",
        ),
        (
            ("officers: 3", "officers: 2"),
            "stations.KV1.officers: 2 officers, but all places at the opening need 3; "
            "some stay closed. Cure: 3 officers, or fewer servers.",
        ),
        (
            ("order: 2}", "order: 3}"),
            "incidents.fight.levels[0].needs.order: needs 3, and 2 unit(s) of the plan "
            "have the skill; they can never all be there at once. Cure: add 1 unit(s) "
            "with the skill order.",
        ),
        (
            ('at: "09:00"', 'at: "D+1 09:00"'),
            "script.S1.at: at D+1 09:00, outside the clock: it never happens. Cure: "
            "choose a time within the clock.",
        ),
        (
            ("factor: 2.0", "factor: 1.0"),
            "script.S2.effects[0]: a factor of 1 changes nothing. Cure: another "
            "factor.",
        ),
        (
            ("for: 10 min}]\nduties", "for: 0 min}]\nduties"),
            "script.S2.effects[0]: lasts no time: it changes nothing. Cure: a longer "
            "time.",
        ),
        (
            ("for: 10 min}]\nduties", 'until: "09:30"}]\nduties'),
            "script.S2.effects[0]: ends at 09:30, before it begins. Cure: a later end.",
        ),
        (
            (
                "{kind: slow, station: KV1, stage: desk, factor: 2.0, for: 10 min}",
                "{kind: suspend, station: KV1, mode: freeze}",
            ),
            "script.S2.effects[0]: the vote is suspended and nobody can end it. Cure: "
            "say for or until, or place an incident that suspends the station.",
        ),
        (
            ('at: "10:00"', "when: level(S2) >= 1"),
            "script.S2.when: S2 places no incident: its level is always 0. Cure: name "
            "an inject that places an incident.",
        ),
        (
            ('deadline: "D-1 18:00"', 'deadline: "D-1 13:00"'),
            "duties.ballots: is due at D-1 13:00, before it starts. Cure: a deadline "
            "after D-1 14:00.",
        ),
        (
            ('deadline: "D-1 18:00"', 'deadline: "D-1 14:20"'),
            "duties.ballots: cannot be done in time: travel 1.7 min and work 25 min "
            "end 6.7 min after the deadline. Cure: start earlier, share the stops, or "
            "move the deadline.",
        ),
        (
            ("service: 1 min", "service: 3 min"),
            "stations.KV1.stages.desk: overloaded: 1.19 times what its 2 server(s) can "
            "do in the hour from 07:00. Cure: at least 3 servers with their officers.",
        ),
        (
            ("at: [500, 100]", "at: [500, 2000]"),
            "places.farm: lies 2000 m from the nearest road; the way there is left out "
            "of all travel times. Cure: check its coordinates, or add the road.",
        ),
        (
            ("base: {node: a}", "base: {node: isle}"),
            "units.P1: cannot reach school by motorcycle. Cure: move its base or the "
            "place, or open a road to this mode.",
        ),
    ],
)
def test_each_finding_says_where_what_and_the_cure(tmp_path, edit, finding):
    found = findings(tmp_path, edit)
    assert finding in found, "\n".join(found)


def test_a_unit_on_two_guards_at_once_is_found(tmp_path):
    second = SOUND.split("  guard:\n")[1]
    edit = ("  guard:\n", "  guard-2:\n" + second + "  guard:\n")
    assert (
        "units.P2: on guard and on guard-2 at once, from D-1 18:00. Cure: give one of "
        "them to another unit." in findings(tmp_path, edit)
    )


def test_an_exception_is_accepted_where_the_law_allows_one(tmp_path):
    edit = ("registered: 600", "registered: 250\n    exception: mountains")
    assert findings(tmp_path, edit) == []


def test_a_shift_outside_the_clock_is_found(tmp_path):
    edit = (
        "P2:\n    agency: police\n    skills: [order]\n    base: base\n"
        '    shifts: [{from: "D-1 12:00", until: "24:00"}]',
        "P2:\n    agency: police\n    skills: [order]\n    base: base\n"
        '    shifts: [{from: "D-2 12:00", until: "D-2 20:00"}]',
    )
    assert any(
        text.startswith("units.P2.shifts: no shift lies within the clock")
        for text in findings(tmp_path, edit)
    )
