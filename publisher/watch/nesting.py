"""How deep markup nests: parsers take time by the square of it (measured), and no honest text needs it."""

import re

DEEPEST = 3000
_TAG = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|<!--(?:.*?-->|.*\Z)"
    r"|<(?P<close>/)?(?P<name>[A-Za-z][^\s/<>]*)[^<>]*?(?P<empty>/)?>",
    re.DOTALL,
)
_NEVER_NEST = frozenset(
    [
        "area",
        "br",
        "col",
        "dd",
        "dt",
        "embed",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "option",
        "p",
        "source",
        "td",
    ]
)
"""HTML that needs no closing tag, and so says nothing of the depth where it has none."""


def is_too_deep(markup: str) -> bool:
    if markup.count("<") <= DEEPEST:
        return False
    depth = 0
    for tag in _TAG.finditer(markup):
        if not tag["name"] or tag["empty"] or tag["name"].lower() in _NEVER_NEST:
            continue
        depth = max(0, depth - 1) if tag["close"] else depth + 1
        if depth > DEEPEST:
            return True
    return False
