"""YouTube: a double of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from publisher.networks.base import Network
from publisher.networks.youtube import YouTube
from tests.networks.places import TIMEOUT, Place, Standing
from tests.peers.faults import FaultProxy, Seen
from tests.peers.youtube import YouTubeServer, error


@dataclass
class YouTubePlace(Place):
    kind = "youtube"
    posting = "/youtube/v3/videos"
    method = "PUT"
    refusal = (400, json.dumps(error(400, "invalidVideoMetadata", "The request metadata is invalid.").body))
    editing = ("PUT", "/youtube/v3/videos")
    unauthorised = json.dumps(error(401, "authError", "Invalid Credentials").body)
    server: YouTubeServer = field(kw_only=True)

    def hasty(self) -> Network:
        return YouTube(timeout=TIMEOUT)

    def fields(self) -> dict[str, str]:
        server = self.server
        return {
            "client_id": server.client_id,
            "client_secret": server.client_secret,
            "refresh_token": server.refresh_token,
        }

    def standing(self) -> list[Standing]:
        return [Standing(id=video.id, text=_text(video.snippet)) for video in self.server.seen()]

    def pictures(self) -> list[bytes]:
        return [video.thumbnail for video in self.server.videos if video.thumbnail]

    def sent(self, seen: Seen) -> Any:
        """The video as it was uploaded and then shown, without what is set for the channel."""
        body = json.loads(seen.body)
        video = self.server.get(body["id"])
        assert video is not None
        assert body["status"].pop("privacyStatus") == "public"
        assert body["status"] == {"selfDeclaredMadeForKids": False}
        return {"snippet": {k: v for k, v in video.snippet.items() if k != "categoryId"}}


def _text(snippet: dict[str, Any]) -> str:
    title, description = snippet["title"], snippet["description"]
    if title.endswith("…") and description.startswith(title[:-1]):
        return str(description)
    return f"{title}\n\n{description}" if description else str(title)


@contextmanager
def open_it(request: pytest.FixtureRequest) -> Iterator[Place]:
    with YouTubeServer() as server, FaultProxy(server.url) as proxy:
        yield YouTubePlace(proxy, server=server)
        assert server.faults == []
