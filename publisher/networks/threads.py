"""Threads, by the Threads API (parameters as in Meta's own Postman collection): a container first, then the post.

`publish` only makes the container, which nobody sees; `resume` publishes it when it is ready. Pictures and videos are
fetched by Threads from a public address of ours. A token lives 60 days and is renewed long before that.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from publisher.errors import AccountBlocked, NetworkError, Refused, Retry, Uncertain
from publisher.networks import containers
from publisher.networks.base import CALL_TIMEOUT, Context, Credentials, Network
from publisher.networks.graph import is_gone, judge_for, newest, same_words, when
from publisher.networks.limits import Limits
from publisher.networks.media import load_image, load_video
from publisher.networks.wire import Wire
from publisher.text.links import find_links
from publisher.text.measure import measure
from publisher.types import Draft, Identity, Media, Part, Pending, Preview, PreviewPart, Receipt, Run

FIELDS = "id,text,timestamp,permalink,media_type,children"
STATUS = {"status": "status", "why": "error_message"}
"""The fields of a container."""
RENEW = timedelta(days=50)
"""A token that ends sooner than this is renewed. It must be a day old for that, or Threads refuses."""
TEXT_WAIT = 1.0
"""Seconds until a container without pictures is looked at."""


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


class Threads(Network):
    kind: ClassVar[str] = "threads"
    label: ClassVar[str] = "Threads"
    credentials: ClassVar[type[Credentials]] = ThreadsCredentials

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request."""
        self._timeout = timeout

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        limits = limits or self.limits
        parts = tuple(
            PreviewPart(
                runs=tuple(_runs(part.text)),
                length=measure(part.text, limits.unit, limits.text).length,
                limit=limits.text,
                media=part.media,
                card=None if part.media else part.card,
                payload=_payload(part),
            )
            for part in draft.parts
        )
        return Preview(network=self.kind, parts=parts)

    def publish(self, part: Part, context: Context, key: str) -> Pending:  # noqa: ARG002  Threads takes no key
        payload = _payload(part)
        parent = context.thread[-1].id if context.thread else ""
        if parent:
            payload["reply_to_id"] = parent
        with self._wire(context.credentials, context) as wire:
            if len(part.media) == 1:
                payload |= _address(part.media[0], context)
            elif part.media:
                payload["children"] = ",".join(self._child(wire, media, context) for media in part.media)
            container = str(wire.ask("POST", "me/threads", data=payload, needs=("id",)).object["id"])
        data = {"container": container, "text": part.text, "media": str(len(part.media)), "reply_to": parent}
        return Pending(data=data, after=containers.LOOK if part.media else TEXT_WAIT)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        container = pending.data["container"]
        with self._wire(context.credentials, context) as wire:
            state = containers.state_of(wire, container, **STATUS)
            if state == containers.READY:
                answer = wire.send("POST", "me/threads_publish", data={"creation_id": container}, needs=("id",))
                return self._published(wire, str(answer.object["id"]), pending)
            found = self._search(wire, pending.data, context) if state == containers.OUT else None
        return found or Pending(data=pending.data, after=containers.LOOK)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  Threads takes no key
        """By the container where there is one; else among what the account posted since `context.stamp`."""
        parent = context.thread[-1].id if context.thread else ""
        wanted = {"text": part.text, "media": str(len(part.media)), "reply_to": parent}
        container = context.pending.get("container", "")
        with self._wire(context.credentials) as wire:
            out = containers.is_published(wire, container, **STATUS) if container else None
            if out is False:
                return None
            found = self._search(wire, wanted, context)
        if out and found is None:
            raise Uncertain("network.uncertain", "published, and not listed yet", network=self.label)
        return found

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        own = self._renewed(_own(credentials), save)
        with self._wire(own) as wire:
            params = {"fields": "id,username,name,threads_profile_picture_url"}
            told = wire.ask("GET", "me", params=params, needs=("id", "username")).object
        return Identity(
            id=str(told["id"]),
            handle=str(told["username"]),
            name=str(told.get("name") or told["username"]),
            url=f"https://www.threads.com/@{told['username']}",
            avatar=str(told.get("threads_profile_picture_url") or ""),
            expires_at=when(own.ends),
        )

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._wire(context.credentials) as wire:
            try:
                wire.ask("DELETE", receipt.id, needs=("success",))
            except Refused as error:
                if not is_gone(error):
                    raise

    def _wire(self, credentials: Credentials, context: Context | None = None, *, version: str = "/v1.0") -> Wire:
        own = _own(credentials)
        token = own.access_token.get_secret_value()
        return Wire(
            self.label,
            own.base_url.rstrip("/") + version,
            timeout=self._timeout,
            judge=judge_for(self.label),
            headers={"Authorization": f"Bearer {token}"},
            before=context.before_publish if context else None,
            secrets=[token],
        )

    def _child(self, wire: Wire, media: Media, context: Context) -> str:
        """The number of one picture or video of several. Nobody sees it, so it may be made again."""
        child = {"media_type": _kind(media), "is_carousel_item": "true", "alt_text": media.alt}
        answer = wire.ask("POST", "me/threads", data={**child, **_address(media, context)}, needs=("id",))
        return str(answer.object["id"])

    def _published(self, wire: Wire, number: str, pending: Pending) -> Receipt | Pending:
        """The post, which is out; where its address is not told yet, the next look finds both."""
        try:
            told = wire.ask("GET", number, params={"fields": "id,permalink"}, needs=("permalink",)).object
        except NetworkError:
            return Pending(data=pending.data, after=containers.LOOK)
        return Receipt(id=number, url=str(told["permalink"]))

    def _search(self, wire: Wire, wanted: Mapping[str, str], context: Context) -> Receipt | None:
        """Among the newest posts, or for a part of a thread among the newest replies. Raises Retry, Uncertain."""
        reply_to = wanted["reply_to"]
        path, fields = ("me/replies", FIELDS + ",replied_to") if reply_to else ("me/threads", FIELDS)
        since = context.stamp - timedelta(seconds=context.limits.lookup_back)
        most = context.limits.lookup_posts
        try:
            for post in newest(wire, path, {"fields": fields}, at="timestamp", since=since, most=most):
                answered = post.get("replied_to")
                parent = str(answered.get("id", "")) if isinstance(answered, dict) else ""
                if parent == reply_to and same_words(post.get("text"), wanted["text"]) and _holds(post, wanted):
                    return Receipt(id=str(post["id"]), url=str(post.get("permalink", "")))
        except Refused as error:  # of the look-up: it says nothing of the post
            raise Retry("network.unavailable", error.diagnostic, network=self.label) from None
        return None

    def _renewed(self, own: ThreadsCredentials, save: Callable[[Mapping[str, str]], None]) -> ThreadsCredentials:
        """The credentials with a token that ends in 60 days, stored; the same where Threads does not renew it (yet)."""
        ends = when(own.ends)
        if ends and ends - datetime.now(UTC) > RENEW:
            return own
        with self._wire(own, version="") as wire:
            try:
                params = {"grant_type": "th_refresh_token"}
                told = wire.ask("GET", "refresh_access_token", params=params, needs=("access_token", "expires_in"))
            except (Refused, AccountBlocked):  # younger than a day, or dead: which of them, the next call tells
                return own
        token, seconds = told.object["access_token"], told.object["expires_in"]
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            return own
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        save({"access_token": token, "ends": until.isoformat()})
        return own.model_copy(update={"access_token": SecretStr(token), "ends": until.isoformat()})


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


