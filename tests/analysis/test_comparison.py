# Two stations that share four desks, and a lane to the second one; a plan moves a desk.

import json
from dataclasses import replace
from math import inf, nan

import numpy as np
import pandas as pd
import pytest

import muster
from analysis.column.study import STUDY
from analysis.comparison.answer import exceptions, held_text, records
from analysis.comparison.item import MAIN, WITHIN, Item
from analysis.comparison.matrix import (
    front_of,
    matrix_table,
    mean_of,
    pareto_table,
)
from analysis.comparison.regret import overall_sentences
from analysis.comparison.table import pairs_of, targets_table
from analysis.comparison.verdict import change_text, interval_text, told, verdict_of
from analysis.difference import Difference
from analysis.experiment import run_experiment
from analysis.pair import Pair
from analysis.replication import Values
from scenarios.file.reader import load
from scenarios.measure import MEASURES, population_of
from scenarios.problem import ScenarioError
from tests.town import village

STATION = """
    registered: 150
    turnout: 95 %
    arrivals: {hourly: [3, 2, 1, 1]}
    opens: "07:00"
    closes: "11:00"
    officers: 4
    stages:
      desk: {servers: SERVERS, voting: true, service: {law: gamma, mean: 2 min, cv: 1}}
"""
WORLD = village("Two halls", start="06:00", end="14:00")
WORLD += "places: {one: {node: a}, two: {node: b}}\nstations:\n  KV1:\n    place: one"
WORLD += STATION.replace("SERVERS", "1")
WORLD += "  KV2:\n    place: two" + STATION.replace("SERVERS", "3")
WORLD += """\
agencies: {police: {}}
units:
  P1:
    agency: police
    skills: [order]
    base: one
    cost_per_hour: 10
    shifts: [{from: "06:00", until: "14:00"}]
targets:
  waits:
    title: Short waits
    measure: wait.within
    within: 30 min
    bound: at least 60 %
    population: each station
    days: 50 %
"""
SWAP = """\
title: A desk moved
stations:
  KV1: {stages: {desk: {servers: 3}}}
  KV2: {stages: {desk: {servers: 2}}}
"""
DEAR = """\
title: Another patrol, who does nothing
units:
  P2:
    agency: police
    skills: [order]
    base: two
    cost_per_hour: 10
    shifts: [{from: "06:00", until: "14:00"}]
"""


@pytest.fixture(scope="module")
def halls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare") / "halls"
    (folder / "plans").mkdir(parents=True)
    (folder / "scenario.yaml").write_text(WORLD)
    (folder / "plans" / "swap.yaml").write_text(SWAP)
    (folder / "plans" / "dear.yaml").write_text(DEAR)
    return folder


@pytest.fixture(scope="module")
def comparison(halls):
    return muster.compare(halls, ("base", "swap", "dear"), replications=40, workers=1)


def row(frame, **wanted):
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1, frame
    return frame.iloc[0]


def test_every_measure_says_which_side_is_better():
    assert {m.better for m in MEASURES.values()} == {"lower", "higher", "neither"}
    better = {name: measure.better for name, measure in MEASURES.items()}
    assert better["wait.within"] == better["votes.share"] == "higher"
    assert better["wait.mean"] == better["staff.cost"] == "lower"
    assert better["voters.came"] == "neither"
    assert all(better[name] != "neither" for name in (*MAIN, *WITHIN))


def test_a_member_belongs_to_one_population():
    assert population_of(MEASURES["wait.mean"], "KV1") == "station"
    assert population_of(MEASURES["wait.mean"], "class old") == "class"
    assert population_of(MEASURES["response.mean"], "priority 1") == "priority"
    assert population_of(MEASURES["response.mean"], "overall") == "overall"
    assert population_of(MEASURES["stage.queue_time"], "KV1/desk") == "stage"


def test_a_difference_is_that_of_the_same_days(comparison):
    found = row(comparison.differences, plan="swap", measure="wait.mean", subject="KV1")
    case = comparison.cases["halls"]
    one, other = (case[p].series["wait.mean", -1.0, "KV1"] for p in ("swap", "base"))
    assert found["difference"] == pytest.approx((one - other).mean())
    assert found["sd"] == pytest.approx((one - other).std(ddof=1))
    assert found["factor"] == pytest.approx(
        (one.var(ddof=1) + other.var(ddof=1)) / (one - other).var(ddof=1)
    )
    assert found["low"] < found["difference"] < found["high"] < 0
    assert (found["days"], found["verdict"]) == (40, "better")


