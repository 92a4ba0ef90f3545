import math
import unicodedata
from collections.abc import Mapping

import networkx as nx
import osmium
import pytest

from scenarios.problem import ScenarioError
from scenarios.road import Roads
from scenarios.road.network import Turn
from scenarios.road.report import RoadReport
from scenarios.road.source import read_network

Graph = nx.MultiDiGraph
Tags = Mapping[str, str]
# A cross of five nodes: 1 west, 2 middle, 3 east, 4 north, 5 south; 100 m or so apart.
PLACES = {
    1: (105.000, 21.000),
    2: (105.001, 21.000),
    3: (105.002, 21.000),
    4: (105.001, 21.001),
    5: (105.001, 20.999),
    6: (105.003, 21.000),
    7: (105.004, 21.000),
}
ROAD = {"highway": "residential"}


def tags(given: Tags) -> str:
    return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in given.items())


def osm(
    ways: Mapping[int, tuple[list[int], Tags]],
    relations: list[tuple[Tags, list[tuple[str, int, str]]]] | None = None,
    nodes: Mapping[int, Tags] | None = None,
    places: Mapping[int, tuple[float, float]] = PLACES,
) -> str:
    text = "".join(
        f'<node id="{n}" lon="{x}" lat="{y}" user="somebody" uid="77">'
        f"{tags((nodes or {}).get(n, {}))}</node>"
        for n, (x, y) in places.items()
    )
    for way, (refs, given) in ways.items():
        points = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        text += f'<way id="{way}" user="somebody">{points}{tags(given)}</way>'
    for number, (given, members) in enumerate(relations or []):
        parts = "".join(
            f'<member type="{kind}" ref="{ref}" role="{role}"/>'
            for kind, ref, role in members
        )
        text += f'<relation id="{number + 1}">{parts}{tags(given)}</relation>'
    return f"<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>{text}</osm>"


def read(text: str | bytes, **roads: object) -> tuple[Graph, RoadReport]:
    raw = text.encode() if isinstance(text, str) else text
    asked = Roads.model_validate({"file": "town.osm", **roads})
    return read_network(raw, "town.osm", asked, lambda _: b"")


def said(report: RoadReport, words: str) -> str:
    found = [line for line in report.lines() if words in line]
    assert len(found) == 1, (words, report.lines())
    return found[0]


def street(**given: str) -> tuple[Graph, RoadReport]:
    """Read one street from 1 to 2, beside a plain one from 2 to 3."""
    own = {"highway": "primary", **{k.replace("__", ":"): v for k, v in given.items()}}
    return read(osm({10: ([1, 2], own), 11: ([2, 3], {**ROAD, "name": "B"})}))


def arcs(graph: Graph) -> set[tuple[str, str]]:
    return set(graph.edges())


def barred(graph: Graph, tail: str, head: str) -> set[str]:
    return set(graph.edges[tail, head, 0]["barred"])


# The graph


def test_street_becomes_two_arcs_of_one_road():
    graph, report = street(name="Phố Huế", maxspeed="60")
    arc, back = graph.edges["1", "2", 0], graph.edges["2", "1", 0]
    assert arc["id"] == back["id"] == "r10-1-2"
    assert (arc["road"], arc["name"], arc["speed"]) == ("primary", "Phố Huế", 1000)
    assert arc["length"] == pytest.approx(
        math.radians(0.001) * 6_371_009 * math.cos(math.radians(21))
    )
    assert arc["geometry"] == back["geometry"][::-1]
    assert (arc["barred"], arc["minutes"]) == (frozenset(), None)
    assert report.kind == "OSM XML"
    assert report.box == pytest.approx((105, 21, 105.002, 21))


def test_pbf_gives_what_xml_gives(tmp_path):
    text = osm({10: ([1, 2, 3], ROAD), 11: ([4, 2, 5], {**ROAD, "oneway": "yes"})})
    source, path = tmp_path / "a.osm", tmp_path / "a.osm.pbf"
    source.write_text(text, encoding="utf-8")
    with osmium.SimpleWriter(str(path)) as writer:
        for each in osmium.FileProcessor(str(source)):
            writer.add(each)
    one, _ = read(text)
    other, report = read(path.read_bytes())
    assert report.kind == "OSM PBF"
    assert dict(one.nodes(data=True)) == dict(other.nodes(data=True))
    assert list(one.edges(data=True)) == list(other.edges(data=True))


