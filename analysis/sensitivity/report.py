"""The report of a sensitivity study: one self-contained page, the answer first."""

from collections.abc import Mapping

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
from analysis.sensitivity.console import (
    change_text,
    index_text,
    level_cells,
    moved_text,
    noise_text,
)
from analysis.sensitivity.edge import CELLS
from analysis.sensitivity.picture import MOST_PANELS, bars_of
from analysis.sensitivity.result import Sensitivity
from analysis.sensitivity.span import TAIL
from analysis.target import LEAST

Images = Mapping[str, bytes]
_TORNADO = (
    "What becomes of each outcome when one input goes to either end of its range and "
    "the others stay as written. The line is all as written; black bars are the "
    f"intervals of the changes. At most {MOST_PANELS} outcomes are drawn."
)
_SOBOL = (
    "Share of the variation that each input brings about alone (circle), and with its "
    "interplay with the others (square), with bootstrap intervals."
)
_EDGE = (
    "Share of days on which a target holds, along one input, with its exact interval. "
    "Grey: the levels at which it is neither met nor missed, which the days cannot "
    "tell from the break-even value. Dotted: as written."
)


def sensitivity_html(study: Sensitivity, images: Images) -> str:
    """Write the report.

    Parameters
    ----------
    study
        What was played.
    images
        PNG files of the figures by name.
    """
    title = f"{study.setting.title}: what moves plan {study.plan}"
    said = [*study.sentences(), *study.failures()]
    parts = [
        tag("h1", title),
        _facts(study),
        section("answer", "Where it breaks", bullets(said)),
        _breakeven(study, images),
        _tornado(study, images),
        _sobol(study, images),
        section("method", "Method", bullets(method_of(study))),
    ]
    return page(title, *(part for part in parts if part is not None))


def _facts(study: Sensitivity) -> Html:
    facts = {
        "Plan": study.plan,
        "Inputs": str(len(study.spans)),
        "Days at each point": str(study.days),
        "Seed": str(study.seed),
    }
    items = [tag("li", f"{name} ", tag("b", value)) for name, value in facts.items()]
    return tag("ul", *items, class_="facts")


def _breakeven(study: Sensitivity, images: Images) -> Html | None:
    figure = shown("breakeven", images, _EDGE)
    return section("breakeven", "Break-even values", *figure) if figure else None


def _tornado(study: Sensitivity, images: Images) -> Html:
    parts: list[Html] = list(shown("tornado", images, _TORNADO))
    for outcome in study.moved():
        bars = bars_of(study, outcome.name)
        rows: list[list[Part]] = [
            [
                with_note(bar.span.input.title, bar.span.input.path),
                *level_cells(bar),
                outcome.text(bar.at_low),
                outcome.text(bar.at_high),
                change_text(bar, bar.swing),
            ]
            for bar in bars
        ]
        endless = sum(bar.endless for bar in bars)
        note = ""
        if endless:
            note = (
                f" On {endless} of the days played it never ended and counts as the "
                "length of the scenario."
            )
        caption = f"{outcome.title}: {outcome.text(bars[0].nominal)} as written.{note}"
        columns = ["input", "from", "to", "at low", "at high", "change low to high"]
        parts.append(table(columns, rows, caption=caption))
    return section("tornado", "What moves what", *parts, paragraph(moved_text(study)))


def _sobol(study: Sensitivity, images: Images) -> Html | None:
    shares = [one for one in study.shares if one.sd > 0]
    if not shares:
        return None
    rows: list[list[Part]] = [
        [
            share.outcome.title,
            study.spans[row].input.title,
            index_text(share, "first", row),
            index_text(share, "total", row),
            "-" if share.noise != share.noise else f"{share.noise:.0%}",
        ]
        for share in shares
        for row in (-share.indices.total).argsort(kind="stable")
    ]
    columns = ["outcome", "input", "alone", "with its interplay", "of it the few days"]
    return section(
        "sobol",
        "All inputs at once",
        *shown("sobol", images, _SOBOL),
        table(columns, rows, caption=noise_text(study), words=2),
    )


def method_of(study: Sensitivity) -> list[str]:
    """Say how the numbers came about."""
    lines = [
        "Every point is played on the same days (seed and number): differences are "
        "those of the inputs, not of luck. Inputs that are not varied stay as the "
        "scenario writes them; injects by chance are drawn as ever.",
        f"The ends of an uncertain input are those beyond which one day in "
        f"{1 / TAIL:.0f} lies, on either side; of --vary they are as given. Break-even "
        "values are sought over its whole range.",
        "Intervals of changes are Student's (nominal), those of shares of days Bonett "
        "and Price's (2012); adjusted (Bonferroni) so that the three of each input "
        "hold together, for all inputs of one outcome, with 95 %.",
        f"A break-even value is found by halving, to 1/{CELLS} of the range. A target "
        "is met or missed at a level when the exact interval of its share of days says "
        "so; that the share only falls or only rises between the levels looked at is "
        "an assumption.",
        "What never ended counts as the length of the scenario.",
    ]
    if study.shares:
        lines.append(noise_text(study))
    if study.days < LEAST:
        lines.append(f"Below {LEAST} days there is no interval.")
    return lines
