"""Second factors: added and taken away by the person, reset by an administrator; each leaves an event and is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from publisher.errors import InvalidInput
from publisher.models import User
from publisher.newsroom import access
from publisher.newsroom.alerts import notify
from publisher.newsroom.record import audit
from publisher.newsroom.signin import codes

_RECOVERY = Authenticator.Type.RECOVERY_CODES
LONGEST_NAME = 80


@dataclass(frozen=True)
class Factor:
    id: int
    kind: str
    """"totp" for an app, "webauthn" for a passkey."""
    name: str
    """What the person calls a passkey; blank for an app."""
    added_at: datetime
    used_at: datetime | None


def listed(user: User) -> list[Factor]:
    rows = Authenticator.objects.filter(user=user).exclude(type=_RECOVERY).order_by("created_at", "id")
    return [Factor(row.pk, row.type, row.data.get("name", ""), row.created_at, row.last_used_at) for row in rows]


def add_app(user: User, secret: str, code: str) -> list[str]:
    """An app that shows codes, when the one it shows now is right. Returns recovery codes with the first factor.

    Raises InvalidInput.
    """
    step = codes.step_of(secret, "".join(code.split()))
    if step is None:
        raise InvalidInput("factor.wrong_first_code")
    with transaction.atomic():
        _lock(user)
        if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            raise InvalidInput("factor.one_app")
        row = TOTP.activate(user, secret).instance
        row.data["step"] = step
        row.save(update_fields=["data"])
        return _added(user, row, "")


def add_passkey(user: User, name: str, credential: dict[str, Any]) -> list[str]:
    """A passkey whose answer the caller has checked. Returns recovery codes with the first factor."""
    with transaction.atomic():
        _lock(user)
        name = name.strip()[:LONGEST_NAME] or "Passkey"
        row = Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": credential}
        )
        return _added(user, row, name)


def new_codes(user: User) -> list[str]:
    """Ten new recovery codes; the earlier ones are good no more. They are shown now and never again."""
    with transaction.atomic():
        _lock(user)
        if not listed(user):
            raise InvalidInput("factor.none")
        made = _new_codes(user)
        _note(user, "new recovery codes", "notice.new_recovery_codes")
    return made


def remove(user: User, factor_id: int) -> None:
    """Raises InvalidInput for the last one while the settings ask this person for one."""
    with transaction.atomic():
        _lock(user)
        row = Authenticator.objects.filter(user=user, pk=factor_id).exclude(type=_RECOVERY).first()
        if row is None:
            raise InvalidInput("factor.unknown", id=factor_id)
        name = row.data.get("name", "")
        row.delete()
        if not listed(user):
            if access.asks_for_factor(user):
                raise InvalidInput("factor.last")
            Authenticator.objects.filter(user=user).delete()
        _note(user, "remove factor", "notice.factor_removed", kind=row.type, name=name)


def reset(user_id: int, by: User) -> User:
    """Take all second factors from a colleague who has lost them: they sign in with the password and add new ones."""
    access.require(by, "manage")
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise InvalidInput("access.unknown_number", id=user_id)
        if not Authenticator.objects.filter(user=user).delete()[0]:
            raise InvalidInput("factor.none_there", person=user.email)
        access.end_all(user)
        event = audit.record(by.email, "team", user.pk, "reset second factor")
        notify.for_one(user, f"event:{event.pk}", "notice.factor_reset", by=by.name or by.email)
    return user


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)


def _added(user: User, row: Authenticator, name: str) -> list[str]:
    first = not Authenticator.objects.filter(user=user, type=_RECOVERY).exists()
    _note(user, "add factor", "notice.factor_added", kind=row.type, name=name)
    return _new_codes(user) if first else []


def _new_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=_RECOVERY).delete()
    made: list[str] = RecoveryCodes.activate(user).generate_codes()
    return made


def _note(user: User, verb: str, key: str, **data: str) -> None:
    event = audit.record(user.email, "team", user.pk, verb, data={name: told for name, told in data.items() if told})
    notify.for_one(user, f"event:{event.pk}", key)
    user.__dict__.pop("has_factor", None)  # it was read before
