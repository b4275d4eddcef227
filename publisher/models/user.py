from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from publisher.enums import Role
from publisher.models.channel import Channel
from publisher.models.fields import choice, known


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody of the team. Signs in by e-mail address; the role says what they may do."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = choice(Role, Role.EDITOR)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    issuer = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=255, blank=True, default="")
    """Who they are at the institution's OpenID Connect provider; blank for who signs in here alone."""
    sessions_ended = models.PositiveIntegerField(default=0)
    """How often all sessions were ended at once: a session holds only for the number with which it began."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            known("role", Role, "user_role_known"),
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=~models.Q(subject=""), name="user_once_per_identity"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django admin is for administrators."""
        return self.role == Role.ADMINISTRATOR

    @cached_property
    def granted(self) -> dict[int, str]:
        """The roles on single channels, by the channel's id; read once, for the buttons of a page ask for each post."""
        return {grant.channel_id: grant.role for grant in self.grants.all()} if self.pk else {}

    @cached_property
    def has_factor(self) -> bool:
        """Whether they have a second factor here: an app or a passkey. Recovery codes alone are none."""
        factors = apps.get_model("mfa", "Authenticator").objects.filter(user_id=self.pk)
        return self.pk is not None and bool(factors.exclude(type="recovery_codes").exists())

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django ends a session whose hash is another than this: by a new password, and by one more in the count."""
        key_salt = "publisher.models.User.get_session_auth_hash"
        return salted_hmac(
            key_salt, f"{self.sessions_ended}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  # Django's signature
        return self.is_active and self.role == Role.ADMINISTRATOR

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  # Django's signature
        return self.is_active and self.role == Role.ADMINISTRATOR


class Grant(models.Model):
    """A role on one channel, beside the one for all of them: the higher of the two counts."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="grants")
    role = choice(Role, Role.EDITOR)

    class Meta:
        ordering = ["channel__network", "channel__name", "id"]
        constraints = [
            known("role", Role, "grant_role_known"),
            models.UniqueConstraint(fields=["user", "channel"], name="grant_once_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} on {self.channel}"


class Invitation(models.Model):
    """A one-time link: for the first person, for a new colleague, or for a new password. Only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    """Blank for the first person, who says theirs."""
    role = choice(Role, Role.EDITOR)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="invitations")
    """Set when the link is for a new password."""
    invited_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email or "first person"


class SignInFailure(models.Model):
    """A wrong password: what throttling counts. Pruned after a day."""

    email = models.CharField(max_length=254)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["email", "at"], name="sign_in_failure_email"),
            models.Index(fields=["address", "at"], name="sign_in_failure_address"),
        ]

    def __str__(self) -> str:
        return self.email
