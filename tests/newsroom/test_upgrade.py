"""A newsroom from before: its documents keep their names, and nothing of them is drafted a second time."""

from importlib import import_module

from django.apps import apps
from django.db import connection
from django.utils import timezone

from publisher.models import Document, Identity, Sighting, Source, Version, guards
from publisher.types import entry_to_json
from tests.newsroom.conftest import bring, entry

upgrade = import_module("publisher.migrations.0005_intake_one_document")
rules = import_module("publisher.migrations.0020_rules_that_tell")


def old_document(source: Source, language: str, url: str) -> Document:
    """As intake stored it before: one document for each language, no sighting, the language in the key."""
    made = entry(1, reference="IP/26/1", language=language, url=url, guid=url)
    document = Document.objects.create(
        title=made.title, url=url, language=language, source=source, first_seen_at=timezone.now(), reference="IP/26/1"
    )
    Version.objects.create(
        document=document, number=1, hash=made.hash, entry=entry_to_json(made), fetched_at=timezone.now()
    )
    for key in (f"ref:IP/26/1:{language}", f"guid:{source.pk}:{url.removeprefix('https://')}"):
        Identity.objects.create(key=key, document=document)
    return document


def test_documents_of_before_are_known_and_sources_find_their_own_rhythm(source: Source) -> None:
    Source.objects.update(interval=900)
    english = old_document(source, "en", "https://press.example.org/en/1")
    french = old_document(source, "fr", "https://press.example.org/fr/1")
    guards.lower_all(connection)  # as they are while the tables are brought up to date
    upgrade.forwards(apps, None)
    upgrade.forwards(apps, None)
    guards.raise_all(connection)
    source.refresh_from_db()
    assert (source.interval, source.host) == (0, "127.0.0.1")
    assert list(Version.objects.order_by("pk").values_list("language", flat=True)) == ["en", "fr"]
    assert list(Sighting.objects.order_by("document").values_list("document", "language")) == [
        (english.pk, "en"),
        (french.pk, "fr"),
    ]
    names = dict(Identity.objects.filter(key__startswith="ref:").values_list("key", "document"))
    assert names == {"ref:IP/26/1": english.pk, "ref:IP/26/1:fr": french.pk}
    shown = [
        entry(1, reference="IP/26/1", language=tag, url=f"https://press.example.org/{tag}/1", guid=tag)
        for tag in ("en", "fr")
    ]
    assert (bring(source, *shown).new, Version.objects.count()) == ((), 2)


def test_titles_of_before_are_found_as_those_of_today(source: Source) -> None:
    bring(source, *(entry(number, title=f"The EU’s “Plan” – number {number}: {'x' * 200}") for number in range(3)))
    before = list(Document.objects.order_by("pk").values_list("plain_title", flat=True))
    Document.objects.update(plain_title="")
    rules.fill_plain_titles(apps, None)
    assert list(Document.objects.order_by("pk").values_list("plain_title", flat=True)) == before
