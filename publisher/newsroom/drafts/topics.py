"""What a post is about, by words: for stops of a topic and for sensitive periods."""

from collections.abc import Iterable

from publisher.models import Post
from publisher.types import entry_from_json


def mentions(words: Iterable[str], said: str) -> bool:
    """Whether one of `words` stands in `said`, also within a longer word, in capitals or not.

    Too much is stopped rather than too little: "war" also finds "award".
    """
    folded = said.casefold()
    return any(word.casefold() in folded for word in words)


def cleaned(words: Iterable[str]) -> list[str]:
    """As people typed them, each once, without blanks around them."""
    return list(dict.fromkeys(" ".join(word.split()) for word in words if word.strip()))


def said(post: Post) -> str:
    """All that a post says and rests on: its own words and descriptions, and the document they were made from."""
    revision = post.revision
    own = revision.content if revision else ()
    texts = [text for part in own for text in (part.text, *(media.alt for media in part.media))]
    texts += [text for part in own if part.card for text in (part.card.title, part.card.description)]
    version = (revision.version if revision else None) or post.document.current
    entry = entry_from_json(version.entry)
    return "\n".join([*texts, post.document.title, post.document.lead, entry.title, entry.lead, entry.body])
