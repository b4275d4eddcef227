"""Bluesky: posts as records in the account's own repository (atproto).

Never twice: the record key and the creation time follow from the revision alone, and a record is only ever written
where none stands (`putRecord` with `swapRecord: null`; for a thread one `applyWrites` of creations). So the same call
made again finds its own post, and `find` is a look under that key.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from publisher.enums import Severity
from publisher.errors import AccountBlocked, Refused, Uncertain
from publisher.networks.base import Context, Network, let_go
from publisher.networks.bluesky_client import ENTRYWAY, BlueskyClient
from publisher.networks.bluesky_errors import CallError
from publisher.networks.bluesky_record import (
    APP,
    COLLECTION,
    Blob,
    Given,
    build_record,
    format_time,
    is_ours,
    make_tid,
    mentioned,
    record_cid,
    reply_to,
    text_runs,
)
from publisher.networks.bluesky_video import VIDEO_SERVICE, upload_video
from publisher.networks.credentials import Credentials
from publisher.networks.figures import added, count
from publisher.networks.limit_types import ImageLimits, Limits
from publisher.networks.media import load_captions, load_image, load_video
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.server_address import is_safe
from publisher.text.measure import measure
from publisher.types import Draft, Figures, Identity, Issue, Media, Part, Preview, PreviewPart, Receipt

# A handle copied from the app brings invisible marks for the direction of writing.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class BlueskyCredentials(Credentials):
    identifier: str = Field(
        min_length=1,
        title="Handle or e-mail address",
        description="The account's handle, like press.example.eu, or the e-mail address it was opened with.",
    )
    app_password: SecretStr = Field(
        min_length=1,
        title="App password",
        description="Made at Bluesky under Settings, Privacy and security, App passwords. Not the main password.",
    )
    base_url: str = Field(
        default=ENTRYWAY,
        title="Server",
        description=f"{ENTRYWAY}, unless the institution runs a Bluesky server (PDS) of its own.",
    )
    session: SecretStr | None = Field(default=None, json_schema_extra={"internal": True})
    """The signed-in session as `save` got it; not for people."""

    @field_validator("identifier")
    @classmethod
    def _clean_identifier(cls, value: str) -> str:
        name = _INVISIBLE.sub("", value).strip().removeprefix("@")
        if not name:
            raise ValueError("must be a handle like press.example.eu or an e-mail address")
        return name

    @field_validator("base_url")
    @classmethod
    def _clean_base_url(cls, value: str) -> str:
        url = value.rstrip("/").removesuffix("/xrpc")
        if not re.fullmatch(r"https?://[^\s/]+", url):
            raise ValueError("must be an address like https://bsky.social")
        parts = urlsplit(url)
        if not is_safe(parts.scheme, (parts.hostname or "").lower()):
            raise ValueError("must begin with https://, so that the password never travels in the open")
        return url


@dataclass(frozen=True, slots=True)
class _Post:
    """A record ready to be written."""

    uri: str
    cid: str
    rkey: str
    record: Mapping[str, Any]


class Bluesky(Network):
    kind = "bluesky"
    label = "Bluesky"
    credentials = BlueskyCredentials
    timeout: ClassVar[float] = CALL_TIMEOUT

    def __init__(self, *, wait: Callable[[float], None] = time.sleep) -> None:
        """`wait` passes the seconds between two looks at a video that is being prepared."""
        self._wait = wait

    def warm_up(self) -> None:
        import atproto  # noqa: F401  # slow import

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        limits = limits or self.limits
        return Preview(
            network=self.kind, parts=tuple(_preview_part(part, draft.language, limits) for part in draft.parts)
        )

    def publish(self, part: Part, context: Context, key: str) -> Receipt:
        return self.publish_thread([part], context, [key])[0]

    def publish_thread(self, parts: Sequence[Part], context: Context, keys: Sequence[str]) -> list[Receipt]:
        with self._account(context) as client:
            posts = self._prepare(client, parts, context, keys)
            try:
                cids = _write(client, posts)
            except CallError as failure:
                cids = _settle(client, posts, failure)
            return [_receipt(post.uri, cid, client.handle) for post, cid in zip(posts, cids, strict=True)]

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:
        with self._account(context) as client:
            found = client.record(client.did, COLLECTION, make_tid(context.stamp, key))
            if not found or not is_ours(found["value"], part.text, format_time(context.stamp)):
                return None
            return _receipt(found["uri"], found["cid"], client.handle)

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        with self._client(credentials, save) as client:
            session = client.query("com.atproto.server.getSession")
            if session.get("active") is False:
                name = {"deactivated": "AccountDeactivated"}.get(session.get("status", ""), "AccountTakedown")
                raise CallError(401, name, str(session.get("status")))
            name, avatar = _profile(client)
            return Identity(
                id=client.did, handle=client.handle, name=name, url=f"{APP}/profile/{client.handle}", avatar=avatar
            )

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        """app.bsky.feed.getPosts, which the account's server asks of the network's view of all posts."""
        uri = receipt.data.get("uri") or receipt.id
        with self._account(context) as client:
            told = client.query("app.bsky.feed.getPosts", uris=[uri])
        found = [post for post in told.get("posts") or () if isinstance(post, dict) and post.get("uri") == uri]
        if not found:
            raise Refused("network.edit_gone", "getPosts does not have it", network=self.label)
        return Figures(
            likes=count(found[0].get("likeCount")),
            replies=count(found[0].get("replyCount")),
            reposts=added(count(found[0].get("repostCount")), count(found[0].get("quoteCount"))),
        )

    def delete(self, receipt: Receipt, context: Context) -> None:
        # Deleting what is gone is no error, so even an unclear answer allows another try.
        rkey = receipt.id.rpartition("/")[2]
        with self._account(context) as client:
            client.call("com.atproto.repo.deleteRecord", {"repo": client.did, "collection": COLLECTION, "rkey": rkey})

    def check(self, draft: Draft, limits: Limits | None = None) -> list[Issue]:
        issues = super().check(draft, limits)
        for index, part in enumerate(draft.parts):
            if part.media and part.card:
                field = f"parts.{index}.card" if len(draft.parts) > 1 else "card"
                issues.append(Issue(field=field, key="bluesky.card_left_out", severity=Severity.WARNING))
        return issues

    def _prepare(
        self, client: BlueskyClient, parts: Sequence[Part], context: Context, keys: Sequence[str]
    ) -> list[_Post]:
        """The records of all parts, each answering the one before it. Uploads what they show; writes no post."""
        created_at = format_time(context.stamp)
        chain: list[Mapping[str, str]] = [receipt.data for receipt in context.thread]
        posts: list[_Post] = []
        for part, key in zip(parts, keys, strict=True):
            blobs, captions = self._upload(client, part, context)
            given = Given(
                created_at=created_at,
                dids=_resolve(client, mentioned(part.text)),
                blobs=blobs,
                captions=captions,
                reply=reply_to(chain[0], chain[-1]) if chain else None,
            )
            record = build_record(part, context.language, given)
            rkey = make_tid(context.stamp, key)
            post = _Post(f"at://{client.did}/{COLLECTION}/{rkey}", record_cid(record), rkey, record)
            posts.append(post)
            chain.append({"uri": post.uri, "cid": post.cid})
        return posts

    def _upload(
        self, client: BlueskyClient, part: Part, context: Context
    ) -> tuple[tuple[Blob, ...], Mapping[str, Any] | None]:
        """What the embed shows: the video, else the images, else the card's thumbnail; and the video's subtitles."""
        if part.media and part.media[0].is_video:
            media = part.media[0]
            video = load_video(media, context.load, context.limits.video)
            words = load_captions(media, context.load, context.limits)
            captions = client.upload(words, "text/vtt") if words else None
            name, service = f"{media.sha256[:16]}.mp4", self._service(client)
            ref = upload_video(client, video, name, service, self._wait, context.alive)
            return (Blob(ref, video.width, video.height),), captions
        if part.media:
            return tuple(_upload_one(client, media, context, context.limits.image) for media in part.media), None
        if part.card and part.card.image and part.card.image.sha256:
            return (_upload_one(client, part.card.image, context, context.limits.card_image),), None
        return (), None

    def _service(self, client: BlueskyClient) -> str:
        """Where videos are prepared, for accounts on servers that it can reach; blank for others."""
        return VIDEO_SERVICE if client.server.startswith("https://") else ""

    @contextmanager
    def _client(
        self,
        credentials: Credentials,
        save: Callable[[Mapping[str, str]], None],
        before_publish: Callable[[], None] = let_go,
    ) -> Iterator[BlueskyClient]:
        given = cast("BlueskyCredentials", credentials)
        try:
            with BlueskyClient(
                base_url=given.base_url,
                identifier=given.identifier,
                password=given.app_password.get_secret_value(),
                session=given.session.get_secret_value() if given.session else "",
                save=save,
                timeout=self.timeout,
                before_publish=before_publish,
            ) as client:
                yield client
        except CallError as failure:
            raise failure.as_error() from None

    @contextmanager
    def _account(self, context: Context) -> Iterator[BlueskyClient]:
        """Signed in as the channel's own account and no other."""
        with self._client(context.credentials, context.save, context.before_publish) as client:
            if context.account.id not in ("", client.did):
                raise AccountBlocked(
                    "bluesky.other_account", client.did, handle=client.handle, expected=context.account.handle
                )
            yield client


