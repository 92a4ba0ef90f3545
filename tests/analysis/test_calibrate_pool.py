# Several polls made by a known law, put together.

import numpy as np
import pytest
from scipy import stats

from analysis.calibrate import Given, Told, calibrate_arrivals
from analysis.calibrate.knot import Knot
from analysis.calibrate.pool import pool_profiles
from analysis.calibrate.profile import Profile
from scenarios.problem import ScenarioError
from scenarios.station import Arrivals, Reading

TIMES = (480.0, 600.0, 780.0)
MEAN = np.array([0.2, 0.5, 0.8])
SPREAD = np.array([0.02, 0.04, 0.03])
POLLS = """poll,opens,closes,scope,time,votes
one,07:00,12:00,ALL,08:00,100
one,07:00,12:00,ALL,09:00,400
one,07:00,12:00,ALL,10:00,700
one,07:00,12:00,ALL,12:00,1000
two,07:00,12:00,ALL,08:00,150
two,07:00,12:00,ALL,10:00,800
two,07:00,12:00,ALL,12:00,1000
three,07:00,12:00,ALL,08:00,20
three,07:00,12:00,ALL,10:00,120
three,07:00,12:00,ALL,12:00,200
zero,07:00,12:00,ALL,08:00,0
zero,07:00,12:00,ALL,12:00,0
"""


def profile(shares, times=TIMES, closes=1140.0):
    points = [(420.0, 0.0), *zip(times, shares, strict=True), (closes, 1.0)]
    return Profile(
        opens=420.0,
        closes=closes,
        knots=tuple(
            Knot(minute=t, reported=t, share=float(s), low=0.0, high=1.0)
            for t, s in points
        ),
        total=100.0,
        left_out=(),
        notes=(),
    )


def polls(number, rng):
    return {f"poll {i}": profile(MEAN + rng.normal() * SPREAD) for i in range(number)}


def calibrated(tmp_path, text, told=None, **given):
    path = tmp_path / "polls.csv"
    path.write_text(text, encoding="utf-8")
    return calibrate_arrivals(Given(path, **given), told or Told(pool=True))


def refused(tmp_path, text, told=None, **given):
    with pytest.raises(ScenarioError) as error:
        calibrated(tmp_path, text, told, **given)
    return str(error.value)


def test_the_mean_and_the_range_of_the_next_poll_are_those_of_student():
    shares = np.array([[0.1, 0.4], [0.16, 0.5], [0.19, 0.45], [0.11, 0.41]])
    found = pool_profiles(
        {str(i): profile(row, TIMES[:2]) for i, row in enumerate(shares)}
    )
    for index, column in enumerate(shares.T):
        knot = found.profile.knots[index + 1]
        scale = column.std(ddof=1) * np.sqrt(1.25)
        low, high = stats.t.interval(0.95, 3, column.mean(), scale)
        assert knot.share == pytest.approx(column.mean())
        assert (knot.low, knot.high) == (
            pytest.approx(max(low, 0)),
            pytest.approx(high),
        )
        assert found.spreads[index + 1] == pytest.approx(scale)
    assert found.drift == pytest.approx(stats.t.ppf(0.975, 3) / stats.norm.ppf(0.975))
    assert (found.spreads[0], found.spreads[-1]) == (0, 0)


@pytest.mark.parametrize("number", [3, 6])
def test_the_range_holds_the_next_poll_95_times_of_100(number):
    rng = np.random.default_rng(11)
    held = []
    for _ in range(400):
        found = pool_profiles(polls(number, rng)).profile.knots[1:-1]
        nextly = MEAN + rng.normal() * SPREAD
        held += [k.low <= s <= k.high for k, s in zip(found, nextly, strict=True)]
    # Three shares of one day go together: as if there were 400, not 1,200.
    assert np.mean(held) == pytest.approx(0.95, abs=0.033)  # three standard errors


