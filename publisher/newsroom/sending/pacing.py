"""A channel's pace: its settings, which post must wait for it, and the person who sends one anyway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher import config, messages
from publisher.enums import DocumentKind, LatePolicy, NoticeKind, Pace, PostState
from publisher.errors import InvalidInput, StaleState
from publisher.models import Channel, Post, User
from publisher.newsroom import access, engine
from publisher.newsroom.alerts import notify
from publisher.newsroom.record import audit
from publisher.newsroom.sending import attempts, spend, when
from publisher.newsroom.sending.hours import read
from publisher.newsroom.sending.late import clock
from publisher.newsroom.workflow import move
from publisher.types import to_json

LONGEST_SPACING = 1440
MOST_A_DAY = 1000
LONGEST_WAIT = 720
"""Hours for a text in the channel's language: a month."""
HIGHEST_SPEND = Decimal(999_999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """All that a channel says about when it sends."""

    spacing: int
    daily_cap: int
    slots: Mapping[str, list[str]]
    spend_cap: Decimal | None
    late: str
    late_by_kind: Mapping[str, str]
    language_hours: int = 0

    @classmethod
    def of(cls, channel: Channel) -> "Pacing":
        return cls(**{name: getattr(channel, name) for name in cls.__slots__})

    def as_data(self) -> dict[str, Any]:
        rows = {name: to_json(getattr(self, name)) for name in self.__slots__ if name != "spend_cap"}
        return rows | {"spend_cap": None if self.spend_cap is None else str(self.spend_cap)}


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a post does not go out now, and until when; without `until` a person must say."""

    sentence: str
    until: datetime | None


def set(channel_id: int, user: User, wanted: Pacing) -> Channel:  # noqa: A001  # the verb of the house: pacing.set
    """Change it now. What waits for the old pace is looked at anew. Raises InvalidInput."""
    _check(wanted)
    with transaction.atomic():
        if not Channel.objects.filter(pk=channel_id).exists():
            raise InvalidInput("channel.unknown", id=channel_id)
        channel = when.lock(channel_id)
        access.require(user, "manage", channel)
        Channel.objects.filter(pk=channel_id).update(**{name: getattr(wanted, name) for name in Pacing.__slots__})
        audit.record(user.email, "channel", channel_id, "pace", data=wanted.as_data())
        waiting = Post.objects.filter(channel=channel_id, state=PostState.SCHEDULED, pace__in=[Pace.WAITS, Pace.ASKS])
        waiting.update(pace="", not_before=None, reason="")
        notify.over(_cause(channel_id))
        engine.enqueue("sweep")
    channel.refresh_from_db()
    return channel


def changed(
    channel: Channel,
    *,
    hours: Iterable[str] | None = None,
    spend: str | None = None,
    late_kinds: Mapping[str, str] = MappingProxyType({}),
    **fields: Any,
) -> Pacing:
    """A channel's pace with some of it otherwise, as a person writes it: `hours` in lines, `spend` an amount or "none",
    `late_kinds` with a blank for what is to be as the rest. Raises InvalidInput."""
    if hours is not None:
        fields["slots"] = read(hours)
    if spend is not None:
        fields["spend_cap"] = _amount(spend)
    now = Pacing.of(channel)
    by_kind = {kind: policy for kind, policy in {**now.late_by_kind, **late_kinds}.items() if policy}
    return replace(now, late_by_kind=by_kind, **fields)


def hold_back(post: Post, now: datetime) -> bool:
    """Whether a post that is due must wait for its channel's pace; the row then says why, and until when.

    Call it in the transaction of the claim, with the post's row locked: the channel's is locked here until the claim
    stands, so that two workers cannot both take the last place.
    """
    if not _is_paced(post):
        return False
    post.channel = when.lock(post.channel_id)
    found = waits(post, now)
    if found is None:
        return False
    pace = Pace.ASKS if found.until is None else Pace.WAITS
    if (post.pace, post.not_before, post.reason) != (pace, found.until, found.sentence):
        Post.objects.filter(pk=post.pk).update(
            pace=pace, not_before=found.until, reason=found.sentence, changed_at=timezone.now()
        )
        told = {"until": found.until.isoformat()} if found.until else {}
        audit.record(audit.SERVICE, "post", post.pk, "wait", reason=found.sentence, data=told)
    if found.until is None:
        _tell(post.channel, now)
    else:
        engine.enqueue("deliver", post.pk, at=found.until)
    return True


def waits(post: Post, now: datetime) -> Wait | None:
    """What its channel's pace says to a post that is to go out now; nothing is changed."""
    if not _is_paced(post):
        return None
    channel, cost = post.channel, spend.estimate(post)
    if channel.spend_cap is not None and cost:
        spent = spend.spent(channel, now)
        if spent + cost > channel.spend_cap:
            amounts = {"spent": spent, "cap": channel.spend_cap, "cost": cost}
            told = {name: spend.written(amount) for name, amount in amounts.items()}
            return Wait(messages.sentence("pace.spend", channel=channel.name, **told), None)
    until = when.room(post, now)
    if until <= now:
        return None
    zone = config.get().zone
    if channel.daily_cap and until.astimezone(zone).date() != now.astimezone(zone).date():
        return Wait(messages.sentence("pace.daily", until=clock(until, now), count=channel.daily_cap), until)
    return Wait(messages.sentence("pace.spacing", until=clock(until, now), minutes=channel.spacing), until)


def send_anyway(post_id: int, user: User, *, reason: str = "") -> Post:
    """Send a post that waits for its channel's pace at once; it counts like any other. Stops and embargoes stand.

    Raises NotAllowed, StaleState (it waits for something else, or for nothing).
    """
    with transaction.atomic():
        rows = Post.objects.select_for_update(of=("self",)).select_related("channel", "document", "revision")
        post = rows.filter(pk=post_id).first()
        if post is None:
            raise InvalidInput("post.unknown", id=post_id)
        access.require(user, "approve", post.channel)
        if post.state != PostState.SCHEDULED or post.pace not in {Pace.WAITS, Pace.ASKS}:
            raise StaleState("pace.not_waiting")
        told = {"waited": post.reason}
        now = timezone.now()
        post = move(
            post,
            "send anyway",
            actor=user.email,
            reason=reason.strip(),
            data=told,
            pace=Pace.ANYWAY,
            due_at=now,
            not_before=None,
        )
    engine.enqueue("deliver", post.pk)
    return post


def _is_paced(post: Post) -> bool:
    """A person's word, an edit in place and the rest of a thread that has begun do not wait."""
    channel = post.channel
    asks = channel.spacing or channel.daily_cap or channel.spend_cap is not None
    return bool(asks) and post.pace != Pace.ANYWAY and not post.edits_id and not attempts.receipts(post)


def _tell(channel: Channel, now: datetime) -> None:
    assert channel.spend_cap is not None
    spent = spend.written(spend.spent(channel, now))
    params = {"channel": channel.name, "spent": spent, "cap": spend.written(channel.spend_cap)}
    about = channel.name
    notify.tell(_cause(channel.pk), NoticeKind.SPEND, "notice.spend", subject=about, params=params, link="/channels/")


def _cause(channel_id: int) -> str:
    return f"channel:{channel_id}:spend"


def _amount(written: str) -> Decimal | None:
    try:
        return None if written == "none" else Decimal(written).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise InvalidInput("pace.spend_wrong") from None


def _check(wanted: Pacing) -> None:
    if not 0 <= wanted.spacing <= LONGEST_SPACING:
        raise InvalidInput("pace.spacing_wrong")
    if not 0 <= wanted.daily_cap <= MOST_A_DAY:
        raise InvalidInput("pace.daily_wrong")
    if not 0 <= wanted.language_hours <= LONGEST_WAIT:
        raise InvalidInput("pace.language_wrong", most=LONGEST_WAIT)
    if wanted.spend_cap is not None and not Decimal() <= wanted.spend_cap <= HIGHEST_SPEND:
        raise InvalidInput("pace.spend_wrong")
    kinds = {str(kind) for kind in DocumentKind}
    for kind in wanted.late_by_kind:
        if kind not in kinds:
            raise InvalidInput("rule.unknown_kind", kind=kind, known=", ".join(DocumentKind))
    for policy in (wanted.late, *wanted.late_by_kind.values()):
        if policy not in list(LatePolicy):
            raise InvalidInput("late.unknown", policy=policy)
