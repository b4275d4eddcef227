"""The strictest sandbox network: in memory, reached by the real client, and it takes every post it is given.

The sandbox server itself refuses a second post under one key. This one keeps both, so that what stands here once is
owed to our protocol alone. It fails as it is told, before or after it has taken the post.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from publisher.networks.sandbox import Sandbox

BASE = "http://sandbox.example"
TOKEN = "token-of-the-walk"
HTML = "<!doctype html><title>502</title>Bad gateway"


class Killed(BaseException):
    """`kill -9`: nothing in the product may catch it."""


@dataclass
class Stored:
    id: int
    key: str
    text: str
    reply_to: str
    looks_left: int = 0
    deleted: bool = False


FORWARDED = {
    "lost answer",
    "timeout after",
    "500 after",
    "502 page after",
    "empty 200",
    "wrong JSON",
    "200 list",
    "killed after",
}
"""Faults after which the post stands all the same."""
POST_FAULTS = [
    *sorted(FORWARDED),
    *("refused connection", "reset before", "timeout before", "500 before", "killed before"),
    *("422", "401", "403", "429", "429 without a time", "processing"),
]
GET_FAULTS = [
    "refused connection",
    "timeout before",
    "500 before",
    "502 page after",
    "wrong JSON",
    "429",
    "killed before",
]


BROKEN: dict[str, httpx.TransportError] = {
    "refused connection": httpx.ConnectError("refused"),
    "reset before": httpx.RemoteProtocolError("closed without an answer"),
    "lost answer": httpx.RemoteProtocolError("closed without an answer"),
    "timeout before": httpx.ReadTimeout("too slow"),
    "timeout after": httpx.ReadTimeout("too slow"),
}
"""Faults without an answer."""
INTERNAL = {"error": "internal", "message": "Out of order."}
ANSWERS: dict[str, tuple[int, Any, dict[str, str]]] = {
    "500 before": (500, INTERNAL, {}),
    "500 after": (500, INTERNAL, {}),
    "502 page after": (502, HTML, {}),
    "empty 200": (200, "", {}),
    "wrong JSON": (200, {"ok": True}, {}),
    "200 list": (200, [], {}),
    "422": (422, {"error": "refused", "message": "Not this text."}, {}),
    "401": (401, {"error": "bad_token", "message": "Not known here."}, {}),
    "403": (403, {"error": "suspended", "message": "Suspended."}, {}),
    "429": (429, {"error": "rate_limited", "message": "Wait."}, {"Retry-After": "90"}),
    "429 without a time": (429, HTML, {}),
}


class StrictNetwork(httpx.BaseTransport):
    def __init__(self) -> None:
        self.posts: list[Stored] = []
        self.post_fault = ""
        self.get_fault = ""
        """What befalls the next call of that kind."""
        self.broken_token = False
        self.calls = 0
        self.before_post: Callable[[str], None] = lambda key: None
        """Told the key of each post before it is taken."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        path = request.url.path.removeprefix("/sandbox/api/")
        posting = request.method == "POST"
        if posting:
            fault, self.post_fault = self.post_fault, ""
        else:
            fault, self.get_fault = self.get_fault, ""
        if self.broken_token:
            fault = "401"
        if fault not in FORWARDED | {"", "processing"}:
            return self._fail(fault)
        response = self._do(request, path, LOOKS if fault == "processing" else 0)
        return self._fail(fault) if fault in FORWARDED else response

    def _fail(self, fault: str) -> httpx.Response:
        if fault.startswith("killed"):
            raise Killed(fault)
        if fault in BROKEN:
            raise BROKEN[fault]
        status, body, headers = ANSWERS[fault]
        content = body if isinstance(body, str) else json.dumps(body)
        return httpx.Response(status, text=content, headers=headers)

    def _do(self, request: httpx.Request, path: str, looks: int) -> httpx.Response:
        if path == "me":
            body = {"id": "1", "handle": "press", "name": "Press", "url": BASE, "limits": {}}
            return httpx.Response(200, json=body)
        if path == "posts" and request.method == "POST":
            key = request.headers["Idempotency-Key"]
            self.before_post(key)
            asked = json.loads(request.content)
            made = Stored(len(self.posts) + 1, key, asked["text"], asked["reply_to"] or "", looks)
            self.posts.append(made)
            return httpx.Response(202 if looks else 201, json=_shown(made))
        if path == "posts":
            found = [one for one in self.standing() if one.key == request.url.params["key"]]
            return httpx.Response(200, json={"posts": [_shown(_looked_at(one)) for one in found]})
        number = re.fullmatch(r"posts/(\d+)", path)
        assert number, path
        here = [one for one in self.standing() if one.id == int(number[1])]
        if not here:
            return httpx.Response(404, json={"error": "not_found", "message": "No such post."})
        if request.method == "DELETE":
            here[0].deleted = True
            return httpx.Response(204)
        return httpx.Response(200, json=_shown(_looked_at(here[0])))

    def standing(self) -> list[Stored]:
        return [one for one in self.posts if not one.deleted]


LOOKS = 2
"""How often one must ask for a post that is being worked on."""


def _looked_at(one: Stored) -> Stored:
    one.looks_left = max(0, one.looks_left - 1)
    return one


def _shown(one: Stored) -> dict[str, Any]:
    status = "processing" if one.looks_left else "published"
    return {"id": str(one.id), "url": f"{BASE}/{one.id}", "status": status, "text": one.text}


class StrictSandbox(Sandbox):
    """The client as it is, on a wire that leads to a `StrictNetwork`."""

    def __init__(self, network: StrictNetwork) -> None:
        super().__init__()
        self.network = network

    def _client(self, credentials: Any) -> httpx.Client:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.Client(base_url=f"{BASE}/sandbox/api/", headers=headers, transport=self.network, trust_env=False)
