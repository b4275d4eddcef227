"""Who sees to a post: one colleague at most, who is told."""

from django.db import transaction
from django.utils import timezone

from publisher.enums import NoticeKind
from publisher.errors import InvalidInput
from publisher.models import Channel, Post, User
from publisher.newsroom import access
from publisher.newsroom.alerts import notify
from publisher.newsroom.approval.locked import locked
from publisher.newsroom.record import audit


def assign(post_id: int, user: User, to: User | None) -> Post:
    """Give a post to somebody who may write there, or to nobody. It forbids nothing to anybody else.

    Raises NotAllowed, InvalidInput.
    """
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "write", post.channel)
        if to is not None and not access.can(to, "write", post.channel):
            raise InvalidInput("assign.cannot", person=to.name, channel=post.channel.name)
        if post.assigned_to_id == (to.pk if to else None):
            return post
        post.assigned_to, post.changed_at = to, timezone.now()
        post.save(update_fields=["assigned_to", "changed_at"])
        data = {"to": to.email} if to else {}
        audit.record(user.email, "post", post_id, "assign" if to else "unassign", data=data)
        cause = f"post:{post_id}:assigned"
        notify.over(cause)
        if to is not None and to.pk != user.pk:
            params = {"by": user.email, "channel": post.channel.name}
            link, subject = f"/posts/{post_id}/talk/", notify.name(post.document)
            key = "notice.assigned"
            notify.tell(cause, NoticeKind.PERSONAL, key, subject=subject, params=params, link=link, people=[to])
    return post


def candidates(channel: Channel) -> list[User]:
    """Those who may write on this channel."""
    people = User.objects.filter(is_active=True).prefetch_related("grants")
    return [person for person in people if access.can(person, "write", channel)]


def of(person: User) -> int:
    """How many posts in review are theirs."""
    return Post.objects.filter(state="review", assigned_to=person).count()
