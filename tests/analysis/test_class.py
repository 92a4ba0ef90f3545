# An assisted booth beside the writing booth, a day made by hand: each class waits for
# its own, and a stage that somebody skips leaves no trace in lines and waits.

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from analysis.day import Day, line_changes, votes_of, waits_of
from analysis.measure import FUNCTIONS, Query
from analysis.table import voters_table
from analysis.target import judge
from scenarios.check import check_text
from scenarios.target import Target
from simulator.log import Log, Outcome, VoterTable
from simulator.world import World
from tests.town import village
from tests.worlds import scenario_of

TEXT = village("Two booths", "07:00", "12:00")
TEXT += """\
places: {school: {node: b}}
stations:
  KV1:
    place: school
    registered: 60
    turnout: 90 %
    arrivals: {hourly: [1]}
    opens: "07:00"
    closes: "09:00"
    officers: 4
    classes: {aided: {share: 20 %, priority: true}}
    stages:
      desk: {servers: 1, service: 1 min}
      booth: {servers: 2, officers: 0, service: 2 min, voting: true, except: [aided]}
      aid: {servers: 1, service: 5 min, voting: true, only: [aided]}
      box: {servers: 1, service: 1 min}
targets:
  waits:
    title: Nobody waits long
    measure: wait.max
    bound: at most 6 min
    population: each class
    days: 90 %
"""
N = nan
# class, arrival, desk, booth, aid, box (start and end of each), left, outcome
VISITS = [
    (0, 0, 0, 1, 1, 3, N, N, 3, 4, 4, Outcome.VOTED),  # waits 1
    (1, 0, 1, 2, N, N, 2, 7, 7, 8, 8, Outcome.VOTED),  # waits 2
    (1, 1, 2, 3, N, N, 7, 12, 12, 13, 13, Outcome.VOTED),  # waits 6, 4 of it for aid
    (0, 1, 3, 4, 4, 6, N, N, 8, 9, 9, Outcome.VOTED),  # waits 3, then 2 for the box
    (1, 5, 5, 6, N, N, N, N, N, N, 20, Outcome.ABANDONED),  # stood for aid from 6 on
    (0, 6, 6, 7, 7, 9, N, N, N, N, N, Outcome.PRESENT),  # waits 1, at the box since 9
]


def table() -> VoterTable:
    columns = np.array(VISITS, dtype=float)
    return VoterTable(
        registered=10,
        stages=("desk", "booth", "aid", "box"),
        voting_stages=(1, 2),
        classes=("ordinary", "aided"),
        voter=np.arange(len(VISITS)),
        visit=np.zeros(len(VISITS), dtype=int),
        priority=np.zeros(len(VISITS), dtype=int),
        class_=columns[:, 0].astype(np.int8),
        arrival=columns[:, 1],
        start=columns[:, [2, 4, 6, 8]],
        end=columns[:, [3, 5, 7, 9]],
        left=columns[:, 10],
        outcome=columns[:, 11].astype(int),
    )


@pytest.fixture
def scenario():
    return scenario_of(TEXT)


@pytest.fixture
def day(scenario):
    return Day(scenario.setting, Log(records=(), voters={"KV1": table()}, end=30.0))


def test_each_class_waits_for_its_own_booth():
    assert waits_of(table()).tolist() == [1, 2, 6, 3, inf, 1]


def test_lines_count_nobody_at_a_stage_that_is_skipped():
    times, lengths = line_changes(table())
    after = dict(zip(times.tolist(), lengths.tolist(), strict=True))
    # At 1 one waits for the desk; at 2 nobody but the fourth; from 3 the third for aid.
    expected = {0: 1, 1: 2, 2: 1, 3: 1, 6: 3, 7: 2, 8: 1, 9: 2, 20: 1}
    assert after == expected


def test_votes_are_cast_when_the_visit_ends_whatever_was_skipped():
    ended = replace(table(), end=np.array([[1, 2, 3, N]] * len(VISITS), dtype=float))
    assert votes_of(ended).tolist() == [4, 8, 13, 9]


VALUES = [
    ("wait.mean", "class ordinary", (1 + 3 + 1) / 3),
    ("wait.mean", "class aided", (2 + 6) / 2),
    ("wait.mean", "KV1", (1 + 3 + 1 + 2 + 6) / 5),
    ("wait.max", "class aided", 6),
    ("wait.p90", "class aided", inf),
    ("wait.within", "class aided", 2 / 3),
    ("wait.within", "class ordinary", 1),
    # who skipped a booth joined the next line when the desk was done
    ("stage.queue_time", "KV1/desk", (0 + 1 + 1 + 2 + 0 + 0) / 6),
    ("stage.queue_time", "KV1/booth", 0),
    ("stage.queue_time", "KV1/aid", (0 + 4) / 2),
    ("stage.queue_time", "KV1/box", (0 + 0 + 0 + 2) / 4),
]


@pytest.mark.parametrize(("name", "member", "expected"), VALUES)
def test_measures_of_classes_are_what_their_definitions_say(
    day, name, member, expected
):
    values = FUNCTIONS[name](day, Query(within=6.0 if name == "wait.within" else nan))
    assert values[member] == pytest.approx(expected)


def test_a_target_for_each_class_tells_the_class_and_when_it_broke(day):
    def judged(bound: str, measure: str = "wait.max", **more: str):
        target = Target.model_validate(
            {
                "title": "waits",
                "measure": measure,
                "bound": bound,
                "population": "each class",
                "days": "90 %",
                **more,
            }
        )
        return judge(day, "waits", target)

    held, missed = judged("at most 6 min"), judged("at most 5 min")
    assert (held.held, held.worst, held.value) == (True, "class aided", 6)
    # The third came at 1 and had waited five minutes at 6.
    assert (missed.held, missed.where, missed.broken) == (False, "class aided", 6)
    lost = judged("at least 90 %", "wait.within", within="18 min")
    assert (lost.where, lost.broken) == ("class aided", 20)


def test_without_classes_no_class_is_measured(day):
    alone = replace(table(), classes=("ordinary",), class_=np.zeros(6, dtype=np.int8))
    log = replace(day.log, voters={"KV1": alone})
    values = FUNCTIONS["wait.mean"](Day(day.setting, log), Query())
    assert set(values) == {"KV1", "overall"}


def test_a_target_for_each_class_without_classes_is_found():
    text = TEXT.replace("    classes: {aided: {share: 20 %, priority: true}}\n", "")
    text = text.replace(", except: [aided]", "")
    aid = "      aid: {servers: 1, service: 5 min, voting: true, only: [aided]}\n"
    assert aid in text
    found = [f.text for f in check_text(scenario_of(text.replace(aid, "")), "base")]
    assert "wait.max has nothing to measure here" in found


def test_the_table_of_voters_names_the_class(scenario):
    log = World(scenario, "base", 1, 0).finish()
    rows = voters_table(Day(scenario.setting, log))
    assert set(rows["class"]) == {"ordinary", "aided"}
    aided = rows["class"] == "aided"
    assert rows["start booth"][aided].isna().all()
    assert rows["start aid"][~aided].isna().all()
    assert (rows["priority"] == aided).all()
    assert list(rows.columns[:7]) == [
        *("station", "home", "voter", "visit", "priority", "class", "arrival")
    ]
