"""Parts of an HTML page. Text is escaped here and nowhere else."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from analysis.report.style import STYLE

_VOID = {"meta", "img", "br"}


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that is ready; anything else is text, and is escaped.

    Parameters
    ----------
    source
        The markup.
    """

    source: str


Part = str | Html


def tag(name: str, /, *parts: Part, **attributes: str) -> Html:
    """Make an element.

    Parameters
    ----------
    name
        Of the element.
    parts
        What it holds; text is escaped.
    attributes
        A trailing underscore is dropped, others become hyphens.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{joined(parts).source}</{name}>")


def joined(parts: Iterable[Part], separator: str = "") -> Html:
    """Put parts one after the other."""
    return Html(
        separator.join(p.source if isinstance(p, Html) else escape(p) for p in parts)
    )


def paragraph(*parts: Part, class_: str = "") -> Html:
    """Make a paragraph."""
    return tag("p", *parts, class_=class_)


def bullets(items: Sequence[Part]) -> Html:
    """Make a list."""
    return tag("ul", *(tag("li", item) for item in items))


def with_note(text: Part, note: str) -> Html:
    """Put a small note under a text."""
    return joined([text, tag("small", note)] if note else [text])


def whole(text: str) -> Html:
    """Keep a short text on one line."""
    return tag("span", text, class_="whole")


def badge(word: str) -> Html:
    """Make the mark of a verdict: a word, a colour and a border."""
    return tag("span", word, class_=f"badge {word.replace(' ', '-')}")


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Part]],
    *,
    caption: str,
    words: int = 1,
) -> Html:
    """Make a table.

    Parameters
    ----------
    columns
        Their headings; the first column names the row.
    rows
        A cell for each column.
    caption
        What is in it.
    words
        How many columns hold words; the others hold numbers.
    """
    classes = ["" if i < words else "number" for i in range(len(columns))]
    head = [
        tag("th", name, class_=kind, scope="col")
        for name, kind in zip(columns, classes, strict=True)
    ]
    body = []
    for first, *rest in rows:
        cells = [
            tag("td", tag("span", cell), class_=kind, data_label=name)
            for cell, kind, name in zip(rest, classes[1:], columns[1:], strict=True)
        ]
        body.append(tag("tr", tag("th", first, scope="row"), *cells))
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *head)),
        tag("tbody", *body),
    )


def picture(image: bytes, caption: str) -> Html:
    """Put a PNG file into the page itself."""
    source = f"data:image/png;base64,{b64encode(image).decode()}"
    return tag(
        "figure",
        tag("div", tag("img", src=source, alt=caption), class_="scroll"),
        tag("figcaption", caption),
    )


def definitions(pairs: Iterable[tuple[str, Sequence[Part]]]) -> Html:
    """Make a list of terms with a few sentences each."""
    parts = []
    for term, sentences in pairs:
        parts.append(tag("dt", term))
        parts.append(tag("dd", *(paragraph(s) for s in sentences or ("none",))))
    return tag("dl", *parts)


def section(key: str, title: str, *parts: Part) -> Html:
    """Make a section that the contents can point to."""
    return tag("section", tag("h2", title), *parts, id=key)


def page(title: str, *parts: Part) -> str:
    """Make the whole page; it asks nothing of any network."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="Muster"),
        tag("title", title),
        Html(f"<style>{STYLE}</style>"),
    )
    body = tag("body", tag("main", *parts))
    return f"<!doctype html>\n{tag('html', head, body, lang='en').source}\n"
