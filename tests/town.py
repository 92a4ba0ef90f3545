# The heads of small worlds, in YAML as a planner writes it: what a test is about reads
# on from there.


def village(title: str, start: str = "06:00", end: str = "14:00") -> str:
    """Write the head of a world on a road of 1 km from a to b; places come next."""
    return f"""
title: {title}
clock: {{day: 2021-05-23, start: "{start}", end: "{end}"}}
roads:
  network:
    nodes: {{a: [0, 0], b: [1000, 0]}}
    edges: [{{id: ab, from: a, to: b, road: tertiary}}]
"""


# A road of 10 km, where 1000 m take a minute, and a patrol; incidents come next.
PATROL = """
title: A road of 10 km
clock: {day: 2021-05-23, start: "06:00", end: "10:00"}
roads:
  network:
    nodes: {west: [0, 0], middle: [5000, 0], east: [10000, 0]}
    edges:
      - {id: first, from: west, to: middle, road: lane}
      - {id: second, from: middle, to: east, road: lane}
  classes:
    lane: {car: 60 km/h, motorcycle: 60 km/h, truck: 60 km/h}
places:
  base: {node: west}
  square: {node: middle}
  school: {node: east}
agencies: {police: {}}
units:
  P1:
    agency: police
    skills: [order]
    base: base
    turnout: 2 min
    shifts: [{from: "06:00", until: "10:00"}]
"""
