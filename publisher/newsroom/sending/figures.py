"""Figures: what followers did with what is out, asked for less and less often, for thirty days, and never in the way.

A fixed number of questions for each post, each counted before it is asked. Nothing is asked while something is due to
be sent. Whatever goes wrong is said under the post and blocks nothing: a token may post that may not read figures.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from publisher import config
from publisher.enums import ChannelHealth, Outcome, PostState
from publisher.errors import InvalidInput, PublisherError, RateLimited, Refused
from publisher.models import Channel, Post, PostFigures, User
from publisher.networks import prices, registry
from publisher.newsroom import access, channels, engine
from publisher.newsroom.sending import attempts, claiming, spend
from publisher.types import Figures, to_json

log = logging.getLogger(__name__)

AFTER = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 14 * 24, 30 * 24))
"""When a post's figures are asked for, from its publication."""
AT_ONCE = 20
"""Posts that one round asks about, and …"""
ROUND = 15.0
"""… seconds after which it stops, so that a worker is soon free for what matters."""
PLANNED = 500


def networks() -> list[str]:
    """Those that tell figures. One that bills for each question is asked only where the settings say so."""
    billed = config.get().figures_that_cost
    return [kind for kind in registry.KINDS if registry.get_limits(kind).figures and (billed or not prices.of(kind))]


def plan() -> None:
    """Note what has gone out since. New words for a post that is out are no post of their own."""
    now = timezone.now()
    out = Post.objects.filter(state=PostState.PUBLISHED, published_at__gt=now - AFTER[-1], edits=None, figures=None)
    found = out.filter(channel__network__in=networks(), document__sample=False).order_by("-published_at")[:PLANNED]
    rows = [PostFigures(post=post, next_at=_next(post, now)) for post in found]
    PostFigures.objects.bulk_create(rows, ignore_conflicts=True)


def read_due() -> int:
    """Ask about the posts whose time has come; gives how many were asked about."""
    if claiming.due(1):
        return 0
    ends, count, resting = time.monotonic() + ROUND, 0, set[int]()
    for row in _due(timezone.now()):
        if time.monotonic() > ends or engine.stopping.is_set():
            break
        if row.post.channel_id in resting:
            continue
        until = _ask(row)
        count += 1
        if until is not None:
            resting.add(row.post.channel_id)
            _rest(row.post.channel, until)
    return count


def read_now(post_id: int, user: User) -> PostFigures:
    """Ask once more, now, because a person wants to know. Raises InvalidInput, NetworkError."""
    post = Post.objects.select_related("channel", "revision").filter(pk=post_id).first()
    if post is None:
        raise InvalidInput("post.unknown", id=post_id)
    access.require(user, "write", post.channel)
    network = registry.get(post.channel.network)
    if not network.limits.figures:
        raise InvalidInput("figures.none", network=network.label)
    if post.state != PostState.PUBLISHED:
        raise InvalidInput("figures.not_out")
    row, _made = PostFigures.objects.get_or_create(post=post)
    row.post = post
    _store(row, _read(post))
    row.refresh_from_db()
    return row


def _due(now: datetime) -> list[PostFigures]:
    rows = PostFigures.objects.filter(next_at__lte=now, post__state=PostState.PUBLISHED, post__channel__active=True)
    rows = rows.filter(post__channel__network__in=networks()).exclude(post__channel__health=ChannelHealth.BLOCKED)
    return list(rows.select_related("post__channel", "post__revision").order_by("next_at")[:AT_ONCE])


def _ask(row: PostFigures) -> datetime | None:
    """Take the question, ask it, keep the answer. Gives until when the network wants to be left alone."""
    now = timezone.now()
    taken = PostFigures.objects.filter(post=row.post_id, next_at=row.next_at, reads=row.reads)
    if taken.update(next_at=_next(row.post, now), reads=F("reads") + 1) != 1:
        return None  # another worker has it
    if spend.is_billed(row.post.channel) and _over(row.post.channel, now):
        return None
    try:
        _store(row, _read(row.post))
    except RateLimited as error:
        return error.until
    except Refused as error:  # it is no longer there, or will never be told
        _problem(row, error.sentence, next_at=None)
    except PublisherError as error:
        _problem(row, error.sentence)
    except Exception:
        log.exception("figures of post %s: %s leaked an error; this is a bug", row.post_id, row.post.channel.network)
    return None


def _read(post: Post) -> Figures:
    """Of a thread, those of its first part. Raises InvalidInput where we never learned its number there."""
    first = next(iter(attempts.receipts(post)), None)
    if first is None or not first.id:
        raise Refused("post.unknown_on_network", network=registry.LABELS[post.channel.network])
    attempt = post.current_attempts.filter(outcome=Outcome.PUBLISHED, part=0).first()
    assert attempt is not None
    found = registry.get(post.channel.network).figures(first, channels.context(post.channel, stamp=attempt.stamp))
    spend.charge([attempt], "read")
    return found


def _store(row: PostFigures, found: Figures) -> None:
    now = timezone.now()
    past = [*row.past, {"at": now.isoformat(), **to_json(found)}]
    PostFigures.objects.filter(post=row.post_id).update(**to_json(found), past=past, read_at=now, problem="")


def _problem(row: PostFigures, sentence: str, **more: None) -> None:
    PostFigures.objects.filter(post=row.post_id).update(problem=sentence, **more)


def _rest(channel: Channel, until: datetime) -> None:
    PostFigures.objects.filter(post__channel=channel, next_at__lt=until).update(next_at=until)


def _over(channel: Channel, now: datetime) -> bool:
    listed = prices.of(channel.network)
    cap = channel.spend_cap
    return listed is not None and cap is not None and spend.spent(channel, now) + listed.read > cap


def _next(post: Post, now: datetime) -> datetime | None:
    """The first time that is still to come; None after the last one."""
    assert post.published_at is not None
    times = [post.published_at + after for after in AFTER]
    return next((at for at in times if at > now), None)
