"""Signing in at Meta: for a Facebook page, for the Instagram account of a page, for Threads.

Sources: developers.facebook.com, "Manually build a login flow", "Facebook Login for Business", "Long-lived access
tokens", "Debug Token", the edges `me/permissions` and `me/accounts`; developers.facebook.com/docs/threads, "Get access
tokens". The token of a page that is asked for with a long-lived token of a person has no end of its own; Threads' ends
after 60 days and is renewed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import Field, field_validator

from publisher.errors import AccountBlocked, NetworkError, Refused, Retry
from publisher.networks.credentials import Credentials
from publisher.networks.graph import VERSION, judge_for, proof
from publisher.networks.graph_token import debug
from publisher.networks.sign_in import App, Choice, Pkce, SignIn, Stage, Tokens, plain, written
from publisher.networks.wire import Answer, Judge, Wire, sentence

GRAPH = f"https://graph.facebook.com/{VERSION}"
PAGES = 10
PAGE = 100
"""Pages of a person that are asked for at once."""
SINGLY = 20
"""Pages that are asked for one by one, at most."""
APP_CODES = {101, 191}
"""Meta does not know the app; or not the address that it is to lead back to."""
WRONG_KEY = "client secret"
PORTFOLIOS = "business_management"
"""Without this right `me/accounts` leaves out the pages that belong to a business portfolio."""
POSTING = "CREATE_CONTENT"
"""The task of a page whose holders may post."""


class MetaSignIn(SignIn):
    """What Meta's three have in common."""

    separator: ClassVar[str] = ","
    pkce: ClassVar[Pkce] = Pkce.NONE
    names: ClassVar[tuple[str, str]] = ("App ID", "App secret")
    where: ClassVar[str] = "https://developers.facebook.com/apps/"
    https_only: ClassVar[bool] = True

    def judge(self, stage: Stage) -> Judge:
        """Meta's errors are objects, also those of its token endpoint."""
        plain_words, graph = super().judge(stage), judge_for(self.label)

        def judge(answer: Answer) -> NetworkError | None:
            error = answer.object.get("error")
            if not isinstance(error, dict):
                return plain_words(answer)
            words = str(error.get("error_user_msg") or error.get("message") or "")
            if stage != "ask" and (error.get("code") in APP_CODES or WRONG_KEY in words):
                return self.no_app(answer)
            found = graph(answer)
            if stage == "code" and isinstance(found, Refused | AccountBlocked):
                return Refused("connect.code", answer.told, network=self.label, why=sentence(words))
            if stage == "refresh" and isinstance(found, AccountBlocked):
                return AccountBlocked("connect.ended", answer.told, network=self.label)
            return found

        return judge


class FacebookApp(App):
    """An app with Facebook Login for Business names the rights in a configuration of its own."""

    config_id: str = Field(default="", title="Configuration ID")

    @field_validator("config_id")
    @classmethod
    def _number(cls, value: str) -> str:
        if value and not (value.isascii() and value.isdecimal()):
            raise ValueError("it is a number, to be copied from the configuration")
        return value


