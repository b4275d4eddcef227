"""Facebook Pages, by a page access token (Graph API; parameters as in Meta's own specification of Page and PagePost).

Graph knows no key against doubles and may publish behind an error, so what is unclear is looked up among the newest
posts of the page. Pictures go up unpublished first, each with its description; the post then names them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from publisher.errors import AccountBlocked, NetworkError, Refused, Retry, Uncertain
from publisher.networks import facebook_video
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.figures import of_page_post
from publisher.networks.graph import is_gone, newest, same_words
from publisher.networks.graph_token import PageCredentials, page_wire, read_token
from publisher.networks.limit_types import Limits
from publisher.networks.media import load_image, load_video
from publisher.networks.meta_sign_in import FacebookSignIn
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import show, split_runs
from publisher.networks.sign_in import SignIn
from publisher.networks.wire import Wire
from publisher.text.links import Span
from publisher.types import Draft, Figures, Identity, Media, Part, Pending, Preview, Receipt, Run

FIELDS = "id,message,created_time,permalink_url,attachments{subattachments.limit(20){media_type},media_type}"
SOON, LOOK = 1.0, 15.0
"""Seconds until a video that is there is published, and between two looks at one that Facebook prepares."""
NEEDED = ("pages_manage_posts", "pages_read_engagement")


class Facebook(Network):
    kind: ClassVar[str] = "facebook"
    label: ClassVar[str] = "Facebook"
    credentials: ClassVar[type[Credentials]] = PageCredentials
    sign_in: ClassVar[SignIn | None] = FacebookSignIn()

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request; uploads get three times that."""
        self._timeout = timeout

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, _runs, _payload)

    def publish(self, part: Part, context: Context, key: str) -> Receipt | Pending:  # noqa: ARG002  Graph honours no key
        """Pending with a video, which is on Facebook then and not yet published."""
        payload, page = _payload(part), context.account.id
        with self._wire(context.credentials, context) as wire:
            if part.media and part.media[0].is_video:
                video = load_video(part.media[0], context.load, context.limits.video)
                kept = facebook_video.upload(wire, page, video, context.alive)
                return Pending(data={**kept, "text": part.text}, after=SOON)
            for item, media in zip(payload.get("attached_media", ()), part.media, strict=True):
                item["media_fbid"] = self._upload(wire, media, context)
            try:
                answer = wire.send("POST", f"{page}/feed", json=payload, needs=("id",))
            except Refused as error:
                if error.key != "network.duplicate":
                    raise
                return self._twin(part, context, error)
        return _receipt(str(answer.object["id"]))

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        data, page = pending.data, context.account.id
        with self._wire(context.credentials, context) as wire:
            seen = self._look(wire, data["video"])
            if seen is None:  # a worker that died may have published it: the page is looked through first
                raise Uncertain("network.uncertain", f"video {data['video']} is not there", network=self.label)
            state, told = seen
            if state == facebook_video.OPEN:
                facebook_video.publish(wire, page, data["session"], data["text"])
        return _of_video(told, page) if state == facebook_video.OUT else Pending(data=data, after=LOOK)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  Graph honours no key
        """By the video where there is one; else among what the page published since `context.stamp`, newest first.

        Raises Uncertain where that is more than `limits.lookup_posts`: then "not seen" is not "not there".
        """
        since = context.stamp - timedelta(seconds=context.limits.lookup_back)
        path, most = f"{context.account.id}/published_posts", context.limits.lookup_posts
        with self._wire(context.credentials) as wire:
            if number := context.pending.get("video", ""):
                try:
                    seen = self._look(wire, number)
                except Refused:  # Facebook cannot use it
                    return None
                if seen is not None:
                    return self._settled(*seen, context)
            for post in newest(wire, path, {"fields": FIELDS}, at="created_time", since=since, most=most):
                if _is_part(post, part):
                    return _receipt(str(post["id"]), str(post.get("permalink_url", "")))
        return None

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:  # noqa: ARG002
        with self._wire(credentials) as wire:
            try:
                page = wire.ask("GET", "me", params={"fields": "id,name,username,link,category"}, needs=("id", "name"))
            except Refused as error:
                # Only a page has a category: Graph refuses the field for a person.
                raise AccountBlocked("facebook.not_a_page", error.diagnostic) from None
            expires_at, _ = read_token(wire, credentials, NEEDED)
        told = page.object
        return Identity(
            id=str(told["id"]),
            handle=str(told.get("username") or told["name"]),
            name=str(told["name"]),
            url=str(told.get("link") or f"https://www.facebook.com/{told['id']}"),
            expires_at=expires_at,
        )

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  no key
        with self._wire(context.credentials, context) as wire:
            wire.send("POST", receipt.id, json={"message": part.text}, needs=("success",))
        return receipt

    def find_edit(self, receipt: Receipt, part: Part, context: Context) -> Receipt | None:
        with self._wire(context.credentials) as wire:
            told = wire.ask("GET", receipt.id, params={"fields": "id,message"}, needs=("id",)).object
        return receipt if same_words(told.get("message"), part.text) else None

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        with self._wire(context.credentials) as wire:
            return of_page_post(wire, receipt.id)

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._wire(context.credentials) as wire:
            try:
                wire.ask("DELETE", receipt.id, needs=("success",))
            except Refused as error:
                if not is_gone(error):
                    raise

    def _wire(self, credentials: Credentials, context: Context | None = None) -> Wire:
        return page_wire(self.label, credentials, self._timeout, context)

    def _look(self, wire: Wire, number: str) -> tuple[str, Mapping[str, Any]] | None:
        """How a video stands; None where there is none. Raises Refused where Facebook cannot use it."""
        try:
            return facebook_video.look(wire, number)
        except Refused as error:
            if is_gone(error):
                return None
            if error.key == "network.media_refused":
                raise
            # Of the look: it says nothing of the video.
            raise Retry("network.unavailable", error.diagnostic, network=self.label) from None

    def _settled(self, state: str, told: Mapping[str, Any], context: Context) -> Receipt | None:
        if state == facebook_video.WORKING:
            raise Uncertain("network.uncertain", f"video {told['id']} is being prepared", network=self.label)
        return _of_video(told, context.account.id) if state == facebook_video.OUT else None

    def _twin(self, part: Part, context: Context, error: Refused) -> Receipt:
        """The post that ours is a duplicate of, if it is this part, of a try before this one: then it is out.

        Raises Refused where it is another, Uncertain where nobody can tell.
        """
        try:
            found = self.find(part, context, "")
        except NetworkError as failed:
            raise Uncertain("network.uncertain", failed.diagnostic, network=self.label) from None
        if found is None:
            raise error
        return found

    def _upload(self, wire: Wire, media: Media, context: Context) -> str:
        """The number of the picture on Facebook. It is not published, so it may be uploaded again."""
        image = load_image(media, context.load, context.limits.image)
        form = {"published": "false", "alt_text_custom": media.alt}
        files = {"source": ("image." + image.type.removeprefix("image/"), image.data, image.type)}
        answer = wire.ask("POST", f"{context.account.id}/photos", data=form, files=files, needs=("id",))
        return str(answer.object["id"])


