# What a calibration writes loads in a scenario, and the commands that write it.

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import muster
from analysis.calibrate import (
    Given,
    Told,
    calibrate_arrivals,
    calibrate_incidents,
    calibrate_lines,
    calibrate_times,
)
from analysis.column.fit import FIT
from scenarios.file.reader import bundled, load
from scenarios.input import leaves

TURNOUT = "time,votes\n08:00,200\n09:00,520\n11:20,700\n14:15,900\n19:00,1000\n"
LINES = (
    "time,line,arrived\n08:00,12,131\n09:00,33,262\n10:00,59,392\n11:00,84,522\n"
    "12:00,29,580\n13:00,0,610\n14:00,0,640\n"
)


def command(monkeypatch, capsys, *words):
    monkeypatch.setattr("sys.argv", ["muster", "calibrate", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        muster.main()
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


def calls():
    rng = np.random.default_rng(1)
    rows = [
        f"2031-05-{day + 1:02d} {hour:02d}:{n % 60:02d},{kind}"
        for day in range(30)
        for hour in range(24)
        for kind in ("brawl", "fever")
        for n in range(rng.poisson(0.3))
    ]
    return "time,type\n" + "\n".join(rows) + "\n"


def laid_over(folder: Path, *pieces: str) -> Path:
    """Include pieces in the scenario of a folder, as the pieces say."""
    path = folder / "scenario.yaml"
    line = f"include: [{', '.join(pieces)}]\n"
    path.write_text(line + path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture
def world(tmp_path):
    return Path(shutil.copytree(bundled()["khanh-thuong"], tmp_path / "khanh"))


def test_an_arrival_profile_loads_in_a_scenario(world, tmp_path, monkeypatch, capsys):
    table = tmp_path / "turnout.csv"
    table.write_text(TURNOUT, encoding="utf-8")
    code, told, _ = command(
        monkeypatch, capsys, "arrivals", table, "--opens", "07:00", "--closes", "19:00",
        "--station", "KV1", "--out", world / "a.yaml",
    )  # fmt: skip
    assert code == 0
    assert told.endswith("a line (or add it to the list):  include: [a.yaml]\n")
    assert "busiest from 08:00 to 09:00, 32 % of the day's voters an hour" in told
    station = load(laid_over(world, "a.yaml"), plan="base").setting
    profile = station.stations["KV1"].arrivals.profile(0.0)
    assert [round(share, 3) for _, share in profile] == [0, 0.2, 0.52, 0.7, 0.9, 1]


def test_a_piece_of_no_station_is_laid_over_every_station_and_drawn_for_all(
    world, tmp_path, monkeypatch, capsys
):
    table = tmp_path / "turnout.csv"
    table.write_text(TURNOUT, encoding="utf-8")
    lines = tmp_path / "lines.csv"
    lines.write_text(LINES, encoding="utf-8")
    common = (monkeypatch, capsys)
    command(*common, "arrivals", table, "--opens", "07:00", "--closes", "19:00",
            "--out", world / "a.yaml")  # fmt: skip
    command(*common, "service", lines, "--servers", 6, "--cv", 0.6, "--stage", "booth",
            "--out", world / "s.yaml")  # fmt: skip
    path = laid_over(world, "a.yaml", "s.yaml")
    scenario = load(path, plan="base")
    found = {
        (station.stages["booth"].service.law, len(station.arrivals.cumulative))
        for station in scenario.plans["base"].setting.stations.values()
    }
    assert found == {("gamma", 6)}
    result = muster.run(path, replications=3, workers=1)
    levels = result.draws.groupby("subject")["level"].nunique()
    assert levels["service-booth"] == levels["arrived-0800"] == 3


def test_two_stations_share_what_is_drawn_of_their_profile(
    world, tmp_path, monkeypatch, capsys
):
    table = tmp_path / "turnout.csv"
    table.write_text(TURNOUT, encoding="utf-8")
    command(
        monkeypatch, capsys, "arrivals", table, "--opens", "07:00", "--closes", "19:00",
        "--station", "KV1", "--station", "KV3", "--out", world / "a.yaml",
    )  # fmt: skip
    setting = load(laid_over(world, "a.yaml"), plan="base").setting
    one = setting.uncertain["arrived-KV1-0800"]
    assert one.path == "stations.KV1,KV3.arrivals.cumulative.1.share"
    assert [leaf.place[1] for leaf in leaves(setting, one.path)] == ["KV1", "KV3"]


def test_a_service_loads_in_a_scenario(world, tmp_path, monkeypatch, capsys):
    table = tmp_path / "lines.csv"
    table.write_text(LINES, encoding="utf-8")
    code, told, _ = command(
        monkeypatch, capsys, "service", table, "--servers", 6, "--cv", 0.6,
        "--station", "KV1", "--stage", "booth", "--out", world / "s.yaml",
    )  # fmt: skip
    assert code == 0
    assert "95 % interval" in told
    setting = load(laid_over(world, "s.yaml"), plan="base").setting
    law = setting.stations["KV1"].stages["booth"].service
    assert (law.law, law.cv) == ("gamma", 0.6)
    assert 2.7 < law.mean < 3.5


def test_rates_load_in_a_scenario(world, tmp_path, monkeypatch, capsys):
    table = tmp_path / "calls.csv"
    table.write_text(calls(), encoding="utf-8")
    code, told, _ = command(
        monkeypatch, capsys, "incidents", table, "--every", 240, "--place", "market",
        "--place", "school-1", "--out", world / "i.yaml", "--json",
    )  # fmt: skip
    assert code == 0
    data = json.loads(told)
    assert data["kind"] == "incidents"
    assert {Path(path).name for path in data["files"].values()} == {
        *("i.yaml", "i.png", "i.svg", "i.xlsx", "i-rates.csv"),
    }
    setting = load(laid_over(world, "i.yaml"), plan="base").setting
    rates = setting.incidents["brawl"].rates
    assert len(rates) == 6
    assert sum(rate.per_hour for rate in rates) / 6 * 2 == pytest.approx(0.3, rel=0.25)


def test_every_column_of_the_tables_is_in_the_dictionary(tmp_path):
    texts = {
        "turnout": TURNOUT,
        "lines": LINES,
        "calls": calls(),
        "times": "seconds\n" + "\n".join(str(60 + n) for n in range(20)) + "\n",
        "polls": "poll,time,votes\n"
        + "".join(f"{p},{h}:00,{h * h}\n" for p in "abc" for h in (8, 9, 12)),
    }
    given = {}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        given[name] = Given(tmp_path / f"{name}.csv")
    hours = {"opens": "07:00", "closes": "12:00"}
    found = [
        calibrate_arrivals(given["turnout"], Told(opens="07:00", closes="19:00")),
        calibrate_arrivals(given["polls"], Told(**hours, pool=True)),
        calibrate_times(given["times"], unit="s"),
        calibrate_lines(given["lines"], servers="6", cv=0.6),
        calibrate_incidents(given["calls"], every=240),
    ]
    tables = [item for one in found for item in one.tables.items()]
    assert {name for name, _ in tables} == set(FIT)
    for name, frame in tables:
        assert list(frame.columns) == list(FIT[name].columns)


def test_bad_input_ends_with_2_and_writes_nothing(tmp_path, monkeypatch, capsys):
    table = tmp_path / "turnout.csv"
    table.write_text("time,votes\n09:00,5\n08:00,6\n", encoding="utf-8")
    code, told, err = command(
        monkeypatch, capsys, "arrivals", table, "--opens", "07:00", "--closes", "19:00",
        "--out", tmp_path / "out" / "a.yaml",
    )  # fmt: skip
    assert (code, told) == (2, "")
    assert "turnout.csv:3:1: time: time runs back" in err
    assert not (tmp_path / "out").exists()
    code, _, err = command(monkeypatch, capsys, "service", table)
    assert code == 2
    assert "--unit" in err


def test_an_interrupted_calibration_ends_with_130_and_writes_nothing(
    tmp_path, monkeypatch, capsys
):
    def stop(*_):
        raise KeyboardInterrupt

    table = tmp_path / "lines.csv"
    table.write_text(LINES, encoding="utf-8")
    words = ("service", table, "--servers", 6, "--cv", 0.6, "--stage", "booth")
    out = tmp_path / "out" / "s.yaml"
    with monkeypatch.context() as patched:
        patched.setattr("analysis.calibrate.flow.lines_at", stop)
        code, _, err = command(patched, capsys, *words, "--out", out)
    assert (code, out.parent.exists()) == (130, False)
    assert "Traceback" not in err
    with monkeypatch.context() as patched:
        patched.setattr("analysis.workbook.write_workbook", stop)
        code, _, _ = command(patched, capsys, *words, "--out", out)
    assert (code, [*out.parent.iterdir()]) == (130, [])
