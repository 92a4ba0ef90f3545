# Every row of the cases of the reference page on polling (section 9 and the profiles),
# through the real engine from scenario files. The figures are those of the page, with
# 12 digits; what chance decides must lie inside intervals that hold together at 99.9 %
# in each case, and the outage is exact, voter by voter. Rare events and large cases
# are for the deep runs.

from functools import partial
from math import exp, log

import numpy as np
import pytest
import yaml
from scipy import stats

from analysis.day import line_changes
from scenarios.file.reader import load
from simulator.check import check_world
from simulator.load import peak_loads
from simulator.log import Outcome
from simulator.world import World
from tests.theory.chain import erlang_c
from tests.theory.interval import LEVEL, interval, missed
from tests.theory.polls import Stay, station, stays, together
from tests.worlds import scenario_of

OFTEN = 1e-3  # shares below it are seen in deep runs only

# ---- one line --------------------------------------------------------------------

# arrivals an hour, mean service, servers; load, P(wait), mean wait, mean line, P(wait
# over 30 min), the wait that 95 % do not exceed
MMC = {
    "mmc-1": (60, 0.9, 1, 0.9, 0.9, 8.1, 8.1, 0.0321065940125, 26.0133458211),
    "mmc-2": (
        *(50, 1, 1, 0.833333333333, 0.833333333333, 5.0, 4.16666666667),
        *(0.00561495583257, 16.8804643006),
    ),
    "mmc-3": (
        *(100, 1, 2, 0.833333333333, 0.757575757576, 2.27272727273, 3.78787878788),
        *(3.43938861837e-05, 8.15430161087),
    ),
    "mmc-4": (
        *(60, 5, 6, 0.833333333333, 0.587516450461, 2.9375822523, 2.9375822523),
        *(0.00145630768041, 12.3194062049),
    ),
    "mmc-5": (
        *(60, 5, 7, 0.714285714286, 0.324149949173, 0.810374872933, 0.810374872933),
        *(1.99164612204e-06, 4.67295802348),
    ),
    "mmc-6": (
        *(120, 5, 11, 0.909090909091, 0.682118204689, 3.41059102345, 6.82118204689),
        *(0.00169080198462, 13.0658997903),
    ),
}
NAMES = ("load", "waits", "mean wait", "mean line", "over 30")


@pytest.mark.parametrize("case", MMC)
def test_the_formulas_of_one_line_give_the_published_figures(case):
    per_hour, service, servers, *printed, p95 = MMC[case]
    rate = per_hour / 60
    waits = erlang_c(rate * service, servers)
    spare = servers / service - rate
    line = [waits, waits / spare, rate * waits / spare, waits * exp(-30 * spare)]
    assert [rate * service / servers, *line] == pytest.approx(printed, rel=1e-11)
    assert log(waits / 0.05) / spare == pytest.approx(p95, rel=1e-11)


def one_line(stay: Stay, servers: int, p95: float) -> dict[str, np.ndarray]:
    table = stay.table
    start, end = table.start[:, 0], table.end[:, 0]
    wait = start - table.arrival
    return {
        "load": stay.present(start, end) / servers,
        "waits": stay.per_voter(wait > 0),
        "mean wait": stay.per_voter(wait),
        "mean line": stay.present(table.arrival, start),
        "over 30": stay.per_voter(wait > 30),
        "over p95": stay.per_voter(wait > p95),
    }


def exact_of(case: str) -> dict[str, float]:
    return dict(zip(NAMES, MMC[case][3:8], strict=True)) | {"over p95": 0.05}


def play_line(case: str, days: int, runs: int = 1, more: int = 0) -> dict:
    """Play a case of one line, with so many servers more."""
    per_hour, service, servers, *_, p95 = MMC[case]
    data = station(per_hour, days, [(f"{service} min", servers + more)])
    figures = partial(one_line, servers=servers, p95=p95)
    return together(stays(data, days, runs), figures)


@pytest.mark.parametrize("case", MMC)
def test_one_line_waits_as_erlang_says(case):
    exact = {name: v for name, v in exact_of(case).items() if v > OFTEN}
    assert not missed(exact, play_line(case, 120))


