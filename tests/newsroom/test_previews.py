"""Which words of a document a post is held against, and what comes of it before it goes out."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publisher import config, messages
from publisher.enums import PostState, RuleMode, Severity
from publisher.models import Document, Post, Revision, Rule, Version, guards
from publisher.newsroom.drafts import drafting, previews
from publisher.newsroom.sending import delivery
from publisher.types import Entry, Media, Part, entry_to_json
from tests.factories import make_channel, make_document, make_post, make_rule

pytestmark = pytest.mark.django_db


def version(document: Document, number: int, body: str, language: str = "en") -> Version:
    entry = Entry(url=document.url, title=document.title, kind=document.kind, language=language, body=body)  # type: ignore[arg-type]  # the value of a kind
    first = document.versions.first()
    assert first is not None
    return Version.objects.create(
        document=document,
        number=number,
        language=language,
        hash=entry.hash,
        entry=entry_to_json(entry),
        fetched_at=first.fetched_at,
    )


def keys(post: Post) -> list[str]:
    return [issue.key for issue in previews.check(post)]


def test_post_is_held_against_the_version_it_was_written_from() -> None:
    document = make_document(body="We act now.")
    post = make_post(document, parts=(Part(text="“We act now.”"),))
    guards.lower_all(connection)  # the database would refuse it
    Revision.objects.filter(post=post).update(version=None)
    post = Post.objects.select_related("channel", "document", "revision").get(pk=post.pk)
    written_from = version(document, 2, "We act now.")
    version(document, 3, "We act later.")
    assert keys(post) == ["quote.not_in_source"]
    Revision.objects.filter(post=post).update(version=written_from)
    assert keys(Post.objects.select_related("channel", "document", "revision").get(pk=post.pk)) == []


def test_thread_that_became_one_post_says_so_until_somebody_makes_it_one() -> None:
    channel = make_channel("x")
    told = [{"field": "thread", "key": "compose.thread_as_one", "params": {}, "severity": "warning"}]
    post = make_post(make_document(), channel, parts=(Part(text="One"),))
    assert post.revision
    post.revision.issues = told
    assert keys(post) == ["compose.thread_as_one"]
    post = make_post(make_document(), channel, parts=(Part(text="One"), Part(text="Two")))
    assert post.revision
    post.revision.issues = told
    assert keys(post) == ["check.x_thread"]


def test_post_in_another_language_is_held_against_the_version_in_it() -> None:
    document = make_document(body="We act now.")
    post = make_post(document, parts=(Part(text="„Wir handeln jetzt.“"),))
    guards.lower_all(connection)  # the database would refuse it
    Revision.objects.filter(post=post).update(language="de", version=None)
    post = Post.objects.select_related("channel", "document", "revision").get(pk=post.pk)
    assert keys(post) == ["quote.not_in_source"]
    version(document, 2, "Wir handeln jetzt.", "de")
    version(document, 3, "Nous agissons.", "fr")
    assert keys(post) == []


def test_rule_that_publishes_by_itself_leaves_words_that_nobody_said_to_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "any").mkdir()
    (tmp_path / "any" / "statement.txt.j2").write_text("{{ title }}: “We will never do it”")
    monkeypatch.setenv("PUBLISHER_TEMPLATES_DIR", str(tmp_path))
    config.get.cache_clear()
    make_channel()
    Rule.objects.create(name="All", mode=RuleMode.AUTOMATIC)
    try:
        (post,) = drafting.draft(make_document(drafted_at=None).pk)
    finally:
        monkeypatch.delenv("PUBLISHER_TEMPLATES_DIR")
        config.get.cache_clear()
    assert post.state == PostState.REVIEW
    assert Post.objects.get().reason.startswith("These words stand in quotation marks")


def test_approved_words_are_held_against_the_document_once_more_before_they_are_sent() -> None:
    post = make_post(state=PostState.SCHEDULED, parts=(Part(text="“We will never do it”"),))
    assert post.revision is not None
    post.revision.approvals.create(hash=post.revision.hash, by="Bob")
    Post.objects.filter(pk=post.pk).update(due_at=post.created_at)
    delivery.deliver(post.pk)
    sent = Post.objects.get()
    assert sent.state == PostState.FAILED
    assert messages.sentence("quote.not_in_source", words="“We will never do it”") in sent.reason


def test_names_of_the_account_and_the_source_need_no_proof() -> None:
    make_rule()
    document = make_document()
    post = make_post(document, make_channel(name="Press Office Atlantis"), parts=(Part(text="From Press Atlantis."),))
    assert keys(post) == []


def test_a_full_page_is_checked_in_two_queries() -> None:
    body = "\n\n".join(f"We say “sentence number {number}” about Europe’s future – again." for number in range(200))
    posts = [make_post(make_document(body=body), parts=(Part(text="“sentence number 7”"),)) for _ in range(20)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = previews.sources(posts)
    assert len(asked) == 2
    assert set(found) == {post.pk for post in posts}


@pytest.mark.parametrize(("wanted", "severity"), [("required", Severity.ERROR), ("advised", Severity.WARNING)])
def test_missing_description_names_what_it_is_of_and_stands_against_a_post_only_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch, wanted: str, severity: Severity
) -> None:
    monkeypatch.setattr(config.get(), "alt_text", wanted)
    told = {}
    for kind in ("image/png", "video/mp4"):
        item = Media(sha256="a" * 64, type=kind, width=400, height=400, size=1000, seconds=10)
        found = previews.check(make_post(make_document(), make_channel("x"), parts=(Part(text="One", media=(item,)),)))
        told[kind] = [(issue.message, issue.severity) for issue in found if issue.field == "alt"]
    assert told == {
        "image/png": [("An image has no description for people who cannot see it.", severity)],
        "video/mp4": [("A video has no description for people who cannot see it.", severity)],
    }
