# Which roads an effect means: by class, in a polygon, in a circle; by hand.

import copy
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.effect import CloseRoad
from scenarios.place import Place
from scenarios.road import Network, Roads
from scenarios.road.network import graph_of, project
from simulator.log import Kind
from simulator.road import RoadMap, road_map, roads_meant
from simulator.world import World
from tests.simulator.test_road_hours import FAST, river
from tests.worlds import scenario_of

# A ladder: three rungs 1 km apart, 1 km long; the last one is an alley.
NODES = {
    f"{side}{i}": [1000.0 * x, 1000.0 * i]
    for i in range(3)
    for x, side in enumerate("lr")
}
EDGES = [
    {
        "id": f"rung{i}",
        "from": f"l{i}",
        "to": f"r{i}",
        "road": "alley" if i == 2 else "lane",
    }
    for i in range(3)
]
EDGES += [
    {"id": f"{side}{i}", "from": f"{side}{i}", "to": f"{side}{i + 1}", "road": "lane"}
    for i in range(2)
    for side in "lr"
]
# A place ("pump") stands on rung1, so that it is in two pieces.
STREETS = {
    "rung1": "Pumps",
    "l0": "Long",
    "l1": "Long",
    "rung2": "Long",
    "rung0": "Short",
}
EDGES = [{**edge, "name": STREETS.get(edge["id"], "")} for edge in EDGES]
CLASSES = {"lane": {"car": "60 km/h"}, "alley": {"car": "30 km/h"}}


def ladder(**places: Place) -> RoadMap:
    network = {"nodes": NODES, "edges": EDGES}
    spec = Roads.model_validate({"network": network, "classes": CLASSES})
    return road_map(graph_of(Network.model_validate(network)), spec, places)


def meant(here: str = "", **data: object) -> set[str]:
    effect = CloseRoad.model_validate({"kind": "close_road", **data})
    places = {"pump": Place(at=(500, 990)), "mill": Place(node="l0")}
    return set(roads_meant(ladder(**places), effect, here))


def test_by_class():
    assert meant(classes=["alley"]) == {"rung2"}
    assert meant(classes=["alley", "lane"]) == {edge["id"] for edge in EDGES}


def test_by_street():
    assert meant(streets=["Long"]) == {"l0", "l1", "rung2"}
    assert meant(streets=["Pumps"]) == {"rung1"}
    assert meant(streets=["Short", "Long"]) == {"l0", "l1", "rung0", "rung2"}


def test_here_is_what_meets_at_the_place():
    assert meant("mill", roads=["here", "rung2"]) == {"rung0", "l0", "rung2"}
    assert meant("pump", roads=["here"]) == {"rung1"}


@pytest.mark.parametrize(
    ("polygon", "roads"),
    [
        # Within one mesh: no road, though it lies between roads.
        ([[100, 100], [900, 100], [900, 900], [100, 900]], set()),
        # An arm over a rung, with no node inside.
        ([[400, 800], [600, 800], [600, 1200], [400, 1200]], {"rung1"}),
        # Round a node.
        ([[-10, -10], [10, -10], [10, 10], [-10, 10]], {"rung0", "l0"}),
        # A horseshoe round the middle of a rung, which it leaves out.
        ([[300, 1100], [300, 900], [700, 900], [700, 1100], [690, 1100], [690, 910],
          [310, 910], [310, 1100]], {"rung1"}),
        ([[-5, 1500], [5, 1500], [0, 1600]], {"l1"}),
        # All.
        ([[-9, -9], [3000, -9], [3000, 3000], [-9, 3000]], {e["id"] for e in EDGES}),
        # A sliver of no width, smaller than any number that can be divided by.
        ([[0, 500], [0, 500], [0, 2e-311]], {"l0"}),
        # It touches with a corner only.
        ([[200, 2000], [400, 2500], [0, 2500]], {"rung2"}),
    ],
)  # fmt: skip
def test_in_a_polygon(polygon, roads):
    assert meant(area={"polygon": polygon}) == roads
    assert meant(area={"polygon": polygon[::-1]}) == roads


