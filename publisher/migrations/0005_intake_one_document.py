"""Language versions become one document's, and each document is seen in the source that brought it."""

from typing import Any
from urllib.parse import urlsplit

from django.db import migrations

AT_ONCE = 500


def forwards(apps: Any, editor: Any) -> None:
    fill_languages(apps)
    fill_sources(apps)
    fill_sightings(apps)
    free_references(apps)


def fill_languages(apps: Any) -> None:
    """A version is in the language that its entry names."""
    Version = apps.get_model("publisher", "Version")
    changed = []
    for version in Version.objects.filter(language="").only("pk", "entry").iterator(AT_ONCE):
        version.language = str(version.entry.get("language") or "")[:12]
        if version.language:
            changed.append(version)
    for start in range(0, len(changed), AT_ONCE):
        Version.objects.bulk_update(changed[start : start + AT_ONCE], ["language"])


def fill_sources(apps: Any) -> None:
    """Fifteen minutes was everybody's interval and nobody's choice: from now on each source has its own rhythm."""
    Source = apps.get_model("publisher", "Source")
    Source.objects.filter(interval=900).update(interval=0)
    for source in Source.objects.filter(host=""):
        source.host = (urlsplit(source.url).hostname or "").lower()
        source.save(update_fields=["host"])


def fill_sightings(apps: Any) -> None:
    """Until now a version held what its source showed: that is what the source's next words are compared with."""
    from publisher.newsroom.documents.sifting import words_of
    from publisher.types import entry_from_json

    Document = apps.get_model("publisher", "Document")
    Sighting = apps.get_model("publisher", "Sighting")
    Version = apps.get_model("publisher", "Version")
    made = []
    for document in Document.objects.filter(source__isnull=False, sightings=None).iterator(AT_ONCE):
        last = Version.objects.filter(document=document).order_by("-number").first()
        if last is None:
            continue
        sighting = Sighting(
            document=document,
            source_id=document.source_id,
            language=last.language.lower().partition("-")[0],
            url=document.url,
            hash=words_of(entry_from_json(last.entry)),
            first_seen_at=document.first_seen_at,
        )
        made.append(sighting)
    Sighting.objects.bulk_create(made, batch_size=AT_ONCE, ignore_conflicts=True)


def free_references(apps: Any) -> None:
    """`ref:IP/26/1900:en` becomes `ref:IP/26/1900`, save where another document has that name: the older one keeps it."""
    Identity = apps.get_model("publisher", "Identity")
    taken = set(Identity.objects.filter(key__startswith="ref:").values_list("key", flat=True))
    for identity in list(Identity.objects.filter(key__startswith="ref:").order_by("document_id", "pk")):
        name, _, language = identity.key.rpartition(":")
        if name == "ref" or len(language) > 3 or (language and not language.isalpha()) or name in taken:
            continue
        taken.add(name)
        identity.key = name
        identity.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("publisher", "0004_correct_post_edits")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
