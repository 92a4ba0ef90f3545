import pytest

from scenarios.problem import ScenarioError
from scenarios.road import Roads
from scenarios.road.source import read_network

NODES = "id,x,y\na,0,0\nb,100,0\nc,200,0\nd,200,100\n"
ARCS = "from,to,len,street\na,b,120,Phố Huế\nb,c,80,\nc,d,100,\n"


def read(arcs: str | bytes, nodes: str | bytes | None = NODES, **roads: object):
    def beside(name: str) -> bytes:
        assert name == "nodes.csv"
        assert nodes is not None
        return nodes.encode() if isinstance(nodes, str) else nodes

    own = {} if nodes is None else {"nodes": "nodes.csv"}
    asked = Roads.model_validate(
        {"file": "arcs.csv", "coordinates": "metres", **own, **roads}
    )
    raw = arcs.encode() if isinstance(arcs, str) else arcs
    return read_network(raw, "arcs.csv", asked, beside)


def column(name: str, header: str, unit: str | None = None) -> dict[str, object]:
    units = {} if unit is None else {"units": {name: unit}}
    return {"columns": {name: header}, **units}


def refusal(arcs: str, nodes: str | None = NODES, **roads: object) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(arcs, nodes, **roads)
    return str(caught.value).splitlines()


def lengths(graph) -> dict[tuple[str, str], float]:
    return {(a, b): length for a, b, length in graph.edges(data="length")}


def test_rows_are_roads_both_ways():
    graph, report = read(ARCS)
    assert set(graph) == {"a", "b", "c", "d"}
    assert lengths(graph)["a", "b"] == lengths(graph)["b", "a"] == 100
    assert graph.edges["a", "b", 0]["id"] == graph.edges["b", "a", 0]["id"]
    assert graph.edges["a", "b", 0]["name"] == "Phố Huế"
    assert any("columns not read: len" in note for note in report.notes)
    assert report.kind == "tables of nodes and arcs"


@pytest.mark.parametrize(
    ("unit", "metres"), [("metres", 120), ("km", 120_000), ("feet", 36.576)]
)
def test_length_has_the_unit_that_is_stated(unit, metres):
    graph, _ = read(ARCS, **column("length", "len", unit))
    assert lengths(graph)["a", "b"] == pytest.approx(metres)


@pytest.mark.parametrize(
    ("unit", "minutes"), [("minutes", 120), ("seconds", 2), ("days", 172_800)]
)
def test_time_has_the_unit_that_is_stated(unit, minutes):
    graph, report = read(ARCS, **column("time", "len", unit))
    assert graph.edges["b", "a", 0]["minutes"] == pytest.approx(minutes)
    assert report.assumed_speeds == 0
    doubt = any("are the units right?" in note for note in report.notes)
    assert doubt == (unit != "seconds")


def test_speed_has_the_unit_that_is_stated():
    graph, _ = read(ARCS, **column("speed", "len", "km/h"))
    assert graph.edges["a", "b", 0]["speed"] == 2000
    assert "km/h, above 200" in refusal(ARCS, **column("speed", "len", "m/s"))[0]


@pytest.mark.parametrize("name", ["time", "speed", "length"])
def test_no_unit_is_guessed(name):
    (line,) = refusal(ARCS, **column(name, "len"))
    assert f"roads.units.{name}: must be given for column 'len'" in line


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("yes", {("a", "b")}),
        ("-1", {("b", "a")}),
        ("no", {("a", "b"), ("b", "a")}),
        ("F", {("a", "b")}),
        ("T", {("b", "a")}),
        ("B", {("a", "b"), ("b", "a")}),
        ("t", {("a", "b")}),
    ],
)
def test_one_way_rows(text, ways):
    graph, _ = read(f"from,to,oneway\na,b,{text}\nb,c,yes\n")
    assert set(graph.edges()) - {("b", "c")} == ways


def test_rows_in_both_directions_are_one_road():
    text = "from,to\na,b\nb,a\nb,c\nc,b\n"
    graph, report = read(text)
    assert graph.number_of_edges() == 4
    assert report.roads == 2
    assert any("one direction of a road" in note for note in report.notes)
    graph, _ = read(text, two_way=True)
    assert graph.number_of_edges() == 8


def test_parallel_rows_are_kept_and_own_names_of_roads_too():
    text = "from,to,key,len\na,b,bridge 1,5\na,b,bridge 2,9\nb,c,here,4\n"
    graph, _ = read(text, columns={"road": "key"})
    names = {name for *_, name in graph.edges(data="id")}
    assert names == {"bridge_1", "bridge_2", "here-2"}
    assert graph.number_of_edges("a", "b") == 2


