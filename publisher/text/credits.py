"""Whom a report credits with the words that it quotes: “…”, said Ada Example."""

from functools import lru_cache

import regex

from publisher.text.quotations import find_quotations
from publisher.text.voice import REPORTING, surname

_PARTICLE = r"(?:von|van|der|den|de|la|di|del|della|bin|al)"
_NAME = rf"\p{{Lu}}[\p{{L}}’'-]+(?:\s(?:{_PARTICLE}\s){{0,2}}\p{{Lu}}[\p{{L}}’'-]+){{1,5}}"
_CREDIT = regex.compile(
    rf"(?:{REPORTING})\b\W+(?:[\p{{L}}-]+\W+){{0,12}}?(?P<after>{_NAME})"
    rf"|(?P<before>{_NAME})(?:\W+[^\s.]+){{0,10}}?\W+(?:{REPORTING})\b"
)
_NEAR = 600
"""Code points to either side of a quotation in which its credit stands."""
_MOST = 300
"""Quotations that are looked at, of a text that has no end of them."""
_COLON = regex.compile(r":[^\S\n]*\n\s*")
_NOT_PEOPLE = regex.compile(r"^(?:The|A|An|In|On|Today)\s")


def credited(body: str, start: int, end: int) -> list[str]:
    """Whom the paragraph around the quotation that has `body[start:end]` names as saying it; empty when nobody is, or
    when these words stand in no quotation."""
    first, paragraph = _paragraph(body, start, end)
    spans = find_quotations(paragraph, unclosed=True)
    inside = any(left <= start - first and end - first <= right for left, right in spans)
    before = body[max(first - _NEAR, 0) : first].rstrip().rpartition("\n")[2]
    told = paragraph
    for left, right in reversed(spans):
        told = f"{told[:left]}“”{told[right:]}"
    found = _names(told) if inside else []
    # "Ada Example said:" and then a paragraph that is all quotation, with or without marks.
    return found or (_names(before) if before.rstrip().endswith(":") else [])


def _paragraph(body: str, start: int, end: int) -> tuple[int, str]:
    """Where the paragraph around a span begins, and the paragraph."""
    first = max(body.rfind("\n", 0, start) + 1, start - _NEAR)
    last = body.find("\n", end, end + _NEAR)
    return first, body[first : last if last >= 0 else end + _NEAR]


def _names(told: str) -> list[str]:
    found = (match["after"] or match["before"] for match in _CREDIT.finditer(told))
    return list(dict.fromkeys(name for name in found if surname(name) and not _NOT_PEOPLE.match(name)))


@lru_cache(maxsize=256)
def all_credited(body: str) -> tuple[str, ...]:
    """Everybody whom `body` credits with a quotation; of the first few hundred quotations."""
    places = find_quotations(body)
    # A paragraph after a colon may be a quotation without marks.
    places += [(match.end(), match.end()) for match in _COLON.finditer(body)]
    return tuple(dict.fromkeys(name for start, end in sorted(places)[:_MOST] for name in credited(body, start, end)))
