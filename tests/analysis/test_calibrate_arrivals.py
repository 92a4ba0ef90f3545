# Turnout tables made by hand, each with one quirk of the published ones.

from itertools import pairwise

import numpy as np
import pytest
import yaml

from analysis.calibrate import Given, Told, calibrate_arrivals
from analysis.calibrate.fragment import percent
from analysis.calibrate.knot import Knot, apart
from analysis.calibrate.moment import clock_of, moment_in
from analysis.calibrate.profile import Asked, fit_profile
from analysis.calibrate.series import Reading, Series
from scenarios.file.record import Row
from scenarios.problem import ScenarioError

SHARES = """\
election,place,clock,cum_pct,voted,list
2031,national (more than 60),11:00,60,,
2031,national,14:15,80.63,,
2031,national,20:00,99.38,76043,76516
2031,national (final),,99.60,,
2031,Hill province,11:20,91.64,,
2032,Hill province,10:30,84.89,4407,5192
"""
VOTES = """\
election,opens,closes,scope,registered,hour,cumulative_votes
one,2030/03/11 08:00,2030/03/11 12:00,ALL,900,09:00,100
one,2030/03/11 08:00,2030/03/11 12:00,ALL,900,10:00,350
one,2030/03/11 08:00,2030/03/11 12:00,ALL,900,11:00,450
one,2030/03/11 08:00,2030/03/11 12:00,ALL,900,12:00,500
one,2030/03/11 08:00,2030/03/11 12:00,"East, old town",400,09:00,40
one,2030/03/11 08:00,2030/03/11 12:00,"East, old town",400,10:00,90
one,2030/03/11 08:00,2030/03/11 12:00,"East, old town",400,11:00,190
one,2030/03/11 08:00,2030/03/11 12:00,"East, old town",400,12:00,210
one,2030/03/11 08:00,2030/03/11 12:00,West,500,09:00,60
one,2030/03/11 08:00,2030/03/11 12:00,West,500,10:00,110
one,2030/03/11 08:00,2030/03/11 12:00,West,500,11:00,260
one,2030/03/11 08:00,2030/03/11 12:00,West,500,12:00,290
two,2030/03/11 08:00,2030/03/11 12:00,ALL,0,09:00,0
two,2030/03/11 08:00,2030/03/11 12:00,ALL,0,12:00,0
"""


