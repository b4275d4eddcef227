"""Signing in at X (OAuth 2.0 with PKCE): what its API takes as well as the four keys of OAuth 1.0a.

Source: docs.x.com, "OAuth 2.0 Authorization Code Flow with PKCE". A code lives 30 seconds, a token two hours; a refresh
token works once, so it is stored before anything else happens.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from publisher.networks.credentials import Credentials
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.sign_in import App, Choice, SignIn, Tokens, written
from publisher.networks.x_credentials import XCredentials

API = "https://api.x.com"
LIFETIME = timedelta(hours=2)
"""Of an access token, where X does not say."""


class XSignIn(SignIn):
    label: ClassVar[str] = "X"
    authorize_at: ClassVar[str] = "https://x.com/i/oauth2/authorize"
    exchange_at: ClassVar[str] = f"{API}/2/oauth2/token"
    scopes: ClassVar[tuple[str, ...]] = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
    basic: ClassVar[bool] = True
    secret_needed: ClassVar[bool] = False
    where: ClassVar[str] = "https://console.x.com/"
    redirect_box: ClassVar[str] = "User authentication settings, Callback URI / Redirect URL"
    kept: ClassVar[Mapping[str, str]] = {"client_id": "client_id", "client_secret": "client_secret"}
    ends: ClassVar[str] = "oauth2_expires_at"
    renewed_by: ClassVar[str] = "oauth2_refresh_token"

    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        with self.wire(app, f"{API}/2", "ask", secrets=(app.secret, tokens.refresh), token=tokens.access) as wire:
            told = wire.ask("GET", "users/me", needs=("data",)).object["data"]
        return [Choice(str(told["id"]), f"@{told['username']}", self._fields(tokens))]

    def renews_at(self, credentials: Credentials) -> datetime | None:
        """Never where the four keys stand: they go first, and do not end."""
        return None if getattr(credentials, "uses_oauth1", False) else super().renews_at(credentials)

    def refresh(self, credentials: Credentials) -> dict[str, str]:
        from publisher.networks.x_client import Client  # slow import

        assert isinstance(credentials, XCredentials), type(credentials)  # a bug, not an input
        changed: dict[str, str] = {}
        # By the client, which hands the new pair also to those of this process who still hold the old one.
        with Client(credentials, changed.update, CALL_TIMEOUT) as client:
            client.renew()
        return changed

    def _fields(self, tokens: Tokens) -> dict[str, str]:
        return {
            "oauth2_access_token": tokens.access,
            "oauth2_refresh_token": tokens.refresh,
            "oauth2_expires_at": written(tokens.ends or datetime.now(UTC) + LIFETIME),
        }
