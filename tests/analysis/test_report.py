import re
from dataclasses import replace
from html.parser import HTMLParser
from math import inf, nan

import pytest

from analysis.experiment import run_experiment
from analysis.figure import draw_all, png
from analysis.report import report_html
from analysis.report.answer import (
    binding_sentence,
    first_break_sentence,
    headline,
    outcome,
    target_sentences,
)
from analysis.report.assumption import assumptions_of
from analysis.report.page import Html, page, paragraph, table, tag
from analysis.report.sheet import sheet_of
from analysis.report.summary import responses_of, stations_of, workloads_of
from analysis.report.timeline import MOST_EVENTS, others_sentence, timeline_of
from analysis.report.wording import listed, named, share_text, value_text
from analysis.target import verdict_of
from analysis.why import bindings, first_break
from scenarios.file.reader import load
from scenarios.measure import MEASURES
from tests.town import village

TINY = """\
title: A <script>alert(1)</script> & "day"
summary: <img src=x onerror=alert(2)>
assumptions: ["<b>Nobody</b> knows"]
clock: {day: 2021-05-23, start: D 06:00, end: D 22:00}
rules: vietnam-2015
roads:
  network:
    nodes: {a: [0, 0], b: [1000, 0], c: [2000, 0]}
    edges:
      - {id: ab, from: a, to: b, road: tertiary}
      - {id: bc, from: b, to: c, road: tertiary}
places:
  seat: {node: a}
  school: {at: [1500, 100]}
stations:
  KV1:
    title: <i>School</i>
    place: school
    registered: 300
    turnout: 95 %
    arrivals: {hourly: [40, 16, 16, 16, 8, 4, 4, 4, 4, 4, 4, 4]}
    opens: 07:00
    closes: 19:00
    officers: 5
    exception: '"><svg onload=alert(3)>'
    stages:
      check-in: {servers: 1, service: 60 s}
      booth:
        servers: 4
        officers: 0
        voting: true
        service: {law: lognormal, mean: 3 min, cv: 0.5}
      box: {servers: 1, service: 10 s}
agencies: {police: {title: <u>Police</u>}, army: {call_up: 40 min}}
units:
  P1:
    title: <s>Patrol</s>
    agency: police
    skills: [police]
    base: seat
    shifts: [{from: 06:00, until: 22:00}]
incidents:
  brawl:
    title: <em>Brawl</em>
    levels:
      - needs: {police: 1}
        on_scene: 15 min
        effects: [{kind: suspend, station: here, mode: freeze}]
      - title: <em>worse</em>
        after: 1 min
        needs: {police: 1}
        on_scene: 15 min
        effects: [{kind: suspend, station: here, mode: freeze}]
script:
  S1:
    title: <h1>Brawl</h1>
    at: 09:00
    effects: [{kind: incident, type: brawl, place: school}]
  S2:
    title: Flood
    at: 09:01
    effects: [{kind: close_road, roads: [bc], for: 30 min}]
  S3:
    title: Breakdown
    at: 12:00
    effects: [{kind: out_of_service, unit: P1, for: 20 min}]
targets:
  waits:
    title: <script>document.title</script>
    measure: wait.within
    within: 30 min
    bound: at least 99 %
    population: each station
    days: 90 %
  response:
    title: Somebody comes
    measure: response.within
    within: 60 min
    bound: at least 50 %
    population: overall
    days: 80 %
"""
BARE = village("Bare", end="10:00") + "places: {seat: {node: a}}\n"
HOSTILE = ("<script", "<img src=x", "<svg", "<em>", "<i>", "<u>", "<s>", "<b>Nobody")


def play(folder, text, replications):
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return run_experiment(load(file), replications=replications, workers=1)


def days_of(experiment):
    return {name: experiment.play(n) for name, n in experiment.named().items()}


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return play(tmp_path_factory.mktemp("few"), TINY, 3)


@pytest.fixture(scope="module")
def enough(tmp_path_factory):
    return play(tmp_path_factory.mktemp("enough"), TINY, 30)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return play(tmp_path_factory.mktemp("bare"), BARE, 2)


