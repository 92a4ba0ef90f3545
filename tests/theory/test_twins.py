# Exact results of queueing theory through the real engine: M/M/c, Jackson's tandem,
# Erlang A, the outage worked by hand. The figures are those of the reference page on
# polling, section 9 (closed forms, 12 digits). One polling "day" lasts many days and
# never rests; each test has a twin with other servers, which must miss.

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.day import line_changes
from scenarios.clock import Clock
from scenarios.effect import Suspend
from scenarios.station import Station as StationSpec
from simulator.log import Outcome, VoterTable
from simulator.station import Station
from simulator.tie import Rank, Timeline
from simulator.voter import Voters
from simulator.world import World
from tests.theory.interval import Interval, of_batches
from tests.worlds import Data, scenario_of

DAY = 1440.0
WARM_UP = 3 * DAY


def station(
    per_hour: float, days: int, stages: list[tuple[str, int]], **more: object
) -> Data:
    """Make a station that is open day and night; voters come at a constant rate."""
    last = f"D+{days} 00:00"
    return {
        "title": "A station that never rests",
        "clock": {"day": "2021-05-23", "start": "00:00", "end": f"D+{days} 12:00"},
        "roads": {
            "network": {
                "nodes": {"a": [0, 0], "b": [1000, 0]},
                "edges": [{"id": "ab", "from": "a", "to": "b", "road": "tertiary"}],
            }
        },
        "places": {"here": {"node": "a"}},
        "stations": {
            "KV": {
                "place": "here",
                # Half of a long list come, each at a moment of its own: near Poisson.
                "registered": int(2 * per_hour * 24 * days),
                "turnout": 0.5,
                "arrivals": {
                    "cumulative": [
                        {"at": "00:00", "share": 0},
                        {"at": last, "share": 1},
                    ]
                },
                "opens": "00:00",
                "closes": last,
                "close_rule": "serve_queue",
                "officers": 100,
                "stages": {
                    f"stage-{i}": {
                        "servers": servers,
                        "service": {"law": "exponential", "mean": mean},
                        "voting": not i,
                    }
                    for i, (mean, servers) in enumerate(stages)
                },
                **more,
            }
        },
    }


def play(data: Data) -> VoterTable:
    return World(scenario_of(data)).finish().voters["KV"]


def measured(table: VoterTable, values: np.ndarray, days: int) -> Interval:
    counted = table.arrival > WARM_UP
    return of_batches(table.arrival[counted], values[counted], WARM_UP, days * DAY)


# ---- M/M/c -----------------------------------------------------------------------

# per hour, mean service, servers: P(wait), mean wait, threshold, P(wait > threshold).
# Thresholds are chosen so that the probability can be measured; its closed form is
# P(wait) exp(-(c/s - lambda) t).
MMC = {
    "mmc-1": (60, "0.9 min", 1, 0.9, 8.1),
    "mmc-2": (50, "1 min", 1, 0.833333333333, 5.0),
    "mmc-3": (100, "1 min", 2, 0.757575757576, 2.27272727273),
    "mmc-4": (60, "5 min", 6, 0.587516450461, 2.9375822523),
    "mmc-5": (60, "5 min", 7, 0.324149949173, 0.810374872933),
    "mmc-6": (120, "5 min", 11, 0.682118204689, 3.41059102345),
}


def waits_of(case: str, days: int, servers: int) -> tuple[Interval, Interval]:
    per_hour, mean, *_ = MMC[case]
    table = play(station(per_hour, days, [(mean, servers)]))
    waits = table.start[:, 0] - table.arrival
    had_to = (waits > 0).astype(float)
    return measured(table, waits, days), measured(table, had_to, days)


def check_mmc(case: str, days: int) -> None:
    *_, servers, p_wait, mean_wait = MMC[case]
    wait, had_to = waits_of(case, days, servers)
    assert mean_wait in wait, (mean_wait, wait)
    assert p_wait in had_to, (p_wait, had_to)


def check_mmc_twin(case: str, days: int) -> None:
    *_, servers, p_wait, mean_wait = MMC[case]
    wait, had_to = waits_of(case, days, servers - 1 if servers > 1 else 2)
    assert mean_wait not in wait, (mean_wait, wait)
    assert p_wait not in had_to, (p_wait, had_to)


