"""A signed-in Bluesky account: one session that is kept, calls with a timeout, and failures that say what is known.

Built on the `atproto` library for sessions and transport. Bodies are plain JSON, because the library's models drop
nulls (`swapRecord: null` would become an overwrite) and know nothing of graphemes or bytes.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from publisher.errors import AccountBlocked, PublisherError, Retry
from publisher.networks.authorities import authorities
from publisher.networks.base import let_go
from publisher.networks.bluesky_errors import CallError
from publisher.networks.patience import trace, upload_time, within

if TYPE_CHECKING:
    import httpx
    from atproto import Client, Session, SessionEvent

ENTRYWAY = "https://bsky.social"
"""The public front door. It tells, in the DID document, on which server of Bluesky's an account lives."""

UPLOAD_TIMEOUT_FACTOR = 3
WRITES = ("com.atproto.repo.putRecord", "com.atproto.repo.applyWrites")
"""The methods that make a post, or a whole thread of them."""


def choose_server(base_url: str, offered: str | None) -> str:
    """Where to send calls after signing in at `base_url`, when the DID document offers a server.

    Only the public entryway sends accounts elsewhere. Anywhere else the address that a person entered *is* the
    server: a token must not travel to a host that nobody chose, least of all from loopback to the outside.
    """
    follow = base_url == ENTRYWAY and (offered or "").startswith("https://")
    return offered if follow and offered else base_url


def fingerprint(base_url: str, identifier: str, password: str) -> str:
    """Stands before a kept session and tells whether it was made with these credentials or with older ones."""
    return hashlib.sha256("\0".join((base_url, identifier, password)).encode()).hexdigest()[:16]


