# Observed durations, read from a column of a CSV file.

import pickle

import pytest
from pydantic import ValidationError

from scenarios.distribution import Empirical
from scenarios.file.observed import observed_minutes
from scenarios.file.reader import load

LAW = "service: {law: empirical, file: seen.csv, column: %s, unit: %s}"


def law_of(write, sound: str, column: str, unit: str, table: str | bytes) -> Empirical:
    text = sound.replace("service: 60 s", LAW % (column, unit))
    folder = write({"scenario.yaml": text, "seen.csv": table})
    return load(folder).setting.stations["KV1"].stages["check-in"].service


@pytest.mark.parametrize(
    ("column", "unit", "table"),
    [
        ("desk", "s", "desk,booth\n90,1\n30,2\n60,3\n"),
        ("desk", "min", "when;desk\n1;1.5\n2;0.5\n3;1\n"),
        ("desk", "h", "desk\n0:01:30\n30 s\n1 min\n"),
        ("2", "s", "7:00,90\n7:01,30\n7:02,60\n"),
        ("Bàn 1", "s", "Bàn 1\n90\n30\n60\n".encode("utf-16")),
    ],
)
def test_a_column_is_read_in_its_unit_and_ranked(column, unit, table, write, sound):
    law = law_of(write, sound, column, unit, table)
    assert law.ranked == (0.5, 1.0, 1.5)
    assert law.mean_minutes == 1.0


def test_the_file_is_among_the_sources_and_goes_to_other_processes(write, sound):
    text = sound.replace("service: 60 s", LAW % ("desk", "s"))
    folder = write({"scenario.yaml": text, "seen.csv": "desk\n60\n120\n"})
    scenario = load(folder)
    assert "seen.csv" in [source.path for source in scenario.sources]
    law = scenario.setting.stations["KV1"].stages["check-in"].service
    sent = pickle.loads(pickle.dumps(law))
    assert (sent, sent.ranked) == (law, (1.0, 2.0))
    for plan in scenario.plans.values():
        service = plan.setting.stations["KV1"].stages["check-in"].service
        assert service.ranked == (1.0, 2.0)


def test_a_file_needs_the_folder_of_a_scenario():
    with pytest.raises(ValidationError, match="read with a scenario's folder only"):
        Empirical(file="seen.csv", column="desk", unit="s")


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1,5", "1:2:3", "x"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="not a duration"):
        observed_minutes(text, "min")
