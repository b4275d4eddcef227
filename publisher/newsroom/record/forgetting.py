"""Forgetting a person: the record stays, under a number; the address and the name go, for good (docs/audit.md)."""

# ruff: noqa: SLF001  # _meta and _base_manager are how Django lets one ask any model

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction

from publisher.enums import Role
from publisher.errors import InvalidInput
from publisher.models import Actor, Event, Grant, Invitation, Post, Presence, SignInFailure, User
from publisher.newsroom import access
from publisher.newsroom.record import audit

GONE = "forgotten.invalid"
"""The domain of addresses that are none (RFC 2606): the row keeps one because it must have one."""


def forget(user_id: int, by: User) -> str:
    """Take the person's address and name out of everything. Returns what the history calls them from now on.

    What they typed stays, also where they named themselves in it. It cannot be undone. Raises NotAllowed, InvalidInput.
    """
    access.require(by, "manage")
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None or is_forgotten(user):
            raise InvalidInput("access.unknown_person", email=str(user_id))
        if user.pk == by.pk:
            raise InvalidInput("access.forget_yourself")
        email, actor = user.email, audit.person(user.email)
        _rename(email, actor.pseudonym)
        _take_away(user)
        Actor.objects.filter(pk=actor.pk).update(name="", salt="")
        if not User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists():
            raise InvalidInput("access.last_administrator")
        audit.record(by.email, "person", actor.pk, "forget")
    return actor.pseudonym


def is_forgotten(user: User) -> bool:
    return user.email.endswith(f"@{GONE}")


def _rename(email: str, pseudonym: str) -> None:
    """In every row that names who did something by the address."""
    Invitation.objects.filter(email=email).delete()
    SignInFailure.objects.filter(email=email).delete()
    for model, field in _names():
        if field.get_internal_type() == "JSONField":
            for row in model._base_manager.filter(**{f"{field.name}__icontains": email}):
                changed = _replaced(getattr(row, field.name), email, pseudonym)
                model._base_manager.filter(pk=row.pk).update(**{field.name: changed})
        else:
            model._base_manager.filter(**{field.name: email}).update(**{field.name: pseudonym})


def _names() -> Iterator[tuple[type[models.Model], "models.Field[Any, Any]"]]:
    for model in apps.get_app_config("publisher").get_models():
        if model in (Actor, Event, User):
            continue  # the chain holds nobody's address
        for field in model._meta.concrete_fields:
            kept_by_name = model.__name__ in ("Alarm", "Notice") and field.get_internal_type() == "JSONField"
            says_who = field.name == "by" or field.name.endswith("_by")
            if (says_who or kept_by_name) and not field.is_relation:
                yield model, field


def _replaced(value: Any, email: str, pseudonym: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, email, pseudonym) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, email, pseudonym) for item in value]
    return value.replace(email, pseudonym) if isinstance(value, str) else value


def _take_away(user: User) -> None:
    """What is theirs and nobody's record: how they sign in, what they may do, how they are told."""
    Grant.objects.filter(user=user).delete()
    Presence.objects.filter(user=user).delete()
    Post.objects.filter(assigned_to=user).update(assigned_to=None)
    for relation in user._meta.related_objects:
        ours = relation.related_model._meta.app_label == "publisher"
        if relation.one_to_one or not ours:
            relation.related_model._base_manager.filter(**{relation.field.name: user}).delete()
    user.email, user.name = f"person-{user.pk}@{GONE}", audit.person(user.email).pseudonym.capitalize()
    user.is_active, user.role, user.last_login = False, Role.VIEWER, None
    user.issuer = user.subject = ""
    user.set_unusable_password()
    user.save()