def test_better_on_average_but_worse_at_one_station_comes_first(comparison):
    table = comparison.differences
    whole = row(table, plan="swap", measure="wait.mean", subject="overall")
    other = row(table, plan="swap", measure="wait.mean", subject="KV2")
    assert (whole["verdict"], other["verdict"]) == ("better", "worse")
    told_of = [t for t in comparison.exceptions("halls") if "(mean wait" in t]
    assert len(told_of) == 1
    assert told_of[0].startswith("swap is better than base on average (mean wait -")
    assert "but worse at KV2 (+" in told_of[0]


def test_a_plan_that_changes_nothing_is_the_same_and_only_dearer(comparison):
    table = comparison.differences
    dear = table[(table["plan"] == "dear") & (table["family"] == "main")]
    verdicts = dear.set_index("measure")["verdict"]
    assert verdicts.pop("staff.cost") == "worse"
    assert verdicts.pop("staff.hours") == "worse"
    known = [m for m in verdicts.index if verdicts[m] != "no verdict"]
    assert set(verdicts[known]) == {"the same"}
    cost = row(table, plan="dear", measure="staff.cost", subject="overall")
    assert cost["difference"] == cost["low"] == cost["high"] == 80.0


def test_targets_are_compared_day_by_day(comparison):
    case = comparison.cases["halls"]
    held = {p: [r.judgements[0].held for r in e.replications] for p, e in case.items()}
    found = row(comparison.targets, plan="swap")
    both = list(zip(held["swap"], held["base"], strict=True))
    assert found["gained"] == both.count((True, False)) > 20
    assert found["lost"] == both.count((False, True))
    assert found["held"] == sum(held["swap"])
    assert found["against"] == "better"
    assert found["compared"] == 2
    assert pd.isna(row(comparison.targets, plan="base")["against"])


def test_the_line_is_compared_hour_by_hour(comparison):
    case = comparison.cases["halls"]
    lines = {p: np.array([r.lines for r in e.replications]) for p, e in case.items()}
    found = row(comparison.day, plan="swap", station="KV1", clock="08:00")
    # the hour from minute 120 on: grid moments 24 to 35
    hour = lines["swap"][:, 0, 24:36].mean() - lines["base"][:, 0, 24:36].mean()
    assert found["difference"] == pytest.approx(hour)
    assert found["verdict"] == "better"
    whole = row(comparison.day, plan="swap", station="overall", clock="08:00")
    both = row(comparison.day, plan="swap", station="KV2", clock="08:00")
    assert whole["difference"] == pytest.approx(hour + both["difference"])


def test_cost_against_service_marks_what_no_other_plan_beats(comparison):
    found = comparison.pareto.set_index("plan")
    assert found["cost"].to_dict() == {"base": 80.0, "swap": 80.0, "dear": 160.0}
    assert found["pareto"].to_dict() == {"base": False, "swap": True, "dear": False}
    assert comparison.holding() == ["swap"]


def test_points_that_are_equal_are_both_on_the_front():
    assert front_of([(1, 5), (1, 5), (2, 5), (2, 4), (3, nan)], "lower") == [
        True, True, False, True, False,
    ]  # fmt: skip
    assert front_of([(1, 5), (2, 4)], "higher") == [True, False]


def test_the_matrix_has_worst_case_and_regret(comparison):
    first = comparison.cases["halls"]
    second = {**first, "base": first["swap"], "swap": first["base"]}
    key = ("wait.mean", -1.0, "overall")
    found = matrix_table({"one": first, "two": second}, key)
    waits = {p: float(e.series[key].mean()) for p, e in first.items()}
    gap = waits["base"] - waits["swap"]
    assert gap > 0
    at = {"about": "wait.mean", "plan": "base"}
    assert row(found, scenario="one", **at)["regret"] == pytest.approx(gap)
    assert row(found, scenario="two", **at)["regret"] == 0
    assert row(found, scenario="two", **at)["worst"] == pytest.approx(waits["base"])
    assert row(found, scenario="two", **at)["most_regret"] == pytest.approx(gap)
    shares = found[(found["about"] == "target waits") & (found["plan"] == "swap")]
    assert (shares["worst"] == shares["value"].min()).all()
    assert len(pareto_table({"one": first, "two": second}, key)) == 6


def days(first, held, waits):
    """Make days on which waits held so often of ten, with a mean wait of so long."""
    judgement = first.replications[0].judgements[0]
    return replace(
        first,
        replications=tuple(
            replace(
                r,
                judgements=(replace(judgement, held=number < held),),
                values=Values.of({("wait.mean", -1.0, "overall"): waits}),
            )
            for number, r in enumerate(first.replications[:10])
        ),
    )


