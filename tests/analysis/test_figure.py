from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis.day import Day
from analysis.experiment import run_experiment
from analysis.figure import draw_all, png, svg
from analysis.figure.bar import draw_responses, draw_targets
from analysis.figure.flow import draw_arrivals, flow_of
from analysis.figure.gantt import MOST_LEVELS, chart_of, draw_units
from analysis.figure.map import draw_map
from analysis.figure.palette import clock_ticks, look
from analysis.figure.queue import MOST_PANELS, draw_queue, draw_queues, queues_of
from analysis.figure.scene import closed_roads, scene_of
from analysis.report.summary import responses_of
from scenarios.file.reader import load
from simulator.log import Kind, Record
from simulator.road import map_of
from tests.town import village
from tests.worlds import scenario_of

DAYS = 3


@pytest.fixture(scope="module")
def experiment():
    scenario = load("khanh-thuong", plan="base")
    return run_experiment(scenario, replications=DAYS, workers=1)


@pytest.fixture(scope="module")
def days(experiment):
    return {name: experiment.play(n) for name, n in experiment.named().items()}


@pytest.fixture(scope="module")
def day(days):
    return days["typical"]


@pytest.fixture(scope="module")
def bare():
    scenario = scenario_of(village("Bare", end="10:00") + "places: {seat: {node: a}}")
    return run_experiment(scenario, replications=2, workers=1)


@pytest.fixture
def ax():
    with look():
        yield Figure(figsize=(7, 4), layout="constrained").subplots()


def texts(ax) -> set[str]:
    return {text.get_text() for text in ax.texts} | {
        label.get_text() for label in (*ax.get_xticklabels(), *ax.get_yticklabels())
    }


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def legend(ax) -> set[str]:
    return {text.get_text() for text in ax.get_legend().get_texts()}


def test_every_figure_is_drawn_and_named(experiment, days):
    figures = draw_all(experiment, days)
    assert set(figures) == {
        "targets",
        "queues",
        "arrivals",
        "responses",
        "map",
        "units",
    }


def test_two_draws_give_the_same_bytes(experiment, days):
    first, second = draw_all(experiment, days), draw_all(experiment, days)
    for name, figure in first.items():
        image = png(figure)
        assert image.startswith(b"\x89PNG"), name
        assert image == png(second[name]), name
        assert svg(figure) == svg(second[name]), name


def test_no_date_and_no_version_is_in_the_files(experiment, days):
    figure = draw_all(experiment, days)["targets"]
    assert b"Software" not in png(figure)
    text = svg(figure)
    assert b"dc:date" not in text
    assert b"Matplotlib" not in text


def test_drawing_leaves_the_users_settings_alone(experiment, days):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    png(draw_all(experiment, days)["queues"])
    assert dict(mpl.rcParams) == before


def test_a_bare_scenario_has_a_map_and_nothing_else(bare):
    figures = draw_all(bare, {"typical": bare.play(0)})
    assert set(figures) == {"map"}
    assert png(figures["map"])


def test_without_a_day_there_is_neither_map_nor_gantt_chart(experiment):
    assert set(draw_all(experiment, {})) == {
        "targets",
        "queues",
        "arrivals",
        "responses",
    }


def test_a_queue_panel_shows_the_hours_around_the_vote(experiment, day, ax):
    queue = queues_of(experiment, day)[0]
    assert draw_queue(queue, ax) is ax
    assert ax.get_xlim() == (queue.opens - 60, queue.closes + 120)
    assert ax.get_title(loc="left").startswith("KV1")
    assert "06:00\nD" in texts(ax)
    assert {"median day", "least to most of all days", "opens and closes"} <= set(
        ax.get_legend_handles_labels()[1]
    )


