# A scenario in plain language.

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
