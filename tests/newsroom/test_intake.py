"""Intake: never two documents for one text, never one lost, nothing posted on first sight."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from publisher.enums import PostState
from publisher.models import Document, Source, Version
from publisher.newsroom.approval import review
from publisher.newsroom.documents.identity import names_of
from publisher.newsroom.documents.sifting import Known, judge, oldest_first, words_of
from publisher.types import Entry
from tests.newsroom.conftest import bring, documents, entry

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_first_sight_remembers_everything_and_drafts_nothing(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(baseline_at=None)
    stored = bring(source, *[entry(number) for number in range(500, 0, -1)])
    assert (len(stored.new), stored.to_draft) == (500, ())
    assert Document.objects.filter(baseline=True).count() == 500


def test_first_sight_queues_the_newest_when_asked(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(baseline_at=None, queue_newest=2)
    stored = bring(source, entry(3), entry(2), entry(1))
    queued = Document.objects.filter(pk__in=stored.to_draft).order_by("pk")
    assert [document.title[-1] for document in queued] == ["2", "3"]


def test_entries_without_dates_come_oldest_first_by_the_order_of_the_feed(source: Source) -> None:
    bring(source, entry(3), entry(2), entry(1))
    assert [title[-1] for title in documents()] == ["1", "2", "3"]


def test_entry_seen_again_is_not_new(source: Source) -> None:
    bring(source, entry(1))
    stored = bring(source, entry(1))
    assert (stored.new, stored.changed) == ((), ())


def test_edited_entry_is_a_new_version_of_the_same_document(source: Source) -> None:
    bring(source, entry(1))
    stored = bring(source, entry(1, title="Commission adopts measure number one"))
    assert (stored.new, len(stored.changed)) == ((), 1)
    assert documents() == ["Commission adopts measure number one"]
    assert Version.objects.count() == 2


def test_entry_with_another_date_only_is_no_new_version(source: Source) -> None:
    bring(source, entry(1, published_at=NOW))
    stored = bring(source, entry(1, published_at=NOW + timedelta(days=1)))
    assert (stored.new, stored.changed) == ((), ())


def test_changed_guid_with_known_reference_is_the_same_document(source: Source) -> None:
    bring(source, entry(1, reference="IP/26/1", guid="a", url="https://press.example.org/a"))
    stored = bring(source, entry(1, reference="IP/26/1", guid="b", url="https://press.example.org/b"))
    assert stored.new == ()
    assert Document.objects.count() == 1


def test_changed_guid_with_known_url_is_the_same_document(source: Source) -> None:
    bring(source, entry(1, guid="a"))
    bring(source, entry(1, guid="b"))
    assert Document.objects.count() == 1


def test_http_and_https_are_one_address(source: Source) -> None:
    bring(source, entry(1, guid="", url="http://press.example.org/1"))
    bring(source, entry(1, guid="", url="https://press.example.org/1/"))
    assert Document.objects.count() == 1


def test_entries_that_share_one_link_are_told_apart_by_guid(source: Source) -> None:
    front = "https://press.example.org/"
    stored = bring(source, entry(2, guid="b", url=front), entry(1, guid="a", url=front))
    assert len(stored.new) == 2


def test_same_document_from_another_feed_is_one_document(source: Source) -> None:
    other = Source.objects.create(name="DG", url="http://127.0.0.1:9/dg.xml", baseline_at=timezone.now())
    bring(source, entry(1, reference="IP/26/1"))
    stored = bring(other, entry(1, reference="IP/26/1", guid="dg-1", url="https://dg.example.org/1"))
    assert stored.new == ()


def test_other_words_in_another_feed_are_no_change(source: Source) -> None:
    other = Source.objects.create(name="DG", url="http://127.0.0.1:9/dg.xml", baseline_at=timezone.now())
    bring(source, entry(1, reference="IP/26/1"))
    stored = bring(other, entry(1, reference="IP/26/1", lead="The same, said otherwise."))
    assert (stored.new, stored.changed, Version.objects.count()) == ((), (), 1)


def test_another_language_is_a_version_of_the_same_document(source: Source) -> None:
    french = Source.objects.create(
        name="FR", url="http://127.0.0.1:9/fr.xml", baseline_at=timezone.now(), language="fr"
    )
    bring(source, entry(1, reference="IP/26/1"))
    stored = bring(
        french, entry(1, reference="IP/26/1", language="", guid="fr-1", url="https://press.example.org/fr/1")
    )
    assert (stored.new, stored.changed) == ((), ())
    assert list(Version.objects.order_by("pk").values_list("document", "number", "language")) == [
        (Document.objects.get().pk, 1, "en"),
        (Document.objects.get().pk, 2, "fr"),
    ]


def test_changed_source_brings_an_approved_post_back_to_review(waiting, approver, source: Source) -> None:  # type: ignore[no-untyped-def]
    post = waiting()
    review.approve(post.pk, approver, revision_id=post.revision_id, at=timezone.now() + timedelta(hours=2))
    bring(source, entry(1, title="Commission withdraws measure number 1"))
    post.refresh_from_db()
    assert (post.state, post.reason) == (
        PostState.REVIEW,
        "The source changed its text; this draft was written anew from it.",
    )


def test_changed_source_writes_an_untouched_draft_anew(waiting, source: Source) -> None:  # type: ignore[no-untyped-def]
    post = waiting()
    bring(source, entry(1, title="Commission adopts measure number one, corrected"))
    post.refresh_from_db()
    assert "number one, corrected" in post.revision.parts[0]["text"]
    assert post.state == PostState.REVIEW


def test_changed_source_leaves_a_draft_that_a_person_edited(waiting, approver, source: Source) -> None:  # type: ignore[no-untyped-def]
    post = waiting()
    (part,) = post.revision.content
    edited = review.edit(post.pk, approver, revision_id=post.revision_id, parts=[type(part)(text="By hand.")])
    bring(source, entry(1, title="Another title"))
    edited.refresh_from_db()
    assert edited.revision.parts[0]["text"] == "By hand."


urls = st.sampled_from([f"https://press.example.org/{name}" for name in "abc"])
guids = st.sampled_from(["", "g1", "g2", "g3"])
dates = st.none() | st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)).map(  # noqa: DTZ001  # a zone follows
    lambda moment: moment.replace(tzinfo=UTC)
)
entries = st.lists(
    st.builds(lambda url, guid, when: Entry(url=url, guid=guid, title="T", published_at=when), urls, guids, dates),
    max_size=8,
)


@given(entries)
def test_order_neither_loses_nor_adds_an_entry(found: list[Entry]) -> None:
    assert sorted(map(repr, oldest_first(found, NOW))) == sorted(map(repr, found))


@given(entries)
def test_what_is_known_is_never_new(found: list[Entry]) -> None:
    known = {
        key: Known(index, frozenset({""}), {"": (words_of(each), each.url)})
        for index, each in reversed(list(enumerate(found)))
        for key in names_of(each, 1).own
    }
    assert [
        judge(each, names_of(each, 1), known)[0] for each in found if judge(each, names_of(each, 1), known)[1] is None
    ] == []
