"""Who may come in, and who may do what."""

import hashlib
import secrets
from datetime import timedelta
from typing import Literal

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from publisher import config
from publisher.enums import Role
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Channel, Invitation, User
from publisher.newsroom.record import audit

LINK_LASTS = timedelta(days=7)
Action = Literal["view", "write", "approve", "stop", "manage"]
"""`write` makes nothing public; `approve` is all that may (and what cannot be undone); `stop` only ever stops."""

_WRITERS = frozenset({Role.ADMINISTRATOR, Role.APPROVER, Role.EDITOR})
MAY: dict[Action, frozenset[str]] = {
    "view": frozenset(Role),
    "write": _WRITERS,
    "approve": frozenset({Role.ADMINISTRATOR, Role.APPROVER}),
    "stop": _WRITERS,
    "manage": frozenset({Role.ADMINISTRATOR}),
}


_UNPROTECTED: dict[str, frozenset[Action]] = {
    "off": frozenset(MAY),
    "approvers": frozenset({"view", "write", "stop"}),
    "everyone": frozenset({"view", "stop"}),
}
"""What may be done without a second factor, by the setting."""


def can(user: User, action: Action, channel: Channel | None = None) -> bool:
    """Whether `user` may do it now: their role allows it, and a second factor stands before it where one must."""
    return holds(user, action, channel) and is_protected_for(user, action)


def can_somewhere(user: User, action: Action) -> bool:
    """Whether `user` may do it now on every channel, or on one at least."""
    return holds_somewhere(user, action) and is_protected_for(user, action)


def holds(user: User, action: Action, channel: Channel | None = None) -> bool:
    """Whether the role that `user` has for all channels, or the one granted on `channel`, is enough."""
    return user.is_active and (user.role in MAY[action] or (channel is not None and _is_granted(user, action, channel)))


def holds_somewhere(user: User, action: Action) -> bool:
    """Whether the role on every channel, or on one at least, is enough."""
    return holds(user, action) or (user.is_active and any(role in MAY[action] for role in user.granted.values()))


def is_protected_for(user: User, action: Action) -> bool:
    """Whether `user` has the second factor that the settings ask for before `action`; the command line needs none."""
    return action in _UNPROTECTED[config.get().second_factor] or user.pk is None or is_protected(user)


def is_protected(user: User) -> bool:
    """Whether nobody signs in as them with a password alone: by a factor here, or where the institution has its own."""
    elsewhere = config.get().oidc_second_factor and user.subject != "" and not user.has_usable_password()
    return elsewhere or user.has_factor


def asks_for_factor(user: User) -> bool:
    """Whether the settings ask this person for a second factor, be it there or not."""
    mode = config.get().second_factor
    return mode == "everyone" or (mode == "approvers" and holds_somewhere(user, "approve"))


def require(user: User, action: Action, channel: Channel | None = None) -> None:
    """Raises NotAllowed unless `user` may do it: as the rows say at this moment, not as the caller read them."""
    now = User.objects.filter(pk=user.pk).first() if user.pk else user
    if now is None or not holds(now, action, channel):
        raise NotAllowed("access.not_allowed", f"{user.role} {action} {channel.pk if channel else ''}".rstrip())
    if not is_protected_for(now, action):
        raise NotAllowed("access.needs_factor", action)


def require_somewhere(user: User, action: Action) -> None:
    """The same where each channel is asked about later on."""
    now = User.objects.filter(pk=user.pk).first() if user.pk else user
    if now is None or not holds_somewhere(now, action):
        raise NotAllowed("access.not_allowed", f"{user.role} {action}")
    if not is_protected_for(now, action):
        raise NotAllowed("access.needs_factor", action)


def _is_granted(user: User, action: Action, channel: Channel) -> bool:
    return user.granted.get(channel.pk, "") in MAY[action]


def operator(email: str = "") -> User:
    """Who acts on the command line: the person named, else an administrator who is kept in no row.

    Whoever can run the command can read the database anyway; the history names them "command line".
    """
    return person(email) if email else User(email="command line", name="command line", role=Role.ADMINISTRATOR)


def person(email: str) -> User:
    """Raises InvalidInput when nobody who may come in has this address."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise InvalidInput("access.unknown_person", email=email)
    return user


def anybody(email: str) -> User:
    """Also somebody who is shut out. Raises InvalidInput when nobody has this address."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise InvalidInput("access.unknown_person", email=email)
    return user


