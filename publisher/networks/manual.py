"""Places without an official interface (WhatsApp channels and others): a person posts, and says when it is done.

Nothing is called here. `publish` leaves the post pending; `newsroom.sending.by_hand` is the way out.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from pydantic import Field, field_validator

from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.limit_types import Limits
from publisher.networks.preview import only_addresses, show, split_runs
from publisher.types import Draft, Identity, Part, Pending, Preview, Receipt

LONGEST = 65_536
"""Characters; what WhatsApp takes in one message, and more than others do."""


class ManualCredentials(Credentials):
    place: str = Field(
        min_length=1,
        max_length=100,
        title="Place",
        description="What the team calls it, like “WhatsApp channel of the Commission”.",
    )
    url: str = Field(
        default="",
        max_length=500,
        title="Its address",
        description="Where the channel is found, like https://whatsapp.com/channel/…; blank if it has none.",
    )
    text_limit: int = Field(
        default=4096,
        ge=50,
        le=LONGEST,
        title="Characters in one post",
        description="How long a text the place takes.",
    )

    @field_validator("url")
    @classmethod
    def _of_the_web(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("an address begins with https://")
        return value


class Manual(Network):
    kind: ClassVar[str] = "manual"
    label: ClassVar[str] = "By hand"
    credentials: ClassVar[type[Credentials]] = ManualCredentials

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, lambda text: split_runs(text, only_addresses), _payload)

    def publish(self, part: Part, context: Context, key: str) -> Pending:  # noqa: ARG002  nothing is sent
        context.before_publish()
        return Pending(data={})

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:
        """Nobody can look but a person."""
        raise NotImplementedError

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:  # noqa: ARG002
        assert isinstance(credentials, ManualCredentials), type(credentials)  # a bug, not an input
        return Identity(
            id=credentials.place.casefold(),
            handle="",
            name=credentials.place,
            url=credentials.url,
            limits={"text": credentials.text_limit},
        )


def _payload(part: Part) -> dict[str, Any]:
    """Nothing is sent: what a person is to carry over."""
    return {"text": part.text, "descriptions": [media.alt for media in part.media]}
