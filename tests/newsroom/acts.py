"""What people and networks do, in one word each, for tests of delivery."""

from collections.abc import Callable
from typing import Any

from publisher.models import (
    Hold,
    Post,
    SandboxAccount,
    SandboxPost,
    User,
)
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.approval import review
from publisher.newsroom.sending import holds
from publisher.types import Part
from tests.factories import make_user

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
