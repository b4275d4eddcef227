"""The client of the sandbox network (`publisher/sandbox/`), reached over HTTP like any other.

Its API knows keys: a repeated request with the same Idempotency-Key gives the same post, and a look-up by key tells
for certain whether a post is out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, Field, SecretStr, field_validator

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.authorities import authorities
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.limit_types import ImageLimits, Limits
from publisher.networks.media import load_image
from publisher.networks.patience import CALL_TIMEOUT, trace, within
from publisher.text.links import BLUESKY_STYLE, display_url, find_urls
from publisher.text.measure import measure
from publisher.types import Draft, Identity, Media, Part, Pending, Preview, PreviewPart, Receipt, Run

if TYPE_CHECKING:
    import httpx

NAME = "The sandbox"
POST = ("id", "url", "status")
"""What every answer about a post tells."""
JSON = {"Content-Type": "application/json"}


class SandboxCredentials(Credentials):
    # An error of validation must not repeat a mistyped token.
    model_config = ConfigDict(hide_input_in_errors=True)

    base_url: str = Field(
        pattern=r"^https?://[^\s/?#@]+/?$",
        title="Address",
        description="Where the sandbox network lives, like http://127.0.0.1:8000",
    )
    account: str = Field(min_length=1, title="Account", description="The handle, without @.")
    token: SecretStr = Field(title="Token", description="Shown once, when the account was opened.")

    @field_validator("token")
    @classmethod
    def _printable(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        if not token or not all("!" <= letter <= "~" for letter in token):
            raise ValueError("a token consists of letters, digits and signs, without blanks")
        return SecretStr(token)


class Sandbox(Network):
    kind = "sandbox"
    label = "Sandbox"
    credentials = SandboxCredentials

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        self._timeout = timeout

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        limits = limits or self.limits
        parts = tuple(
            PreviewPart(
                runs=_runs(part.text),
                length=measure(part.text, limits.unit, limits.text).length,
                limit=limits.text,
                media=part.media,
                card=part.card,
                payload=_payload(part, draft.language, reply_to="" if index else None),
            )
            for index, part in enumerate(draft.parts)
        )
        return Preview(network=self.kind, parts=parts)

    def publish(self, part: Part, context: Context, key: str) -> Receipt | Pending:
        parent = context.thread[-1].id if context.thread else None
        with self._client(context.credentials) as client:
            payload = _payload(part, context.language, reply_to=parent)
            for item, media in zip(payload["images"], part.media, strict=True):
                item["id"] = self._upload(client, media, context, context.limits.image)
            # A card whose image could not be fetched when it was drafted goes out without it.
            if part.card and part.card.image and part.card.image.sha256:
                payload["card"]["image"] = self._upload(client, part.card.image, context, context.limits.card_image)
            answer = self._send(client, "POST", "posts", payload, key, context)
        return _outcome(answer)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        with self._client(context.credentials) as client:
            answer = self._ask(client, "GET", f"posts/{pending.data['id']}", needs=POST)
        if answer is None:
            raise Refused("network.refused", "a post in processing is gone", network=NAME, why="It gave the post up.")
        return _outcome(answer)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  # the key is enough
        with self._client(context.credentials) as client:
            answer = self._ask(client, "GET", "posts", needs=("posts",), params={"key": key})
        if not answer or not answer["posts"]:
            return None
        outcome = _outcome(answer["posts"][0])
        if isinstance(outcome, Pending):
            raise Uncertain("network.uncertain", "found, and still in processing", network=NAME)
        return outcome

    def verify(
        self,
        credentials: Credentials,
        save: Callable[[Mapping[str, str]], None],  # noqa: ARG002  # tokens here never change
    ) -> Identity:
        with self._client(credentials) as client:
            answer = self._ask(client, "GET", "me", needs=("id", "handle", "name", "url", "limits"))
        if answer is None:
            raise Retry("network.unavailable", "404 for me: no sandbox lives there", network=NAME)
        if answer["handle"] != _own(credentials).account:
            raise AccountBlocked("network.credentials", "the token belongs to another account", network=NAME)
        return Identity(
            id=answer["id"], handle=answer["handle"], name=answer["name"], url=answer["url"], limits=answer["limits"]
        )

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:
        payload = _payload(part, context.language, reply_to=None)
        change = {
            "text": payload["text"],
            "language": payload["language"],
            "card": payload["card"],
            "alts": [media.alt for media in part.media],
        }
        with self._client(context.credentials) as client:
            outcome = _outcome(self._send(client, "PUT", f"posts/{receipt.id}", change, key, context))
        return outcome if isinstance(outcome, Receipt) else receipt

    def find_edit(self, receipt: Receipt, part: Part, context: Context) -> Receipt | None:
        with self._client(context.credentials) as client:
            answer = self._ask(client, "GET", f"posts/{receipt.id}", needs=(*POST, "text"))
        if answer is None:
            raise Refused("network.edit_gone", "404 for a post to edit", network=NAME)
        return receipt if answer["text"] == part.text else None

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._client(context.credentials) as client:
            self._ask(client, "DELETE", f"posts/{receipt.id}")

    def _client(self, credentials: Credentials) -> "httpx.Client":
        import httpx  # slow import

        own = _own(credentials)
        return httpx.Client(
            base_url=own.base_url.rstrip("/") + "/sandbox/api/",
            headers={"Authorization": f"Bearer {own.token.get_secret_value()}"},
            timeout=self._timeout,
            trust_env=False,  # it lives in our own house: no proxy stands between
            verify=authorities(),
            event_hooks={"request": [trace]},
        )

    def _upload(self, client: "httpx.Client", media: Media, context: Context, limits: ImageLimits | None) -> str:
        """The id of the picture on the network. An upload shows nothing to anybody, so it may be repeated."""
        image = load_image(media, context.load, limits)
        files = {"file": ("image", image.data, image.type)}
        form = {"files": files, "data": {"alt": media.alt}}
        answer = self._ask(client, "POST", "media", needs=("id",), timeout=self._timeout * 3, **form)
        if answer is None:
            raise Retry("network.unavailable", "404 for media", network=NAME)
        return str(answer["id"])

    def _send(
        self, client: "httpx.Client", method: str, path: str, payload: Mapping[str, Any], key: str, context: Context
    ) -> dict[str, Any]:
        """The one call that must not be made twice without knowing."""
        import httpx  # slow import

        context.before_publish()
        try:
            headers = {"Idempotency-Key": key, **JSON}
            with within(self._timeout):
                response = client.request(method, path, content=json.dumps(payload), headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise Retry("network.unreachable", _describe(error), network=NAME) from error
        except httpx.HTTPError as error:
            raise Uncertain("network.uncertain", _describe(error), network=NAME) from error
        if 400 <= response.status_code < 500 and response.status_code != 409:
            raise _refusal(response)
        # 409 means that something is out under this key: the look-up finds it.
        answer = _object(response) if response.is_success else None
        if answer is None or not answer.keys() >= set(POST):
            raise Uncertain("network.uncertain", _start_of(response), network=NAME)
        return answer

    def _ask(
        self, client: "httpx.Client", method: str, path: str, needs: Sequence[str] = (), **request: Any
    ) -> dict[str, Any] | None:
        """A call that may safely be made again; the answer has the fields it `needs`. None when not there (404)."""
        import httpx  # slow import

        try:
            with within(request.get("timeout", self._timeout)):
                response = client.request(method, path, **request)
        except httpx.HTTPError as error:
            raise Retry("network.unreachable", _describe(error), network=NAME) from error
        if response.status_code == 204:
            return {}
        answer = _object(response)
        if response.status_code == 404 and answer is not None:
            return None
        if response.is_client_error:
            raise _refusal(response)
        if answer is None or not response.is_success or not answer.keys() >= set(needs):
            raise Retry("network.unavailable", _start_of(response), network=NAME)
        return answer


def _own(credentials: Credentials) -> SandboxCredentials:
    assert isinstance(credentials, SandboxCredentials), type(credentials)  # a bug, not an input
    return credentials


def _payload(part: Part, language: str, *, reply_to: str | None) -> dict[str, Any]:
    """The body of the request. Ids that the network gives during the call stay blank here."""
    card = part.card
    return {
        "text": part.text,
        "language": language,
        "images": [{"id": "", "alt": media.alt} for media in part.media],
        "card": {"url": card.url, "title": card.title, "description": card.description, "image": ""} if card else None,
        "reply_to": reply_to,
    }


def _runs(text: str) -> tuple[Run, ...]:
    """Only web addresses become links here, shortened for the eye."""
    runs: list[Run] = []
    end = 0
    for span in find_urls(text):
        runs.append(Run(text=text[end : span.start]))
        runs.append(Run(text=display_url(span.href, BLUESKY_STYLE), href=span.href))
        end = span.end
    runs.append(Run(text=text[end:]))
    return tuple(run for run in runs if run.text)


def _outcome(answer: Mapping[str, Any]) -> Receipt | Pending:
    if answer["status"] == "processing":
        return Pending(data={"id": str(answer["id"])}, after=1)
    return Receipt(id=str(answer["id"]), url=str(answer["url"]))


def _refusal(response: "httpx.Response") -> NetworkError:
    """What a 4xx means; nothing has been stored. Without our own words in it, it comes from something in between."""
    answer = _object(response) or {}
    code, why = str(answer.get("error", "")), str(answer.get("message", ""))
    diagnostic = _start_of(response)
    if response.status_code == 401:
        return AccountBlocked("network.credentials", diagnostic, network=NAME)
    if response.status_code == 403 and code:
        return AccountBlocked("network.account_blocked", diagnostic, network=NAME, why=why)
    if response.status_code == 429:
        return RateLimited("network.rate_limited", diagnostic, network=NAME, until=_wait_until(response))
    if code == "not_found":
        return Refused("network.edit_gone", diagnostic, network=NAME)
    if code == "duplicate":
        return Refused("network.duplicate", diagnostic, network=NAME)
    if code:
        return Refused("network.refused", diagnostic, network=NAME, why=why)
    return Retry("network.unavailable", diagnostic, network=NAME)


def _wait_until(response: "httpx.Response") -> datetime:
    seconds = response.headers.get("Retry-After", "")
    return datetime.now(UTC) + timedelta(seconds=min(int(seconds), 86_400) if seconds.isdecimal() else 60)


def _object(response: "httpx.Response") -> dict[str, Any] | None:
    """The JSON object in the answer, or None where there is none: a proxy's page, nothing at all."""
    try:
        answer = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None
    return answer if isinstance(answer, dict) else None


def _start_of(response: "httpx.Response") -> str:
    # A proxy's page may repeat the request's headers.
    token = response.request.headers["Authorization"].removeprefix("Bearer ")
    text = response.text.replace(token, "…")[:200]
    return f"{response.status_code} {response.headers.get('Content-Type', '')}: {text!r}"


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
