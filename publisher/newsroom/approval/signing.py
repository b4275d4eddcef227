"""What an approval signs: all that decides what followers will see, where, and not before when."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from publisher.models import Approval, Channel, Post, User
from publisher.types import Part, digest


def revision_hash(channel: Channel, language: str, parts: Sequence[Part]) -> str:
    """What a revision says: the channel, the language, every word, picture, description and card."""
    return digest([channel.pk, language, parts])


def sign(post: Post, by: str, *, not_before: datetime, user: User | None = None, alone: bool = False) -> Approval:
    """Write down that a person, or a rule, says yes to the current revision, for `not_before` or later."""
    assert post.revision is not None
    return Approval.objects.create(
        revision=post.revision,
        hash=post.revision.hash,
        user=user if user and user.pk else None,
        by=by,
        round=post.round,
        not_before=not_before,
        signature=signature(post, not_before),
        alone=alone,
    )


def content_hash(post: Post) -> str:
    """Of the parts as the row holds them now: words, pictures (by the hash of their bytes), alt texts, card, channel,
    language. It is the revision's own hash as long as nobody changed anything behind its back."""
    assert post.revision is not None
    return revision_hash(post.channel, post.revision.language, post.revision.content)


def signature(post: Post, not_before: datetime | None) -> str:
    """The content, the account on the network, the post that this one answers or replaces, and the earliest moment."""
    account = post.channel.account.get("id", "")
    moment = not_before.astimezone(UTC).isoformat() if not_before else ""
    return digest([content_hash(post), post.channel.network, account, post.reply_to_id, post.edits_id, moment])


def standing(post: Post, at: datetime) -> list[Approval]:
    """The approvals that hold for what would be sent at `at`: of this very content, in this round, agreed for then."""
    if post.revision is None:
        return []
    found = post.revision.approvals.filter(round=post.round, hash=content_hash(post)).select_related("user")
    return [one for one in _of_each(found) if is_good(one, post) and (one.not_before is None or one.not_before <= at)]


def is_good(approval: Approval, post: Post) -> bool:
    """Whether nothing that was signed has changed. Approvals from before signatures were kept have their hash only."""
    return not approval.signature or approval.signature == signature(post, approval.not_before)


def _of_each(approvals: Iterable[Approval]) -> list[Approval]:
    """The newest of each person (or rule): who moves a post to another time signs again."""
    return list({one.by: one for one in approvals}.values())
