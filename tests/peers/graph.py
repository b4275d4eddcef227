"""A Facebook page on loopback: what a publisher sees of the Graph API. A double of our own, for want of a test server.

It refuses parameters that Meta's own specification does not know (a test holds `PARAMETERS` against it), tokens that
are not the page's, and pictures that are none or already used; it trims texts, as Facebook does.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.networks.graph import VERSION
from tests.peers.double import Double, Reply, Request

PARAMETERS: dict[str, set[str]] = {
    "POST feed": {"message", "link", "attached_media"},
    "POST photos": {"published", "alt_text_custom"},
    "POST post": {"message"},
    "POST videos": {"upload_phase", "file_size", "upload_session_id", "start_offset", "description"},
}
"""What we use of each call."""


def error(code: int, message: str, *, status: int = 400, subcode: int = 0, **more: Any) -> Reply:
    told = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "Axyz"}
    return Reply(status, {"error": {**told, **({"error_subcode": subcode} if subcode else {}), **more}})


GONE = error(100, "Unsupported get request. Object with ID does not exist", subcode=33)


def unproved(request: Request, token: str, secret: str, *, wanted: bool) -> Reply | None:
    """What an app says that is set to "Require app secret"; each says so of a proof that is wrong."""
    given = request.query.get("appsecret_proof")
    if given is None:
        return error(100, "API calls from the server require an appsecret_proof argument") if wanted else None
    right = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return None if given == right else error(100, "Invalid appsecret_proof provided in the API argument")


@dataclass
class Photo:
    data: bytes
    alt: str


@dataclass
class Post:
    id: str
    message: str
    created: datetime
    link: str = ""
    photos: list[Photo] = field(default_factory=list)
    video: bool = False


@dataclass
class Video:
    size: int
    data: bytes = b""
    words: str | None = None
    """None: it is not published yet."""
    looks: int = 0
    """How often it is still being prepared when asked for."""
    failed: bool = False
    post: str = ""


class FacebookServer(Double):
    page = "104203518281837"
    token = "EAAGdoubleOfAPageAccessToken0123456789"
    app_id = "210987654321098"
    app_secret = "double0of0an0app0secret0123456789"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.photos: dict[str, Photo] = {}
        self.videos: dict[str, Video] = {}
        self.piece = 1000
        """Bytes that Facebook asks for at once."""
        self.looks = 0
        self.is_page = True
        self.wants_proof = False
        self.scopes = ["pages_manage_posts", "pages_read_engagement", "pages_show_list"]
        self.ends: int = 0
        """When access to data ends (epoch seconds); 0 = never."""
        self._last = 100

    def answer(self, request: Request) -> Reply:
        version, _, path = request.path.removeprefix("/").partition("/")
        if version != VERSION:
            return error(2635, "You are calling a deprecated version of the API")
        if path == "debug_token":
            return self._debug(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, "Invalid OAuth access token.", status=401)
        if refusal := unproved(request, self.token, self.app_secret, wanted=self.wants_proof):
            return refusal
        target, _, edge = path.partition("/")
        if target == "me":
            return self._me(request)
        if target in self.videos and request.method == "GET":
            return self._get_video(target)
        if target == self.page:
            return getattr(self, f"_{request.method.lower()}_{edge}", lambda _: error(2500, "Unknown path"))(request)
        return self._post(request, target)

    def _number(self) -> str:
        self._last += 1
        return str(self._last)

    def _unknown(self, call: str, given: Any) -> Reply | None:
        unknown = set(given) - PARAMETERS[call]
        return error(100, f"Unexpected parameters: {sorted(unknown)}") if unknown else None

    def _me(self, request: Request) -> Reply:
        if not self.is_page:
            return error(100, "Tried accessing nonexisting field (category) on node type (User)")
        told = {"id": self.page, "name": "Press Office", "username": "pressoffice", "category": "Government"}
        return Reply(body={**told, "link": "https://www.facebook.com/pressoffice"})

    def _debug(self, request: Request) -> Reply:
        if request.fields.get("access_token") != f"{self.app_id}|{self.app_secret}":
            return error(190, "Invalid OAuth access token.")
        app_token = f"{self.app_id}|{self.app_secret}"
        if refusal := unproved(request, app_token, self.app_secret, wanted=self.wants_proof):
            return refusal
        told = {"scopes": self.scopes, "expires_at": 0, "data_access_expires_at": self.ends, "is_valid": True}
        return Reply(body={"data": told})

    def _post_photos(self, request: Request) -> Reply:
        if unknown := self._unknown("POST photos", request.fields):
            return unknown
        data = request.files["source"].data
        if not data.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            return error(324, "Missing or invalid image file")
        assert request.fields["published"] == "false", "a picture must not stand on the page by itself"
        number = self._number()
        self.photos[number] = Photo(data, request.fields.get("alt_text_custom", ""))
        return Reply(body={"id": number})

    def _post_videos(self, request: Request) -> Reply:
        given = request.fields
        if unknown := self._unknown("POST videos", given):
            return unknown
        if given["upload_phase"] == "start":
            number = self._number()
            self.videos[number] = Video(int(given["file_size"]))
            return Reply(body={"video_id": number, "upload_session_id": f"s{number}", **self._wanted(number)})
        number = given["upload_session_id"].removeprefix("s")
        video = self.videos[number]
        if given["upload_phase"] == "transfer":
            chunk = request.files["video_file_chunk"].data
            if int(given["start_offset"]) != len(video.data) or len(chunk) > self.piece:
                return error(1363037, "Your upload offset is wrong", subcode=1363037)
            video.data += chunk
            return Reply(body=self._wanted(number))
        if len(video.data) != video.size:
            return error(100, "The video is not whole")
        if video.words is None:
            video.words, video.looks = given["description"], self.looks
            self._settle(video)
        return Reply(body={"success": True})

    def _wanted(self, number: str) -> dict[str, str]:
        video = self.videos[number]
        start = len(video.data)
        return {"start_offset": str(start), "end_offset": str(min(start + self.piece, video.size))}

    def _settle(self, video: Video) -> None:
        """Once it is prepared, it is a post."""
        if video.words is not None and not video.looks and not video.failed and not video.post:
            post = Post(f"{self.page}_{self._number()}", video.words.strip(), datetime.now(UTC), video=True)
            video.post = post.id
            self.posts.append(post)

    def _get_video(self, number: str) -> Reply:
        video = self.videos[number]
        state = "upload_complete" if video.words is None else "processing" if video.looks else "ready"
        if video.failed:
            phase = {"status": "error", "error": {"message": "The audio cannot be read"}}
            return Reply(body={"id": number, "status": {"video_status": "error", "processing_phase": phase}})
        video.looks = max(0, video.looks - 1)
        told: dict[str, Any] = {"id": number, "status": {"video_status": state}}
        if video.post:
            told |= {"post_id": video.post.partition("_")[2], "permalink_url": f"/pressoffice/videos/{number}/"}
        self._settle(video)
        return Reply(body=told)

    def _post_feed(self, request: Request) -> Reply:
        given = json.loads(request.body)
        if unknown := self._unknown("POST feed", given):
            return unknown
        photos = []
        for item in given.get("attached_media", ()):
            if item["media_fbid"] not in self.photos:
                return error(100, "Invalid parameter: attached_media")
            photos.append(self.photos[item["media_fbid"]])
        message = str(given.get("message", "")).strip()
        if not message and not photos:
            return error(100, "Missing message or attachment")
        if self.posts and not photos and self.posts[-1].message == message:
            return error(506, "Duplicate status message", status=400)
        post = Post(f"{self.page}_{self._number()}", message, datetime.now(UTC), str(given.get("link", "")), photos)
        self.posts.append(post)
        return Reply(body={"id": post.id})

    def _get_published_posts(self, request: Request) -> Reply:
        start = int(request.query.get("after", 0))
        limit = int(request.query.get("limit", 25))
        newest = list(reversed(self.posts))
        shown = newest[start : start + limit]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + limit)}}
        if len(newest) > start + limit:
            paging["next"] = "https://graph.facebook.com/next"
        return Reply(body={"data": [self._shown(post) for post in shown], "paging": paging})

    def _shown(self, post: Post) -> dict[str, Any]:
        attachments: list[dict[str, Any]] = []
        if len(post.photos) > 1:
            below = [{"media_type": "photo"}] * len(post.photos)
            attachments = [{"media_type": "album", "subattachments": {"data": below}}]
        elif post.photos:
            attachments = [{"media_type": "photo"}]
        elif post.video:
            attachments = [{"media_type": "video"}]
        elif post.link:
            attachments = [{"media_type": "link"}]
        told = {"id": post.id, "message": post.message, "created_time": f"{post.created:%Y-%m-%dT%H:%M:%S}+0000"}
        return {**told, "permalink_url": f"https://www.facebook.com/{post.id}", "attachments": {"data": attachments}}

    def _post(self, request: Request, number: str) -> Reply:
        found = next((post for post in self.posts if post.id == number), None)
        if found is None:
            return GONE
        if request.method == "DELETE":
            self.posts.remove(found)
            return Reply(body={"success": True})
        if request.method == "POST":
            given = json.loads(request.body)
            if unknown := self._unknown("POST post", given):
                return unknown
            if len(given["message"]) > 5000:
                return error(100, "The message is too long")
            found.message = given["message"].strip()
            return Reply(body={"success": True})
        return Reply(body=self._shown(found))

    def add(self, message: str, *, ago: timedelta = timedelta(0)) -> None:
        """A post that somebody made by hand."""
        self.posts.append(Post(f"{self.page}_{self._number()}", message, datetime.now(UTC) - ago))
