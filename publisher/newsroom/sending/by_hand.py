"""Posts that a person puts out: where a place has no official interface, the post waits in `processing` for their word.

Nobody gives such a post up, and no machine looks for it: `done` and `not_done` are its only ways out.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from publisher import messages
from publisher.enums import Outcome, PostState
from publisher.errors import InvalidInput, Refused, StaleState
from publisher.models import Attempt, Post, User
from publisher.networks.limits import BY_HAND
from publisher.networks.media import Encoded, load_media
from publisher.newsroom import access, channels
from publisher.newsroom.approval.locked import locked
from publisher.newsroom.drafts import media
from publisher.newsroom.sending import attempts
from publisher.newsroom.sending.claiming import hindrances
from publisher.newsroom.workflow import move
from publisher.types import Receipt

WAITS = Q(state=PostState.PROCESSING, channel__network__in=BY_HAND)
"""Posts that wait for a person to put them out."""


def waits(post: Post) -> bool:
    """Whether it is now that somebody is to post it."""
    return post.state == PostState.PROCESSING and post.channel.network in BY_HAND


def waiting() -> "QuerySet[Post]":
    return Post.objects.filter(WAITS)


def picture(post: Post, number: int) -> Encoded | None:
    """A picture or video of the post as its place takes it, counted from 1; None when there is none. Raises Refused."""
    pictures = post.revision.content[0].media if post.revision and waits(post) else ()
    if not 0 < number <= len(pictures):
        return None
    return load_media(pictures[number - 1], media.load, channels.limits(post.channel))


def done(post_id: int, user: User, *, url: str = "") -> Post:
    """It is out, at `url` where the place gives addresses.

    Raises NotAllowed, StaleState (it no longer waits), InvalidInput (no web address), Held (a stop, an embargo or a
    paused channel came between: it should not be out).
    """
    url = url.strip()
    if url and not url.startswith(("https://", "http://")):
        raise InvalidInput("by_hand.no_address")
    with transaction.atomic():
        post, attempt = _taken(post_id, user)
        hindrances(post)
        attempts.mark_out(attempt, Receipt(id=url, url=url))
        return move(post, "publish", actor=user.email, published_at=timezone.now(), url=url, not_before=None)


def not_done(post_id: int, user: User, *, reason: str = "") -> Post:
    """It is not out and shall not be as it is: it failed, and can be changed, or put before somebody again."""
    with transaction.atomic():
        post, attempt = _taken(post_id, user)
        why = reason.strip() or messages.sentence("by_hand.not_done")
        attempts.close(attempt, Outcome.REFUSED, Refused("by_hand.not_done"))
        return move(post, "refuse", actor=user.email, reason=why)


def _taken(post_id: int, user: User) -> tuple[Post, Attempt]:
    post = locked(post_id)
    access.require(user, "approve", post.channel)
    if not waits(post):
        raise StaleState("post.wrong_state", state=post.state)
    return post, post.current_attempts.filter(outcome=Outcome.PENDING).latest("id")
