import math
import re
import unicodedata

import networkx as nx
import pytest

from scenarios.problem import ScenarioError
from scenarios.road import Roads
from scenarios.road.graphml import read_graphml
from scenarios.road.report import RoadReport

KEYS = {
    "graph": ("crs", "created_by"),
    "node": ("x", "y", "lat", "lon", "user"),
    "edge": (
        "motorcycle", "route", "osmid", "highway", "length", "maxspeed", "name",
        "geometry", "oneway",
        "access", "speed_kph", "travel_time",
    ),
}  # fmt: skip
METRES = "{'units': 'm', 'proj': 'utm', 'zone': 48, 'ellps': 'WGS84'}"
# 1 degree of latitude on the sphere that the reader uses.
DEGREE = math.radians(1) * 6_371_009
Node = dict[str, object]


def values(domain: str, given: dict[str, object]) -> str:
    return "".join(
        f'<data key="{domain}-{name}">{text}</data>' for name, text in given.items()
    )


def graphml(
    nodes: dict[str, Node],
    edges: list[tuple[str, str, dict[str, object]]],
    *,
    crs: str | None = METRES,
    direction: str = "directed",
) -> str:
    keys = "".join(
        f'<key id="{domain}-{name}" for="{domain}" attr.name="{name}" '
        'attr.type="string"/>'
        for domain, names in KEYS.items()
        for name in names
    )
    about = values("graph", {"crs": crs} if crs is not None else {})
    body = "".join(
        f'<node id="{node}">{values("node", given)}</node>'
        for node, given in nodes.items()
    )
    body += "".join(
        f'<edge source="{tail}" target="{head}" id="0">{values("edge", given)}</edge>'
        for tail, head, given in edges
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{keys}'
        f'<graph edgedefault="{direction}">{about}{body}</graph></graphml>'
    )


def square() -> dict[str, Node]:
    return {
        "1": {"x": 0.0, "y": 0.0},
        "2": {"x": 100.0, "y": 0.0},
        "3": {"x": 100.0, "y": 200.0},
        "4": {"x": 0.0, "y": 200.0},
    }


def read(text: str, **roads: object) -> tuple["nx.MultiDiGraph[str]", RoadReport]:
    asked = Roads.model_validate({"file": "roads.graphml", **roads})
    return read_graphml(text.encode(), "roads.graphml", asked)


def one(**given: object) -> tuple[dict[str, object], RoadReport]:
    """Read a file whose first edge, from 1 to 2, has these attributes."""
    plain: dict[str, object] = {"highway": "primary", "length": 100}
    edges = [("1", "2", {**plain, **given}), ("2", "1", {**plain, "osmid": 9})]
    graph, report = read(graphml(square(), edges))
    (arc,) = [data for *_, data in graph.out_edges("1", data=True)]
    return arc, report


def said(report: RoadReport, words: str) -> str:
    found = [line for line in report.lines() if words in line]
    assert len(found) == 1, (words, report.lines())
    return found[0]


def refusal(text: str | bytes, **roads: object) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    asked = Roads.model_validate({"file": "roads.graphml", **roads})
    with pytest.raises(ScenarioError) as caught:
        read_graphml(raw, "roads.graphml", asked)
    assert str(caught.value).startswith("roads.graphml")
    return str(caught.value)


# Attributes of arcs


def test_arc_carries_what_the_graph_promises():
    arc, _ = one(osmid=7, name="Phố Huế", maxspeed=60, length="120.5")
    assert arc == {
        "id": "r7-1-2",
        "length": 120.5,
        "road": "primary",
        "speed": 1000.0,
        "name": "Phố Huế",
        "streets": ("Phố Huế",),
        "geometry": [(0.0, 0.0), (100.0, 0.0)],
        "barred": frozenset(),
        "minutes": None,
    }


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("50.0", 50),
        ("50 km/h", 50),
        ("25 mph", 40.2336),
        ("['50', '30']", 30),
        ("[u'60', u'80']", 60),
        ("[60L, 80L]", 60),
        ("['40 mph', '50']", 50),
        ("90;30;90;30", 30),
        ("[nan, '40']", 40),
        ("['0', '40']", 40),
    ],
)
def test_speed_limit_is_read_in_metres_a_minute(text, kmh):
    arc, _ = one(maxspeed=text)
    assert arc["speed"] == pytest.approx(kmh * 1000 / 60)


