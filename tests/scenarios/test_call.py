"""Files of calls: every quirk that is read, and exactly what is said of the others."""
# ruff: noqa: E501 - the lines stand as they are printed

import codecs
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scenarios.call import Call
from scenarios.file.reader import load
from scenarios.file.record import read_sheet
from scenarios.problem import ScenarioError
from scenarios.scenario import Scenario, Setting

# A town of 2 km, east of the point 0, 0 of a plan in metres.
TOWN = """\
title: A town
clock: {day: 2021-05-23, start: "06:00", end: "D+1 02:00"}
roads:
  network:
    nodes: {a: [5000, 5000], b: [7000, 5000]}
    edges: [{id: ab, from: a, to: b, road: tertiary}]
places: {base: {node: a}, chợ: {node: b}}
agencies: {police: {}}
units:
  P1: {agency: police, skills: [order], base: base, shifts: [{from: "06:00", until: "20:00"}]}
incidents:
  brawl: {levels: [{needs: {order: 1}, on_scene: 10 min}]}
  crash: {levels: [{needs: {order: 1}, on_scene: 10 min}]}
"""
HEADER = "time,place,type\n"
ROW = "07:00,base,brawl\n"


@pytest.fixture
def town(tmp_path: Path):
    """Write the town with a file of calls and how it is to be read; load it."""

    def _load(
        text: str | bytes, calls: str = "", more: Mapping[str, str] | None = None
    ) -> Scenario:
        raw = text.encode() if isinstance(text, str) else text
        (tmp_path / "calls.csv").write_bytes(raw)
        line = "calls: {file: calls.csv" + (f", {calls}" if calls else "") + "}\n"
        scenario = TOWN + line
        for old, new in (more or {}).items():
            assert old in scenario
            scenario = scenario.replace(old, new)
        (tmp_path / "scenario.yaml").write_text(scenario)
        return load(tmp_path)

    return _load


def first(scenario: Scenario) -> Call:
    return scenario.recorded.calls[0]


def times(scenario: Scenario) -> list[float]:
    return [call.reported for call in scenario.recorded.calls]


def said(town, *rows: object, **how: object) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        town(*rows, **how)
    return [
        str(problem).replace(str(Path(problem.file).parent) + os.sep, "")
        for problem in error.value.problems
    ]


# ---- what is read ----------------------------------------------------------------


def test_a_row_that_states_everything_is_read_whole(town):
    scenario = town(
        "time,id,type,x,y,priority,report_delay,call_handling,turnout,on_scene\n"
        "2021-05-23 07:30:15,A-17,crash,5500.5,5010,1,2,0.5,1.5,12\n"
    )
    assert first(scenario) == Call(
        name="calls#A-17",
        line=2,
        type="crash",
        place="5500.5,5010",
        at=(5500.5, 5010.0),
        reported=90.25,
        priority=1,
        report_delay=2.0,
        call_handling=0.5,
        turnout=1.5,
        on_scene=(12.0,),
    )


def test_what_a_row_leaves_empty_is_not_stated(town):
    scenario = town(
        "time,type,place,priority,turnout,on_scene\n07:00,crash,base,,n/a,NaN\n"
    )
    call = first(scenario)
    assert (call.priority, call.turnout, call.on_scene) == (None, None, (None,))
    assert call.name == "calls#1"


def test_columns_are_mapped_by_name_and_no_other_column_is_read(town):
    scenario = town(
        "When,Caller,What,Spot,type\n07:00,somebody,brawl,base,nonsense\n",
        "columns: {time: When, type: What, place: Spot}",
    )
    assert first(scenario).type == "brawl"
    assert "somebody" not in repr(scenario.recorded)


def test_columns_are_mapped_by_number_in_a_file_without_a_header(town):
    scenario = town(
        "brawl,07:00,base\ncrash,06:30,base\n",
        "columns: {type: 1, time: 2, place: 3}",
    )
    assert times(scenario) == [30.0, 60.0]
    assert [call.name for call in scenario.recorded.calls] == ["calls#2", "calls#1"]


