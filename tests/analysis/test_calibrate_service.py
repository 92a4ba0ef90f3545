# Service times and lines made by known laws, found again.

import numpy as np
import pytest
from scipy import stats

from analysis.calibrate import Given, Owner, calibrate_lines, calibrate_times
from analysis.calibrate.flow import lines_at
from analysis.calibrate.law import LAWS, distance, fit, fitted
from analysis.calibrate.likely import find_mean
from analysis.calibrate.line import Seen, play_lines
from analysis.calibrate.look import read_lines, read_places
from scenarios.problem import ScenarioError

PACE = (130, 130, 130, 130, 60, 30, 30, 30)


def table(tmp_path, text):
    path = tmp_path / "seen.csv"
    path.write_text(text, encoding="utf-8")
    return path


def drawn(law, mean, cv, number, seed):
    rng = np.random.default_rng(seed)
    if law == "gamma":
        return rng.gamma(1 / cv**2, mean * cv**2, number)
    sigma = np.sqrt(np.log1p(cv**2))
    return mean * np.exp(rng.normal(-(sigma**2) / 2, sigma, number))


# ---- laws ------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
def test_a_law_is_fitted_as_scipy_fits_it(law):
    times = drawn(law, 3.0, 0.6, 200, 1)
    mean, cv, likelihood = fitted(law, times)
    own = stats.gamma if law == "gamma" else stats.lognorm
    shape, _, scale = own.fit(times, floc=0)
    assert mean == pytest.approx(own.mean(shape, 0, scale), rel=1e-4)
    assert cv == pytest.approx(
        own.std(shape, 0, scale) / own.mean(shape, 0, scale), rel=1e-4
    )
    assert likelihood == pytest.approx(own.logpdf(times, shape, 0, scale).sum())


@pytest.mark.parametrize("law", LAWS)
def test_the_distance_is_that_of_kolmogorov_and_smirnov(law):
    times = drawn(law, 3.0, 0.6, 50, 2)
    sigma = np.sqrt(np.log1p(0.25))
    known = {
        "gamma": stats.gamma(4, scale=0.75),
        "lognormal": stats.lognorm(sigma, scale=3 * np.exp(-(sigma**2) / 2)),
    }
    found = distance(law, 3.0, 0.5, times)
    assert found == pytest.approx(stats.kstest(times, known[law].cdf).statistic)


def test_times_of_another_law_are_called_a_bad_fit():
    two = np.concatenate([drawn("gamma", 1, 0.1, 60, 3), drawn("gamma", 9, 0.1, 60, 4)])
    assert fit("lognormal", two, plays=100).p < 0.05


def test_times_of_the_law_are_called_a_bad_fit_as_often_as_chance_has_it():
    found = [
        fit("gamma", drawn("gamma", 3, 0.6, 40, seed), plays=60).p for seed in range(80)
    ]
    assert np.mean(np.array(found) < 0.1) == pytest.approx(0.1, abs=0.1)
    assert np.mean(found) == pytest.approx(0.5, abs=0.12)


def test_a_law_of_observed_times_is_written(tmp_path):
    times = drawn("lognormal", 180, 0.5, 150, 5)
    path = table(tmp_path, "seconds\n" + "\n".join(f"{t:.1f}" for t in times) + "\n")
    found = calibrate_times(Given(path), unit="s", at=Owner("KV1", "booth"))
    law = found.data["stations"]["KV1"]["stages"]["booth"]["service"]
    assert law["law"] == "lognormal"
    assert law["cv"] == pytest.approx(0.5, abs=0.1)
    factor = found.data["uncertain"]["service-KV1-booth"]
    assert factor["path"] == "stations.KV1.stages.booth.service.mean"
    assert factor["factor"]["cv"] == pytest.approx(
        times.std(ddof=1) / times.mean() / np.sqrt(150), rel=0.02
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("seconds\n1\n", "seen.csv: at least 10 times are needed for a law, found 1"),
        ("seconds\n" + "60\n" * 12, "seen.csv: all times are the same"),
        ("seconds\n5\n0\n", "seen.csv:3:1: seconds: must be above 0, found '0'"),
        ("seconds\nlong\n", "seen.csv:2:1: seconds: not a duration, found 'long'"),
        ("length\n1\n", "seen.csv:1:1: no column for service; say which it is"),
    ],
)
def test_what_is_wrong_with_times_is_told(tmp_path, text, says):
    path = table(tmp_path, text)
    with pytest.raises(ScenarioError) as error:
        calibrate_times(Given(path), unit="s")
    assert str(error.value).replace(str(path), path.name).startswith(says)


# ---- lines -----------------------------------------------------------------------


SIX = ((0.0, 6),)
# Two desks more in the second hour, a break of half an hour, fewer in the afternoon.
CHANGING = ((0.0, 5), (60.0, 7), (150.0, 0), (180.0, 8), (300.0, 4))


