# The final choice: exact boundaries, and its guarantee checked by simulation.

from math import log

import numpy as np
import pytest
from scipy import stats

from analysis.interval import proportion_interval
from analysis.staff.bound import Asked, Bounds, bounds_for, looks_to, plan_looks
from analysis.staff.feasible import Short, choose
from analysis.target import LEAST

NINE = Asked(share=0.9, confidence=0.95, zone=0.05)
EIGHT = Asked(share=0.8, confidence=0.9, zone=0.1)


# ---- the boundaries --------------------------------------------------------------


def test_looks_begin_at_thirty_and_end_at_the_most():
    assert looks_to(100) == (30, 40, 55, 74, 100)
    assert looks_to(30) == looks_to(5) == (LEAST,)


def test_one_look_is_the_exact_binomial_test():
    bounds = bounds_for(NINE, (200,), 0.05, 0.05)
    # both: the exact test at 5 %, and the exact interval of the verdict, 2.5 % a side
    wanted = int(stats.binom.isf(0.025, 200, 0.9)) + 1
    assert bounds.accept == (wanted,)
    assert bounds.reject == (wanted - 1,)
    assert bounds.wrongly == pytest.approx(stats.binom.sf(wanted - 1, 200, 0.9))
    assert bounds.over == pytest.approx(stats.binom.cdf(wanted - 1, 200, 0.95))


def walked(bounds: Bounds, share: float, days: int = 40_000, seed: int = 5):
    """Walk many courses of one target; give shares accepted and ever rejected."""
    random = np.random.Generator(np.random.PCG64(seed))
    steps = np.diff((0, *bounds.looks))
    held = random.binomial(steps, share, size=(days, len(steps))).cumsum(axis=1)
    up, down = held >= np.array(bounds.accept), held <= np.array(bounds.reject)
    first_up = np.where(up.any(1), up.argmax(1), 99)
    first_down = np.where(down.any(1), down.argmax(1), 99)
    return (first_up < first_down).mean(), down.any(1).mean()


def test_the_errors_of_the_boundaries_are_those_that_walks_have():
    for asked in (NINE, EIGHT):
        (bounds,) = plan_looks([asked], 3)
        wrongly, _ = walked(bounds, asked.share)
        _, over = walked(bounds, asked.share + asked.zone)
        for seen, exact in ((wrongly, bounds.wrongly), (over, bounds.over)):
            assert abs(seen - exact) < 5 * (exact / 40_000) ** 0.5
        assert bounds.wrongly <= asked.error / 3 + 1e-12
        assert bounds.over <= asked.error / 3 + 1e-12


def by_days(bounds: Bounds, share: float) -> float:
    """Give how likely it is to be accepted before it is rejected, day by day."""
    course, accepted = {0: 1.0}, 0.0
    stops = dict(
        zip(bounds.looks, zip(bounds.accept, bounds.reject, strict=True), strict=True)
    )
    for day in range(1, bounds.looks[-1] + 1):
        after: dict[int, float] = {}
        for held, chance in course.items():
            after[held + 1] = after.get(held + 1, 0.0) + chance * share
            after[held] = after.get(held, 0.0) + chance * (1 - share)
        if day in stops:
            accept, reject = stops[day]
            accepted += sum(p for held, p in after.items() if held >= accept)
            after = {held: p for held, p in after.items() if reject < held < accept}
        course = after
    return accepted


@pytest.mark.parametrize("asked", [NINE, EIGHT])
def test_the_stated_error_is_what_going_day_by_day_gives(asked):
    (bounds,) = plan_looks([asked], 3)
    assert by_days(bounds, asked.share) == pytest.approx(bounds.wrongly, rel=1e-9)


def test_more_candidates_and_targets_leave_each_a_smaller_error():
    for candidates in (1, 4, 8):
        found = plan_looks([NINE, EIGHT, NINE], candidates)
        for bounds, asked in zip(found, (NINE, EIGHT, NINE), strict=True):
            assert bounds.wrongly <= asked.error / candidates + 1e-12
            assert bounds.over <= asked.error / candidates / 3 + 1e-12
        assert len({bounds.looks for bounds in found}) == 1


def test_what_is_accepted_is_what_a_run_of_so_many_days_calls_met():
    for bounds, asked in zip(plan_looks([NINE, EIGHT], 4), (NINE, EIGHT), strict=True):
        for days, least in zip(bounds.looks, bounds.accept, strict=True):
            if least <= days:
                low, _ = proportion_interval(least, days, asked.confidence)
                assert low >= asked.share


def test_one_that_never_fails_is_accepted_after_as_many_days_as_the_error_asks():
    (bounds,) = plan_looks([NINE], 8)
    first = min(d for d, a in zip(bounds.looks, bounds.accept, strict=True) if a <= d)
    # nine tenths to the power of so many days is below the error spent by then
    assert first >= log(0.05 / 8 * first / bounds.looks[-1]) / log(0.9)
    assert first <= 100


