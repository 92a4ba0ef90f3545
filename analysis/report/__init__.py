"""The report: one self-contained HTML page, the answer first."""

from collections.abc import Mapping

from analysis.day import Day
from analysis.experiment import Experiment
from analysis.report.assumption import assumptions_of
from analysis.report.chapter import (
    Images,
    responses_chapter,
    shown,
    stations_chapter,
    units_chapter,
)
from analysis.report.front import answer, contents, head
from analysis.report.page import (
    Html,
    Part,
    badge,
    bullets,
    definitions,
    joined,
    page,
    paragraph,
    section,
    table,
    tag,
    whole,
    with_note,
)
from analysis.report.sheet import sheet_of
from analysis.report.timeline import others_sentence, timeline_of
from analysis.report.wording import (
    NOTHING,
    interval_text,
    measured_text,
    member_text,
    number_text,
    plural,
    share_text,
    target_text,
)
from analysis.table import orders_table
from analysis.target import LEAST, Judgement, Verdict

TOLD = ("typical", "worst")


def report_html(experiment: Experiment, days: Mapping[str, Day], images: Images) -> str:
    """Write the report of an experiment.

    Parameters
    ----------
    experiment
        The replications.
    days
        Whole days by name; ``typical`` and ``worst`` are told.
    images
        PNG files by name, as `analysis.figure.draw_all` names the figures; a figure
        that is missing is left out.

    Returns
    -------
    str
        The page. It asks nothing of any network and runs no script.
    """
    series = experiment.series
    chapters = {
        "Targets": _targets(experiment, images),
        "Timeline": _timelines(experiment, days),
        "Standing orders": _orders(experiment),
        "Map": _map(images),
        "Stations": stations_chapter(experiment, series, images),
        "Response": responses_chapter(experiment, series, images),
        "Units": units_chapter(experiment, series, images),
        "Assumptions": _assumptions(experiment),
        "STRESS-DES sheet": _sheet(experiment),
    }
    there = {title: part for title, part in chapters.items() if part is not None}
    return page(
        f"{experiment.setting.title}, plan {experiment.plan}",
        *head(experiment),
        answer(experiment, series),
        contents(list(there)),
        *there.values(),
        _foot(experiment),
    )


def _targets(experiment: Experiment, images: Images) -> Html:
    verdicts = experiment.verdicts()
    if not verdicts:
        return section("targets", "Targets", paragraph("none"))
    caption = (
        "On how many days each target held, with the exact interval of the share of "
        "days. Typical: median over the days of the value at the worst member."
    )
    if len(experiment.replications) < LEAST:
        none = f"Below {LEAST} replications there is neither interval nor verdict."
        caption = f"{none} {caption}"
    columns = list(_TARGET_COLUMNS)
    rows = [_target_row(verdict, experiment) for verdict in verdicts]
    return section(
        "targets",
        "Targets",
        table(columns, rows, caption=caption, words=7),
        *shown("targets", images, "Share of days on which each target held."),
    )


_TARGET_COLUMNS = (
    "target",
    "verdict",
    "held on",
    "interval",
    "bound",
    "typical",
    "worst at",
)


def _target_row(verdict: Verdict, experiment: Experiment) -> list[Part]:
    target = experiment.setting.targets[verdict.target]
    typical = measured_text(verdict.typical, target.measure, experiment.setting.clock)
    return [
        with_note(verdict.title, target_text(target)),
        badge(verdict.verdict),
        with_note(
            whole(f"{verdict.held} of {plural(verdict.days, 'day')}"),
            f"asked {share_text(target.days)}",
        ),
        whole(interval_text(verdict)),
        whole(target.bound.text),
        whole(typical),
        member_text(verdict.worst),
    ]


def _timelines(experiment: Experiment, days: Mapping[str, Day]) -> Html | None:
    """Tell the typical and the worst day; one when they are the same."""
    numbers = experiment.named()
    told: dict[int, str] = {}
    for name in (name for name in TOLD if name in days):
        told[numbers[name]] = (
            f"{told[numbers[name]]} and {name}" if (numbers[name] in told) else name
        )
    if not told:
        return None
    parts: list[Html] = []
    for number, names in told.items():
        day = days[names.split(" ")[0]]
        parts += _timeline(names, number, day, _judgements(experiment, number))
    return section("timeline", "Timeline", *parts)


def _judgements(experiment: Experiment, number: int) -> tuple[Judgement, ...]:
    found = [r for r in experiment.replications if r.number == number]
    return found[0].judgements if found else ()


def _timeline(
    names: str, number: int, day: Day, judgements: tuple[Judgement, ...]
) -> list[Html]:
    clock = day.setting.clock
    items = [
        tag("li", tag("time", clock.text(event.time)), event.text, class_=event.tone)
        for event in timeline_of(day, judgements)
    ]
    return [
        tag("h3", f"The {names} day (replication {number})"),
        paragraph(others_sentence(day), class_="soft"),
        tag("ol", *items, class_="timeline")
        if items
        else paragraph("Nothing to tell."),
    ]


def _orders(experiment: Experiment) -> Html | None:
    """Say of each standing order on how many days it was given, and when."""
    found = orders_table(experiment)
    if found.empty:
        return None
    days = len(experiment.replications)
    rows: list[list[Part]] = [
        [
            with_note(row["order"], row["title"]),
            row["station"] or NOTHING,
            whole(f"{row['days']} of {plural(days, 'day')}"),
            whole(number_text(row["times"])),
            whole(row["clock"] or NOTHING),
        ]
        for row in found.to_dict("records")
    ]
    caption = (
        "On how many days each was given, how often on such a day (mean), and when "
        "first (median of such days). What it asks for stands in the STRESS-DES sheet."
    )
    columns = ["order", "station", "given on", "times", "first at"]
    return section(
        "orders", "Standing orders", table(columns, rows, caption=caption, words=2)
    )


def _map(images: Images) -> Html | None:
    figure = shown("map", images, _MAP)
    return section("map", "Map of the typical day", *figure) if figure else None


_MAP = (
    "Roads, stations, bases and the incidents of the typical day, each beside its "
    "place. Roads that were closed at some time of that day are drawn black and broken."
)


def _assumptions(experiment: Experiment) -> Html:
    groups = assumptions_of(experiment.scenario, experiment.setting)
    parts = [part for title, lines in groups.items() for part in _group(title, lines)]
    return section("assumptions", "Assumptions", *parts)


def _group(title: str, lines: list[str]) -> list[Html]:
    return [tag("h3", title), bullets(lines)]


def _sheet(experiment: Experiment) -> Html:
    lead = (
        "What another modeller needs to know to judge these numbers or to repeat them, "
        "in the order of the STRESS-DES guideline (Monks and others, 2018)."
    )
    return section(
        "sheet", "STRESS-DES sheet", paragraph(lead), definitions(sheet_of(experiment))
    )


def _foot(experiment: Experiment) -> Html:
    text = (
        f"Muster played {plural(len(experiment.replications), 'replication')} of "
        f"{experiment.scenario.name}, plan {experiment.plan}, seed {experiment.seed}. "
        "The same scenario, plan, seed and versions give the same numbers."
    )
    return tag("footer", joined([text]))
