"""An authorization server on loopback, in the dialect of each network that we sign in at: a double of our own.

It is as strict as the strictest: a foreign redirect address, no state, a wrong or missing challenge or verifier, a code
that is old, used or another app's, a wrong secret, a refresh token that was used, rights it does not offer. What is
asked with a token goes to the network's own double `behind` it, where there is one.
"""

import base64
import hashlib
import html
import itertools
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import httpx

from tests.peers import graph
from tests.peers.double import Double, Reply, Request
from tests.peers.tiktok import TikTokServer

CODE_LIVES = timedelta(seconds=30)
"""As at X; elsewhere minutes."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    authorize: str
    token: str
    separator: str = " "
    pkce: str = "S256"
    """"", S256 or hex."""
    client: str = "client_id"
    basic: bool = False
    demands: Mapping[str, str] = field(default_factory=dict)
    """What must stand in the address besides; else no refresh token is given."""
    lifetime: int = 7200
    """Seconds of an access token; 0 = it does not end, and nothing is said."""
    refresh_lifetime: int = 0
    """Seconds of a refresh token, where it is said."""
    refreshes: bool = True
    rotates: bool = True
    """Whether a refresh token works once. Else the answer holds none: the old one stays good."""
    says_scope: bool = True
    told: Mapping[str, str] = field(default_factory=dict)
    """What stands beside a token."""
    graph: bool = False
    """Whether errors are written as Meta writes them."""


X = Dialect(authorize="/i/oauth2/authorize", token="/2/oauth2/token", basic=True)
MASTODON = Dialect(authorize="/oauth/authorize", token="/oauth/token", lifetime=0, refreshes=False)
FACEBOOK = Dialect(
    authorize="/v25.0/dialog/oauth",
    token="/v25.0/oauth/access_token",
    separator=",",
    pkce="",
    refreshes=False,
    says_scope=False,
    graph=True,
)
THREADS = replace(FACEBOOK, authorize="/oauth/authorize", token="/oauth/access_token", lifetime=3600)
LINKEDIN = Dialect(
    authorize="/oauth/v2/authorization",
    token="/oauth/v2/accessToken",
    pkce="",
    lifetime=5_184_000,
    refresh_lifetime=31_536_000,
    rotates=False,
)
GOOGLE = Dialect(
    authorize="/o/oauth2/v2/auth",
    token="/token",
    lifetime=3599,
    rotates=False,
    demands={"access_type": "offline", "prompt": "consent"},
)
TIKTOK = Dialect(
    authorize="/v2/auth/authorize/",
    token="/v2/oauth/token/",
    separator=",",
    pkce="hex",
    client="client_key",
    lifetime=86_400,
    refresh_lifetime=31_536_000,
    told={"open_id": TikTokServer.open_id},
)
OF = {
    "x": X, "mastodon": MASTODON, "facebook": FACEBOOK, "instagram": FACEBOOK, "threads": THREADS,
    "linkedin": LINKEDIN, "youtube": GOOGLE, "tiktok": TIKTOK,
}  # fmt: skip
"""By the kind of the network."""


@dataclass
class Grant:
    """What a person agreed to."""

    redirect: str
    challenge: str
    scopes: tuple[str, ...]
    offline: bool
    made: datetime
    used: bool = False
    tokens: set[str] = field(default_factory=set)


class OAuthServer(Double):
    client_id = "publisher-of-the-tests"
    client_secret = "double/of+a client secret 0123456789"
    """With signs that must be written otherwise in a form and in Basic."""

    def __init__(self, dialect: Dialect, redirect: str, scopes: tuple[str, ...], behind: Any = None) -> None:
        """`redirect`: what the app's settings allow; `scopes`: what they offer."""
        super().__init__()
        self.dialect = dialect
        self.redirect = redirect
        self.offered = scopes
        self.config_id = ""
        """Of the configuration of a Meta app that has Facebook Login for Business: it names all that is offered."""
        self.withheld: set[str] = set()
        """What the person unticks."""
        self.behind = behind
        if isinstance(behind, Double):
            vars(behind).update(client_id=self.client_id, client_secret=self.client_secret)
            vars(behind).update(app_id=self.client_id, app_secret=self.client_secret)
        self.grants: dict[str, Grant] = {}
        self.access: dict[str, datetime | None] = {}
        self.refresh_tokens: dict[str, Grant] = {}
        self.later = timedelta()
        """How far its clock is ahead: so tokens end without waiting."""
        self.broken = 0
        """How many more calls for tokens are answered with an error page."""
        self.issue: Callable[[], str] = lambda: f"access-{secrets.token_hex(16)}"
        """How an access token is made."""
        self._numbers = itertools.count(1)

    # --- for tests

    @property
    def app(self) -> dict[str, str]:
        known = {"client_id": self.client_id, "client_secret": self.client_secret, "base_url": self.url}
        return known | ({"config_id": self.config_id} if self.config_id else {})

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def agree(self, address: str) -> str:
        """What a browser does that is sent to `address` and presses "Allow": where it is sent back to."""
        answer = httpx.get(address, trust_env=False, verify=False)  # noqa: S501  it is on this machine
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text.split('id="allow" href="')[1].split('"')[0])

    def revoke(self) -> None:
        """The person takes back what they agreed to."""
        self.access.clear()
        self.refresh_tokens.clear()

    # --- what it does

    def answer(self, request: Request) -> Reply:
        if request.path == self.dialect.authorize:
            return self._authorize(request)
        if request.path == self.dialect.token and request.method == "POST":
            return self._token(request)
        if request.path == "/api/v1/apps" and self.dialect is MASTODON:
            return self._register(request)
        if self.dialect.graph and (found := self._of_meta(request)) is not None:
            return found
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self._holds(token) and request.path != "/oauth/v2/introspectToken":
            return self._error(401, "invalid_token", "The token is not good (any more)")
        return self._pass_on(request)

    def _pass_on(self, request: Request) -> Reply:
        if isinstance(self.behind, Double):
            self.behind.requests.append(request)
            return self.behind.answer(request)
        if isinstance(self.behind, Mapping):
            told = self.behind.get(request.path)
            return Reply(body=told) if told is not None else Reply(404, {"error": "Not found"})
        headers = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
        address = f"{self.behind.url}{request.path}"
        found = httpx.request(
            request.method, address, params=request.query, headers=headers, content=request.body, trust_env=False
        )
        return Reply(found.status_code, found.content, {"Content-Type": found.headers["content-type"]})

    def _holds(self, token: str) -> bool:
        return token in self.access and ((ends := self.access[token]) is None or self.now < ends)

    def _grant_of(self, token: str) -> Grant:
        return next(grant for grant in self.grants.values() if token in grant.tokens)

    def _authorize(self, request: Request) -> Reply:
        asked = request.query
        if asked.get(self.dialect.client) != self.client_id or asked.get("redirect_uri") != self.redirect:
            # Nobody is led anywhere that the app's settings do not name.
            return _page(400, "<p>This app, or the address that it leads back to, is not known here.</p>")
        if asked.get("response_type") != "code" or len(asked.get("state", "")) < 16:
            return _page(400, "<p>A code is asked for, with a state that nobody guesses.</p>")
        length = {"": 0, "S256": 43, "hex": 64}[self.dialect.pkce]
        given = asked.get("code_challenge", "")
        if len(given) != length or (length and asked.get("code_challenge_method") != "S256"):
            return self._back(asked, error="invalid_request", error_description="code challenge required")
        if self.config_id:
            if {"scope", "auth_type"} & set(asked) or asked.get("override_default_response_type") != "true":
                return _page(400, "<p>Sorry, something went wrong.</p>")
            if asked.get("config_id") != self.config_id:
                return _page(400, "<p>This configuration is not known here.</p>")
            asked = {**asked, "scope": self.dialect.separator.join(self.offered)}
        scopes = tuple(asked.get("scope", "").split(self.dialect.separator))
        if self.dialect.graph:  # Meta leaves out of its question what the app does not have
            scopes = tuple(scope for scope in scopes if scope in self.offered)
        if not set(scopes) <= set(self.offered):
            return self._back(asked, error="invalid_scope", error_description="The app does not have this right")
        granted = tuple(scope for scope in scopes if scope not in self.withheld)
        offline = all(asked.get(name) == value for name, value in self.dialect.demands.items())
        code = f"code-{next(self._numbers)}-{secrets.token_hex(8)}"
        self.grants[code] = Grant(asked["redirect_uri"], given, granted, offline, self.now)
        allow = self._address(asked, code=code) + ("#_" if self.dialect is THREADS else "")
        cancel = self._address(asked, error="access_denied", error_description="The user denied the request")
        return _page(
            200,
            f'<h1>Publisher wants to post for you</h1><p><a id="allow" href="{html.escape(allow)}">Allow</a></p>'
            f'<p><a id="cancel" href="{html.escape(cancel)}">Cancel</a></p>',
        )

    def _back(self, asked: Mapping[str, str], **said: str) -> Reply:
        return Reply(302, b"", {"Location": self._address(asked, **said)})

    def _address(self, asked: Mapping[str, str], **said: str) -> str:
        return f"{asked['redirect_uri']}?{urlencode({**said, 'state': asked['state']})}"

    def _token(self, request: Request) -> Reply:
        if self.broken:
            self.broken -= 1
            return Reply(503, b"<html>Out of order</html>", {"Content-Type": "text/html"})
        form = request.fields
        if not self._is_app(request, form):
            return self._error(401, "invalid_client", "Error validating client secret.")
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form)
            case "refresh_token" if self.dialect.refreshes:
                return self._by_refresh(form)
            case "fb_exchange_token" if self.dialect is FACEBOOK:
                if not self._holds(form["fb_exchange_token"]):
                    return self._error(400, "invalid_grant", "Error validating access token")
                return Reply(body=self._tokens(self._grant_of(form["fb_exchange_token"]), lifetime=5_184_000))
        return self._error(400, "unsupported_grant_type", "No such grant")

    def _is_app(self, request: Request, form: Mapping[str, str]) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if self.dialect.basic and scheme == "Basic":
            name, _, secret = base64.b64decode(given).decode().partition(":")
            return (unquote(name), unquote(secret)) == (self.client_id, self.client_secret)
        return (form.get(self.dialect.client), form.get("client_secret")) == (self.client_id, self.client_secret)

    def _by_code(self, form: Mapping[str, str]) -> Reply:
        grant = self.grants.get(form.get("code", ""))
        if grant is None or self.now - grant.made > CODE_LIVES:
            return self._error(400, "invalid_grant", "The code is unknown or has expired")
        if grant.used:
            # RFC 6749, section 4.1.2: what was given for it before is taken back.
            for token in grant.tokens:
                self.access.pop(token, None)
                self.refresh_tokens.pop(token, None)
            return self._error(400, "invalid_grant", "This authorization code has been used")
        if form.get("redirect_uri") != grant.redirect:
            return self._error(400, "invalid_grant", "The redirect address is another one")
        if self.dialect.pkce and _challenge(self.dialect.pkce, form.get("code_verifier", "")) != grant.challenge:
            return self._error(400, "invalid_grant", "Value passed for the code verifier did not match the challenge")
        grant.used = True
        return Reply(body=self._tokens(grant, refresh=grant.offline))

    def _by_refresh(self, form: Mapping[str, str]) -> Reply:
        spent = form.get("refresh_token", "")
        grant = self.refresh_tokens.get(spent)
        if grant is None:
            return self._error(400, "invalid_grant", "The refresh token is unknown, was used or taken back")
        if self.dialect.rotates:
            del self.refresh_tokens[spent]
        return Reply(body=self._tokens(grant, refresh=self.dialect.rotates))

    def _tokens(self, grant: Grant, *, refresh: bool = False, lifetime: int = 0) -> dict[str, Any]:
        access, seconds = self.issue(), lifetime or self.dialect.lifetime
        self.access[access] = self.now + timedelta(seconds=seconds) if seconds else None
        grant.tokens.add(access)
        if isinstance(self.behind, Double) and self.dialect is not FACEBOOK:  # there a page's token is what counts
            self.behind.token = access  # type: ignore[attr-defined]  # each network's double has one
            if self.dialect is THREADS:
                vars(self.behind).update(scopes=list(grant.scopes))
        told: dict[str, Any] = {**self.dialect.told, "token_type": "bearer", "access_token": access}
        if seconds:
            told["expires_in"] = seconds
        if self.dialect.says_scope:
            told["scope"] = self.dialect.separator.join(grant.scopes)
        if refresh and self.dialect.refreshes:
            fresh = f"refresh-{next(self._numbers)}-{secrets.token_hex(16)}"
            self.refresh_tokens[fresh] = grant
            grant.tokens.add(fresh)
            told["refresh_token"] = fresh
            if self.dialect.refresh_lifetime:
                told["refresh_token_expires_in"] = self.dialect.refresh_lifetime
        return told

    def _register(self, request: Request) -> Reply:
        form = request.fields
        assert form["client_name"] == "Publisher", form
        if form["redirect_uris"] != self.redirect or not set(form["scopes"].split()) <= set(self.offered):
            return Reply(422, {"error": "Validation failed: redirect address or scopes"})
        return Reply(body={"id": "1", "client_id": self.client_id, "client_secret": self.client_secret})

    # --- Meta

    pages: tuple[dict[str, Any], ...] = ()
    """What `me/accounts` lists: those `of_a_portfolio` only to whoever may see portfolios."""
    ticked: tuple[dict[str, Any], ...] = ()
    """Pages that it does not list: the token names them, and each is told to whoever asks for it."""
    gone: str = ""
    """The id of one that the token names all the same."""

    def _of_meta(self, request: Request) -> Reply | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.path == "/access_token" and self.dialect is THREADS:
            asked = request.query
            known = asked.get("client_secret") == self.client_secret and self._holds(asked.get("access_token", ""))
            if asked.get("grant_type") != "th_exchange_token" or not known:
                return self._error(400, "invalid_client", "Error validating client secret.")
            return Reply(body=self._tokens(next(iter(self.grants.values())), lifetime=5_184_000))
        if request.path == "/refresh_access_token" and self.dialect is THREADS:
            if not self._holds(token):
                return graph.error(190, "Invalid OAuth access token.", status=401)
            return Reply(body=self._tokens(next(iter(self.grants.values())), lifetime=5_184_000))
        if request.path.endswith(("/me/permissions", "/me/accounts")):
            if not self._holds(token):
                return graph.error(190, "Invalid OAuth access token.", status=401)
            if refusal := graph.unproved(request, token, self.client_secret, wanted=True):
                return refusal
            grant = self._grant_of(token)
            if request.path.endswith("/me/permissions"):
                told = [(scope, "granted") for scope in grant.scopes] + [(scope, "declined") for scope in self.withheld]
                return Reply(body={"data": [{"permission": scope, "status": status} for scope, status in told]})
            start = int(request.query.get("after", 0))
            page = {"cursors": {"after": str(start + 1)}}
            all_of_them = "business_management" in grant.scopes
            shown = [each for each in self.pages if all_of_them or not each.get("of_a_portfolio")]
            more = {"next": "https://graph.facebook.com/next"} if start + 1 < len(shown) else {}
            return Reply(body={"data": shown[start : start + 1], "paging": page | more})
        if self.dialect is not FACEBOOK:
            return None
        return self._ticked(request, token) or (self._pass_on(request) if self.behind else None)

    def _ticked(self, request: Request, token: str) -> Reply | None:
        """What is told of a token, and of a page by its id; None for the double behind."""
        if request.path.endswith("/debug_token") and self._holds(request.fields.get("input_token", "")):
            return self._debugged(request)
        page = next((page for page in self.ticked if request.path == f"/v25.0/{page['id']}"), None)
        if page is None or not self._holds(token):
            return None
        shown = {name.partition("{")[0] for name in request.query["fields"].split(",")}
        told = {name: value for name, value in page.items() if name in shown}
        return graph.unproved(request, token, self.client_secret, wanted=True) or Reply(body=told)

    def _debugged(self, request: Request) -> Reply:
        """What an app is told of the token of a person."""
        app = f"{self.client_id}|{self.client_secret}"
        if request.fields.get("access_token") != app or request.fields.get("method") != "get":
            return graph.error(190, "Invalid OAuth access token.", status=401)
        if refusal := graph.unproved(request, app, self.client_secret, wanted=True):
            return refusal
        grant = self._grant_of(request.fields["input_token"])
        ids = [*filter(None, [self.gone]), *(page["id"] for page in self.ticked)]
        targets = {"pages_": ids, "business_": ["900"], "instagram_": ["17"]}
        rows = [
            {"scope": scope, "target_ids": of} if of else {"scope": scope}
            for scope in grant.scopes
            for kind, of in targets.items()
            if scope.startswith(kind)
        ]
        return Reply(body={"data": {"is_valid": True, "scopes": list(grant.scopes), "granular_scopes": rows}})

    def _error(self, status: int, code: str, words: str) -> Reply:
        if self.dialect.graph:
            number = {"invalid_client": 1, "invalid_token": 190}.get(code, 100)
            return graph.error(number, words, status=status)
        return Reply(status, {"error": code, "error_description": words})


def _challenge(pkce: str, verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return digest.hex() if pkce == "hex" else base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _page(status: int, body: str) -> Reply:
    text = f"<!doctype html><html lang=en><title>Sign in</title><main>{body}</main></html>"
    return Reply(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
