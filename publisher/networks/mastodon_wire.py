"""One Mastodon server on the wire: Mastodon.py on a session of ours, and what each answer means for a post.

Mastodon.py builds and sends the requests; what came back is judged here from the answer itself. Its exceptions do
not say enough: one stands for "never left" and for "maybe out", and a rate limit header that it cannot read makes it
fail a post that is out.
"""

import io
import json
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import mastodon
import requests
import urllib3.exceptions

from publisher import __version__
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.media import Encoded
from publisher.networks.patience import mount, upload_time, within

LABEL = "Mastodon"
UPLOADS_TAKE = 3
"""Times the timeout of another call."""
MAX_BODY = 5_000_000
"""Bytes (decoded) of one answer; 40 statuses are some 200,000."""
MEDIA_WAITS = (0.5, 1, 1.5, 2, 3, 4)
"""Seconds between looks at a picture or video that the server is still working on: 12 in all; then others have a turn.
"""
RATE_WINDOW = timedelta(minutes=5)
"""Mastodon's own, for an answer that does not say until when (docs.joinmastodon.org/api/rate-limits)."""
LONGEST_WAIT = timedelta(days=1)

_NEVER_LEFT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    ssl.SSLCertVerificationError,
)
_SCOPES = re.compile(r"scope", re.IGNORECASE)
_TOKEN = re.compile(r"access token|invalid.token|unauthori[sz]ed|authenticated user|not authenticated", re.IGNORECASE)
_PROCESSING = re.compile(r"not finished processing|still (being )?process|not ready", re.IGNORECASE)
_RATE = re.compile(r"rate.?limit|too many requests|throttled", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, or None where it is no JSON (an error page, nothing at all)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def message(self) -> str:
        """What the server says went wrong, in its own words; blank where it says nothing readable."""
        data = self.json
        if not isinstance(data, dict):
            return ""
        words = [data.get(name) for name in ("error", "error_description", "detail", "message")]
        return " ".join(word for word in words if isinstance(word, str))


@dataclass(frozen=True, slots=True)
class Uploaded:
    id: str
    ready: bool
    """Whether it can be attached at once."""


class Server:
    """A server spoken to with one token, for one job; not shared between threads."""

    def __init__(self, base_url: str, token: str, *, timeout: float, wait: Callable[[float], None]) -> None:
        self._timeout = timeout
        self._wait = wait
        self._base_url = base_url
        self._token = token
        self._session = _Session()
        self._api = mastodon.Mastodon(
            api_base_url=base_url,
            session=self._session,
            ratelimit_method="throw",
            request_timeout=timeout,
            version_check_mode="none",
            mastodon_version="4.4.0",
            user_agent=f"Publisher/{__version__}",
        )
        # Given to the constructor, a token that happens to be the name of a file would be read from it.
        self._api.access_token = token

    def call(self, name: str, *args: Any, posting: bool = False, **kwargs: Any) -> Answer:
        """What the server answered to the method `name` of Mastodon.py, whatever it was.

        `posting`: the call makes a post. Raises Retry where nothing can be out, else Uncertain, when no answer came.
        """
        self._session.begin()
        failure: Exception | None = None
        try:
            getattr(self._api, name)(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  the answer counts, not what the library thought of it
            failure = error
        return self._answer(failure, posting)

    def read(self, path: str) -> Answer:
        """GET `path`, exactly as written. Raises Retry when no answer came."""
        self._session.begin()
        failure: Exception | None = None
        try:
            headers = {"Authorization": f"Bearer {self._token}"}
            self._session.get(self._base_url + path, headers=headers, timeout=self._timeout, auth=_plain)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            failure = error
        return self._answer(failure, posting=False)

    @property
    def address(self) -> str:
        return self._base_url

    def upload(self, file: Encoded, alt: str, focus: tuple[float, float] | None = None) -> Uploaded:
        """Put a picture or video on the server, described. Nothing is public yet, so all errors are safe."""
        answer = self._upload(file, alt, focus, major=4)
        if answer.status in (404, 405):
            answer = self._upload(file, alt, focus, major=1)
        media = self.result(answer, needs="write:media")
        if not isinstance(media, dict) or not media.get("id"):
            raise self.error(answer, needs="write:media")
        if not _kept(alt, media):
            self._describe(str(media["id"]), alt)
        return Uploaded(str(media["id"]), ready=answer.status != 202 and bool(media.get("url")))

    def wait_for(self, media: str) -> bool:
        """Whether what was uploaded is ready within a few seconds."""
        for seconds in MEDIA_WAITS:
            self._wait(seconds)
            if self.is_ready(media) is not False:
                return True
        return False

    def is_ready(self, media: str) -> bool | None:
        """Whether the server is through with it; None where it does not know it, or has no such look-up: then the post
        itself tells. Raises Refused where it cannot be used."""
        answer = self.call("media", media)
        if answer.status in (200, 206):
            return answer.status == 200
        if answer.status in (404, 405):
            return None
        raise self.error(answer, needs="write:media")

    def result(self, answer: Answer, *, needs: str, posting: bool = False) -> Any:
        """The JSON of a successful answer; raises what any other means. `needs` is the scope the call takes."""
        data = answer.json
        if 200 <= answer.status < 300 and isinstance(data, dict | list):
            return data
        raise self.error(answer, needs=needs, posting=posting)

    def error(self, answer: Answer, *, needs: str, posting: bool = False) -> NetworkError:
        """What an answer other than success means, without the token in it, should the server repeat it."""
        text = self._clean(answer.body.decode(errors="replace"))
        diagnostic = f"HTTP {answer.status} {answer.headers.get('Content-Type', '')}: {text}"
        why = self._clean(answer.message)
        return judge(answer, why, diagnostic, server=self._base_url, needs=needs, posting=posting)

    def _upload(self, file: Encoded, alt: str, focus: tuple[float, float] | None, major: int) -> Answer:
        # media_post chooses its address by the version. Told here, it never asks the server for it: where the instance
        # address is missing that question repeats itself without end.
        self._api.mastodon_major = major
        self._api.request_timeout = upload_time(self._timeout * UPLOADS_TAKE, len(file.data))
        kind, _, suffix = file.type.partition("/")
        name = f"{kind}.{suffix}"
        try:
            return self.call("media_post", file.data, file.type, description=alt or None, focus=focus, file_name=name)
        finally:
            self._api.request_timeout = self._timeout

    def _describe(self, media: str, alt: str) -> None:
        """Friendica takes no description with the file. Raises Refused where it does not take one afterwards either."""
        answer = self.call("media_update", media, description=alt)
        told = answer.json
        if not isinstance(told, dict) or not _kept(alt, told):
            raise Refused("mastodon.description_lost", f"HTTP {answer.status}", server=self._base_url)

    def _answer(self, failure: Exception | None, posting: bool) -> Answer:
        if self._session.answer:
            return self._session.answer
        diagnostic = self._clean(f"{type(failure).__name__}: {failure}")
        if posting and self._session.began and not _never_left(failure):
            raise Uncertain("network.uncertain", diagnostic, network=LABEL)
        raise Retry("network.unreachable", diagnostic, network=LABEL)

    def _clean(self, text: str) -> str:
        """The start of `text` without the token, should it be repeated there."""
        return text.replace(self._token, "[token]")[:300]


def judge(answer: Answer, why: str, diagnostic: str, *, server: str, needs: str, posting: bool) -> NetworkError:
    """The error that an answer other than success stands for.

    Relatives of Mastodon answer 400 where it says 401, 422 or 429, so for those the words decide.
    """
    status = answer.status
    vague = status in (400, 422)
    if status == 429 or (vague and _RATE.search(why)):
        until = rate_limit_ends(answer.headers, datetime.now(UTC))
        return RateLimited("network.rate_limited", diagnostic, until=until, network=LABEL)
    if status == 403 and _SCOPES.search(why):
        return AccountBlocked("mastodon.scopes", diagnostic, missing=needs)
    if status == 401 or (vague and _TOKEN.search(why)):
        return AccountBlocked("network.credentials", diagnostic, network=LABEL)
    if status == 403 and answer.json is not None:  # a page comes from a firewall before the server, and may pass
        reason = _sentence(why) or "The server gives no reason."
        return AccountBlocked("network.account_blocked", diagnostic, network=LABEL, why=reason)
    if 300 <= status < 400:
        return Retry("mastodon.moved", diagnostic, after=3600, server=server)
    failed = (status >= 500 and not _names_faults(answer)) or status == 408
    if posting and (status < 300 or failed):
        return Uncertain("network.uncertain", diagnostic, network=LABEL)
    if failed:
        return Retry("network.unavailable", diagnostic, network=LABEL)
    if not why and status != 413:
        # A page instead of the API: a wrong address, or a web server before a Mastodon that is down.
        return Retry("mastodon.not_a_server", diagnostic, after=600, server=server)
    if vague and _PROCESSING.search(why):
        return Retry("mastodon.media_processing", diagnostic)
    return Refused("network.refused", diagnostic, network=LABEL, why=_sentence(why) or "It is too large.")


def _kept(alt: str, media: Mapping[str, Any]) -> bool:
    """Whether a file has its description; a server that does not say so is believed."""
    described = media.get("description", alt) or ""
    return " ".join(str(described).split()) == " ".join(alt.split())


def _names_faults(answer: Answer) -> bool:
    """Whether a server says, field by field, what is wrong with the request: Pixelfed does so with status 500, and
    before it does anything."""
    data = answer.json
    return isinstance(data, dict) and isinstance(data.get("message"), str) and isinstance(data.get("errors"), dict)


def _sentence(words: str) -> str:
    words = words.strip()
    return words if not words or words.endswith((".", "!", "?")) else words + "."


def rate_limit_ends(headers: Mapping[str, str], now: datetime) -> datetime:
    """When a rate limit ends: Retry-After (seconds or date), X-RateLimit-Reset (ISO 8601 or epoch seconds).

    Dates are by the server's clock, so what counts is how far they lie behind its Date.
    """
    after = headers.get("Retry-After", "")
    if after.isdecimal():
        wait = timedelta(seconds=min(int(after), LONGEST_WAIT.total_seconds()))
    else:
        end = _moment(after) or _moment(headers.get("X-RateLimit-Reset", ""))
        wait = end - (_moment(headers.get("Date", "")) or now) if end else RATE_WINDOW
    return now + min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def _moment(text: str) -> datetime | None:
    """A time in any of the three ways that headers write it; None where it is none."""
    for read in (_from_epoch, datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, OverflowError, OSError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _from_epoch(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)


class _Session(requests.Session):
    """Follows no redirect, keeps no connection, bounds each answer in size and time, and remembers the last one."""

    def __init__(self) -> None:
        super().__init__()
        # A resting connection that the server has closed cannot be told from one that broke during a post: `send`
        # closes each after use, and says so.
        self.headers["Connection"] = "close"
        # The words of an error decide in a few places, and Mastodon translates them; Pixelfed answers with a page.
        self.headers["Accept-Language"] = "en"
        self.headers["Accept"] = "application/json"
        mount(self)
        self.begin()

    def begin(self) -> None:
        self.began = False
        self.answer: Answer | None = None

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  the name and shape requests asks for
        return None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        self.began, self.answer = True, None
        try:
            with within(float(kwargs["timeout"])):
                response = super().send(request, **{**kwargs, "stream": True})
                body = _read(response, float(kwargs["timeout"]))
        finally:
            self.close()
        response.raw = io.BytesIO(body)
        self.answer = Answer(response.status_code, response.headers, body)
        return response


def _read(response: requests.Response, seconds: float) -> bytes:
    """The decoded body; the timeout of requests only bounds the gap between two pieces of it."""
    body = bytearray()
    deadline = time.monotonic() + seconds
    with response:
        for chunk in response.raw.stream(65536, decode_content=True):
            body += chunk
            if len(body) > MAX_BODY or time.monotonic() > deadline:
                raise requests.exceptions.ReadTimeout(f"the answer does not end ({len(body)} bytes so far)")
    return bytes(body)


def _plain(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from putting a password of a .netrc file in place of the token."""
    return request


def _never_left(error: BaseException | None) -> bool:
    """Whether the connection itself failed, so that the server cannot have seen the request."""
    while error:
        if isinstance(error, _NEVER_LEFT):
            return True
        error = error.__cause__ or error.__context__
    return False
