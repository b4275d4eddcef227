"""A newsroom from before: its documents keep their names, and nothing of them is drafted a second time."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from publisher.models import Asset, AssetUse, Document, Identity, Sighting, Source, Version, guards
from publisher.types import Card, Media, Part, entry_to_json
from tests.factories import make_post
from tests.newsroom.conftest import bring, entry

upgrade = import_module("publisher.migrations.0005_intake_one_document")
rules = import_module("publisher.migrations.0020_rules_that_tell")
library = import_module("publisher.migrations.0025_media_library")


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


@pytest.mark.django_db
def test_pictures_of_before_stand_in_the_library_with_the_posts_that_hold_them() -> None:
    flag = Media(sha256="a" * 64, alt="A flag in the wind", url="https://press.example.org/flag.jpg", type="image/jpeg")
    card = Card(url="https://press.example.org/1", image=replace(flag, sha256="b" * 64, alt=""))
    posts = [make_post(parts=(Part(text="One"), Part(text="Two", media=(flag,), card=card))), make_post()]
    posts.append(make_post(parts=(Part(text="Hello", media=(flag, Media(alt="Not here"))),)))
    before = library_rows()
    AssetUse.objects.all().delete()
    Asset.objects.all().delete()
    library.bring_in(apps, None)
    assert library_rows() == before
    assert before == [
        ("a" * 64, "flag.jpg", {"en": "A flag in the wind"}, [posts[0].pk, posts[2].pk]),
        ("b" * 64, "flag.jpg", {}, [posts[0].pk]),
    ]


def library_rows() -> list[tuple[str, str, dict[str, str], list[int]]]:
    return [
        (asset.sha256, asset.name, asset.alts, sorted(asset.uses.values_list("post", flat=True)))
        for asset in Asset.objects.order_by("sha256")
    ]
