import json
import math
import re
from pathlib import Path

import pytest

from analysis.staff.choice import Space
from scenarios.check import check_text
from scenarios.file import folder
from scenarios.file.reader import load
from scenarios.problem import ScenarioError
from scenarios.scenario import Scenario
from scenarios.template import write_template
from simulator.check import check_world

SIDE = 8
KEYS = (
    '<key id="x" for="node" attr.name="x" attr.type="string"/>'
    '<key id="y" for="node" attr.name="y" attr.type="string"/>'
    '<key id="c" for="graph" attr.name="crs" attr.type="string"/>'
    '<key id="o" for="edge" attr.name="osmid" attr.type="string"/>'
    '<key id="h" for="edge" attr.name="highway" attr.type="string"/>'
    '<key id="n" for="edge" attr.name="name" attr.type="string"/>'
)


def edge(tail: int, head: int, way: int, name: str) -> str:
    return (
        f'<edge source="{tail}" target="{head}"><data key="o">{way}</data>'
        f'<data key="h">residential</data><data key="n">{name}</data></edge>'
    )


def grid(side: int = SIDE, *, name: str = "Phố Huế") -> str:
    """Write a town of two-way streets, every corner a node, and one lane with no way
    back.
    """
    nodes = {
        row * side + column: (105.8 + column / 500, 21 + row / 500)
        for row in range(side)
        for column in range(side)
    }
    pairs = [(a, a + 1) for a in nodes if (a + 1) % side]
    pairs += [(a, a + side) for a in nodes if a + side in nodes]
    body = "".join(
        f'<node id="{n}"><data key="x">{x}</data><data key="y">{y}</data></node>'
        for n, (x, y) in [*nodes.items(), (999, (106.5, 21.5))]
    )
    for way, (a, b) in enumerate(pairs):
        body += edge(a, b, way, name) + edge(b, a, way, name)
    return (
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{KEYS}'
        f'<graph edgedefault="directed"><data key="c">epsg:4326</data>{body}'
        f"{edge(0, 999, 888, name)}</graph></graphml>"
    )


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    path = tmp_path / "town.graphml"
    path.write_text(grid(), encoding="utf-8")
    return path


@pytest.fixture
def written(tmp_path: Path, roads: Path) -> Scenario:
    target, _ = write_template(tmp_path / "my-town", roads)
    return load(target)


def minutes(scenario: Scenario, text: str) -> float:
    return scenario.clock.moment(text)


def test_folder_loads_under_every_plan(tmp_path, roads):
    target, report = write_template(tmp_path / "my-town", roads)
    scenario = load(target)
    assert target == tmp_path / "my-town"
    assert list(scenario.plans) == ["base", "thin"]
    assert report == scenario.road_report
    assert (target / "roads.graphml").read_bytes() == roads.read_bytes()
    for plan in scenario.plans:
        assert load(target, plan=plan).plans[plan].setting.stations


def test_what_it_leaves_open_as_a_comment_is_sound_once_it_is_none(tmp_path, roads):
    target, _ = write_template(tmp_path / "my-town", roads)
    file = target / "scenario.yaml"
    head, rest = file.read_text(encoding="utf-8").split("# uncertain:\n")
    block, tail = rest.split("\n\n", 1)
    lines = [line.removeprefix("# ") for line in block.splitlines()]
    file.write_text("\n".join([f"{head}uncertain:", *lines, "", tail]), "utf-8")
    for plan in load(target).plans.values():
        assert list(plan.setting.uncertain) == ["turnout", "check-in"]


@pytest.mark.parametrize("stations", [1, 2, 3, 4, 11, 40])
@pytest.mark.parametrize("units", [1, 2, 3, 4, 5, 6, 23])
def test_any_number_of_stations_and_units_loads(tmp_path, roads, stations, units):
    target, _ = write_template(
        tmp_path / "my-town", roads, stations=stations, units=units
    )
    scenario = load(target)
    assert len(scenario.setting.stations) == stations
    assert len(scenario.setting.units) == units


def test_most_stations_and_units_load(tmp_path):
    roads = tmp_path / "city.graphml"
    roads.write_text(grid(15), encoding="utf-8")
    target, _ = write_template(tmp_path / "city", roads, stations=200, units=200)
    assert len(load(target).setting.stations) == 200


def test_same_roads_give_the_same_folder(tmp_path, roads):
    folders = []
    for parent in ("a", "b"):
        (tmp_path / parent).mkdir()
        folders.append(write_template(tmp_path / parent / "my-town", roads)[0])
    names = ("scenario.yaml", "plans/base.yaml", "plans/thin.yaml")
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_places_are_apart_and_none_is_where_nothing_leads_back(written):
    nodes = [place.node for place in written.setting.places.values()]
    assert len(set(nodes)) == len(nodes) == 8 + 3
    assert "999" not in nodes
    points = [(written.graph.nodes[n]["x"], written.graph.nodes[n]["y"]) for n in nodes]
    gaps = [math.dist(a, b) for i, a in enumerate(points) for b in points[:i]]
    assert min(gaps) > 300


