"""Delivery: three short transactions around each call to a network.

    claim    scheduled -> sending, an Attempt opened: the row says what is about to happen (`claiming`)
    call     outside any transaction
    record   the Attempt closed with what the network said, the post moved on

A post is not idempotent. When no answer says whether it is out, it is `uncertain`: never sent again before a look-up
(`lookups`) or a person has cleared it. A thread goes part by part and resumes after the last part known to be out;
where a network takes a whole thread at once, it goes in one call.
"""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from publisher import messages
from publisher.enums import Outcome, PostState, ThreadStyle
from publisher.errors import (
    AccountBlocked,
    Held,
    InvalidInput,
    PublisherError,
    RateLimited,
    Refused,
    Retry,
    StaleState,
    Uncertain,
)
from publisher.models import Attempt, Channel, Post
from publisher.networks import registry
from publisher.networks.base import Context, Network, let_go
from publisher.networks.limits import BY_HAND
from publisher.newsroom import channels, engine
from publisher.newsroom.connect.credentials import unless_overtaken
from publisher.newsroom.drafts import media, previews
from publisher.newsroom.record import audit, seals
from publisher.newsroom.sending import attempts, claiming
from publisher.newsroom.sending.claiming import LEASE, Claim
from publisher.newsroom.workflow import move
from publisher.types import Part, Pending, Receipt

log = logging.getLogger(__name__)

MAX_TRIES = 10
"""With the waits below, the last try is some four hours after the first."""


def deliver(post_id: int) -> Post | None:
    """Send what is due of a post. Returns the post, or None when there was nothing to do (or somebody else does it)."""
    claimed = claiming.claim(post_id)
    while claimed is not None:
        result = call(claimed)
        claimed = record(claimed, result)
    return Post.objects.filter(pk=post_id).first()


def warm_up() -> None:
    """Load the libraries of the networks that we have channels on: an approved post should leave within a second."""
    for network in Channel.objects.filter(active=True).values_list("network", flat=True).distinct().order_by():
        registry.get(network).warm_up()


def call(claimed: Claim) -> Receipt | list[Receipt] | Pending | PublisherError:
    """The call itself, outside any transaction. What it raises is the answer; what is unknown is Uncertain."""
    channel = claimed.post.channel
    try:
        network = registry.get(channel.network)
        assert claimed.post.revision is not None
        errors = previews.errors(previews.check_parts(channel, claimed.post.revision.content, post=claimed.post))
        if errors:
            return InvalidInput("post.has_issues", why=" ".join(issue.message for issue in errors))
        thread = (*attempts.thread_before(claimed.post), *claimed.thread)
        context = make_context(
            claimed.post, claimed.attempts[0].stamp, thread, lambda: _before_publish(claimed, network.label)
        )
        context = replace(context, alive=lambda: claiming.renew(claimed))
        if thread and not thread[-1].id and network.limits.thread is not ThreadStyle.NONE:
            return Refused("post.thread_cut", network=network.label)
        keys = [attempt.key for attempt in claimed.attempts]
        missing = _missing_pictures(claimed.parts)
        if missing:
            return Refused("media.gone", ", ".join(missing), network=network.label)
        claiming.look_again(claimed)  # so that a stop set after the claim still stops the call
    except (Held, AccountBlocked, RateLimited, Retry, StaleState) as error:
        return error
    except Exception as error:  # nothing has left yet, so whatever it is, the post can go again
        log.exception("post %s could not be prepared", claimed.post.pk)
        label = registry.LABELS.get(channel.network, channel.network)
        return Retry("network.not_prepared", f"{type(error).__name__}: {error}", network=label)
    try:
        with unless_overtaken(context):
            return _send(network, claimed, context, keys)
    except PublisherError as error:
        return error
    except Exception as error:  # the request may have left: only a look-up may clear it
        log.exception("post %s: %s leaked an error; this is a bug", claimed.post.pk, channel.network)
        return Uncertain("network.uncertain", type(error).__name__, network=network.label)


def _send(network: Network, claimed: Claim, context: Context, keys: Sequence[str]) -> Receipt | list[Receipt] | Pending:
    """What goes out: a post, a whole thread at once, or other words for a part that is out."""
    post = claimed.post
    corrected = post.edits or post.reply_to
    if corrected and corrected.state != PostState.PUBLISHED:
        raise Refused("post.corrected_gone", network=network.label)
    if post.edits:
        out = attempts.replaced(post, claimed.attempts[0].part)
        if not out.id:
            raise Refused("post.unknown_on_network", network=network.label)
        return network.edit(out, claimed.parts[0], context, keys[0])
    if len(claimed.parts) > 1:
        return network.publish_thread(claimed.parts, context, keys)
    return network.publish(claimed.parts[0], context, keys[0])


def record(claimed: Claim, result: Receipt | list[Receipt] | Pending | PublisherError) -> Claim | None:
    """Last transaction: what the network said. Returns the next claim when more parts of a thread remain."""
    with transaction.atomic():
        post = (
            Post.objects.select_for_update(of=("self",))
            .select_related("channel", "document", "revision")
            .get(pk=claimed.post.pk)
        )
        if not claiming.stands(claimed):
            _record_too_late(claimed, post, result)
            return None
        match result:
            case Receipt() | list():
                return _record_out(claimed, post, [result] if isinstance(result, Receipt) else result)
            case Pending():
                _process(claimed, post, result)
            case RateLimited():
                attempts.close_all(claimed.attempts, Outcome.RATE_LIMITED, result)
                _put_off(post, result, result.until, tries=post.tries)
            case Held():
                attempts.close_all(claimed.attempts, Outcome.RETRY, result)
                move(post, "put off", actor=audit.SERVICE, reason=result.sentence)
            case Retry():
                attempts.close_all(claimed.attempts, Outcome.RETRY, result)
                try_later(post, result)
            case Uncertain():
                attempts.close_all(claimed.attempts, Outcome.UNCERTAIN, result)
                attempts.lose(post, result.sentence, result.diagnostic)
            case AccountBlocked():
                attempts.close_all(claimed.attempts, Outcome.ACCOUNT_BLOCKED, result)
                channels.block(post.channel, result)
                _fail(post, result)
            case Refused() | InvalidInput():
                attempts.close_all(claimed.attempts, Outcome.REFUSED, result)
                _fail(post, result)
            case _:
                attempts.close_all(claimed.attempts, Outcome.UNCERTAIN, result)
                attempts.lose(post, result.sentence, result.diagnostic)
    return None


