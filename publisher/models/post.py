from django.conf import settings
from django.db import models
from django.db.models import F, Q

from publisher.enums import Origin, Outcome, Pace, PostState
from publisher.models.channel import Channel
from publisher.models.document import Document, Version
from publisher.models.fields import Immutable, choice, known
from publisher.models.rule import Rule
from publisher.types import Part, part_from_json


class Post(models.Model):
    """What one channel is to say about one document. Its state changes only through `newsroom.workflow.move`."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="posts")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="posts")
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="posts")
    origin = choice(Origin, Origin.RULE)
    state = choice(PostState, PostState.DRAFT)
    revision = models.ForeignKey("Revision", models.RESTRICT, null=True, related_name="+")
    """The current one."""
    approved_revision = models.ForeignKey("Revision", models.RESTRICT, null=True, blank=True, related_name="+")
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replies")
    """The published post that this one answers: a correction."""
    edits = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="edited_by")
    """The published post whose words this one replaces on the network: a correction in place."""
    round = models.PositiveIntegerField(default=0)
    """Counts how often it came (back) to review: an approval of an earlier round counts no more."""
    due_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    """Set by a network that asked us to wait, or by the channel's pace; the due time itself stays what a person
    chose."""
    pace = choice(Pace, blank=True)
    """Blank while the channel's pace decides."""
    counts_down = models.BooleanField(default=False)
    """A rule alone has scheduled it, and it stands in the queue until then, so that a person can hold it."""
    published_at = models.DateTimeField(null=True, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    """Where followers see it (the first part)."""
    claimed_by = models.CharField(max_length=64, blank=True)
    """The worker that is sending it."""
    claimed_until = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, db_index=False, related_name="assigned"
    )
    """Who sees to it."""
    changes_asked = models.ForeignKey(
        "Revision", models.RESTRICT, null=True, blank=True, db_index=False, related_name="+"
    )
    """The words that somebody wants changed (`newsroom.approval.comments`): while they are the current ones, the post
    cannot be approved."""
    comment_count = models.PositiveIntegerField(default=0)
    """Comments that stand."""
    tries = models.PositiveIntegerField(default=0)
    """Attempts on the current revision that the network put off; back to 0 with each approval."""
    reason = models.TextField(blank=True)
    """The sentence a person reads: why rejected, failed, uncertain, put off."""
    diagnostic = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            known("state", PostState, "post_state_known"),
            known("pace", Pace, "post_pace_known", blank=True),
            models.CheckConstraint(
                condition=Q(state__in=[PostState.PUBLISHED, PostState.WITHDRAWN], published_at__isnull=False)
                | (~Q(state__in=[PostState.PUBLISHED, PostState.WITHDRAWN]) & Q(published_at__isnull=True)),
                name="post_published_at_when_published",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[PostState.SCHEDULED, PostState.SENDING, PostState.PROCESSING, PostState.UNCERTAIN]
                )
                | (Q(approved_revision__isnull=False) & Q(approved_revision=F("revision"))),
                name="post_goes_out_as_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=PostState.SCHEDULED) | Q(due_at__isnull=False), name="post_scheduled_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=PostState.SENDING) | (~Q(claimed_by="") & Q(claimed_until__isnull=False)),
                name="post_sending_has_worker",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[PostState.SCHEDULED, PostState.SENDING, PostState.PROCESSING, PostState.UNCERTAIN]
                )
                | Q(changes_asked__isnull=True)
                | ~Q(changes_asked=F("revision")),
                name="post_goes_out_without_changes_asked",
            ),
            models.UniqueConstraint(
                fields=["document", "channel"], condition=Q(origin=Origin.RULE), name="post_once_by_rule"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=PostState.SCHEDULED), name="post_due"),
            models.Index(
                fields=["claimed_until"],
                condition=Q(state__in=[PostState.SENDING, PostState.PROCESSING, PostState.UNCERTAIN]),
                name="post_in_flight",
            ),
            models.Index(fields=["assigned_to"], condition=Q(state=PostState.REVIEW), name="post_assigned"),
            models.Index(fields=["document"], condition=Q(counts_down=True), name="post_counting_down"),
            models.Index(
                fields=["rule", "due_at"],
                condition=Q(rule__isnull=False, due_at__isnull=False),
                name="post_due_by_rule",
            ),
            models.Index(fields=["state", "-changed_at", "-id"], name="post_by_state"),
            models.Index(fields=["-changed_at", "-id"], name="post_newest_change"),
            models.Index(
                fields=["channel", "-published_at"],
                condition=Q(published_at__isnull=False),
                name="post_published_on_channel",
            ),
            models.Index(fields=["-published_at"], condition=Q(published_at__isnull=False), name="post_published"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} on {self.document}"

    @property
    def current_attempts(self) -> "models.QuerySet[Attempt]":
        """The attempts to send the current revision."""
        return self.attempts.filter(revision=F("post__revision"))


