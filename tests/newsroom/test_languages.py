"""Channels that wait for a document in their language: for a set time, then a person says what is to be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.enums import LanguageOutcome, PostState, Role
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Channel, Document, Event, LanguageWait, Rule, User, Version
from publisher.newsroom import queries
from publisher.newsroom.drafts import drafting, languages
from publisher.types import Entry, entry_to_json
from tests.factories import make_channel, make_document, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture
def german() -> Channel:
    Rule.objects.create(name="All")
    return make_channel("telegram", language="de", language_hours=4)


@pytest.fixture
def english(german: Channel) -> Document:
    """An English document that has just been drafted; the German channel waits."""
    document = make_document(tagged=True, drafted_at=None)
    drafting.draft(document.pk)
    return document


def over(wait: LanguageWait) -> None:
    LanguageWait.objects.filter(pk=wait.pk).update(until=timezone.now() - timedelta(minutes=1))


def translate(document: Document) -> None:
    entry = Entry(url=f"{document.url}/de", title="Eine Erklärung", lead="Auf Deutsch.", language="de")
    told = entry_to_json(entry)
    Version.objects.create(
        document=document, number=2, language="de", hash=told["hash"], entry=told, fetched_at=timezone.now()
    )


def test_channel_waits_for_its_language_and_then_asks_in_the_queue(english: Document, german: Channel) -> None:
    wait = LanguageWait.objects.get()
    assert (wait.channel, wait.asks, german.posts.count()) == (german, False, 0)
    assert timedelta(hours=3.9) < wait.until - timezone.now() <= timedelta(hours=4)
    assert (queries.queue_page().items, queries.document_detail(english.pk).waits) == ([], [wait])
    over(wait)
    (item,) = queries.queue_page().items
    assert [one.asks for one in item.document.waits] == [True]  # type: ignore[attr-defined]  # prefetched


def test_language_that_comes_is_drafted_and_ends_the_wait(english: Document, german: Channel) -> None:
    translate(english)
    (post,) = drafting.draft_language(english.pk, "de")
    assert (post.channel, post.revision and post.revision.language) == (german, "de")
    assert LanguageWait.objects.get().outcome == LanguageOutcome.CAME


def test_person_takes_another_language(english: Document, german: Channel, editor: User) -> None:
    over(LanguageWait.objects.get())
    post = drafting.draft_in_language(english.pk, german.pk, editor, "en")
    assert (post.state, post.revision and post.revision.language) == (PostState.REVIEW, "en")
    wait = LanguageWait.objects.get()
    assert (wait.outcome, wait.by) == (LanguageOutcome.USED, editor.email)
    event = Event.objects.get(subject="document", verb="use language")
    assert event.data == {"channel": german.name, "language": "en"}
    with pytest.raises(StaleState):
        languages.skip(english.pk, german.pk, editor)


def test_person_leaves_it_out_and_it_asks_no_more(english: Document, german: Channel, editor: User) -> None:
    over(LanguageWait.objects.get())
    languages.skip(english.pk, german.pk, editor)
    assert (queries.queue_page().items, german.posts.count()) == ([], 0)
    assert LanguageWait.objects.get().outcome == LanguageOutcome.SKIPPED


def test_language_that_the_document_does_not_have_and_a_viewer_are_refused(english: Document, german: Channel) -> None:
    with pytest.raises(InvalidInput):
        drafting.draft_in_language(english.pk, german.pk, make_user(Role.EDITOR), "fr")
    with pytest.raises(NotAllowed):
        drafting.draft_in_language(english.pk, german.pk, make_user(Role.VIEWER), "en")
    assert LanguageWait.objects.get().outcome == ""


def test_channel_without_a_time_of_waiting_and_one_that_no_rule_serves_wait_in_silence(german: Channel) -> None:
    Channel.objects.update(language_hours=0)
    make_channel("x", language="fr", language_hours=4)
    Rule.objects.update(languages=["de"])
    drafting.draft(make_document(tagged=True, drafted_at=None).pk)
    assert not LanguageWait.objects.exists()
