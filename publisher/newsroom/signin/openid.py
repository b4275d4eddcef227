"""The institution's own identities: whom its OpenID Connect provider names, who that is here, and in which role.

That the provider said it (state, PKCE, code, token) has been checked before by allauth (web/institution.py).
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher import config
from publisher.enums import Role
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Invitation, User
from publisher.newsroom import access
from publisher.newsroom.alerts import notify
from publisher.newsroom.record import audit

log = logging.getLogger(__name__)

ACTOR = "OpenID Connect"
"""How the history calls the provider where it changes somebody's role."""
_HIGHEST_FIRST = (Role.ADMINISTRATOR, Role.APPROVER, Role.EDITOR, Role.VIEWER)


@dataclass(frozen=True)
class Told:
    """What the provider says of a person."""

    issuer: str
    subject: str
    """Never changes and is never given to another (OpenID Connect Core, 5.7); an e-mail address may be both."""
    email: str
    email_verified: bool
    name: str
    groups: frozenset[str]
    """The values of the claim that roles are read from."""


def read(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Told:
    """Both must be about the same person (Core, 5.3.2). Raises NotAllowed."""
    settings = config.get()
    subject = str(id_token.get("sub") or "")
    if not subject or (userinfo and userinfo.get("sub") != subject):
        raise NotAllowed("openid.failed", "the ID token and the user information name two people")
    claims = {**userinfo, **id_token}
    verified = claims.get("email_verified") in {True, "true"}
    return Told(
        issuer=settings.oidc_issuer,
        subject=subject,
        email=str(claims.get("email") or "").strip().lower(),
        email_verified=verified or settings.oidc_trust_email,
        name=str(claims.get("name") or "").strip(),
        groups=frozenset(_texts(claims.get(settings.oidc_claim))),
    )


def enter(told: Told) -> User:
    """The person here, made or joined to the identity if need be, in the role that is told. Raises NotAllowed."""
    role = role_of(told.groups)
    user = User.objects.filter(issuer=told.issuer, subject=told.subject).first()
    if config.get().role_map and not role:
        if user is not None:
            access.end_all(user)  # what they were is over, also where they are still signed in
        raise NotAllowed("openid.no_role")
    if user is None:
        user = _newcomer(told, role)
    elif not user.is_active:
        raise NotAllowed("openid.uninvited")
    with transaction.atomic():
        if user.has_usable_password():
            user.set_unusable_password()  # from now on this is their only way in; a one-time link opens another
            user.save(update_fields=["password"])
        if role and role != user.role:
            user = _follow(user, role)
    return user


def detach(user_id: int, by: User) -> User:
    """Forget which account is theirs: the next one with their address is joined. Raises NotAllowed, InvalidInput."""
    access.require(by, "manage")
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None or not user.subject:
            raise InvalidInput("openid.not_joined", person=user.email if user else user_id)
        issuer, user.issuer, user.subject = user.issuer, "", ""
        user.save(update_fields=["issuer", "subject"])
        access.end_all(user)
        audit.record(by.email, "team", user.pk, "detach identity", data={"issuer": issuer})
    return user


def role_of(groups: Iterable[str]) -> str:
    """The highest role that any of the groups stands for; blank when none stands for one."""
    given = {role for group, role in config.get().role_map.items() if group in set(groups)}
    return next((role for role in _HIGHEST_FIRST if role in given), "")


def _newcomer(told: Told, role: str) -> User:
    """Somebody whom we know by the address, whom we have invited, or whom the settings let in unasked."""
    if not told.email or not told.email_verified:
        raise NotAllowed("openid.no_address")
    identity = {"issuer": told.issuer, "subject": told.subject}
    with transaction.atomic():
        user = User.objects.select_for_update().filter(email=told.email).first()
        if user is not None:
            if (user.subject and user.issuer == told.issuer) or not user.is_active:
                raise NotAllowed("openid.uninvited")
            User.objects.filter(pk=user.pk).update(**identity)
            event = audit.record(user.email, "team", user.pk, "join identity", data={"issuer": told.issuer})
            notify.for_one(user, f"event:{event.pk}", "notice.identity_joined")
            user.refresh_from_db()
            return user
        invitations = Invitation.objects.select_for_update().filter(email=told.email, used_at=None, user=None)
        invitation = invitations.filter(expires_at__gte=timezone.now()).order_by("-created_at").first()
        if invitation is None and not config.get().oidc_create:
            raise NotAllowed("openid.uninvited")
        if invitation is not None:
            invitations.update(used_at=timezone.now())
        user = User(email=told.email, name=told.name or told.email, **identity)
        user.role = role or (invitation.role if invitation else Role.VIEWER)
        user.set_unusable_password()
        user.save()
        audit.record(user.email, "team", user.pk, "join", data={"issuer": told.issuer, "role": user.role})
    return user


def _follow(user: User, role: str) -> User:
    """The last administrator stays one, or nobody could let anybody in."""
    try:
        return access.follow_role(user, role, ACTOR)
    except InvalidInput:
        log.warning("The provider no longer calls person %s an administrator, but nobody else is one.", user.pk)
        return user


def _texts(value: object) -> list[str]:
    """A claim is one text or a list of them."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]
