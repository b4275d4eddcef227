"""Tags and filters of the desk. Everything that comes from outside is escaped: format_html, never mark_safe."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import template
from django.urls import reverse
from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from publisher import messages
from publisher.enums import PostState
from publisher.models import Channel, Document, Post, Proposal, User
from publisher.networks.registry import LABELS, get_limits
from publisher.newsroom import access
from publisher.newsroom.approval import comments, eyes
from publisher.newsroom.drafts import previews
from publisher.newsroom.sending import attempts, by_hand, lookups
from publisher.types import Media
from publisher.web import shown, words
from publisher.web.outlook import Click, Known, before

register = template.Library()

IN_WORDS: Mapping[str, Mapping[Any, Promise]] = {
    "kind": words.KINDS,
    "state": words.STATES,
    "health": words.HEALTH,
    "mode": words.MODES,
    "outcome": words.OUTCOMES,
    "weekday": words.WEEKDAYS,
    "role": words.ROLES,
}
"""Filters that say a value in words; what has none stands as it is."""


def _in_words(known: Mapping[Any, Promise]) -> Callable[[Any], str]:
    return lambda value: str(known.get(value, value))


for _name, _known in IN_WORDS.items():
    register.filter(_name, _in_words(_known))


@register.simple_tag(takes_context=True)
def rights(context: template.Context, channel: Channel | None = None) -> dict[str, bool]:
    """What the person before the page may do, on one channel: {% rights channel as may %}{% if may.approve %}."""
    user = context.get("user")
    return {action: isinstance(user, User) and access.can(user, action, channel) for action in access.MAY}


@register.simple_tag
def said(key: str) -> str:
    """A sentence of ours that is told elsewhere too."""
    return messages.sentence(key)


@register.simple_tag
def sent(channel: Channel, media: Media, card: str = "") -> str:
    """The address of a picture exactly as it is sent to this channel's network."""
    asked = {name: value for name, value in (("focus", media.focus), ("card", card)) if value}
    query = f"?{urlencode(asked)}" if asked else ""
    return reverse("sent-picture", args=[channel.pk, media.sha256]) + query


@register.simple_tag(takes_context=True)
def forbidden(context: template.Context, post: Post) -> str:
    """Why the person before the page may not approve this post though their role would let them; blank if they may."""
    user = context.get("user")
    if not isinstance(user, User) or post.state != PostState.REVIEW:
        return ""
    why = eyes.why_not(post, user) or ("comment.changes_first" if comments.is_asked(post) else "")
    return messages.sentence(why) if why else ""


@register.simple_tag(takes_context=True)
def before_click(context: template.Context, post: Post) -> Click | None:
    """What approving a post will do, said before the click. A page asks once for each channel."""
    request = context.get("request")
    known = vars(request).setdefault("channels_known", Known()) if request else Known()
    return before(post, known)


@register.filter
def waits_by_hand(post: Post) -> bool:
    """Whether somebody is to post it now, where no program can."""
    return by_hand.waits(post)


@register.filter
def proof(network: str) -> str:
    """What tells that a post on this network is out (`enums.Proof`)."""
    return get_limits(network).proof if network in LABELS else ""


@register.filter
def takes_alt(network: str, media: Media) -> bool:
    """Whether this picture or video has a description there."""
    return network not in LABELS or get_limits(network).alt_of(media) > 0


@register.filter
def proof_in_words(network: str) -> str:
    """What to know before a post goes there; blank where the network gives a receipt as most do."""
    return previews.proof(network)


@register.filter
def changes_asked(post: Post) -> bool:
    """Whether somebody wants other words than the current ones."""
    return comments.is_asked(post)


@register.filter
def proposal_title(proposal: Proposal) -> str:
    """What is proposed, in words, with the name of what it is about."""
    channel = Channel.objects.filter(pk=proposal.subject_id).first() if proposal.subject == "channel" else None
    document = Document.objects.filter(pk=proposal.subject_id).first() if proposal.subject == "document" else None
    named = {"channel": channel or "–", "document": document or "–", "rule": proposal.data.get("name") or "–"}
    return str(words.PROPOSALS.get(proposal.act, proposal.act)) % named


@register.filter
def may(value: str) -> str:
    return str(words.MAY.get(value, ""))


@register.filter
def partly_out(post: Post) -> bool:
    """Whether it is a thread of which some parts are out and others are not."""
    return attempts.partly_out(post)


@register.filter
def how_looked_up(post: Post) -> str:
    """How it is found out whether an uncertain post is out."""
    return lookups.explain(post)


@register.filter
def network(value: str) -> str:
    """The network's own spelling."""
    return LABELS.get(value, value)


@register.filter
def language(code: str) -> str:
    """The language's name in the desk's language; the code itself when we have no name for it."""
    for known in (code, code.partition("-")[0]):
        try:
            return str(translation.get_language_info(known)["name_translated"])
        except KeyError:
            continue
    return code


@register.filter
def mark(post: Post) -> str:
    return shown.mark(post)


@register.filter
def goes_out(post: Post) -> datetime | None:
    return shown.goes_out(post)


@register.filter
def on_its_way(post: Post) -> bool:
    return shown.on_its_way(post)


@register.filter
def web_address(value: str) -> str:
    """`value` if a browser may follow it; blank for javascript: and its like."""
    return value if urlsplit(value).scheme in {"http", "https"} else ""


@register.filter
def host(value: str) -> str:
    """In the letters of names of servers alone: one that only looks like another's shows (xn--…)."""
    name = (urlsplit(value).hostname or "").removeprefix("www.")
    with suppress(UnicodeError):
        return name.encode("idna").decode()
    return name


@register.filter
def initial(value: str) -> str:
    return value.strip()[:1].upper()


@register.simple_tag
def figures(post: Post) -> dict[str, Any]:
    """What followers did with a post, a phrase for each number that its network tells."""
    found = getattr(post, "figures", None)
    if found is None:
        return {}
    phrases = (
        (found.impressions, _("shown %(count)s times")),
        (found.likes, _("likes: %(count)s")),
        (found.replies, _("replies: %(count)s")),
        (found.reposts, _("passed on: %(count)s")),
    )
    counts = [
        said % {"count": formats.number_format(count, force_grouping=True)}
        for count, said in phrases
        if count is not None
    ]
    return {"counts": counts, "read_at": found.read_at, "problem": found.problem}
