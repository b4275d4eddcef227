"""An answer that says "here you are" and is something else: a challenge, an error page, a web page."""

import re

from publisher.watch.data import table

_PAGE = re.compile(r"<!doctype\s+html|<(?:html|head|body|title|script|meta|article|main|div)\b", re.IGNORECASE)
TINY = 64
"""Characters; no feed and no page worth reading is shorter."""


def is_page(text: str) -> bool:
    """Whether `text` is an HTML page, by how it begins."""
    start = re.sub(r"^(?:\s+|<\?xml[^>]*>|<!--.*?-->)+", "", text[:5000].lstrip("\ufeff"), flags=re.DOTALL)
    return _PAGE.match(start) is not None


def is_challenge(text: str) -> bool:
    """Whether `text` bears the marks of a bot challenge, a maintenance page or an error page."""
    start = text[:20_000].casefold()
    return any(marker in start for marker in table("tidy")["blocked"]["markers"])


def is_error_title(title: str) -> bool:
    """Whether a page with this title tells of an error, with whatever status it came."""
    return re.search(table("tidy")["blocked"]["titles"], title, re.IGNORECASE) is not None
