"""A professional Instagram account on loopback, as the Graph API shows it to the page it belongs to. A double.

It goes the same two steps as that of Threads, and is as strict: unknown parameters (a test holds `PARAMETERS` against
Meta's specification), pictures that are no JPEG within 4:5 and 1.91:1, captions that are too long.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.networks.graph import VERSION
from tests.peers.double import Reply, Request
from tests.peers.files import fetch, size_of
from tests.peers.graph import error
from tests.peers.threads import Container, Post, ThreadsServer

PARAMETERS: dict[str, set[str]] = {
    "": {"image_url", "caption", "alt_text"},
    "REELS": {"media_type", "video_url", "caption"},
    "CAROUSEL": {"media_type", "children", "caption"},
    "item": {"image_url", "is_carousel_item", "alt_text"},
}
"""What we use of each kind of container."""
FIELDS = {"id", "caption", "timestamp", "permalink", "media_type", "children"}
PAGE = "104203518281837"


class InstagramServer(ThreadsServer):
    token = "EAAGdoubleOfAPageAccessToken0123456789"

    def __init__(self) -> None:
        super().__init__()
        self.is_page = True
        self.linked = True

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, "Invalid OAuth access token.", status=401)
        version, _, path = request.path.removeprefix("/").partition("/")
        if version != VERSION:
            return error(2635, "You are calling a deprecated version of the API")
        if path == "me":
            return self._page()
        call = f"{request.method} {path.removeprefix(self.user + '/')}"
        if call == "POST media":
            return self._make(request.fields)
        if call == "POST media_publish":
            return self._publish(request.fields)
        if call == "GET media":
            return self._list(request, replies=False)
        return self._one(request, path)

    def _page(self) -> Reply:
        if not self.is_page:
            return error(100, "Tried accessing nonexisting field (category) on node type (User)")
        account = {"id": self.user, "username": "pressoffice", "name": "Press Office"}
        linked = {"instagram_business_account": account} if self.linked else {}
        return Reply(body={"id": PAGE, "category": "Government", **linked})

    def _fields(self, request: Request, of: str) -> None:
        known = {"id", "status_code", "status"} if of == "container" else FIELDS
        assert set(request.query["fields"].split(",")) <= known, request.query

    def _make(self, given: dict[str, str]) -> Reply:
        kind = "item" if "is_carousel_item" in given else given.get("media_type", "")
        if kind not in PARAMETERS or set(given) - PARAMETERS[kind]:
            return error(100, f"Invalid parameters for {kind}: {sorted(given)}")
        if len(given.get("caption", "")) > 2200 or given.get("caption", "").count("#") > 30:
            return error(36004, "The caption is too long", subcode=2207010)
        made = Container(self._number(), given, looks=self.slow)
        if kind == "CAROUSEL":
            made.children = [self.containers[number] for number in given["children"].split(",")]
            if not 2 <= len(made.children) <= 10 or not all("is_carousel_item" in one.given for one in made.children):
                return error(100, "A carousel has 2 to 10 items")
        else:
            found = fetch(given.get("image_url", given.get("video_url", "")))
            if found is None:
                return error(9004, "The media could not be fetched from this URI", subcode=2207052)
            if refusal := _wrong(found) if "image_url" in given else None:
                return refusal
            made.pictures = [found]
        self.fetched += made.pictures
        self.containers[made.id] = made
        return Reply(body={"id": made.id})

    def _standing(self, container: Container) -> dict[str, str]:
        return {"status_code": container.state, "status": container.error or container.state.capitalize()}

    def _publish(self, given: dict[str, str]) -> Reply:
        container = self.containers.get(given["creation_id"])
        if container is not None and container.state == "IN_PROGRESS":
            return error(9007, "Media ID is not available", subcode=2207027)
        if container is not None:
            container.given.setdefault("text", container.given.get("caption", ""))
        return super()._publish(given)

    def _shown(self, post: Post) -> dict[str, Any]:
        kinds = {"REELS": "VIDEO", "CAROUSEL": "CAROUSEL_ALBUM"}
        told: dict[str, Any] = {
            "id": post.id,
            "caption": post.text,
            "timestamp": f"{post.created:%Y-%m-%dT%H:%M:%S}+0000",
            "permalink": f"https://www.instagram.com/p/{post.id}/",
            "media_type": kinds.get(post.container.given.get("media_type", ""), "IMAGE"),
        }
        if post.container.children:
            told["children"] = {"data": [{"id": child.id} for child in post.container.children]}
        return told

    def add(self, text: str, *, ago: timedelta = timedelta(0)) -> None:
        """A post that somebody made by hand."""
        container = Container(self._number(), {"caption": text}, published=True)
        self.posts.append(Post(self._number(), container, datetime.now(UTC) - ago, text))


def _wrong(data: bytes) -> Reply | None:
    size = size_of(data)
    if size is None or size[0] != "JPEG":
        return error(36001, "The image format is not supported", subcode=2207005)
    if len(data) > 8_000_000:
        return error(36000, "The image is too large", subcode=2207004)
    if not 0.799 <= size[1] / size[2] <= 1.911:
        return error(36003, "The aspect ratio is not supported", subcode=2207009)
    return None
