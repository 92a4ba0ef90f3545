# Exact results of queueing theory on dispatch, through the whole engine from scenario
# text; those on polling stations are in `test_polling`.
# Each figure is checked to lie inside the 99.9 % interval of independent replications,
# and each test has a twin (a server or unit less) that must lie outside.

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from scenarios.file.reader import load
from simulator.log import Kind
from simulator.road import map_of
from simulator.world import World
from tests.town import village

LEVEL = 0.999


def interval(values):
    half = stats.t.ppf((1 + LEVEL) / 2, len(values) - 1)
    half *= np.std(values, ddof=1) / sqrt(len(values))
    return np.mean(values) - half, np.mean(values) + half


def inside(values, exact):
    low, high = interval(values)
    return low <= exact <= high


def dispatch(tmp_path, days, load_, units, law, none_free="wait"):
    text = village("Incidents", "00:00", f"D+{days} 00:00")
    text += f"""\
places: {{here: {{node: a}}}}
agencies: {{police: {{}}}}
incidents:
  call:
    none_free: {none_free}
    levels: [{{needs: {{order: 1}}, on_scene: {law}}}]
    rates: [{{places: [here], per_hour: {load_}}}]
units:
"""
    for i in range(units):
        text += (
            f"  U{i}: {{agency: police, skills: [order], base: here, turnout: 0 min, "
            f'shifts: [{{from: "00:00", until: "D+{days} 00:00"}}]}}\n'
        )
    path = tmp_path / f"{units}.yaml"
    path.write_text(text)
    scenario = load(path)
    roads = map_of(scenario)

    def play(number):
        return World(scenario, seed=11, replication=number, roads=roads).finish()

    return play


LAWS = {
    "constant": "1 h",
    "exponential": "{law: exponential, mean: 1 h}",
    "lognormal": "{law: lognormal, mean: 1 h, cv: 2.0}",
}
# load, units, P(lost): Erlang B, true for any law of the time on scene
ERLANG_B = [
    (1.5, 3, 0.134328358209),
    (4, 5, 0.199066874028),
    (8, 10, 0.121661064253),
    (16, 20, 0.0644109247816),
]


def lost(log, warm_up=1440.0):
    reported = [r for r in log.of(Kind.REPORTED) if r.time > warm_up]
    passed = [r for r in log.of(Kind.PASSED) if r.time > warm_up]
    return len(passed) / len(reported)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    ("load_", "units", "exact"),
    [
        pytest.param(*row, marks=[] if row[0] == 4 else pytest.mark.deep)
        for row in ERLANG_B
    ],
)
def test_losses_are_erlangs_for_any_law_of_the_time_on_scene(
    tmp_path, load_, units, exact, law
):
    play = dispatch(tmp_path, 40, load_, units, LAWS[law], "pass")
    assert inside([lost(play(number)) for number in range(8)], exact)


def test_with_one_unit_less_the_losses_are_others(tmp_path):
    play = dispatch(tmp_path, 40, 4, 4, LAWS["exponential"], "pass")
    assert not inside([lost(play(number)) for number in range(8)], 0.199066874028)


# load, units, P(queue), mean queue time in units of the mean time on scene: Erlang C
QUEUES = [
    ("mmc-1", 0.8, 1, 0.8, 4.0),
    ("mmc-2", 1.5, 2, 0.642857142857, 1.28571428571),
    ("mmc-3", 1.5, 3, 0.236842105263, 0.157894736842),
    ("mmc-4", 2.5, 3, 0.702247191011, 1.40449438202),
    ("mmc-5", 4, 5, 0.554112554113, 0.554112554113),
    ("mmc-6", 8, 10, 0.409180150796, 0.204590075398),
    ("mmc-7", 9, 10, 0.668731524108, 0.668731524108),
    ("mmc-8", 16, 20, 0.256077793839, 0.0640194484598),
]


def dispatch_waits(log, warm_up=1440.0):
    ready = {r.subject: r.time for r in log.of(Kind.READY) if r.time > warm_up}
    sent = {r.subject: r.time for r in log.of(Kind.ASSIGNED)}
    return np.array([sent[name] - ready[name] for name in ready if name in sent]) / 60


@pytest.mark.parametrize(
    ("load_", "units", "queued", "mean"),
    [
        pytest.param(
            *row[1:], id=row[0], marks=[] if row[0] == "mmc-3" else pytest.mark.deep
        )
        for row in QUEUES
    ],
)
def test_dispatch_queues_are_erlangs(tmp_path, load_, units, queued, mean):
    # A heavily loaded row needs long days to forget its start.
    days = 40 if units >= 3 and load_ / units < 0.75 else 190
    play = dispatch(tmp_path, days, load_, units, LAWS["exponential"])
    found = [dispatch_waits(play(number)) for number in range(10)]
    assert inside([(times > 1e-9).mean() for times in found], queued)
    assert inside([times.mean() for times in found], mean)


@pytest.mark.deep
def test_non_preemptive_priorities_wait_as_cobham_says(tmp_path):
    text = village("Priorities", "00:00", "D+190 00:00")
    text += "places: {here: {node: a}}\nagencies: {police: {}}\nunits:\n"
    for i in range(5):
        text += (
            f"  U{i}: {{agency: police, skills: [order], base: here, turnout: 0 min, "
            'shifts: [{from: "00:00", until: "D+190 00:00"}]}\n'
        )
    text += "incidents:\n"
    for priority, rate in ((1, 1), (2, 1.5), (3, 1.5)):
        text += (
            f"  p{priority}: {{priority: {priority}, "
            f"levels: [{{needs: {{order: 1}}, on_scene: {LAWS['exponential']}}}], "
            f"rates: [{{places: [here], per_hour: {rate}}}]}}\n"
        )
    (tmp_path / "p.yaml").write_text(text)
    scenario = load(tmp_path / "p.yaml")
    found = {1: [], 2: [], 3: []}
    for number in range(10):
        log = World(scenario, seed=13, replication=number).finish()
        ready = {r.subject: r.time for r in log.of(Kind.READY) if r.time > 1440}
        sent = {r.subject: r.time for r in log.of(Kind.ASSIGNED)}
        for priority, means in found.items():
            means.append(
                np.mean(
                    [
                        sent[name] - time
                        for name, time in ready.items()
                        if name.startswith(f"p{priority}") and name in sent
                    ]
                )
                / 60
            )
    exact = {1: 0.138528138528, 2: 0.277056277056, 3: 1.10822510823}
    for priority, mean in exact.items():
        assert inside(found[priority], mean)
    assert not inside(found[1], exact[2])
