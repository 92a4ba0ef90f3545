# Exact results of queueing theory, through the whole engine from scenario text.
# Each figure is checked to lie inside the 99.9 % interval of independent replications,
# and each test has a twin (a server or unit less) that must lie outside.

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from scenarios.file.reader import load
from simulator.log import Kind, Outcome
from simulator.road import map_of
from simulator.tie import Timeline
from simulator.world import World
from tests.simulator.test_trace import station, voters

LEVEL = 0.999


def interval(values):
    half = stats.t.ppf((1 + LEVEL) / 2, len(values) - 1)
    half *= np.std(values, ddof=1) / sqrt(len(values))
    return np.mean(values) - half, np.mean(values) + half


def inside(values, exact):
    low, high = interval(values)
    return low <= exact <= high


# ---- polling stations ------------------------------------------------------------

PLACE = """
roads:
  network:
    nodes: {a: [0, 0], b: [1000, 0]}
    edges: [{id: ab, from: a, to: b, road: tertiary}]
places: {here: {node: a}}
"""


def polling(tmp_path, days, per_hour, stages, extra=""):
    # Half of a list twice as long comes, at uniform times: locally a Poisson process.
    registered = int(2 * per_hour * 24 * days)
    text = f"""
title: A long vote
clock: {{day: 2021-05-23, start: "00:00", end: "D+{days} 06:00"}}
{PLACE}
stations:
  KV1:
    place: here
    registered: {registered}
    turnout: 50 %
    arrivals:
      cumulative: [{{at: "00:00", share: 0 %}}, {{at: "D+{days} 00:00", share: 100 %}}]
    opens: "00:00"
    closes: "D+{days} 00:00"
    officers: 100
    {extra}
    stages:
"""
    for i, (mean, servers) in enumerate(stages):
        voting = ", voting: true" if i == len(stages) - 1 else ""
        law = f"{{law: exponential, mean: {mean * 60:g} s}}"
        text += f"      s{i}: {{servers: {servers}, service: {law}{voting}}}\n"
    path = tmp_path / f"{stages[0][1]}.yaml"
    path.write_text(text)
    return load(path)


def tables(scenario, replications):
    roads = map_of(scenario)
    for number in range(replications):
        world = World(scenario, seed=7, replication=number, roads=roads)
        yield world.finish().voters["KV1"]


def queue_times(table, stage, warm_up=600.0):
    joined = table.arrival if stage == 0 else table.end[:, stage - 1]
    times = (table.start[:, stage] - joined)[table.arrival > warm_up]
    return times[~np.isnan(times)]


# id, arrivals an hour, mean service, servers, P(wait), mean wait: Erlang C
MMC = [
    ("mmc-1", 60, 0.9, 1, 0.9, 8.1),
    ("mmc-2", 50, 1, 1, 0.833333333333, 5.0),
    ("mmc-3", 100, 1, 2, 0.757575757576, 2.27272727273),
    ("mmc-4", 60, 5, 6, 0.587516450461, 2.9375822523),
    ("mmc-5", 60, 5, 7, 0.324149949173, 0.810374872933),
    ("mmc-6", 120, 5, 11, 0.682118204689, 3.41059102345),
]
QUICK = {"mmc-2", "mmc-5"}
ROWS = [
    pytest.param(*row[1:], id=row[0], marks=[] if row[0] in QUICK else pytest.mark.deep)
    for row in MMC
]


@pytest.mark.parametrize(("per_hour", "mean", "servers", "waits", "wait"), ROWS)
def test_mmc_waits_are_erlangs(tmp_path, per_hour, mean, servers, waits, wait):
    found = [
        queue_times(table, 0)
        for table in tables(polling(tmp_path, 7, per_hour, [(mean, servers)]), 10)
    ]
    assert inside([times.mean() for times in found], wait)
    assert inside([(times > 1e-9).mean() for times in found], waits)


def test_with_one_server_more_the_waits_are_no_longer_erlangs(tmp_path):
    found = tables(polling(tmp_path, 7, 60, [(5, 8)]), 5)
    assert not inside([queue_times(table, 0).mean() for table in found], 0.810374872933)


def test_stages_in_series_wait_as_if_each_stood_alone(tmp_path):
    stages = [(1.5, 3), (5, 8), (0.5, 1)]
    exact = (0.236842105263, 0.278777511103, 0.5)
    found = list(tables(polling(tmp_path, 7, 60, stages), 8))
    for stage, wait in enumerate(exact):
        assert inside([queue_times(t, stage).mean() for t in found], wait)


def test_voters_lose_patience_as_often_as_in_erlang_a(tmp_path):
    patience = "patience: {law: exponential, mean: 30 min}"
    found = list(tables(polling(tmp_path, 7, 60, [(5, 5)], patience), 8))
    shares, times = [], []
    for table in found:
        late = table.arrival > 600.0
        shares.append((table.outcome[late] == Outcome.RENEGED).mean())
        gone = np.where(np.isnan(table.start[:, 0]), table.left, table.start[:, 0])
        times.append((gone - table.arrival)[late].mean())
    assert inside(shares, 0.102790807448)
    assert inside(times, 3.08372422343)


@pytest.mark.parametrize("mode", ["drain", "freeze"])
def test_an_outage_delays_every_voter_exactly(mode):
    from scenarios.effect import Suspend

    clock = Timeline()
    people = voters(*map(float, range(720)), service=0.8)
    one = station(clock, people, closes="24:00", interruption={"reopen": "0 min"})
    clock.advance(120.0)
    one.suspend(
        "power",
        Suspend.model_validate({"kind": "suspend", "station": "KV1", "mode": mode}),
    )
    clock.advance(150.0)
    one.lift("power")
    clock.advance(1440.0)
    table = one.table()
    waits = table.start[:, 0] - table.arrival
    exact = np.zeros(720)
    exact[120:270] = 30 - 0.2 * np.arange(150)
    assert np.abs(waits - exact).max() < 1e-9
    assert (waits > 1e-9).sum() == 150
    assert waits.sum() == pytest.approx(2265.0)
    # Voter 195 waits 15 min but for rounding.
    assert (waits > 15 + 1e-9).sum() == 75
    assert table.end[:, 0].max() == pytest.approx(719.8)


def test_littles_law_holds_on_every_day_exactly(tmp_path):
    from analysis.day import line_changes

    for table in tables(polling(tmp_path, 1, 60, [(5, 5)]), 3):
        times, lengths = line_changes(table)
        area = float((np.diff(times) * lengths[:-1]).sum())
        starts = np.where(np.isnan(table.start[:, 0]), table.left, table.start[:, 0])
        stood = starts - table.arrival
        assert area == pytest.approx(stood[~np.isnan(stood)].sum())


# ---- dispatch --------------------------------------------------------------------


def dispatch(tmp_path, days, load_, units, law, none_free="wait"):
    text = f"""
title: Incidents
clock: {{day: 2021-05-23, start: "00:00", end: "D+{days} 00:00"}}
{PLACE}
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
    text = f"""
title: Priorities
clock: {{day: 2021-05-23, start: "00:00", end: "D+190 00:00"}}
{PLACE}
agencies: {{police: {{}}}}
units:
"""
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
