"""A day told in full: every dispatch in words, in order of time, a line each."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.day import Day
from analysis.report.telling import telling_lines, telling_of
from scenarios.file.reader import load
from simulator.log import Kind
from simulator.world import World
from tests.worlds import patrols, scenario_of, worlds


def played(plan: str, number: int) -> Day:
    world = World(load("khanh-thuong", plan=plan), plan, 1, number)
    return Day(world.setting, world.finish())


@pytest.fixture(scope="module")
def day() -> Day:
    return played("thin", 9)


def test_every_leg_of_every_incident_has_its_line(day):
    texts = [event.text for event in telling_of(day)]
    for kind, words in (
        (Kind.REPORTED, "^Reported: "),
        (Kind.ASSIGNED, " is sent to "),
        (Kind.ARRIVED, " is there, .* after the report: "),
        (Kind.CLEARED, "^Over: "),
        (Kind.DUTY_STARTS, "^Duty begins: "),
        (Kind.ESCALATED, " rises to level "),
        (
            Kind.EFFECT,
            "^(Lose servers|Slow|Balking|Slow road|Drop|Road closed)\\b(?!.* ends)",
        ),
    ):
        skipped = ("incident", "suspend", "out_of_service", "radio_loss", "surge")
        records = [
            r for r in day.log.of(kind) if r.details.get("effect") not in skipped
        ]
        assert records
        found = [text for text in texts if re.search(words, text)]
        assert len(found) == len(records), words


def test_times_do_not_fall_and_each_event_is_told_once(day):
    events = telling_of(day)
    assert [e.time for e in events] == sorted(e.time for e in events)
    assert max(Counter((e.time, e.text) for e in events).values()) == 1


def test_places_are_called_by_their_titles(day):
    titles = {n: p.title for n, p in day.setting.places.items() if p.title}
    lines = "\n".join(telling_lines(day))
    assert f"at {titles['school-4']} (S3)" in lines
    # Names stand for places nowhere but in the names of incidents.
    bare = re.sub(r"[\w-]+@[\w/#-]+", "", lines)
    assert not [name for name in titles if re.search(rf" at {name}\\b", bare)]


def test_a_line_is_a_clock_time_and_a_sentence(day):
    lines = telling_lines(day)
    pattern = re.compile(r" *(D[+-]\d )?\d\d:\d\d  \S[^_\n]*")
    assert [line for line in lines if not pattern.fullmatch(line)] == []
    starts = [i for i, line in enumerate(lines) if line.startswith("    07:00  Voting")]
    assert len(starts) == 1
    assert len({line.index("  ", 4) for line in lines if line[0] == "D"}) == 1


def test_targets_that_broke_are_told(day):
    assert any(event.text.startswith("Target broken") for event in telling_of(day))


def test_a_title_of_two_lines_is_told_in_one():
    scenario = load("khanh-thuong", changes=('script.S2.title="One\\nTwo"',))
    world = World(scenario, "base", 1, 0)
    lines = telling_lines(Day(world.setting, world.finish()))
    assert "D-1 14:00  S2: One Two" in lines


@settings(max_examples=40, deadline=None)
@given(st.one_of(worlds(), patrols()))
def test_any_day_can_be_told_and_no_dispatch_is_left_out(data):
    world = World(scenario_of(data), "base", 1, 0)
    day = Day(world.setting, world.finish())
    texts = [event.text for event in telling_of(day)]
    assert sum(" is sent to " in t for t in texts) == len(day.log.of(Kind.ASSIGNED))
    assert sum(" there, " in t for t in texts) == len(day.log.of(Kind.ARRIVED))
    cancelled = [t for t in texts if " no longer goes to " in t or " taken from " in t]
    assert len(cancelled) == len(day.log.of(Kind.CANCELLED))
    assert len(telling_lines(day)) == len(texts)