@pytest.mark.parametrize("text", ["['50', '30']", "50;30", "[u'50', u'30']"])
def test_slowest_of_several_limits_counts_and_is_told(text):
    _, report = one(maxspeed=text)
    assert said(report, "several speed limits").startswith("1 arc")


@pytest.mark.parametrize("text", ["signals", "XX:nowhere", "50 knots", "[]x"])
def test_limit_that_cannot_be_read_is_left_to_the_class_and_told(text):
    arc, report = one(maxspeed=text)
    assert arc["speed"] is None
    assert said(report, "cannot be read").startswith("1 arc")


def test_no_limit_is_left_to_the_class_and_told():
    arc, report = one(maxspeed="none")
    assert arc["speed"] is None
    assert said(report, "there is no limit").startswith("1 arc")


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("VN:urban", 50),
        ("vn:rural", 80),
        ("DE:rural", 100),
        ("FR:rural", 80),
        ("DE:zone:30", 30),
        ("DE:zone30", 30),
        ("walk", 7),
        ("['VN:rural', '40']", 40),
    ],
)
def test_zone_codes_stand_for_limits(text, kmh):
    arc, _ = one(maxspeed=text)
    assert arc["speed"] == pytest.approx(kmh * 1000 / 60)


def test_scenario_says_what_a_zone_means():
    edges = [("1", "2", {"highway": "primary", "maxspeed": "VN:urban"})]
    graph, report = read(graphml(square(), edges), zones={"VN:Urban": "42 km/h"})
    assert [s for *_, s in graph.edges(data="speed")] == [pytest.approx(700)]
    assert "1 arc(s) state their limit by a code" in said(report, "roads.zones")


@pytest.mark.parametrize("text", ["0", "201", "500 km/h", "130 mph"])
def test_absurd_limit_is_left_to_the_class_and_told(text):
    arc, report = one(maxspeed=text)
    assert arc["speed"] is None
    assert said(report, "of 0 or above 200").startswith("1 arc")


@pytest.mark.parametrize("text", ["nan", "None", "", "[]", "  "])
def test_missing_limit_is_no_news(text):
    arc, report = one(maxspeed=text)
    assert arc["speed"] is None
    assert not [note for note in report.notes if "limit" in note]


def test_imputed_speeds_are_not_used_and_this_is_told():
    arc, report = one(speed_kph="50.0", travel_time="7.2")
    assert arc["speed"] is None
    note = said(report, "speed_kph")
    assert note.startswith("1 arc")
    assert "0 arc(s) state a speed limit" in note


@pytest.mark.parametrize(
    ("text", "road"),
    [
        ("secondary", "secondary"),
        ("trunk_link", "trunk"),
        ("['residential', 'primary']", "residential"),
        ("[u'primary_link', u'trunk']", "primary"),
    ],
)
def test_class_is_the_first_and_links_are_of_their_road(text, road):
    arc, report = one(highway=text)
    assert arc["road"] == road
    assert not [note for note in report.notes if "class without speeds" in note]


def test_unknown_classes_become_the_default_and_are_counted():
    nodes = square()
    edges = [
        ("1", "2", {"highway": "raceway", "length": 100}),
        ("2", "3", {"highway": "raceway", "length": 200}),
        ("3", "4", {"highway": "nan", "length": 100}),
        ("4", "1", {"highway": "primary", "length": 200}),
    ]
    graph, report = read(graphml(nodes, edges), default_class="track")
    roads = [road for _, _, road in graph.edges(data="road")]
    assert roads == ["track", "track", "track", "primary"]
    note = said(report, "class without speeds")
    assert "3 arc(s)" in note
    assert "track: raceway (2), none stated (1)" in note


def test_class_with_speeds_in_the_scenario_is_known():
    edges = [("1", "2", {"highway": "alley", "length": 100})]
    graph, _ = read(graphml(square(), edges), classes={"alley": {"car": "5 km/h"}})
    assert [road for _, _, road in graph.edges(data="road")] == ["alley"]


