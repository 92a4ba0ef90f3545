"""The page on a search for the cheapest plan: the answer first."""

from analysis.figure.staff import Point
from analysis.report.page import (
    Html,
    Part,
    badge,
    bullets,
    page,
    paragraph,
    picture,
    section,
    table,
    tag,
    whole,
    with_note,
)
from analysis.report.wording import NOTHING, interval_text, number_text, share_text
from analysis.staff import Staffing
from analysis.staff.option import Option
from analysis.staff.score import FEW
from analysis.staff.table import held_share, role
from analysis.staff.telling import (
    checked,
    effort,
    failures,
    guarantee,
    headline,
    outcome,
    proofs,
    sentences,
    warnings,
)


def points(staffing: Staffing) -> list[Point]:
    """Give every plan that was tried, for the picture."""
    found = []
    for candidate in staffing.whole:
        share, days = held_share(staffing, candidate)
        kind = role(staffing, candidate)
        if kind == "tried":
            kind = "tried" if days >= FEW else "cut short"
            kind = "start" if candidate == staffing.space.start else kind
        cost = staffing.space.cost(candidate)
        found.append(Point(cost=cost, share=share, role=kind))
    return found


def report_html(staffing: Staffing, image: bytes) -> str:
    """Write the page.

    Parameters
    ----------
    staffing
        What came of the search.
    image
        The picture of `analysis.figure.staff`, as PNG.
    """
    title = f"{staffing.setting.title}: the cheapest plan"
    facts = {
        "Start": staffing.space.plan,
        "Seed": str(staffing.seed),
        "Replications": number_text(staffing.spent.all),
        "Day D": staffing.setting.clock.day,
    }
    return page(
        title,
        tag("h1", title),
        tag(
            "ul",
            *(tag("li", f"{name} ", tag("b", value)) for name, value in facts.items()),
            class_="facts",
        ),
        _answer(staffing),
        _plan(staffing),
        _verdicts(staffing),
        _findings(staffing),
        _proof(staffing),
        _picture(image),
        _choice(staffing),
        _method(staffing),
    )


def _answer(staffing: Staffing) -> Html:
    box = tag(
        "div",
        paragraph(headline(staffing)),
        *(paragraph(text) for text in [*sentences(staffing), *failures(staffing)]),
        class_=f"answer {outcome(staffing)}",
    )
    return tag("section", box, id="answer")


def _plan(staffing: Staffing) -> Html:
    shown = staffing.shown
    rows: list[list[Part]] = [
        [
            with_note(option.title, option.name),
            whole(option.text(index)),
            NOTHING if option.start is None else whole(option.text(option.start)),
            whole(_allowed(option)),
            whole(number_text(option.costs[index])),
        ]
        for option, index in zip(staffing.space.options, shown, strict=True)
    ]
    title = "The plan" if staffing.winner is not None else "The plan with most of all"
    caption = (
        f"What it has, what plan {staffing.space.plan} has, and what was allowed. "
        f"Units that may not vary cost {number_text(staffing.space.fixed)} beside; in "
        f"all it costs {number_text(staffing.space.cost(shown))}, in the money of the "
        "scenario."
    )
    columns = ["choice", "here", "before", "allowed", "cost"]
    return section("plan", title, table(columns, rows, caption=caption, words=1))


def _allowed(option: Option) -> str:
    if option.counts and len(option.values) > 1:
        return f"{option.text(0)} to {option.text(len(option.values) - 1)}"
    return f"{len(option.values)} way{'s' * (len(option.values) > 1)}"


def _verdicts(staffing: Staffing) -> Html:
    rows: list[list[Part]] = [
        [
            with_note(verdict.title, verdict.target),
            badge(verdict.verdict),
            whole(f"{verdict.held} of {verdict.days}"),
            whole(share_text(asked.share)),
            whole(interval_text(verdict)),
            verdict.worst,
        ]
        for verdict, asked in zip(staffing.verdicts, staffing.asked, strict=True)
    ]
    caption = (
        f"On the first {staffing.days} days of seed {staffing.seed}, which the search "
        f"never saw; muster run with -n {staffing.days} plays the same."
    )
    columns = ["target", "verdict", "held on", "asked", "interval", "worst at"]
    return section("targets", "Targets", table(columns, rows, caption=caption, words=2))


def _findings(staffing: Staffing) -> Html:
    if not staffing.findings:
        return Html("")
    lines = bullets(warnings(staffing))
    return section("findings", "What to look at", paragraph(checked(staffing)), lines)


def _proof(staffing: Staffing) -> Html:
    if staffing.winner is None:
        return section("proof", "Proof", paragraph("There is no winner to prove."))
    lead = (
        "The plan with one choice a step cheaper, each played on the same days until a "
        "target is told to be missed."
    )
    return section(
        "proof",
        "Proof: one step cheaper",
        paragraph(lead),
        bullets(proofs(staffing)),
    )


def _picture(image: bytes) -> Html:
    caption = (
        "Every plan that was tried. Plans that plainly miss a target are cut short: "
        "they were played on few days, the hardest first, so that their share is too "
        "low."
    )
    return section("cost", "Cost against days that hold", picture(image, caption))


def _choice(staffing: Staffing) -> Html:
    rows: list[list[Part]] = []
    names = list(staffing.setting.targets)
    for place, candidate in enumerate(staffing.found.listed):
        test = staffing.tests[place] if place < len(staffing.tests) else None
        by = "" if test is None or test.stopped_by is None else names[test.stopped_by]
        word = "not needed" if test is None else test.word
        rows.append(
            [
                whole(number_text(staffing.space.cost(candidate))),
                f"{word}{' by ' if by else ''}{by}",
                "" if test is None else whole(str(test.days)),
            ]
        )
    caption = (
        "The plans that the search proposed, cheapest first; the first accepted wins."
    )
    columns = ["cost", "result", "days played"]
    return section(
        "choice", "The final choice", table(columns, rows, caption=caption, words=2)
    )


def _method(staffing: Staffing) -> Html:
    return section(
        "method",
        "What is guaranteed",
        *(paragraph(text) for text in guarantee(staffing)),
        paragraph(f"Spent: {effort(staffing)}.", class_="soft"),
    )
