"""From the HTML in feeds and pages to plain text: paragraphs with a blank line between, list items one a line."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from publisher.types import Image
from publisher.watch.data import table
from publisher.watch.nesting import is_too_deep
from publisher.watch.urls import absolute, host_of, is_host

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main",
    "menu", "ol", "p", "pre", "section", "summary", "table", "ul",
})  # fmt: skip
_INLINE = frozenset({"a", "b", "em", "i", "img", "span", "strong"})
"""Elements that break no line: those that most texts have."""
_ELEMENT = re.compile(r"""<!--.*?-->|<\?[^>]*>|<(/?)([a-z][^\s/>]*)(?: [^\s/>][^\s/>=]*(?:="[^"]*")?)*>""")
"""A tag, a comment or an instruction, in what the parser writes."""
_BLANKS = re.compile(r"\s+")
_IMAGE = re.compile("<img", re.IGNORECASE)
_STRONG = re.compile(r"<(?:h[2-6]|summary)[\s>]|(?:^|>)(?:\s|&#?\w+;)*<(?:b|strong)[\s>]", re.IGNORECASE)
"""Whether it is worth looking for them in the tree: its first look takes longer than reading it. A paragraph that is
wholly bold begins so.
"""
_TAG = re.compile(r"<[A-Za-z/!]")
_FORMATTING = re.compile(
    r"<!--.*?-->|</?(?:b|i|em|strong|u|s|sup|sub|span|small|mark|font|q|cite|abbr|p|div|h[1-6]|li)(?:\s[^<>]*)?/?>|<a\s[^<>]*>",
    re.IGNORECASE,
)
"""What a title may be dressed in; other `<words>` in it are words."""
_BREAK = re.compile(r"<(?:br|wbr)\s*/?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]|\xad")


@dataclass(frozen=True, slots=True)
class Prose:
    text: str = ""
    images: tuple[Image, ...] = ()
    """In document order, addresses absolute; tracking pixels, emoji and logos left out."""
    video: str = ""
    strong: frozenset[str] = frozenset()
    """Paragraphs of the text that are headings or wholly bold."""


NOTHING = Prose()


def read_html(source: str, base: str = "") -> Prose:
    """What a piece of HTML (or of plain text) holds for a reader. `base` makes relative addresses absolute."""
    if not _TAG.search(source):
        return Prose(tidy_text(html.unescape(source)), (), find_video(source))
    if is_too_deep(source):
        return Prose(tidy_text(html.unescape(re.sub(r"<[^<>]*>", " ", source))))
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # slow import

    try:
        tree = LexborHTMLParser(source)
    except SelectolaxError as error:  # any HTML can be parsed, but not in any memory
        raise MemoryError(str(error)) from error
    if tree.body is None:
        return NOTHING
    video = find_video(source)
    images = tuple(_images(tree.body, base)) if _IMAGE.search(source) else ()
    strong = frozenset(filter(None, _strong(tree.body))) if _STRONG.search(source) else frozenset()
    return Prose(_text_of(tree.body, source), images, video, strong)


def _text_of(body: "LexborNode", source: str) -> str:
    """The text of what `source` was read into. Takes page furniture (navigation, scripts, hidden parts) out of it."""
    for selector in table("tidy")["html"]["drop"] if _may_hold_furniture(source) else ():
        for unwanted in body.css(selector):
            if unwanted.mem_id == body.mem_id:
                continue
            if unwanted.tag in {"nav", "form", "figcaption"}:
                unwanted.insert_before(" ")  # what stands before it and behind it are two things
            unwanted.decompose()
    return tidy_text("".join(_pieces(body.html or "")))


def _may_hold_furniture(source: str) -> bool:
    """Most texts hold none, and looking for each selector in the tree takes forty times as long."""
    small = source.lower()
    return any(sign in small for sign in _signs_of_furniture())


@cache
def _signs_of_furniture() -> tuple[str, ...]:
    """What stands in the source of whatever the selectors of furniture fit."""
    selectors = table("tidy")["html"]["drop"]
    return tuple(f"<{each}" if each.isalpha() else each.strip(".[]").partition("=")[0] for each in selectors)


