"""The steps of signing in: a password or a passkey, then a code or a passkey where the person has a second factor.

Each failure counts against the person named and the network address it came from, at every step alike, until somebody
has passed all of them: who knows a password cannot start the count of codes anew by typing it again.
"""

from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publisher.errors import NotAllowed
from publisher.models import SignInFailure, User
from publisher.newsroom.alerts import notify
from publisher.newsroom.record import audit
from publisher.newsroom.signin import codes

WINDOW = timedelta(minutes=15)
PER_PERSON = 5
"""Failures for one person within the window before everyone who names them has to wait."""
PER_ADDRESS = 20
"""The same from one network address, whoever is named."""


def by_password(email: str, password: str, address: str) -> User:
    """The person, when the password is right. Raises NotAllowed, after too many failures without looking at all."""
    email = email.strip().lower()
    wait_if_too_many(email, address)
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        make_password(password)  # as slow as a real check, so that nobody learns who has an account
    if user is None or not check_password(password, user.password):
        _failed(email, address)
        raise NotAllowed("access.wrong_password")
    return user


def by_code(user: User, code: str, address: str) -> None:
    """A code of the app, each good once, or a recovery code, which is told. Raises NotAllowed."""
    wait_if_too_many(user.email, address)
    code = "".join(code.split())
    with transaction.atomic():
        kind = codes.take(user, code)
        if kind == Authenticator.Type.RECOVERY_CODES:
            event = audit.record(user.email, "team", user.pk, "use recovery code")
            notify.for_one(user, f"event:{event.pk}", "notice.recovery_code", left=codes.left(user))
    if not kind:
        _failed(user.email, address)
        raise NotAllowed("factor.wrong_code")


def by_passkey(answered: Callable[[], Authenticator], address: str, *, user: User | None = None) -> User:
    """Whose passkey it is: alone it is both steps, for the device has asked for a finger, a face or a PIN.

    `answered` checks what the browser sent against what it was asked, and raises ValidationError. `user` is who has
    passed the first step already, if anybody has. Raises NotAllowed.
    """
    wait_if_too_many(user.email if user else "", address)
    try:
        row = answered()
    except ValidationError as error:
        _failed(user.email if user else "", address)
        raise NotAllowed("factor.wrong_passkey") from error
    owner = User.objects.filter(pk=row.user_id, is_active=True).first()
    if owner is None:
        _failed("", address)
        raise NotAllowed("factor.wrong_passkey")
    row.record_usage()
    return owner


def complete(user: User) -> None:
    """All steps are passed: earlier failures count no more."""
    SignInFailure.objects.filter(email=user.email).delete()


def wait_if_too_many(email: str, address: str) -> None:
    """Raises NotAllowed while there are too many failures; `email` may be blank where nobody is named."""
    failures = SignInFailure.objects.filter(at__gte=timezone.now() - WINDOW)
    of_person = email and failures.filter(email=email).count() >= PER_PERSON
    if of_person or failures.filter(address=address).count() >= PER_ADDRESS:
        raise NotAllowed("access.throttled", minutes=int(WINDOW.total_seconds() // 60))


def _failed(email: str, address: str) -> None:
    SignInFailure.objects.create(email=email[:254], address=address[:64])