def test_nothing_of_editors_is_kept():
    graph, report = street(name="Phố Huế")
    assert "somebody" not in str([graph.graph, *graph.edges(data=True), report])


def test_ways_meet_at_shared_points_only():
    graph, report = read(osm({10: ([1, 2, 3], ROAD), 11: ([4, 2, 5], ROAD)}))
    assert set(graph) == {"1", "2", "3", "4", "5"}
    assert report.nodes_before == 5
    graph, _ = read(osm({10: ([1, 3], ROAD), 11: ([4, 5], ROAD)}))
    assert nx.number_weakly_connected_components(graph) == 2


def test_chain_is_joined_with_its_bends():
    graph, report = read(osm({10: ([1, 2, 3], ROAD), 11: ([3, 6], ROAD)}))
    assert arcs(graph) == {("1", "6"), ("6", "1")}
    arc = graph.edges["1", "6", 0]
    assert len(arc["geometry"]) == 4
    assert arc["id"] == "r10-1-6"
    assert (report.nodes_before, report.nodes) == (3, 2)
    graph, _ = read(osm({10: ([1, 2, 3], ROAD), 11: ([3, 6], ROAD)}), contract=False)
    assert set(graph) == {"1", "3", "6"}


@pytest.mark.parametrize(
    "other",
    [
        {"highway": "primary"},
        {**ROAD, "name": "B"},
        {**ROAD, "maxspeed": "30"},
        {**ROAD, "motorcar": "no"},
        {**ROAD, "oneway": "yes"},
    ],
)
def test_chain_ends_where_the_road_changes(other):
    graph, _ = read(osm({10: ([1, 2], ROAD), 11: ([2, 3], other)}))
    assert set(graph) == {"1", "2", "3"}


def test_closed_way_becomes_two_roads_and_no_loop():
    graph, _ = read(osm({10: ([1, 2, 4, 5, 1], ROAD), 11: ([1, 3], ROAD)}))
    assert not list(nx.selfloop_edges(graph))
    ids = {name for *_, name in graph.edges(data="id")}
    assert len(ids) == 3
    assert nx.is_strongly_connected(graph)
    graph, _ = read(osm({10: ([1, 2, 4, 1], ROAD)}))
    assert len(graph) == 2
    assert graph.number_of_edges() == 4


def test_names_of_roads_are_short_and_do_not_depend_on_the_order():
    ways = {
        10: ([1, 2], ROAD),
        11: ([2, 3], {"highway": "primary"}),
        12: ([2, 4], ROAD),
    }
    one, _ = read(osm(ways))
    other, _ = read(osm(dict(reversed(ways.items()))))
    names = {name for *_, name in one.edges(data="id")}
    assert names == {name for *_, name in other.edges(data="id")}
    assert all(len(name) <= 80 for name in names)


# One-way


@pytest.mark.parametrize("text", ["yes", "true", "1"])
def test_one_way(text):
    graph, _ = street(oneway=text)
    assert ("1", "2") in arcs(graph)
    assert ("2", "1") not in arcs(graph)


@pytest.mark.parametrize("text", ["-1", "reverse"])
def test_one_way_against_the_line(text):
    graph, _ = street(oneway=text)
    assert ("2", "1") in arcs(graph)
    assert ("1", "2") not in arcs(graph)
    assert graph.edges["2", "1", 0]["geometry"][0] == (
        graph.nodes["2"]["x"],
        graph.nodes["2"]["y"],
    )


@pytest.mark.parametrize("text", ["no", "false", "0", "reversible", "alternating"])
def test_two_way(text):
    graph, report = street(oneway=text)
    assert {("1", "2"), ("2", "1")} <= arcs(graph)
    if text in ("reversible", "alternating"):
        assert said(report, "by turns").startswith("1 way(s)")


