"""The report of a comparison: one self-contained page, the answer first."""

from collections.abc import Mapping

from analysis.comparison.answer import (
    factor_sentence,
    records,
)
from analysis.comparison.chapter import (
    differences_table,
    members_table,
    stations_table,
    targets_table,
)
from analysis.comparison.comparison import Comparison
from analysis.comparison.console import (
    matrix_caption,
    matrix_rows,
)
from analysis.comparison.item import words_of
from analysis.comparison.method import method_of
from analysis.comparison.verdict import (
    few_text,
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
)
from analysis.report.wording import number_text, plural, value_text
from analysis.target import LEAST

Images = Mapping[str, bytes]
_LINES = (
    "Voters in line, all stations together, hour by hour: mean of the days under each "
    "plan, and below each difference from {}. The bands hold at all hours and for all "
    "plans at once with 95 % (nominal); a mark without a band: too few days differ."
)
_STATIONS = (
    "Mean wait of those who voted, station by station. Filled: better or worse than "
    "under {}; hollow: the same, or too close to call."
)
_FOREST = (
    "Mean differences from {}, measure by measure, with their intervals. Green dot: "
    "better; red square: worse; hollow: too close to call, or the same."
)
_PARETO = (
    "Cost against service, by the means. The broken line joins the plans that no other "
    "one beats in both."
)


def report_html(comparison: Comparison, images: Images) -> str:
    """Write the report of a comparison.

    Parameters
    ----------
    comparison
        As played.
    images
        PNG files, as `analysis.comparison.figure.draw_comparison` names them.

    Returns
    -------
    str
        The page. It asks nothing of any network and runs no script.
    """
    chapters = []
    if len(comparison.cases) > 1:
        chapters.append(_matrix(comparison))
    for scenario in comparison.cases:
        chapters += _case(comparison, scenario, images)
    title = f"{' and '.join(_titles(comparison))}: {' or '.join(comparison.plans)}?"
    return page(
        title,
        *_head(comparison, title),
        _answer(comparison),
        *chapters,
        section("method", "Method and assumptions", bullets(method_of(comparison))),
        _foot(comparison),
    )


def _titles(comparison: Comparison) -> list[str]:
    return [next(iter(c.values())).setting.title for c in comparison.cases.values()]


def _head(comparison: Comparison, title: str) -> list[Html]:
    facts = {
        "Plans": ", ".join(comparison.plans),
        "Baseline": comparison.baseline,
        "Days of each": str(comparison.days),
        "Seed": str(comparison.seed),
    }
    items = [tag("li", f"{name} ", tag("b", value)) for name, value in facts.items()]
    plans = comparison.first.scenario.plans
    leads = [f"{name}: {plans[name].summary}" for name in comparison.plans]
    return [
        tag("h1", title),
        tag("ul", *items, class_="facts"),
        bullets([lead for lead in leads if not lead.endswith(": ")]),
    ]


def _answer(comparison: Comparison) -> Html:
    """Say exceptions first, then which plans hold and what each does."""
    parts: list[Html] = []
    if comparison.days < LEAST:
        parts.append(paragraph(few_text(comparison.days)))
    parts += [paragraph(text) for text in comparison.overall()]
    for scenario in comparison.cases:
        first, *others = comparison.sentences(scenario)
        where = f"{scenario}: " if len(comparison.cases) > 1 else ""
        parts.append(paragraph(f"{where}{first}"))
        parts += [
            paragraph(tag("b", "Exception: "), f"{text}.")
            for text in comparison.exceptions(scenario)
        ]
        parts.append(bullets(others))
    parts += [paragraph(text) for text in comparison.failures()]
    kind = "met" if comparison.holding() else "missed"
    kind = kind if comparison.days >= LEAST else "undecided"
    return tag("section", tag("div", *parts, class_=f"answer {kind}"), id="answer")


def _case(comparison: Comparison, scenario: str, images: Images) -> list[Html]:
    several = len(comparison.cases) > 1
    end, before = (f"-{scenario}", f"{scenario}: ") if several else ("", "")
    base = comparison.baseline

    def picture(name: str, caption: str) -> list[Html]:
        return shown(name + end, images, caption.format(base))

    def chapter(key: str, title: str, *parts: Part) -> Html:
        return section(key + end, before + title, *parts)

    found = [
        chapter("targets", "Targets", targets_table(comparison, scenario)),
        chapter(
            "differences",
            f"Differences from {base}",
            *picture("differences", _FOREST),
            differences_table(comparison, scenario),
            paragraph(
                factor_sentence(
                    comparison.of(comparison.differences, scenario),
                    base,
                    comparison.measure[0],
                )
            ),
        ),
    ]
    if len(comparison.of(comparison.day, scenario)):
        found.append(chapter("day", "Over the day", *picture("day", _LINES)))
        found.append(
            chapter(
                "stations",
                "Stations",
                *picture("stations", _STATIONS),
                stations_table(comparison, scenario),
            )
        )
    members = members_table(comparison, scenario)
    if members is not None:
        found.append(chapter("members", "By type, priority, area and unit", members))
    cost = _cost(comparison, scenario)
    pictures = picture("pareto", _PARETO)
    found.append(chapter("cost", "Cost against service", *pictures, cost))
    return found


def _cost(comparison: Comparison, scenario: str) -> Html:
    clock = comparison.first.setting.clock
    rows: list[list[Part]] = [
        [
            row["plan"],
            number_text(row["cost"]),
            number_text(row["hours"]),
            value_text(row["service"], comparison.unit, clock),
            f"{row['targets_met']} of {row['targets']}",
            "yes" if row["pareto"] else "",
        ]
        for row in records(comparison.of(comparison.pareto, scenario))
    ]
    words = words_of(*comparison.measure[:2])
    columns = ["plan", "cost of units", "staff hours", words, "targets met", "Pareto"]
    return table(columns, rows, caption="Means of the days.")


def _matrix(comparison: Comparison) -> Html:
    caption = matrix_caption(comparison)
    columns = ["about", "plan", *comparison.cases, "worst case", "most regret"]
    rows: list[list[Part]] = [list(row) for row in matrix_rows(comparison)]
    return section(
        "matrix", "Plans by scenarios", table(columns, rows, caption=caption, words=2)
    )


def _foot(comparison: Comparison) -> Html:
    text = (
        f"Muster played {plural(comparison.days, 'replication')} of each plan in "
        f"{', '.join(comparison.cases)}, seed {comparison.seed}. The same scenarios, "
        "plans, seed and versions give the same numbers."
    )
    return tag("footer", text)
