# Twins of exact results through the real engine, with a server or a unit less, which
# must miss them; and work and long queues of dispatch, with their twins. The figures
# are those of the reference pages on polling and dispatch, section 9 (closed forms, 12
# digits). One "day" lasts many days and never rests.

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.day import Day
from simulator.log import Outcome, VoterTable
from simulator.world import World
from tests.theory.interval import Interval, interval, of_batches
from tests.theory.polls import DAY, WARM_UP, station
from tests.worlds import Data, scenario_of


def play(data: Data) -> VoterTable:
    return World(scenario_of(data)).finish().voters["KV"]


def measured(table: VoterTable, values: np.ndarray, days: int) -> Interval:
    counted = table.arrival > WARM_UP
    return of_batches(table.arrival[counted], values[counted], WARM_UP, days * DAY)


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


def check_tandem_twin(case: str, days: int) -> None:
    *_, queues, sojourn = TANDEM[case]
    first, second, _, whole = stages_of(case, days, 1)
    assert queues[0] in first, "what comes before the change is as it was"
    assert queues[1] not in second
    assert sojourn not in whole


def test_with_a_booth_less_the_booth_and_the_whole_take_longer():
    check_tandem_twin("tandem-1", 20)


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


def test_with_a_server_less_more_voters_lose_patience():
    for name, found in impatient(20, 4).items():
        assert RENEGE[name] not in found, (name, found)


# ---- dispatch --------------------------------------------------------------------

UNIT = 10.0  # minutes: the mean time on scene, the unit of time of these rows


def calls(load: float, units: int, days: int, law: Data | str, **more: object) -> Data:
    """Make units that stand where all incidents arise, and never go off shift."""
    data = station(1, 1, [("1 min", 1)])
    del data["stations"]
    shift = {"from": "00:00", "until": f"D+{days} 00:00"}
    unit = {"agency": "police", "skills": ["order"], "base": "here"}
    unit |= {"turnout": "0 min", "shifts": [shift]}
    rate = {"places": ["here"], "per_hour": load * 60 / UNIT}
    level = {"needs": {"order": 1}, "on_scene": law}
    return {
        **data,
        "clock": {**data["clock"], "end": f"D+{days} 00:00"},
        "agencies": {"police": {}},
        "units": {f"U{i}": unit for i in range(units)},
        "incidents": {"call": {"levels": [level], "rates": [rate], **more}},
    }


def day_of(data: Data) -> Day:
    world = World(scenario_of(data))
    return Day(world.setting, world.finish())


def queues(load: float, units: int, days: int) -> dict[str, Interval]:
    law = {"law": "exponential", "mean": f"{UNIT} min"}
    day = day_of(calls(load, units, days, law))
    # An incident of the last hours may still wait as the log ends.
    end = (days - 0.5) * DAY
    met = [c for c in day.calls if WARM_UP < c.ready < end]
    times = np.array([c.ready for c in met])
    queue = np.array([c.legs["queue"] if c.legs else inf for c in met])
    busy = [span for span in day.spans if span.status == "on scene"]
    edges = np.linspace(WARM_UP, end, 31)
    work = np.histogram(
        [s.start for s in busy], edges, weights=[s.end - s.start for s in busy]
    )[0]
    return {
        "queued": of_batches(times, (queue > 0).astype(float), WARM_UP, end),
        "over 1": of_batches(times, (queue > UNIT).astype(float), WARM_UP, end),
        "mean": of_batches(times, queue / UNIT, WARM_UP, end),
        "utilisation": interval(work / np.diff(edges) / units),
    }


# load, units: P(queue), P(queue time over 1), mean queue time, utilisation
QUEUES = {
    "mmc-1": (0.8, 1, 0.8, 0.654984602462, 4.0, 0.8),
    "mmc-3": (1.5, 3, 0.236842105263, 0.0528466168773, 0.157894736842, 0.5),
    "mmc-5": (4, 5, 0.554112554113, 0.203846616753, 0.554112554113, 0.8),
}


def check_queues(case: str, days: int) -> None:
    load, units, *exact = QUEUES[case]
    for value, (name, found) in zip(
        exact, queues(load, units, days).items(), strict=True
    ):
        assert value in found, (name, value, found)


def test_work_and_queues_of_units_are_those_of_erlang_c():
    check_queues("mmc-3", 40)


def test_with_a_unit_less_the_queues_are_others():
    load, units, *exact = QUEUES["mmc-3"]
    for value, (name, found) in zip(
        exact, queues(load, units - 1, 13).items(), strict=True
    ):
        assert value not in found, (name, value, found)


@pytest.mark.deep
@pytest.mark.parametrize("case", QUEUES)
def test_work_and_queues_of_units_are_those_of_erlang_c_in_a_long_run(case):
    check_queues(case, 150)


LAWS = {
    "constant": f"{UNIT} min",
    "exponential": {"law": "exponential", "mean": f"{UNIT} min"},
    "lognormal": {"law": "lognormal", "mean": f"{UNIT} min", "cv": 2.0},
}


@pytest.mark.parametrize("law", LAWS)
def test_with_a_unit_less_more_incidents_are_lost_whatever_the_law(law):
    # erlang-b-1: load 1.5 on 3 units loses .134328358209.
    day = day_of(calls(1.5, 2, 13, LAWS[law], none_free="pass"))
    met = [c for c in day.calls if c.ready > WARM_UP]
    times = np.array([c.ready for c in met])
    lost = np.array([float(c.passed) for c in met])
    found = of_batches(times, lost, WARM_UP, 13 * DAY)
    assert 0.134328358209 not in found
    # With 2 units the same formula says B = 1.125 / 3.625.
    assert 0.310344827586 in found


# ---- a law of any run ------------------------------------------------------------


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
