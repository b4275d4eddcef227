"""A Threads account on loopback: what a publisher sees of the Threads API. A double: there is no test server.

It refuses parameters and fields that Meta's own collection of requests does not know (a test holds `PARAMETERS` and
`FIELDS` against it), fetches pictures itself, and publishes a container as often as it is told to: that nobody does so
twice is for the tests to see.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.peers.double import Double, Reply, Request
from tests.peers.files import fetch, size_of
from tests.peers.graph import GONE, error

COMMON = {"media_type", "text", "reply_to_id"}
PARAMETERS: dict[str, set[str]] = {
    "TEXT": COMMON | {"link_attachment"},
    "IMAGE": COMMON | {"image_url", "alt_text"},
    "VIDEO": COMMON | {"video_url", "alt_text"},
    "CAROUSEL": COMMON | {"children"},
    "IMAGE item": {"media_type", "image_url", "is_carousel_item", "alt_text"},
    "VIDEO item": {"media_type", "video_url", "is_carousel_item", "alt_text"},
}
"""What we use of each kind of container."""
FIELDS: dict[str, set[str]] = {
    "me": {"id", "username", "name", "threads_profile_picture_url"},
    "container": {"id", "status", "error_message"},
    "me/threads": {"id", "text", "timestamp", "permalink", "media_type", "children"},
    "me/replies": {"id", "text", "timestamp", "permalink", "media_type", "children", "replied_to"},
    "post": {"id", "permalink"},
}


@dataclass
class Container:
    id: str
    given: dict[str, str]
    pictures: list[bytes] = field(default_factory=list)
    looks: int = 0
    """How many more looks find it in progress."""
    error: str = ""
    status: str = ""
    """Other than what follows from the rest."""
    published: bool = False
    children: list["Container"] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.status:
            return self.status
        if self.published:
            return "PUBLISHED"
        return "ERROR" if self.error else "IN_PROGRESS" if self.looks > 0 else "FINISHED"


@dataclass
class Post:
    id: str
    container: Container
    created: datetime
    text: str
    reply_to: str = ""


class ThreadsServer(Double):
    user = "17841400008460056"
    token = "THAAdoubleOfALongLivedToken0123456789"
    renewed = "THAArenewedLongLivedToken0123456789"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.containers: dict[str, Container] = {}
        self.fetched: list[bytes] = []
        self.slow = 1
        """How many looks find a container with pictures in progress."""
        self.young = False
        """Whether the token is less than a day old."""
        self.scopes = ["threads_basic", "threads_content_publish", "threads_read_replies", "threads_delete"]
        self.ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=59)
        self.tester = True
        self._last = 100

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") not in {f"Bearer {self.token}", f"Bearer {self.renewed}"}:
            return error(190, "Invalid OAuth access token.", status=401)
        if request.path == "/refresh_access_token":
            return self._renew(request)
        version, _, path = request.path.removeprefix("/").partition("/")
        if version != "v1.0":
            return error(2635, "You are calling a deprecated version of the API")
        if request.method == "POST":
            return {"me/threads": self._make, "me/threads_publish": self._publish}[path](request.fields)
        if path == "me":
            return self._me(request)
        if path == "debug_token":
            return self._debug(request)
        if path in {"me/threads", "me/replies"}:
            return self._list(request, replies=path == "me/replies")
        return self._one(request, path)

    def _number(self) -> str:
        self._last += 1
        return str(self._last)

    def _renew(self, request: Request) -> Reply:
        assert request.query == {"grant_type": "th_refresh_token"}
        if self.young:
            return error(100, "The access token is too young to be refreshed")
        return Reply(body={"access_token": self.renewed, "token_type": "bearer", "expires_in": 5_183_944})

    def _debug(self, request: Request) -> Reply:
        if not self.tester or request.query != {"input_token": request.headers["authorization"].split()[1]}:
            return error(100, "The access token must belong to a Threads tester of the app")
        told = {"type": "USER", "expires_at": int(self.ends.timestamp()), "is_valid": True, "scopes": self.scopes}
        return Reply(body={"data": told})

    def _me(self, request: Request) -> Reply:
        self._fields(request, "me")
        return Reply(body={"id": self.user, "username": "pressoffice", "name": "Press Office"})

    def _fields(self, request: Request, of: str) -> None:
        assert set(request.query["fields"].split(",")) <= FIELDS[of], request.query

    def _make(self, given: dict[str, str]) -> Reply:
        kind = given.get("media_type", "") + (" item" if "is_carousel_item" in given else "")
        if kind not in PARAMETERS or (unknown := set(given) - PARAMETERS[kind]):
            return error(100, f"Invalid parameters for {kind}: {sorted(given)} {unknown if kind in PARAMETERS else ''}")
        if refusal := self._words(given) or self._parent(given):
            return refusal
        made = Container(self._number(), given)
        if kind == "CAROUSEL":
            made.children = [self.containers[number] for number in given["children"].split(",")]
            if not 2 <= len(made.children) <= 20 or not all("is_carousel_item" in one.given for one in made.children):
                return error(100, "A carousel has 2 to 20 items")
        for name in ("image_url", "video_url"):
            if name in given:
                made.looks = self.slow
                made.pictures = [data] if (data := fetch(given[name])) else []
                made.error = self._wrong(name, made.pictures)
        self.fetched += made.pictures
        self.containers[made.id] = made
        return Reply(body={"id": made.id})

    def _words(self, given: dict[str, str]) -> Reply | None:
        text = given.get("text", "")
        if _length(text) > 500:
            return error(100, "The text is too long", error_user_msg="Your post may have at most 500 characters.")
        links = {
            *re.findall(r"https?://\S+", text),
            *([given["link_attachment"]] if "link_attachment" in given else []),
        }
        if len(links) > 5:
            return error(100, "THREADS_API__LINK_LIMIT_EXCEEDED")
        return error(100, "The alt text is too long") if len(given.get("alt_text", "")) > 1000 else None

    def _parent(self, given: dict[str, str]) -> Reply | None:
        parent = given.get("reply_to_id")
        return GONE if parent is not None and parent not in {post.id for post in self.posts} else None

    def _wrong(self, name: str, found: list[bytes]) -> str:
        if not found:
            return "FAILED_DOWNLOADING_VIDEO" if name == "video_url" else "UNKNOWN"
        if name == "video_url":
            return ""
        size = size_of(found[0])
        if size is None or size[0] not in {"JPEG", "PNG"} or len(found[0]) > 8_000_000:
            return "INVALID_IMAGE"
        _, width, height = size
        return "INVALID_ASPEC_RATIO" if max(width / height, height / width) > 10 else ""

    def _publish(self, given: dict[str, str]) -> Reply:
        assert set(given) == {"creation_id"}
        container = self.containers.get(given["creation_id"])
        if container is None:
            return GONE
        if container.state not in {"FINISHED", "PUBLISHED"}:
            return error(24, "The requested resource does not exist", subcode=4279009)
        container.published = True
        text = container.given.get("text", "").strip()
        post = Post(self._number(), container, datetime.now(UTC), text, container.given.get("reply_to_id", ""))
        self.posts.append(post)
        return Reply(body={"id": post.id})

    def _list(self, request: Request, *, replies: bool) -> Reply:
        self._fields(request, "me/replies" if replies else "me/threads")
        start, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 25))
        newest = [post for post in reversed(self.posts) if bool(post.reply_to) == replies]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + limit)}}
        if len(newest) > start + limit:
            paging["next"] = "https://graph.threads.net/next"
        return Reply(body={"data": [self._shown(post) for post in newest[start : start + limit]], "paging": paging})

    def _shown(self, post: Post) -> dict[str, Any]:
        kinds = {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}
        kind = post.container.given["media_type"]
        told: dict[str, Any] = {
            "id": post.id,
            "text": post.text,
            "timestamp": f"{post.created:%Y-%m-%dT%H:%M:%S}+0000",
            "permalink": f"https://www.threads.com/@pressoffice/post/{post.id}",
            "media_type": kinds.get(kind, kind),
        }
        if post.container.children:
            told["children"] = {"data": [{"id": child.id} for child in post.container.children]}
        return {**told, "replied_to": {"id": post.reply_to}} if post.reply_to else told

    def _one(self, request: Request, number: str) -> Reply:
        if (container := self.containers.get(number)) is not None:
            self._fields(request, "container")
            told = {"id": number, **self._standing(container)}
            container.looks -= 1
            return Reply(body=told)
        found = next((post for post in self.posts if post.id == number), None)
        if found is None:
            return GONE
        if request.method == "DELETE":
            self.posts.remove(found)
            return Reply(body={"success": True, "deleted_id": number})
        self._fields(request, "post")
        return Reply(body=self._shown(found))

    def _standing(self, container: Container) -> dict[str, str]:
        return {"status": container.state, "error_message": container.error}

    def add(self, text: str, *, ago: timedelta = timedelta(0)) -> None:
        """A post that somebody made by hand."""
        container = Container(self._number(), {"media_type": "TEXT", "text": text}, published=True)
        self.posts.append(Post(self._number(), container, datetime.now(UTC) - ago, text))


def _length(text: str) -> int:
    """Signs and what joins them by their bytes, all else by characters: at least what Threads counts."""
    return sum(len(one.encode()) if unicodedata.category(one) in {"So", "Sk", "Cf", "Me", "Mn"} else 1 for one in text)
