# The shipped scenario of which not everything is known: sound, and showing every means.

import pytest

from scenarios.check import check_text
from scenarios.file.reader import load


@pytest.mark.parametrize("plan", ["base", "early"])
def test_thung_xa_is_sound_under_each_plan(plan):
    assert not list(check_text(load("thung-xa", plan=plan), plan))


def test_thung_xa_shows_every_way_of_not_knowing():
    setting = load("thung-xa").setting
    script = setting.script.values()
    assert any(one.between and one.probability < 1 for one in script)
    assert any(one.after and one.probability < 1 for one in script)
    assert any(one.when and one.probability < 1 for one in script)
    inputs = setting.uncertain.values()
    assert {one.way for one in inputs} == {"value", "add", "factor"}
    assert any(one.path.endswith(".start") for one in inputs)