def test_ways_for_walkers_are_left_out_unless_asked_for():
    edges = [
        ("1", "2", {"highway": "footway", "length": 100}),
        ("2", "3", {"highway": "primary", "length": 200}),
        ("3", "4", {"highway": "path", "motorcycle": "yes", "length": 100}),
    ]
    graph, report = read(graphml(square(), edges))
    found = {(road, tail) for tail, _, road in graph.edges(data="road")}
    assert found == {("primary", "2"), ("service", "3")}
    assert graph.edges["3", "4", 0]["barred"] == {"car", "truck"}
    assert "footway (1)" in said(report, "walkers only")
    graph, _ = read(graphml(square(), edges), on_foot=True)
    assert [r for *_, r in graph.edges(data="road")] == [
        "footway",
        "primary",
        "service",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("['Ngõ 24', 'Phố Huế']", "Ngõ 24"),
        (r"[u'Rua S\xe3o Bento', u'Rua 2']", "Rua São Bento"),
        ("Tra\u0302\u0300n", "Trần"),
        ("nan", ""),
        ("two\nlines &amp; more", "two lines & more"),
        ("[broken", "[broken"),
        ("__import__('os')", "__import__('os')"),
    ],
)
def test_name_is_the_first_composed_in_one_line(text, name):
    arc, _ = one(name=text)
    assert arc["name"] == name


def test_expression_in_a_list_is_not_run():
    arc, _ = one(name="[__import__('os').getcwd()]")
    assert arc["name"] == "os"


def test_long_or_deep_list_is_read_without_harm():
    arc, _ = one(osmid="[" + ", ".join(map(str, range(5, 9000))) + "]")
    assert arc["id"] == "r5-1-2"
    arc, _ = one(name="[" * 5000 + "]" * 5000)
    assert arc["name"] == ""


def test_access_of_several_ways_is_as_strict_as_all():
    arc, report = one(access="['yes', 'private']")
    assert arc["barred"] == frozenset()
    arc, report = one(motorcycle="['yes', 'no']")
    assert arc["barred"] == {"motorcycle"}
    assert said(report, "keep some modes out").startswith("1 arc")


# Lengths and lines


@pytest.mark.parametrize("text", ["NaN", "nan", "None", "", "-5", "0", "inf", "abc"])
def test_unusable_length_is_measured_and_told(text):
    arc, report = one(length=text)
    assert arc["length"] == 100
    assert said(report, "measured along their line").startswith("1 arc")


def test_missing_length_is_measured_along_the_line():
    arc, report = one(length="", geometry="LINESTRING (0 0, 50 50, 100 0)")
    assert arc["length"] == pytest.approx(2 * math.hypot(50, 50))
    assert "state no length" in said(report, "measured along their line")


def test_nodes_at_the_same_point_are_some_length_apart():
    nodes = {"1": {"x": 5, "y": 5}, "2": {"x": 5, "y": 5}, "3": {"x": 9, "y": 5}}
    graph, _ = read(graphml(nodes, [("1", "2", {}), ("2", "3", {})]))
    assert [length for _, _, length in graph.edges(data="length")] == [0.1, 4.0]


def test_line_runs_from_tail_to_head_with_the_nodes_at_its_ends():
    arc, report = one(geometry="LINESTRING (99.5 0, 60 20, 0.5 0)")
    assert arc["geometry"] == [(0.0, 0.0), (60.0, 20.0), (100.0, 0.0)]
    assert said(report, "turned round").startswith("1 line")


def test_line_in_the_right_direction_is_kept():
    arc, report = one(geometry="LINESTRING Z (0 0 5, 60 20 5, 100 0 5)")
    assert arc["geometry"] == [(0.0, 0.0), (60.0, 20.0), (100.0, 0.0)]
    assert not [note for note in report.notes if "turned" in note]


@pytest.mark.parametrize(
    "text",
    [
        "LINESTRING (0 0, 1e999 0)",
        "LINESTRING (0 0, 60 nan, 100 0)",
        "LINESTRING (0 0)",
        "LINESTRING EMPTY",
        "MULTILINESTRING ((0 0, 100 0))",
        "POINT (0 0)",
        "LINESTRING (5000 5000, 9000 9000)",
    ],
)
def test_unusable_line_is_drawn_straight_and_told(text):
    arc, report = one(geometry=text)
    assert arc["geometry"] == [(0.0, 0.0), (100.0, 0.0)]
    assert said(report, "drawn straight").startswith("1 arc")


