"""A YouTube channel on loopback: what a publisher sees of the Data API v3 and of Google's sign-in. A double of our own.

Every request is held against YouTube's discovery document, where that is beside the checkout; what it does not say
(titles, tags, pieces of an upload, who sees what) is from the pages of the reference. Quota is counted as there.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.peers import discovery
from tests.peers.double import Double, Reply, Request
from tests.peers.files import size_of

COSTS = {
    "POST /upload/youtube/v3/videos": 1,
    "PUT /youtube/v3/videos": 50,
    "DELETE /youtube/v3/videos": 50,
    "POST /upload/youtube/v3/thumbnails/set": 50,
    "POST /upload/youtube/v3/captions": 400,
    "GET /youtube/v3/captions": 50,
}
"""Units of quota of one call; 1 of any other (determine_quota_cost of the reference)."""
PIECE = 256 * 1024
SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
SESSION = "/upload/youtube/v3/videos/-/"
"""Where pieces go. Google's addresses are not told apart by their path; clients must take them as they come."""
SETTABLE = {
    "snippet": {"title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage"},
    "status": {"privacyStatus", "publishAt", "license", "embeddable", "publicStatsViewable"}
    | {"selfDeclaredMadeForKids", "containsSyntheticMedia"},
}


@dataclass
class Video:
    id: str
    snippet: dict[str, Any]
    status: dict[str, Any]
    data: bytes
    created: datetime
    looks: int = 0
    """How many more looks find it being processed."""
    thumbnail: bytes = b""
    captions: dict[str, bytes] = field(default_factory=dict)
    """By language."""
    verdict: dict[str, str] = field(default_factory=dict)
    """What becomes of it instead of being processed."""


@dataclass
class Session:
    body: dict[str, Any]
    size: int
    data: bytes = b""
    video: str = ""
    gone: bool = False


