"""What hubs deliver (WebSub): checked, and then taken in as the answer to a poll would be."""

import logging
from collections.abc import Mapping

from django.utils import timezone

from publisher import messages
from publisher.enums import SourceStatus, SubscriptionState
from publisher.errors import PublisherError
from publisher.models import Subscription
from publisher.newsroom import sealing
from publisher.newsroom.feeds import watching
from publisher.watch import websub
from publisher.watch.fetch import BODY_LIMIT, Fetched

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
        watching.take_pushed(found.source, answer)
    except PublisherError as error:
        # Delivering the same again would not mend it; the next poll reads the feed itself.
        log.warning("a delivery for source %s cannot be read: %s", found.source_id, error)
        _note(found, "push.unreadable")
        return
    Subscription.objects.filter(pk=found.pk).update(pushed_at=now, problem="")


def _note(found: Subscription, key: str) -> None:
    Subscription.objects.filter(pk=found.pk).update(problem=messages.sentence(key))