def _record_out(claimed: Claim, post: Post, receipts: Sequence[Receipt]) -> Claim | None:
    for attempt, receipt in zip(claimed.attempts, receipts, strict=True):
        attempts.mark_out(attempt, receipt)
    if attempts.finish(post, "publish"):
        return None
    try:
        claiming.hindrances(post)
    except Held as held:
        move(post, "put off", actor=audit.SERVICE, reason=held.sentence)
        return None
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() + LEASE, url=attempts.receipts(post)[0].url)
    return claiming.open_next(post)


def _process(claimed: Claim, post: Post, result: Pending) -> None:
    """The network works on it, and is asked again; or a person is to post it, and nobody is."""
    attempts.close_all(claimed.attempts, Outcome.PENDING, receipt=attempts.promise(result))
    if post.channel.network in BY_HAND:
        move(post, "process", actor=audit.SERVICE, reason=messages.sentence("by_hand.waits"))
        return
    wait = timezone.now() + timedelta(seconds=result.after)
    move(post, "process", actor=audit.SERVICE, claimed_until=wait)
    engine.enqueue("resume", post.pk, at=wait)


def _record_too_late(claimed: Claim, post: Post, result: object) -> None:
    """The sweep took us for dead meanwhile. What we know now is worth more than what it guessed."""
    log.warning("post %s: the answer came after the claim was given up", post.pk)
    receipts = [result] if isinstance(result, Receipt) else result if isinstance(result, list) else []
    said = set(Attempt.objects.filter(pk__in=[each.pk for each in claimed.attempts], outcome=Outcome.PUBLISHED))
    for attempt, receipt in zip(claimed.attempts, receipts, strict=False):
        if attempt not in said:  # a look-up or a person has said so already, and that stays as it was said
            attempts.mark_out(attempt, receipt)
    if post.state == PostState.UNCERTAIN and attempts.finish(post, "find"):
        return
    if receipts:
        told = {"urls": [receipt.url for receipt in receipts], seals.KEY: seals.of_attempts(post)}
        audit.record(audit.SERVICE, "post", post.pk, "late answer", data=told)


def _before_publish(claimed: Claim, label: str) -> None:
    """The last look, when everything is uploaded and the post itself is to leave; nothing has left when it raises."""
    try:
        claiming.look_again(claimed)
    except PublisherError:
        raise
    except Exception as error:
        raise Retry("network.not_prepared", f"{type(error).__name__}: {error}", network=label) from error


def try_later(post: Post, error: Retry) -> None:
    """Nothing went out: it goes again after a while, or is given up."""
    tries = post.tries + 1
    if tries >= MAX_TRIES:
        _fail(post, error, tries=tries)
        return
    # Waits of at least 1, 16, 81, 256, 625, 1296, 2401 s … after the first, second, third try …, and up to a quarter
    # more, so that what a network has turned away together does not come back together.
    wait = max(error.after, float(tries**4)) * random.uniform(1, 1.25)  # noqa: S311  # no secret
    _put_off(post, error, timezone.now() + timedelta(seconds=wait), tries=tries)


def _put_off(post: Post, error: PublisherError, until: datetime, *, tries: int) -> None:
    move(
        post,
        "put off",
        actor=audit.SERVICE,
        reason=error.sentence,
        diagnostic=error.diagnostic[:2000],
        not_before=until,
        tries=tries,
    )
    engine.enqueue("deliver", post.pk, at=until)


def _fail(post: Post, error: PublisherError, *, tries: int | None = None) -> None:
    move(
        post,
        "refuse",
        actor=audit.SERVICE,
        reason=_why_failed(post, error),
        diagnostic=error.diagnostic[:2000],
        tries=post.tries if tries is None else tries,
    )


def _why_failed(post: Post, error: PublisherError) -> str:
    """The network's answer; of a thread that is partly out also that, and what can be done: its text is fixed now."""
    out, parts = len(attempts.receipts(post)), len(post.revision.content) if post.revision else 0
    if not 0 < out < parts or not isinstance(error, Refused | InvalidInput):
        return error.sentence
    why = str(error.params.get("why") or error.sentence)
    return messages.sentence("post.rest_refused", out=out, all=parts, why=why)


def _missing_pictures(parts: Sequence[Part]) -> list[str]:
    cards = [part.card.image for part in parts if part.card and part.card.image]
    pictures = [*cards, *(item for part in parts for item in part.media)]
    return [item.sha256 for item in pictures if item.sha256 and not media.is_whole(item.sha256)]


def make_context(
    post: Post, stamp: datetime, thread: Sequence[Receipt], before_publish: Callable[[], None] = let_go
) -> Context:
    """What a call needs. Raises AccountBlocked when the stored credentials cannot be opened or are not complete."""
    language = post.revision.language if post.revision else ""
    try:
        return channels.context(
            post.channel, stamp=stamp, thread=tuple(thread), language=language, before_publish=before_publish
        )
    except InvalidInput as error:
        raise AccountBlocked(error.key, error.diagnostic, **error.params) from error
