"""What pages and commands read: fixed numbers of queries, pages instead of totals, no writing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from publisher.enums import PostState
from publisher.errors import InvalidInput
from publisher.models import (
    Actor,
    Channel,
    Document,
    Emergency,
    Event,
    Hold,
    LanguageWait,
    Post,
    Rule,
    Sighting,
    Source,
    User,
    Version,
)
from publisher.newsroom.approval import proposals
from publisher.newsroom.pages import Page, paged
from publisher.types import Entry, entry_from_json

ATTENTION = (PostState.FAILED, PostState.UNCERTAIN, PostState.EXPIRED)
"""States in which a person should look."""
ON_THE_WAY = (PostState.SCHEDULED, PostState.SENDING, PostState.PROCESSING)


@dataclass(frozen=True, slots=True)
class QueueItem:
    document: Document
    posts: list[Post]
    summary: dict[str, int]
    """How many of the document's posts stand in which state."""


@dataclass(frozen=True, slots=True)
class DocumentDetail:
    document: Document
    entry: Entry
    versions: list[Version]
    posts: list[Post]
    events: list[Event]
    waits: list[LanguageWait]
    """Channels that wait for it in their language."""

    @property
    def languages(self) -> list[str]:
        """Those that it is there in, its own first."""
        return list(dict.fromkeys([self.document.language, *(one.language for one in self.versions)]))

    @property
    def ignored(self) -> list[str]:
        """By which rules nothing is drafted for which channels, in words."""
        return list(dict.fromkeys(event.reason for event in self.events if event.verb == "ignore"))


@dataclass(frozen=True, slots=True)
class Counts:
    review: int
    scheduled: int
    sending: int
    failed: int
    uncertain: int
    published_today: int


def queue_page(page: int = 1, size: int = 20, assigned_to: User | None = None) -> Page[QueueItem]:
    """Documents that wait for a person, or of which a post counts down, newest first, each with all its posts; or only
    those with a post of theirs."""
    waiting = Post.objects.filter(state=PostState.REVIEW).order_by().values("document")
    counting = Post.objects.filter(counts_down=True).order_by().values("document")
    troubled = Document.objects.exclude(problem="").order_by().values("pk")
    # A union of short lists by their indexes; one condition with "or" would walk all documents.
    asking = LanguageWait.objects.filter(outcome="", until__lte=timezone.now()).order_by().values("document")
    listed = waiting.filter(assigned_to=assigned_to) if assigned_to else waiting.union(counting, troubled, asking)
    documents = (
        Document.objects.filter(pk__in=listed)
        .select_related("source")
        .prefetch_related(Prefetch("posts", _posts().order_by("channel__network", "channel__name", "id")))
        .prefetch_related(Prefetch("language_waits", _waits(), to_attr="waits"))
        .order_by("-first_seen_at", "-id")
    )
    found = paged(documents, page, size)
    items = [
        QueueItem(document, list(document.posts.all()), summarise(document.posts.all())) for document in found.items
    ]
    return Page(items, found.number, found.has_next)


def _waits() -> "QuerySet[LanguageWait]":
    """Channels that wait for a document in their language, or ask about it."""
    return LanguageWait.objects.filter(outcome="").select_related("channel").order_by("until", "id")


def summarise(posts: Iterable[Post]) -> dict[str, int]:
    """What a reviewer sees per document: derived, never stored."""
    return dict(Counter(post.state for post in posts))


def published_page(page: int = 1, size: int = 50, state: str = "") -> Page[Post]:
    """What went out, is on its way, or went wrong, newest change first."""
    posts = _posts()
    if state == PostState.PUBLISHED:
        posts = posts.filter(state=state).order_by("-published_at", "-id")
    elif state:
        posts = posts.filter(state=state).order_by("-changed_at", "-id")
    else:
        posts = posts.exclude(state__in=[PostState.DRAFT, PostState.REVIEW]).order_by("-changed_at", "-id")
    return paged(posts, page, size)


def posts_page(
    page: int = 1,
    size: int = 50,
    state: str = "",
    document_id: int | None = None,
    assigned_to: User | None = None,
) -> Page[Post]:
    """Posts of any state, newest first: the command line's list. With those in review stand those that count down."""
    posts = _posts().order_by("-id")
    if state == PostState.REVIEW:
        waiting = Post.objects.filter(state=state).order_by().values("pk")
        posts = posts.filter(pk__in=waiting.union(Post.objects.filter(counts_down=True).order_by().values("pk")))
    elif state:
        posts = posts.filter(state=state)
    if document_id is not None:
        posts = posts.filter(document_id=document_id)
    if assigned_to is not None:
        posts = posts.filter(assigned_to=assigned_to)
    return paged(posts, page, size)


def post(post_id: int) -> Post:
    found = _posts().filter(pk=post_id).first()
    if found is None:
        raise InvalidInput("post.unknown", id=post_id)
    return found


