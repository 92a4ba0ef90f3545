"""YAML 1.2 with positions, overlays, and files that no person would write."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.file.document import (
    Document,
    Mark,
    parse_document,
)
from scenarios.file.folder import Folder
from scenarios.file.overlay import option, overlay, without
from scenarios.file.reader import load
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import Setting

Write = Callable[..., Path]
MODEST = settings(max_examples=100, deadline=None)


def read(text: str | bytes) -> Document:
    return parse_document(text.encode() if isinstance(text, str) else text, "f.yaml")


def value(text: str) -> Any:
    return read(f"key: {text}\n").data["key"]


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        read(text)
    return [str(problem) for problem in error.value.problems]


# YAML 1.2


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("18:30", "18:30"),
        ("08:15", "08:15"),
        ("07:00:30", "07:00:30"),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("off", "off"),
        ("n", "n"),
        ("true", True),
        ("False", False),
        ("1e3", 1000.0),
        ("2021-05-23", "2021-05-23"),
        ("2021-05-23 07:00", "2021-05-23 07:00"),
        ("D-1 18:00", "D-1 18:00"),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("95 %", "95 %"),
        ("-.inf", float("-inf")),
        ("~", None),
        ("null", None),
        ("", None),
        ('"7"', "7"),
        ("!!str 7", "7"),
        ("'yes'", "yes"),
        (".5", 0.5),
        ("=", "="),
        ("[a, b]", ["a", "b"]),
        ("{a: 1}", {"a": 1}),
    ],
)
def test_a_value_means_what_yaml_1_2_says(text, meaning):
    found = value(text)
    assert found == meaning
    assert type(found) is type(meaning)


def test_a_key_is_text_whatever_it_looks_like():
    assert read("7: a\nno: b\n18:30: c\n~: d\n").data == {
        "7": "a",
        "no": "b",
        "18:30": "c",
        "~": "d",
    }


def test_names_and_text_are_composed():
    assert read("Kha\u0301nh: Thu\u031bo\u031b\u0323ng\n").data == {"Khánh": "Thượng"}


def test_an_alias_repeats_what_its_anchor_holds():
    assert read("a: &x [1, 2]\nb: *x\n").data == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_line_ends_of_every_system_are_read(end):
    document = read(end.join([b"a: 1", b"b: 2", b""]))
    assert document.data == {"a": 1, "b": 2}
    assert document.mark(("b",)) == Mark("f.yaml", 2, 4)


def test_a_byte_order_mark_is_passed_over():
    document = read(b"\xef\xbb\xbftitle: Kh\xc3\xa1nh\n")
    assert document.data == {"title": "Khánh"}
    assert document.mark(("title",)) == Mark("f.yaml", 1, 8)


# Positions


def test_every_key_and_value_knows_its_place():
    document = read("a:\n  b: [1, 22]\nc: {d: x}\n")
    assert document.keys["a", "b"] == Mark("f.yaml", 2, 3)
    assert document.values["a", "b", 1] == Mark("f.yaml", 2, 10)
    assert document.values["c", "d"] == Mark("f.yaml", 3, 8)


def test_columns_are_counted_in_letters():
    document = read("{Thượng: 1, b: 2}\n")
    assert document.mark(("b",)) == Mark("f.yaml", 1, 16)


def test_a_path_that_is_not_there_has_the_place_of_its_nearest_parent():
    document = read("a: {b: 1}\n")
    assert document.mark(("a", "x", "y")) == Mark("f.yaml", 1, 4)
    assert document.mark(("x", "y"), key=True) == Mark("f.yaml", 1, 1)


def test_what_stands_under_its_key_has_the_place_of_the_key():
    document = read("a:\n  b:\n    - c: 1\n  d:\n    text\n")
    assert document.mark(("a", "b")) == Mark("f.yaml", 2, 3)
    assert document.mark(("a", "b", 0)) == Mark("f.yaml", 3, 7)
    assert document.mark(("a", "d")) == Mark("f.yaml", 5, 5)


def test_a_fault_is_told_with_file_line_column_and_path():
    problem = read("a:\n  b: [1, x]\n").problem(("a", "b", 1), "must be a number")
    assert str(problem) == "f.yaml:2:10: a.b[1]: must be a number"


def test_what_is_not_there_is_none():
    document = read("a: {b: [1, 2]}\n")
    paths = [("x",), ("a", "b", 2), ("a", 0), ("a", "b", "c"), ("a", "b", 0, "c")]
    assert [document.get(path) for path in paths] == [None] * len(paths)
    assert document.get(("a", "b", 1)) == 2


def test_the_line_end_of_a_value_does_not_break_a_message():
    problem = read('"a\\nb": 1\n').problem(("a\nb",), "no\nsuch")
    assert str(problem) == "f.yaml:1:9: a b: no such"


# Bounds


def test_a_file_too_large_is_refused_unread():
    assert faults(b"#" * 8_000_001) == [
        "f.yaml: file too large: 8000001 bytes, at most 8000000"
    ]


def test_forty_levels_are_enough():
    assert read("[" * 40 + "]" * 40).data is not None
    assert faults("[" * 41 + "]" * 41) == [
        "f.yaml:1:41: nested too deeply: at most 40 levels"
    ]


def test_nesting_by_aliases_is_nesting_too():
    text = "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 60))
    assert faults(text) == ["f.yaml:1:10: nested too deeply: at most 40 levels"]


def test_a_number_beyond_every_bound_is_refused_in_any_notation():
    texts = ["9" * 301, "0x" + "f" * 298, "-" + "9" * 19]
    digits = [300, 18, 18]
    assert [faults(text) for text in texts] == [
        [f"f.yaml:1:1: number too long, at most {n} digits"] for n in digits
    ]


# Overlays


BASE = """\
title: Base
stations:
  KV1: {officers: 9, place: school}
  KV2: {officers: 5, place: hall}
