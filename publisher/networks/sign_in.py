"""How a person connects an account by signing in at the network: the contract, and what all networks share.

OAuth 2.0 by code (RFC 6749, section 4.1) with state and, where the network knows it, PKCE (RFC 7636). A network that
has it names a `SignIn` as its `sign_in`: addresses, rights and dialect as data, methods only where it differs. Here is
neither row nor session: who keeps state and verifier, and looks after them, is `newsroom.connect`.
"""

import base64
import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlencode, urlsplit

from pydantic import Field, SecretStr

from publisher import messages
from publisher.errors import AccountBlocked, NetworkError, Refused, Retry
from publisher.networks.credentials import Credentials
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.wire import Answer, Judge, Wire, sentence

Stage = Literal["code", "refresh", "ask"]
"""What a call is for: a code is exchanged, tokens are renewed, something else is asked."""
APP_ERRORS = {"invalid_client", "unauthorized_client"}
"""RFC 6749, section 5.2: it is our app that they do not know, or not for this."""


class Pkce(StrEnum):
    """How the challenge is made of the verifier."""

    NONE = "none"
    S256 = "S256"
    """RFC 7636: SHA-256, base64url without padding."""
    HEX = "hex"
    """TikTok: SHA-256 in hexadecimal, and calls it S256 too."""


class App(Credentials):
    """What a network knows us as. An administrator enters it once, or the network gives it when it is asked."""

    client_id: str = Field(min_length=1, title="Client ID")
    client_secret: SecretStr = Field(default=SecretStr(""), title="Client secret")
    base_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#@]+/?)?$",
        title="Address of the API",
        description="Leave it blank: the network's own.",
    )

    @property
    def secret(self) -> str:
        return self.client_secret.get_secret_value()


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code, or a refresh token, was exchanged for."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    """Blank where none came: then one that we have stays good."""
    ends: datetime | None = None
    """Of the access token."""
    refresh_ends: datetime | None = None
    scopes: tuple[str, ...] | None = None
    """What was granted; None where the network does not say."""
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The whole answer, for what only one network says."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An account that whoever signed in may post to."""

    id: str
    label: str
    credentials: Mapping[str, str] = field(repr=False)
    account: str = ""
    """As `verify` tells it: by it the account of a channel is known again. Blank: it is the `id`, as where an account
    can be chosen in one way only."""


