# Who waits for whom, and who is lost: rules of dispatch with an exact answer, through
# the real engine from scenario files. Each figure is worked out here, by formula or by
# solving the Markov chain of the rule; where the reference page on dispatch prints it,
# the digits stand beside it. The engine must have all figures of a case inside
# intervals that hold together at 99.9 %; its twin, another rule, must not.

from math import inf

import numpy as np
import pytest

from tests.theory import city as cities
from tests.theory.chain import erlang_b, erlang_c, mean, stationary
from tests.theory.city import (
    UNIT,
    Run,
    at,
    city,
    constant,
    exponential,
    kind,
    lognormal,
    unit,
)
from tests.theory.interval import BATCHES, missed
from tests.worlds import Data

SHORT = 10  # days
LONG = 190


def play(data: Data, seed: int = 1) -> Run:
    """Play a city: short runs in few batches, for these cities are busy."""
    deep = f"D+{LONG} 00:00" == data["clock"]["end"]
    return cities.play(data, seed, BATCHES if deep else 12)


def lengths(short=SHORT):
    deep = pytest.param(LONG, marks=pytest.mark.deep, id="deep")
    return pytest.mark.parametrize("days", [pytest.param(short, id="short"), deep])


def long_for(cases, large):
    """Keep the rows with many units for the deep runs: they take many incidents."""
    return [
        pytest.param(name, marks=pytest.mark.deep if name in large else [])
        for name in cases
    ]


def of(*types):
    return lambda case: case.type in types


# ---- one line, one loss ------------------------------------------------------------

# load, units, P(queue), mean queue time, mean length, P(queue time over 1): as printed
MMC = {
    "mmc-1": (0.8, 1, 0.8, 4.0, 3.2, 0.654984602462),
    "mmc-2": (1.5, 2, 0.642857142857, 1.28571428571, 1.92857142857, 0.389912566958),
    "mmc-3": (1.5, 3, 0.236842105263, 0.157894736842, 0.236842105263, 0.0528466168773),
    "mmc-4": (2.5, 3, 0.702247191011, 1.40449438202, 3.51123595506, 0.425934452045),
    "mmc-5": (4, 5, 0.554112554113, 0.554112554113, 2.21645021645, 0.203846616753),
    "mmc-6": (8, 10, 0.409180150796, 0.204590075398, 1.63672060319, 0.0553765116028),
    "mmc-7": (9, 10, 0.668731524108, 0.668731524108, 6.01858371697, 0.246012579382),
    "mmc-8": (16, 20, 0.256077793839, 0.0640194484598, 1.02431117536, 0.00469022839938),
}


@pytest.mark.parametrize("case", MMC)
def test_erlang_c_gives_the_published_figures(case):
    load, units, queued, time, line, over = MMC[case]
    assert erlang_c(load, units) == pytest.approx(queued, abs=1e-11)
    assert queued / (units - load) == pytest.approx(time, abs=1e-11)
    assert time * load == pytest.approx(line, abs=1e-10)
    assert queued * np.exp(load - units) == pytest.approx(over, abs=1e-11)


@pytest.mark.parametrize("case", long_for(MMC, ("mmc-6", "mmc-7", "mmc-8")))
@lengths(short=8)
def test_the_line_of_a_city_is_erlangs(case, days):
    load, units, *_ = MMC[case]
    # As many incidents in each short run, and each long one.
    days = max(int(days * 4 / load), 4) if days < LONG else days
    run = play(city(days, units, {"call": kind(load)}))
    queued = erlang_c(load, units)
    exact = {
        "queued": queued,
        "queue time": queued / (units - load),
        "line": queued / (units - load) * load,
        "over 1": queued * np.exp(load - units),
        "busy": load,
    }
    found = {
        "queued": run.per_case(lambda c: c.queue > 0),
        "queue time": run.per_case(lambda c: c.queue),
        "line": run.waiting(),
        "over 1": run.per_case(lambda c: c.queue > 1),
        "busy": run.average(run.busy()),
    }
    assert not missed(exact, found)


ERLANG_B = {
    "erlang-b-1": (1.5, 3, 0.134328358209, 0.432835820896),
    "erlang-b-2": (4, 5, 0.199066874028, 0.640746500778),
    "erlang-b-3": (8, 10, 0.121661064253, 0.702671148598),
    "erlang-b-4": (16, 20, 0.0644109247816, 0.748471260175),
}
LAWS = {"constant": constant, "exponential": exponential, "lognormal": lognormal}