class FacebookSignIn(MetaSignIn):
    label: ClassVar[str] = "Facebook"
    our_app: ClassVar[type[App]] = FacebookApp
    redirect_box: ClassVar[str] = "Facebook Login (or Facebook Login for Business), Settings, Valid OAuth Redirect URIs"
    besides: ClassVar[tuple[str, ...]] = ("facebook.step_configuration", "facebook.step_rights")
    authorize_at: ClassVar[str] = f"https://www.facebook.com/{VERSION}/dialog/oauth"
    exchange_at: ClassVar[str] = f"{GRAPH}/oauth/access_token"
    scopes: ClassVar[tuple[str, ...]] = ("pages_show_list", "pages_manage_posts", "pages_read_engagement")
    extra: ClassVar[Mapping[str, str]] = {"auth_type": "rerequest"}
    """Asks again for what was unticked before."""
    kept: ClassVar[Mapping[str, str]] = {"app_id": "client_id", "app_secret": "client_secret"}
    fields: ClassVar[str] = "id,name,access_token,tasks"

    @property
    def asked(self) -> tuple[str, ...]:
        return (*super().asked, PORTFOLIOS)

    def rights(self, app: App) -> Mapping[str, str]:
        """A configuration stands for scopes and `auth_type`: Meta's dialog fails where it gets both. By default it
        would answer with a token in the browser's address rather than with a code."""
        configuration = plain(app, "config_id")
        if not configuration:
            return super().rights(app)
        return {"config_id": configuration, "override_default_response_type": "true"}

    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        form = {"grant_type": "fb_exchange_token", "fb_exchange_token": tokens.access}
        long_lived = self.ask_token(app, form, "code", secrets=(tokens.access,)).access
        with self.wire(app, GRAPH, "ask", secrets=(app.secret,), token=long_lived) as wire:
            self.look_at_scopes(_granted(wire))
            pages = _pages(wire, self.fields) or _pages_ticked(wire, app, long_lived, self.fields)
        found = [choice for page in pages if (choice := self.choice(page)) is not None]
        if not found:
            raise AccountBlocked(self.none, f"{len(pages)} pages")
        return found

    def beside(self, app: App, token: str) -> Mapping[str, str]:
        return proof(token, app.secret)

    none: ClassVar[str] = "facebook.no_pages"
    """The sentence for a person who has none."""

    def choice(self, page: Mapping[str, Any]) -> Choice | None:
        """The page as an account; None where whoever signed in may not post there."""
        if not _may_post(page):
            return None
        return Choice(str(page["id"]), str(page.get("name") or page["id"]), {"page_token": str(page["access_token"])})


class InstagramSignIn(FacebookSignIn):
    label: ClassVar[str] = "Instagram"
    scopes: ClassVar[tuple[str, ...]] = (
        "pages_show_list",
        "pages_read_engagement",
        "instagram_basic",
        "instagram_content_publish",
    )
    welcome: ClassVar[tuple[str, ...]] = ("instagram_manage_contents",)
    """With it, posts can be taken back."""
    app_of: ClassVar[str] = "facebook"
    fields: ClassVar[str] = f"{FacebookSignIn.fields},instagram_business_account{{id,username}}"
    none: ClassVar[str] = "instagram.no_accounts"

    def choice(self, page: Mapping[str, Any]) -> Choice | None:
        account = page.get("instagram_business_account")
        if not _may_post(page) or not isinstance(account, dict) or not account.get("id"):
            return None
        label = f"{account.get('username') or account['id']} ({page.get('name') or page['id']})"
        return Choice(str(account["id"]), label, {"page_token": str(page["access_token"])})


class ThreadsSignIn(MetaSignIn):
    label: ClassVar[str] = "Threads"
    names: ClassVar[tuple[str, str]] = ("Threads app ID", "Threads app secret")
    redirect_box: ClassVar[str] = "Use cases, Access the Threads API, Settings, Redirect Callback URLs"
    authorize_at: ClassVar[str] = "https://threads.net/oauth/authorize"
    exchange_at: ClassVar[str] = "https://graph.threads.net/oauth/access_token"
    scopes: ClassVar[tuple[str, ...]] = ("threads_basic", "threads_content_publish", "threads_read_replies")
    welcome: ClassVar[tuple[str, ...]] = ("threads_delete", "threads_manage_insights")
    ends: ClassVar[str] = "ends"
    renewed_by: ClassVar[str] = "access_token"
    early: ClassVar[timedelta] = timedelta(days=50)
    """Of 60. It must be a day old for that, or Threads refuses."""
    api: ClassVar[str] = "https://graph.threads.net"

    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        params = {"grant_type": "th_exchange_token", "client_secret": app.secret, "access_token": tokens.access}
        with self.wire(app, self.api, "code", secrets=(app.secret, tokens.access)) as wire:
            long_lived = self.read(wire.ask("GET", "access_token", params=params))
        with self.wire(app, self.api, "ask", secrets=(app.secret,), token=long_lived.access) as wire:
            self.look_at_scopes(token_of(wire, "v1.0", long_lived.access)[0])
            told = wire.ask("GET", "v1.0/me", params={"fields": "id,username,name"}, needs=("id", "username")).object
        given = {"access_token": long_lived.access, "ends": written(long_lived.ends)}
        return [Choice(str(told["id"]), str(told["username"]), given)]

    def refresh(self, credentials: Credentials) -> dict[str, str]:
        token = plain(credentials, "access_token")
        app = App(client_id="-", base_url=plain(credentials, "base_url"))
        with self.wire(app, self.api, "refresh", secrets=(), token=token) as wire:
            answer = wire.ask("GET", "refresh_access_token", params={"grant_type": "th_refresh_token"})
        renewed = self.read(answer)
        if renewed.ends is None:
            raise Retry("network.unavailable", f"HTTP {answer.status} without an end", network=self.label)
        return {"access_token": renewed.access, "ends": written(renewed.ends)}