def test_one_way_that_cannot_be_read_is_told():
    graph, report = street(oneway="yes; no")
    assert ("2", "1") in arcs(graph)
    assert said(report, "one-way tag").startswith("1 one-way tag")


@pytest.mark.parametrize(
    "given",
    [{"junction": "roundabout"}, {"junction": "circular"}, {"highway": "motorway"}],
)
def test_one_way_that_is_implied(given):
    graph, report = street(**given)
    assert ("2", "1") not in arcs(graph)
    assert said(report, "do not say so").startswith("1 way(s)")
    graph, _ = street(**given, oneway="no")
    assert ("2", "1") in arcs(graph)


def test_one_way_for_some_only():
    graph, _ = street(oneway="no", oneway__motorcar="yes")
    assert barred(graph, "1", "2") == set()
    assert barred(graph, "2", "1") == {"car"}
    graph, _ = street(oneway="yes", oneway__motorcycle="no")
    assert barred(graph, "2", "1") == {"car", "truck"}
    graph, _ = street(oneway="yes", oneway__bicycle="no")
    assert ("2", "1") not in arcs(graph)


def test_walkers_may_go_against_a_one_way_street_where_they_are_modelled():
    text = osm({10: ([1, 2], {**ROAD, "oneway": "yes"}), 11: ([2, 3], ROAD)})
    graph, _ = read(text, on_foot=True)
    assert barred(graph, "2", "1") == {"car", "motorcycle", "truck"}
    graph, _ = read(text)
    assert ("2", "1") not in arcs(graph)


# Access


@pytest.mark.parametrize(
    ("given", "kept_out"),
    [
        ({"access": "no"}, {"car", "motorcycle", "truck", "foot"}),
        ({"access": "no", "foot": "yes"}, {"car", "motorcycle", "truck"}),
        ({"motor_vehicle": "no", "motorcycle": "yes"}, {"car", "truck"}),
        ({"vehicle": "no", "motor_vehicle": "yes"}, set()),
        ({"vehicle": "no", "motorcar": "yes"}, {"motorcycle", "truck"}),
        ({"motorcar": "no"}, {"car"}),
        ({"motorcar": "no", "access": "yes"}, {"car"}),
        ({"hgv": "no"}, {"truck"}),
        ({"foot": "no"}, {"foot"}),
        ({"access": "private"}, set()),
        ({"motor_vehicle": "destination"}, set()),
        ({"motor_vehicle": "forestry;agricultural"}, set()),
        ({"access": "no", "emergency": "yes"}, {"foot"}),
        ({"access": "permissive"}, set()),
        ({"motorcycle": "no:20:00-06:00"}, set()),
        ({"access": "conditional=yes @ (Mo-Fr 08:00-20:00)", "hgv": "no"}, {"truck"}),
    ],
)
def test_more_specific_access_wins(given, kept_out):
    text = osm({10: ([1, 2], {**ROAD, **given}), 11: ([2, 3], ROAD)})
    graph, _ = read(text, on_foot=True)
    if kept_out == {"car", "motorcycle", "truck", "foot"}:
        assert arcs(graph) == {("2", "3"), ("3", "2")}
    elif kept_out:
        assert barred(graph, "1", "2") == kept_out
    else:
        assert arcs(graph) == {("1", "3"), ("3", "1")}


def test_scenario_says_what_its_forces_may_pass():
    text = osm({10: ([1, 2], {**ROAD, "motorcar": "private"}), 11: ([2, 3], ROAD)})
    graph, _ = read(text, may_pass=[])
    assert barred(graph, "1", "2") == {"car"}
    text = osm({10: ([1, 2], {**ROAD, "motorcar": "no"}), 11: ([2, 3], ROAD)})
    graph, _ = read(text, may_pass=["no"])
    assert arcs(graph) == {("1", "3"), ("3", "1")}


def test_access_that_holds_in_one_direction():
    graph, _ = street(motor_vehicle__backward="no", motorcycle="yes")
    assert barred(graph, "2", "1") == {"car", "truck"}
    assert barred(graph, "1", "2") == set()