@pytest.mark.parametrize(
    ("row", "transport", "destination"),
    [
        ("yes,chợ", True, "chợ"),
        (",chợ", True, "chợ"),
        ("no,chợ", False, ""),
        ("0,", False, ""),
        (",", None, ""),
        ("TRUE,base", True, "base"),
    ],
)
def test_where_somebody_is_taken(row, transport, destination, town):
    text = f"time,place,type,area,transport,destination\n07:00,base,brawl,north,{row}\n"
    call = first(town(text))
    assert (call.transport, call.destination) == (transport, destination)
    assert call.area == "north"


def test_on_scene_minutes_may_stand_in_a_column_for_each_unit(town):
    scenario = town(
        "time,type,place,first,second\n07:00,brawl,base,5,\n",
        "columns: {time: time, type: type, place: place, on_scene: [first, second]}",
    )
    assert first(scenario).on_scene == (5.0, None)


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + f"{HEADER}07:00,chợ,brawl\n".encode(),
        f"{HEADER}07:00,chợ,brawl\n".encode("utf-16"),
        f"{HEADER}07:00,chợ,brawl\n".encode("utf-16-le"),
        f"{HEADER}07:00,chợ,brawl\n".encode("utf-16-be"),
        # Not composed: the letter and its dot are two.
        f"{HEADER}07:00,cho\u031b\u0323,brawl\n".encode(),
    ],
    ids=["UTF-8 with mark", "UTF-16", "UTF-16 LE", "UTF-16 BE", "not NFC"],
)
def test_every_encoding_gives_the_same_place(raw, town):
    assert first(town(raw)).place == "chợ"


def test_a_file_that_is_not_utf_8_is_taken_as_windows_1252_and_that_is_said(town):
    raw = "time,place,type\n07:00,base,R\xe9union\n".encode("cp1252")
    scenario = town(raw, "types: {Réunion: brawl}")
    assert first(scenario).type == "brawl"
    assert (
        "the file is not UTF-8: read as windows-1252 (calls.encoding)"
        in scenario.recorded.lines()
    )
    asked = town(raw, "types: {Réunion: brawl}, encoding: windows-1252")
    assert asked.recorded.report.notes == ()


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_is_told_by_itself(sign, end, town):
    rows = ["time,place,type", "07:00,base,brawl", "08:00,base,crash"]
    text = end.join(row.replace(",", sign) for row in rows) + end
    assert times(town(text)) == [60.0, 120.0]


def test_the_delimiter_is_the_one_that_finds_the_columns(town):
    text = "time;place;type;a,b,c,d,e\n07:00;base;brawl;1,2,3,4,5\n"
    assert times(town(text)) == [60.0]


def test_without_a_header_the_delimiter_is_the_one_that_makes_most_columns(town):
    text = "07:00;base;brawl;a, b\n08:00;base;brawl;c\n"
    assert times(town(text, "columns: {time: 1, place: 2, type: 3}")) == [60.0, 120.0]


def test_line_ends_may_be_mixed_and_the_last_may_be_missing(town):
    text = "time,place,type\r\n07:00,base,brawl\n08:00,base,brawl"
    assert times(town(text)) == [60.0, 120.0]


def test_excels_own_first_line_names_the_delimiter(town):
    assert times(town("sep=;\r\ntime;place;type\r\n07:00;base;brawl\r\n")) == [60.0]


def test_a_delimiter_that_is_named_is_taken_at_its_word(town):
    text = "time|a,b,c|place|type\n07:00|x,y,z|base|brawl\n"
    assert times(town(text, "delimiter: '|'")) == [60.0]


def test_line_breaks_and_delimiters_in_quotes_belong_to_the_text(town):
    text = 'time,note,place,type\n07:00, "a\nb, ""c""",base,brawl\n08:00,x,base,brawl\n'
    scenario = town(text)
    assert [call.line for call in scenario.recorded.calls] == [2, 4]
    assert [call.name for call in scenario.recorded.calls] == ["calls#1", "calls#2"]


def test_blanks_around_fields_and_empty_columns_and_rows_at_the_end_are_nothing(town):
    text = " time , place,type,,\n\n 07:00 , base ,brawl,,,,\n,,,,\n08:00,base,brawl\n"
    scenario = town(text)
    assert times(scenario) == [60.0, 120.0]
    assert scenario.recorded.report.rows == 2