@pytest.mark.parametrize("case", ERLANG_B)
def test_erlang_b_gives_the_published_figures(case):
    load, units, lost, work = ERLANG_B[case]
    assert erlang_b(load, units) == pytest.approx(lost, abs=1e-12)
    assert load * (1 - lost) / units == pytest.approx(work, abs=1e-12)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("case", long_for(ERLANG_B, ("erlang-b-3", "erlang-b-4")))
@lengths(short=10)
def test_units_that_lose_what_they_cannot_take_work_as_erlang_says(case, law, days):
    load, units, *_ = ERLANG_B[case]
    days = max(int(days * 2 / load), 3) if days < LONG else days
    call = kind(load, law=LAWS[law](), none_free="pass")
    run = play(city(days, units, {"call": call}))
    lost = erlang_b(load, units)
    found = {
        "lost": run.per_case(lambda c: c.passed),
        "busy": run.average(run.busy()),
    }
    assert not missed({"lost": lost, "busy": load * (1 - lost)}, found)


# ---- priorities --------------------------------------------------------------------

CLASSES = {"first": 1.0, "second": 1.5, "third": 1.5}


def cobham(rates, units):
    """Work out mean queue times by class, non-preemptive (Cobham)."""
    done, times = 0.0, []
    for rate in rates:
        before, done = done, done + rate / units
        times.append(erlang_c(sum(rates), units) / units / (1 - before) / (1 - done))
    return times


def test_cobham_gives_the_published_figures():
    printed = [0.138528138528, 0.277056277056, 1.10822510823]
    assert cobham(CLASSES.values(), 5) == pytest.approx(printed, abs=1e-11)


def priorities(days, order):
    calls = {
        name: kind(r, priority=p)
        for (name, r), p in zip(CLASSES.items(), order, strict=True)
    }
    return play(city(days, 5, calls), seed=3)


def queue_times(run, names):
    return {name: run.per_case(lambda c: c.queue, of(name)) for name in names}


@lengths(short=20)
def test_a_higher_priority_waits_less_as_cobham_says(days):
    run = priorities(days, (1, 2, 3))
    exact = dict(zip(CLASSES, cobham(CLASSES.values(), 5), strict=True))
    found = queue_times(run, CLASSES)
    for name in CLASSES:
        # Whether somebody waits at all, no priority can change.
        exact[f"{name} queued"] = erlang_c(4, 5)
        found[f"{name} queued"] = run.per_case(lambda c: c.queue > 0, of(name))
    exact["all"], found["all"] = erlang_c(4, 5), run.per_case(lambda c: c.queue)
    assert not missed(exact, found)


def test_with_priorities_reversed_the_times_are_others():
    exact = dict(zip(CLASSES, cobham(CLASSES.values(), 5), strict=True))
    found = queue_times(priorities(SHORT, (3, 2, 1)), CLASSES)
    assert missed(exact, found).keys() >= {"first", "third"}


# ---- a reserve for the first priority ----------------------------------------------

URGENT, OTHER = 1.0, 1.2


def begins(state, units, kept, longest=(40, 200)):
    """Follow the busy and the lines of both priorities as an incident arises."""
    busy, urgent, other = state
    if busy < units:
        yield (busy + 1, urgent, other), URGENT
    else:
        yield (busy, min(urgent + 1, longest[0]), other), URGENT
    if not other and units - busy > kept:
        yield (busy + 1, urgent, other), OTHER
    else:
        yield (busy, urgent, min(other + 1, longest[1])), OTHER


def frees(state, units, kept):
    """Follow them as a unit ends its work."""
    busy, urgent, other = state
    if urgent:
        yield (busy, urgent - 1, other), busy
    elif other and units - busy + 1 > kept:
        yield (busy, urgent, other - 1), busy
    elif busy:
        yield (busy - 1, urgent, other), busy


def with_reserve(units, kept):
    """Work out what becomes of both when some units are kept for the urgent."""
    law = stationary(
        (0, 0, 0), lambda s: [*begins(s, units, kept), *frees(s, units, kept)]
    )
    return {
        "urgent": mean(law, lambda s: s[1]) / URGENT,
        "other": mean(law, lambda s: s[2]) / OTHER,
        "urgent queued": mean(law, lambda s: s[0] == units),
        "other queued": mean(law, lambda s: units - s[0] <= kept),
        "busy": mean(law, lambda s: s[0]),
    }


