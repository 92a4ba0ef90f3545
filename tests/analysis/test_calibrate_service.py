# Service times and lines made by known laws, found again.

import numpy as np
import pytest
from scipy import stats

from analysis.calibrate import Given, Owner, calibrate_lines, calibrate_times
from analysis.calibrate.law import LAWS, distance, fit, fitted
from analysis.calibrate.likely import find_mean
from analysis.calibrate.line import Seen, play_lines
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
    factor = found.data["uncertain"]["service-booth"]
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


def seen_lines(mean, cv, servers, seed, pace=PACE):
    """Play a day one voter after another, in the plainest way, and look each hour."""
    rng = np.random.default_rng(seed)
    hours = [
        rng.uniform(60 * h, 60 * h + 60, rng.poisson(n)) for h, n in enumerate(pace)
    ]
    arrivals = np.sort(np.concatenate(hours))
    free, starts = [0.0] * servers, []
    for came in arrivals:
        place = free.index(min(free))
        starts.append(max(free[place], came))
        free[place] = starts[-1] + rng.gamma(1 / cv**2, mean * cv**2)
    looks = 60.0 * np.arange(1, len(pace) + 1)
    lines = [((arrivals <= t) & (np.array(starts) > t)).sum() for t in looks]
    return Seen(
        times=looks,
        lines=np.array(lines, dtype=float),
        arrived=np.histogram(arrivals, [0, *looks])[0],
        opens=0.0,
        servers=servers,
    )


def test_lines_of_services_that_never_vary_are_those_worked_out_by_hand():
    # Ten voters come in the first hour, nobody after; one place, 30 min each: ten have
    # come by 1:00, of whom by 2:00 at least three have begun and by 6:00 all.
    seen = Seen(
        times=np.array([60.0, 120.0, 360.0]),
        lines=np.zeros(3),
        arrived=np.array([10, 0, 0]),
        opens=0.0,
        servers=1,
    )
    lines = play_lines(seen, np.array([30.0]), 1e-3, plays=50)[:, 0]
    # The first came within minutes: the line at 2:00 is 10 less those who began.
    begun = 10 - lines[:, 1]
    assert set(begun) <= {3.0, 4.0}
    assert (lines[:, 2] == 0).all()
    assert ((lines[:, 0] - lines[:, 1]) == 2).all()


def test_a_line_longer_than_the_one_seen_needs_longer_services():
    seen = seen_lines(3.0, 0.6, 6, 1)
    lines = play_lines(seen, np.array([2.5, 3.0, 3.5]), 0.6, plays=60).mean(axis=0)
    assert (np.diff(lines[:, 3]) > 10).all()


def coverage(days, seed, plays):
    held = 0
    for day in range(days):
        found, _ = find_mean(seen_lines(3.0, 0.6, 6, seed + day), (0.6,), plays=plays)
        # Lines that are short by chance give a bound, which may be wrong as well.
        held += found.low <= 3.0 <= found.high
    return held / days


def test_the_mean_is_found_again_from_hourly_lines():
    assert coverage(10, 300, 100) >= 0.8


@pytest.mark.deep
def test_the_interval_of_the_mean_holds_the_truth_on_95_days_of_100():
    assert 0.90 <= coverage(200, 1000, 200) <= 0.99  # three standard errors


def test_lines_that_are_always_empty_give_a_bound_and_no_mean(tmp_path):
    seen = seen_lines(0.8, 0.6, 6, 2)
    assert seen.lines.max() == 0
    found, _ = find_mean(seen, (0.6,), plays=60)
    assert found.bound
    assert 0.8 < found.high < 2.77  # at 2.77 min all places are busy at the peak
    text = "time,line,arrived\n" + "".join(
        f"{7 + i + 1:02d}:00,0,{n}\n" for i, n in enumerate(np.cumsum(seen.arrived))
    )
    path = table(tmp_path, text)
    with pytest.raises(ScenarioError, match="cannot tell the mean") as error:
        calibrate_lines(Given(path), servers=6, opens="07:00")
    assert "the mean is at most" in str(error.value)


def test_lines_of_a_file_give_a_mean_with_its_interval(tmp_path):
    seen = seen_lines(3.0, 0.6, 6, 4)
    text = "time,line,votes\n" + "".join(
        f"{7 + i + 1:02d}:00,{line:.0f},{came - line:.0f}\n"
        for i, (line, came) in enumerate(
            zip(seen.lines, np.cumsum(seen.arrived), strict=True)
        )
    )
    path = table(tmp_path, text)
    found = calibrate_lines(
        Given(path), servers=6, opens="07:00", at=Owner("KV1", "booth")
    )
    law = found.data["stations"]["KV1"]["stages"]["booth"]["service"]
    assert law["law"] == "gamma"
    assert float(law["mean"].removesuffix(" s")) == pytest.approx(180, rel=0.12)
    assert 0.01 < found.data["uncertain"]["service-booth"]["factor"]["cv"] < 0.1
    assert any("do not tell the cv" in n or "speak for" in n for n in found.notes)
    assert list(found.tables["lines"]["line"]) == list(seen.lines)


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
        calibrate_lines(Given(path), servers=2, opens="07:00")
    assert str(error.value).replace(str(path), path.name).startswith(says)