def test_way_that_no_vehicle_may_use_is_left_out_and_told():
    graph, report = street(motor_vehicle="no")
    assert arcs(graph) == {("2", "3"), ("3", "2")}
    assert said(report, "no vehicle may use").startswith("1 way(s)")


def test_rules_by_the_hour_and_unreadable_ones_are_told():
    _, report = street(motor_vehicle__conditional="no @ (06:00-09:00)")
    assert said(report, "by the hour").startswith("1 way(s)")
    _, report = street(motorcycle="no:20:00-06:00")
    assert said(report, "access value(s)").startswith("1 access")


def test_bollard_stops_cars_and_no_motorcycle():
    graph, report = read(
        osm({10: ([1, 2, 3], ROAD)}, nodes={2: {"barrier": "bollard"}})
    )
    assert set(graph) == {"1", "2", "3"}
    stopped = frozenset({"car", "truck"})
    assert set(graph.graph["turns"]) == {
        Turn(from_road="r10-1-2", via="2", to_road="r10-2-3", barred=stopped),
        Turn(from_road="r10-2-3", via="2", to_road="r10-1-2", barred=stopped),
    }
    assert said(report, "bollard").startswith("1 ")
    assert report.nodes_before == 2


def test_bollard_on_a_one_way_street_bars_one_turn():
    one_way = {**ROAD, "oneway": "yes"}
    text = osm({10: ([1, 2, 3], one_way)}, nodes={2: {"barrier": "bollard"}})
    (turn,) = read(text)[0].graph["turns"]
    assert (turn.from_road, turn.to_road) == ("r10-1-2", "r10-2-3")


@pytest.mark.parametrize(
    "given",
    [
        {"barrier": "gate"},
        {"barrier": "lift_gate"},
        {"barrier": "gate", "access": "private"},
    ],
)
def test_gates_open_for_forces(given):
    graph, _ = read(osm({10: ([1, 2, 3], ROAD)}, nodes={2: given}))
    assert set(graph) == {"1", "3"}
    assert graph.graph["turns"] == ()


# Classes


def test_what_is_no_road_is_left_out_and_counted():
    ways = {
        10: ([1, 2], ROAD),
        11: ([2, 3], {"highway": "platform"}),
        12: ([2, 4], {"highway": "construction"}),
        13: ([2, 5], {"highway": "footway"}),
        14: ([1, 4, 3, 1], {**ROAD, "area": "yes"}),
        15: ([4, 5], {"waterway": "river"}),
    }
    graph, report = read(osm(ways))
    assert arcs(graph) == {("1", "2"), ("2", "1")}
    assert "2 way(s)" in said(report, "no roads")
    assert "footway (1)" in said(report, "walkers only")
    assert said(report, "area=yes").startswith("1 area")


def test_scenario_may_give_a_class_speeds_or_take_them():
    text = osm({10: ([1, 2], ROAD), 11: ([2, 3], {"highway": "busway"})})
    graph, _ = read(text, classes={"busway": {"car": "30 km/h"}})
    assert {road for *_, road in graph.edges(data="road")} == {"residential", "busway"}
    graph, _ = read(text, classes={"residential": {}, "busway": {"car": "30 km/h"}})
    assert {road for *_, road in graph.edges(data="road")} == {"busway"}


def test_path_for_motorcycles_is_kept_for_these():
    text = {"highway": "path", "motorcycle": "yes"}
    graph, report = read(osm({10: ([1, 2], text), 11: ([2, 3], ROAD)}))
    assert graph.edges["1", "2", 0]["road"] == "service"
    assert barred(graph, "1", "2") == {"car", "truck"}
    assert said(report, "let some vehicles in").startswith("1 way")


def test_links_are_of_their_road():
    graph, _ = street(highway="trunk_link")
    assert graph.edges["1", "2", 0]["road"] == "trunk"


# Speeds


