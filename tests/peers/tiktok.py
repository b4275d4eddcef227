"""A TikTok account on loopback, as an app sees it by the Content Posting API. A double: TikTok has no server for tests.

It is as strict as the documentation: no unknown fields, no texts that are too long, no post without asking first, no
pictures of another's domain, no pieces of a video out of order. It makes a post of every `init` that comes to its end,
so that a second one is seen; and a post stands there before its status says so.
"""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.peers.double import Double, Reply, Request
from tests.peers.files import fetch, size_of

FLAGS = {"privacy_level", "disable_comment", "brand_content_toggle", "brand_organic_toggle"}
PHOTO_INFO = FLAGS | {"title", "description", "auto_add_music"}
VIDEO_INFO = FLAGS | {"title", "disable_duet", "disable_stitch", "is_aigc", "video_cover_timestamp_ms"}
PHOTO_SOURCE = {"source", "photo_cover_index", "photo_images"}
VIDEO_SOURCE = {"source", "video_size", "chunk_size", "total_chunk_count"}
MB = 1_000_000
LOG = "202210112248442CB9319E1FB30C1073F3"


def ok(data: dict[str, Any]) -> Reply:
    return Reply(body={"data": data, "error": {"code": "ok", "message": "", "log_id": LOG}})


def error(code: str, message: str = "", status: int = 400) -> Reply:
    return Reply(status, {"data": {}, "error": {"code": code, "message": message or code, "log_id": LOG}})


@dataclass
class Post:
    publish_id: str
    id: str
    info: dict[str, Any]
    source: dict[str, Any]
    kind: str
    pictures: list[bytes] = field(default_factory=list)
    bytes: bytearray = field(default_factory=bytearray)
    looks: int = 1
    """How many more looks find it on its way."""
    failed: str = ""

    @property
    def text(self) -> str:
        return str(self.info.get("description" if self.kind == "photo" else "title", ""))

    @property
    def whole(self) -> bool:
        return self.kind == "photo" or len(self.bytes) == self.source["video_size"]

    @property
    def out(self) -> bool:
        return self.whole and not self.failed