def document_detail(document_id: int) -> DocumentDetail:
    document = Document.objects.select_related("source").filter(pk=document_id).first()
    if document is None:
        raise InvalidInput("document.unknown", id=document_id)
    versions = list(document.versions.order_by("-number")[:50])
    current = next((version for version in versions if version.language == document.language), versions[0])
    posts = list(_posts().filter(document=document).order_by("channel__network", "channel__name", "id"))
    told = Q(subject="document", subject_id=document_id) | Q(subject="post", subject_id__in=[item.pk for item in posts])
    events = list(Event.objects.filter(told).order_by("-id")[:200])
    waits = list(_waits().filter(document=document))
    return DocumentDetail(document, entry_from_json(current.entry), versions, posts, events, waits)


def documents_page(page: int = 1, size: int = 50, source_id: int | None = None) -> Page[Document]:
    """Everything that was read, newest first."""
    documents = Document.objects.select_related("source").order_by("-first_seen_at", "-id")
    if source_id is not None:
        # Two short walks by their indexes; one condition with "or" would walk all documents.
        first = Document.objects.filter(source_id=source_id).order_by().values("pk")
        shown = Sighting.objects.filter(source_id=source_id).order_by().values("document")
        documents = documents.filter(pk__in=first.union(shown))
    return paged(documents, page, size)


def counts() -> Counts:
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    states = [PostState.REVIEW, *ON_THE_WAY, *ATTENTION]
    found = dict(Post.objects.filter(state__in=states).values_list("state").annotate(Count("pk")).order_by())
    return Counts(
        review=found.get(PostState.REVIEW, 0),
        scheduled=found.get(PostState.SCHEDULED, 0),
        sending=found.get(PostState.SENDING, 0) + found.get(PostState.PROCESSING, 0),
        failed=found.get(PostState.FAILED, 0) + found.get(PostState.EXPIRED, 0),
        uncertain=found.get(PostState.UNCERTAIN, 0),
        published_today=Post.objects.filter(published_at__gte=day).count(),
    )


def sources_page(page: int = 1, size: int = 50) -> Page[Source]:
    week = timezone.now() - timedelta(days=7)
    recent = Count("documents", filter=Q(documents__first_seen_at__gte=week, documents__baseline=False))
    return paged(Source.objects.annotate(recent=recent).order_by("name", "id"), page, size)


def channels_page(page: int = 1, size: int = 50) -> Page[Channel]:
    published = Post.objects.filter(channel=OuterRef("pk"), published_at__isnull=False).order_by("-published_at")
    last = Subquery(published.values("published_at")[:1])
    return paged(Channel.objects.annotate(last_published_at=last).order_by("network", "name", "id"), page, size)


def rules() -> list[Rule]:
    return list(Rule.objects.prefetch_related("sources", "channels").order_by("position", "id"))


def users() -> list[User]:
    """Those who are here, or were and are not forgotten."""
    known = User.objects.exclude(email__endswith="@forgotten.invalid")
    people = list(known.prefetch_related("grants__channel").order_by("name", "id"))
    protected = set(Authenticator.objects.exclude(type="recovery_codes").values_list("user_id", flat=True))
    for user in people:
        user.has_factor = user.pk in protected  # one question for all of them
    return people


def waits_for_second() -> int:
    """How much waits for a second person: acts to be confirmed, emergencies to be looked at."""
    return proposals.waiting().count() + Emergency.objects.filter(reviewed_at=None).count()


def holds() -> list[Hold]:
    """The stops that stand at this moment."""
    return list(Hold.objects.standing().select_related("channel").order_by("-set_at"))


def events_page(
    page: int = 1,
    size: int = 50,
    subject: str = "",
    subject_id: int | None = None,
    *,
    by: Actor | None = None,
    channel_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[Event]:
    """The history, newest first: of a subject, of somebody, about a channel, from `since` until before `until`."""
    # By time where a time is asked for: either order is that of an index.
    events = Event.objects.order_by("-at", "-id") if since or until else Event.objects.order_by("-id")
    if by is not None:
        events = events.filter(by=by)
    if channel_id is not None:
        events = events.filter(channel_id=channel_id)
    if since is not None:
        events = events.filter(at__gte=since)
    if until is not None:
        events = events.filter(at__lt=until)
    if subject:
        events = events.filter(subject=subject)
    if subject_id is not None:
        events = events.filter(subject_id=subject_id)
    return paged(events, page, size)


def newest_change() -> str:
    """A short token that is another one whenever anything happened. One look at the end of an index."""
    return str(Event.objects.aggregate(Max("pk"))["pk__max"] or 0)


def _posts() -> "QuerySet[Post]":
    return Post.objects.select_related(
        "channel", "document__source", "revision", "revision__author", "rule", "assigned_to", "figures"
    )