def _preview_part(part: Part, language: str, limits: Limits) -> PreviewPart:
    measured = measure(part.text, limits.unit, limits.text, limits.url_length)
    return PreviewPart(
        runs=text_runs(part.text),
        length=measured.length,
        limit=measured.limit,
        media=part.media,
        card=None if part.media else part.card,
        payload=build_record(part, language),
    )


def _receipt(uri: str, cid: str, handle: str) -> Receipt:
    rkey = uri.rpartition("/")[2]
    return Receipt(id=uri, url=f"{APP}/profile/{handle}/post/{rkey}", data={"uri": uri, "cid": cid})


def _upload_one(client: BlueskyClient, media: Media, context: Context, limits: ImageLimits | None) -> Blob:
    picture = load_image(media, context.load, limits)
    return Blob(client.upload(picture.data, picture.type), picture.width, picture.height)


def _resolve(client: BlueskyClient, handles: Sequence[str]) -> dict[str, str]:
    """DIDs by handle. A handle that cannot be resolved now stays plain text: no reason to hold up a post."""
    dids = {}
    for handle in dict.fromkeys(handles):
        try:
            did = client.query("com.atproto.identity.resolveHandle", handle=handle).get("did")
        except CallError as failure:
            if failure.status in (401, 429):
                raise
            continue
        if isinstance(did, str):
            dids[handle] = did
    return dids


