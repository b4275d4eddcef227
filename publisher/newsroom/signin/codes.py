"""Codes to type: six figures of an app (RFC 6238), eight of a recovery code."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone

from publisher.models import User
from publisher.newsroom.sealing import unseal

_TYPED = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def new_secret() -> str:
    """160 random bits as RFC 4226 asks, in base32."""
    secret: str = totp.generate_totp_secret()
    return secret


def step_of(secret: str, code: str) -> int | None:
    """Which half minute since 1970 a code belongs to, this one or a neighbour; None when it is of none of them."""
    for step in totp.yield_hotp_counters_from_time():
        if totp.compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step))):
            return int(step)
    return None


def take(user: User, code: str) -> str:
    """Use up a code: the kind that it was of, blank when it is none. Call it in a transaction.

    A code of the app is taken once (RFC 6238, 5.2): also in another process, so the row remembers its half minute.
    """
    # In one order, or two who sign in at once lock the rows crosswise.
    locked = Authenticator.objects.select_for_update().filter(user=user, type__in=_TYPED).order_by("pk")
    rows = {row.type: row for row in locked}
    app, recovery = rows.get(Authenticator.Type.TOTP), rows.get(Authenticator.Type.RECOVERY_CODES)
    if app is not None:
        step = step_of(unseal(app.data["secret"])["secret"], code)
        if step is not None and step > app.data.get("step", 0):
            app.data["step"], app.last_used_at = step, timezone.now()
            app.save(update_fields=["data", "last_used_at"])
            return str(app.type)
    if recovery is not None and recovery.wrap().validate_code(code):
        return str(recovery.type)
    return ""


def left(user: User) -> int:
    """How many recovery codes are not used yet."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0