@pytest.mark.parametrize(
    ("given", "ahead", "back"),
    [
        ({"maxspeed": "50"}, 50, 50),
        ({"maxspeed": "30 mph"}, 48.28032, 48.28032),
        ({"maxspeed": "90;30;90;30"}, 30, 30),
        ({"maxspeed": "VN:urban"}, 50, 50),
        ({"maxspeed:type": "DE:rural"}, 100, 100),
        ({"maxspeed": "50", "source:maxspeed": "DE:rural"}, 50, 50),
        ({"source:maxspeed": "sign"}, None, None),
        ({"maxspeed": "none"}, None, None),
        ({"maxspeed": "walk"}, 7, 7),
        ({"maxspeed": "60", "maxspeed:backward": "40"}, 60, 40),
        ({"maxspeed:forward": "70"}, 70, None),
    ],
)
def test_speed_limits(given, ahead, back):
    graph, _ = street(**{k.replace(":", "__"): v for k, v in given.items()})
    for (tail, head), kmh in ((("1", "2"), ahead), (("2", "1"), back)):
        speed = graph.edges[tail, head, 0]["speed"]
        assert speed == (None if kmh is None else pytest.approx(kmh * 1000 / 60))


def test_counts_are_of_ways_even_when_these_are_tagged_alike():
    given = {**ROAD, "maxspeed": "none"}
    _, report = read(osm({n: ([n, n + 1], given) for n in (1, 2, 3)}))
    assert said(report, "there is no limit").startswith("3 way(s)")
    assert report.assumed_speeds == 1


# Ferries


def test_ferry_is_an_arc_and_a_canoe_none():
    ways = {
        10: ([1, 2], ROAD),
        11: ([2, 3], {"route": "ferry", "duration": "00:20", "motor_vehicle": "yes"}),
        12: ([3, 6], {"route": "canoe"}),
        13: ([3, 4], ROAD),
    }
    graph, report = read(osm(ways))
    arc = graph.edges["2", "3", 0]
    assert (arc["road"], arc["minutes"], arc["speed"]) == ("ferry", 20, None)
    assert report.ferries == 1
    assert "6" not in graph


@pytest.mark.parametrize(
    ("given", "kept_out"),
    [({}, set()), ({"motorcar": "no"}, {"car"}), ({"hgv": "no"}, {"truck"})],
)
def test_who_may_board_a_ferry(given, kept_out):
    ways = {10: ([1, 2], ROAD), 11: ([2, 3], {"route": "ferry", **given})}
    graph, report = read(osm(ways))
    assert barred(graph, "2", "3") == kept_out
    assert ("do not say whom" in str(report.notes)) == (not given)


def test_ferry_for_walkers_is_left_out():
    ways = {10: ([1, 2], ROAD), 11: ([2, 3], {"route": "ferry", "foot": "yes"})}
    graph, _ = read(osm(ways))
    assert "3" not in graph
    graph, _ = read(osm(ways), on_foot=True)
    assert barred(graph, "2", "3") == {"car", "motorcycle", "truck"}


# What is missing


def test_way_is_cut_where_a_node_is_missing():
    graph, report = read(
        osm({10: ([1, 2, 99, 3, 6, 98, 97], ROAD), 11: ([7, 99], ROAD)})
    )
    assert arcs(graph) == {("1", "2"), ("2", "1"), ("3", "6"), ("6", "3")}
    assert said(report, "reference(s)").startswith("4 ")
    assert said(report, "fewer than two").startswith("1 way")


def test_null_island_is_no_place():
    places = PLACES | {3: (0.0, 0.0)}
    graph, report = read(osm({10: ([1, 2, 3], ROAD)}, places=places))
    assert set(graph) == {"1", "2"}
    assert "1 node(s) lie at 0, 0" in said(report, "nowhere")
    assert report.box[0] == pytest.approx(105)


def test_nodes_may_come_after_ways_and_have_negative_numbers():
    places = {-1: (105.0, 21.0), -2: (105.001, 21.0)}
    text = osm({-5: ([-1, -2], ROAD)}, places=places)
    start, end = text.index("<node"), text.index("<way")
    turned = (
        text[:start] + text[end : text.index("</osm>")] + text[start:end] + "</osm>"
    )
    graph, _ = read(turned)
    assert arcs(graph) == {("-1", "-2"), ("-2", "-1")}


