# Two halls with a script: a fire that stops voting for an hour (55 min, and 5 min of
# inspection), what follows it, and an inject before opening that changes nothing.

import json
from dataclasses import replace
from math import inf, isinf

import pandas as pd
import pytest

import muster
from analysis.attribution import ALL
from analysis.attribution.answer import target_sentences
from analysis.attribution.attribution import groups_of, in_common
from analysis.attribution.table import saved_table
from analysis.column.study import STUDY
from analysis.experiment import run_experiment
from analysis.pair import Pair
from scenarios.file.reader import load, vary
from scenarios.problem import ScenarioError
from tests.analysis.test_comparison import WORLD, row
from tests.test_muster import muster as typed
from tests.town import PATROL

SCRIPT = """\
script:
  fire:
    title: A fire
    at: "08:00"
    effects: [{kind: suspend, station: KV2, mode: freeze, for: 55 min}]
  hush:
    title: A desk is missing before anybody comes
    at: "06:10"
    effects: [{kind: lose_servers, station: KV2, stage: desk, servers: 1, for: 5 min}]
  echo:
    title: Helpers are away
    after: fire
    delay: 70 min
    effects: [{kind: lose_servers, station: KV2, stage: desk, servers: 2, for: 30 min}]
"""
TEXT = WORLD + SCRIPT
TEXT = TEXT.replace("    population: each station", "    population: overall")
TEXT = TEXT.replace("desk: {servers: 1", "desk: {servers: 3")


@pytest.fixture(scope="module")
def halls(tmp_path_factory):
    path = tmp_path_factory.mktemp("attribute") / "halls.yaml"
    path.write_text(TEXT.replace("at least 60 %", "at least 90 %"))
    return path


@pytest.fixture(scope="module")
def attribution(halls):
    return muster.attribute(halls, replications=40, workers=1)


def test_what_starts_after_an_inject_goes_with_it(attribution):
    assert attribution.removed == {
        "fire": ("fire", "echo"),
        "hush": ("hush",),
        "echo": ("echo",),
        ALL: ("fire", "hush", "echo"),
    }
    assert attribution.roots == ["fire", "hush"]
    assert attribution.followers() == [
        "echo would start after fire and is left out with it"
    ]
    assert list(attribution.without["fire"].setting.script) == ["hush"]
    assert attribution.without[ALL].setting.script == {}


def test_days_that_one_of_them_could_not_play_are_left_out_of_all(attribution):
    played = {"": attribution.scripted, **attribution.without}
    played["hush"] = replace(
        played["hush"], replications=played["hush"].replications[3:]
    )
    for experiment in in_common(played).values():
        assert [r.number for r in experiment.replications] == list(range(3, 40))


def test_an_attribution_holds_the_days_that_all_its_plays_have(halls, monkeypatch):
    def lacking(scenario, *given, **more):
        played = run_experiment(scenario, *given, **more)
        first = 0 if "hush" in scenario.setting.script else 1
        return replace(played, replications=played.replications[first:])

    monkeypatch.setattr("analysis.attribution.attribution.run_experiment", lacking)
    found = muster.attribute(halls, replications=3, workers=1)
    assert found.days == 2
    assert {len(e.replications) for e in found.without.values()} == {2}


def test_a_chain_goes_as_a_whole_and_is_then_all():
    script = load("khanh-thuong").setting.script
    first, second = script["S1"], script["S2"].model_copy(update={"at": None})
    chain = {
        "a": first,
        "b": second.model_copy(update={"after": "a"}),
        "c": second.model_copy(update={"after": "b"}),
    }
    assert groups_of(chain) == {"a": ("a", "b", "c"), "b": ("b", "c"), "c": ("c",)}


def test_the_fire_costs_its_hour_and_echo_none(attribution):
    at = {"measure": "suspended.total", "subject": "overall"}
    fire = row(attribution.effects, inject="fire", **at)
    assert fire["cost"] == fire["low"] == fire["high"] == 60
    assert (fire["scripted_mean"], fire["without_mean"]) == (60, 0)
    assert fire["verdict"] == "worse"
    assert row(attribution.effects, inject="echo", **at)["verdict"] == "the same"


def test_a_cost_is_the_day_as_scripted_less_the_day_without(attribution):
    key = ("wait.mean", -1.0, "KV2")
    at = {"measure": key[0], "subject": key[2]}
    for name, experiment in attribution.without.items():
        pair = Pair(one=attribution.scripted, other=experiment)
        one, other = pair.values(key)
        found = row(attribution.effects, inject=name, **at)
        assert found["cost"] == pytest.approx((one - other).mean())
    assert row(attribution.effects, inject="echo", **at)["cost"] > 0


