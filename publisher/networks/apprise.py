"""The long tail, by Apprise: Discord, Slack, Teams, Matrix, e-mail, webhooks and a hundred more, by one address each.

Fire and forget. Apprise says only whether every recipient took the message: there is no number, no address, no way to
look it up, to change or to delete it. An address may name several recipients, and a no does not say which of them had
it by then; so whatever is not a yes is Uncertain, and a person looks.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, SecretStr, field_validator

from publisher.errors import InvalidInput, Uncertain
from publisher.networks.apprise_address import asset, open_address
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.limit_types import Limits
from publisher.networks.media import Encoded, load_image
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import only_addresses, show, split_runs
from publisher.types import Draft, Identity, Part, Preview, Receipt

if TYPE_CHECKING:
    from apprise import NotifyBase

OURS = {"bluesky": "Bluesky", "bsky": "Bluesky", "mastodon": "Mastodon", "mastodons": "Mastodon", "toot": "Mastodon",
        "toots": "Mastodon", "twitter": "X", "tweet": "X", "x": "X"}  # fmt: skip
"""Schemes of networks that Publisher posts to itself, with a receipt, a look-up and no second post."""
MOST_IMAGES = 4


class AppriseCredentials(Credentials):
    address: SecretStr = Field(
        title="Apprise address",
        description="Like slack://…, discord://…, msteams://…, matrix://… or mailto://…; it holds the secrets.",
    )

    @field_validator("address")
    @classmethod
    def _usable(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value().strip()
        scheme = address.partition("://")[0].lower()
        if scheme in OURS:
            raise ValueError(f"Publisher posts to {OURS[scheme]} itself; connect the account as {OURS[scheme]}")
        try:
            place = open_address(address)
        except InvalidInput as error:
            unknown = "it is of no service that Apprise knows; appriseit.com/services lists the forms"
            raise ValueError(unknown if error.key == "chat.unknown_address" else error.sentence.rstrip(".")) from None
        if place.body_max_line_count:
            raise ValueError(f"{place.service_name} cuts texts after some lines; choose another service")
        return SecretStr(address)


class Apprise(Network):
    kind: ClassVar[str] = "apprise"
    label: ClassVar[str] = "Apprise"
    credentials: ClassVar[type[Credentials]] = AppriseCredentials

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for the whole call; connecting and each read have 4 of their own (Apprise)."""
        self._timeout = timeout

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, lambda text: split_runs(text, only_addresses), _payload)

    def publish(self, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  no service takes a key
        import apprise  # slow import

        place = _open(context.credentials)
        images = [load_image(media, context.load, context.limits.image) for media in part.media]
        messenger = apprise.Apprise(asset=asset())
        messenger.add(place)
        message = {**_payload(part), "body_format": apprise.NotifyFormat.TEXT, "timeout": self._timeout}
        if images:
            message["attach"] = _attached(images)
        context.before_publish()
        try:
            done: Any = messenger.notify(**message)
        except Exception as error:  # noqa: BLE001  # a hundred plug-ins: whatever escapes one, it may have sent before
            raise Uncertain("apprise.uncertain", type(error).__name__, service=str(place.service_name)) from None
        if not done:
            status = getattr(getattr(done, "status", None), "name", "no")
            raise Uncertain("apprise.uncertain", status, service=str(place.service_name))
        return Receipt(id="", url="")

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:
        """Nobody can look: Apprise only sends."""
        raise NotImplementedError

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:  # noqa: ARG002
        """What the address itself says; the service cannot be asked without a message to everybody there."""
        place = _open(credentials)
        # Its name for us must not help to guess a password: Apprise leaves secrets out of this form.
        shown = str(place.url(privacy=True))  # type: ignore[no-untyped-call]  # Apprise has no types here
        return Identity(
            id=hashlib.sha256(shown.encode()).hexdigest()[:16],
            handle="",
            name=str(place.service_name),
            limits={"text": int(place.body_maxlen), "images": MOST_IMAGES if place.attachment_support else 0},
        )

    def warm_up(self) -> None:
        import apprise  # slow import  # noqa: F401


def _open(credentials: Credentials) -> "NotifyBase":
    """The place, set to send once and whole, whatever its address says: `?retry=` would be a second post that nobody
    decided, `?overflow=` would cut a text or make several of it."""
    import apprise  # slow import

    assert isinstance(credentials, AppriseCredentials), type(credentials)  # a bug, not an input
    place = open_address(credentials.address.get_secret_value())
    place.retry = 0
    place.overflow_mode = apprise.OverflowMode.UPSTREAM
    return place


def _payload(part: Part) -> dict[str, Any]:
    """What Apprise is given: the words as approved, without a heading of its own."""
    return {"title": "", "body": part.text}


def _attached(images: list[Encoded]) -> Any:
    import apprise  # slow import
    from apprise.attachment.memory import AttachMemory  # slow import

    attached = apprise.AppriseAttachment()
    for number, image in enumerate(images, start=1):
        ending = re.sub("^image/", "", image.type)
        name = f"image-{number}.{ending}"
        attached.add(AttachMemory(image.data, name, image.type))  # type: ignore[no-untyped-call]  # has no types
    return attached