def starts_of(arrivals, work, places):
    """Start one voter after another, going from event to event."""
    line, ends, starts = [], [], [np.inf] * len(arrivals)
    events = sorted([(t, 0, i) for i, t in enumerate(arrivals)]
                    + [(t, 1, n) for t, n in places])  # fmt: skip
    number = 0
    while events:
        now, kind, which = events.pop(0)
        line += [which] * (kind == 0)
        number = which if kind == 1 else number
        ends = [end for end in ends if end > now]
        while line and len(ends) < number:
            voter = line.pop(0)
            starts[voter] = now
            ends.append(now + work[voter])
            events.append((ends[-1], 2, 0))
            events.sort()
    return np.array(starts)


def seen_lines(mean, cv, places, seed, pace=PACE):
    """Play a day in the plainest way, and look each hour."""
    rng = np.random.default_rng(seed)
    hours = [
        rng.uniform(60 * h, 60 * h + 60, rng.poisson(n)) for h, n in enumerate(pace)
    ]
    arrivals = np.sort(np.concatenate(hours))
    work = rng.gamma(1 / cv**2, mean * cv**2, len(arrivals))
    starts = starts_of(arrivals, work, places)
    looks = 60.0 * np.arange(1, len(pace) + 1)
    lines = [((arrivals <= t) & (starts > t)).sum() for t in looks]
    return Seen(
        times=looks,
        lines=np.array(lines, dtype=float),
        arrived=np.histogram(arrivals, [0, *looks])[0],
        opens=0.0,
        places=places,
    )


@pytest.mark.parametrize("places", [SIX, CHANGING, ((30.0, 1), (90.0, 6), (200.0, 0))])
def test_lines_are_those_of_a_plain_play_from_event_to_event(places):
    rng = np.random.default_rng(7)
    arrivals = np.sort(rng.uniform(0, 400, (3, 300)), axis=1)
    work = rng.gamma(3, 1 / 3, (3, 300))
    means, times = np.array([0.5, 3.0, 9.0]), np.arange(10.0, 500.0, 35.0)
    begins, counts = (np.array(column) for column in zip(*places, strict=True))
    found = lines_at(arrivals, work, means, times, begins, counts)
    for play in range(3):
        for index, mean in enumerate(means):
            starts = starts_of(arrivals[play], work[play] * mean, places)
            plain = [((arrivals[play] <= t) & (starts > t)).sum() for t in times]
            assert found[play, index].tolist() == plain


def test_the_mean_that_keeps_all_places_busy_counts_the_minutes_they_are_open():
    seen = seen_lines(3.0, 0.6, CHANGING, 1)
    open_ = 5 * 60 + 7 * 90 + 8 * 120 + 4 * 180
    assert seen.saturated == pytest.approx(open_ / seen.arrived.sum())


@pytest.mark.parametrize(
    ("text", "opens", "found"),
    [
        ("6", None, ((420.0, 6),)),
        ("6", "08:30", ((510.0, 6),)),
        ("07:00=4, 09:00=6,12:00=0,13:00=5", None,
         ((420.0, 4), (540.0, 6), (720.0, 0), (780.0, 5))),
    ],
)  # fmt: skip
def test_places_are_read_by_number_or_by_time_of_day(text, opens, found):
    assert read_places(text, opens) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("six", "write how many, 6, or from when: 07:00=4,09:00=6"),
        ("07:00=4,6", "write how many, 6, or from when: 07:00=4,09:00=6"),
        ("07:00=4,06:00=6", "times must rise, found 06:00 after 07:00"),
        ("25:00=4", "no such time of day, found '25:00'; 00:00 to 24:00"),
        ("07:00=0,08:00=3", "must begin with 1 or more, at most 200 (0 later is a"),
        ("201", "must begin with 1 or more, at most 200 (0 later is a break)"),
    ],
)
def test_what_is_wrong_with_places_is_told(text, says):
    with pytest.raises(ScenarioError) as error:
        read_places(text, None)
    assert str(error.value).startswith(f"--servers {text}: {says}")


def test_lines_of_services_that_never_vary_are_those_worked_out_by_hand():
    # Ten voters come in the first hour, nobody after; one place, 30 min each: ten have
    # come by 1:00, of whom by 2:00 at least three have begun and by 6:00 all.
    seen = Seen(
        times=np.array([60.0, 120.0, 360.0]),
        lines=np.zeros(3),
        arrived=np.array([10, 0, 0]),
        opens=0.0,
        places=((0.0, 1),),
    )
    lines = play_lines(seen, np.array([30.0]), 1e-3, plays=50)[:, 0]
    # The first came within minutes: the line at 2:00 is 10 less those who began.
    begun = 10 - lines[:, 1]
    assert set(begun) <= {3.0, 4.0}
    assert (lines[:, 2] == 0).all()
    assert ((lines[:, 0] - lines[:, 1]) == 2).all()


def test_a_line_longer_than_the_one_seen_needs_longer_services():
    seen = seen_lines(3.0, 0.6, SIX, 1)
    lines = play_lines(seen, np.array([2.5, 3.0, 3.5]), 0.6, plays=60).mean(axis=0)
    assert (np.diff(lines[:, 3]) > 10).all()


