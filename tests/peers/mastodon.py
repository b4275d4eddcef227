"""A small Mastodon on loopback: what a publisher sees of the API of 4.x, and of the relatives that speak it.

Statuses are kept in memory; `requests` records every request as it came. It fails on demand with the faults of
`tests.peers.faults`:

    server.fail(drop(after_forwarding=True), path="/api/v1/statuses")     # commits, then the answer is lost
    server.dialect = GOTOSOCIAL                                           # ignores Idempotency-Key, counts otherwise
"""

import json
import re
import ssl
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from tests.peers.faults import Fault
from tests.peers.mastodon_entities import (
    IMAGE_TYPES,
    VIDEO_BYTES,
    VIDEO_TYPES,
    account,
    configuration,
    content,
    instance_v1,
    instance_v2,
    length,
    own_account,
)

KEY_LIFETIME = timedelta(hours=1)
NOT_PROCESSED = "Cannot attach files that have not finished processing. Try again in a moment!"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a server of the family differs."""

    honours_keys: bool = True
    text: int = 500
    url_length: int = 23
    instance: tuple[str, ...] = ("v1", "v2")
    media: tuple[str, ...] = ("v1", "v2")
    scopes: bool = True
    """Whether an application tells its scopes (Mastodon 4.3)."""
    trailing_slash: bool = True
    """Whether an address with a slash too many is answered."""
    invalid_token: int = 401
    invalid_post: int = 422
    max_toot_chars: bool = False
    """Pleroma: the limit stands at the top of the instance, and there is no `configuration`."""
    software: str = "mastodon"
    """The name in NodeInfo; blank = there is none."""
    needs_picture: bool = False
    refuses_keys: bool = False
    """A key that was seen before, whatever came of it, is refused (Pixelfed)."""
    describes_later: bool = False
    """A description sent with the file is not kept (Friendica)."""
    edits: bool = True
    sources: bool = True
    """Whether a status can be asked for the text that it was made from."""


MASTODON = Dialect()
GOTOSOCIAL = Dialect(
    honours_keys=False, text=5000, url_length=25, scopes=False, invalid_post=400, software="gotosocial"
)
TAKAHE = Dialect(
    honours_keys=False,
    instance=("v1",),
    scopes=False,
    trailing_slash=False,
    invalid_token=400,
    invalid_post=400,
    software="takahe",
)
AKKOMA = Dialect(
    honours_keys=False,
    text=5000,
    url_length=0,
    instance=("v1",),
    scopes=False,
    max_toot_chars=True,
    software="akkoma",
)
PIXELFED = Dialect(
    honours_keys=False,
    text=2000,
    scopes=False,
    invalid_post=400,
    software="pixelfed",
    needs_picture=True,
    refuses_keys=True,
    edits=False,
    sources=False,
)
FRIENDICA = Dialect(
    honours_keys=False, text=200_000, scopes=False, describes_later=True, edits=False, software="friendica"
)
OLD = Dialect(instance=("v1",), media=("v1",), scopes=False)
"""Mastodon before 3.1.3."""


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    form: dict[str, Any]
    """The fields of the body; names that end with [] hold lists."""
    file: bytes = b""
    file_type: str = ""


@dataclass(kw_only=True)
class Medium:
    id: str
    data: bytes
    type: str
    description: str | None
    focus: str
    looks: int
    """How many more times it is still being processed when asked for."""
    broken: bool = False


class Problem(Exception):
    def __init__(self, status: int, error: str) -> None:
        self.status = status
        self.error = error


@dataclass
class State:
    statuses: list[dict[str, Any]] = field(default_factory=list)
    """As committed, oldest first; `text` is what was sent."""
    media: dict[str, Medium] = field(default_factory=dict)
    keys: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)


class MastodonServer:
    token = "tok-3f9a1c7e5b2d8064"
    username = "press"
    account_id = "109348684215"

    def __init__(self) -> None:
        self.dialect = MASTODON
        self.scopes = ["profile", "read", "write:statuses", "write:media"]
        self.processing = 0
        """How many looks the next pictures take until they are ready; 0 = at once."""
        self.breaks_media = False
        """Whether processing of the next pictures fails in the end."""
        self.offset = timedelta()
        """How far this server's clock is ahead."""
        self.max_media = 4
        self.alt = 1500
        self.image_bytes = 16 * 1024 * 1024
        self.state = State()
        self._faults: list[tuple[Fault, str, str]] = []
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def wrap(self, context: ssl.SSLContext) -> None:
        """Speak TLS; before `start`."""
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return self.state.statuses

    @property
    def requests(self) -> list[Request]:
        return self.state.requests

    def sent(self, method: str, path: str) -> list[Request]:
        """The requests to `path` (a regular expression for all of it), in order."""
        return [request for request in self.requests if request.method == method and re.fullmatch(path, request.path)]

    def fail(self, fault: Fault, *, path: str = "", method: str = "POST") -> None:
        """Let the next request with this method whose path ends with `path` fail like this; faults queue up."""
        with self._lock:
            self._faults.append((fault, method, path))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def add_status(self, text: str, *, html: str | None = None, parent: str | None = None, ago: int = 0) -> str:
        """Put a status on the account by another way than the API; `ago` in seconds. Gives its id."""
        with self._lock:
            status = self._commit(text, {"in_reply_to_id": parent}, [])
            status["created_at"] = _iso(self.now() - timedelta(seconds=ago))
            if html is not None:
                status["content"] = html
            return str(status["id"])

    # --- what a request does ------------------------------------------------------------------

    def handle(self, request: Request) -> tuple[int, Any]:
        """Status and JSON of the answer."""
        with self._lock:
            try:
                return self._route(request)
            except Problem as problem:
                return problem.status, {"error": problem.error}

    def take_fault(self, request: Request) -> Fault | None:
        with self._lock:
            for index, (fault, method, path) in enumerate(self._faults):
                if request.method == method and request.path.endswith(path):
                    del self._faults[index]
                    return fault
        return None

    def wait(self) -> None:
        """Hang until the test is over."""
        self._stopping.wait()

    def _route(self, request: Request) -> tuple[int, Any]:  # noqa: C901, PLR0912  a table of addresses
        path = request.path.rstrip("/") if self.dialect.trailing_slash else request.path
        match request.method, path.strip("/").split("/") if not path.endswith("/") else []:
            case "GET", ["api", "v1" | "v2" as version, "instance"] if version in self.dialect.instance:
                return 200, self._instance(version)
            case "GET", ["api", "v1", "accounts", "verify_credentials"]:
                self._authorize(request, "read:accounts", "profile")
                return 200, own_account(self._account())
            case "GET", ["api", "v1", "apps", "verify_credentials"]:
                self._authorize(request)
                told = {"scopes": self.scopes} if self.dialect.scopes else {}
                return 200, {"id": "7", "name": "Publisher", "website": None, "redirect_uris": [], **told}
            case "POST", ["api", "v1" | "v2" as version, "media"] if version in self.dialect.media:
                self._authorize(request, "write:media")
                return self._upload(request, version)
            case "GET", ["api", "v1", "media", id_]:
                self._authorize(request, "write:media")
                return self._look_at(id_)
            case "PUT", ["api", "v1", "media", id_]:
                self._authorize(request, "write:media")
                self.state.media[id_].description = request.form.get("description")
                return self._look_at(id_)
            case "GET", [".well-known", "nodeinfo"] if self.dialect.software:
                href = "https://social.example/nodeinfo/2.0"
                return 200, {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": href}]}
            case "GET", ["nodeinfo", "2.0"] if self.dialect.software:
                return 200, {"version": "2.0", "software": {"name": self.dialect.software, "version": "1.0.0"}}
            case "POST", ["api", "v1", "statuses"]:
                self._authorize(request, "write:statuses")
                return 200, self._post(request)
            case "GET", ["api", "v1", "accounts", self.account_id, "statuses"]:
                self._authorize(request, "read:statuses")
                return 200, self._list(request.query)
            case "GET", ["api", "v1", "statuses", id_, "source"] if self.dialect.sources:
                self._authorize(request, "read:statuses")
                status = self._status(id_)
                return 200, {"id": id_, "text": status["text"], "spoiler_text": ""}
            case "GET", ["api", "v1", "statuses", id_]:
                self._authorize(request, "read:statuses")
                return 200, _public(self._status(id_))
            case "PUT", ["api", "v1", "statuses", id_] if self.dialect.edits:
                self._authorize(request, "write:statuses")
                return 200, self._edit(self._status(id_), request.form)
            case "DELETE", ["api", "v1", "statuses", id_]:
                self._authorize(request, "write:statuses")
                status = self._status(id_)
                self.statuses.remove(status)
                return 200, status
        raise Problem(404, "Record not found")

    def _authorize(self, request: Request, *scopes: str) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Problem(self.dialect.invalid_token, "The access token is invalid")
        granted = {
            *self.scopes,
            *(scope.partition(":")[0] for scope in scopes if scope.partition(":")[0] in self.scopes),
        }
        if scopes and not any(scope in granted or scope.partition(":")[0] in granted for scope in scopes):
            raise Problem(403, "This action is outside the authorized scopes")

    def _upload(self, request: Request, version: str) -> tuple[int, Any]:
        if not request.file or request.file_type not in (*IMAGE_TYPES, *VIDEO_TYPES):
            raise Problem(422, "Validation failed: File content type is invalid, File is invalid")
        most = VIDEO_BYTES if request.file_type in VIDEO_TYPES else self.image_bytes
        if len(request.file) > most:
            raise Problem(422, f"Validation failed: File file size must be less than {most} bytes")
        description = request.form.get("description")
        if len(description or "") > self.alt:
            raise Problem(422, f"Validation failed: Description is too long (maximum is {self.alt} characters)")
        medium = Medium(
            id=self._next_id(),
            data=request.file,
            type=request.file_type,
            description=None if self.dialect.describes_later else description,
            focus=request.form.get("focus", ""),
            looks=self.processing if version == "v2" else 0,
            broken=self.breaks_media,
        )
        self.state.media[medium.id] = medium
        return (202 if medium.looks or medium.broken else 200), self._attachment(medium)

    def _look_at(self, id_: str) -> tuple[int, Any]:
        medium = self.state.media.get(id_)
        if not medium:
            raise Problem(404, "Record not found")
        if medium.looks:
            medium.looks -= 1
            return 206, self._attachment(medium)
        if medium.broken:
            raise Problem(422, "Error processing thumbnail for uploaded media")
        return 200, self._attachment(medium)

    def _attachment(self, medium: Medium) -> dict[str, Any]:
        ready = not medium.looks and not medium.broken
        return {
            "id": medium.id,
            "type": medium.type.partition("/")[0],
            "url": f"{self.url}/media/{medium.id}" if ready else None,
            "preview_url": f"{self.url}/media/{medium.id}" if ready else None,
            "remote_url": None,
            "meta": None,
            "description": medium.description,
            "blurhash": None,
        }

    def _post(self, request: Request) -> dict[str, Any]:
        key = request.headers.get("idempotency-key", "")
        if self.dialect.honours_keys and key in self.state.keys:
            stored, id_ = self.state.keys[key]
            if self.now() - stored < KEY_LIFETIME:
                return _public(self._status(id_))
        if self.dialect.refuses_keys and key:
            if key in self.state.keys:
                raise Problem(400, "Duplicate idempotency key.")
            self.state.keys[key] = (self.now(), "")
        form, text = request.form, request.form.get("status", "")
        media = [self.state.media.get(id_) for id_ in form.get("media_ids[]", form.get("media_ids", []))]
        self._check_media(media, answers=bool(form.get("in_reply_to_id")))
        self._check_words(form, text, bare=not media)
        status = self._commit(text, form, [medium for medium in media if medium])
        if key and not self.dialect.refuses_keys:
            # Only after the status stands (PostStatusService): two at the same time are two statuses.
            self.state.keys[key] = (self.now(), status["id"])
        return _public(status)

    def _check_media(self, media: list[Medium | None], *, answers: bool) -> None:
        invalid = self.dialect.invalid_post
        if self.dialect.needs_picture and not media and not answers:
            raise Problem(403, "Empty statuses are not allowed")
        if len(media) > self.max_media:
            raise Problem(invalid, "Cannot attach more than 4 files")
        if len(media) > 1 and any(medium and medium.type in VIDEO_TYPES for medium in media):
            raise Problem(invalid, "Cannot attach a video to a post that already contains images")
        if any(medium and (medium.looks or medium.broken) for medium in media):
            raise Problem(invalid, NOT_PROCESSED)

    def _check_words(self, form: dict[str, Any], text: str, *, bare: bool) -> None:
        invalid = self.dialect.invalid_post
        if bare and not text.strip():
            raise Problem(invalid, "Validation failed: Text can't be blank")
        if length(text, self.dialect.url_length) > self.dialect.text:
            raise Problem(invalid, f"Validation failed: Text character limit of {self.dialect.text} exceeded")
        if form.get("visibility", "public") not in ("public", "unlisted", "private", "direct"):
            raise Problem(invalid, f"'{form['visibility']}' is not a valid visibility")
        parent = form.get("in_reply_to_id")
        if parent and not any(status["id"] == parent for status in self.statuses):
            raise Problem(404, "The post you are trying to reply to does not appear to exist.")

    def _edit(self, status: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
        """UpdateStatusService: the text and the media are what the request names, nothing else."""
        text = form.get("status", "")
        if length(text, self.dialect.url_length) > self.dialect.text:
            raise Problem(
                self.dialect.invalid_post, f"Validation failed: Text character limit of {self.dialect.text} exceeded"
            )
        for change in form.get("media_attributes", []):
            self.state.media[change["id"]].description = change["description"]
        media = [self.state.media[id_] for id_ in form.get("media_ids[]", form.get("media_ids", []))]
        status |= {
            "text": text,
            "content": content(text, self.url),
            "media_attachments": [self._attachment(medium) for medium in media],
            "edited_at": _iso(self.now()),
        }
        return _public(status)

    def _commit(self, text: str, form: dict[str, Any], media: list[Medium]) -> dict[str, Any]:
        id_ = self._next_id()
        status = {
            "id": id_,
            "created_at": _iso(self.now()),
            "in_reply_to_id": form.get("in_reply_to_id"),
            "in_reply_to_account_id": self.account_id if form.get("in_reply_to_id") else None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": form.get("visibility", "public"),
            "language": form.get("language", "en"),
            "uri": f"{self.url}/users/{self.username}/statuses/{id_}",
            "url": f"{self.url}/@{self.username}/{id_}",
            "content": content(text, self.url),
            "text": text,
            "reblog": None,
            "application": {"name": "Publisher", "website": None},
            "account": self._account(),
            "media_attachments": [self._attachment(medium) for medium in media],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "reblogs_count": 0,
            "favourites_count": 0,
            "replies_count": 0,
            "card": None,
            "poll": None,
        }
        self.statuses.append(status)
        return status

    def _list(self, query: dict[str, str]) -> list[dict[str, Any]]:
        limit = min(int(query.get("limit", "20")), 40)
        newest_first = sorted(self.statuses, key=lambda status: int(status["id"]), reverse=True)
        older = [status for status in newest_first if "max_id" not in query or int(status["id"]) < int(query["max_id"])]
        return [_public(status) for status in older[:limit]]

    def _account(self) -> dict[str, Any]:
        return account(self.account_id, self.username, self.url, len(self.statuses))

    def _instance(self, version: str) -> dict[str, Any]:
        if self.dialect.max_toot_chars:
            names = {"max_toot_chars": self.dialect.text, "upload_limit": 16_000_000, "description_limit": self.alt}
            return instance_v1(names)
        configured = configuration(
            text=self.dialect.text,
            url_length=self.dialect.url_length,
            images=self.max_media,
            alt=self.alt,
            image_bytes=self.image_bytes,
        )
        return instance_v1({"configuration": configured}) if version == "v1" else instance_v2(configured, self.url)

    def _status(self, id_: str) -> dict[str, Any]:
        for status in self.statuses:
            if status["id"] == id_:
                return status
        raise Problem(404, "Record not found")

    def _next_id(self) -> str:
        """A snowflake: milliseconds, then a counter."""
        self._last = max((int(self.now().timestamp() * 1000) << 16), getattr(self, "_last", 0) + 1)
        return str(self._last)


class _Http(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or does not trust us, is part of the test."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _public(status: dict[str, Any]) -> dict[str, Any]:
    """Without the text as sent, which only the source and a deletion tell."""
    return {name: value for name, value in status.items() if name != "text"}


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _parsed(body: bytes, content_type: str) -> tuple[dict[str, Any], bytes, str]:
    """The fields, the file and its type."""
    if content_type.startswith("application/json"):
        return json.loads(body or b"{}"), b"", ""
    if content_type.startswith("multipart/form-data"):
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
        form: dict[str, Any] = {}
        file, file_type = b"", ""
        for part in message.iter_parts():  # type: ignore[attr-defined]  # the HTTP policy makes an EmailMessage
            payload = part.get_payload(decode=True)
            if part.get_filename():
                file, file_type = payload, part.get_content_type()
            else:
                form[part.get_param("name", header="content-disposition")] = payload.decode()
        return form, file, file_type
    fields = parse_qs(body.decode(), keep_blank_values=True)
    return {name: values if name.endswith("[]") else values[-1] for name, values in fields.items()}, b"", ""


def _handler(server: MastodonServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            form, file, file_type = _parsed(body, self.headers.get("Content-Type", ""))
            target = urlsplit(self.path)
            request = Request(
                method=self.command,
                path=target.path,
                query=dict(parse_qsl(target.query)),
                headers={name.lower(): value for name, value in self.headers.items()},
                form=form,
                file=file,
                file_type=file_type,
            )
            server.requests.append(request)
            fault = server.take_fault(request)
            if fault is None:
                status, data = server.handle(request)
                self.reply(status, json.dumps(data).encode(), {"Content-Type": "application/json; charset=utf-8"})
                return
            if fault.forward:
                server.handle(request)
            if fault.hang:
                server.wait()
            if fault.status:
                self.reply(fault.status, fault.body, dict(fault.headers))
            else:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815  names the base class asks for

        def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            now = server.now()
            limits = {
                "Date": format_datetime(now, usegmt=True),
                "X-RateLimit-Limit": "300",
                "X-RateLimit-Remaining": "299",
                "X-RateLimit-Reset": _iso(now + timedelta(minutes=5)),
            }
            self.send_response_only(status)
            for name, value in {**limits, **headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def mastodon_server() -> Iterator[MastodonServer]:
    server = MastodonServer()
    server.start()
    yield server
    server.stop()
