# Call lists made by hand, and rates against scipy, a published table and plays.

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from analysis.calibrate import Given, Kept, calibrate_incidents
from analysis.calibrate.rate import (
    dispersion,
    empty_by_chance,
    rate_interval,
    spread_of_days,
)
from scenarios.problem import ScenarioError


def table(tmp_path, rows, header="time,type", name="calls.csv"):
    path = tmp_path / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def daily(days=40, each=2):
    """Calls at 09:10 and 14:40 of every day."""
    first = dt.date(2031, 5, 1)
    return [
        f"{first + dt.timedelta(day)} {clock},fire"
        for day in range(days)
        for clock in ("09:10", "14:40")[:each]
    ]


# ---- the statistics --------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 5, 17, 100])
def test_the_interval_of_a_rate_is_that_of_scipy(count):
    low, high = rate_interval(count, 2.0, 0.9)
    # The ends are the rates at which so few, or so many, come in 5 of 100.
    assert stats.poisson.cdf(count, high * 2) == pytest.approx(0.05)
    if count:
        assert stats.poisson.sf(count - 1, low * 2) == pytest.approx(0.05)
    else:
        assert low == 0


def test_the_interval_of_a_rate_is_that_of_the_published_table():
    # Garwood 1936: for 10 events 4.795 to 18.390, for 0 up to 3.689, for 1 from 0.0253.
    assert rate_interval(10, 1) == pytest.approx((4.795, 18.390), abs=5e-4)
    assert rate_interval(0, 1) == pytest.approx((0, 3.689), abs=5e-4)
    assert rate_interval(1, 1) == pytest.approx((0.0253, 5.572), abs=5e-4)


def test_the_interval_of_a_rate_holds_the_truth_on_95_lists_of_100():
    counts = np.random.default_rng(2).poisson(3.7, 2000)
    held = [low <= 3.7 <= high for low, high in (rate_interval(c, 1) for c in counts)]
    assert 0.945 <= np.mean(held) <= 0.995  # exact: never short, at 3.7 some above


def test_days_that_differ_are_told_from_chance():
    rng = np.random.default_rng(4)
    chance = dispersion(rng.poisson(6, 300))
    mixed = dispersion(rng.poisson(6 * rng.gamma(4, 0.25, 300)))
    assert chance.index == pytest.approx(1, abs=0.25)
    assert not chance.over
    assert mixed.index == pytest.approx(1 + 6 / 4, rel=0.3)
    assert mixed.over


def test_a_test_of_days_errs_as_often_as_it_says():
    rng = np.random.default_rng(6)
    wrong = [dispersion(rng.poisson(5, 60)).over for _ in range(1000)]
    assert 0.002 <= np.mean(wrong) <= 0.022  # 1 in 100


def test_the_spread_of_days_is_what_was_put_in():
    rng = np.random.default_rng(8)
    counts = rng.poisson(8 * rng.gamma(1 / 0.09, 0.09, 2000))  # cv 0.3 from day to day
    assert spread_of_days(counts) == pytest.approx(0.3, abs=0.03)
    even = rng.poisson(8, 100)
    assert spread_of_days(even) == pytest.approx(1 / np.sqrt(even.sum()))


def test_empty_days_are_likely_where_calls_are_rare_only():
    assert empty_by_chance(np.ones(10, int), 300) == pytest.approx(1.0)
    assert empty_by_chance(np.full(30, 90), 1000) < 1e-100
    counts = np.random.default_rng(1).poisson(1.0, 400)
    assert empty_by_chance(counts[counts > 0], int((counts == 0).sum())) > 0.01


# ---- what is refused -------------------------------------------------------------


def refused(path, **how):
    columns = how.pop("columns", ())
    with pytest.raises(ScenarioError) as error:
        calibrate_incidents(Given(path, columns), **how)
    return str(error.value).replace(str(path), path.name)


def sample(day=15):
    """A list of the same day of each month, in the early afternoon."""
    return [
        f"{2030 + m // 12}-{m % 12 + 1:02d}-{day} "
        f"{12 + n % 3}:{n // 3 % 60:02d}:{n % 60:02d},fire"
        for m in range(14)
        for n in range(20 if m < 13 else 200)
    ]


def test_a_sample_of_days_gives_no_rate_and_says_why(tmp_path):
    text = refused(table(tmp_path, sample()))
    assert "this list cannot give a rate: it has calls on 14 of the 397 days" in text
    assert "the 383 days without any were not quiet but are not in the list" in text
    assert "14 of those 14 days are the 15th of a month" in text
    assert "of one day, 2031-02-15" in text
    assert "100 % of the calls came between 12:00 and 15:00" in text
    assert "say --days N, or --from and --until" in text


def test_a_sample_gives_a_rate_where_its_days_are_stated(tmp_path):
    found = calibrate_incidents(Given(table(tmp_path, sample())), kept=Kept(days=14))
    frame = found.tables["rates"].set_index("from")
    assert frame.loc["12:00", "hours"] == 14
    assert frame.loc["13:00", "rate"] == frame.loc["13:00", "calls"] / 14
    assert "Kept for 14 days, as stated." in found.notes
    assert any("for the other hours it says nothing" in note for note in found.notes)


