"""TikTok, by its Content Posting API: pictures that it fetches from us, and videos that we send in pieces.

The first call of a post brings a number (`publish_id`), under which TikTok says what becomes of it. It is made once: a
second would be a second post. For pictures that call is the post. Of a video nothing is public before its last piece
has arrived, so its number is kept first, and `resume` sends the pieces, on from where TikTok says that it has come to.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from publisher.errors import Refused, Retry, StartAnew, Uncertain
from publisher.networks.base import Context, Network
from publisher.networks.check_video import length_told
from publisher.networks.credentials import Credentials
from publisher.networks.limit_types import Limits
from publisher.networks.media import load_image, load_video
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import show, split_runs
from publisher.networks.sign_in import SignIn
from publisher.networks.tiktok_account import (
    NOBODY_ELSE,
    Creator,
    TikTokCredentials,
    ask_creator,
    own,
    require_audience,
    signed_in,
    when,
    wire_for,
)
from publisher.networks.tiktok_answers import LABEL, came_to_nothing
from publisher.networks.tiktok_sign_in import TikTokSignIn
from publisher.networks.tiktok_upload import judge_upload, pieces, send_pieces
from publisher.networks.wire import Wire
from publisher.text.links import Span
from publisher.types import Draft, Identity, Media, Part, Pending, Preview, Receipt, Run

LOOK = 15.0
"""Seconds between two looks; TikTok lets an account ask thirty times a minute."""
NUMBERED_WITHIN = timedelta(minutes=10)
"""A public post has its number once it is moderated: within a minute mostly, at times after hours."""
ADDRESS_HOLDS = timedelta(minutes=70)
"""A video is sent within an hour; ten minutes later TikTok's count of its bytes has long come to rest."""

OUT, FAILED, UPLOADING = "PUBLISH_COMPLETE", "FAILED", "PROCESSING_UPLOAD"
WORKING = {UPLOADING, "PROCESSING_DOWNLOAD", "SEND_TO_USER_INBOX"}