def test_without_a_reserve_the_chain_is_cobhams():
    found = with_reserve(4, 0)
    times = cobham([URGENT, OTHER], 4)
    assert [found["urgent"], found["other"]] == pytest.approx(times, abs=1e-9)


def kept_free(days, units, kept):
    calls = {"urgent": kind(URGENT, priority=1), "other": kind(OTHER, priority=2)}
    dispatch = {"reserve": {"2": kept}} if kept else {}
    run = play(city(days, units, calls, dispatch), seed=4)
    found = queue_times(run, calls)
    for name in calls:
        found[f"{name} queued"] = run.per_case(lambda c: c.queue > 0, of(name))
    return found | {"busy": run.average(run.busy())}


@pytest.mark.parametrize(("units", "kept"), [(4, 1), (5, 2)])
@lengths()
def test_a_reserve_is_held_for_the_first_priority(days, units, kept):
    assert not missed(with_reserve(units, kept), kept_free(days, units, kept))


def test_a_reserve_of_one_is_neither_of_none_nor_of_two():
    exact = with_reserve(5, 1)
    for kept in (0, 2):
        wrong = missed(exact, kept_free(SHORT, 5, kept))
        assert wrong.keys() >= {"other", "other queued"}


# ---- several units together --------------------------------------------------------

ONE, TWO, FIVE = 1.2, 0.8, 5


NEEDS = ((1, ONE), (2, TWO))


def joins(state, longest=300):
    """Follow the busy, what the head of the line needs, and how many are behind."""
    busy, head, behind = state
    for needs, rate in NEEDS:
        if head:
            yield (busy, head, min(behind + 1, longest)), rate
        elif busy + needs <= FIVE:
            yield (busy + needs, 0, 0), rate
        else:
            yield (busy, needs, 0), rate


def steps_forward(state):
    """Follow them as a unit ends its work, which the head may have waited for."""
    busy, head, behind = state
    if not head or busy - 1 + head > FIVE:
        yield (max(busy - 1, 0), head, behind), busy
    elif not behind:
        yield (busy - 1 + head, 0, 0), busy
    else:
        # The next is one or the other, as they come.
        for needs, rate in NEEDS:
            yield (busy - 1 + head, needs, behind - 1), busy * rate / (ONE + TWO)


def strict():
    law = stationary((0, 0, 0), lambda s: [*joins(s), *steps_forward(s)])
    line = mean(law, lambda s: (s[1] > 0) + s[2])
    return {
        "queue time": line / (ONE + TWO),
        "line": line,
        "busy": mean(law, lambda s: s[0]),
        "one queued": mean(law, lambda s: s[1] > 0 or s[0] == FIVE),
        "two queued": mean(law, lambda s: s[1] > 0 or s[0] >= FIVE - 1),
    }


def test_the_strict_chain_gives_the_published_figures():
    found = strict()
    assert found["queue time"] == pytest.approx(0.216158868, abs=1e-9)
    assert found["line"] == pytest.approx(0.432317737, abs=1e-9)
    assert found["busy"] / FIVE == pytest.approx(0.56, abs=1e-9)
    assert found["one queued"] == pytest.approx(0.258977149, abs=1e-9)
    assert found["two queued"] == pytest.approx(0.385201306, abs=1e-9)


def overtakes(state, longest=(40, 80)):
    """Follow the busy and both lines, when a smaller need may overtake."""
    busy, one, two = state
    if busy < FIVE:
        yield (busy + 1, one, two), ONE
    else:
        yield (busy, min(one + 1, longest[0]), two), ONE
    if busy + 2 <= FIVE:
        yield (busy + 2, one, two), TWO
    else:
        yield (busy, one, min(two + 1, longest[1])), TWO


def is_served(state):
    """Follow them as a unit ends its work: one is enough for some, two for others."""
    busy, one, two = state
    if one:
        yield (busy, one - 1, two), busy
    elif two and busy - 1 + 2 <= FIVE:
        yield (busy + 1, one, two - 1), busy
    elif busy:
        yield (busy - 1, one, two), busy


