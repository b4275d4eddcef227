"""YouTube, by the Data API v3: a video is uploaded unseen, and shown in a second step.

`publish` opens an upload, or finds the one of a try before; `resume` sends the video piece by piece, waits until it is
processed, gives it its thumbnail and subtitles, and makes it public. That last call leaves the same video however often
it is made, and the video itself says whether it was: so nothing can be out twice. It counts as out when it still is
after a while.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from publisher.enums import Severity
from publisher.errors import AccountBlocked, Refused, StartAnew, Uncertain
from publisher.networks import youtube_video as video
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.limit_types import Limits
from publisher.networks.media import load_captions, load_image, load_video
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import show
from publisher.networks.sign_in import SignIn, ends_at
from publisher.networks.wire import Wire
from publisher.networks.youtube_account import YouTubeCredentials, find_channel, fresh, own, wire_for
from publisher.networks.youtube_answers import LABEL, is_gone
from publisher.networks.youtube_captions import add_captions
from publisher.networks.youtube_listing import VIDEOS, read, read_status, search
from publisher.networks.youtube_sign_in import GoogleSignIn
from publisher.networks.youtube_upload import SessionGone, look, open_session, upload
from publisher.types import Draft, Figures, Identity, Issue, Media, Part, Pending, Preview, Receipt

LOOK = 20.0
"""Seconds between two looks at a video that is being processed."""
SOON = 1.0
LOCKED_BY = 120.0
"""Seconds after which a video that was shown is looked at once more: of a project that Google has not audited it is
made private again, and that not always at once."""
KEPT = ("license", "embeddable", "publicStatsViewable", "selfDeclaredMadeForKids", "containsSyntheticMedia")
"""What `videos.update` sets of a status besides who sees the video; what it is not told it takes away."""


class YouTube(Network):
    kind: ClassVar[str] = "youtube"
    label: ClassVar[str] = LABEL
    credentials: ClassVar[type[Credentials]] = YouTubeCredentials
    sign_in: ClassVar[SignIn | None] = GoogleSignIn()

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request; each piece of an upload gets three times that."""
        self._timeout = timeout

    def check(self, draft: Draft, limits: Limits | None = None) -> list[Issue]:
        issues = super().check(draft, limits)
        for part in draft.parts[:1]:  # there are no threads
            title, _ = video.title_and_description(part.text)
            if any(sign in part.text for sign in video.FORBIDDEN):
                issues.append(Issue(field="text", key="check.youtube_signs"))
            if not title and part.media:
                issues.append(Issue(field="text", key="check.empty"))
            if title.endswith("…") and title not in part.text:
                params = {"title": title}
                issues.append(Issue(field="text", key="check.youtube_title", params=params, severity=Severity.WARNING))
        return issues

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        shown = show(draft, limits or self.limits, video.runs, lambda part: video.payload(part, draft.language))
        titled = [replace(part, title=str(part.payload["snippet"]["title"])) for part in shown.parts]
        return replace(shown, parts=tuple(titled))

    def publish(self, part: Part, context: Context, key: str) -> Receipt | Pending:  # noqa: ARG002  it takes no key
        mine, known = own(context.credentials), _known_by(part, context)
        if known["thumbnail"]:  # what cannot be sent is told before anything is
            load_image(Media(sha256=known["thumbnail"]), context.load, context.limits.image)
        body = video.payload(part, context.language)
        body["snippet"]["categoryId"] = mine.category
        body["status"] = {"privacyStatus": "private", "selfDeclaredMadeForKids": mine.for_children == "yes"}
        with self._wire(context) as wire:
            # A video of a try before this one is shown, never uploaded again: YouTube refuses doubles.
            for found in search(wire, known, context):
                if video.is_out(found["status"]):
                    return video.receipt(str(found["id"]))
                return Pending(data={**known, "video": str(found["id"])}, after=SOON)
            session = open_session(wire, body, known, mine.base_url)
        return Pending(data={**known, "session": session}, after=SOON)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        data = dict(pending.data)
        with self._wire(context) as wire:
            if "video" not in data:
                if number := self._upload(wire, data, context):
                    del data["session"]
                    data["video"] = number
                return Pending(data=data, after=LOOK if number else SOON)
            number = data["video"]
            status = read_status(wire, number)
            if status is None:
                raise Refused("youtube.video_gone", number)
            if video.is_out(status):  # by a worker that died before it could say so, where that is not noted
                return video.receipt(number) if "shown" in data else _to_be_seen_again(data)
            if "shown" in data:
                raise Refused("youtube.locked", f"privacyStatus {status.get('privacyStatus')!r}"[:200])
            if not video.is_ready(status):
                return Pending(data=data, after=LOOK)
            if data["thumbnail"]:
                self._set_thumbnail(wire, number, data["thumbnail"], context)
            if subtitles := load_captions(Media(captions=data["captions"]), context.load, context.limits):
                add_captions(wire, number, subtitles, data["language"])
            self._show(wire, number, status, own(context.credentials).privacy)
        return _to_be_seen_again(data)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  it takes no key
        """By the video or the upload that was kept; else among what the channel uploaded since `context.stamp`."""
        known = context.pending or _known_by(part, context)
        with self._wire(context) as wire:
            number = known.get("video", "") or self._video_of(wire, known)
            if number is None:
                return None
            if number:
                status = read_status(wire, number)
                return video.receipt(number) if status and video.is_out(status) else None
            for found in search(wire, known, context):
                if video.is_out(found["status"]):
                    return video.receipt(str(found["id"]))
        return None

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        renewed = fresh(own(credentials), save, self._timeout)  # so that a sign-in that is over is noticed today
        with wire_for(renewed, save, self._timeout) as wire:
            return replace(find_channel(wire), expires_at=ends_at(renewed, "sign_in_ends"))

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  no key
        with self._wire(context) as wire:
            stands = read(wire, "snippet", receipt.id)
            kept = {name: stands[name] for name in video.SNIPPET if name in stands}
            words = {**kept, **video.payload(part, context.language)["snippet"]}
            body = {"id": receipt.id, "snippet": words}
            wire.send("PUT", VIDEOS, params={"part": "snippet"}, json=body, needs=("id", "snippet"))
        return receipt

    def find_edit(self, receipt: Receipt, part: Part, context: Context) -> Receipt | None:
        with self._wire(context) as wire:
            stands = read(wire, "snippet", receipt.id)
        return receipt if video.says(stands, *video.title_and_description(part.text)) else None

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        with self._wire(context) as wire:
            counted = read(wire, "statistics", receipt.id)
        views, likes, comments = (counted.get(f"{name}Count") for name in ("view", "like", "comment"))
        return Figures(impressions=video.number(views), likes=video.number(likes), replies=video.number(comments))

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._wire(context) as wire:
            try:
                wire.ask("DELETE", VIDEOS, params={"id": receipt.id})
            except Refused as error:
                if not is_gone(error):
                    raise

    def _wire(self, context: Context) -> Wire:
        return wire_for(context.credentials, context.save, self._timeout, context)

    def _upload(self, wire: Wire, known: Mapping[str, str], context: Context) -> str:
        """The number of the video; blank while it is still to be sent on. Raises StartAnew where the upload is lost."""
        item = Media(sha256=known["sha256"], type=known["type"])
        try:
            return upload(wire, known["session"], load_video(item, context.load, context.limits.video))
        except SessionGone:
            for found in search(wire, known, context):
                return str(found["id"])
            raise StartAnew("youtube.session_lost") from None

    def _video_of(self, wire: Wire, known: Mapping[str, str]) -> str | None:
        """The number of the video that was uploaded; None where it has not all arrived, blank where nobody says."""
        if "session" not in known:
            return ""
        try:
            said = look(wire, known["session"], int(known["size"]))
        except SessionGone:
            return ""
        return said if isinstance(said, str) else None

    def _set_thumbnail(self, wire: Wire, number: str, sha256: str, context: Context) -> None:
        image = load_image(Media(sha256=sha256), context.load, context.limits.image)
        params = {"videoId": number, "uploadType": "media"}
        kind = {"Content-Type": image.type}
        try:
            wire.ask("POST", "upload/youtube/v3/thumbnails/set", params=params, content=image.data, headers=kind)
        except AccountBlocked as error:
            if error.key == "network.account_blocked":
                raise Refused("youtube.thumbnail", error.diagnostic) from None
            raise

    def _show(self, wire: Wire, number: str, status: Mapping[str, Any], privacy: str) -> None:
        """The one call that followers see something of."""
        kept = {name: status[name] for name in KEPT if name in status}
        body = {"id": number, "status": {**kept, "privacyStatus": privacy}}
        answer = wire.send("PUT", VIDEOS, params={"part": "status"}, json=body, needs=("id", "status"))
        told = answer.object["status"]
        if not isinstance(told, dict) or "privacyStatus" not in told:
            raise Uncertain("network.uncertain", answer.told, network=LABEL)
        if not video.is_out(told):
            raise Refused("youtube.locked", answer.told)


def _to_be_seen_again(data: Mapping[str, str]) -> Pending:
    return Pending(data={**data, "shown": "yes"}, after=LOCKED_BY)


def _video(part: Part) -> Media:
    for item in part.media:
        if item.is_video:
            return item
    raise Refused("check.needs_video", network=LABEL)


def _known_by(part: Part, context: Context) -> dict[str, str]:
    """What a video is made of and found by. Raises Refused where its bytes are gone or not taken."""
    title, description = video.title_and_description(part.text)
    item = _video(part)
    pictures = [each.sha256 for each in part.media if not each.is_video]
    return {
        "title": title,
        "description": description,
        "sha256": item.sha256,
        "type": item.type,
        "size": str(len(load_video(item, context.load, context.limits.video).data)),
        "thumbnail": pictures[0] if pictures else "",
        "captions": item.captions,
        "language": context.language,
    }
