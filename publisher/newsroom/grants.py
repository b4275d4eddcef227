"""Roles on single channels, given and taken by an administrator."""

from django.db import transaction

from publisher.enums import Role
from publisher.errors import InvalidInput
from publisher.models import Grant, User
from publisher.newsroom import access, channels
from publisher.newsroom.record import audit


def give(user_id: int, channel_id: int, role: str, by: User) -> Grant:
    """Let somebody do more on one channel than on all of them; a role given there before is replaced."""
    access.require(by, "manage")
    if role not in set(Role):
        raise InvalidInput("access.unknown_role", role=role, known=", ".join(Role))
    with transaction.atomic():
        channel, user = channels.get(channel_id), _person(user_id)
        access.end_all(user)
        grant, _ = Grant.objects.update_or_create(user=user, channel=channel, defaults={"role": role})
        audit.record(by.email, "team", user.pk, "grant", data={"role": role, "channel": channel.pk})
    return grant


def take(user_id: int, channel_id: int, by: User) -> None:
    """From now on only the role for all channels counts there. Raises InvalidInput when none was given."""
    access.require(by, "manage")
    with transaction.atomic():
        channel, user = channels.get(channel_id), _person(user_id)
        if not Grant.objects.filter(user=user, channel=channel).delete()[0]:
            raise InvalidInput("access.no_grant", person=user.email, channel=channel.name)
        access.end_all(user)
        audit.record(by.email, "team", user.pk, "take grant", data={"channel": channel.pk})


def _person(user_id: int) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise InvalidInput("access.unknown_number", id=user_id)
    return user
