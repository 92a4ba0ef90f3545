# Odd but sound scenarios go through check, describe, run and report without a fault.

import json

import pytest

import muster
from scenarios.check import check_text
from scenarios.describe import describe
from scenarios.file.reader import load
from simulator.check import check_world
from tests.town import village

BARE = village("Odd", end="12:00") + "places: {here: {node: a}, there: {node: b}}\n"
STATION = """
stations:
  KV1:
    place: there
    registered: 30
    turnout: 100 %
    arrivals: {hourly: [1, 1]}
    opens: "07:00"
    closes: "10:00"
    officers: 2
    stages: {desk: {servers: 2, service: 2 min, voting: true}}
"""
UNITS = """
agencies: {police: {}}
units:
  P1:
    agency: police
    skills: [order]
    base: here
    shifts: [{from: "06:00", until: "12:00"}]
"""
FIGHT = """
incidents:
  fight: {levels: [{needs: {order: 1}, on_scene: 5 min}]}
script:
  S1:
    title: Fight
    at: "08:00"
    effects: [{kind: incident, type: fight, place: there}]
"""
WAITS = """
targets:
  waits:
    title: Waits
    measure: wait.within
    within: 10 min
    bound: at least 90 %
    population: each station
    days: 50 %
"""
CASES = {
    "nothing but a place": BARE,
    "a target with nothing to measure": BARE + WAITS,
    "units and no stations": BARE + UNITS + FIGHT,
    "stations and no units": BARE + STATION + WAITS,
    "a single voter": BARE + STATION.replace("30", "1") + WAITS,
    "nobody sets out": BARE + STATION.replace("100 %", "0 %") + WAITS,
    "no officers": BARE + STATION.replace("officers: 2", "officers: 0") + WAITS,
    "no servers": BARE + STATION.replace("servers: 2", "servers: 0") + WAITS,
    "services longer than the day": BARE
    + STATION.replace("service: 2 min", "service: 2 d")
    + WAITS,
    "voters who come after the close": BARE
    + STATION.replace("{hourly: [1, 1]}", '{hourly: [1], from: "10:30"}')
    + WAITS,
    "a unit that is never on shift": BARE
    + UNITS.replace('"06:00", until: "12:00"', '"D+1 06:00", until: "D+1 12:00"')
    + FIGHT,
    "a guard off shift, a convoy before the close, a late delivery": BARE
    + STATION
    + UNITS.replace('until: "12:00"', 'until: "09:00"')
    + """
duties:
  g: {kind: guard, units: [P1], place: there, from: "09:30", until: "11:00"}
  c: {kind: convoy, unit: P1, start: "08:00", stations: [KV1], to: here,
      deadline: "08:30"}
  d: {kind: delivery, unit: P1, start: "08:30", load_at: here, stations: [KV1],
      deadline: "08:00"}
""",
    "a round with more voters than the list": BARE
    + STATION
    + UNITS
    + """
duties:
  r: {kind: auxiliary_round, unit: P1, station: KV1, start: "07:30", stops: [here],
      voters: 99, visit: 5 min, back_by: "09:00"}
""",
    "injects at the first and the last minute": BARE
    + STATION
    + UNITS
    + """
incidents:
  fight: {levels: [{needs: {order: 1}, on_scene: 5 min}]}
script:
  S1: {title: First, at: "06:00",
       effects: [{kind: incident, type: fight, place: there}]}
  S2: {title: Last, at: "12:00",
       effects: [{kind: close_road, roads: [ab], for: 1 min}]}
""",
}


@pytest.mark.parametrize("name", CASES)
def test_odd_but_sound_scenarios_go_through_everything(tmp_path, name):
    (tmp_path / "odd.yaml").write_text(CASES[name])
    scenario = load(tmp_path / "odd.yaml")
    findings = [*check_text(scenario, "base"), *check_world(scenario, "base")]
    assert all(finding.cure for finding in findings)
    assert describe(scenario, "base").startswith("# Odd")
    result = muster.run(scenario, replications=2, workers=1)
    json.dumps(result.json(), allow_nan=False)
    assert len(result.targets) == len(scenario.setting.targets)
    for replication in result.experiment.replications:
        assert replication.judgements is not None
    out = result.write(tmp_path / "out")
    assert (out / "report.html").stat().st_size > 1000
    for table in result.days["first"].log.voters.values():
        assert sum(table.account().values()) == table.registered