class BlueskyClient:
    """Signs in on entering the block, with the kept session if there is one; closes its connections at the end."""

    def __init__(
        self,
        *,
        base_url: str,
        identifier: str,
        password: str,
        session: str,
        save: Callable[[Mapping[str, str]], None],
        timeout: float,
        before_publish: Callable[[], None] = let_go,
    ) -> None:
        """`session` is what `save` got earlier, or blank; `timeout` is in seconds for each step of a request."""
        self._base_url = base_url
        self._identifier = identifier
        self._password = password
        self._kept = session
        self._save = save
        self._timeout = timeout
        self._before_publish = before_publish
        self._fresh = False
        self._last_sent = ""
        self._last_status = 0
        self._fingerprint = fingerprint(base_url, identifier, password)
        self._secrets = {password}
        self._client: Client

    def __enter__(self) -> Self:
        from atproto import Client, Request  # slow import

        hooks = {"request": [self._on_request, trace], "response": [self._on_response]}
        self._client = Client(
            self._base_url, request=Request(timeout=self._timeout, verify=authorities(), event_hooks=hooks)
        )
        self._client.on_session_change(self._on_session)
        try:
            if not self._resume():
                self._log_in()
        except BaseException:
            self._client.request.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.request.close()

    @property
    def did(self) -> str:
        return str(self._session.did)

    @property
    def handle(self) -> str:
        """The account's handle; its DID where the handle is broken."""
        handle = str(self._session.handle)
        return self.did if handle == "handle.invalid" else handle

    @property
    def server(self) -> str:
        """The address of the server that the account lives on, as far as we follow it there."""
        return choose_server(self._base_url, self._session.pds_endpoint)

    @property
    def timeout(self) -> float:
        return self._timeout

    def query(self, method: str, **params: str | list[str]) -> dict[str, Any]:
        """Ask. Raises CallError."""
        from atproto_client.models.dot_dict import DotDict  # slow import

        return self._call(method, lambda: self._client.invoke_query(method, params=DotDict(params) if params else None))

    def call(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Do. Raises CallError."""
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        return self._call(method, lambda: self._client.invoke_procedure(method, content=content, headers=headers))

    def upload(self, data: bytes, media_type: str) -> dict[str, Any]:
        """The blob reference for the uploaded bytes. Raises CallError."""
        method = "com.atproto.repo.uploadBlob"
        headers = {"Content-Type": media_type}
        timeout = upload_time(self._timeout * UPLOAD_TIMEOUT_FACTOR, len(data))
        answer = self._call(
            method,
            lambda: self._client.invoke_procedure(method, content=data, headers=headers, timeout=timeout),
            timeout,
        )
        blob = answer.get("blob")
        if not isinstance(blob, dict):
            raise CallError(200, message="uploadBlob gave no blob")
        return blob

    def record(self, repo: str, collection: str, rkey: str) -> dict[str, Any] | None:
        """{uri, cid, value} as the account's own server has it, or None. Raises CallError."""
        try:
            found = self.query("com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey)
        except CallError as failure:
            missing = failure.name == "RecordNotFound" or failure.message.startswith("Could not locate record")
            if failure.status in (400, 404) and missing:
                return None
            raise
        if not all(isinstance(found.get(name), kind) for name, kind in (("uri", str), ("cid", str), ("value", dict))):
            raise CallError(200, message="getRecord gave no record")
        return found

    @property
    def _session(self) -> "Session":
        session: Session = self._client._session  # noqa: SLF001  the library shows it in no other way
        return session

    def _resume(self) -> bool:
        """Take up the kept session; no call is made."""
        mark, _, text = self._kept.partition(" ")
        if not text or mark != self._fingerprint:
            return False
        try:
            self._client.login(session_string=text, fetch_bsky_profile=False)
        except ValueError:
            return False
        return True

    def _log_in(self) -> None:
        """createSession: 30 in 5 minutes, 300 a day."""
        method = "com.atproto.server.createSession"
        self._fresh = True
        try:
            self._guard(method, lambda: self._client.login(self._identifier, self._password, fetch_bsky_profile=False))
        except CallError as failure:
            if failure.status == 400:
                raise AccountBlocked("network.credentials", failure.diagnostic, network="Bluesky") from None
            raise

    def _call(self, method: str, invoke: Callable[[], Any], seconds: float = 0) -> dict[str, Any]:
        try:
            content = self._guard(method, invoke, seconds).content
        except CallError as failure:
            if self._fresh or not failure.rejects_token:
                raise
            # The kept session is no longer good. The server has done nothing, so the call may be made again: once.
            self._log_in()
            content = self._guard(method, invoke, seconds).content
        if not isinstance(content, dict):
            raise CallError(200, message=f"no JSON object: {self._strike(_text(content))[:100]}")
        return content

    def _guard(self, method: str, invoke: Callable[[], Any], seconds: float = 0) -> Any:
        """Everything the library lets out becomes a CallError; its own texts may quote tokens and are dropped."""
        import httpx  # slow import

        self._last_sent, self._last_status = "", 0
        try:
            with within(seconds or self._timeout):
                return invoke()
        except PublisherError:
            raise
        except Exception as error:  # noqa: BLE001  the library lets out httpx's, pydantic's and its own errors alike
            unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
            left = self._last_sent == method and not isinstance(error.__cause__ or error, unsent)
            name, message, until = self._read_error(error)
            name, message = self._strike(name), self._strike(message)[:200]
            raise CallError(self._last_status, name, message, left=left, until=until) from None

    def _strike(self, text: str) -> str:
        """`text` without our secrets: some servers' error pages repeat the request."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "•••")
        return text

    @staticmethod
    def _read_error(error: Exception) -> tuple[str, str, datetime | None]:
        from atproto_client.exceptions import RateLimitExceededError, RequestErrorBase  # slow import
        from atproto_client.models.common import XrpcError  # slow import

        until = None
        if isinstance(error, RateLimitExceededError):
            now = datetime.now(UTC)
            reset = error.reset_at or (now + timedelta(seconds=error.retry_after) if error.retry_after else None)
            until = max(reset, now + timedelta(seconds=1)) if reset else None
        if isinstance(error, RequestErrorBase) and error.response:
            content = error.response.content
            if isinstance(content, XrpcError):
                return content.error, content.message or "", until
            return "", _text(content), until
        cause = error.__cause__
        return "", type(error).__name__ + (f" from {type(cause).__name__}" if cause else ""), until

    def _on_request(self, request: "httpx.Request") -> None:
        self._last_sent, self._last_status = request.url.path.rpartition("/")[2], 0
        if self._last_sent in WRITES:
            self._before_publish()

    def _on_response(self, response: "httpx.Response") -> None:
        import httpx  # slow import

        self._last_status = response.status_code
        if response.has_redirect_location:
            # Followed blindly, the password or the post would go to a host that nobody entered.
            raise httpx.TooManyRedirects("a redirect", request=response.request)

    def _on_session(self, event: "SessionEvent", session: "Session") -> None:
        """The library calls this after each change of tokens, before it uses them."""
        self._secrets |= {session.access_jwt, session.refresh_jwt}
        self._client.update_base_url(choose_server(self._base_url, session.pds_endpoint))
        if event.value == "import":
            return
        try:
            self._save({"session": f"{self._fingerprint} {session.encode()}"})
        except Exception as error:  # noqa: BLE001  whatever the store raises: unsaved tokens must not be used
            raise Retry("bluesky.not_saved", type(error).__name__) from None


def _text(content: object) -> str:
    return content.decode(errors="replace") if isinstance(content, bytes) else str(content)
