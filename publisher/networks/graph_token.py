"""The access token of a Facebook page: it speaks for the page and for the Instagram account that belongs to it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field, SecretStr

from publisher.errors import AccountBlocked
from publisher.networks.base import Credentials
from publisher.networks.wire import Wire


class PageCredentials(Credentials):
    page_token: SecretStr = Field(
        title="Page access token", description="Of the page itself, not of a person; see the steps beside this form."
    )
    app_id: str = Field(
        default="",
        title="App ID",
        description="Optional, with the secret: tells what the token may and until when.",
    )
    app_secret: SecretStr = Field(default=SecretStr(""), title="App secret")
    base_url: str = Field(
        default="https://graph.facebook.com", pattern=r"^https?://[^\s/?#@]+/?$", title="Address of the API"
    )


def token_ends(wire: Wire, own: PageCredentials, needed: Sequence[str]) -> datetime | None:
    """Until when the token holds; None = no end is set, or nobody can tell for want of the app's secret.

    Raises AccountBlocked where it lacks one of the permissions `needed`.
    """
    if not own.app_id or not own.app_secret.get_secret_value():
        return None
    app = f"{own.app_id}|{own.app_secret.get_secret_value()}"
    # In the body, which no server writes into its log, rather than in the address.
    asked = {"input_token": own.page_token.get_secret_value(), "access_token": app, "method": "get"}
    told = wire.ask("POST", "debug_token", data=asked, needs=("data",)).object["data"]
    if not isinstance(told, dict):
        return None
    missing = [name for name in needed if name not in (told.get("scopes") or needed)]
    if missing:
        raise AccountBlocked("facebook.scopes", str(told.get("scopes"))[:200], missing=", ".join(missing))
    ends = [told.get(name) for name in ("expires_at", "data_access_expires_at")]
    known = [end for end in ends if isinstance(end, int) and end > 0]
    return datetime.fromtimestamp(min(known)).astimezone() if known else None