def coverage(days, seed, plays, places=SIX):
    held = 0
    for day in range(days):
        seen = seen_lines(3.0, 0.6, places, seed + day)
        found, _ = find_mean(seen, (0.6,), plays=plays)
        # Lines that are short by chance give a bound, which may be wrong as well.
        held += found.low <= 3.0 <= found.high
    return held / days


def test_the_mean_is_found_again_from_hourly_lines():
    assert coverage(10, 300, 100) >= 0.8


def test_the_mean_is_found_again_where_places_open_and_close():
    assert coverage(10, 300, 100, CHANGING) >= 0.8


@pytest.mark.deep
@pytest.mark.parametrize("places", [SIX, CHANGING])
def test_the_interval_of_the_mean_holds_the_truth_on_95_days_of_100(places):
    assert 0.90 <= coverage(200, 1000, 200, places) <= 0.99  # three standard errors


def test_lines_that_are_always_empty_give_a_bound_and_no_mean(tmp_path):
    seen = seen_lines(0.8, 0.6, SIX, 2)
    assert seen.lines.max() == 0
    found, _ = find_mean(seen, (0.6,), plays=60)
    assert found.bound
    assert 0.8 < found.high < 2.77  # at 2.77 min all places are busy at the peak
    text = "time,line,arrived\n" + "".join(
        f"{7 + i + 1:02d}:00,0,{n}\n" for i, n in enumerate(np.cumsum(seen.arrived))
    )
    path = table(tmp_path, text)
    with pytest.raises(ScenarioError, match="cannot tell the mean") as error:
        calibrate_lines(Given(path), servers="6", opens="07:00")
    assert "the mean is at most" in str(error.value)


def test_lines_of_a_file_give_a_mean_with_its_interval(tmp_path):
    seen = seen_lines(3.0, 0.6, SIX, 4)
    text = "time,line,votes\n" + "".join(
        f"{7 + i + 1:02d}:00,{line:.0f},{came - line:.0f}\n"
        for i, (line, came) in enumerate(
            zip(seen.lines, np.cumsum(seen.arrived), strict=True)
        )
    )
    path = table(tmp_path, text)
    found = calibrate_lines(
        Given(path), servers="6", opens="07:00", at=Owner("KV1", "booth")
    )
    law = found.data["stations"]["KV1"]["stages"]["booth"]["service"]
    assert law["law"] == "gamma"
    assert float(law["mean"].removesuffix(" s")) == pytest.approx(180, rel=0.12)
    ends = found.summary[0].partition("interval ")[2].split(" to ")
    low, high = (float(end.removesuffix(" s")) for end in ends)
    # Of the factor drawn a day 95 % lie within the interval, as a share of its middle.
    factor = found.data["uncertain"]["service-KV1-booth"]["factor"]
    assert factor["cv"] == pytest.approx(np.log(high / low) / 2 / 1.96, rel=0.02)
    assert any("do not tell the cv" in n or "speak for" in n for n in found.notes)
    assert list(found.tables["lines"]["line"]) == list(seen.lines)


def test_with_a_line_one_is_served_at_each_open_place(tmp_path):
    text = (
        "time,line,votes\n08:00,3,10\n09:00,0,15\n10:00,4,30\n11:00,5,40\n12:00,0,60\n"
    )
    places = ((420.0, 2), (600.0, 6), (690.0, 0))
    seen, _ = read_lines(Given(table(tmp_path, text)), opens=420.0, places=places)
    # 10 + 3 + 2; 15 and nobody known; 30 + 4 and the 2 from before ten; 40 + 5 + 6; 60.
    assert np.cumsum(seen.arrived).tolist() == [15, 15, 36, 51, 60]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "time,line,votes\n08:00,3,10\n08:00,3,12\n",
            "seen.csv:3:1: time: must be after 08:00, found 08:00",
        ),
        (
            "time,line,votes\n08:00,3,10\n09:00,3,9\n",
            "seen.csv:3:9: votes: a cumulative number falls, found 9 after 10",
        ),
        (
            "time,line,votes\n08:00,-1,10\n",
            "seen.csv:2:7: line: not a number of line, found '-1'",
        ),
        (
            "time,line,votes\n08:00,90,10\n09:00,3,20\n",
            "seen.csv:3:7: line: 23 had come (votes and line), fewer than in the row",
        ),
        ("time,votes\n08:00,3\n", "seen.csv:1:1: no column for line; say which it is"),
        ("time,line\n08:00,3\n", "seen.csv:1:1: no column for votes; say which it is"),
    ],
)
def test_what_is_wrong_with_lines_is_told(tmp_path, text, says):
    path = table(tmp_path, text)
    with pytest.raises(ScenarioError) as error:
        calibrate_lines(Given(path), servers="2", opens="07:00")
    assert str(error.value).replace(str(path), path.name).startswith(says)
