# The voters of a station: every attribute is the number of its own stream.

from dataclasses import dataclass, field

import numpy as np
import pytest

from scenarios.clock import Clock
from scenarios.station import Station
from simulator.load import peak_loads
from simulator.log import Outcome
from simulator.station import Station as PlayedStation
from simulator.station.flow import make_flows
from simulator.stream import Chance, duration
from simulator.tie import Timeline
from simulator.voter import _rising, draw_voters

CLOCK = Clock(day="2021-05-23", start="06:00", end="20:00")
SPEC = {
    "place": "school",
    "registered": 400,
    "turnout": "80 %",
    "arrivals": {"hourly": [3, 2, 1]},
    "opens": "07:00",
    "closes": "12:00",
    "officers": 3,
    "stages": {
        "desk": {"servers": 1, "service": {"law": "exponential", "mean": "1 min"}},
        "booth": {
            "servers": 2,
            "service": {"law": "lognormal", "mean": "3 min", "cv": 0.5},
            "voting": True,
        },
    },
}
LATER = {
    "balk": "balk",
    "surge": "surge",
    "drop": "drop",
    "drop_return": "drop return",
    "drop_delay": "drop delay",
    "away": "away",
    "away_delay": "away delay",
}


def station(**changes: object) -> Station:
    return Station.model_validate({**SPEC, **changes}, context={"clock": CLOCK})


@dataclass(frozen=True, slots=True)
class Counting(Chance):
    """Notes the purposes that are drawn."""

    asked: list[str] = field(default_factory=list)

    def rows(self, kind, name, purposes, number):
        self.asked.extend(purposes)
        return super(Counting, self).rows(kind, name, purposes, number)


def test_each_service_is_the_number_of_its_voter_and_stage():
    spec, chance = station(), Chance(5, 6)
    service = draw_voters("KV1", spec, chance, auxiliary=0).service
    assert service.shape == (400, 2)
    assert service.flags.c_contiguous
    for i, (name, stage) in enumerate(spec.stages.items()):
        for voter in (0, 1, 7, 399):
            number = chance.uniform("voter", "KV1", f"service {name}", voter)
            assert service[voter, i] == duration(stage.service, number)


def test_those_who_set_out_come_in_the_order_of_their_arrival():
    chance = Chance(5, 6)
    voters = draw_voters("KV1", station(), chance, auxiliary=30)
    comes = chance.uniforms("voter", "KV1", "turnout", 400) < 0.8
    expected = [v for v in np.argsort(voters.arrival) if comes[v] and v < 370]
    assert voters.order.tolist() == expected
    assert voters.order.dtype == np.int64
    # 3 in 6 come in the first hour from 07:00, all within three hours.
    assert voters.arrival.min() >= 60
    assert voters.arrival.max() <= 240
    assert np.interp(0.5, [0, 0.5, 1], [60, 120, 240]) == pytest.approx(
        np.median(voters.arrival), abs=10
    )


def test_a_rule_that_the_station_has_not_draws_nothing():
    chance = Counting(5, 6)
    voters = draw_voters("KV1", station(), chance, auxiliary=0)
    assert chance.asked == ["arrival", "turnout", "service desk", "service booth"]
    assert not voters.priority.any()
    assert np.isinf(voters.patience).all()


def test_priority_and_patience_are_drawn_where_the_station_has_them():
    spec, chance = station(priority="25 %", patience="20 min"), Counting(5, 6)
    voters = draw_voters("KV1", spec, chance, auxiliary=0)
    assert sorted(chance.asked[4:]) == ["patience", "priority"]
    expected = chance.uniforms("voter", "KV1", "priority", 400) < 0.25
    assert voters.priority.tolist() == expected.tolist()
    assert set(voters.patience.tolist()) == {20.0}


@pytest.mark.parametrize("name", LATER)
def test_what_effects_use_is_drawn_once_when_first_asked_for(name):
    chance = Counting(5, 6)
    voters = draw_voters("KV1", station(), chance, auxiliary=0)
    before = len(chance.asked)
    expected = Chance(5, 6).uniforms("voter", "KV1", LATER[name], 400)
    assert getattr(voters, name).tolist() == expected.tolist()
    assert getattr(voters, name) is getattr(voters, name)
    assert chance.asked[before:] == [LATER[name]]