@pytest.mark.parametrize("case", ["mmc-2", "mmc-3", "mmc-5"])
def test_waits_are_those_of_erlang_c(case):
    check_mmc(case, 60)


@pytest.mark.parametrize("case", ["mmc-2", "mmc-3", "mmc-5"])
def test_waits_with_another_number_of_servers_are_not(case):
    check_mmc_twin(case, 15)


@pytest.mark.deep
@pytest.mark.parametrize("case", MMC)
def test_waits_are_those_of_erlang_c_in_a_long_run(case):
    check_mmc(case, 190)


@pytest.mark.deep
@pytest.mark.parametrize("case", MMC)
def test_waits_with_another_number_of_servers_are_not_in_a_long_run(case):
    check_mmc_twin(case, 40)


# ---- stages in series ------------------------------------------------------------

# per hour, stages: mean queue time at each, mean sojourn.
TANDEM = {
    "tandem-1": (
        60,
        [("1.5 min", 3), ("5 min", 8), ("0.5 min", 1)],
        [0.236842105263, 0.278777511103, 0.5],
        8.01561961637,
    ),
    "tandem-2": (
        120,
        [("1 min", 3), ("4 min", 10), ("0.25 min", 1)],
        [0.444444444444, 0.818360301593, 0.25],
        6.76280474604,
    ),
}


def stages_of(case: str, days: int, fewer: int) -> list[Interval]:
    """Play a tandem, with fewer servers at its second stage; queue times, sojourn."""
    per_hour, stages, _, _ = TANDEM[case]
    first, (mean, servers), last = stages
    stages = [first, (mean, servers - fewer), last]
    table = play(station(per_hour, days, stages))
    joined = np.column_stack([table.arrival, table.end[:, :-1]])
    queues = table.start - joined
    found = [measured(table, queues[:, i], days) for i in range(3)]
    return [*found, measured(table, table.left - table.arrival, days)]


def check_tandem(case: str, days: int) -> None:
    *_, queues, sojourn = TANDEM[case]
    for exact, found in zip([*queues, sojourn], stages_of(case, days, 0), strict=True):
        assert exact in found, (exact, found)


def check_tandem_twin(case: str, days: int) -> None:
    *_, queues, sojourn = TANDEM[case]
    first, second, _, whole = stages_of(case, days, 1)
    assert queues[0] in first, "what comes before the change is as it was"
    assert queues[1] not in second
    assert sojourn not in whole


def test_each_of_three_stages_waits_as_if_it_stood_alone():
    check_tandem("tandem-1", 60)


def test_with_a_booth_less_the_booth_and_the_whole_take_longer():
    check_tandem_twin("tandem-1", 30)


@pytest.mark.deep
@pytest.mark.parametrize("case", TANDEM)
def test_each_of_three_stages_waits_as_if_it_stood_alone_in_a_long_run(case):
    check_tandem(case, 150)


@pytest.mark.deep
@pytest.mark.parametrize("case", TANDEM)
def test_with_a_booth_less_the_whole_takes_longer_in_a_long_run(case):
    check_tandem_twin(case, 50)


# ---- impatience ------------------------------------------------------------------


def impatient(days: int, servers: int) -> dict[str, Interval]:
    patience = {"patience": {"law": "exponential", "mean": "30 min"}}
    table = play(station(60, days, [("5 min", servers)], **patience))
    reneged = table.outcome == Outcome.RENEGED
    in_line = np.where(reneged, table.left, table.start[:, 0]) - table.arrival
    values = {
        "not served at once": (in_line > 0).astype(float),
        "reneged": reneged.astype(float),
        "minutes in line": in_line,
    }
    return {name: measured(table, of, days) for name, of in values.items()}


# renege-1: 60 an hour, 5 min, 5 servers, mean patience 30 min (Erlang A).
RENEGE = {
    "not served at once": 0.741953956983,
    "reneged": 0.102790807448,
    "minutes in line": 3.08372422343,
}


def check_impatience(days: int) -> None:
    for name, found in impatient(days, 5).items():
        assert RENEGE[name] in found, (name, RENEGE[name], found)


def test_who_loses_patience_leaves_as_in_erlang_a():
    check_impatience(60)


def test_with_a_server_less_more_voters_lose_patience():
    for name, found in impatient(20, 4).items():
        assert RENEGE[name] not in found, (name, found)