def _address(media: Media, context: Context) -> dict[str, str]:
    """Where Threads fetches it."""
    if media.is_video:
        return {"video_url": context.public(load_video(media, context.load, context.limits.video))}
    return {"image_url": context.public(load_image(media, context.load, context.limits.image))}


def _holds(post: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether a post has as many pictures as is wanted."""
    kind, count = post.get("media_type"), int(wanted["media"])
    if kind != "CAROUSEL_ALBUM":
        return count == (1 if kind in {"IMAGE", "VIDEO"} else 0)
    children = post.get("children")
    below = children.get("data") if isinstance(children, dict) else None
    return not isinstance(below, list) or len(below) == count


def _runs(text: str) -> list[Run]:
    """Threads makes links of addresses and of names; the first hashtag becomes the topic."""
    runs, end, tagged = [], 0, False
    for span in find_links(text):
        href = span.href
        if span.kind == "mention":
            href = f"https://www.threads.com/{span.text}"
        elif span.kind == "hashtag" and tagged:
            continue
        elif span.kind == "hashtag":
            tagged = True
            href = f"https://www.threads.com/search?q={span.text.removeprefix('#')}"
        runs += [Run(text=text[end : span.start]), Run(text=span.text, href=href)]
        end = span.end
    runs.append(Run(text=text[end:]))
    return [run for run in runs if run.text]