def test_worst_case_and_regret_are_those_worked_out_by_hand(comparison):
    # Shares held of ten days, and mean waits; the best of each row of the day is known.
    first = comparison.first
    cases = {
        "dry": {"a": days(first, 10, 4.0), "b": days(first, 8, 5.0)},
        "wet": {"a": days(first, 3, 20.0), "b": days(first, 7, 9.0)},
        "none": {"a": days(first, 5, nan), "b": days(first, 6, nan)},
    }
    found = matrix_table(cases, ("wait.mean", -1.0, "overall"))
    told = {
        (r["about"], r["plan"]): (r["value"], r["regret"], r["worst"], r["most_regret"])
        for r in found[found["scenario"] == "wet"].to_dict("records")
    }
    assert told == {
        ("target waits", "a"): pytest.approx((0.3, 0.4, 0.3, 0.4)),
        ("target waits", "b"): pytest.approx((0.7, 0.0, 0.6, 0.2)),
        ("wait.mean", "a"): (20.0, 11.0, 20.0, 11.0),
        ("wait.mean", "b"): (9.0, 0.0, 9.0, 1.0),
    }
    missing = row(found, about="wait.mean", plan="a", scenario="none")
    assert missing[["value", "regret"]].isna().all()
    assert overall_sentences(found, ["b"], lambda value: f"{value:g} min") == [
        "b meets every target in every scenario.",
        "wait.mean: best worst case under b (9 min), least regret under b (1 min at "
        "most); by the means.",
    ]
    dear = found.assign(better="higher")
    assert overall_sentences(dear, [], str)[:1] == [
        "No plan meets every target in every scenario."
    ]
    assert "best worst case under a (20.0)" in overall_sentences(dear, [], str)[1]


def test_an_undecided_target_names_the_days_that_would_settle_it(comparison):
    first = comparison.first
    judgement = first.replications[0].judgements[0]
    open_ = replace(
        first,
        replications=tuple(
            replace(r, judgements=(replace(judgement, held=number % 5 > 1),))
            for number, r in enumerate(first.replications)
        ),
    )
    found = records(targets_table({"base": open_}))[0]
    assert (found["verdict"], found["held"], found["days"]) == ("undecided", 24, 40)
    assert found["settles"] == open_.verdicts()[0].needed > 40
    assert held_text(found).endswith(f" %); {found['settles']} days would settle it")
    sure = records(targets_table({"base": first}))[0]
    assert pd.isna(sure["settles"])
    assert held_text(sure).endswith(" %)")


def test_regret_is_against_the_best_plan_of_the_same_scenario(comparison):
    first = comparison.cases["halls"]
    key = ("wait.mean", -1.0, "overall")
    one = {"base": first["base"], "swap": first["swap"]}
    # in the second both plans are as bad
    two = {"base": first["base"], "swap": first["base"]}
    found = matrix_table({"one": one, "two": two}, key)
    gap = mean_of(first["base"], key) - mean_of(first["swap"], key)
    waits = found[found["about"] == "wait.mean"].set_index(["plan", "scenario"])
    assert waits["regret"].to_dict() == {
        ("base", "one"): pytest.approx(gap), ("base", "two"): 0,
        ("swap", "one"): 0, ("swap", "two"): 0,
    }  # fmt: skip


def test_a_pair_measured_on_one_side_only_has_no_share(comparison):
    base = comparison.cases["halls"]["base"]
    days = [
        replace(r, judgements=(replace(r.judgements[0], measured=i >= 7, held=True),))
        for i, r in enumerate(base.replications)
    ]
    part = replace(base, replications=tuple(days))
    for pair in (Pair(one=base, other=part), Pair(one=part, other=base)):
        assert [len(side) for side in pair.held("waits")] == [33, 33]


def test_what_never_ended_stands_at_the_end_and_is_counted(comparison):
    base = comparison.cases["halls"]["base"]
    never = replace(
        base,
        replications=tuple(
            replace(r, values=Values.of({("result.at", -1.0, "overall"): inf}))
            for r in base.replications
        ),
    )
    pair = Pair(one=never, other=base)
    key = ("result.at", -1.0, "overall")
    one, other = pair.values(key)
    assert (one == 480).all()
    assert np.isfinite(one - other).all()
    assert pair.never(key) == 40
    assert mean_of(never, key) == 480


def test_a_target_that_never_ended_at_its_worst_is_counted_too(comparison):
    base = comparison.cases["halls"]["base"]
    days = [
        replace(r, judgements=(replace(r.judgements[0], value=inf if i < 7 else 1.0),))
        for i, r in enumerate(base.replications)
    ]
    pair = Pair(one=replace(base, replications=tuple(days)), other=base)
    assert Item.of_target("waits", base).never(pair) == 7


