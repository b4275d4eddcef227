from django.conf import settings
from django.db import models
from django.db.models import Q

from publisher.enums import NoticeKind
from publisher.models.fields import choice, known


class Notice(models.Model):
    """Something that people are told of: written with its cause, in one transaction. One stands open per cause."""

    cause = models.CharField(max_length=200)
    """What it comes from, like "post:12:failed"."""
    kind = choice(NoticeKind)
    key = models.CharField(max_length=80)
    """The sentence in `messages.CATALOGUE`, with `params` in its gaps."""
    params = models.JSONField(default=dict)
    subject = models.CharField(max_length=300)
    """What it is about: a document, a source, a channel."""
    about = models.CharField(max_length=80, blank=True)
    """Notices of the same `about` that wait at the same time go out in one message."""
    link = models.CharField(max_length=200, blank=True)
    """The page of the desk for the next step, without the host."""
    people = models.JSONField(default=list)
    """Numbers of the people whom alone it concerns; empty: everybody who wants this kind."""
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """Not told before: what settles itself by then is told to nobody."""
    spread_at = models.DateTimeField(null=True, blank=True)
    """When it was decided who is told: then there is a Telling for each."""
    over_at = models.DateTimeField(null=True, blank=True)
    """When its cause was gone."""

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            known("kind", NoticeKind, "notice_kind_known"),
            models.UniqueConstraint(fields=["cause"], condition=Q(over_at__isnull=True), name="notice_once_per_cause"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(spread_at__isnull=True), name="notice_to_spread"),
            models.Index(fields=["-raised_at", "-id"], name="notice_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class NoticeAddress(models.Model):
    """A place that the whole newsroom is told at: a chat by its Apprise address, or an e-mail address."""

    name = models.CharField(max_length=200, unique=True)
    sealed = models.TextField()
    """Sealed (Fernet): such an address mostly holds a token. Nobody sees it again."""
    service = models.CharField(max_length=80)
    """What kind of place it is, like Slack."""
    kinds = models.JSONField(default=list)
    """The kinds of notice that go there; empty: all."""
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class NoticeWish(models.Model):
    """What one person wants e-mail about, where it differs from what their role gets."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_wish")
    kinds = models.JSONField(default=dict)
    """Kind to whether they want it."""

    def __str__(self) -> str:
        return str(self.user)


class Telling(models.Model):
    """One notice to one person or place: claimed before it is sent, closed when the other side has taken it."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="tellings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="tellings")
    address = models.ForeignKey(NoticeAddress, models.CASCADE, null=True, related_name="tellings")
    next_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    """The sentence a person reads: why it has not been taken yet."""
    diagnostic = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(address__isnull=True), name="telling_has_one_end"
            ),
            models.UniqueConstraint(
                fields=["notice", "user"], condition=Q(user__isnull=False), name="telling_once_to_a_person"
            ),
            models.UniqueConstraint(
                fields=["notice", "address"], condition=Q(address__isnull=False), name="telling_once_to_a_place"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(sent_at__isnull=True, given_up_at__isnull=True), name="telling_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice} to {self.user or self.address}"
