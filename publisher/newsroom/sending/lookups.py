"""Look-ups: what became of a post that is uncertain, or that its network still works on. Nothing here sends.

One worker looks at a post at a time. What it saw counts only while the post is still as it was when the look began.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publisher import messages
from publisher.enums import ChannelHealth, Lookup, Outcome, PostState
from publisher.errors import (
    AccountBlocked,
    Held,
    PublisherError,
    RateLimited,
    Refused,
    Retry,
    StaleState,
    StartAnew,
    Uncertain,
)
from publisher.models import Attempt, Post
from publisher.networks import prices, registry
from publisher.networks.limits import BY_HAND
from publisher.newsroom import channels, engine
from publisher.newsroom.connect.credentials import unless_overtaken
from publisher.newsroom.record import audit
from publisher.newsroom.sending import attempts, spend, workers
from publisher.newsroom.sending.claiming import LEASE, hindrances
from publisher.newsroom.sending.delivery import MAX_TRIES, make_context, try_later
from publisher.newsroom.workflow import move
from publisher.types import Pending, Receipt

log = logging.getLogger(__name__)

PROCESSED_WITHIN = timedelta(days=1)
"""What a network still works on after that is uncertain: a person may say what became of it."""
SKEW = timedelta(hours=1)
"""How far the clocks of two workers may differ. A lease beyond that was taken before the clock was set back."""
LONGEST_WAIT = timedelta(days=2)
"""No look-up is put off for longer: what is, was put off before the clock was set back."""


def resume(post_id: int) -> Post | None:
    """Look again at a post that its network is still working on. None when it is not its time, or not its state."""
    if Post.objects.filter(pk=post_id, channel__network__in=BY_HAND).exists():
        return None
    post = _take_look(post_id, PostState.PROCESSING)
    if post is None:
        return None
    attempt = post.current_attempts.filter(outcome=Outcome.PENDING).latest("id")
    network = registry.get(post.channel.network)
    try:
        thread = [*attempts.thread_before(post), *attempts.receipts(post)]
        context = make_context(post, attempt.stamp, thread, lambda: _before_publish(post, network.label))
        with unless_overtaken(context):
            result = network.resume(Pending(data=attempts.pending(attempt)), context)
    except Exception as error:  # noqa: BLE001  # whatever it is, `_not_out_yet` says what becomes of the post
        return _not_out_yet(post, attempt, error)
    if isinstance(result, Pending):
        attempts.keep(attempt, result)
        return _keep_waiting(post, attempt, timezone.now() + timedelta(seconds=result.after), "")
    with transaction.atomic():
        attempts.mark_out(attempt, result)
        if not attempts.finish(post, "publish"):
            move(post, "put off", actor=audit.SERVICE, not_before=None)
            engine.enqueue("deliver", post.pk)
    return post


def settle(post_id: int) -> Post | None:
    """Find out whether an uncertain post is out. Never sends; a post found absent is scheduled again.

    None when it is not its time, or not uncertain.
    """
    post = _take_look(post_id, PostState.UNCERTAIN)
    if post is None or post.revision is None:
        return None
    network = registry.get(post.channel.network)
    lost = attempts.lost(post)
    receipts = attempts.receipts(post)
    found: list[tuple[Attempt, Receipt]] = []
    try:
        for attempt in lost:
            part = post.revision.content[attempt.part]
            context = replace(
                make_context(post, attempt.stamp, [*attempts.thread_before(post), *receipts]),
                pending=attempts.pending(attempt),
            )
            with unless_overtaken(context):
                if post.edits:
                    receipt = network.find_edit(attempts.replaced(post, attempt.part), part, context)
                else:
                    receipt = network.find(part, context, attempt.key)
            if receipt is None:
                break
            found.append((attempt, receipt))
            receipts.append(receipt)
    except Exception as error:  # noqa: BLE001  # whatever a look-up raises, the post stays uncertain and is looked up later
        log.warning("post %s could not be looked up: %s", post.pk, error)
        if isinstance(error, AccountBlocked) and post.channel.health != ChannelHealth.BLOCKED:
            channels.block(post.channel, error)
        waited = timezone.now() - (lost[0].started_at if lost else post.changed_at)
        _look_again(
            post, "settle", timezone.now() + min(max(waited, timedelta(seconds=30)), timedelta(hours=1)), post.reason
        )
        return post
    with transaction.atomic():
        now = Post.objects.select_for_update().get(pk=post.pk)
        if now.state != PostState.UNCERTAIN or attempts.lost(now) != lost:
            return now  # it was settled, or even sent again, while we looked: what we saw is old
        for attempt, receipt in found:
            attempts.mark_out(attempt, receipt)
        attempts.close_all(lost[len(found) :], Outcome.ABSENT)
        spend.charge(lost[: len(found) + 1], "read", spend.LOOK_UP)
        if not attempts.finish(post, "find"):
            _send_again(post)
    return post


def explain(post: Post) -> str:
    """For a person: how it is found out whether this post is out, as far back as what, and what that costs."""
    limits = registry.get_limits(post.channel.network)
    label = registry.LABELS.get(post.channel.network, post.channel.network)
    lost = attempts.lost(post)
    back = (lost[0].stamp if lost else post.changed_at) - timedelta(seconds=limits.lookup_back)
    since = timezone.localtime(back).strftime("%H:%M")
    if limits.lookup is Lookup.EXACT:
        return messages.sentence("lookup.exact", network=label)
    if limits.lookup is Lookup.NONE:
        part = post.revision.content[lost[0].part] if post.revision and lost else None
        start = part.text.strip()[:40] if part else ""
        return messages.sentence("lookup.none", network=label, since=since, start=start)
    said = messages.sentence("lookup.search", network=label, since=since, posts=limits.lookup_posts)
    billed = prices.of(post.channel.network)
    if billed is None:
        return said
    cost = f"{limits.lookup_posts * billed.read:.2f}"
    return f"{said} {messages.sentence('lookup.costs', cost=cost)}"


def lose_dead_claims() -> int:
    """Posts whose worker died in mid-call become uncertain. Returns how many."""
    sending = list(Post.objects.filter(state=PostState.SENDING).values_list("pk", flat=True))
    count = sum(map(_lose_if_dead, sending))
    for name in workers.others():
        if workers.is_dead(name):
            looking = Post.objects.filter(claimed_by=name, state__in=[PostState.UNCERTAIN, PostState.PROCESSING])
            for kind in list(looking.values_list("channel__network", flat=True).distinct().order_by()):
                # It may just have asked for the final step, which the network is slow to list.
                wait = timedelta(seconds=registry.get_limits(kind).lookup_delay)
                free = looking.filter(channel__network=kind)
                free.update(claimed_by="", claimed_until=timezone.now() + wait)
            workers.forget(name)
    return count


def waiting(state: PostState, limit: int = 200) -> list[int]:
    """Uncertain or processing posts whose next look is due. Looking is not sending: a paused channel is no reason.

    What a person posts is not looked at: it waits for them."""
    found = Post.objects.filter(_look_is_due(), state=state).exclude(channel__network__in=BY_HAND)
    if state is PostState.UNCERTAIN:
        able = [kind for kind in registry.KINDS if registry.get_limits(kind).lookup != "none"]
        found = found.filter(channel__network__in=able)
    return list(found.order_by("changed_at").values_list("pk", flat=True)[:limit])


def _lose_if_dead(post_id: int) -> bool:
    with transaction.atomic():
        sending = Post.objects.select_for_update(of=("self",)).select_related("channel")
        post = sending.filter(pk=post_id, state=PostState.SENDING).first()
        if post is None or post.claimed_until is None:
            return False
        now = timezone.now()
        if now <= post.claimed_until <= now + LEASE + SKEW and not workers.is_dead(post.claimed_by):
            return False
        label = registry.LABELS.get(post.channel.network, post.channel.network)
        gone = Uncertain("network.worker_died", f"worker {post.claimed_by}", network=label)
        open_attempts = list(post.attempts.filter(ended_at=None))
        if open_attempts:
            attempts.close_all(open_attempts, Outcome.UNCERTAIN, gone)
            attempts.lose(post, gone.sentence, gone.diagnostic)
        else:
            # It died between two calls: nothing had left.
            move(post, "put off", actor=audit.SERVICE, reason=gone.sentence)
        return True


def _send_again(post: Post) -> None:
    """It is not out: the same request may go again. A post that is lost each time is given up, not tried for ever."""
    tries = post.tries + 1
    if tries >= MAX_TRIES:
        label = registry.LABELS.get(post.channel.network, post.channel.network)
        given_up = messages.sentence("network.given_up", network=label)
        move(post, "give up", actor=audit.SERVICE, reason=given_up, tries=tries)
        return
    # At once the first time, unless it is too late by now; then after 1, 16, 81 s …: the network needs time to recover.
    until = timezone.now() + timedelta(seconds=(tries - 1) ** 4) if tries > 1 else post.not_before
    move(post, "send again", actor=audit.SERVICE, not_before=until, tries=tries)
    engine.enqueue("deliver", post.pk, at=until)


def _look_is_due() -> Q:
    now = timezone.now()
    return Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + LONGEST_WAIT)


def _take_look(post_id: int, state: PostState) -> Post | None:
    """The post, for one worker at a time: the sweep asks for a look-up again and again while one is under way."""
    lease = {"claimed_by": workers.me(), "claimed_until": timezone.now() + LEASE}
    if not Post.objects.filter(_look_is_due(), pk=post_id, state=state).update(**lease):
        return None
    return Post.objects.select_related("channel", "document", "revision").get(pk=post_id)


def _not_out_yet(post: Post, attempt: Attempt, error: Exception) -> Post:
    """What becomes of a post whose processing did not come to its end."""
    match error:
        case Held():
            return _hold_back(post, attempt, error)
        case StaleState():  # another worker took the look over while we slept
            return Post.objects.get(pk=post.pk)
        case StartAnew():
            with transaction.atomic():
                attempts.close(attempt, Outcome.RETRY, error)
                try_later(post, error)
        case Retry():
            return _keep_waiting(post, attempt, timezone.now() + timedelta(seconds=error.after), error.sentence)
        case RateLimited():
            return _keep_waiting(post, attempt, error.until, error.sentence)
        case AccountBlocked():  # the network may put the post out all the same
            if post.channel.health != ChannelHealth.BLOCKED:
                channels.block(post.channel, error)
            return _keep_waiting(post, attempt, timezone.now() + LEASE, error.sentence)
        case Refused():
            with transaction.atomic():
                attempts.close(attempt, Outcome.REFUSED, error)
                move(post, "refuse", actor=audit.SERVICE, reason=error.sentence, diagnostic=error.diagnostic)
        case _:  # the final step may have run: only a look-up may clear it
            log.warning("post %s: no clear answer while it was processed: %s", post.pk, error)
            label = registry.LABELS[post.channel.network]
            leaked = Uncertain("network.uncertain", type(error).__name__, network=label)
            unclear = error if isinstance(error, Uncertain) else leaked
            with transaction.atomic():
                attempts.close(attempt, Outcome.UNCERTAIN)
                attempts.lose(post, unclear.sentence, unclear.diagnostic)
    return post


def _before_publish(post: Post, label: str) -> None:
    """The last look before a network's final step: everything that may stand in the way, and the whole lease.

    Raises Held, StaleState where another worker looks meanwhile, Retry where we cannot know.
    """
    try:
        hindrances(post)
        mine = Post.objects.filter(pk=post.pk, state=PostState.PROCESSING, claimed_by=workers.me())
        # Without a reason from here on: `_hold_back` must be able to tell that the final step may have been asked for.
        taken = mine.update(claimed_until=timezone.now() + LEASE, reason="")
    except PublisherError:
        raise
    except Exception as error:
        raise Retry("network.not_prepared", f"{type(error).__name__}: {error}", network=label) from error
    if not taken:
        raise StaleState("post.changed_meanwhile", "the look was given up before the call")


def _hold_back(post: Post, attempt: Attempt, held: Held) -> Post:
    """Something stands before the final step. It is scheduled again, so that whatever holds for posts that wait holds
    for it; not before a second look, since a worker that was killed may have asked for the step just now."""
    if post.reason != held.sentence:
        _look_again(post, "resume", timezone.now() + timedelta(minutes=1), held.sentence)
        return post
    with transaction.atomic():
        attempts.close(attempt, Outcome.RETRY, held)
        move(post, "put off", actor=audit.SERVICE, reason=held.sentence)
    return post


def _look_again(post: Post, verb: str, at: datetime, sentence: str) -> None:
    Post.objects.filter(pk=post.pk, state=post.state).update(claimed_by="", claimed_until=at, reason=sentence)
    engine.enqueue(verb, post.pk, at=at)


def _keep_waiting(post: Post, attempt: Attempt, until: datetime, sentence: str) -> Post:
    """Let the network work on, but not for ever."""
    if timezone.now() - attempt.started_at < PROCESSED_WITHIN:
        _look_again(post, "resume", until, sentence)
        return post
    label = registry.LABELS.get(post.channel.network, post.channel.network)
    with transaction.atomic():
        attempts.close(attempt, Outcome.UNCERTAIN)
        attempts.lose(post, messages.sentence("network.never_processed", network=label), "")
    return post
