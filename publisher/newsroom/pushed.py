"""What hubs deliver (WebSub): checked, and then taken in as the answer to a poll would be."""

import logging
from collections.abc import Mapping

from asgiref.sync import async_to_sync
from django.utils import timezone

from publisher import messages
from publisher.enums import SourceKind, SourceStatus, SubscriptionState
from publisher.errors import PublisherError
from publisher.models import Source, Subscription
from publisher.newsroom import engine, intake, sealing
from publisher.watch import websub, workbench
from publisher.watch.fetch import BODY_LIMIT, Fetched
from publisher.watch.reading import read_source

log = logging.getLogger(__name__)

MOST_BYTES = BODY_LIMIT
"""What a delivery may hold, as an answer to a request of ours may."""


def receive(token: str, headers: Mapping[str, str], body: bytes) -> None:
    """Take in what a hub delivers to the address with `token`.

    What is not signed with our secret is ignored without the sender learning so (7.1 of the Recommendation): who
    guesses secrets gets no hint. The row says that it came. Raises what storing raises: the hub then delivers again.
    """
    found = Subscription.objects.select_related("source").filter(token=token).first()
    if found is None or found.state == SubscriptionState.ENDED or not found.source.active:
        return
    if not websub.is_signed(headers, body, sealing.unseal(found.secret)["secret"]):
        log.warning("a delivery for source %s is not signed as agreed; it is ignored", found.source_id)
        _note(found, "push.not_signed")
        return
    now = timezone.now()
    answer = Fetched(
        status=SourceStatus.OK,
        url=found.source.url,
        body=body,
        content_type=headers.get("Content-Type", ""),
        fetched_at=now,
    )
    try:
        _take(found.source, answer)
    except PublisherError as error:
        # Delivering the same again would not mend it; the next poll reads the feed itself.
        log.warning("a delivery for source %s cannot be read: %s", found.source_id, error)
        _note(found, "push.unreadable")
        return
    Subscription.objects.filter(pk=found.pk).update(pushed_at=now, problem="")


def _take(source: Source, answer: Fetched) -> None:
    """The same way as a poll's answer; the row keeps the validators and the pace of the polls."""
    reading = async_to_sync(workbench.run)(
        read_source,
        SourceKind(source.kind),
        answer.body,
        content_type=answer.content_type,
        url=answer.url,
        recipe=source.recipe,
        known=source.items,
    )
    stored = intake.take_in(source, reading.entries, fetched_at=answer.fetched_at, fetched_from=answer.url)
    # By a worker: a hub waits for our answer, and a picture for a card can take long.
    for document_id in stored.to_draft:
        engine.enqueue("draft", document_id)
    for document_id in stored.changed:
        engine.enqueue("redraft", document_id)


def _note(found: Subscription, key: str) -> None:
    Subscription.objects.filter(pk=found.pk).update(problem=messages.sentence(key))
