"""What is on the institution's site and not on our channels: an alarm per document, settled once that is decided."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from publisher import config
from publisher.enums import AlarmKind, DocumentKind, Origin, PostState
from publisher.errors import StaleState
from publisher.models import Alarm, Channel, Document, Post
from publisher.newsroom.alerts import alarms
from publisher.newsroom.drafts import matching
from publisher.newsroom.record import audit
from publisher.newsroom.sending import by_hand

LOOK_BACK = timedelta(days=2)
"""Documents that came before are not alarmed about any more, so that the first start raises none for the past."""
DECIDED = frozenset(
    {
        PostState.SCHEDULED,
        PostState.SENDING,
        PostState.PROCESSING,
        PostState.UNCERTAIN,
        PostState.PUBLISHED,
        PostState.WITHDRAWN,
    }
)
"""A post in one of these is out, or will be without anybody's doing, or has an alarm of its own on the desk."""
UNDECIDED = frozenset({PostState.DRAFT, PostState.REVIEW, PostState.FAILED, PostState.EXPIRED})
"""A person is needed."""


def is_waiting(states: Collection[str]) -> bool:
    """Whether a document with posts in these states waits for a person, with nothing of it out or on its way."""
    return not DECIDED.intersection(states) and bool(UNDECIDED.intersection(states))


def look(now: datetime | None = None) -> None:
    """Raise and settle the alarms. A document is alarmed about once: what a person has closed stays closed."""
    now = now or timezone.now()
    minutes = config.get().waiting_minutes
    _settle()
    told = Alarm.objects.filter(kind=AlarmKind.WAITING, document=OuterRef("pk"))
    told = told.filter(Q(closed_at=None) | ~Q(closed_by=audit.SERVICE))
    late = _published_before(now - timedelta(minutes=minutes), now).filter(~Exists(told))
    for document in late.filter(_undecided(), ~_decided()):
        alarms.raise_alarm(AlarmKind.WAITING, "alarm.waiting", document=document, params={"minutes": minutes})
    undrafted = late.filter(Q(drafted_at=None) | ~Q(problem=""), ~_has(Q()))
    for document in _with_a_rule(undrafted):
        alarms.raise_alarm(AlarmKind.WAITING, "alarm.waiting_undrafted", document=document, params={"minutes": minutes})


def _published_before(then: datetime, now: datetime) -> "QuerySet[Document]":
    """News that the site had shown at `then`, that came not long ago, and that we were allowed to publish."""
    return (
        Document.objects.filter(first_seen_at__lte=then, first_seen_at__gt=now - LOOK_BACK)
        .filter(Q(published_at=None) | Q(published_at__lte=then), Q(embargo_until=None) | Q(embargo_until__lte=then))
        .filter(baseline=False, sample=False, vanished_at=None)
        .exclude(kind=DocumentKind.EVENT)
    )


def _undecided() -> Exists:
    return _has(Q(state__in=UNDECIDED) | by_hand.WAITS)


def _decided() -> Exists:
    return _has(Q(state__in=DECIDED) & ~by_hand.WAITS)


def _has(which: Q) -> Exists:
    return Exists(Post.objects.filter(which, document=OuterRef("pk"), origin=Origin.RULE))


def _with_a_rule(documents: Iterable[Document]) -> list[Document]:
    found = list(documents)
    if not found:
        return []
    plans, channels = matching.plans(), list(Channel.objects.filter(active=True))
    return [
        each.document
        for each in matching.subjects(found)
        if matching.is_taken(each, plans, channels, each.document.first_seen_at)
    ]


def _settle() -> None:
    """Close the alarms whose document is out, on its way, rejected or gone."""
    still = Alarm.objects.filter(kind=AlarmKind.WAITING, closed_at=None).select_related("document")
    documents = {alarm.document_id: alarm for alarm in still if alarm.document_id}
    states: dict[int, set[str]] = defaultdict(set)
    for post in (
        Post.objects.filter(document__in=documents)
        .select_related("channel")
        .only("document", "state", "channel__network")
    ):
        states[post.document_id].add(PostState.REVIEW if by_hand.waits(post) else post.state)
    for document_id, alarm in documents.items():
        assert alarm.document is not None
        if outcome := _outcome(alarm.document, states[document_id]):
            _close(alarm, outcome)


def _outcome(document: Document, states: Collection[str]) -> str:
    """Why the alarm about a document with posts in these states is over; blank while it is not."""
    if document.vanished_at is not None:
        return "The institution took it down."
    if DECIDED.intersection(states):
        return "It is out or scheduled."
    if states and not is_waiting(states):
        return "Every post about it was rejected."
    if not states and document.drafted_at is not None and not document.problem:
        return "No rule wants a post about it any more."
    return ""


def _close(alarm: Alarm, outcome: str) -> None:
    with suppress(StaleState):  # a person closed it at this moment
        alarms.close(alarm.pk, audit.SERVICE, outcome)
