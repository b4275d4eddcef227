"""tweepy's client, with what it lacks: our base URL, timeouts, OAuth 2.0 renewal, v2 media, no surprises.

tweepy 4.17 has the host fixed, waits for ever, follows redirects, writes tokens into its debug log and breaks on
answers that are not the JSON it expects. So its `request` is replaced: what its methods send goes through here,
and what comes back is an `Answer`, whatever it is. One client serves one call of ours, in one thread.
"""

import io
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import requests
import tweepy
from pydantic import SecretStr

from publisher.errors import AccountBlocked, RateLimited, Retry, Uncertain
from publisher.networks.base import let_go
from publisher.networks.patience import mount, within
from publisher.networks.x_answers import LABEL, Answer, free_again
from publisher.networks.x_credentials import XCredentials

CREATE = "POST /2/tweets"
"""The one call that must not be made twice."""
UPLOAD_FACTOR = 3
"""An upload may take so many times as long as another call."""
LIFETIME = timedelta(hours=2)
"""Of an access token, where X does not say."""
EARLY = timedelta(seconds=60)
"""How long before its end an access token is renewed."""
REMEMBERED = 500
"""Renewals kept in mind."""
SHORTEST_SECRET = 8
"""Characters. X's are longer; striking out "a" everywhere would spoil the answers."""

