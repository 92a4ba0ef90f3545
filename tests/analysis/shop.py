# A polling day with one station, small enough to play every plan of it.

from tests.town import village

STATION = """\
places: {base: {node: a}, school: {node: b}}
stations:
  KV1:
    place: school
    registered: 300
    turnout: 100 %
    arrivals: {hourly: [3, 2, 1]}
    opens: "07:00"
    closes: "12:00"
    officers: 4
    stages:
      desk: {servers: 2, service: {law: exponential, mean: 1 min}}
      booth:
        servers: [{from: "07:00", servers: 3}, {from: "09:00", servers: 2}]
        officers: 0
        voting: true
        service: {law: exponential, mean: 2 min}
agencies: {police: {}}
units:
  P1: &unit
    agency: police
    skills: [order]
    base: base
    shifts: [{from: "06:00", until: "12:00"}]
    cost_per_hour: 10
  G1: *unit
  G2: *unit
duties:
  g: {kind: guard, units: [G1, G2], place: school, from: "07:00", until: "12:00"}
targets:
  waits:
    title: Nine in ten wait at most 10 min
    measure: wait.within
    within: 10 min
    bound: at least 90 %
    population: each station
    days: 90 %
"""
TWO = """\
staffing:
  desks:
    kind: servers
    station: KV1
    stage: desk
    values: [1, 2, 3, 4]
    cost_per_hour: 30
  booths:
    kind: servers
    station: KV1
    stage: booth
    values: [6, 4, 3, 2]
    cost_per_hour: 5
"""
MANY = """\
staffing:
  desks:
    {kind: servers, station: KV1, stage: desk, values: [1, 2, 3], cost_per_hour: 30}
  early:
    kind: servers
    station: KV1
    stage: booth
    until: "09:00"
    values: [2, 3, 4]
    cost_per_hour: 5
  late:
    kind: servers
    station: KV1
    stage: booth
    from: "09:00"
    values: [1, 2, 3]
    cost_per_hour: 5
  patrols: {kind: units, like: P1, values: [0, 1, 2]}
  reserve:
    kind: units
    like: P1
    name: R
    base: school
    shifts: [{from: "08:00", until: "10:00"}]
    values: [0, 1, 2]
  guard: {kind: units, like: G2, values: [0, 1]}
  policy: {kind: policy, values: [nearest, nearest-idle]}
  send: {kind: set, path: dispatch.send, values: [as_free, together], costs: [0, 3]}
  held: {kind: set, path: dispatch.reserve.3, values: [null, 1]}
  pay: {kind: set, path: units.G1.cost_per_hour, values: [10, 5]}
"""
ALL_KINDS = """\
staffing:
  at-7:
    kind: servers
    station: KV1
    stage: desk
    until: "08:00"
    values: [2, 4]
    cost_per_hour: 30
  at-8:
    kind: servers
    station: KV1
    stage: desk
    from: "08:00"
    until: "09:00"
    values: [2, 3]
    cost_per_hour: 30
  from-9:
    {kind: servers, station: KV1, stage: desk, from: "09:00", values: [1, 2]}
  early-at-school:
    kind: units
    like: P1
    name: E
    base: school
    shifts: [{from: "06:00", until: "09:00"}]
    values: [0, 1, 2]
  late-at-base:
    kind: units
    like: P1
    name: L
    base: base
    shifts: [{from: "09:00", until: "12:00"}]
    values: [0, 1]
  where-p1-starts: {kind: set, path: units.P1.base, values: [base, school]}
  post:
    kind: set
    path: units.P1.posts
    values: [[], [{place: school, from: "07:00", until: "12:00"}]]
  box-guard: {kind: set, path: duties.g.units, values: [[G1], [G1, G2]], costs: [0, 1]}
  held: {kind: set, path: dispatch.reserve.2, values: [null, 1]}
  policy: {kind: policy, values: [nearest, nearest-idle]}
"""
# A second target, on calls; and places and patrols that may be fewer or more.
CALLS = """\
  answered:
    title: Two in three calls are answered within 10 min
    measure: response.within
    within: 10 min
    bound: at least 65 %
    population: overall
    days: 80 %
incidents:
  quarrel:
    priority: 2
    levels: [{needs: {order: 1}, on_scene: {law: exponential, mean: 30 min}}]
    rates: [{places: [school], per_hour: 2}]
"""
THREE = """\
staffing:
  desks:
    {kind: servers, station: KV1, stage: desk, values: [2, 3, 4], cost_per_hour: 30}
  booths:
    {kind: servers, station: KV1, stage: booth, values: [4, 6], cost_per_hour: 5}
  patrols: {kind: units, like: P1, values: [1, 2, 4, 5]}
"""
HEAD = village("A day at one station")
SMALL = HEAD + STATION + TWO
LARGE = HEAD + STATION + MANY
MIXED = HEAD + STATION + CALLS + THREE
EACH = HEAD + STATION + ALL_KINDS