@pytest.mark.deep
def test_who_loses_patience_leaves_as_in_erlang_a_in_a_long_run():
    check_impatience(190)


# ---- the outage, voter by voter --------------------------------------------------


def outage(mode: str, until: float = 150.0) -> VoterTable:
    """Play outage-1: a voter a minute, 0.8 min each, no service starts in a stretch."""
    number = 720
    zeros, ones = [0.0] * number, [1.0] * number
    voters = Voters(
        order=list(range(number)),
        arrival=[float(i) for i in range(number)],
        priority=[False] * number,
        balk=ones,
        patience=[inf] * number,
        service=[[0.8] * number],
        surge=zeros,
        drop=ones,
        drop_return=ones,
        drop_delay=zeros,
        away=ones,
        away_delay=zeros,
    )
    spec = {
        "place": "here",
        "registered": number,
        "turnout": 1.0,
        "arrivals": {"hourly": [1]},
        "opens": "00:00",
        "closes": "20:00",
        "officers": 1,
        "stages": {"desk": {"servers": 1, "service": "1 min", "voting": True}},
        "interruption": {"reopen": "0 min"},
    }
    day = Clock(day="2021-05-23", start="00:00", end="24:00")
    checked = StationSpec.model_validate(spec, context={"clock": day})
    clock = Timeline()
    one = Station("KV", checked, voters, clock, lambda *_, **__: None)
    stop = Suspend(kind="suspend", station="KV", mode=mode)
    clock.call_at(120.0, Rank.INJECT, lambda: one.suspend("outage", stop))
    clock.call_at(until, Rank.SCRIPT, lambda: one.lift("outage"))
    clock.advance(DAY)
    return one.table()


@pytest.mark.parametrize("mode", ["drain", "freeze"])
def test_an_outage_delays_each_voter_by_the_time_worked_out_by_hand(mode):
    table = outage(mode)
    waits = table.start[:, 0] - table.arrival
    expected = np.zeros(720)
    expected[120:270] = 30 - 0.2 * np.arange(150)
    assert np.abs(waits - expected).max() <= 1e-9
    assert abs(waits.sum() - 2265.0) <= 1e-6
    assert int((waits > 1e-9).sum()) == 150
    # Voter 195 waits exactly 15 minutes, which is not over 15.
    assert int((waits > 15 + 1e-9).sum()) == 75
    assert abs(table.left.max() - 719.8) <= 1e-9


def test_a_shorter_outage_does_not_give_those_delays():
    table = outage("drain", until=149.0)
    waits = table.start[:, 0] - table.arrival
    assert abs(waits.max() - 30.0) > 0.5
    assert abs(waits.sum() - 2265.0) > 100


# ---- laws of any run -------------------------------------------------------------


def test_the_mean_line_is_the_arrival_rate_times_the_mean_wait_exactly():
    # Little's law between two moments at which the station is empty: no chance in it.
    table = play(station(60, 1, [("5 min", 6), ("1 min", 2)]))
    times, lengths = line_changes(table)
    area = float((lengths[:-1] * np.diff(times)).sum())
    joined = np.column_stack([table.arrival, table.end[:, :-1]])
    assert area == pytest.approx(float((table.start - joined).sum()), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 5),
    st.sampled_from([20, 60, 90]),
    st.sampled_from(["exponential", "lognormal", "gamma"]),
    st.integers(0, 10**6),
)
def test_a_server_more_makes_no_voter_of_a_single_line_wait_longer(
    servers, per_hour, law, seed
):
    data = station(per_hour, 1, [("3 min", servers)])
    data["stations"]["KV"]["registered"] = 300
    service = {"law": law, "mean": "3 min"}
    service |= {} if law == "exponential" else {"cv": 1.2}
    data["stations"]["KV"]["stages"]["stage-0"]["service"] = service
    more = {"stations": {"KV": {"stages": {"stage-0": {"servers": servers + 1}}}}}
    scenario = scenario_of(data, plans={"more": more})
    waits = []
    for plan in ("base", "more"):
        table = World(scenario, plan, seed).finish().voters["KV"]
        order = np.argsort(table.voter)
        waits.append((table.start[:, 0] - table.arrival)[order])
    assert (waits[1] <= waits[0] + 1e-9).all()