def out_of_town(tmp_path: Path) -> Path:
    """Write streets 5 by 5; beyond each corner a track, a path and a canal lead out."""
    nodes = {f"s{x}{y}": [100 * x, 100 * y] for x in range(5) for y in range(5)}
    rows = [(f"s{x}{y}", f"s{x + 1}{y}", "residential") for x, y in GROUND]
    rows += [(f"s{y}{x}", f"s{y}{x + 1}", "residential") for x, y in GROUND]
    for corner, far in (("s00", -900), ("s44", 1300)):
        for i, kind in enumerate(("track", "footway", "waterway", "service")):
            nodes[f"{kind}-{corner}"] = [far + 10 * i, far]
            rows.append((corner, f"{kind}-{corner}", kind))
    edges = [
        {"id": f"e{i}", "from": a, "to": b, "road": kind}
        for i, (a, b, kind) in enumerate(rows)
    ]
    path = tmp_path / "town.yaml"
    path.write_text(json.dumps({"nodes": nodes, "edges": edges}), encoding="utf-8")
    return path


GROUND = [(x, y) for x in range(4) for y in range(5)]
STREETS = 25


def stands(tmp_path: Path, stations: int) -> set[str | None]:
    roads = out_of_town(tmp_path)
    target, _ = write_template(tmp_path / "town", roads, stations=stations)
    scenario = load(target)
    closed = scenario.setting.script["road-closed"].effects[0].roads[0]
    kinds = {d["id"]: d["road"] for *_, d in scenario.graph.edges(data=True)}
    assert kinds[closed] == "residential"
    return {place.node for place in scenario.setting.places.values()}


def test_places_are_on_streets_though_paths_and_tracks_lie_farther_out(tmp_path):
    assert not [node for node in stands(tmp_path, STREETS - 3) if "-" in node]


def test_places_are_on_tracks_where_streets_do_not_hold_them_and_never_on_paths(
    tmp_path,
):
    found = {
        node.partition("-")[0] for node in stands(tmp_path, STREETS + 1) if "-" in node
    }
    assert found == {"track", "service"}


def test_roads_that_no_car_may_use_are_told(tmp_path):
    text = out_of_town(tmp_path).read_text(encoding="utf-8")
    roads = tmp_path / "paths.yaml"
    roads.write_text(re.sub('(?<="road": ")[a-z]+', "path", text))
    with pytest.raises(ScenarioError, match="only 0 nodes can all reach each other"):
        write_template(tmp_path / "town", roads)


def test_sizes_differ_and_keep_the_rule_pack(written):
    sizes = [station.registered for station in written.setting.stations.values()]
    assert len(set(sizes)) == len(sizes)
    assert sum(sizes) / len(sizes) == 815
    assert written.rules.least_registered is not None
    assert written.rules.most_registered is not None
    for size in sizes:
        assert written.rules.least_registered <= size <= written.rules.most_registered


def test_no_stage_is_busier_than_85_percent_at_the_peak(written):
    for station in written.setting.stations.values():
        for stage in station.stages.values():
            assert isinstance(stage.servers, int)
            load_at_peak = station.registered * 0.1615 / 60 * stage.service.mean_minutes
            assert load_at_peak / stage.servers <= 0.85


@pytest.mark.parametrize("plan", ["base", "thin"])
def test_team_can_fill_every_place(written, plan):
    for name, station in written.plans[plan].setting.stations.items():
        needed = sum(s.servers * s.officers for s in station.stages.values())
        assert station.officers >= needed, name


def test_thin_plan_has_less_and_keeps_every_skill(written):
    base, thin = (written.plans[plan].setting for plan in ("base", "thin"))
    assert len(thin.units) == 4 < len(base.units) == 6
    assert sum(s.officers for s in thin.stations.values()) < sum(
        s.officers for s in base.stations.values()
    )
    noon = minutes(written, "12:00")
    able = [u for u in thin.units.values() if u.on_shift(noon)]
    for incident in thin.incidents.values():
        for skill, number in incident.levels[-1].needs.items():
            assert sum(skill in unit.skills for unit in able) >= number, skill


@pytest.mark.parametrize("units", [1, 2, 3, 4, 6, 20])
def test_units_are_on_shift_for_their_duties(tmp_path, roads, units):
    target, _ = write_template(tmp_path / "my-town", roads, stations=25, units=units)
    setting = load(target).setting
    served: dict[str, list[str]] = {"delivery": [], "convoy": []}
    for duty in setting.duties.values():
        if duty.kind == "guard":
            unit, begin, end = duty.units[0], duty.from_, duty.until
        else:
            assert duty.kind in served
            unit, begin, end = duty.unit, duty.start, duty.deadline
            served[duty.kind] += duty.stations
        shifts = setting.units[unit].shifts
        assert any(s.from_ <= begin and end <= s.until for s in shifts), (unit, shifts)
    assert served["delivery"] == served["convoy"] == list(setting.stations)