def test_lines_above_the_header_are_skipped_when_that_is_asked(town):
    text = "Calls of the district\nprinted today\n" + HEADER + ROW
    assert times(town(text, "skip: 2")) == [60.0]


@pytest.mark.parametrize(
    ("written", "how", "minutes"),
    [
        ("07:00", "", 60.0),
        ("D+1 01:30", "", 1170.0),
        ("2021-05-23T07:00:30", "", 60.5),
        ("2021-05-24 00:15:00.500", "", 1095 + 0.5 / 60),
        ("23/5/2021 7:05", "time: '%d/%m/%Y %H:%M'", 65.0),
        ("5/23/21 07:05 PM", "time: '%m/%d/%y %I:%M %p'", 785.0),
        ("705", "time: '%H%M'", 65.0),
        ('"7.05.30,5"', "time: '%H.%M.%S,%f'", 65 + 30.5 / 60),
        ("65", "time: min", 65.0),
        ("65.5", "time: min", 65.5),
        ("0.5", "time: d", 720.0),
        ("90", "time: s", 1.5),
        ("2018-11-15 07:00", "day: 2018-11-15", 60.0),
        ("2018-11-16 01:00", "day: 2018-11-15", 1140.0),
        ("15.11.2018 07:00", "day: 2018-11-15, time: '%d.%m.%Y %H:%M'", 60.0),
    ],
)
def test_times_are_read_as_the_file_writes_them(written, how, minutes, town):
    scenario = town(f"{HEADER}{written},base,brawl\n", how)
    assert times(scenario) == pytest.approx([minutes], abs=1e-12)


def test_date_and_time_may_stand_in_two_columns(town):
    scenario = town(
        "Day,Clock,place,type\n23/05/2021,07:00,base,brawl\n",
        "columns: {date: Day, time: Clock, place: place, type: type}, time: '%d/%m/%Y %H:%M'",
    )
    assert times(scenario) == [60.0]


def test_rows_outside_the_clock_are_left_out_counted_and_not_looked_at(town):
    scenario = town(
        HEADER
        + "2018-11-14 07:00,nowhere,nonsense\n2018-11-15 07:00,base,brawl\n"
        + "2018-11-15 05:59,nowhere,brawl\n2018-11-16 02:00,base,brawl\n",
        "day: 2018-11-15",
    )
    assert times(scenario) == [60.0]
    assert scenario.recorded.lines()[0].startswith("1 of 4 rows of ")
    assert scenario.recorded.lines()[1:] == [
        "by type: 1 brawl",
        "left out: 3 outside the scenario's clock",
    ]


@pytest.mark.parametrize(
    ("written", "how", "minutes"),
    [
        ("12", "", 12.0),
        ("12.5", "", 12.5),
        ("750", "durations: s", 12.5),
        ("0.5", "durations: h", 30.0),
        ("0:12:30", "", 12.5),
        ("90 s", "", 1.5),
        ("1 h 30 min", "", 90.0),
        ('"12,5"', "decimal: ','", 12.5),
        ("0", "", 0.0),
    ],
)
def test_durations_are_read_as_the_file_writes_them(written, how, minutes, town):
    text = f"time,place,type,on_scene\n07:00,base,brawl,{written}\n"
    assert first(town(text, how)).on_scene == (minutes,)


def test_types_are_translated_and_the_first_that_fits_counts(town):
    text = HEADER + "".join(
        f"07:0{i},base,{name}\n"
        for i, name in enumerate(
            ["Traffic: CRASH -", "Traffic: OTHER -", "x [a-z]+ y", "xAy"]
        )
    )
    scenario = town(
        text,
        "types: {'Traffic: CRASH*': crash, 'Traffic: *': brawl, 'x [a-z]+ y': crash, 'x*y': brawl, never: crash}",
    )
    found = [call.type for call in scenario.recorded.calls]
    assert found == ["crash", "brawl", "crash", "brawl"]
    assert scenario.recorded.report.notes == (
        "calls.types 'never' fits no row that was looked at",
    )


def test_a_file_without_types_is_of_one_type_when_that_is_said(town):
    scenario = town("time,place\n07:00,base\n", "types: {'*': crash}")
    assert first(scenario).type == "crash"


