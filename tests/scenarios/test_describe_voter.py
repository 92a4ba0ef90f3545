# A scenario in plain language.

from pathlib import Path
from textwrap import indent

from scenarios.describe import describe
from scenarios.file.reader import load

CLASSES = (
    "    classes: {first-time: {share: 10 %, service: {check-in: 3 min}}, "
    "elderly: {share: 15 %, priority: true, slower: 1.5}, rest: {share: 1 %}}\n"
)


def test_classes_of_voters_are_told_and_counted_in_the_means(write, sound):
    folder = write({"scenario.yaml": sound.replace("    priority: 5 %\n", CLASSES)})
    text = describe(load(folder), "base")
    # 75 % take 1 min, 10 % 3 min and 15 % 1.5 min.
    assert "check-in (2 open, 1.3 min each on average)" in text
    assert "10.0% are first-time: 3 min on average at check-in." in text
    assert "15.0% are elderly: served first, 1.5 times the service time." in text
    assert "1.0% are rest: like the others." in text


def test_a_turnout_shock_is_told(write, sound):
    shock = "turnout_shock: {law: triangular, low: -10 %, mode: 0 %, high: 4.5 %}\n"
    text = describe(load(write({"scenario.yaml": sound + shock})), "base")
    assert (
        "Turnout of all stations is shifted alike, once a day: triangular from -10.0% "
        "to +4.5%, likeliest +0.0%."
    ) in text


def test_the_assisted_booth_of_the_docs_is_sound(write, sound):
    page = (Path(__file__).parents[2] / "docs" / "model.md").read_text()
    (block,) = (b for b in page.split("```yaml\n") if "only: [assisted]" in b)
    one, two = sound.split("  KV2:\n")
    before, after = two.split("    stages:\n")
    station = before + indent(block.split("```")[0], "    ")
    rest = after[after.index("agencies:\n") :]
    text = f"{one}  KV2:\n{station}{rest}"
    told = describe(load(write({"scenario.yaml": text})), "base")
    assert "helped (1 open, 7.5 min each on average, only assisted)" in told


def test_stages_for_some_are_told(write, sound):
    booth = "        officers: 0\n        voting: true\n"
    text = sound.replace(
        "    priority: 5 %\n", "    classes: {aided: {share: 4 %}, old: {share: 9 %}}\n"
    ).replace(booth, booth + "        except: [aided, old]\n")
    text = text.replace(
        "      box: {servers: 1, service: 10 s}",
        "      aid: {servers: 1, voting: true, only: [aided, old], service: 6 min}\n"
        "      box: {servers: 1, service: 10 s, share: 25 %}",
    )
    told = describe(load(write({"scenario.yaml": text})), "base")
    assert "booth (4 open, 3 min each on average, not aided, old)" in told
    assert "aid (1 open, 6 min each on average, only aided, old)" in told
    assert "box (1 open, 10 s each on average, passed by 25.0%)" in told