def test_closed_road_leaves_a_way_round_to_its_station(written):
    (effect,) = written.setting.script["road-closed"].effects
    assert effect.kind == "close_road"
    assert effect.for_ == 60
    at_stations = {
        road
        for station in written.setting.stations.values()
        for _, _, road in written.graph.out_edges(
            written.setting.places[station.place].node, data="id"
        )
    }
    assert set(effect.roads) <= at_stations


def test_file_tells_what_was_assumed_and_where_the_roads_lie(tmp_path, roads):
    target, report = write_template(tmp_path / "my-town", roads)
    text = (target / "scenario.yaml").read_text(encoding="utf-8")
    assert "bounding box 105.8000" in text
    assert text.count("assumed") > 20
    assert len(load(target).setting.assumptions) >= 8
    assert any("outside" in line for line in report.lines())


def test_text_of_the_road_file_cannot_write_yaml(tmp_path):
    roads = tmp_path / "town.graphml"
    name = "x&quot;&#10;assumptions: [&#10;# $title\u2028\u0085y"
    roads.write_text(grid(name=name), encoding="utf-8")
    scenario = load(write_template(tmp_path / "my town: 2$", roads)[0])
    assert scenario.setting.title == "my town: 2$"
    title = scenario.setting.script["road-closed"].title
    assert title.startswith('x" assumptions: [ # $title y is closed')


@pytest.mark.parametrize("number", [0, -1, 201])
@pytest.mark.parametrize("option", ["stations", "units"])
def test_number_out_of_range_is_refused(tmp_path, roads, option, number):
    with pytest.raises(ScenarioError, match=f"--{option}: must be from 1 to 200"):
        write_template(tmp_path / "my-town", roads, **{option: number})
    assert list(tmp_path.iterdir()) == [roads]


def test_existing_target_is_refused_and_left_alone(tmp_path, roads):
    target = tmp_path / "my-town"
    target.mkdir()
    with pytest.raises(ScenarioError, match="exists already"):
        write_template(target, roads)
    assert list(target.iterdir()) == []


def test_target_without_a_parent_is_refused(tmp_path, roads):
    with pytest.raises(ScenarioError, match="there is no folder"):
        write_template(tmp_path / "none" / "my-town", roads)
    assert list(tmp_path.iterdir()) == [roads]


def test_missing_or_broken_road_file_is_refused_and_nothing_written(tmp_path, roads):
    with pytest.raises(ScenarioError, match="no such road file"):
        write_template(tmp_path / "my-town", tmp_path / "none.graphml")
    roads.write_text(grid()[:500], encoding="utf-8")
    with pytest.raises(ScenarioError, match="not sound XML"):
        write_template(tmp_path / "my-town", roads)
    assert list(tmp_path.iterdir()) == [roads]


def test_too_large_road_file_is_refused(tmp_path, roads, monkeypatch):
    monkeypatch.setattr(folder, "MOST_FILE_BYTES", 100)
    with pytest.raises(ScenarioError, match="too large"):
        write_template(tmp_path / "my-town", roads)


def test_network_too_small_for_the_stations_is_refused(tmp_path, roads):
    roads.write_text(grid(3), encoding="utf-8")
    with pytest.raises(ScenarioError, match="only 9 nodes"):
        write_template(tmp_path / "my-town", roads, stations=7)
    assert list(tmp_path.iterdir()) == [roads]


def test_nothing_is_left_when_writing_fails(tmp_path, roads, monkeypatch):
    def full(path, _content):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ScenarioError, match="cannot be written: No space left"):
        write_template(tmp_path / "my-town", roads)
    assert list(tmp_path.iterdir()) == [roads]


def test_the_plans_that_muster_staff_may_look_at_can_all_be(written):
    space = Space.of(written, "base")
    assert space.start is not None
    for option in space.options:
        assert len(option.values) > 1
    desks = sum(name.startswith("desks") for name in written.setting.staffing)
    assert desks == len(written.setting.stations) == 8
    space.variant(space.generous)
    space.variant(tuple(0 for _ in space.options))
    findings = [*check_text(written, "base"), *check_world(written, "base")]
    assert not [f for f in findings if f.path.startswith("staffing")]


def test_of_many_stations_some_may_vary(tmp_path, roads):
    target, _ = write_template(tmp_path / "city", roads, stations=40, units=1)
    space = Space.of(load(target), "base")
    assert sum(option.name.startswith("desks") for option in space.options) == 12
