from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.interval import proportion_interval, trials_to_tell
from analysis.precision import Precision, looks
from analysis.replication import Replication, Values
from scenarios.file.reader import load
from scenarios.problem import ScenarioError

NONE = np.zeros((0, 0), np.int32)


@pytest.fixture(scope="module")
def setting():
    return load("khanh-thuong").plans["base"].setting


def test_looks_are_fixed_and_few():
    assert looks(100) == [30, 38, 47, 59, 73, 92, 100]
    assert looks(30) == [30]
    assert looks(10) == [10]
    assert len(looks(10_000)) < 30


@pytest.mark.parametrize(
    ("text", "key", "half"),
    [
        ("response.p90 of fire within 1 min", ("response.p90", -1.0, "fire"), 1.0),
        ("wait.mean within 5 s", ("wait.mean", -1.0, "overall"), 5 / 60),
        (
            "wait.within at 30 min of KV1 within 2 %",
            ("wait.within", 30.0, "KV1"),
            0.02,
        ),
        (
            "response.mean of priority 1 within 30 s",
            ("response.mean", -1.0, "priority 1"),
            0.5,
        ),
        ("incidents.reported within 0.5", ("incidents.reported", -1.0, "overall"), 0.5),
    ],
)
def test_it_is_read_as_it_is_written(setting, text, key, half):
    found = Precision.of(text, setting)
    assert (found.key, found.half) == (key, half)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not understood; write MEASURE within HALF"),
        ("wait.mean", "not understood; write MEASURE within HALF"),
        ("wait.men within 1 min", "no such measure, found 'wait.men'; did you mean"),
        ("wait.mean at 30 min within 1 min", "wait.mean has no threshold"),
        ("wait.within of KV1 within 2 %", "wait.within needs a threshold"),
        (
            "wait.within at 29 min within 2 %",
            "measured only where a target asks for it",
        ),
        ("wait.within at noon within 2 %", "at: not a duration, found 'noon'"),
        ("wait.mean within 0 min", "within: must be above 0, found '0 min'"),
        ("wait.mean within 3", "within: not a duration, found '3'"),
        ("wait.within at 30 min within 5 min", "within: not a share, found '5 min'"),
        ("incidents.reported within few", "write count"),
        ("incidents.reported within inf", "within: must be above 0, found 'inf'"),
    ],
)
def test_what_is_wrong_with_it_is_told(setting, text, told):
    with pytest.raises(ScenarioError) as caught:
        Precision.of(text, setting)
    assert str(caught.value).startswith(f"--until {text!r}: ")
    assert told in str(caught.value)


def days(values, member="overall"):
    return [
        Replication(
            number=number,
            values=Values.of({("wait.mean", -1.0, member): value}),
            judgements=(),
            orders=(),
            closes=(),
            lines=NONE,
            arrived=NONE,
            voted=NONE,
        )
        for number, value in enumerate(values)
    ]


def test_it_is_reached_when_the_interval_is_narrow_and_not_below_30_days(setting):
    asked = Precision.of("wait.mean within 1 min", setting)
    # 30 values 9 and 11: sd 1.017, t(29) = 2.0452, half = 2.0452 x 1.017 / 5.477
    values = [9.0, 11.0] * 15
    mean, half = asked.interval(days(values))
    assert mean == pytest.approx(10)
    assert half == pytest.approx(2.045230 * 1.0170953 / 30**0.5, abs=1e-6)
    assert asked.reached(days(values))
    assert asked.told(days(values)) == (
        "wait.mean of overall: 10 min \N{PLUS-MINUS SIGN} 23 s (asked 1 min)"
    )
    wide = replace(asked, half=half - 1e-9)
    assert replace(asked, half=half).reached(days(values))
    assert not wide.reached(days(values))
    assert not asked.reached(days(values[:29]))
    assert not asked.reached(days([1.0, 19.0] * 15))


def test_what_never_ended_is_never_precise(setting):
    asked = Precision.of("wait.mean within 1 min", setting)
    never = days([np.inf, *[1.0] * 40])
    assert not asked.reached(never)
    assert "never ended" in asked.told(never)


def test_a_member_that_nobody_is_is_refused(setting):
    asked = Precision.of("wait.mean of KV9 within 1 min", setting)
    with pytest.raises(ScenarioError, match="measured for nobody of that name"):
        asked.reached(days([1.0] * 40, "KV1"))
    nothing = days([np.nan] * 40, "KV9")
    assert not asked.reached(nothing)
    assert "nothing measured" in asked.told(nothing)


@given(st.integers(1, 300), st.integers(0, 300), st.floats(0.05, 0.95))
def test_so_many_trials_would_tell_and_one_less_would_not(trials, hits, share):
    hits = min(hits, trials)
    number = trials_to_tell(hits, trials, share, 0.95)

    def tells(n):
        low, high = proportion_interval(round(hits / trials * n), n, 0.95)
        return low >= share or high < share

    if number is None:
        assert not tells(100_000)
    else:
        assert number >= trials
        assert tells(number)
        assert number == trials or not tells(number - 1)


def test_a_target_that_held_each_day_needs_what_the_closed_form_says():
    # 0.9 to the power n falls to 0.025 at n = 35.01
    assert trials_to_tell(30, 30, 0.9, 0.95) == 36
    assert trials_to_tell(45, 50, 0.9, 0.95) is None
