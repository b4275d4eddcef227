"""Links, mentions and hashtags in plain text, and how networks show a link.

Positions are in code points of the text as given. Nothing here knows a network: a network file decides
which spans become clickable there and where a mention leads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

Kind = Literal["url", "bare", "mention", "hashtag"]

# A bare host is only believed with an ending that texts of institutions really use:
# "end.Next" and "e.g.this" must not become links.
_ENDINGS = (
    "eu|int|org|com|net|gov|edu|info|io|app|dev|social|europa|museum|"
    "at|be|bg|ch|cy|cz|de|dk|ee|es|fi|fr|gr|hr|hu|ie|it|li|lt|lu|lv|mt|nl|no|pl|pt|ro|se|si|sk|uk|ua|us|ca|au|jp"
)
_STOP = r"\s<>\"“”„«»‹›。，、"
_URL = regex.compile(rf"(?<![\p{{L}}\p{{N}}@])https?://[^{_STOP}]+", regex.IGNORECASE)
_BARE = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}@_/.:-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+(?:{_ENDINGS})(?![\p{{L}}\p{{N}}_@-]|\.[A-Za-z])"
    rf"(?:/[^{_STOP}]*)?"
)
_MENTION = regex.compile(
    r"(?<![\p{L}\p{N}_@/.])@[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
    r"(?:@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?)?"
)
_HASHTAG = regex.compile(r"(?<![\p{L}\p{M}\p{N}_&/#])[#＃](?=[\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]+")
_BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is a link, a mention or a hashtag.

    `href` is where a `url` or a `bare` host (no scheme) leads; blank for mentions and hashtags, because
    where those lead depends on the network.
    """

    start: int
    end: int
    text: str
    href: str
    kind: Kind


def find_links(text: str) -> list[Span]:
    """Every link, mention and hashtag in `text`, first to last; none overlap."""
    found: list[Span] = []
    taken: list[tuple[int, int]] = []
    for span in _candidates(text):
        if all(span.end <= start or span.start >= end for start, end in taken):
            taken.append((span.start, span.end))
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def find_urls(text: str) -> list[Span]:
    """Only the links that carry http:// or https://."""
    return list(_urls(text))


def _candidates(text: str) -> Iterator[Span]:
    """In order of precedence: a hashtag inside a URL is part of the URL."""
    yield from _urls(text)
    for match in _MENTION.finditer(text):
        yield Span(match.start(), match.end(), match[0], "", "mention")
    for match in _BARE.finditer(text):
        end = match.start() + len(_trimmed(match[0]))
        shown = text[match.start() : end]
        yield Span(match.start(), end, shown, f"https://{shown}", "bare")
    for match in _HASHTAG.finditer(text):
        yield Span(match.start(), match.end(), match[0], "", "hashtag")


def _urls(text: str) -> Iterator[Span]:
    for match in _URL.finditer(text):
        shown = _trimmed(match[0])
        if not shown.endswith("/") or shown.count("/") > 2:
            yield Span(match.start(), match.start() + len(shown), shown, shown, "url")


def _trimmed(url: str) -> str:
    """`url` without the punctuation of the sentence around it; a bracket stays where it closes one inside."""
    while url:
        last = url[-1]
        unbalanced = last in _BRACKETS and url.count(last) > url.count(_BRACKETS[last])
        if last in ".,;:!?'’…*" or unbalanced:
            url = url[:-1]
        else:
            break
    return url


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlStyle:
    """How a network shows a long link; lengths in code points."""

    whole: int = 0
    """At most this much of host and path together; 0 = no such limit."""
    path: int = 0
    """At most this much of the path; 0 = no such limit."""
    cut: int = 0
    """What is left of a path that is longer than `path`."""
    www: bool = True
    """Whether a leading www. is shown."""
    ellipsis: str = "…"


X_STYLE = UrlStyle(path=15, cut=15, www=False)
MASTODON_STYLE = UrlStyle(whole=30, www=False)
BLUESKY_STYLE = UrlStyle(path=15, cut=13, ellipsis="...")


def display_url(url: str, style: UrlStyle) -> str:
    """`url` as a network shows it: no scheme, long ones cut."""
    shown = regex.sub(r"^https?://", "", url, flags=regex.IGNORECASE)
    if not style.www:
        shown = regex.sub(r"^www\.", "", shown, flags=regex.IGNORECASE)
    host, slash, rest = shown.partition("/")
    path = slash + rest if rest else ""
    if style.whole:
        return shown if len(shown) <= style.whole else shown[: style.whole] + style.ellipsis
    if style.path and len(path) > style.path:
        return host + path[: style.cut] + style.ellipsis
    return host + path