def test_equal_numbers_keep_the_order_of_the_list():
    numbers = np.tile([0.5, 0.25, 0.75, 0.25], 300)
    expected = sorted(range(1200), key=lambda i: numbers[i])
    assert _rising(numbers).tolist() == expected
    assert _rising(np.array([])).tolist() == []


# ---- classes ---------------------------------------------------------------------

CLASSES = {
    "first-time": {"share": "10 %", "service": {"desk": "4 min"}},
    "elderly": {"share": "15 %", "priority": True, "slower": 1.5},
    "assisted": {
        "share": "5 %",
        "slower": 2.0,
        "service": {"booth": {"law": "lognormal", "mean": "9 min", "cv": 0.5}},
    },
}


def test_voters_belong_to_classes_by_their_own_number():
    spec, chance = station(classes=CLASSES, registered=20_000), Counting(5, 6)
    voters = draw_voters("KV1", spec, chance, auxiliary=0)
    assert chance.asked[4:] == ["class"]
    u = chance.uniforms("voter", "KV1", "class", 20_000)
    expected = np.select([u < 0.1, u < 0.25, u < 0.3], [1, 2, 3], 0)
    assert voters.class_.dtype == np.int8
    assert voters.class_.tolist() == expected.tolist()
    shares = np.bincount(voters.class_) / 20_000
    assert shares == pytest.approx([0.7, 0.1, 0.15, 0.05], abs=0.01)
    assert voters.priority.tolist() == (expected == 2).tolist()


def test_a_class_changes_its_own_services_on_the_same_numbers():
    plain = draw_voters("KV1", station(), Chance(5, 6), auxiliary=0)
    voters = draw_voters("KV1", station(classes=CLASSES), Chance(5, 6), auxiliary=0)
    assert voters.order.tolist() == plain.order.tolist()
    assert voters.arrival.tolist() == plain.arrival.tolist()
    ordinary, first, elderly, assisted = (voters.class_ == k for k in range(4))
    assert ordinary.sum() > first.sum() > 0 < assisted.sum()
    assert (voters.service[ordinary] == plain.service[ordinary]).all()
    assert (voters.service[first, 0] == 4).all()
    assert (voters.service[first, 1] == plain.service[first, 1]).all()
    assert (voters.service[elderly] == plain.service[elderly] * 1.5).all()
    assert (voters.service[assisted, 0] == plain.service[assisted, 0] * 2).all()
    # The law of the class, three times as long on the same number.
    assert voters.service[assisted, 1] == pytest.approx(3 * plain.service[assisted, 1])


def test_a_class_that_is_like_the_others_changes_nothing():
    plain = draw_voters("KV1", station(), Chance(5, 6), auxiliary=0)
    alike = {"alike": {"share": "100 %"}}
    voters = draw_voters("KV1", station(classes=alike), Chance(5, 6), auxiliary=0)
    assert set(voters.class_.tolist()) == {1}
    assert voters.service.tobytes() == plain.service.tobytes()
    assert not voters.priority.any()


def test_the_mean_over_all_classes_counts_each_by_its_share():
    spec = station(classes=CLASSES)
    # 70 % of 1, 10 % of 4, 15 % of 1.5, 5 % of 2 min.
    assert spec.mean_service("desk") == pytest.approx(0.7 + 0.4 + 0.225 + 0.1)
    assert spec.mean_service("booth") == pytest.approx(2.1 + 0.3 + 0.675 + 0.45)
    assert station().mean_service("booth") == 3.0


def test_voters_of_a_class_with_priority_are_served_first(tmp_path):
    # One desk, busy for a minute; who comes at the opening is served class by class.
    changes = {
        "registered": 40,
        "turnout": 1.0,
        "classes": {"elderly": {"share": "30 %", "priority": True}},
        "arrivals": {"hourly": [1], "from": "06:00"},
        "stages": {"desk": {"servers": 1, "service": "1 min", "voting": True}},
    }
    spec, clock = station(**changes), Timeline()
    voters = draw_voters("KV1", spec, Chance(5, 6), auxiliary=0)
    assert 0 < voters.priority.sum() < 40
    (flow,) = make_flows([spec], [voters], clock)
    one = PlayedStation("KV1", flow, lambda *_, **__: None)
    clock.advance(300.0)
    table = one.table()
    served = table.voter[np.argsort(table.start[:, 0])]
    kinds = voters.priority[served].tolist()
    assert kinds == sorted(kinds, reverse=True)


