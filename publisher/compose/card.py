"""The card of a link: title, description, image."""

from publisher.compose.facts import Facts, plain
from publisher.compose.leads import clean_lead
from publisher.text.fit import shorten
from publisher.types import Card, Entry, Media

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 300
"""Code points; no network sets a limit, and none shows more."""


def make_card(entry: Entry, facts: Facts) -> Card:
    """The card for `entry`.

    Where `limits.card` is OURS it is sent; where it is NETWORK it is only what a preview shows, because the
    network reads the page itself, and must not be sent. The image has no bytes yet, only where they are.
    """
    description = clean_lead(plain(entry.lead)) or facts.lead
    image = Media(url=entry.image.url, alt=entry.image.alt, type=entry.image.type) if entry.image else None
    return Card(
        url=facts.link,
        title=shorten(facts.title, lambda text: len(text) <= TITLE_LENGTH),
        description=shorten(description, lambda text: len(text) <= DESCRIPTION_LENGTH),
        image=image,
    )