def test_lengths_in_other_units_raise_a_doubt():
    edges = [("1", "2", {"highway": "primary", "length": 0.1})]
    _, report = read(graphml(square(), edges))
    assert "0.001 times" in said(report, "other units")


# Roads and their names


def pair(**given: object) -> list[str]:
    edges = [
        ("1", "2", {"osmid": 7, "length": 100, "highway": "primary", **given}),
        ("2", "1", {"osmid": 7, "length": 100.4, "highway": "primary", **given}),
    ]
    graph, _ = read(graphml(square(), edges))
    return [name for _, _, name in graph.edges(data="id")]


def test_two_directions_of_a_road_share_its_name():
    assert pair(oneway="False") == ["r7-1-2", "r7-1-2"]


def test_oneway_as_a_list_is_no_oneway():
    assert pair(oneway="[False, True]") == ["r7-1-2", "r7-1-2"]


@pytest.mark.parametrize("text", ["True", "true", "yes", "1"])
def test_one_way_halves_of_a_circle_are_two_roads(text):
    assert pair(oneway=text) == ["r7-1-2", "r7-2-1"]


@pytest.mark.parametrize("other", [{"osmid": 8}, {"length": 101.5}])
def test_arcs_of_other_ways_or_lengths_are_two_roads(other):
    edges = [
        ("1", "2", {"osmid": 7, "length": 100}),
        ("2", "1", {"osmid": 7, "length": 100, **other}),
    ]
    graph, _ = read(graphml(square(), edges))
    assert len({name for _, _, name in graph.edges(data="id")}) == 2


def test_ways_are_compared_as_sets():
    edges = [
        ("1", "2", {"osmid": "[12, 7]", "length": 100}),
        ("2", "1", {"osmid": "[7.0, 12.0]", "length": 100}),
    ]
    graph, _ = read(graphml(square(), edges))
    assert [name for _, _, name in graph.edges(data="id")] == ["r7-1-2", "r7-1-2"]


def test_directed_file_gets_no_arcs_back():
    graph, _ = read(graphml(square(), [("1", "2", {"oneway": "False"})]))
    assert list(graph.edges()) == [("1", "2")]


def test_parallel_roads_stay_apart():
    edges = [
        ("1", "2", {"osmid": 7, "length": 100}),
        ("1", "2", {"osmid": 7, "length": 140}),
        ("2", "1", {"osmid": 7, "length": 140}),
        ("2", "1", {"osmid": 7, "length": 100}),
    ]
    graph, _ = read(graphml(square(), edges))
    found = sorted((d["id"], d["length"], t) for t, _, d in graph.edges(data=True))
    assert found == [
        ("r7-1-2", 100, "1"),
        ("r7-1-2", 100, "2"),
        ("r7-1-2-2", 140, "1"),
        ("r7-1-2-2", 140, "2"),
    ]


def test_names_do_not_depend_on_the_order_of_the_file():
    edges = [
        ("1", "2", {"osmid": 7, "length": 100}),
        ("2", "1", {"osmid": 7, "length": 100}),
        ("2", "3", {"osmid": 8, "length": 200}),
    ]
    names = []
    for order in (edges, edges[::-1]):
        graph, _ = read(graphml(square(), order))
        names.append({name for _, _, name in graph.edges(data="id")})
    assert names[0] == names[1] == {"r7-1-2", "r8-2-3"}


def test_names_of_roads_are_names_whatever_the_ids():
    nodes = {"a b.c": {"x": 0, "y": 0}, "é" * 100: {"x": 9, "y": 0}}
    edges = [("a b.c", "é" * 100, {"length": 9}), ("a b.c", "é" * 100, {"length": 8})]
    graph, _ = read(graphml(nodes, edges))
    names = [name for _, _, name in graph.edges(data="id")]
    assert len(set(names)) == 2
    assert all(re.fullmatch(r"\w[\w-]{0,79}", name) for name in names)
    assert list(graph) == ["a b.c", "é" * 100]


def test_road_to_itself_is_left_out_and_told():
    edges = [("1", "1", {"length": 50}), ("1", "2", {"length": 100})]
    graph, report = read(graphml(square(), edges))
    assert list(graph.edges()) == [("1", "2")]
    assert said(report, "to itself").startswith("1 arc")


