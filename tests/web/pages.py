"""Reading a page as a browser would."""

from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode


def parse(response: Any) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def text(response: Any, selector: str) -> list[str]:
    """What the matching elements say, blanks folded."""
    return [" ".join(node.text().split()) for node in parse(response).css(selector)]


def one(response: Any, selector: str) -> LexborNode:
    (node,) = parse(response).css(selector)
    return node


def buttons(response: Any, selector: str = "body") -> list[str]:
    """The actions offered: buttons, links that look like them, and menus; without what only readers hear."""
    found = []
    for node in one(response, selector).css(".actions button, .actions a.button, .actions summary"):
        for hidden in node.css(".vh"):
            hidden.decompose()
        found.append(" ".join(node.text().split()))
    return found
