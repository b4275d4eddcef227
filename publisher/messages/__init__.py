"""Every sentence that a person may read about something that went wrong or needs care.

Keyed, so that the wording lives in one place and can be translated (each text is a gettext msgid); a file for each
topic, this one puts them together. `%(name)s` marks a gap. Say what happened and what to do; name no class, no status code, no secret.
"""

from collections.abc import Callable

from publisher.messages.alarms import ALARMS
from publisher.messages.approval import APPROVAL
from publisher.messages.cards import CARDS
from publisher.messages.channels import CHANNELS
from publisher.messages.checks import CHECKS
from publisher.messages.connect import CONNECT
from publisher.messages.corrections import CORRECTIONS
from publisher.messages.desk import DESK
from publisher.messages.documents import DOCUMENTS
from publisher.messages.drafting import DRAFTING
from publisher.messages.hashtags import HASHTAGS
from publisher.messages.history import HISTORY
from publisher.messages.links import LINKS
from publisher.messages.machine import MACHINE
from publisher.messages.media import MEDIA
from publisher.messages.networks import NETWORKS
from publisher.messages.pace import PACE
from publisher.messages.people import PEOPLE
from publisher.messages.posts import POSTS
from publisher.messages.rules import RULES
from publisher.messages.sending import SENDING
from publisher.messages.sources import SOURCES
from publisher.messages.speakers import SPEAKERS
from publisher.messages.told import TOLD

CATALOGUE: dict[str, str] = {
    **ALARMS,
    **APPROVAL,
    **CARDS,
    **CHANNELS,
    **CHECKS,
    **CONNECT,
    **CORRECTIONS,
    **DESK,
    **DOCUMENTS,
    **DRAFTING,
    **HASHTAGS,
    **HISTORY,
    **LINKS,
    **MACHINE,
    **MEDIA,
    **NETWORKS,
    **PACE,
    **PEOPLE,
    **POSTS,
    **RULES,
    **SENDING,
    **SOURCES,
    **SPEAKERS,
    **TOLD,
}


def sentence(key: str, **params: object) -> str:
    """The sentence for `key`, its gaps filled. Raises KeyError for a key that the catalogue lacks."""
    return translate(CATALOGUE[key]) % params


def _as_it_is(text: str) -> str:
    return text


translate: Callable[[str], str] = _as_it_is
"""Gives a text in the reader's language. The desk puts gettext here; the pure rooms speak English."""