@pytest.fixture(scope="module")
def written(enough):
    days = days_of(enough)
    figures = draw_all(enough, days)
    return report_html(enough, days, {name: png(f) for name, f in figures.items()})


@pytest.fixture(scope="module")
def commune():
    return run_experiment(load("khanh-thuong"), "thin", replications=2, workers=1)


class Reader(HTMLParser):
    """Collects tags, what they point to, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.text = ""

    def handle_starttag(self, name, attributes):
        self.tags.append(name)
        if name not in ("meta", "img", "br"):
            self.open.append(name)
        for key, value in attributes:
            assert not key.startswith("on"), (name, key)
            if key in ("src", "href", "action", "data", "srcset", "poster"):
                self.links.append(value)
            if key == "id":
                self.ids.add(value)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        self.text += data + " "


def read(source: str) -> Reader:
    reader = Reader()
    reader.feed(source)
    reader.close()
    assert reader.open == []
    return reader


def plain(source: str) -> str:
    return " ".join(read(source).text.split())


def test_the_page_asks_nothing_of_any_network_and_runs_no_script(written):
    page = read(written)
    assert page.links
    for link in page.links:
        assert link.startswith(("#", "data:image/png;base64,")), link[:60]
    assert not {"script", "link", "iframe", "object", "form"} & set(page.tags)
    style = re.findall(r"<style>(.*?)</style>", written, flags=re.DOTALL)[0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_contents_lead_to_chapters_that_are_there(written):
    page = read(written)
    anchors = {link[1:] for link in page.links if link.startswith("#")}
    assert anchors == {
        "targets",
        "timeline",
        "map",
        "stations",
        "responses",
        "units",
        "assumptions",
        "sheet",
    }
    assert anchors <= page.ids


def test_what_people_wrote_is_text_and_never_markup(written):
    for markup in HOSTILE:
        assert markup not in written, markup
    assert "alert(1)" in read(written).text
    assert "<title>A &lt;script&gt;" in written


def test_every_target_is_there_with_its_verdict(enough, written):
    text = plain(written)
    words = {v.target: v.verdict for v in enough.verdicts()}
    assert words == {"waits": "missed", "response": "met"}
    for verdict in enough.verdicts():
        assert verdict.title in text
        assert f'class="badge {verdict.verdict}">{verdict.verdict}<' in written
        assert f"{verdict.held} of {verdict.days} days" in text


def test_the_answer_comes_before_everything_else(enough, written):
    text = plain(written)
    answer = text.index("The plan does not hold: of 2 targets 1 met and 1 missed")
    assert answer < text.index("First to break:") < text.index("What binds")
    assert text.index("What binds") < text.index("On how many days each target held")


def test_figures_are_in_the_page_with_a_text_for_who_cannot_see_them(written):
    images = re.findall(r"<img [^>]*>", written)
    assert len(images) == 6
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in images)


def test_below_30_days_there_is_neither_interval_nor_verdict(few):
    source = report_html(few, days_of(few), {})
    text = plain(source)
    assert "below 30 replications there is neither interval nor verdict" in text
    assert "badge no-verdict" in source
    assert not re.search(r"badge (met|missed|undecided)", source)


def test_a_bare_scenario_has_a_report_too(bare):
    text = plain(report_html(bare, days_of(bare), {}))
    assert "there is nothing to hold or to miss" in text
    assert "Nothing to tell." in text
    for chapter in ("Stations", "Response", "Units"):
        assert f" {chapter} " not in text, chapter


def test_a_report_needs_neither_days_nor_figures(few):
    page = read(report_html(few, {}, {}))
    assert "timeline" not in page.ids
    assert "img" not in page.tags


def test_the_same_experiment_gives_the_same_page(few):
    assert report_html(few, days_of(few), {}) == report_html(few, days_of(few), {})


def test_of_one_day_one_timeline_is_told(tmp_path):
    one = play(tmp_path, TINY, 1)
    text = plain(report_html(one, days_of(one), {}))
    assert text.count("day (replication 0)") == 1
    assert "The typical and worst day (replication 0)" in text


# ---- the answer ------------------------------------------------------------------


def verdicts_as(experiment, *words):
    return [
        replace(verdict, verdict=word, interval=(0.8, 0.9))
        for verdict, word in zip(experiment.verdicts(), words, strict=True)
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("met", "met"), "The plan holds: of 2 targets 2 met, in 30 days."),
        (("met", "missed"), "The plan does not hold: of 2 targets 1 met and 1 missed"),
        (("met", "undecided"), "Whether the plan holds is undecided: of 2 targets"),
        (("missed", "undecided"), "The plan does not hold"),
        (("no verdict", "undecided"), "Whether the plan holds is undecided"),
        (
            ("no verdict", "met"),  # seldom anything to measure, as of a rare incident
            "Whether the plan holds is not told: of 2 targets 1 met and 1 no verdict,",
        ),
    ],
)
def test_the_headline_follows_the_verdicts(enough, words, said):
    verdicts = verdicts_as(enough, *words)
    assert headline(verdicts, 30).startswith(said)
    assert outcome(verdicts) in words


def test_an_undecided_target_says_how_many_days_would_settle_it(enough):
    name, target = next(iter(enough.setting.targets.items()))
    days = [
        replace(replication.judgements[0], measured=True)
        for replication in enough.replications
    ]
    asked = target.model_copy(update={"days": 0.9, "confidence": 0.95})

    def said(held):
        marked = [replace(day, held=i < held) for i, day in enumerate(days)]
        verdict = verdict_of(name, asked, marked)
        assert verdict.verdict == "undecided"
        return target_sentences([verdict], enough.setting)[0]

    assert len(days) == 30
    # 0.025 ** (1 / 36) is above 90 %, 0.025 ** (1 / 35) is not.
    ending = "If it goes on holding every day, 36 days will settle it."
    assert said(30).endswith(ending)
    # 26 of 30 go on as 315 of 364, whose exact interval ends below 0.9.
    assert said(26).endswith("If it goes on like this, about 364 days will settle it.")
    # Just as much as is asked for: no number of days tells.
    hardly = "More days would hardly tell: it is too close to what is asked for."
    assert said(27).endswith(hardly)


def test_what_broke_first_is_told_with_place_and_time(enough):
    first = first_break(enough)
    said = first_break_sentence(first, 30, enough.setting.clock)
    assert " at KV1, typically at 08:" in said
    assert "It was the first to break on 30 of 30 days." in said
    assert first_break_sentence(None, 30, enough.setting.clock) == (
        "Nothing broke: every target held on each of 30 days."
    )


def test_an_overloaded_stage_is_named_with_the_servers_that_cure_it(enough):
    binding = bindings(enough)[0]
    assert (binding.stage, binding.servers) == ("check-in", 1)
    # 285 voters, 40 of 124 in the first hour, a minute each: 1.53 servers' work.
    assert binding.needed == 2
    assert binding_sentence(binding, enough.setting) == (
        "KV1, <i>School</i>: check-in binds from 07:00, with 1.53 times the work its 1 "
        "server can do. Simplest cure: 1 more server at check-in, 2 in all, with "
        "1 officer each."
    )


def test_a_stage_without_servers_has_no_number_for_its_load(enough):
    binding = replace(bindings(enough)[0], load=inf, peak=inf, servers=0)
    said = binding_sentence(binding, enough.setting)
    assert "has work but no server in the hour from 07:00" in said


# ---- the timeline ----------------------------------------------------------------


def test_a_day_is_told_in_order_with_all_that_mattered(few):
    events = timeline_of(few.play(0), few.replications[0].judgements)
    assert [e.time for e in events] == sorted(e.time for e in events)
    told = {event.text: event.tone for event in events}
    expected = {
        "Voting opens: KV1.": "plain",
        "S1: <h1>Brawl</h1>": "inject",
        "Voting stops at KV1 (S1, <em>Brawl</em>): "
        "services stand still and go on later.": "bad",
        "S1, <em>Brawl</em> rises to level 2, <em>worse</em>, a hot spot.": "bad",
        "Road closed: bc.": "bad",
        "Road open again: bc.": "good",
        "P1 is out of service.": "bad",
        "P1 is back in service.": "good",
        "S1: over.": "good",
        "Voting closes: KV1.": "plain",
        "Target broken at KV1: <script>document.title</script>.": "bad",
    }
    assert {text: told.get(text) for text in expected} == expected


AREAS = """  F1:
    title: Flood
    at: 09:01
    effects: [{kind: close_road, area: {at: [500, 0], radius: 1 km}, for: 30 min}]
  F2:
    title: Storm
    at: 09:40
    effects: [{kind: close_road, classes: [tertiary], for: 15 min}]
