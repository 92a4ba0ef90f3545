"""The report of an attribution: one self-contained page, the answer first."""

from collections.abc import Mapping
from math import isnan

from analysis.attribution.attribution import ALL, Attribution
from analysis.comparison.answer import Row, needed_of, records, within_of
from analysis.comparison.item import words_of
from analysis.comparison.method import statistics
from analysis.comparison.verdict import (
    change_text,
    few_text,
    interval_text,
    told,
)
from analysis.report.chapter import shown
from analysis.report.page import (
    Html,
    Part,
    bullets,
    page,
    paragraph,
    section,
    table,
    tag,
    with_note,
)
from analysis.report.wording import NOTHING, named, plural, share_text, value_text
from analysis.target import LEAST

_FIGURE = (
    "What each inject costs, measure by measure, the longest bar on top, with its "
    "interval. Red and crossed: the days are worse with it; green: better; pale: too "
    "close to call."
)


def report_html(attribution: Attribution, images: Mapping[str, bytes]) -> str:
    """Write the report of an attribution.

    Parameters
    ----------
    attribution
        As played.
    images
        PNG files, as `analysis.attribution.figure.draw_attribution` names them.

    Returns
    -------
    str
        The page. It asks nothing of any network and runs no script.
    """
    scripted = attribution.scripted
    title = f"{scripted.setting.title}, plan {scripted.plan}: what each inject cost"
    facts = {
        "Plan": scripted.plan,
        "Days of each": str(attribution.days),
        "Seed": str(scripted.seed),
    }
    items = [tag("li", f"{name} ", tag("b", value)) for name, value in facts.items()]
    chapters = [_targets(attribution), _effects(attribution, images)]
    if len(attribution.interaction):
        chapters.append(_interaction(attribution))
    foot = (
        f"Muster played {plural(attribution.days, 'replication')} of "
        f"{scripted.scenario.name}, plan {scripted.plan}, seed {scripted.seed}, as "
        f"scripted and {plural(len(attribution.without), 'time')} without injects."
    )
    return page(
        title,
        tag("h1", title),
        tag("ul", *items, class_="facts"),
        _answer(attribution),
        *chapters,
        section("method", "Method", bullets(_method(attribution))),
        tag("footer", foot),
    )


def _answer(attribution: Attribution) -> Html:
    few = [few_text(attribution.days)] if attribution.days < LEAST else []
    first, *others = [*few, *attribution.sentences(), *attribution.failures()]
    followers = [f"{text}." for text in attribution.followers()]
    kind = "met" if attribution.holding() else "missed"
    kind = "undecided" if few else kind
    box = tag(
        "div",
        paragraph(first),
        bullets([*others, *followers]),
        class_=f"answer {kind}",
    )
    return tag("section", box, id="answer")


def _targets(attribution: Attribution) -> Html:
    rows = [
        _target_row(row)
        for row in records(attribution.targets)
        if row["held"] < row["days"] and (row["saved"] or row["inject"] == ALL)
    ]
    caption = (
        "Targets that were missed on some day, and the injects without which they held "
        "on some of these. Saved: share of all days, with its exact interval. Verdict: "
        "by the difference of shares of the same days (small), all of which hold at "
        "once with 95 % (nominal). Broke first: of the days saved, on how many no "
        "other target that an inject breaks broke before it."
    )
    columns = ["target", "without", "verdict", "held", "saved", "lost", "broke first"]
    if not rows:
        return section(
            "targets", "Targets", paragraph("Every target held on all days.")
        )
    return section("targets", "Targets", table(columns, rows, caption=caption, words=3))


def _target_row(row: Row) -> list[Part]:
    interval = interval_text(row["difference_low"], row["difference_high"], "share")
    low, high = row["low"], row["high"]
    share = "" if isnan(low) else f"{share_text(low)} to {share_text(high)}"
    verdict = told(row["verdict"], row["days"], needed_of(row))
    days = row["days"]
    first = f"{row['first']} of {row['saved']}" if row["saved"] else NOTHING
    return [
        row["target"],
        tag("b", row["inject"]) if row["most"] else row["inject"],
        with_note(verdict, interval),
        with_note(f"{row['held_without']} of {days}", f"as scripted {row['held']}"),
        with_note(plural(row["saved"], "day"), share),
        plural(row["lost"], "day"),
        with_note(first, f"typically {row['clock']}" if row["clock"] else ""),
    ]


def _effects(attribution: Attribution, images: Mapping[str, bytes]) -> Html:
    frame = attribution.effects
    main = frame[(frame["family"] == "main") & (frame["differing"] > 0)]
    rows: list[list[Part]] = [effect_cells(row, attribution) for row in records(main)]
    compared = int(main["compared"].max()) if len(main) else 0
    caption = (
        f"As scripted less without. {compared} intervals hold at once with 95 % "
        "(nominal). What is the same on every day is not shown. By station, type and "
        "unit: tables/effects.csv."
    )
    columns = ["measure", "without", "the days are", "as scripted", "cost"]
    return section(
        "effects",
        "What each inject cost",
        *shown("effects", images, _FIGURE),
        table(columns, rows, caption=caption, words=3),
    )


def effect_cells(row: Row, attribution: Attribution) -> list[Part]:
    """Write what an inject costs: measure, inject, verdict, means, cost."""
    clock, unit = attribution.scripted.setting.clock, row["unit"]
    scripted = value_text(row["scripted_mean"], unit, clock)
    without = value_text(row["without_mean"], unit, clock)
    name = row["inject"]
    title = attribution.injects[name].title if name in attribution.injects else ""
    interval = interval_text(row["low"], row["high"], unit)
    return [
        words_of(row["measure"], within_of(row)),
        with_note(name, title),
        told(row["verdict"], row["days"], needed_of(row)),
        with_note(scripted, f"without {without}"),
        with_note(change_text(row["cost"], unit), interval),
    ]


def _interaction(attribution: Attribution) -> Html:
    frame = attribution.interaction
    main = records(frame[(frame["target"] == "") & (frame["joint"] != 0)])
    rows: list[list[Part]] = [
        [
            words_of(row["measure"], within_of(row)),
            change_text(row["joint"], row["unit"]),
            change_text(row["sum"], row["unit"]),
            change_text(row["interaction"], row["unit"]),
            interval_text(row["low"], row["high"], row["unit"]),
        ]
        for row in main
    ]
    caption = (
        "The cost of all injects together, and the sum of the costs of each alone. The "
        "sum is over the injects that start after no other one: "
        f"{', '.join(attribution.roots)}."
    )
    columns = ["measure", "together", "sum", "together less sum", "interval"]
    return section(
        "interaction", "Together", table(columns, rows, caption=caption, words=1)
    )


def _method(attribution: Attribution) -> list[str]:
    followers = [
        named(name, attribution.injects[name].title)
        for name in attribution.injects
        if attribution.injects[name].after is not None
    ]
    started = f" Here: {'; '.join(followers)}." if followers else ""
    return [
        "The same days: seed and number fix every chance event, so a day without an "
        "inject differs from the day as scripted in nothing but what the inject does. "
        "A cost is the day as scripted less the day without, averaged.",
        "An inject that places an incident counts in the response like any other: one "
        "that is attended sooner than most makes the mean response better.",
        f"An inject that starts after another one is left out with it.{started}",
        "What an inject costs depends on the others that are there: the costs of each "
        "alone need not add up.",
        *statistics(),
    ]
