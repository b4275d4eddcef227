"""A small press office: people, a source, accounts on the sandbox network over real HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from publisher.enums import Role, RuleMode, SourceKind
from publisher.models import Channel, Document, Post, Rule, SandboxAccount, Source, User
from publisher.newsroom import channels
from publisher.newsroom.documents import changes, intake
from publisher.newsroom.documents.sifting import Verdict, sift
from publisher.newsroom.drafts import drafting
from publisher.types import Entry


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_user("alice@example.org", "correct horse battery", name="Alice", role=Role.ADMINISTRATOR)


@pytest.fixture
def approver(db: None) -> User:
    return User.objects.create_user("bob@example.org", "correct horse battery", name="Bob", role=Role.APPROVER)


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_user("emma@example.org", "correct horse battery", name="Emma", role=Role.EDITOR)


@pytest.fixture
def viewer(db: None) -> User:
    return User.objects.create_user("charlie@example.org", "correct horse battery", name="Charlie", role=Role.VIEWER)


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(name="Press Corner", url="http://127.0.0.1:9/feed.xml", baseline_at=timezone.now())


@pytest.fixture
def review_all(db: None) -> Rule:
    return Rule.objects.create(name="Everything waits for review", mode=RuleMode.REVIEW)


@pytest.fixture
def account(db: None) -> SandboxAccount:
    """An account on the sandbox network; `account.token` is its token."""
    made, token = SandboxAccount.objects.open("commission", "The Commission")
    made.token = token  # type: ignore[attr-defined]  # for `channel`
    return made


@pytest.fixture
def channel(transactional_db: None, live_server: Any, account: SandboxAccount, administrator: User) -> Channel:
    """Connected to the sandbox network as it runs in the live server."""
    credentials = {"base_url": live_server.url, "account": account.handle, "token": account.token}  # type: ignore[attr-defined]
    made = channels.add(administrator, network="sandbox", credentials=credentials)
    Channel.objects.filter(pk=made.pk).update(four_eyes=False)  # the tests of approval switch it on
    made.refresh_from_db()
    return made


def entry(number: int = 1, **fields: Any) -> Entry:
    given: dict[str, Any] = {
        "url": f"https://press.example.org/detail/ip_26_{number}",
        "guid": f"https://press.example.org/detail/ip_26_{number}",
        "title": f"Commission adopts measure number {number}",
        "lead": f"The Commission has today adopted measure number {number}.",
        "kind": "press_release",
        "language": "en",
    }
    return Entry(**{**given, **fields})


@dataclass(frozen=True)
class Stored:
    """Ids of documents."""

    new: tuple[int, ...]
    changed: tuple[int, ...]
    to_draft: tuple[int, ...]


def bring(source: Source, *entries: Entry, at: datetime | None = None) -> Stored:
    """What a poll of `source` that showed these entries, in the order of the feed, stores: no pages, no drafts yet."""
    now = at or timezone.now()
    source = Source.objects.get(pk=source.pk)
    found = sift(source, entries, now)
    new: list[int] = []
    if source.baseline_at is None:
        with intake.alone(source):
            new, found = intake.first_sight(source, found, fetched_at=now, fetched_from=source.url)
        source.baseline_at = now
    if source.kind == SourceKind.CALENDAR:
        new += intake.remember(source, found, fetched_at=now, fetched_from=source.url)
        found = []
    to_draft, changed = [], []
    for each in found:
        shown = intake.as_shown(source, each.entry, fetched_at=now, fetched_from=source.url)
        kept = intake.keep(source, each, shown, _follow)
        if kept and kept.verdict is Verdict.NEW:
            to_draft.append(kept.document.pk)
        elif kept and kept.before:
            changed.append(kept.document.pk)
    return Stored((*new, *to_draft), tuple(changed), tuple(to_draft))


def _follow(kept: intake.Kept) -> None:
    if kept.before and kept.after:
        changes.on_change(kept.document, kept.before, kept.after)


@pytest.fixture
def waiting(source: Source, channel: Channel, review_all: Rule) -> Callable[..., Post]:
    """A document's post that waits for review."""

    def make(number: int = 1, **fields: Any) -> Post:
        (document_id,) = bring(source, entry(number, **fields)).new
        (post,) = drafting.draft(document_id)
        return Post.objects.select_related("channel", "revision", "document").get(pk=post.pk)

    return make


def documents() -> list[str]:
    return list(Document.objects.order_by("first_seen_at", "pk").values_list("title", flat=True))
