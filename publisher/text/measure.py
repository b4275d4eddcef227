"""How long a text is, exactly as each network counts it."""

from dataclasses import dataclass

import regex

from publisher.enums import Unit
from publisher.text.links import find_links

URL_LENGTH_ON_X = 23
"""Every link on X is wrapped by t.co (twitter-text configuration v3)."""

_EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]")
_CLUSTER = regex.compile(r"\X")


@dataclass(frozen=True)
class Measure:
    """`length` and `limit` are in `unit`; `valid` says whether the network takes the text as it stands."""

    length: int
    limit: int
    unit: Unit
    valid: bool


def measure(text: str, unit: Unit, limit: int, url_length: int = 0) -> Measure:
    """Measure `text`. `url_length` is what each link counts as; 0 = the network's usual rule.

    An empty text is valid here: whether a post may go without text depends on its media.
    """
    if unit is Unit.WEIGHTED:
        length = weighted(text, url_length or URL_LENGTH_ON_X)
        return Measure(length, limit, unit, length <= limit and not _forbidden_on_x(text))
    if unit is Unit.MASTODON:
        length = mastodon(text, url_length)
    elif unit is Unit.THREADS:
        length = threads(text)
    elif unit is Unit.UTF16:
        length = len(text.encode("utf-16-le")) // 2
    else:
        length = len(text) if unit is Unit.CODE_POINTS else graphemes(text)
    return Measure(length, limit, unit, length <= limit)


def graphemes(text: str) -> int:
    """Extended grapheme clusters (UAX 29): what a reader takes for one character."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _CLUSTER.finditer(text))


def weighted(text: str, url_length: int = URL_LENGTH_ON_X) -> int:
    """X's weighted length: twitter-text configuration v3, NFC, any emoji sequence 2, any link `url_length`."""
    if not text:
        return 0
    from twitter_text import parse_tweet  # slow import
    from twitter_text.config import config

    options = {**config["version3"], "transformed_url_length": url_length}
    return int(parse_tweet(text, options).weightedLength)


def mastodon(text: str, url_length: int) -> int:
    """Mastodon's length: graphemes, each http(s) link as `url_length`, @user@host as @user.

    Source: StatusLengthValidator. A link without scheme counts as it is written.
    """
    counted, position = 0, 0
    for span in find_links(text):
        if span.kind == "url" and "." in span.href.split("/")[2] and url_length:
            replaced = url_length
        elif span.kind == "mention":
            replaced = len("@" + span.text.split("@")[1])
        else:
            continue
        counted += graphemes(text[position : span.start]) + replaced
        position = span.end
    return counted + graphemes(text[position:])


def threads(text: str) -> int:
    """Threads' length: characters, where "emojis are counted as the number of UTF-8 bytes" (documentation, "Posts").

    What that makes of signs that are emoji or text (™, ✈) is not said; they count as emoji, so that none is refused.
    """
    if text.isascii():
        return len(text)
    return sum(len(cluster.encode() if _EMOJI.search(cluster) else cluster) for cluster in _CLUSTER.findall(text))


def _forbidden_on_x(text: str) -> bool:
    """U+FFFE, U+FEFF and U+FFFF: X refuses any text that holds one of them."""
    return any(character in text for character in "\ufffe\ufeff\uffff")
