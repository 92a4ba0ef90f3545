# Pieces of a scenario in files of their own.

import pytest

import muster
from scenarios.file.reader import load, vary, written
from scenarios.problem import ScenarioError
from tests.town import village

HEAD = (
    village("A village that votes")
    + """
include: [more/pace.yaml, booth.yaml]
places: {a: {node: a}, b: {node: b}}
stations:
  KV1:
    place: a
    registered: 200
    turnout: 90 %
    arrivals: {hourly: [1, 2, 1]}
    opens: "07:00"
    closes: "10:00"
    officers: 4
    stages:
      booth: {servers: 2, voting: true, service: 3 min}
  KV2:
    place: b
    registered: 100
    turnout: 90 %
    arrivals: {hourly: [1, 2, 1]}
    opens: "07:00"
    closes: "10:00"
    officers: 4
    stages:
      desk: {servers: 2, service: 1 min}
      booth: {servers: 2, voting: true, service: 3 min}
"""
)
PACE = """stations:
  "*":
    arrivals:
      cumulative:
        - {at: "07:00", share: 0 %}
        - {at: "08:00", share: 70 %}
        - {at: "10:00", share: 100 %}
"""
BOOTH = (
    "stations: {KV2: {stages: {booth: {service: {law: gamma, mean: 2 min, cv: 1}}}}}\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "plans").mkdir()
    (tmp_path / "scenario.yaml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "more" / "pace.yaml").write_text(PACE, encoding="utf-8")
    (tmp_path / "booth.yaml").write_text(BOOTH, encoding="utf-8")
    return tmp_path


def refused(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(folder)
    return str(error.value).replace(f"{folder}/", "").splitlines()[0]


def test_pieces_are_laid_over_the_scenario_and_under_its_plans(folder):
    plan = "title: Thin\nstations: {KV2: {stages: {booth: {servers: 3}}}}\n"
    (folder / "plans" / "thin.yaml").write_text(plan, encoding="utf-8")
    scenario = load(folder)
    stations = scenario.setting.stations
    for station in stations.values():
        assert [share for _, share in station.profile()] == [0, 0.7, 1]
    assert stations["KV1"].stages["booth"].service.law == "constant"
    assert stations["KV2"].stages["booth"].service.law == "gamma"
    thin = scenario.plans["thin"].setting.stations["KV2"]
    assert (thin.stages["booth"].servers, thin.stages["booth"].service.law) == (
        3,
        "gamma",
    )


def test_what_is_said_of_every_station_is_laid_over_those_that_have_the_stage(folder):
    piece = "stations: {'*': {stages: {desk: {service: 2 min}}}}\n"
    (folder / "booth.yaml").write_text(piece, encoding="utf-8")
    stations = load(folder).setting.stations
    assert list(stations["KV1"].stages) == ["booth"]
    assert stations["KV2"].stages["desk"].service.mean_minutes == 2


def test_a_station_named_beside_every_station_goes_its_own_way(folder):
    piece = PACE + "  KV2: {registered: 300}\n"
    (folder / "more" / "pace.yaml").write_text(piece, encoding="utf-8")
    stations = load(folder).setting.stations
    assert stations["KV1"].arrivals.cumulative is not None
    assert (stations["KV2"].registered, stations["KV2"].arrivals.hourly) == (
        300,
        (1, 2, 1),
    )


def test_variants_and_what_is_written_hold_the_pieces(folder):
    scenario = vary(load(folder), ("stations.KV1.registered=150",))
    assert scenario.setting.stations["KV1"].arrivals.cumulative is not None
    whole = written(scenario, "base").whole
    assert "cumulative" in whole["stations"]["KV1"]["arrivals"]


def test_a_run_keeps_the_pieces_and_can_be_repeated(folder, tmp_path):
    result = muster.run(folder, replications=2, workers=1)
    result.write(tmp_path / "out")
    again = load(tmp_path / "out" / "inputs")
    assert again.setting == load(folder).setting
    assert {source.path for source in again.sources} >= {"booth.yaml", "more/pace.yaml"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "stations: {KV9: {registered: 5}}\n",
            "booth.yaml:1:12: stations.KV9: no such station, found 'KV9'; did you "
            "mean 'KV2'? allowed: KV1, KV2; a new one must give its place",
        ),
        (
            "stations: {'*': {stages: {hall: {service: 2 min}}}}\n",
            "booth.yaml:1:27: stations.KV1.stages.hall: no such stage, found 'hall'; "
            "allowed: booth; a new one must give its servers",
        ),
        (
            "stations:\n  KV1: {registered: -5}\n",
            "booth.yaml:2:21: stations.KV1.registered: must be 1 or more, found -5",
        ),
        (
            "incidents: {fire: {rates: []}}\n",
            "booth.yaml:1:13: incidents.fire: no such incident type, found 'fire'; ",
        ),
        (
            "include: [x.yaml]\n",
            "booth.yaml:1:1: include: stands in the scenario's own",
        ),
        ("format: 1\n", "booth.yaml:1:1: format: stands in the scenario's own file"),
        ("- 1\n", "booth.yaml:1:1: must be a mapping of keys to values, found a list"),
        ("arrivals: {}\n", "booth.yaml:1:1: arrivals: no such key; "),
        ("a: [\n", "booth.yaml:2:1: not sound YAML: "),
    ],
)
def test_what_is_wrong_with_a_piece_is_told_with_its_place(folder, text, says):
    assert refused(folder, "booth.yaml", text).startswith(says)


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("[no.yaml]", "include[0]: no.yaml: there is no such file"),
        ("[../no.yaml]", "include[0]: ../no.yaml: lies outside the scenario's folder"),
        (
            "[/etc/passwd]",
            "include[0]: /etc/passwd: lies outside the scenario's folder",
        ),
        ("no.yaml", "include: must be a list, found 'no.yaml'"),
        ("[3]", "include[0]: must be text, found 3"),
    ],
)
def test_what_cannot_be_included_is_told_where_it_is_named(folder, named, says):
    text = HEAD.replace("[more/pace.yaml, booth.yaml]", named)
    told = refused(folder, "scenario.yaml", text)
    assert told.startswith("scenario.yaml:9:")
    assert told.partition(" ")[2].startswith(says)


def test_pieces_cannot_be_set_for_a_run(folder):
    with pytest.raises(ScenarioError, match="stands in the scenario's own file alone"):
        load(folder, changes=("include=[booth.yaml]",))
