# Measures and targets on a day made by hand, every value worked out beside it.

from dataclasses import replace
from math import inf, isnan, nan
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.day import Day, gaps_in, line_at, line_changes, waits_of
from analysis.measure import FUNCTIONS, Query, quantile
from analysis.moment import break_time
from analysis.report.event import told
from analysis.target import Judgement, judge, population_values, verdict_of
from scenarios.target import Target
from simulator.log import Kind, Log, Outcome, Record, VoterTable
from tests.town import village
from tests.worlds import scenario_of

TEXT = village("A day by hand", "07:00", "12:00")
TEXT += """\
places: {school: {node: b}, base: {node: a}}
stations:
  KV1:
    place: school
    registered: 10
    turnout: 90 %
    arrivals: {hourly: [1]}
    opens: "07:10"
    closes: "09:00"
    officers: 2
    stages:
      desk: {servers: 1, service: 1 min}
      booth: {servers: 1, officers: 0, service: 2 min, voting: true}
agencies: {police: {}}
units:
  P1:
    agency: police
    skills: [order]
    base: base
    crew: 3
    cost_per_hour: 60
    shifts: [{from: "07:00", until: "09:00"}]
incidents:
  fight:
    levels:
      - {needs: {order: 1}, on_scene: 10 min}
      - {needs: {order: 1}, on_scene: 10 min, after: 13 min}
  theft: {levels: [{needs: {order: 1}, on_scene: 10 min}]}
duties:
  watch:
    kind: guard
    units: [P1]
    place: school
    from: "07:00"
    until: "10:00"
  convoy:
    kind: convoy
    unit: P1
    start: "09:00"
    stations: [KV1]
    to: base
    deadline: "09:30"
"""
N = nan
# voter, visit, arrival, desk start, desk end, booth start, booth end, left, outcome
VISITS = [
    (0, 0, 5, 10, 11, 11, 13, 13, Outcome.VOTED),  # waits 6 from before the opening
    (1, 0, 6, 11, 12, 13, 15, 15, Outcome.VOTED),  # waits 7
    (2, 0, 20, 20, 21, N, N, 30, Outcome.ABANDONED),  # left in an interruption
    (3, 0, 25, N, N, N, N, 25, Outcome.BALKED),
    (4, 0, 26, N, N, N, N, 40, Outcome.RENEGED),
    (2, 1, 60, 60, 61, 61, 63, 63, Outcome.VOTED),  # came back: waits 41 from 20 on
    (5, 0, 118, 118, 119, 119, 121, 121, Outcome.VOTED),  # after the close at 120
    (6, 0, 130, N, N, N, N, 130, Outcome.TURNED_AWAY),
    (7, 0, N, N, N, N, N, 70, Outcome.AUXILIARY),
]


def table() -> VoterTable:
    columns = np.array(VISITS, dtype=float)
    return VoterTable(
        registered=10,
        stages=("desk", "booth"),
        voting_stages=(1,),
        classes=("ordinary",),
        voter=columns[:, 0].astype(int),
        visit=columns[:, 1].astype(int),
        priority=np.zeros(len(VISITS), dtype=int),
        class_=np.zeros(len(VISITS), dtype=np.int8),
        arrival=columns[:, 2],
        start=columns[:, [3, 5]],
        end=columns[:, [4, 6]],
        left=columns[:, 7],
        outcome=columns[:, 8].astype(int),
    )


def status(time, text, job=""):
    return Record(time, Kind.STATUS, "P1", "", {"status": text, "job": job})


def slot(time, kind, subject, unit="P1", attempt=1):
    details = {"unit": unit, "slot": 0, "attempt": attempt, "skill": "order"}
    return Record(time, kind, subject, "school", details)


def arises(time, name, kind):
    details = {"type": kind, "priority": 2}
    return Record(time, Kind.ARISES, name, "school", details)


