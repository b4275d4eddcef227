"""Hashtags that a screen reader can read: #GreenDeal is two words, #greendeal is a noise. Pure."""

import regex

from publisher.text.links import find_links

SHORTEST = 6
"""Letters: shorter ones are hardly ever two words."""
_CERTAIN = 16
"""Letters from which on a word that the document does not have as one is most likely several."""
_MOST = 4
"""Words that one hashtag is taken apart into."""
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def camel(text: str) -> str:
    """`text` as one hashtag without its sign: each word with a capital, and nothing between; capitals stay."""
    words = _WORD.findall(text.replace("_", " "))
    return "".join(word[:1].upper() + word[1:] for word in words)


def hard_to_read(text: str, source: str) -> list[tuple[str, str]]:
    """The hashtags of `text` that are several words without a capital, each with how it could stand.

    The second is blank where it is long, but `source` does not show where its words part. One that stands in `source`
    as one word is one.
    """
    spans = [span.text[1:] for span in find_links(text) if span.kind == "hashtag"]
    flat = list(dict.fromkeys(tag for tag in spans if len(tag) >= SHORTEST and "_" not in tag and tag == tag.lower()))
    flat = [tag for tag in flat if tag != tag.upper()]  # scripts without capitals
    if not flat:
        return []
    words = {word.casefold(): word for word in _WORD.findall(source)}
    found = []
    for tag in flat:
        if tag.casefold() in words:
            continue
        parts = _parted(tag, words)
        if parts or len(tag) >= _CERTAIN:
            found.append((f"#{tag}", f"#{camel(' '.join(parts))}" if parts else ""))
    return found


def _parted(tag: str, words: dict[str, str]) -> list[str]:
    """The fewest words that make the whole tag, as they are written; empty where there are none."""
    best: list[list[str] | None] = [[], *([None] * len(tag))]
    for end in range(1, len(tag) + 1):
        for start in range(end):
            before, word = best[start], words.get(tag[start:end])
            if before is None or word is None or len(word) < 2 or len(before) >= _MOST:
                continue
            standing = best[end]
            if standing is None or len(before) + 1 < len(standing):
                best[end] = [*before, word]
    return best[len(tag)] or []