"""


def test_a_street_is_told_by_its_name(tmp_path):
    streets = "kind: close_road, streets: [Hàng Bài]"
    area = "kind: close_road, area: {at: [500, 0], radius: 1 km}"
    assert AREAS.count(area) == 1
    text = BARE.replace("{id: ab,", "{id: ab, name: Hàng Bài,")
    text += f"script:\n{AREAS.replace(area, streets)}"
    events = timeline_of(play(tmp_path, text, 1).play(0))
    assert [e.text for e in events if e.text.startswith("Road")][:2] == [
        "Road closed: Hàng Bài (1 road).",
        "Road open again: Hàng Bài (1 road).",
    ]


@pytest.mark.parametrize("roads", [5, 6])
def test_many_roads_of_an_area_or_a_class_are_counted(tmp_path, roads):
    links = [f"{{id: r{n}, from: a, to: b, road: tertiary}}" for n in range(1, roads)]
    text = BARE.replace("edges: [", f"edges: [{', '.join(links)}, ")
    day = play(tmp_path, f"{text}script:\n{AREAS}", 1).play(0)
    texts = [event.text for event in timeline_of(day)]
    told = ["ab, r1, r2, r3 and r4"] * 2
    if roads == 6:
        told = ["6 roads in the area (1000 m around 500, 0)"]
        told += ["6 roads of class tertiary"]
    assert [t for t in texts if t.startswith("Road")] == [
        f"{state}: {said}."
        for said in told
        for state in ("Road closed", "Road open again")
    ]
    assert any("r1 r2" in str(r.details.get("roads")) for r in day.log.records)


def test_a_suspension_that_passes_into_the_next_is_told_once(few):
    texts = [event.text for event in timeline_of(few.play(0))]
    assert sum(text.startswith("Voting stops") for text in texts) == 1
    assert sum(text.startswith("Voting goes on") for text in texts) == 1


def test_guards_that_are_missing_are_told(commune):
    texts = [event.text for event in timeline_of(commune.play(0))]
    assert "Nobody stands guard for 11 h 05 min: guard-KV4." in texts


def test_a_timeline_has_an_end_and_keeps_what_went_wrong(commune):
    day = commune.play(0)
    judgement = commune.replications[0].judgements[0]
    broken = replace(judgement, broken=500.0, where="KV1")
    events = timeline_of(day, [broken] * (MOST_EVENTS + 5))
    assert len(events) == MOST_EVENTS
    assert {event.tone for event in events} == {"bad"}


def test_incidents_by_chance_are_counted(commune):
    assert re.fullmatch(
        r"Besides, \d+ incidents came by chance, (all|\d+) attended\. .*",
        others_sentence(commune.play(0)),
    )


# ---- summaries, assumptions, sheet -------------------------------------------------


def test_summaries_agree_with_the_measures(few):
    series = few.series
    station = stations_of(few, series)[0]
    longest = sorted(
        r.values.get(("line.longest", -1.0, "KV1")) for r in few.replications
    )
    assert station.spreads["line.longest"].typical == longest[1]
    every = responses_of(few, series)[-1]
    assert every.type == "overall"
    assert every.reported == 1
    load_ = workloads_of(few, series)[0]
    assert load_.hours == 16


def test_the_close_rule_is_printed_as_an_assumption(few):
    lines = assumptions_of(few.scenario, few.setting)["Stations"]
    assert lines[0].startswith("KV1: close rule stop. Under stop, who has received a")
    assert lines[0].endswith("This is an assumption.")
    assert any('"><svg onload=alert(3)>' in line for line in lines)


def test_assumptions_of_scenario_law_roads_and_changes_are_there(few):
    scenario = replace(few.scenario, changes=("stations.KV1.officers=6",))
    groups = assumptions_of(scenario, few.setting)
    assert groups["Stated in the scenario"] == ["<b>Nobody</b> knows"]
    assert groups["Roads"] == scenario.road_report.lines()
    assert groups["Changed for this run"] == ["--set stations.KV1.officers=6"]
    assert groups["Law and custom"][0].startswith("Rule pack: Viet Nam")
    assert "army: mutual aid: called up in 40 min." in groups["Units and incidents"]
    assert groups["Units and incidents"][0].startswith("Units are sent by the policy")


def test_the_sheet_says_all_that_the_guideline_asks(few):
    sheet = dict(sheet_of(few))
    assert list(sheet) == [
        "Purpose",
        "Outputs",
        "Aims of the experiment",
        "Model logic",
        "Scenario logic",
        "Entities",
        "Activities",
        "Resources",
        "Queues",
        "Entry and exit",
        "Data",
        "Initialisation",
        "Run length",
        "Estimation",
        "Random numbers",
        "Order of simultaneous events",
        "Software",
    ]
    assert all(sheet.values())
    assert any(
        line.startswith("wait.within (share): share of") for line in sheet["Outputs"]
    )
    assert "S2 at 09:01: Flood (close_road)." in sheet["Scenario logic"]
    assert "KV1: nobody balks; nobody reneges; priority 0 %." in sheet["Queues"]
    assert "simpy 4" in sheet["Software"][0]


def test_the_sheet_of_the_library_scenario_is_whole(commune):
    sheet = dict(sheet_of(commune))
    assert all(sheet.values())
    assert "Seed 1, replications 0 to 1." in sheet["Random numbers"]


# ---- words and markup ------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.95, "95 %"),
        (0.9996, "99.9 %"),
        (1.0, "100 %"),
        (0.0001, "0.1 %"),
        (0.0, "0 %"),
        (nan, "\u2013"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_to_none(share, text):
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12.34, "minutes", "12.3 min"),
        (inf, "minutes", "never"),
        (60.0, "clock", "07:00"),
        (inf, "clock", "never"),
        (1234.0, "count", "1\u202f234"),
        (inf, "count", "never"),
        (nan, "km", "\u2013"),
        (3.25, "km", "3.2 km"),
    ],
)
def test_values_are_written_by_their_unit(few, value, unit, text):
    assert value_text(value, unit, few.setting.clock) == text


def test_every_unit_of_a_measure_can_be_written(few):
    for measure in MEASURES.values():
        assert value_text(1.0, measure.unit, few.setting.clock), measure.name


def test_lists_and_names_read_as_sentences():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == ""
    assert listed(list("abcdefgh"), 3) == "a, b, c and 5 more"
    assert named("KV1", "") == "KV1"
    assert named("KV1", "School") == "KV1, School"


def test_text_and_attributes_are_escaped_and_markup_is_not():
    assert tag("p", "<&>", tag("b", "x"), title='"<').source == (
        '<p title="&quot;&lt;">&lt;&amp;&gt;<b>x</b></p>'
    )
    assert paragraph(Html("<br>")).source == "<p><br></p>"


def test_cells_carry_their_heading_for_narrow_screens():
    source = table(["name", "km"], [["P1", "3"]], caption="c").source
    assert '<td class="number" data-label="km">' in source
    assert '<th scope="row">P1</th>' in source


def test_a_page_is_whole():
    source = page("T", paragraph("x"))
    assert source.startswith("<!doctype html>\n<html ")
    assert '<meta charset="utf-8">' in source
    read(source)