def passing():
    law = stationary((0, 0, 0), lambda s: [*overtakes(s), *is_served(s)])
    return {
        "one": mean(law, lambda s: s[1]) / ONE,
        "two": mean(law, lambda s: s[2]) / TWO,
        "line": mean(law, lambda s: s[1] + s[2]),
        "busy": mean(law, lambda s: s[0]),
        "one queued": mean(law, lambda s: s[0] == FIVE),
        "two queued": mean(law, lambda s: s[0] >= FIVE - 1),
    }


def together(days, behind, send="together"):
    calls = {"one": kind(ONE), "two": kind(TWO, needs=2)}
    dispatch = {"send": send, "behind": behind}
    run = play(city(days, FIVE, calls, dispatch), seed=6)
    found = queue_times(run, calls) | {
        "queue time": run.per_case(lambda c: c.queue),
        "line": run.waiting(),
        "busy": run.average(run.busy()),
    }
    for name in calls:
        found[f"{name} queued"] = run.per_case(lambda c: c.queue > 0, of(name))
    return found


@lengths()
def test_all_go_together_and_those_behind_wait_too(days):
    assert not missed(strict(), together(days, "strict"))


@lengths()
def test_all_go_together_and_smaller_needs_overtake(days):
    assert not missed(passing(), together(days, "pass"))


def test_the_three_ways_to_send_several_units_differ():
    assert missed(strict(), together(SHORT, "pass")).keys() >= {"one queued"}
    # Whoever is free goes: an incident that needs two is begun with one.
    singly = together(SHORT, "pass", send="as_free")
    assert missed(passing(), singly).keys() >= {"two queued"}


# ---- work that takes several units at once, or takes them away ---------------------


def pollaczek(rate, first, second):
    """Give the mean queue time at one server of any law, by its two moments."""
    return rate * second / 2 / (1 - rate * first)


def pair(days, rate, leaves, none_free="wait"):
    call = kind(rate, needs=2, leaves=leaves, none_free=none_free)
    return play(city(days, 2, {"call": call}, {"send": "together"}), seed=8)


# Two units work 1 each on average, and the longer 1.5, with a second moment of 3.5.
LEAVES = {"independently": 1.0, "together": 1.5}


@pytest.mark.parametrize("leaves", LEAVES)
@lengths(short=30)
def test_two_units_are_one_server_that_takes_as_long_as_the_slower(days, leaves):
    rate = 0.4
    run = pair(days, rate, leaves)
    exact = {
        "queue time": pollaczek(rate, 1.5, 3.5),
        "busy": 2 * rate * LEAVES[leaves],
    }
    found = {
        "queue time": run.per_case(lambda c: c.queue),
        "busy": run.average(run.busy()),
    }
    assert not missed(exact, found)
    other = exact | {"busy": 2 * rate * (2.5 - LEAVES[leaves])}
    assert missed(other, found).keys() == {"busy"}


@pytest.mark.parametrize("needs", [2, 3])
@lengths(short=10)
def test_who_leave_together_are_bound_as_long_as_the_longest_work(days, needs):
    longest = sum(1 / k for k in range(1, needs + 1))
    call = kind(0.8, needs=needs, leaves="together", none_free="pass")
    run = play(city(days, needs, {"call": call}, {"send": "together"}), seed=9)
    lost = 0.8 * longest / (1 + 0.8 * longest)
    found = {
        "lost": run.per_case(lambda c: c.passed),
        "busy": run.average(run.busy()),
    }
    assert not missed({"lost": lost, "busy": needs * lost}, found)
    one = 0.8 / 1.8
    assert missed({"lost": one, "busy": needs * one}, found).keys() == {"lost", "busy"}


# Work 0.6 (exponential), then half of the units hand somebody over for 0.8.
HAND_OVER = {"share": 0.5, "to": ["here"], "hand_over": constant(0.8)}


@lengths(short=40)
def test_hand_over_makes_a_unit_busy_longer(days):
    rate = 0.6
    call = kind(rate, law=exponential(0.6), transport=HAND_OVER)
    run = play(city(days, 1, {"call": call}), seed=10)
    second = 2 * 0.6**2 + 2 * 0.5 * 0.6 * 0.8 + 0.5 * 0.8**2
    exact = {"queue time": pollaczek(rate, 1.0, second), "busy": rate}
    found = {
        "queue time": run.per_case(lambda c: c.queue),
        "busy": run.average(run.busy()),
    }
    assert not missed(exact, found)
    plain = {"queue time": pollaczek(rate, 0.6, 0.72), "busy": 0.6 * rate}
    assert missed(plain, found).keys() == {"queue time", "busy"}