def _payload(part: Part) -> dict[str, Any]:
    """The body of the request. The numbers of pictures, which Facebook gives during the call, stay blank here."""
    if part.media and part.media[0].is_video:
        return {"description": part.text}
    payload: dict[str, Any] = {"message": part.text}
    if part.media:
        payload["attached_media"] = [{"media_fbid": ""} for _ in part.media]
    elif part.card:
        payload["link"] = part.card.url
    return payload


def _receipt(number: str, url: str = "") -> Receipt:
    return Receipt(id=number, url=url or f"https://www.facebook.com/{number}")


def _of_video(told: Mapping[str, Any], page: str) -> Receipt:
    """The post of a video; its number comes with or without that of the page."""
    number, address = str(told["post_id"]), str(told.get("permalink_url") or "")
    number = number if "_" in number else f"{page}_{number}"
    return _receipt(number, f"https://www.facebook.com{address}" if address.startswith("/") else address)


def _is_part(post: Mapping[str, Any], part: Part) -> bool:
    kind = "video" if part.media and part.media[0].is_video else "photo"
    return same_words(post.get("message"), part.text) and _count(post, kind) == len(part.media)


def _count(post: Mapping[str, Any], kind: str) -> int:
    """How many pictures or videos a post has; the one of a link's card is none."""
    attachments = post.get("attachments")
    found = attachments.get("data") if isinstance(attachments, dict) else None
    count = 0
    for attachment in found if isinstance(found, list) else []:
        below = attachment.get("subattachments", {}).get("data", []) if isinstance(attachment, dict) else []
        items = below or [attachment]
        count += sum(isinstance(item, dict) and item.get("media_type") == kind for item in items)
    return count


def _runs(text: str) -> Iterator[Run]:
    """Facebook makes links of addresses and of hashtags; a name with @ stays plain text."""

    def href(span: Span) -> str:
        tag = span.text.removeprefix("#")
        return f"https://www.facebook.com/hashtag/{tag}" if span.kind == "hashtag" else span.href

    return split_runs(text, href)
