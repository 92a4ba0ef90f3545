import json

import networkx as nx
import pytest

from scenarios.problem import ScenarioError
from scenarios.road import Roads
from scenarios.road.source import read_network

Line = list[tuple[float, float]]


def feature(line: Line, **properties: object) -> dict[str, object]:
    shape = {"type": "LineString", "coordinates": line}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def collection(*features: object, **more: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def read(text: str, encoding: str = "utf-8", **roads: object):
    asked = Roads.model_validate({"file": "town.geojson", **roads})
    return read_network(text.encode(encoding), "town.geojson", asked, lambda _: b"")


def refusal(text: str, **roads: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(text, **roads)
    return str(caught.value)


UTM = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}
A: Line = [(0, 0), (50, 10), (100, 0)]


def metres(*lines: Line, **roads: object):
    made = [feature(line, highway="primary", n=n) for n, line in enumerate(lines)]
    return read(collection(*made, crs=UTM), contract=False, **roads)


def test_lines_meet_at_ends_within_the_tolerance():
    lines = (A, [(100.4, 0.3), (200, 0)], [(0, 3), (0, 90)])
    graph, report = metres(*lines)
    assert sorted(map(len, nx.weakly_connected_components(graph))) == [2, 3]
    assert any("1 end(s) of lines lie within 1 m" in note for note in report.notes)
    graph, _ = metres(*lines, join="5 m")
    assert nx.is_weakly_connected(graph)
    graph, _ = metres(*lines, join="0 m")
    assert nx.number_weakly_connected_components(graph) == 3


def test_end_on_the_middle_of_a_line_cuts_it_and_the_middle_stays():
    graph, _ = metres(A, [(50.3, 10.2), (50, 90)])
    assert len(graph) == 4
    assert nx.is_strongly_connected(graph)
    assert {"x": 50.0, "y": 10.0} in [data for _, data in graph.nodes(data=True)]


def test_points_that_two_lines_have_exactly_join_them_and_crossing_does_not():
    graph, _ = metres(A, [(50, -90), (50, 10), (50, 90)])
    assert len(graph) == 5
    graph, _ = metres([(0, 0), (100, 0)], [(50, -50), (50, 50)])
    assert nx.number_weakly_connected_components(graph) == 2


def test_degrees_and_metres_are_told_apart():
    graph, report = metres(A)
    assert graph.graph["origin"] is None
    assert not report.degrees
    graph, report = read(collection(feature([(105.8, 21), (105.9, 21)])))
    assert report.degrees
    assert report.box == pytest.approx((105.8, 21, 105.9, 21))
    assert not any("does not say" in note for note in report.notes)
    graph, report = read(collection(feature([(584000, 2325000), (584100, 2325000)])))
    assert not report.degrees
    assert any("taken as metres" in note for note in report.notes)


def test_latitude_before_longitude_is_swapped_and_told():
    _, report = read(collection(feature([(21, 105.8), (21, 105.9)])))
    assert report.box == pytest.approx((105.8, 21, 105.9, 21))
    assert any("latitude before longitude" in note for note in report.notes)


def test_null_island_is_left_out():
    line: Line = [(105.8, 21), (105.9, 21), (0, 0)]
    graph, report = read(collection(feature(line)))
    assert len(graph) == 2
    assert "1 node(s) lie at 0, 0" in str(report.dropped)


def test_tags_mean_what_they_mean_in_openstreetmap():
    made = feature(A, highway="trunk_link", oneway="-1", maxspeed="30", name="Hà\u0302")
    graph, _ = read(collection(made, crs=UTM))
    ((tail, head, data),) = graph.edges(data=True)
    assert (data["road"], data["speed"]) == ("trunk", 500)
    assert (tail, head) == ("100.0_0.0", "0.0_0.0")


def test_columns_may_have_other_names():
    made = feature(
        A, fclass="tertiary", oneway="T", maxspeed=31.068559611866696, nm="B"
    )
    columns = {
        "class": "fclass",
        "name": "nm",
        "one_way": "oneway",
        "speed": "maxspeed",
    }
    graph, _ = read(collection(made, crs=UTM), columns=columns, units={"speed": "mph"})
    ((tail, _, data),) = graph.edges(data=True)
    assert (data["road"], data["name"], tail) == ("tertiary", "B", "100.0_0.0")
    assert data["streets"] == ("B",)
    assert data["speed"] == pytest.approx(50_000 / 60, rel=1e-5)


def test_line_without_a_class_gets_the_default():
    graph, _ = read(collection(feature(A), crs=UTM), default_class="track")
    assert {road for *_, road in graph.edges(data="road")} == {"track"}


def test_many_lines_in_one_feature_and_other_shapes():
    several = feature(A)
    several["geometry"] = {
        "type": "MultiLineString",
        "coordinates": [A, [(100, 0), (200, 0)]],
    }
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}}
    graph, report = read(collection(several, point, crs=UTM), contract=False)
    assert len(graph) == 3
    assert any("1 feature(s) that are no lines" in note for note in report.notes)


def test_one_feature_a_line_and_a_mark_at_the_beginning():
    text = "".join(
        f"\x1e{json.dumps(feature(line))}\n" for line in (A, [(100, 0), (9, 9)])
    )
    graph, _ = read(text, coordinates="metres")
    assert len(graph) == 2
    graph, report = read("\ufeff" + collection(feature(A), crs=UTM), "utf-16")
    assert len(graph) == 2
    assert any("UTF-16" in note for note in report.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (collection(feature(A))[:-20], "town.geojson:1:"),
        ('{"type": "Feature", "properties": ' + "[" * 100_000, "no sound GeoJSON"),
        (collection(), "holds no lines"),
        (collection(None, 3, {"geometry": {"type": "LineString"}}), "holds no lines"),
        (collection(feature([(105, 21)])), "holds no lines"),
        (collection(feature([("a", 1), (None, 2)])), "holds no lines"),
        (collection(feature([(1e300, 1), (1, 1e300)])), "holds no lines"),
    ],
)
def test_broken_files_are_refused(text, words):
    assert words in refusal(text)


def test_options_of_tables_are_refused():
    assert "read from tables only" in refusal(
        collection(feature(A)), columns={"x": "a"}
    )
    wrong = refusal(
        collection(feature([(900, 900), (901, 900)])), coordinates="degrees"
    )
    assert "not in degrees" in wrong