def test_a_close_that_was_put_off_is_marked_beside_the_scenarios(experiment, ax):
    later = "closes later, on some days"
    first, *rest = experiment.replications
    moved = replace(first, closes=(first.closes[0] + 60.0, *first.closes[1:]))
    put_off = replace(experiment, replications=(moved, *rest))
    queue, other = queues_of(put_off)[:2]
    draw_queue(queue, ax)
    assert ax.get_xlim()[1] == queue.closes + 60 + 120
    assert ax.get_legend_handles_labels()[1].count(later) == 1
    assert sum(line.get_linestyle() == ":" for line in ax.lines) == 1
    ax.clear()
    draw_queue(other, ax)
    assert later not in ax.get_legend_handles_labels()[1]
    ax.clear()
    draw_arrivals(flow_of(put_off), ax)
    assert later in ax.get_legend_handles_labels()[1]
    assert ax.get_xlim()[1] == queue.closes + 60 + 120


def test_a_station_that_moved_is_drawn_at_both_sites(experiment, day, ax):
    at = 26.0 * 60
    left = Record(at, Kind.LEAVES, "KV2", "house-2", {"to": "market", "gave_up": 0})
    log = replace(day.log, records=(*day.log.records, left))
    scene = scene_of(experiment.scenario, Day(day.setting, log))
    ((start, site),) = scene.moves
    assert start == scene.stations["KV2"]
    assert site not in scene.stations.values()
    draw_map(scene, ax)
    assert [t.xy for t in ax.texts if getattr(t, "arrowprops", None)].count(site) == 1
    assert "station moved here" in legend(ax)
    assert scene_of(experiment.scenario, day).moves == ()


def test_a_suspension_is_marked_at_its_station_alone(experiment, day):
    with look():
        figure = draw_queues(queues_of(experiment, day))
    marked = {
        ax.get_title(loc="left")[:3]: "voting suspended, typical day"
        in ax.get_legend_handles_labels()[1]
        for ax in figure.axes
        if ax.get_title(loc="left")
    }
    assert marked == {f"KV{n}": n == 4 for n in range(1, 7)}


def test_of_many_stations_those_with_the_longest_lines_are_shown(experiment):
    one = experiment.setting.stations["KV1"]
    names = [f"A{i}" for i in range(MOST_PANELS + 3)]
    plan = experiment.scenario.plans["base"]
    setting = plan.setting.model_copy(
        update={"stations": dict.fromkeys(names, one), "targets": {}}
    )
    lines = np.zeros((len(names), experiment.replications[0].lines.shape[1]), np.int32)
    lines[5] = 9
    many = replace(
        experiment,
        scenario=replace(
            experiment.scenario, plans={"base": replace(plan, setting=setting)}
        ),
        replications=(
            replace(
                experiment.replications[0], lines=lines, closes=(0.0,) * len(names)
            ),
        ),
    )
    queues = queues_of(many)
    assert len(queues) == MOST_PANELS
    assert queues[0].station == "A5"


def test_arrivals_are_never_below_votes(experiment, ax):
    flow = flow_of(experiment)
    assert (flow.arrived >= flow.voted).all()
    draw_arrivals(flow, ax)
    assert ax.get_ylabel() == "voters"
    assert ax.get_xlabel() == "clock time, D = 2021-05-23"
    assert {"had come", "had voted in the room"} <= legend(ax)
    assert any("inside, or gone without" in text for text in texts(ax))


def test_one_station_brings_its_own_arrivals_only(experiment):
    alone, every = flow_of(experiment, "KV1"), flow_of(experiment)
    assert alone.arrived[:, -1].max() < every.arrived[:, -1].max()


def test_the_legs_add_up_to_the_mean_response(experiment):
    for response in responses_of(experiment, experiment.series):
        legs = sum(response.legs.values())
        assert legs == pytest.approx(response.mean, abs=1e-9), response.type


def test_responses_name_each_type_and_its_legs(experiment, ax):
    responses = responses_of(experiment, experiment.series)
    draw_responses(responses, ax)
    assert "brawl (1.0 a day)" in texts(ax)
    assert "travel: moving to arrived" in legend(ax)
    assert ax.get_xlabel().startswith("minutes from report")


