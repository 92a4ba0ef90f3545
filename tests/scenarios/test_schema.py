"""The JSON Schema by which editors complete and check scenario files."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scenarios.file.document import parse_document
from scenarios.file.folder import LIBRARY
from scenarios.file.reader import load
from scenarios.plan import PlanFile
from scenarios.problem import ScenarioError
from scenarios.scenario import Setting

SCENARIO = Draft202012Validator(Setting.model_json_schema(by_alias=True))
PLAN = Draft202012Validator(PlanFile.model_json_schema(by_alias=True))
SCENARIOS = sorted(LIBRARY.glob("*/scenario.yaml"))
PLANS = sorted(LIBRARY.glob("*/plans/*.yaml"))


def data(text: str | bytes) -> Any:
    raw = text.encode() if isinstance(text, str) else text
    return parse_document(raw, "f.yaml").data


def faults(schema: Draft202012Validator, text: str | bytes) -> list[str]:
    found = schema.iter_errors(data(text))
    return [f"{fault.json_path}: {fault.message}" for fault in found]


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} must stand once"
    return text.replace(old, new)


@pytest.mark.parametrize("schema", [SCENARIO, PLAN], ids=["scenario", "plan"])
def test_the_schema_is_sound(schema):
    Draft202012Validator.check_schema(schema.schema)


def test_the_library_holds_scenarios_and_plans():
    assert SCENARIOS
    assert PLANS


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_the_schema_accepts_every_bundled_scenario(path: Path):
    assert faults(SCENARIO, path.read_bytes()) == []


@pytest.mark.parametrize(
    "path", PLANS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}"
)
def test_the_schema_accepts_every_bundled_plan(path: Path):
    assert faults(PLAN, path.read_bytes()) == []


def test_the_schema_accepts_a_scenario_that_says_everything(sound: str):
    assert faults(SCENARIO, sound) == []


# What the reader accepts, the schema accepts


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("service: 60 s", "service: {law: constant, value: 60 s}"),
        ("service: 60 s", "service: {law: exponential, mean: 1 min}"),
        ("service: 60 s", "service: {law: gamma, mean: 1 min, cv: 1}"),
        (
            "    priority: 5 %\n",
            "    classes: {old: {share: 9 %, priority: true, service: {box: 1 min}}}\n",
        ),
        (
            "rules: vietnam-2015\n",
            "rules: none\nturnout_shock: {law: uniform, low: -10 %, high: 0.05}\n",
        ),
        ("service: 60 s", "service: {law: erlang, mean: 1 min, stages: 3}"),
        ("service: 60 s", "service: {law: empirical, values: [50 s, 1 min]}"),
        ("service: 60 s", "service: 1 min 30 s"),
        ("service: 60 s", "service: 1h30min"),
        ("turnout: 0.9", "turnout: 1"),
        ("turnout: 0.9", "turnout: 62.5%"),
        ("patience: {law: exponential, mean: 90 min}", "patience: null"),
        ("patience: {law: exponential, mean: 90 min}", "patience: 45 min"),
        ("[{from: 07:00, servers: 2}, {from: 11:00, servers: 1}]", "3"),
        ("call_up: 40 min", "call_up: ~"),
        (
            "{kind: slow, station: here, stage: booth, factor: 1.5}",
            "{kind: divert, station: here, to: KV2, share: 50 %, line: 0.1}",
        ),
        (
            "{kind: move_officers, from: KV1, to: KV2}",
            "{kind: divert, station: here, to: KV2, mode: car, until: 18:00}",
        ),
        ("    at: 09:00", "    at: D 09:00"),
        ("    at: 09:00", "    at: 2021-05-23 9:00:30"),
        ("for: 2 h", "until: D+1 01:00"),
        ("road: tertiary, speed: 30 km/h}", "road: tertiary, name: Phố Huế}"),
        ("roads: [bc], for", "classes: [tertiary], for"),
        ("bound: by 23:30", "bound: by D+1 01:30"),
        ("bound: at least 95 %", "bound: at most 95 %"),
        ("days: 90 %\n  last", "days: 0.9\n  last"),
        ("seat: {node: a}", "seat: {at: [0, -0.5]}"),
        ("seat: {node: a}", "seat: {node: a}\n  Khánh-Thượng_1: {node: b}"),
    ],
)
def test_the_schema_accepts_whatever_the_reader_accepts(old, new, sound, write):
    text = changed(sound, old, new)
    load(write({"scenario.yaml": text}))
    assert faults(SCENARIO, text) == []


DRAWN = """\
    turnout: 95 %
    arrivals: {hourly: [16, 16, 16, 8, 4, 4, 4, 4, 4, 4, 4, 4]}
