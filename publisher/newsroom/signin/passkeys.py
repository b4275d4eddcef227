"""Passkeys (WebAuthn): what the browser is asked, and whether its answer holds.

The question is kept in the session of the request (allauth's `context`), which the desk provides.
"""

from ipaddress import ip_address
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from publisher.errors import InvalidInput
from publisher.models import User

Json = dict[str, Any]


def possible(host: str) -> bool:
    """Whether browsers bind a passkey to this host: to a name, never to an IP address."""
    try:
        ip_address(host.rpartition(":")[0].strip("[]") if ":" in host else host)
    except ValueError:
        return True
    return False


def anybody_has_one() -> bool:
    return bool(Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists())


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user=user).exists())


def ask_for_new(user: User) -> Json:
    """The options with which the browser makes a passkey that signs in alone: kept on the device, behind a PIN."""
    options: Json = _auth().begin_registration(user, passwordless=True)
    return options


def check_new(credential: Json) -> None:
    """Raises InvalidInput unless the answer belongs to our question and the device asked for finger, face or PIN."""
    try:
        _auth().parse_registration_response(credential)
        verified = _auth().complete_registration(credential).is_user_verified()
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput("factor.passkey_not_made", type(error).__name__) from error
    if not verified:
        raise InvalidInput("factor.passkey_not_made", "not verified")


def ask(user: User | None) -> Json:
    """The options to sign in: with any passkey, or with one of a person who has passed the first step."""
    options: Json = _auth().begin_authentication(user)
    return options


def answered(user: User | None, credential: Json) -> Authenticator:
    """The passkey that signed our question. Raises ValidationError."""
    try:
        _auth().parse_authentication_response(credential)
        owner = user or _auth().extract_user_from_response(credential)
        return _auth().complete_authentication(owner, credential)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValidationError("wrong") from error


def _auth() -> Any:
    from allauth.mfa.webauthn.internal import auth  # slow import

    return auth