class TikTokServer(Double):
    client_key = "awdoubleclientkey"
    client_secret = "double-client-secret-0123456789"
    open_id = "723f24d7-e717-40f8-a2b6-cb8464cd23b4"
    handle = "pressoffice"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        """All that was begun, oldest first."""
        self.fetched: list[bytes] = []
        self.refresh_tokens = [f"rft.{secrets.token_hex(12)}"]
        """All there were; the last one is good."""
        self.access_tokens: list[str] = []
        self.token = ""
        """One that another server gave out."""
        self.scope = "user.info.basic,video.publish"
        self.audited = True
        self.options = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
        self.comments_off = False
        self.longest = 300
        self.verified = "http://127.0.0.1"
        """What the addresses of pictures must begin with."""
        self.moderates = False
        """Whether posts that are out have no number yet."""
        self.uploads_at = self.url
        """Where videos are sent to."""
        self._asked = False

    def answer(self, request: Request) -> Reply:
        if request.path == "/upload/":
            return self._take_piece(request)
        if request.path == "/v2/oauth/token/":
            return self._exchange(request.fields)
        good = [token for token in [self.token, *self.access_tokens[-1:]] if token]
        if request.headers.get("authorization") not in [f"Bearer {token}" for token in good]:
            return error("access_token_invalid", "The access token is invalid or not found in the request.", 401)
        assert request.headers["content-type"].startswith("application/json"), request.headers
        call = {
            "/v2/post/publish/creator_info/query/": self._creator,
            "/v2/post/publish/content/init/": self._photo,
            "/v2/post/publish/video/init/": self._video,
            "/v2/post/publish/status/fetch/": self._status,
        }[request.path]
        assert request.method == "POST"
        return call(request.json)

    def standing(self) -> list[Post]:
        return [post for post in self.posts if post.out]

    def _exchange(self, given: dict[str, str]) -> Reply:
        app = {"client_key": self.client_key, "client_secret": self.client_secret, "grant_type": "refresh_token"}
        spent = given.pop("refresh_token")
        if given != app or spent != self.refresh_tokens[-1]:
            body = {"error": "invalid_grant", "error_description": "Refresh token is invalid.", "log_id": LOG}
            return Reply(400, body)
        self.refresh_tokens.append(f"rft.{secrets.token_hex(12)}")
        self.access_tokens.append(f"act.{secrets.token_hex(12)}")
        told = {"open_id": self.open_id, "scope": self.scope, "token_type": "Bearer"}
        tokens = {"access_token": self.access_tokens[-1], "refresh_token": self.refresh_tokens[-1]}
        return Reply(body={**told, **tokens, "expires_in": 86_400, "refresh_expires_in": 31_536_000})

    def _creator(self, given: dict[str, Any]) -> Reply:
        assert given == {}
        self._asked = True
        return ok(
            {
                "creator_avatar_url": "https://p16.tiktokcdn.example/avatar.webp",
                "creator_username": self.handle,
                "creator_nickname": "Press Office",
                "privacy_level_options": self.options,
                "comment_disabled": self.comments_off,
                "duet_disabled": False,
                "stitch_disabled": True,
                "max_video_post_duration_sec": self.longest,
            }
        )

    def _begin(self, info: dict[str, Any]) -> Reply | None:
        """Why no post may be begun for whom and how it is meant; None where it may."""
        asked, self._asked = self._asked, False
        if not asked:
            return error("invalid_params", "Query the creator's info before each post.")
        if info.get("privacy_level") not in self.options:
            return error("privacy_level_option_mismatch", "", 403)
        if not self.audited and info["privacy_level"] != "SELF_ONLY":
            return error("unaudited_client_can_only_post_to_private_accounts", "", 403)
        if self.comments_off and not info.get("disable_comment"):
            return error("invalid_params", "Comments are off for this creator.")
        return None

    def _photo(self, given: dict[str, Any]) -> Reply:
        info, source = given["post_info"], given["source_info"]
        shape = {"post_info": info, "source_info": source, "post_mode": "DIRECT_POST", "media_type": "PHOTO"}
        known = not (set(info) - PHOTO_INFO or set(source) - PHOTO_SOURCE) and source["source"] == "PULL_FROM_URL"
        if given != shape or not known:
            return error("invalid_params", f"{given}")
        if refusal := self._begin(info):
            return refusal
        if _units(info.get("title", "")) > 90 or _units(info.get("description", "")) > 4000:
            return error("invalid_params", "The title or the description is too long.")
        addresses = source["photo_images"]
        if not 1 <= len(addresses) <= 35 or source["photo_cover_index"] >= len(addresses):
            return error("invalid_params", "1 to 35 photos")
        if not all(address.startswith(self.verified) for address in addresses):
            return error("url_ownership_unverified", "Please review our URL ownership verification rules.", 403)
        post = self._add("p_pub_url~v2", info, source, "photo")
        found = [fetch(address) for address in addresses]
        post.pictures = [each for each in found if each is not None]
        self.fetched += post.pictures
        post.failed = _wrong(post.pictures) if None not in found else "photo_pull_failed"
        return ok({"publish_id": post.publish_id})

    def _video(self, given: dict[str, Any]) -> Reply:
        info, source = given["post_info"], given["source_info"]
        if set(given) != {"post_info", "source_info"} or set(info) - VIDEO_INFO or set(source) - VIDEO_SOURCE:
            return error("invalid_params", f"{given}")
        if refusal := self._begin(info):
            return refusal
        if not info["disable_stitch"] or _units(info["title"]) > 2200:
            return error("invalid_params", "Stitches are off for this creator, or the title is too long.")
        size, piece, count = source["video_size"], source["chunk_size"], source["total_chunk_count"]
        fits = piece == size <= 64 * MB if count == 1 else 5 * MB <= piece <= 64 * MB and count <= 1000
        if not fits or count != size // piece or size - (count - 1) * piece > 128 * MB:
            return error("invalid_params", "The total chunk count is invalid")
        post = self._add("v_pub_file~v2-1", info, source, "video")
        return ok({"publish_id": post.publish_id, "upload_url": f"{self.uploads_at}/upload/?upload_id={post.id}"})

    def _add(self, prefix: str, info: dict[str, Any], source: dict[str, Any], kind: str) -> Post:
        number = str(7_300_000_000_000_000_000 + len(self.posts))
        self.posts.append(Post(f"{prefix}.{number}", number, info, source, kind))
        return self.posts[-1]

    def _take_piece(self, request: Request) -> Reply:
        assert request.method == "PUT"
        assert "authorization" not in request.headers
        post = next((each for each in self.posts if each.id == request.query["upload_id"]), None)
        if post is None or post.whole:
            return Reply(404)
        start, end, size = map(int, re.findall(r"\d+", request.headers["content-range"]))
        piece = post.source["chunk_size"]
        last = start // piece == post.source["total_chunk_count"] - 1
        wanted = (start, size if last else start + piece, post.source["video_size"])
        if (start, end + 1, size) != wanted or len(request.body) != end + 1 - start or start != len(post.bytes):
            return Reply(416)
        post.bytes += request.body
        return Reply(201 if post.whole else 206, b"")

    def _status(self, given: dict[str, Any]) -> Reply:
        post = next((each for each in self.posts if each.publish_id == given["publish_id"]), None)
        if post is None:
            return error("invalid_publish_id", "The publish_id does not exist")
        told: dict[str, Any] = {"publicaly_available_post_id": []}
        if post.kind == "video":
            told["uploaded_bytes"] = len(post.bytes)
        post.looks -= 1 if post.whole else 0
        if not post.whole:
            return ok({**told, "status": "PROCESSING_UPLOAD"})
        if post.looks >= 0:
            return ok({**told, "status": "PROCESSING_DOWNLOAD" if post.kind == "photo" else "PROCESSING_UPLOAD"})
        if post.failed:
            return ok({**told, "status": "FAILED", "fail_reason": post.failed})
        if post.info["privacy_level"] != "SELF_ONLY" and not self.moderates:
            told["publicaly_available_post_id"] = [int(post.id)]
        return ok({**told, "status": "PUBLISH_COMPLETE"})


def _units(text: str) -> int:
    """UTF-16 code units, which TikTok calls runes."""
    return len(text.encode("utf-16-le")) // 2


def _wrong(pictures: list[bytes]) -> str:
    for data in pictures:
        size = size_of(data)
        if size is None or size[0] not in {"JPEG", "WEBP"} or len(data) > 20 * MB:
            return "file_format_check_failed"
        if min(size[1:]) > 1080 or max(size[1:]) > 1920:
            return "picture_size_check_failed"
    return ""