# ---- the guarantee ---------------------------------------------------------------


def days_of(shares, most, random):
    """Draw the days of candidates: shares of days by candidate and target."""
    drawn = random.random((*np.shape(shares), most)) < np.array(shares)[..., None]

    def sample(candidate, days):
        return [held[:days] for held in drawn[candidate]]

    return sample


def chosen(shares, asked, random):
    bounds = plan_looks(asked, len(shares))
    return choose(len(shares), bounds, days_of(shares, bounds[0].looks[-1], random))


def wrong_choices(shares, asked, trials, seed=11):
    """Count trials in which a plan that misses is chosen, or one that holds is not."""
    random = np.random.Generator(np.random.PCG64(seed))
    bounds = plan_looks(asked, len(shares))
    missed = over = 0
    for _ in range(trials):
        sample = days_of(shares, bounds[0].looks[-1], random)
        last = choose(len(shares), bounds, sample)[-1]
        taken = last.candidate if last.accepted else len(shares)
        if last.accepted:
            pairs = zip(shares[taken], asked, strict=True)
            missed += any(share < one.share for share, one in pairs)
        over += any(
            all(s >= a.share + a.zone - 1e-12 for s, a in zip(row, asked, strict=True))
            for row in shares[:taken]
        )
    return missed, over


JUST_BELOW = 0.9 - 1e-9
CASES = {
    "all just miss": [[JUST_BELOW, 1.0]] * 4,
    "the first just holds with the zone": [[0.95, 0.9], *[[JUST_BELOW, 1.0]] * 3],
    "three miss, then one holds": [*[[1.0, 0.8 - 1e-9]] * 3, [0.95, 0.9]],
    "one target each": [[0.97, 0.79], [0.89, 0.95], [0.96, 0.91], [1.0, 1.0]],
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_choices_are_as_rare_as_stated(case):
    asked = (NINE, Asked(share=0.8, confidence=0.95, zone=0.1))
    trials = 250
    most = stats.binom.ppf(0.9999, trials, 0.05)
    missed, over = wrong_choices(CASES[case], asked, trials)
    assert missed <= most
    assert over <= most


@pytest.mark.deep
@pytest.mark.parametrize("case", CASES)
def test_wrong_choices_are_as_rare_as_stated_over_many_trials(case):
    asked = (NINE, Asked(share=0.8, confidence=0.95, zone=0.1))
    missed, over = wrong_choices(CASES[case], asked, 5_000, seed=12)
    assert missed <= stats.binom.ppf(0.9999, 5_000, 0.05)
    assert over <= stats.binom.ppf(0.9999, 5_000, 0.05)


def test_the_check_would_see_a_procedure_that_splits_no_error():
    # four candidates that just miss, each tested with the whole error of 5 %
    (bounds,) = plan_looks([NINE], 1)
    wrongly, _ = walked(bounds, 0.9)
    assert 1 - (1 - wrongly) ** 4 > 0.05


# ---- the order, and days that do not count -----------------------------------------


def test_the_first_that_is_accepted_ends_it():
    random = np.random.Generator(np.random.PCG64(1))
    tests = chosen([[0.2], [1.0], [1.0]], [NINE], random)
    assert [test.word for test in tests] == ["rejected", "accepted"]
    assert tests[0].days == 30
    assert tests[0].stopped_by == 0


def test_a_target_that_measures_nothing_is_never_taken_as_met():
    bounds = plan_looks([NINE, NINE], 1)
    nothing, always = np.zeros(0, bool), np.ones(50_000, bool)
    tests = choose(1, bounds, lambda candidate, days: [always[:days], nothing])
    assert [test.word for test in tests] == ["not told"]


def test_days_without_a_measure_do_not_count():
    bounds = plan_looks([NINE, NINE], 1)
    always = np.ones(50_000, bool)
    # the second target measures something on every second day
    tests = choose(1, bounds, lambda c, days: [always[:days], always[: days // 2]])
    whole = choose(1, bounds, lambda c, days: [always[:days], always[:days]])
    assert tests[0].accepted
    assert whole[0].accepted
    assert tests[0].days >= 2 * whole[0].days - 60


def test_more_days_are_played_while_the_verdict_is_not_met():
    bounds = plan_looks([NINE], 1)
    always = np.ones(50_000, bool)
    tests = choose(1, bounds, lambda c, d: [always[:d]], lambda c, days: days > 200)
    assert tests[0].accepted
    assert tests[0].days > 200


def test_it_stops_when_no_more_days_can_be_had():
    bounds = plan_looks([NINE], 2)
    near = np.arange(50_000) % 14 > 0

    def sample(candidate, days):
        if days > 100:
            raise Short
        return [near[:days]]

    tests = choose(2, bounds, sample)
    assert [(test.word, test.short) for test in tests] == [("not told", True)]
    assert tests[0].days == 100