def table(tmp_path, text, name="turnout.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def refused(path, told=None, **given):
    with pytest.raises(ScenarioError) as error:
        calibrate_arrivals(Given(path, **given), told)
    return str(error.value).replace(str(path), path.name)


def profile_of(found):
    frame = found.tables["profile"]
    return dict(zip(frame["clock"], frame["share"].round(6), strict=True))


DAY = Told(opens="07:00", closes="19:00")


def test_shares_become_a_profile_of_those_who_came(tmp_path):
    path = table(tmp_path, SHARES)
    told = Told(opens="07:00", closes="19:00", lag="0 min")
    where = ("election=2031", "place=national")
    found = calibrate_arrivals(Given(path, where=where), told)
    assert profile_of(found) == {
        "07:00": 0.0,
        "11:00": round(60 / 99.60, 6),
        "14:15": round(80.63 / 99.60, 6),
        "19:00": 1.0,
    }
    notes = " ".join(found.notes)
    assert "100 % is 99.6 per cent, the last reading" in notes
    assert "turnout.csv:2 remarks: more than 60" in notes
    assert "The reading of 11:00, 60 %, is a lower bound" in notes
    assert "The reading of 20:00, 99.38 %, was reported after the close" in notes


def test_reports_are_of_an_earlier_time_and_the_range_holds_the_whole_lag(tmp_path):
    path = table(tmp_path, "time,share\n09:00,50.0\n19:00,100\n")
    told = Told(opens="07:00", closes="19:00", lag="0..30 min")
    frame = calibrate_arrivals(Given(path), told).tables["profile"]
    knot = frame.iloc[1]
    assert (knot["clock"], knot["printed"]) == ("08:45", "09:00")
    # With no lag the reading stands 15 min later, and 50 % / 105 min a minute had come;
    # with 30 min it stands 15 min earlier, and the slower curve after it holds. Half a
    # unit of the last digit is on top.
    assert knot["low"] == pytest.approx(0.5 * 90 / 105 - 0.0005)
    assert knot["high"] == pytest.approx(0.5 + 0.5 * 15 / 600 - 0.0 + 0.0005, abs=5e-4)


def test_a_bound_reaches_up_to_the_next_reading(tmp_path):
    path = table(tmp_path, "time,share\n11:00,>70\n14:00,80\n19:00,100\n")
    found = calibrate_arrivals(
        Given(path), Told(opens="07:00", closes="19:00", lag="0 min")
    )
    knot = found.tables["profile"].iloc[1]
    assert (knot["share"], knot["low"], knot["high"]) == (0.7, 0.7, 0.8)


def test_a_whole_that_contradicts_its_parts_is_found_and_not_used(tmp_path):
    path = table(tmp_path, VOTES.replace("\n", "\r\n"))
    found = calibrate_arrivals(Given(path, where=("election=one", "scope=ALL")))
    assert found.notes[0].startswith(
        "turnout.csv:3: contradicts its parts: one, ALL at 10:00 has 350, the sum of "
        "its 2 parts is 200; they agree at 3 of 4 times."
    )
    assert profile_of(found) == {"08:00": 0, "09:00": 0.2, "11:00": 0.9, "12:00": 1}
    assert "All zero, placeholders: two, ALL." in found.notes
    assert "another poll: two" in " ".join(found.notes)


def test_parts_that_overlap_are_no_slip(tmp_path):
    more = "".join(
        f"one,2030/03/11 08:00,2030/03/11 12:00,Doctors,90,{hour}:00,{votes}\n"
        for hour, votes in (("09", 5), ("10", 6), ("11", 7), ("12", 8))
    )
    path = table(tmp_path, VOTES.replace(",350\n", ",200\n") + more)
    found = calibrate_arrivals(Given(path, where=("election=one", "scope=ALL")))
    assert found.notes[0] == (
        "one, ALL is the sum of its parts without Doctors: the parts overlap, so they "
        "are not added up."
    )


def test_placeholders_of_zero_are_refused(tmp_path):
    text = refused(table(tmp_path, VOTES), where=("election=two",))
    assert text == "two, ALL: all 2 readings are zero: placeholders, no votes"


def test_several_series_are_named_and_one_has_to_be_chosen(tmp_path):
    text = refused(table(tmp_path, VOTES))
    assert text.startswith(
        "turnout.csv: holds 4 series: one, ALL; one, East, old town; one, West; "
        "two, ALL. Choose one with --where"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "time,votes\n09:00,10\n08:00,20\n",
            "turnout.csv:3:1: time: time runs back, found '08:00'; line 2 of the same "
            "series has 09:00, and later is allowed alone",
        ),
        (
            "time,votes\n09:00,10\n10:00,9\n",
            "turnout.csv:3:7: votes: a cumulative reading falls, found 9; line 2 of "
            "the same series has 10, and as much or more is allowed",
        ),
        (
            "time,share\n09:00,10\n10:00,100.4\n",
            "turnout.csv:3:7: share: not a share of the list in per cent, found "
            "'100.4'; allowed: 0 to 100",
        ),
        (
            "time,votes,list\n09:00,11,10\n",
            "turnout.csv:2:7: votes: more than the list, found 11; at most 10 (100 %)",
        ),
        (
            "time,votes\nnine,11\n",
            "turnout.csv:2:1: time: not a time, found 'nine'; write 07:30 or "
            "2021-05-23 07:30",
        ),
        (
            "time,votes\n09:00,many\n",
            "turnout.csv:2:7: votes: not a number of votes, found 'many'; allowed: 0 "
            "to 1e+09",
        ),
        (
            "when,votes\n09:00,1\n",
            "turnout.csv:1:1: no column for time; say which it is, such as --column "
            "time=when; found 'when', 'votes'",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_row(tmp_path, text, says):
    assert refused(table(tmp_path, text), DAY) == says


def test_a_missing_file_a_wrong_column_and_a_wrong_choice_are_told(tmp_path):
    path = table(tmp_path, VOTES)
    assert refused(tmp_path / "none.csv") == "none.csv: no such file"
    assert refused(path, columns=("time=clock",)).startswith(
        "--column time=clock: no such column of turnout.csv, or two; allowed: election"
    )
    assert "did you mean 'time'?" in refused(path, columns=("tme=hour",))
    assert refused(path, where=("scope=North",)).startswith(
        "--where scope=North: no row says so; allowed: ALL, East, old town, West"
    )


def test_readings_that_end_early_need_a_total(tmp_path):
    path = table(tmp_path, "time,share\n10:30,84.89\n")
    text = refused(path, DAY)
    assert "the last reading, 10:30, is long before the close at 19:00" in text
    given = Told(opens="07:00", closes="19:00", lag="0 min", final=99.0)
    found = calibrate_arrivals(Given(path), given)
    assert profile_of(found)["10:30"] == round(84.89 / 99, 6)


def test_counts_of_each_hour_become_the_same_profile(tmp_path):
    counts = table(tmp_path, "time,count\n8h,100\n9h,250\n10h,100\n11h,50\n", "c.csv")
    whole = "time,votes\n09:00,100\n10:00,350\n11:00,450\n12:00,500\n"
    told = Told(opens="08:00", closes="12:00")
    by_hour = calibrate_arrivals(Given(counts), told)
    by_time = calibrate_arrivals(Given(table(tmp_path, whole)), told)
    assert profile_of(by_hour) == profile_of(by_time)


def test_a_smooth_curve_rises_and_goes_through_the_readings(tmp_path):
    path = table(tmp_path, "time,votes\n09:00,100\n10:00,350\n11:00,350\n12:00,500\n")
    told = Told(opens="08:00", closes="12:00", every="15 min")
    found = profile_of(calibrate_arrivals(Given(path), told))
    shares = list(found.values())
    assert len(found) == 17
    assert shares == sorted(shares)
    assert (found["09:00"], found["10:30"], found["11:00"]) == (0.2, 0.7, 0.7)
    assert found["09:30"] != pytest.approx(0.45)  # no straight line


@pytest.mark.parametrize(
    ("text", "date", "minutes"),
    [
        ("07:30", "", 450),
        ("7h30", "", 450),
        ("7", "", 420),
        ("7:30 pm", "", 1170),
        ("12:15 AM", "", 15),
        ("2018/03/11 07:30", "2018-03-11", 450),
        ("2018-03-11T07:30:30", "2018-03-11", 450.5),
        ("24:00", "", 1440),
    ],
)
def test_times_are_read_as_tables_write_them(text, date, minutes):
    assert moment_in(text) == (date, minutes)


@pytest.mark.parametrize("text", ["", "25:00", "7:60", "2018-13-01 07:00", "noon"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="found"):
        moment_in(text)


def test_clock_text_of_a_profile_has_seconds_where_it_needs_them():
    assert [clock_of(m) for m in (450, 447.5, 1440)] == ["07:30", "07:27:30", "24:00"]


def test_a_share_is_written_without_an_exponent_however_small():
    assert [percent(s) for s in (0, 0.7, 1, 1e-7, 0.00012345)] == [
        *("0 %", "70 %", "100 %", "0 %", "0.0123 %"),
    ]


def test_ranges_meet_no_other_so_that_any_draw_rises():
    knots = [
        Knot(minute=float(m), reported=float(m), share=s, low=s - 0.2, high=s + 0.2)
        for m, s in ((0, 0.0), (60, 0.3), (120, 0.4), (180, 1.0))
    ]
    ranges = apart(knots)
    for (_, high), (low, _) in pairwise(ranges):
        assert high <= low
    assert ranges[1] == pytest.approx((0.15, 0.35))


# ---- coverage ------------------------------------------------------------------------


def coverage(days: int, voters: int) -> float:
    """How often the truth is in the range, over knots and days."""
    true = np.array([0.05, 0.3, 0.62, 0.9, 1.0])
    rng, held, number = np.random.default_rng(5), 0, 0
    for _ in range(days):
        votes = np.cumsum(rng.multinomial(voters, np.diff(true, prepend=0)))
        series = Series(poll="", scope="")
        series.readings = [
            Reading(
                row=Row(1, 1, ("",)), minute=480.0 + 60 * i, value=float(v), step=0.0,
                at_least=False, listed=None,
            )
            for i, v in enumerate(votes)
        ]  # fmt: skip
        knots = fit_profile(series, Asked(opens=420, closes=720)).knots[1:-1]
        held += sum(k.low <= t <= k.high for k, t in zip(knots, true, strict=False))
        number += len(knots)
    return held / number


def test_the_range_of_a_share_holds_the_truth_on_95_days_of_100():
    # Exact intervals never fall short; four standard errors of dependent knots below.
    assert 0.93 <= coverage(400, 700) <= 0.99


# ---- what is written -----------------------------------------------------------------


def test_the_files_are_whole_commented_and_the_same_again(tmp_path):
    path = table(tmp_path, VOTES)
    found = calibrate_arrivals(
        Given(path, where=("election=one", "scope=ALL")), None, ("KV1",)
    )
    files = found.write(tmp_path / "out" / "arrivals.yaml")
    first = {p.name: p.read_bytes() for p in files.values()}
    assert set(first) == {
        *("arrivals.yaml", "arrivals.png", "arrivals.svg", "arrivals.xlsx"),
        "arrivals-profile.csv",
    }
    found.write(tmp_path / "out" / "arrivals.yaml")
    assert first == {p.name: p.read_bytes() for p in files.values()}
    text = files["yaml"].read_text(encoding="utf-8")
    assert text.startswith("# Written by muster calibrate arrivals\n# Source: turnout")
    assert str(tmp_path) not in text
    data = yaml.safe_load(text)
    assert data["stations"]["KV1"]["arrivals"]["cumulative"][0] == {
        "at": "08:00",
        "share": "0 %",
    }


def test_a_scenario_is_not_written_over(tmp_path):
    found = calibrate_arrivals(
        Given(table(tmp_path, VOTES), where=("election=one", "scope=ALL"))
    )
    own = tmp_path / "scenario.yaml"
    own.write_text("title: mine\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="was not written by muster calibrate"):
        found.write(own)
    assert own.read_text(encoding="utf-8") == "title: mine\n"
    with pytest.raises(ScenarioError, match=r"must end in \.yaml"):
        found.write(tmp_path / "arrivals.csv")