class Revision(Immutable):
    """The parts, pictures and descriptions of a post at one moment, and who wrote them. Never changes."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    parts = models.JSONField()
    """A list of `types.Part` as `to_json` writes them."""
    language = models.CharField(max_length=12, blank=True)
    template = models.CharField(max_length=200, blank=True)
    template_hash = models.CharField(max_length=64, blank=True)
    """SHA-256 of that file as it stood then; blank when a person wrote it."""
    issues = models.JSONField(default=list)
    """What drafting had to say: a list of `types.Issue`. Checks are made anew each time."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    """Null when a template wrote it."""
    version = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    """The words of the source that it was written from and is checked against; null for what was written before
    versions were kept here."""
    hash = models.CharField(max_length=64)
    """SHA-256 over parts, language and channel: what an approval is for."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.post_id} r{self.number}"

    @property
    def content(self) -> tuple[Part, ...]:
        return tuple(part_from_json(part) for part in self.parts)


class Approval(Immutable):
    """One person, or a rule, said yes to one revision: to this hash and no other."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="approvals")
    hash = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=200)
    """The name as it was: a person's, or "rule: …"."""
    round = models.PositiveIntegerField(default=0)
    """Of the post, when it was given."""
    not_before = models.DateTimeField(null=True, blank=True)
    """The earliest moment that was agreed to."""
    signature = models.CharField(max_length=64, blank=True)
    """SHA-256 over all that was agreed to (`newsroom.approval.signing`); blank on approvals from before it was kept."""
    alone = models.BooleanField(default=False)
    """In an emergency, one person was enough."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by}: {self.revision_id}"


class Attempt(models.Model):
    """One try to send one part. Opened before the call, closed once.

    `key` and `stamp` are the same for every try to send one revision's part: a network that can tell repeats apart
    sees the same request again.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="attempts")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="attempts")
    part = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    stamp = models.DateTimeField()
    worker = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    cost = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    """US dollars that the network bills for it by its price list, if it went out (estimated)."""
    outcome = choice(Outcome, blank=True)
    receipt = models.JSONField(default=dict)
    """A `types.Receipt`; while the network works on it what it promised (`types.Pending`), sealed."""
    reason = models.TextField(blank=True)
    diagnostic = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            known("outcome", Outcome, "attempt_outcome_known", blank=True),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="attempt_closed_with_outcome",
            ),
            models.UniqueConstraint(
                fields=["revision", "part"], condition=Q(outcome=Outcome.PUBLISHED), name="attempt_part_out_once"
            ),
            models.UniqueConstraint(
                fields=["revision", "part"], condition=Q(ended_at__isnull=True), name="attempt_open_once"
            ),
        ]
        indexes = [models.Index(fields=["started_at"], name="attempt_begun")]

    def __str__(self) -> str:
        return f"{self.key} {self.outcome or 'open'}"