def end_sessions(user_id: int, by: User) -> User:
    """Sign somebody out everywhere, at once: oneself, or as an administrator anybody."""
    if by.pk != user_id:
        require(by, "manage")
    return _change(user_id, by, "sign out everywhere")


def invite(email: str, role: str, by: User) -> str:
    """A one-time token for a new colleague; the link is <address>/welcome/<token>/."""
    require(by, "manage")
    email = _valid_email(email)
    if role not in set(Role):
        raise InvalidInput("access.unknown_role", role=role, known=", ".join(Role))
    if User.objects.filter(email=email).exists():
        raise InvalidInput("access.email_taken", email=email)
    with transaction.atomic():
        token = _open(email=email, role=role, invited_by=by.email)
        audit.record(by.email, "team", by.pk or 0, "invite", data={"person": email, "role": role})
    return token


def first_person_link() -> str | None:
    """A fresh link while nobody has an account; earlier ones stop working. None afterwards."""
    if User.objects.exists():
        return None
    with transaction.atomic():
        Invitation.objects.filter(used_at=None, user=None, email="").delete()
        token = _open(email="", role=Role.ADMINISTRATOR, invited_by=audit.SERVICE)
    return link(token)


def password_link(user: User, by: str) -> str:
    """A one-time link with which `user` chooses a new password."""
    with transaction.atomic():
        token = _open(email=user.email, role=user.role, invited_by=by, user=user)
        audit.record(by, "team", user.pk, "password link")
    return link(token)


def link(token: str) -> str:
    return f"{config.get().address}/welcome/{token}/"


def open_invitation(token: str) -> Invitation:
    """The invitation behind a link. Raises NotAllowed when it is unknown, used or too old."""
    invitation = Invitation.objects.filter(token_hash=_hash(token)).first()
    if invitation is None or invitation.used_at is not None or invitation.expires_at < timezone.now():
        raise NotAllowed("access.link_dead")
    return invitation


def redeem(token: str, *, name: str, email: str, password: str) -> User:
    """Use the link: make the person (or set the new password). Raises NotAllowed or InvalidInput."""
    with transaction.atomic():
        invitation = open_invitation(token)
        user = invitation.user
        if user is None:
            email = _valid_email(invitation.email or email)
            if not name.strip():
                raise InvalidInput("access.name_missing")
            if User.objects.filter(email=email).exists():
                raise InvalidInput("access.email_taken", email=email)
            user = User(email=email, name=name.strip(), role=invitation.role)
        try:
            password_validation.validate_password(password, user)
        except ValidationError as error:
            raise InvalidInput("access.password", why=" ".join(error.messages)) from None
        if Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()) != 1:
            raise NotAllowed("access.link_dead")
        user.set_password(password)
        user.save()
        audit.record(user.email, "team", user.pk, "join" if invitation.user is None else "new password")
    return user


def set_role(user_id: int, role: str, by: User) -> User:
    """Change what somebody may do; the last administrator stays one."""
    require(by, "manage")
    if role not in set(Role):
        raise InvalidInput("access.unknown_role", role=role, known=", ".join(Role))
    return _change(user_id, by, "role", role=role)


def follow_role(user: User, role: str, said_by: str) -> User:
    """The same as the institution's sign-in says; `said_by` is how the history calls it."""
    return _change(user.pk, User(email=said_by), "role", role=role)


def set_active(user_id: int, by: User, *, active: bool) -> User:
    """Let somebody in or shut them out, at once."""
    require(by, "manage")
    return _change(user_id, by, "activate" if active else "deactivate", is_active=active)


def _change(user_id: int, by: User, verb: str, **changes: object) -> User:
    """Each ends all sessions of the person: what they may do is looked at anew when they sign in."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        user.sessions_ended += 1
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=["sessions_ended", *changes])
        if changes and not User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists():
            raise InvalidInput("access.last_administrator")
        audit.record(by.email, "team", user.pk, verb, data=changes)
    return user


def end_all(user: User) -> None:
    """End the person's sessions, in the transaction of whatever makes it necessary."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)


def _open(**fields: object) -> str:
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(token_hash=_hash(token), expires_at=timezone.now() + LINK_LASTS, **fields)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _valid_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput("access.email_wrong", email=email) from None
    return email
