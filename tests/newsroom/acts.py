"""What people and networks do, in one word each, for tests of delivery."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from publisher.enums import PostState
from publisher.models import (
    Hold,
    Post,
    SandboxAccount,
    SandboxPost,
    User,
)
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import media
from publisher.newsroom.sending import delivery, holds, lookups
from publisher.types import Part
from tests.factories import make_user
from tests.networks.places import Place

Waiting = Callable[..., Post]


def fail_with(account: SandboxAccount, failure: SandboxFailure) -> None:
    SandboxAccount.objects.set_failure(account.handle, failure)


def approved(post: Post, user: User, **more: Any) -> Post:
    assert post.revision_id is not None
    return review.approve(post.pk, user, revision_id=post.revision_id, **more)


def thread(post: Post, user: User, *texts: str) -> Post:
    assert post.revision_id is not None
    return review.edit(post.pk, user, revision_id=post.revision_id, parts=[Part(text=text) for text in texts])


def lift(hold: Hold, user: User) -> None:
    """As many people as it takes."""
    if holds.lift(hold.pk, user).lifted_at is None:
        holds.lift(hold.pk, make_user("approver"))


def outcomes(post: Post) -> list[str]:
    return list(post.attempts.order_by("id").values_list("outcome", flat=True))


def on_the_network() -> list[str]:
    return list(SandboxPost.objects.order_by("id").values_list("text", flat=True))


def dressed(place: Place, part: Part) -> Part:
    """`part` with what the network takes no post without, as the desk keeps it."""
    whole = place.dress(part)
    kept = [replace(item, sha256=media.store(place.store.get(item.sha256, b""))) for item in whole.media]
    return whole if part.media else replace(whole, media=tuple(kept))


def deliver_whole(place: Place, post: Post) -> Post:
    """Send it, and where the network works in two steps go on to the second."""
    before = len(place.posted())
    delivery.deliver(post.pk)
    for _ in range(3):
        after = Post.objects.get(pk=post.pk)
        if after.state != PostState.PROCESSING or len(place.posted()) > before:
            return after
        Post.objects.filter(pk=post.pk).update(claimed_until=None)
        lookups.resume(post.pk)
    return Post.objects.get(pk=post.pk)