def test_what_drift_draws_is_as_wide_as_the_range():
    found = pool_profiles(polls(5, np.random.default_rng(12)))
    knot, spread = found.profile.knots[2], found.spreads[2]
    assert knot.high - knot.share == pytest.approx(1.959964 * found.drift * spread)


def test_polls_of_a_table_are_put_together(tmp_path):
    found = calibrated(tmp_path, POLLS)
    station = found.data["stations"]["*"]["arrivals"]
    assert [point["at"] for point in station["cumulative"]] == [
        *("07:00", "08:00", "10:00", "12:00"),
    ]
    shares = np.array([0.10, 0.15, 0.10])
    spread = shares.std(ddof=1) * np.sqrt(4 / 3)
    assert station["cumulative"][1] == {
        "at": "08:00",
        "share": "11.6667 %",
        "spread": f"{spread * 100:.4f} %",
    }
    assert "spread" not in station["cumulative"][0]
    drift = found.data["uncertain"]["drift"]
    assert drift["path"] == "stations.*.arrivals.drift"
    assert drift["value"] == {"law": "normal", "mean": 0, "sd": 2.195}
    notes = " ".join(found.notes)
    assert "3 polls, each weighing alike: one, ALL; two, ALL; three, ALL." in notes
    assert "Not used, for not all polls have a reading: 09:00." in notes
    assert "All zero, placeholders: zero, ALL." in notes
    assert len(found.tables["polls"]) == 5 + 4 + 4


def test_polls_of_one_day_are_said_to_be_of_one_day(tmp_path):
    dated = POLLS.replace("07:00,12:00", "2031-05-04 07:00,2031-05-04 12:00")
    notes = " ".join(calibrated(tmp_path, dated).notes)
    assert "They are of 1 day(s) only" in notes
    assert "day(s) only" not in " ".join(calibrated(tmp_path, POLLS).notes)


def test_what_cannot_be_put_together_is_refused(tmp_path):
    two = "".join(line for line in POLLS.splitlines(True) if "three" not in line)
    assert "needs 3 polls or more, found 2: one, ALL; two, ALL" in refused(
        tmp_path, two
    )
    parts = POLLS.replace("two,07:00,12:00,ALL", "one,07:00,12:00,East")
    assert "one, ALL: is the whole of 1 other series" in refused(tmp_path, parts)
    later = POLLS.replace("two,07:00", "two,06:00")
    assert "different hours, 06:00 to 12:00, 07:00 to 12:00" in refused(tmp_path, later)
    apart = POLLS.replace("08:00,150", "08:10,150").replace("10:00,800", "10:10,800")
    told = refused(tmp_path, apart)
    assert "no time at which all 3 polls have a reading" in told
    assert "08:00 2, 08:10 1, 09:00 1, 10:00 2, 10:10 1" in told
    assert "is for one poll" in refused(
        tmp_path, POLLS, Told(pool=True, every="30 min")
    )
    falls = POLLS.replace("10:00,120", "10:00,12")
    assert "polls.csv:10:" in refused(tmp_path, falls)
    assert "or --pool takes the mean of all" in refused(tmp_path, POLLS, Told())


def test_a_day_that_drifts_is_early_or_late_and_always_rises():
    points = [(0.0, 0.0, 0.0), (60.0, 0.3, 0.1), (120.0, 0.6, 0.05), (180.0, 1.0, 0.0)]
    readings = tuple(
        Reading.model_construct(at=at, share=share, spread=spread)
        for at, share, spread in points
    )

    def shares(drift):
        day = Arrivals.model_construct(cumulative=readings, drift=drift)
        return [share for _, share in day.profile(0.0)]

    assert shares(0.0) == [0, 0.3, 0.6, 1]
    assert shares(1.0) == pytest.approx([0, 0.4, 0.65, 1])
    assert shares(-2.0) == pytest.approx([0, 0.1, 0.5, 1])
    assert shares(-4.0) == pytest.approx([0, 0.0, 0.4, 1])
    assert shares(9.0) == pytest.approx([0, 1.0, 1.0, 1])
