"""What people are told of: a Notice for each cause, written in the transaction of the cause. Nothing is sent here.

One notice stands open per cause, however often the cause is met; it is over when the cause is gone, and what is over
before its time is told to nobody. `outbox` decides who is told and sends; so neither can a message be lost with a
process, nor does a mail server ever hold up a post.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from publisher.enums import ChannelHealth, Lookup, NoticeKind, PostState
from publisher.models import Alarm, Channel, Document, Notice, Post, User
from publisher.networks import registry
from publisher.networks.limits import BY_HAND
from publisher.newsroom import engine
from publisher.types import to_json

GATHER = timedelta(seconds=20)
"""How long a notice waits for others that belong in the same message, and for its cause to go by itself."""
LOOK_UP = timedelta(minutes=3)
"""What the look-up of an uncertain post gets before people hear of it: most are settled by then."""
TOLD = {
    PostState.FAILED: NoticeKind.FAILED,
    PostState.UNCERTAIN: NoticeKind.UNCERTAIN,
    PostState.EXPIRED: NoticeKind.EXPIRED,
}
"""States of a post that somebody must hear of."""
LONGEST_SUBJECT = 300


def tell(
    cause: str,
    kind: NoticeKind,
    key: str,
    *,
    subject: str,
    params: Mapping[str, object] | None = None,
    link: str = "",
    about: str = "",
    people: Iterable[User] = (),
    wait: timedelta = GATHER,
) -> None:
    """Have people told, once for this cause. Call it in the transaction that makes the cause.

    `key` names the sentence in `messages.CATALOGUE`, `params` fills its gaps; neither may hold a secret. `link` is a
    path of the desk, where the next step is taken. Notices with the same `about` that wait at the same time share a
    message. `people` are told alone, otherwise everybody who wants this kind is.
    """
    now = timezone.now()
    if Notice.objects.filter(cause=cause, over_at=None).exists():
        return
    notice = Notice(
        cause=cause,
        kind=kind,
        key=key,
        params=to_json(params or {}),
        subject=subject[:LONGEST_SUBJECT],
        about=about,
        link=link,
        people=[person.pk for person in people],
        raised_at=now,
        due_at=now + wait,
    )
    try:
        with transaction.atomic():
            notice.save()
    except IntegrityError:  # another worker met the same cause at this moment
        return
    engine.enqueue("send notices", at=notice.due_at)


def for_one(user: User, cause: str, key: str, **params: object) -> None:
    """Tell one person alone of something about themselves, at once."""
    about = {"subject": user.email, "params": params, "link": "/own/", "people": [user]}
    tell(cause, NoticeKind.PERSONAL, key, wait=timedelta(0), **about)  # type: ignore[arg-type]


def over(*causes: str) -> None:
    """The cause is gone: who has not been told yet is not told any more, and if it comes back it is a new one."""
    Notice.objects.filter(cause__in=causes, over_at=None).update(over_at=timezone.now())


# --- the causes -------------------------------------------------------------------------------------------------------


def post_moved(post: Post, before: PostState, after: PostState, reason: str) -> None:
    """Called by `workflow.move` within its transaction."""
    if before in TOLD and before != after:
        over(f"post:{post.pk}:{before}")
    if before == PostState.REVIEW != after:
        over(f"post:{post.pk}:late")
    if PostState.PROCESSING in {before, after}:
        _by_hand(post, after)
    kind = TOLD.get(after)
    if kind is None or before == after:
        return
    channel = Channel.objects.get(pk=post.channel_id)
    if kind is NoticeKind.FAILED and channel.health == ChannelHealth.BLOCKED:
        return  # one message per cause: the one about the channel says it
    wait = GATHER
    if kind is NoticeKind.UNCERTAIN:
        limits = registry.get_limits(channel.network)
        wait = GATHER if limits.lookup is Lookup.NONE else LOOK_UP + timedelta(seconds=limits.lookup_delay)
    tell(
        f"post:{post.pk}:{after}",
        kind,
        f"notice.{kind}",
        subject=name(post.document),
        params={"channel": channel.name, "why": reason},
        link=f"/posts/{post.pk}/",
        about=f"channel:{channel.pk}:{kind}",
        wait=wait,
    )


def _by_hand(post: Post, after: PostState) -> None:
    """Somebody is to post it, where no program can; nobody is told once it is done."""
    cause = f"post:{post.pk}:by-hand"
    if after != PostState.PROCESSING:
        over(cause)
        return
    channel = Channel.objects.get(pk=post.channel_id)
    if channel.network in BY_HAND:
        tell(
            cause,
            NoticeKind.WAITING,
            "notice.by_hand",
            subject=name(post.document),
            params={"channel": channel.name},
            link=f"/posts/{post.pk}/by-hand/",
            about=f"channel:{channel.pk}:by-hand",
        )


def alarm_raised(alarm: Alarm) -> None:
    """Called by `alarms.raise_alarm` within its transaction."""
    kind = NoticeKind(alarm.kind) if alarm.kind in set(NoticeKind) else NoticeKind.ALARM
    subject = name(alarm.document) if alarm.document else alarm.source.name if alarm.source else ""
    tell(
        f"alarm:{alarm.pk}",
        kind,
        alarm.key,
        subject=subject,
        params=alarm.params,
        link=f"/alarms/{alarm.pk}/",
        about=f"alarm:{kind}",
    )


def alarm_closed(alarm_id: int) -> None:
    over(f"alarm:{alarm_id}")


def channel_checked(channel: Channel, *, due_at: datetime | None = None) -> None:
    """What the network last said of us. `due_at`: a post goes there then, so silence is told too."""
    blocked, unreachable = f"channel:{channel.pk}:blocked", f"channel:{channel.pk}:unreachable"
    if channel.health == ChannelHealth.BLOCKED:
        over(unreachable)
        tell(
            blocked,
            NoticeKind.BLOCKED,
            "notice.blocked",
            subject=channel.name,
            params={"channel": channel.name, "why": channel.problem},
            link="/channels/",
        )
    elif channel.problem:
        over(blocked)
        if due_at is not None:
            tell(
                unreachable,
                NoticeKind.UNREACHABLE,
                "notice.unreachable",
                subject=channel.name,
                params={"channel": channel.name, "why": channel.problem, "at": due_at},
                link="/channels/",
            )
    else:
        over(blocked, unreachable)


def channel_gone(channel_id: int) -> None:
    """It was taken away: nothing of it needs a person any more."""
    Notice.objects.filter(cause__startswith=f"channel:{channel_id}:", over_at=None).update(over_at=timezone.now())


def name(document: Document) -> str:
    """A document's title; under an embargo not even that leaves the desk."""
    if document.embargo_until and document.embargo_until > timezone.now():
        return f"Document {document.pk} (under embargo)"
    return document.title
