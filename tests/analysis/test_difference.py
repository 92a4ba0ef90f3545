from math import inf, isnan, nan, sqrt

import numpy as np
import pytest
from scipy import special, stats

from analysis.difference import critical, differences, variance_factor
from analysis.share import share_difference, share_interval


def normal(seed, days, number, together=0.0):
    """Draw columns of standard normals, as correlated as asked."""
    chance = np.random.default_rng(seed)
    common = chance.standard_normal((days, 1))
    own = chance.standard_normal((days, number))
    return sqrt(together) * common + sqrt(1 - together) * own


def test_one_column_of_normals_has_nearly_students_interval():
    values = normal(1, 60, 1)[:, 0] + 0.3
    found = differences([values])[0]
    paired = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert found.mean == pytest.approx(values.mean())
    assert found.sd == pytest.approx(values.std(ddof=1))
    assert (found.low, found.high) == pytest.approx((paired.low, paired.high), abs=0.03)
    assert (found.days, found.dropped, found.compared) == (60, 0, 1)


def test_the_reach_is_that_of_students_t_on_days_drawn_again():
    # each draw written out: its days, their mean and standard deviation
    values = np.exp(normal(12, 31, 1)[:, 0])
    draws = np.random.default_rng([1, 31]).multinomial(31, np.full(31, 1 / 31), 40_000)
    sizes = []
    for draw in draws[:4000]:
        days = np.repeat(values, draw)
        t = (days.mean() - values.mean()) / (days.std(ddof=1) / sqrt(31))
        sizes.append(abs(t))
    # the largest that 95 % of 4,001 stay within
    reach = sorted(sizes)[3800]
    found = critical(values[:, None], confidence=0.95, seed=1)
    assert found[0] == pytest.approx(reach, rel=1e-4)


def test_columns_that_are_the_same_cost_nothing_and_others_nearly_bonferronis():
    one = normal(2, 100, 1)
    alike = critical(np.repeat(one, 20, axis=1), confidence=0.95, seed=1)
    assert alike == pytest.approx(critical(one, confidence=0.95, seed=1)[0], abs=0.05)
    apart = critical(normal(3, 100, 20), confidence=0.95, seed=1)
    bonferroni = special.stdtrit(99, 1 - 0.025 / 20)
    assert np.median(apart) == pytest.approx(bonferroni, rel=0.06)


def test_very_many_columns_take_bonferronis_student_t():
    table = normal(4, 40, 501)
    found = critical(table, confidence=0.95, seed=1)
    assert found == pytest.approx(special.stdtrit(39, 1 - 0.025 / 501))


def test_very_many_days_take_it_too():
    found = critical(normal(4, 20_001, 3), confidence=0.95, seed=1)
    assert found == pytest.approx(special.stdtrit(20_000, 1 - 0.025 / 3))


def test_a_difference_that_is_always_0_is_certain_and_is_not_counted():
    still, moving = differences([np.zeros(40), normal(5, 40, 1)[:, 0]])
    assert (still.low, still.high, still.differing, still.side) == (0, 0, 0, 0)
    assert moving.compared == 1


def test_a_difference_that_never_varies_is_certain():
    found = differences([np.full(40, -2.5)])[0]
    assert (found.low, found.high, found.side) == (-2.5, -2.5, -1)
    # hours summed in another order differ in the last bit
    found = differences([-2.5 + 1e-14 * normal(6, 40, 1)[:, 0]])[0]
    assert found.side == -1


def test_days_without_a_measurement_are_dropped_and_counted():
    values = normal(7, 50, 1)[:, 0] + 5
    holes = np.concatenate([values, [nan] * 10])
    whole, holed = differences([values])[0], differences([holes])[0]
    assert (holed.days, holed.dropped) == (50, 10)
    assert holed.mean == whole.mean
    assert (holed.low, holed.high) == pytest.approx((whole.low, whole.high), abs=0.05)


def test_below_30_pairs_there_is_no_interval():
    few = differences([np.concatenate([np.ones(29), [nan] * 20])])[0]
    assert not few.judged
    assert isnan(few.low)
    assert few.mean == 1
    assert few.side == 0


def test_a_difference_on_a_few_days_has_no_interval_and_leaves_the_others_theirs():
    rare = np.zeros(100)
    rare[:3] = 1.0
    table = np.column_stack([rare, normal(8, 100, 5)])
    found = critical(table, confidence=0.95, seed=1)
    assert found[0] == inf
    assert (found[1:] < 3.2).all()


def test_so_many_days_would_tell_and_fewer_would_not():
    values = normal(9, 200, 1)[:, 0] + 0.07
    found = differences([values])[0]
    assert found.side == 0
    assert found.needed > 200
    # the same mean and deviation on more days, at the same number of standard errors
    factor = (found.high - found.mean) * sqrt(200) / found.sd

    def tells(days):
        return abs(found.mean) > factor * found.sd / sqrt(days)

    assert tells(found.needed)
    assert not tells(found.needed - 3)


def test_a_rare_difference_needs_days_enough_to_be_seen_ten_times():
    rare = np.zeros(100)
    rare[:3] = 1.0
    found = differences([rare])[0]
    assert (found.low, found.high, found.side) == (-inf, inf, 0)
    # 10 days that differ, at 3 in 100; by mean and deviation 124 days would do
    assert found.needed == 335


