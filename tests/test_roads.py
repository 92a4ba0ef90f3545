# The command `muster roads`, as a person types it.

import json

import matplotlib.image
import numpy as np
import pytest
from typer.testing import CliRunner

import muster
from scenarios.file.reader import load
from scenarios.problem import ScenarioError
from scenarios.template import write_template

OSM = """<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>{nodes}
<way id="90">{refs}<tag k="highway" v="primary"/><tag k="name" v="Phố Huế"/></way>
<way id="91"><nd ref="1"/><nd ref="7"/><tag k="highway" v="service"/>
<tag k="oneway" v="yes"/></way>
<way id="92"><nd ref="2"/><nd ref="8"/><tag k="route" v="ferry"/></way>
{cross}</osm>"""


def town() -> str:
    nodes = "".join(
        f'<node id="{n}" lon="{105 + n % 4 / 500}" lat="{21 + n // 4 / 500}"/>'
        for n in range(1, 13)
    )
    refs = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3))
    cross = "".join(
        f'<way id="{a}{b}"><nd ref="{a}"/><nd ref="{b}"/>'
        '<tag k="highway" v="residential"/></way>'
        for a, b in ((1, 5), (2, 6), (3, 4), (5, 6), (5, 9), (6, 10), (9, 10), (10, 11))
    )
    return OSM.format(nodes=nodes, refs=refs, cross=cross)


def roads(*words: object):
    return CliRunner().invoke(muster.app, ["roads", *map(str, words)])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text(town(), encoding="utf-8")
    return path


def test_report_is_printed_and_the_map_drawn(file, tmp_path):
    done = roads(file, "--out", tmp_path / "maps")
    assert done.exit_code == 0
    assert "OSM XML" in done.stdout
    assert "1 ferry link(s); those roads.ferries is silent on" in done.stdout
    assert "a mean wait of 10 min" in done.stdout
    assert "state no crossing time" in done.stdout
    assert "(car, motorcycle, truck, foot 10 km/h)" in done.stdout
    assert "(roads.may_pass): private, destination, customers," in done.stdout
    assert "streets in it: 1 name(s) on 2 of 11 roads; the longest: Phố Huế (" in (
        done.stdout
    )
    assert "a unit sent to 1 of these cannot come back" in done.stdout
    picture = tmp_path / "maps" / "town-roads.png"
    assert done.stdout.endswith(f"Map: {picture}\n")
    dark = matplotlib.image.imread(picture)[:, :, :3].min(axis=2) < 0.5
    assert 0.002 < float(np.mean(dark)) < 0.2
    assert list(picture.parent.iterdir()) == [picture]


def test_default_place_of_the_map_and_the_same_bytes_again(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert roads(file).exit_code == 0
    one = (tmp_path / "muster-out" / "town-roads.png").read_bytes()
    assert roads(file, "--out", tmp_path / "other.png").exit_code == 0
    assert (tmp_path / "other.png").read_bytes() == one


def test_json_holds_the_whole_report(file, tmp_path):
    done = roads(file, "--json", "--out", tmp_path)
    told = json.loads(done.stdout)
    assert told["kind"] == "OSM XML"
    assert told["ferries"] == 1
    assert told["streets"] == {"Phố Huế": pytest.approx(0.415, abs=0.001)}
    assert (told["names"], told["named_roads"]) == (1, 2)
    assert set(told["outside"]) == {"car", "motorcycle", "truck"}
    assert told["map"].endswith("town-roads.png")


def test_settings_say_how_to_read_the_file(file, tmp_path):
    told = [
        json.loads(roads(file, "--json", "--out", tmp_path, *words).stdout)["nodes"]
        for words in ((), ("--set", "roads.contract=false"))
    ]
    assert told[0] < told[1]


def test_tables_are_mapped_from_the_command_line(tmp_path):
    (tmp_path / "n.csv").write_text("nr;east;north\n1;0;0\n2;900;0\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("p;q;t\n1;2;1,5\n", encoding="utf-8")
    words = [
        f"--set=roads.{text}"
        for text in (
            "nodes=n.csv",
            "columns={id: nr, x: east, y: north, from: p, to: q, time: t}",
            "units.time=minutes",
            "coordinates=metres",
        )
    ]
    done = roads(tmp_path / "a.csv", "--out", tmp_path, *words)
    assert done.exit_code == 0, done.output
    assert "stated times mean 36 to 36 km/h" in done.stdout


def test_roads_of_a_scenario_are_shown_too(tmp_path):
    done = roads("khanh-thuong", "--out", tmp_path)
    assert done.exit_code == 0
    assert (tmp_path / "khanh-thuong-roads.png").is_file()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.osm"], "no such road file"),
        (["{file}", "--set", "roads.colour=red"], "roads.colour: no such key"),
        (["{file}", "--set", "roads.nodes=n.csv"], "nothing is read by it"),
        (["{file}", "--out", "{file}"], "is no folder"),
        (["{file}", "--out", "{file}.png"], "exists and is no picture"),
    ],
)
def test_bad_input_is_told_and_nothing_written(file, tmp_path, words, says):
    (tmp_path / "town.osm.png").write_text("mine")
    before = sorted(tmp_path.iterdir())
    done = roads(*(word.format(file=file) for word in words))
    assert isinstance(done.exception, ScenarioError)
    assert says in str(done.exception)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "town.osm.png").read_text() == "mine"


def test_new_scenario_on_an_osm_file_loads(file, tmp_path):
    target, report = write_template(tmp_path / "mine", file, stations=1, units=2)
    scenario = load(target)
    assert scenario.road_report == report
    assert (target / "roads.osm").read_text(encoding="utf-8") == town()