def _write(client: BlueskyClient, posts: Sequence[_Post]) -> list[str]:
    """Write all or nothing, and only where nothing stands; the CIDs as the server has them. Raises CallError."""
    if len(posts) == 1:
        [post] = posts
        body = {"repo": client.did, "collection": COLLECTION, "rkey": post.rkey, "record": post.record}
        # null means: only if there is no such record. An identical one is answered like a success.
        answers = [client.call("com.atproto.repo.putRecord", {**body, "swapRecord": None})]
    else:
        writes = [
            {
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": COLLECTION,
                "rkey": post.rkey,
                "value": post.record,
            }
            for post in posts
        ]
        answers = client.call("com.atproto.repo.applyWrites", {"repo": client.did, "writes": writes}).get("results", [])
    cids = [answer["cid"] for answer in answers if isinstance(answer, dict) and isinstance(answer.get("cid"), str)]
    if len(cids) != len(posts):
        raise CallError(200, message="the answer to a write names no record")
    return cids


def _settle(client: BlueskyClient, posts: Sequence[_Post], failure: CallError) -> list[str]:
    """After a write that did not go well: the CIDs if all posts stand all the same, else the error that is true."""
    occupied = failure.name == "InvalidSwap"
    if not failure.left or (failure.is_definite and not occupied):
        raise failure
    uncertain = Uncertain("network.uncertain", failure.diagnostic, network="Bluesky")
    if failure.status == 0:
        # The request may still be under way: a look now could miss what comes out in a moment.
        raise uncertain
    try:
        found = [client.record(client.did, COLLECTION, post.rkey) for post in posts]
    except CallError:
        raise uncertain from None
    cids = [
        str(there["cid"])
        for there, post in zip(found, posts, strict=True)
        if there and is_ours(there["value"], post.record["text"], post.record["createdAt"])
    ]
    if len(cids) == len(posts):
        return cids
    if occupied:
        raise Refused("bluesky.other_record", failure.diagnostic)
    raise uncertain


def _profile(client: BlueskyClient) -> tuple[str, str]:
    """Name and avatar address. A server without a view of the network still has the account's own record."""
    try:
        profile = client.query("app.bsky.actor.getProfile", actor=client.did)
        return str(profile.get("displayName") or ""), str(profile.get("avatar") or "")
    except CallError:
        pass
    try:
        record = client.record(client.did, "app.bsky.actor.profile", "self")
    except CallError:
        record = None
    return str(record["value"].get("displayName") or "") if record else "", ""
