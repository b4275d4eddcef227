"""The credentials of a channel: judged by its network, opened for a call, changed while nobody else does."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from pydantic import ValidationError

from publisher.errors import AccountBlocked, InvalidInput, Retry
from publisher.models import Channel
from publisher.networks import registry
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.sign_in import plain
from publisher.newsroom.sealing import seal, unseal


def validate(place: Network, fields: Mapping[str, str]) -> Credentials:
    """Raises InvalidInput with the name of the first field that is missing or wrong."""
    return model(place.credentials, fields, place.label)


def model(kind: type[Credentials], fields: Mapping[str, str], label: str) -> Credentials:
    """The same for anything that is written down as credentials are; `label` says whose."""
    given = {name: value for name, value in fields.items() if value != ""}
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        loc = str(first["loc"][0]) if first["loc"] else ""
        info = kind.model_fields.get(loc)
        title = (info.title if info and info.title else loc.replace("_", " ")) or label
        if first["type"] == "missing":
            raise InvalidInput("channel.missing_field", field=title) from None
        why = first["msg"].removeprefix("Value error, ")
        raise InvalidInput("channel.wrong_field", field=title, why=why) from None  # the cause may hold a secret


def elsewhere(old: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether `given` names another server than the one that the `old` secrets are for."""
    there = given.get("base_url")
    return bool(old) and there is not None and there.strip().rstrip("/") != old.get("base_url", "").rstrip("/")


def opened(channel: Channel) -> Credentials:
    """Raises InvalidInput when they cannot be opened or are not complete."""
    return validate(registry.get(channel.network), unseal(channel.credentials))


class Keeper:
    """What a call to a network keeps changed credentials with; knows whether somebody else has changed them since."""

    def __init__(self, channel: Channel, own: Credentials) -> None:
        sign_in = registry.get(channel.network).sign_in
        self._channel_id = channel.pk
        self._save = saver(channel.pk)
        self._field = sign_in.renewed_by if sign_in else ""
        self._known = plain(own, self._field)

    def __call__(self, fields: Mapping[str, str]) -> None:
        self._save(fields)
        self._known = fields.get(self._field) or self._known

    @property
    def overtaken(self) -> bool:
        """Whether the token that the call was made with was renewed, or entered anew, while it went on."""
        if not self._field:
            return False
        try:
            return plain(opened(Channel.objects.get(pk=self._channel_id)), self._field) != self._known
        except (Channel.DoesNotExist, InvalidInput):
            return False


@contextmanager
def unless_overtaken(context: Context) -> Iterator[None]:
    """Around a call: that the network refused a token which was renewed meanwhile says nothing of the account."""
    try:
        yield
    except AccountBlocked as error:
        if isinstance(context.save, Keeper) and context.save.overtaken:
            raise Retry("connect.busy", error.diagnostic) from error
        raise


def saver(channel_id: int) -> Callable[[Mapping[str, str]], None]:
    """Stores changed credential fields at once; a blank value never overwrites one that we have."""

    def save(fields: Mapping[str, str]) -> None:
        with transaction.atomic():
            channel = Channel.objects.select_for_update().get(pk=channel_id)
            merged = {**unseal(channel.credentials), **{name: value for name, value in fields.items() if value}}
            Channel.objects.filter(pk=channel_id).update(credentials=seal(merged))

    return save