"""


def test_the_schema_asks_for_recorded_voters_or_turnout_and_arrivals(sound, write):
    recorded = "    voters: {file: seen.csv, unit: s, columns: {arrival: came}}\n"
    text = changed(sound, DRAWN, recorded)
    load(write({"scenario.yaml": text, "seen.csv": "came\n07:00\n"}))
    assert faults(SCENARIO, text) == []
    for broken in (
        "",
        "    turnout: 95 %\n",
        "    turnout: null\n    arrivals: null\n",
    ):
        assert faults(SCENARIO, changed(sound, DRAWN, broken))


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "summary: none\n",
        "stations: {KV1: {officers: 8}}\n",
        "stations: {KV1: {stages: {booth: {servers: 3}}}}\n",
        "stations: {KV1: {stages: {booth: {servers: [{from: 07:00, servers: 3}]}}}}\n",
        "units: {A1: null}\n",
        "units: {P1: {crew: 3}}\n",
        "duties: {D3: null}\n",
        "duties: {D3: {unit: P1}}\n",
        "dispatch: null\n",
        "dispatch: {policy: nearest-idle}\n",
    ],
)
def test_the_schema_accepts_whatever_the_reader_accepts_as_a_plan(rest, write):
    text = f"title: Other\n{rest}"
    load(write({"plans/other.yaml": text}))
    assert faults(PLAN, text) == []


# What the schema shows in an editor, the reader says too


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("registered: 600", "registerd: 600"),
        ("duties:\n", "dutys:\n"),
        ("factor: 1.5", "faktor: 1.5"),
        ("{law: exponential, mean: 90 min}", "{mean: 90 min}"),
        ("{law: exponential, mean: 90 min}", "{law: exponential, means: 90 min}"),
        ("{from: 11:00, servers: 1}", "{from_: 11:00, servers: 1}"),
        ("servers: 4", "servers: four"),
        ("kind: close_road", "kind: closeroad"),
        ("for: 2 h", "for: 2"),
        ("roads: [bc]", "streets: [1]"),
        ("roads: [bc]", "streets: []"),
        ("roads: [bc]", "streets: Phố Huế"),
        ("    at: 09:00", "    at: 9"),
        ("mode: truck", "mode: lorry"),
        ("turnout: 95 %", "turnout: 95"),
        ("measure: wait.within", "measure: wait.withn"),
        ("bound: at least 95 %", "bound: 95 %"),
        ("title: A small polling day\n", ""),
        ("[0, 0]", "[0]"),
        ("day: 2021-05-23", "day: Sunday"),
        ("during: 07:00", "during: dawn"),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(old, new, sound, write):
    text = changed(sound, old, new)
    with pytest.raises(ScenarioError):
        load(write({"scenario.yaml": text}))
    assert faults(SCENARIO, text) != []


@pytest.mark.parametrize(
    "text",
    [
        "title: Other\nstation: {}\n",
        "title: Other\nstations: {KV1: {registered: 5}}\n",
        "title: Other\nstations: {KV1: {stages: {booth: {server: 3}}}}\n",
        "title: Other\nstations: {KV1: {officers: eight}}\n",
        "title: Other\ndispatch: {policy: best}\n",
        "summary: no title\n",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses_as_a_plan(text, write):
    with pytest.raises(ScenarioError):
        load(write({"plans/other.yaml": text}))
    assert faults(PLAN, text) != []


def test_the_schema_accepts_a_street(sound, write):
    text = changed(sound, "roads: [bc]", "streets: [Phố Huế]")
    text = changed(text, "{id: bc,", "{id: bc, name: Phố Huế,")
    load(write({"scenario.yaml": text}))
    assert faults(SCENARIO, text) == []


def test_the_keys_of_the_schema_are_those_of_the_files():
    shift = SCENARIO.schema["$defs"]["Shift"]
    assert list(shift["properties"]) == ["from", "until", "turnout"]
    assert shift["required"] == ["from", "until"]
    suspend = SCENARIO.schema["$defs"]["Suspend"]
    assert {"for", "until"} <= set(suspend["properties"])