# These two write every signed header into their debug log.
for _name in ("oauthlib", "requests_oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of OAuth 2.0 tokens; the refresh token works once."""

    access: str
    refresh: str
    expires_at: datetime | None = None

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and datetime.now(UTC) >= self.expires_at - EARLY


# One refresher at a time per app, in this process: a refresh token that two use at once is lost to one of them.
# Who comes too late, with credentials read before the renewal, is handed the pair that the other one got.
# Between processes it is newsroom/connect/renewing.py that renews, before a call; here it is for what ends in mid-call.
_LOCKS: dict[str, threading.Lock] = {}
_SUCCESSORS: OrderedDict[tuple[str, str], Tokens] = OrderedDict()


class Body(io.BytesIO):
    """A request's body that knows whether any of it was handed to the connection.

    The headers alone make no post: as long as nothing was read from here, nothing has happened at X, be it that
    the name was not found, the connection refused or the certificate wrong.
    """

    left = False

    def read(self, size: int | None = -1) -> bytes:
        self.left = True
        return super().read(size)


class Client(tweepy.Client):  # type: ignore[misc]  # tweepy has no types
    """A tweepy client whose methods return an `Answer`. Use it as a context manager, and pass `user_auth=oauth1`."""

    def __init__(
        self,
        credentials: XCredentials,
        save: Callable[[Mapping[str, str]], None],
        timeout: float,
        before_publish: Callable[[], None] = let_go,
    ) -> None:
        """`timeout` is in seconds; `save` keeps renewed tokens and is called before they are used."""
        secrets = [value.get_secret_value() for _, value in credentials if isinstance(value, SecretStr)]
        super().__init__(
            consumer_key=credentials.consumer_key.get_secret_value(),
            consumer_secret=credentials.consumer_secret.get_secret_value(),
            access_token=credentials.access_token.get_secret_value(),
            access_token_secret=credentials.access_token_secret.get_secret_value(),
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        self.oauth1 = credentials.uses_oauth1
        self._credentials = credentials
        self._save = save
        self._timeout = timeout
        self._before_publish = before_publish
        self._secrets = {secret for secret in secrets if secret}
        self._tokens = _tokens(credentials)
        mount(self.session)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def request(
        self, method: str, route: str, params: Any = None, json: Any = None, user_auth: bool = False, **form: Any
    ) -> Answer:
        """What every method of tweepy calls, with its names; `form` is `data` and `files` of a multipart body.

        Raises Retry where no request left or the call may be repeated, Uncertain where a post may be out.
        """
        if not user_auth and self._tokens.expired:
            self.renew()
        answer = self._send(method, route, self._auth(), params=params, content=json, **form)
        if answer.status == 401 and not user_auth:
            # 401 is a clear no: nothing was posted, so the call may be made again with a new token.
            self.renew()
            answer = self._send(method, route, self._auth(), params=params, content=json, **form)
        return replace(answer, text=self._strike(answer.text))

    def _auth(self) -> Any:
        if not self.oauth1:
            return tweepy.OAuth2BearerHandler(self._tokens.access)
        keys = (self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret)
        return tweepy.OAuth1UserHandler(*keys).apply_auth()

    def _send(
        self, method: str, route: str, auth: Any, *, params: Any = None, content: Any = None, **form: Any
    ) -> Answer:
        body = None if content is None else Body(json.dumps(content).encode())
        headers = {"User-Agent": self.user_agent, **({"Content-Type": "application/json"} if body else {})}
        timeout = self._timeout * (UPLOAD_FACTOR if "files" in form else 1)
        call = f"{method} {route}"
        if call == CREATE:
            self._before_publish()
        try:
            with (
                within(timeout),
                self.session.request(
                    method,
                    self._credentials.base_url + route,
                    auth=auth,
                    headers=headers,
                    params=params,
                    timeout=timeout,
                    allow_redirects=False,
                    **(form or {"data": body}),
                ) as response,
            ):
                text = response.content.decode(errors="replace")
                named = {name.lower(): value for name, value in response.headers.items()}
                return Answer(call, response.status_code, text, named)
        except Exception as error:  # noqa: BLE001  # requests, urllib3, http.client and oauthlib each raise their own
            diagnostic = self._strike(f"{call}: {type(error).__name__}: {error}")[:300]
            if call == CREATE and body and body.left:
                raise Uncertain("network.uncertain", diagnostic, network=LABEL) from None
            raise Retry("network.unreachable", diagnostic, network=LABEL) from None

    def _strike(self, text: str) -> str:
        """`text` without any of our secrets, should X or a library repeat one."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "•••")
        return text

    # --- OAuth 2.0 -----------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Get a new pair of tokens, or the one that another thread has just got, and save it before it is used."""
        with _LOCKS.setdefault(self._credentials.client_id, threading.Lock()):
            known = _newest(self._tokens)
            if known == self._tokens or known.expired:
                renewed = self._exchange(known)
                _remember(known, renewed)
                known = renewed
            self._secrets |= {known.access, known.refresh}
            fields = {
                "oauth2_access_token": known.access,
                "oauth2_refresh_token": known.refresh,
                "oauth2_expires_at": known.expires_at.isoformat() if known.expires_at else "",
            }
            try:
                self._save(fields)
            except Exception as error:  # a store may fail in any way; the pair waits in memory
                raise Retry("network.x_tokens_unsaved", type(error).__name__) from error
            self._tokens = known

    def _exchange(self, spent: Tokens) -> Tokens:
        """RFC 6749, section 6. Nothing is posted here, so whatever gives no tokens may be tried again, or is a no."""
        app = self._credentials
        secret = app.client_secret.get_secret_value()
        form = {"grant_type": "refresh_token", "refresh_token": spent.refresh}
        # A public client names itself in the body, a confidential one by its secret.
        auth = requests.auth.HTTPBasicAuth(app.client_id, secret) if secret else _unsigned
        data = form if secret else {**form, "client_id": app.client_id}
        answer = self._send("POST", "/2/oauth2/token", auth, data=data)
        if answer.succeeded:
            renewed = _renewed(answer.body or {}, spent)
            if renewed:
                return renewed
            # Never with the answer itself: it may hold half of a new pair.
            raise Retry("network.unavailable", f"{answer.call}: {answer.status} without tokens", network=LABEL)
        diagnostic = replace(answer, text=self._strike(answer.text)).diagnostic
        if answer.status == 429:
            until = free_again(answer.headers, datetime.now(UTC))
            raise RateLimited("network.rate_limited", diagnostic, until=until, network=LABEL)
        if answer.status in (400, 401, 403) and answer.body:
            raise AccountBlocked("network.credentials", diagnostic, network=LABEL)
        raise Retry("network.unavailable", diagnostic, network=LABEL)


def _tokens(credentials: XCredentials) -> Tokens:
    ends = credentials.oauth2_expires_at
    return Tokens(
        credentials.oauth2_access_token.get_secret_value(),
        credentials.oauth2_refresh_token.get_secret_value(),
        datetime.fromisoformat(ends) if ends else None,
    )


def _renewed(body: Mapping[str, Any], spent: Tokens) -> Tokens | None:
    """The pair in an answer of the token endpoint; without a new refresh token the old one stays good."""
    access, refresh, seconds = body.get("access_token"), body.get("refresh_token"), body.get("expires_in")
    if not isinstance(access, str) or not access:
        return None
    ends = datetime.now(UTC) + (timedelta(seconds=seconds) if isinstance(seconds, int) else LIFETIME)
    return Tokens(access, refresh if isinstance(refresh, str) and refresh else spent.refresh, ends)


def _newest(tokens: Tokens) -> Tokens:
    """The pair that `tokens` became in this process, through any number of renewals."""
    while successor := _SUCCESSORS.get((tokens.access, tokens.refresh)):
        tokens = successor
    return tokens


def _remember(spent: Tokens, renewed: Tokens) -> None:
    if renewed.access == spent.access:
        return
    _SUCCESSORS[spent.access, spent.refresh] = renewed
    while len(_SUCCESSORS) > REMEMBERED:
        _SUCCESSORS.popitem(last=False)


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An auth that adds nothing: without any, requests would look for a password in a .netrc file."""
    return request