"""


def laid(text: str) -> Document:
    return overlay(
        parse_document(BASE.encode(), "base.yaml"),
        parse_document(text.encode(), "top.yaml"),
    )


def test_an_overlay_changes_only_what_it_writes():
    assert laid("stations: {KV1: {officers: 8}}").data == {
        "title": "Base",
        "stations": {
            "KV1": {"officers": 8, "place": "school"},
            "KV2": {"officers": 5, "place": "hall"},
        },
    }


def test_an_overlay_leaves_its_base_as_it_was():
    base = parse_document(BASE.encode(), "base.yaml")
    overlay(base, read("stations: {KV1: {officers: 8}, KV2: null}"))
    assert base == parse_document(BASE.encode(), "base.yaml")


def test_an_overlay_adds_and_takes_out():
    document = laid("stations: {KV2: null, KV3: {officers: 4}}")
    assert list(document.data["stations"]) == ["KV1", "KV3"]


def test_an_overlay_replaces_a_list_as_a_whole():
    base, top = read("a: [1, 2, 3]\n"), read("a: [{b: null}]\n")
    assert overlay(base, top).data == {"a": [{"b": None}]}


@pytest.mark.parametrize(
    ("below", "above", "result"),
    [
        ("{kind: a, x: 1}", "{kind: b, y: 2}", {"kind": "b", "y": 2}),
        ("{law: a, x: 1}", "{law: b, y: 2}", {"law": "b", "y": 2}),
        ("{kind: a, x: 1}", "{kind: a, y: 2}", {"kind": "a", "x": 1, "y": 2}),
        ("{law: a, x: 1}", "{law: b}", {"law": "b", "x": 1}),
        ("{kind: a, x: 1}", "{y: 2}", {"kind": "a", "x": 1, "y": 2}),
    ],
)
def test_a_mapping_of_another_kind_replaces_the_one_below(below, above, result):
    document = overlay(read(f"a: {below}\n"), read(f"a: {above}\n"))
    assert document.data == {"a": result}
    assert set(document.keys) == {("a",), *(("a", key) for key in result)}


def test_what_an_overlay_writes_has_its_place_there():
    document = laid("stations: {KV1: {officers: 8}, KV3: {officers: 4}}")
    files = {
        path: document.mark(path).file
        for path in [
            ("stations", "KV1"),
            ("stations", "KV1", "officers"),
            ("stations", "KV1", "place"),
            ("stations", "KV2"),
            ("stations", "KV3"),
        ]
    }
    assert list(files.values()) == [
        "base.yaml",
        "top.yaml",
        "base.yaml",
        "base.yaml",
        "top.yaml",
    ]


def test_what_stood_inside_a_replaced_entry_has_no_place_any_more():
    document = laid("stations: {KV1: none}")
    assert document.mark(("stations", "KV1", "place")) == Mark("top.yaml", 1, 17)


def test_an_overlay_cannot_take_out_what_is_not_there():
    with pytest.raises(ScenarioError) as error:
        laid("stations: {KV7: null, KV1: {officer: null}}")
    assert str(error.value) == (
        "top.yaml:1:12: stations.KV7: nothing of this name to take out; did you mean "
        "'KV2'? allowed: KV1, KV2\n"
        "top.yaml:1:29: stations.KV1.officer: nothing of this name to take out; did "
        "you mean 'officers'? allowed: officers, place"
    )


def test_entries_can_be_left_out():
    document = without(read(BASE), {("title",), ("stations", "KV1")})
    assert document.data == {"stations": {"KV2": {"officers": 5, "place": "hall"}}}
    assert set(document.keys) == {
        ("stations",),
        ("stations", "KV2"),
        ("stations", "KV2", "officers"),
        ("stations", "KV2", "place"),
    }


# --set


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a.b=9", {"a": {"b": 9}}),
        ("a.b = 9", {"a": {"b": 9}}),
        ("a=18:30", {"a": "18:30"}),
        ("a=no", {"a": "no"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=[1, {b: 2}]", {"a": [1, {"b": 2}]}),
        ("a=null", {"a": None}),
        ("a=", {"a": ""}),
        ("Kha\u0301nh=1", {"Khánh": 1}),
    ],
)
def test_an_option_is_a_path_and_a_yaml_value(text, data):
    assert option(text).data == data


def test_a_fault_in_an_option_names_the_option():
    problem = option("a.b=9").problem(("a", "b"), "must be 8")
    assert str(problem) == "--set a.b=9: a.b: must be 8"


@pytest.mark.parametrize("text", ["", "=", "a", "=9", ".=9", "a..b=9", "a.=9"])
def test_an_option_without_a_sound_path_is_refused(text):
    with pytest.raises(ScenarioError) as error:
        option(text)
    assert str(error.value) == (
        f"--set {text}: write it as path=value, such as stations.KV1.officers=9"
    )


def test_an_option_that_is_no_unicode_is_refused():
    with pytest.raises(ScenarioError):
        option("\udcff")


def test_an_option_changes_scenario_and_plans(write: Write):
    scenario = load(write(), changes=("stations.KV1.officers=11",))
    plans = scenario.plans.values()
    assert scenario.setting.stations["KV1"].officers == 11
    assert [plan.setting.stations["KV1"].officers for plan in plans] == [11, 11]
    assert scenario.changes == ("stations.KV1.officers=11",)


def test_an_option_can_give_what_the_scenario_leaves_out(write: Write):
    change = "stations.KV2.count={set_up: 5 min, per_ballot: 9 s}"
    scenario = load(write(), changes=(change, "dispatch.policy=nearest-idle"))
    count = scenario.setting.stations["KV2"].count
    assert count is not None
    assert (count.set_up, count.per_ballot) == (5, 0.15)


def test_what_a_plan_has_taken_out_stays_out_whatever_an_option_says(write: Write):
    plan = "title: Lean\nunits: {A1: null}\n"
    changes = ("units.A1.crew=7", "units.P1.crew=3")
    scenario = load(write({"plans/lean.yaml": plan}), changes=changes)
    assert scenario.plans["base"].setting.units["A1"].crew == 7
    assert "A1" not in scenario.plans["lean"].setting.units
    assert scenario.plans["lean"].setting.units["P1"].crew == 3


def test_an_option_may_take_out_what_a_plan_has_taken_out_already(write: Write):
    plan = "title: Lean\nunits: {A1: null}\n"
    scenario = load(write({"plans/lean.yaml": plan}), changes=("units.A1=null",))
    units = [list(plan.setting.units) for plan in scenario.plans.values()]
    assert units == [["P1", "P2"], ["P1", "P2"]]


# Folders


def test_a_plan_is_the_scenario_with_what_it_changes(write: Write):
    scenario = load(write())
    base, lean = scenario.plans["base"].setting, scenario.plans["lean"].setting
    assert list(scenario.plans) == ["base", "lean"]
    assert base == scenario.setting
    assert [base.stations["KV1"].officers, lean.stations["KV1"].officers] == [9, 8]
    assert [list(base.duties), list(lean.duties)] == [["D1", "D2", "D3"], ["D1", "D2"]]
    assert lean.stations["KV2"] == base.stations["KV2"]


def test_a_plan_may_bring_a_unit_of_its_own(write: Write):
    unit = "{agency: police, skills: [police], base: seat, shifts: [{from: 06:00, "
    plan = f"title: More\nunits:\n  P3: {unit}until: 20:00}}]}}\n"
    scenario = load(write({"plans/more.yaml": plan}))
    assert list(scenario.plans["more"].setting.units) == ["P1", "P2", "A1", "P3"]


def test_one_plan_alone_can_be_read(write: Write):
    assert list(load(write(), plan="lean").plans) == ["lean"]


def test_every_file_read_is_remembered_with_its_checksum(write: Write):
    sources = {source.path: source for source in load(write()).sources}
    assert list(sources) == ["scenario.yaml", "plans/lean.yaml"]
    assert len(sources["scenario.yaml"].sha256) == 64


def test_a_file_that_editors_hide_among_the_plans_is_no_plan(write: Write):
    folder = write()
    (folder / "plans" / "._lean.yaml").write_bytes(b"\x00\x05\x16\x07")
    assert list(load(folder).plans) == ["base", "lean"]


def test_a_plan_is_known_by_its_composed_name_however_its_file_spells_it(write: Write):
    folder = write({"plans/Kha\u0301nh.yaml": "title: Other\n"})
    assert load(folder, plan="Khánh").plans["Khánh"].title == "Other"


def test_a_single_file_is_a_scenario_without_plans(write: Write):
    scenario = load(write() / "scenario.yaml")
    assert (scenario.name, list(scenario.plans)) == ("scenario", ["base"])


def test_a_link_that_leads_out_of_the_folder_is_not_followed(write: Write, sound):
    folder = write() / "inner"
    folder.mkdir()
    (folder / "scenario.yaml").symlink_to(folder.parent / "scenario.yaml")
    with pytest.raises(ScenarioError, match="lies outside the scenario's folder"):
        Folder(folder).read("scenario.yaml")


# Files that no person would write


def refused(attempt: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        attempt()
    except ScenarioError as error:
        return error.problems
    return ()


def reads_or_refuses(attempt: Callable[[], object]) -> None:
    lines = [str(problem) for problem in refused(attempt)]
    assert [line for line in lines if not line.isprintable()] == []


@MODEST
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw):
    reads_or_refuses(lambda: parse_document(raw, "f.yaml"))


SHREDS = st.sampled_from(
    [
        *"{}[],:-?&*!|>%@`#'\"~= \n\t\r0a.+",
        "a: ",
        "- ",
        "\n  ",
        "--- ",
        "\n...\n",
        "<<: ",
        "&x ",
        "*x",
        "!!int ",
        "!!float ",
        "!!bool ",
        "!!null ",
        "!!str ",
        "!!binary ",
        "!!timestamp ",
        "!!set ",
        "!!omap ",
        "!!python/name:os.system ",
        "!a ",
        "%YAML 1.1\n",
        "%TAG ! tag:a,2000:\n",
        ".inf",
        "-.nan",
        "0x",
        "0o",
        "1e999",
        "0" * 400,
        "\\",
        "\ud7ff",
        "\ufeff",
        "\x00",
        "\x85",
        "é",
        "e\u0301",
    ]
)


@MODEST
@given(st.lists(SHREDS, max_size=30).map("".join))
def test_any_shreds_of_yaml_are_read_or_refused(text):
    reads_or_refuses(lambda: parse_document(text.encode(), "f.yaml"))


@MODEST
@given(st.lists(SHREDS, max_size=12).map("".join))
def test_any_option_is_read_or_refused(text):
    reads_or_refuses(lambda: option(text))
    reads_or_refuses(lambda: option(f"a={text}"))


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["a", "KV1", "P1", "S1", "here", "07:00", "30 min", "95 %", "queue(KV1) > 2"]
    )
)
KEYS = st.sampled_from(
    [
        *("a", "KV1", "P1", "S1", "place", "node", "at", "from", "until", "units"),
        *("stages", "service", "servers", "law", "mean", "kind", "effects", "levels"),
        *("needs", "after", "when", "station", "stage", "roads", "skills", "places"),
        *("nodes", "edges", "id", "to", "road", "network", "file", "shifts", "voting"),
        *("day", "start", "end", "phases", "measure", "bound", "balk", "arrivals"),
    ]
) | st.text(max_size=4)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
SECTIONS = st.dictionaries(st.sampled_from(list(Setting.model_fields)), VALUES)


def loads_or_refuses(data: Any, plan: Any, changes: tuple[str, ...] = ()) -> None:
    with TemporaryDirectory() as name:
        plans = Path(name, "plans")
        plans.mkdir()
        Path(name, "scenario.yaml").write_text(json.dumps(data), encoding="utf-8")
        Path(plans, "other.yaml").write_text(json.dumps(plan), encoding="utf-8")
        reads_or_refuses(lambda: load(name, changes=changes))


@MODEST
@given(SECTIONS, VALUES)
def test_any_data_are_a_scenario_or_refused(data, plan):
    loads_or_refuses(data, plan)


def paths_in(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(data, dict | list):
        return []
    items = data.items() if isinstance(data, dict) else enumerate(data)
    inner = [[(*at, key), *paths_in(value, (*at, key))] for key, value in items]
    return [path for paths in inner for path in paths]


def replaced(data: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    result = data.copy()
    result[path[0]] = replaced(data[path[0]], path[1:], new)
    return result


@MODEST
@given(st.data())
def test_a_sound_scenario_with_anything_anywhere_is_read_or_refused(sound, data):
    scenario = read(sound).data
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(paths_in(scenario)))
        scenario = replaced(scenario, path, data.draw(VALUES))
    loads_or_refuses(scenario, {"title": "Other"})


@MODEST
@given(st.data())
def test_a_plan_with_anything_anywhere_is_read_or_refused(sound, data):
    scenario = read(sound).data
    parts = ("stations", "units", "duties", "dispatch")
    plan = {"title": "Other"} | {key: scenario[key] for key in parts}
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(paths_in(plan)))
        plan = replaced(plan, path, data.draw(VALUES))
    loads_or_refuses(scenario, plan)


@MODEST
@given(st.data())
def test_an_option_with_anything_anywhere_is_read_or_refused(sound, data):
    scenario = read(sound).data
    path = data.draw(st.sampled_from(paths_in(scenario)))
    text = json.dumps(data.draw(VALUES))
    plan = {"title": "Other", "units": {"A1": None}, "duties": {"D3": None}}
    loads_or_refuses(scenario, plan, (f"{'.'.join(map(str, path))}={text}",))