class TikTok(Network):
    kind: ClassVar[str] = "tiktok"
    label: ClassVar[str] = LABEL
    credentials: ClassVar[type[Credentials]] = TikTokCredentials
    sign_in: ClassVar[SignIn | None] = TikTokSignIn()

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request; a piece of a video gets three times that."""
        self._timeout = timeout

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, _runs, _payload)

    def publish(self, part: Part, context: Context, key: str) -> Pending:  # noqa: ARG002  TikTok takes no key
        if part.media and part.media[0].is_video:
            return self._begin_video(part, context)
        pictures = [context.public(load_image(each, context.load, context.limits.image)) for each in part.media]
        given, creator = ask_creator(own(context.credentials), context.save, self._timeout)
        payload = _payload(part)
        payload["post_info"] |= _for_whom(given, creator)
        payload["source_info"] |= {"photo_images": pictures}
        with wire_for(given, self._timeout, context.before_publish) as wire:
            answer = wire.send("POST", "v2/post/publish/content/init/", json=payload, needs=("data.publish_id",))
        number = str(answer.object["data"]["publish_id"])
        return Pending(data={"publish_id": number, "audience": payload["post_info"]["privacy_level"]}, after=LOOK)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        given = signed_in(own(context.credentials), context.save, self._timeout)
        told = self._status(given, pending.data["publish_id"])
        if told["status"] == UPLOADING and "video" in pending.data:
            return self._send_video(pending, context, given, told)
        return _receipt(told, pending.data, context) or Pending(data=pending.data, after=LOOK)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002
        """By the number of the post. Where the answer that brings it was lost, nobody can look."""
        number = context.pending.get("publish_id")
        if not number:
            raise NotImplementedError
        given = signed_in(own(context.credentials), context.save, self._timeout)
        told = self._status(given, number)
        if told["status"] == FAILED:
            return None
        found = _receipt(told, context.pending, context)
        if found is None:
            raise Uncertain("network.uncertain", f"{number}: {told['status']}", network=self.label)
        return found

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        given, creator = ask_creator(own(credentials), save, self._timeout)
        require_audience(given, creator)
        return Identity(
            id=given.open_id,
            handle=creator.handle,
            name=creator.name,
            url=f"https://www.tiktok.com/@{creator.handle}",
            expires_at=when(given.sign_in_ends),
        )

    def _status(self, given: TikTokCredentials, number: str) -> Mapping[str, Any]:
        with wire_for(given, self._timeout) as wire:
            try:
                answer = wire.ask(
                    "POST", "v2/post/publish/status/fetch/", json={"publish_id": number}, needs=("data.status",)
                )
            except Refused as error:  # of the look: it says nothing of the post
                raise Retry("network.unavailable", error.diagnostic, network=self.label) from None
        told: dict[str, Any] = answer.object["data"]
        if told["status"] not in {OUT, FAILED, *WORKING}:
            raise Retry("network.unavailable", answer.told, network=self.label)
        return told

    def _begin_video(self, part: Part, context: Context) -> Pending:
        """A number for the video, and where to send it. Nobody sees anything of it, so this may be done again."""
        media = part.media[0]
        size = len(load_video(media, context.load, context.limits.video).data)
        given, creator = ask_creator(own(context.credentials), context.save, self._timeout)
        if creator.seconds and media.seconds > creator.seconds:
            runs = length_told(media.seconds, (0, creator.seconds), self.label)
            raise Refused("check.video_length", f"{media.seconds} s", **runs)
        payload = _payload(part)
        interaction = {"disable_duet": not creator.duets, "disable_stitch": not creator.stitches}
        payload["post_info"] |= {**_for_whom(given, creator), **interaction}
        piece, count = pieces(size)
        payload["source_info"] |= {"video_size": size, "chunk_size": piece, "total_chunk_count": count}
        with wire_for(given, self._timeout) as wire:
            needs = ("data.publish_id", "data.upload_url")
            told = wire.ask("POST", "v2/post/publish/video/init/", json=payload, needs=needs).object["data"]
        data = {
            "publish_id": str(told["publish_id"]),
            "audience": payload["post_info"]["privacy_level"],
            "video": media.sha256,
            "type": media.type,
            "address": str(told["upload_url"]),
            "until": (datetime.now(UTC) + ADDRESS_HOLDS).isoformat(),
        }
        return Pending(data=data, after=0)

    def _send_video(
        self, pending: Pending, context: Context, given: TikTokCredentials, told: Mapping[str, Any]
    ) -> Pending:
        """What TikTok does not have of the video yet. Raises StartAnew where it can be sent no longer."""
        number, there = pending.data["publish_id"], int(told.get("uploaded_bytes") or 0)
        media = Media(sha256=pending.data["video"], type=pending.data["type"])
        video = load_video(media, context.load, context.limits.video)
        address = pending.data.get("address", "")
        done = there >= len(video.data)
        if not done and datetime.now(UTC) > datetime.fromisoformat(pending.data["until"]):
            raise StartAnew("network.container_lost", f"{number}: {there} bytes in an hour", network=self.label)
        if not done and address:
            with Wire(
                self.label,
                given.base_url,
                timeout=self._timeout,
                judge=judge_upload,
                before=context.before_publish,
                secrets=[address, address.partition("?")[2]],
            ) as wire:
                done = send_pieces(wire, address, video, there)
        return Pending(data=pending.data, after=LOOK if done or not address else 0)


def _payload(part: Part) -> dict[str, Any]:
    """The request, without what only the call brings: who may see and answer it, and where pictures and bytes are."""
    nothing_sold = {"brand_content_toggle": False, "brand_organic_toggle": False}
    if part.media and part.media[0].is_video:
        info = {"title": part.text, **nothing_sold, "is_aigc": False}
        return {"post_info": info, "source_info": {"source": "FILE_UPLOAD"}}
    return {
        "post_info": {"description": part.text, **nothing_sold, "auto_add_music": False},
        "source_info": {"source": "PULL_FROM_URL", "photo_cover_index": 0},
        "post_mode": "DIRECT_POST",
        "media_type": "PHOTO",
    }


def _for_whom(given: TikTokCredentials, creator: Creator) -> dict[str, Any]:
    return {"privacy_level": require_audience(given, creator), "disable_comment": not creator.comments}


def _receipt(told: Mapping[str, Any], known: Mapping[str, str], context: Context) -> Receipt | None:
    """The post, where it is out; None while it is on its way. Raises StartAnew, Refused where nothing comes of it.

    A post that is not public has no number of its own, and no address but the account's.
    """
    if told["status"] == FAILED:
        reason = str(told.get("fail_reason") or "internal")
        raise came_to_nothing(reason, f"{known['publish_id']}: {reason}")
    if told["status"] != OUT:
        return None
    account = f"https://www.tiktok.com/@{context.account.handle}"
    numbers = told.get("publicaly_available_post_id")  # as TikTok spells it
    if isinstance(numbers, list) and numbers:
        kind = "video" if "video" in known else "photo"
        return Receipt(id=str(numbers[0]), url=f"{account}/{kind}/{numbers[0]}")
    if known.get("audience") != NOBODY_ELSE and datetime.now(UTC) - context.stamp < NUMBERED_WITHIN:
        return None
    return Receipt(id=known["publish_id"], url=account)


def _runs(text: str) -> Iterator[Run]:
    """TikTok makes links of names and hashtags, and none of addresses."""

    def href(span: Span) -> str:
        if span.kind == "mention":
            return f"https://www.tiktok.com/{span.text}"
        return f"https://www.tiktok.com/tag/{span.text.removeprefix('#')}" if span.kind == "hashtag" else ""

    return split_runs(text, href)
