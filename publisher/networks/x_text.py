"""What X makes of a text: links, mentions, hashtags, cashtags; and how to recognise our own text in a post.

Pure. X puts a t.co link in place of every link, adds one for pictures at the end, and escapes &, < and >.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from publisher.text.links import X_STYLE, display_url, find_links
from publisher.types import Run

_MENTION = re.compile(r"(?<![\w@/.!#$%&*])@\w{1,15}(?![\w@]|://)", re.ASCII)
_CASHTAG = re.compile(r"(?<!\S)\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")
_TCO = re.compile(r"https://t\.co/\w+")
_PICTURE = re.compile(r"/status/\d+/photo/\d+$")


def find_cashtags(text: str) -> list[str]:
    """The $ABC in `text`; a sum of money is none."""
    return _CASHTAG.findall(text)


def find_runs(text: str) -> Iterator[Run]:
    """`text` as followers see it, from first to last character."""
    position = 0
    for start, end, run in sorted(_linked(text), key=lambda linked: linked[:2]):
        if start < position:
            continue
        if start > position:
            yield Run(text=text[position:start])
        yield run
        position = end
    if position < len(text):
        yield Run(text=text[position:])


def has_link(text: str) -> bool:
    """Whether X sees an address in it, bare domains included."""
    return bool(_urls(text))


def is_same(post: Mapping[str, Any], text: str) -> bool:
    """Whether `post` (an API v2 object with its entities) says `text`."""
    return _canonical(_as_written(post)) == _canonical(text)


def is_explained(post: object) -> bool:
    """Whether `post` says where its t.co links lead: without that it can be compared with nothing."""
    if not isinstance(post, Mapping):
        return False
    known = {entity.get("url") for entity in (post.get("entities") or {}).get("urls") or ()}
    return set(_TCO.findall(str(post.get("text", "")))) <= known


def _linked(text: str) -> Iterator[tuple[int, int, Run]]:
    for start, end in _urls(text):
        url = text[start:end]
        href = url if "://" in url else f"https://{url}"
        yield start, end, Run(text=display_url(url, X_STYLE), href=href)
    for match in _MENTION.finditer(text):
        yield match.start(), match.end(), Run(text=match[0], href=f"https://x.com/{match[0][1:]}")
    for match in _CASHTAG.finditer(text):
        yield match.start(), match.end(), Run(text=match[0], href=f"https://x.com/search?q=%24{match[0][1:]}")
    for span in find_links(text):
        if span.kind == "hashtag":
            yield span.start, span.end, Run(text=span.text, href=f"https://x.com/hashtag/{span.text[1:]}")


def _urls(text: str) -> list[tuple[int, int]]:
    """Where X sees links (code points): twitter-text's rules, as in counting, bare domains included."""
    from twitter_text import extract_urls_with_indices  # slow import

    return [(url["indices"][0], url["indices"][1]) for url in extract_urls_with_indices(text)]


def _as_written(post: Mapping[str, Any]) -> str:
    """The post's text as we wrote it: X has put t.co links in, pictures' links at the end, and HTML entities."""
    text = str(post.get("text", ""))
    for entity in (post.get("entities") or {}).get("urls") or ():
        if not entity.get("url"):
            continue
        picture = entity.get("media_key") or _PICTURE.search(str(entity.get("expanded_url")))
        written = "" if picture else html.escape(str(entity.get("expanded_url") or ""), quote=False)
        text = text.replace(entity["url"], written)
    return html.unescape(text)


def _canonical(text: str) -> str:
    """`text` without differences that X makes by itself: composed characters, blanks, how a link is spelt."""
    pieces, position = [], 0
    text = unicodedata.normalize("NFC", text)
    for start, end in _urls(text):
        host, _, path = re.sub(r"^https?://", "", text[start:end], flags=re.IGNORECASE).partition("/")
        pieces += [text[position:start], f"{host.lower()}/{unquote(path).rstrip('/')}"]
        position = end
    return " ".join("".join([*pieces, text[position:]]).split())
