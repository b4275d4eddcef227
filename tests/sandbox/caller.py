"""The API of the sandbox network in the words of the tests."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from PIL import Image

from publisher.models import SandboxAccount


@dataclass
class Api:
    """What one account may ask for."""

    account: SandboxAccount
    token: str
    client: Client

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}

    def post(self, text: str = "Hello", key: str = "", **body: Any) -> Any:
        headers = self.headers(**({"Idempotency-Key": key} if key else {}))
        return self.client.post(
            "/sandbox/api/posts", {"text": text, **body}, content_type="application/json", headers=headers
        )

    def upload(self, data: bytes, alt: str = "") -> Any:
        files: Mapping[str, Any] = {"file": io.BytesIO(data), "alt": alt}
        return self.client.post("/sandbox/api/media", files, headers=self.headers())

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/sandbox/api/{path}", query, headers=self.headers())

    def delete(self, number: str) -> Any:
        return self.client.delete(f"/sandbox/api/posts/{number}", headers=self.headers())


def picture(width: int = 40, height: int = 30, colour: str = "navy", kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, kind)
    return buffer.getvalue()


def animation(kind: str = "GIF") -> bytes:
    """Red, then blue."""
    buffer = io.BytesIO()
    red, blue = (Image.new("RGB", (40, 40), colour) for colour in ("red", "blue"))
    red.save(buffer, kind, save_all=True, append_images=[blue])
    return buffer.getvalue()
