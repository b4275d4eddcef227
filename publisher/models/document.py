from django.db import models

from publisher.enums import DocumentKind, Precision
from publisher.models.fields import Immutable, choice, known
from publisher.models.source import Source


class Document(models.Model):
    """A speech, statement, press release … as last seen. Changed by intake only.

    What lists show is kept here too, from the current version, so that a page of rows needs no join.
    """

    kind = choice(DocumentKind, DocumentKind.OTHER)
    title = models.TextField()
    lead = models.TextField(blank=True)
    url = models.URLField(max_length=2000)
    reference = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    precision = choice(Precision, Precision.INSTANT)
    embargo_until = models.DateTimeField(null=True, blank=True)
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
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-first_seen_at", "-id"]
        constraints = [known("kind", DocumentKind, "document_kind_known")]
        indexes = [
            models.Index(fields=["-first_seen_at", "-id"], name="document_newest"),
            models.Index(fields=["source", "-first_seen_at", "-id"], name="document_newest_of_source"),
            models.Index(fields=["id"], condition=~models.Q(problem=""), name="document_troubled"),
            models.Index(
                fields=["first_seen_at"],
                condition=models.Q(drafted_at__isnull=True, baseline=False),
                name="document_undrafted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def current(self) -> "Version":
        return self.versions.latest("number")


class Identity(models.Model):
    """One name a document is known by: a reference, a feed's guid, a canonical URL. Never two documents for one."""

    key = models.CharField(max_length=2100, unique=True)
    document = models.ForeignKey(Document, models.CASCADE, related_name="identities")
    seen_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class Version(Immutable):
    """A document exactly as it stood at one moment. Never changes."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
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