def test_an_inject_that_does_nothing_costs_nothing(attribution):
    hush = attribution.effects[attribution.effects["inject"] == "hush"]
    known = hush[hush["days"] > 0]
    assert len(known) > 50
    assert (known["verdict"] == "the same").all()
    assert (known["cost"] == 0).all()


def test_the_inject_that_breaks_a_target_is_the_one_without_which_it_holds(attribution):
    found = row(attribution.targets, inject="fire")
    scripted = [r.judgements[0].held for r in attribution.scripted.replications]
    without = [r.judgements[0].held for r in attribution.without["fire"].replications]
    both = list(zip(without, scripted, strict=True))
    assert found["saved"] == both.count((True, False)) > 30
    assert found["lost"] == both.count((False, True))
    assert (found["verdict"], found["most"]) == ("breaks", True)
    assert found["first"] == found["saved"]  # the only target is the first
    assert found["compared"] == 4
    hush = row(attribution.targets, inject="hush")
    assert (hush["saved"], hush["verdict"], hush["most"]) == (0, "the same", False)
    joint = row(attribution.targets, inject=ALL)
    assert not joint["most"]
    assert joint["saved"] == found["saved"]
    told, first = attribution.sentences()[:2]
    assert told.startswith(f"First in time fire broke waits, on {found['saved']} of 40")
    assert first.startswith("waits is missed on ")
    assert f"most by fire, without which it holds on {found['saved']} of them" in first


def test_what_the_plan_breaks_before_takes_nothing_from_the_first_inject(attribution):
    # Each day: early is missed with and without; late by both injects, waits by fire.
    scripted = attribution.scripted
    fire, hush = list(attribution.without.values())[:2]
    waits = scripted.setting.targets["waits"]

    def of(experiment, *broken):
        setting = experiment.setting.model_copy(
            update={"targets": dict.fromkeys(("early", "late", "waits"), waits)}
        )
        plan = replace(experiment.scenario.plans["base"], setting=setting)
        judgement = experiment.replications[0].judgements[0]
        judged = tuple(
            replace(judgement, held=isinf(at), broken=at, measured=True)
            for at in broken
        )
        return replace(
            experiment,
            scenario=replace(experiment.scenario, plans={"base": plan}),
            replications=tuple(
                replace(r, judgements=judged) for r in experiment.replications
            ),
        )

    table = saved_table(
        of(scripted, 10.0, 200.0, 90.0),
        {"fire": of(fire, 10.0, inf, inf), "hush": of(hush, 10.0, inf, 90.0)},
        "",
    )
    found = {
        (r["inject"], r["target"]): (r["saved"], r["first"])
        for r in table.to_dict("records")
    }
    assert found == {
        ("fire", "early"): (0, 0),
        ("hush", "early"): (0, 0),
        ("fire", "late"): (40, 0),
        ("hush", "late"): (40, 0),
        ("fire", "waits"): (40, 40),
        ("hush", "waits"): (0, 0),
    }


def test_effects_that_add_up_have_no_interaction(attribution):
    # all out is fire and echo out, and hush changes nothing
    table = attribution.interaction
    assert (table["differing"] == 0).all()
    waits = row(table, measure="wait.mean", subject="overall")
    assert waits["joint"] == pytest.approx(waits["sum"])
    assert waits["joint"] > 0


def test_two_injects_that_do_the_same_have_an_interaction(tmp_path):
    twice = SCRIPT.split("  hush", maxsplit=1)[0]
    again = twice.replace("script:\n", "").replace("  fire:", "  smoke:")
    (tmp_path / "halls.yaml").write_text(WORLD + twice + again)
    found = muster.attribute(tmp_path / "halls.yaml", replications=30, workers=1)
    hour = row(found.interaction, measure="suspended.total", subject="overall")
    # without either the other still stops the vote for the hour: alone they cost 0
    assert (hour["joint"], hour["sum"], hour["interaction"]) == (60, 0, 60)
    assert hour["verdict"] == "higher"
    assert "something else than in sum" in found.sentences()[-1]


# A patrol at the west end turns out in 2 min and drives a minute a kilometre. The fight
# at 07:00 (10 km) is attended at 07:12, and ends at 07:42; the theft at 07:05 (5 km)
# would be at 07:12, and after the fight at 07:49; the brawl ten minutes after it comes
# when all is lost. Nothing of that happens without the inject that places it.
_FIELDS = "title: Attended, measure: response.within, bound: at least 100 %, "
_FIELDS += "population: overall, days: 50 %, "
THREE = (
    PATROL
    + """\
incidents:
  fight: {levels: [{needs: {order: 1}, on_scene: 30 min}]}
  theft: {levels: [{needs: {order: 1}, on_scene: 5 min}]}
  brawl: {levels: [{needs: {order: 1}, on_scene: 5 min}]}
  nothing: {levels: [{needs: {order: 1}, on_scene: 5 min}]}
script:
  A: {title: A, at: "07:00", effects: [{kind: incident, type: fight, place: school}]}
  B: {title: B, at: "07:05", effects: [{kind: incident, type: theft, place: square}]}
  C:
    title: C
    after: B
    delay: 10 min
    effects: [{kind: incident, type: brawl, place: base}]
targets:
  thefts: {FIELDS, types: [theft], within: 15 min}
  fights: {FIELDS, types: [fight], within: 10 min}
  brawls: {FIELDS, types: [brawl], within: 60 min}
  nothing: {FIELDS, types: [nothing], within: 15 min}
""".replace("FIELDS, ", _FIELDS)
)


