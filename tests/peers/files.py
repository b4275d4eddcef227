"""A server of files on loopback, for doubles of networks that fetch pictures by their public address."""

import io

import httpx
from PIL import Image

from publisher.newsroom.drafts import public
from tests.peers.double import Double, Reply, Request


class FileServer(Double):
    def __init__(self) -> None:
        super().__init__()
        self.files: list[tuple[bytes, str]] = []

    def put(self, data: bytes, kind: str) -> str:
        """The address at which it can be fetched."""
        self.files.append((data, kind))
        return f"{self.url}/{len(self.files) - 1}"

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/public/"):  # as the desk itself would answer there
            signed = public.open_signed(request.path.split("/")[2])
            found = (signed[0].read_bytes(), signed[1]) if signed else None
        else:
            found = self.files[int(request.path.removeprefix("/"))]
        if found is None:
            return Reply(404, b"")
        data, kind = found
        return Reply(body=data, headers={"Content-Type": kind})


def fetch(url: str) -> bytes | None:
    """What stands there; None where nothing can be fetched."""
    try:
        answer = httpx.get(url, timeout=5, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    return answer.content if answer.status_code == 200 else None


def size_of(data: bytes) -> tuple[str, int, int] | None:
    """Format, width and height of a picture; None where it is none."""
    try:
        image = Image.open(io.BytesIO(data))
    except OSError:
        return None
    return str(image.format), image.width, image.height
