"""What the sandbox network keeps. Reached from the rest of Publisher over HTTP only, like any network's database.

The newsroom may open an account and turn its failure switch; it never looks at the posts.
"""

import hashlib
import secrets

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class SandboxFailure(models.TextChoices):
    """How the account answers the next posts: the ways in which real networks fail."""

    NONE = "none", "works"
    REFUSED = "refused", "refuses the text"
    RATE_LIMITED = "rate_limited", "asks to wait"
    SERVER_ERROR_BEFORE = "server_error_before", "out of order, nothing stored"
    SERVER_ERROR_AFTER = "server_error_after", "out of order, though the post is stored"
    LOST_ANSWER = "lost_answer", "stores the post, then breaks the connection"
    HTML_PAGE = "html_page", "stores the post, then answers with a page of a proxy"
    EMPTY_ANSWER = "empty_answer", "stores the post, then answers with nothing"
    BAD_TOKEN = "bad_token", "no longer knows the token"
    SUSPENDED = "suspended", "has suspended the account"
    SLOW = "slow", "stores the post, answers too late"
    PROCESSING = "processing", "works on the post for a while"


class SandboxAccountManager(models.Manager["SandboxAccount"]):
    def open(
        self, handle: str, name: str, colour: str = "#2b5fa8", *, sample: bool = False
    ) -> tuple["SandboxAccount", str]:
        """A new account and its token, which is kept nowhere in plain text. Raises IntegrityError when taken."""
        token = secrets.token_urlsafe(32)
        account = self.create(handle=handle, name=name, colour=colour, token_hash=hash_token(token), sample=sample)
        return account, token

    def set_failure(self, handle: str, failure: SandboxFailure) -> None:
        """Turn the switch; stays until it is turned again. Raises DoesNotExist."""
        if not self.filter(handle=handle).update(failure=SandboxFailure(failure)):
            raise self.model.DoesNotExist(handle)


class SandboxAccount(models.Model):
    handle = models.CharField(max_length=40, unique=True, validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z")])
    name = models.CharField(max_length=120)
    colour = models.CharField(max_length=7, default="#2b5fa8", validators=[RegexValidator(r"^#[0-9a-f]{6}\Z")])
    token_hash = models.CharField(max_length=64, unique=True)
    """SHA-256 (hex): the token is 256 random bits, so a slow hash would add nothing."""
    failure = models.CharField(max_length=24, choices=SandboxFailure.choices, default=SandboxFailure.NONE)
    delay = models.PositiveSmallIntegerField(default=25)
    """Seconds until a slow answer: longer than Publisher waits for one."""
    rate_limit = models.PositiveIntegerField(default=60)
    """Posts in any 60 seconds."""
    sample = models.BooleanField(default=False)
    """Belongs to the sample newsroom and goes with it."""
    created_at = models.DateTimeField(db_default=Now())

    objects = SandboxAccountManager()

    class Meta:
        app_label = "publisher"
        ordering = ["handle"]
        constraints = [
            models.CheckConstraint(
                condition=Q(failure__in=SandboxFailure.values), name="sandbox_account_failure_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class SandboxPost(models.Model):
    account = models.ForeignKey(SandboxAccount, on_delete=models.CASCADE, related_name="posts")
    key = models.CharField(max_length=120, blank=True)
    """The Idempotency-Key it came with; blank when without."""
    body_hash = models.CharField(max_length=64)
    """SHA-256 of what was asked for, pictures by their bytes: tells a repeated request from a clash of keys."""
    text = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=35, blank=True)
    card = models.JSONField(null=True, blank=True)
    """url, title, description; its picture is the image at position 0."""
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replies")
    root = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="thread")
    """The first post of the thread; null for that one itself."""
    looks_left = models.PositiveSmallIntegerField(default=0)
    """How often one must ask before the post is ready; followers see it at 0."""
    created_at = models.DateTimeField()

    class Meta:
        app_label = "publisher"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], condition=~Q(key=""), name="sandbox_post_once_per_key"),
        ]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="sandbox_post_newest"),
            models.Index(
                fields=["account", "-created_at", "-id"], condition=Q(root=None), name="sandbox_post_newest_root"
            ),
            models.Index(fields=["account", "text_hash", "-created_at"], name="sandbox_post_duplicate"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.pk}: {self.text[:40]}"


class SandboxImage(models.Model):
    account = models.ForeignKey(SandboxAccount, on_delete=models.CASCADE, related_name="images")
    post = models.ForeignKey(SandboxPost, on_delete=models.CASCADE, null=True, blank=True, related_name="images")
    """Null between the upload and the post; what stays null is thrown away after a day."""
    position = models.PositiveSmallIntegerField(default=1)
    """From 1; 0 is the picture of the card."""
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "publisher"
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["account", "created_at"], condition=Q(post=None), name="sandbox_image_orphan"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.width} x {self.height}"


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
