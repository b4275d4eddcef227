"""What comes after publishing: taking a post off its network again."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publisher.enums import Outcome, PostState
from publisher.errors import InvalidInput, StaleState
from publisher.models import Post, User
from publisher.networks import registry
from publisher.newsroom import access, channels
from publisher.newsroom.sending import attempts, spend
from publisher.newsroom.workflow import move


def withdraw(post_id: int, user: User) -> Post:
    """Delete a published post on its network, or what is out of a thread that failed; last part first, and for good.

    An edit and the post it changed are one on the network: both are withdrawn then.

    Raises StaleState, InvalidInput (the network cannot delete), NetworkError (it did not work; try again).
    """
    post = Post.objects.select_related("channel", "document", "revision").filter(pk=post_id).first()
    if post is None:
        raise InvalidInput("post.unknown", id=post_id)
    access.require(user, "approve", post.channel)
    half = post.state == PostState.FAILED and attempts.partly_out(post)
    if post.state != PostState.PUBLISHED and not half:
        raise StaleState("post.wrong_state", state=post.state)
    first = post.edits or post
    network = registry.get(post.channel.network)
    if not network.limits.delete:
        raise InvalidInput("post.cannot_delete", network=network.label)
    out = list(first.attempts.filter(outcome=Outcome.PUBLISHED).order_by("-part"))
    if not out or not all(attempts.receipt_of(attempt).id for attempt in out):
        # A person said that it is out: we never learned its number there.
        raise InvalidInput("post.unknown_on_network", network=network.label)
    for attempt in out:
        network.delete(attempts.receipt_of(attempt), channels.context(post.channel, stamp=attempt.stamp))
        spend.charge([attempt], "delete")
    family = Post.objects.filter(Q(pk=first.pk) | Q(edits=first), state=PostState.PUBLISHED)
    with transaction.atomic():
        if half:
            at = min(attempt.ended_at or timezone.now() for attempt in out)
            move(post, "withdraw", actor=user.email, published_at=at)
        for one in family:
            move(one, "withdraw", actor=user.email, reason="", data={"at": timezone.now().isoformat()})
    post.refresh_from_db()
    return post