def test_an_inject_that_brings_all_there_is_to_measure_is_what_breaks_it(tmp_path):
    (tmp_path / "three.yaml").write_text(THREE)
    found = muster.attribute(tmp_path / "three.yaml", replications=30, workers=1)
    table = found.targets.set_index(["target", "inject"])
    saved = table["saved"].unstack()[["A", "B", "C", ALL]]
    assert saved.loc["fights"].tolist() == [30, 0, 0, 30]
    assert saved.loc["thefts"].tolist() == [30, 30, 0, 30]  # either gone, it holds
    assert saved.loc["brawls"].tolist() == [0, 0, 0, 0]
    assert set(table.loc["fights", "days"]) == set(table.loc["brawls", "held"]) == {30}
    assert table.loc[("fights", "A"), "clock"] == "07:10"
    assert table.loc[("thefts", "B"), "clock"] == "07:20"
    # on every day the fight is late first, and then the theft
    assert table["first"].unstack()["A"].to_dict() == {
        "thefts": 0, "fights": 30, "brawls": 0, "nothing": 0,
    }  # fmt: skip
    assert (table["first"] <= table["saved"]).all()
    told = found.sentences()
    assert told[0].startswith("First in time A broke fights, on 30 of 30 days")
    # where either inject breaks it, both are named
    only = found.targets[found.targets["target"] == "thefts"].assign(first=30)
    assert target_sentences(found.scripted, only, ALL)[0].startswith(
        "First in time A, B and C broke thefts, on 30 of 30 days"
    )
    assert "most by A and B, without any one of which it holds on 30" in told[1]
    assert "07:10, first of all so broken on 30. Without any inject it" in told[2]
    assert told[3] == (
        "Held on each of 30 days in spite of all: brawls and nothing (measured on 0)."
    )


def test_below_30_days_there_are_costs_and_no_verdict(halls):
    few = muster.attribute(halls, replications=3, workers=1)
    assert set(few.effects["verdict"]) == {"no verdict"}
    assert "(no verdict)" in few.sentences()[2]
    assert "Together" not in few.sentences()[-1]  # that would be a verdict


def test_a_scenario_without_a_script_is_refused(tmp_path):
    (tmp_path / "calm.yaml").write_text(WORLD)
    with pytest.raises(ScenarioError, match="calm: has no script"):
        muster.attribute(tmp_path / "calm.yaml")


def test_an_empty_value_takes_an_entry_out(halls):
    scenario = load(halls)
    assert "hush" not in vary(scenario, ("script.hush=",)).plans["base"].setting.script
    with pytest.raises(ScenarioError, match="no such inject, found 'fire'"):
        vary(scenario, ("script.fire=",))  # echo starts after it


def test_it_is_written_whole_and_typed_as_a_person_would(halls, tmp_path):
    done = typed("attribute", halls, "-n", 30, "--workers", 1, "--strict", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("First in time fire broke waits, on 30 of 30 days")
    assert "\nwaits is missed on " in done.stdout
    assert "echo would start after fire and is left out with it" in done.stdout
    out = tmp_path / "muster-out" / "attribute-halls-base"
    run = json.loads((out / "run.json").read_text())
    assert (run["kind"], run["removed"]["fire"]) == ("attribute", ["fire", "echo"])
    names = {"effects", "inject_targets", "interaction"}
    files = {f"{name}.{end}" for name in names for end in ("csv", "parquet")}
    assert set(run["tables"]) == {*files, "tables.xlsx"}
    for name in names:
        frame = pd.read_parquet(out / "tables" / f"{name}.parquet")
        assert list(frame.columns) == list(STUDY[name].columns)
    page = (out / "report.html").read_text()
    assert "What each inject cost</h2>" in page
    assert "<script" not in page
    assert (out / "figures" / "effects.png").is_file()
    frame = pd.read_parquet(out / "tables" / "effects.parquet")
    assert set(frame["inject"]) == {"fire", "hush", "echo", ALL}
    assert [p.name for p in (tmp_path / "muster-out").iterdir()] == [out.name]