@pytest.mark.deep
@pytest.mark.parametrize("case", MMC)
def test_one_line_waits_as_erlang_says_in_long_runs(case):
    exact = exact_of(case)
    # In mmc-5 two voters in a million wait over 30 min, and many of them together.
    runs = 40 if exact["over 30"] > 1e-5 else 400
    assert not missed(exact, play_line(case, 190, runs))


@pytest.mark.parametrize("case", ["mmc-1", "mmc-5"])
def test_with_a_server_more_no_figure_of_the_line_is_erlangs(case):
    wrong = missed(exact_of(case), play_line(case, 40, more=1))
    # The work is the same, whoever does it.
    assert wrong.keys() >= {"waits", "mean wait", "mean line", "over p95"}
    assert "load" not in wrong


def test_littles_law_holds_on_a_day_exactly():
    (stay,) = stays(station(60, 4, [("5 min", 5)]), 4, stretches=1)
    times, lengths = line_changes(stay.table)
    stood = stay.table.start[:, 0] - stay.table.arrival
    # The day begins and ends with nobody there.
    assert (lengths[-1], np.isnan(stood).sum()) == (0, 0)
    assert (np.diff(times) * lengths[:-1]).sum() == pytest.approx(stood.sum(), abs=1e-6)


# ---- how many servers ------------------------------------------------------------

# arrivals an hour, mean service, threshold, service level; servers
NEEDED = {
    "servers-needed-1": (60, 5, 30, 0.95, 6),
    "servers-needed-2": (120, 5, 30, 0.95, 11),
    "servers-needed-3": (100, 1, 10, 0.95, 2),
    "servers-needed-4": (42, 10, 10, 0.9, 9),
}


@pytest.mark.parametrize("case", NEEDED)
def test_as_many_servers_are_enough_and_one_less_is_not(case):
    per_hour, service, threshold, level, servers = NEEDED[case]
    late = []
    for number in (servers, servers - 1):
        data = station(per_hour, 40, [(f"{service} min", number)])
        (stay,) = stays(data, 40)
        wait = stay.table.start[:, 0] - stay.table.arrival
        # With too few the line grows and not all are served: they have waited, too.
        late.append(interval(stay.per_voter(~(wait <= threshold))))
    assert late[0].high < 1 - level < late[1].low


# ---- stages in series ------------------------------------------------------------

# arrivals an hour, stages; mean queue time at each, mean sojourn
TANDEM = {
    "tandem-1": (
        *(60, [("1.5 min", 3), ("5 min", 8), ("0.5 min", 1)]),
        *([0.236842105263, 0.278777511103, 0.5], 8.01561961637),
    ),
    "tandem-2": (
        *(120, [("1 min", 3), ("4 min", 10), ("0.25 min", 1)]),
        *([0.444444444444, 0.818360301593, 0.25], 6.76280474604),
    ),
}


def in_series(stay: Stay) -> dict[str, np.ndarray]:
    table = stay.table
    joined = np.column_stack([table.arrival, table.end[:, :-1]])
    queues = (table.start - joined).T
    found = {f"queue {i}": stay.per_voter(queue) for i, queue in enumerate(queues)}
    return found | {"sojourn": stay.per_voter(table.left - table.arrival)}


@pytest.mark.parametrize("case", TANDEM)
@pytest.mark.parametrize("runs", [1, pytest.param(10, marks=pytest.mark.deep)])
def test_stages_in_series_wait_as_if_each_stood_alone(case, runs):
    per_hour, stages, queues, sojourn = TANDEM[case]
    found = together(stays(station(per_hour, 60, stages), 60, runs), in_series)
    exact = {f"queue {i}": queue for i, queue in enumerate(queues)}
    assert not missed(exact | {"sojourn": sojourn}, found)


# ---- impatience ------------------------------------------------------------------

# 60 an hour, 5 min, 5 servers, mean patience 30 min
RENEGE = {
    "not served at once": 0.741953956983,
    "reneged": 0.102790807448,
    "time in line": 3.08372422343,
    "line": 3.08372422343,
    "served an hour": 53.8325515531,
    "utilisation": 0.897209192552,
}