def test_only_days_that_both_have_are_paired(comparison):
    case = comparison.cases["halls"]
    short = replace(case["swap"], replications=case["swap"].replications[3:10])
    pair = Pair(one=short, other=case["base"])
    assert pair.numbers == tuple(range(3, 10))
    one, other = pair.values(("wait.mean", -1.0, "overall"))
    full = case["base"].series["wait.mean", -1.0, "overall"]
    assert other.tolist() == full[3:10].tolist()
    assert len(one) == 7
    assert len(pair.held("waits")[0]) == 7


def test_a_target_on_a_bad_measure_is_better_where_its_bound_points(comparison):
    item = Item.of_target("waits", comparison.first)
    assert item.better == "higher"
    assert item.values(pairs_of(comparison.cases["halls"])["swap"])[0].shape == (40,)


@pytest.mark.parametrize(
    ("low", "high", "better", "verdict"),
    [
        (1, 2, "lower", "worse"),
        (1, 2, "higher", "better"),
        (-2, -1, "lower", "better"),
        (-2, -1, "higher", "worse"),
        (1, 2, "neither", "higher"),
        (-2, -1, "neither", "lower"),
        (-1, 1, "lower", "too close to call"),
        (0, 1, "lower", "too close to call"),
        (nan, nan, "lower", "no verdict"),
    ],
)
def test_verdicts(low, high, better, verdict):
    days = 29 if verdict == "no verdict" else 40
    found = Difference(
        days=days, dropped=0, differing=9, mean=0.5, sd=1.0, low=low, high=high,
        compared=1, needed=None,
    )  # fmt: skip
    assert verdict_of(found, better) == verdict
    assert verdict_of(replace(found, differing=0), better) in ("the same", "no verdict")


def test_verdicts_in_words():
    text = told("too close to call", 100, 1384)
    assert text == "too close to call: about 1\u202f300 more replications would tell"
    text = told("too close to call", 100, 101)
    assert text == "too close to call: about 1 more replication would tell"
    text = told("too close to call", 100, None)
    assert text == "too close to call; no number of days in reach would tell"
    assert told("better", 100, None) == "better"


def test_differences_in_words():
    assert change_text(-0.35, "minutes") == "-21 s"
    assert change_text(0.0123, "share") == "+1.2 pts"
    assert change_text(0, "share") == "0 pts"
    assert change_text(-288, "hours") == "-288 h"
    assert interval_text(-0.01, 0.02, "share") == "-1 to +2 pts"
    assert interval_text(-inf, inf, "share") == "\u2013"


def test_a_target_kept_less_often_by_a_better_plan_is_an_exception():
    better = {"plan": "b", "family": "main", "measure": "wait.mean", "within": nan}
    better |= {"verdict": "better", "population": "overall", "subject": "overall"}
    better |= {"difference": -1.0, "low": -2.0, "high": -0.5, "unit": "minutes"}
    lost = {"plan": "b", "target": "fast", "against": "worse", "held": 60, "days": 100}
    lost |= {"lost": 41, "gained": 1}
    assert exceptions(pd.DataFrame([better]), pd.DataFrame([lost]), "a") == [
        "b is better than a on average (mean wait) but keeps target fast less often: "
        "on 60 of 100 days, 41 fewer and 1 more"
    ]


def test_below_30_days_there_are_differences_and_no_verdict(halls):
    few = muster.compare(halls, ("base", "swap"), replications=5, workers=1)
    assert set(few.differences["verdict"]) == {"no verdict"}
    assert few.differences["low"].isna().all()
    assert few.differences["difference"].notna().any()
    assert set(few.targets["verdict"]) == {"no verdict"}
    assert few.sentences("halls")[0] == "Which plans meet the targets is not told."


@pytest.mark.parametrize(
    ("chosen", "told_of"),
    [
        ({"plans": ("base", "swop")}, "--plans swop: no such plan of halls; did you"),
        (
            {"plans": ("base",)},
            "--plans: comparing needs two plans or more, found base",
        ),
        ({"plans": ("base", "base")}, "--plans base: is named twice"),
        ({"baseline": "thin"}, "--baseline thin: is not among the plans compared"),
        ({"measure": "wait.men"}, "--measure wait.men: no such measure; did you mean"),
        ({"measure": "voters.came"}, "neither more nor less of it is better"),
        ({"measure": "wait.within"}, "wait.within needs a threshold"),
        ({"measure": "wait.mean of KV9"}, "measured for nobody of that name"),
    ],
)
def test_what_cannot_be_compared_is_told(halls, chosen, told_of):
    with pytest.raises(ScenarioError) as caught:
        muster.compare(halls, replications=1, workers=1, **chosen)
    assert told_of in str(caught.value)


