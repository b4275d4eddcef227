"""Threads, by the Threads API (parameters as in Meta's own Postman collection): a container first, then the post.

`publish` only makes the container, which nobody sees; `resume` publishes it when it is ready. Pictures and videos are
fetched by Threads from a public address of ours. A token lives 60 days and is renewed long before that.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import Field, SecretStr

from publisher.errors import NetworkError
from publisher.networks.base import Context
from publisher.networks.containers import Listing, TwoSteps, address_of
from publisher.networks.credentials import Credentials
from publisher.networks.figures import of_thread
from publisher.networks.graph import judge_for, when
from publisher.networks.limit_types import Limits
from publisher.networks.meta_sign_in import ThreadsSignIn, token_of
from publisher.networks.preview import show, split_runs
from publisher.networks.sign_in import SignIn
from publisher.networks.wire import Wire
from publisher.text.links import Span, find_links
from publisher.types import Draft, Figures, Identity, Media, Part, Pending, Preview, Receipt, Run

SIGN_IN = ThreadsSignIn()


class ThreadsCredentials(Credentials):
    access_token: SecretStr = Field(
        min_length=1,
        title="Long-lived access token",
        description="Of the Threads account, good for 60 days; Publisher renews it. See the steps beside this form.",
    )
    base_url: str = Field(
        default="https://graph.threads.net", pattern=r"^https?://[^\s/?#@]+/?$", title="Address of the API"
    )
    ends: str = Field(default="", json_schema_extra={"internal": True})
    """Until when the token holds (ISO time), as Threads said when it renewed it."""


class Threads(TwoSteps):
    kind: ClassVar[str] = "threads"
    label: ClassVar[str] = "Threads"
    credentials: ClassVar[type[Credentials]] = ThreadsCredentials
    sign_in: ClassVar[SignIn | None] = SIGN_IN
    publishing: ClassVar[str] = "threads_publish"
    status: ClassVar[str] = "status"
    why: ClassVar[str] = "error_message"

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, _runs, _payload)

    def publish(self, part: Part, context: Context, key: str) -> Pending:  # noqa: ARG002  Threads takes no key
        payload = _payload(part)
        parent = context.thread[-1].id if context.thread else ""
        if parent:
            payload["reply_to_id"] = parent
        with self._wire(context.credentials, context) as wire:
            if len(part.media) == 1:
                payload |= address_of(part.media[0], context)
            elif part.media:
                payload["children"] = ",".join(self._child(wire, media, context) for media in part.media)
            container = str(wire.ask("POST", "me/threads", data=payload, needs=("id",)).object["id"])
        return self._pending(container, part, context)

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        own = self._renewed(_own(credentials), save)
        with self._wire(own) as wire:
            params = {"fields": "id,username,name,threads_profile_picture_url"}
            told = wire.ask("GET", "me", params=params, needs=("id", "username")).object
            scopes, ends = token_of(wire, "", own.access_token.get_secret_value())
        SIGN_IN.look_at_scopes(scopes)
        return Identity(
            id=str(told["id"]),
            handle=str(told["username"]),
            name=str(told.get("name") or told["username"]),
            url=f"https://www.threads.com/@{told['username']}",
            avatar=str(told.get("threads_profile_picture_url") or ""),
            expires_at=when(own.ends) or ends,
            warning=SIGN_IN.what_is_missing(scopes),
        )

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        with self._wire(context.credentials) as wire:
            return of_thread(wire, receipt.id)

    def _path(self, context: Context, edge: str) -> str:  # noqa: ARG002  the token says whose
        return f"me/{edge}"

    def _listing(self, context: Context, reply_to: str) -> Listing:  # noqa: ARG002
        return Listing("me/replies", "text", ",replied_to") if reply_to else Listing("me/threads", "text")

    def _wire(self, credentials: Credentials, context: Context | None = None) -> Wire:
        own = _own(credentials)
        token = own.access_token.get_secret_value()
        return Wire(
            self.label,
            own.base_url.rstrip("/") + "/v1.0",
            timeout=self._timeout,
            judge=judge_for(self.label),
            headers={"Authorization": f"Bearer {token}"},
            before=context.before_publish if context else None,
            secrets=[token],
        )

    def _child(self, wire: Wire, media: Media, context: Context) -> str:
        """The number of one picture or video of several. Nobody sees it, so it may be made again."""
        child = {"media_type": _kind(media), "is_carousel_item": "true", "alt_text": media.alt}
        answer = wire.ask("POST", "me/threads", data={**child, **address_of(media, context)}, needs=("id",))
        return str(answer.object["id"])

    def _renewed(self, own: ThreadsCredentials, save: Callable[[Mapping[str, str]], None]) -> ThreadsCredentials:
        """The credentials with a token that ends in 60 days, stored; the same where Threads does not renew it (yet)."""
        at = SIGN_IN.renews_at(own)
        if at and at > datetime.now(UTC):
            return own
        try:
            changed = SIGN_IN.refresh(own)
        except NetworkError:  # younger than a day, dead, or out of order: which of them, the next call tells
            return own
        save(changed)
        return own.model_copy(update={"access_token": SecretStr(changed["access_token"]), "ends": changed["ends"]})


def _own(credentials: Credentials) -> ThreadsCredentials:
    assert isinstance(credentials, ThreadsCredentials), type(credentials)  # a bug, not an input
    return credentials


def _payload(part: Part) -> dict[str, str]:
    """The fields of the container, without what only the call brings: addresses of pictures, numbers of posts."""
    payload = {"media_type": "TEXT", "text": part.text}
    if len(part.media) == 1:
        payload |= {"media_type": _kind(part.media[0]), "alt_text": part.media[0].alt}
    elif part.media:
        payload["media_type"] = "CAROUSEL"
    elif part.card:
        payload["link_attachment"] = part.card.url
    return payload


def _kind(media: Media) -> str:
    return "VIDEO" if media.is_video else "IMAGE"


def _runs(text: str) -> Iterator[Run]:
    """Threads makes links of addresses and of names; the first hashtag becomes the topic."""
    topic = next((span for span in find_links(text) if span.kind == "hashtag"), None)

    def href(span: Span) -> str:
        if span.kind == "mention":
            return f"https://www.threads.com/{span.text}"
        return f"https://www.threads.com/search?q={span.text.removeprefix('#')}" if span == topic else span.href

    return split_runs(text, href)