RECORDS = [
    status(0, "standing by"),
    Record(5, Kind.GUARD_STARTS, "watch", "b", {"unit": "P1"}),
    Record(10, Kind.OPENED, "KV1", "school", {"line": 2}),
    Record(10, Kind.SERVERS, "KV1", "school", {"stage": "desk", "servers": 1}),
    Record(10, Kind.SERVERS, "KV1", "school", {"stage": "booth", "servers": 2}),
    arises(15, "F1", "fight"),
    Record(18, Kind.REPORTED, "F1", "school"),
    Record(20, Kind.READY, "F1", "school"),
    slot(21, Kind.ASSIGNED, "F1"),
    status(21, "turning out", "F1"),
    slot(22, Kind.MOVING, "F1"),
    slot(25, Kind.CANCELLED, "F1"),
    status(25, "out of service"),
    slot(27, Kind.ASSIGNED, "F1", attempt=2),
    status(27, "turning out", "F1"),
    Record(28, Kind.ESCALATED, "F1", "school", {"level": 2}),
    Record(28, Kind.HOT_SPOT, "F1", "school"),
    slot(29, Kind.MOVING, "F1", attempt=2),
    Record(30, Kind.SUSPENDED, "KV1", "school", {"cause": "F1", "mode": "abandon"}),
    Record(33, Kind.DROVE, "P1", "b", {"km": 2.5, "minutes": 4.0}),
    slot(33, Kind.ARRIVED, "F1", attempt=2),
    status(33, "on scene", "F1"),
    Record(45, Kind.CLEARED, "F1", "school"),
    status(45, "standing by"),
    Record(50, Kind.RESUMED, "KV1", "school"),
    Record(65, Kind.GUARD_ENDS, "watch", "b", {"unit": "P1"}),
    arises(90, "T1", "theft"),
    Record(90, Kind.REPORTED, "T1", "school"),
    arises(290, "T2", "theft"),
    Record(295, Kind.REPORTED, "T2", "school"),
    Record(110, Kind.SUSPENDED, "KV1", "school", {"cause": "x", "mode": "drain"}),
    status(120, "off shift"),
    Record(125, Kind.EMPTIED, "KV1", "school"),
    Record(170, Kind.DUTY_ENDS, "convoy", "", {"unit": "P1"}),
    Record(170, Kind.RESULT, "KV1", "base"),
]


@pytest.fixture(scope="module")
def day():
    log = Log(records=tuple(RECORDS), voters={"KV1": table()}, end=300.0)
    return Day(scenario_of(TEXT).setting, log)


def test_waits_count_from_the_first_arrival_and_who_did_not_vote_waits_for_ever():
    assert sorted(waits_of(table())) == [1.0, 6.0, 7.0, 41.0, inf, inf, inf]


def test_the_line_counts_who_waits_at_any_stage_and_nobody_who_turned_back():
    # 5: voter 0; 6: voter 1; 10: 0 is called; 11: 1 is called; 12: 1 waits for a
    # booth; 13: called. 21 to 30: voter 2, for a booth. 26 to 40: voter 4.
    moments = np.array([4.0, 5.0, 6.0, 10.0, 11.5, 12.5, 13.0, 25.0, 30.0, 40.0])
    assert line_at(line_changes(table()), moments).tolist() == [
        0,
        1,
        2,
        1,
        0,
        1,
        0,
        1,
        1,
        0,
    ]
    assert line_changes(table())[1].max() == 2


def test_everyone_on_the_list_is_accounted_for():
    account = table().account()
    assert account == {
        "not_come": 2,
        "present": 0,
        "voted": 4,
        "auxiliary": 1,
        "balked": 1,
        "reneged": 1,
        "abandoned": 0,
        "turned_away": 1,
        "diverted": 0,
    }
    assert sum(account.values()) == 10