def test_loop_with_a_line_is_cut_in_the_middle():
    line = "LINESTRING (0 0, 0 30, 40 30, 40 0, 0 0)"
    loop = {"length": 140, "geometry": line, "osmid": 7, "highway": "service"}
    edges = [("1", "1", {**loop}), ("1", "1", {**loop}), ("1", "2", {"length": 100})]
    edges[1][2]["geometry"] = "LINESTRING (0 0, 40 0, 40 30, 0 30, 0 0)"
    graph, report = read(graphml(square(), edges))
    assert said(report, "cut at a new node").startswith("1 road")
    loops = [d for a, b, d in graph.edges(data=True) if d["road"] == "service"]
    assert sorted(d["length"] for d in loops) == [70, 70, 70, 70]
    assert len({d["id"] for d in loops}) == 2
    assert not list(nx.selfloop_edges(graph))


def test_undirected_roads_go_both_ways_and_this_is_told():
    edges = [
        ("1", "2", {"length": 100, "oneway": "True"}),
        ("3", "2", {"length": 200, "geometry": "LINESTRING (100 0, 110 99, 100 200)"}),
    ]
    graph, report = read(graphml(square(), edges, direction="undirected"))
    assert sorted(graph.edges()) == [("1", "2"), ("2", "1"), ("2", "3"), ("3", "2")]
    for tail, head, data in graph.edges(data=True):
        ends = [(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in (tail, head)]
        assert [data["geometry"][0], data["geometry"][-1]] == ends
        assert graph.edges[head, tail, 0]["id"] == data["id"]
    assert said(report, "no direction").startswith("2 road")
    assert said(report, "say that they are one-way").startswith("1 of the roads")


# Coordinates


def test_degrees_become_metres_from_the_centre():
    nodes = {"1": {"x": 105.8, "y": 21.0}, "2": {"x": 105.8, "y": 21.02}}
    graph, report = read(graphml(nodes, [("1", "2", {})], crs="epsg:4326"))
    assert graph.graph["origin"] == pytest.approx((105.8, 21.01))
    assert graph.nodes["1"] == {"x": 0.0, "y": pytest.approx(-0.01 * DEGREE)}
    assert report.box == pytest.approx((105.8, 21.0, 105.8, 21.02))
    assert graph.edges["1", "2", 0]["length"] == pytest.approx(0.02 * DEGREE)


def test_lines_in_degrees_are_put_on_the_plane_too():
    nodes = {"1": {"x": 105.8, "y": 21.0}, "2": {"x": 105.8, "y": 21.02}}
    line = {"geometry": "LINESTRING (105.8 21.0, 105.8 21.01, 105.8 21.02)"}
    graph, _ = read(graphml(nodes, [("1", "2", line)], crs="epsg:4326"))
    geometry = graph.edges["1", "2", 0]["geometry"]
    assert geometry[1] == pytest.approx((0, 0), abs=1e-6)
    assert geometry[2] == (graph.nodes["2"]["x"], graph.nodes["2"]["y"])


DEGREES = {"1": {"x": 105.8, "y": 21.0}, "2": {"x": 105.9, "y": 21.1}}
UTM = {"1": {"x": 583000, "y": 2324000}, "2": {"x": 583100, "y": 2324000}}


@pytest.mark.parametrize(
    ("crs", "nodes", "degrees"),
    [
        ("epsg:4326", DEGREES, True),
        ("{'init': 'epsg:4326'}", DEGREES, True),
        ("+proj=longlat +datum=WGS84 +no_defs", DEGREES, True),
        ('GEOGCRS["WGS 84", ID["EPSG",4326]]', DEGREES, True),
        (METRES, UTM, False),
        ("epsg:32648", UTM, False),
        ('PROJCS["UTM 48N", GEOGCS["WGS 84", AUTHORITY["EPSG","4326"]]]', UTM, False),
        ("epsg:4326", UTM, False),
        (None, DEGREES, True),
        (None, UTM, False),
        ("nan", UTM, False),
    ],
)
def test_coordinates_are_told_by_the_file_and_by_their_size(crs, nodes, degrees):
    graph, _ = read(graphml(nodes, [("1", "2", {})], crs=crs))
    assert (graph.graph["origin"] is not None) is degrees


def test_guess_of_coordinates_is_told():
    _, report = read(graphml(DEGREES, [("1", "2", {})], crs=None))
    assert "taken as degrees" in said(report, "does not say")
    _, report = read(graphml(UTM, [("1", "2", {})], crs="epsg:4326"))
    assert "taken as metres" in said(report, "the file says degrees")


def test_scenario_has_the_last_word_on_coordinates():
    text = graphml(DEGREES, [("1", "2", {})], crs="epsg:4326")
    graph, report = read(text, coordinates="metres")
    assert graph.graph["origin"] is None
    assert graph.nodes["1"] == {"x": 105.8, "y": 21.0}
    assert not [note for note in report.notes if "coordinates" in note]


def test_metres_said_to_be_degrees_are_refused():
    text = graphml(UTM, [("1", "2", {})], crs=None)
    assert "not in degrees" in refusal(text, coordinates="degrees")


def test_latitude_before_longitude_is_swapped_and_told():
    nodes = {"1": {"x": 21.0, "y": 105.8}, "2": {"x": 21.02, "y": 105.8}}
    line = {"geometry": "LINESTRING (21.0 105.8, 21.01 105.8, 21.02 105.8)"}
    graph, report = read(graphml(nodes, [("1", "2", line)], crs="epsg:4326"))
    assert report.box == pytest.approx((105.8, 21.0, 105.8, 21.02))
    assert len(graph.edges["1", "2", 0]["geometry"]) == 3
    said(report, "swapped")


@pytest.mark.parametrize("x", ["", "nan", "east", "inf"])
def test_node_without_coordinates_is_left_out_with_its_roads(x):
    nodes = square() | {"5": {"x": x, "y": 3}}
    edges = [("1", "2", {}), ("2", "5", {}), ("5", "1", {}), ("1", "unknown", {})]
    graph, report = read(graphml(nodes, edges))
    assert list(graph.edges()) == [("1", "2")]
    assert said(report, "no coordinates").startswith("1 node")
    assert said(report, "not among the nodes").startswith("3 arc")


def test_node_at_zero_zero_is_nowhere_in_degrees_and_somewhere_in_metres():
    nodes = DEGREES | {"3": {"x": 0, "y": 0}}
    edges = [("1", "2", {}), ("2", "3", {})]
    graph, report = read(graphml(nodes, edges, crs="epsg:4326"))
    assert list(graph) == ["1", "2"]
    assert report.box == pytest.approx((105.8, 21.0, 105.9, 21.1))
    nodes = square() | {"1": {"x": 0, "y": 0}}
    graph, report = read(graphml(nodes, [("1", "2", {})]))
    assert graph.nodes["1"] == {"x": 0.0, "y": 0.0}
    assert said(report, "without a road").startswith("2 node(s)")


# What the report says


def test_report_says_what_is_in_the_file():
    edges = [
        ("1", "2", {"name": "Phố Huế", "length": 100}),
        ("2", "3", {"name": "Phố Huế", "length": 200}),
        ("3", "4", {"name": "Phố Bạch Mai", "length": 100}),
        ("2", "1", {"length": 100}),
    ]
    nodes = square() | {"4": {"x": 0, "y": 200, "lon": 105.8, "lat": 21.0}}
    _, report = read(graphml(nodes, edges))
    assert said(report, "streets") == (
        "streets in it: 2 name(s) on 3 of 3 roads; the longest: Phố Huế (0.3 km), "
        "Phố Bạch Mai (0.1 km)"
    )
    assert said(report, "lie outside").startswith("2 node(s)")
    assert "105.8000" in said(report, "in degrees")
    assert report.box == (0, 0, 100, 200)


def test_an_edge_made_of_several_streets_bears_the_name_of_each():
    edges = [
        ("1", "2", {"name": "['Hàng Bài', 'Phố Huế', 'Hàng Bài']"}),
        ("2", "3", {"name": "[u'Ph\\u1ed1 Hu\\u1ebf', u'B']"}),
        ("3", "1", {"name": unicodedata.normalize("NFD", "Hàng Bài")}),
        ("1", "3", {"name": "Đường 1"}),
        ("2", "1", {"name": "nan"}),
    ]
    graph, report = read(graphml(square(), edges))
    mixed, both = ("Hàng Bài", "Phố Huế"), ("Hàng Bài", "Đường 1")
    found = [graph.edges[a, b, 0]["streets"] for a, b, _ in edges]
    assert found == [mixed, ("Phố Huế", "B"), both, both, mixed]
    assert graph.edges["1", "2", 0]["name"] == "Hàng Bài"
    assert (report.names, report.named_roads) == (4, 3)


def test_nothing_of_editors_is_kept():
    nodes = square() | {"1": {"x": 0, "y": 0, "user": "somebody"}}
    graph, report = read(graphml(nodes, [("1", "2", {})]))
    assert set(graph.nodes["1"]) == {"x", "y"}
    assert "somebody" not in str([graph.graph, *graph.edges(data=True), report])


def test_defaults_of_keys_hold_where_nothing_is_said():
    text = graphml(square(), [("1", "2", {"length": 100}), ("2", "3", {})])
    text = text.replace(
        'attr.name="length" attr.type="string"/>',
        'attr.name="length" attr.type="double"><default>70</default></key>',
    )
    graph, _ = read(text)
    assert [length for _, _, length in graph.edges(data="length")] == [100, 70]


def test_one_id_may_be_a_key_of_nodes_and_another_of_edges():
    text = graphml(square(), [("1", "2", {"length": 123})])
    text = text.replace("node-x", "d0").replace("edge-length", "d0")
    graph, _ = read(text)
    assert graph.nodes["2"]["x"] == 100
    assert graph.edges["1", "2", 0]["length"] == 123


def test_node_given_twice_is_told():
    text = graphml(square(), [("1", "2", {})])
    (first,) = re.findall(r'<node id="1">.*?</node>', text)
    graph, report = read(
        text.replace("<edge ", first.replace("0.0", "7") + "<edge ", 1)
    )
    assert said(report, "given twice").startswith("1 node")
    assert graph.nodes["1"] == {"x": 7, "y": 7}


def test_file_may_begin_with_a_byte_order_mark():
    graph, _ = read("\ufeff" + graphml(square(), [("1", "2", {})]))
    assert len(graph) == 2


# Files that are refused


def test_truncated_file_is_refused_with_its_place():
    text = graphml(square(), [("1", "2", {})])
    assert re.match(
        r"roads\.graphml:1:\d+: not sound XML, or cut short", refusal(text[:-20])
    )


@pytest.mark.parametrize("text", ["", "not xml", "<", "<a></b>", "\x00" * 9])
def test_what_is_no_xml_is_refused(text):
    assert "not sound XML" in refusal(text)


def test_other_xml_is_refused_by_its_name():
    assert "begins with <html>" in refusal("<html><body/></html>")


def test_text_that_is_not_utf_8_is_refused():
    assert "not UTF-8" in refusal(graphml(square(), []).encode("utf-16"))


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE g SYSTEM "file:///etc/passwd">',
        '<!ENTITY a "a">',
    ],
)
def test_doctype_and_entities_are_refused_before_anything_is_read(bomb):
    assert "refused" in refusal(f"{bomb}<graphml>&b;</graphml>")


def test_file_without_nodes_or_edges_is_refused():
    assert "holds no nodes" in refusal(graphml({}, []))
    assert "holds no edges" in refusal(graphml(square(), []))


def test_drawing_without_coordinates_is_refused():
    nodes: dict[str, Node] = {"n0": {}, "n1": {}}
    assert "a drawing" in refusal(graphml(nodes, [("n0", "n1", {})]))


def test_file_with_roads_to_nowhere_only_is_refused():
    assert "no road between" in refusal(graphml(square(), [("1", "1", {})]))
    assert "no road between" in refusal(graphml(square(), [("1", "9", {})]))


def test_all_nodes_at_zero_zero_in_degrees_are_refused():
    nodes: dict[str, Node] = {"1": {"x": 0, "y": 0}, "2": {"x": 0, "y": 0}}
    text = graphml(nodes, [("1", "2", {})], crs="epsg:4326")
    assert "no road between" in refusal(text)


def test_several_graphs_in_one_file_are_refused():
    text = graphml(square(), [("1", "2", {})])
    twice = text.replace("</graphml>", "<graph/></graphml>")
    assert "holds 2 graphs" in refusal(twice)