def test_rows_that_fit_no_type_are_left_out_when_that_is_asked(town):
    scenario = town(HEADER + "07:00,base,other\n07:00,base,brawl\n", "unmatched: skip")
    assert len(scenario.recorded.calls) == 1
    assert "left out: 1 of a type that is not replayed" in scenario.recorded.lines()


def test_rows_off_the_map_are_left_out_when_that_is_asked(town):
    rows = "time,type,x,y\n07:00,brawl,0,0\n07:00,brawl,,\n07:00,brawl,99999,5000\n07:00,brawl,7900,5000\n"
    scenario = town(rows, "off_map: skip")
    assert [call.place for call in scenario.recorded.calls] == ["7900,5000"]
    assert "left out: 3 off the map" in scenario.recorded.lines()


def test_the_same_coordinates_are_one_place(town):
    scenario = town(
        "time,type,x,y\n07:00,brawl,6000,5000\n08:00,brawl,6000.0,5000\n09:00,brawl,6001,5000\n"
    )
    places = scenario.recorded.places()
    assert {name: place.at for name, place in places.items()} == {
        "6000,5000": (6000.0, 5000.0),
        "6001,5000": (6001.0, 5000.0),
    }


def test_0_0_is_a_point_like_any_other_where_the_roads_pass_it(town):
    more = {"[5000, 5000]": "[-1000, 0]", "[7000, 5000]": "[1000, 0]"}
    scenario = town("time,type,x,y\n07:00,brawl,0,0\n", "", more)
    assert first(scenario).at == (0.0, 0.0)


def test_repeated_rows_are_kept_and_told_or_dropped(town):
    text = HEADER + ROW + ROW + "08:00,base,brawl\n" + ROW
    kept = town(text).recorded
    assert len(kept.calls) == 4
    assert "2 of these repeat an earlier row exactly" in kept.lines()
    dropped = town(text, "duplicates: drop").recorded
    assert [call.name for call in dropped.calls] == ["calls#1", "calls#3"]
    assert "left out: 2 that repeat an earlier row" in dropped.lines()


def test_calls_of_one_minute_stay_in_file_order(town):
    text = HEADER + "07:00,base,crash\n06:59,base,brawl\n07:00,chợ,brawl\n"
    names = [call.name for call in town(text).recorded.calls]
    assert names == ["calls#2", "calls#1", "calls#3"]


def test_the_file_is_one_of_the_sources_of_the_scenario(town):
    sources = {s.path: s.content for s in town(HEADER + ROW).sources}
    assert sources["calls.csv"] == (HEADER + ROW).encode()


def test_a_section_without_a_file_replays_nothing(town):
    scenario = town("", more={"file: calls.csv": "types: {a: brawl}"})
    assert scenario.recorded.calls == ()
    assert scenario.recorded.lines() == []


# ---- what is refused -------------------------------------------------------------

