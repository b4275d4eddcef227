"""Attempts as rows: closed once, and what they say together, which parts are out and which are lost."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from publisher.enums import Outcome
from publisher.errors import PublisherError
from publisher.models import Attempt, Post
from publisher.networks import registry
from publisher.newsroom import engine
from publisher.newsroom.record import audit
from publisher.newsroom.sealing import seal, unseal
from publisher.newsroom.workflow import move
from publisher.types import Pending, Receipt, to_json

log = logging.getLogger(__name__)

BILLED = {Outcome.PUBLISHED, Outcome.PENDING, Outcome.UNCERTAIN}
"""What the network bills, or may."""
SEALED = "sealed"


def receipts(post: Post) -> list[Receipt]:
    """The parts of the current revision that are known to be out, first to last."""
    out = post.current_attempts.filter(outcome=Outcome.PUBLISHED).order_by("part")
    return [receipt_of(attempt) for attempt in out]


def receipt_of(attempt: Attempt) -> Receipt:
    """What the network said of a part that is out. Its number is blank where a person said that it is out.

    What was kept before that may be what the network promised while it worked on the part, and is no receipt.
    """
    known = attempt.receipt if "id" in attempt.receipt else {}
    return Receipt(**{"id": "", "url": "", **known})


def pending(attempt: Attempt) -> dict[str, str]:
    """What the network promised while it worked on the part; empty where it never did, or where the part is out.

    Raises InvalidInput when no key that we have opens it.
    """
    if sealed := attempt.receipt.get(SEALED):
        return unseal(sealed)
    data = attempt.receipt.get("data", {}) if "after" in attempt.receipt else {}  # rows of before it was sealed
    return {str(name): str(value) for name, value in data.items()}


def promise(promised: Pending) -> dict[str, object]:
    """A `types.Pending` as a row keeps it: sealed, since whoever knows where an upload goes may send to it."""
    return {SEALED: seal(promised.data), "after": promised.after}


def partly_out(post: Post) -> bool:
    """Whether some parts of the current revision are out, and others are not."""
    parts = len(post.revision.content) if post.revision else 0
    return 0 < post.current_attempts.filter(outcome=Outcome.PUBLISHED).count() < parts


def thread_before(post: Post) -> list[Receipt]:
    """What a correction answers, first to last: the whole conversation up to the published post it replies to."""
    above = post.reply_to
    return [] if above is None else [*thread_before(above), *receipts(above)]


def replaced(post: Post, part: int) -> Receipt:
    """The part on the network whose words an edit replaces. Its number is blank where we never learned it."""
    known = receipts(post.edits) if post.edits else []
    return known[part] if part < len(known) else Receipt(id="", url="")


def lost(post: Post) -> list[Attempt]:
    """The attempts of the current revision that nobody knows the end of, in the order of the parts."""
    return list(post.current_attempts.filter(outcome=Outcome.UNCERTAIN).order_by("part", "id"))


def close_all(
    attempts: Sequence[Attempt],
    outcome: Outcome,
    error: PublisherError | None = None,
    *,
    receipt: dict[str, object] | None = None,
) -> None:
    for attempt in attempts:
        close(attempt, outcome, error, receipt=receipt)


def close(
    attempt: Attempt,
    outcome: Outcome,
    error: PublisherError | None = None,
    *,
    receipt: dict[str, object] | None = None,
) -> None:
    """Write down how an attempt ended; of one that was uncertain, what a look-up brought."""
    changes: dict[str, object] = {"outcome": outcome, "ended_at": attempt.ended_at or timezone.now()}
    if outcome not in BILLED:
        changes["cost"] = 0
    if receipt is not None:
        changes["receipt"] = receipt
    if error is not None:
        changes |= {"reason": error.sentence, "diagnostic": error.diagnostic[:2000]}
    Attempt.objects.filter(pk=attempt.pk).update(**changes)


def keep(attempt: Attempt, promised: Pending) -> None:
    """Write down how far the network has come with a part, where that is more than is known; it is not out yet."""
    if dict(promised.data) != pending(attempt):
        Attempt.objects.filter(pk=attempt.pk, outcome=Outcome.PENDING).update(receipt=promise(promised))


def mark_out(attempt: Attempt, receipt: Receipt) -> None:
    """Write down that a part is out. It counts once: a second answer, of a claim given up, tells of the same post."""
    same_part = Attempt.objects.filter(revision=attempt.revision_id, part=attempt.part, outcome=Outcome.PUBLISHED)
    known = same_part.exclude(pk=attempt.pk).first()
    if known is None:
        close(attempt, Outcome.PUBLISHED, receipt=to_json(receipt))
        return
    if known.receipt.get("id") != receipt.id:
        log.error("post %s may be out twice: %s and %s", attempt.post_id, known.receipt.get("url"), receipt.url)
    close(attempt, Outcome.ABSENT, receipt=to_json(receipt))


def finish(post: Post, verb: str) -> bool:
    """Publish the post, by `verb`, if every part is known to be out. Gives whether it was so."""
    assert post.revision is not None
    known = receipts(post)
    if len(known) < len(post.revision.content):
        return False
    first = known[0].url or post.url
    move(post, verb, actor=audit.SERVICE, published_at=timezone.now(), url=first, not_before=None)
    return True


def lose(post: Post, sentence: str, diagnostic: str) -> None:
    """Nobody knows whether the post is out: it is looked up as soon as the network can be believed."""
    look_at = timezone.now() + timedelta(seconds=registry.get_limits(post.channel.network).lookup_delay)
    move(
        post,
        "lose",
        actor=audit.SERVICE,
        reason=sentence,
        diagnostic=diagnostic[:2000],
        claimed_by="",
        claimed_until=look_at,
    )
    engine.enqueue("settle", post.pk, at=look_at)
