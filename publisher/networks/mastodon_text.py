"""What Mastodon makes of a text (links cut, mentions shortened), and how to know the text again in its HTML."""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from publisher.text.links import MASTODON_STYLE, Span, display_url, find_links
from publisher.types import Run

_MARKUP = re.compile(r"^\s*(?:[-+*>]|#{1,6}|\d+[.)])\s+|[*_~`\\]", re.MULTILINE)
"""What Markdown takes for markup, and shows no more."""


def show(text: str) -> tuple[Run, ...]:
    """`text` as followers see it (TextFormatter: scheme and www. hidden, 30 characters, then an ellipsis).

    A hashtag and a mention without host lead to the channel's own server, so their `href` is a path on it.
    A host without scheme is not clickable on Mastodon.
    """
    runs: list[Run] = []
    position = 0
    for span in find_links(text):
        run = _clickable(span)
        if run:
            runs += [Run(text=text[position : span.start]), run]
            position = span.end
    runs.append(Run(text=text[position:]))
    return tuple(run for run in runs if run.text)


def _clickable(span: Span) -> Run | None:
    if span.kind == "url":
        return Run(text=display_url(span.text, MASTODON_STYLE), href=span.href)
    if span.kind == "mention":
        user, _, host = span.text[1:].partition("@")
        return Run(text=f"@{user}", href=f"https://{host}/@{user}" if host else f"/@{user}")
    if span.kind == "hashtag":
        return Run(text=span.text, href=f"/tags/{span.text[1:]}")
    return None


def told(status: Mapping[str, Any]) -> Iterator[str]:
    """What a status says, as HTML, and in plain text where a relative has that besides (Pixelfed, Akkoma)."""
    yield str(status.get("content") or "")
    pleroma, akkoma = _object(status.get("pleroma")), _object(status.get("akkoma"))
    plain = (
        status.get("content_text"),
        _object(pleroma.get("content")).get("text/plain"),
        _object(akkoma.get("source")).get("content"),
    )
    yield from (html.escape(text) for text in plain if isinstance(text, str))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def same_text(content: str, text: str, *, markdown: bool = False) -> bool:
    """Whether the HTML of a status says what we sent as `text`; `markdown`: to a server that read it as that.

    Servers re-flow blank lines, cut links, shorten mentions and link bare hosts, each in its own way. So links are
    compared both by where they lead and by how they read, and blanks do not count.
    """
    page = _Plain()
    page.feed(content)
    page.close()
    said = ("".join(page.leading), "".join(page.reading))
    if markdown and _unmarked(text) in map(_unmarked, said):
        return True
    return fold(text) in map(fold, said)


def _unmarked(text: str) -> str:
    return fold(_MARKUP.sub("", text))


def fold(text: str) -> str:
    """`text` without what servers change: blanks, invisible characters, hosts and case of mentions, %-escapes."""
    folded, position = "", 0
    for span in find_links(text):
        if span.kind == "mention":
            folded += text[position : span.start] + "@" + span.text.split("@")[1].lower()
            position = span.end
    folded = unicodedata.normalize("NFC", unquote(folded + text[position:]))
    return "".join(letter for letter in folded if not letter.isspace() and unicodedata.category(letter) != "Cf")


class _Plain(HTMLParser):
    """The text of a status twice: links as addresses (`leading`) and links as written (`reading`)."""

    def __init__(self) -> None:
        super().__init__()
        self.leading: list[str] = []
        self.reading: list[str] = []
        self._in_link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        if tag == "a" and not {"mention", "hashtag"} & set(classes):
            self._in_link = True
            self.leading.append(attributes.get("href", ""))
        elif tag == "img":
            # A custom emoji; its alt text is the :shortcode: that was written.
            self.handle_data(attributes.get("alt", ""))
        elif tag in ("br", "p"):
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._in_link = False
        elif tag == "p":
            self.handle_data("\n")

    def handle_data(self, data: str) -> None:
        self.reading.append(data)
        if not self._in_link:
            self.leading.append(data)