DEGREES = {
    "roads:\n  network:\n    nodes: {a: [5000, 5000], b: [7000, 5000]}\n    edges: [{id: ab, from: a, to: b, road: tertiary}]\n": "roads: {file: roads.graphml}\n"
}
BAD = {
    "a type nobody knows": (
        HEADER + "07:00,base,brwal\n",
        "",
        "calls.csv:2:12: type: no such incident type, found 'brwal'; did you mean 'brawl'? allowed: brawl, crash",
    ),
    "a type that fits nothing": (
        HEADER + "07:00,base,brawl\n",
        "types: {'Fire: *': crash}",
        "calls.csv:2:12: type: fits none of calls.types, found 'brawl'; allowed: Fire: *",
    ),
    "no type": (
        HEADER + "07:00,base,\n",
        "",
        "calls.csv:2:12: type: no such incident type, found nothing; allowed: brawl, crash",
    ),
    "a place nobody knows": (
        HEADER + "07:00,bse,brawl\n",
        "",
        "calls.csv:2:7: place: no such place, found 'bse'; did you mean 'base'? allowed: base, chợ",
    ),
    "no place": (
        HEADER + "07:00,,brawl\n",
        "",
        "calls.csv:2:7: place: a place is needed, found nothing",
    ),
    "a place and coordinates": (
        "time,place,type,x,y\n07:00,base,brawl,6000,5000\n",
        "",
        "calls.csv:2:7: place: a place and coordinates; leave one empty",
    ),
    "no coordinates": (
        "time,type,x,y\n07:00,brawl,,5000\n",
        "",
        "calls.csv:2:13: x: coordinates are needed, found nothing",
    ),
    "not geocoded": (
        "time,type,x,y\n07:00,brawl,0,0\n",
        "",
        "calls.csv:2:13: x: not geocoded, found 0, 0",
    ),
    "far from the roads": (
        "time,type,x,y\n07:00,brawl,8001,5000\n",
        "",
        "calls.csv:2:13: x: over 1 km outside the roads, found 8001, 5000; allowed: x 5000 to 7000, y 5000 to 5000",
    ),
    "not a number": (
        "time;type;x;y\n07:00;brawl;6000,5;5000\n",
        "",
        "calls.csv:2:13: x: not a number, found '6000,5'; set calls.decimal",
    ),
    "not finite": (
        "time,type,x,y\n07:00,brawl,inf,1e99\n",
        "",
        "calls.csv:2:13: x: not a number, found 'inf'",
        "calls.csv:2:17: y: not a number, found '1e99'",
    ),
    "no time": (
        HEADER + ",base,brawl\n",
        "",
        "calls.csv:2:1: time: a time is needed, found nothing",
    ),
    "a time in no form": (
        HEADER + "23/05/2021 7:00,base,brawl\n",
        "",
        "calls.csv:2:1: time: not a time, found '23/05/2021 7:00'; write 2018-11-15 12:01, or say in calls.time how it is written",
    ),
    "a time in another form": (
        HEADER + "05/23/2021 7:00,base,brawl\n",
        "time: '%d/%m/%Y %H:%M'",
        "calls.csv:2:1: time: not a time in the form '%d/%m/%Y %H:%M', found '05/23/2021 7:00'",
    ),
    "a time that is no number": (
        HEADER + "7:00,base,brawl\n",
        "time: min",
        "calls.csv:2:1: time: not a number of min, found '7:00'",
    ),
    "a date that does not exist": (
        HEADER + "2021-02-30 07:00,base,brawl\n",
        "",
        "calls.csv:2:1: time: no such date, found '2021-02-30 07:00'",
    ),
    "a time zone": (
        HEADER + "2021-05-23T07:00:00Z,base,brawl\n2021-05-23 07:00+07:00,base,brawl\n",
        "",
        "calls.csv:2:1: time: has a time zone, found '2021-05-23T07:00:00Z'; a scenario has local time only",
        "calls.csv:3:1: time: has a time zone, found '2021-05-23 07:00+07:00'; a scenario has local time only",
    ),
    "a day is asked for, and a time has none": (
        HEADER + ROW,
        "day: 2018-11-15",
        "calls.csv:2:1: time: has no date, found '07:00', and calls.day asks for it",
    ),
    "a priority out of range": (
        "time,place,type,priority\n07:00,base,brawl,0\n07:00,base,brawl,high\n",
        "",
        "calls.csv:2:18: priority: not a priority, found '0'; allowed: 1 to 9",
        "calls.csv:3:18: priority: not a priority, found 'high'; allowed: 1 to 9",
    ),
    "durations that are none": (
        "time,place,type,turnout,on_scene\n07:00,base,brawl,-1,soon\n",
        "",
        "calls.csv:2:18: turnout: not a duration, found '-1'; write a number (of min: calls.durations), 0:12:30 or 12 min",
        "calls.csv:2:21: on_scene: not a duration, found 'soon'; write it with its unit, such as 90 s, 15 min or 2 h",
    ),
    "a transport that is none": (
        "time,place,type,transport,destination\n07:00,base,brawl,maybe,\n07:00,base,brawl,yes,\n07:00,base,brawl,,bse\n",
        "",
        "calls.csv:2:18: transport: neither yes nor no, found 'maybe'",
        "calls.csv:3:18: transport: where to? brawl has no transport; give a destination",
        "calls.csv:4:19: destination: no such place, found 'bse'; did you mean 'base'? allowed: base, chợ",
    ),
    "an id that comes twice": (
        "id,time,place,type\nA,07:00,base,brawl\nA,08:00,base,brawl\n",
        "",
        "calls.csv:3:1: id: given twice, found 'A'; first at line 2",
    ),
    "text that holds the delimiter": (
        "time,place,note,type\n07:00,base,so, much,brawl\n",
        "",
        "calls.csv:2:1: has 5 fields where the first row has 4; text that holds the delimiter must be in quotes",
        "calls.csv:2:16: type: no such incident type, found 'much'; allowed: brawl, crash",
    ),
    "a row that is short": (
        HEADER + "07:00,base\n",
        "",
        "calls.csv:2:7: type: no such incident type, found nothing; allowed: brawl, crash",
    ),
    "a fault behind a line break in quotes": (
        'time,note,place,type\r\n07:00,"a\r\nb, ""c""", bse,brawl\r\n',
        "",
        "calls.csv:3:12: place: no such place, found 'bse'; did you mean 'base'? allowed: base, chợ",
    ),
    "faults in a column that has a number": (
        "brawl,7h,base\nbrwal,07:00,base\n",
        "columns: {type: 1, time: 2, place: 3}",
        "calls.csv:1:7: column 2: not a time, found '7h'; write 2018-11-15 12:01, or say in calls.time how it is written",
        "calls.csv:2:1: column 1: no such incident type, found 'brwal'; did you mean 'brawl'? allowed: brawl, crash",
    ),
    "a column that is not there": (
        HEADER + ROW,
        "columns: {time: tme, place: place, type: typ}",
        "calls.csv:1:1: calls.columns: no such column, found 'tme'; did you mean 'time'? allowed: time, place, type",
        "calls.csv:1:1: calls.columns: no such column, found 'typ'; did you mean 'type'? allowed: time, place, type",
    ),
    "a column number that is not there": (
        ROW,
        "columns: {time: 1, place: 2, type: 4}",
        "calls.csv:1:1: calls.columns: no such column, found 4; allowed: 1 to 3",
    ),
    "a column that is there twice": (
        "time,type,type,place\n",
        "columns: {time: time, type: type, place: place}",
        "calls.csv:1:1: calls.columns: the header names two columns 'type'",
    ),
    "no header": (
        ROW,
        "",
        "calls.csv:1:1: the header must hold time, and place or x and y (or say in calls.columns what is what), found '07:00', 'base', 'brawl'",
    ),
    "a quote that is not closed": (
        HEADER + '07:00,"base,brawl\n08:00,base,brawl\n',
        "",
        "calls.csv:2:1: not sound CSV: a quote that opens here is not closed",
    ),
    "text after a quote": (
        HEADER + '07:00,"ba"se,brawl\n',
        "",
        "calls.csv:2:1: not sound CSV: text goes on after a closing quote; a quote inside text is written twice",
    ),
    "an empty file": ("", "", "calls.csv: holds no rows"),
    "an Excel file": (
        b"PK\x03\x04" + bytes(40),
        "",
        "calls.csv: is a ZIP or Excel file, not CSV; save the table as CSV",
    ),
    "a picture": (
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "",
        "calls.csv: holds characters that no text has; is it a CSV file?",
    ),
    "not the encoding that is said": (
        HEADER.encode() + b"07:00,ch\xff,brawl\n",
        "encoding: utf-8",
        "calls.csv:2:1: not utf-8 text; set calls.encoding",
    ),
    "a header alone": (
        HEADER,
        "",
        "calls.csv: no call is left to replay: there is no row of data",
    ),
    "every row of another day": (
        HEADER + "2018-11-15 07:00,base,brawl\n",
        "",
        "calls.csv: no call is left to replay: 1 outside the scenario's clock; calls.day says which recorded date is replayed",
    ),
    "a file that is not there": (
        ROW,
        "file: cals.csv",
        "scenario.yaml:14:15: calls.file: there is no such file, found 'cals.csv'",
    ),
    "settings": (
        ROW,
        "time: soon, day: 2018-13-01, columns: {time: 0, x: true, on_scene: []}, types: {a: brwal}",
        "scenario.yaml:14:32: calls.time: not a form of times, found 'soon'; write iso, or s, min, h or d counted from the start, or a form such as '%d/%m/%Y %H:%M' of %Y %y %m %d %H %I %p %M %S %f",
        "scenario.yaml:14:43: calls.day: no such date, found '2018-13-01'",
        "scenario.yaml:14:71: calls.columns.time: not a column, found 0; write its name or, for a file without a header, its number from 1 to 1000",
        "scenario.yaml:14:77: calls.columns.x: not a column, found true; write its name or, for a file without a header, its number from 1 to 1000",
        "scenario.yaml:14:93: calls.columns.on_scene: must have 1 or more entries, found 0",
        "scenario.yaml:14:109: calls.types.a: no such incident type, found 'brwal'; did you mean 'brawl'? allowed: brawl, crash",
    ),
    "half a point": (
        ROW,
        "columns: {time: a, x: b}",
        "scenario.yaml:14:48: calls.columns.x: is given without y; give both",
    ),
    "names and numbers": (
        ROW,
        "columns: {time: a, place: 2}",
        "scenario.yaml:14:35: calls.columns: give names (the file has a header) or numbers (it has none), not both",
    ),
    "nowhere": (
        ROW,
        "columns: {time: a}",
        "scenario.yaml:14:35: calls.columns: give a column for place, or columns for x and y",
    ),
    "a form without the hour": (
        ROW,
        "time: '%Y-%m-%d'",
        "scenario.yaml:14:32: calls.time: says too little, found '%Y-%m-%d'; the hour (%H, or %I with %p) is needed, and the date as a whole (%Y %m %d) or not at all",
    ),
    "a day without dates": (
        ROW,
        "time: min, day: 2018-11-15",
        "scenario.yaml:14:42: calls.day: times in the form 'min' have no date",
    ),
}