def _pieces(markup: str) -> Iterator[str]:
    """The text of `markup`, as the parser writes it, in its order and with the line breaks that a reader sees.

    What the parser has made of the page is sound: each element that can be closed is, and in texts only `&`, `<`, `>`
    and the hard blank are written as references. So its tags can be told by a pattern, which takes a third of the time
    that walking the tree takes.
    """
    lists = 0
    bulleted = False  # a bullet stands and nothing behind it yet: its text begins on the same line
    parts = iter(_ELEMENT.split(" ".join(markup.replace("&nbsp;", " ").split())))
    for text, closing, tag in zip(parts, parts, parts, strict=False):
        if text:
            bulleted = bulleted and text == " "
            yield _plain(text) if "&" in text else text
        if tag in _INLINE:
            continue
        if tag == "li":
            lists += -1 if closing else 1
            bulleted = not closing
            yield "" if closing else "\n• "
        elif tag in _BLOCKS:
            yield "" if bulleted else "\n" if lists else "\n\n"
        elif tag in {"br", "tr"}:
            yield "" if closing else "\n"
        elif tag in {"td", "th"}:
            yield " " if closing else ""


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _strong(root: "LexborNode") -> Iterator[str]:
    for heading in root.css("h2, h3, h4, h5, h6, summary"):
        yield tidy_text(_BLANKS.sub(" ", heading.text()))
    for paragraph in root.css("p:has(b, strong)"):
        whole = paragraph.text()
        bold = "".join(node.text() for node in paragraph.css("b, strong"))
        # Nested bold counts twice, so the length alone says nothing.
        if bold and "".join(bold.split()) == "".join(whole.split()):
            yield tidy_text(_BLANKS.sub(" ", whole))


def tidy_text(text: str) -> str:
    """Single blanks, one blank line between paragraphs, none between list items, no control characters."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    tidy: list[str] = []
    for line in (" ".join(line.split()) for line in text.split("\n")):
        if line == "•" or (not line and (not tidy or not tidy[-1])):
            continue
        if line.startswith("•") and len(tidy) > 1 and not tidy[-1] and tidy[-2].startswith("•"):
            tidy.pop()
        tidy.append(line)
    return "\n".join(tidy).strip()


def title_of(raw: str) -> str:
    """A title as one line of plain text: formatting tags off, entities read, doubly escaped ones too."""
    text = _BREAK.sub(" ", _FORMATTING.sub("", raw))
    if re.search(r"<a\s", raw, re.IGNORECASE):
        text = re.sub(r"</a\s*>", "", text, flags=re.IGNORECASE)
    text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    return " ".join(_CONTROLS.sub("", text).split())


def clean(field: str, text: str, url: str) -> str:
    """`text` without the boilerplate that tidy.toml knows for this field (title, lead, body) on this host."""
    for pattern, replacement in _cleaners(field, host_of(url)):
        text = pattern.sub(replacement, text)
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    return text.strip()


@lru_cache(maxsize=4096)
def _cleaners(field: str, host: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = [rule for rule in table("tidy")["clean"] if field in rule["fields"]]
    there = [rule for rule in rules if is_host(f"https://{host}/", rule.get("host", ""))]
    return tuple((re.compile(rule["pattern"]), rule["replace"]) for rule in there)


def find_video(text: str) -> str:
    """The first address of a video page in `text`, as it stands there, or blank."""
    found = _any("video").search(text)
    return found[0] if found else ""


def _images(node: "LexborNode", base: str) -> Iterator[Image]:
    for image in node.css("img"):
        attributes = image.attributes
        url = absolute(attributes.get("src") or attributes.get("data-src") or "", base)
        small = any(re.fullmatch(r"[0-3](?:px)?", attributes.get(side) or "") for side in ("width", "height"))
        if not small and is_picture(url):
            yield Image(url=url, alt=title_of(attributes.get("alt") or ""), credit=_credit(image))


def _credit(image: "LexborNode") -> str:
    """The caption of a picture where it names who is to be credited."""
    node: LexborNode | None = image
    while node is not None and node.tag != "figure":
        node = node.parent
    caption = node.css_first("figcaption") if node is not None else None
    text = tidy_text(_BLANKS.sub(" ", caption.text())) if caption is not None else ""
    return text if _any("credit").search(text) else ""


def is_picture(url: str) -> bool:
    """Whether `url` may show the document: an http(s) address that is no pixel, emoji or logo."""
    return bool(absolute(url)) and not _any("image_skip").search(url)


@cache
def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(table("tidy")["html"][name]), re.IGNORECASE)