VALUES = [
    # seven came; waits 1, 6 and 7 are within 30
    ("wait.within", Query(within=30), "KV1", 3 / 7),
    ("wait.within", Query(within=6), "overall", 2 / 7),
    ("wait.mean", Query(), "KV1", (6 + 7 + 41 + 1) / 4),
    ("wait.p50", Query(), "KV1", 41.0),
    ("wait.p90", Query(), "KV1", inf),
    ("wait.p95", Query(), "KV1", inf),
    ("wait.max", Query(), "KV1", 41.0),
    ("line.at_opening", Query(), "KV1", 2),
    ("line.longest", Query(), "overall", 2),
    ("voters.came", Query(), "KV1", 7),
    ("votes.share", Query(), "KV1", 5 / 10),
    ("votes.auxiliary", Query(), "KV1", 1),
    ("votes.after_close", Query(), "KV1", 1),
    ("votes.last", Query(), "overall", 121),
    ("voters.balked", Query(), "KV1", 1),
    ("voters.reneged", Query(), "KV1", 1),
    ("voters.abandoned", Query(), "KV1", 0),
    ("voters.turned_away", Query(), "KV1", 1),
    # more in tests/simulator/test_divert.py
    ("voters.diverted_out", Query(), "KV1", 0),
    ("voters.diverted_in", Query(), "KV1", 0),
    # desk: 5, 5, 0, 0, 0; booth: 0, 1, 0, 0
    ("stage.queue_time", Query(), "KV1/desk", 2.0),
    ("stage.queue_time", Query(), "KV1/booth", 0.25),
    # one desk from 10 to 125: 5 services of a minute; two booths: 4 of two
    ("stage.utilisation", Query(), "KV1/desk", 5 / 115),
    ("stage.utilisation", Query(), "KV1/booth", 8 / 230),
    # 30 to 50, and 110 to the close at 120
    ("suspended.total", Query(), "KV1", 30),
    ("suspended.longest", Query(), "KV1", 20),
    ("opening.late", Query(), "KV1", 0),
    ("result.at", Query(), "KV1", 170),
    # F1 after 15; T1 never; T2 is left out, for its 20 min reach past the end
    ("response.within", Query(within=20), "overall", 1 / 2),
    ("response.within", Query(within=14), "fight", 0),
    ("response.within", Query(within=20, types=("fight",)), "overall", 1),
    ("response.mean", Query(), "overall", 15),
    ("response.p50", Query(), "overall", inf),
    ("response.p90", Query(), "fight", 15),
    ("response.max", Query(), "overall", inf),
    ("response.full", Query(), "fight", 15),
    # 18 reported, 20 ready, 21-25 lost, 27 assigned, 29 moving, 33 arrived
    ("response.handling", Query(), "fight", 2),
    ("response.lost", Query(), "fight", 4),
    ("response.queue", Query(), "fight", 3),
    ("response.turnout", Query(), "fight", 2),
    ("response.travel", Query(), "fight", 4),
    ("incidents.reported", Query(), "overall", 3),
    ("incidents.unattended", Query(), "theft", 2),
    ("incidents.passed", Query(), "overall", 0),
    ("incidents.escalated", Query(), "overall", 1),
    ("incidents.hot_spots", Query(), "fight", 1),
    # not free from 21 to 45
    ("units.none_free", Query(), "overall", 24),
    # turning out 21-25, 27-33, on scene 33-45, of 120 on shift
    ("unit.utilisation", Query(), "P1", 22 / 120),
    ("unit.km", Query(), "P1", 2.5),
    ("unit.missions", Query(), "P1", 2),
    # guarded 5 to 65 of 0 to 180
    ("guard.gap", Query(), "watch", 120),
    # done at 170, due at 150
    ("duty.late", Query(), "convoy", 20),
    # a crew of 3 for 2 h, 2 officers for 110 min
    ("staff.hours", Query(), "overall", 6 + 220 / 60),
    ("staff.cost", Query(), "overall", 120),
]


@pytest.mark.parametrize(("name", "query", "member", "expected"), VALUES)
def test_each_measure_is_what_its_definition_says(day, name, query, member, expected):
    assert FUNCTIONS[name](day, query)[member] == pytest.approx(expected)


def test_measures_use_the_close_in_force(day):
    extended = Record(100, Kind.EXTENDED, "KV1", "school", {"until": 122.0, "was": 120})
    log = replace(day.log, records=(*day.log.records, extended))
    later = Day(day.setting, log)

    def value(of, name):
        return FUNCTIONS[name](of, Query())["overall"]

    # The vote at 121 is in time, and two minutes more of the suspension are lost.
    assert value(later, "votes.after_close") == 0
    assert value(later, "suspended.total") == value(day, "suspended.total") + 2
    officers = day.setting.stations["KV1"].officers
    assert value(later, "staff.hours") == pytest.approx(
        value(day, "staff.hours") + officers * 2 / 60
    )
    alone = Day(day.setting, replace(log, records=(extended,)))
    assert [event.text for event in told(alone)] == [
        "KV1 votes until 09:02 instead of 09:00."
    ]


def test_the_legs_add_up_to_the_response(day):
    call = next(call for call in day.calls if call.name == "F1")
    assert sum(call.legs.values()) == pytest.approx(call.response)


def test_quantiles_put_what_never_ended_on_top():
    values = np.array([3.0, inf, 1.0, 2.0])
    assert quantile(values, 0.5) == 2.0
    assert quantile(values, 0.75) == 3.0
    assert quantile(values, 0.76) == inf
    assert isnan(quantile(np.zeros(0), 0.5))


def test_gaps_are_what_overlapping_stretches_leave_uncovered():
    assert gaps_in([(2, 5), (4, 8)], 0, 10) == [(0, 2), (8, 10)]
    assert gaps_in([], 3, 4) == [(3, 4)]
    assert gaps_in([(0, 20)], 3, 4) == []


def target(day, **changes) -> Target:
    data = {
        "title": "t",
        "measure": "wait.within",
        "within": "30 min",
        "bound": "at least 95 %",
        "population": "each station",
        "days": "90 %",
        **changes,
    }
    data = {key: value for key, value in data.items() if value is not None}
    return Target.model_validate(data, context={"clock": day.setting.clock})