def test_nodes_keep_their_names_unless_chains_are_joined():
    graph, _ = read(ARCS)
    assert "b" in graph
    graph, report = read("from,to\na,b\nb,c\nc,d\n", contract=True)
    assert set(graph) == {"a", "d"}
    assert (report.nodes_before, report.nodes) == (4, 2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_tables_in_any_encoding(encoding):
    text = ARCS.replace("Phố Huế", "Rua São Bento")
    graph, report = read(text.encode(encoding))
    assert graph.edges["a", "b", 0]["name"] == "Rua São Bento"
    assert any("not UTF-8" in note for note in report.notes) == (
        encoding != "utf-8-sig"
    )


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_tables_with_any_delimiter_and_decimal_commas(mark):
    text = "from,to,len\r\na,b,1.5\r\nb,c,2\r\n".replace(",", mark).replace(".", ",")
    graph, _ = read(text, **column("length", "len", "km"))
    assert lengths(graph)["a", "b"] == 1500


def test_padding_quotes_comments_and_trailing_separators():
    text = '# made by hand\n From , TO ,"Street\nname",\n a , b ,"x, y",\n\nb,c,,\n'
    graph, _ = read(text, columns={"name": "street name"})
    assert graph.edges["a", "b", 0]["streets"] == ("x, y",)
    assert "c" in graph


def test_leading_zeros_of_names_stay():
    graph, _ = read("from,to\n01,1\n", "id,x,y\n01,0,0\n1,5,5\n")
    assert set(graph) == {"01", "1"}


def test_stacked_tables_in_one_file():
    text = (
        "nodes\nindex,x,y,offRoad\n1,0,0,0\n2,100,0,0\n3,200,0,1\n\n"
        "arcs\nindex,from,to,car\n1,1,2,0.0001\n2,2,1,0.0001\n3,2,3,0.0002\n"
    )
    graph, _ = read(text, None, **column("time", "car", "days"))
    assert set(graph) == {"1", "2", "3"}
    assert graph.edges["2", "3", 0]["minutes"] == pytest.approx(0.288)


def test_degrees_are_told_from_metres():
    nodes = NODES.replace(",100", ",21").replace("200", "105")
    _, report = read(ARCS, nodes, coordinates="auto")
    assert report.degrees
    assert any("by their size taken as degrees" in note for note in report.notes)


def test_every_row_that_cannot_be_is_told_with_its_line():
    text = "from,to,len\na,b,120\na,x,-5\nb,c,0\nc,d,nan\nd,a,abc\na,c,\n"
    assert refusal(text, **column("length", "len", "metres")) == [
        "arcs.csv:3:1: to: no such node, found 'x'",
        "arcs.csv:3:1: len: must be a number above 0, found '-5'",
        "arcs.csv:4:1: len: must be a number above 0, found '0'",
        "arcs.csv:5:1: len: must be a number above 0, found 'nan'",
        "arcs.csv:6:1: len: must be a number above 0, found 'abc'",
    ]
    nodes = "id,x,y\na,0,0\nb,,0\nc,1,nan\na,5,5\n,6,6\n"
    found = refusal("from,to\na,a\n", nodes)
    assert found == [
        "nodes.csv:3:1: x: no coordinate, found ''",
        "nodes.csv:4:1: y: no coordinate, found 'nan'",
        "nodes.csv:5:1: id: name of a node given twice, found 'a'",
        "nodes.csv:6:1: id: name of a node is empty",
    ]


def test_many_faults_are_counted():
    found = refusal("from,to\n" + "a,x\n" * 50)
    assert len(found) == 21
    assert "30 more rows" in found[-1]


@pytest.mark.parametrize(
    ("arcs", "nodes", "roads", "words"),
    [
        (ARCS, None, {}, "name their table in roads.nodes"),
        ("from,len\na,1\n", NODES, {}, "roads.columns.to: no column for it"),
        (ARCS, "id,lon\na,1\n", {}, "roads.columns.y: no column for it"),
        (ARCS, NODES, {"columns": {"to": "too"}}, "did you mean 'to'?"),
        ("from,to\n", NODES, {}, "holds no rows"),
        (ARCS, "id,x,y\n", {}, "no such node"),
        ("nodes\nid,x,y\na,0,0\n", None, {}, "no section of arcs"),
        (ARCS, NODES, {"coordinates": "degrees"}, "not in degrees"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(arcs, nodes, roads, words):
    assert words in "\n".join(refusal(arcs, nodes, **roads))
