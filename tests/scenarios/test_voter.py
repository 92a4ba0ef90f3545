# Recorded voters: a table in, the same voters out.

from math import isnan, nan

import pytest
from pydantic import ValidationError

from scenarios.check import check_text
from scenarios.clock import Clock
from scenarios.describe import describe
from scenarios.file.reader import load
from scenarios.problem import ScenarioError
from scenarios.station import Station

DRAWN = """\
    turnout: 95 %
    arrivals: {hourly: [16, 16, 16, 8, 4, 4, 4, 4, 4, 4, 4, 4]}
"""
CLASSES = "    classes: {young: {share: 5 %}, old: {share: 5 %, slower: 2}}\n"
TABLE = """\
arrival,check-in,booth,box,patience,class
07:01,30,90,6,600,
D 07:00:30,60,2 min,12,,old
130.5,,0:01:30,30 s,10 min,-
"""


def folder_of(write, sound: str, table: str | bytes, how: str = ""):
    told = f"    voters: {{file: seen.csv, unit: s{how}}}\n"
    text = sound.replace(DRAWN, told).replace("    priority: 5 %\n", CLASSES)
    return write({"scenario.yaml": text, "seen.csv": table})


def station_of(*given) -> Station:
    return load(folder_of(*given)).setting.stations["KV1"]


def same(found, expected) -> bool:
    return all(
        a == b or (isnan(a) and isnan(b)) for a, b in zip(found, expected, strict=True)
    )


def test_rows_are_read_as_people_write_them(write, sound):
    found = station_of(write, sound, TABLE).recorded
    # The clock begins at 05:00.
    assert found.arrival == (121.0, 120.5, 130.5)
    assert same(found.service[0], (0.5, 1.0, nan))
    assert found.service[1] == (1.5, 2.0, 1.5)
    assert found.service[2] == (0.1, 0.2, 0.5)
    assert same(found.patience, (10.0, nan, 10.0))
    assert same(found.class_, (nan, 2.0, nan))
    assert all(map(isnan, found.priority))


@pytest.mark.parametrize(
    ("table", "how"),
    [
        ("Đến;bàn\n07:01;30\n07:02;60\n", ", columns: {arrival: Đến, check-in: bàn}"),
        ("07:01,x,30\n07:02,y,60\n", ", columns: {arrival: 1, check-in: 3}"),
        ("check-in,arrival\n30,121\n60,122\n", ""),
        ("arrival\tcheck-in\n07:01\t30\n07:02\t60\n".encode("utf-16"), ""),
    ],
)
def test_columns_are_found_by_name_or_number(table, how, write, sound):
    found = station_of(write, sound, table, how).recorded
    assert found.arrival == (121.0, 122.0)
    assert found.service[0] == (0.5, 1.0)
    assert all(map(isnan, found.service[1]))


def test_what_is_expected_is_what_was_recorded(write, sound):
    folder = folder_of(write, sound, TABLE)
    station = load(folder).setting.stations["KV1"]
    assert station.expected == 3.0
    assert station.profile()[-3:] == ((120.5, 1 / 3), (121.0, 2 / 3), (130.5, 1.0))
    # The third is not recorded: 60 s for 95 %, twice that for 5 %.
    assert station.mean_service("check-in") == pytest.approx((0.5 + 1 + 1.05) / 3)
    assert station.mean_service("booth") == pytest.approx(5 / 3)
    text = describe(load(folder), "base")
    assert "KV1 : 600 voters on the list, 3 come as recorded in seen.csv;" in text
    assert "KV2 : 300 voters on the list, 90.0% set out;" in text


def test_voters_need_the_folder_of_a_scenario():
    with pytest.raises(ValidationError, match="read with a scenario's folder only"):
        Station.model_validate(
            {
                "place": "school",
                "registered": 5,
                "voters": {"file": "seen.csv", "unit": "s"},
                "opens": "07:00",
                "closes": "08:00",
                "officers": 1,
                "stages": {"desk": {"servers": 1, "service": "1 min", "voting": True}},
            },
            context={"clock": Clock(day="2021-05-23", start="06:00", end="20:00")},
        )


def test_the_end_of_the_list_cannot_vote_twice(write, sound):
    rows = "arrival\n" + "07:01\n" * 598
    assert sound.count("station: KV2") == 1
    told = sound.replace("station: KV2", "station: KV1")
    scenario = load(folder_of(write, told, rows))
    (duty,) = (
        d for d in scenario.setting.duties.values() if d.kind == "auxiliary_round"
    )
    assert (duty.station, duty.voters) == ("KV1", 5)
    found = [f for f in check_text(scenario, "base") if "recorded voters" in f.text]
    assert [(f.path, f.cure) for f in found] == [
        ("stations.KV1.registered", "registered: 603")
    ]
    few = load(folder_of(write, told, TABLE))
    assert not [f for f in check_text(few, "base") if "recorded voters" in f.text]


def test_bad_rows_are_told_up_to_a_bound(write, sound):
    folder = folder_of(write, sound, "arrival\n" + "soon\n" * 80)
    with pytest.raises(ScenarioError) as error:
        load(folder)
    assert len(error.value.problems) == 51
    assert "seen.csv:52:1: and 30 more bad field(s), from here on" in str(error.value)