@lengths(short=10)
def test_losses_are_erlangs_with_hand_over_too(days):
    call = kind(1.5, law=exponential(0.6), transport=HAND_OVER, none_free="pass")
    run = play(city(days, 3, {"call": call}), seed=11)
    found = {
        "lost": run.per_case(lambda c: c.passed),
        "busy": run.average(run.busy()),
    }
    lost = 0.134328358209
    assert not missed({"lost": lost, "busy": 1.5 * (1 - lost)}, found)


# ---- incidents that end by themselves ----------------------------------------------


def erlang_a(load, units, patience, longest=120):
    def moves(state):
        if state < units + longest:
            yield state + 1, load
        if state:
            yield state - 1, min(state, units) + max(state - units, 0) / patience

    law = stationary(0, moves)
    line = mean(law, lambda n: max(n - units, 0))
    return {
        "gone": line / patience / load,
        "queued": mean(law, lambda n: n >= units),
        "busy": mean(law, lambda n: min(n, units)),
    }


@lengths()
def test_incidents_that_do_not_wait_go_as_often_as_in_erlang_a(days):
    exact = erlang_a(3.0, 3, 2.0)
    call = kind(3.0, gone_after=exponential(2.0))
    run = play(city(days, 3, {"call": call}), seed=12)
    found = {
        "gone": run.per_case(lambda c: c.sent == inf),
        "queued": run.per_case(lambda c: c.queue > 0),
        "busy": run.average(run.busy()),
    }
    assert not missed(exact, found)
    assert missed(erlang_a(3.0, 3, 0.5), found).keys() >= {"gone", "queued"}


# ---- self-initiated work -----------------------------------------------------------

STOPS = 1.5  # a unit of time, begun by a unit that stands by
STOP = 0.8  # how long one lasts on average
OWN = "at own work"


def stops(**more):
    return {
        "self_initiated": {
            "per_hour": STOPS * 60 / UNIT,
            "lasts": exponential(STOP),
            **more,
        }
    }


def yielding(rate, longest=80):
    """Follow two units (idle, at own work, bound) and the line; calls end own work.

    Equal estimates go to the order in the file, whoever is at own work.
    """

    def moves(state):
        first, second, line = state
        both = [first, second]
        free = next((i for i in (0, 1) if both[i] != "b"), None)
        if free is not None:
            yield (*("b" if i == free else both[i] for i in (0, 1)), 0), rate
        elif line < longest:
            yield (first, second, line + 1), rate
        for i in (0, 1):
            if both[i] == "b" and line:
                yield (first, second, line - 1), 1.0
            else:
                after, speed = {
                    "b": ("i", 1.0),
                    "i": ("s", STOPS),
                    "s": ("i", 1 / STOP),
                }[both[i]]
                yield (*(after if k == i else both[k] for k in (0, 1)), line), speed

    law = stationary(("i", "i", 0), moves)
    return {
        "queue time": mean(law, lambda s: s[2]) / rate,
        "U1 bound": mean(law, lambda s: s[0] == "b"),
        "U2 bound": mean(law, lambda s: s[1] == "b"),
        "U1 own": mean(law, lambda s: s[0] == "s"),
        "U2 own": mean(law, lambda s: s[1] == "s"),
    }


def own_work(run):
    found = {}
    for name in run.names:
        for what, stretches in (("bound", run.busy()), ("own", run.busy(OWN))):
            mine = [stretch for stretch in stretches if stretch[0] == name]
            found[f"{name} {what}"] = run.average(mine)
    return found


@lengths()
def test_a_call_ends_self_initiated_work_and_loses_no_time_by_it(days):
    rate = 1.0
    exact = yielding(rate)
    assert exact["queue time"] == pytest.approx(erlang_c(1, 2), abs=1e-9)
    units = {name: unit(days, **stops()) for name in ("U1", "U2")}
    run = play(city(days, units, {"call": kind(rate)}), seed=13)
    found = own_work(run) | {"queue time": run.per_case(lambda c: c.queue)}
    assert not missed(exact, found)
    idle = {f"U{i} own": 0.0 for i in (1, 2)}
    assert missed(idle, found).keys() == idle.keys()


