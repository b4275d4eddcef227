from datetime import datetime

from django.db import models

from publisher.enums import DocumentKind, Precision
from publisher.models.fields import Immutable, choice, known
from publisher.models.person import Person
from publisher.models.source import Source


class Document(models.Model):
    """A speech, statement, press release … as last seen. Changed by intake only.

    What lists show is kept here too, from the current version, so that a page of rows needs no join.
    """

    kind = choice(DocumentKind, DocumentKind.OTHER)
    title = models.TextField()
    plain_title = models.CharField(max_length=200, blank=True)
    """The beginning of the title as it is compared (`newsroom.documents.identity`)."""
    lead = models.TextField(blank=True)
    url = models.URLField(max_length=2000)
    reference = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    precision = choice(Precision, Precision.INSTANT)
    embargo_until = models.DateTimeField(null=True, blank=True)
    """As the institution says; `embargo` is what counts."""
    embargo_lifted = models.DateTimeField(null=True, blank=True)
    """The moment in `embargo_until` that two people have lifted; another moment is another embargo."""
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    """When the source last showed another text than before."""
    baseline = models.BooleanField(default=False)
    """Already there when the source was first seen: remembered, not posted."""
    drafted_at = models.DateTimeField(null=True, blank=True)
    """When the rules were last applied; null = still to do."""
    problem = models.TextField(blank=True)
    """A sentence when drafting went wrong."""
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="documents")
    """Where it was first seen; `sightings` has all sources that showed it."""
    speakers = models.ManyToManyField(Person, blank=True, related_name="documents")
    recheck_at = models.DateTimeField(null=True, blank=True)
    """When its own page is read again for corrections; null when it no longer is."""
    rechecks = models.PositiveSmallIntegerField(default=0)
    """How often that was done after publication."""
    page_etag = models.TextField(blank=True)
    page_last_modified = models.TextField(blank=True)
    """The validators of its page in its main language, verbatim."""
    vanished_at = models.DateTimeField(null=True, blank=True)
    """When the institution was found to have taken it down; null while it stands."""
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-first_seen_at", "-id"]
        constraints = [known("kind", DocumentKind, "document_kind_known")]
        indexes = [
            models.Index(fields=["-first_seen_at", "-id"], name="document_newest"),
            models.Index(fields=["source", "-first_seen_at", "-id"], name="document_newest_of_source"),
            models.Index(fields=["id"], condition=~models.Q(problem=""), name="document_troubled"),
            models.Index(fields=["plain_title", "first_seen_at"], name="document_same_title"),
            models.Index(
                fields=["first_seen_at"],
                condition=models.Q(drafted_at__isnull=True, baseline=False),
                name="document_undrafted",
            ),
            models.Index(
                fields=["recheck_at"], condition=models.Q(recheck_at__isnull=False), name="document_recheck_due"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def embargo(self) -> datetime | None:
        """Before this nothing goes out; None where there is no embargo, or two people have lifted it."""
        return None if self.embargo_until == self.embargo_lifted else self.embargo_until

    @property
    def own_tags(self) -> list[str]:
        """Its main language, in a list."""
        return [self.language]

    @property
    def current(self) -> "Version":
        """The newest version in the document's main language."""
        return self.versions.filter(language=self.language).order_by("-number").first() or self.versions.latest(
            "number"
        )

    def current_in(self, language: str) -> "Version | None":
        """The newest version in `language` (compared by its primary tag; blank is the main one)."""
        primary = language.lower().partition("-")[0]
        if not primary or primary == self.language.lower().partition("-")[0]:
            return self.current
        found = [version for version in self.versions.order_by("-number") if version.primary_language == primary]
        return found[0] if found else None


class Identity(models.Model):
    """One name a document is known by: a reference, a feed's guid, a canonical URL. Never two documents for one."""

    key = models.CharField(max_length=2100, unique=True)
    document = models.ForeignKey(Document, models.CASCADE, related_name="identities")
    seen_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class Version(Immutable):
    """A document in one language exactly as it stood at one moment. Never changes.

    Numbers count per document, over all its languages.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=12, blank=True)
    hash = models.CharField(max_length=64)
    entry = models.JSONField()
    """The `types.Entry` as `entry_to_json` writes it."""
    fetched_at = models.DateTimeField()
    fetched_from = models.URLField(max_length=2000, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"

    @property
    def primary_language(self) -> str:
        return self.language.lower().partition("-")[0]


class Sighting(models.Model):
    """A document as one source shows it: which source, under which address, with which text."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="sightings")
    source = models.ForeignKey(Source, models.CASCADE, related_name="sightings")
    language = models.CharField(max_length=12, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    hash = models.CharField(max_length=64)
    """Of the entry as this source showed it last: only against its own earlier words is a source's text a change."""
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["first_seen_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "source", "language"], name="sighting_once_per_source"),
        ]
        indexes = [models.Index(fields=["source", "-first_seen_at"], name="sighting_newest_of_source")]

    def __str__(self) -> str:
        return f"{self.document_id} in {self.source_id}"
