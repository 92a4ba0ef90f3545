"""The front of the report: what was played, the answer, what binds, the contents."""

from analysis.experiment import Experiment
from analysis.report.answer import (
    binding_sentences,
    first_break_sentence,
    headline,
    outcome,
    planned_load_note,
    target_sentences,
    unit_sentence,
)
from analysis.report.page import Html, bullets, paragraph, tag
from analysis.report.summary import Series, workloads_of
from analysis.report.wording import named
from analysis.why import bindings, first_break


def key_of(title: str) -> str:
    """Give the anchor of a chapter."""
    keys = {
        "Response": "responses",
        "STRESS-DES sheet": "sheet",
        "Standing orders": "orders",
    }
    return keys.get(title, title.lower())


def contents(titles: list[str]) -> Html:
    """List the chapters, to jump to."""
    links = [tag("li", tag("a", title, href=f"#{key_of(title)}")) for title in titles]
    return tag("nav", tag("ul", *links))


def head(experiment: Experiment) -> list[Html]:
    """Say what was played: scenario, plan, days, seed."""
    setting, plan = experiment.setting, experiment.scenario.plans[experiment.plan]
    facts = {
        "Plan": named(plan.name, plan.title),
        "Days played": str(len(experiment.replications)),
        "Seed": str(experiment.seed),
        "Day D": setting.clock.day,
    }
    items = [tag("li", f"{name} ", tag("b", value)) for name, value in facts.items()]
    leads = [text for text in (setting.summary, plan.summary) if text]
    return [
        tag("h1", setting.title),
        *(paragraph(text, class_="lead") for text in leads),
        tag("ul", *items, class_="facts"),
    ]


def answer(experiment: Experiment, series: Series) -> Html:
    """Say whether the plan holds, and what broke first."""
    setting, days = experiment.setting, len(experiment.replications)
    verdicts = experiment.verdicts()
    sentences = target_sentences(verdicts, setting)
    if verdicts:
        first = first_break(experiment)
        sentences.append(first_break_sentence(first, days, setting.clock))
    if experiment.failed:
        sentences.append(f"{experiment.failures_text()}.")
    box = tag(
        "div",
        paragraph(headline(verdicts, days)),
        *(paragraph(sentence) for sentence in sentences),
        class_=f"answer {outcome(verdicts).replace(' ', '-')}",
    )
    return tag("section", box, *_why(experiment, series), id="answer")


def _why(experiment: Experiment, series: Series) -> list[Html]:
    """Say what binds, and the simplest cure."""
    found = bindings(experiment)
    busiest = unit_sentence(workloads_of(experiment, series))
    sentences = [*binding_sentences(experiment, found), busiest]
    told = [sentence for sentence in sentences if sentence]
    if not told:
        return []
    note = planned_load_note(found)
    return [
        tag("h3", "What binds, and the simplest cure"),
        bullets(told),
        *([paragraph(note, class_="soft")] if note else []),
    ]