def holding(urgent, other, longest=80):
    """Follow one unit whose own work the first priority ends and the second not."""

    def moves(state):
        does, first, second = state
        if does == "b":
            yield ("b", min(first + 1, longest), second), urgent
        else:
            yield ("b", first, second), urgent
        if does == "i":
            yield ("b", first, second), other
        elif second < longest:
            yield (does, first, second + 1), other
        if does == "i":
            yield ("s", first, second), STOPS
        else:
            rate = 1.0 if does == "b" else 1 / STOP
            if first:
                yield ("b", first - 1, second), rate
            elif second:
                yield ("b", first, second - 1), rate
            else:
                yield ("i", 0, 0), rate

    law = stationary(("i", 0, 0), moves)
    return {
        "urgent": mean(law, lambda s: s[1]) / urgent,
        "other": mean(law, lambda s: s[2]) / other,
        "urgent queued": mean(law, lambda s: s[0] == "b"),
        "other queued": mean(law, lambda s: s[0] != "i"),
        "U1 bound": mean(law, lambda s: s[0] == "b"),
        "U1 own": mean(law, lambda s: s[0] == "s"),
    }


@lengths(short=30)
def test_own_work_yields_only_to_the_priority_it_says(days):
    calls = {"urgent": kind(0.25, priority=1), "other": kind(0.25, priority=2)}

    def measured(days, **more):
        units = {"U1": unit(days, **stops(**more))}
        run = play(city(days, units, calls), seed=14)
        found = queue_times(run, calls) | own_work(run)
        for name in calls:
            found[f"{name} queued"] = run.per_case(lambda c: c.queue > 0, of(name))
        return found

    exact = holding(0.25, 0.25)
    assert not missed(exact, measured(days, yields_to=1))
    if days < LONG:
        wrong = missed(exact, measured(days, yields_to=2))
        assert "other queued" in wrong


# ---- mutual aid that is at hand at once --------------------------------------------


@lengths(short=10)
def test_as_many_incidents_go_to_mutual_aid_as_a_loss_system_loses(days):
    # With others at hand at once nobody waits: own units see Erlang's loss.
    units = {f"U{i + 1}": unit(days) for i in range(3)}
    units |= {f"A{i + 1}": unit(days, agency="army") for i in range(12)}
    agencies = {"police": {}, "army": {"call_up": "0 min"}}
    data = city(days, units, {"call": kind(1.5)}, agencies=agencies)
    run = play(data, seed=15)
    found = {
        "aid": run.per_case(lambda c: c.unit[:1] == "A"),
        "queued": run.per_case(lambda c: c.queue > 0),
    }
    assert found.pop("queued").max() == 0
    assert not missed({"aid": erlang_b(1.5, 3)}, found)
    assert missed({"aid": erlang_b(1.5, 2)}, found)


# ---- with roads --------------------------------------------------------------------


def across(days, policy, units=3, rate=1.5):
    """Write a city whose units drive 3 min to every incident and 3 min back."""
    call = kind(rate, law=exponential(0.4), none_free="pass")
    call["rates"] = [at("there", rate)]
    data = city(days, units, {"call": call}, {"policy": policy})
    data["roads"]["classes"] = {"tertiary": {"motorcycle": "20 km/h"}}
    data["places"]["there"] = {"node": "b"}
    return data


@lengths(short=10)
def test_with_travel_there_and_back_losses_are_still_erlangs(days):
    # 0.3 there, 0.4 work, 0.3 back: 1 in all. Who is on the way back is not sent.
    run = play(across(days, "nearest-idle"), seed=16)
    lost = erlang_b(1.5, 3)
    found = {
        "lost": run.per_case(lambda c: c.passed),
        "bound": run.average(run.busy()),
        "returning": run.average(run.busy("returning")),
    }
    exact = {"lost": lost, "bound": 1.05 * (1 - lost), "returning": 0.45 * (1 - lost)}
    assert not missed(exact, found)


def test_when_who_returns_may_be_sent_fewer_are_lost():
    run = play(across(10, "nearest"), seed=16)
    found = {"lost": run.per_case(lambda c: c.passed)}
    assert missed({"lost": erlang_b(1.5, 3)}, found)
    # It can be no better than units that need no way back at all.
    assert found["lost"].mean() > erlang_b(0.4 * 1.5, 3)