@pytest.mark.parametrize("row", BAD.values(), ids=BAD)
def test_every_fault_of_a_file_of_calls_is_told_with_its_place(row, town):
    text, how, *says = row
    more = {"file: calls.csv, ": ""} if how.startswith("file:") else None
    assert said(town, text, how, more) == says


def test_swapped_coordinates_are_told(town):
    more = {"[5000, 5000]": "[5000, 9000]", "[7000, 5000]": "[7000, 9000]"}
    lines = said(town, "time,type,x,y\n07:00,brawl,9000,6000\n", "", more)
    assert lines == [
        "calls.csv:2:13: x: over 1 km outside the roads, found 9000, 6000; x and y look exchanged; allowed: x 5000 to 7000, y 9000 to 9000"
    ]


def test_the_first_fifty_bad_rows_are_told_and_the_rest_counted(town):
    text = HEADER + "".join(f"07:00,base,type{i}\n" for i in range(60)) + ROW
    lines = said(town, text)
    assert len(lines) == 51
    assert lines[49].startswith("calls.csv:51:12: type: no such incident type, found")
    assert lines[50] == "calls.csv:52:1: and 10 more bad row(s), from here on"


def test_bad_rows_are_told_together_with_what_is_wrong_in_the_scenario(town):
    lines = said(town, HEADER + "07:00,bse,brawl\n", "", {"base: base": "base: bsae"})
    assert [line.split(": ")[0] for line in lines] == [
        "calls.csv:2:7",
        "scenario.yaml:10:47",
    ]