def token_of(wire: Wire, version: str, token: str) -> tuple[tuple[str, ...] | None, datetime | None]:
    """What a token of Threads may, and until when; None and None where Threads does not tell: it does so only of an
    account that is a tester of the app ("Debug Access Token")."""
    try:
        answer = wire.ask("GET", f"{version}/debug_token".lstrip("/"), params={"input_token": token}, needs=("data",))
    except NetworkError:
        return None, None
    told = answer.object["data"]
    scopes, ends = (told.get("scopes"), told.get("expires_at")) if isinstance(told, dict) else (None, None)
    known = tuple(map(str, scopes)) if isinstance(scopes, list) else None
    return known, datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and ends > 0 else None


def _granted(wire: Wire) -> tuple[str, ...]:
    """What the person left ticked: Facebook does not say it with the token."""
    rows = wire.ask("GET", "me/permissions", needs=("data",)).object["data"]
    return tuple(
        str(row.get("permission")) for row in _list_of(rows) if isinstance(row, dict) and row.get("status") == "granted"
    )


def _pages(wire: Wire, fields: str) -> list[Mapping[str, Any]]:
    """The pages that a person has chosen to show us, each with its own token."""
    found: list[Mapping[str, Any]] = []
    asked = {"fields": fields, "limit": str(PAGE)}
    for _ in range(PAGES):
        told = wire.ask("GET", "me/accounts", params=asked, needs=("data",)).object
        found += [row for row in _list_of(told["data"]) if isinstance(row, dict) and row.get("id")]
        paging = told.get("paging")
        cursors = paging.get("cursors") if isinstance(paging, dict) and paging.get("next") else None
        after = cursors.get("after") if isinstance(cursors, dict) else None
        if not after:
            break
        asked["after"] = str(after)
    return found


def _pages_ticked(wire: Wire, app: App, token: str, fields: str) -> list[Mapping[str, Any]]:
    """The pages that the token itself names: with Facebook Login for Business `me/accounts` may list none of those that
    a person has ticked. One that is not told any more is left out."""
    found: list[Mapping[str, Any]] = []
    for page in _targets(debug(wire, token, app.client_id, app.secret))[:SINGLY]:
        try:
            found.append(wire.ask("GET", page, params={"fields": fields}, needs=("id",)).object)
        except (Refused, AccountBlocked):
            continue
    return found


def _targets(told: Mapping[str, Any]) -> list[str]:
    """The ids of pages, each once. Those of other rights are of portfolios and Instagram accounts; a right without any
    is for all that there are, which `me/accounts` lists."""
    rows = [row for row in _list_of(told.get("granular_scopes")) if isinstance(row, dict)]
    of_pages = [row for row in rows if str(row.get("scope")).startswith("pages_")]
    ids = [str(target) for row in of_pages for target in _list_of(row.get("target_ids"))]
    return [page for page in dict.fromkeys(ids) if page.isdecimal()]


def _may_post(page: Mapping[str, Any]) -> bool:
    tasks = page.get("tasks")
    return bool(page.get("access_token")) and (not isinstance(tasks, list) or POSTING in tasks)


def _list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