def impatient(stay: Stay) -> dict[str, np.ndarray]:
    table = stay.table
    reneged = table.outcome == Outcome.RENEGED
    gone = np.where(reneged, table.left, table.start[:, 0])
    end = table.end[~reneged, 0]
    return {
        "not served at once": stay.per_voter(gone > table.arrival),
        "reneged": stay.per_voter(reneged),
        "time in line": stay.per_voter(gone - table.arrival),
        "line": stay.present(table.arrival, gone),
        "served an hour": stay.per_hour(end),
        "utilisation": stay.present(table.start[~reneged, 0], end) / 5,
    }


@pytest.mark.parametrize("runs", [1, pytest.param(10, marks=pytest.mark.deep)])
def test_voters_lose_patience_as_often_as_in_erlang_a(runs):
    patience = {"patience": {"law": "exponential", "mean": "30 min"}}
    data = station(60, 100, [("5 min", 5)], **patience)
    assert not missed(RENEGE, together(stays(data, 100, runs), impatient))


# ---- the outage, voter by voter --------------------------------------------------


def outage(folder, mode: str, lasts: int = 30) -> np.ndarray:
    """Play a voter a minute, 0.8 min each, one server; no service starts in an outage.

    Returns
    -------
    ndarray, shape (720, 3)
        Arrival, start and end of each voter.
    """
    data = station(60, 1, [("1 min", 1)], interruption={"reopen": "0 min"})
    one = data["stations"]["KV"]
    del one["turnout"], one["arrivals"]
    one |= {"registered": 720, "voters": {"file": "seen.csv", "unit": "min"}}
    one["stages"] = {"desk": {**one["stages"]["stage-0"], "service": "1 min"}}
    power = {"kind": "suspend", "station": "KV", "mode": mode, "for": f"{lasts} min"}
    inject = {"title": "No power", "at": "02:00", "effects": [power]}
    rows = [f"{i // 60:02d}:{i % 60:02d},0.8\n" for i in range(720)]
    (folder / "seen.csv").write_text("arrival,desk\n" + "".join(rows))
    text = yaml.safe_dump({**data, "script": {"power": inject}}, sort_keys=False)
    (folder / "scenario.yaml").write_text(text)
    table = World(load(folder)).finish().voters["KV"]
    order = np.argsort(table.voter)
    return np.column_stack([table.arrival, table.start[:, 0], table.end[:, 0]])[order]


@pytest.mark.parametrize("mode", ["drain", "freeze"])
def test_an_outage_delays_every_voter_exactly(tmp_path, mode):
    arrival, start, end = outage(tmp_path, mode).T
    assert (arrival == np.arange(720)).all()
    waits, exact = start - arrival, np.zeros(720)
    exact[120:270] = 30 - 0.2 * np.arange(150)
    assert np.abs(waits - exact).max() < 1e-9
    assert waits.max() == 30.0
    delayed = np.flatnonzero(waits > 1e-9)
    assert (len(delayed), delayed[0], delayed[-1]) == (150, 120, 269)
    assert waits.sum() == pytest.approx(2265.0, abs=1e-9)
    assert waits.mean() == pytest.approx(3.14583333333, abs=1e-11)
    # Voter 195 waits 15 min but for rounding.
    assert (waits > 15 + 1e-9).sum() == 75
    assert end.max() == pytest.approx(719.8, abs=1e-9)


@pytest.mark.parametrize("lasts", [29, 31])
def test_an_outage_of_another_length_delays_others(tmp_path, lasts):
    arrival, start, _ = outage(tmp_path, "drain", lasts).T
    waits = start - arrival
    assert waits.max() == lasts
    assert abs(waits.sum() - 2265.0) > 100
    assert (waits > 1e-9).sum() == 5 * lasts


# ---- what must be warned of ------------------------------------------------------


def day(voters: int, hours: int, service: object, servers: int, **arrivals) -> dict:
    """Make a station that is open for so many hours from 07:00."""
    data = station(1, 1, [("1 min", servers)])
    one = data["stations"]["KV"]
    one |= {"registered": voters, "turnout": 1.0, "arrivals": arrivals}
    one |= {"opens": "07:00", "closes": f"{7 + hours:02d}:00"}
    one["stages"]["stage-0"]["service"] = service
    return data


