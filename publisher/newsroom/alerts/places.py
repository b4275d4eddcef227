"""Places that the whole newsroom is told at: chats by their Apprise address, and e-mail addresses. Sealed."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from publisher.enums import NoticeKind
from publisher.errors import InvalidInput
from publisher.models import NoticeAddress, User
from publisher.newsroom import access
from publisher.newsroom.alerts import chats
from publisher.newsroom.alerts.letters import Letter
from publisher.newsroom.alerts.mail import NotTaken
from publisher.newsroom.record import audit
from publisher.newsroom.sealing import seal, unseal

MAIL = "E-mail"
"""The service of a plain e-mail address: it goes through our own mail server."""


def add(user: User, *, name: str, address: str, kinds: Collection[str] = ()) -> NoticeAddress:
    """Raises InvalidInput for an address that is of no service, a name that is taken, a kind that is none."""
    access.require(user, "manage")
    name, address = name.strip(), address.strip()
    if not name:
        raise InvalidInput("place.name_missing")
    for kind in kinds:
        if kind not in set(NoticeKind):
            raise InvalidInput("place.unknown_kind", kind=kind, known=", ".join(NoticeKind))
    is_mail = "://" not in address
    service = MAIL if is_mail else chats.service(address)
    if is_mail:
        address = _mail_address(address)
    try:
        with transaction.atomic():
            place = NoticeAddress.objects.create(
                name=name[:200], sealed=seal({"address": address}), service=service[:80], kinds=sorted(kinds)
            )
            told = {"name": name, "service": service, "kinds": sorted(kinds)}
            audit.record(user.email, "place", place.pk, "add", data=told)
    except IntegrityError:
        raise InvalidInput("place.name_taken", name=name) from None
    return place


def remove(place_id: int, user: User) -> NoticeAddress:
    access.require(user, "manage")
    place = get(place_id)
    with transaction.atomic():
        place.delete()
        audit.record(user.email, "place", place_id, "remove", data={"name": place.name, "service": place.service})
    return place


def get(place_id: int) -> NoticeAddress:
    place = NoticeAddress.objects.filter(pk=place_id).first()
    if place is None:
        raise InvalidInput("place.unknown", id=place_id)
    return place


def listed() -> list[NoticeAddress]:
    return list(NoticeAddress.objects.all())


def opened(place: NoticeAddress | None) -> str:
    """The plain address, for a call and nothing else. Raises NotTaken when no key opens it."""
    assert place is not None
    try:
        return unseal(place.sealed)["address"]
    except InvalidInput:
        raise NotTaken("place.cannot_unseal") from None


def send(address: str, letter: Letter) -> None:
    """To a chat. Raises NotTaken."""
    try:
        chats.send(address, letter.subject, letter.text)
    except InvalidInput as error:  # a service that the library no longer knows
        raise NotTaken(error.key, error.diagnostic, **error.params) from None


def _mail_address(address: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput("chat.unknown_address") from None
    return address
