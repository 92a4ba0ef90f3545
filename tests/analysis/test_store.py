from dataclasses import fields
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.replication import Replication, Task, Values
from analysis.store import Store, read_part
from analysis.target import Judgement
from scenarios.file.reader import load
from scenarios.problem import ScenarioError

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
WORDS = st.text(max_size=5)
IDENTITY = {
    "seed": 1,
    "set": [],
    "inputs": {"a.yaml": "0" * 64},
    "versions": {"x": "1"},
}


@st.composite
def replications(draw):
    stations, moments = draw(st.integers(0, 3)), draw(st.integers(0, 4))
    grid = st.lists(
        st.integers(0, 9), min_size=stations * moments, max_size=stations * moments
    ).map(lambda cells: np.array(cells, np.int32).reshape(stations, moments))
    judgement = st.builds(
        Judgement,
        target=WORDS,
        measured=st.booleans(),
        held=st.booleans(),
        worst=WORDS,
        value=NUMBERS,
        broken=NUMBERS,
        where=WORDS,
    )
    return Replication(
        number=draw(st.integers(0, 10**6)),
        values=Values.of(
            draw(st.dictionaries(st.tuples(WORDS, NUMBERS, WORDS), NUMBERS))
        ),
        judgements=tuple(draw(st.lists(judgement, max_size=3))),
        orders=tuple(draw(st.lists(st.tuples(WORDS, WORDS, NUMBERS), max_size=3))),
        closes=tuple(draw(st.lists(NUMBERS, min_size=stations, max_size=stations))),
        lines=draw(grid),
        arrived=draw(grid),
        voted=draw(grid),
    )


def text_of(replication):
    """Give all of it as text, to the last bit: repr tells floats apart."""
    found = {f.name: getattr(replication, f.name) for f in fields(replication)}
    found["values"] = list(replication.values.items())
    for name in ("lines", "arrived", "voted"):
        found[name] = (found[name].shape, str(found[name].dtype), found[name].tolist())
    return repr(found)


@settings(deadline=None)
@given(st.lists(replications(), min_size=1, max_size=4, unique_by=lambda r: r.number))
def test_what_is_kept_comes_back_to_the_last_bit(tmp_path_factory, kept):
    folder = tmp_path_factory.mktemp("store") / "run.unfinished"
    Store(folder, IDENTITY).keep(kept)
    back = Store(folder, IDENTITY).load()
    ordered = sorted(kept, key=lambda r: r.number)
    assert [text_of(r) for r in back] == [text_of(r) for r in ordered]


@pytest.fixture(scope="module")
def task():
    return Task(scenario=load("khanh-thuong"), plan="base", seed=1)


def test_a_real_day_comes_back_to_the_last_bit(tmp_path, task):
    day = task.replicate(3)
    Store(tmp_path / "x", IDENTITY).keep([day])
    (back,) = Store(tmp_path / "x", IDENTITY).load()
    assert text_of(back) == text_of(day)
    assert back.values.names == day.values.names


def handmade(number, **changes):
    none = np.zeros((0, 0), np.int32)
    data = {
        "number": number,
        "values": Values.of(
            {("wait.mean", -1.0, "overall"): nan, ("x", 30.0, "KV1"): inf}
        ),
        "judgements": (),
        "orders": (),
        "closes": (),
        "lines": none,
        "arrived": none,
        "voted": none,
    }
    return Replication(**{**data, **changes})


def test_a_part_that_was_cut_short_is_played_again_and_rubbish_goes(tmp_path):
    store = Store(tmp_path / "x", IDENTITY)
    store.keep([handmade(0), handmade(1)])
    store.keep([handmade(2)])
    whole = (tmp_path / "x" / "000002.parquet").read_bytes()
    for size in (0, 3, len(whole) // 2, len(whole) - 1):
        (tmp_path / "x" / "000002.parquet").write_bytes(whole[:size])
        assert read_part(tmp_path / "x" / "000002.parquet") == []
    (tmp_path / "x" / ".000005.parquet-77").write_bytes(b"half")
    assert [r.number for r in store.load()] == [0, 1]
    assert not (tmp_path / "x" / ".000005.parquet-77").exists()


def test_nothing_played_leaves_nothing(tmp_path):
    store = Store(tmp_path / "x", IDENTITY)
    assert store.load() == []
    store.keep([])
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seed": 2}, "seed was 1, is 2"),
        ({"set": ["a=1"]}, "set was nothing, is ['a=1']"),
        ({"versions": {"x": "2"}}, "versions x was 1, is 2"),
        ({"versions": {}}, "versions x was 1, is nothing"),
        (
            {"inputs": {"a.yaml": "1" * 64}},
            "inputs a.yaml was 000000000000..., is 111111111111...",
        ),
        ({"seed": 2, "set": ["b"]}, "seed was 1, is 2; set was nothing, is ['b']"),
    ],
)
def test_another_run_is_refused_and_told_what_differs(tmp_path, changes, told):
    folder = tmp_path / "x"
    Store(folder, IDENTITY).keep([handmade(0)])
    other = Store(folder, {**IDENTITY, **changes})
    with pytest.raises(ScenarioError) as caught:
        other.load()
    assert str(caught.value) == (
        f"{folder}: another run was stopped here, and differs: {told}; repeat that "
        "run, choose another --out, or --fresh throws it away"
    )
    other.drop()
    assert other.load() == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"seed": 1}'])
def test_a_manifest_that_is_none_is_refused(tmp_path, content):
    store = Store(tmp_path / "x", IDENTITY)
    store.keep([handmade(0)])
    (tmp_path / "x" / "run.json").write_text(content)
    with pytest.raises(ScenarioError, match="not what an unfinished run leaves"):
        store.load()
