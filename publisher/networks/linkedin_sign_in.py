"""Signing in at LinkedIn for the pages that a member administers.

Sources: learn.microsoft.com, "3-legged OAuth flow", "Programmatic refresh tokens" (365 days from the sign-in, not
longer with use; for approved partners only: everybody else signs in again every 60 days).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from publisher.errors import AccountBlocked, NetworkError, Retry
from publisher.networks.credentials import Credentials
from publisher.networks.linkedin_account import API, NEEDED, SIGN_IN, find_page, pages_of
from publisher.networks.linkedin_answers import LABEL, VERSION
from publisher.networks.linkedin_answers import judge as judge_call
from publisher.networks.sign_in import App, Choice, Pkce, SignIn, Stage, Tokens, plain, written
from publisher.networks.wire import Answer, Judge

MOST = 50
"""Pages of one member that are shown to choose from."""


class LinkedInSignIn(SignIn):
    label: ClassVar[str] = LABEL
    authorize_at: ClassVar[str] = f"{SIGN_IN}/oauth/v2/authorization"
    exchange_at: ClassVar[str] = f"{SIGN_IN}/oauth/v2/accessToken"
    scopes: ClassVar[tuple[str, ...]] = NEEDED
    pkce: ClassVar[Pkce] = Pkce.NONE
    where: ClassVar[str] = "https://www.linkedin.com/developers/apps"
    redirect_box: ClassVar[str] = "Auth, Authorized redirect URLs for your app"
    headers: ClassVar[Mapping[str, str]] = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
    kept: ClassVar[Mapping[str, str]] = {"client_id": "client_id", "client_secret": "client_secret"}
    ends: ClassVar[str] = "ends"
    renewed_by: ClassVar[str] = "refresh_token"
    early: ClassVar[timedelta] = timedelta(days=7)

    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        given = {
            "access_token": tokens.access,
            "ends": written(tokens.ends),
            "refresh_token": tokens.refresh,
            "refresh_ends": written(tokens.refresh_ends),
        }
        with self.wire(app, f"{API}/rest", "ask", secrets=(app.secret, tokens.refresh), token=tokens.access) as wire:
            pages = [find_page(wire, number) for number in pages_of(wire)[:MOST]]
        if not pages:
            raise AccountBlocked("linkedin.no_pages")
        return [
            Choice(str(page["id"]), str(page["localizedName"]), {**given, "page": str(page["id"])}) for page in pages
        ]

    def refresh(self, credentials: Credentials) -> dict[str, str]:
        base = plain(credentials, "base_url").rstrip("/")
        app = App.model_validate(
            {
                "client_id": plain(credentials, "client_id"),
                "client_secret": plain(credentials, "client_secret"),
                "base_url": "" if base == API else base,
            }
        )
        spent = plain(credentials, "refresh_token")
        form = {"grant_type": "refresh_token", "refresh_token": spent}
        renewed = self.ask_token(app, form, "refresh", secrets=(spent,))
        if renewed.ends is None:
            raise Retry("network.unavailable", "a token without an end", network=LABEL)
        return {
            "access_token": renewed.access,
            "ends": written(renewed.ends),
            "refresh_token": renewed.refresh,
            "refresh_ends": written(renewed.refresh_ends),
        }

    def judge(self, stage: Stage) -> Judge:
        plain_words = super().judge(stage)

        def judge(answer: Answer) -> NetworkError | None:
            return judge_call(answer) if stage == "ask" else plain_words(answer)

        return judge