def test_way_an_editor_has_deleted_is_left_out():
    text = osm({10: ([1, 2], ROAD), 11: ([2, 3], ROAD)})
    graph, report = read(text.replace('<way id="11"', '<way id="11" action="delete"'))
    assert "3" not in graph
    assert said(report, "deleted").startswith("1 way")


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        ({10: ([1, 2], {"highway": "steps"})}, "steps (1)"),
        ({10: ([1, 99], ROAD)}, "no road between two points"),
        ({}, "holds no roads"),
    ],
)
def test_file_without_roads_is_refused(ways, words):
    with pytest.raises(ScenarioError) as caught:
        read(osm(ways))
    assert words in str(caught.value)


@pytest.mark.parametrize("place", [("21.0", "105.0"), ("484344", "4286016")])
def test_coordinates_that_cannot_be_are_refused_or_cut(place):
    text = osm({10: ([1, 2], ROAD)}).replace(
        'lon="105.0" lat="21.0"', f'lon="{place[0]}" lat="{place[1]}"'
    )
    with pytest.raises(ScenarioError, match=r"town\.osm: "):
        read(text)


# Turn restrictions


MEMBERS = [("way", 10, "from"), ("node", 2, "via"), ("way", 12, "to")]
CROSS = {
    10: ([1, 2], ROAD),
    11: ([2, 3], ROAD),
    12: ([2, 4], ROAD),
    13: ([2, 5], ROAD),
}
VEHICLES = {"car", "motorcycle", "truck"}


def turns(
    given: Tags,
    members: list[tuple[str, int, str]] = MEMBERS,
    ways: Mapping[int, tuple[list[int], Tags]] = CROSS,
    **roads: object,
) -> tuple[dict[tuple[str, str], set[str]], RoadReport]:
    graph, report = read(
        osm(ways, [({"type": "restriction", **given}, members)]), **roads
    )
    found = graph.graph["turns"]
    assert all(turn.via == "2" for turn in found)
    return {(t.from_road, t.to_road): set(t.barred) for t in found}, report


def test_no_turn_bars_one_turn():
    found, report = turns({"restriction": "no_left_turn"})
    assert found == {("r10-1-2", "r12-2-4"): VEHICLES}
    assert (report.turns, report.turns_left_out) == (1, 0)


def test_only_turn_bars_all_others():
    found, _ = turns({"restriction": "only_left_turn"})
    assert set(found) == {
        ("r10-1-2", "r10-1-2"),
        ("r10-1-2", "r11-2-3"),
        ("r10-1-2", "r13-2-5"),
    }


def test_only_turn_bars_no_road_one_cannot_take_anyway():
    ways = CROSS | {13: ([5, 2], {**ROAD, "oneway": "yes"})}
    found, _ = turns({"restriction": "only_left_turn"}, ways=ways)
    assert ("r10-1-2", "r13-5-2") not in found


def test_no_u_turn_comes_back_over_the_same_road():
    members = [("way", 10, "from"), ("node", 2, "via"), ("way", 10, "to")]
    found, _ = turns({"restriction": "no_u_turn"}, members)
    assert found == {("r10-1-2", "r10-1-2"): VEHICLES}


@pytest.mark.parametrize(
    ("given", "modes"),
    [
        ({"except": "motorcycle"}, {"car", "truck"}),
        ({"except": "psv;motorcar"}, {"motorcycle", "truck"}),
        ({"except": "bicycle"}, VEHICLES),
    ],
)
def test_restriction_excepts_some(given, modes):
    found, _ = turns({"restriction": "no_left_turn", **given})
    assert found == {("r10-1-2", "r12-2-4"): modes}


def test_restriction_of_some_vehicles_only():
    found, _ = turns({"restriction:motorcycle": "no_left_turn"})
    assert found == {("r10-1-2", "r12-2-4"): {"motorcycle"}}
    found, report = turns({"restriction:bus": "no_left_turn"})
    assert found == {}
    assert "bind none of the units" in said(report, "bind none")