def test_incidents_that_nobody_attended_leave_an_empty_panel(ax):
    draw_responses([], ax)
    assert words(ax) == ["no incident was attended"]


def test_below_30_days_no_target_has_a_verdict(experiment, ax):
    targets = list(experiment.setting.targets.values())
    draw_targets(list(zip(experiment.verdicts(), targets, strict=True)), ax)
    assert words(ax) == ["no verdict"] * len(targets)
    assert ax.get_xlabel() == f"share of {DAYS} days on which the target held"


def test_each_target_says_its_verdict_in_words(experiment, ax):
    targets = list(experiment.setting.targets.values())[:3]
    said = ["met", "missed", "undecided"]
    verdicts = [
        replace(v, verdict=word, interval=(0.5, 0.9))
        for v, word in zip(experiment.verdicts(), said, strict=False)
    ]
    draw_targets(list(zip(verdicts, targets, strict=True)), ax)
    assert words(ax) == said


def test_without_targets_the_panel_says_so(ax):
    draw_targets([], ax)
    assert words(ax) == ["the scenario sets no target"]


def test_the_gantt_chart_has_a_row_a_unit_and_names_the_injects(day, ax):
    chart = chart_of(day)
    draw_units(chart, ax)
    assert set(day.setting.units) <= texts(ax)
    assert {"S1", "S2", "S3"} <= texts(ax)
    assert {"on scene", "standing by", "on duty work"} <= legend(ax)
    assert ax.get_xlim() == (0.0, day.log.end)


def test_injects_at_one_time_do_not_pile_up_without_end(day, ax):
    chart = replace(chart_of(day), injects=tuple((60.0, f"S{i}") for i in range(20)))
    draw_units(chart, ax)
    assert sum(text.get_text().startswith("S") for text in ax.texts) == MOST_LEVELS


def test_a_plan_without_units_leaves_an_empty_panel(day, ax):
    draw_units(replace(chart_of(day), units=(), spans=()), ax)
    assert words(ax) == ["the plan has no units"]


def test_the_roads_closed_on_the_day_are_found(experiment, day):
    closed = closed_roads(day)
    assert {"seat-front", "pass-3"} <= closed


def test_the_map_names_stations_and_points_to_what_is_off_it(experiment, day, ax):
    scene = scene_of(experiment.scenario, day)
    draw_map(scene, ax)
    assert {f"KV{n}" for n in range(1, 7)} <= texts(ax)
    assert "district" in scene.away
    assert "district \u2192" in texts(ax)
    assert {"N", "1 km"} <= texts(ax)
    assert {"station", "base of units", "road closed at some time"} <= legend(ax)
    assert ax.get_aspect() == 1.0


def test_all_roads_are_one_collection_each_drawn_once(experiment, day, ax):
    scene = scene_of(experiment.scenario, day)
    draw_map(scene, ax)
    edges = len(set(map_of(experiment.scenario).road))
    lines = len(scene.roads) + len(scene.closed)
    pieces = len(experiment.setting.places)
    assert edges <= lines <= edges + pieces
    assert len(ax.collections[0].get_segments()) == len(scene.roads)


@pytest.mark.parametrize("room", [2, 4, 9])
def test_clock_ticks_are_round_and_few(experiment, room):
    clock = experiment.scenario.clock
    ticks = clock_ticks(clock, 0.0, clock.minutes, room)
    assert 1 <= len(ticks) <= room
    assert all(0 <= tick <= clock.minutes for tick in ticks), ticks
    assert all(clock.text(tick).endswith(":00") for tick in ticks), ticks


def test_a_title_with_dollar_signs_is_no_formula(experiment):
    queue = replace(queues_of(experiment)[0], title="$\\frac{$")
    with look():
        figure = draw_queues([queue])
    assert png(figure)
