"""A section without its heading: told in one line, the rest as if it stood there."""

import re
import shutil
from pathlib import Path

import pytest

from scenarios.file.folder import LIBRARY
from scenarios.file.reader import load
from scenarios.problem import ScenarioError

KHANH_THUONG = LIBRARY / "khanh-thuong"
TEXT = (KHANH_THUONG / "scenario.yaml").read_text(encoding="utf-8")
MISSING = {
    "places": "found under roads: seat, police-house, militia-house and 17 more",
    "stations": "found under places: KV1, KV2, KV3 and 3 more",
    "agencies": "found under stations: commune-police, militia, committee and 3 more",
    "units": "found under agencies: CP-1, CP-2, CP-3 and 23 more",
    "dispatch": "found under units: policy",
    "incidents": "found under dispatch: leaflets, crowd, station-fire and 6 more",
    "script": "found under incidents: S1, S1-echo, S2 and 4 more",
    "duties": "found under script: ballots-south, ballots-north, guard-KV1 and 9 more",
    "targets": "found under duties: waits, waits-commune, response and 6 more",
}


def told(tmp_path: Path, text: str) -> list[str]:
    folder = tmp_path / "commune"
    shutil.copytree(KHANH_THUONG, folder)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(folder)
    return str(error.value).replace(f"{folder}/", "").split("\n")


def without(text: str, *headings: str) -> str:
    for heading in headings:
        text, times = re.subn(rf"(?m)^{heading}:\n", "", text)
        assert times == 1
    return text


def line_of(text: str, words: str) -> int:
    assert text.count(words) == 1
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize("heading", MISSING)
def test_a_heading_that_is_missing_is_told_in_one_line(tmp_path, heading):
    first = re.search(rf"(?m)^{heading}:\n(?:\s*#.*\n)*(  .*)$", TEXT)
    assert first is not None
    line = TEXT[: first.start(1)].count("\n")
    cut = without(TEXT, heading)
    assert told(tmp_path, cut) == [
        f"scenario.yaml:{line}:3: {heading}: the heading '{heading}:' seems to be "
        f"missing above this line; {MISSING[heading]}"
    ]


@pytest.mark.parametrize("heading", ["clock", "roads"])
def test_a_heading_without_which_a_file_is_no_yaml_is_told(tmp_path, heading):
    (line,) = told(tmp_path, without(TEXT, heading))
    assert "not sound YAML: " in line
    assert line.endswith(
        f"or the heading '{heading}:' seems to be missing above this line"
    )


def test_other_faults_of_yaml_say_nothing_of_headings(tmp_path):
    (line,) = told(tmp_path, TEXT.replace("  day: 2021", "  day: x: 2021"))
    assert "heading" not in line


def test_two_headings_in_a_row(tmp_path):
    lines = told(tmp_path, without(TEXT, "stations", "agencies"))
    assert [line.split(": ")[1] for line in lines] == ["stations", "agencies"]
    assert "found under places: commune-police" in lines[1]


def test_what_else_is_wrong_is_told_where_it_belongs(tmp_path):
    text = without(TEXT, "stations")
    text = text.replace("    place: house-2\n", "    place: hose-2\n", 1)
    text = text.replace("policy: nearest", "policy: neerest")
    heading, place, policy = told(tmp_path, text)
    assert "'stations:'" in heading
    line = line_of(text, "place: hose-2")
    assert place.startswith(
        f"scenario.yaml:{line}:12: stations.KV2.place: no such place"
    )
    assert "dispatch.policy" in policy


def test_a_typo_in_a_later_entry_is_told_in_its_section(tmp_path):
    text = without(TEXT, "stations")
    at = text.index("  KV3:\n")
    text = text[:at] + text[at:].replace("registered:", "registerd:", 1)
    lines = told(tmp_path, text)
    assert len(lines) == 3
    assert [line.split(": ")[1] for line in lines] == [
        "stations",
        "stations.KV3.registered",
        "stations.KV3.registerd",
    ]


def test_a_misspelt_heading_is_no_missing_one(tmp_path):
    lines = told(tmp_path, TEXT.replace("\nstations:\n", "\nstatoins:\n"))
    assert not [line for line in lines if "seems to be missing" in line]
    assert [line for line in lines if "did you mean 'stations'?" in line]


def test_a_section_holds_together_though_a_name_in_it_is_a_key_elsewhere(tmp_path):
    text = without(TEXT, "targets").replace("\n  waits-commune:\n", "\n  file:\n")
    (line,) = told(tmp_path, text)
    assert "'targets:'" in line
    assert line.endswith("found under duties: waits, file, response and 6 more")