class SignIn(ABC):
    """One network's way. Stateless; knows neither where we live nor who asks."""

    label: ClassVar[str]
    authorize_at: ClassVar[str]
    """The address to which the browser is sent. Only a path where each server has its own (`servers`)."""
    exchange_at: ClassVar[str]
    """The address at which a code becomes a token."""
    scopes: ClassVar[tuple[str, ...]]
    """What is asked for; all of it is needed."""
    welcome: ClassVar[tuple[str, ...]] = ()
    """What is asked for besides: without it something works less well, and posting works."""
    separator: ClassVar[str] = " "
    """Between scopes."""
    pkce: ClassVar[Pkce] = Pkce.S256
    basic: ClassVar[bool] = False
    """Whether the app shows its secret by HTTP Basic rather than in the form (RFC 6749, section 2.3.1)."""
    client_id: ClassVar[str] = "client_id"
    """What the network calls it."""
    extra: ClassVar[Mapping[str, str]] = {}
    """What else stands in the address to which the browser is sent."""

    headers: ClassVar[Mapping[str, str]] = {}
    """Of every call."""

    names: ClassVar[tuple[str, str]] = ("Client ID", "Client secret")
    """What the network's own pages call the two; a blank second: it has none."""
    where: ClassVar[str] = ""
    """Where an administrator finds them: the address of the page."""
    redirect_box: ClassVar[str] = ""
    """What those pages call the box for our redirect address, with the way to it."""
    besides: ClassVar[tuple[str, ...]] = ()
    """What else is to be done there, step by step: keys of sentences."""
    our_app: ClassVar[type[App]] = App
    """What is entered of our app."""
    app_of: ClassVar[str] = ""
    """The network whose app serves here too; blank: its own."""
    secret_needed: ClassVar[bool] = True
    servers: ClassVar[bool] = False
    """Whether the person names a server first, and the app is made there by `register`."""
    https_only: ClassVar[bool] = False
    """Whether the network takes no redirect address without HTTPS."""

    kept: ClassVar[Mapping[str, str]] = {}
    """Fields of the credentials that hold a field of the app: a new secret of the app is put there too."""
    ends: ClassVar[str] = ""
    """The field of the credentials with the end of the token (ISO time); blank: it cannot be renewed."""
    renewed_by: ClassVar[str] = ""
    """The field with what it is renewed by; nothing is renewed while that is blank."""
    early: ClassVar[timedelta] = timedelta(minutes=10)
    """So long before its end a token is renewed."""

    @property
    def asked(self) -> tuple[str, ...]:
        """All rights that the app needs at the network."""
        return (*self.scopes, *self.welcome)

    # --- begin

    def begin(self, app: App, *, redirect: str, state: str, verifier: str) -> str:
        """Where to send the browser."""
        asked = {
            "response_type": "code",
            self.client_id: app.client_id,
            "redirect_uri": redirect,
            "state": state,
            **self.rights(app),
        }
        if self.pkce is not Pkce.NONE:
            asked |= {"code_challenge": challenge(self.pkce, verifier), "code_challenge_method": "S256"}
        return f"{self.at(self.authorize_at, app)}?{urlencode(asked, quote_via=quote)}"

    def rights(self, app: App) -> Mapping[str, str]:  # noqa: ARG002  most apps have no say in it
        """How the browser's address says what is asked for."""
        return {"scope": self.separator.join(self.asked), **self.extra}

    def register(self, server: str, redirect: str) -> App:
        """Make our app at a server that a person named; only with `servers`. Raises NetworkError, InvalidInput."""
        raise NotImplementedError

    def server(self, typed: str) -> str:
        """The address of the server that was typed, as it is kept; only with `servers`. Raises InvalidInput."""
        raise NotImplementedError

    # --- finish

    def finish(self, app: App, *, redirect: str, code: str, verifier: str) -> list[Choice]:
        """The accounts that may be connected: none is an error in words.

        Raises AccountBlocked where a right is missing or the network does not know the app, Refused where it does not
        take the code, Retry and RateLimited.
        """
        tokens = self.exchange(app, redirect=redirect, code=code, verifier=verifier)
        self.look_at_scopes(tokens.scopes)
        kept = {name: app.secret if of == "client_secret" else app.client_id for name, of in self.kept.items()}
        common = kept | ({"base_url": app.base_url.rstrip("/")} if app.base_url else {})
        try:
            found = self.accounts(app, tokens)
        except Refused as error:
            if error.key != "network.refused":
                raise
            # The usual sentence is about a post.
            why = str(error.params.get("why", ""))
            raise Refused("connect.denied", error.diagnostic, network=self.label, why=why) from None
        return [replace(each, credentials={**common, **each.credentials}) for each in found]

    @abstractmethod
    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        """What whoever signed in may post to. The fields of the app (`kept`) are added to the credentials."""

    def exchange(self, app: App, *, redirect: str, code: str, verifier: str) -> Tokens:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        if self.pkce is not Pkce.NONE:
            form["code_verifier"] = verifier
        return self.ask_token(app, form, "code", secrets=(code, verifier))

    def ask_token(self, app: App, form: Mapping[str, str], stage: Stage, *, secrets: tuple[str, ...]) -> Tokens:
        """One call to the token endpoint, which shows who we are."""
        asked: dict[str, Any] = {"data": {**form, **self._client(app)}}
        if self.basic and app.secret:
            asked["auth"] = (quote(app.client_id, safe=""), quote(app.secret, safe=""))
        with self.wire(app, "", stage, secrets=(*secrets, app.secret)) as wire:
            answer = wire.ask("POST", self.at(self.exchange_at, app), needs=("access_token",), **asked)
        return self.read(answer)

    def read(self, answer: Answer) -> Tokens:
        """Raises Retry where there is no token in it."""
        told = answer.object
        access, refresh = told.get("access_token"), told.get("refresh_token")
        if not isinstance(access, str) or not access:
            raise self._without_token(answer)
        granted = told.get("scope")
        return Tokens(
            access,
            refresh if isinstance(refresh, str) else "",
            _after(told.get("expires_in")),
            _after(told.get("refresh_token_expires_in") or told.get("refresh_expires_in")),
            tuple(re.split(r"[,\s]+", granted.strip())) if isinstance(granted, str) and granted.strip() else None,
            told,
        )

    def look_at_scopes(self, granted: tuple[str, ...] | None) -> None:
        """Raises AccountBlocked with the names of what is missing."""
        missing = [] if granted is None else [name for name in self.scopes if not self.covers(granted, name)]
        if missing:
            raise AccountBlocked(
                "connect.scopes", " ".join(granted or ())[:200], missing=", ".join(missing), network=self.label
            )

    def what_is_missing(self, granted: tuple[str, ...] | None) -> str:
        """Of what is welcome, in words; blank where nothing is, or nobody knows."""
        missing = [] if granted is None else [name for name in self.welcome if name not in granted]
        return messages.sentence("connect.welcome", missing=", ".join(missing)) if missing else ""

    def covers(self, granted: tuple[str, ...], name: str) -> bool:
        return name in granted

    # --- refresh

    def renews_at(self, credentials: Credentials) -> datetime | None:
        """From when on the token is to be renewed; None: it cannot be, or need not, or nobody knows when it ends."""
        if not self.ends or not plain(credentials, self.renewed_by):
            return None
        end = ends_at(credentials, self.ends)
        return end - self.early if end else None

    def refresh(self, credentials: Credentials) -> dict[str, str]:
        """The fields that changed; a blank one is to be taken for no change. Called by one at a time for a channel.

        Raises AccountBlocked where only a new sign-in helps; Retry and RateLimited where nothing is known.
        """
        raise NotImplementedError

    # --- for the networks

    def at(self, address: str, app: App) -> str:
        """`address`, or its path at the server that the app names."""
        if not app.base_url:
            return address
        return app.base_url.rstrip("/") + urlsplit(address).path

    def wire(self, app: App, address: str, stage: Stage, *, secrets: tuple[str, ...], token: str = "") -> Wire:
        """Calls to `address` and below, or to whole addresses; with a `token`, in its name."""
        hidden = [secret for secret in (*secrets, token) if secret]
        return Wire(
            self.label,
            self.at(address, app),
            timeout=CALL_TIMEOUT,
            judge=self.judge(stage),
            headers={**self.headers, **({"Authorization": f"Bearer {token}"} if token else {})},
            params=self.beside(app, token) if token else {},
            secrets=[*hidden, *(quote(secret, safe="") for secret in hidden)],
        )

    def beside(self, app: App, token: str) -> Mapping[str, str]:  # noqa: ARG002  most want nothing
        """Parameters that go with every call in the name of a `token`."""
        return {}

    def judge(self, stage: Stage) -> Judge:
        """What an error of the token endpoint means (RFC 6749, section 5.2)."""

        def judge(answer: Answer) -> NetworkError | None:
            said = answer.object.get("error")
            if stage == "ask":
                words = answer.object.get("detail") or answer.object.get("error_description") or said
                if answer.status != 403 or not isinstance(words, str):
                    return None
                return Refused("network.refused", answer.told, network=self.label, why=sentence(words))
            if answer.status < 300 and not isinstance(said, str):
                return self._without_token(answer)
            if not isinstance(said, str) or answer.status not in (200, 400, 401, 403):
                return None
            if said in APP_ERRORS:
                return self.no_app(answer)
            if stage == "refresh":
                return AccountBlocked("connect.ended", answer.told, network=self.label)
            why = sentence(answer.object.get("error_description") or said)
            return Refused("connect.code", answer.told, network=self.label, why=why)

        return judge

    def _without_token(self, answer: Answer) -> Retry:
        # Never with the answer itself: it may hold half of what was asked for.
        return Retry("network.unavailable", f"HTTP {answer.status} without a token", network=self.label)

    def no_app(self, answer: Answer) -> AccountBlocked:
        return AccountBlocked("connect.app", answer.told, network=self.label, id=self.names[0], secret=self.names[1])

    def _client(self, app: App) -> dict[str, str]:
        if self.basic and app.secret:
            return {}
        return {self.client_id: app.client_id, **({"client_secret": app.secret} if app.secret else {})}


def challenge(pkce: Pkce, verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii"))
    if pkce is Pkce.HEX:
        return digest.hexdigest()
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def plain(credentials: Credentials, name: str) -> str:
    """A field as text, secret or not; blank where there is none."""
    value = getattr(credentials, name, None) if name else None
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value or "")


def ends_at(credentials: Credentials, name: str) -> datetime | None:
    """A field that holds a time; None where it is blank."""
    try:
        at = datetime.fromisoformat(plain(credentials, name))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def written(at: datetime | None) -> str:
    """A time as such a field holds it."""
    return at.isoformat() if at else ""


def _after(seconds: object) -> datetime | None:
    if isinstance(seconds, str) and seconds.isdecimal():
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        return None
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=min(seconds, 10**9))
