# What the report, the description and the Gantt chart tell of dispatch.

from itertools import combinations

import pytest

from analysis.day import Day
from analysis.experiment import run_experiment
from analysis.figure import units_figure
from analysis.figure.gantt import _PAINTS, chart_of, statuses
from analysis.figure.palette import look
from analysis.report.assumption import assumptions_of
from analysis.report.chapter import responses_chapter
from analysis.report.event import told
from analysis.report.force import dispatch_table, status_table
from analysis.report.sheet import sheet_of
from analysis.report.timeline import timeline_of
from analysis.target import judge
from scenarios.describe import describe
from scenarios.target import Target
from simulator.log import Status
from simulator.world import World
from tests.analysis.busy import town
from tests.analysis.handmade import LOG, TEXT
from tests.worlds import scenario_of


@pytest.fixture(scope="module")
def day():
    return Day(scenario_of(TEXT).setting, LOG)


def test_the_timeline_tells_what_dispatch_did_and_why(day):
    events = {(event.time, event.text) for event in told(day)}
    assert events >= {
        (20, "A1 is taken from F1 and sent to R1."),
        (20, "F1 waits though units are free: they are kept in reserve."),
        (61, "Q1 waits though units are free: waits for A2."),
        (61, "Mutual aid: D1 is asked for, for Q1."),
        (66, "Mutual aid: chief agrees to units of district."),
        (66, "Mutual aid: D1 is called up."),
        (76, "Mutual aid: D1 is at hand."),
        (95, "Q1 is over by itself: nobody had come."),
        (110, "S1 leaves its post at market for T1."),
        (118, "T1 waits though units are free: not all it needs can go."),
        (175, "W1 calms down to level 1."),
        (200, "Mutual aid: D1 is stood down."),
        (248, "B1 relieves A1 at W1."),
    }
    # A switch is no harm, and told by the dispatch record alone.
    assert not any("B1 is taken" in text for _, text in events)


def test_who_is_gone_did_not_wait_until_the_end(day):
    texts = [event.text for event in timeline_of(day)]
    assert any(text.startswith("Until the end nobody came to N1") for text in texts)
    assert not any("nobody came to Q1" in text for text in texts)


def test_the_timeline_tells_of_lost_touch_once_for_all_units():
    world = World(town(), seed=3)
    texts = [event.text for event in told(Day(world.setting, world.finish()))]
    assert texts.count("Out of touch: P2 and M1.") == 1
    assert texts.count("In touch again: P2 and M1.") == 1
    assert "P3 is out of service." in texts


BOUND = {"bound": "at most 14 min", "days": "90 %", "title": "t"}
BREAKS = [
    # 14 min after the reports of F1 at 12, Q1 at 60, N1 at 101
    ({"measure": "response.max", "population": "each priority"}, 26, "priority 2"),
    ({"measure": "response.max", "population": "each area"}, 26, "area north"),
    ({"measure": "response.p50", "population": "each priority"}, 26, "priority 2"),
    (
        {"measure": "incidents.gone", "population": "each area", "bound": "at most 0"},
        95,
        "area south",
    ),
    (
        {
            "measure": "incidents.unattended",
            "population": "each priority",
            "bound": "at most 0",
        },
        101,
        "priority 3",
    ),
    (
        {
            "measure": "incidents.rises",
            "population": "each level",
            "bound": "at most 1",
        },
        300,
        "level 2",
    ),
]


@pytest.mark.parametrize(("changes", "broken", "where"), BREAKS)
def test_a_target_can_ask_by_priority_area_and_level(day, changes, broken, where):
    data = {**BOUND, **changes}
    target = Target.model_validate(data, context={"clock": day.setting.clock})
    judged = judge(day, "t", target)
    assert (judged.held, judged.broken, judged.where) == (False, broken, where)


def test_a_target_on_areas_is_about_areas_alone(day):
    data = {**BOUND, "measure": "response.max", "population": "each area"}
    data["bound"] = "at most 30 min"
    target = Target.model_validate(data, context={"clock": day.setting.clock})
    judged = judge(day, "t", target)
    # N1, on the hill that is in no area, does not count.
    assert judged.worst == "area south"


# ---- in words --------------------------------------------------------------------

ORDERS = {
    "preempt": "A unit on its way to priority 3 may be taken for priority 1 or 2.",
    "switch": "A unit on its way is replaced when another saves more than 30 % of",
    "reserve": "Priority 3 is served only while 2 other own unit(s) with the skill",
    "ageing": "one counts a priority higher for every 40 min since its report",
    "cover": "A place is covered when a free unit can be there within 6 min.",
}


