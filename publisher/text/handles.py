"""Names in a text become the handles of those who bear them. Pure.

Only whole names that a table lists, at their first place in the text, and never within a quotation or an address: what
somebody said stays as it was said, and nothing is guessed.
"""

from collections.abc import Mapping, Sequence

import regex

from publisher.text.links import find_links
from publisher.text.quotations import find_quotations


def with_handles(texts: Sequence[str], handles: Mapping[str, str]) -> list[str]:
    """The parts of a thread, each name replaced at its first place in the whole of them.

    `handles`: name to handle as the network writes it, with @. Longer names go first, so that a family name alone
    never takes a part of a whole one.
    """
    found = list(texts)
    # Thousands may be written down, and hardly one stands in a text: only for those is it worth to look closely.
    named = [name for name in handles if any(name in text for text in texts)]
    for name in sorted(named, key=len, reverse=True):
        pattern = regex.compile(rf"(?<![\p{{L}}\p{{M}}\p{{N}}_@#-]){regex.escape(name)}(?![\p{{L}}\p{{M}}\p{{N}}_-])")
        for number, text in enumerate(found):
            if (place := _first(pattern, text)) is not None:
                found[number] = text[: place[0]] + handles[name] + text[place[1] :]
                break
    return found


def _first(pattern: regex.Pattern[str], text: str) -> tuple[int, int] | None:
    closed = [*find_quotations(text, unclosed=True), *((span.start, span.end) for span in find_links(text))]
    for match in pattern.finditer(text):
        if all(match.end() <= start or match.start() >= end for start, end in closed):
            return match.span()
    return None