def test_a_member_that_nobody_is_named_as_is_noticed_before_anything_is_played(halls):
    heard = []
    with pytest.raises(ScenarioError) as caught:
        muster.compare(
            halls, measure="wait.mean of KV9", replications=500,
            progress=lambda *told: heard.append(told),
        )  # fmt: skip
    assert str(caught.value) == (
        "--measure wait.mean of KV9: measured for nobody of that name; did you mean "
        "'KV2'? allowed: KV1, KV2, overall"
    )
    assert heard == []


def test_one_scenario_twice_is_refused(halls):
    with pytest.raises(ScenarioError, match="scenario halls: is named twice"):
        muster.compare([halls, halls], replications=1, workers=1)


def test_the_baseline_can_be_another_than_the_first(halls):
    found = muster.compare(
        halls, baseline="swap", measure="wait.within at 30 min of KV2",
        replications=1, workers=1,
    )  # fmt: skip
    assert found.plans == ["swap", "base", "dear"]
    assert found.measure == ("wait.within", 30.0, "KV2")


def test_it_is_written_whole_with_what_made_it(comparison, tmp_path):
    out = comparison.write(tmp_path / "out", command="muster compare")
    run = json.loads((out / "run.json").read_text())
    assert (run["kind"], run["plans"]) == ("compare", ["base", "swap", "dear"])
    names = {"differences", "plan_targets", "stations", "day", "matrix", "pareto"}
    files = {f"{name}.{end}" for name in names for end in ("csv", "parquet")}
    assert set(run["tables"]) == {*files, "tables.xlsx"}
    for name in names:
        frame = pd.read_parquet(out / "tables" / f"{name}.parquet")
        assert list(frame.columns) == list(STUDY[name].columns)
    again = pd.read_parquet(out / "tables" / "plan_targets.parquet")
    assert again["gained"].tolist() == comparison.targets["gained"].tolist()
    data = json.loads((out / "compare.json").read_text())
    assert data["exceptions"]["halls"] == comparison.exceptions("halls")
    page = (out / "report.html").read_text()
    assert "Exception: </b>swap is better than base on average" in page
    assert page.index("Exception: ") < page.index("Targets</h2>")
    assert "<script" not in page
    assert {p.name for p in (out / "figures").iterdir()} == {
        f"{name}.{end}"
        for name in ("differences", "day", "stations", "pareto")
        for end in ("png", "svg")
    }  # fmt: skip


def test_a_run_is_not_repeated_from_a_comparison(comparison, tmp_path):
    from analysis.result import again

    out = comparison.write(tmp_path / "out")
    with pytest.raises(ScenarioError, match="written by muster compare"):
        again(out)


def test_what_was_played_is_kept_until_it_is_written(halls, tmp_path):
    def stop(done, total, note):
        assert total == 12
        if note == "of swap" and done > 8:
            raise KeyboardInterrupt

    chosen = {"replications": 6, "workers": 1, "parts": tmp_path / "parts"}
    with pytest.raises(KeyboardInterrupt):
        muster.compare(halls, ("base", "swap"), progress=stop, **chosen)
    heard = []
    again = muster.compare(
        halls, ("base", "swap"), progress=lambda *told: heard.append(told), **chosen
    )
    assert heard[0] == (6, 12, "of base")
    assert next(done for done, _, note in heard if note == "of swap") > 8
    fresh = muster.compare(halls, ("base", "swap"), replications=6, workers=1)
    pd.testing.assert_frame_equal(again.differences, fresh.differences)


def test_workers_change_nothing(halls, comparison):
    two = muster.compare(halls, ("base", "swap", "dear"), replications=40, workers=2)
    pd.testing.assert_frame_equal(two.differences, comparison.differences)
    pd.testing.assert_frame_equal(two.day, comparison.day)


def test_common_chance_at_least_halves_the_variance_in_the_shipped_example():
    scenario = load("khanh-thuong")
    base, reserve = (
        run_experiment(scenario, plan, replications=30, workers=1)
        for plan in ("base", "reserve")
    )
    pair = Pair(one=reserve, other=base)
    one, other = pair.values(("wait.mean", -1.0, "overall"))
    alone = one.var(ddof=1) + other.var(ddof=1)
    assert alone / (one - other).var(ddof=1) > 2