class YouTubeServer(Double):
    channel = "UCpressOfficeOfTheCouncil"
    client_id = "1234567890.apps.googleusercontent.com"
    client_secret = "GOCSPX-doubleOfAClientSecret"
    refresh_token = "1//doubleOfARefreshToken0123456789"

    def __init__(self) -> None:
        super().__init__()
        self.videos: list[Video] = []
        self.sessions: dict[str, Session] = {}
        self.faults: list[str] = []
        self.units = 0
        self.quota = 10_000
        self.scopes = {SCOPE}
        self.tokens: list[str] = []
        self.lifetime = 3599
        self.testing = False
        """Whether the project's consent screen says so: then a sign-in ends after a week."""
        self.slow = 1
        """How many looks find a new video being processed."""
        self.audited = True
        self.locks_late = False
        """Whether it shows the video of a project that is not audited first, and locks it afterwards."""
        self.confirmed = True
        """Whether the channel may have thumbnails of its own and long videos."""
        self.refuses_doubles = False
        self.verdict: dict[str, str] = {}
        self.breaks: tuple[int, bool] | None = None
        """The piece that begins at this byte is answered by an error, once; and whether it arrived all the same."""

    def answer(self, request: Request) -> Reply:
        if request.path == "/token":
            return self._token(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return error(401, "authError", "Invalid Credentials")
        if request.path.startswith(SESSION):
            return self._piece(request)
        call = f"{request.method} {request.path}"
        if self.units + COSTS.get(call, 1) > self.quota:
            return error(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")
        self.units += COSTS.get(call, 1)
        body = _body(request)
        if (known := discovery.youtube()) and (faults := known.faults(request, self.scopes, body)):
            self.faults += faults
            return error(400, "badRequest", "; ".join(faults))
        return {
            "GET /youtube/v3/channels": self._channels,
            "GET /youtube/v3/playlistItems": self._uploads,
            "GET /youtube/v3/videos": self._list,
            "POST /upload/youtube/v3/videos": self._open,
            "PUT /youtube/v3/videos": self._update,
            "DELETE /youtube/v3/videos": self._delete,
            "POST /upload/youtube/v3/thumbnails/set": self._thumbnail,
            "GET /youtube/v3/captions": self._tracks,
            "POST /upload/youtube/v3/captions": self._caption,
        }[call](request)

    @property
    def token(self) -> str:
        """The newest access token."""
        return self.tokens[-1]

    @token.setter
    def token(self, token: str) -> None:
        self.tokens.append(token)

    def seen(self) -> list[Video]:
        """Those that others can see."""
        return [video for video in self.videos if video.status["privacyStatus"] != "private"]

    def get(self, number: str) -> Video | None:
        return next((video for video in self.videos if video.id == number), None)

    def _token(self, request: Request) -> Reply:
        given = request.fields
        if (given["client_id"], given["client_secret"]) != (self.client_id, self.client_secret):
            return Reply(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})
        if given["grant_type"] != "refresh_token" or given["refresh_token"] != self.refresh_token:
            return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        self.tokens.append(f"ya29.doubleOfAnAccessToken{len(self.tokens)}")
        told = {"access_token": self.tokens[-1], "expires_in": self.lifetime, "token_type": "Bearer"}
        week = {"refresh_token_expires_in": 604_799} if self.testing else {}
        return Reply(body={**told, **week, "scope": " ".join(self.scopes)})

    def _channels(self, request: Request) -> Reply:
        assert request.query["mine"] == "true"
        shown = {"title": "Press Office", "customUrl": "@pressoffice", "thumbnails": {}}
        item = {
            "id": self.channel,
            "snippet": shown,
            "contentDetails": {"relatedPlaylists": {"uploads": self._playlist}},
            "status": {"longUploadsStatus": "allowed" if self.confirmed else "eligible"},
        }
        return Reply(body={"kind": "youtube#channelListResponse", "items": [item]})

    @property
    def _playlist(self) -> str:
        return "UU" + self.channel.removeprefix("UC")

    def _uploads(self, request: Request) -> Reply:
        if request.query["playlistId"] != self._playlist:
            return error(404, "playlistNotFound", "The playlist cannot be found.")
        start, count = int(request.query.get("pageToken", 0)), int(request.query.get("maxResults", 5))
        newest = list(reversed(self.videos))
        items = [
            {
                "id": f"item{video.id}",
                "snippet": {
                    "title": video.snippet["title"],
                    "description": video.snippet["description"],
                    "publishedAt": _written(video.created),
                    "resourceId": {"kind": "youtube#video", "videoId": video.id},
                },
            }
            for video in newest[start : start + count]
        ]
        more = {"nextPageToken": str(start + count)} if len(newest) > start + count else {}
        return Reply(body={"kind": "youtube#playlistItemListResponse", "items": items, **more})

    def _list(self, request: Request) -> Reply:
        found = [self.get(number) for number in request.query["id"].split(",")]
        items = [self._shown(video, request.query["part"].split(",")) for video in found if video]
        return Reply(body={"kind": "youtube#videoListResponse", "items": items})

    def _shown(self, video: Video, parts: list[str]) -> dict[str, Any]:
        state: dict[str, Any] = {"uploadStatus": "uploaded" if video.looks > 0 else "processed"}
        if video.looks <= 0:
            state |= video.verdict
        video.looks -= "status" in parts
        whole = {
            "snippet": {**video.snippet, "channelId": self.channel, "publishedAt": _written(video.created)},
            "status": {**video.status, **state},
            "statistics": {"viewCount": "1234", "likeCount": "56", "favoriteCount": "0"},  # comments are switched off
            "fileDetails": {"fileSize": str(len(video.data))},
        }
        return {"kind": "youtube#video", "id": video.id, **{part: whole[part] for part in parts}}

    def _open(self, request: Request) -> Reply:
        assert request.query["uploadType"] == "resumable"
        body, size = request.json, int(request.headers["x-upload-content-length"])
        if not request.headers["x-upload-content-type"].startswith("video/"):
            return error(400, "badContent", "Media type is not supported")
        if refusal := self._wrong(body, ("snippet", "status")):
            return refusal
        number = f"session{len(self.sessions)}"
        self.sessions[number] = Session(body, size)
        return Reply(headers={"Location": f"http://{request.headers['host']}{SESSION}{number}"}, body=b"")

    def _wrong(self, body: dict[str, Any], parts: tuple[str, ...]) -> Reply | None:
        for part in parts:
            if unknown := set(body[part]) - SETTABLE[part]:
                return error(400, "invalidVideoMetadata", f"{unknown} cannot be set")
        if "status" in parts and "publishAt" in body["status"] and body["status"]["privacyStatus"] != "private":
            return error(400, "invalidPublishAt", "Only of a private video")
        return self._wrong_words(body["snippet"]) if "snippet" in parts else None

    def _wrong_words(self, snippet: dict[str, Any]) -> Reply | None:
        title, description = snippet.get("title", ""), snippet.get("description", "")
        if not 1 <= len(title) <= 100 or re.search("[<>]", title):
            return error(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
        if len(description.encode()) > 5000 or re.search("[<>]", description):
            return error(400, "invalidDescription", "The request metadata specifies an invalid video description.")
        tags = [f'"{tag}"' if " " in tag else tag for tag in snippet.get("tags", [])]
        if len(",".join(tags)) > 500:
            return error(400, "invalidTags", "The request metadata specifies invalid video keywords.")
        if not snippet.get("categoryId", "").isdecimal():
            return error(400, "invalidCategoryId", "The request metadata specifies an invalid category ID.")
        return None

    def _piece(self, request: Request) -> Reply:
        session = self.sessions[request.path.removeprefix(SESSION)]
        if session.gone:
            return Reply(404, b"Not Found", {"Content-Type": "text/plain"})
        given = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)", request.headers["content-range"])
        if given is None or int(given[3]) != session.size:
            return error(400, "invalidRange", "The range is none")
        if given[1] is not None and not session.video:
            start, end = int(given[1]), int(given[2])
            last = end + 1 == session.size
            if (
                start != len(session.data)
                or end + 1 - start != len(request.body)
                or (len(request.body) % PIECE and not last)
            ):
                return error(400, "invalidRange", f"{start}-{end} does not follow {len(session.data)} bytes")
            broken, self.breaks = (
                (self.breaks, None) if self.breaks and self.breaks[0] == start else (None, self.breaks)
            )
            session.data += request.body if broken is None or broken[1] else b""
            if broken:
                return Reply(503, b"{}")
        if len(session.data) < session.size:
            arrived = {"Range": f"bytes=0-{len(session.data) - 1}"} if session.data else {}
            return Reply(308, b"", arrived)
        video = self.get(session.video) if session.video else self._made(session)
        return Reply(body=self._shown(video, ["snippet"])) if video else Reply(404, b"")

    def _made(self, session: Session) -> Video:
        double = self.refuses_doubles and any(video.data == session.data for video in self.videos)
        verdict = {"uploadStatus": "rejected", "rejectionReason": "duplicate"} if double else self.verdict
        made = self.add(session.body["snippet"], session.body["status"], session.data)
        made.looks, made.verdict = self.slow, dict(verdict)
        session.video = made.id
        return made

    def add(self, snippet: dict[str, Any], status: dict[str, Any], data: bytes = b"video") -> Video:
        """A video, as if somebody had uploaded it just now."""
        number = f"vid{len(self.requests):08}"
        self.videos.append(Video(number, dict(snippet), dict(status), data, datetime.now(UTC)))
        return self.videos[-1]

    def _update(self, request: Request) -> Reply:
        body, parts = request.json, tuple(request.query["part"].split(","))
        video = self.get(body["id"])
        if video is None:
            return _gone()
        if refusal := self._wrong(body, parts):
            return refusal
        if "snippet" in parts:
            video.snippet = body["snippet"]
        if "status" in parts:
            video.status = body["status"]
        told = Reply(body=self._shown(video, list(parts)))
        if "status" in parts and not self.audited:
            video.status = {**video.status, "privacyStatus": "private"}
        return told if self.locks_late else Reply(body=self._shown(video, list(parts)))

    def _delete(self, request: Request) -> Reply:
        video = self.get(request.query["id"])
        if video is None:
            return _gone()
        self.videos.remove(video)
        return Reply(204, b"")

    def _thumbnail(self, request: Request) -> Reply:
        video, size = self.get(request.query["videoId"]), size_of(request.body)
        if video is None:
            return _gone()
        if not self.confirmed:
            return error(
                403, "forbidden", "The authenticated user doesnt have permissions to upload custom thumbnails."
            )
        if size is None or size[0] not in {"JPEG", "PNG"} or len(request.body) > 2_000_000:
            return error(400, "invalidImage", "The provided image content is invalid.")
        video.thumbnail = request.body
        return Reply(body={"kind": "youtube#thumbnailSetResponse", "items": []})

    def _tracks(self, request: Request) -> Reply:
        video = self.get(request.query["videoId"])
        if video is None:
            return _gone()
        spoken = {"language": "en", "trackKind": "ASR", "name": ""}
        tracks = [spoken, *({"language": one, "trackKind": "standard", "name": ""} for one in video.captions)]
        items = [{"id": f"track{number}", "snippet": track} for number, track in enumerate(tracks)]
        return Reply(body={"kind": "youtube#captionListResponse", "items": items})

    def _caption(self, request: Request) -> Reply:
        described, file = _related(request)
        snippet = json.loads(described)["snippet"]
        video = self.get(snippet["videoId"])
        if video is None:
            return _gone()
        if snippet["language"] in video.captions:
            return error(409, "captionExists", "The specified video already has a caption track with that language.")
        if not file.startswith(b"WEBVTT"):
            return error(400, "invalidMetadata", "No subtitles")
        video.captions[snippet["language"]] = file
        return Reply(body={"kind": "youtube#caption", "id": "track", "snippet": snippet})


def error(status: int, reason: str, message: str) -> Reply:
    one = {"message": message, "domain": "youtube", "reason": reason}
    return Reply(status, {"error": {"code": status, "message": message, "errors": [one]}})


def _gone() -> Reply:
    return error(404, "videoNotFound", "The video that you are trying to reach cannot be found.")


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _body(request: Request) -> object:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return json.loads(request.body)
    return json.loads(_related(request)[0]) if kind.startswith("multipart/related") else None


def _related(request: Request) -> tuple[bytes, bytes]:
    """The two parts of a multipart/related body."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = [
        part.get_payload(decode=True) for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts()
    ]
    first, second = parts
    assert isinstance(first, bytes)
    assert isinstance(second, bytes)
    return first, second