def test_what_is_settled_or_hopeless_needs_no_number_of_days():
    sure = differences([normal(10, 50, 1)[:, 0] + 9])[0]
    assert (sure.side, sure.needed) == (1, None)
    even = differences([np.tile([1.0, -1.0], 30)])[0]
    assert (even.side, even.needed) == (0, None)


def skewed(seed, days, number):
    """Differences of two lognormal plans on common chance, of known mean 0."""
    one, other = (np.exp(0.8 * normal([seed, i], days, number, 0.5)) for i in (0, 1))
    return one - other


def one_sided(seed, days, number):
    """Very skewed differences, all to one side, of known mean 0."""
    return np.exp(0.8 * normal(seed, days, number, 0.5)) - np.exp(0.32)


def rare(seed, days, number):
    """Differences that are 0 on 9 of 10 days, of known mean 0 once centred."""
    chance = np.random.default_rng(seed)
    return (chance.random((days, number)) < 0.1) - 0.1


def together(seed, days, number):
    return normal(seed, days, number, 0.8)


def coverage(make, days, number, trials):
    """Give how often all intervals of a table held their known mean, 0, at once."""
    held = 0
    for trial in range(trials):
        found = differences(list(make(trial, days, number).T), seed=1)
        held += all(f.low <= 0 <= f.high for f in found)
    return held / trials


@pytest.mark.parametrize("make", [normal, together, skewed])
def test_all_intervals_of_a_table_hold_at_once_as_often_as_stated(make):
    # 60 trials at 95 %: fewer than 52 happen once in 500 times
    assert coverage(make, 60, 8, 60) >= 52 / 60


@pytest.mark.deep
@pytest.mark.parametrize(
    ("make", "days", "least", "most"),
    [
        (normal, 30, 0.92, 0.99),
        (normal, 100, 0.92, 0.98),
        (together, 100, 0.90, 0.98),
        (skewed, 30, 0.94, 1.0),
        (skewed, 100, 0.94, 1.0),
        (rare, 100, 0.94, 1.0),
        (one_sided, 30, 0.75, 0.92),
        (one_sided, 100, 0.85, 0.97),
    ],
)
def test_coverage_at_length(make, days, least, most):
    found = coverage(make, days, 20, 400)
    assert least <= found <= most, found


def test_the_variance_factor_is_that_of_correlated_normals():
    # var(A) + var(B) = 2, var(A - B) = 2 (1 - rho): the factor is 1 / (1 - rho)
    both = normal(11, 200_000, 2, 0.75)
    assert variance_factor(both[:, 0], both[:, 1]) == pytest.approx(4.0, rel=0.03)
    assert variance_factor(both[:, 0], both[:, 0] + 3) == inf
    assert isnan(variance_factor(np.ones(5), np.ones(5)))
    holed = np.array([1.0, nan, 2.0, 4.0]), np.array([2.0, 5.0, 1.0, nan])
    assert variance_factor(*holed) == pytest.approx(0.5)


def test_shares_of_the_same_days_by_hand():
    # 40 days: 12 in the one only, 2 in the other only, 20 in both
    one = np.array([True] * 32 + [False] * 8)
    other = np.array([False] * 12 + [True] * 22 + [False] * 6)
    found = share_difference(one, other)
    assert (found.days, found.gained, found.lost) == (40, 12, 2)
    assert found.mean == pytest.approx(0.25)
    # (13 - 3) / 42, and 1.959964 sqrt((16/42 - (10/42)^2) / 42)
    half = 1.959964 * sqrt((16 / 42 - (10 / 42) ** 2) / 42)
    assert (found.low, found.high) == pytest.approx((10 / 42 - half, 10 / 42 + half))
    assert found.p == pytest.approx(stats.binomtest(2, 14, 0.5).pvalue)
    assert found.side == 1


def test_the_interval_of_shares_is_wider_when_more_are_compared():
    one, other = np.array([True] * 9 + [False] * 91), np.zeros(100, bool)
    alone, many = (share_difference(one, other, compared=n) for n in (1, 30))
    assert (alone.side, many.side) == (1, 0)
    assert many.low < alone.low < alone.high < many.high
    assert many.needed > 100
    held = [0.09 * many.needed, 0, many.needed, 1 - 0.05 / 30]
    assert share_interval(*held)[0] > 0
    held[0], held[2] = 0.09 * (many.needed - 1), many.needed - 1
    assert share_interval(*held)[0] <= 0


def test_shares_below_30_days_have_no_interval():
    found = share_difference(np.ones(29, bool), np.zeros(29, bool))
    assert not found.judged
    assert isnan(found.low)
    assert isnan(found.p)
    assert found.needed is None


def share_coverage(days, up, down, level):
    """Give the exact coverage: the multinomial summed over every outcome."""
    total = 0.0
    for gained in range(days + 1):
        for lost in range(days + 1 - gained):
            low, high = share_interval(gained, lost, days, level)
            if low <= up - down <= high:
                rest = [up, down, 1 - up - down]
                counts = [gained, lost, days - gained - lost]
                total += stats.multinomial.pmf(counts, days, rest)
    return total


@pytest.mark.parametrize("level", [0.95, 0.995])
@pytest.mark.parametrize(("up", "down"), [(0.05, 0.05), (0.3, 0.1), (0.1, 0.0)])
def test_the_interval_of_shares_covers_by_enumeration(up, down, level):
    found = share_coverage(30, up, down, level)
    assert 1 - 1.6 * (1 - level) <= found <= 1, found