def test_a_wait_target_breaks_at_the_first_voter_who_left_or_had_waited_too_long(day):
    judged = judge(day, "w", target(day))
    assert (judged.held, judged.worst, judged.where) == (False, "KV1", "KV1")
    # The balker at 25 is the first who came and did not vote.
    assert judged.broken == 25.0


BREAKS = [
    # over 14 min after the report at 18
    ({"measure": "response.within", "within": "14 min", "population": "overall"}, 32.0),
    # the suspension that begins at 30 passes 15 min at 45
    ({"measure": "suspended.longest", "bound": "at most 15 min"}, 45.0),
    # and 30 to 50 and 110 to 120 together pass 25 min at 115
    ({"measure": "suspended.total", "bound": "at most 25 min"}, 115.0),
    ({"measure": "suspended.total", "bound": "at most 15 min"}, 45.0),
    (
        {"measure": "guard.gap", "bound": "at most 0 min", "population": "each duty"},
        0.0,
    ),
    (
        {"measure": "duty.late", "bound": "at most 0 min", "population": "each duty"},
        150.0,
    ),
    ({"measure": "result.at", "bound": "by 09:30"}, 150.0),
    (
        {
            "measure": "incidents.hot_spots",
            "bound": "at most 0",
            "population": "overall",
        },
        28.0,
    ),
    (
        {
            "measure": "incidents.reported",
            "bound": "at most 1",
            "population": "overall",
        },
        90.0,
    ),
    ({"measure": "votes.share", "bound": "at least 90 %"}, 300.0),
]


@pytest.mark.parametrize(("changes", "broken"), BREAKS)
def test_each_kind_of_target_knows_when_it_broke(day, changes, broken):
    changes = {"within": None, **changes}
    judged = judge(day, "t", target(day, **changes))
    assert not judged.held
    assert judged.broken == broken


def test_minutes_at_two_stations_at_once_are_used_up_twice_as_fast(day):
    # 10 minutes of the one, then both: 25 in all at 10 + 15 / 2
    both = SimpleNamespace(suspensions={"A": [(0, 20)], "B": [(10, 30)]}, log=day.log)
    asked = {"measure": "suspended.total", "within": None, "population": "overall"}
    total = target(day, bound="at most 25 min", **asked)
    assert break_time(both, total, "overall") == 17.5


def test_a_target_that_holds_never_broke(day):
    judged = judge(day, "t", target(day, bound="at least 40 %"))
    assert (judged.held, judged.broken, judged.where) == (True, inf, "")


@pytest.mark.parametrize(
    ("measure", "bound", "worst"),
    [
        ("response.p90", "at most 60 min", max),
        ("incidents.attended", "at least 0", min),
    ],
)
def test_the_worst_member_is_the_one_furthest_on_the_wrong_side(
    day, measure, bound, worst
):
    asked = target(
        day, measure=measure, within=None, population="each type", bound=bound
    )
    values = population_values(day, asked)
    assert len(set(values.values())) > 1
    assert judge(day, "t", asked).worst == worst(values, key=values.__getitem__)


def test_days_with_nothing_to_measure_do_not_count(day):
    nothing = replace(days(1, 1)[0], measured=False, held=True, worst="", value=nan)
    found = verdict_of("t", target(day), [*days(20, 40), *[nothing] * 60])
    assert (found.held, found.days, found.value) == (20, 40, 0.5)
    few = verdict_of("t", target(day), [*days(29, 29), *[nothing] * 60])
    assert (few.verdict, few.interval, few.needed) == ("no verdict", None, None)
    none = verdict_of("t", target(day), [nothing] * 40)
    assert (none.days, none.verdict, none.worst) == (0, "no verdict", "")
    assert isnan(none.value)


def days(held: int, number: int) -> list[Judgement]:
    return [
        Judgement(
            target="t",
            measured=True,
            held=i < held,
            worst="KV2" if i >= held else "KV1",
            value=float(i),
            broken=inf,
            where="",
        )
        for i in range(number)
    ]


@pytest.mark.parametrize(
    ("held", "number", "verdict"),
    [
        (29, 29, "no verdict"),
        (30, 30, "undecided"),  # 0.025 ** (1 / 30) is 88 %
        (36, 36, "met"),  # 0.025 ** (1 / 36) is 90.3 %
        (35, 35, "undecided"),
        (97, 100, "met"),
        (95, 100, "undecided"),
        (80, 100, "missed"),
        (0, 30, "missed"),
    ],
)
def test_the_verdict_follows_the_exact_interval(day, held, number, verdict):
    found = verdict_of("t", target(day), days(held, number))
    assert found.verdict == verdict
    assert (found.interval is None) == (number < 30)
    assert (found.held, found.days) == (held, number)
    assert found.worst == ("KV2" if held < number else "KV1")