def test_in_a_circle_round_a_point_or_a_place():
    assert meant(area={"at": [500, 700], "radius": "299 m"}) == set()
    assert meant(area={"at": [500, 700], "radius": "300 m"}) == {"rung1"}
    assert meant(area={"at": [0, -100], "radius": "101 m"}) == {"l0", "rung0"}
    # A place is where its road passes it: 500, 1000.
    near = {"place": "pump", "radius": "10 m"}
    assert (
        meant(area=near) == meant("pump", area={**near, "place": "here"}) == {"rung1"}
    )
    assert meant(area={"place": "pump", "radius": "501 m"}) == {
        *("rung1", "l0", "r0", "l1", "r1")
    }


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(-200, 1200), st.integers(-200, 2200)),
        min_size=3,
        max_size=6,
    )
)
def test_a_polygon_holds_a_road_of_which_a_sampled_point_lies_in_it(polygon):
    found = meant(area={"polygon": polygon})
    for edge in EDGES:
        (ax, ay), (bx, by) = NODES[edge["from"]], NODES[edge["to"]]
        points = [(ax + (bx - ax) * i / 97, ay + (by - ay) * i / 97) for i in range(98)]
        if any(winds(point, polygon) for point in points):
            assert edge["id"] in found


def winds(point, polygon) -> bool:
    """Even-odd rule, edge by edge."""
    inside, (x, y) = False, point
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            inside = not inside
    return inside


def test_coordinates_are_those_of_the_file():
    graph = graph_of(Network.model_validate({"nodes": NODES, "edges": EDGES}))
    graph.graph["origin"] = (105.0, 21.0)
    spec = Roads.model_validate({"file": "roads.graphml", "classes": CLASSES})
    found = road_map(graph, spec, {})
    x, y = 105.0 + 0.0048, 21.0 + 0.009  # about 498 m east, 1001 m north
    assert project((105.0, 21.0), (x, y)) == pytest.approx((498, 1001), abs=1)
    effect = CloseRoad.model_validate(
        {"kind": "close_road", "area": {"at": [x, y], "radius": "10 m"}}
    )
    assert roads_meant(found, effect, "") == ("rung1",)


def test_the_log_names_the_roads_an_area_holds():
    flood = {"kind": "close_road", "area": {"at": [5500, 50], "radius": "100 m"}}
    slow = {"kind": "slow_road", "classes": ["lane"], "factor": 0.5, "for": "1 h"}
    log = World(scenario_of(river(FAST, ("07:00", flood), ("07:01", slow)))).finish()
    assert [str(r) for r in log.of(Kind.EFFECT, Kind.EFFECT_ENDS)] == [
        "60.00 effect I0/1 effect=close_road roads=boat area=100 m around 5500, 50",
        "61.00 effect I1/1 effect=slow_road roads=west east classes=lane factor=0.5",
        "121.00 effect ends I1/1 effect=slow_road roads=west east",
    ]


def on_streets(kind: str) -> dict[str, object]:
    return {"kind": kind, "streets": ["Bờ Tây", "Đê Đông"]}


def test_a_street_is_closed_and_opened_by_its_name():
    data = river(
        FAST, ("07:00", on_streets("close_road")), ("07:10", on_streets("open_road"))
    )
    data = copy.deepcopy(data)
    names = {"west": "Bờ Tây", "east": "Đê Đông"}
    for edge in data["roads"]["network"]["edges"]:
        edge["name"] = names.get(edge["id"], "")
    world = World(scenario_of(data))
    assert world.road_map.streets == {"Bờ Tây": ("west",), "Đê Đông": ("east",)}
    base, landing = (world.road_map.index[node] for node in ("base", "landing"))
    world.advance(61)
    assert math.isinf(world.roads.times_to(base, "car")[landing])
    log = world.finish()
    assert math.isfinite(world.roads.times_to(base, "car")[landing])
    assert [str(r) for r in log.of(Kind.EFFECT)] == [
        "60.00 effect I0/1 effect=close_road roads=west east streets=Bờ Tây, Đê Đông",
        "70.00 effect I1/1 effect=open_road roads=west east streets=Bờ Tây, Đê Đông",
    ]


def test_an_open_incident_closes_what_lies_round_it_until_it_is_cleared():
    data = river(FAST)
    level = {
        "needs": {"order": 1},
        "on_scene": "5 min",
        "effects": [
            {"kind": "close_road", "area": {"place": "here", "radius": "1 km"}}
        ],
    }
    data["incidents"] = {"brawl": {"levels": [level]}}
    data["places"] = {**data["places"], "school": {"node": "base"}}
    log = World(scenario_of(data)).finish()
    assert [str(r) for r in log.of(Kind.EFFECT, Kind.EFFECT_ENDS)][1:] == [
        "60.00 effect I0 level 1 @school effect=close_road roads=west area=1000 m "
        "around here",
        "65.00 effect ends I0 level 1 @school effect=close_road roads=west",
    ]