@pytest.mark.parametrize("words", ORDERS.values(), ids=ORDERS)
def test_the_standing_orders_are_said_in_words(words):
    scenario = town()
    said = "\n".join(assumptions_of(scenario, scenario.setting)["Units and incidents"])
    assert words in said
    assert words in describe(scenario, "base")


FORCES = [
    "home area left",
    "on scene at the end, it stays until another unit relieves it",
    "work is paused at the end",
    "on patrol along centre, north, east, 10 min at each",
    "post at north 06:00 to 11:00, stripped for priority 2 or higher when no other",
    "post at south 06:00 to 11:00, never stripped",
    "a break of 20 min from 09:00, begun by 09:30, only priority 1 or higher",
    "work of its own 0.5 times an hour, 12 min each on average, left for priority 2",
    "in the last 30 min of a shift sent only to priority 1 or higher",
    "mutual aid: chief agrees in 5 min, called up in 8 min, stays at least 60 min",
    "ends by itself when nobody has come after 35 min on average",
    "50 % of the units then drive to the nearest of north",
    "work starts when all units needed are there",
    "all units leave together",
]


@pytest.mark.parametrize("words", FORCES)
def test_the_description_tells_every_rule_of_units_and_incidents(words):
    assert words in describe(town(), "base")


WAYS = [
    ({"send": "together", "behind": "strict"}, "those behind it in the queue wait too"),
    ({"send": "together"}, "those behind it in the queue may pass"),
    (
        {"aid_beyond": "9 min"},
        "when the unit sent needs more than 9 min",
    ),
    ({"standby": {"kind": "list", "places": ["east"]}}, "first empty one of east"),
    (
        {"standby": {"kind": "cover", "places": ["east"]}},
        "where cover gains most, of east",
    ),
    (
        {"standby": {"kind": "table", "table": {"2": ["east", "west"]}}},
        "Stand-by moves by table: 2 free hold east, west.",
    ),
    ({"preempt": {}, "switch": None}, "A unit on its way is not redirected."),
]


@pytest.mark.parametrize(("changes", "words"), WAYS)
def test_other_standing_orders_are_said_too(changes, words):
    assert words in describe(town(**changes), "base")


def test_lists_are_written_out():
    assert "Preference lists: west: P3, P4" in describe(town("home-area"), "base")


@pytest.fixture(scope="module")
def experiment():
    return run_experiment(town(), replications=2, workers=1)


def test_the_sheet_names_the_standing_orders(experiment):
    queues = dict(sheet_of(experiment))["Queues"]
    assert ORDERS["preempt"] in queues


def test_the_report_tells_of_the_queue_cover_and_where_the_time_went(experiment):
    series, clock = experiment.series, experiment.setting.clock
    (told_of,) = dispatch_table(series, clock)
    for name in ("queue.not_at_once", "churn.preemptions", "aid.requests", "cover.one"):
        assert f">{name}<" in told_of.source
    # Nobody moves to stand by in this town.
    assert "churn.standby_moves" not in told_of.source
    (times,) = status_table(experiment, series)
    for status in ("on patrol", "at own work", "not called up", "transporting"):
        assert f">{status}<" in times.source
    assert "off shift<" not in times.source
    chapter = responses_chapter(experiment, series, {})
    assert chapter is not None
    assert "queue.not_at_once" in chapter.source


# ---- the chart -------------------------------------------------------------------


def test_every_status_on_shift_has_a_paint_and_no_two_look_alike_in_grey():
    assert set(_PAINTS) == set(Status) - {Status.OFF}
    for (one, first), (two, second) in combinations(_PAINTS.items(), 2):
        apart = abs(brightness(first.colour) - brightness(second.colour))
        assert first.hatch.strip() != second.hatch.strip() or apart > 0.1, (one, two)


def brightness(colour: str) -> float:
    if colour == "white":
        return 1.0
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_the_chart_shows_what_units_do_when_nothing_is_asked_of_them(day):
    seen = statuses(chart_of(day))
    assert {Status.PATROL, Status.BREAK, Status.OWN_WORK, Status.UNCALLED} <= set(seen)
    assert {Status.MOVING, Status.TRANSPORT, Status.CALLED_UP} <= set(seen)
    with look():
        legend = units_figure(day).axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [s.value for s in seen]
