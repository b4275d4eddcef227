"""What becomes of a post whose time has passed: ask a person, let it expire, or send it, as its channel says.

It may pass before the post could go out (the service was down, a network was out of order), or before anybody approved
it. Neither is ever a surprise: only `send` sends by itself what is too late.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from publisher import config, messages
from publisher.enums import LatePolicy, NoticeKind, PostState
from publisher.errors import InvalidInput
from publisher.models import Post, User
from publisher.newsroom.alerts import notify
from publisher.newsroom.record import audit
from publisher.newsroom.workflow import move

MOMENT = timedelta(minutes=1)
"""So long after its time a post that is approved is still on time."""


def settle(post: Post, now: datetime) -> bool:
    """Whether a scheduled post, whose row is locked, is too late to go out by itself; what its policy says is done."""
    assert post.due_at is not None
    late = now - max(post.due_at, post.not_before or post.due_at)
    if late <= timedelta(seconds=config.get().late_after):
        return False
    policy = policy_of(post)
    if policy is LatePolicy.SEND:
        return False
    if policy is LatePolicy.EXPIRE:
        move(post, "expire", actor=audit.SERVICE, reason=messages.sentence("late.expired"))
    else:
        _ask(post)
    return True


def policy_of(post: Post) -> LatePolicy:
    return post.channel.late_for(post.document.kind)


def slot_passed(post: Post, now: datetime) -> bool:
    """Whether a post in review had a time of its own, and that is over."""
    return post.state == PostState.REVIEW and post.due_at is not None and post.due_at < now - MOMENT


def own_time(post: Post, now: datetime) -> datetime | None:
    """When a post in review goes out if it is approved and nobody names a time: at its own, else at once (None).

    Raises InvalidInput where its time has passed and its channel says that a person must name another.
    """
    if post.due_at is None or post.due_at < (post.document.embargo or post.due_at):
        return None
    if slot_passed(post, now) and policy_of(post) is LatePolicy.ASK:
        raise InvalidInput("late.slot_passed", when=clock(post.due_at, now))
    return post.due_at if post.due_at > now else None


def expires(post: Post, user: User, now: datetime) -> bool:
    """Whether a post in review is approved too late and its channel lets such a post expire: it does then."""
    if not slot_passed(post, now) or policy_of(post) is not LatePolicy.EXPIRE:
        return False
    told = messages.sentence("late.slot_expired", when=clock(post.due_at, now))
    move(post, "expire", actor=user.email, reason=told)
    return True


def clock(moment: datetime | None, now: datetime | None = None) -> str:
    """A moment as a sentence names it, in the newsroom's zone: the hour, with the day where it is not today."""
    assert moment is not None
    zone = config.get().zone
    local, today = moment.astimezone(zone), (now or timezone.now()).astimezone(zone).date()
    return local.strftime("%H:%M" if local.date() == today else "%-d %B, %H:%M")


def _ask(post: Post) -> None:
    """Back to review: whoever approves it says anew when."""
    when = clock(post.due_at)
    told = messages.sentence("late.asked", when=when)
    move(post, "ask", actor=audit.SERVICE, reason=told, approved_revision=None, due_at=None, not_before=None)
    notify.tell(
        f"post:{post.pk}:late",
        NoticeKind.EXPIRED,
        "notice.late",
        subject=notify.name(post.document),
        params={"channel": post.channel.name},
        link=f"/posts/{post.pk}/",
        about=f"channel:{post.channel_id}:late",
    )
