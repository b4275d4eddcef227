"""The access token of a Facebook page: it speaks for the page and for the Instagram account that belongs to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field, SecretStr

from publisher.errors import AccountBlocked
from publisher.networks.base import Context
from publisher.networks.credentials import Credentials
from publisher.networks.graph import VERSION, judge_for, proof
from publisher.networks.wire import Wire


class PageCredentials(Credentials):
    page_token: SecretStr = Field(
        title="Page access token", description="Of the page itself, not of a person; see the steps beside this form."
    )
    app_id: str = Field(
        default="",
        title="App ID",
        description="Optional, with the secret: tells what the token may and until when. Needed where the app requires "
        "its secret (Settings, Advanced).",
    )
    app_secret: SecretStr = Field(default=SecretStr(""), title="App secret")
    base_url: str = Field(
        default="https://graph.facebook.com", pattern=r"^https?://[^\s/?#@]+/?$", title="Address of the API"
    )


def _own(credentials: Credentials) -> PageCredentials:
    assert isinstance(credentials, PageCredentials), type(credentials)  # a bug, not an input
    return credentials


def page_wire(label: str, credentials: Credentials, timeout: float, context: Context | None = None) -> Wire:
    """The Graph API spoken to with the page's token; with a `context` also to post."""
    given = _own(credentials)
    token, secret = given.page_token.get_secret_value(), given.app_secret.get_secret_value()
    return Wire(
        label,
        f"{given.base_url.rstrip('/')}/{VERSION}",
        timeout=timeout,
        judge=judge_for(label),
        headers={"Authorization": f"Bearer {token}"},
        params=proof(token, secret),
        before=context.before_publish if context else None,
        secrets=[token, secret],
    )


def debug(wire: Wire, token: str, app_id: str, secret: str) -> Mapping[str, Any]:
    """What Meta tells an app of a `token` of its."""
    app = f"{app_id}|{secret}"
    # In the body, which no server writes into its log, rather than in the address.
    asked = {"input_token": token, "access_token": app, "method": "get"}
    told = wire.ask("POST", "debug_token", params=proof(app, secret), data=asked, needs=("data",)).object["data"]
    return told if isinstance(told, dict) else {}


def read_token(
    wire: Wire, credentials: Credentials, needed: Sequence[str]
) -> tuple[datetime | None, tuple[str, ...] | None]:
    """Until when the token holds, and what it may; None = no end, or nobody can tell for want of the app's secret.

    Raises AccountBlocked where it lacks one of the permissions `needed`.
    """
    given = _own(credentials)
    secret = given.app_secret.get_secret_value()
    if not given.app_id or not secret:
        return None, None
    told = debug(wire, given.page_token.get_secret_value(), given.app_id, secret)
    scopes = told.get("scopes")
    granted = tuple(map(str, scopes)) if isinstance(scopes, list) and scopes else None
    missing = [] if granted is None else [name for name in needed if name not in granted]
    if missing:
        raise AccountBlocked("facebook.scopes", str(scopes)[:200], missing=", ".join(missing))
    ends = [told.get(name) for name in ("expires_at", "data_access_expires_at")]
    known = [end for end in ends if isinstance(end, int) and end > 0]
    return (datetime.fromtimestamp(min(known)).astimezone() if known else None), granted