def test_emergency_vehicles_are_excepted_where_forces_count_as_these():
    given = {"restriction": "no_left_turn", "except": "emergency"}
    assert turns(given)[0] == {}
    assert len(turns(given, may_pass=[])[0]) == 1


@pytest.mark.parametrize(
    ("given", "members", "why"),
    [
        ({"restriction:conditional": "no_left_turn @ (06:00-09:00)"}, MEMBERS, "hour"),
        ({"restriction": "no_left_turn", "hour_on": "06:00"}, MEMBERS, "hour"),
        (
            {"restriction": "no_left_turn"},
            [("way", 10, "from"), ("way", 11, "via"), ("way", 12, "to")],
            "via a way",
        ),
        ({"restriction": "no_left_turn"}, MEMBERS[:2], "missing"),
        ({"restriction": "no_left_turn"}, [*MEMBERS[:2], ("way", 99, "to")], "missing"),
        ({"restriction": "give_way"}, MEMBERS, "cannot be read"),
    ],
)
def test_restriction_that_is_not_modelled_is_counted(given, members, why):
    found, report = turns(given, members)
    assert found == {}
    assert (report.turns, report.turns_left_out) == (0, 1)
    assert why in said(report, "that are not modelled")


def test_way_that_runs_on_through_the_node_is_unclear():
    ways = {10: ([1, 2, 3], ROAD), 12: ([2, 4], ROAD), 13: ([2, 5], ROAD)}
    found, report = turns({"restriction": "no_left_turn"}, ways=ways)
    assert found == {}
    assert "do not meet clearly" in said(report, "that are not modelled")


def test_node_of_a_restriction_is_kept_though_one_merely_passes_through():
    ways = {10: ([1, 2], ROAD), 12: ([2, 4], ROAD)}
    found, _ = turns(
        {"restriction": "no_u_turn"}, [*MEMBERS[:2], ("way", 10, "to")], ways
    )
    assert found == {("r10-1-2", "r10-1-2"): VEHICLES}


def test_restriction_names_the_whole_road_that_its_way_is_part_of():
    ways = {
        10: ([6, 2], ROAD),
        9: ([1, 6], ROAD),
        12: ([2, 4], ROAD),
        13: ([2, 5], ROAD),
    }
    found, _ = turns({"restriction": "no_left_turn"}, ways=ways)
    assert found == {("r9-1-2", "r12-2-4"): VEHICLES}


# Streets


def test_a_street_is_all_its_carriageways_and_chains():
    """Two one-way ways of one name, and a chain of two ways of that name."""
    name = {**ROAD, "name": unicodedata.normalize("NFD", "Lê  Thái Tổ ")}
    one_way = {**name, "oneway": "yes"}
    ways = {
        10: ([1, 2, 3], one_way),
        11: ([3, 4, 1], one_way),
        12: ([3, 6], name),
        13: ([6, 7], name),
        14: ([1, 5], ROAD),
        15: ([3, 5], {**ROAD, "ref": "QL.1"}),
    }
    graph, report = read(osm(ways))
    roads = {d["id"]: d["streets"] for *_, d in graph.edges(data=True)}
    by_name = {name: {r for r in roads if name in roads[r]} for name in report.streets}
    assert by_name == {
        "Lê Thái Tổ": {"r10-1-3", "r11-3-1", "r12-3-7"},
        "QL.1": {"r15-3-5"},
    }
    length = {d["id"]: d["length"] for *_, d in graph.edges(data=True)}
    total = sum(length[r] for r in by_name["Lê Thái Tổ"]) / 1000
    assert report.streets["Lê Thái Tổ"] == pytest.approx(total)
    assert (report.names, report.named_roads, report.roads) == (2, 4, 5)


def test_the_name_of_a_street_is_held_once():
    named = {**ROAD, "name": "Phố Huế"}
    graph, _ = read(osm({n: ([n, n + 1], named) for n in (1, 2, 4, 5)}))
    assert len({id(d["streets"]) for *_, d in graph.edges(data=True)}) == 1
