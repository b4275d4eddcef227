from django.conf import settings
from django.db import models

from publisher.models.channel import Channel


class NetworkApp(models.Model):
    """What a network knows us as: the keys of our app there, sealed. An administrator enters them once."""

    network = models.CharField(max_length=24)
    """Whose app it is; others may use it too (`SignIn.app_of`)."""
    server = models.CharField(max_length=200, blank=True)
    """Where each server has apps of its own; blank elsewhere."""
    credentials = models.TextField()
    """Sealed (Fernet) JSON: the fields of `sign_in.App`."""
    redirect = models.CharField(max_length=500, blank=True)
    """The address that it was made with, where we made it ourselves."""
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["network", "server"]
        constraints = [models.UniqueConstraint(fields=["network", "server"], name="network_app_once")]

    def __str__(self) -> str:
        return f"{self.network} {self.server}".strip()


class Handshake(models.Model):
    """A sign-in at a network that somebody has begun: until they come back, and then until they have chosen."""

    network = models.CharField(max_length=24)
    server = models.CharField(max_length=200, blank=True)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True)
    """The one that is connected again; null for a new one."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    """Null on the command line."""
    session = models.CharField(max_length=64, blank=True)
    """A hash of the session it was begun in; blank on the command line."""
    state = models.CharField(max_length=64, unique=True)
    """A hash of what the network gives back to us."""
    sealed = models.TextField()
    """Sealed (Fernet) JSON: the verifier, and after the answer the accounts to choose from, with their credentials."""
    ends_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    """From then on the state is used up."""

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="handshake_ends")]

    def __str__(self) -> str:
        return f"{self.network} {self.server}".strip()
