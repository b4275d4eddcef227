"""HTTP for networks without a library: one call at a time, judged by whether it may have changed anything.

A network gives a `Wire` its address, its headers and what it makes of its own error answers; the rest is the same for
all: no answer to a call that posts is `Uncertain`, no answer to any other is `Retry`, and no secret stands in either.
"""

import json
import logging
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

from publisher import __version__
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.authorities import authorities
from publisher.networks.patience import trace, upload_time, within

UPLOAD_FACTOR = 3
"""An upload may take so many times as long as another call."""
MAX_BODY = 5_000_000
"""Bytes (decoded) of one answer."""
LONGEST_WAIT = timedelta(days=1)
SHORTEST_SECRET = 8
"""Characters; striking out "a" everywhere would spoil the answers."""

# They write every address into the log, and some networks take their token in the address.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it is. `text` and `told` are without secrets."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    text: str
    """The start of the body, cleaned: for us."""
    posting: bool = False
    """Whether the call was one that must not be made twice."""

    @property
    def json(self) -> Any:
        """The body, or None where it is no JSON (an error page, nothing at all)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def object(self) -> dict[str, Any]:
        """The JSON object in the body; empty where there is none."""
        data = self.json
        return data if isinstance(data, dict) else {}

    @property
    def told(self) -> str:
        return f"HTTP {self.status} {self.headers.get('Content-Type', '')}: {self.text}"


Judge = Callable[[Answer], NetworkError | None]
"""What a network's own error means; None where the answer does not say it in the network's own words."""


class Wire:
    """One server spoken to for one job; use it as a context manager. Not shared between threads."""

    def __init__(
        self,
        label: str,
        base_url: str,
        *,
        timeout: float,
        judge: Judge,
        before: Callable[[], None] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
    ) -> None:
        """`timeout` in seconds. `headers` and `params` go with every call.

        `before` is called before each `send`: `Context.before_publish`.

        `secrets` stand in no error, also where the server repeats them.
        """
        import httpx  # slow import

        self.label = label
        self._timeout = timeout
        self._judge = judge
        self._before = before
        self._secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"User-Agent": f"Publisher/{__version__}", "Connection": "close", **(headers or {})},
            params=dict(params or {}),
            timeout=timeout,
            verify=authorities(),
            event_hooks={"request": [trace]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(
        self, method: str, path: str, *, needs: Sequence[str] = (), also: Container[int] = (), **request: Any
    ) -> Answer:
        """A call that may be made again: nothing public comes of it. The answer is JSON with the fields it `needs`
        (`data.id`: the field `id` of the object in `data`).

        `also`: statuses that are an answer as they are, without these fields, beside those of success.
        `request`: as httpx takes it (`params`, `json`, `data`, `files`, `content`, `headers`, `timeout`).
        Raises Retry, RateLimited, Refused or AccountBlocked.
        """
        answer = self._call(method, path, posting=False, **request)
        return answer if answer.status in also else self._good(answer, needs, posting=False)

    def send(self, method: str, path: str, *, needs: Sequence[str] = (), **request: Any) -> Answer:
        """A call that makes or changes something public: never to be made twice without knowing.

        Raises also Uncertain, where the request may have left and no answer settles what came of it, and whatever
        `before` raises: then nothing has left.
        """
        assert self._before is not None, "a wire that posts must ask before it does"
        self._before()
        answer = self._call(method, path, posting=True, **request)
        return self._good(answer, needs, posting=True)

    def _call(self, method: str, path: str, *, posting: bool, **request: Any) -> Answer:
        import httpx  # slow import

        if "files" in request or "content" in request:
            request.setdefault("timeout", upload_time(self._timeout * UPLOAD_FACTOR, _size(request)))
        seconds = float(request.get("timeout", self._timeout))
        try:
            with within(seconds), self._client.stream(method, path, **request) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAX_BODY:
                        raise httpx.ReadError(f"the answer does not end ({len(body)} bytes so far)")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise Retry("network.unreachable", self._described(error), network=self.label) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if posting:
                raise Uncertain("network.uncertain", self._described(error), network=self.label) from None
            raise Retry("network.unreachable", self._described(error), network=self.label) from None
        text = self._clean(bytes(body[:2000]).decode(errors="replace"))[:300]
        return Answer(response.status_code, response.headers, bytes(body), text, posting)

    def _good(self, answer: Answer, needs: Sequence[str], *, posting: bool) -> Answer:
        done = 200 <= answer.status < 300
        if done and all(_has(answer.object, field) for field in needs):
            return answer
        error = self._judge(answer)
        if error is None:
            error = self._judged_by_status(answer, posting=posting)
        error.diagnostic = self._clean(error.diagnostic)
        error.params = {name: self._clean(v) if isinstance(v, str) else v for name, v in error.params.items()}
        error.args = (error.sentence,)
        raise error

    def _judged_by_status(self, answer: Answer, *, posting: bool) -> NetworkError:
        status = answer.status
        if status == 429:
            until = rate_limit_ends(answer.headers)
            return RateLimited("network.rate_limited", answer.told, until=until, network=self.label)
        if status == 401:
            return AccountBlocked("network.credentials", answer.told, network=self.label)
        if posting and (status < 400 or status >= 500 or status == 408):
            return Uncertain("network.uncertain", answer.told, network=self.label)
        if 400 <= status < 500 and answer.object:
            return Refused("network.refused", answer.told, network=self.label, why="It gives no reason.")
        # A page instead of the API comes from something in between; nothing has been stored.
        return Retry("network.unavailable", answer.told, network=self.label)

    def _described(self, error: Exception) -> str:
        # Without the cause: its text and its request hold the address, and with some networks the token in it.
        return self._clean(f"{type(error).__name__}: {error}")[:300]

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


def _has(told: object, field: str) -> bool:
    """Whether JSON has a field, which may lie deeper: `data.id`."""
    for name in field.split("."):
        if not isinstance(told, dict) or name not in told:
            return False
        told = told[name]
    return True


def _size(request: Mapping[str, Any]) -> int:
    """Bytes of the files that a request sends."""
    files = request.get("files") or {}
    return len(request.get("content") or b"") + sum(len(file[1]) for file in files.values())


def rate_limit_ends(headers: Mapping[str, str], default: timedelta = timedelta(minutes=1)) -> datetime:
    """When a rate limit ends (UTC), by Retry-After (RFC 9110, section 10.2.3: seconds or a date)."""
    now = datetime.now(UTC)
    after = headers.get("Retry-After", "").strip()
    wait = default
    if after.isdecimal():
        wait = timedelta(seconds=min(int(after), LONGEST_WAIT.total_seconds()))
    elif after:
        try:
            wait = parsedate_to_datetime(after).astimezone(UTC) - now
        except (ValueError, OverflowError):
            wait = default
    return now + min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def sentence(words: object) -> str:
    """What a network says went wrong, as a sentence; a plain one where it says nothing."""
    text = " ".join(str(words or "").split())[:300]
    if not text:
        return "It gives no reason."
    return text if text.endswith((".", "!", "?")) else text + "."
