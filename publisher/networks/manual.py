"""Places without an official interface (WhatsApp channels and others): a person posts, and says when it is done.

Nothing is called here. `publish` leaves the post pending; `newsroom.sending.by_hand` is the way out.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar

from pydantic import Field, field_validator

from publisher.networks.base import Context, Credentials, Network
from publisher.networks.limits import Limits
from publisher.text.links import find_urls
from publisher.text.measure import measure
from publisher.types import Draft, Identity, Part, Pending, Preview, PreviewPart, Receipt, Run

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
        limits = limits or self.limits
        parts = tuple(
            PreviewPart(
                runs=tuple(_runs(part.text)),
                length=measure(part.text, limits.unit, limits.text).length,
                limit=limits.text,
                media=part.media,
                card=None if part.media else part.card,
                payload={"text": part.text, "descriptions": [media.alt for media in part.media]},
            )
            for part in draft.parts
        )
        return Preview(network=self.kind, parts=parts)

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


def _runs(text: str) -> list[Run]:
    """Web addresses can be clicked nearly everywhere; of the rest nothing is promised."""
    runs, end = [], 0
    for span in find_urls(text):
        runs += [Run(text=text[end : span.start]), Run(text=span.text, href=span.href)]
        end = span.end
    runs.append(Run(text=text[end:]))
    return [run for run in runs if run.text]
