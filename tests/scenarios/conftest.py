"""A sound little scenario, and ways to break it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

SCENARIO = """\
title: A small polling day
clock:
  day: 2021-05-23
  start: D 05:00
  end: D+1 02:00
  phases: {during: 07:00, after: 19:00}
rules: vietnam-2015
roads:
  network:
    nodes: {a: [0, 0], b: [1000, 0], c: [2000, 0]}
    edges:
      - {id: ab, from: a, to: b, road: tertiary, length: 1.2 km}
      - {id: bc, from: b, to: c, road: tertiary, speed: 30 km/h}
places:
  seat: {node: a}
  school: {at: [1500, 100]}
  hamlet: {node: c}
stations:
  KV1:
    place: school
    registered: 600
    turnout: 95 %
    arrivals: {hourly: [16, 16, 16, 8, 4, 4, 4, 4, 4, 4, 4, 4]}
    opens: 07:00
    closes: 19:00
    officers: 9
    priority: 5 %
    balk:
      - {line: 40, share: 5 %}
      - {line: 80, share: 20 %}
    patience: {law: exponential, mean: 90 min}
    stages:
      check-in:
        servers: [{from: 07:00, servers: 2}, {from: 11:00, servers: 1}]
        service: 60 s
      booth:
        servers: 4
        officers: 0
        voting: true
        service: {law: lognormal, mean: 3 min, cv: 0.5}
      box: {servers: 1, service: 10 s}
    count: {set_up: 20 min, per_ballot: 10 s}
  KV2:
    place: hamlet
    registered: 300
    turnout: 0.9
    arrivals:
      cumulative:
        - {at: 07:00, share: 0 %}
        - {at: 10:00, share: 60 %}
        - {at: 19:00, share: 100 %}
    opens: 07:00
    closes: 19:00
    officers: 6
    stages:
      desk:
        servers: 2
        voting: true
        service: {law: triangular, low: 1 min, mode: 2 min, high: 6 min}
agencies:
  police: {}
  army: {call_up: 40 min}
units:
  P1:
    agency: police
    skills: [police]
    base: seat
    turnout: {law: uniform, low: 1 min, high: 3 min}
    shifts:
      - {from: 06:00, until: 14:00}
      - {from: 14:00, until: 23:00}
    posts:
      - {place: school, from: 07:00, until: 12:00, strip: last}
  P2:
    agency: police
    skills: [police, guard]
    base: hamlet
    shifts: [{from: 06:00, until: 23:00}]
  A1:
    agency: army
    skills: [rescue]
    base: seat
    mode: truck
    shifts: [{from: 06:00, until: 23:00}]
incidents:
  brawl:
    priority: 1
    levels:
      - needs: {police: 1}
        on_scene: 15 min
        effects:
          - {kind: slow, station: here, stage: booth, factor: 1.5}
      - needs: {police: 2}
        on_scene: 30 min
        after: 20 min
    rates:
      - {places: [school, hamlet], per_hour: 0.1, phase: during}
dispatch: {policy: nearest}
script:
  S1:
    title: A brawl in the line
    at: 09:00
    effects:
      - {kind: incident, type: brawl, place: school}
  S2:
    title: The road is flooded
    after: S1
    delay: 30 min
    effects:
      - {kind: close_road, roads: [bc], for: 2 h}
  S3:
    title: Many come at once
    when: queue(KV1) > 60
    effects:
      - {kind: surge, station: KV1, voters: 50, over: 10 min}
duties:
  D1:
    kind: delivery
    unit: P2
    start: 06:00
    load_at: seat
    stations: [KV1, KV2]
    deadline: 07:00
  D2: {kind: guard, units: [P1], place: school, from: 19:00, until: 22:00}
  D3:
    kind: auxiliary_round
    unit: P2
    station: KV2
    start: 08:00
    stops: [seat]
    voters: 5
    visit: 10 min
    back_by: 12:00
targets:
  waits:
    title: Nobody waits long
    measure: wait.within
    within: 30 min
    bound: at least 95 %
    population: each station
    days: 90 %
  last:
    title: Results in by night
    measure: result.at
    bound: by 23:30
    population: overall
    days: 90 %
    confidence: 90 %
orders:
  O1:
    title: Another desk
    when: queue(KV1, check-in) > 40 and officers(KV1) >= 1
    from: 07:00
    until: 18:00
    again: 15 min
    order: {kind: open_place, station: KV1, stage: check-in}
  O2:
    at: 18:30
    when: queue(here) > 20
    each: all
    order:
      - {kind: move_officers, from: KV1, to: KV2}
"""
LEAN = """\
title: Lean
summary: One officer less, and no auxiliary box.
stations:
  KV1:
    officers: 8
    stages:
      check-in: {servers: 1}
duties:
  D3: null
dispatch: {policy: nearest-idle}
"""

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def sound() -> str:
    return SCENARIO


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the sound scenario and its plan, with some files changed or added."""

    def _write(files: Mapping[str, str | bytes] | None = None) -> Path:
        texts = {"scenario.yaml": SCENARIO, "plans/lean.yaml": LEAN, **(files or {})}
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path

    return _write