def test_not_geocoded_and_the_box_are_told_in_degrees(tmp_path, town):
    import networkx as nx

    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node("a", x=105.8, y=21.0)
    graph.add_node("b", x=105.9, y=21.1)
    for ends in (("a", "b"), ("b", "a")):
        graph.add_edge(*ends, length=15000.0, highway="primary", osmid=1)
    nx.write_graphml(graph, tmp_path / "roads.graphml")
    lines = said(
        town,
        "time,type,x,y\n07:00,brawl,0.0,0\n07:00,brawl,21.05,105.85\n07:00,brawl,105.85,21.05\n",
        "",
        DEGREES,
    )
    assert lines == [
        "calls.csv:2:13: x: not geocoded, found 0, 0",
        "calls.csv:3:13: x: over 1 km outside the roads, found 21.05, 105.85; x and y look exchanged; allowed: x 105.8 to 105.9, y 21 to 21.1",
    ]


def test_calls_given_from_outside_are_read_like_the_scenarios_own(tmp_path, town):
    town(HEADER + ROW)
    other = tmp_path / "elsewhere" / "calls.csv"
    other.parent.mkdir()
    other.write_text(HEADER + "09:00,base,crash\n")
    scenario = load(tmp_path, calls=other)
    assert times(scenario) == [180.0]
    assert [s.path for s in scenario.sources] == ["scenario.yaml", "calls.csv"]
    assert scenario.recorded.given == str(other)
    with pytest.raises(ScenarioError) as error:
        load(tmp_path, calls=tmp_path / "none.csv")
    assert str(error.value) == f"--calls {tmp_path}/none.csv: there is no such file"