def test_more_work_than_servers_can_do_is_warned_of():
    # overload-1: a voter every 30 s (SD 72), 6 machines, 212 s each (variance 4900).
    law = {"law": "lognormal", "mean": "212 s", "cv": 70 / 212}
    scenario = scenario_of(day(1200, 10, law, 6, hourly=[1] * 10))
    loads = peak_loads("KV", scenario.setting.stations["KV"])
    assert [load.load for load in loads] == pytest.approx([1.17777777778] * 10)
    (finding,) = check_world(scenario, "base")
    assert finding.path == "stations.KV.stages.stage-0"
    assert finding.text.startswith("overloaded: 1.18 times what its 6 server(s) can do")
    assert finding.cure == "at least 8 servers with their officers"


READINGS = [("07:00", 0), ("11:20", 0.7), ("14:15", 0.8063), ("19:00", 1)]


def test_a_morning_too_full_is_warned_of_though_the_day_is_not():
    # overload-2: 815 voters, 3 min each, 6 servers, as Viet Nam voted in 2026.
    shares = [{"at": at, "share": share} for at, share in READINGS]
    scenario = scenario_of(day(815, 12, "3 min", 6, cumulative=shares))
    loads = [x.load for x in peak_loads("KV", scenario.setting.stations["KV"])]
    assert loads[:4] == pytest.approx([1.09711538462] * 4)
    assert max(loads[4:]) < 1
    assert np.mean(loads) == pytest.approx(0.566, abs=5e-4)
    (finding,) = check_world(scenario, "base")
    assert finding.text.startswith("overloaded: 1.10 times")
    assert "in the hour from 07:00" in finding.text


@pytest.mark.parametrize(("voters", "within"), [(138, True), (139, False)])
def test_the_queue_stop_rule_is_a_load_of_a_half(voters, within):
    # 900 minutes open, 3.25 minutes a voter, one server.
    scenario = scenario_of(day(voters, 15, "3.25 min", 1, hourly=[1] * 15))
    loads = peak_loads("KV", scenario.setting.stations["KV"])
    assert all((load.load <= 0.5) == within for load in loads)


# ---- when voters come ------------------------------------------------------------

TENTH, HALF = 0.1, 0.05
PROFILES = {
    "edelstein-2010": [
        *[TENTH] * 2,
        *[HALF] * 3,
        *[TENTH] * 2,
        *[HALF] * 3,
        *[TENTH] * 3,
    ],
    "buell": [*[TENTH] * 3, *[HALF] * 3, *[TENTH] * 2, *[HALF] * 3, *[TENTH] * 2],
    "vietnam-2026": [
        *[0.161538] * 4,
        0.078143,
        0.036446,
        0.036446,
        0.039696,
        *[0.040779] * 4,
    ],
    "hong-kong-2018-03-11": [
        *[0.020091, 0.044945, 0.067106, 0.077176, 0.078975, 0.071334, 0.072267],
        *[0.073018, 0.072769, 0.069593, 0.069263, 0.071484, 0.066972, 0.071669],
        0.07334,
    ],
}


def counts(voters: int, hours: int, **arrivals) -> np.ndarray:
    """Play a day and count who came in each hour."""
    data = day(voters, hours, "1 s", 50, **arrivals)
    table = World(scenario_of(data)).finish().voters["KV"]
    return np.histogram(table.arrival, 420.0 + 60 * np.arange(hours + 1))[0]


def fits(found: np.ndarray, shares: list[float]) -> bool:
    """Tell whether voters came in such shares, by the binomial law of each hour."""
    number, share = found.sum(), np.array(shares) / sum(shares)
    wide = stats.norm.ppf(1 - (1 - LEVEL) / 2 / len(shares))
    off = np.abs(found - number * share)
    return bool((off <= wide * np.sqrt(number * share * (1 - share))).all())


@pytest.mark.parametrize("name", PROFILES)
def test_voters_come_in_the_shares_of_a_profile(name):
    shares = PROFILES[name]
    found = counts(200_000, len(shares), hourly=shares)
    assert found.sum() == 200_000
    assert fits(found, shares)
    assert not fits(found, shares[::-1])


def test_readings_of_turnout_give_the_profile_of_the_hours():
    shares = [{"at": at, "share": share} for at, share in READINGS]
    found = counts(200_000, 12, cumulative=shares)
    assert fits(found, PROFILES["vietnam-2026"])
