"""Rows for tests, made plainly: each function makes one thing, and says what it assumed in its defaults."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from publisher.enums import ChannelHealth, Outcome, PostState, Role, SourceStatus
from publisher.models import Attempt, Channel, Document, Post, Rule, Source, User, Version
from publisher.newsroom.drafts.drafting import add_revision
from publisher.newsroom.sealing import seal
from publisher.types import Entry, Identity, Part, entry_to_json, to_json

PASSWORD = "correct horse battery"

_numbers = count(1)

APPROVED = {PostState.SCHEDULED, PostState.SENDING, PostState.PROCESSING, PostState.UNCERTAIN, PostState.PUBLISHED}
APPROVED |= {PostState.FAILED, PostState.WITHDRAWN, PostState.EXPIRED}


def make_user(role: str = Role.EDITOR, **fields: Any) -> User:
    number = next(_numbers)
    given = {"email": f"{role}{number}@example.org", "name": f"{role.capitalize()} {number}", "password": PASSWORD}
    return User.objects.create_user(role=role, **{**given, **fields})


def make_source(**fields: Any) -> Source:
    number = next(_numbers)
    now = timezone.now()
    given = {
        "name": f"Source {number}",
        "url": f"https://press.example.org/feed/{number}.xml",
        "status": SourceStatus.OK,
        "baseline_at": now,
        "last_checked_at": now,
        "next_check_at": now + timedelta(minutes=15),
    }
    return Source.objects.create(**{**given, **fields})


def make_document(
    source: Source | None = None,
    *,
    body: str = "The whole text.",
    told: Mapping[str, Any] = MappingProxyType({}),
    tagged: bool = False,
    **fields: Any,
) -> Document:
    """A drafted document with its first version; `told` is what its entry tells besides. `tagged`: its version says
    which language it is in, so that it is not for channels of another."""
    number = next(_numbers)
    now = timezone.now()
    given: dict[str, Any] = {
        "kind": "statement",
        "title": f"Statement number {number}",
        "lead": "What it says, in one sentence.",
        "url": f"https://press.example.org/detail/{number}",
        "language": "en",
        "published_at": now,
        "first_seen_at": now,
        "drafted_at": now,
        "source": source,
    }
    given |= fields
    document = Document.objects.create(**given)
    entry = Entry(
        url=document.url, title=document.title, kind=document.kind, lead=document.lead, language="en", body=body
    )
    entry = replace(entry, **told)
    language = entry.language if tagged else ""
    row = {"number": 1, "language": language, "hash": entry.hash, "entry": entry_to_json(entry), "fetched_at": now}
    Version.objects.create(document=document, **row)
    return document


def make_channel(network: str = "sandbox", **fields: Any) -> Channel:
    number = next(_numbers)
    handle = f"office-{number}"
    given = {
        "network": network,
        "name": f"Press Office {number}",
        "credentials": seal({"token": "secret-token"}),
        "account": to_json(Identity(id=str(number), handle=handle, name=f"Press Office {number}")),
        "health": ChannelHealth.OK,
        "four_eyes": False,  # the tests of approval switch it on
    }
    return Channel.objects.create(**{**given, **fields})


def make_post(
    document: Document | None = None,
    channel: Channel | None = None,
    *,
    state: str = PostState.REVIEW,
    parts: tuple[Part, ...] = (Part(text="A statement. https://press.example.org/detail/1"),),
    **fields: Any,
) -> Post:
    """A post with one revision, in any state; what the database asks of that state is filled in."""
    post = Post.objects.create(document=document or make_document(), channel=channel or make_channel())
    revision = add_revision(post, parts, language="en", author=None)
    given: dict[str, Any] = {"state": state, "revision": revision}
    now = timezone.now()
    if state in APPROVED:
        given |= {"approved_revision": revision, "due_at": now + timedelta(hours=1)}
    if state == PostState.SENDING:
        given |= {"claimed_by": "worker", "claimed_until": now + timedelta(minutes=5)}
    if state in {PostState.PUBLISHED, PostState.WITHDRAWN}:
        given |= {"published_at": now, "url": f"https://social.example.org/{post.pk}"}
    Post.objects.filter(pk=post.pk).update(**{**given, **fields})
    return Post.objects.select_related("document", "channel", "revision").get(pk=post.pk)


def make_attempt(post: Post, outcome: str = Outcome.UNCERTAIN, **fields: Any) -> Attempt:
    now = timezone.now()
    given: dict[str, Any] = {
        "post": post,
        "revision": post.revision,
        "part": 0,
        "key": f"key-{post.pk}",
        "stamp": now,
        "worker": "worker",
        "started_at": now,
        "ended_at": now,
        "outcome": outcome,
    }
    return Attempt.objects.create(**{**given, **fields})


def make_rule(**fields: Any) -> Rule:
    return Rule.objects.create(**{"name": f"Rule {next(_numbers)}", **fields})
