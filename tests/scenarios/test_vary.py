# Variants of a scenario: read again with more changes, on the same roads.

import shutil

import pytest

from scenarios.file.folder import LIBRARY
from scenarios.file.reader import load, vary
from scenarios.problem import ScenarioError


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(LIBRARY / "khanh-thuong", tmp_path / "commune")


def test_a_variant_is_what_loading_with_the_changes_gives(folder):
    first, second = "stations.KV1.officers=18", "stations.KV2.registered=900"
    varied = vary(load(folder, changes=(first,)), (second,))
    loaded = load(folder, changes=(first, second))
    assert varied.setting == loaded.setting
    assert varied.changes == loaded.changes
    assert {n: p.setting for n, p in varied.plans.items()} == {
        n: p.setting for n, p in loaded.plans.items()
    }
    assert varied.sources == loaded.sources


def test_its_roads_are_not_read_again(folder):
    scenario = load(folder)
    (folder / "roads.yaml").unlink()
    varied = vary(scenario, ("stations.KV1.officers=18",), "thin")
    assert varied.graph is scenario.graph
    assert list(varied.plans) == ["thin"]
    assert vary(varied, ()).plans.keys() == {"thin"}


def test_it_keeps_the_calls_that_were_given(folder):
    calls = folder.parent / "calls.csv"
    calls.write_text("time,place,type\n2021-05-23 09:00,market,accident\n")
    scenario = load(folder, calls=calls)
    assert vary(scenario, ()).recorded == scenario.recorded
    assert len(scenario.recorded.calls) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("roads.file=x", "the roads of a variant must stay as they are"),
        ("stations.KV9.officers=1", "no such station"),
        ("stations.KV1.officers=-1", "must be 0 or more"),
    ],
)
def test_what_it_does_not_stand_is_told(folder, change, told):
    with pytest.raises(ScenarioError, match=told):
        vary(load(folder), (change,))


def test_a_file_that_has_changed_since_is_told(folder):
    scenario = load(folder)
    path = folder / "scenario.yaml"
    path.write_text(path.read_text() + "# later\n")
    with pytest.raises(ScenarioError, match="has changed since it was read"):
        vary(scenario, ())