# ---- stages for classes ----------------------------------------------------------

AIDED = {
    "aided": {"share": "10 %", "service": {"desk": "2 min"}},
    "old": {"share": "30 %", "slower": 2},
}
BESIDE = {
    "desk": {"servers": 1, "service": "1 min"},
    "booth": {"servers": 2, "service": "3 min", "voting": True, "except": ["aided"]},
    "aid": {"servers": 1, "service": "8 min", "voting": True, "only": ["aided"]},
    "seat": {"servers": 1, "service": "4 min", "only": ["old"], "share": "50 %"},
    "box": {"servers": 1, "service": "1 min"},
}


def test_each_voter_passes_the_stages_of_the_class_and_no_other():
    spec = station(stages=BESIDE, classes=AIDED)
    voters = draw_voters("KV1", spec, Chance(5, 6), auxiliary=0)
    ordinary, aided, old = (voters.class_ == k for k in range(3))
    passes = ~np.isnan(voters.service)
    assert passes[:, [0, 4]].all()
    assert (passes[:, 1] == ~aided).all()
    assert (passes[:, 2] == aided).all()
    assert (passes[:, 1:3].sum(axis=1) == 1).all()
    assert not passes[~old, 3].any()
    assert 0.3 < passes[old, 3].mean() < 0.7
    assert set(voters.service[old, 1]) == {6.0}
    assert set(voters.service[ordinary, 1]) == {3.0}


def test_stages_for_classes_change_no_other_number():
    both = {**BESIDE["booth"], "except": ["old"]}
    aid = {**BESIDE["aid"], "only": ["old"]}
    stages = [BESIDE, {**BESIDE, "booth": both, "aid": aid}]
    one, other = (
        draw_voters("KV1", station(stages=s, classes=AIDED), Chance(5, 6), auxiliary=0)
        for s in stages
    )
    for name in ("order", "arrival", "priority", "class_", "patience"):
        assert (getattr(one, name) == getattr(other, name)).all()
    assert one.service[:, [0, 3, 4]].tobytes() == other.service[:, [0, 3, 4]].tobytes()


def test_the_work_at_a_stage_is_that_of_the_voters_who_pass_it():
    spec = station(stages=BESIDE, classes=AIDED)
    # 60 % are ordinary, 10 % aided, 30 % old and twice as slow.
    assert spec.work("desk") == pytest.approx((1.0, 0.6 + 0.1 * 2 + 0.3 * 2))
    assert spec.work("booth") == pytest.approx((0.9, 0.6 * 3 + 0.3 * 6))
    assert spec.work("aid") == pytest.approx((0.1, 0.1 * 8))
    assert spec.work("seat") == pytest.approx((0.15, 0.15 * 8))
    assert spec.mean_service("booth") == pytest.approx((0.6 * 3 + 0.3 * 6) / 0.9)
    assert spec.mean_service("aid") == pytest.approx(8)
    assert spec.mean_service("seat") == pytest.approx(8)


def test_the_load_of_a_stage_counts_those_who_pass_it():
    spec = station(stages=BESIDE, classes=AIDED, officers=9)
    first = {load.stage: load for load in peak_loads("KV1", spec)[: len(BESIDE)]}
    # 80 % of 400 come, half of them in the first hour: 160.
    assert first["booth"].load == pytest.approx(160 * 3.6 / 120)
    assert first["aid"].load == pytest.approx(160 * 0.8 / 60)
    assert first["seat"].load == pytest.approx(160 * 1.2 / 60)


def test_the_wait_of_a_voter_ends_at_the_stage_of_the_class():
    spec = station(stages=BESIDE, classes=AIDED, officers=9)
    voters, clock = draw_voters("KV1", spec, Chance(5, 6), auxiliary=0), Timeline()
    (flow,) = make_flows([spec], [voters], clock)
    one = PlayedStation("KV1", flow, lambda *_, **__: None)
    clock.advance(2000.0)
    table = one.table()
    voted = table.outcome == Outcome.VOTED
    assert voted.sum() > 100
    assert table.classes == ("ordinary", "aided", "old")
    assert (table.class_ == voters.class_[table.voter]).all()
    aided, began = table.class_ == 1, table.voting_starts()
    assert (began[voted & aided] == table.start[voted & aided, 2]).all()
    assert (began[voted & ~aided] == table.start[voted & ~aided, 1]).all()