def test_rare_calls_on_scattered_days_do_give_a_rate(tmp_path):
    rng = np.random.default_rng(3)
    days = np.flatnonzero(rng.poisson(0.1, 360))
    rows = [f"2031-{d // 28 % 12 + 1:02d}-{d % 28 + 1:02d} 10:00,fire" for d in days]
    found = calibrate_incidents(Given(table(tmp_path, rows)))
    assert any("[assumed]" in note and "Kept for" in note for note in found.notes)


def test_days_that_cannot_be_are_refused(tmp_path):
    path = table(tmp_path, daily())
    told = refused(path, kept=Kept(days=12))
    assert told == "--days: the list has calls on 40 days already; found 12"
    told = refused(path, kept=Kept(begin="2031-05-10"))
    assert "lie outside, such as 2031-05-01" in told
    assert "not a date" in refused(path, kept=Kept(end="May"))
    assert "must divide the day" in refused(path, every=50)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("09:10,fire", "calls.csv:2:1: time: has no date, found '09:10'"),
        ("2031-02-30 09:10,fire", "calls.csv:2:1: time: no such date"),
        ("soon,fire", "calls.csv:2:1: time: not a time, found 'soon'"),
    ],
)
def test_a_bad_row_is_told_with_its_place(tmp_path, row, says):
    assert refused(table(tmp_path, [row])).startswith(says)


# ---- what is found ---------------------------------------------------------------


def test_rates_are_calls_over_hours_observed(tmp_path):
    found = calibrate_incidents(Given(table(tmp_path, daily())), places=("KV1", "KV2"))
    frame = found.tables["rates"].set_index("from")
    assert frame.loc["09:00", "rate"] == 1.0
    assert frame.loc["10:00", "calls"] == 0
    assert frame.loc["10:00", "high"] == pytest.approx(3.689 / 40, abs=1e-4)
    assert found.data["incidents"]["fire"]["rates"][0] == {
        "places": ["KV1", "KV2"],
        "per_hour": 0.5,  # two places share the calls
        "from": "09:00",
        "until": "10:00",
    }
    assert len(found.data["incidents"]["fire"]["rates"]) == 2
    assert found.data["uncertain"]["rate-fire"]["path"] == (
        "incidents.fire.rates.*.per_hour"
    )


def test_days_without_any_call_count_as_observed(tmp_path):
    kept = Kept(begin="2031-04-22", end="2031-06-20")
    found = calibrate_incidents(Given(table(tmp_path, daily())), kept=kept)
    assert found.tables["rates"]["hours"].iloc[0] == 60


def test_repeated_rows_and_unknown_types_are_told_by_row(tmp_path):
    rows = [*daily(), daily()[0], "2031-05-03 10:00,lost dog"]
    found = calibrate_incidents(
        Given(table(tmp_path, rows)), types=("FIRE*=blaze",), every=120
    )
    assert found.notes[0] == (
        "1 row(s) repeat another and were left out: line 82 (as 2)."
    )
    assert found.notes[1] == (
        "1 call(s) of types that no --type names: 'lost dog' (1, first in line 83)."
    )
    assert [*found.data["incidents"]] == ["blaze"]
    assert found.summary == ("blaze: 80 calls, 2 a day",)


def test_a_list_without_a_header_is_read_by_numbers(tmp_path):
    rows = [f"40.1,-75.3,{r.split(',')[1]},{r.split(',')[0]}" for r in daily()]
    path = table(tmp_path, rows[1:], header=rows[0])
    found = calibrate_incidents(Given(path, ("time=4", "type=3")))
    assert found.summary == ("fire: 80 calls, 2 a day",)


def test_names_of_types_become_names_of_a_scenario(tmp_path):
    rows = [row.replace("fire", "EMS: Fall / old") for row in daily(each=1)]
    rows += [row.replace("fire", "ems fall old") for row in daily(each=1)]
    found = calibrate_incidents(Given(table(tmp_path, rows)))
    assert [*found.data["incidents"]] == ["ems-fall-old", "ems-fall-old2"]


def test_known_rates_are_found_again(tmp_path):
    # 60 lists of 30 days at 0.8 calls in each hour from 8 to 20: the truth is in 95 of
    # 100 exact intervals or more.
    held, number = 0, 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        rows = [
            f"2031-05-{day + 1:02d} {hour:02d}:{minute:02d}:{n % 60:02d},fire"
            for day in range(30)
            for hour in range(8, 20)
            for n, minute in enumerate(rng.integers(0, 60, rng.poisson(0.8)))
        ]
        given = Given(table(tmp_path, rows))
        kept = Kept(begin="2031-05-01", end="2031-05-30")
        frame = calibrate_incidents(given, kept=kept).tables["rates"].iloc[8:20]
        held += int(((frame["low"] <= 0.8) & (frame["high"] >= 0.8)).sum())
        number += len(frame)
    assert 0.93 <= held / number <= 0.99


def test_a_file_without_a_header_and_one_of_another_kind_are_told(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("40.08,FIRE,2031-05-01 12:00,X ST\n" * 2, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        calibrate_incidents(Given(path))
    assert (
        "no column for time; say which it is, such as by number where there is no "
        "header, --column time=4; found '40.08', 'FIRE'"
    ) in str(error.value)
    path = tmp_path / "hours.json"
    path.write_text('[{"hour": 1, "incidents": "5"}]', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"hours.json: is JSON, and a CSV table"):
        calibrate_incidents(Given(path))
