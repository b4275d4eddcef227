"""X's API v2 on loopback: a double of our own, because X's simulator is kinder than X.

It refuses what X refuses (long texts by weight, duplicates, replies to what is not there), checks every OAuth 1.0a
signature against the address really called, hands out OAuth 2.0 refresh tokens that work once, puts t.co links into
texts, and fails on demand: `server.fail(answer(503, after_forwarding=True), path="/2/tweets", method="POST")`;
"forwarding" means that the double does what was asked before it fails.

    from tests.peers import x as double
    x_server = double.x_server  # or pytest_plugins = ["tests.peers.x"] in the conftest
    def test_...(x_server): X().publish(part, context_for(x_server.oauth1_fields()), key)
"""

import base64
import hashlib
import hmac
import html
import itertools
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from twitter_text import extract_urls_with_indices, parse_tweet

from publisher.networks.base import Context
from publisher.networks.limits import LIMITS
from publisher.networks.x_credentials import XCredentials
from publisher.types import Identity
from tests.peers.faults import Fault

USER = {"id": "2244994945", "name": "Press Office", "username": "pressoffice"}
PICTURE = "https://pbs.twimg.com/profile_images/1/pressoffice.jpg"
PROBLEMS = "https://api.twitter.com/2/problems"
SEGMENT = 5_000_000
"""Bytes of one segment at most."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def call(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Post:
    id: str
    text: str
    """As it was sent."""
    created_at: datetime
    reply_to: str = ""
    media: tuple[str, ...] = ()


@dataclass(slots=True)
class Media:
    id: str
    data: bytes
    type: str
    category: str
    alt: str = ""
    looks: int = 0
    """How often its state still has to be asked before it is ready."""
    fails: bool = False
    total: int = 0
    """Bytes that were announced; 0 = it came in one piece."""
    segments: int = 0
    finished: bool = True
    subtitles: dict[str, str] = field(default_factory=dict)
    """The id of the track, by language."""

    def to_json(self) -> dict[str, Any]:
        found = {"id": self.id, "media_key": f"3_{self.id}", "size": len(self.data), "expires_after_secs": 86400}
        if self.looks:
            return {**found, "processing_info": {"state": "pending", "check_after_secs": 0}}
        return {**found, "processing_info": {"state": "failed"}} if self.fails else found


class Refusal(Exception):  # it is an answer, not a failure of the double
    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


def problem(status: int, detail: str, title: str = "Forbidden", kind: str = "about:blank", **more: Any) -> Refusal:
    return Refusal(status, {"title": title, "detail": detail, "type": kind, "status": status, **more})


REPLY_RULE = problem(
    403,
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to.",
)
NO_CREDITS = problem(
    402,
    "Your enrolled account [2059529979700846592] does not have any credits to fulfill this request.",
    "CreditsDepleted",
    f"{PROBLEMS}/credits",
)


@dataclass(slots=True)
class _Rule:
    fault: Fault
    method: str
    path: str
    left: int


@dataclass
class XServer:
    consumer_key: str = "double-consumer-key"
    consumer_secret: str = "double-consumer-secret"
    access_token: str = "2244994945-double-access-token"
    access_token_secret: str = "double-access-token-secret"
    client_id: str = "double-client-id"
    client_secret: str = "double-client-secret"

    rotates: bool = True
    """Whether a refresh token is replaced when it is used."""
    refuses_twins: bool = True
    replies_allowed: bool = True
    """False: the rule for self-serve customers since 2026 hits threads as well."""
    credits: bool = True
    limited_until: datetime | None = None
    limit_headers: Mapping[str, str] = field(default_factory=dict)
    """Besides or instead of the usual ones on a 429."""
    access_level: str = "read-write"
    processing_looks: int = 0
    processing_fails: bool = False

    posts: list[Post] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    answers: list[tuple[Request, int, Mapping[str, Any]]] = field(default_factory=list)
    """What was answered where nothing was told to fail."""
    access_tokens: dict[str, datetime] = field(default_factory=dict)
    """OAuth 2.0 access tokens and when each ends."""
    refresh_tokens: set[str] = field(default_factory=set)
    """Those not used yet."""

    def __post_init__(self) -> None:
        self.stopping = threading.Event()
        self._ids = itertools.count(1_800_000_000_000_000_000)
        self._links: dict[str, str] = {}
        self._nonces: set[str] = set()
        self._rules: list[_Rule] = []
        self._lock = threading.RLock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.double = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    # --- for tests -----------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def oauth1_fields(self) -> dict[str, str]:
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        return {"base_url": self.url, **{name: getattr(self, name) for name in names}}

    def oauth2_fields(self, *, lifetime: timedelta = timedelta(hours=2), public: bool = False) -> dict[str, str]:
        """Fresh tokens. `lifetime` below zero: the access token is over already, and says so."""
        access, refresh, ends = self._new_pair(lifetime)
        return {
            "base_url": self.url,
            "client_id": self.client_id,
            "client_secret": "" if public else self.client_secret,
            "oauth2_access_token": access,
            "oauth2_refresh_token": refresh,
            "oauth2_expires_at": ends.isoformat(),
        }

    def fail(self, fault: Fault, *, path: str = "", method: str = "", times: int = 1) -> None:
        """Let the next `times` requests whose path ends with `path` fail like this; faults queue up in order."""
        with self._lock:
            self._rules.append(_Rule(fault, method, path, times))

    def seed(self, text: str, *, created_at: datetime | None = None, reply_to: str = "") -> Post:
        """A post that somebody made without us."""
        post = Post(str(next(self._ids)), text, created_at or datetime.now(UTC), reply_to)
        self.posts.append(post)
        return post

    def sent(self, call: str) -> list[Request]:
        """The requests of one kind, like "POST /2/tweets", first to last."""
        return [request for request in self.requests if request.call == call]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # --- what it does --------------------------------------------------------------------------------------------

    def take(self, request: Request) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            for rule in self._rules:
                if rule.left and request.path.endswith(rule.path) and rule.method in ("", request.method):
                    rule.left -= 1
                    return rule.fault
        return None

    def answer(self, request: Request) -> tuple[int, Mapping[str, Any], Mapping[str, str]]:
        reset = int((datetime.now(UTC) + timedelta(minutes=15)).timestamp())
        headers = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "99", "x-rate-limit-reset": str(reset)}
        with self._lock:
            try:
                status, body = self._do(request)
            except Refusal as refusal:
                status, body, headers = refusal.status, refusal.body, {**headers, **refusal.headers}
            self.answers.append((request, status, body))
        return status, body, {**headers, "x-access-level": self.access_level}

    def _do(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        if request.call == "POST /2/oauth2/token":
            return 200, self._refresh(request)
        self._authenticate(request)
        if self.limited_until:
            reset = {"x-rate-limit-reset": str(int(self.limited_until.timestamp()))}
            body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
            raise Refusal(429, body, {"x-rate-limit-remaining": "0", **reset, **self.limit_headers})
        if not self.credits:
            raise NO_CREDITS
        for method, prefix, action in self._routes():
            if request.method == method and request.path.startswith(prefix):
                return action(request)
        raise problem(404, "Not Found", "Not Found")

    def _routes(self) -> Iterator[tuple[str, str, Callable[[Request], tuple[int, Mapping[str, Any]]]]]:
        yield "POST", "/2/tweets", self._post
        yield "DELETE", "/2/tweets/", self._delete
        yield "GET", "/2/users/me", self._me
        yield "GET", "/2/users/", self._timeline
        yield "POST", "/2/media/upload/", self._upload_in_parts
        yield "POST", "/2/media/upload", self._upload
        yield "POST", "/2/media/subtitles", self._subtitle
        yield "GET", "/2/media/upload", self._status
        yield "POST", "/2/media/metadata", self._describe

    def _post(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        sent = request.json
        text, media = sent.get("text", ""), tuple((sent.get("media") or {}).get("media_ids") or ())
        parent = (sent.get("reply") or {}).get("in_reply_to_tweet_id", "")
        if not text and not media:
            errors = [{"message": "Requires either text or media.", "parameters": {}}]
            detail = "One or more parameters to your request was invalid."
            kind = f"{PROBLEMS}/invalid-request"
            raise Refusal(400, {"errors": errors, "title": "Invalid Request", "detail": detail, "type": kind})
        if text and not parse_tweet(text).valid:
            # What X really says of a text that is too long for the account.
            raise problem(403, "You are not permitted to perform this action.")
        if len({word.lower() for word in text.split() if word[:1] == "$" and word[1:].isalpha()}) > 1:
            raise problem(403, "Posts are limited to a maximum of one cashtag.")
        if parent and parent not in {post.id for post in self.posts}:
            raise problem(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if parent and not self.replies_allowed:
            raise REPLY_RULE
        if self.refuses_twins and any(post.text == text for post in self.posts):
            raise problem(403, "You are not allowed to create a Tweet with duplicate content.")
        usable = {each.id for each in self.media.values() if each.finished and not each.looks and not each.fails}
        if not set(media) <= usable:
            raise problem(400, "Your media IDs are invalid.", "Invalid Request", f"{PROBLEMS}/invalid-request")
        post = Post(str(next(self._ids)), text, datetime.now(UTC), parent, media)
        self.posts.append(post)
        return 201, {"data": {"id": post.id, "text": self.shown(post)["text"], "edit_history_tweet_ids": [post.id]}}

    def _delete(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        identifier = request.path.rpartition("/")[2]
        self.posts = [post for post in self.posts if post.id != identifier]
        return 200, {"data": {"deleted": True}}

    def _me(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        fields = dict(parse_qsl(request.query)).get("user.fields", "").split(",")
        return 200, {"data": {**USER, **({"profile_image_url": PICTURE} if "profile_image_url" in fields else {})}}

    def _timeline(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        query = dict(parse_qsl(request.query))
        if request.path != f"/2/users/{USER['id']}/tweets":
            raise problem(404, "Could not find user.", "Not Found", f"{PROBLEMS}/resource-not-found")
        since = datetime.fromisoformat(query["start_time"])
        found = [post for post in reversed(self.posts) if post.created_at >= since]
        size, start = int(query.get("max_results", "10")), int(query.get("pagination_token", "0"))
        page = found[start : start + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if start + size < len(found):
            meta["next_token"] = str(start + size)
        body = {"data": [self.shown(post) for post in page], "meta": meta}
        return 200, body if page else {"meta": meta}

    def _upload(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        form = multipart(request)
        _, kind, data = form["media"]
        if not data:
            raise problem(400, "media: size must be positive", "Invalid Request", f"{PROBLEMS}/invalid-request")
        media = Media(str(next(self._ids)), data, kind, form["media_category"][2].decode())
        media.looks, media.fails = self.processing_looks, self.processing_fails
        self.media[media.id] = media
        return 200, {"data": media.to_json()}

    def _upload_in_parts(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        """/initialize, /{id}/append, /{id}/finalize: every segment once, in order, and no byte missing."""
        *_, identifier, step = request.path.split("/")
        invalid = f"{PROBLEMS}/invalid-request"
        if step == "initialize":
            told = request.json
            media = Media(str(next(self._ids)), b"", told["media_type"], told["media_category"])
            media.total, media.finished = told["total_bytes"], False
            self.media[media.id] = media
            return 200, {"data": {"id": media.id, "media_key": f"13_{media.id}", "expires_after_secs": 86400}}
        media = self.media[identifier]
        if step == "append":
            form = multipart(request)
            if int(form["segment_index"][2]) != media.segments or len(form["media"][2]) > SEGMENT:
                raise problem(400, "Segments do not add up to provided total file size.", "Invalid Request", invalid)
            media.data += form["media"][2]
            media.segments += 1
            return 200, {"data": {"expires_at": 2_000_000_000}}
        if len(media.data) != media.total:
            raise problem(400, "Segments do not add up to provided total file size.", "Invalid Request", invalid)
        media.finished, media.looks, media.fails = True, self.processing_looks, self.processing_fails
        return 200, {"data": media.to_json()}

    def _subtitle(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        told = request.json
        track = self.media[told["subtitles"]["id"]]
        assert track.category == "subtitles"
        self.media[told["id"]].subtitles[told["subtitles"]["language_code"]] = track.id
        return 200, {"data": {"id": told["id"], "media_category": told["media_category"], "associated_subtitles": {}}}

    def _status(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        media = self.media[dict(parse_qsl(request.query))["media_id"]]
        media.looks = max(0, media.looks - 1)
        return 200, {"data": media.to_json()}

    def _describe(self, request: Request) -> tuple[int, Mapping[str, Any]]:
        media = self.media[request.json["id"]]
        media.alt = request.json["metadata"]["alt_text"]["text"]
        return 200, {"data": {"id": media.id, "associated_metadata": request.json["metadata"]}}

    def shown(self, post: Post) -> dict[str, Any]:
        """A post as API v2 gives it: t.co links, HTML entities, and what was replied to."""
        links = [(url["url"], tuple(url["indices"])) for url in extract_urls_with_indices(post.text)]
        text, position, entities = "", 0, []
        for url, (start, end) in links:
            text += html.escape(post.text[position:start], quote=False)
            short = self._short(url)
            expanded = url if "://" in url else f"http://{url}"
            entities.append({"start": len(text), "end": len(text) + len(short), "url": short, "expanded_url": expanded})
            text += short
            position = end
        text += html.escape(post.text[position:], quote=False)
        for identifier in post.media[:1]:
            short = self._short(f"media {identifier}")
            expanded = f"https://x.com/{USER['username']}/status/{post.id}/photo/1"
            key = f"3_{identifier}"
            end = len(text) + 1 + len(short)
            entity = {"start": len(text) + 1, "end": end, "url": short, "expanded_url": expanded, "media_key": key}
            entities.append(entity)
            text += f" {short}"
        shown: dict[str, Any] = {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id]}
        shown["created_at"] = post.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        if entities:
            shown["entities"] = {"urls": entities}
        if post.reply_to:
            shown["referenced_tweets"] = [{"type": "replied_to", "id": post.reply_to}]
        return shown

    def _short(self, url: str) -> str:
        return self._links.setdefault(url, f"https://t.co/{hashlib.sha256(url.encode()).hexdigest()[:10]}")

    # --- who is asking -------------------------------------------------------------------------------------------

    def _authenticate(self, request: Request) -> None:
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        known = self._is_signed(request, rest) if scheme == "OAuth" else self._is_bearer(rest)
        if scheme not in ("OAuth", "Bearer") or not known:
            raise problem(401, "Unauthorized", "Unauthorized")

    def _is_bearer(self, token: str) -> bool:
        return token in self.access_tokens and datetime.now(UTC) < self.access_tokens[token]

    def _is_signed(self, request: Request, header: str) -> bool:
        """RFC 5849, section 3.4: HMAC-SHA1 over method, the address really called, and all parameters but JSON."""
        pairs = (pair.strip().partition("=") for pair in header.split(","))
        given = {unquote(name): unquote(value.strip('"')) for name, _, value in pairs}
        signature = given.pop("oauth_signature", "")
        parameters = [*given.items(), *parse_qsl(request.query, keep_blank_values=True)]
        listed = "&".join(f"{k}={v}" for k, v in sorted((_escaped(k), _escaped(v)) for k, v in parameters))
        address = f"http://{request.headers['host']}{request.path}"
        base = "&".join(_escaped(text) for text in (request.method, address, listed))
        key = f"{_escaped(self.consumer_secret)}&{_escaped(self.access_token_secret)}"
        expected = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()
        fresh = given.get("oauth_nonce", "") not in self._nonces
        self._nonces.add(given.get("oauth_nonce", ""))
        ours = given.get("oauth_consumer_key") == self.consumer_key and given.get("oauth_token") == self.access_token
        return ours and fresh and hmac.compare_digest(signature, expected)

    def _refresh(self, request: Request) -> Mapping[str, Any]:
        form = dict(parse_qsl(request.body.decode()))
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        confidential = request.headers.get("authorization") == f"Basic {basic}"
        public = "authorization" not in request.headers and form.get("client_id") == self.client_id
        if not (confidential or public):
            text = "Missing valid authorization header"
            raise Refusal(401, {"error": "unauthorized_client", "error_description": text})
        spent = form.get("refresh_token", "")
        if form.get("grant_type") != "refresh_token" or spent not in self.refresh_tokens:
            text = "Value passed for the token was invalid."
            raise Refusal(400, {"error": "invalid_request", "error_description": text})
        access, refresh, _ = self._new_pair(timedelta(hours=2))
        answer = {"token_type": "bearer", "expires_in": 7200, "access_token": access, "scope": "tweet.write"}
        if not self.rotates:
            self.refresh_tokens.discard(refresh)
            return answer
        self.refresh_tokens.discard(spent)
        return {**answer, "refresh_token": refresh}

    def _new_pair(self, lifetime: timedelta) -> tuple[str, str, datetime]:
        access, refresh = f"access-{secrets.token_hex(16)}", f"refresh-{secrets.token_hex(16)}"
        ends = datetime.now(UTC) + lifetime
        self.access_tokens[access] = ends
        self.refresh_tokens.add(refresh)
        return access, refresh, ends


def _escaped(text: str) -> str:
    return quote(text, safe="~")


def multipart(request: Request) -> dict[str, tuple[str, str, bytes]]:
    """The fields of a multipart body: file name, content type, content."""
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    fields = {}
    for piece in request.body.split(b"--" + boundary)[1:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().strip().splitlines())
        options = dict(item.strip().split("=", 1) for item in lines["Content-Disposition"].split(";")[1:])
        name, filename = options["name"].strip('"'), options.get("filename", "").strip('"')
        fields[name] = (filename, lines.get("Content-Type", ""), content.removesuffix(b"\r\n"))
    return fields


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: XServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_any(self) -> None:
        double = self.server.double
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, target.path, target.query, headers, body)
        fault = double.take(request)
        if fault is None:
            status, content, named = double.answer(request)
            self.reply(
                status, {"Content-Type": "application/json; charset=utf-8", **named}, json.dumps(content).encode()
            )
            return
        if fault.forward:
            double.answer(request)
        if fault.hang:
            double.stopping.wait(10)  # so that a client without a timeout is found out, and not waited for
        if fault.status:
            self.reply(fault.status, fault.headers, fault.body)
        else:
            self.close_connection = True

    do_GET = do_POST = do_DELETE = handle_any  # noqa: N815  # the names are http.server's

    def reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def x_server() -> Iterator[XServer]:
    """A fresh X, alone for this test."""
    with XServer() as server:
        yield server


def context_for(fields: Mapping[str, str], **more: Any) -> Context:
    """What delivery hands to the network, for the account of the double; `more` replaces parts of it."""
    account = Identity(id=USER["id"], handle=f"@{USER['username']}")
    usual: dict[str, Any] = {"stamp": datetime.now(UTC), "load": lambda media: b"", "save": lambda fields: None}
    return Context(
        credentials=XCredentials.model_validate(fields), account=account, limits=LIMITS["x"], **{**usual, **more}
    )
