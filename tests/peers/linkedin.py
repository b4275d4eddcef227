"""LinkedIn on loopback, as a page's publisher sees it: a double of our own, for want of a test server.

It refuses what LinkedIn refuses: requests without its headers or with another version, URNs that are not encoded,
fields it does not know, pictures that were not uploaded, a text that is already out (or was, until a moment ago), an
author that is not the page. It reads little text as LinkedIn does: at a bare sign the post ends, and nobody is told.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from publisher.networks.linkedin_answers import VERSION
from tests.peers.double import Double, Reply, Request

RESERVED = "\\|{}@[]()<>#*_~"
TEMPLATE = "{hashtag|"

POST_FIELDS = {
    "author": True,
    "commentary": True,
    "visibility": True,
    "distribution": True,
    "lifecycleState": True,
    "isReshareDisabledByAuthor": False,
    "content": False,
}
"""Of the request that makes a post, and whether it is demanded (learn.microsoft.com, "Posts API", post schema)."""
ARTICLE_FIELDS = {"source", "title", "description", "thumbnail"}


def shown(little: str) -> str:
    """What followers see of a commentary."""
    seen, position = "", 0
    while position < len(little):
        if little.startswith(TEMPLATE, position):
            mark, position = _until("|", little, position + len(TEMPLATE))
            tag, position = _until("}", little, position)
            if position < 0:
                break
            seen += mark + tag
        elif little[position] == "\\":
            seen += little[position + 1 : position + 2]
            position += 2
        elif little[position] in RESERVED:
            break
        else:
            seen += little[position]
            position += 1
    return seen


def _until(end: str, little: str, position: int) -> tuple[str, int]:
    """What stands before the bare `end`, and where it goes on after it; -1 where there is none, or another sign."""
    seen = ""
    while 0 <= position < len(little):
        if little[position] == end:
            return seen, position + 1
        if little[position] == "\\":
            seen += little[position + 1 : position + 2]
            position += 2
        elif little[position] in RESERVED:
            break
        else:
            seen += little[position]
            position += 1
    return "", -1


def error(status: int, code: str, message: str, *inputs: tuple[str, str]) -> Reply:
    told: dict[str, Any] = {"status": status, "code": code, "message": message}
    if inputs:
        told["errorDetailType"] = "com.linkedin.common.error.BadRequest"
        told["errorDetails"] = {
            "inputErrors": [{"code": code, "description": words, "input": {}} for code, words in inputs]
        }
    return Reply(status, told)


class Refusal(Exception):
    def __init__(self, reply: Reply) -> None:
        self.reply = reply


@dataclass
class Post:
    urn: str
    body: dict[str, Any]
    made: datetime
    changed: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.changed = self.made

    @property
    def text(self) -> str:
        return shown(self.body["commentary"])


@dataclass
class Video:
    size: int
    parts: dict[int, bytes] = field(default_factory=dict)
    """By first byte."""
    looks: int = 0
    finished: bool = False
    failed: bool = False

    @property
    def data(self) -> bytes:
        return b"".join(self.parts[first] for first in sorted(self.parts))

    @property
    def status(self) -> str:
        if not self.finished:
            return "WAITING_UPLOAD"
        return "PROCESSING" if self.looks else "PROCESSING_FAILED" if self.failed else "AVAILABLE"


class LinkedInServer(Double):
    token = "AQXdoubleOfAnAccessToken-0123456789"
    number = 2414183
    name = "press-office"
    client_id = "77doubleofanapp"
    client_secret = "double.of.a.client.secret.0123"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.ghosts: set[str] = set()
        """Texts that were taken off: for a day or two LinkedIn takes them for duplicates of what is not there."""
        self.images: dict[str, bytes] = {}
        self.refuses_twins = True
        self.videos: dict[str, Video] = {}
        """Documents too."""
        self.part_bytes = 4_194_304
        """How large LinkedIn wants the parts of a video."""
        self.looks = 0
        """How often the next videos are still PROCESSING when asked for."""
        self.roles: list[dict[str, Any]] = [
            {"organization": self.page, "role": "CONTENT_ADMINISTRATOR", "state": "APPROVED"}
        ]
        self.scopes = "r_organization_social,rw_organization_admin,w_organization_social"
        self.active = True
        self._last = 7_141_138_937_766_391_808

    @property
    def page(self) -> str:
        return f"urn:li:organization:{self.number}"

    def answer(self, request: Request) -> Reply:
        if request.path == "/oauth/v2/introspectToken":
            return self._introspect(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        if request.path.startswith("/dms-uploads/"):
            return self._upload(request)
        if request.headers.get("linkedin-version") != VERSION:
            return error(426, "NONEXISTENT_VERSION", "Requested version 20240401 is not active")
        if request.headers.get("x-restli-protocol-version") != "2.0.0" or ":" in request.path:
            return error(400, "ILLEGAL_ARGUMENT", "Syntax exception in path variables")
        _, _, resource, *key = request.path.split("/")
        method = f"_{request.method.lower()}_{resource}{'_one' if key else ''}"
        try:
            return getattr(self, method, self._unknown)(request, *map(unquote, key))
        except Refusal as refusal:
            return refusal.reply

    def _unknown(self, request: Request, *key: str) -> Reply:
        return error(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {request.path}")

    def _urn(self, kind: str) -> str:
        self._last += 1
        return f"urn:li:{kind}:{self._last}"

    # --- posts

    def _post_posts(self, request: Request) -> Reply:
        body = json.loads(request.body)
        self._check(body)
        text = shown(body["commentary"])
        twin = next((post.urn for post in self.posts if post.text == text and self.refuses_twins), "")
        if not twin and text in self.ghosts:
            twin = self._urn("share")
        if twin:
            message = (
                f"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {twin}"
            )
            return error(422, "", message, ("DUPLICATE_POST", "Duplicate post is detected"))
        post = Post(self._urn("share"), body, datetime.now(UTC))
        self.posts.append(post)
        return Reply(201, b"", headers={"x-restli-id": post.urn})

    def _check(self, body: dict[str, Any]) -> None:
        missing = [name for name, demanded in POST_FIELDS.items() if demanded and name not in body]
        unknown = [name for name in body if name not in POST_FIELDS]
        if missing or unknown:
            raise Refusal(error(422, "", f"ERROR :: {missing} :: required, {unknown} :: unrecognized field"))
        if body["author"] != self.page:
            raise Refusal(error(403, "ACCESS_DENIED", "Organization permissions must be used"))
        self._measure(body["commentary"])
        assert body["distribution"]["feedDistribution"] == "MAIN_FEED"
        assert (body["visibility"], body["lifecycleState"]) == ("PUBLIC", "PUBLISHED")
        content = body.get("content", {})
        if len(content) > 1:
            raise Refusal(error(422, "", "ERROR :: /content :: union type is not backed by a DataMap with one entry"))
        if "article" in content:
            self._check_article(content["article"])
        pictures = (
            content.get("multiImage", {}).get("images", []) or [content["media"]]
            if content.keys() - {"article"}
            else []
        )
        if "multiImage" in content and not 2 <= len(pictures) <= 20:
            raise Refusal(error(400, "", "Number of images must be 2 to 20", ("INVALID_VALUE", "2 to 20 images")))
        for picture in pictures:
            self._check_image(picture["id"])
            name = "title" if picture["id"].startswith("urn:li:document:") else "altText"
            if set(picture) != {"id", name} or not picture[name] or len(picture[name]) > 4086:
                raise Refusal(error(422, "", f"ERROR :: {sorted(picture)} :: unrecognized field"))

    def _check_article(self, article: dict[str, str]) -> None:
        if not {"source", "title"} <= set(article) <= ARTICLE_FIELDS or len(article["title"]) > 400:
            raise Refusal(error(422, "", f"ERROR :: /content/article :: {sorted(article)}"))
        if "thumbnail" in article:
            self._check_image(article["thumbnail"])

    def _check_image(self, urn: str) -> None:
        video = self.videos.get(urn)
        if not self.images.get(urn) and (video is None or video.status != "AVAILABLE"):
            raise Refusal(error(400, "", "Image is not available", ("INVALID_URN", f"{urn} is not AVAILABLE")))

    def _measure(self, commentary: str) -> None:
        if len(shown(commentary).encode("utf-16-le")) // 2 > 3000:
            raise Refusal(
                error(400, "", "Commentary is too long", ("FIELD_LENGTH_TOO_LONG", "It has over 3000 characters"))
            )

    def _get_posts(self, request: Request) -> Reply:
        asked = request.query
        if asked.get("q") != "author" or asked.get("author") != self.page or int(asked["count"]) > 100:
            return error(400, "PARAM_INVALID", f"Invalid parameters: {dict(asked)}")
        start = int(asked["start"])
        found = sorted(self.posts, key=lambda post: post.changed, reverse=True)[start : start + int(asked["count"])]
        return Reply(body={"elements": [self._told(post) for post in found], "paging": {"start": start, "links": []}})

    def _told(self, post: Post) -> dict[str, Any]:
        made, changed = (round(time.timestamp() * 1000) for time in (post.made, post.changed))
        return {**post.body, "id": post.urn, "createdAt": made, "publishedAt": made, "lastModifiedAt": changed}

    def _one(self, urn: str) -> Post:
        for post in self.posts:
            if post.urn == urn:
                return post
        raise Refusal(error(404, "NOT_FOUND", f"Entity {urn} does not exist"))

    def _get_posts_one(self, request: Request, urn: str) -> Reply:
        return Reply(body=self._told(self._one(urn)))

    def _post_posts_one(self, request: Request, urn: str) -> Reply:
        if request.headers.get("x-restli-method") != "PARTIAL_UPDATE":
            return error(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method is missing")
        post, patch = self._one(urn), json.loads(request.body)
        commentary = patch["patch"]["$set"]["commentary"]
        if patch != {"patch": {"$set": {"commentary": commentary}}}:
            return error(422, "", f"ERROR :: {patch} :: not allowed to change")
        self._measure(commentary)
        post.body["commentary"], post.changed = commentary, datetime.now(UTC)
        return Reply(204, b"")

    def _delete_posts_one(self, request: Request, urn: str) -> Reply:
        for post in [post for post in self.posts if post.urn == urn]:
            self.posts.remove(post)
            self.ghosts.add(post.text)
        return Reply(204, b"")

    def add(self, text: str, *, ago: timedelta = timedelta(0)) -> Post:
        """A post that somebody made by hand; `text` is without signs."""
        post = Post(self._urn("share"), {"author": self.page, "commentary": text}, datetime.now(UTC) - ago)
        self.posts.append(post)
        return post

    # --- pictures

    def _post_images(self, request: Request) -> Reply:
        asked = json.loads(request.body)
        if request.query.get("action") != "initializeUpload" or asked != {
            "initializeUploadRequest": {"owner": self.page}
        }:
            return error(400, "ILLEGAL_ARGUMENT", f"{asked}")
        urn = self._urn("image")
        self.images[urn] = b""
        # At the address that was asked, so that an upload passes what stands before us.
        address = f"http://{request.headers['host']}/dms-uploads/{urn.rpartition(':')[2]}/uploaded-image/0?ca=vector_feedshare"
        return Reply(body={"value": {"uploadUrlExpiresAt": 1_800_000_000_000, "uploadUrl": address, "image": urn}})

    def _post_documents(self, request: Request) -> Reply:
        asked = json.loads(request.body)
        if request.query.get("action") != "initializeUpload" or asked != {
            "initializeUploadRequest": {"owner": self.page}
        }:
            return error(400, "ILLEGAL_ARGUMENT", f"{asked}")
        urn = self._urn("document")
        self.videos[urn] = Video(0)
        address = f"http://{request.headers['host']}/dms-uploads/{urn.rpartition(':')[2]}/uploaded-document/0"
        return Reply(body={"value": {"uploadUrlExpiresAt": 1_800_000_000_000, "uploadUrl": address, "document": urn}})

    def _get_documents_one(self, request: Request, urn: str) -> Reply:
        return self._get_videos_one(request, urn)

    def _post_videos(self, request: Request) -> Reply:
        asked, action = json.loads(request.body), request.query.get("action")
        if action == "initializeUpload" and set(asked) == {"initializeUploadRequest"}:
            return self._open_video(request, asked["initializeUploadRequest"])
        told = asked.get("finalizeUploadRequest", {})
        video = self.videos.get(told.get("video", ""))
        if action != "finalizeUpload" or video is None or set(told) != {"video", "uploadToken", "uploadedPartIds"}:
            return error(400, "ILLEGAL_ARGUMENT", f"{asked}")
        tags = [f"/ambry-video/{first}" for first in sorted(video.parts)]
        if told["uploadedPartIds"] != tags or len(video.data) != video.size:
            return error(400, "INVALID_UPLOAD", "Parts are missing")
        video.finished, video.looks = True, self.looks
        return Reply(body={})

    def _open_video(self, request: Request, asked: dict[str, Any]) -> Reply:
        known = {"owner", "fileSizeBytes", "uploadCaptions", "uploadThumbnail"}
        if set(asked) != known or asked["owner"] != self.page:
            return error(400, "ILLEGAL_ARGUMENT", f"{asked}")
        urn, size = self._urn("video"), asked["fileSizeBytes"]
        self.videos[urn] = Video(size)
        base = f"http://{request.headers['host']}/dms-uploads/{urn.rpartition(':')[2]}/uploadedVideo"
        starts = range(0, size, self.part_bytes)
        parts = [
            {"uploadUrl": f"{base}/{first}", "firstByte": first, "lastByte": min(first + self.part_bytes, size) - 1}
            for first in starts
        ]
        value = {"video": urn, "uploadToken": "", "uploadInstructions": parts, "uploadUrlsExpireAt": 1_800_000_000_000}
        return Reply(body={"value": value})

    def _get_videos_one(self, request: Request, urn: str) -> Reply:
        video = self.videos.get(urn)
        if video is None:
            return error(404, "NOT_FOUND", f"Entity {urn} does not exist")
        status = video.status
        video.looks = max(0, video.looks - 1)
        return Reply(body={"id": urn, "owner": self.page, "status": status})

    def _upload(self, request: Request) -> Reply:
        if "uploaded-document" in request.path and request.method == "PUT":
            document = self.videos[f"urn:li:document:{request.path.split('/')[2]}"]
            if not request.body.startswith(b"%PDF-"):
                return Reply(400, b"not a document")
            document.parts[0], document.finished, document.looks = request.body, True, self.looks
            return Reply(201, b"")
        if "uploadedVideo" in request.path and request.method == "PUT":
            _, _, number, _, first = request.path.split("/")
            self.videos[f"urn:li:video:{number}"].parts[int(first)] = request.body
            return Reply(200, b"", headers={"ETag": f'"/ambry-video/{first}"'})
        urn = f"urn:li:image:{request.path.split('/')[2]}"
        if request.method != "PUT" or urn not in self.images:
            return Reply(400, b"")
        if not request.body.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            return Reply(400, b"not a picture")
        self.images[urn] = request.body
        return Reply(201, b"")

    # --- who

    def _get_organizations_one(self, request: Request, number: str) -> Reply:
        return self._unknown(request) if number != str(self.number) else Reply(body=self._organization())

    def _get_organizations(self, request: Request) -> Reply:
        known = request.query == {"q": "vanityName", "vanityName": self.name}
        return Reply(body={"elements": [self._organization()] if known else []})

    def _organization(self) -> dict[str, Any]:
        return {"id": self.number, "localizedName": "Press Office", "vanityName": self.name}

    def _get_organizationAcls(self, request: Request) -> Reply:  # noqa: N802  as the resource is called
        if (request.query.get("q"), request.query.get("state")) != ("roleAssignee", "APPROVED"):
            return error(400, "PARAM_INVALID", "Invalid parameters")
        start, count = int(request.query["start"]), int(request.query["count"])
        return Reply(body={"elements": self.roles[start : start + count]})

    def _introspect(self, request: Request) -> Reply:
        app = {"client_id": self.client_id, "client_secret": self.client_secret}
        if request.method != "POST" or {**app, "token": request.fields.get("token")} != request.fields:
            return Reply(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
        if not self.active or request.fields["token"] != self.token:
            return Reply(body={"active": False, "status": "expired"})
        told = {"client_id": self.client_id, "status": "active", "expires_at": 1_800_000_000, "auth_type": "3L"}
        return Reply(body={"active": True, "scope": self.scopes, **told})