def test_a_given_file_that_is_called_like_another_source_is_kept_beside_it(
    town, tmp_path
):
    town(HEADER + ROW)
    other = tmp_path / "elsewhere" / "scenario.yaml"
    other.parent.mkdir()
    other.write_text(HEADER + ROW)
    scenario = load(tmp_path, calls=other)
    assert [s.path for s in scenario.sources] == [
        "scenario.yaml",
        "given-scenario.yaml",
    ]


@pytest.mark.parametrize(
    ("calls", "sound"),
    [
        ({"file": "c.csv"}, True),
        ({"columns": {"time": 1, "place": 2, "on_scene": [3, 4]}}, True),
        ({"columns": {"time": "T", "x": "lon", "y": "lat", "on_scene": "m"}}, True),
        ({"types": {"Fire: *": "crash"}, "unmatched": "skip", "day": "2018-11-15"}, True),
        ({"columns": {"time": 0, "place": 2}}, False),
        ({"columns": {"place": 2}}, False),
        ({"delimiter": "tabulator"}, False),
        ({"types": {"a": 3}}, False),
        ({"day": "today"}, False),
    ],
)  # fmt: skip
def test_the_schema_knows_the_section(calls, sound):
    schema = Setting.model_json_schema(by_alias=True)
    part = {"$defs": schema["$defs"], **schema["$defs"]["Calls"]}
    assert Draft202012Validator(part).is_valid(calls) is sound


# ---- laws of the table reader ----------------------------------------------------

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
    | st.sampled_from(' ,;"\n'),
    max_size=8,
).map(str.strip)


@given(
    st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=6),
    st.sampled_from([",", ";", "tab", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_as_csv_is_read_back_each_field_at_its_place(
    rows, named, end, encoding
):
    import unicodedata

    sign = {"tab": "\t"}.get(named, named)
    text, places, line = "", [], 1
    for row in rows:
        column = 1
        for index, field in enumerate(row):
            places.append((line, column))
            quoted = '"' + field.replace('"', '""') + '"'
            text += quoted + (sign if index + 1 < len(row) else "")
            line += quoted.count("\n")
            tail = quoted.rpartition("\n")
            column = len(tail[2]) + 2 if tail[1] else column + len(quoted) + 1
        text, line = text + end, line + 1
    if not any(field for row in rows for field in row):
        return
    sheet = read_sheet(
        text.encode(encoding),
        "f.csv",
        delimiter=named,
        encoding=encoding.removesuffix("-sig"),
    )
    wanted = [
        tuple(unicodedata.normalize("NFC", field) for field in row)
        for row in rows
        if any(row)
    ]
    assert [row.fields for row in sheet.rows] == wanted
    found = iter(places)
    kept = iter(sheet.rows)
    for row in rows:
        own = [next(found) for _ in row]
        if any(row):
            at = next(kept)
            problems = [sheet.problem(at, i, "", "") for i in range(len(row))]
            assert [(p.line, p.column) for p in problems] == own


def test_the_section_that_new_scenarios_show_as_a_comment_is_sound(town):
    from scenarios.template import layout

    skeleton = (Path(layout.__file__).parent / "skeleton.yaml").read_text()
    lines = skeleton[skeleton.index("#   calls:\n") :].split("\n\n")[0].splitlines()
    own = (
        "\n".join(line.removeprefix("#   ") for line in lines) + "\n  file: calls.csv\n"
    )
    kinds = own.replace("disorder", "brawl").replace("unwell", "crash")
    scenario = town(
        "2025-03-15 09:12,6000,5000,QUARREL - LOUD,2,25\n",
        more={"calls: {file: calls.csv}\n": kinds},
    )
    call = first(scenario)
    assert (call.reported, call.priority, call.on_scene) == (192.0, 2, (25.0,))
