r"""Little text, in which LinkedIn takes the words of a post: written so that followers see what was approved, and read.

Source: learn.microsoft.com, "little Text Format". Each reserved sign that is not meant as markup has a backslash before
it: at the first one without, LinkedIn ends the post and says nothing. A hashtag is `{hashtag|\#|Europe}`. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from publisher.networks.preview import split_runs
from publisher.text.links import Span, find_links
from publisher.types import Run

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_MARKUP = re.compile(
    r"""
      \\(?P<sign>.)
    | \{hashtag\|\\?(?P<mark>[\#＃])\|(?P<tag>(?:\\.|[^\\}])*)\}
    | @\[(?P<name>(?:\\.|[^\\\]])*)\]\s?\(urn:[^)]*\)
    """,
    re.VERBOSE | re.DOTALL,
)
_SHORTENED = "https://lnkd.in/"


def to_little(text: str) -> str:
    """`text` as LinkedIn takes it: no sign of it is markup, save that hashtags are hashtags."""
    written, end = "", 0
    for tag in _hashtags(text):
        written += _escape(text[end : tag.start])
        written += f"{{hashtag|{_escape(tag.text[0])}|{_escape(tag.text[1:])}}}"
        end = tag.end
    return written + _escape(text[end:])


def from_little(little: str) -> str:
    """What followers see of it; a mention is the name alone."""

    def seen(match: re.Match[str]) -> str:
        if match["sign"]:
            return match["sign"]
        if match["mark"]:
            return match["mark"] + from_little(match["tag"])
        return from_little(match["name"])

    return _MARKUP.sub(seen, little)


def is_same(little: str, text: str) -> bool:
    """Whether a post that LinkedIn shows with `little` says `text`; it may have shortened the addresses."""
    stored, ours = _words(from_little(little)), _words(text)
    pairs = zip(stored, ours, strict=False)
    return len(stored) == len(ours) and all(one == other or _SHORTENED in one for one, other in pairs)


def find_runs(text: str) -> Iterator[Run]:
    """`text` as followers see it: addresses and hashtags lead somewhere, a name with @ stays plain."""

    def href(span: Span) -> str:
        tag = f"https://www.linkedin.com/feed/hashtag/?keywords={quote(span.text[1:])}"
        return tag if span.kind == "hashtag" else span.href

    return split_runs(text, href)


def _hashtags(text: str) -> list[Span]:
    return [span for span in find_links(text) if span.kind == "hashtag"]


def _escape(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()
