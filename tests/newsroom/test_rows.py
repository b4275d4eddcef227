"""Many rows at once, and writes that need not wait for the disk."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from publisher.models import Document, Identity
from publisher.newsroom import database, rows
from tests.factories import make_document, make_source

COLUMNS = ("key", "document_id", "seen_at")


def test_new_rows_get_their_keys_in_their_order(db: None) -> None:
    source = make_source()
    many = [Document(title=f"{n}", url="", source=source, first_seen_at=timezone.now()) for n in range(100)]
    rows.insert(many)
    assert [Document.objects.get(pk=each.pk).title for each in many] == [f"{n}" for n in range(100)]


def test_stored_row_is_saved_over_itself(db: None) -> None:
    document = Document(title="Before", url="", first_seen_at=timezone.now())
    rows.insert([document])
    document.title = "After"
    document.save()
    assert list(Document.objects.values_list("title", flat=True)) == ["After"]


def test_name_that_is_known_stays_with_its_document(db: None) -> None:
    first, second = make_document(title="First"), make_document(title="Second")
    for document in (first, second):
        rows.insert_values(Identity, COLUMNS, [("ref:X", document.pk, timezone.now())], ignore_conflicts=True)
    assert Identity.objects.get(key="ref:X").document_id == first.pk


def test_name_that_is_known_is_refused_where_it_must_be_new(db: None) -> None:
    document = make_document()
    rows.insert_values(Identity, COLUMNS, [("ref:X", document.pk, timezone.now())])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert_values(Identity, COLUMNS, [("ref:X", document.pk, timezone.now())])


def waits() -> str:
    """How the database writes to its disk, in its own words."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_only_what_is_made_again_need_not_wait_for_the_disk() -> None:
    before = waits()
    with database.made_again():
        within = waits()
    assert (within, waits()) == ("1" if connection.vendor == "sqlite" else "off", before)


@pytest.mark.django_db(transaction=True)
def test_failure_leaves_the_database_as_careful_as_before() -> None:
    before = waits()
    with pytest.raises(KeyError), database.made_again():
        raise KeyError
    assert waits() == before


def test_nothing_changes_within_a_transaction(db: None) -> None:
    before = waits()
    with database.made_again():
        assert waits() == before
